# SPDX-License-Identifier: GPL-3.0-or-later
"""Réglages, Accès: an access taken away, told beforehand, done beside the window; and the backups it still opens."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hro_desktop import bootstrap
from hro_desktop.casework import editing, key_slots
from hro_desktop.demo import run
from hro_desktop.faults import Fault
from hro_desktop.vault import checks, generations, system_keyring
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage
from tests.ui.test_lock import enter
from tests.ui.test_settings import settings_of
from ui.ask import ScriptedAsk
from ui.main_window import MainWindow
from ui.pages.settings_access import AccessPart
from ui.pages.settings_backup import BackupPart

MakeStage = Callable[..., Stage]
LONG = 60_000
PHRASE = "une autre personne, une autre phrase"


@pytest.fixture
def opened(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path) -> Iterator[tuple[MainWindow, ScriptedAsk, str]]:
    """A window, the answers of its user (no, yes, yes), and the access of a second person."""
    vault = practice_vault(tmp_path)
    with bootstrap.open_desk(vault, run.PASSPHRASE) as desk:
        someone = desk.run(editing.write, "volunteer", editing.blank("volunteer", name="Alix Nouveau")).value.id
        slot = key_slots.add_passphrase(desk, someone, PHRASE).value
    stage = make_stage(0, 1, 1)
    window = stage.window(qtbot, vault)
    enter(qtbot, window)
    yield window, stage.ask, slot
    window.close()


def access_of(qtbot: QtBot, window: MainWindow, count: int) -> AccessPart:
    part = settings_of(window, "access").present
    assert isinstance(part, AccessPart)
    qtbot.waitUntil(lambda: len(part.removals) == count, timeout=LONG)
    return part


def test_an_access_is_removed_by_keyboard_once_it_was_agreed_to(
    qtbot: QtBot, opened: tuple[MainWindow, ScriptedAsk, str], stick: Path, tmp_path: Path
) -> None:
    window, ask, slot = opened
    backup = settings_of(window, "backup").present
    assert isinstance(backup, BackupPart)
    backup.on_folder(stick)
    qtbot.waitUntil(lambda: "faite et relue" in backup.words[1], timeout=LONG)
    part = access_of(qtbot, window, 2)
    assert [each.accessibleName() for each in part.removals][-1] == f"Retirer l’accès {slot[:4]}"
    qtbot.keyClick(part.removals[-1], Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(ask.said), timeout=LONG)
    assert "n’ouvrira plus ce coffre" in ask.said[-1]
    assert "phrase de passe de Alix Nouveau" in ask.said[-1]
    assert len(part.slots) == 3  # they said no
    qtbot.keyClick(part.removals[-1], Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "est retiré" in part.done, timeout=LONG)
    assert "1\u00a0sauvegarde s’ouvre encore" in part.done
    qtbot.waitUntil(lambda: len(part.slots) == 2, timeout=LONG)
    assert window.vault is not None
    assert checks.verify(window.vault.desk.vault).findings == ()
    qtbot.waitUntil(lambda: part.person.findText("Alix Nouveau") > 0, timeout=LONG)  # and may be given another one
    settings_of(window, "backup")
    qtbot.waitUntil(lambda: len(backup.stale.buttons) == 1, timeout=LONG)
    assert slot[:4] in backup.stale.buttons[0].line.title
    backup.renew.setChecked(True)
    backup.on_again_clicked()
    qtbot.waitUntil(lambda: not backup.stale.buttons, timeout=LONG)
    assert not backup.renew.isVisible()
    assert [each.number for each in generations.generations(stick)] == [2]
    window.close()
    with pytest.raises(Fault), bootstrap.open_desk(tmp_path / "coffre", PHRASE):
        pass
    with bootstrap.open_desk(tmp_path / "coffre", run.PASSPHRASE) as desk:
        assert desk.vault.notices == []


def test_one_that_cannot_be_reached_is_said_to_be_destroyed(
    qtbot: QtBot, opened: tuple[MainWindow, ScriptedAsk, str], stick: Path
) -> None:
    window, ask, slot = opened
    assert window.vault is not None
    desk = window.vault.desk
    backup = settings_of(window, "backup").present
    assert isinstance(backup, BackupPart)
    backup.on_folder(stick)
    qtbot.waitUntil(lambda: "faite et relue" in backup.words[1], timeout=LONG)
    key_slots.remove(desk, slot)
    stick.rename(stick.with_name("tiroir"))
    backup.ask()
    qtbot.waitUntil(lambda: len(backup.stale.buttons) == 1, timeout=LONG)
    qtbot.keyClick(backup.stale.buttons[0], Qt.Key.Key_Space)
    assert "détruit" in ask.said[-1]
    assert backup.stale.buttons  # not yet
    qtbot.keyClick(backup.stale.buttons[0], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not backup.stale.buttons, timeout=LONG)


def test_a_removal_that_is_stopped_changes_nothing(
    qtbot: QtBot, opened: tuple[MainWindow, ScriptedAsk, str], tmp_path: Path
) -> None:
    window, ask, _ = opened
    part = access_of(qtbot, window, 2)
    part.removals[-1].click()
    qtbot.waitUntil(lambda: len(ask.said) == 1, timeout=LONG)
    part.on_forecast((part.slots[-1].slot_id, ("Voici.",)))  # yes, and then no
    for job in part.context.jobs.running():
        job.cancel()
    qtbot.waitUntil(part.give.isEnabled, timeout=LONG)
    assert "rien n’a changé" in part.problem
    window.close()
    with bootstrap.open_desk(tmp_path / "coffre", PHRASE) as desk:
        assert desk.vault.notices == []


def test_a_new_paper_code_is_shown_once(
    qtbot: QtBot, opened: tuple[MainWindow, ScriptedAsk, str], tmp_path: Path
) -> None:
    window, ask, _ = opened
    part = access_of(qtbot, window, 2)
    part.add_paper.click()
    qtbot.waitUntil(lambda: bool(ask.said), timeout=LONG)
    code = ask.said[-1].partition("\n")[0]
    qtbot.waitUntil(lambda: len(part.slots) == 4, timeout=LONG)
    window.close()
    with bootstrap.open_desk(tmp_path / "coffre", code) as desk:
        assert len(key_slots.listed(desk)) == 4


class Memory:
    """A keyring of the system that works."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self.kept[service, name] = value


def test_ones_own_access_is_bound_to_this_computer_and_freed_again(
    qtbot: QtBot, opened: tuple[MainWindow, ScriptedAsk, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, _, _ = opened
    box = access_of(qtbot, window, 2).device
    box.bind.click()
    assert "Tapez votre phrase" in box.words[1]
    box.secret.setText(run.PASSPHRASE)
    qtbot.keyClick(box.secret, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "ne garde rien" in box.words[1], timeout=LONG)  # that of the tests keeps nothing
    memory = Memory()
    monkeypatch.setattr(system_keyring, "backend", lambda: memory)
    qtbot.keyClick(box.secret, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "trousseau" in box.words[0], timeout=LONG)
    assert box.secret.text() == ""
    ((service, name),) = memory.kept
    assert service == "hro_desktop"
    assert len(name) == 32
    window.close()
    with bootstrap.open_desk(tmp_path / "coffre", run.PASSPHRASE) as desk:
        key_slots.bind_device(desk, run.PASSPHRASE, wanted=False)
    memory.kept.clear()
    with bootstrap.open_desk(tmp_path / "coffre", run.PASSPHRASE) as desk:
        assert not any(each.device for each in key_slots.listed(desk))
