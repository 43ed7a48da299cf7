# SPDX-License-Identifier: GPL-3.0-or-later
"""First-use hints: one quiet line above a page, until it is read or what it speaks of was done there."""

from functools import partial

from PySide6.QtCore import Qt, Signal

from hro_desktop.casework import hints
from hro_desktop.casework.desk import Desk
from ui import acts, reading
from ui.changes import Changes, touches
from ui.context import Context
from ui.help import book
from ui.help.book import HelpPage
from ui.jobs import Lane
from ui.latest import Latest
from ui.widgets import Compound, button, column, frame, label, row

__all__ = ["HintBar"]


class HintBar(Compound):
    """The line above a page. Windows made for a test or a picture have none, unless their context wants it."""

    understood = Signal()
    """Somebody has read it: the keyboard goes back to the page."""

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        # Nothing can be kept in a vault that is only read: a hint that never goes away would be worse than none.
        self._wanted = context.hints and not desk.vault.consultation
        self._latest = Latest()
        self._of: HelpPage | None = None
        self._text = label("", wrap=True)
        self.action = button("Compris", name="Compris\u00a0: ne plus montrer ce conseil")
        self.action.clicked.connect(self.on_understood)
        inner = row(margins=(20, 6, 20, 6), gap=12)
        inner.addWidget(self._text, 1)
        inner.addWidget(self.action, 0, Qt.AlignmentFlag.AlignTop)
        ground = frame("hint")
        ground.setLayout(inner)
        whole = column()
        whole.addWidget(ground)
        self.setLayout(whole)
        self.hide()
        context.news.changed.connect(self.on_changed)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def show_for(self, page: str) -> None:
        """Somebody comes to a page of the window: show its hint, if this access has not put it away."""
        self.hide()
        self._of = book.help_of(page)
        if self._wanted and self._of is not None and self._of.hint:
            work = partial(reading.asked, self._desk, hints.seen, (self._desk.vault.slot_id,))
            done = self._latest.only(self.on_seen)
            self._context.jobs.start(Lane.READ, work, owner=self, done=done, failed=self.on_failed)

    def on_seen(self, seen: frozenset[str]) -> None:
        """What was put away before."""
        if self._of is not None and self._of.name not in seen:
            self._text.setText(f"{self._of.hint} F1\u00a0: l’aide de cette page.")
            self.show()

    def on_understood(self) -> None:
        """It is read."""
        self._put_away()
        self.understood.emit()

    def on_changed(self, changes: Changes) -> None:
        """What it speaks of was done: it has nothing more to say."""
        if self.isVisible() and self._of is not None and any(touches(changes, table) for table in self._of.done):
            self._put_away()

    def on_kept(self, _value: object) -> None:
        """It will not come back."""

    def on_failed(self, _error: Exception) -> None:
        """It could not be read or kept: a hint is not worth a sentence about that, and comes back another day."""

    def _put_away(self) -> None:
        self.hide()
        if self._of is not None:
            work = partial(acts.acted, self._desk, hints.put_away, (self._of.name,))
            self._context.jobs.start(Lane.WRITE, work, owner=self, done=self.on_kept, failed=self.on_failed)
