# SPDX-License-Identifier: GPL-3.0-or-later
"""The agenda: meetings, reminders of our own, letters received for somebody, and each time somebody was reached.

A letter at the declared address counts as notified whether the person knows of it or not (CPP 40-4-1, to be read by a
lawyer): it stays on the home page until somebody notes how it was passed on.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Final

import attrs
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from hro_desktop.casework import fields
from hro_desktop.faults import Fault
from hro_desktop.law import vocabulary
from hro_desktop.records.agenda import Appointment, ContactNote, Mail, Reminder
from hro_desktop.records.base import new_id
from hro_desktop.records.cases import Case
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.objects import StoredObject
from hro_desktop.records.people import Person
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.rules.dates import french_day
from hro_desktop.vault.work import Work

__all__ = [
    "SILENT",
    "AppointmentDraft",
    "ContactNoteDraft",
    "LastContact",
    "MailDraft",
    "ReminderDraft",
    "appointments",
    "done",
    "last_contact",
    "pass_on",
    "person_of",
    "save_appointment",
    "save_contact",
    "save_mail",
    "save_reminder",
]

_NB = "\u00a0"
SILENT = dt.timedelta(days=30)
"""After so many days without an answer, « sans nouvelles depuis le… »: a mark of ours, not of a text."""

_SAME: Final = ("received_on", "sender", "subject", "case_id", "person_id", "referral_id", "evidence_id")
"""What makes two letters the same."""


@attrs.define(kw_only=True)
class AppointmentDraft(fields.Draft):
    """A meeting, or the day somebody leaves."""

    case_id: uuid.UUID | None = fields.ref("case", "dossier")
    person_id: uuid.UUID | None = fields.ref("person", "la personne, si ce n’est pas celle du dossier")
    volunteer_id: uuid.UUID | None = fields.ref("volunteer", "bénévole qui la reçoit")
    planned_on: dt.date | None = fields.day("jour", required=True, ahead=True)
    time_from: str = fields.time("heure")
    time_to: str = fields.time("heure de fin")
    place_kind: str = fields.choice("appointment_places", "où")
    place: str = fields.text("lieu précis")
    interpreter_id: uuid.UUID | None = fields.ref("person", "interprète")
    interpreter_mode: str = fields.choice("interpreter_modes", "sur place, par téléphone…")
    purpose: str = fields.choice("appointment_purposes", "pour quoi", required=True)
    state: str = fields.choice("appointment_states", "où il en est", default="prevu")
    note: str = fields.text("note de travail")


@attrs.define(kw_only=True)
class ReminderDraft(fields.Draft):
    """A reminder of our own: no legal date."""

    what: str = fields.text("ce qu’il faut faire", required=True)
    due_on: dt.date | None = fields.day("pour quel jour", required=True, ahead=True)
    case_id: uuid.UUID | None = fields.ref("case", "dossier")
    referral_id: uuid.UUID | None = fields.ref("referral", "saisine")
    volunteer_id: uuid.UUID | None = fields.ref("volunteer", "qui s’en charge")
    done_on: dt.date | None = fields.day("jour où c’est fait")
    note: str = fields.text("note de travail")


@attrs.define(kw_only=True)
class MailDraft(fields.Draft):
    """A letter received at the association’s address."""

    received_on: dt.date | None = fields.day("jour de réception", required=True)
    sender: str = fields.text("de qui", required=True)
    subject: str = fields.text("objet, ou ce que dit l’enveloppe")
    registered: bool = fields.flag("lettre recommandée", default=False)
    case_id: uuid.UUID | None = fields.ref("case", "pour quel dossier")
    person_id: uuid.UUID | None = fields.ref("person", "pour quelle personne, si elle n’a pas de dossier")
    referral_id: uuid.UUID | None = fields.ref("referral", "saisine à laquelle il répond")
    evidence_id: uuid.UUID | None = fields.ref("evidence", "scan du courrier")
    passed_on: dt.date | None = fields.day("jour où il a été transmis à la personne")
    passed_how: str = fields.choice("mail_passings", "comment il a été transmis")
    passed_by_id: uuid.UUID | None = fields.ref("volunteer", "par qui")
    note: str = fields.text("note de travail")
    another: bool = fields.flag(
        "une autre lettre que celle, semblable, déjà notée, ou la même pour une autre personne", default=False
    )


@attrs.define(kw_only=True)
class ContactNoteDraft(fields.Draft):
    """One time somebody was reached, or tried for."""

    person_id: uuid.UUID | None = fields.ref("person", "la personne", required=True)
    case_id: uuid.UUID | None = fields.ref("case", "dossier")
    contacted_on: dt.date | None = fields.day("jour", required=True)
    means: str = fields.choice("contact_means", "par quel moyen", required=True)
    reached: bool = fields.flag("la personne a répondu", default=True)
    volunteer_id: uuid.UUID | None = fields.ref("volunteer", "par qui")
    words: str = fields.text("ce qui s’est dit, en quelques mots")


@attrs.frozen
class LastContact:
    """When somebody was last reached, and how often in vain since then; `silent` once that was `SILENT` ago."""

    day: dt.date | None
    means: str
    by: str
    words: str
    in_vain: int
    silent: bool = False
    note_id: uuid.UUID | None = None

    @property
    def sentence(self) -> str:
        """« joint·e le 19 novembre 2026 (WhatsApp, ML), 2 essais sans réponse depuis », or « sans nouvelles… »."""
        tries = f", {self.in_vain}{_NB}essai{'s' if self.in_vain > 1 else ''} sans réponse" if self.in_vain else ""
        if self.day is None:
            return f"jamais joint·e, d’après ce qui est noté{tries}"
        how = ", ".join(part for part in (self.means, self.by) if part)
        word = "sans nouvelles depuis" if self.silent else "joint·e"
        return f"{word} le {french_day(self.day)} ({how}){tries and f'{tries} depuis'}"


def save_appointment(work: Work, draft: AppointmentDraft) -> uuid.UUID:
    """Record or change a meeting.

    Raises:
        Fault: `appointment.nobody`, `draft.invalid`.
    """
    if not (draft.case_id or draft.person_id):
        raise Fault(
            "appointment.nobody",
            f"Dites avec qui est ce rendez-vous{_NB}: un dossier, ou une personne. Rien n’a été enregistré.",
        )
    return fields.save(work, Appointment, draft).id


def save_reminder(work: Work, draft: ReminderDraft) -> uuid.UUID:
    """Record or change a reminder."""
    return fields.save(work, Reminder, draft).id


def save_mail(work: Work, draft: MailDraft) -> uuid.UUID:
    """Record or change a letter received.

    Raises:
        Fault: `day.early`, `mail.future`, a day that cannot be; `mail.before`, passed on before it came; `mail.how`,
            passed on nobody knows how or when; `mail.twice`, unless somebody says that it is another one;
            `draft.invalid`.
    """
    fields.check(draft)
    _refuse_days(work, draft)
    if draft.passed_on is not None and draft.received_on is not None and draft.passed_on < draft.received_on:
        raise Fault("mail.before", f"Ce courrier serait transmis avant d’être reçu{_NB}: vérifiez les deux jours.")
    if bool(draft.passed_on) != bool(draft.passed_how):
        raise Fault(
            "mail.how",
            f"Notez à la fois quel jour et comment ce courrier a été transmis{_NB}: il vaut notification à la "
            "personne.",
        )
    if not draft.another:
        _refuse_twice(work, draft)
    return fields.save(work, Mail, draft).id


def _refuse_twice(work: Work, draft: MailDraft) -> None:
    """The same scan, or the same words from the same sender on the same day for the same person, noted already."""
    known = work.session.get(Mail, draft.id) if draft.id else None
    if known is not None and all(getattr(known, name) == getattr(draft, name) for name in _SAME):
        return
    same = and_(*(getattr(Mail, name) == getattr(draft, name) for name in _SAME if name != "evidence_id"))
    item = work.session.get(Evidence, draft.evidence_id) if draft.evidence_id else None
    if item is not None:
        scans = select(Evidence.id).join(StoredObject).where(StoredObject.sha256 == item.stored.sha256)
        same = or_(same, Mail.evidence_id.in_(scans))
    found = work.session.scalars(select(Mail).where(same, Mail.id != (draft.id or new_id()))).first()
    if found is not None:
        raise Fault(
            "mail.twice",
            f"Un courrier semblable est déjà noté, reçu le {french_day(found.received_on)} ({found.sender})"
            f"{_NB}: ouvrez celui-là, ou cochez «{_NB}Une autre lettre, ou la même pour une autre personne{_NB}».",
        )


def _refuse_days(work: Work, draft: MailDraft) -> None:
    """A letter that is noted came, and was passed on if it says so; a day noted before is left as it is."""
    known = work.session.get(Mail, draft.id) if draft.id else None
    for name, what in (("received_on", "reçu"), ("passed_on", "transmis")):
        day = getattr(draft, name)
        if day is None or (known is not None and day == getattr(known, name)):
            continue
        if day > fields.french_day(work.now):
            raise Fault(
                "mail.future",
                f"Le {french_day(day)} est à venir{_NB}: un courrier se note une fois {what}. Rien n’a été enregistré.",
            )
        fields.refuse_early(day)


def save_contact(work: Work, draft: ContactNoteDraft) -> uuid.UUID:
    """Record or change a note of a contact."""
    return fields.save(work, ContactNote, draft).id


def pass_on(work: Work, mail_id: uuid.UUID, on: dt.date, how: str, by: uuid.UUID | None = None) -> None:
    """Note that a letter reached the person, in one gesture.

    Raises:
        Fault: as `save_mail`.
    """
    mail = work.session.get_one(Mail, mail_id)
    known = fields.drafted(MailDraft, mail)
    save_mail(work, attrs.evolve(known, passed_on=on, passed_how=how, passed_by_id=by))


def done(work: Work, reminder_id: uuid.UUID, on: dt.date | None) -> None:
    """Note that a reminder is done, or (without a day) that it is not after all."""
    reminder = work.session.get_one(Reminder, reminder_id)
    known = {name: getattr(reminder, name) for name, _ in fields.described(ReminderDraft)}
    save_reminder(work, ReminderDraft(**{**known, "id": reminder_id, "done_on": on}))


def appointments(session: Session, person_id: uuid.UUID, on: dt.date, limit: int = 20) -> Sequence[Appointment]:
    """The meetings with somebody that are still to come, the next first."""
    mine = select(Case.id).where(Case.person_id == person_id)
    return session.scalars(
        select(Appointment)
        .where(
            or_(Appointment.person_id == person_id, Appointment.person_id.is_(None) & Appointment.case_id.in_(mine)),
            Appointment.state == "prevu",
            Appointment.planned_on >= on,
        )
        .order_by(Appointment.planned_on, Appointment.time_from, Appointment.id)
        .limit(limit)
    ).all()


def person_of(session: Session, each: Appointment | Mail) -> Person | None:
    """Whom a meeting is with, or a letter for: the person, or the one of the case."""
    if each.person_id:
        return session.get(Person, each.person_id)
    return session.get_one(Case, each.case_id).person if each.case_id else None


def last_contact(session: Session, person: Person, on: dt.date) -> LastContact:
    """When somebody was last reached before that day, by what means, by whom, and what was said."""
    notes = session.scalars(
        select(ContactNote)
        .where(ContactNote.person_id == person.id)
        .order_by(ContactNote.contacted_on.desc(), ContactNote.id.desc())
    ).all()
    in_vain = next((place for place, note in enumerate(notes) if note.reached), len(notes))
    if in_vain == len(notes):
        return LastContact(None, "", "", "", in_vain)
    last = notes[in_vain]
    who = session.get(Volunteer, last.volunteer_id) if last.volunteer_id else None
    by = (who.initials or who.name) if who else ""
    means = vocabulary.label("contact_means", last.means)
    silent = on - last.contacted_on >= SILENT
    return LastContact(last.contacted_on, means, by, last.words, in_vain, silent, last.id)
