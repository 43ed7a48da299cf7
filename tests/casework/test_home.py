# SPDX-License-Identifier: GPL-3.0-or-later
"""The home page: what presses and what can leave, without a name, and without reading every case."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from hro_desktop.casework import deadlines, drafts, facts, home, identities, people, sending
from hro_desktop.casework.deadlines import Press
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.home_readiness import can_leave
from hro_desktop.casework.image_documents import Chosen
from hro_desktop.casework.people import PersonDraft
from hro_desktop.records.agenda import Appointment, Mail, Reminder
from hro_desktop.records.base import Record, new_id
from hro_desktop.records.cases import Case
from hro_desktop.records.consents import Consent
from hro_desktop.records.departures import Departure, DepartureFile
from hro_desktop.records.incidents import Assertion, Incident, Involvement
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral, ReferralParty, ReferralStep
from hro_desktop.records.volunteers import Volunteer
from tests.casework.test_sending import desk

__all__ = ["desk"]

ON = dt.date(2026, 10, 16)

pytestmark = pytest.mark.usefixtures("qapp")


def add(desk: Desk, *records: Record) -> None:
    with desk.vault.work() as work:
        work.session.add_all(records)
        work.commit()


def person(desk: Desk, name: str) -> Person:
    with desk.read() as session:
        return session.scalars(select(Person).where(Person.birth_name == name)).one()


def case(desk: Desk, name: str) -> Case:
    with desk.read() as session:
        return session.scalars(select(Case).join(Person).where(Person.birth_name == name)).one()


def pressing(desk: Desk, on: dt.date = ON, **named: int | dt.timedelta) -> tuple[Press, ...]:
    with desk.read() as session:
        return deadlines.pressing(session, on, **named)


def of_kind(found: tuple[Press, ...], kind: str) -> list[Press]:
    return [each for each in found if each.kind == kind]


def texts(node: object) -> Iterator[str]:
    if attrs.has(type(node)):
        for field in attrs.fields(type(node)):
            yield from texts(getattr(node, field.name))
    elif isinstance(node, tuple):
        for each in node:
            yield from texts(each)
    elif isinstance(node, str):
        yield node


def test_nobody_is_named_and_no_officer_shows(desk: Desk) -> None:
    younes = person(desk, "Ishag")
    add(
        desk,
        Reminder(what="Rappeler Younès Ishag, RIO 0990417, AB-123-CD", due_on=ON, case_id=case(desk, "Ishag").id),
        Appointment(person_id=younes.id, planned_on=ON, purpose="recit", time_from="15:00", note="Younès a peur"),
        Mail(received_on=ON, sender="TJ Boulogne", subject="avis pour M. Ishag", person_id=younes.id),
    )
    desk.run(drafts.put, "person", younes.id, {"given_names": "Younès"})
    page = home.of(desk)
    said = "\n".join(texts(page))
    assert all(getattr(page, part.name) for part in attrs.fields(home.Home))
    assert "Y.\u00a0I." in said
    with desk.read() as session:
        names = {name for each in session.scalars(select(Person)) for name in identities.names_of(each)}
    assert not [name for name in names if len(name) > 2 and name in said]
    assert "0990417" not in said
    assert "AB-123-CD" not in said


def test_images_come_first_with_their_last_day(desk: Desk) -> None:
    found = of_kind(pressing(desk), "perte_preuve")
    assert [(each.day.isoformat(), each.act_on) for each in found] == [
        ("2026-10-19", ON),  # seven days for a vehicle
        ("2026-10-20", ON),
        ("2026-11-02", ON),
    ]
    assert found[0].kind_label == "perte de preuve"
    assert "Y.\u00a0I. et 1\u00a0autre" in found[0].detail
    assert "à vérifier" in found[0].source


def test_each_camera_that_was_noted_has_its_line(desk: Desk) -> None:
    with desk.read() as session:
        incident = session.scalars(select(Incident).order_by(Incident.id)).first()
        assert incident is not None
    add(
        desk,
        *(
            Assertion(incident_id=incident.id, kind="camera", value=code, position=90 + place)
            for place, code in enumerate(("camera_fixe", "drone"))
        ),
    )
    found = [each for each in of_kind(pressing(desk), "perte_preuve") if each.record_id == incident.id]
    assert [each.day.isoformat() for each in found] == ["2026-10-19", "2026-11-12"]


def test_images_that_were_asked_for_press_no_more(desk: Desk, tmp_path: Path) -> None:
    before = of_kind(pressing(desk), "perte_preuve")
    sending.write_image_letters(desk, "F-2026-0001", (Chosen(camera="camera_fixe"),), tmp_path / "lettres")
    after = of_kind(pressing(desk), "perte_preuve")
    assert len(after) == len(before) - 1
    with desk.read() as session:
        incident = session.scalars(select(Incident).where(Incident.reference == "F-2026-0001")).one()
        own = deadlines.of_incident(session, incident, ON)
    assert {each.kind for each in own} == {"echeance_legale"}


@pytest.mark.parametrize("occurred", ["", "?", "2026-10", "2026~", "2026-10-01/2026-10-14"])
def test_facts_of_an_uncertain_day_are_not_lost(desk: Desk, occurred: str) -> None:
    with desk.vault.work() as work:
        for each in work.session.scalars(select(Incident)):
            each.occurred = occurred
        work.commit()
    today = dt.datetime.now(dt.UTC).date() if occurred in ("", "?") else ON
    assert of_kind(pressing(desk, today), "perte_preuve")


def complaint(session: Session) -> ReferralParty:
    return session.scalars(
        select(ReferralParty)
        .join(Referral)
        .where(Referral.procedure == "plainte_procureur", ReferralParty.status != "en_redaction")
    ).one()


def test_a_right_opens_after_the_last_possible_day_and_not_before(desk: Desk) -> None:
    with desk.vault.work() as work:
        party = complaint(work.session)
        party.steps = [
            ReferralStep(status="deposee", occurred_on=dt.date(2026, 7, 1)),
            ReferralStep(status="deposee", occurred_on=dt.date(2026, 7, 31)),
        ]
        work.commit()
    (opens,) = of_kind(pressing(desk), "ouverture_droit")
    assert (opens.day, opens.state) == (dt.date(2026, 11, 1), "to_come")
    assert "1er\u00a0novembre 2026" in opens.title
    assert "A.\u00a0Q." in opens.detail
    (opened,) = of_kind(pressing(desk, dt.date(2026, 11, 20)), "ouverture_droit")
    assert (opened.state, opened.act_on) == ("open", dt.date(2026, 11, 20))


@pytest.mark.parametrize("change", ["answered", "contravention", "police station"])
def test_no_right_opens_where_the_law_opens_none(desk: Desk, change: str) -> None:
    assert of_kind(pressing(desk), "ouverture_droit")
    with desk.vault.work() as work:
        party = complaint(work.session)
        referral = work.session.get_one(Referral, party.referral_id)
        if change == "answered":
            party.status = "poursuites"
        elif change == "contravention":
            referral.offences = ["injure_raciste"]
        else:
            file = DepartureFile(name="plainte.pdf", sha256="a" * 64, size=1)
            work.session.add(
                Departure(
                    referral_id=referral.id,
                    authority=referral.authority,
                    channel="commissariat",
                    left_at=work.now,
                    sha256="b" * 64,
                    files=[file],
                )
            )
        work.commit()
    assert of_kind(pressing(desk), "ouverture_droit") == []


def test_a_prescription_shows_the_prudent_day_and_the_legal_one(desk: Desk) -> None:
    on = dt.date(2032, 6, 1)
    found = [each for each in of_kind(pressing(desk, on), "echeance_legale") if "12\u00a0octobre 2026" in each.detail]
    assert [(each.day.isoformat(), each.legal_on) for each in found] == [("2032-10-11", dt.date(2032, 10, 12))]
    assert "une plainte simple ne l’interrompt pas" in found[0].detail
    assert "à vérifier" in found[0].source
    with desk.vault.work() as work:
        for each in work.session.scalars(select(ReferralParty)):
            each.status = "pcpc_deposee"
        work.commit()
    assert not [
        each for each in of_kind(pressing(desk, on), "echeance_legale") if "12\u00a0octobre 2026" in each.detail
    ]


def test_a_reminder_shows_until_it_is_done(desk: Desk) -> None:
    with desk.read() as session:
        mahaut = session.scalars(select(Volunteer)).first()
        assert mahaut is not None
    add(
        desk,
        Reminder(what="Relancer la PASS", due_on=ON, case_id=case(desk, "Ishag").id, volunteer_id=mahaut.id),
        Reminder(what="Fait", due_on=ON, done_on=ON),
        Reminder(what="Dans deux ans", due_on=ON + dt.timedelta(days=700)),
        Reminder(what="En retard", due_on=ON - dt.timedelta(days=3)),
    )
    found = pressing(desk)
    assert [each.title for each in of_kind(found, "rappel_interne")] == ["En retard", "Relancer la PASS"]
    assert found[0].title == "En retard"
    assert f"Y.\u00a0I. · {mahaut.initials}" == of_kind(found, "rappel_interne")[1].detail


def test_a_case_shows_all_that_runs_in_it(desk: Desk) -> None:
    add(desk, Reminder(what="Dans deux ans", due_on=ON + dt.timedelta(days=700), case_id=case(desk, "Ishag").id))
    with desk.read() as session:
        found = deadlines.of_case(session, case(desk, "Ishag"), ON)
    assert {each.kind for each in found} == {"perte_preuve", "echeance_legale", "rappel_interne"}
    assert [each.act_on for each in found] == sorted(each.act_on for each in found)


def leaving(desk: Desk, **named: int) -> tuple[home.Leaving, ...]:
    with desk.read() as session:
        return can_leave(session, desk, **named)


def test_what_can_leave_says_why_in_one_line(desk: Desk) -> None:
    found = {each.title: each for each in leaving(desk)}
    joint = found["Plainte au procureur de la République — Y.\u00a0I. et 1\u00a0autre"]
    assert (joint.state, joint.label, joint.reason) == ("a_signer", "à signer", "signature à la main")
    assert found["Attestation de témoin — S.\u00a0O."].reason == "phrase, date et signature à la main"
    assert len(leaving(desk, limit=1)) <= 2
    moments = [each.changed_at for each in leaving(desk)]
    assert moments == sorted(moments, reverse=True)


def test_one_person_who_refuses_does_not_hide_the_others(desk: Desk) -> None:
    selam = person(desk, "Habte")
    with desk.vault.work() as work:
        for answer in work.session.scalars(
            select(Consent).where(Consent.person_id == selam.id, Consent.purpose == "plainte")
        ):
            answer.state = "refuse"
        work.commit()
    (joint,) = [each for each in leaving(desk) if "Y.\u00a0I. et 1" in each.title]
    assert (joint.state, joint.label) == ("bloque", "bloqué\u00a0: 1 sur 2")
    assert joint.reason == "S.\u00a0H.\u00a0: accord refusé\u00a0; 1\u00a0autre à signer"


def today(desk: Desk, on: dt.date = ON) -> tuple[home.Today, ...]:
    with desk.read() as session:
        return home.today(session, on)


def test_the_day_in_its_order(desk: Desk) -> None:
    rahwa, younes, camille = person(desk, "G."), person(desk, "Ishag"), person(desk, "Vasseur")
    add(
        desk,
        Appointment(
            case_id=case(desk, "Ishag").id,
            planned_on=ON,
            time_from="15:00",
            purpose="relecture",
            place_kind="salle",
            interpreter_id=rahwa.id,
        ),
        Appointment(person_id=younes.id, planned_on=ON, time_from="09:30", purpose="soin"),
        Appointment(person_id=younes.id, planned_on=ON, purpose="recit", state="annule"),
        Appointment(person_id=younes.id, planned_on=ON + dt.timedelta(days=1), purpose="recit"),
        Appointment(person_id=camille.id, planned_on=ON + dt.timedelta(days=5), purpose="depart"),
    )
    found = today(desk)
    assert [(each.kind, each.title) for each in found] == [
        ("appointment", "Rendez-vous Y.\u00a0I., 9\u00a0h\u00a030"),
        ("appointment", "Rendez-vous Y.\u00a0I., 15\u00a0h"),
        ("leaving", "Départ de C.\u00a0V., 21\u00a0octobre 2026"),
    ]
    assert found[1].detail == "relire et figer le récit, salle fermée, interprète R.\u00a0G."
    assert found[1].case_id == case(desk, "Ishag").id


def test_who_leaves_without_having_attested_is_said(desk: Desk) -> None:
    seen = desk.run(people.save, PersonDraft(given_names="Léa", birth_name="Perrin")).value
    with desk.read() as session:
        incident = session.scalars(select(Incident).where(Incident.reference == "F-2026-0001")).one().id
    add(
        desk,
        Involvement(incident_id=incident, person_id=seen, role="observateur"),
        Appointment(person_id=seen, planned_on=ON, purpose="depart"),
    )
    (line,) = today(desk)
    assert line.detail == "présent·e le 12\u00a0octobre 2026\u00a0: attestation pas encore écrite"


def received(desk: Desk, on: dt.date = ON) -> tuple[home.Received, ...]:
    with desk.read() as session:
        return home.mail_to_pass_on(session, on)


def test_a_letter_counts_as_notified_until_it_is_passed_on(desk: Desk) -> None:
    late = Mail(
        received_on=ON - dt.timedelta(days=1), sender="TJ Boulogne", subject="avis", case_id=case(desk, "Ishag").id
    )
    add(desk, late, Mail(received_on=ON, sender="Préfecture"), Mail(received_on=ON, sender="Fait", passed_on=ON))
    first, second = received(desk)
    assert (first.title, first.person_id) == ("TJ Boulogne — avis", person(desk, "Ishag").id)
    assert first.detail.startswith("reçu hier, pour Y.\u00a0I. · réputé notifié")
    assert "CPP art. 40-4-1" in first.source
    assert "à vérifier" in first.source
    assert (second.detail, second.person_id) == ("reçu aujourd’hui, on ne sait pas encore pour qui", None)


def test_one_goes_on_where_one_was(desk: Desk) -> None:
    unsaved = new_id()
    desk.run(drafts.put, "flash", unsaved, {"name": "Yonas"})
    last = desk.run(people.save, PersonDraft(given_names="Léa", birth_name="Perrin")).value
    with desk.read() as session:
        found = home.resume(session, desk.vault.slot_id)
        assert home.resume(session, "somebody else")[1:] == ()
    assert [(each.title, each.unsaved, each.record_id) for each in found[:2]] == [
        ("Fiche éclair", True, unsaved),
        ("L.\u00a0P.", False, last),
    ]
    assert len(found) == home.RESUMED
    assert len({each.record_id for each in found}) == len(found)


@contextmanager
def counted(desk: Desk) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(desk.vault.database.reader, "before_cursor_execute", note)
    yield said
    event.remove(desk.vault.database.reader, "before_cursor_execute", note)


def grow(desk: Desk, first: int, last: int) -> None:
    """Cases of violence spread over two months, none of which anybody looked at."""
    with desk.vault.work() as work:
        for number in range(first, last):
            someone = Person(pseudonym=f"P-2020-{number:04}")
            day = ON - dt.timedelta(days=number % 60)
            happened = Incident(reference=f"F-2020-{number:04}", kind="violences", occurred=day.isoformat())
            work.session.add_all([someone, happened])
            work.session.flush()
            involved = Involvement(incident_id=happened.id, person_id=someone.id, role="victime")
            work.session.add_all([Case(reference=f"D-2020-{number:04}", person_id=someone.id), involved])
        work.commit()


def test_the_work_of_the_page_does_not_grow_with_the_cases(desk: Desk) -> None:
    grow(desk, 0, 4 * deadlines.CANDIDATES)
    with counted(desk) as few:
        pressing(desk)
    grow(desk, 4 * deadlines.CANDIDATES, 12 * deadlines.CANDIDATES)
    with counted(desk) as many:
        found = pressing(desk)
    assert len(found) == 20
    assert 0 < len(many) <= len(few) + 5


def test_facts_and_steps_are_found_through_their_indexes(desk: Desk) -> None:
    with counted(desk) as said:
        pressing(desk)
    plans = []
    with desk.vault.database.raw() as connection:
        for statement in said:
            if "FROM incident" in statement or "FROM referral_step" in statement:
                count = statement.count("?")
                rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", ("",) * count).fetchall()
                plans += [row[3] for row in rows]
    assert any("ix_incident_occurred" in plan for plan in plans)
    assert not [plan for plan in plans if plan in ("SCAN incident", "SCAN referral_step", "SCAN person", "SCAN case")]


def test_initials_are_those_of_the_page() -> None:
    blank = {"given_names": "", "birth_name": "", "usual_name": "", "original_name": "", "pseudonym": "P-2026-0001"}
    assert facts.initials(Person(**{**blank, "given_names": "Yonas", "birth_name": "Tesfay"})) == "Y.\u00a0T."
    assert facts.initials(Person(**blank)) == "P-2026-0001"
