# SPDX-License-Identifier: GPL-3.0-or-later
"""A meeting prepared: what to ask, read back and sign, and the pouch that leaves by the one door."""

import datetime as dt
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from hro_desktop.casework import departures, flash, meetings, sending
from hro_desktop.casework import pouch as pouches
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.flash import FlashDraft
from hro_desktop.casework.meetings import Meeting
from hro_desktop.casework.statements import VersionDraft, add_version
from hro_desktop.faults import Fault
from hro_desktop.records.agenda import Appointment, ContactNote
from hro_desktop.records.consents import Consent
from hro_desktop.records.departures import Departure
from hro_desktop.records.documents import Document
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import ReferralParty
from hro_desktop.records.statements import Statement, StatementVersion
from tests.casework.test_documents import flat, text_of
from tests.casework.test_home import add, person
from tests.casework.test_sending import actions, desk

__all__ = ["desk"]

pytestmark = pytest.mark.usefixtures("qapp")
ON = dt.date(2026, 10, 16)


def meeting(desk: Desk, name: str = "Ishag") -> Meeting:
    return meetings.of_person(desk, person(desk, name).id)


def codes(found: tuple[meetings.ToDo, ...]) -> list[str]:
    return [each.code for each in found]


def open_version(desk: Desk, name: str, words: str = "Je dormais. Ils ont pris ma tente.") -> None:
    """A correction of an account: the next version, still open."""
    with desk.vault.work() as work:
        statement = work.session.scalars(select(Statement).where(Statement.author_id == person(desk, name).id)).first()
        assert statement is not None
        add_version(work, statement, VersionDraft(language="ar", french_text=words))
        work.commit()


def test_a_quick_sheet_leaves_much_to_ask(empty: Desk) -> None:
    sheet = FlashDraft(
        name="Yonas",
        where="Calais",
        languages=("ti",),
        interpreter=True,
        words="Ils ont pris ma tente.",
        marks=("blessee",),
    )
    made = empty.run(flash.save, sheet, ON).value
    found = meetings.of_person(empty, made.person_id)
    assert (found.who, found.reference, found.when) == (made.pseudonym, made.case_reference, "")
    assert found.language == "tigrinya, interprète à trouver"
    assert {"interpreter", "contact", "after_departure"} <= set(codes(found.ask))
    asked = [each.text for each in found.ask if each.code == "consent"]
    assert "Accord pour\u00a0: recueil et conservation du récit" in asked
    assert "Accord pour\u00a0: être recontacté·e" in asked
    assert "Accord pour\u00a0: plainte" in asked
    assert codes(found.read) == ["read_back"]
    assert found.sign == ()


def test_what_was_answered_is_not_asked_again(desk: Desk) -> None:
    selam = person(desk, "Habte")
    with desk.vault.work() as work:
        for answer in work.session.scalars(select(Consent).where(Consent.person_id == selam.id)):
            work.session.delete(answer)
        work.commit()
    before = [each.text for each in meeting(desk, "Habte").ask if each.code == "consent"]
    complaint = "Accord pour\u00a0: plainte"
    assert complaint in before
    add(
        desk,
        Consent(person_id=selam.id, purpose="plainte", body="procureur", state="refuse", given_on=ON),
    )
    assert complaint not in [each.text for each in meeting(desk, "Habte").ask]


def test_what_each_body_lacks_is_asked_by_the_name_of_the_procedure(desk: Desk) -> None:
    with desk.vault.work() as work:
        younes = work.session.get_one(Person, person(desk, "Ishag").id)
        younes.birth = younes.birth_place = younes.birth_country = ""
        work.commit()
    missing = [each.text for each in meeting(desk).ask if each.code == "missing"]
    assert "Plainte au procureur de la République\u00a0: date et lieu de naissance" in missing
    assert not [text for text in missing if "compétent" in text]  # no question for a person


def test_the_next_meeting_says_when_where_and_with_whom(desk: Desk) -> None:
    younes, rahwa = person(desk, "Ishag"), person(desk, "G.")
    add(
        desk,
        Appointment(
            person_id=younes.id,
            planned_on=ON + dt.timedelta(days=1),
            time_from="15:00",
            place_kind="salle",
            interpreter_id=rahwa.id,
            purpose="relecture",
        ),
        ContactNote(person_id=younes.id, contacted_on=ON, means="whatsapp"),
    )
    found = meeting(desk)
    assert found.when == "le 17\u00a0octobre 2026, à 15\u00a0h\u00a0: relire et figer le récit"
    assert (found.place, found.language) == ("salle fermée", "arabe, interprète R.\u00a0G.")
    assert found.contact.startswith("joint·e le 16\u00a0octobre 2026")
    assert "interpreter" not in codes(found.ask)


def test_an_open_version_is_read_back_then_sealed(desk: Desk) -> None:
    assert meeting(desk).read == ()
    open_version(desk, "Ishag")
    (todo,) = meeting(desk).read
    assert todo.code == "read_back"
    assert todo.text.endswith("version 2\u00a0: à relire en arabe, puis à figer")
    with desk.vault.work() as work:
        version = work.session.scalars(select(StatementVersion).where(StatementVersion.number == 2)).one()
        version.read_back_on = ON
        work.commit()
    (todo,) = meeting(desk).read
    assert (todo.code, todo.text.partition(": ")[2]) == ("seal", "relue le 16\u00a0octobre 2026, à figer")


def test_what_is_to_sign_is_what_was_not_signed(desk: Desk) -> None:
    assert codes(meeting(desk).sign) == ["letter"]
    with desk.read() as session:
        saba = session.scalars(
            select(Person).join(Statement, Statement.author_id == Person.id).where(Statement.reference == "T-2026-0008")
        ).one()
    assert codes(meetings.of_person(desk, saba.id).sign) == ["attestation"]
    with desk.vault.work() as work:
        for party in work.session.scalars(select(ReferralParty)):
            party.status = "deposee"
        work.commit()
    assert meeting(desk).sign == ()


def test_the_pouch_is_one_file_with_its_list_first(desk: Desk, tmp_path: Path) -> None:
    open_version(desk, "Ishag", words="Je dormais dans ma tente quand ils sont venus.")
    pouch = pouches.make(desk, person(desk, "Ishag").id)
    assert [pack.subject[0] for pack in pouch.packs] == ["statement", "referral"]
    out = tmp_path / "pochette"
    written = sending.write_pouch(desk, pouch, out)
    assert written.files == ("pochette.pdf", "manifeste.json")
    text = flat(text_of((out / "pochette.pdf").read_bytes()))
    assert text.index("Pochette du rendez-vous") < text.index("Récit à relire") < text.index("Je dormais dans ma tente")
    assert "Plainte" in text
    assert "EXERCICE" in text
    with desk.read() as session:
        left = session.scalars(select(Departure).order_by(Departure.left_at, Departure.id)).all()
        assert [bool(each.statement_id) for each in left] == [True, False]
        kept = session.scalars(select(Document)).all()
        assert {each.document_id for gone in left for each in gone.files} == {each.id for each in kept}
        assert {each.name for gone in left for each in gone.files} == {"pochette.pdf"}
        hashes = {each.sha256 for gone in left for each in gone.files}
        people = {each.person_id for each in left[1].people}
        assert person(desk, "Ishag").id in people
    manifest = json.loads((out / "manifeste.json").read_text("utf-8"))
    assert hashes == {manifest["documents"][0]["sha256"]}
    assert len(manifest["documents"][0]["ids"]) == len(kept)


def test_the_list_names_nobody(desk: Desk) -> None:
    pouch = pouches.make(desk, person(desk, "Ishag").id)
    (file,) = pouch.package.files
    first = flat(text_of(file.open().read())).partition("À garder par l’association")[0]
    assert "Y. I., dossier D-2026-0001" in first.replace("\u00a0", " ")
    assert "Younès" not in first
    assert "Ishag" not in first


def test_what_may_not_leave_is_not_in_the_pouch_and_the_list_says_so(desk: Desk, tmp_path: Path) -> None:
    younes = person(desk, "Ishag")
    open_version(desk, "Ishag")
    with desk.vault.work() as work:
        for answer in work.session.scalars(
            select(Consent).where(Consent.person_id == younes.id, Consent.purpose == "plainte")
        ):
            answer.state = "refuse"
        work.commit()
    pouch = pouches.make(desk, younes.id)
    assert [pack.subject[0] for pack in pouch.packs] == ["statement"]
    assert pouch.missing == (
        "Plainte au procureur de la République\u00a0: une personne a dit non, même un brouillon ne sort pas",
    )
    sending.write_pouch(desk, pouch, tmp_path / "sortie")
    assert "une personne a dit non" in flat(text_of((tmp_path / "sortie" / "pochette.pdf").read_bytes()))


def test_the_door_looks_again(desk: Desk, tmp_path: Path) -> None:
    open_version(desk, "Ishag")
    pouch = pouches.make(desk, person(desk, "Ishag").id)
    with desk.vault.work() as work:
        statement = work.session.get_one(Statement, pouch.packs[0].subject[1])
        statement.withdrawn_on = ON
        work.commit()
    with pytest.raises(Fault) as caught:
        sending.write_pouch(desk, pouch, tmp_path / "sortie")
    assert caught.value.code == "statement.withdrawn"
    assert not (tmp_path / "sortie").exists()
    with desk.read() as session:
        assert session.scalars(select(Departure)).all() == []


def test_a_disk_that_fails_leaves_a_line_for_each_paper(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_version(desk, "Ishag")
    pouch = pouches.make(desk, person(desk, "Ishag").id)

    def refuse(*_: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr("hro_desktop.casework.packages.Package.save", refuse)
    with pytest.raises(Fault) as caught:
        sending.write_pouch(desk, pouch, tmp_path / "sortie")
    assert caught.value.code == "out.disk"
    assert actions(desk).count(departures.FAILED) == len(pouch.packs)
    assert not (tmp_path / "sortie").exists()


def test_a_pouch_whose_file_has_no_room_is_one_sentence_and_no_line(desk: Desk, tmp_path: Path) -> None:
    open_version(desk, "Ishag")
    pouch = pouches.make(desk, person(desk, "Ishag").id)
    out = tmp_path / "/".join(["d" * 200] * 20 + ["s"])
    while len(str(out)) < 4085:  # the folder fits, and the file in it does not
        out = out.with_name(f"{out.name}s")
    with pytest.raises(Fault) as caught:
        sending.write_pouch(desk, pouch, out)
    assert caught.value.code == "out.place"
    assert "departure.recorded" not in actions(desk)
    sending.write_pouch(desk, pouch, tmp_path / ("d" * 200))  # the control


def test_nothing_to_sign_makes_no_paper(empty: Desk, tmp_path: Path) -> None:
    made = empty.run(flash.save, FlashDraft(contact="par Rahwa"), ON).value
    pouch = pouches.make(empty, made.person_id)
    assert (pouch.packs, pouch.pages) == ((), 1)
    with pytest.raises(Fault) as caught:
        sending.write_pouch(empty, pouch, tmp_path / "sortie")
    assert caught.value.code == "pouch.empty"


def test_an_account_is_read_back_whole_to_its_author(desk: Desk) -> None:
    """What others must not read is masked for them, never for whoever said it."""
    open_version(desk, "Ishag", words="J’ai dormi chez mon cousin Nabil.")
    with desk.read() as session:
        statement = session.scalars(select(Statement).where(Statement.author_id == person(desk, "Ishag").id)).first()
        assert statement is not None
    pack = pouches.read_back(desk, statement.id)
    assert "J’ai dormi chez mon cousin Nabil." in flat(text_of(pack.files[0].data))
    assert [each.person_id for each in pack.people] == [statement.author_id]
    assert pack.people[0].role == "plaignant"
