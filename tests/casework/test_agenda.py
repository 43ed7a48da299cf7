# SPDX-License-Identifier: GPL-3.0-or-later
"""Meetings, reminders, letters received and contacts, noted by hand or taken in from a dossier."""

import datetime as dt
import uuid
from pathlib import Path

import attrs
import pytest
from sqlalchemy import select

from hro_desktop.casework import agenda, agenda_overview, appointments, cases, deposits, importing, people
from hro_desktop.casework.agenda import AppointmentDraft, ContactNoteDraft, MailDraft, ReminderDraft
from hro_desktop.casework.cases import CaseDraft
from hro_desktop.casework.deposits import Links
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
        assert agenda.last_contact(session, person, ON).sentence == "joint·e le 19\u00a0novembre 2026 (WhatsApp, AM)"


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
        (agenda.save_mail, MailDraft(received_on=dt.date(2099, 1, 1), sender="TJ"), "mail.future"),
        (agenda.save_mail, MailDraft(received_on=dt.date(1926, 1, 1), sender="TJ"), "day.early"),
        (
            agenda.save_mail,
            MailDraft(received_on=ON, sender="TJ", passed_on=dt.date(2099, 1, 1), passed_how="lu"),
            "mail.future",
        ),
    ],
)
def test_what_says_too_little_is_refused(empty: Desk, save, draft, code: str) -> None:
    with pytest.raises(Fault) as caught:
        empty.run(save, draft)
    assert caught.value.code == code


def test_the_same_letter_is_noted_once_unless_somebody_says_it_is_another(
    empty: Desk, yonas: tuple[uuid.UUID, uuid.UUID]
) -> None:
    draft = MailDraft(received_on=ON, sender="Parquet", subject="avis", case_id=yonas[1])
    first = empty.run(agenda.save_mail, draft).value
    with pytest.raises(Fault) as caught:
        empty.run(agenda.save_mail, draft)
    assert caught.value.code == "mail.twice"
    assert "23\u00a0novembre 2026 (Parquet)" in caught.value.sentence
    empty.run(agenda.save_mail, attrs.evolve(draft, subject="convocation"))
    second = empty.run(agenda.save_mail, attrs.evolve(draft, another=True)).value
    empty.run(agenda.save_mail, attrs.evolve(draft, id=second, note="deux exemplaires"))  # what it is stays
    with pytest.raises(Fault, match=r"^mail\.twice$"):
        empty.run(agenda.save_mail, attrs.evolve(draft, id=first, subject="convocation"))
    empty.run(agenda.pass_on, first, ON, "lu")
    with empty.read() as session:
        assert len(session.scalars(select(Mail)).all()) == 3
        assert session.get_one(Mail, first).passed_how == "lu"


def test_the_same_scan_is_the_same_letter_whoever_it_is_from(
    empty: Desk, yonas: tuple[uuid.UUID, uuid.UUID], tmp_path: Path
) -> None:
    scan = tmp_path / "avis.txt"
    scan.write_text("Avis fictif", encoding="utf-8")
    (item,) = (each.evidence_id for each in deposits.deposit(empty, [scan], Links()).value)
    empty.run(agenda.save_mail, MailDraft(received_on=ON, sender="Parquet", case_id=yonas[1], evidence_id=item))
    again = MailDraft(received_on=ON - dt.timedelta(days=1), sender="TJ", case_id=yonas[1], evidence_id=item)
    with pytest.raises(Fault, match=r"^mail\.twice$"):
        empty.run(agenda.save_mail, again)
    empty.run(agenda.save_mail, attrs.evolve(again, evidence_id=None))  # the control


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
        assert agenda.last_contact(session, person, ON).sentence == "jamais joint·e, d’après ce qui est noté"
    for days, reached in ((9, True), (5, False), (2, False)):
        empty.run(
            agenda.save_contact,
            ContactNoteDraft(
                person_id=yonas[0], contacted_on=ON - dt.timedelta(days=days), means="telephone", reached=reached
            ),
        )
    with empty.read() as session:
        found = agenda.last_contact(session, person, ON)
    assert (found.day, found.in_vain) == (ON - dt.timedelta(days=9), 2)
    assert found.sentence == "joint·e le 14\u00a0novembre 2026 (téléphone), 2\u00a0essais sans réponse depuis"


def test_the_words_of_the_agenda_are_known() -> None:
    for name in ("appointment_places", "appointment_purposes", "appointment_states", "contact_means", "mail_passings"):
        assert vocabulary.terms(name)
    assert "depart" in vocabulary.codes("appointment_purposes")


def test_long_without_an_answer_is_said_so(empty: Desk, yonas: tuple[uuid.UUID, uuid.UUID]) -> None:
    said = "le 24\u00a0octobre 2026 (Signal)"
    empty.run(
        agenda.save_contact,
        ContactNoteDraft(person_id=yonas[0], contacted_on=ON - agenda.SILENT, means="signal"),
    )
    with empty.read() as session:
        person = session.get_one(Person, yonas[0])
        assert agenda.last_contact(session, person, ON - dt.timedelta(days=1)).sentence == f"joint·e {said}"
        assert agenda.last_contact(session, person, ON).sentence == f"sans nouvelles depuis {said}"


def planned(desk: Desk, case_id: uuid.UUID, days: int = 0, **more: object) -> uuid.UUID:
    draft = AppointmentDraft(case_id=case_id, planned_on=ON + dt.timedelta(days=days), purpose="recit", **more)
    return desk.run(agenda.save_appointment, draft).value


@pytest.mark.parametrize(
    ("state", "place", "noted"),
    [
        ("tenu", "salle", [("rencontre", True)]),
        ("tenu", "distance", [("telephone", True)]),
        ("manque", "salle", [("rencontre", False)]),
        ("annule", "salle", []),
    ],
)
def test_what_became_of_a_meeting_is_a_contact_too(
    empty: Desk, yonas: tuple[uuid.UUID, uuid.UUID], state: str, place: str, noted: list[tuple[str, bool]]
) -> None:
    meeting = planned(empty, yonas[1], -2, place_kind=place)
    ended = empty.run(appointments.end, meeting, state, ON).value
    with empty.read() as session:
        shown = appointments.of(session, meeting)
        assert shown is not None
        assert (shown.state, shown.person_id, shown.case_id) == (state, *yonas)
        notes = session.scalars(select(ContactNote)).all()
        assert [(each.means, each.reached) for each in notes] == noted
        assert all(each.contacted_on == ON - dt.timedelta(days=2) for each in notes)
    empty.run(appointments.take_back, ended)
    with empty.read() as session:
        assert session.get_one(Appointment, meeting).state == "prevu"
        assert session.scalars(select(ContactNote)).all() == []
        assert appointments.of(session, uuid.uuid4()) is None


def test_words_written_after_a_meeting_are_not_lost_by_taking_it_back(
    empty: Desk, yonas: tuple[uuid.UUID, uuid.UUID]
) -> None:
    ended = empty.run(appointments.end, planned(empty, yonas[1]), "tenu", ON).value
    with empty.vault.work() as work:
        work.session.get_one(ContactNote, ended.note_id).words = "Veut continuer."
        work.commit()
    empty.run(appointments.take_back, ended)
    with empty.read() as session:
        assert [each.words for each in session.scalars(select(ContactNote))] == ["Veut continuer."]


def test_the_next_meeting_is_like_this_one(empty: Desk, yonas: tuple[uuid.UUID, uuid.UUID]) -> None:
    meeting = planned(empty, yonas[1], time_from="15:00", place_kind="salle", place="étage", note="sonner")
    with empty.read() as session:
        following = appointments.following(session, meeting, ON + dt.timedelta(days=7), "signature")
    assert (following.case_id, following.time_from, following.place) == (yonas[1], "15:00", "étage")
    assert (following.purpose, following.state, following.note) == ("signature", "prevu", "")
    assert following.id not in {None, meeting}


def test_the_agenda_holds_what_is_to_come_and_what_waits(empty: Desk, yonas: tuple[uuid.UUID, uuid.UUID]) -> None:
    case = yonas[1]
    late, today = planned(empty, case, -3), planned(empty, case, time_from="15:00")
    early = planned(empty, case, time_from="09:30")
    leaves = empty.run(
        agenda.save_appointment,
        AppointmentDraft(case_id=case, planned_on=ON + dt.timedelta(days=2), purpose="depart"),
    ).value
    far = planned(empty, case, 90)
    gone = planned(empty, case, -1, state="manque")
    letter = empty.run(agenda.save_mail, MailDraft(received_on=ON, sender="TJ Yonas", case_id=case)).value
    empty.run(
        agenda.save_mail,
        MailDraft(received_on=ON, sender="TJ", case_id=case, passed_on=ON, passed_how="lu"),
    )
    todo = empty.run(agenda.save_reminder, ReminderDraft(what="Relancer Yonas", due_on=ON, case_id=case)).value
    past = empty.run(agenda.save_reminder, ReminderDraft(what="Appeler", due_on=ON, done_on=ON)).value
    with empty.read() as session:
        found = agenda_overview.days(session, ON)
        assert [each.record_id for each in found.entries] == [
            late,
            early,
            today,
            todo,
            letter,
            leaves,
        ]
        assert not found.more
        assert {each.record_id for each in found.settled} >= {gone, past}
        assert all(each.settled and each.word for each in found.settled)
        assert "Yonas" not in str(found)
        assert agenda_overview.days(session, ON, limit=2).more
        near = agenda_overview.days(session, ON, within=dt.timedelta(days=365))
        assert far in [each.record_id for each in near.entries]
        for kind in agenda_overview.KINDS:
            only = agenda_overview.days(session, ON, kinds=(kind,))
            assert {each.kind for each in (*only.entries, *only.settled)} <= {kind}
        assert [agenda_overview.holder(session, each) for each in (todo, letter, late, case)] == [
            "reminder", "mail", "appointment", "",
        ]  # fmt: skip


def test_a_case_says_what_it_awaits(empty: Desk, yonas: tuple[uuid.UUID, uuid.UUID]) -> None:
    ahead, unsaid = planned(empty, yonas[1], 4), planned(empty, yonas[1], -4)
    empty.run(agenda.save_mail, MailDraft(received_on=ON, sender="Tribunal", subject="avis", case_id=yonas[1]))
    with empty.read() as session:
        found = agenda_overview.follow_up(session, yonas[1], ON)
    assert [each.record_id for each in found.ahead] == [ahead]
    assert [each.record_id for each in found.unsaid] == [unsaid]
    assert (found.person_id, found.silent, found.contact_id) == (yonas[0], False, None)
    assert found.contact == "jamais joint·e, d’après ce qui est noté"
    assert [each.title for each in found.mail] == ["Tribunal — avis"]
