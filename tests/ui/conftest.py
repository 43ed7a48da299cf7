# SPDX-License-Identifier: GPL-3.0-or-later
"""What every test of the window shares: nothing survives a test, whatever Qt complains about fails it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from hro_desktop.demo import run
from tests.support.practice import practice_vault
from ui.app import prepare
from ui.ask import ScriptedAsk
from ui.changes import ChangeHub
from ui.context import Context
from ui.jobs import InlineJobs, JobRunner
from ui.main_window import MainWindow
from ui.theme import Scheme, Theme
from ui.unlock import UnlockPage
from ui.workspace import Workspace


def flush_deletes() -> None:
    """Have deleteLater take effect: without a running event loop it never does."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()


def unlock(qtbot: QtBot, window: MainWindow) -> Workspace:
    """Open the practice vault at the door."""
    door = window.centralWidget()
    assert isinstance(door, UnlockPage)
    door.field.setText(run.PASSPHRASE)
    qtbot.keyClick(door.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(window.centralWidget(), Workspace), timeout=60_000)
    workspace = window.centralWidget()
    assert isinstance(workspace, Workspace)
    return workspace


def words(widget: QWidget) -> str:
    """What is read on a page or a part of it, already in the turn in which it is made and not yet shown."""
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget))


def still(qtbot: QtBot, window: MainWindow) -> None:
    """Until nothing is asked for any more and what came is laid out, however long a busy machine takes.

    It looks at no widget: a wrapper of PySide made for a part of a page would keep the page alive.
    """
    for _ in range(3):
        qtbot.waitUntil(lambda: window.context.jobs.idle, timeout=60_000)
        qtbot.wait(30)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every warning of Qt fails a test, save those that speak of the screenless platform and of nothing of ours."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("^This plugin does not support (raise|propagateSizeHints)"))


@pytest.fixture(autouse=True)
def _nothing_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """No window and no thread of ours outlives its test."""
    if "qapp" not in request.fixturenames and "qtbot" not in request.fixturenames:
        yield
        return
    app = QApplication.instance() or request.getfixturevalue("qapp")
    windows = set(map(id, app.topLevelWidgets()))
    yield
    flush_deletes()
    left = [type(widget).__name__ for widget in app.topLevelWidgets() if id(widget) not in windows]
    threads = []
    for thread in threading.enumerate():
        if thread.name.startswith("hro-"):
            thread.join(2.0)  # a pool that was shut down ends its threads, a moment later
            threads += [thread.name] if thread.is_alive() else []
    for widget in app.topLevelWidgets():
        widget.deleteLater()
    flush_deletes()
    assert left == [], f"windows left open: {left}"
    assert threads == [], f"threads left running: {threads}"


@attrs.define
class Stage:
    """A window in a test: what it was given, and what it asked for."""

    context: Context
    ask: ScriptedAsk
    restarts: list[Path]

    def window(self, qtbot: QtBot, folder: Path) -> MainWindow:
        window = MainWindow(self.context, folder, main=True)
        qtbot.addWidget(window)
        window.resize(1366, 768)
        window.show()
        return window


@pytest.fixture
def make_stage(qapp: QApplication, tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    """Builds the surroundings of pages, with real threads unless told otherwise."""
    prepare(qapp, Theme(Scheme.LIGHT))
    made: list[JobRunner] = []

    def make(*answers: Path | int | None, inline: bool = False) -> Stage:
        jobs = InlineJobs() if inline else JobRunner()
        made.append(jobs)
        restarts: list[Path] = []
        ask = ScriptedAsk(*answers)
        context = Context(
            jobs=jobs,
            news=ChangeHub(),
            ask=ask,
            theme=Theme(Scheme.LIGHT),
            restart=restarts.append,
            practice_folder=tmp_path / "exercice",
        )
        return Stage(context, ask, restarts)

    yield make
    for jobs in made:
        assert jobs.shutdown()
        jobs.deleteLater()


OpenPractice = Callable[..., tuple[Stage, MainWindow, Workspace]]


@pytest.fixture
def open_practice(qtbot: QtBot, make_stage: Callable[..., Stage], tmp_path: Path) -> Iterator[OpenPractice]:
    """Opens a window on a practice vault: what somebody answers, then what the vault holds besides its first case."""
    windows: list[MainWindow] = []

    def make(*answers: Path | int | None, **holds: bool) -> tuple[Stage, MainWindow, Workspace]:
        stage = make_stage(*answers)
        windows.append(stage.window(qtbot, practice_vault(tmp_path, **holds)))
        return stage, windows[-1], unlock(qtbot, windows[-1])

    yield make
    for each in windows:
        each.close()
