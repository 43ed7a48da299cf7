# SPDX-License-Identifier: GPL-3.0-or-later
"""The window answers between two pieces of its work: answers come one at a time, a page is made and then shown."""

import os
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from hro_desktop.records.incidents import Incident
from tests.ui.conftest import OpenPractice
from tests.ui.test_window import LONG
from ui.icons import pixmap
from ui.jobs import JobRunner, Lane, Report, Token
from ui.pages.incident import IncidentPage
from ui.pages.page import Place
from ui.workspace import Workspace


@pytest.fixture
def opened(open_practice: OpenPractice) -> Workspace:
    return open_practice(follow_up=True, outing=True)[2]


class _Direct(QObject):
    """The control: what a queued signal does by itself."""

    came = Signal()


def _end(both: threading.Barrier, _token: Token, _report: Report) -> None:
    both.wait(10)


@pytest.mark.parametrize("by_turns", [True, False])
def test_between_two_answers_the_window_does_something_else(qtbot: QtBot, by_turns: bool) -> None:
    runner, owner, direct, seen, both = JobRunner(), QObject(), _Direct(), list[str](), threading.Barrier(3)
    beat = QTimer()
    beat.timeout.connect(lambda: seen.append("."))
    beat.start(0)
    if by_turns:
        for _ in range(2):
            runner.start(Lane.READ, partial(_end, both), owner=owner, done=lambda _: seen.append("answer"))
        both.wait(10)
        time.sleep(0.1)  # both answers are there before the window looks
    else:
        direct.came.connect(lambda: seen.append("answer"), Qt.ConnectionType.QueuedConnection)
        direct.came.emit()
        direct.came.emit()
    qtbot.waitUntil(lambda: seen.count("answer") == 2)
    first = seen.index("answer")
    assert (seen[first + 1] == ".") is by_turns
    assert runner.shutdown()
    runner.deleteLater()


def test_keys_pressed_while_a_page_is_made_are_kept(qtbot: QtBot, opened: Workspace) -> None:
    opened.go_to(Place("incidents"))
    qtbot.waitUntil(lambda: getattr(opened.page, "wanted", None) is not None, timeout=LONG)
    record = opened.page.wanted  # type: ignore[union-attr]
    opened.go_to(Place("incident", record))
    page = opened.page
    assert isinstance(page, IncidentPage)
    qtbot.waitUntil(lambda: page.editor.record is not None and page.isVisible(), timeout=LONG)
    page.editor.form.unfold("remarks")
    box = page.editor.form.field("remarks").input
    qtbot.waitUntil(lambda: box.isVisible() and box.isEnabled(), timeout=LONG)
    box.setFocus()
    opened.go_to(Place("agenda"))
    assert page.isVisible()  # the next one is made, not yet shown
    QTest.keyClicks(box, " Bruit de pompe.")
    desk = page.desk
    qtbot.waitUntil(lambda: opened.page is not None and opened.page.isVisible(), timeout=LONG)

    def kept() -> str:
        with desk.read() as session:
            found = session.get(Incident, record)
            return found.remarks if found is not None else ""

    qtbot.waitUntil(lambda: "Bruit de pompe." in kept(), timeout=LONG)


def test_a_page_left_before_it_was_shown_is_never_shown(qtbot: QtBot, opened: Workspace) -> None:
    opened.go_to(Place("incidents"))
    qtbot.waitUntil(lambda: getattr(opened.page, "wanted", None) is not None, timeout=LONG)
    record = opened.page.wanted  # type: ignore[union-attr]
    opened.go_to(Place("incident", record))
    opened.go_to(Place("agenda"))
    page = opened.page
    assert page is not None
    qtbot.waitUntil(page.isVisible, timeout=LONG)
    qtbot.waitUntil(lambda: not opened.findChildren(IncidentPage), timeout=LONG)


def test_an_icon_is_drawn_once_for_each_colour(qtbot: QtBot) -> None:
    one = pixmap("lock", "#123456", 33)
    assert pixmap("lock", "#123456", 33).cacheKey() == one.cacheKey()
    other = pixmap("lock", "#654321", 33)
    assert other.cacheKey() != one.cacheKey()
    assert other.toImage() != one.toImage()


def test_the_collector_leaves_out_what_is_loaded_at_the_door(tmp_path: Path) -> None:
    code = """
import gc, sys
from PySide6.QtCore import QTimer
from ui import app, opening
from ui.main_window import MainWindow
def show(self, was=MainWindow.show):
    was(self)
    self.clock = QTimer(self)
    self.clock.timeout.connect(lambda: gc.get_freeze_count() and app.QApplication.exit(0))
    self.clock.start(20)
MainWindow.show = show
app.main([sys.argv[1]])
print(gc.get_freeze_count() > 50_000, "ui.pages.case" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "coffre")],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.split() == ["True", "True"], done.stderr
