# SPDX-License-Identifier: GPL-3.0-or-later
"""Two parts side by side, one under the other where there is no room."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

__all__ = ["Halves"]


class Halves(QWidget):
    """Two parts side by side, one under the other where there is no room."""

    def __init__(self, left: QWidget, right: QWidget, *, room: int, shares: tuple[int, int] = (1, 1)) -> None:
        """`room`: width in pixels under which they stand one under the other."""
        super().__init__()
        self._room = room
        for each in (left, right):  # the shares count, not what each would like
            each.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._lines = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(16)
        for each, share in zip((left, right), shares, strict=True):
            self._lines.addWidget(each, share, Qt.AlignmentFlag.AlignTop)
        self.setLayout(self._lines)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Another width."""
        side = QBoxLayout.Direction.LeftToRight if self.width() >= self._room else QBoxLayout.Direction.TopToBottom
        if self._lines.direction() is not side:
            self._lines.setDirection(side)
        super().resizeEvent(event)
