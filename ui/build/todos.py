# SPDX-License-Identifier: GPL-3.0-or-later
"""What waits, blocks or is to be looked at: of the part that is shown, or of all of them; each leads to its place."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from hro_desktop.casework.builder import PARTS, Build, Todo
from hro_desktop.casework.readiness import LEVELS
from ui.context import Context
from ui.lines import Line, LineList
from ui.widgets import button, column, frame

__all__ = ["Todos"]

_CHIPS: Final = {"block": "late", "wait": "warn", "sign": "brand", "warn": "plain", "inform": "plain"}


class Todos(QWidget):
    """The lines of one part, and the way to see those of the others."""

    chosen = Signal(object)
    """The `Todo` that was pressed."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._part = ""
        self._all = False
        self._known: Sequence[Todo] = ()
        self.lines = LineList(context, name="Ce qui attend")
        self.lines.chosen.connect(self.chosen)
        self._card = frame("card")
        inner = column(margins=(1, 1, 1, 1))
        inner.addWidget(self.lines)
        self._card.setLayout(inner)
        self.more = button("", "link")
        self.more.clicked.connect(self.on_more_clicked)
        whole = column(gap=4)
        whole.addWidget(self._card)
        whole.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.setLayout(whole)

    def show_build(self, build: Build, part: str) -> None:
        """Show those of a part."""
        self._known, self._part = build.todos, part
        self._show()

    def on_more_clicked(self) -> None:
        """All of them, or those of the part."""
        self._all = not self._all
        self._show()

    def _show(self) -> None:
        mine = [each for each in self._known if each.part == self._part and each.level != "inform"]
        shown = self._known if self._all else mine
        self.lines.show_lines([_line(each, named=self._all) for each in shown])
        self._card.setVisible(bool(shown))
        more = len(self._known) - len(mine)
        all_ = f"Tout ce qui attend, se regarde ou se sait\u00a0: {len(self._known)}"
        self.more.setText("Seulement cette partie" if self._all else all_)
        self.more.setAccessibleName(self.more.text())
        self.more.setVisible(self._all or more > 0)


def _line(todo: Todo, *, named: bool) -> Line:
    detail = [PARTS[todo.part]] if named else []
    detail += [", ".join(todo.people)] if todo.people else []
    return Line(
        title=todo.sentence,
        detail=" · ".join(detail),
        chip=LEVELS[todo.level],
        kind=_CHIPS[todo.level],
        tip=todo.source,
        place=todo,
    )
