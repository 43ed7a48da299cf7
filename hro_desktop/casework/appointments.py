# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a meeting: it took place, nobody came, it was called off; and the next one.

A meeting that took place is a contact, one that was missed a try in vain: both are noted with the state, so that
« sans nouvelles depuis le… » is right without anybody writing it twice.
"""

import datetime as dt
import uuid
from collections.abc import Mapping

import attrs
from sqlalchemy.orm import Session

from hro_desktop.casework import agenda, fields
from hro_desktop.casework.agenda import AppointmentDraft, ContactNoteDraft
from hro_desktop.law import vocabulary
from hro_desktop.records.agenda import Appointment, ContactNote
from hro_desktop.records.base import new_id
from hro_desktop.vault.work import Work

__all__ = ["Ended", "Met", "end", "following", "of", "take_back"]

AFTER: Mapping[str, bool | None] = {"tenu": True, "manque": False, "annule": None}
"""Whether the person was reached, by what became of the meeting; `None` says nothing of it."""


@attrs.frozen(kw_only=True)
class Met:
    """One meeting as its page shows it, with whom it is and what became of it in words."""

    id: uuid.UUID
    person_id: uuid.UUID
    case_id: uuid.UUID | None
    planned_on: dt.date
    time_from: str
    state: str
    state_label: str


@attrs.frozen
class Ended:
    """What was noted when a meeting ended: enough to take it back."""

    appointment_id: uuid.UUID
    note_id: uuid.UUID | None


def of(session: Session, appointment_id: uuid.UUID) -> Met | None:
    """A meeting, or nothing while it is not recorded."""
    each = session.get(Appointment, appointment_id)
    person = agenda.person_of(session, each) if each is not None else None
    if each is None or person is None:
        return None
    return Met(
        id=each.id,
        person_id=person.id,
        case_id=each.case_id,
        planned_on=each.planned_on,
        time_from=each.time_from,
        state=each.state,
        state_label=vocabulary.label("appointment_states", each.state),
    )


def end(work: Work, appointment_id: uuid.UUID, state: str, on: dt.date) -> Ended:
    """Note what became of a meeting, and the contact that it was.

    Args:
        work: of the caller.
        appointment_id: the meeting.
        state: code of `appointment_states`.
        on: today; a meeting noted later was a contact on its own day, one held early on the present day.

    Raises:
        Fault: `draft.invalid`.
    """
    each = work.session.get_one(Appointment, appointment_id)
    _write_state(work, each, state)
    person, reached = agenda.person_of(work.session, each), AFTER.get(state)
    if reached is None or person is None:
        return Ended(appointment_id, None)
    note = ContactNoteDraft(
        id=new_id(),
        person_id=person.id,
        case_id=each.case_id,
        contacted_on=min(each.planned_on, on),
        means="telephone" if each.place_kind == "distance" else "rencontre",
        reached=reached,
        volunteer_id=each.volunteer_id,
    )
    return Ended(appointment_id, agenda.save_contact(work, note))


def take_back(work: Work, ended: Ended) -> None:
    """The meeting is to come after all; the note of the contact goes, unless somebody wrote words in it."""
    _write_state(work, work.session.get_one(Appointment, ended.appointment_id), "prevu")
    note = work.session.get(ContactNote, ended.note_id) if ended.note_id else None
    if note is not None and not note.words.strip():
        work.session.delete(note)
        work.session.flush()
        work.record("contact_note.removed", note.id)


def following(session: Session, appointment_id: uuid.UUID, on: dt.date | None, purpose: str = "") -> AppointmentDraft:
    """The next meeting with the same person, at the same place and hour; nothing is written."""
    each = session.get_one(Appointment, appointment_id)
    same = ("case_id", "person_id", "volunteer_id", "time_from", "time_to", "place_kind", "place")
    known = {name: getattr(each, name) for name in (*same, "interpreter_id", "interpreter_mode")}
    kept = each.purpose if each.purpose != "depart" else "autre"
    return AppointmentDraft(id=new_id(), planned_on=on, purpose=purpose or kept, **known)


def _write_state(work: Work, each: Appointment, state: str) -> None:
    known = {name: getattr(each, name) for name, _ in fields.described(AppointmentDraft)}
    agenda.save_appointment(work, AppointmentDraft(**{**known, "id": each.id, "state": state}))
