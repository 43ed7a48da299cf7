# SPDX-License-Identifier: GPL-3.0-or-later
"""The places of an outing as lines one types: each is an incident, of which a line holds what a team notes on the spot.

A line changes only what it shows. What others said, what stands in an attestation or on a film stays as it is; what
the line adds is told by the first of those who saw. `PlaceDraft.origin` is the whole incident as it was read: writing
an earlier line back gives back the very rows it told of.
"""

import re
import uuid
from collections.abc import Iterable, Sequence, Set
from typing import Any, Final

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import drafts, facts, fields, incidents, outings
from hro_desktop.casework.incidents import AssertionDraft, IncidentDraft, InvolvementDraft
from hro_desktop.casework.members import OBSERVER
from hro_desktop.casework.outing_overview import OutingOverview, overview
from hro_desktop.casework.tallies import MOST, BelongingDraft, TallyDraft
from hro_desktop.faults import Fault
from hro_desktop.law import vocabulary
from hro_desktop.law.tables import fold
from hro_desktop.records.incidents import Incident
from hro_desktop.records.observation import Operation
from hro_desktop.records.outings import Outing
from hro_desktop.records.sites import Site, SiteName
from hro_desktop.rules import typed
from hro_desktop.rules.tallies import Count
from hro_desktop.vault.work import Work

__all__ = [
    "NEXT",
    "NextDraft",
    "OutingPage",
    "PlaceDraft",
    "TakenOut",
    "add",
    "lines",
    "of_incident",
    "page",
    "put_back",
    "save",
    "take_out",
]

NEXT: Final = "outing.next"
"""Under which the name of the next place is kept while it is typed."""

FORCES: Final = ("force", "unite")
COUNTED: Final = {
    "tents": "tentes_prises",
    "present": "personnes_presentes",
    "moved": "personnes_deplacees",
    "arrests": "interpellations",
}
"""Fields of a line and the tallies they show."""
TEAM: Final = "l’équipe"
SHORT: Final = {
    "pn": "police",
    "pm": "police_municipale",
    "gm": "gendarmerie_mobile",
    "gd": "gendarmerie_departementale",
}
"""How forces are written in a hurry, besides their codes and names."""
OPEN_AIR: Final = {
    "plage": ("plage", "dune", "dunes"),
    "mer": ("mer",),
    "eau": ("canal", "etang", "watergang"),
    "autoroute": ("autoroute", "rocade", "a16", "a26"),
    "gare": ("gare",),
    "port": ("port", "tunnel"),
}
"""Words of a place that is no living place, and what they say of it."""


@attrs.define(kw_only=True)
class NextDraft(fields.Draft):
    """The name of the next place: all that a new line needs."""

    place: str = fields.text("lieu à ajouter", required=True, like="site")


@attrs.define(kw_only=True)
class PlaceDraft(fields.Draft):
    """One line: where, when, who was there, what was counted, and who of the team saw it."""

    outing_id: uuid.UUID | None = fields.ref("outing", "pendant quelle sortie")
    place: str = fields.text("lieu de vie, ou le lieu en quelques mots : plage, mer", required=True, like="site")
    time_from: str = fields.time("arrivée")
    time_to: str = fields.time("départ")
    forces: str = fields.text("forces et unités, séparées par des virgules")
    tents: str = fields.bounded("tentes et abris pris ou détruits", most=MOST)
    present: str = fields.bounded("personnes présentes", most=MOST)
    moved: str = fields.bounded("personnes déplacées", most=MOST)
    arrests: str = fields.bounded("interpellations", most=MOST)
    kind: str = fields.choice("incident_kinds", "nature des faits", required=True)
    place_kind: str = fields.choice("place_kinds", "nature du lieu, quand ce n’est pas un lieu de vie")
    legal_basis: str = fields.choice("legal_bases", "cadre annoncé")
    legal_basis_said_by: str = fields.text("par qui il a été annoncé")
    remarks: str = fields.text("remarques de l’équipe, sans nom", long=True)
    observer_ids: tuple[uuid.UUID, ...] = fields.refs("person", "qui a vu")
    operation_id: uuid.UUID | None = fields.ref("operation", "opération dont ce passage fait partie")
    belongings: tuple[BelongingDraft, ...] = fields.many(BelongingDraft, "biens et ce qu’ils sont devenus")
    origin: IncidentDraft | None = attrs.field(default=None, eq=False)


@attrs.frozen
class TakenOut:
    """A place that is not of the outing any more: what ties it back."""

    incident_id: uuid.UUID
    reference: str
    outing_id: uuid.UUID | None
    operation_id: uuid.UUID | None


@attrs.frozen
class OutingPage:
    """An outing as its page needs it: what it tells, and its places as lines to type in."""

    told: OutingOverview
    lines: tuple[PlaceDraft, ...]


def page(session: Session, record_id: uuid.UUID) -> OutingPage | None:
    """The outing of that id, or the one that incident is a place of; `None` when there is none yet."""
    outing = session.get(Outing, record_id)
    if outing is None:
        incident = session.get(Incident, record_id)
        outing_id = of_incident(session, incident).outing_id if incident is not None else None
        outing = session.get(Outing, outing_id) if outing_id else None
    return OutingPage(overview(session, outing), lines(session, outing)) if outing is not None else None


def lines(session: Session, outing: Outing) -> tuple[PlaceDraft, ...]:
    """Every place of an outing as its line, in the order of arrival."""
    return tuple(of_incident(session, each) for each in outings.incidents(session, outing))


def of_incident(session: Session, incident: Incident) -> PlaceDraft:
    """One incident as the line of an outing."""
    whole: IncidentDraft = fields.drafted(IncidentDraft, incident)
    operation = session.get(Operation, incident.operation_id) if incident.operation_id else None
    outing_id = incident.outing_id or (operation.outing_id if operation else None)
    ours = _ours(session, whole, outing_id)
    shown: dict[str, Any] = {name: getattr(whole, name) for name in _SAME}
    shown |= {name: _count_shown(_own_tally(whole, kind, ours)) for name, kind in COUNTED.items()}
    return PlaceDraft(
        id=incident.id,
        outing_id=outing_id,
        place=facts.place_name(incident),
        forces=_forces_shown(_own_forces(whole, ours)),
        observer_ids=_observers(whole),
        origin=whole,
        **shown,
    )


_SAME: Final = (
    *("time_from", "time_to", "kind", "place_kind", "legal_basis", "legal_basis_said_by"),
    *("remarks", "operation_id", "belongings"),
)
"""Fields a line has in common with the incident."""


def add(work: Work, outing_id: uuid.UUID, place: str, day: outings.OutingDayDraft | None = None) -> uuid.UUID:
    """A new place of an outing, on its day; who saw is as on the line before, or the whole team on the first one.

    `day` is the outing itself, for one that is not recorded yet.

    Raises:
        Fault: `record.gone`, `draft.invalid`.
    """
    if day is not None and work.session.get(Outing, outing_id) is None:
        outings.save_day(work, day)
        drafts.drop(work, "outing.day", outing_id)
    outing = work.session.get(Outing, outing_id)
    if outing is None:
        raise Fault("record.gone", "Cette sortie n’existe plus dans le coffre.")
    drafts.drop(work, NEXT, outing_id)
    before = outings.incidents(work.session, outing)
    if before:
        last = max(before, key=lambda each: each.id)
        seeing = _observers(fields.drafted(IncidentDraft, last))
    else:
        seeing = tuple(dict.fromkeys(each.person_id for each in outing.members if each.person_id is not None))
    followed = work.session.scalars(select(Operation.id).where(Operation.outing_id == outing_id)).all()
    known = _site(work.session, place)
    outside = "" if known else _outside(place)
    return save(
        work,
        PlaceDraft(
            outing_id=outing_id,
            place=place.strip(),
            kind="autre" if outside else "expulsion",
            place_kind=outside,
            observer_ids=seeing,
            operation_id=followed[0] if len(followed) == 1 else None,
        ),
    )


def save(work: Work, draft: PlaceDraft) -> uuid.UUID:
    """Write a line over its incident, or as a new one; what was typed of the incident elsewhere stays kept.

    Raises:
        Fault: `draft.invalid`, `record.gone`.
    """
    fields.check(draft)
    record = work.session.get(Incident, draft.id) if draft.id else None
    if record is None:
        outing = work.session.get(Outing, draft.outing_id) if draft.outing_id else None
        if outing is None:
            raise Fault("record.gone", "Cette sortie n’existe plus dans le coffre.")
        whole = IncidentDraft(id=draft.id, occurred=outing.occurred_on.isoformat(), outing_id=outing.id)
        shown = PlaceDraft(outing_id=outing.id)
    else:
        whole, shown = fields.drafted(IncidentDraft, record), of_incident(work.session, record)
    typed_elsewhere = drafts.get(work.session, "incident", record.id) if record is not None else None
    saved = incidents.save(work, _merged(work.session, whole, shown, draft))
    if typed_elsewhere is not None:
        drafts.put(work, "incident", saved, typed_elsewhere.content)
    return saved


def take_out(work: Work, incident_id: uuid.UUID) -> TakenOut:
    """A place that was not of this outing: its incident stays among the facts."""
    incident = work.session.get_one(Incident, incident_id)
    operation = work.session.get(Operation, incident.operation_id) if incident.operation_id else None
    out = TakenOut(incident.id, incident.reference, incident.outing_id, incident.operation_id)
    incident.outing_id = None
    if operation is not None and operation.outing_id is not None:
        incident.operation_id = None
    work.session.flush()
    work.record("incident.changed", incident.id)
    return out


def put_back(work: Work, out: TakenOut) -> None:
    """The place was of this outing after all."""
    incident = work.session.get_one(Incident, out.incident_id)
    incident.outing_id, incident.operation_id = out.outing_id, out.operation_id
    work.session.flush()
    work.record("incident.changed", incident.id)


# ---- what a line changes


def _merged(session: Session, whole: IncidentDraft, shown: PlaceDraft, draft: PlaceDraft) -> IncidentDraft:
    """The incident with what the line says otherwise than it does."""
    ours = _ours(session, whole, draft.outing_id) | set(draft.observer_ids)
    origin = draft.origin
    told = _of_origin(session, origin, draft.outing_id)
    made = attrs.evolve(whole, **{name: getattr(draft, name) for name in _SAME})
    if whole.outing_id is None and whole.operation_id is None:
        made.outing_id = draft.outing_id
    if draft.place != shown.place:
        _replace_place(session, made, draft, origin if told and draft.place == told.place else None)
    if draft.observer_ids != shown.observer_ids:
        made.involvements = _watching(whole, draft.observer_ids, origin)
    says = next(iter(draft.observer_ids), None)
    if draft.forces != shown.forces:
        back = origin if told and draft.forces == told.forces else None
        made.assertions = _with_forces(whole, draft.forces, ours, says, back)
    for name, kind in COUNTED.items():
        text = getattr(draft, name)
        if text != getattr(shown, name):
            back = origin if told and text == getattr(told, name) else None
            made.tallies = _with_tally(made, kind, text, ours, says, back)
    return made


def _of_origin(session: Session, origin: IncidentDraft | None, outing_id: uuid.UUID | None) -> PlaceDraft | None:
    """What the line showed of the incident as it was read."""
    if origin is None:
        return None
    ours = _ours(session, origin, outing_id)
    site = session.get(Site, origin.site_id) if origin.site_id else None
    shown: dict[str, Any] = {name: _count_shown(_own_tally(origin, kind, ours)) for name, kind in COUNTED.items()}
    place = site.name if site else origin.place
    return PlaceDraft(place=place, forces=_forces_shown(_own_forces(origin, ours)), **shown)


def _replace_place(session: Session, made: IncidentDraft, draft: PlaceDraft, back: IncidentDraft | None) -> None:
    if back is not None:
        made.site_id, made.place, made.place_kind = back.site_id, back.place, back.place_kind
        return
    made.site_id = _site(session, draft.place)
    if made.site_id is not None:
        made.place = made.place_kind = ""
    else:
        made.place = draft.place.strip()
        made.place_kind = draft.place_kind or _outside(draft.place)


def _site(session: Session, text: str) -> uuid.UUID | None:
    """The living place of that very name, however it is written; none when two have it."""
    named = [(each, name) for each, name in session.execute(select(Site.id, Site.name))]
    named += [(each, name) for each, name in session.execute(select(SiteName.site_id, SiteName.text))]
    found = {each for each, name in named if fold(name) == fold(text)}
    return found.pop() if len(found) == 1 else None


def _outside(text: str) -> str:
    words = set(fold(text).split())
    return next((kind for kind, said in OPEN_AIR.items() if words.intersection(said)), "")


def _ours(session: Session, whole: IncidentDraft, outing_id: uuid.UUID | None) -> Set[uuid.UUID]:
    """The team, and whoever observed there: theirs is what the line may change."""
    outing = session.get(Outing, outing_id) if outing_id else None
    team = {each.person_id for each in outing.members if each.person_id} if outing else set()
    return team | set(_observers(whole))


def _observers(whole: IncidentDraft) -> tuple[uuid.UUID, ...]:
    seeing = (each.person_id for each in whole.involvements if each.role == OBSERVER)
    return tuple(dict.fromkeys(each for each in seeing if each is not None))


def _watching(
    whole: IncidentDraft, wanted: Sequence[uuid.UUID], origin: IncidentDraft | None
) -> tuple[InvolvementDraft, ...]:
    """The parts of everybody, with these observers."""
    known = {each.person_id: each for each in (origin.involvements if origin else ()) if each.role == OBSERVER}
    there = [each for each in whole.involvements if each.role != OBSERVER or each.person_id in wanted]
    seeing = {each.person_id for each in there if each.role == OBSERVER}
    fresh = [
        known.get(each) or InvolvementDraft(person_id=each, role=OBSERVER) for each in wanted if each not in seeing
    ]
    return (*there, *fresh)


# ---- forces and units


def _own_forces(whole: IncidentDraft, ours: Set[uuid.UUID]) -> tuple[AssertionDraft, ...]:
    """Forces and units the team reports by itself, without paper or film."""
    return tuple(
        each
        for each in whole.assertions
        if each.kind in FORCES
        and each.value.strip()
        and not (each.statement_id or each.evidence_id)
        and (each.said_by_id is None or each.said_by_id in ours)
    )


def _forces_shown(rows: Iterable[AssertionDraft]) -> str:
    """« CRS 61, police aux frontières »: a force whose unit is named is not said twice."""
    known = list(rows)
    units = [fold(each.value) for each in known if each.kind == "unite"]
    shown = []
    for each in known:
        name = facts.force_label(each.value).strip()
        if each.kind == "force" and any(unit.startswith(f"{fold(name)} ") for unit in units):
            continue
        shown.append(name)
    return ", ".join(dict.fromkeys(shown))


def _forces_of(text: str) -> list[tuple[str, str]]:
    """Kind and value of each piece: « CRS 61 » is a unit, and says the force as well."""
    found: list[tuple[str, str]] = []
    for piece in (" ".join(each.split()) for each in re.split(r"[,;\n]", text)):
        force = _force(piece)
        if force:
            found.append(("force", force))
        elif piece:
            first = _force(piece.split()[0])
            found += [("force", first)] if first and facts.force_label(first) == piece.split()[0].upper() else []
            found.append(("unite", piece[:1].upper() + piece[1:] if not first else _capitals(piece)))
    return list(dict.fromkeys(found))


def _capitals(piece: str) -> str:
    head, _, rest = piece.partition(" ")
    return f"{head.upper()} {rest}" if rest else head.upper()


def _force(text: str) -> str:
    """The code of a force by its code, its name, or as one writes it in a hurry."""
    words = fold(text)
    if words in SHORT:
        return SHORT[words]
    terms = vocabulary.terms("forces")
    return next((each.code for each in terms if words and words in (fold(each.code), fold(each.label))), "")


def _with_forces(
    whole: IncidentDraft,
    text: str,
    ours: Set[uuid.UUID],
    says: uuid.UUID | None,
    back: IncidentDraft | None,
) -> tuple[AssertionDraft, ...]:
    own = _own_forces(whole, ours)
    others = tuple(each for each in whole.assertions if each not in own)
    if back is not None:
        return (*others, *_own_forces(back, ours))
    wanted = _forces_of(text)
    known = {(each.kind, each.value): each for each in own}
    made = (known.get(each) or AssertionDraft(kind=each[0], value=each[1], said_by_id=says) for each in wanted)
    return (*others, *made)


# ---- numbers


def _own_tally(whole: IncidentDraft, kind: str, ours: Set[uuid.UUID]) -> TallyDraft | None:
    """The first count of it that the team made with its eyes."""
    return next(
        (
            each
            for each in whole.tallies
            if each.kind == kind
            and each.source == "vu"
            and (each.said_by_id in ours if each.said_by_id else each.described.strip() in ("", TEAM))
        ),
        None,
    )


def _count_shown(tally: TallyDraft | None) -> str:
    return typed.shown_count(Count(tally.value or 0, tally.bound)) if tally else ""  # type: ignore[arg-type]


def _with_tally(  # noqa: PLR0917 - one row among others
    whole: IncidentDraft,
    kind: str,
    text: str,
    ours: Set[uuid.UUID],
    says: uuid.UUID | None,
    back: IncidentDraft | None,
) -> tuple[TallyDraft, ...]:
    own = _own_tally(whole, kind, ours)
    fresh = _own_tally(back, kind, ours) if back is not None else None
    count = typed.count_of(text)
    if fresh is None and count is not None:
        stands: dict[str, Any] = {"said_by_id": says} if says else {"described": TEAM}
        base = own or TallyDraft(kind=kind, source="vu", **stands)
        fresh = attrs.evolve(base, value=count.value, bound=count.bound)
    if own is None:
        return (*whole.tallies, fresh) if fresh is not None else whole.tallies
    made = (fresh if each is own else each for each in whole.tallies)
    return tuple(each for each in made if each is not None)
