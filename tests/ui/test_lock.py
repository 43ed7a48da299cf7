# SPDX-License-Identifier: GPL-3.0-or-later
"""The vault locks: by itself, by hand, in the middle of anything; what was typed is found again."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from hro_desktop.casework import settings
from hro_desktop.demo import run
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage, flush_deletes, words
from ui.jobs import Lane, Report, Token
from ui.main_window import MainWindow
from ui.pages.directory import DirectoryPage
from ui.pages.page import Place
from ui.theme import Scheme, Theme
from ui.unlock import UnlockPage
from ui.workspace import Workspace

MakeStage = Callable[..., Stage]
LONG = 60_000


def enter(qtbot: QtBot, window: MainWindow) -> Workspace:
    door = window.centralWidget()
    assert isinstance(door, UnlockPage)
    door.field.setText(run.PASSPHRASE)
    qtbot.keyClick(door.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(window.centralWidget(), Workspace), timeout=LONG)
    workspace = window.centralWidget()
    assert isinstance(workspace, Workspace)
    return workspace


Opened = tuple[Stage, MainWindow, Workspace]


@pytest.fixture
def opened(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> Iterator[Opened]:
    stage = make_stage()
    window = stage.window(qtbot, practice_vault(tmp_path))
    yield stage, window, enter(qtbot, window)
    window.close()


def directory_of(qtbot: QtBot, workspace: Workspace) -> DirectoryPage:
    workspace.go_to(Place("directory"))
    page = workspace.page_of(DirectoryPage)
    assert page is not None
    qtbot.waitUntil(lambda: bool(page.editor.form.field("name").input.text()), timeout=LONG)
    return page


def pass_time(window: MainWindow, idle_for: float) -> None:
    """As if nobody had touched anything for so long."""
    assert window.idle is not None
    window.idle._last -= idle_for


def test_idle_time_locks_and_keeps_what_is_typed(
    qtbot: QtBot, opened: Opened, make_stage: MakeStage, tmp_path: Path
) -> None:
    stage, window, workspace = opened
    page = directory_of(qtbot, workspace)
    name = page.editor.form.field("name").input
    name.setFocus()
    name.selectAll()
    qtbot.keyClicks(name, "Association en cours de frappe")
    pass_time(window, 241)
    qtbot.waitUntil(lambda: bool(stage.restarts), timeout=5000)
    assert stage.restarts == [tmp_path / "coffre"]
    assert not window.isVisible()
    flush_deletes()
    assert not shiboken6.isValid(page)
    again = make_stage().window(qtbot, tmp_path / "coffre")
    page = directory_of(qtbot, enter(qtbot, again))
    qtbot.waitUntil(lambda: name_typed(page) == "Association en cours de frappe", timeout=LONG)
    again.close()


def name_typed(page: DirectoryPage) -> str:
    return str(page.editor.form.field("name").input.text())


def test_a_list_without_a_line_shows_no_form_of_another(qtbot: QtBot, opened: Opened) -> None:
    page = directory_of(qtbot, opened[2])
    qtbot.keyClicks(page.look, "zzz introuvable")
    qtbot.waitUntil(lambda: not page.editor.isVisible(), timeout=LONG)
    assert page.marks == ()
    page.look.selectAll()
    qtbot.keyClick(page.look, Qt.Key.Key_Delete)
    qtbot.waitUntil(page.editor.isVisible, timeout=LONG)


def test_person_is_told_before_and_a_key_is_enough_to_stay(qtbot: QtBot, opened: Opened) -> None:
    stage, window, workspace = opened
    pass_time(window, 215)
    qtbot.waitUntil(lambda: "Verrouillage dans" in words(workspace), timeout=5000)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
    assert "Verrouillage dans" not in words(workspace)
    qtbot.wait(1200)
    assert stage.restarts == []


def test_long_work_is_named_before_it_is_interrupted_and_holds_nothing_back(qtbot: QtBot, opened: Opened) -> None:
    stage, window, workspace = opened
    ended = threading.Event()

    def deposit(token: Token, report: Report) -> None:
        try:
            while True:
                report(1, 10, "Lecture")
                time.sleep(0.01)
        finally:
            ended.set()

    stage.context.jobs.start(Lane.WRITE, deposit, owner=window, done=print, title="Dépôt d’une vidéo")
    pass_time(window, 215)
    qtbot.waitUntil(lambda: "«\u00a0Dépôt d’une vidéo\u00a0» sera interrompu" in words(workspace), timeout=5000)
    pass_time(window, 30)
    qtbot.waitUntil(lambda: bool(stage.restarts), timeout=10_000)
    assert ended.is_set()
    assert window.vault is None


def test_leaving_the_computer_locks_once(qtbot: QtBot, opened: Opened) -> None:
    stage, window, _ = opened
    if window._away is None:
        pytest.skip("nothing tells it on this system")
    window._away.left.emit()
    window._away.left.emit()
    assert len(stage.restarts) == 1


def test_children_that_set_letters_end_with_the_window(qtbot: QtBot, opened: Opened) -> None:
    from forms.worker import Worker

    _, window, _ = opened
    with Worker() as worker:
        worker.start()
        assert worker.pid is not None
        folder = worker._folder
        assert folder is not None
        window.lock()
        qtbot.waitUntil(lambda: worker.pid is None, timeout=5000)
        assert not folder.exists()


def test_another_look_keeps_place_and_what_is_typed(qtbot: QtBot, opened: Opened) -> None:
    _, window, workspace = opened
    page = directory_of(qtbot, workspace)
    name = page.editor.form.field("name").input
    name.setFocus()
    name.selectAll()
    qtbot.keyClicks(name, "Nom incomplet")
    window.on_preferred(settings.Settings(scheme="dark", text_percent=150, lock_after=60))
    assert window.context.theme == Theme(Scheme.DARK, 1.5)
    assert window.idle is not None
    assert window.idle.delay == 60
    flush_deletes()
    assert not shiboken6.isValid(page)
    fresh = window.centralWidget()
    assert isinstance(fresh, Workspace)
    after = fresh.page_of(DirectoryPage)
    assert after is not None
    assert after.isVisible()
    qtbot.waitUntil(lambda: name_typed(after) == "Nom incomplet", timeout=LONG)


def test_look_of_an_access_is_there_once_it_opened(
    qtbot: QtBot, opened: Opened, make_stage: MakeStage, tmp_path: Path
) -> None:
    _, window, _ = opened
    assert window.vault is not None
    wanted = settings.Settings(scheme="dark", text_percent=125, lock_after=600)
    window.vault.desk.run(settings.save, wanted)
    window.lock()
    again = make_stage().window(qtbot, tmp_path / "coffre")
    assert again.context.theme.scheme is not Scheme.DARK
    enter(qtbot, again)
    assert again.context.theme == Theme(Scheme.DARK, 1.25)
    assert again.idle is not None
    assert again.idle.delay == 600
    assert attrs.asdict(wanted) == attrs.asdict(again.vault.settings if again.vault else wanted)
    again.close()
