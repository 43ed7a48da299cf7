# SPDX-License-Identifier: GPL-3.0-or-later
"""One record told in place, beside the list it belongs to: a form, and « Terminé »."""

import uuid
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from hro_desktop.casework.desk import Desk
from ui.context import Context
from ui.editor.editor import Editor
from ui.editor.form import Layout
from ui.widgets import button, clear, column, label

__all__ = ["EditorPanel"]


class EditorPanel(QFrame):
    """Hidden while nothing is told. It closes when the record is saved; what cannot be saved keeps it open."""

    told = Signal(str, str)
    """What became of what is typed: a word and the kind of its chip."""
    closed = Signal()
    """Somebody is done with it."""

    def __init__(self, context: Context, desk: Desk, *, ground: str = "choice") -> None:
        super().__init__()
        self.setObjectName(ground)
        self._context, self._desk = context, desk
        self._editor: Editor | None = None
        self._inner = column(margins=(14, 12, 14, 12), gap=10)
        self.setLayout(self._inner)
        self.hide()

    @property
    def editor(self) -> Editor | None:
        """The form that is open."""
        return self._editor

    def tell(self, noun: str, layout: Layout, record_id: uuid.UUID, blank: Any, title: str) -> None:  # noqa: ANN401
        """Open a record, or a new one from its blank draft; what was told before is saved."""
        self.close_now()
        editor = self._editor = Editor(self._context, self._desk, noun, layout)
        editor.told.connect(self.told)
        self._inner.addWidget(label(title[:1].upper() + title[1:], "heading", wrap=True))
        self._inner.addWidget(editor)
        done = button("Terminé", name=f"Terminé\u00a0: {title}")
        done.clicked.connect(self.on_done_clicked)
        self._inner.addWidget(done, 0, Qt.AlignmentFlag.AlignLeft)
        self.show()
        editor.open(record_id, blank)
        editor.focus(layout.fields[0] if layout.fields else "")

    def on_done_clicked(self) -> None:
        """Save it and close; the cursor goes where something is missing."""
        editor = self._editor
        if editor is None:
            return
        if not editor.dirty:
            self._close()
            return
        if editor.complete() is None:
            return
        editor.saved.connect(self.on_saved)
        editor.save()

    def on_saved(self, _record: uuid.UUID) -> None:
        """It is written."""
        if self._editor is not None and not self._editor.dirty:
            self._close()

    def close_now(self) -> None:
        """Another is told, or something else is done here: saved as far as it can be, kept otherwise."""
        if self._editor is not None:
            self._editor.save()
            self._empty()

    def _close(self) -> None:
        self._empty()
        self.closed.emit()

    def _empty(self) -> None:
        self._editor = None
        self.hide()
        clear(self._inner)
