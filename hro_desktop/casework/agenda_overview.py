# SPDX-License-Identifier: GPL-3.0-or-later
"""The agenda day by day: meetings, the four kinds of dates, letters to pass on; and what of it one case awaits.

Each source ends at a number of rows and is read through indexes. Nobody is named but by initials; no officer, number or
plate stands there.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence

import attrs
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from hro_desktop.casework import agenda, cases, deadlines, facts, home
from hro_desktop.casework.deadlines import Press
from hro_desktop.law import vocabulary
from hro_desktop.records.agenda import Appointment, Mail, Reminder
from hro_desktop.rules.dates import french_day

__all__ = ["KINDS", "MOST", "Agenda", "Entry", "FollowUp", "days", "follow_up", "holder"]

_NB = "\u00a0"
MOST = 60
"""Lines that are shown at once."""
BACK = dt.timedelta(days=30)
"""How far back what is done is still shown."""
MEETING, LETTER, REMINDER = "rendez_vous", "courrier", "rappel_interne"
KINDS: Mapping[str, str] = {
    MEETING: "rendez-vous",
    **{code: vocabulary.label("date_kinds", code) for code in deadlines.KINDS},
    LETTER: "courrier à transmettre",
}
"""What an agenda holds, and how each kind is called: dates of the four kinds keep their own names."""
UNSENT = "à transmettre"
_EDITED = {"reminder": Reminder, "mail": Mail, "appointment": Appointment}


@attrs.frozen(kw_only=True)
class Entry:
    """One line of the agenda.

    Args:
        kind: one of `KINDS`; `label` its words.
        day: the day to act, to meet, or on which a letter came.
        time: `HH:MM`, when there is one.
        title: what it is.
        detail: what to know.
        tip: how a date was counted, and its text.
        word: what became of it, or what is expected, in words; empty when the day says it.
        settled: whether it is done with.
        table: of the record to go to.
        record_id: of that record.
        case_id: the case it is looked at in.
    """

    kind: str
    label: str
    day: dt.date
    time: str = ""
    title: str
    detail: str = ""
    tip: str = ""
    word: str = ""
    settled: bool = False
    table: str
    record_id: uuid.UUID
    case_id: uuid.UUID | None = None


@attrs.frozen
class Agenda:
    """The lines in the order of their days; `more` says that there are others further away."""

    on: dt.date
    entries: tuple[Entry, ...]
    settled: tuple[Entry, ...]
    more: bool


@attrs.frozen(kw_only=True)
class FollowUp:
    """What one case awaits.

    Args:
        person_id: whom it follows.
        ahead: the meetings to come, the next first.
        unsaid: meetings whose day is past and of which nobody said what became.
        contact: when the person was last reached, in words.
        silent: whether that was long ago.
        contact_id: the note of it.
        mail: letters nobody passed on yet.
    """

    person_id: uuid.UUID
    ahead: tuple[Entry, ...]
    unsaid: tuple[Entry, ...]
    contact: str
    silent: bool
    contact_id: uuid.UUID | None
    mail: tuple[Entry, ...]


def days(
    session: Session,
    on: dt.date,
    *,
    kinds: Collection[str] = (),
    within: dt.timedelta = dt.timedelta(days=60),
    limit: int = MOST,
) -> Agenda:
    """What is to come, what waits from before, and what was settled lately.

    Args:
        session: the vault.
        on: today.
        kinds: of `KINDS`; all when empty.
        within: how far ahead.
        limit: how many lines to come, and how many settled.
    """
    wanted = set(kinds or KINDS)
    found: list[Entry] = []
    if wanted & set(vocabulary.codes("date_kinds")):
        presses = deadlines.pressing(session, on, limit=10 * limit, within=within)
        found += [_press(each) for each in presses if each.kind in wanted and each.act_on <= on + within]
    settled: list[Entry] = []
    if MEETING in wanted:
        found += _meetings(session, Appointment.planned_on <= on + within, limit)
        settled += _ended(session, on, limit)
    if LETTER in wanted:
        found += [_letter(each) for each in home.mail_to_pass_on(session, on, limit + 1)]
        settled += _passed_on(session, on, limit)
    if REMINDER in wanted:
        settled += _reminded(session, on, limit)
    found.sort(key=_order)
    settled.sort(key=_order, reverse=True)
    return Agenda(on, tuple(found[:limit]), tuple(settled[:limit]), len(found) > limit)


def follow_up(session: Session, case_id: uuid.UUID, on: dt.date, limit: int = 5) -> FollowUp:
    """What one case awaits: meetings, letters, and when the person was last reached.

    Raises:
        Fault: `case.gone`.
    """
    case = cases.by_id(session, case_id)
    mine = or_(Appointment.case_id == case_id, Appointment.person_id == case.person_id)
    last = agenda.last_contact(session, case.person, on)
    letters = session.scalars(
        select(Mail)
        .where(Mail.passed_on.is_(None), or_(Mail.case_id == case_id, Mail.person_id == case.person_id))
        .order_by(Mail.received_on, Mail.id)
        .limit(limit)
    )
    return FollowUp(
        person_id=case.person_id,
        ahead=tuple(_meetings(session, mine & (Appointment.planned_on >= on), limit)),
        unsaid=tuple(_meetings(session, mine & (Appointment.planned_on < on), limit)),
        contact=last.sentence,
        silent=last.silent,
        contact_id=last.note_id,
        mail=tuple(_mail(each, f"reçu le {french_day(each.received_on)}") for each in letters),
    )


def holder(session: Session, record_id: uuid.UUID) -> str:
    """Which table of the agenda has a record; empty when none has it, or not yet."""
    return next((table for table, record in _EDITED.items() if session.get(record, record_id) is not None), "")


def _order(entry: Entry) -> tuple[dt.date, str, int, uuid.UUID]:
    return entry.day, entry.time or "99", tuple(KINDS).index(entry.kind), entry.record_id


def _press(each: Press) -> Entry:
    return Entry(
        kind=each.kind,
        label=each.kind_label,
        day=each.act_on,
        time=each.hour if each.act_on == each.day else "",
        title=each.title,
        detail=" · ".join(part for part in (each.detail, _legal(each)) if part),
        tip=" ".join(part for part in (each.working, each.source) if part),
        table=each.table,
        record_id=each.record_id,
        case_id=next(iter(each.case_ids), None),
    )


def _legal(each: Press) -> str:
    """Both days of a term: the prudent one, by which it stands in the list, and the legal one."""
    return f"jour légal{_NB}: {french_day(each.legal_on)}" if each.legal_on else ""


# ---- meetings


def _meetings(session: Session, wanted: ColumnElement[bool], limit: int) -> list[Entry]:
    found = session.scalars(
        select(Appointment)
        .where(Appointment.state == "prevu", wanted)
        .order_by(Appointment.planned_on, Appointment.time_from, Appointment.id)
        .limit(limit + 1)
    ).all()
    return [_meeting(session, each) for each in found]


def _meeting(session: Session, each: Appointment) -> Entry:
    shown = home.departing(session, each) if each.purpose == "depart" else home.met(session, each)
    label = "départ" if each.purpose == "depart" else KINDS[MEETING]
    return Entry(
        kind=MEETING,
        label=label,
        day=each.planned_on,
        time=each.time_from,
        title=shown.title,
        detail=shown.detail,
        word=vocabulary.label("appointment_states", each.state) if each.state != "prevu" else "",
        settled=each.state != "prevu",
        table="appointment",
        record_id=each.id,
        case_id=each.case_id,
    )


def _ended(session: Session, on: dt.date, limit: int) -> list[Entry]:
    found = session.scalars(
        select(Appointment)
        .where(Appointment.state != "prevu", Appointment.planned_on >= on - BACK)
        .order_by(Appointment.planned_on.desc(), Appointment.id.desc())
        .limit(limit)
    ).all()
    return [_meeting(session, each) for each in found]


# ---- letters and reminders


def _letter(each: home.Received) -> Entry:
    return Entry(
        kind=LETTER,
        label=UNSENT,
        day=each.received_on,
        title=each.title,
        detail=each.detail,
        tip=f"{each.legal} {each.source}".strip(),
        word="lettre recommandée" if each.registered else "",
        table="mail",
        record_id=each.record_id,
        case_id=each.case_id,
    )


def _mail(each: Mail, detail: str, day: dt.date | None = None) -> Entry:
    return Entry(
        kind=LETTER,
        label="courrier" if each.passed_on else UNSENT,
        day=day or each.received_on,
        title=" — ".join(part for part in (each.sender, each.subject) if part),
        detail=detail,
        word=vocabulary.label("mail_passings", each.passed_how) if each.passed_on else "",
        settled=each.passed_on is not None,
        table="mail",
        record_id=each.id,
        case_id=each.case_id,
    )


def _passed_on(session: Session, on: dt.date, limit: int) -> Iterator[Entry]:
    found: Sequence[Mail] = session.scalars(
        select(Mail).where(Mail.passed_on >= on - BACK).order_by(Mail.passed_on.desc(), Mail.id.desc()).limit(limit)
    ).all()
    for each in found:
        person = agenda.person_of(session, each)
        whom = f", pour {facts.initials(person)}" if person else ""
        title, day = f"Courrier reçu le {french_day(each.received_on)}{whom}", each.passed_on
        yield attrs.evolve(_mail(each, "", day), title=title)


def _reminded(session: Session, on: dt.date, limit: int) -> Iterator[Entry]:
    found = session.scalars(
        select(Reminder)
        .where(Reminder.done_on >= on - BACK)
        .order_by(Reminder.done_on.desc(), Reminder.id.desc())
        .limit(limit)
    ).all()
    for press in deadlines.reminders(session, found):
        each = next(known for known in found if known.id == press.record_id)
        yield attrs.evolve(_press(press), day=each.done_on or press.day, word="fait", settled=True, detail=press.detail)
