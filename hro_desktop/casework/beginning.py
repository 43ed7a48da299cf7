# SPDX-License-Identifier: GPL-3.0-or-later
"""Beginning a referral out of what the vault already knows: nobody types again what was told once.

Everything put there is a proposal that a person keeps or takes out: facts, exhibits in the order of a schedule,
requests the facts support, the account as it was told. Qualifications are a jurist's: none is proposed.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import (
    directory,
    exhibits,
    facts,
    incidents,
    passages,
    referral_facts,
    referrals,
    statements,
)
from hro_desktop.casework.exhibits import ExhibitDraft
from hro_desktop.casework.referrals import PartyDraft, ReferralDraft
from hro_desktop.law import authorities, procedures, vocabulary
from hro_desktop.law.procedures import Procedure
from hro_desktop.records.base import new_id
from hro_desktop.records.cases import Case
from hro_desktop.records.evidence import Evidence, EvidenceCase, EvidenceIncident, EvidenceStatement
from hro_desktop.records.incidents import Incident
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.records.statements import Statement, StatementIncident
from hro_desktop.rules import exhibits as exhibit_rules
from hro_desktop.rules import requests
from hro_desktop.rules.dates import PartialDate
from hro_desktop.vault.work import Work

__all__ = ["Told", "addressees", "begin", "exhibits_of", "told"]


@attrs.frozen
class Told:
    """An account that may go into the statement of facts, as it may leave, with the citation of its scan."""

    statement_id: uuid.UUID
    reference: str
    author: str
    text: str = attrs.field(repr=False)


def addressees(session: Session, row: Procedure, incident_ids: Iterable[uuid.UUID], on: dt.date) -> tuple[str, ...]:
    """The authorities a procedure may be put before, the one of the place of the facts first."""
    fit = [each for each in authorities.authorities() if row.body in (each.code, each.kind) and each.holds_on(on)]
    near = {_court(session.get_one(Incident, each), on) for each in incident_ids}
    return tuple(each.code for each in sorted(fit, key=lambda each: each.code not in near))


def _court(incident: Incident, on: dt.date) -> str:
    commune = incident.commune or (incident.site.commune if incident.site else "")
    found = authorities.competent_procureur(commune, on) if commune else None
    return found.authority.code if found else ""


def begin(
    work: Work,
    procedure: str,
    case_ids: Sequence[uuid.UUID],
    on: dt.date,
    *,
    incident_ids: Sequence[uuid.UUID] = (),
    follows_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Make a referral for one or several people, with what the vault knows of it.

    Args:
        work: the unit of work.
        procedure: a code of the law table `procedures`.
        case_ids: the complainants' cases, in order.
        on: today.
        incident_ids: the facts; none: those all these people share, or else all of theirs.
        follows_id: the referral this one completes: its authority, its facts, the numbers after its own.

    Raises:
        Fault: whatever `referrals.save` refuses.
    """
    row = procedures.procedure(procedure, on)
    parent = work.session.get_one(Referral, follows_id) if follows_id else None
    people = [work.session.get_one(Case, each).person for each in case_ids]
    happened = list(incident_ids) or _shared(work.session, people, parent)
    authority = parent.authority if parent else next(iter(addressees(work.session, row, happened, on)), "")
    draft = ReferralDraft(
        id=new_id(),
        procedure=procedure,
        authority=authority,
        follows_id=follows_id,
        place=_town(work.session),
        incident_ids=tuple(happened),
        parties=tuple(PartyDraft(case_id=each) for each in case_ids),
        dated_on=on,
        requests=_requests(work.session, row, happened, people, on),
        exhibits=tuple(_drafts(work.session, happened, case_ids, parent)),
    )
    saved = referrals.save(work, draft)
    _first_words(work, saved)
    return saved


def _shared(session: Session, people: Sequence[Person], parent: Referral | None) -> list[uuid.UUID]:
    """The facts all of them were in; all of theirs when there are none. A completion is about the same facts."""
    if parent is not None:
        return [each.incident_id for each in parent.incidents]
    told = [[each.id for each in incidents.of_person(session, person.id)] for person in people]
    common = [each for each in (told[0] if told else []) if all(each in one for one in told)]
    return common or list(dict.fromkeys(each for one in told for each in one))


def _town(session: Session) -> str:
    """Where letters are made: the town of the association."""
    own = directory.association(session)
    return own.town if own is not None else ""


def _requests(
    session: Session, row: Procedure, happened: Sequence[uuid.UUID], people: Sequence[Person], on: dt.date
) -> tuple[str, ...]:
    found = [session.get_one(Incident, each) for each in happened]
    when = [PartialDate.parse(each.occurred or "?") for each in found]
    supported = set(referral_facts.codes_supported(found, people, on))
    asked = requests.proposed(supported, when, on, several=len(people) > 1, body=row.body)
    return tuple(each.code for each in asked)


def exhibits_of(session: Session, happened: Sequence[uuid.UUID], case_ids: Sequence[uuid.UUID]) -> list[Evidence]:
    """What serves these facts and these people, chapter by chapter, then by day.

    An original gives way to the version masked from it: that is the one that may be shown.
    """
    accounts = _accounts(session, happened, case_ids)
    linked = (
        select(EvidenceIncident.evidence_id).where(EvidenceIncident.incident_id.in_(happened)),
        select(EvidenceCase.evidence_id).where(EvidenceCase.case_id.in_(case_ids)),
        select(EvidenceStatement.evidence_id).where(EvidenceStatement.statement_id.in_([each.id for each in accounts])),
    )
    found = {
        each.id: each
        for asked in linked
        for each in session.scalars(select(Evidence).where(Evidence.id.in_(asked)).order_by(Evidence.id))
    }
    hidden = {each.derived_from_id for each in found.values() if each.derivation_kind == "occultation"}
    chapters = {each.code: at for at, each in enumerate(vocabulary.terms("exhibit_chapters"))}
    return sorted(
        (each for each in found.values() if each.id not in hidden),
        key=lambda each: (chapters[vocabulary.term("evidence_kinds", each.kind).group], each.taken or "~", each.id),
    )


def _drafts(
    session: Session, happened: Sequence[uuid.UUID], case_ids: Sequence[uuid.UUID], parent: Referral | None
) -> Iterator[ExhibitDraft]:
    before = exhibits.communicated(session, parent.id) if parent else []
    known = {exhibit.evidence_id for each in before for exhibit in each.exhibits}
    for each in exhibits_of(session, happened, case_ids):
        if each.id not in known:
            yield ExhibitDraft(evidence_id=each.id, chapter=vocabulary.term("evidence_kinds", each.kind).group)


def _accounts(session: Session, happened: Sequence[uuid.UUID], case_ids: Sequence[uuid.UUID]) -> Sequence[Statement]:
    about = select(StatementIncident.statement_id).where(StatementIncident.incident_id.in_(happened))
    return session.scalars(
        select(Statement)
        .where(Statement.id.in_(about) | Statement.case_id.in_(case_ids), Statement.withdrawn_on.is_(None))
        .order_by(Statement.reference)
    ).all()


def told(session: Session, referral: Referral) -> tuple[Told, ...]:
    """The complainants' own accounts of the facts of a referral, as they may leave: decided passages masked.

    One with a passage nobody decided yet, or that was taken back, is not offered.
    """
    joined = {str(each.evidence.id) for each in referral_facts.numbered_exhibits(session, referral)}
    happened = [each.incident_id for each in referral.incidents]
    found = []
    for statement in _accounts(session, happened, [each.case_id for each in referral.parties]):
        version = statements.current(statement)
        if version is None or statement.author_id not in {each.case.person_id for each in referral.parties}:
            continue
        may = passages.text_to_send(session, statement, version, "french_text").text
        if not may:
            continue
        scans = session.scalars(
            select(EvidenceStatement.evidence_id).where(EvidenceStatement.statement_id == statement.id)
        )
        cited = "".join(f" {exhibit_rules.citation(str(each))}" for each in scans if str(each) in joined)
        said = f"{may.strip()}{cited}"
        found.append(Told(statement.id, statement.reference, facts.formal_name(statement.author), said))
    return tuple(found)


def _first_words(work: Work, referral_id: uuid.UUID) -> None:
    """The account of somebody alone, who writes in the first person, begins as it was told."""
    referral = work.session.get_one(Referral, referral_id)
    accounts = told(work.session, referral)
    if len(referral.parties) == 1 and len(accounts) == 1 and referral.declared_as == "personnes":
        referral.account = accounts[0].text
        work.session.flush()
