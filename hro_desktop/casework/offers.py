# SPDX-License-Identifier: GPL-3.0-or-later
"""What the vault offers to somebody who begins or prepares a referral: procedures, people, facts, exhibits.

Everything is a proposal, each with the reason why it is one; nothing is added by itself.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import beginning, cases, consents, exhibits, facts, incidents
from hro_desktop.law import authorities, procedures, vocabulary
from hro_desktop.records.cases import Case, CaseGroup
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.incidents import Incident, Involvement
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.rules.dates import PartialDate

__all__ = ["Begin", "Offer", "accounts", "exhibits_for", "incidents_for", "others_of", "people_for", "to_begin"]


@attrs.frozen(kw_only=True)
class Offer:
    """One record that may be added: its id, what it is called, why it is offered."""

    id: uuid.UUID
    title: str
    detail: str = ""


@attrs.frozen(kw_only=True)
class Begin:
    """A procedure that can be begun for a case.

    Args:
        procedure: its code.
        label: its name.
        detail: to whom, and how the agreement stands.
        kind: of the chip that says it.
        follows: the referrals of the case it would complete; empty for a procedure that stands alone.
        known: id of the newest referral of the case under this procedure.
        known_as: its reference.
    """

    procedure: str
    label: str
    detail: str
    kind: str
    follows: tuple[Offer, ...] = ()
    known: uuid.UUID | None = None
    known_as: str = ""


def to_begin(session: Session, case_id: uuid.UUID, on: dt.date) -> tuple[Begin, ...]:
    """The procedures of the day, in their order; one that follows another only where there is one to follow."""
    case = cases.by_id(session, case_id)
    own = _referrals(session, case)
    agreed = {each.body: each for each in consents.agreements(session, case.person_id, on)}
    found = []
    for row in procedures.procedures():
        before = tuple(
            Offer(id=each.id, title=each.reference, detail=_label(each, on))
            for each in own
            if row.follows and each.procedure == row.follows
        )
        if not row.holds_on(on) or (row.follows and not before):
            continue
        gate = agreed.get(row.body)
        word = f"accord\u00a0: {gate.word}" if gate is not None else "accord à demander"
        mine = next((each for each in own if each.procedure == row.code), None)
        found.append(
            Begin(
                procedure=row.code,
                label=row.label,
                detail=word.replace("\u00a0: ?", " à demander"),
                kind=gate.kind if gate is not None else "warn",
                follows=before,
                known=mine.id if mine is not None else None,
                known_as=mine.reference if mine is not None else "",
            )
        )
    return tuple(found)


def others_of(session: Session, case_id: uuid.UUID) -> tuple[Offer, ...]:
    """The cases of the same group or the same facts: who may complain together with this one."""
    return _near(session, [cases.by_id(session, case_id)])


def people_for(session: Session, referral_id: uuid.UUID) -> tuple[Offer, ...]:
    """The cases that may join a referral: of the groups and the facts of those who are in it."""
    referral = session.get_one(Referral, referral_id)
    return _near(session, [each.case for each in referral.parties], [each.incident_id for each in referral.incidents])


def incidents_for(session: Session, referral_id: uuid.UUID) -> tuple[Offer, ...]:
    """The facts of the complainants that are not in their referral, the last ones first."""
    referral = session.get_one(Referral, referral_id)
    taken = {each.incident_id for each in referral.incidents}
    found: dict[uuid.UUID, list[str]] = {}
    known: dict[uuid.UUID, Incident] = {}
    for party in referral.parties:
        for each in incidents.of_person(session, party.case.person_id):
            if each.id not in taken:
                known[each.id] = each
                found.setdefault(each.id, []).append(facts.initials(party.case.person))
    ordered = sorted(known.values(), key=lambda each: (_last(each), each.id), reverse=True)
    return tuple(
        Offer(id=each.id, title=facts.listed_incident(each), detail=", ".join(found[each.id])) for each in ordered
    )


def exhibits_for(session: Session, referral_id: uuid.UUID) -> tuple[Offer, ...]:
    """What serves the facts and the people of a referral and is in none of its lists."""
    referral = session.get_one(Referral, referral_id)
    lists = (*exhibits.before(session, referral_id), *exhibits.lists(session, referral_id))
    taken = {exhibit.evidence_id for each in lists for exhibit in each.exhibits}
    happened = [each.incident_id for each in referral.incidents]
    found = beginning.exhibits_of(session, happened, [each.case_id for each in referral.parties])
    masked = {each.derived_from_id for each in session.scalars(select(Evidence).where(Evidence.id.in_(taken)))}
    return tuple(_item(each) for each in found if each.id not in taken and each.id not in masked)


def accounts(session: Session, referral_id: uuid.UUID) -> tuple[beginning.Told, ...]:
    """The complainants' own accounts, as they may go into the statement of facts."""
    return beginning.told(session, session.get_one(Referral, referral_id))


def _item(each: Evidence) -> Offer:
    known = PartialDate.parse(each.taken or "?")
    when = known.french_bare() if known.known else ""
    kind = vocabulary.label("evidence_kinds", each.kind)
    return Offer(id=each.id, title=each.title, detail=" · ".join(part for part in (kind, when) if part))


def _referrals(session: Session, case: Case) -> Sequence[Referral]:
    return session.scalars(
        select(Referral).join(ReferralParty).where(ReferralParty.case_id == case.id).order_by(Referral.reference.desc())
    ).all()


def _label(referral: Referral, on: dt.date) -> str:
    try:
        return authorities.authority(referral.authority, on).name
    except KeyError:
        return referral.authority


def _near(session: Session, own: Sequence[Case], happened: Iterable[uuid.UUID] = ()) -> tuple[Offer, ...]:
    taken = {each.id for each in own}
    told = {each.id for case in own for each in incidents.of_person(session, case.person_id)} | set(happened)
    groups = {each.group_id for each in own if each.group_id is not None}
    involved = select(Involvement.person_id).where(Involvement.incident_id.in_(told))
    found = session.scalars(
        select(Case)
        .where(Case.group_id.in_(groups) | Case.person_id.in_(involved), Case.closed_on.is_(None))
        .order_by(Case.reference)
    )
    return tuple(
        Offer(id=each.id, title=facts.formal_name(each.person), detail=_why(session, each, groups))
        for each in found
        if each.id not in taken
    )


def _why(session: Session, case: Case, groups: set[uuid.UUID]) -> str:
    if case.group_id in groups and case.group_id is not None:
        return f"{case.reference} · même groupe\u00a0: {session.get_one(CaseGroup, case.group_id).name}"
    return f"{case.reference} · mêmes faits"


def _last(each: Incident) -> dt.date:
    return PartialDate.parse(each.occurred or "?").latest or dt.date.min
