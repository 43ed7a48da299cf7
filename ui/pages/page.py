# SPDX-License-Identifier: GPL-3.0-or-later
"""What every page is, and how one goes from one to another."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import attrs
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from hro_desktop.casework.desk import Desk
from ui.changes import Changes
from ui.context import Context
from ui.editor.editor import KeptForm
from ui.jobs import Job, Lane, Work
from ui.latest import Latest
from ui.messages import sentence_of
from ui.widgets import Compound, button, label

__all__ = ["Page", "Place"]


@attrs.frozen
class Place:
    """Somewhere in the window: a page by its name, and the record it shows, if it shows one.

    Args:
        page: name in `ui.pages.ROUTES`.
        record: the record.
        part: the tab or the part of it.
        given: what a page to be filled is given, such as the case a meeting is for.
    """

    page: str
    record: uuid.UUID | None = None
    part: str = ""
    given: Any = None


class Page(Compound):
    """One page. The workspace shows its title and its actions; the page asks for what it shows when it starts.

    A page overrides `start` (ask for what it shows), `on_changed` (something changed in the vault), and gives its
    `buttons` once made.
    """

    go = Signal(object)
    """A `Place` to go to."""
    titled = Signal()
    """Its title, its crumb or its marks are others now."""

    preferred = Signal(object)
    """`Settings` for the whole window."""

    def __init__(self, context: Context, desk: Desk, place: Place, title: str) -> None:
        super().__init__()
        self.setObjectName("page")
        self.context = context
        self.desk = desk
        self.place = place
        self.title = title
        self._latest = Latest()
        self.crumb: tuple[str, Place] | None = None
        self.marks: Sequence[tuple[str, str]] = ()
        self.buttons: Sequence[QPushButton] = ()
        self._problem = label("", "problem", wrap=True, parent=self)
        self._problem.hide()
        context.news.changed.connect(self.on_changed)

    @property
    def problem(self) -> str:
        """What went wrong last, in a sentence."""
        return self._problem.text()

    def start(self) -> None:
        """Ask for what the page shows; called each time it is come to."""

    def on_changed(self, changes: Changes) -> None:
        """Something changed in the vault."""

    def action(
        self,
        text: str,
        then: Callable[[], object],
        role: str = "main",
        *,
        keys: str = "",
        tip: str = "",
        name: str = "",
    ) -> QPushButton:
        """A button of the page, for its `buttons`: it lives with the page, wherever the workspace shows it."""
        made = button(text, role, name=name, tip=tip)
        made.setParent(self)
        if keys:
            made.setShortcut(keys)
        made.clicked.connect(then)
        return made

    def editors(self) -> Sequence[KeptForm]:
        """The forms that may hold something not saved."""
        return self.findChildren(KeptForm)

    def watch(self, editor: KeptForm) -> None:
        """Show beside the title what becomes of what is typed in a form."""
        editor.told.connect(self.on_told)

    def on_told(self, word: str, kind: str) -> None:
        """What became of it."""
        self.marks = ((word, kind),)
        self.titled.emit()

    def leave(self) -> None:
        """Somebody goes elsewhere: save what can be."""
        for each in self.editors():
            each.save()

    def keep_now(self) -> None:
        """The vault is about to close: keep what is typed, at once."""
        for each in self.editors():
            each.keep_now()

    def read(self, work: Work, done: Callable[[Any], None]) -> Job:
        """Ask the vault for something, beside the window; the job, to cancel it when something else is wanted."""
        return self.context.jobs.start(Lane.READ, work, owner=self, done=done, failed=self.on_failed)

    def read_latest(self, work: Work, done: Callable[[Any], None]) -> None:
        """Ask for what is asked for each time something changes: an older answer that comes later is dropped."""
        self.read(work, self._latest.only(done))

    def write(self, work: Work, done: Callable[[Any], None]) -> None:
        """Have something written, beside the window."""
        self.context.jobs.start(Lane.WRITE, work, owner=self, done=done, failed=self.on_failed)

    def on_failed(self, error: Exception) -> None:
        """Something could not be done."""
        self.say(sentence_of(error))

    def say(self, sentence: str) -> None:
        """Show what went wrong, or nothing."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def retitle(
        self, title: str, *, crumb: tuple[str, Place] | None = None, marks: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Another title."""
        self.title, self.crumb, self.marks = title, crumb, marks
        self.titled.emit()
