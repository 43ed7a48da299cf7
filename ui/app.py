# SPDX-License-Identifier: GPL-3.0-or-later
"""The program with a window: `hro-desktop-window [DOSSIER]`."""

import argparse
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTimer, QTranslator, Signal
from PySide6.QtWidgets import QApplication, QWidget

from hro_desktop import bootstrap
from ui import opening
from ui.ask import Ask, WindowAsk, keep_no_folders
from ui.changes import ChangeHub
from ui.context import Context
from ui.fonts import load_fonts
from ui.jobs import JobRunner, Lane
from ui.main_window import MainWindow
from ui.messages import sentence_of
from ui.restart import restart_locked
from ui.theme import Theme

__all__ = ["Surprises", "main", "prepare"]

_PRACTICE: Final = "coffre-exercice"
_AFTER: Final = 50
"""Milliseconds after which what lies behind the door is loaded."""


class Surprises(QObject):
    """Says in one sentence what nobody foresaw, on the UI thread.

    The text of the exception may hold a name: it is neither shown nor written anywhere.
    """

    _met = Signal(object)

    def __init__(self, ask: Ask, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self._met.connect(self.on_met)

    def install(self) -> None:
        """Take the place of the traceback, in this thread and the others."""
        sys.excepthook = self.on_exception
        threading.excepthook = self.on_thread_exception

    def on_exception(self, kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        """An exception reached the top of the program."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        sys.stderr.write(f"hro-desktop-window: {kind.__name__}\n")
        self._met.emit(error)

    def on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        """An exception ended a thread."""
        if args.exc_value is not None:
            self.on_exception(args.exc_type, args.exc_value, args.exc_traceback)

    def on_met(self, error: BaseException) -> None:
        """Say it."""
        window = QApplication.activeWindow() or next(
            (each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow)), None
        )
        if isinstance(window, QWidget):
            self._ask.tell(window, "Une erreur est survenue", sentence_of(error))


def prepare(app: QApplication, theme: Theme) -> None:
    """Language, type, look, and no trace of the folders one visits."""
    app.setApplicationName("hro-desktop")
    app.setApplicationDisplayName("Dossiers")
    keep_no_folders()
    french = QLocale(QLocale.Language.French, QLocale.Country.France)
    QLocale.setDefault(french)
    translator = QTranslator(app)
    if translator.load(french, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    theme.apply(app, load_fonts())


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="hro-desktop-window", description="Ouvre la fenêtre, verrouillée.", add_help=False
    )
    parser.add_argument("vault", nargs="?", type=Path, metavar="DOSSIER", help="dossier du coffre")
    parser.add_argument("-h", "--help", action="help", help="montre cette aide")
    return parser.parse_args(words)


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window at its door and run until it closes."""
    bootstrap.prepare_process()
    options = _arguments(sys.argv[1:] if argv is None else argv)
    usual = bootstrap.default_vault()
    folder = (options.vault or usual).absolute()
    app = QApplication(sys.argv[:1])
    ask = WindowAsk()
    surprises = Surprises(ask, app)
    surprises.install()
    theme = Theme()
    prepare(app, theme)
    jobs = JobRunner()
    jobs.unexpected.connect(surprises.on_met)
    context = Context(
        jobs=jobs,
        news=ChangeHub(app),
        ask=ask,
        theme=theme,
        restart=restart_locked,
        practice_folder=usual.with_name(_PRACTICE),
        hints=True,
    )
    window = MainWindow(context, folder, main=folder == usual.absolute())
    window.show()
    # Loading takes turns with painting: the door is there first.
    QTimer.singleShot(_AFTER, window, lambda: jobs.start(Lane.READ, opening.warm_up, owner=window, done=opening.stay))
    code = app.exec()
    if not jobs.shutdown():
        # A thread that does not end would keep the program from ending; its transaction is undone by the base.
        os._exit(code)
    return code
