# SPDX-License-Identifier: GPL-3.0-or-later
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import flush_deletes
from ui.ask import ScriptedAsk, WindowAsk, keep_no_folders

TELLTALE = "Nom-de-personne"


@pytest.fixture
def parent(qtbot: QtBot) -> Iterator[QWidget]:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    yield widget
    flush_deletes()


def open_dialog(parent: QWidget, kind: type[QWidget]) -> QWidget:
    (dialog,) = [each for each in parent.findChildren(kind) if each.isVisible()]
    return dialog


def test_telling_does_not_wait_and_shows_plain_text(qtbot: QtBot, parent: QWidget) -> None:
    WindowAsk().tell(parent, "Titre", "Une phrase avec <b>des signes</b>.")
    box = open_dialog(parent, QMessageBox)
    assert isinstance(box, QMessageBox)
    assert box.textFormat() is Qt.TextFormat.PlainText
    assert box.informativeText() == "Une phrase avec <b>des signes</b>."
    box.close()


@pytest.mark.parametrize(("press", "expected"), [(0, 0), (1, 1)])
def test_choice_comes_back_by_its_place(qtbot: QtBot, parent: QWidget, press: int, expected: int) -> None:
    answers: list[int] = []
    WindowAsk().choose(parent, "Titre", "Phrase.", ("Garder", "Effacer"), answers.append)
    box = open_dialog(parent, QMessageBox)
    assert isinstance(box, QMessageBox)
    assert box.defaultButton().text() == "Garder"
    next(button for button in box.buttons() if button.text() == ("Garder", "Effacer")[press]).click()
    assert answers == [expected]


def test_escape_takes_the_safe_choice(qtbot: QtBot, parent: QWidget) -> None:
    answers: list[int] = []
    WindowAsk().choose(parent, "Titre", "Phrase.", ("Garder", "Effacer"), answers.append)
    qtbot.keyClick(open_dialog(parent, QMessageBox), Qt.Key.Key_Escape)
    assert answers == [0]


def test_folder_dialog_gives_a_folder_and_leaves_no_trace_of_it(qtbot: QtBot, parent: QWidget, tmp_path: Path) -> None:
    home = Path(os.environ["HOME"])
    keep_no_folders()
    chosen: list[Path] = []
    folder = tmp_path / TELLTALE
    folder.mkdir()
    for _ in range(2):
        WindowAsk().folder(parent, "Où\u00a0?", chosen.append, new=True)
        dialog = open_dialog(parent, QFileDialog)
        assert isinstance(dialog, QFileDialog)
        assert dialog.testOption(QFileDialog.Option.DontUseNativeDialog)
        labels = {dialog.labelText(each).replace("\u00a0", " ") for each in QFileDialog.DialogLabel}
        assert {"Dans :", "Fichiers montrés :", "Enregistrer ici", "Annuler"} < labels
        dialog.setDirectory(str(tmp_path))
        dialog.selectFile(str(folder))
        dialog.accept()
        flush_deletes()
    QSettings(QSettings.Scope.UserScope, "QtProject").sync()
    assert chosen == [folder, folder]
    traces = [path for path in home.rglob("*") if path.is_file() and TELLTALE in path.read_bytes().decode("latin-1")]
    assert traces == []
    assert not list(home.rglob("*QtProject*"))


def test_folder_dialog_that_is_left_answers_nothing(qtbot: QtBot, parent: QWidget) -> None:
    chosen: list[Path] = []
    WindowAsk().folder(parent, "Où\u00a0?", chosen.append)
    dialog = open_dialog(parent, QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.reject()
    assert chosen == []
    flush_deletes()
    assert parent.findChildren(QFileDialog) == []


def test_script_answers_in_order_and_refuses_what_was_not_foreseen(qtbot: QtBot, parent: QWidget) -> None:
    ask = ScriptedAsk(Path("x"), None, 1)
    folders: list[Path] = []
    choices: list[int] = []
    ask.folder(parent, "un", folders.append)
    ask.folder(parent, "deux", folders.append)
    ask.choose(parent, "t", "trois", ("a", "b"), choices.append)
    ask.tell(parent, "t", "quatre")
    assert folders == [Path("x")]
    assert choices == [1]
    assert ask.said == ["un", "deux", "trois", "quatre"]
    with pytest.raises(IndexError):
        ask.folder(parent, "cinq", folders.append)
    assert QApplication.activeModalWidget() is None
