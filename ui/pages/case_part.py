# SPDX-License-Identifier: GPL-3.0-or-later
"""What every tab of a case is: it asks for what it shows, and knows which changes make that another thing."""

import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from hro_desktop.casework.case_overview import Head, Line
from hro_desktop.casework.desk import Desk
from ui import reading
from ui.changes import Changes, touches
from ui.context import Context
from ui.editor.editor import KeptForm
from ui.jobs import Lane, Work
from ui.latest import Latest
from ui.lines import Line as Shown
from ui.lines import LineList
from ui.messages import sentence_of
from ui.widgets import button, column, frame, label, row, rule

__all__ = ["CasePart", "Records", "card", "link"]


class CasePart(QWidget):
    """One tab. `start` is called each time it is come to, with what the header says of the case."""

    go = Signal(object)
    """A `Place` to go to."""
    said = Signal(str)
    """What went wrong, or nothing."""
    told = Signal(str, str)
    """What became of what is typed in it: a word and the kind of its chip."""
    acted = Signal()
    """Its buttons are others now."""

    tables: ClassVar[Sequence[str]] = ()
    """Whose changes make it another one."""

    def __init__(self, context: Context, desk: Desk, case_id: uuid.UUID) -> None:
        super().__init__()
        self.context, self.desk, self.case_id = context, desk, case_id
        self.head: Head | None = None
        self._latest = Latest()
        self.buttons: Sequence[QPushButton] = ()

    def start(self, head: Head) -> None:
        """Somebody comes to it."""
        self.head = head
        self.ask()

    def ask(self) -> None:
        """Ask for what it shows."""

    def on_changed(self, changes: Changes) -> None:
        """Something changed in the vault."""
        if self.head is not None and any(touches(changes, table) for table in self.tables):
            self.ask()

    def read(self, read: Callable[..., Any], *known: Any, done: Callable[[Any], None]) -> None:  # noqa: ANN401
        """Ask a function of `casework`, beside the window; of what a handler is given, the last asked counts."""
        self.job(Lane.READ, partial(reading.asked, self.desk, read, known), self._latest.only(done))

    def job(self, lane: Lane, work: Work, done: Callable[[Any], None], *, title: str = "") -> None:
        """Have something done beside the window."""
        self.context.jobs.start(lane, work, owner=self, done=done, failed=self.on_failed, title=title)

    def on_failed(self, error: Exception) -> None:
        """Something could not be done."""
        self.said.emit(sentence_of(error))

    def watch(self, editor: KeptForm) -> None:
        """Show beside the title what becomes of what is typed in a form."""
        editor.told.connect(self.told)


def card(title: str, *beside: QWidget, name: str = "card") -> tuple[QWidget, QVBoxLayout]:
    """A card with its heading, and what stands beside it; the second is where its content goes."""
    made = frame(name)
    whole = column(margins=(1, 1, 1, 1), gap=0)
    line = row(margins=(16, 8, 12, 8))
    line.addWidget(label(title, "heading"))
    line.addStretch()
    for each in beside:
        line.addWidget(each)
    whole.addLayout(line)
    whole.addWidget(rule())
    inner = column(margins=(16, 10, 16, 14), gap=6)
    whole.addLayout(inner)
    made.setLayout(whole)
    return made, inner


class Records(QWidget):
    """Records one under the other, or the sentence for none; `chosen` gives the line that was pressed."""

    chosen = Signal(object)

    def __init__(self, context: Context, *, name: str, empty: str) -> None:
        super().__init__()
        self.list = LineList(context, name=name)
        self.list.chosen.connect(self.chosen)
        self._empty = label(empty, "soft", wrap=True)
        self._empty.hide()
        self._empty.setContentsMargins(15, 10, 15, 10)
        whole = column(gap=0)
        whole.addWidget(self._empty)
        whole.addWidget(self.list)
        self.setLayout(whole)

    def show_records(self, found: Sequence[Line]) -> None:
        """Show these."""
        self._empty.setVisible(not found)
        self.list.show_lines(
            [Shown(title=each.title, detail=each.detail, chip=each.chip, place=each) for each in found]
        )


def link(text: str, name: str, pressed: Callable[[], None]) -> QPushButton:
    """A small action beside a heading."""
    made = button(text, "link", name=name)
    made.clicked.connect(pressed)
    return made
