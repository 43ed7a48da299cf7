# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines that lead somewhere: what, why, in which state; each is one thing to press."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import attrs
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QWidget

from ui.context import Context
from ui.widgets import chip, clear, column, label, row, rule
from ui.words_button import WordsButton

__all__ = ["Line", "LineButton", "LineList"]


@attrs.frozen(kw_only=True)
class Line:
    """One line.

    Args:
        title: what it is.
        detail: what to know.
        chip: its state in a word.
        kind: of the chip.
        when: a day, at the left.
        beside: under that day, or at the right when there is none.
        tip: more, when pointed at.
        place: where it leads; `None` leads nowhere.
    """

    title: str
    detail: str = ""
    chip: str = ""
    kind: str = "plain"
    when: str = ""
    beside: str = ""
    tip: str = ""
    place: Any = None


class LineButton(WordsButton):
    """A line one can press."""

    def __init__(self, context: Context, line: Line) -> None:
        super().__init__()
        self.line = line
        self.setProperty("role", "line")
        self._context = context
        parts = (line.when, line.beside, line.title, line.detail, line.chip)
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.setToolTip(line.tip)
        inner = row(margins=(14, 8, 14, 8), gap=12)
        if line.when:
            days = column(gap=1)
            days.addWidget(label(line.when, "strong"))
            days.addWidget(label(line.beside, "hint"))
            holder = QWidget()
            holder.setLayout(days)
            holder.setFixedWidth(context.theme.px(92))
            inner.addWidget(holder, 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap=2)
        words.addWidget(label(line.title, "" if line.when else "strong", wrap=True))
        if line.detail:
            words.addWidget(label(line.detail, "hint", wrap=True))
        inner.addLayout(words, 1)
        if line.chip:
            inner.addWidget(chip(line.chip, line.kind), 0, Qt.AlignmentFlag.AlignVCenter)
        if line.beside and not line.when:
            inner.addWidget(label(line.beside, "hint"), 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(inner)
        if line.place is None:  # it leads nowhere: nothing to press, nothing to stop at
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        told = ("", "strong", "hint")  # a name may stand in the second line as well; a state names nobody
        context.veil.cover(*(part for part in self.findChildren(QLabel) if part.property("role") in told))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Under the mouse it has a ground, with the focus a frame."""
        tokens, painter = self._context.tokens, QPainter(self)
        if self.underMouse():
            painter.fillRect(self.rect(), QColor(tokens.bg))
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.brand), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter presses it, as the space bar does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)


class LineList(QWidget):
    """Lines one under the other."""

    chosen = Signal(object)
    """Where the line that was pressed leads."""

    def __init__(self, context: Context, *, name: str) -> None:
        super().__init__()
        self._context = context
        self._buttons: list[LineButton] = []
        self._inner = column(gap=0)
        self.setLayout(self._inner)
        self.setAccessibleName(name)

    @property
    def buttons(self) -> Sequence[LineButton]:
        """One for each line."""
        return tuple(self._buttons)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Other lines; the one that had the focus keeps it when it is still there."""
        if [each.line for each in self._buttons] == list(lines):
            return
        held = next((each.line.place for each in self._buttons if each.hasFocus()), None)
        clear(self._inner)
        self._buttons = []
        for at, each in enumerate(lines):
            if at:
                self._inner.addWidget(rule())
            made = LineButton(self._context, each)
            made.clicked.connect(partial(self._on_clicked, each.place))
            self._inner.addWidget(made)
            self._buttons.append(made)
            if held is not None and each.place == held:
                made.setFocus()

    def _on_clicked(self, place: Any, _checked: bool = False) -> None:  # noqa: ANN401
        self.chosen.emit(place)
