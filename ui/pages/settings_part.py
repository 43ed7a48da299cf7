# SPDX-License-Identifier: GPL-3.0-or-later
"""What every tab of the settings is: it asks for what it shows each time it is come to."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hro_desktop.casework.desk import Desk
from ui import reading
from ui.changes import Changes, touches
from ui.context import Context
from ui.jobs import Lane, Work
from ui.messages import sentence_of
from ui.widgets import Scroller, column, frame, label

__all__ = ["SettingsPart", "labelled"]


class SettingsPart(QWidget):
    """One tab."""

    said = Signal(str)
    """What went wrong, or nothing."""
    told = Signal(str, str)
    """What became of what is typed in it: a word and the kind of its chip."""
    preferred = Signal(object)
    """`Settings` for the whole window."""

    tables: ClassVar[Sequence[str]] = ()
    """Whose changes make it another one."""

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self.context, self.desk = context, desk
        self._came = False

    def start(self) -> None:
        """Somebody comes to it."""
        self._came = True
        self.ask()

    def ask(self) -> None:
        """Ask for what it shows."""

    def on_changed(self, changes: Changes) -> None:
        """Something changed in the vault."""
        if self._came and any(touches(changes, table) for table in self.tables):
            self.ask()

    def read(self, read: Callable[..., Any], *, done: Callable[[Any], None]) -> None:
        """Ask a function of `casework`, beside the window."""
        self.job(Lane.READ, partial(reading.asked, self.desk, read, ()), done)

    def job(self, lane: Lane, work: Work, done: Callable[[Any], None]) -> None:
        """Have something done beside the window."""
        self.context.jobs.start(lane, work, owner=self, done=done, failed=self.on_failed)

    def on_failed(self, error: Exception) -> None:
        """Something could not be done."""
        self.said.emit(sentence_of(error))

    def in_a_card(self, title: str, about: str, *, name: str = "") -> QVBoxLayout:
        """Lay the tab out as one card with a heading; what it holds goes into the layout that is given back."""
        inner = column(margins=(20, 18, 20, 18), gap=8)
        inner.addWidget(label(title, "heading"))
        if about:
            inner.addWidget(label(about, "soft", wrap=True))
        content = column(gap=8)
        inner.addLayout(content)
        inner.addStretch()
        card = frame("card")
        around = column()
        around.addWidget(Scroller(inner, name=name or title))
        card.setLayout(around)
        whole = column()
        whole.addWidget(card)
        self.setLayout(whole)
        return content


def labelled(inner: QVBoxLayout, text: str, field: QWidget, hint: str = "") -> None:
    """A field under its name, and what to know under it."""
    named = label(text, "label")
    named.setBuddy(field)
    field.setAccessibleName(text)
    field.setAccessibleDescription(hint)
    inner.addWidget(named)
    inner.addWidget(field)
    if hint:
        inner.addWidget(label(hint, "hint", wrap=True))
