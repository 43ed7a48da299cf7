# SPDX-License-Identifier: GPL-3.0-or-later
"""Meetings, reminders, letters received and contacts, noted by hand or taken in from a dossier."""

import datetime as dt
import uuid
from pathlib import Path

import pytest
from sqlalchemy import select

from hro_desktop.casework import agenda, cases, importing, people
from hro_desktop.casework.agenda import AppointmentDraft, ContactNoteDraft, MailDraft, ReminderDraft
from hro_desktop.casework.cases import CaseDraft
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.people import PersonDraft
from hro_desktop.faults import Fault
from hro_desktop.law import vocabulary
from hro_desktop.records.agenda import Appointment, ContactNote, Mail, Reminder
from hro_desktop.records.people import Person

ON = dt.date(2026, 11, 23)
DOSSIER = """
format = 1
key = "agenda"

[[volunteers]]
key = "am"
name = "A. M. (exercice)"
initials = "AM"

[[people]]
key = "yonas"
given_names = "Yonas"

[[cases]]
key = "dossier"
person = "yonas"

[[appointments]]
case = "dossier"
planned_on = 2026-11-24
time_from = "15:00"
place_kind = "salle"
purpose = "relecture"
volunteer = "am"

[[reminders]]
what = "Relancer la PASS"
due_on = 2026-12-01
case = "dossier"

[[mails]]
received_on = 2026-11-20
sender = "Tribunal judiciaire"
registered = true
case = "dossier"
passed_on = 2026-11-21
passed_how = "lu"
passed_by = "am"

[[contact_notes]]
person = "yonas"
contacted_on = 2026-11-19
means = "whatsapp"
volunteer = "am"
words = "Veut continuer."
"""


@pytest.fixture
def yonas(empty: Desk) -> tuple[uuid.UUID, uuid.UUID]:
    person = empty.run(people.save, PersonDraft(given_names="Yonas")).value
    return person, empty.run(cases.save, CaseDraft(person_id=person)).value


def test_a_dossier_brings_an_agenda_along(empty: Desk, tmp_path: Path) -> None:
    (tmp_path / "dossier.toml").write_text(DOSSIER, encoding="utf-8")
    importing.import_folder(empty, tmp_path)
    with empty.read() as session:
        planned = session.scalars(select(Appointment)).one()
        assert (planned.planned_on, planned.time_from, planned.state) == (dt.date(2026, 11, 24), "15:00", "prevu")
        assert session.scalars(select(Reminder)).one().what == "Relancer la PASS"
        mail = session.scalars(select(Mail)).one()
        assert (mail.registered, mail.passed_how) == (True, "lu")
        assert session.scalars(select(ContactNote)).one().reached
        person = session.scalars(select(Person)).one()
        assert [each.id for each in agenda.appointments(session, person.id, ON)] == [planned.id]
        assert agenda.appointments(session, person.id, dt.date(2026, 11, 25)) == []
        assert agenda.last_contact(session, person).sentence == "joint·e le 19\u00a0novembre 2026 (WhatsApp, AM)"


@pytest.mark.parametrize(
    ("save", "draft", "code"),
    [
        (agenda.save_appointment, AppointmentDraft(planned_on=ON, purpose="recit"), "appointment.nobody"),
        (agenda.save_reminder, ReminderDraft(what="Relancer"), "draft.invalid"),
        (agenda.save_mail, MailDraft(received_on=ON), "draft.invalid"),
        (agenda.save_mail, MailDraft(received_on=ON, sender="TJ", passed_on=ON), "mail.how"),
        (agenda.save_mail, MailDraft(received_on=ON, sender="TJ", passed_how="lu"), "mail.how"),
        (
            agenda.save_mail,
            MailDraft(received_on=ON, sender="TJ", passed_on=ON - dt.timedelta(days=1), passed_how="lu"),
            "mail.before",
        ),
    ],
)
def test_what_says_too_little_is_refused(empty: Desk, save, draft, code: str) -> None:
    with pytest.raises(Fault) as caught:
        empty.run(save, draft)
    assert caught.value.code == code


def test_a_meeting_belongs_to_the_person_of_its_case(empty: Desk, yonas: tuple[uuid.UUID, uuid.UUID]) -> None:
    person, case = yonas
    other = empty.run(people.save, PersonDraft(given_names="Rahwa")).value
    for draft in (
        AppointmentDraft(case_id=case, planned_on=ON + dt.timedelta(days=2), purpose="recit"),
        AppointmentDraft(person_id=person, planned_on=ON, time_from="10:00", purpose="soin"),
        AppointmentDraft(case_id=case, person_id=other, planned_on=ON, purpose="autre"),
        AppointmentDraft(case_id=case, planned_on=ON, purpose="recit", state="annule"),
    ):
        empty.run(agenda.save_appointment, draft)
    with empty.read() as session:
        assert [each.purpose for each in agenda.appointments(session, person, ON)] == ["soin", "recit"]
        assert [each.purpose for each in agenda.appointments(session, other, ON)] == ["autre"]


def test_one_gesture_passes_a_letter_on_or_ends_a_reminder(empty: Desk, yonas: tuple[uuid.UUID, uuid.UUID]) -> None:
    mail = empty.run(agenda.save_mail, MailDraft(received_on=ON, sender="TJ", case_id=yonas[1], registered=True)).value
    with pytest.raises(Fault):
        empty.run(agenda.pass_on, mail, ON, "pigeon")
    changed = empty.run(agenda.pass_on, mail, ON, "main_propre").changes
    reminder = empty.run(agenda.save_reminder, ReminderDraft(what="Relancer", due_on=ON)).value
    empty.run(agenda.done, reminder, ON)
    with empty.read() as session:
        kept = session.get_one(Mail, mail)
        assert (kept.passed_on, kept.passed_how, kept.registered, kept.case_id) == (ON, "main_propre", True, yonas[1])
        assert session.get_one(Reminder, reminder).done_on == ON
    assert ("mail", mail) in changed
    empty.run(agenda.done, reminder, None)
    with empty.read() as session:
        assert session.get_one(Reminder, reminder).done_on is None


def test_tries_in_vain_are_counted_since_the_last_answer(empty: Desk, yonas: tuple[uuid.UUID, uuid.UUID]) -> None:
    with empty.read() as session:
        person = session.get_one(Person, yonas[0])
        assert agenda.last_contact(session, person).sentence == "jamais joint·e, d’après ce qui est noté"
    for days, reached in ((9, True), (5, False), (2, False)):
        empty.run(
            agenda.save_contact,
            ContactNoteDraft(
                person_id=yonas[0], contacted_on=ON - dt.timedelta(days=days), means="telephone", reached=reached
            ),
        )
    with empty.read() as session:
        found = agenda.last_contact(session, person)
    assert (found.day, found.in_vain) == (ON - dt.timedelta(days=9), 2)
    assert found.sentence == "joint·e le 14\u00a0novembre 2026 (téléphone), 2\u00a0essais sans réponse depuis"


def test_the_words_of_the_agenda_are_known() -> None:
    for name in ("appointment_places", "appointment_purposes", "appointment_states", "contact_means", "mail_passings"):
        assert vocabulary.terms(name)
    assert "depart" in vocabulary.codes("appointment_purposes")
