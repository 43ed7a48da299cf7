# SPDX-License-Identifier: GPL-3.0-or-later
"""The debriefing of an outing: what it says, what it refuses to say, and the line it leaves in the ledger."""

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from forms.letter import text_of
from hro_desktop import bootstrap
from hro_desktop.casework import debriefing, departures, passages, people, printing, sending, volunteers
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.papers import PDF
from hro_desktop.casework.passages import PassageDraft
from hro_desktop.casework.people import PersonDraft
from hro_desktop.casework.volunteers import VolunteerDraft
from hro_desktop.cli.main import main
from hro_desktop.demo import run
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.departures import Departure, DepartureFile, DeparturePerson
from hro_desktop.records.documents import Document
from hro_desktop.records.incidents import Assertion, Incident
from hro_desktop.records.outings import Hindrance, Outing
from hro_desktop.records.people import Person
from hro_desktop.records.statements import Statement
from hro_desktop.records.volunteers import Volunteer
from tests.support.practice import practice_vault

REFERENCE = "O-2026-0001"
pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Desk]:
    vault = practice_vault(tmp_path, outing=True)
    with bootstrap.open_desk(vault, run.PASSPHRASE, clock=lambda: run.NOW) as opened:
        yield opened


def change(desk: Desk, record: type, **values: object) -> None:
    """Set columns of the first record of a kind that belongs to the outing."""
    with desk.vault.work() as work:
        found = work.session.scalars(select(record).order_by(record.created_at.desc())).first()
        for name, value in values.items():
            setattr(found, name, value)
        work.commit()


def said(desk: Desk) -> str:
    (docx, _) = debriefing.make(desk, REFERENCE).files
    return text_of(docx.data).replace("\u00a0", " ")


def test_it_tells_the_places_the_hindrances_and_what_is_left(practice: Desk) -> None:
    text = said(practice)
    for line in (
        "BROUILLON",
        "Équipe : I. C., M. T. et L. B.",
        "Chiffres de travail : personne ne les a encore relus.",
        "1. Red Gate",
        "Forces rapportées : CRS, selon I. C., attestation de témoin",
        "Cadre annoncé : flagrance (code pénal, art. 322-4-1), dit par un agent",
        "tentes prises ou détruites : au moins 12, vu par I. C.",
        "interpellations : environ 5, dit par des habitants",
        "4. plage, accès 3",
        "contrôle d’identité, 9 h 45 — L. B. et M. T., 20 minutes : motif non donné (selon L. B.)",
        "Attestation de M. T. : à écrire (a vu : Red Gate, 8 h 10)",
    ):
        assert line in text, line
    assert "Attestation de L. B." not in text


def test_it_names_nobody_and_holds_no_number_of_an_officer(practice: Desk) -> None:
    change(practice, Assertion, kind="rio", status="releve", value="0990417")
    text = said(practice)
    with practice.read() as session:
        names = [*session.scalars(select(Person.given_names)), *session.scalars(select(Person.birth_name))]
        names += [*session.scalars(select(Volunteer.name)), "0990417"]
    assert [name for name in names if name and name in text] == []


def test_a_force_that_nobody_reports_is_not_written(practice: Desk) -> None:
    with practice.vault.work() as work:
        beach = work.session.scalars(select(Incident).where(Incident.place_kind == "plage")).one()
        work.session.add(Assertion(incident_id=beach.id, kind="force", value="psig"))
        work.session.add(Assertion(incident_id=beach.id, kind="unite", value="une patrouille", said_by_id=None))
        work.commit()
    assert "PSIG" not in said(practice)
    assert "patrouille" not in said(practice)


@pytest.mark.parametrize(
    ("record", "values", "where"),
    [
        (Outing, {"debrief": "Inès a tout filmé."}, "le débrief"),
        (Outing, {"debrief": "Vu avec CARLIER ce matin."}, "le débrief"),
        (Outing, {"convoy": "onze fourgons, vus par toussaint"}, "l’en-tête de la sortie"),
        (Outing, {"debrief": "Mahaut relira."}, "le débrief"),
        (Outing, {"debrief": "On a revu Younès Ishag."}, "le débrief"),
        (Hindrance, {"account": "Besnard a dû se retirer"}, "l’entrave n°\u00a02"),
        (Incident, {"remarks": "une amie de Maël était là"}, "le lieu n°\u00a04"),
        (Incident, {"place": "devant chez Lou Besnard"}, "le lieu n°\u00a04"),
    ],
)
def test_a_name_anybody_typed_is_refused_with_its_place(
    practice: Desk, record: type, values: dict[str, str], where: str
) -> None:
    change(practice, record, **values)
    with pytest.raises(Fault, match=r"debriefing\.name") as caught:
        debriefing.make(practice, REFERENCE)
    assert where in caught.value.sentence
    assert caught.value.exit_code == ExitCode.BLOCKED


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ("RIO 0990417", True),
        ("RIO 0 990 417", True),
        ("le 099.0417 lu sur un brassard", True),
        ("joindre au 03 21 00 00 00", False),
        ("dossier T-2026-0010, 12 h 20, 150 m", False),
        ("le 15-10-2026", False),
    ],
)
def test_seven_digits_are_refused_and_other_numbers_are_not(practice: Desk, typed: str, refused: bool) -> None:
    change(practice, Outing, debrief=typed)
    if not refused:
        assert typed in said(practice)
        return
    with pytest.raises(Fault, match=r"debriefing\.number") as caught:
        debriefing.make(practice, REFERENCE)
    assert "0990417" not in caught.value.sentence


def test_a_masked_passage_is_not_repeated(practice: Desk) -> None:
    with practice.read() as session:
        version = session.scalars(select(Statement).where(Statement.reference.like("T-%"))).all()[-1].versions[-1]
        words, version_id = "à l’entrée du terrain", version.id
        assert words in version.french_text
    practice.run(
        passages.mark,
        PassageDraft(statement_version_id=version_id, part="french_text", quoted=words, reason="itineraire"),
    )
    change(practice, Outing, debrief=f"L’équipe était {words}.")
    with pytest.raises(Fault, match=r"debriefing\.passage"):
        debriefing.make(practice, REFERENCE)


def test_words_of_the_language_and_names_far_away_stop_nothing(practice: Desk) -> None:
    practice.run(people.save, PersonDraft(given_names="Rose", birth_name="Plage"))
    practice.run(volunteers.save, VolunteerDraft(name="Jo"))
    change(practice, Outing, debrief="La plage était vide. Une couverture rose y restait.")
    assert "couverture rose" in said(practice)


def test_it_leaves_by_the_door_with_a_line_about_whom_it_concerns(practice: Desk, tmp_path: Path) -> None:
    out = tmp_path / "debrief"
    written = sending.write_debriefing(practice, REFERENCE, out)
    assert written.draft
    assert sorted(path.name for path in out.iterdir()) == ["01-debrief.docx", "01-debrief.pdf", "manifeste.json"]
    with practice.read() as session:
        outing = session.scalars(select(Outing)).one()
        left = session.scalars(select(Departure)).one()
        assert (left.outing_id, left.incident_id, left.draft) == (outing.id, None, True)
        assert {each.role for each in left.people} == {"temoin"}
        assert {each.person_id for each in left.people} >= {each.person_id for each in outing.members}
        assert departures.altered(session) == ()
        kept = session.scalars(select(Document)).all()
        assert {each.outing_id for each in kept} == {outing.id}
        assert {each.role for each in kept} == {"debriefing"}


def test_a_kept_one_that_names_somebody_noted_since_is_not_printed_again(practice: Desk, tmp_path: Path) -> None:
    change(practice, Outing, debrief="On a revu Odile Quillaume.")
    sending.write_debriefing(practice, REFERENCE, tmp_path / "debrief")
    with practice.read() as session:
        kept = session.scalars(select(Document.id).where(Document.media_type == PDF)).one()
    printable = printing.of_document(practice, kept)
    assert printable.what is not None
    printed = printing.Printed(frozenset({printable.papers[0].sha256}), 1)
    sending.note_printing(practice, printable.what, printed)  # the control
    practice.run(people.save, PersonDraft(given_names="Odile", birth_name="Quillaume"))
    with pytest.raises(Fault, match=r"debriefing\.name"):
        sending.note_printing(practice, printable.what, printed)


def test_once_read_again_it_is_no_draft(practice: Desk, tmp_path: Path) -> None:
    change(practice, Outing, read_again_on=run.NOW.date())
    pack = debriefing.make(practice, REFERENCE)
    assert not pack.draft
    assert "Chiffres relus : le 16 octobre 2026 par ML." in said(practice)
    change(practice, Outing, convoy="autre chose")
    with pytest.raises(Fault, match=r"pack\.stale"):
        sending.write_pack(practice, pack, tmp_path / "debrief")
    change(practice, Outing, convoy="Inès l’a vu")
    with pytest.raises(Fault, match=r"debriefing\.name"):
        sending.write_pack(practice, pack, tmp_path / "debrief")
    assert not (tmp_path / "debrief").exists()
    with practice.read() as session:
        assert session.scalars(select(Departure)).all() == []


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vault = practice_vault(tmp_path, outing=True)
    (tmp_path / "phrase").write_text(run.PASSPHRASE, encoding="utf-8")
    opened = ["--vault", str(vault), "--passphrase-file", str(tmp_path / "phrase")]
    assert main(["outings", *opened]) == ExitCode.DONE
    assert REFERENCE in capsys.readouterr().out
    assert main(["debrief", REFERENCE, "--out", str(tmp_path / "sortie"), *opened]) == ExitCode.DONE
    assert "01-debrief.docx" in capsys.readouterr().out
    assert main(["debrief", "O-2026-0009", "--out", str(tmp_path / "rien"), *opened]) == ExitCode.BAD_INPUT


def test_an_entry_made_before_there_were_outings_keeps_its_hash() -> None:
    """Written down from the release before: another hash would call every old entry altered."""
    entry = Departure(
        statement_id=uuid.UUID(int=5),
        authority="",
        recipient="essai",
        channel="dossier",
        profile="",
        actor="",
        draft=False,
        note="",
        left_at=dt.datetime(2026, 11, 24, tzinfo=dt.UTC),
        files=[DepartureFile(position=0, name="01.pdf", sha256="e" * 64, size=1, media_type="application/pdf")],
        people=[
            DeparturePerson(
                position=0, role="temoin", described="quelqu’un", clearance="", ground="aucun accord enregistré"
            )
        ],
    )
    old = departures.content_hash(entry)
    assert old == "7fb087250dcad8bd6e1ba5845768d76e7fd2deea4b1241c95e57461ee551c3b0"
    entry.outing_id = uuid.UUID(int=6)
    assert departures.content_hash(entry) != old
