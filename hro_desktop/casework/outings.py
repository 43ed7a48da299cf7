# SPDX-License-Identifier: GPL-3.0-or-later
"""Outings: the team of a day, when it went out, what it saw of the convoy, and what is settled before it parts."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import attrs
from sqlalchemy import ColumnElement, and_, extract, or_, select
from sqlalchemy.orm import Session

from hro_desktop.casework import fields, members, observers, paging
from hro_desktop.casework.members import Called
from hro_desktop.casework.numbering import next_reference
from hro_desktop.faults import Fault
from hro_desktop.law import vocabulary
from hro_desktop.law.tables import fold
from hro_desktop.records.incidents import Incident
from hro_desktop.records.observation import Operation
from hro_desktop.records.outings import Hindrance, Outing
from hro_desktop.records.sites import Site
from hro_desktop.rules.dates import MONTHS, french_day, french_time
from hro_desktop.vault.work import Work

__all__ = [
    "DebriefDraft",
    "OutingDayDraft",
    "OutingDraft",
    "OutingMemberDraft",
    "OutingRow",
    "PartingDraft",
    "begun",
    "by_reference",
    "day",
    "hindrances",
    "ids",
    "incidents",
    "names",
    "note_emptied",
    "rows",
    "save",
    "save_day",
    "save_part",
    "title",
]

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
DAY = 24 * 60
DEBRIEF = "débrief, sans nom ni RIO"
SECOND_READER = "qui relit les chiffres"
READ_AGAIN = "jour où les chiffres ont été relus"
EMPTIED = "jour où cartes et téléphones ont été versés au coffre"
EMPTIED_TIME = "heure de ce versement"
CLOCKS = "écart d’horloge relevé sur chaque appareil"


@attrs.define(kw_only=True)
class OutingMemberDraft(fields.Draft):
    """One of the team."""

    person_id: uuid.UUID | None = fields.ref("person", "qui, comme personne qui peut attester")
    volunteer_id: uuid.UUID | None = fields.ref("volunteer", "qui, comme bénévole du coffre")

    def together(self) -> Iterable[tuple[str, str]]:
        """A line is somebody."""
        if not (self.person_id or self.volunteer_id):
            yield "person_id", "nobody"


@attrs.define(kw_only=True)
class OutingDayDraft(fields.Draft):
    """When a team goes out, where, who, and what it sees of the convoy."""

    occurred_on: dt.date | None = fields.day("jour de la sortie", required=True)
    territory: str = fields.choice("territories", "territoire", required=True)
    time_from: str = fields.time("heure de début")
    time_to: str = fields.time("heure de fin")
    vehicle: str = fields.text("véhicule de l’équipe : ce qu’un contrôle ou un blocage a touché se retrouve")
    convoy: str = fields.text("ce que l’équipe a vu du convoi : fourgons, camions, point de départ", long=True)
    note: str = fields.text("note de travail", long=True)
    members: tuple[OutingMemberDraft, ...] = fields.many(OutingMemberDraft, "équipe")


@attrs.define(kw_only=True)
class OutingDraft(OutingDayDraft):
    """One outing, whole."""

    debrief: str = fields.text(DEBRIEF, long=True)
    second_reader_id: uuid.UUID | None = fields.ref("volunteer", SECOND_READER)
    read_again_on: dt.date | None = fields.day(READ_AGAIN)
    emptied_on: dt.date | None = fields.day(EMPTIED)
    emptied_time: str = fields.time(EMPTIED_TIME)
    clock_note: str = fields.text(CLOCKS)


@attrs.define(kw_only=True)
class DebriefDraft(fields.Draft):
    """What the team tells of an outing."""

    debrief: str = fields.text(DEBRIEF, long=True)


@attrs.define(kw_only=True)
class PartingDraft(fields.Draft):
    """What is settled before the team parts."""

    second_reader_id: uuid.UUID | None = fields.ref("volunteer", SECOND_READER)
    read_again_on: dt.date | None = fields.day(READ_AGAIN)
    emptied_on: dt.date | None = fields.day(EMPTIED)
    emptied_time: str = fields.time(EMPTIED_TIME)
    clock_note: str = fields.text(CLOCKS)


class OutingRow(NamedTuple):
    """What a list shows of an outing; `to_do` is what is still open before the team parts."""

    id: uuid.UUID
    reference: str
    occurred_on: dt.date
    day: str
    territory: str
    hours: str
    team: str
    places: int
    hindrances: int
    to_do: int


def save(work: Work, draft: OutingDraft) -> uuid.UUID:
    """Record or change an outing; a new one gets a reference such as `O-2026-0001`."""
    return save_day(work, draft)


def save_day(work: Work, draft: OutingDayDraft) -> uuid.UUID:
    """Record a new outing, or change when and where it is and who goes; the rest stays as it is.

    What happened on its day happened on another one when the day is corrected.
    """
    known = work.session.get(Outing, draft.id) if draft.id else None
    if known is not None and draft.occurred_on is not None and known.occurred_on != draft.occurred_on:
        for each in incidents(work.session, known):
            if each.occurred == known.occurred_on.isoformat():
                each.occurred = draft.occurred_on.isoformat()
                work.record("incident.changed", each.id)
    return fields.save(work, Outing, draft, reference=next_reference(work, Outing.reference, "O")).id


def save_part(work: Work, draft: DebriefDraft | PartingDraft) -> uuid.UUID:
    """Change a part of an outing that is known; the rest stays as it is.

    Raises:
        Fault: `record.gone`.
    """
    if draft.id is None or work.session.get(Outing, draft.id) is None:
        raise Fault("record.gone", "Cette sortie n’existe plus dans le coffre.")
    return fields.save(work, Outing, draft).id


def begun(session: Session, on: dt.date) -> OutingDayDraft:
    """A new outing of that day, where the last one was."""
    last = session.scalars(select(Outing.territory).order_by(Outing.occurred_on.desc(), Outing.id.desc())).first()
    return OutingDayDraft(occurred_on=on, territory=last or "")


def note_emptied(work: Work, outing_id: uuid.UUID) -> None:
    """Cards and phones were emptied into the vault, now."""
    now = work.now.astimezone(fields.PARIS)
    draft: PartingDraft = fields.drafted(PartingDraft, work.session.get_one(Outing, outing_id))
    save_part(work, attrs.evolve(draft, emptied_on=now.date(), emptied_time=f"{now:%H:%M}"))


def by_reference(session: Session, reference: str) -> Outing:
    """One outing by its reference.

    Raises:
        Fault: `outing.unknown`.
    """
    found = session.scalars(select(Outing).where(Outing.reference == reference.strip().upper())).first()
    if found is None:
        raise Fault(
            "outing.unknown",
            f"Aucune sortie n’a la référence «\u00a0{reference}\u00a0»\u00a0: «\u00a0hro-desktop outings\u00a0» "
            "les donne.",
        )
    return found


def title(outing: Outing) -> str:
    """« Sortie du 15 octobre 2026 »."""
    return f"Sortie du {french_day(outing.occurred_on)}"


def day(outing: Outing) -> str:
    """« jeudi 15 octobre 2026 »."""
    return f"{WEEKDAYS[outing.occurred_on.weekday()]} {french_day(outing.occurred_on)}"


def incidents(session: Session, outing: Outing) -> Sequence[Incident]:
    """The places of an outing in the order of arrival: its own incidents, and those of its operations.

    An incident that says its outing belongs to that one, whatever its operation says. A team that goes out at night
    finds what happened after midnight last.
    """
    found = session.scalars(
        select(Incident)
        .outerjoin(Operation, Incident.operation_id == Operation.id)
        .where(
            or_(
                Incident.outing_id == outing.id,
                and_(Incident.outing_id.is_(None), Operation.outing_id == outing.id),
            )
        )
        .order_by(Incident.id)
    ).all()
    start = _minutes(outing.time_from)
    return sorted(found, key=lambda each: (not each.time_from, (_minutes(each.time_from) - start) % DAY))


def hindrances(session: Session, outing_id: uuid.UUID) -> Sequence[Hindrance]:
    """What stood in the way during an outing, by time."""
    return session.scalars(
        select(Hindrance).where(Hindrance.outing_id == outing_id).order_by(Hindrance.time_from, Hindrance.id)
    ).all()


def names(session: Session, outing: Outing, happened: Sequence[Incident], hindered: Sequence[Hindrance]) -> Called:
    """What everybody around an outing is called."""
    others = {each.said_by_id for each in hindered} | {each.person_id for one in hindered for each in one.persons}
    return members.called(session, outing, happened, {each for each in others if each is not None})


def ids(session: Session, words: str = "", *, territories: Sequence[str] = ()) -> Sequence[uuid.UUID]:
    """The ids of outings, the last day first.

    Args:
        session: of the vault.
        words: each must stand in its reference, territory, day (« 15 octobre 2026 »), debriefing or one of its places.
        territories: codes; any when there is none.
    """
    newest = (Outing.occurred_on.desc(), Outing.time_from.desc(), Outing.id.desc())
    wanted = select(Outing.id).order_by(*newest)
    if territories:
        wanted = wanted.where(Outing.territory.in_(territories))
    for word in words.split():
        wanted = wanted.where(or_(*_holding(word)))
    return paging.ordered(session, wanted)


def _holding(word: str) -> Iterable[ColumnElement[bool]]:
    """Where a word may stand of an outing."""
    for column in (Outing.reference, Outing.debrief, Outing.convoy):
        yield column.icontains(word, autoescape=True)
    folded = fold(word)
    named = [term.code for term in vocabulary.terms("territories") if folded and folded in fold(term.label)]
    yield Outing.territory.in_(named)
    months = [at for at, name in enumerate(MONTHS, start=1) if len(folded) > 2 and fold(name).startswith(folded)]
    yield extract("month", Outing.occurred_on).in_(months)
    if word.isascii() and word.isdecimal() and len(word) < 5:
        yield extract("year" if len(word) == 4 else "day", Outing.occurred_on) == int(word)
    yield (
        select(Incident.id)
        .outerjoin(Site, Incident.site_id == Site.id)
        .where(
            Incident.outing_id == Outing.id,
            or_(Incident.place.icontains(word, autoescape=True), Site.name.icontains(word, autoescape=True)),
        )
        .exists()
    )


def rows(session: Session, wanted: Sequence[uuid.UUID]) -> list[OutingRow]:
    """One page of a list, in the order of the ids asked for; an outing gone meanwhile is left out."""
    found = session.scalars(select(Outing).where(Outing.id.in_(wanted)))
    return paging.in_order(wanted, {each.id: _row(session, each) for each in found})


def _row(session: Session, outing: Outing) -> OutingRow:
    happened, hindered = incidents(session, outing), hindrances(session, outing.id)
    called = names(session, outing, happened, hindered)
    return OutingRow(
        outing.id,
        outing.reference,
        outing.occurred_on,
        day(outing),
        vocabulary.label("territories", outing.territory),
        french_time(outing.time_from, outing.time_to),
        ", ".join(each.who for each in members.team(outing, called)),
        len(happened),
        len(hindered),
        sum(each.open for each in observers.before_parting(session, outing, happened, called)),
    )


def _minutes(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:]) if time else 0
