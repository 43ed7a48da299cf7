# SPDX-License-Identifier: GPL-3.0-or-later
"""The only door to message boxes and file dialogs.

Nothing here waits: an answer comes later through a function. Tests give a `ScriptedAsk` instead. Qt's file dialog keeps
the folders one visits in a settings file, in clear: that file is moved out of the world and emptied besides.
"""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QSettings, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

__all__ = ["Ask", "ScriptedAsk", "WindowAsk", "forget_folders", "keep_no_folders"]

_NOWHERE: Final = os.devnull + "/hro-desktop"
"""A folder that cannot exist: what is written there is lost, which is the intention."""
_QT_SETTINGS: Final = "QtProject"
"""Where Qt's own dialogs keep their history, whatever the program is called."""
_LABELS: Final = {
    QFileDialog.DialogLabel.LookIn: "Dans\u00a0:",
    QFileDialog.DialogLabel.FileType: "Fichiers montrés\u00a0:",
    QFileDialog.DialogLabel.Reject: "Annuler",
}
"""What Qt’s own translation leaves in English."""


def keep_no_folders() -> None:
    """Call before the first dialog: Qt's history of folders is written nowhere (on Windows and macOS, purged)."""
    if sys.platform not in ("win32", "darwin"):
        for kind in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
            QSettings.setPath(kind, QSettings.Scope.UserScope, _NOWHERE)
    forget_folders()


def forget_folders() -> None:
    """Empty Qt's history of folders and of shortcuts to them."""
    settings = QSettings(QSettings.Scope.UserScope, _QT_SETTINGS)
    settings.remove("FileDialog")
    settings.remove("Qt/filedialog")


class Ask(Protocol):
    """What the window may ask its user apart from its pages."""

    def tell(self, parent: QWidget, title: str, sentence: str) -> None:
        """Say something that must not be missed."""

    def choose(
        self, parent: QWidget, title: str, sentence: str, choices: Sequence[str], then: Callable[[int], None]
    ) -> None:
        """Ask to choose; the first choice is the safe one. `then` gets its place in the list, never a refusal."""

    def folder(self, parent: QWidget, title: str, then: Callable[[Path], None], *, new: bool = False) -> None:
        """Ask for a folder; `then` is not called when nobody answers.

        Args:
            parent: window it belongs to.
            title: what it is for.
            then: gets the folder.
            new: the folder will be written to, it may be made on the way.
        """

    def file(self, parent: QWidget, title: str, then: Callable[[Path], None]) -> None:
        """Ask for a file to read; `then` is not called when nobody answers."""

    def files(self, parent: QWidget, title: str, then: Callable[[Sequence[Path]], None]) -> None:
        """Ask for files to be read; `then` is not called when nobody answers."""

    def open_file(self, path: Path) -> bool:
        """Open a file in the program of the computer that opens such files; whether one was found."""

    def printer(self, parent: QWidget, title: str, then: Callable[[QPrinter], None]) -> None:
        """Ask for a printer; `then` paints on it, and is not called when nobody answers."""


class WindowAsk:
    """Asks with real dialogs, one above its window."""

    def tell(self, parent: QWidget, title: str, sentence: str) -> None:
        """Say something that must not be missed."""
        box = self._box(parent, title, sentence)
        box.setStandardButtons(QMessageBox.StandardButton.Ok)
        box.open()

    def choose(
        self, parent: QWidget, title: str, sentence: str, choices: Sequence[str], then: Callable[[int], None]
    ) -> None:
        """Ask to choose; the first choice is the default and the one Escape takes."""
        box = self._box(parent, title, sentence)
        buttons = [box.addButton(text, QMessageBox.ButtonRole.AcceptRole) for text in choices]
        box.setDefaultButton(buttons[0])
        box.setEscapeButton(buttons[0])
        box.buttonClicked.connect(lambda button: then(buttons.index(button)))
        box.open()

    def folder(self, parent: QWidget, title: str, then: Callable[[Path], None], *, new: bool = False) -> None:
        """Ask for a folder with Qt's own dialog: those of the desktop keep a list of recent places in clear."""
        dialog = self._dialog(parent, title)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, "Enregistrer ici" if new else "Choisir")
        dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
        dialog.open()

    def files(self, parent: QWidget, title: str, then: Callable[[Sequence[Path]], None]) -> None:
        """Ask for files in the same way."""
        dialog = self._dialog(parent, title)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, "Choisir")
        dialog.filesSelected.connect(lambda chosen: then(tuple(Path(each) for each in chosen)))
        dialog.open()

    def file(self, parent: QWidget, title: str, then: Callable[[Path], None]) -> None:
        """Ask for a file that is there, with the same dialog."""
        dialog = self._dialog(parent, title)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, "Choisir")
        dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
        dialog.open()

    def open_file(self, path: Path) -> bool:
        """Ask the desktop to open it."""
        return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _dialog(self, parent: QWidget, title: str) -> QFileDialog:
        dialog = QFileDialog(parent, title, str(Path.home()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setOption(QFileDialog.Option.DontUseCustomDirectoryIcons)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
        dialog.setSidebarUrls([QUrl.fromLocalFile(str(Path.home()))])
        dialog.setHistory([])
        for part, words in _LABELS.items():
            dialog.setLabelText(part, words)
        dialog.destroyed.connect(forget_folders)
        return dialog

    def printer(self, parent: QWidget, title: str, then: Callable[[QPrinter], None]) -> None:
        """Ask with the dialog of the system; what stands in the queue of the printer is called « Page »."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName("Page")
        dialog = QPrintDialog(printer, parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(title)
        dialog.accepted.connect(lambda: then(printer))
        QDialog.open(dialog)  # its own `open` wants a slot by name

    def _box(self, parent: QWidget, title: str, sentence: str) -> QMessageBox:
        box = QMessageBox(parent)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(title)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(title)
        box.setInformativeText(sentence)
        return box


class ScriptedAsk:
    """Answers from a list, for tests: no dialog opens, a question without an answer left is an error.

    Args:
        answers: a `Path` or `None` (nobody answered) for a folder, several for files, a number for a
            choice, in the order of asking.
    """

    def __init__(self, *answers: Path | Sequence[Path] | int | None) -> None:
        self._answers = list(answers)
        self.said: list[str] = []
        """Every sentence and title shown, in order."""
        self.opens = True
        """Whether a program opens files."""
        self.opened: list[Path] = []
        """The files that were opened, in order."""

    def tell(self, parent: QWidget, title: str, sentence: str) -> None:
        """Note what was said."""
        self.said.append(sentence)

    def choose(
        self, parent: QWidget, title: str, sentence: str, choices: Sequence[str], then: Callable[[int], None]
    ) -> None:
        """Take the next answer."""
        self.said.append(sentence)
        answer = self._answers.pop(0)
        if not isinstance(answer, int) or not 0 <= answer < len(choices):
            raise ValueError(answer)
        then(answer)

    def folder(self, parent: QWidget, title: str, then: Callable[[Path], None], *, new: bool = False) -> None:
        """Take the next answer."""
        self.said.append(title)
        answer = self._answers.pop(0)
        if isinstance(answer, Path):
            then(answer)

    def file(self, parent: QWidget, title: str, then: Callable[[Path], None]) -> None:
        """Take the next answer."""
        self.folder(parent, title, then)

    def files(self, parent: QWidget, title: str, then: Callable[[Sequence[Path]], None]) -> None:
        """Take the next answer."""
        self.said.append(title)
        answer = self._answers.pop(0)
        if isinstance(answer, tuple | list):
            then(answer)

    def open_file(self, path: Path) -> bool:
        """Note it."""
        self.opened.append(path)
        return self.opens

    def printer(self, parent: QWidget, title: str, then: Callable[[QPrinter], None]) -> None:
        """Take the next answer: a file stands for the paper."""
        self.said.append(title)
        answer = self._answers.pop(0)
        if isinstance(answer, Path):
            printer = QPrinter(QPrinter.PrinterMode.HighResolution)
            printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
            printer.setOutputFileName(str(answer))
            then(printer)
