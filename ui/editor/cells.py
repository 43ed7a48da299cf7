# SPDX-License-Identifier: GPL-3.0-or-later
"""A draft as one line of a table: its fields side by side under shared headings, or each with its name where narrow.

Cells stand on a grid of sixty columns, so that the same fields of several lines stand under one another whatever they
hold.
"""

from collections.abc import Mapping, Sequence, Set
from typing import Any, Final

import attrs
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from hro_desktop.casework.desk import Desk
from ui.context import Context
from ui.editor.fold import Fold
from ui.editor.form import DraftForm, Layout
from ui.widgets import column, label

__all__ = ["COLUMNS", "Cell", "CellForm", "Cells", "headings"]

COLUMNS: Final = 60


@attrs.frozen
class Cell:
    """One field of a line.

    Args:
        name: of the field.
        wide: columns it takes of the sixty.
        narrow: columns it takes where the line is broken into several.
        heading: its name above the first line; empty for one that says itself what it is.
    """

    name: str
    wide: int
    narrow: int
    heading: str = ""


@attrs.frozen
class Cells:
    """The fields of a line.

    Args:
        always: always there.
        more: there while the line is open, each under its name.
        rest: what the fold is called under which all others are.
        room: width in pixels at 100 % under which every field says its name and the line breaks.
    """

    always: Sequence[Cell]
    more: Sequence[Cell]
    rest: str
    room: int


def headings(cells: Sequence[Cell]) -> QWidget:
    """The names of the fields above the first line."""
    made, grid = QWidget(), _grid()
    at = 0
    for each in cells:
        named = label(each.heading, "hint")
        named.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        named.setToolTip(each.heading)
        named.setContentsMargins(7, 0, 2, 0)
        grid.addWidget(named, 0, at, 1, each.wide)
        at += each.wide
    made.setLayout(grid)
    return made


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(0)
    grid.setVerticalSpacing(2)
    for at in range(COLUMNS):
        grid.setColumnStretch(at, 1)
    return grid


class CellForm(DraftForm):
    """A form in a line. A class of it says its `cells`."""

    cells: Cells

    def __init__(self, context: Context, desk: Desk, draft_class: type[Any], layout: Layout) -> None:
        self._is_wide: bool | None = None
        self._open = False
        self._always, self._more = _grid(), _grid()
        self._under = QWidget()
        super().__init__(context, desk, draft_class, layout)

    @property
    def is_open(self) -> bool:
        """Whether all of it is shown."""
        return self._open

    def set_open(self, shown: bool) -> None:
        """Show all of it, or the first cells alone."""
        self._open = shown
        for each in self.cells.more:
            self._fields[each.name].setVisible(shown)
        self._under.setVisible(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """In a narrow place, or with large text, the line breaks."""
        super().resizeEvent(event)
        self._arrange(wide=self.width() >= self._context.theme.px(self.cells.room))

    def _lay_out(self, known: Mapping[str, Any]) -> None:
        for each in (*self.cells.always, *self.cells.more):
            field = self._fields[each.name]
            field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
            inner = field.layout()
            assert inner is not None
            inner.setContentsMargins(0, 0, 6, 0)
            if each in self.cells.always:
                (field.input.focusProxy() or field.input).setProperty("role", "cell")
        self._lay_out_rest({each.name for each in (*self.cells.always, *self.cells.more)})
        whole = column(gap=2)
        whole.addLayout(self._always)
        inside = column(margins=(7, 0, 0, 0))
        inside.addLayout(self._more)
        whole.addLayout(inside)
        whole.addWidget(self._under)
        self.setLayout(whole)
        self._arrange(wide=True)
        self.set_open(shown=False)

    def _lay_out_rest(self, placed: Set[str]) -> None:
        rest = QWidget()
        fold = Fold(self._context, self.cells.rest, rest)
        inner = column(margins=(6, 2, 6, 6), gap=10)
        for name, field in self._fields.items():
            if name not in placed:
                inner.addWidget(field)
                self._folds[name] = fold
        rest.setLayout(inner)
        fold.setChecked(False)
        under = column(margins=(6, 2, 6, 0), gap=2)
        under.addWidget(fold)
        under.addWidget(rest)
        self._under.setLayout(under)

    def _arrange(self, *, wide: bool) -> None:
        if wide == self._is_wide:
            return
        self._is_wide = wide
        for grid, cells in ((self._always, self.cells.always), (self._more, self.cells.more)):
            for each in cells:
                grid.removeWidget(self._fields[each.name])
            line = at = 0
            for each in cells:
                field, taken = self._fields[each.name], each.wide if wide else each.narrow
                if at + taken > COLUMNS:
                    line, at = line + 1, 0
                grid.addWidget(field, line, at, 1, taken, Qt.AlignmentFlag.AlignTop)
                field.show_title(shown=not wide or cells is self.cells.more, indent=7 * (cells is self.cells.always))
                at += taken
