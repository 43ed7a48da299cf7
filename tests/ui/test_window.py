# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole road: unlock, list, make the documents, look at their pages, write them out, lock."""

import gc
import json
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QLabel,
    QLineEdit,
    QProgressBar,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.support.practice import practice_vault
from tests.ui.conftest import Stage, flush_deletes, still, unlock, words
from ui.main_window import MainWindow
from ui.pages.cases import CasesPage
from ui.pages.pack import PackPage
from ui.pages.page import Place
from ui.workspace import Workspace

MakeStage = Callable[..., Stage]
LONG = 60_000


def cases_of(workspace: Workspace) -> CasesPage:
    page = workspace.page_of(CasesPage)
    assert page is not None
    return page


def pack_of(workspace: Workspace) -> PackPage:
    page = workspace.page_of(PackPage)
    assert page is not None
    return page


def stand_on_cases(qtbot: QtBot, workspace: Workspace) -> Workspace:
    """The list of the cases, all of them, the newest first, with the case that is chosen beside it."""
    workspace.go_to(Place("cases"))
    cases_of(workspace).views.buttons[-1].click()
    cases_of(workspace).show_beside(True)
    qtbot.waitUntil(lambda: cases_of(workspace).pane.view is not None, timeout=LONG)
    return workspace


def make_documents(qtbot: QtBot, workspace: Workspace) -> None:
    qtbot.mouseClick(cases_of(workspace).make_action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: workspace.page_of(PackPage) is not None, timeout=LONG)


@pytest.fixture
def opened(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> Iterator[tuple[Stage, MainWindow, Workspace]]:
    stage = make_stage(tmp_path / "sortie")
    window = stage.window(qtbot, practice_vault(tmp_path))
    yield stage, window, stand_on_cases(qtbot, unlock(qtbot, window))
    window.close()


Opened = tuple[Stage, MainWindow, Workspace]


def test_from_the_door_to_the_papers_on_a_disk(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    stage, window, workspace = opened
    table = cases_of(workspace).table
    assert table.model().rowCount() == 2
    qtbot.waitUntil(lambda: table.model().index(0, 0).data() == "D-2026-0002")
    said = words(cases_of(workspace).pane)
    assert "à signer" in said
    assert "La signature manque" in said
    assert "Chiffré" in words(workspace)
    assert "Aucune connexion ouverte par le programme" in words(workspace)

    make_documents(qtbot, workspace)
    page = pack_of(workspace)
    assert page is not None
    assert [each.text() for each in page.documents] == [
        "Plainte au procureur de la République",
        "Bordereau des pièces",
        "Pièces numérotées",
    ]
    for button in page.documents:
        button.click()
        qtbot.waitUntil(lambda: page.preview.pages.is_drawn(1), timeout=LONG)
        picture = page.preview.pages.picture(1)
        assert picture is not None
        dark = sum(
            picture.pixelColor(x, y).lightness() < 96
            for x in range(0, picture.width(), 3)
            for y in range(0, picture.height(), 3)
        )
        assert dark > 200, "the page is blank"
    assert page.preview.place.startswith("Pièces numérotées — page 1 sur ")

    (tmp_path / "sortie").mkdir()
    page.save_action.click()
    qtbot.waitUntil(lambda: bool(page.message), timeout=LONG)
    (written,) = (tmp_path / "sortie").iterdir()
    assert written.name == "S-2026-0001"
    manifest = json.loads((written / "manifeste.json").read_text("utf-8"))
    assert {each["file"] for each in manifest["documents"]} == {
        path.name for path in written.iterdir() if path.name != "manifeste.json"
    }
    assert str(written) in page.message
    page.save_action.setEnabled(True)
    assert stage.ask.said == ["Où enregistrer les documents\u00a0?"]

    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert workspace.page_of(PackPage) is None
    assert cases_of(workspace).isVisible()


def test_saving_twice_never_overwrites(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    stage, _, workspace = opened
    stage.ask._answers.append(tmp_path / "sortie")
    (tmp_path / "sortie").mkdir()
    make_documents(qtbot, workspace)
    page = pack_of(workspace)
    assert page is not None
    for _ in range(2):
        with qtbot.waitSignal(page.saved, timeout=LONG):
            page.save_action.click()
    assert sorted(path.name for path in (tmp_path / "sortie").iterdir()) == ["S-2026-0001", "S-2026-0001-2"]


def test_a_folder_that_cannot_be_written_says_so_and_keeps_the_page(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    _, _, workspace = opened
    (tmp_path / "sortie").write_text("un fichier, pas un dossier")
    make_documents(qtbot, workspace)
    page = pack_of(workspace)
    assert page is not None
    page.save_action.click()
    qtbot.waitUntil(lambda: bool(page.message), timeout=LONG)
    assert "Rien n’a été écrit" in page.message
    assert page.save_action.isEnabled()


def test_another_case_can_be_chosen_with_the_keyboard(qtbot: QtBot, opened: Opened) -> None:
    _, _, workspace = opened
    pane = cases_of(workspace).pane
    assert pane.view is not None
    assert pane.view.row.reference == "D-2026-0002"
    qtbot.keyClick(cases_of(workspace).table, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: pane.view is not None and pane.view.row.reference == "D-2026-0001", timeout=LONG)


def test_making_can_be_cancelled_and_begun_again(qtbot: QtBot, opened: Opened) -> None:
    stage, _, workspace = opened
    action = cases_of(workspace).make_action
    action.click()
    assert not action.isEnabled()
    (job,) = stage.context.jobs.running()
    assert job.title == "Préparation des documents"
    job.cancel()
    qtbot.waitUntil(action.isEnabled, timeout=LONG)
    assert workspace.page_of(PackPage) is None
    assert cases_of(workspace).problem == ""
    make_documents(qtbot, workspace)


def test_lock_closes_the_vault_and_restarts_at_its_door(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    stage, window, workspace = opened
    make_documents(qtbot, workspace)
    page = pack_of(workspace)
    vault = window.vault
    assert vault is not None
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert stage.restarts == [vault.folder]
    assert window.vault is None
    assert window.centralWidget() is None
    assert not window.isVisible()
    assert not (vault.folder / "verrou").exists()
    flush_deletes()
    assert not shiboken6.isValid(page)
    assert not shiboken6.isValid(workspace)


def test_closing_the_window_while_documents_are_made_closes_the_vault(qtbot: QtBot, opened: Opened) -> None:
    _, window, workspace = opened
    vault = window.vault
    assert vault is not None
    cases_of(workspace).make_action.click()
    window.close()
    assert window.vault is None
    assert not (vault.folder / "verrou").exists()


def test_pages_are_freed_when_they_are_closed(qtbot: QtBot, opened: Opened) -> None:
    _, _, workspace = opened
    freed = []
    for _ in range(3):
        make_documents(qtbot, workspace)
        freed.append(weakref.ref(pack_of(workspace)))
        workspace.on_crumb_clicked()
        flush_deletes()
        gc.collect()
    assert [page() for page in freed] == [None, None, None]


def pages_of(qtbot: QtBot, opened: Opened) -> Iterator[QWidget]:
    _, window, workspace = opened
    yield window
    make_documents(qtbot, workspace)
    yield window


def test_everything_one_can_act_on_has_a_name(
    qtbot: QtBot, opened: Opened, make_stage: MakeStage, tmp_path: Path
) -> None:
    door = make_stage().window(qtbot, tmp_path)
    for page in (door, *pages_of(qtbot, opened)):
        for widget in page.findChildren(QWidget):
            if isinstance(widget, QAbstractButton | QLineEdit | QTableView | QProgressBar):
                inner = isinstance(widget.parent(), QTableView)  # the corner of a table
                assert inner or widget.accessibleName(), widget
            if isinstance(widget, QAbstractScrollArea) and widget.focusPolicy() is not Qt.FocusPolicy.NoFocus:
                assert widget.accessibleName(), widget


def test_every_field_and_list_has_its_label(
    qtbot: QtBot, opened: Opened, make_stage: MakeStage, tmp_path: Path
) -> None:
    door = make_stage().window(qtbot, tmp_path)
    for page in (door, *pages_of(qtbot, opened)):
        buddies = {id(label.buddy()) for label in page.findChildren(QLabel) if label.buddy() is not None}
        for kind in (QLineEdit, QTableView):
            for widget in page.findChildren(kind):
                assert id(widget) in buddies, widget


def test_tab_reaches_everything_and_comes_back(
    qtbot: QtBot, opened: Opened, make_stage: MakeStage, tmp_path: Path
) -> None:
    door = make_stage().window(qtbot, practice_vault(tmp_path / "autre"))
    for window in (door, *pages_of(qtbot, opened)):
        wanted = {
            id(widget): widget
            for widget in window.findChildren(QWidget)
            if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            if widget.focusProxy() is None
        }
        assert wanted
        reached = set()
        start = current = next(iter(wanted.values()))
        for _ in range(500):
            reached.add(id(current))
            current = current.nextInFocusChain()
            if current is start:
                break
        assert not [widget for key, widget in wanted.items() if key not in reached]


@pytest.mark.parametrize("size", [(1366, 700), (960, 600)])
def test_nothing_is_cut_off_on_a_small_screen(qtbot: QtBot, opened: Opened, size: tuple[int, int]) -> None:
    _, window, _ = opened
    for page in pages_of(qtbot, opened):
        window.resize(*size)
        still(qtbot, window)
        assert (window.width(), window.height()) == size
        for button in page.findChildren(QAbstractButton):
            if button.isVisible() and button.text() and button.property("role") in ("main", "", "link"):
                assert button.width() >= button.minimumSizeHint().width(), button.text()
                corner = button.mapTo(window, button.rect().bottomRight())
                assert corner.x() <= window.width(), button.text()


def test_status_line_shows_long_work_and_cancels_it(qtbot: QtBot, opened: Opened) -> None:
    import threading
    import time

    from ui.jobs import Lane, Report, Token

    stage, window, _ = opened
    started = threading.Event()

    def long(token: Token, report: Report) -> None:
        started.set()
        while True:
            report(3, 10, "Lecture des pièces")
            time.sleep(0.01)

    stopped: list[object] = []
    stage.context.jobs.start(Lane.READ, long, owner=window, done=print, cancelled=stopped.append, title="Un travail")
    cancel = next(each for each in window.findChildren(QAbstractButton) if each.text() == "Annuler")
    assert not cancel.isVisible(), "nothing blinks for less than 0.2 s"
    qtbot.waitUntil(cancel.isVisible)
    qtbot.waitUntil(lambda: "Lecture des pièces" in words(window))
    cancel.click()
    qtbot.waitUntil(lambda: bool(stopped))
    qtbot.waitUntil(lambda: not cancel.isVisible())
