# SPDX-License-Identifier: GPL-3.0-or-later
"""What an outing saw, told place by place, for a window or a paper: plain values, and nobody's name."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import facts, figures, members, observers, outings
from hro_desktop.casework.figures import MonthFigures
from hro_desktop.casework.members import OBSERVER, Called, Member
from hro_desktop.casework.observers import ToDo
from hro_desktop.law import vocabulary
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.incidents import Assertion, Incident
from hro_desktop.records.observation import Operation
from hro_desktop.records.outings import Hindrance, Outing
from hro_desktop.records.statements import Statement
from hro_desktop.records.tallies import Belonging, Tally
from hro_desktop.rules import grammar, tallies
from hro_desktop.rules.dates import french_time

__all__ = [
    "Fate",
    "HindranceLine",
    "OperationLine",
    "OutingOverview",
    "PlaceLine",
    "Reported",
    "Tallied",
    "overview",
]

FORCES = ("force", "unite")
NOBODY_SAYS = "sans source\u00a0: n’est écrit nulle part"


@attrs.frozen
class Reported:
    """A force or unit as somebody reports it: « CRS », « selon T. L., attestation »; without source it is no fact."""

    assertion_id: uuid.UUID
    said: str
    source: str
    sourced: bool


@attrs.frozen
class Tallied:
    """One tally.

    Args:
        kind: list `tally_subjects`; `label` in words.
        value: the number alone, and `bound`: never shown one without the other.
        shown: « ≥ 12 »; `said` « au moins 12 ».
        source: « vu par C. V. ».
    """

    tally_id: uuid.UUID
    kind: str
    label: str
    value: int
    bound: str
    shown: str
    said: str
    source: str
    note: str

    @property
    def line(self) -> str:
        """« tentes prises ou détruites : au moins 12, vu par C. V. »."""
        return f"{self.label}\u00a0: {self.said}, {self.source}" + (f" ({self.note})" if self.note else "")


@attrs.frozen
class Fate:
    """Belongings of one kind and what became of them."""

    belonging_id: uuid.UUID
    kind: str
    label: str
    fate: str
    fate_label: str
    shown: str
    said: str
    source: str
    owner: str
    reclaim_place: str
    note: str

    @property
    def line(self) -> str:
        """« tente (jeté à la benne) : au moins 3, vu par C. V. ; à réclamer : local de récupération »."""
        whose = f", à {self.owner}" if self.owner else ""
        note = f" ({self.note})" if self.note else ""
        claim = f"\u00a0; à réclamer\u00a0: {self.reclaim_place}" if self.reclaim_place else ""
        return f"{self.label} ({self.fate_label})\u00a0: {self.said}{whose}, {self.source}{note}{claim}"


@attrs.frozen
class PlaceLine:
    """One place of an outing: an incident.

    Args:
        place: living place, or the place in words.
        arrival: `HH:MM` or empty, as `departure`; `hours` in words.
        basis: legal basis announced, and by whom; empty when nothing was noted.
        observers: who observed there, by initials; `unwritten`: those of them without an attestation of it.
        columns: what a narrow column shows of each thing counted, by code of `tally_subjects`.
    """

    incident_id: uuid.UUID
    reference: str
    kind: str
    kind_label: str
    site_id: uuid.UUID | None
    place: str
    arrival: str
    departure: str
    hours: str
    forces: tuple[Reported, ...]
    tallies: tuple[Tallied, ...]
    belongings: tuple[Fate, ...]
    basis: str
    remarks: str
    observers: tuple[str, ...]
    unwritten: tuple[str, ...]
    columns: dict[str, str] = attrs.field(factory=dict)

    def shown(self, kind: str) -> str:
        """« ≥ 12 », « 12 (dit) » when nobody of the team saw it, « — » when nobody counted."""
        return self.columns.get(kind, "—")


@attrs.frozen
class HindranceLine:
    """One hindrance, with whom it hindered by initials and who reports it."""

    hindrance_id: uuid.UUID
    incident_id: uuid.UUID | None
    kind: str
    label: str
    time_from: str
    place: str
    duration: str
    whom: tuple[str, ...]
    account: str
    source: str
    evidence_id: uuid.UUID | None

    @property
    def line(self) -> str:
        """« 9 h 45 — C. V. et L. P., 20 minutes : contrôlés devant la grille »."""
        when = french_time(self.time_from).removeprefix("à ")
        about = ", ".join(part for part in (grammar.joined(self.whom), self.duration) if part)
        head = " — ".join(part for part in (when, about or self.label) if part)
        return f"{head}\u00a0: {self.account}" if self.account else head


@attrs.frozen
class OperationLine:
    """One convoy the team followed: its note, and how many places of the outing are of it."""

    operation_id: uuid.UUID
    title: str
    note: str
    places: int


@attrs.frozen
class OutingOverview:
    """An outing as its page shows it."""

    outing_id: uuid.UUID
    reference: str
    title: str
    day: str
    occurred_on: dt.date
    territory: str
    hours: str
    team: tuple[Member, ...]
    convoy: str
    debrief: str
    note: str
    places: tuple[PlaceLine, ...]
    hindrances: tuple[HindranceLine, ...]
    before_parting: tuple[ToDo, ...]
    month: MonthFigures
    operations: tuple[OperationLine, ...] = ()
    totals: Mapping[str, str] = attrs.field(factory=dict)
    """What the places have together, by code of `tally_subjects`: « ≥ 19 + ~ 15 », estimates beside the sum."""

    @property
    def to_do(self) -> int:
        """How many things are still to be done before the team parts."""
        return sum(each.open for each in self.before_parting)


def overview(session: Session, outing: Outing) -> OutingOverview:
    """Everything an outing holds."""
    happened = outings.incidents(session, outing)
    hindered = outings.hindrances(session, outing.id)
    names = outings.names(session, outing, happened, hindered)
    written = observers.writings(session, happened)
    untold = {(who, each.id) for who, writing in written.items() for each in writing.untold}
    return OutingOverview(
        outing_id=outing.id,
        reference=outing.reference,
        title=outings.title(outing),
        day=outings.day(outing),
        occurred_on=outing.occurred_on,
        territory=vocabulary.label("territories", outing.territory),
        hours=french_time(outing.time_from, outing.time_to),
        team=members.team(outing, names),
        convoy=outing.convoy,
        debrief=outing.debrief,
        note=outing.note,
        places=tuple(_place(session, each, names, untold) for each in happened),
        hindrances=tuple(_hindrance(session, each, names) for each in hindered),
        before_parting=observers.before_parting(session, outing, happened, names),
        month=figures.of_month(session, outing.territory, outing.occurred_on),
        operations=_operations(session, outing, happened),
        totals={kind: _sum(happened, kind) for kind in vocabulary.codes("tally_subjects")},
    )


def _operations(session: Session, outing: Outing, happened: Sequence[Incident]) -> tuple[OperationLine, ...]:
    found = session.scalars(select(Operation).where(Operation.outing_id == outing.id).order_by(Operation.id)).all()
    held = Counter(each.operation_id for each in happened)
    return tuple(
        OperationLine(each.id, f"Opération n°\u00a0{at}", each.note.strip(), held[each.id])
        for at, each in enumerate(found, start=1)
    )


def _sum(happened: Sequence[Incident], kind: str) -> str:
    """The sum over the places, a minimum: whoever observes does not see everything."""
    return tallies.at_least(sum((figures.counted(each, kind) for each in happened), tallies.Total())).shown


def _place(session: Session, incident: Incident, names: Called, untold: set[tuple[uuid.UUID, uuid.UUID]]) -> PlaceLine:
    watching = list(dict.fromkeys(each.person_id for each in incident.involvements if each.role == OBSERVER))
    return PlaceLine(
        incident_id=incident.id,
        reference=incident.reference,
        kind=incident.kind,
        kind_label=vocabulary.label("incident_kinds", incident.kind),
        site_id=incident.site_id,
        place=facts.place_name(incident),
        arrival=incident.time_from,
        departure=incident.time_to,
        hours=french_time(incident.time_from, incident.time_to, about=incident.time_approximate),
        forces=tuple(_reported(session, each, names) for each in incident.assertions if each.kind in FORCES),
        tallies=tuple(_tallied(each, names) for each in incident.tallies),
        belongings=tuple(_fate(each, names) for each in incident.belongings),
        basis=_basis(incident),
        remarks=incident.remarks,
        observers=tuple(names.of(each) for each in watching),
        unwritten=tuple(names.of(each) for each in watching if (each, incident.id) in untold),
        columns={kind: _column(incident, kind) for kind in vocabulary.codes("tally_subjects")},
    )


def _column(incident: Incident, kind: str) -> str:
    """What was seen or filmed; else what was said, and that it was only said."""
    seen = figures.counted(incident, kind)
    if seen.known:
        return seen.shown
    told = figures.counted(incident, kind, ("dit",))
    return f"{told.shown} (dit)" if told.known else told.shown


def _reported(session: Session, assertion: Assertion, names: Called) -> Reported:
    """A force or a unit, with who says so and in what."""
    statement = session.get(Statement, assertion.statement_id) if assertion.statement_id else None
    item = session.get(Evidence, assertion.evidence_id) if assertion.evidence_id else None
    who = names.of(assertion.said_by_id or (statement.author_id if statement else None))
    support = vocabulary.label("statement_kinds", statement.kind) if statement else ""
    if item is not None and statement is None:
        support = vocabulary.label("evidence_kinds", item.kind)
    source = ", ".join(part for part in (f"selon {who}" if who else "", support) if part)
    value = facts.force_label(assertion.value) or vocabulary.label("forces", "inconnue")
    return Reported(assertion.id, value, source or NOBODY_SAYS, bool(source))


def _tallied(row: Tally, names: Called) -> Tallied:
    count = figures.count_of(row)
    return Tallied(
        tally_id=row.id,
        kind=row.kind,
        label=vocabulary.label("tally_subjects", row.kind),
        value=row.value,
        bound=row.bound,
        shown=tallies.shown(count),
        said=tallies.said(count),
        source=_counted_by(row, names),
        note=row.note,
    )


def _fate(row: Belonging, names: Called) -> Fate:
    count = figures.count_of(row)
    return Fate(
        belonging_id=row.id,
        kind=row.kind,
        label=vocabulary.label("belonging_kinds", row.kind),
        fate=row.fate,
        fate_label=vocabulary.label("belonging_fates", row.fate),
        shown=tallies.shown(count),
        said=tallies.said(count),
        source=_counted_by(row, names),
        owner=names.of(row.owner_id),
        reclaim_place=row.reclaim_place,
        note=row.note,
    )


def _counted_by(row: Tally | Belonging, names: Called) -> str:
    """« vu par C. V. », « filmé », « dit par un habitant »."""
    who = names.of(row.said_by_id) or row.described.strip()
    return vocabulary.label("count_sources", row.source) + (f" par {who}" if who else "")


def _basis(incident: Incident) -> str:
    """The frame announced, « mise à l’abri, dit par… »; the code `inconnue` means that nobody announced one."""
    if not incident.legal_basis:
        return ""
    if incident.legal_basis == "inconnue":
        return "non dit"
    label = vocabulary.label("legal_bases", incident.legal_basis)
    by = incident.legal_basis_said_by.strip()
    return f"{label}, dit par {by}" if by else f"{label}, sans qu’on sache qui l’a dit"


def _hindrance(session: Session, row: Hindrance, names: Called) -> HindranceLine:
    item = session.get(Evidence, row.evidence_id) if row.evidence_id else None
    where = session.get(Incident, row.incident_id) if row.incident_id else None
    who = names.of(row.said_by_id)
    support = vocabulary.label("evidence_kinds", item.kind) if item else ""
    return HindranceLine(
        hindrance_id=row.id,
        incident_id=row.incident_id,
        kind=row.kind,
        label=vocabulary.label("hindrance_kinds", row.kind),
        time_from=row.time_from,
        place=facts.place_name(where) if where else "",
        duration=grammar.counted(row.duration_min, "minute") if row.duration_min else "",
        whom=tuple(sorted(names.of(each.person_id) for each in row.persons)),
        account=row.account.strip(),
        source=", ".join(part for part in (f"selon {who}" if who else "", support) if part),
        evidence_id=row.evidence_id,
    )
