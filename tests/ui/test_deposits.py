# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that come in, the bad ones among them: each has its fate, what is said of the lot is kept, nothing stalls."""

import os
import shutil
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from hro_desktop.casework import deposit_notes, drafts, editing
from hro_desktop.casework.deposit_notes import DepositNoteDraft
from hro_desktop.casework.volunteers import VolunteerDraft
from hro_desktop.records.cases import Case
from hro_desktop.records.evidence import Evidence
from hro_desktop.vault import checks, reserve
from tests.media.made import picture
from tests.support.practice import practice_vault
from tests.ui.conftest import OpenPractice, Stage, unlock
from tests.ui.test_evidence import arrive, drop, pour, stand_on, words
from tests.vault.support import fill, small_disk
from ui.drops import local_paths
from ui.main_window import MainWindow
from ui.pages.case import CasePage
from ui.pages.case_lists import EvidencePart
from ui.pages.evidence import EvidencePage
from ui.pages.incident import IncidentPage
from ui.pages.page import Place
from ui.workspace import Workspace

MakeStage = Callable[..., Stage]
LONG = 60_000
Opened = tuple[Stage, MainWindow, Workspace]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="no such files on Windows")


@pytest.fixture
def opened(open_practice: OpenPractice) -> Opened:
    return open_practice()


@pytest.fixture
def card(tmp_path: Path) -> Path:
    folder = tmp_path / "carte"
    folder.mkdir()
    (folder / "IMG_1.jpg").write_bytes(picture(comment=b"1"))
    (folder / "note.txt").write_text("Deux fourgons.")
    return folder


def evidence_page(qtbot: QtBot, workspace: Workspace) -> EvidencePage:
    return arrive(qtbot, workspace, Place("evidence"))


def bad_files(folder: Path) -> dict[str, str]:
    """One of each kind of bad file; gives what must be said of those that are refused, by the name shown."""
    folder.mkdir(exist_ok=True)
    (folder / "cassee.jpg").write_bytes(picture()[:900])
    (folder / "casse.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog")
    (folder / "vide.jpg").touch()
    (folder / "boucle").symlink_to(folder / "boucle")
    (folder / "ailleurs").symlink_to(folder.parent, target_is_directory=True)
    os.mkfifo(folder / "tube")
    (folder / ("n" * 250 + ".txt")).write_text("nom long")
    (folder / "photo\u202egpj.exe").write_text("sens renversé")
    (folder / "ligne\nen deux.txt").write_text("saut de ligne")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text("nom qui n’est pas en UTF-8")
    (folder / "Thumbs.db").write_text("x")
    refused = {
        "vide.jpg": "vide",
        "boucle": "raccourci",
        "ailleurs": "raccourci",
        "tube": "pas un fichier ordinaire",
        "Thumbs.db": "service",
    }
    (folder / "fermee.jpg").write_bytes(picture(comment=b"fermee"))
    (folder / "fermee.jpg").chmod(0)
    if os.geteuid() != 0:
        refused["fermee.jpg"] = "ne peut pas être lu"
    return refused


# ---- linked to where they were dropped


@pytest.mark.parametrize("door", ["drop", "button"])
def test_files_dropped_on_a_case_serve_it(qtbot: QtBot, opened: Opened, card: Path, door: str) -> None:
    stage, window, workspace = opened
    assert window.vault is not None
    with window.vault.desk.read() as session:
        case_id = session.scalars(select(Case.id)).first()
    workspace.go_to(Place("case", case_id, "evidence"))
    page = workspace.page
    assert isinstance(page, CasePage)
    qtbot.waitUntil(lambda: page.head is not None, timeout=LONG)
    part = page.present
    assert isinstance(part, EvidencePart)
    with qtbot.waitSignal(part.report.ended, timeout=LONG):
        if door == "drop":
            drop(part, card / "note.txt", card / "IMG_1.jpg")
        else:
            stage.ask._answers.append((card / "note.txt", card / "IMG_1.jpg"))
            part.files_action.setFocus()
            qtbot.keyClick(part.files_action, Qt.Key.Key_Space)
    assert part.report.text == "2\u00a0pièces versées."
    qtbot.waitUntil(lambda: {"note.txt", "IMG_1.jpg"} <= {each.title for each in part.lines}, timeout=LONG)
    with part.desk.read() as session:
        for item in session.scalars(select(Evidence).where(Evidence.title.in_(("note.txt", "IMG_1.jpg")))):
            assert [tie.case_id for tie in item.cases] == [case_id]
    part.report.table.setFocus()
    qtbot.keyClick(part.report.table, Qt.Key.Key_Return)
    assert isinstance(workspace.page, EvidencePage)


def test_files_dropped_on_facts_show_them(qtbot: QtBot, opened: Opened, card: Path) -> None:
    _, _, workspace = opened
    workspace.go_to(Place("incidents"))
    qtbot.waitUntil(lambda: workspace.page._wanted is not None, timeout=LONG)  # type: ignore[union-attr]
    incident_id = workspace.page._wanted  # type: ignore[union-attr]
    workspace.go_to(Place("incident", incident_id))
    page = workspace.page
    assert isinstance(page, IncidentPage)
    qtbot.waitUntil(lambda: page._known, timeout=LONG)
    with qtbot.waitSignal(page.report.ended, timeout=LONG):
        drop(page, card)
    qtbot.waitUntil(lambda: "note.txt" in words(page), timeout=LONG)
    with page.desk.read() as session:
        item = session.scalars(select(Evidence).where(Evidence.title == "note.txt")).one()
        assert [tie.incident_id for tie in item.incidents] == [incident_id]
    fresh = uuid.uuid4()
    workspace.go_to(Place("incident", fresh))
    page = workspace.page
    assert isinstance(page, IncidentPage)
    drop(page, card)
    assert "Notez d’abord" in page.problem
    assert not page.report.busy


# ---- where they come from, and who did what


def test_where_a_lot_comes_from_is_said_once_for_all(qtbot: QtBot, opened: Opened, card: Path) -> None:
    page = evidence_page(qtbot, opened[2])
    pour(qtbot, page, card)
    report = page.report
    report._fold.setFocus()
    qtbot.keyClick(report._fold, Qt.Key.Key_Space)
    form = report.lot.form
    qtbot.waitUntil(form.isVisible)
    qtbot.keyClicks(form.field("given_by").input, "Voisine du camp")
    qtbot.keyClicks(form.field("received_on").input, "12/10/2026")
    qtbot.keyClicks(form.field("device").input, "Fairphone")
    qtbot.keyClicks(form.field("remark").input, "Originaux rendus")
    report.on_close_clicked()

    def noted(title: str) -> Evidence:
        with page.desk.read() as session:
            return session.scalars(select(Evidence).where(Evidence.title == title)).one()

    expected = "Remise par\u00a0: Voisine du camp\nAppareil\u00a0: Fairphone\nRemarque\u00a0: Originaux rendus"
    for title in ("note.txt", "IMG_1.jpg"):
        qtbot.waitUntil(lambda title=title: noted(title).note == expected, timeout=LONG)  # type: ignore[misc]
        assert f"{noted(title).received_on:%d/%m/%Y}" == "12/10/2026"
    with page.desk.read() as session:
        assert drafts.pending(session) == ()
    stand_on(qtbot, page, "note.txt")
    page.pane.show_tab("describe")
    note = page.pane.editor.form.field("note").input
    qtbot.waitUntil(lambda: note.raw() == expected, timeout=LONG)
    note.setFocus()
    qtbot.keyClick(note, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(note, ", un seul fichier")
    page.pane.editor.save()
    qtbot.waitUntil(lambda: noted("note.txt").note.endswith("un seul fichier"), timeout=LONG)
    assert noted("IMG_1.jpg").note == expected


def test_what_is_said_of_a_lot_replaces_only_itself(qtbot: QtBot, opened: Opened, card: Path) -> None:
    page = evidence_page(qtbot, opened[2])
    pour(qtbot, page, card)
    desk, items = page.desk, list(page.report.lot.items)
    first = DepositNoteDraft(id=uuid.uuid4(), given_by="A.", source="clé USB")
    desk.run(deposit_notes.annotate, first, items, DepositNoteDraft())
    with desk.read() as session:
        draft = editing.read(session, "evidence", items[0])
    draft.note += "\nÀ voir avec l’avocate"
    desk.run(editing.write, "evidence", draft)
    desk.run(deposit_notes.annotate, DepositNoteDraft(id=first.id, given_by="B."), items, first)
    with desk.read() as session:
        notes = [session.get_one(Evidence, each).note for each in items]
    assert notes == ["Remise par\u00a0: B.\nÀ voir avec l’avocate", "Remise par\u00a0: B."]


def test_the_words_of_a_lot_survive_a_lock(
    qtbot: QtBot, opened: Opened, make_stage: MakeStage, tmp_path: Path, card: Path
) -> None:
    _, window, workspace = opened
    page = evidence_page(qtbot, workspace)
    pour(qtbot, page, card)
    page.report._fold.click()
    qtbot.keyClicks(page.report.lot.form.field("given_by").input, "Voisine")
    qtbot.keyClicks(page.report.lot.form.field("received_on").input, "pas une date")
    window.lock()
    again = make_stage().window(qtbot, tmp_path / "coffre")
    page = evidence_page(qtbot, unlock(qtbot, again))
    form = page.report.lot.form
    qtbot.waitUntil(lambda: form.field("given_by").input.text() == "Voisine", timeout=LONG)
    assert "2\u00a0pièces" in page.report.text
    assert form.field("received_on").input.text() == "pas une date"
    form.field("received_on").input.setText("")
    page.report.on_close_clicked()

    def left() -> int:
        with page.desk.read() as session:
            return len(drafts.pending(session))

    qtbot.waitUntil(lambda: left() == 0, timeout=LONG)
    again.close()


def test_the_history_of_an_item_says_who(qtbot: QtBot, opened: Opened, card: Path) -> None:
    page = evidence_page(qtbot, opened[2])
    desk = page.desk
    desk.run(
        editing.write, "volunteer", VolunteerDraft(id=uuid.uuid4(), name="Pseudo Marée", slot_id=desk.vault.slot_id)
    )
    pour(qtbot, page, card / "note.txt")
    stand_on(qtbot, page, "note.txt")
    qtbot.waitUntil(lambda: "Versée dans le coffre\nPseudo Marée" in words(page.pane), timeout=LONG)
    page.pane.verify_action.click()
    qtbot.waitUntil(lambda: "empreinte conforme\nPseudo Marée" in words(page.pane), timeout=LONG)


# ---- bad files


@POSIX
def test_every_bad_file_has_its_fate(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    page = evidence_page(qtbot, opened[2])
    refused = bad_files(tmp_path / "carte")
    with qtbot.waitSignal(page.report.ended, timeout=LONG) as ended:
        drop(page, *sorted((tmp_path / "carte").iterdir()))
    told = {each.name: each for each in ended.args[0]}
    assert {name for name, each in told.items() if each.fate == "refused"} == set(refused)
    assert all(words_ in told[name].why for name, words_ in refused.items())
    assert {"photo⟦U+202E⟧gpj.exe", "caf⟦E9⟧.txt", "ligne⟦U+000A⟧en deux.txt", "cassee.jpg", "casse.pdf"} <= {
        name for name, each in told.items() if each.fate == "deposited"
    }
    report = page.report
    assert report.pills["refused"].isChecked()
    assert report.table.model().rowCount() == len(refused)
    lines = report.table.model()
    qtbot.waitUntil(lambda: bool(lines.index(0, 2).data()), timeout=LONG)
    assert all(lines.index(at, 2).data() for at in range(len(refused)))
    seen = []
    report.table.setFocus()
    for _ in refused:
        seen.append(report._why.text())
        qtbot.keyClick(report.table, Qt.Key.Key_Down)
    assert len(seen) == len(refused)
    assert all(seen)
    report.pills["refused"].click()
    report.pills["deposited"].click()
    assert report.table.model().rowCount() == len(told) - len(refused)
    for title in ("cassee.jpg", "casse.pdf"):
        stand_on(qtbot, page, title)
        assert page.viewer.sentence, title
    stand_on(qtbot, page, "photo⟦U+202E⟧")
    assert "renversent le sens" in words(page.pane)


@POSIX
@pytest.mark.slow
def test_five_thousand_files_with_bad_ones_among_them(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    """The window answers all along, the deposit can be stopped, taken up again, and every file has its fate."""
    page = evidence_page(qtbot, opened[2])
    folder = tmp_path / "carte"
    refused = bad_files(folder)
    count = 5000
    for number in range(count - len(list(folder.iterdir()))):
        (folder / f"{number:04}.txt").write_text(f"n° {number}")
    beats: list[float] = []
    with qtbot.waitSignal(page.report.ended, timeout=10 * LONG) as ended:
        drop(page, folder)
        qtbot.waitUntil(lambda: "%" in page.report.text, timeout=LONG)
        for _ in range(40):
            before = time.perf_counter()
            page.look.setText("tente")
            page.on_look_edited("tente")
            qtbot.wait(10)
            beats.append(time.perf_counter() - before)
        page.look.setText("")
        qtbot.mouseClick(page.report.stop_action, Qt.MouseButton.LeftButton)
    first = Counter(each.fate for each in ended.args[0])
    assert sum(first.values()) == count
    assert first["deposited"] > 0
    assert first["left"] > 4000
    assert max(beats) < 1.0, "a machine shared by eight; scripts/bench_stall.py measures it"
    table = page.report.table
    assert table.model().rowCount() == first["left"] + first["refused"]
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert page.report._why.text() == "Le versement a été arrêté avant ce fichier."

    kept = [each.path for each in ended.args[0] if each.fate == "left"]
    gone = [path for path in kept if path is not None and path.suffix == ".txt" and path.name[:4].isdecimal()][:-100]
    for path in gone:
        path.unlink()
    with qtbot.waitSignal(page.report.ended, timeout=5 * LONG) as ended:
        qtbot.mouseClick(page.report.again_action, Qt.MouseButton.LeftButton)
    fates = Counter(each.fate for each in ended.args[0])
    assert fates["refused"] == len(gone) + len(refused)
    assert fates["left"] == 0
    assert table.model().rowCount() == fates["refused"]
    with page.desk.read() as session:
        there = session.scalar(select(func.count()).select_from(Evidence)) or 0
    assert there >= first["deposited"] + fates["deposited"]
    assert checks.verify(page.desk.vault).sound


def test_a_file_that_goes_or_changes_while_it_is_read(
    qtbot: QtBot, opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A film still being copied, a card pulled out: said for that file, the others come in."""
    page = evidence_page(qtbot, opened[2])
    folder = tmp_path / "carte"
    folder.mkdir()
    for name in ("a-grandit.mp4", "b-part.mp4", "c-reste.txt"):
        (folder / name).write_bytes(os.urandom(3_000_000))
    stage = page.desk.vault.objects.stage

    def meddling(source, progress=None, cancelled=None):  # type: ignore[no-untyped-def]
        def meddle(done: int) -> None:
            with (folder / "a-grandit.mp4").open("ab") as file:
                file.write(b"x")
            (folder / "b-part.mp4").unlink(missing_ok=True)
            if progress:
                progress(done)

        return stage(source, meddle, cancelled)

    monkeypatch.setattr(type(page.desk.vault.objects), "stage", staticmethod(meddling))
    with qtbot.waitSignal(page.report.ended, timeout=LONG) as ended:
        drop(page, folder)
    told = {each.name: each for each in ended.args[0]}
    assert "changeait pendant sa lecture" in told["a-grandit.mp4"].why
    assert "n’est plus là" in told["b-part.mp4"].why
    assert told["c-reste.txt"].fate == "deposited"
    assert list((page.desk.vault.folder / "sas").iterdir()) == []


@POSIX
def test_a_full_disk_says_what_was_kept_and_what_to_do(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> None:
    with small_disk(24 * 1024) as disk:
        folder = disk / "coffre"
        made = practice_vault(tmp_path)
        (made / reserve.NAME).unlink()
        shutil.move(made, folder)
        window = make_stage().window(qtbot, folder)
        page = evidence_page(qtbot, unlock(qtbot, window))
        card = tmp_path / "carte"
        card.mkdir()
        for number in range(6):
            (card / f"{number}.bin").write_bytes(os.urandom(1_000_000))
        filler = fill(disk, leave=3_000_000)
        pour(qtbot, page, card)
        told = Counter(each.fate for each in page.report._told)
        assert told["deposited"] >= 1
        assert told["left"] >= 2
        qtbot.waitUntil(lambda: "Libérez de la place" in words(page.report), timeout=LONG)
        assert "ceux d’avant sont gardés" in words(page.report)
        filler.unlink()
        with qtbot.waitSignal(page.report.ended, timeout=LONG):
            page.report.again_action.click()
        assert "pas encore" not in page.report.text
        with page.desk.read() as session:
            assert len(list(session.scalars(select(Evidence).where(Evidence.title.endswith(".bin"))))) == 6
        assert checks.verify(page.desk.vault).sound
        window.close()


@POSIX
def test_what_is_typed_on_a_full_disk_stays_on_the_screen(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> None:
    with small_disk(24 * 1024) as disk:
        folder = disk / "coffre"
        made = practice_vault(tmp_path)
        (made / reserve.NAME).unlink()
        shutil.move(made, folder)
        window = make_stage().window(qtbot, folder)
        page = evidence_page(qtbot, unlock(qtbot, window))
        page.pane.show_tab("describe")
        editor = page.pane.editor
        qtbot.waitUntil(lambda: editor.record == page.wanted and editor.form.isEnabled(), timeout=LONG)
        filler = fill(disk)
        note = editor.form.field("note").input
        note.setFocus()
        qtbot.keyClicks(note, "mot " * 400)
        editor.save()
        qtbot.waitUntil(lambda: "plein" in editor.problem, timeout=LONG)
        assert "Libérez de la place" in editor.problem
        assert note.raw() == "mot " * 400
        assert editor.dirty
        filler.unlink()
        editor.save()
        qtbot.waitUntil(lambda: not editor.dirty and not editor.problem, timeout=LONG)
        window.close()


@POSIX
def test_an_address_keeps_the_bytes_of_a_name() -> None:
    url = QUrl.fromEncoded(b"file:///tmp/caf%E9%20%25.txt")
    assert local_paths([url, QUrl("https://exemple.org/x")]) == (Path(os.fsdecode(b"/tmp/caf\xe9 %.txt")),)
