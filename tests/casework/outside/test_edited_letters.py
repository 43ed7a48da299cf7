# SPDX-License-Identifier: GPL-3.0-or-later
"""A letter edited outside: lent, compared, taken back, never lost; what must not be taken is refused."""

import hashlib
import io
import os
import shutil
import uuid
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from forms import preview
from forms.worker import Worker
from hro_desktop.casework import (
    case_documents,
    departures,
    documents,
    edited,
    exhibits,
    frozen,
    journal,
    live_papers,
    outside,
    readings,
)
from hro_desktop.casework.clear_copies import Lent
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.readiness import Reason
from hro_desktop.casework.readings import ReadBackDraft
from hro_desktop.faults import Fault
from hro_desktop.records.documents import Document
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.referrals import Referral
from hro_desktop.vault.work import Work
from tests.casework.outside.support import (
    FORM,
    WORDS,
    W,
    add,
    build,
    codes,
    edit,
    in_body,
    looked_at,
    refused,
    somebody_refused,
    state,
    taken,
    withdraw,
    write_account,
)

pytestmark = pytest.mark.usefixtures("qapp")


def test_a_letter_is_lent_by_the_door(desk: Desk, complaint: uuid.UUID, lent: Lent, folder: Path) -> None:
    assert lent.path.parent == folder
    assert lent.path.name == "S-2026-0001-01-plainte.docx"
    assert hashlib.sha256(lent.path.read_bytes()).hexdigest() == lent.sha256
    assert os.name == "nt" or lent.path.stat().st_mode & 0o077 == 0
    with desk.read() as session:
        (gone,) = departures.of_referral(session, complaint)
        assert gone.channel == "modification"
        assert [each.document_id for each in gone.files] == [lent.document_id]
        assert gone.people
        assert session.get_one(Document, lent.document_id).values_sha256
    assert state(desk, complaint).lent == lent
    again = outside.lend(desk, complaint, FORM, folder).value
    assert again.path.name == "S-2026-0001-01-plainte-2.docx"
    assert lent.path.exists()


def test_nothing_is_lent_inside_the_vault_or_nowhere(desk: Desk, complaint: uuid.UUID, folder: Path) -> None:
    with refused("out.inside_vault"):
        outside.lend(desk, complaint, FORM, desk.vault.folder)
    other = folder / "un autre coffre" / "objets"
    other.mkdir(parents=True)
    (other.parent / "coffre.json").write_text("{}", "utf-8")
    with refused("out.inside_vault"):
        outside.lend(desk, complaint, FORM, other)
    shutil.rmtree(other.parent)
    with refused("out.disk"):
        outside.lend(desk, complaint, FORM, folder / "absent")
    with refused("outside.no_letter"):
        outside.lend(desk, complaint, "bordereau", folder)
    assert list(folder.iterdir()) == []


def test_a_folder_copied_elsewhere_is_told(folder: Path) -> None:
    assert outside.warned(folder) == ""
    for name in ("Dropbox", "Nextcloud (asso)"):
        (folder / name / "lettres").mkdir(parents=True)
        assert "copié ailleurs" in outside.warned(folder / name / "lettres")
    (folder / "lien").symlink_to(folder / "Dropbox", target_is_directory=True)
    assert "copié ailleurs" in outside.warned(folder / "lien")
    (folder / ".stfolder").mkdir()
    (folder / "partage").mkdir()
    assert "copié ailleurs" in outside.warned(folder / "partage")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root writes everywhere")
def test_a_disk_that_refuses_is_noted(desk: Desk, complaint: uuid.UUID, folder: Path) -> None:
    folder.chmod(0o500)
    with refused("out.disk"):
        outside.lend(desk, complaint, FORM, folder)
    assert state(desk, complaint).lent is None


def test_a_full_disk_is_noted_and_leaves_nothing(
    desk: Desk, complaint: uuid.UUID, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = os.open

    def full(path: Any, *given: Any, **named: Any) -> int:
        if str(path).startswith(str(folder)):
            raise OSError(28, "full")
        return really(path, *given, **named)

    monkeypatch.setattr(os, "open", full)
    with refused("out.disk"):
        outside.lend(desk, complaint, FORM, folder)
    assert list(folder.iterdir()) == []
    assert state(desk, complaint).lent is None
    with desk.read() as session:
        assert session.scalars(select(JournalLine).where(JournalLine.action == departures.FAILED)).one()


def test_somebody_who_withdrew_is_not_lent(desk: Desk, complaint: uuid.UUID, folder: Path) -> None:
    desk.run(withdraw, complaint)
    with refused("referral.opposed"):
        outside.lend(desk, complaint, FORM, folder)
    assert list(folder.iterdir()) == []
    with desk.read() as session:
        assert not departures.of_referral(session, complaint)


def test_differences_are_shown_before_anything_is_kept(desk: Desk, complaint: uuid.UUID, lent: Lent) -> None:
    def change(document: Any) -> None:
        first = next(each for each in document.paragraphs if len(each.text) > 80)
        first.runs[0].text = "Autre début. " + first.runs[0].text
        document.add_paragraph(WORDS)

    assert looked_at(desk, lent).same
    edit(lent.path, change)
    found = looked_at(desk, lent)
    assert not found.same
    assert [(each.before, each.after) for each in found.changes][-1] == ("", WORDS)
    assert found.changes[0].after.startswith("Autre début. ")
    assert found.changes[0].before in found.changes[0].after
    assert len(found.changes) == 2
    assert found.pages
    assert codes(found) <= {"edited_in_force"}
    assert state(desk, complaint).versions == ()
    assert state(desk, complaint).lent == lent


def test_it_becomes_the_document_of_record(desk: Desk, complaint: uuid.UUID, lent: Lent, worker: Worker) -> None:
    kept = taken(desk, lent)
    now = state(desk, complaint)
    assert now.in_force is not None
    assert now.in_force.document_id == kept
    assert now.lent is None
    with desk.read() as session:
        row = session.get_one(Document, kept)
        assert (row.role, row.edited_from_id, row.form_id) == ("letter", lent.document_id, FORM)
        data = frozen.opened(desk, kept)
        assert hashlib.sha256(data).hexdigest() == row.stored.sha256 == now.in_force.sha256 != lent.sha256
        actions = set(session.scalars(select(JournalLine.action)))
        assert {"document.taken_back", "document.made"} <= actions
        assert all(journal.words(each) for each in actions)
    pack = documents.make(desk, complaint)
    pdf = next(each for each in pack.files if each.form[0] == FORM and each.media_type == "application/pdf")
    assert squeezed(WORDS) in squeezed(preview.text_of(pdf.data))
    assert any("modifiée hors du programme" in each for each in pack.remarks)
    live = live_papers.live(desk, ("referral", complaint))
    shown = live_papers.paper(live_papers.with_account(live, "Tapé après coup."), FORM, worker)
    assert squeezed(WORDS) in squeezed(preview.text_of(shown))
    assert squeezed("Tapé après coup") not in squeezed(preview.text_of(shown))
    with desk.read() as session:
        case_id = session.get_one(Referral, complaint).parties[0].case_id
        titles = {each.id: each.title for each in case_documents.of_case(session, case_id)}
    assert titles[kept] == "Lettre modifiée hors du programme"


def squeezed(text: str) -> str:
    return "".join(text.split()).replace("-", "").replace("\u2011", "")


def test_a_new_filling_loses_nothing(desk: Desk, complaint: uuid.UUID, lent: Lent) -> None:
    kept = taken(desk, lent)
    before = frozen.opened(desk, kept)
    desk.run(write_account, complaint, "Un tout autre exposé, écrit au dossier.")
    documents.make(desk, complaint, draft=True)
    assert state(desk, complaint).in_force is not None
    desk.run(outside.set_aside, kept)
    assert state(desk, complaint).in_force is None
    filled = documents.make(desk, complaint, draft=True)
    assert "tout autre exposé" in filled.files[0].values
    assert all(each.edited_from is None for each in filled.files)
    desk.run(outside.put_back, kept)
    assert state(desk, complaint).in_force is not None
    assert frozen.opened(desk, kept) == before


def test_what_the_records_say_since_is_told_until_somebody_looked(desk: Desk, complaint: uuid.UUID, lent: Lent) -> None:
    kept = taken(desk, lent)
    assert state(desk, complaint).differences == ()
    desk.run(write_account, complaint, "Un tout autre exposé.")
    (difference,) = state(desk, complaint).differences
    assert difference.after == "Un tout autre exposé."
    assert difference.before
    todo = next(each for each in build(desk, complaint).todos if "ne suit plus le dossier" in each.sentence)
    assert (todo.part, todo.level) == ("text", "wait")
    with refused("version.waits"):
        frozen.freeze(desk, complaint)
    outside.confirm(desk, kept)
    assert state(desk, complaint).differences == ()
    assert frozen.freeze(desk, complaint)


def test_a_value_written_in_the_letter_too_is_no_difference(desk: Desk, complaint: uuid.UUID, lent: Lent) -> None:
    taken(desk, lent, "Un exposé corrigé aux deux endroits.")
    desk.run(write_account, complaint, "Un exposé corrigé aux deux endroits.")
    assert state(desk, complaint).differences == ()


def test_a_sentence_taken_out_of_the_records_is_told_while_the_letter_says_it(
    desk: Desk, complaint: uuid.UUID, lent: Lent
) -> None:
    taken(desk, lent)
    with desk.read() as session:
        told = session.get_one(Referral, complaint).account
    desk.run(write_account, complaint, told.rpartition(". ")[0] + ".")
    assert [each.before for each in state(desk, complaint).differences] != []


def test_frozen_as_it_was_edited_and_then_for_ever(desk: Desk, complaint: uuid.UUID, lent: Lent) -> None:
    kept = taken(desk, lent)
    version = frozen.freeze(desk, complaint).value
    letters = [each for each in version.papers if each.role == "letter"]
    data = {each.id: frozen.opened(desk, each.id) for each in letters}
    assert frozen.opened(desk, kept) in data.values()
    assert state(desk, complaint).in_force is not None  # the sealed copies are no versions of their own
    assert len(state(desk, complaint).versions) == 1
    for paper in letters:
        with pytest.raises((DatabaseError, Fault)):
            desk.run(outside.set_aside, paper.id)
        with pytest.raises(DatabaseError):
            desk.run(stale, paper.id)
    desk.run(outside.set_aside, kept)
    assert {each.id: frozen.opened(desk, each.id) for each in letters} == data


def stale(work: Work, document: uuid.UUID) -> None:
    work.session.get_one(Document, document).values_json = "{}"
    work.session.flush()


def test_citations_are_checked_against_the_schedule(desk: Desk, complaint: uuid.UUID, lent: Lent) -> None:
    add(lent.path, "Voir les pièces n°\u00a01 à 3, les P.J. 95 à 97 et la pièce 99.")
    found = looked_at(desk, lent)
    assert [each.sentence for each in found.problems if each.code == "edited_citation"] == [
        "La lettre modifiée dehors cite les pièces n°\u00a095 à 97 et 99, qui ne sont pas au bordereau."
    ]
    edit(lent.path, lambda document: document.paragraphs[-1].clear())
    add(lent.path, "Voir les pièces n°\u00a01 à 3 et la pièce n° 98.")
    found = looked_at(desk, lent)
    assert [each.sentence for each in found.problems if each.code == "edited_citation"] == [
        "La lettre modifiée dehors cite la pièce n°\u00a098, qui n’est pas au bordereau."
    ]
    with desk.read() as session:
        moved = exhibits.lists(session, complaint)[-1].exhibits[0].evidence_id
    desk.run(exhibits.move, complaint, moved, 3)
    found = looked_at(desk, lent)
    assert any("est devenue la n°" in each.sentence for each in found.problems if each.code == "edited_moved")


def test_an_exhibit_taken_out_while_a_letter_cites_it(desk: Desk, complaint: uuid.UUID, lent: Lent) -> None:
    with desk.read() as session:
        last = documents.situation(session, desk, session.get_one(Referral, complaint)).said.numbered[-1]
    kept = taken(desk, lent, f"Voir la pièce {last.number}.")
    desk.run(exhibits.remove, complaint, last.evidence.id)
    said = [each.sentence for each in state_findings(desk, complaint) if each.code == "edited_citation"]
    assert f"cite la pièce n°\u00a0{last.number}, qui n’est pas au bordereau" in said[0]
    assert frozen.opened(desk, kept)
    with refused("version.waits"):
        frozen.freeze(desk, complaint)


def state_findings(desk: Desk, referral: uuid.UUID) -> list[Reason]:
    with desk.read() as session:
        found = documents.situation(session, desk, session.get_one(Referral, referral))
    return [reason for each in found.states for reason in each.reasons]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("pièce n° 3", (3,)),
        ("Pièces n°\u00a02, 4 et 6 à 8", (2, 4, 6, 7, 8)),
        ("les pièces nos 1-2 ; n° 7 du registre", (1, 2)),
        ("pièce 4, n° 5", (4, 5)),
        ("pièce 99", (99,)),
        ("pièces jointes 98", (98,)),
        ("P.J. n°\u00a097, PJ 96 et PJ n°95", (95, 96, 97)),
        ("pièces 3 et 98", (3, 98)),
        ("pièces n°s 1 à 99", tuple(range(1, 100))),
        ("PIE\u0300CE NUMÉRO 7", (7,)),
        ("pièces annexées n° 1, 2, et n° 4", (1, 2, 4)),
        ("pièce n° 3, 14 octobre 2026, à 12 h, 5 rue du Puits", (3,)),
        ("une pièce de 20 m², 2 pièces 45 m², pièces 12/10/2026", ()),
        ("pièces d’identité 3, quatre pièces", ()),
        ("pièce n° 9999 à 1", (1, 9999)),
    ],
)
def test_citations_in_words(text: str, numbers: tuple[int, ...]) -> None:
    assert edited.cited(text) == numbers


def test_a_name_that_may_not_leave_is_shown_with_its_reason(desk: Desk, complaint: uuid.UUID, lent: Lent) -> None:
    desk.run(somebody_refused)
    add(lent.path, "C’est Zéphirine Quarantecinq qui l’a vu.")
    found = looked_at(desk, lent)
    (reason,) = [each for each in found.problems if each.code == "refused_named"]
    assert "lettre modifiée hors du programme" in reason.sentence
    outside.take_back(desk, found)
    with refused("referral.blocked"):
        documents.make(desk, complaint)
    with refused("referral.opposed"):
        documents.make_letters(desk, complaint)


def test_blanks_and_broken_fields_wait(desk: Desk, complaint: uuid.UUID, lent: Lent) -> None:
    add(lent.path, "Né le [à compléter\u00a0: jour], {{ person.name }}. Erreur\u00a0! Source du renvoi introuvable.")
    in_body(
        lent.path,
        f'<w:p xmlns:w="{W}"><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF nulle </w:instrText>'
        "</w:r><w:r><w:t>sans fin</w:t></w:r></w:p>",
    )
    found = looked_at(desk, lent)
    assert codes(found) == {"edited_blank", "edited_field"}
    assert "person.name" in " ".join(each.sentence for each in found.problems)
    outside.take_back(desk, found)
    with refused("version.waits"):
        frozen.freeze(desk, complaint)


def test_traces_are_cleaned_and_told(desk: Desk, lent: Lent) -> None:
    in_body(
        lent.path,
        f'<w:p xmlns:w="{W}"><w:ins w:author="Camille Fictive" w:id="1"><w:r><w:t>ajouté</w:t></w:r></w:ins>'
        '<w:del w:author="Camille Fictive" w:id="2"><w:r><w:delText>biffure</w:delText></w:r></w:del></w:p>',
    )
    edit(lent.path, with_properties)
    found = looked_at(desk, lent)
    assert any("modifications suivies" in each for each in found.notes)
    assert any("commentaires" in each for each in found.notes)
    kept = outside.take_back(desk, found).value
    with zipfile.ZipFile(io.BytesIO(frozen.opened(desk, kept))) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Fictive" not in everything
    assert "ajouté".encode() in everything
    assert b"biffure" not in everything


def with_properties(document: Any) -> None:
    document.core_properties.author = "Camille Fictive"
    document.core_properties.last_modified_by = "Camille Fictive"
    last = document.paragraphs[-1]
    document.add_comment(last.add_run("avec un mot"), text="à revoir", author="Camille Fictive")


def test_a_draft_says_so_and_stops_saying_it(desk: Desk, complaint: uuid.UUID, folder: Path) -> None:
    desk.run(write_account, complaint, "")
    lent = outside.lend(desk, complaint, FORM, folder).value
    assert lent.draft
    assert "BROUILLON" in headers(lent.path.read_bytes())
    kept = taken(desk, lent)
    assert "BROUILLON" not in headers(frozen.opened(desk, kept))
    draft = documents.make(desk, complaint, draft=True)
    letter = next(each for each in draft.files if each.form[0] == FORM and each.name.endswith(".pdf"))
    assert "BROUILLON" in preview.text_of(letter.data)


def headers(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    return "\n".join(each.text for section in document.sections for each in section.header.paragraphs)


def test_a_mark_is_written_even_without_a_header(desk: Desk, complaint: uuid.UUID, folder: Path) -> None:
    desk.run(write_account, complaint, "")
    lent = outside.lend(desk, complaint, FORM, folder).value
    edit(lent.path, without_headers)
    outside.take_back(desk, looked_at(desk, lent))
    draft = documents.make(desk, complaint, draft=True)
    letter = next(each for each in draft.files if each.form[0] == FORM and each.name.endswith(".pdf"))
    shown = preview.text_of(letter.data)
    assert "BROUILLON" in shown
    assert "EXERCICE" in shown


def without_headers(document: Any) -> None:
    shape = document.sections[0]._sectPr
    for each in [child for child in shape if child.tag.endswith(("headerReference", "footerReference"))]:
        shape.remove(each)
    for rel in [each for each in document.part.rels.values() if each.reltype.endswith(("/header", "/footer"))]:
        document.part.drop_rel(rel.rId)


def test_edited_twice(desk: Desk, complaint: uuid.UUID, lent: Lent, folder: Path) -> None:
    first = taken(desk, lent)
    again = outside.lend(desk, complaint, FORM, folder).value
    assert WORDS in [each.text for each in docx.Document(str(again.path)).paragraphs]
    second = taken(desk, again, "Encore une phrase.")
    now = state(desk, complaint)
    assert [(each.document_id, each.in_force) for each in now.versions] == [(second, True), (first, False)]
    late = looked_at(desk, lent)
    assert any("Une autre version" in each for each in late.notes)
    assert [(each.before, each.after) for each in late.changes] == [("Encore une phrase.", "")]  # what it would lose
    desk.run(outside.put_back, first)
    assert [each.in_force for each in state(desk, complaint).versions] == [False, True]


@pytest.mark.parametrize("meanwhile", ["taken", "set_aside", "put_back"])
def test_an_older_comparison_replaces_nothing(desk: Desk, complaint: uuid.UUID, lent: Lent, meanwhile: str) -> None:
    first = taken(desk, lent, "Une première phrase.")
    if meanwhile == "put_back":
        desk.run(outside.set_aside, first)
    add(lent.path, "Une seconde phrase.")
    old = looked_at(desk, lent)
    if meanwhile == "taken":  # in another window
        add(lent.path, "Une troisième phrase.")
        newest = outside.take_back(desk, looked_at(desk, lent)).value
    else:
        desk.run(getattr(outside, meanwhile), first)
        newest = first
    before = state(desk, complaint)
    with refused("outside.superseded"):
        outside.take_back(desk, old)
    assert state(desk, complaint) == before
    assert meanwhile == "set_aside" or before.in_force is not None
    assert before.in_force is None or before.in_force.document_id == newest
    again = looked_at(desk, lent)
    assert again.newer == (meanwhile != "set_aside")
    outside.take_back(desk, again)


def test_a_reading_is_of_the_edited_words(desk: Desk, complaint: uuid.UUID, lent: Lent) -> None:
    party = build(desk, complaint).parties[0]
    note = ReadBackDraft(id=party.id, read_back_on=desk.today(), read_back_language="ar")
    desk.run(readings.note_read_back, note, readings.said(desk, complaint), desk.today())
    kept = taken(desk, lent)
    found = build(desk, complaint).parties[0].read_back
    assert found is not None
    assert found.stale
    desk.run(outside.set_aside, kept)
    found = build(desk, complaint).parties[0].read_back
    assert found is not None
    assert not found.stale


def test_consent_withdrawn_meanwhile(desk: Desk, complaint: uuid.UUID, lent: Lent) -> None:
    add(lent.path)
    desk.run(withdraw, complaint)
    kept = outside.take_back(desk, looked_at(desk, lent)).value  # nothing edited is lost
    assert frozen.opened(desk, kept)
    with pytest.raises(Fault):
        documents.make(desk, complaint)
    with refused("referral.opposed"):
        outside.lend(desk, complaint, FORM, lent.path.parent)
