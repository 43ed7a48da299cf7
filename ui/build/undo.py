# SPDX-License-Identifier: GPL-3.0-or-later
"""What was just done, and « Défaire »: in the place of a question asked before."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from hro_desktop.casework.desk import Result
from ui.build.panel import Undo
from ui.context import Context
from ui.jobs import Lane
from ui.messages import sentence_of
from ui.widgets import button, label, row

__all__ = ["UndoLine"]


class UndoLine(QFrame):
    """Shown until it is used, or something else is done."""

    failed = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("choice")
        self._context = context
        self._undo: Undo | None = None
        self._said = label("", wrap=True)
        context.veil.cover(self._said)
        self.action = button("Défaire", "link")
        self.action.clicked.connect(self.on_clicked)
        inner = row(margins=(12, 4, 8, 4), gap=8)
        inner.addWidget(self._said, 1)
        inner.addWidget(self.action)
        self.setLayout(inner)
        self.hide()

    def offer(self, undo: Undo) -> None:
        """Something was done."""
        self._undo = undo
        self._said.setText(undo.sentence)
        self.action.setAccessibleName(f"Défaire\u00a0: {undo.sentence}")
        self.show()

    def on_clicked(self) -> None:
        """Take it back."""
        undo, self._undo = self._undo, None
        self.hide()
        if undo is not None:
            self._context.jobs.start(Lane.WRITE, undo.work, owner=self, done=self.on_undone, failed=self.on_failed)

    def on_undone(self, result: Result[Any]) -> None:
        """As before."""
        self._context.news.publish(result.changes)

    def on_failed(self, error: Exception) -> None:
        """It could not be."""
        self.failed.emit(sentence_of(error))
