# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds on every page of the window, of the side bar or not, tab by tab: a new page is walked to by itself."""

import gc
import sys
import weakref
from collections.abc import Iterator

import attrs
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.support.tour import stops
from tests.ui.conftest import OpenPractice, flush_deletes, still
from ui.main_window import MainWindow
from ui.pages.case import CasePage
from ui.pages.case_referrals import ReferralsPart
from ui.pages.pack import PackPage
from ui.pages.page import Page, Place
from ui.tabs import Tabs
from ui.widgets import Title
from ui.workspace import Workspace

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
LONG = 60_000
INPUTS = (QLineEdit, QPlainTextEdit, QComboBox, QSlider, QAbstractItemView)
MANY = 400
"""More stops of Tab than a page has."""


@pytest.fixture
def window(qtbot: QtBot, open_practice: OpenPractice) -> MainWindow:
    made = open_practice(follow_up=True, outing=True)[1]
    still(qtbot, made)
    return made


def walk(qtbot: QtBot, window: MainWindow) -> Iterator[tuple[str, Page]]:
    """Every page, tab by tab."""
    workspace, vault = window.centralWidget(), window.vault
    assert isinstance(workspace, Workspace)
    assert vault is not None
    for stop in stops(vault.desk):
        workspace.go_to(stop.place)
        still(qtbot, window)
        page = workspace.page
        assert page is not None
        assert page.problem == "", f"{stop.name}: {page.problem}"
        tabs = page.findChild(Tabs)
        if tabs is None:
            yield stop.name, page
            continue
        for name in tabs.names:
            tabs.tab(name).click()
            still(qtbot, window)
            yield f"{stop.name}/{name}", page
            if stop.name == "case-1" and (made := documents(qtbot, window, page)) is not None:
                yield "documents", made
                workspace.back()
                still(qtbot, window)
                assert isinstance(workspace.page, CasePage)
                page = workspace.page
                tabs = page.findChild(Tabs)
                assert tabs is not None


def documents(qtbot: QtBot, window: MainWindow, page: Page) -> PackPage | None:
    """The documents of a case, made from its page; nothing when it has no referral."""
    if not isinstance(page, CasePage) or not isinstance(part := page.present, ReferralsPart) or not part.cards.chosen:
        return None
    workspace = window.centralWidget()
    assert isinstance(workspace, Workspace)
    part.maker.action.click()
    qtbot.waitUntil(lambda: isinstance(workspace.page, PackPage), timeout=LONG)
    still(qtbot, window)
    assert isinstance(workspace.page, PackPage)
    return workspace.page


def shown(root: QWidget, *kinds: type[QWidget]) -> list[QWidget]:
    """What is shown of these kinds, parts of other widgets left out."""
    return [
        each
        for kind in kinds
        for each in root.findChildren(kind)
        if each.isVisible() and not each.objectName().startswith("qt_") and not _inside(each)
    ]


def _inside(widget: QWidget) -> bool:
    """The line inside a choice, the corner of a table."""
    return isinstance(widget.parentWidget(), QComboBox | QAbstractItemView)


def said(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
    return f"{type(widget).__name__} « {widget.accessibleName() or text or widget.objectName()} »"


def test_everything_one_acts_on_is_named_and_labelled(qtbot: QtBot, window: MainWindow) -> None:
    wrong: list[str] = []
    for name, _page in walk(qtbot, window):
        buddies = {id(each.buddy()) for each in window.findChildren(QLabel) if each.buddy() is not None}
        for each in shown(window, *INPUTS, QAbstractButton, QProgressBar):
            if not each.accessibleName():
                wrong.append(f"{name}: {said(each)} has no name")
        for each in shown(window, *INPUTS):
            tick = isinstance(each, QCheckBox)
            if id(each) not in buddies and not tick and each.focusPolicy() is not Qt.FocusPolicy.NoFocus:
                wrong.append(f"{name}: {said(each)} has no label")
        for each in shown(window, QAbstractScrollArea):
            if each.focusPolicy() is not Qt.FocusPolicy.NoFocus and not each.accessibleName():
                wrong.append(f"{name}: {said(each)} has no name")
        hints = [each for each in shown(window, QLabel) if each.property("role") == "problem" and each.text()]
        wrong += [f"{name}: {each.text()}" for each in hints]
    assert not wrong, listed(wrong)


def listed(wrong: list[str]) -> str:
    return "\n".join(sorted(set(wrong)))


def stops_of(window: MainWindow) -> list[QWidget]:
    """What the keyboard has to come to."""
    return [
        each
        for each in window.findChildren(QWidget)
        if each.isVisible() and each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        if each.focusProxy() is None and not _inside(each)
    ]


def test_tab_comes_to_everything_and_is_caught_nowhere(qtbot: QtBot, window: MainWindow) -> None:
    wrong: list[str] = []
    for name, _page in walk(qtbot, window):
        for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            reached: dict[int, QWidget] = {}
            for _ in range(MANY):
                held = QApplication.focusWidget()
                assert held is not None, name
                if id(held) in reached:
                    break
                reached[id(held)] = held
                QTest.keyClick(held, key)
                if QApplication.focusWidget() is held:
                    wrong.append(f"{name}: {said(held)} keeps the keyboard")
                    break
            lines = {id(each.parentWidget()) for each in reached.values() if isinstance(each.parentWidget(), Tabs)}
            wrong += [
                f"{name}: {key.name} does not come to {said(each)}"
                for each in stops_of(window)
                if id(each) not in reached and id(each.parentWidget()) not in lines
            ]
    assert not wrong, listed(wrong)


def narrow(window: MainWindow) -> Iterator[str]:
    """What has less room than its words."""
    for each in shown(window, QPushButton, QCheckBox):
        elided = each.property("role") in ("pick", "nav", "choice")
        needed = each.minimumSizeHint().width()
        if isinstance(each, QAbstractButton) and each.text() and not elided and 0 < each.width() < needed:
            yield f"{said(each)} is {each.width()} wide and needs {needed}"
    for each in shown(window, QLabel):
        if not isinstance(each, QLabel) or not each.text() or isinstance(each, Title):
            continue
        high = each.heightForWidth(each.width()) if each.wordWrap() else each.sizeHint().height()
        if each.height() < high - 2:
            yield f"{said(each)} is {each.height()} high and needs {high}"
        if not each.wordWrap() and each.width() < each.sizeHint().width() - 1:
            yield f"{said(each)} is {each.width()} wide and needs {each.sizeHint().width()}"


def scrolls_sideways(each: QWidget) -> bool:
    """Whether it stands in something wider than its window that one can move."""
    holder = each.parentWidget()
    while holder is not None:
        if isinstance(holder, QAbstractScrollArea) and holder.horizontalScrollBar().maximum() > 0:
            return True
        holder = holder.parentWidget()
    return False


def outside(window: MainWindow, page: Page) -> Iterator[str]:
    """What stands beyond the window, or beyond a part that does not scroll sideways."""
    for each in shown(page, QWidget):
        right = each.mapTo(window, QPoint(each.width(), 0)).x()
        if right > window.width() and each.width() and not scrolls_sideways(each):
            yield f"{said(each)} ends at {right} of {window.width()}"
        holder = each.parentWidget()
        while holder is not None and not isinstance(holder, QAbstractScrollArea):
            holder = holder.parentWidget()
        if isinstance(holder, QScrollArea) and isinstance(each, (*INPUTS, QAbstractButton)):
            edge, room = each.mapTo(holder, QPoint(each.width(), 0)).x(), holder.viewport().width()
            if edge > room + 1:
                yield f"{said(each)} ends at {edge} of {room}, which does not scroll sideways"


@pytest.mark.parametrize(("size", "percent"), [((1366, 700), 100), ((1366, 700), 150), ((960, 600), 100)])
def test_nothing_is_cut(qtbot: QtBot, window: MainWindow, size: tuple[int, int], percent: int) -> None:
    assert window.vault is not None
    window.on_preferred(attrs.evolve(window.vault.settings, scheme="light", text_percent=percent))
    window.resize(*size)
    wrong = [
        f"{name}: {each}" for name, page in walk(qtbot, window) for each in (*narrow(window), *outside(window, page))
    ]
    assert (window.width(), window.height()) == size
    assert not wrong, listed(wrong)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_sees_where_the_keyboard_is(qtbot: QtBot, window: MainWindow, scheme: str) -> None:
    assert window.vault is not None
    window.on_preferred(attrs.evolve(window.vault.settings, scheme=scheme, text_percent=100))
    wrong: list[str] = []
    seen: set[tuple[str, str]] = set()
    for name, _page in walk(qtbot, window):
        for each in stops_of(window):
            kind = (type(each).__name__, str(each.property("role")))
            if kind in seen:
                continue
            seen.add(kind)
            each.setFocus(Qt.FocusReason.TabFocusReason)
            qtbot.wait(5)
            if not each.hasFocus() or not each.isVisible():
                continue
            holder = each.parentWidget() or window
            with_it = holder.grab().toImage()
            each.clearFocus()
            qtbot.wait(5)
            without = holder.grab().toImage()
            if with_it == without:
                wrong.append(f"{name}: {said(each)} {kind} looks the same")
    assert not wrong, listed(wrong)


def test_pages_are_freed_and_give_no_reference_away(qtbot: QtBot, window: MainWindow) -> None:
    """Those of one record when one leaves them, all of them when the window closes."""
    workspace = window.centralWidget()
    assert isinstance(workspace, Workspace)
    pages: list[tuple[str, weakref.ref[Page]]] = []
    before = {value: sys.getrefcount(value) for value in (True, None)}
    for name, page in walk(qtbot, window):
        pages.append((name, weakref.ref(page)))
    del page
    for value, count in before.items():
        assert sys.getrefcount(value) > count - 500, value
    workspace.go_to(Place("home"))
    still(qtbot, window)
    flush_deletes()
    gc.collect()
    kept = [name for name, page in pages if (held := page()) is not None and held.place.record is not None]
    held = None
    assert kept == []
    window.close()
    del workspace
    flush_deletes()
    gc.collect()
    assert [name for name, page in pages if page() is not None] == []
