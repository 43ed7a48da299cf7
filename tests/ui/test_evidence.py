# SPDX-License-Identifier: GPL-3.0-or-later
"""Pièces: files come in by every door, are described, proved, copied and masked; nothing stays."""

import gc
import os
import time
import weakref
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest
import shiboken6
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from hro_desktop.casework import deposits, evidence_facts
from hro_desktop.casework.deposits import Links
from hro_desktop.records.cases import Case
from hro_desktop.records.evidence import Evidence
from tests.media.made import exif, picture
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage, flush_deletes, still, unlock, words
from ui.main_window import MainWindow
from ui.pages.evidence import EvidencePage
from ui.pages.evidence_deposit import summary
from ui.pages.page import Place
from ui.workspace import Workspace

MakeStage = Callable[..., Stage]
LONG = 60_000
Opened = tuple[Stage, MainWindow, Workspace, EvidencePage]


def arrive(qtbot: QtBot, workspace: Workspace, place: Place) -> EvidencePage:
    workspace.go_to(place)
    page = workspace.page
    assert isinstance(page, EvidencePage)
    qtbot.waitUntil(lambda: page.viewer.item is not None, timeout=LONG)
    settled(qtbot, page)
    return page


def settled(qtbot: QtBot, page: EvidencePage) -> None:
    qtbot.waitUntil(lambda: page.viewer._loaded is not None, timeout=LONG)


@pytest.fixture
def opened(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> Iterator[Opened]:
    stage = make_stage()
    window = stage.window(qtbot, practice_vault(tmp_path))
    workspace = unlock(qtbot, window)
    yield stage, window, workspace, arrive(qtbot, workspace, Place("evidence"))
    window.close()


@pytest.fixture
def card(tmp_path: Path) -> Path:
    folder = tmp_path / "carte"
    folder.mkdir()
    (folder / "IMG_8841.jpg").write_bytes(picture(size=(800, 600), exif=exif()))
    (folder / "note.txt").write_text("Vu de la route.\nDeux fourgons.")
    (folder / "vide.jpg").touch()
    return folder


def rows_of(page: EvidencePage) -> int:
    return page.table.model().rowCount()


def stand_on(qtbot: QtBot, page: EvidencePage, words: str) -> None:
    def found() -> int:
        for at in range(rows_of(page)):
            page.table.model().index(at, 0).data()
            row = page._model.row_at(at)
            if row is not None and words in row.title:
                return at
        return -1

    qtbot.waitUntil(lambda: found() >= 0, timeout=LONG)
    page.table.selectRow(found())
    qtbot.waitUntil(lambda: page.viewer.item is not None and words in page.viewer.item.title, timeout=LONG)
    settled(qtbot, page)


def pour(qtbot: QtBot, page: EvidencePage, *paths: Path) -> None:
    with qtbot.waitSignal(page.report.ended, timeout=LONG):
        page.deposit(paths)
    qtbot.waitUntil(lambda: not page.report.busy, timeout=LONG)


def drop(target: QWidget, *paths: Path, elsewhere: str = "") -> None:
    """As a file manager does: addresses with the bytes of the names."""
    data = QMimeData()
    data.setUrls(
        [QUrl.fromEncoded(b"file://" + quote(os.fsencode(path)).encode()) for path in paths]
        + ([QUrl(elsewhere)] if elsewhere else [])
    )
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), copy, data, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(target, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(5, 5), copy, data, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(target, event)
    assert event.isAccepted()


# ---- coming in


@pytest.mark.parametrize("door", ["files", "folder", "drop"])
def test_files_come_in_by_every_door(qtbot: QtBot, opened: Opened, card: Path, door: str) -> None:
    stage, _, _, page = opened
    before = rows_of(page)
    with qtbot.waitSignal(page.report.ended, timeout=LONG):
        if door == "files":
            stage.ask._answers.append(tuple(sorted(card.iterdir())))
            page.files_action.setFocus()
            qtbot.keyClick(page.files_action, Qt.Key.Key_Space)
        elif door == "folder":
            stage.ask._answers.append(card)
            qtbot.mouseClick(page.folder_action, Qt.MouseButton.LeftButton)
        else:
            drop(page, card, elsewhere="https://exemple.org/ailleurs.jpg")
    assert page.report.text == "2\u00a0pièces versées, 1\u00a0refusée."
    qtbot.waitUntil(lambda: "Le fichier est vide" in words(page.report), timeout=LONG)
    qtbot.waitUntil(lambda: rows_of(page) == before + 2, timeout=LONG)
    qtbot.waitUntil(lambda: page.viewer.item is not None and page.viewer.item.title == "note.txt", timeout=LONG)
    settled(qtbot, page)
    assert page.viewer._text.toPlainText() == "Vu de la route.\nDeux fourgons."
    assert sorted(path.name for path in card.iterdir()) == ["IMG_8841.jpg", "note.txt", "vide.jpg"]
    page.report.on_close_clicked()
    assert not page.report.isVisible()


def test_nobody_answers_and_nothing_happens(qtbot: QtBot, opened: Opened) -> None:
    stage, _, _, page = opened
    stage.ask._answers += [None, None]
    page.files_action.click()
    page.folder_action.click()
    assert not page.report.busy
    assert not page.report.isVisible()


def test_what_is_there_already_is_said_and_shown(qtbot: QtBot, opened: Opened, card: Path) -> None:
    page = opened[3]
    before = rows_of(page)
    pour(qtbot, page, card)
    qtbot.waitUntil(lambda: rows_of(page) == before + 2, timeout=LONG)
    pour(qtbot, page, card / "IMG_8841.jpg")
    assert page.report.text == "1\u00a0déjà dans le coffre."
    qtbot.waitUntil(lambda: page.viewer.item is not None and page.viewer.item.title == "IMG_8841.jpg", timeout=LONG)
    assert rows_of(page) == before + 2


def test_a_page_come_to_for_a_case_links_what_comes_in(qtbot: QtBot, opened: Opened, card: Path) -> None:
    _, _, workspace, page = opened
    with page.desk.read() as session:
        case = session.scalars(select(Case.id)).first()
    assert case is not None
    page = arrive(qtbot, workspace, Place("evidence", given=Links(cases=(case,))))
    pour(qtbot, page, card / "note.txt")
    with page.desk.read() as session:
        item = session.scalars(select(Evidence).where(Evidence.title == "note.txt")).one()
        assert [tie.case_id for tie in item.cases] == [case]


def test_a_deposit_is_cancelled_in_the_status_line_and_says_so(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    stage, _, _, page = opened
    folder = tmp_path / "beaucoup"
    folder.mkdir()
    for number in range(300):
        (folder / f"{number:03}.txt").write_text(f"n° {number}")
    with qtbot.waitSignal(page.report.ended, timeout=LONG) as ended:
        page.deposit([folder])
        qtbot.waitUntil(lambda: any(job.done for job in stage.context.jobs.running()), timeout=LONG)
        page.deposit([folder])
        assert "en cours" in page.problem
        (job,) = stage.context.jobs.running()
        job.cancel()
    told = ended.args[0]
    done = [each for each in told if each.fate == "deposited"]
    assert len(told) == 300
    assert 0 < len(done) < 300
    assert "pas encore versées" in page.report.text
    qtbot.waitUntil(lambda: "arrêté avant ce fichier" in words(page.report), timeout=LONG)
    with page.desk.read() as session:
        kept = set(session.scalars(select(Evidence.id)))
    assert {each.evidence_id for each in done} <= kept
    pour(qtbot, page, folder)
    assert f"{len(done)}\u00a0déjà dans le coffre" in page.report.text


def test_the_window_answers_while_files_come_in(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    """Between two beats of a clock of the window never more than 50 ms of its own work; control: a stall is seen."""
    page = opened[3]
    folder = tmp_path / "carte"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.jpg").write_bytes(picture(size=(2400, 1800), quality=95, comment=str(number).encode()))
    worst = _worst_beat(qtbot, lambda: pour(qtbot, page, folder))
    control = _worst_beat(qtbot, lambda: qtbot.wait(50) or time.sleep(0.4) or qtbot.wait(50))
    assert control > 0.3
    assert worst < control


def _worst_beat(qtbot: QtBot, action: Callable[[], object]) -> float:
    beats: list[float] = []
    clock = QTimer()
    clock.setInterval(5)
    clock.timeout.connect(lambda: beats.append(time.perf_counter()))
    clock.start()
    action()
    clock.stop()
    return max(later - sooner for sooner, later in pairwise(beats))


def test_a_deposit_goes_on_when_one_goes_elsewhere(qtbot: QtBot, opened: Opened, card: Path) -> None:
    stage, _, workspace, _ = opened
    with opened[3].desk.read() as session:
        first = session.scalars(select(Evidence.id)).first()
    page = arrive(qtbot, workspace, Place("evidence", first))
    gone = weakref.ref(page)
    desk = page.desk
    page.deposit([card])
    workspace.go_to(Place("directory"))
    del page
    qtbot.waitUntil(lambda: workspace.page is not None and workspace.page.isVisible(), timeout=LONG)
    flush_deletes()
    gc.collect()
    assert gone() is None
    qtbot.waitUntil(lambda: not stage.context.jobs.running(), timeout=LONG)
    with desk.read() as session:
        assert session.scalars(select(Evidence).where(Evidence.title == "note.txt")).one()


@pytest.mark.parametrize(
    ("fates", "text"),
    [
        ({}, "0\u00a0pièce versée."),
        ({"deposited": 1}, "1\u00a0pièce versée."),
        ({"known": 2}, "2\u00a0déjà dans le coffre."),
        (
            {"deposited": 3, "refused": 2, "left": 1},
            "3\u00a0pièces versées, 2\u00a0refusées, 1\u00a0pas encore versée.",
        ),
    ],
)
def test_the_summary(fates: dict[str, int], text: str) -> None:
    told = tuple(
        deposits.Deposit("x", fate)
        for fate, number in fates.items()
        for _ in range(number)  # type: ignore[arg-type]
    )
    assert summary(told) == text


# ---- knowing


def test_an_item_is_proved_and_its_history_says_so(qtbot: QtBot, opened: Opened) -> None:
    page = opened[3]
    stand_on(qtbot, page, "tente fendue")
    assert "empreinte conforme" not in words(page.pane)
    page.pane.verify_action.setFocus()
    qtbot.keyClick(page.pane.verify_action, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "Vérifiée\u00a0: empreinte conforme" in words(page.pane), timeout=LONG)
    row = page.table.currentIndex().row()
    qtbot.waitUntil(lambda: "empreinte conforme" in str(page.table.model().index(row, 0).data()), timeout=LONG)
    qtbot.waitUntil(lambda: "arrondie" in words(page.pane), timeout=LONG)
    assert "Pièce n°\u00a0" in words(page.pane)


def test_an_item_is_described_and_is_no_more_to_describe(qtbot: QtBot, opened: Opened, card: Path) -> None:
    page = opened[3]
    pour(qtbot, page, card / "IMG_8841.jpg")
    stand_on(qtbot, page, "IMG_8841")
    assert "à décrire" in words(page.pane)
    page.pane.show_tab("describe")
    with page.desk.read() as session:
        case = session.scalars(select(Case.id)).first()
    editor = page.pane.editor
    qtbot.waitUntil(lambda: editor.record == page.wanted and editor.form.isEnabled(), timeout=LONG)
    title = editor.form.field("title").input
    title.setFocus()
    title.selectAll()
    QApplication.clipboard().setText("Tente renversée 🏕")
    qtbot.keyClick(title, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    editor.form.field("case_ids").input.set_value((case,))
    editor.form.field("sensitive").input.click()
    editor.save()
    qtbot.waitUntil(lambda: "Tente renversée" in words(page.pane), timeout=LONG)
    qtbot.waitUntil(lambda: page.viewer.hidden, timeout=LONG)
    qtbot.waitUntil(lambda: "éprouvante" in words(page.pane), timeout=LONG)
    assert "à décrire" not in words(page.pane)
    assert "Fiche modifiée" not in words(page.pane)  # the other tab is shown
    page.pane.show_tab("about")
    qtbot.waitUntil(lambda: "Fiche modifiée" in words(page.pane), timeout=LONG)


def test_a_copy_without_metadata_leads_to_its_original(qtbot: QtBot, opened: Opened) -> None:
    _, _, workspace, page = opened
    stand_on(qtbot, page, "tente fendue")
    before = rows_of(page)
    page.pane.clean_action.click()
    qtbot.waitUntil(lambda: rows_of(page) == before + 1, timeout=LONG)
    qtbot.waitUntil(lambda: page.viewer.item is not None and "sans métadonnées" in page.viewer.item.title, timeout=LONG)
    qtbot.waitUntil(lambda: "Tirée de" in words(page.pane), timeout=LONG)
    link = next(each for each in page.pane.findChildren(QWidget) if each.accessibleName().startswith("Voir la pièce"))
    link.setFocus()
    qtbot.keyClick(link, Qt.Key.Key_Space)
    other = workspace.page
    assert isinstance(other, EvidencePage)
    qtbot.waitUntil(lambda: other.viewer.item is not None and other.viewer.item.source is None, timeout=LONG)
    qtbot.waitUntil(lambda: "Copie sans métadonnées créée" in words(other.pane), timeout=LONG)


@pytest.mark.parametrize("how", ["mouse", "keys"])
def test_a_face_is_masked_in_a_new_version(qtbot: QtBot, opened: Opened, how: str) -> None:
    page = opened[3]
    stand_on(qtbot, page, "tente fendue")
    view = page.viewer._picture
    page.viewer._mask.click()
    assert not page.viewer._done.isEnabled()
    if how == "mouse":
        qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=view.viewport().rect().center())
        qtbot.mouseMove(view.viewport(), view.viewport().rect().center() + QPoint(60, 50))
        qtbot.mouseRelease(
            view.viewport(), Qt.MouseButton.LeftButton, pos=view.viewport().rect().center() + QPoint(60, 50)
        )
    else:
        qtbot.keyClick(view, Qt.Key.Key_Insert)
        first = view.boxes[0]
        qtbot.keyClick(view, Qt.Key.Key_Right)
        qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        assert view.boxes[0][0] > first[0]
        assert view.boxes[0][3] - view.boxes[0][1] > first[3] - first[1]
        qtbot.keyClick(view, Qt.Key.Key_Insert)
        qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert len(view.boxes) == 1
    left, top, right, bottom = view.boxes[0]
    middle = ((left + right) / 2, (top + bottom) / 2)
    original = page.viewer.item
    assert original is not None
    page.viewer._done.click()
    qtbot.waitUntil(lambda: page.viewer.item is not None and "version masquée" in page.viewer.item.title, timeout=LONG)
    settled(qtbot, page)
    colour = view.image.pixelColor(int(middle[0] * view.image.width()), int(middle[1] * view.image.height()))
    assert abs(colour.lightness() - 96) < 12
    with page.desk.read() as session:
        made = session.get_one(Evidence, page.viewer.item.id)  # type: ignore[union-attr]
        assert (made.derived_from_id, made.derivation_kind) == (original.id, "occultation")


# ---- the list


def test_filters_and_words(qtbot: QtBot, opened: Opened) -> None:
    page = opened[3]
    everything = rows_of(page)
    page.pills[1].click()
    qtbot.waitUntil(lambda: 0 < rows_of(page) < everything, timeout=LONG)
    films = rows_of(page)
    page.pills[2].click()
    qtbot.waitUntil(lambda: rows_of(page) > films, timeout=LONG)
    page.pills[4].click()
    qtbot.waitUntil(lambda: rows_of(page) == 0, timeout=LONG)
    assert "Rien ne correspond." in words(page)
    assert page.viewer.item is None
    for at in (1, 2, 4):
        page.pills[at].click()
    qtbot.keyClicks(page.look, "tente")
    qtbot.waitUntil(lambda: 0 < rows_of(page) < everything, timeout=LONG)


def test_small_pictures_are_in_memory_and_never_of_what_is_hard_to_see(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    page = opened[3]
    files = set(tmp_path.rglob("*"))
    thumbs = page.table.thumbnails  # type: ignore[attr-defined]
    with page.desk.read() as session:
        rows = evidence_facts.rows(session, evidence_facts.ids(session, evidence_facts.Asked()))
    for at in range(rows_of(page)):
        page.table.scrollTo(page.table.model().index(at, 0))
        qtbot.wait(1)
    qtbot.waitUntil(lambda: len(thumbs._found) >= 3, timeout=LONG)
    qtbot.waitUntil(lambda: not thumbs._wanted, timeout=LONG)
    hard = {row.id for row in rows if row.sensitive or row.family != "image"}
    assert hard
    assert not hard & set(thumbs._found)
    assert {path for path in set(tmp_path.rglob("*")) - files if path.suffix not in (".age",)} == set()


def test_running_through_the_list_reads_only_where_one_stays(qtbot: QtBot, opened: Opened) -> None:
    page = opened[3]
    for _ in range(10):
        qtbot.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.viewer.item is not None and page.viewer.item.id == page.wanted, timeout=LONG)
    qtbot.waitUntil(lambda: page.pane.editor.record == page.wanted, timeout=LONG)


# ---- living and dying


def test_everything_goes_with_the_page(qtbot: QtBot, opened: Opened) -> None:
    _, _, workspace, page = opened
    with page.desk.read() as session:
        ids = evidence_facts.ids(session, evidence_facts.Asked())
    freed = []
    for item in ids[:3]:
        made = arrive(qtbot, workspace, Place("evidence", item))
        freed += [weakref.ref(made), weakref.ref(made.viewer), weakref.ref(made.pane)]
        workspace.go_to(Place("directory"))
        del made
        flush_deletes()
        gc.collect()
    assert [each() for each in freed] == [None] * 9


def test_locking_in_the_middle_keeps_what_was_typed(qtbot: QtBot, opened: Opened, card: Path) -> None:
    stage, window, _, page = opened
    pour(qtbot, page, card / "note.txt")
    stand_on(qtbot, page, "note.txt")
    page.pane.show_tab("describe")
    editor = page.pane.editor
    qtbot.waitUntil(lambda: editor.record == page.wanted and editor.form.isEnabled(), timeout=LONG)
    record = editor.record
    qtbot.keyClicks(editor.form.field("note").input, "pour avocate")
    desk = page.desk
    page.keep_now()
    from hro_desktop.casework import drafts

    assert record is not None
    with desk.read() as session:
        kept = drafts.get(session, "evidence", record)
    assert kept is not None
    assert "avocate" in str(kept.content)
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert stage.restarts
    flush_deletes()
    assert not shiboken6.isValid(page)


@pytest.mark.parametrize("size", [(1366, 700), (960, 600)])
def test_nothing_is_cut_off(qtbot: QtBot, opened: Opened, size: tuple[int, int]) -> None:
    _, window, _, page = opened
    window.resize(*size)
    for title in ("tente fendue", "avant-bras", "Feuilles"):
        stand_on(qtbot, page, title)
        for tab in ("about", "describe"):
            page.pane.show_tab(tab)
            still(qtbot, window)
            assert window.width() == size[0]
            for child in page.findChildren(QWidget):
                if child.isVisible() and child.property("role") in ("main", "", "link", "pill", "tab"):
                    corner = child.mapTo(window, child.rect().bottomRight())
                    assert corner.x() <= window.width(), child
                    assert child.width() >= min(child.minimumSizeHint().width(), 200), child
