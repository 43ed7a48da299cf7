# SPDX-License-Identifier: GPL-3.0-or-later
"""Journal: who did what and when, narrowed, followed to its record, and its chain checked."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from hro_desktop.casework import editing
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage
from tests.ui.test_lock import enter
from ui.main_window import MainWindow
from ui.pages.directory import DirectoryPage
from ui.pages.journal import JournalPage
from ui.pages.page import Place
from ui.workspace import Workspace

MakeStage = Callable[..., Stage]
LONG = 60_000
Opened = tuple[Stage, MainWindow, Workspace, JournalPage]


@pytest.fixture
def opened(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> Iterator[Opened]:
    stage = make_stage()
    window = stage.window(qtbot, practice_vault(tmp_path))
    workspace = enter(qtbot, window)
    assert window.vault is not None
    draft = editing.blank("organisation", kind="association", name="Association Fictive")
    window.vault.desk.run(editing.write, "organisation", draft)
    window.vault.desk.run(editing.write, "organisation", draft)
    workspace.go_to(Place("journal"))
    page = workspace.page_of(JournalPage)
    assert page is not None
    qtbot.waitUntil(lambda: page.shown is not None, timeout=LONG)
    yield stage, window, workspace, page
    window.close()


def lines(page: JournalPage) -> int:
    return page.table.model().rowCount()


def said(page: JournalPage) -> str:
    return "\n".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())


def test_last_line_is_shown_in_words_and_leads_to_its_record(qtbot: QtBot, opened: Opened) -> None:
    _, _, workspace, page = opened
    assert page.shown is not None
    assert page.shown.words == "Annuaire\u00a0: modification"
    assert "Association Fictive" in said(page)
    assert page.shown.hash[:8] in said(page)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert isinstance(workspace.page, DirectoryPage)


def test_one_record_one_day_one_person(qtbot: QtBot, opened: Opened) -> None:
    _, _, _, page = opened
    every = lines(page)
    qtbot.mouseClick(page.this_record, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: lines(page) == 2, timeout=LONG)
    page.this_record.click()
    qtbot.waitUntil(lambda: lines(page) == every, timeout=LONG)

    page.day.setFocus()
    qtbot.keyClicks(page.day, "1/1/1999")
    qtbot.keyClick(page.day, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Rien ne correspond" in said(page), timeout=LONG)
    page.day.clear()
    qtbot.keyClicks(page.day, "un jour")
    qtbot.keyClick(page.day, Qt.Key.Key_Return)
    assert "Ce n’est pas une date" in page.problem
    page.day.clear()
    qtbot.keyClick(page.day, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: lines(page) == every, timeout=LONG)

    qtbot.waitUntil(lambda: page.actor.count() > 1, timeout=LONG)
    page.actor.setCurrentIndex(1)
    page.actor.activated.emit(1)
    qtbot.waitUntil(lambda: 0 < lines(page) <= every, timeout=LONG)


def test_chain_is_checked_beside_the_window(qtbot: QtBot, opened: Opened) -> None:
    _, _, _, page = opened
    every = lines(page)
    page.buttons[0].click()
    qtbot.waitUntil(lambda: "La chaîne est conforme" in page.result, timeout=LONG)
    assert f"{every}\u00a0lignes" in page.result.replace("\u202f", "\u00a0")
    assert ("chaîne conforme", "ok") in page.marks
    assert page.buttons[0].isEnabled()


def test_names_are_covered_with_the_others(opened: Opened) -> None:
    from ui.veil import COVERED

    stage, _, workspace, page = opened
    assert [column.private for column in page.columns] == [False, False, True, True]
    workspace.on_eye_clicked()
    assert stage.context.veil.down
    assert COVERED
