# SPDX-License-Identifier: GPL-3.0-or-later
"""The eye hides every name at once: also from who rests the mouse on it, looks for it, or is offered it."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from tests.support.tour import stops
from tests.ui.conftest import OpenPractice, Stage, still
from tests.ui.test_window import LONG
from ui.editor.fold import Fold
from ui.editor.refs import _Search
from ui.main_window import MainWindow
from ui.pages.cases import CasesPage
from ui.pages.evidence import EvidencePage
from ui.pages.incident import IncidentPage
from ui.pages.page import Page
from ui.workspace import Workspace

NAMES = re.compile("Ishag|Habte|Tesfay|Vasseur|Lindgren|Morvan|Okbay|Barzani|Qadir")
Opened = tuple[Stage, MainWindow, Workspace]


@pytest.fixture
def opened(open_practice: OpenPractice) -> Iterator[Opened]:
    yield open_practice(follow_up=True, outing=True)
    QToolTip.hideText()


def go(qtbot: QtBot, opened: Opened, name: str) -> Page:
    """A page, with all it asked for."""
    _, window, workspace = opened
    assert window.vault is not None
    workspace.go_to(next(each.place for each in stops(window.vault.desk) if each.name == name))
    still(qtbot, window)
    assert workspace.page is not None
    return workspace.page


def pointed_at(qtbot: QtBot, widget: QWidget, at: QPoint) -> str:
    """What is said of what the mouse rests on."""
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible(), timeout=LONG)
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, at, widget.mapToGlobal(at)))
    return QToolTip.text() if QToolTip.isVisible() else ""


def test_pointing_at_a_covered_name_of_a_list_says_nothing(qtbot: QtBot, opened: Opened) -> None:
    for name in ("cases", "evidence"):
        page = go(qtbot, opened, name)
        assert isinstance(page, CasesPage | EvidencePage)
        table = page.table
        shown = [table.model().index(0, at) for at in range(table.model().columnCount())]
        places = [table.visualRect(each).center() for each in shown if not table.isColumnHidden(each.column())]
        said = [pointed_at(qtbot, table.viewport(), each) for each in places]
        opened[0].context.veil.toggle()
        covered = [pointed_at(qtbot, table.viewport(), each) for each in places]
        opened[0].context.veil.toggle()
        assert any(said), name
        assert any(NAMES.search(each) for each in said) or name == "evidence"
        assert not any(NAMES.search(each) for each in covered)
        assert any(covered) == (name == "cases")  # where nobody is named, more is still said


def test_pointing_at_a_covered_line_says_nothing(qtbot: QtBot, opened: Opened) -> None:
    page = go(qtbot, opened, "incident")
    assert isinstance(page, IncidentPage)
    folds = [each for each in page.findChildren(Fold) if NAMES.search(each.toolTip())]
    assert pointed_at(qtbot, folds[0], QPoint(5, 5))
    opened[0].context.veil.toggle()
    assert [pointed_at(qtbot, each, QPoint(5, 5)) for each in folds] == [""] * len(folds)
    opened[0].context.veil.toggle()
    assert pointed_at(qtbot, folds[0], QPoint(5, 5))


def test_what_is_looked_for_names_nobody(qtbot: QtBot, opened: Opened) -> None:
    stage, _, workspace = opened
    palette = workspace.palette_
    palette.open()
    qtbot.keyClicks(palette.line, "attestation")
    qtbot.waitUntil(lambda: any(each.kind == "Pièce" for each in palette.entries), timeout=LONG)

    def lines() -> str:
        return "\n".join(palette._list.item(at).text() for at in range(palette._list.count()))

    assert NAMES.search(lines())
    palette._list.setCurrentRow(2)
    stage.context.veil.toggle()
    assert not NAMES.search(lines())
    assert "Récit" in lines()
    assert palette._list.currentRow() == 2
    stage.context.veil.toggle()
    assert NAMES.search(lines())


def test_what_is_offered_where_one_types_is_covered(qtbot: QtBot, opened: Opened) -> None:
    page = go(qtbot, opened, "cases")
    assert isinstance(page, CasesPage)
    page.new_action.click()
    line = page.new.person.line
    assert isinstance(line, _Search)
    opened[0].context.veil.toggle()
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Down)
    qtbot.waitUntil(line._popup.isVisible, timeout=LONG)
    assert line._popup.viewport().graphicsEffect() is not None
    opened[0].context.veil.toggle()
    assert line._popup.viewport().graphicsEffect() is None


def test_the_way_back_from_a_referral_is_covered(qtbot: QtBot, opened: Opened) -> None:
    go(qtbot, opened, "build")
    workspace = opened[2]
    assert "Y." in workspace._crumb.text()
    assert workspace._crumb.graphicsEffect() is None
    opened[0].context.veil.toggle()
    assert workspace._crumb.graphicsEffect() is not None
    go(qtbot, opened, "incident")
    assert workspace._crumb.text().startswith("Faits")
    assert workspace._crumb.graphicsEffect() is None
