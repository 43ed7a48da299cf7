# SPDX-License-Identifier: GPL-3.0-or-later
"""A page of what was just made: it is looked at, then written out of the vault to a folder somebody chooses."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtWidgets import QPushButton

from hro_desktop.casework.desk import Desk
from ui.context import Context
from ui.jobs import Job, Lane
from ui.messages import sentence_of
from ui.pages.page import Page, Place
from ui.widgets import label

__all__ = ["OUTSIDE", "SavingPage"]

OUTSIDE = (
    "Hors du coffre, les documents ne sont plus chiffrés\u00a0: choisissez une clé USB chiffrée ou un dossier protégé."
)


class SavingPage(Page):
    """Its own page says what is asked and how it is written, and in `on_saved` what became of it."""

    question: ClassVar[str]
    """Asked when a folder is chosen."""
    job: ClassVar[str]
    """What the status line shows meanwhile."""
    writes: ClassVar[Callable[..., Any]]
    """The worker: given the desk, what was made and the folder."""

    def __init__(self, context: Context, desk: Desk, place: Place, title: str) -> None:
        super().__init__(context, desk, place, title)
        self.made: Any = None
        self.back = Place("cases")
        self._saving: Job | None = None
        self._message = label("", "soft", wrap=True)
        self._message.hide()
        self.save_action: QPushButton

    @property
    def message(self) -> str:
        """What became of saving."""
        return self._message.text()

    def on_close_clicked(self) -> None:
        """Back to where one came from."""
        self.go.emit(self.back)

    def save(self) -> None:
        """Ask for a folder and write everything there."""
        if self._saving is None:
            self.context.ask.folder(self, self.question, self.on_folder, new=True)

    def on_folder(self, folder: Path) -> None:
        """A folder was chosen."""
        self.save_action.setEnabled(False)
        self._saving = self.context.jobs.start(
            Lane.WRITE,
            partial(self.writes, self.desk, self.made, folder),
            owner=self,
            done=self.on_saved,
            failed=self.on_save_failed,
            cancelled=self.on_save_cancelled,
            title=self.job,
        )

    def on_saved(self, _written: Any) -> None:  # noqa: ANN401 - what `writes` gives back
        """It is out."""
        self._end_saving()

    def on_save_failed(self, error: Exception) -> None:
        """Nothing was written."""
        self._end_saving()
        self.tell(sentence_of(error), problem=True)

    def on_save_cancelled(self, _job: Job) -> None:
        """Stopped before it began."""
        self._end_saving()

    def tell(self, sentence: str, *, problem: bool = False) -> None:
        """Say what became of it."""
        self._message.setText(sentence)
        self._message.setProperty("role", "problem" if problem else "soft")
        self._message.style().unpolish(self._message)
        self._message.style().polish(self._message)
        self._message.show()

    def _end_saving(self) -> None:
        self._saving = None
        self.save_action.setEnabled(True)
