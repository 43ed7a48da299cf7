# SPDX-License-Identifier: GPL-3.0-or-later
"""Cards in two columns, one under the other where there is no room."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import Theme
from ui.widgets import column, frame, label

__all__ = ["Beside", "card"]


def card(title: str, *, hint: str = "") -> tuple[QFrame, QVBoxLayout]:
    """A card under its title, and where what it shows goes."""
    made = frame("card")
    inner = column(margins=(18, 14, 18, 16), gap=6)
    inner.addWidget(label(title, "heading", wrap=True))
    if hint:
        inner.addWidget(label(hint, "hint", wrap=True))
    made.setLayout(inner)
    return made, inner


class Beside(QWidget):
    """Two columns side by side where there is room for both, one under the other where there is not."""

    def __init__(self, theme: Theme, left: QWidget, right: QWidget, *, shares: tuple[int, int] = (3, 2)) -> None:
        super().__init__()
        self._room = theme.px(860)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setContentsMargins(20, 18, 20, 18)
        self._both.setSpacing(16)
        for each, share in zip((left, right), shares, strict=True):
            each.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self._both.addWidget(each, share)
        self.setLayout(self._both)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Another width."""
        wide = self.width() >= self._room
        way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if self._both.direction() is not way:
            self._both.setDirection(way)
        super().resizeEvent(event)
