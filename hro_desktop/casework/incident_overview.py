# SPDX-License-Identifier: GPL-3.0-or-later
"""What lists and pages show of incidents: what is to complete, who observed and has not written, what is linked."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import attrs
from sqlalchemy import and_, func, literal, or_, select
from sqlalchemy.orm import Session

from hro_desktop.casework import facts, paging, search, statements
from hro_desktop.law import vocabulary
from hro_desktop.records.evidence import Evidence, EvidenceIncident
from hro_desktop.records.incidents import Assertion, Incident, Involvement
from hro_desktop.records.referrals import Referral, ReferralIncident
from hro_desktop.records.statements import Statement, StatementIncident
from hro_desktop.rules.dates import PartialDate, french_day

__all__ = ["EVICTIONS", "VIOLENCE", "IncidentRow", "IncidentView", "Linked", "Observer", "ids", "of_incident", "rows"]

EVICTIONS: Final = ("expulsion", "eloignement")
VIOLENCE: Final = ("violences", "gaz", "violences_sexuelles", "menaces", "insultes")
OBSERVER: Final = "observateur"
_NOBODY: Final = ("agent", OBSERVER)
"""Roles that do not count among the people it happened to."""


class IncidentRow(NamedTuple):
    """What a list shows of an incident.

    `kind` is the code and `label` the words; `when` is the day as `2026-10-12`, or in words when it is uncertain;
    `gaps` are the things that are not known yet; `unwritten` says how many observers have written no attestation.
    """

    id: uuid.UUID
    reference: str
    kind: str
    label: str
    when: str
    place: str
    people: int
    gaps: tuple[str, ...]
    observers: int
    unwritten: int


@attrs.frozen
class Linked:
    """A record that has to do with an incident: its page, its id, what it is called and a word about it."""

    page: str
    id: uuid.UUID
    title: str
    detail: str
    state: str = ""


@attrs.frozen
class Observer:
    """Somebody who observed: the attestation written about it, if there is one."""

    person_id: uuid.UUID
    name: str
    statement: Linked | None


@attrs.frozen
class IncidentView:
    """An incident as its page shows it beside what one types."""

    id: uuid.UUID
    reference: str
    title: str
    gaps: tuple[str, ...]
    observers: tuple[Observer, ...]
    statements: tuple[Linked, ...]
    evidence: tuple[Linked, ...]
    referrals: tuple[Linked, ...]


def _has(record: Any, *conditions: Any) -> Any:  # noqa: ANN401 - conditions of SQLAlchemy
    return select(record.id).where(record.incident_id == Incident.id, *conditions).exists()


_GAPS: Mapping[str, Any] = {
    "date": Incident.occurred.in_(("", "?")),
    "lieu": and_(Incident.site_id.is_(None), Incident.place == "", Incident.commune == ""),
    "heure de début": Incident.time_from == "",
    "heure de fin": Incident.time_to == "",
    "unité": ~_has(Assertion, Assertion.kind.in_(("unite", "force"))),
    "base légale": and_(Incident.kind == "expulsion", Incident.legal_basis == ""),
    "personnes": ~_has(Involvement),
}
"""What an incident may still lack, and when it does: the list, its filter and the page say the same."""

_ATTESTED: Final = (
    select(Statement.id)
    .join(StatementIncident)
    .where(
        StatementIncident.incident_id == Involvement.incident_id,
        Statement.author_id == Involvement.person_id,
        Statement.kind == "attestation",
        Statement.withdrawn_on.is_(None),
    )
    .exists()
)


def ids(
    session: Session,
    words: str = "",
    *,
    kinds: Sequence[str] = (),
    since: dt.date | None = None,
    incomplete: bool = False,
    oldest_first: bool = False,
) -> Sequence[uuid.UUID]:
    """The ids of incidents, last happened first unless told otherwise.

    Args:
        session: of the vault.
        words: as `search.find` takes them.
        kinds: only these, when there are any.
        since: only those that happened that day or later.
        incomplete: only those that lack something.
        oldest_first: in the order they happened.
    """
    order = (Incident.occurred, Incident.reference)
    asked: Any = select(Incident.id).order_by(*(order if oldest_first else (each.desc() for each in order)))
    if kinds:
        asked = asked.where(Incident.kind.in_(kinds))
    if since is not None:
        asked = asked.where(func.substr(Incident.occurred, 1, 10) >= since.isoformat())
    if incomplete:
        asked = asked.where(or_(*_GAPS.values()))
    if words.strip():
        asked = asked.where(Incident.id.in_(search.matching(words, "incident")))
    return paging.ordered(session, asked)


def rows(session: Session, wanted: Sequence[uuid.UUID]) -> list[IncidentRow]:
    """One page of the list, in the order of the ids asked for."""
    lacking = gaps(session, wanted)
    people = _counted(session, wanted, Involvement.role.not_in(_NOBODY))
    observers = _counted(session, wanted, Involvement.role == OBSERVER)
    unwritten = _counted(session, wanted, Involvement.role == OBSERVER, ~_ATTESTED)
    found = {
        each.id: IncidentRow(
            each.id,
            each.reference,
            each.kind,
            vocabulary.label("incident_kinds", each.kind),
            each.occurred if PartialDate.parse(each.occurred or "?").text.count("-") == 2 else _when(each),
            _place(each),
            people.get(each.id, 0),
            lacking.get(each.id, ()),
            observers.get(each.id, 0),
            unwritten.get(each.id, 0),
        )
        for each in session.scalars(select(Incident).where(Incident.id.in_(wanted)))
    }
    return paging.in_order(wanted, found)


def gaps(session: Session, wanted: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[str, ...]]:
    """What each of these incidents still lacks, in words."""
    asked = select(Incident.id, *(func.coalesce(each, literal(False)) for each in _GAPS.values()))
    return {
        record_id: tuple(name for name, lacks in zip(_GAPS, lacking, strict=True) if lacks)
        for record_id, *lacking in session.execute(asked.where(Incident.id.in_(wanted)))
    }


def _counted(session: Session, wanted: Sequence[uuid.UUID], *conditions: Any) -> dict[uuid.UUID, int]:  # noqa: ANN401
    asked = (
        select(Involvement.incident_id, func.count(Involvement.person_id.distinct()))
        .where(Involvement.incident_id.in_(wanted), *conditions)
        .group_by(Involvement.incident_id)
    )
    return {incident: number for incident, number in session.execute(asked)}


def of_incident(session: Session, incident_id: uuid.UUID) -> IncidentView | None:
    """What the page of an incident shows beside what one types; `None` for one that is not recorded yet."""
    incident = session.get(Incident, incident_id)
    if incident is None:
        return None
    told = session.scalars(
        select(Statement)
        .join(StatementIncident)
        .where(StatementIncident.incident_id == incident_id)
        .order_by(Statement.reference)
    ).all()
    shown = session.scalars(
        select(Evidence)
        .join(EvidenceIncident)
        .where(EvidenceIncident.incident_id == incident_id)
        .order_by(Evidence.taken, Evidence.id)
    ).all()
    referred = session.scalars(
        select(Referral)
        .join(ReferralIncident)
        .where(ReferralIncident.incident_id == incident_id)
        .order_by(Referral.reference)
    ).all()
    return IncidentView(
        incident.id,
        incident.reference,
        f"{vocabulary.label('incident_kinds', incident.kind)}, {_when(incident) or 'jour inconnu'}",
        gaps(session, (incident_id,))[incident_id],
        _observers(incident, told),
        tuple(_statement(session, each) for each in told),
        tuple(Linked("evidence", each.id, each.title, vocabulary.label("evidence_kinds", each.kind)) for each in shown),
        tuple(
            Linked("referral", each.id, each.reference, vocabulary.label("procedures", each.procedure))
            for each in referred
        ),
    )


def _observers(incident: Incident, told: Sequence[Statement]) -> tuple[Observer, ...]:
    written = {each.author_id: each for each in told if each.kind == "attestation" and each.withdrawn_on is None}
    people = {each.person_id: each.person for each in incident.involvements if each.role == OBSERVER}
    found = []
    for person_id, person in people.items():
        statement = written.get(person_id)
        linked = Linked("statement", statement.id, statement.reference, "") if statement else None
        found.append(Observer(person_id, facts.formal_name(person), linked))
    return tuple(found)


def _statement(session: Session, statement: Statement) -> Linked:
    state = "retiré" if statement.withdrawn_on else ""
    title = f"{statement.reference} — {facts.formal_name(statement.author)}"
    return Linked("statement", statement.id, title, statements.kind_label(session, statement), state)


def _when(incident: Incident) -> str:
    """« 12 octobre 2026 », « en mars 2026 »."""
    known = PartialDate.parse(incident.occurred or "?")
    if not known.known:
        return ""
    return french_day(known.first) if known.text == known.first.isoformat() else known.french()


def _place(incident: Incident) -> str:
    site = incident.site.name if incident.site else ""
    parts = (site or incident.place, facts.commune_name(incident))
    return ", ".join(part for part in parts if part)
