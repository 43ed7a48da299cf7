# SPDX-License-Identifier: GPL-3.0-or-later
"""The first page, and the quick sheet that opens a case from it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from hro_desktop import bootstrap
from hro_desktop.casework import flash
from hro_desktop.casework.desk import Desk
from hro_desktop.demo import run
from hro_desktop.records.cases import Case
from hro_desktop.records.drafts import KeptDraft
from hro_desktop.records.statements import Statement
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage, unlock, words
from tests.ui.test_window import LONG
from ui.editor import editor
from ui.main_window import MainWindow
from ui.pages.flash import FlashPage
from ui.pages.home import HomePage
from ui.pages.page import Place
from ui.workspace import Workspace

MakeStage = Callable[..., Stage]
Opened = tuple[Stage, MainWindow, Workspace]


@pytest.fixture
def opened(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> Iterator[Opened]:
    stage = make_stage()
    window = stage.window(qtbot, practice_vault(tmp_path, follow_up=True))
    workspace = unlock(qtbot, window)
    yield stage, window, workspace
    window.close()


def home_of(qtbot: QtBot, workspace: Workspace) -> HomePage:
    workspace.go_to(Place("home"))
    page = workspace.page
    assert isinstance(page, HomePage)
    qtbot.waitUntil(lambda: bool(page.leaving.lines.buttons), timeout=LONG)
    return page


def flash_of(qtbot: QtBot, workspace: Workspace) -> FlashPage:
    workspace.go_to(Place("flash"))
    page = workspace.page
    assert isinstance(page, FlashPage)
    qtbot.waitUntil(page.form.form.isEnabled, timeout=LONG)
    return page


def desk_of(workspace: Workspace) -> Desk:
    page = workspace.page
    assert page is not None
    return page.desk


def test_the_home_page_says_what_presses_and_names_nobody(qtbot: QtBot, opened: Opened) -> None:
    page = home_of(qtbot, opened[2])
    said = words(page)
    assert "perte de preuve" in said
    assert "Signalement à l’IGPN" in said
    for name in ("Tesfay", "Ishag", "Habte", "RIO", "1234567"):
        assert name not in said
    assert all(each.accessibleName() for card in page.cards for each in card.lines.buttons)


def test_a_quick_sheet_becomes_a_case_by_keyboard_alone(qtbot: QtBot, opened: Opened) -> None:
    workspace = opened[2]
    home_of(qtbot, workspace).buttons[-1].click()
    page = workspace.page
    assert isinstance(page, FlashPage)
    qtbot.waitUntil(page.form.form.isEnabled, timeout=LONG)
    form = page.form.form
    qtbot.keyClicks(form.field("name").input, "Yonas")
    qtbot.keyClicks(form.field("contact").input, "WhatsApp +44 700 900 218")
    qtbot.keyClicks(form.field("when").input, "hier, vers 8 h 30")
    assert "vers 8" in words(form.field("when"))
    qtbot.keyClicks(form.field("where").input, "Calais")
    pill = form.field("marks").input.pills["camera"]
    pill.setFocus()
    qtbot.keyClick(pill, Qt.Key.Key_Space)
    form.field("words").input.setPlainText("Ils ont pris ma tente 🏕️ et frappé mon bras.")
    page.buttons[1].click()
    qtbot.waitUntil(lambda: page.saved is not None and bool(page.todo.buttons), timeout=LONG)
    assert "procureur" in words(page.todo)
    saved = page.saved
    assert saved is not None
    with desk_of(workspace).read() as session:
        assert session.get(Case, saved.case_id) is not None
        account = session.get_one(Statement, saved.statement_id)
        assert account.versions[0].french_text.startswith("Ils ont pris ma tente")
        assert session.scalars(select(KeptDraft).where(KeptDraft.kind == flash.KIND)).all() == []


def test_nothing_to_reach_nobody_by_is_said_and_nothing_typed_is_lost(qtbot: QtBot, opened: Opened) -> None:
    workspace = opened[2]
    page = flash_of(qtbot, workspace)
    qtbot.keyClicks(page.form.form.field("name").input, "Yonas")
    page.finish()
    qtbot.waitUntil(lambda: "Notez comment joindre" in page.problem, timeout=LONG)
    name = page.form.form.field("name").input
    assert name.text() == "Yonas"
    assert name.hasFocus()
    assert page.saved is None
    qtbot.keyClicks(page.form.form.field("where").input, "C")
    assert page.problem == ""


def test_a_sheet_left_or_locked_in_the_middle_is_found_again(
    qtbot: QtBot, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, window, workspace = opened
    monkeypatch.setattr(editor, "PAUSE", 60_000)
    page = flash_of(qtbot, workspace)
    QGuiApplication.clipboard().setText("Selam 👋")
    page.form.form.field("name").input.paste()
    page.form.form.field("words").input.setPlainText("Une phrase au milieu")
    record = page.form.record
    folder = window.vault.folder if window.vault is not None else Path()
    window.lock()
    assert stage.restarts == [folder]
    with bootstrap.open_desk(folder, run.PASSPHRASE) as desk, desk.read() as session:
        (kept,) = session.scalars(select(KeptDraft))
        assert kept.record_id == record
        assert kept.content["draft"]["words"] == "Une phrase au milieu"
        assert kept.content["draft"]["name"] == "Selam 👋"


def test_the_eye_covers_names_and_shows_them_again(qtbot: QtBot, opened: Opened) -> None:
    workspace = opened[2]
    page = home_of(qtbot, workspace)
    title = page.leaving.lines.buttons[0].findChildren(QLabel)[0]
    assert title.graphicsEffect() is None
    qtbot.keyClick(workspace, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert title.graphicsEffect() is not None
    workspace.on_eye_clicked()
    assert title.graphicsEffect() is None
