# SPDX-License-Identifier: GPL-3.0-or-later
"""First-use hints: there once, gone for good, back when somebody asks."""

from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from hro_desktop.casework import hints
from hro_desktop.demo import run
from hro_desktop.records.base import new_id
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage, still, unlock
from ui.help import book
from ui.help.hints import HintBar
from ui.main_window import MainWindow
from ui.pages.page import Place
from ui.pages.settings import SettingsPage
from ui.pages.settings_vault import LookPart
from ui.theme import Scheme, Theme
from ui.workspace import Workspace

MakeStage = Callable[..., Stage]
Enter = Callable[..., Workspace]
LONG = 60_000


@pytest.fixture
def enter(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> Iterator[Enter]:
    """The workspace of the practice vault, in a window that has hints, or not."""
    windows: list[MainWindow] = []
    folder = practice_vault(tmp_path)

    def inside(*, hints: bool = True) -> Workspace:
        stage = make_stage()
        window = attrs.evolve(stage, context=attrs.evolve(stage.context, hints=hints)).window(qtbot, folder)
        windows.append(window)
        workspace = unlock(qtbot, window)
        still(qtbot, window)
        return workspace

    yield inside
    for each in windows:
        each.close()


def window_of(workspace: Workspace) -> MainWindow:
    window = workspace.window()
    assert isinstance(window, MainWindow)
    return window


def go(qtbot: QtBot, workspace: Workspace, page: str) -> None:
    workspace.go_to(Place(page))
    still(qtbot, window_of(workspace))


def kept(workspace: Workspace) -> frozenset[str]:
    vault = window_of(workspace).vault
    assert vault is not None
    with vault.desk.read() as session:
        return hints.seen(session, vault.desk.vault.slot_id)


def test_a_hint_is_there_until_it_is_understood_even_after_the_vault_was_closed(qtbot: QtBot, enter: Enter) -> None:
    workspace = enter()
    home = book.help_of("home")
    assert home is not None
    assert workspace.hint.isVisible()
    assert workspace.hint.text.startswith(home.hint)
    go(qtbot, workspace, "cases")
    assert workspace.hint.isVisible()
    go(qtbot, workspace, "home")
    assert workspace.hint.isVisible(), "nobody has read it yet"
    workspace.hint.action.setFocus()
    qtbot.keyClick(workspace.hint.action, Qt.Key.Key_Space)
    assert not workspace.hint.isVisible()
    held = QApplication.focusWidget()
    assert held is not None, "the keyboard went away with the hint"
    assert workspace.page is not None
    assert workspace.page.isAncestorOf(held)
    still(qtbot, window_of(workspace))
    assert kept(workspace) == {"accueil"}
    go(qtbot, workspace, "cases")
    go(qtbot, workspace, "home")
    assert not workspace.hint.isVisible()
    window_of(workspace).close()
    again = enter()
    assert not again.hint.isVisible()
    go(qtbot, again, "cases")
    assert again.hint.isVisible()


def test_a_hint_goes_when_what_it_speaks_of_is_done(qtbot: QtBot, enter: Enter) -> None:
    workspace = enter()
    go(qtbot, workspace, "cases")
    news = window_of(workspace).context.news
    news.publish(frozenset({("evidence", new_id())}))
    assert workspace.hint.isVisible(), "something else was done"
    news.publish(frozenset({("case", new_id())}))
    assert not workspace.hint.isVisible()
    still(qtbot, window_of(workspace))
    assert kept(workspace) == {"dossiers"}


def test_settings_bring_them_back(qtbot: QtBot, enter: Enter) -> None:
    workspace = enter()
    workspace.hint.action.click()
    still(qtbot, window_of(workspace))
    workspace.go_to(Place("settings", part="look"))
    still(qtbot, window_of(workspace))
    page = workspace.page
    assert isinstance(page, SettingsPage)
    part = page.present
    assert isinstance(part, LookPart)
    part.hints.click()
    still(qtbot, window_of(workspace))
    assert kept(workspace) == frozenset()
    assert ("conseils montrés à nouveau", "ok") in page.marks
    go(qtbot, workspace, "home")
    assert workspace.hint.isVisible()


def test_a_window_made_for_something_else_has_none(qtbot: QtBot, enter: Enter) -> None:
    workspace = enter(hints=False)
    assert not workspace.hint.isVisible()
    go(qtbot, workspace, "cases")
    assert not workspace.hint.isVisible()


@pytest.mark.parametrize(("width", "scale"), [(1158, 1.0), (1054, 1.5), (752, 1.0), (648, 1.5)])
def test_every_hint_has_the_room_it_needs(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path, width: int, scale: float
) -> None:
    """As wide as the page is in the windows of `test_nothing_is_cut`, and narrower."""
    stage = make_stage()
    theme = Theme(Scheme.LIGHT, scale)
    from hro_desktop import bootstrap

    with bootstrap.open_desk(practice_vault(tmp_path), run.PASSPHRASE) as desk:
        bar = HintBar(attrs.evolve(stage.context, theme=theme, hints=True), desk)
        qtbot.addWidget(bar)
        theme.dress(bar)
        for each in book.pages():
            if not each.page:
                continue
            bar.show_for(each.page)
            qtbot.waitUntil(bar.isVisible, timeout=LONG)
            bar.resize(width, bar.heightForWidth(width))
            qtbot.wait(1)
            text = bar.findChild(QLabel)
            assert text is not None
            assert each.hint in text.text()
            assert text.height() >= text.heightForWidth(text.width()) - 2, each.name
            assert bar.action.width() >= bar.action.minimumSizeHint().width(), each.name
            assert bar.height() < 110 * scale, f"{each.name}: a hint is a line or two"
        bar.close()
        qtbot.waitUntil(lambda: stage.context.jobs.idle, timeout=LONG)
