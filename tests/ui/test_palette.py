# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl K: everything is found in a few letters and gone to, by keyboard alone."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.test_home import Opened, opened
from tests.ui.test_window import LONG
from ui.pages.case import CasePage
from ui.pages.directory import DirectoryPage
from ui.pages.page import Place

__all__ = ["opened"]

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_a_person_is_found_by_any_spelling_and_her_case_opens(qtbot: QtBot, opened: Opened) -> None:
    workspace = opened[2]
    qtbot.keyClick(workspace, Qt.Key.Key_K, CONTROL)
    palette = workspace.palette_
    assert palette.isVisible()
    qtbot.keyClicks(palette.line, "tesfai")
    qtbot.waitUntil(lambda: any(each.kind == "Personne" for each in palette.entries), timeout=LONG)
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert isinstance(workspace.page, CasePage)


def test_a_page_is_gone_to_by_its_name(qtbot: QtBot, opened: Opened) -> None:
    workspace = opened[2]
    palette = workspace.palette_
    workspace.on_search_wanted()
    qtbot.keyClicks(palette.line, "annu")
    qtbot.waitUntil(lambda: [each.title for each in palette.entries][-1:] == ["Annuaire"], timeout=LONG)
    qtbot.keyClick(palette.line, Qt.Key.Key_Up)
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert isinstance(workspace.page, DirectoryPage)


@pytest.mark.parametrize("words", ["zzzzzz", '"*', "🏕️"])
def test_what_is_nowhere_is_said(qtbot: QtBot, opened: Opened, words: str) -> None:
    palette = opened[2].palette_
    palette.open()
    palette.line.setText(words)
    qtbot.waitUntil(lambda: palette.entries == [], timeout=LONG)
    qtbot.keyClick(palette.line, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_escape_closes_it_and_leaves_the_page_where_it_is(qtbot: QtBot, opened: Opened) -> None:
    workspace = opened[2]
    workspace.go_to(Place("directory"))
    workspace.on_search_wanted()
    qtbot.keyClick(workspace.palette_.line, Qt.Key.Key_Escape)
    assert not workspace.palette_.isVisible()
    assert isinstance(workspace.page, DirectoryPage)
