# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl L while a letter is lent, compared or taken back: done whole or not at all, what lies outside is known."""

import hashlib
from pathlib import Path

import docx
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hro_desktop import bootstrap
from hro_desktop.casework import clear_copies, outside
from hro_desktop.demo import run
from tests.ui.building.support import Opened, click, referral, seen
from tests.ui.test_outside import folder, lend, opened, panel_of
from tests.ui.test_window import LONG

__all__ = ["folder", "opened"]


def lock(qtbot: QtBot, opened: Opened, later: int) -> None:
    qtbot.wait(later)
    qtbot.keyClick(opened[1], Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert opened[0].restarts


@pytest.mark.parametrize("later", [0, 30, 300, 1500])
def test_locking_while_a_letter_is_lent(qtbot: QtBot, opened: Opened, folder: Path, tmp_path: Path, later: int) -> None:
    _, panel = panel_of(qtbot, opened)
    opened[0].ask._answers.append(folder)
    click(qtbot, seen(qtbot, panel, "Écrire le .docx dans un dossier"))
    lock(qtbot, opened, later)
    with bootstrap.open_desk(tmp_path / "coffre", run.PASSPHRASE) as desk, desk.read() as session:
        known = clear_copies.known(session)
    assert [each.path for each in known] == list(folder.iterdir())
    for each in known:
        assert hashlib.sha256(each.path.read_bytes()).hexdigest() in each.hashes


@pytest.mark.parametrize("later", [0, 30, 300])
def test_locking_while_a_letter_is_taken_back(
    qtbot: QtBot, opened: Opened, folder: Path, tmp_path: Path, later: int
) -> None:
    _, panel = panel_of(qtbot, opened)
    path = lend(qtbot, opened, panel, folder)
    document = docx.Document(str(path))
    document.add_paragraph("Une phrase de fiction.")
    document.save(str(path))
    click(qtbot, seen(qtbot, panel, "Reprendre le fichier modifié"))
    keep = seen(qtbot, panel, "Garder cette version")
    name = referral(opened)
    click(qtbot, keep)
    lock(qtbot, opened, later)
    with bootstrap.open_desk(tmp_path / "coffre", run.PASSPHRASE) as desk, desk.read() as session:
        (letter,) = outside.letters_of(session, desk, name)
        (copy,) = letter.copies
    assert copy.path == path
    assert copy.taken == (letter.in_force is not None)
    assert (letter.lent is None) == copy.taken


@pytest.mark.parametrize("later", [0, 200, 1000])
def test_locking_while_a_letter_is_compared(
    qtbot: QtBot, opened: Opened, folder: Path, tmp_path: Path, later: int
) -> None:
    _, panel = panel_of(qtbot, opened)
    path = lend(qtbot, opened, panel, folder)
    before = path.read_bytes()
    qtbot.waitUntil(lambda: panel.states[0].lent is not None, timeout=LONG)
    click(qtbot, seen(qtbot, panel, "Reprendre le fichier modifié"))
    name = referral(opened)
    lock(qtbot, opened, later)
    assert path.read_bytes() == before
    with bootstrap.open_desk(tmp_path / "coffre", run.PASSPHRASE) as desk, desk.read() as session:
        (letter,) = outside.letters_of(session, desk, name)
    assert letter.versions == ()
    assert letter.lent is not None
