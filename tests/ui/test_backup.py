# SPDX-License-Identifier: GPL-3.0-or-later
"""Backing up from the settings, what the home page says of it, and restoring at the door by keyboard alone."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hro_desktop import bootstrap
from hro_desktop.casework import backups
from hro_desktop.vault import backup, generations, restore
from hro_desktop.vault.generations import FOLDER
from hro_desktop.vault.keys import KdfParams
from hro_desktop.vault.vault import Vault
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage
from tests.ui.test_lock import enter
from tests.ui.test_settings import settings_of
from tests.ui.test_unlock import door
from tests.vault.backups import flip
from tests.vault.support import deposit
from ui.jobs import Report, Token
from ui.main_window import MainWindow
from ui.pages import settings_backup
from ui.pages.home import HomePage
from ui.pages.page import Place
from ui.pages.settings_backup import BackupPart
from ui.unlock import UnlockPage
from ui.workspace import Workspace

MakeStage = Callable[..., Stage]
LONG = 60_000
PHRASE = "menthol dauphin belette moumoute paradeur finir cribla"


# ---- in the settings


Opened = tuple[MainWindow, Workspace, BackupPart]


@pytest.fixture
def opened(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path, stick: Path) -> Iterator[Opened]:
    window = make_stage(stick, stick).window(qtbot, practice_vault(tmp_path))
    workspace = enter(qtbot, window)
    part = settings_of(window, "backup").present
    assert isinstance(part, BackupPart)
    qtbot.waitUntil(lambda: bool(part.words[0]), timeout=LONG)
    yield window, workspace, part
    window.close()


def test_a_backup_is_made_by_keyboard_and_its_place_is_known(qtbot: QtBot, opened: Opened, stick: Path) -> None:
    _, workspace, part = opened
    line = workspace._status._backup
    assert line.text() == ""  # an exercise
    assert part.words[0] == "Aucune sauvegarde n’a encore été faite."
    assert not part.again.isVisible()
    part.setFocus()
    qtbot.keyClick(part.save, Qt.Key.Key_Space)
    assert not part.save.isEnabled()
    qtbot.waitUntil(part.save.isEnabled, timeout=LONG)
    assert "faite et relue" in part.words[1]
    assert any("même disque" in each for each in part.words)
    qtbot.waitUntil(lambda: "Sauvegarde faite et relue le" in line.text(), timeout=LONG)
    qtbot.waitUntil(lambda: str(stick) in part.words[0], timeout=LONG)
    assert restore.check(generations.newest(stick)).sound
    part.reread.setChecked(False)
    qtbot.keyClick(part.again, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "n°\u00a02" in part.words[1], timeout=LONG)
    assert any("n’a pas été relu" in each for each in part.words)


def test_the_last_one_is_read_again_by_keyboard(qtbot: QtBot, opened: Opened, stick: Path) -> None:
    _, _, part = opened
    assert not part.check.isVisible()
    part.on_folder(stick)
    qtbot.waitUntil(part.check.isVisible, timeout=LONG)
    qtbot.keyClick(part.check, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "est entière" in part.words[1], timeout=LONG)
    generation = generations.newest(stick)
    assert generation.manifest is not None
    name = min(generation.manifest.objects)
    flip(generations.object_path(generation.place, name))
    qtbot.keyClick(part.check, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "est abîmée" in part.words[1], timeout=LONG)
    assert name[:8] in part.words[2]


def test_what_stands_in_the_way_is_said_where_one_looks(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    _, _, part = opened
    part.on_folder(tmp_path / "rien")
    qtbot.waitUntil(part.save.isEnabled, timeout=LONG)
    assert "n’est pas un dossier" in part.words[1]
    part.on_folder(tmp_path / "coffre")
    qtbot.waitUntil(lambda: "dans le coffre lui-même" in part.words[1], timeout=LONG)


def test_a_backup_that_is_stopped_leaves_the_ones_before(
    qtbot: QtBot, opened: Opened, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, part = opened
    part.on_folder(stick)
    qtbot.waitUntil(part.save.isEnabled, timeout=LONG)
    made = settings_backup._make

    def slow(desk: object, chosen: Path, token: Token, report: Report, **how: bool) -> object:
        def told(done: int, total: int, what: str = "") -> None:
            if done > total // 3:
                token.cancel()  # as the status line does
            report(done, total, what)

        return made(desk, chosen, token, told, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(settings_backup, "_make", slow)
    part.on_folder(stick)
    qtbot.waitUntil(part.save.isEnabled, timeout=LONG)
    assert part.words[1].startswith("Arrêté")
    assert [each.number for each in generations.generations(stick)] == [1]
    assert [path.name for path in (stick / FOLDER / "generations").iterdir() if path.suffix] == []


def test_the_delay_of_the_reminder_is_kept(qtbot: QtBot, opened: Opened) -> None:
    window, _, part = opened
    part.remind_after.set_value(30)
    part.remind_after.edited.emit()
    assert window.vault is not None
    desk = window.vault.desk

    def kept() -> bool:
        with desk.read() as session:
            return backups.remind_after(session) == 30

    qtbot.waitUntil(kept, timeout=LONG)


def test_the_home_page_says_when_it_has_been_too_long_and_leads_there(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path, stick: Path
) -> None:
    past = dt.datetime.now(dt.UTC) - dt.timedelta(days=40)
    Vault.create(tmp_path / "coffre", PHRASE, kdf=KdfParams.fast(), reserve_size=4096, clock=lambda: past).vault.close()
    window = make_stage().window(qtbot, tmp_path / "coffre")
    page = window.centralWidget()
    assert isinstance(page, UnlockPage)
    page.field.setText(PHRASE)
    page.buttons[0].click()
    qtbot.waitUntil(lambda: isinstance(window.centralWidget(), Workspace), timeout=LONG)
    workspace = window.centralWidget()
    assert isinstance(workspace, Workspace)
    home = workspace.page_of(HomePage)
    assert home is not None
    qtbot.waitUntil(lambda: bool(home.presses.lines.buttons), timeout=LONG)
    (line,) = home.presses.lines.buttons
    assert line.line.title.startswith("Aucune sauvegarde du coffre depuis sa création")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    settings = workspace.page
    assert settings is not None
    assert settings.place == Place("settings", part="backup")
    assert window.vault is not None
    backups.make(window.vault.desk, stick)
    workspace.go_to(Place("home"))
    qtbot.waitUntil(lambda: not home.presses.lines.buttons, timeout=LONG)
    window.close()


# ---- at the door


@pytest.fixture
def saved(tmp_path: Path, stick: Path) -> str:
    """Two backups of a vault that is gone; its paper code."""
    made = bootstrap.create_vault(tmp_path / "ancien", PHRASE, kdf=KdfParams.fast())
    for content in (b"une image", b"un film" * 50_000):
        deposit(made.vault, content)
        backup.make(made.vault, stick)
    made.vault.close()
    (tmp_path / "ancien").rename(tmp_path / "parti")
    return made.paper_code


@pytest.fixture
def at_the_door(qtbot: QtBot, make_stage: MakeStage, tmp_path: Path, stick: Path, saved: str) -> UnlockPage:
    """Two backups to choose from, and a place where there is no vault."""
    page = door(qtbot, make_stage(stick), tmp_path / "coffre")
    page.activateWindow()
    ask_for(qtbot, page)
    return page


def ask_for(qtbot: QtBot, page: UnlockPage) -> None:
    """Come to the face, and choose the folder of the backups with the keyboard."""
    page.restore_action.setFocus()
    qtbot.keyClick(page.restore_action, Qt.Key.Key_Space)
    assert page.restore_face.isVisible()
    qtbot.waitUntil(page.restore_face.source.hasFocus, timeout=LONG)
    qtbot.keyClick(page.restore_face.choose_source, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.restore_face.which.count() > 0, timeout=LONG)


def test_a_backup_is_restored_by_keyboard_and_opens_with_the_paper_code(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path, stick: Path, saved: str
) -> None:
    page = door(qtbot, make_stage(stick), tmp_path / "coffre")
    page.activateWindow()
    ask_for(qtbot, page)
    face = page.restore_face
    assert face.which.count() == 2
    assert "2\u00a0pièces" in face.which.currentText()
    assert face.target.text() == str(tmp_path / "coffre")  # where a vault would be
    qtbot.keyClick(face.which, Qt.Key.Key_Down)
    assert "1\u00a0pièce," in face.which.currentText()
    qtbot.keyClick(face.which, Qt.Key.Key_Up)
    qtbot.keyClick(face.target, Qt.Key.Key_Return)
    assert not face.go_on.isEnabled()
    qtbot.waitUntil(lambda: page.code.isVisible() or page.field.isVisible(), timeout=LONG)
    assert page.said.startswith("Coffre restauré")
    qtbot.keyClick(page.paper_action, Qt.Key.Key_Space)
    qtbot.keyClicks(page.code, saved)
    with qtbot.waitSignal(page.opened, timeout=LONG) as signal:
        qtbot.keyClick(page.code, Qt.Key.Key_Return)
    vault = signal.args[0]
    assert vault.folder == tmp_path / "coffre"
    assert len(vault.desk.vault.objects.names()) == 2
    vault.close()


def test_a_folder_without_a_backup_and_a_place_that_is_taken_are_said(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path, stick: Path, saved: str
) -> None:
    page = door(qtbot, make_stage(tmp_path / "parti", stick), tmp_path / "coffre")
    face = page.restore_face
    page.restore_action.click()
    face.go_on.click()
    assert "Choisissez le dossier" in face.problem
    face.choose_source.click()
    qtbot.waitUntil(lambda: "aucune sauvegarde" in face.problem, timeout=LONG)
    face.choose_source.click()
    qtbot.waitUntil(lambda: face.which.count() == 2, timeout=LONG)
    assert face.problem == ""
    face.target.clear()
    face.go_on.click()
    assert "nouveau dossier" in face.problem
    face.target.setText(str(tmp_path / "parti"))
    face.go_on.click()
    qtbot.waitUntil(lambda: "n’est pas un dossier vide" in face.problem, timeout=LONG)
    assert face.go_on.isEnabled()
    face.source.setText(str(stick / "x"))
    face.source.textEdited.emit(face.source.text())
    assert face.which.count() == 0  # another folder: not those of the one before
    face.back.click()
    assert page.create_action.isVisible()


def test_damaged_objects_are_done_without_only_when_somebody_says_so(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path, stick: Path, saved: str
) -> None:
    manifest = generations.newest(stick).manifest
    assert manifest is not None
    path = generations.object_path(stick / FOLDER, max(manifest.objects))
    flip(path)
    stage = make_stage(stick, 0, 1)
    page = door(qtbot, stage, tmp_path / "coffre")
    ask_for(qtbot, page)
    face = page.restore_face
    face.go_on.click()
    qtbot.waitUntil(lambda: path.stem[:8] in face.problem, timeout=LONG)
    assert not (tmp_path / "coffre").exists()
    face.go_on.click()
    qtbot.waitUntil(lambda: page.said.startswith("Coffre restauré"), timeout=LONG)
    assert page.said.endswith("Sans 1\u00a0pièce.")


def test_a_damaged_backup_is_shown_and_cannot_be_chosen(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path, stick: Path, saved: str
) -> None:
    (generations.newest(stick).folder / "manifeste.json").write_text("{")
    page = door(qtbot, make_stage(stick), tmp_path / "coffre")
    ask_for(qtbot, page)
    which = page.restore_face.which
    assert which.itemText(0) == "n°\u00a02, abîmée"
    assert which.currentIndex() == 1
    model = which.model()
    assert isinstance(model, QStandardItemModel)
    assert not model.item(0).isEnabled()


def test_a_restoration_can_be_stopped(
    qtbot: QtBot, at_the_door: UnlockPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    face = at_the_door.restore_face
    real = restore.restore

    def waiting(generation: object, target: Path, progress: restore.Progress, *, partial: bool) -> object:
        def told(done: int, total: int) -> None:
            while done > total // 4:  # the disk is slow: until somebody stops it
                progress(done, total)

        return real(generation, target, told, partial=partial)  # type: ignore[arg-type]

    monkeypatch.setattr(restore, "restore", waiting)
    face.go_on.click()
    assert face.cancel.isVisible()
    qtbot.waitUntil(face.cancel.hasFocus, timeout=LONG)
    qtbot.waitUntil(lambda: face._bar.maximum() > 0, timeout=LONG)
    qtbot.keyClick(face.cancel, Qt.Key.Key_Space)
    qtbot.waitUntil(face.go_on.isEnabled, timeout=LONG)
    assert "arrêtée" in face.said
    assert not (tmp_path / "coffre").exists()


def test_tab_goes_through_the_face_in_the_order_it_is_read(qtbot: QtBot, at_the_door: UnlockPage) -> None:
    face = at_the_door.restore_face
    face.source.setFocus()
    reached = []
    for _ in range(7):
        held = QApplication.focusWidget()
        assert held is not None
        assert held.accessibleName() or getattr(held, "text", str)()
        reached.append(held)
        qtbot.keyClick(held, Qt.Key.Key_Tab)
    assert reached == [
        *(face.source, face.choose_source, face.which, face.target, face.choose_target),
        *(face.go_on, face.back),
    ]


def test_closing_the_window_while_it_restores_leaves_nothing(
    qtbot: QtBot, make_stage: MakeStage, tmp_path: Path, stick: Path, saved: str
) -> None:
    window = make_stage(stick).window(qtbot, tmp_path / "coffre")
    page = window.centralWidget()
    assert isinstance(page, UnlockPage)
    ask_for(qtbot, page)
    page.restore_face.go_on.click()
    window.close()
    assert not (tmp_path / "coffre").exists() or (tmp_path / "coffre" / "coffre.json").exists()
    assert not (tmp_path / "coffre" / "verrou").exists()
