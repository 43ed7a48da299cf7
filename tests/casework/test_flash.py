# SPDX-License-Identifier: GPL-3.0-or-later
"""Ninety seconds with somebody become a case, and what cannot wait is proposed."""

import datetime as dt
import uuid
from pathlib import Path

import attrs
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hro_desktop.casework import cameras, consents, drafts, flash, sending, sites
from hro_desktop.casework.consents import ConsentDraft
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.flash import FlashDraft, Flashed
from hro_desktop.casework.image_documents import Chosen
from hro_desktop.casework.sites import SiteDraft, SiteNameDraft
from hro_desktop.faults import Fault
from hro_desktop.records.agenda import Appointment
from hro_desktop.records.base import new_id
from hro_desktop.records.cases import Case
from hro_desktop.records.incidents import Incident
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.people import Person
from hro_desktop.records.statements import Statement

TODAY = dt.date(2026, 11, 23)
YONAS = FlashDraft(
    name="« Yonas »",
    contact="WhatsApp +44 7700 900218",
    contact_note="le soir, jamais d’appel",
    languages=("ti", "en"),
    interpreter=True,
    interpreter_name="F. G.",
    taken_by="A. M.",
    when="hier, vers 8 h 30",
    where="Hôpital, Calais",
    forces="CRS ? gendarmes ? ne sait pas",
    marks=("blessee", "affaires", "camera"),
    words="La police m’a frappé au bras, j’ai mal, ils ont pris ma tente.",
)

pytestmark = pytest.mark.usefixtures("qapp")


def taken(desk: Desk, draft: FlashDraft = YONAS) -> Flashed:
    return desk.run(flash.save, draft, TODAY).value


def proposed(desk: Desk, case_id: uuid.UUID, on: dt.date = TODAY) -> dict[str, flash.Proposed]:
    with desk.read() as session:
        found = flash.proposals(session, session.get_one(Case, case_id), on)
    return {each.code: each for each in found}


def count(session: Session, record: type[object]) -> int:
    return session.scalar(select(func.count()).select_from(record)) or 0


def test_one_sheet_makes_everything_at_once(empty: Desk) -> None:
    site = empty.run(sites.save, SiteDraft(name="Virval", commune="62193", names=(SiteNameDraft(text="hôpital"),)))
    made = taken(empty)
    with empty.read() as session:
        person, case = session.get_one(Person, made.person_id), session.get_one(Case, made.case_id)
        assert (person.pseudonym, case.reference) == (made.pseudonym, made.case_reference)
        assert (person.given_names, person.birth_name) == ("", "")  # a nickname is no identity
        assert [(each.kind, each.text) for each in person.names] == [("donne", "Yonas")]
        assert [(each.kind, each.value, each.note) for each in person.contacts] == [
            ("whatsapp", "WhatsApp +44 7700 900218", "le soir, jamais d’appel")
        ]
        assert [(each.language, each.preferred, each.interpreter) for each in person.languages] == [
            ("ti", True, True),
            ("en", False, False),
        ]
        assert case.opened_on == TODAY
        assert "A. M." in case.note
        assert "F. G." in case.note
        incident = session.get_one(Incident, made.incident_id)
        assert (incident.kind, incident.occurred, incident.time_from, incident.time_approximate) == (
            "violences",
            "2026-11-22",
            "08:30",
            True,
        )
        assert (incident.site_id, incident.place, incident.commune) == (site.value, "", "")
        assert "hier, vers 8 h 30" in incident.note
        assert [(each.role, each.harm) for each in incident.involvements] == [
            ("victime", "physique"),
            ("victime", "biens"),
        ]
        assert [(each.kind, each.value, each.said_by_id) for each in incident.assertions] == [
            ("force", "inconnue", person.id),
            ("camera", "inconnue", person.id),
        ]
        assert all(each.statement_id is None for each in incident.assertions)  # no letter repeats it yet
        account = session.get_one(Statement, made.statement_id)
        (version,) = account.versions
        assert (account.kind, account.author_id, account.case_id, account.taken_on) == (
            "recit",
            person.id,
            case.id,
            TODAY,
        )
        assert (version.french_text, version.sealed_at, version.read_back_on) == (YONAS.words, None, None)
    assert made.when.occurred.exact


def test_nothing_is_made_when_something_cannot_be(empty: Desk) -> None:
    with empty.read() as session:
        before = count(session, JournalLine)
    for wrong in (
        attrs.evolve(YONAS, languages=("klingon",)),
        attrs.evolve(YONAS, words="caché\u202e"),
        FlashDraft(name="Yonas", words="J’ai mal."),
    ):
        with pytest.raises(Fault):
            taken(empty, wrong)
    with empty.read() as session:
        assert count(session, Person) == count(session, Case) == count(session, Incident) == 0
        assert count(session, JournalLine) == before


@pytest.mark.parametrize("least", [FlashDraft(contact="par Rahwa"), FlashDraft(where="pont Mollien, Calais")])
def test_a_way_to_reach_or_a_place_is_enough(empty: Desk, least: FlashDraft) -> None:
    made = taken(empty, least)
    assert made.statement_id is None
    assert (made.incident_id is None) == (not least.where)
    if made.incident_id:
        with empty.read() as session:
            incident = session.get_one(Incident, made.incident_id)
            assert (incident.place, incident.commune, incident.occurred) == ("pont Mollien, Calais", "62193", "")


def test_a_sheet_is_saved_once_and_what_was_kept_of_it_goes(empty: Desk) -> None:
    draft = attrs.evolve(YONAS)
    draft.id = new_id()
    empty.run(drafts.put, flash.KIND, draft.id, drafts.content_of(draft))
    made = taken(empty, draft)
    assert made.case_id == draft.id
    with empty.read() as session:
        assert drafts.pending(session) == ()
    with pytest.raises(Fault) as caught:
        taken(empty, draft)
    assert caught.value.code == "flash.saved"


def test_words_in_another_language_stay_in_it(empty: Desk) -> None:
    made = taken(empty, attrs.evolve(YONAS, words="They hit me", words_language="en"))
    with empty.read() as session:
        (version,) = session.get_one(Statement, made.statement_id).versions
        assert (version.language, version.original_text, version.french_text) == ("en", "They hit me", "")


def test_what_cannot_wait_is_proposed_with_its_reason(empty: Desk) -> None:
    made = taken(empty)
    found = proposed(empty, made.case_id)
    assert [(code, each.word) for code, each in found.items()] == [
        ("images", "aujourd’hui"),
        ("doctor", "demain"),
        ("account", "à fixer"),
        ("recontact", "à cocher"),
    ]
    assert "29\u00a0novembre 2026" in found["images"].reason  # seven days for a vehicle, from the facts
    assert (found["images"].table, found["images"].record_id) == ("incident", made.incident_id)
    assert "tigrinya (traduction à relire)" in found["doctor"].reason
    assert "interprète" in found["account"].reason


def test_what_is_done_is_proposed_no_more(empty: Desk) -> None:
    made = taken(empty)
    answer = ConsentDraft(person_id=made.person_id, purpose="recontact", state="refuse")
    answer.given_on = TODAY
    empty.run(consents.save, answer)
    with empty.vault.work() as work:
        work.session.add(Appointment(case_id=made.case_id, planned_on=TODAY, purpose="recit"))
        work.commit()
    assert set(proposed(empty, made.case_id)) == {"images", "doctor"}


def test_a_child_is_not_left_without_a_word(empty: Desk) -> None:
    made = taken(empty, attrs.evolve(YONAS, marks=("mineur",)))
    found = proposed(empty, made.case_id)
    assert "administrateur ad hoc" in found["minor"].reason
    assert "doctor" not in found


def test_images_that_no_longer_exist_are_not_asked_for(empty: Desk) -> None:
    made = taken(empty)
    week, month = TODAY + dt.timedelta(days=8), TODAY + dt.timedelta(days=40)
    assert "22\u00a0décembre 2026" in proposed(empty, made.case_id, week)["images"].reason
    assert "images" not in proposed(empty, made.case_id, month)


def test_a_camera_somebody_saw_is_the_one_that_counts(empty: Desk) -> None:
    made = taken(empty, attrs.evolve(YONAS, cameras=("camera_fixe",)))
    with empty.read() as session:
        found = cameras.of_incident(session.get_one(Incident, made.incident_id), TODAY)
    assert found.noted
    assert [each.camera.code for each in found.kept] == ["camera_fixe"]
    assert proposed(empty, made.case_id)["images"].reason.startswith("Vidéoprotection")


def test_images_are_asked_for_once(desk: Desk, tmp_path: Path) -> None:
    with desk.read() as session:
        incident = session.scalars(select(Incident)).one()
        case = session.scalars(select(Case).order_by(Case.reference)).first()
        assert case is not None
    on = desk.today()
    assert "images" in proposed(desk, case.id, on)
    with desk.read() as session:
        assert cameras.asked(session, [incident.id]) == set()
    sending.write_image_letters(desk, incident.reference, (Chosen(camera="camera_fixe"),), tmp_path / "lettres")
    assert "images" not in proposed(desk, case.id, on)
    with desk.read() as session:
        assert cameras.asked(session, [incident.id]) == {incident.id}


def test_a_letter_the_disk_refused_was_not_sent(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr("hro_desktop.casework.packages.Package.save", refuse)
    with desk.read() as session:
        incident = session.scalars(select(Incident)).one()
    with pytest.raises(Fault):
        sending.write_image_letters(desk, incident.reference, (Chosen(camera="camera_fixe"),), tmp_path / "lettres")
    with desk.read() as session:
        assert cameras.asked(session, [incident.id]) == set()
