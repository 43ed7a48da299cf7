# SPDX-License-Identifier: GPL-3.0-or-later
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from hro_desktop.demo import run
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage
from ui.opening import OpenVault
from ui.unlock import UnlockPage

MakeStage = Callable[..., Stage]


def door(qtbot: QtBot, stage: Stage, folder: Path, *, main: bool = True) -> UnlockPage:
    page = UnlockPage(stage.context, folder, main=main)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    return page


def test_the_keyboard_is_where_the_passphrase_is_typed(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> None:
    window = make_stage().window(qtbot, practice_vault(tmp_path))
    page = window.centralWidget()
    assert isinstance(page, UnlockPage)
    qtbot.waitUntil(page.field.hasFocus)
    other = make_stage().window(qtbot, tmp_path / "nulle part")
    bare = other.centralWidget()
    assert isinstance(bare, UnlockPage)
    qtbot.waitUntil(bare.create_action.hasFocus)


def test_right_passphrase_hands_the_vault_over(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> None:
    page = door(qtbot, make_stage(), practice_vault(tmp_path))
    page.field.setText(run.PASSPHRASE)  # QTest types only what a Latin-1 keyboard has
    with qtbot.waitSignal(page.opened, timeout=20_000) as opened:
        qtbot.keyClick(page.field, Qt.Key.Key_Return)
    vault = opened.args[0]
    assert isinstance(vault, OpenVault)
    assert vault.practice
    assert page.field.text() == ""
    vault.close()
    vault.close()


def test_wrong_passphrase_is_one_sentence_under_the_field(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> None:
    page = door(qtbot, make_stage(), practice_vault(tmp_path))
    unlock = page.buttons[0]
    qtbot.keyClicks(page.field, "une autre phrase")
    unlock.click()
    assert not unlock.isEnabled()
    assert not page.field.isEnabled()
    qtbot.waitUntil(lambda: bool(page.problem), timeout=20_000)
    assert page.problem.startswith("Cette phrase de passe n’ouvre pas le coffre")
    assert page.field.accessibleDescription() == page.problem
    assert page.field.isEnabled()
    assert page.field.selectedText()
    qtbot.keyClicks(page.field, "x")
    assert page.problem == ""


def test_empty_passphrase_says_so(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> None:
    page = door(qtbot, make_stage(inline=True), practice_vault(tmp_path))
    page.buttons[0].click()
    assert "vide" in page.problem


def test_vault_in_use_says_so(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> None:
    from hro_desktop import bootstrap

    folder = practice_vault(tmp_path)
    page = door(qtbot, make_stage(inline=True), folder)
    with bootstrap.open_desk(folder, run.PASSPHRASE):
        page.field.setText(run.PASSPHRASE)
        page.buttons[0].click()
    assert page.problem
    assert page.problem.endswith(".")


def test_damaged_header_says_so(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> None:
    folder = practice_vault(tmp_path)
    for path in folder.rglob("coffre*.json*"):
        path.write_text("{")
    page = door(qtbot, make_stage(inline=True), folder)
    page.field.setText(run.PASSPHRASE)
    page.buttons[0].click()
    assert page.problem
    assert "Traceback" not in page.problem


def test_no_vault_offers_the_example_and_nothing_to_type_in(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path
) -> None:
    page = door(qtbot, make_stage(), tmp_path / "rien")
    unlock, other, practice = page.buttons
    assert not page.field.isEnabled()
    assert not unlock.isEnabled()
    assert other.isEnabled()
    assert practice.isEnabled()


def test_example_is_made_once_then_opened(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> None:
    stage = make_stage()
    half_made = stage.context.practice_folder.with_name("exercice-en-cours")
    half_made.mkdir()
    (half_made / "reste").write_text("d’un essai interrompu")
    for _ in range(2):
        page = door(qtbot, stage, tmp_path / "rien")
        with qtbot.waitSignal(page.opened, timeout=60_000) as opened:
            page.buttons[2].click()
        vault = opened.args[0]
        assert vault.practice
        assert vault.desk.today() == run.NOW.date()
        vault.close()
    assert not half_made.exists()


def test_another_vault_can_be_chosen(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> None:
    page = door(qtbot, make_stage(practice_vault(tmp_path)), tmp_path / "rien")
    page.buttons[1].click()
    assert page.field.isEnabled()
    page.field.setText(run.PASSPHRASE)
    with qtbot.waitSignal(page.opened, timeout=20_000) as opened:
        page.buttons[0].click()
    opened.args[0].close()


def test_nothing_names_the_vault_before_it_is_open(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> None:
    folder = practice_vault(tmp_path).rename(tmp_path / "Association-Reconnaissable")
    window = make_stage().window(qtbot, folder)
    page = window.centralWidget()
    assert isinstance(page, UnlockPage)
    said = [window.windowTitle()]
    for widget in page.findChildren(QLineEdit) + page.findChildren(QToolButton) + list(page.buttons):
        said += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
    said += [child.text() for child in page.findChildren(QLabel)]
    assert not [text for text in said if "Reconnaissable" in text]


def test_passphrase_can_be_shown_by_keyboard(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> None:
    page = door(qtbot, make_stage(), practice_vault(tmp_path))
    (eye,) = page.field.findChildren(QToolButton)
    assert eye.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert page.field.echoMode() is QLineEdit.EchoMode.Password
    qtbot.keyClick(eye, Qt.Key.Key_Space)
    assert page.field.echoMode() is QLineEdit.EchoMode.Normal
    qtbot.keyClick(eye, Qt.Key.Key_Space)
    assert page.field.echoMode() is QLineEdit.EchoMode.Password


@pytest.mark.parametrize(
    ("key", "text", "shift", "locked"),
    [
        (Qt.Key.Key_A, "A", False, True),
        (Qt.Key.Key_A, "a", True, True),
        (Qt.Key.Key_A, "a", False, False),
        (Qt.Key.Key_A, "A", True, False),
        (Qt.Key.Key_1, "1", False, False),
    ],
)
def test_caps_lock_is_guessed_from_what_its_keys_give(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path, key: Qt.Key, text: str, *, shift: bool, locked: bool
) -> None:
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtGui import QKeyEvent

    page = door(qtbot, make_stage(), practice_vault(tmp_path))
    held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QCoreApplication.sendEvent(page.field, QKeyEvent(QEvent.Type.KeyPress, key, held, text))
    assert ("Verr. Maj" in page.field.accessibleDescription()) is locked


def test_closing_the_window_while_the_vault_opens_leaves_it_closed(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path
) -> None:
    folder = practice_vault(tmp_path)
    stage = make_stage()
    window = stage.window(qtbot, folder)
    page = window.centralWidget()
    assert isinstance(page, UnlockPage)
    page.field.setText(run.PASSPHRASE)
    page.buttons[0].click()
    window.close()
    assert window.vault is None
    assert not (folder / "verrou").exists()
