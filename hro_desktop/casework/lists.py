# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of people, facts, statements, referrals, evidence and organisations: ids in order, rows by page.

    found = lists.ids(session, "incident", text="calais")
    page = lists.rows(session, "incident", found[:50])      # list[IncidentRow]

Cases have more to filter and sort by, see `casework/cases.py`.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import attrs
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hro_desktop.casework import fields, paging, search, statements
from hro_desktop.casework.paging import day
from hro_desktop.law import vocabulary
from hro_desktop.records.base import utc_now
from hro_desktop.records.cases import Case
from hro_desktop.records.directory import Organisation
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.incidents import Incident, Involvement
from hro_desktop.records.people import Person, PersonLanguage
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.records.sites import Site
from hro_desktop.records.statements import Statement, StatementVersion
from hro_desktop.rules import people
from hro_desktop.rules.dates import PartialDate
from hro_desktop.search.cases import minor_until

__all__ = [
    "EvidenceRow",
    "IncidentRow",
    "Kind",
    "OrganisationRow",
    "PersonRow",
    "ReferralRow",
    "StatementRow",
    "ids",
    "rows",
]

Kind = Literal["person", "incident", "statement", "referral", "evidence", "organisation"]
Ids = Sequence[uuid.UUID]


class PersonRow(NamedTuple):
    """A person: `cases` are references, `language` the one they prefer in words."""

    id: uuid.UUID
    pseudonym: str
    name: str
    original_name: str
    language: str
    minor: bool
    cases: str


class IncidentRow(NamedTuple):
    """Facts: `occurred` as one says it, `people` how many have a part in them."""

    id: uuid.UUID
    reference: str
    kind: str
    title: str
    occurred: str
    place: str
    people: int


class StatementRow(NamedTuple):
    """A statement: `kind` in words, `pseudonym` of its author."""

    id: uuid.UUID
    reference: str
    kind: str
    pseudonym: str
    taken_on: str
    sealed: bool
    withdrawn: bool


class ReferralRow(NamedTuple):
    """A referral: `parties` are pseudonyms, `states` where they are, each once."""

    id: uuid.UUID
    reference: str
    procedure: str
    authority: str
    parties: str
    states: str
    dated_on: str


class EvidenceRow(NamedTuple):
    """An item: `taken` as one says it, `deposited_on` the day it entered the vault."""

    id: uuid.UUID
    title: str
    kind: str
    taken: str
    deposited_on: str
    original_name: str
    sensitive: bool


class OrganisationRow(NamedTuple):
    """A line of the directory; an empty `checked_on` means that the address is not verified."""

    id: uuid.UUID
    name: str
    kind: str
    town: str
    checked_on: str


@attrs.frozen
class _List:
    """How a kind is listed."""

    record: Any
    orders: Mapping[str, Any]
    rows: Callable[[Session, Ids], Mapping[uuid.UUID, Any]]


def ids(session: Session, kind: Kind, *, text: str = "", order: str = "", descending: bool = True) -> paging.Ids:
    """Every id of a kind, or of those that answer to a text, in an order.

    Args:
        session: of the vault.
        kind: which list.
        text: words typed, as `search.find` takes them.
        order: `reference` (people: by pseudonym; evidence: by entry into the vault; organisations: by name), the
            default; `occurred` for incidents.
        descending: the newest first, or the other way round; organisations always begin with A.
    """
    listed = _LISTS[kind]
    column = listed.orders[order or next(iter(listed.orders))]
    first = column.desc() if descending and kind != "organisation" else column
    wanted = select(listed.record.id).order_by(first, listed.record.id)
    if text.strip():
        wanted = wanted.where(listed.record.id.in_(search.matching(text, kind)))
    return paging.ordered(session, wanted)


def rows(session: Session, kind: Kind, wanted: Ids) -> list[Any]:
    """One page of a list, in the order of the ids asked for; what is gone meanwhile is left out."""
    return paging.in_order(wanted, _LISTS[kind].rows(session, wanted))


def _people(session: Session, wanted: Ids) -> dict[uuid.UUID, PersonRow]:
    languages: dict[uuid.UUID, str] = {}
    for owner, language in session.execute(
        select(PersonLanguage.person_id, PersonLanguage.language)
        .where(PersonLanguage.person_id.in_(wanted))
        .order_by(PersonLanguage.preferred.desc(), PersonLanguage.id)
    ):
        languages.setdefault(owner, vocabulary.label("languages", language))
    cases = _gathered(
        session.execute(
            select(Case.person_id, Case.reference).where(Case.person_id.in_(wanted)).order_by(Case.reference)
        )
    )
    today = fields.french_day(utc_now()).isoformat()
    return {
        each.id: PersonRow(
            each.id,
            each.pseudonym,
            people.display_name(each.given_names, each.usual_name or each.birth_name),
            each.original_name,
            languages.get(each.id, ""),
            minor_until(each.birth, each.declared_minor) > today,
            ", ".join(cases[each.id]),
        )
        for each in session.execute(select(*Person.__table__.columns).where(Person.id.in_(wanted)))
    }


def _incidents(session: Session, wanted: Ids) -> dict[uuid.UUID, IncidentRow]:
    involved = (
        select(func.count(func.distinct(Involvement.person_id)))
        .where(Involvement.incident_id == Incident.id)
        .correlate(Incident)
        .scalar_subquery()
    )
    found = session.execute(
        select(
            Incident.id, Incident.reference, Incident.kind, Incident.title, Incident.occurred, Incident.place,
            Site.name.label("site"), involved.label("people"),
        )
        .outerjoin(Site, Incident.site_id == Site.id)
        .where(Incident.id.in_(wanted))
    )  # fmt: skip
    return {
        each.id: IncidentRow(
            each.id,
            each.reference,
            vocabulary.label("incident_kinds", each.kind),
            each.title,
            _said(each.occurred),
            each.site or each.place,
            each.people,
        )
        for each in found
    }


def _statements(session: Session, wanted: Ids) -> dict[uuid.UUID, StatementRow]:
    sealed = (
        select(StatementVersion.id)
        .where(StatementVersion.statement_id == Statement.id, StatementVersion.sealed_at.is_not(None))
        .correlate(Statement)
        .exists()
    )
    found = session.execute(
        select(
            Statement.id, Statement.reference, Statement.kind, Person.pseudonym, Statement.taken_on,
            Statement.withdrawn_on, sealed.label("sealed"), statements.concerned().label("concerned"),
        )
        .join(Person, Statement.author_id == Person.id)
        .where(Statement.id.in_(wanted))
    )  # fmt: skip
    return {
        each.id: StatementRow(
            each.id,
            each.reference,
            statements.label(each.kind, concerned_=each.concerned),
            each.pseudonym,
            day(each.taken_on),
            each.sealed,
            each.withdrawn_on is not None,
        )
        for each in found
    }


def _referrals(session: Session, wanted: Ids) -> dict[uuid.UUID, ReferralRow]:
    parties = session.execute(
        select(ReferralParty.referral_id, Person.pseudonym, ReferralParty.status)
        .join(Case, ReferralParty.case_id == Case.id)
        .join(Person, Case.person_id == Person.id)
        .where(ReferralParty.referral_id.in_(wanted))
        .order_by(ReferralParty.position, ReferralParty.id)
    ).all()
    named = _gathered((owner, pseudonym) for owner, pseudonym, _ in parties)
    states = _gathered((owner, vocabulary.label("party_states", status)) for owner, _, status in parties)
    found = session.execute(
        select(Referral.id, Referral.reference, Referral.procedure, Referral.authority, Referral.dated_on).where(
            Referral.id.in_(wanted)
        )
    )
    return {
        each.id: ReferralRow(
            each.id,
            each.reference,
            vocabulary.label("procedures", each.procedure),
            vocabulary.label("authorities", each.authority),
            ", ".join(named[each.id]),
            ", ".join(dict.fromkeys(states[each.id])),
            day(each.dated_on),
        )
        for each in found
    }


def _evidence(session: Session, wanted: Ids) -> dict[uuid.UUID, EvidenceRow]:
    found = session.execute(
        select(
            Evidence.id, Evidence.title, Evidence.kind, Evidence.taken, Evidence.deposited_at, Evidence.original_name,
            Evidence.sensitive,
        ).where(Evidence.id.in_(wanted))
    )  # fmt: skip
    return {
        each.id: EvidenceRow(
            each.id,
            each.title,
            vocabulary.label("evidence_kinds", each.kind),
            _said(each.taken),
            _day_of(each.deposited_at),
            each.original_name,
            each.sensitive,
        )
        for each in found
    }


def _organisations(session: Session, wanted: Ids) -> dict[uuid.UUID, OrganisationRow]:
    found = session.execute(
        select(Organisation.id, Organisation.name, Organisation.kind, Organisation.town, Organisation.checked_on).where(
            Organisation.id.in_(wanted)
        )
    )
    return {
        each.id: OrganisationRow(
            each.id,
            each.name,
            vocabulary.label("organisation_kinds", each.kind),
            each.town,
            day(each.checked_on),
        )
        for each in found
    }


_LISTS: Final[Mapping[str, _List]] = {
    "person": _List(Person, {"reference": Person.pseudonym}, _people),
    "incident": _List(Incident, {"reference": Incident.reference, "occurred": Incident.occurred}, _incidents),
    "statement": _List(Statement, {"reference": Statement.reference}, _statements),
    "referral": _List(Referral, {"reference": Referral.reference}, _referrals),
    "evidence": _List(Evidence, {"reference": Evidence.id}, _evidence),
    "organisation": _List(Organisation, {"reference": func.lower(Organisation.name)}, _organisations),
}


def _gathered(pairs: Any) -> defaultdict[uuid.UUID, list[str]]:  # noqa: ANN401 - rows of two columns
    found: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    for owner, said in pairs:
        found[owner].append(said)
    return found


def _said(text: str) -> str:
    return PartialDate.parse(text).french_bare() if text else ""


def _day_of(instant: dt.datetime) -> str:
    return fields.french_day(instant).isoformat()
