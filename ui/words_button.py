# SPDX-License-Identifier: GPL-3.0-or-later
"""A button made of labels that wrap: as high as its words at its width, and never cut."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QLayout, QSizePolicy

__all__ = ["WordsButton"]


class WordsButton(QAbstractButton):
    """Its parts are labels that let the mouse through; `words` is their layout, set by who makes it.

    Not a QPushButton: the sheet gives those one height.
    """

    usual, least = 400, 120
    """Width in pixels taken before there is one, and the least."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)

    def words(self) -> QLayout:
        """The layout of its labels."""
        made = self.layout()
        assert made is not None
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """At another width its words take another height: the layout around must ask again."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802
        """As high as its words at its width."""
        return QSize(self.words().sizeHint().width(), self.heightForWidth(self.width() or self.usual))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The same: never cut."""
        return QSize(self.least, self.sizeHint().height())

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """Words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """How high it is at that width."""
        words = self.words()
        return words.heightForWidth(width) if words.hasHeightForWidth() else words.sizeHint().height()
