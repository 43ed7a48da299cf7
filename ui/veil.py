# SPDX-License-Identifier: GPL-3.0-or-later
"""Hiding every name at once, when somebody looks over the shoulder: what names people is covered where it stands."""

import weakref

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QGraphicsBlurEffect, QWidget

__all__ = ["COVERED", "Veil"]

COVERED = "•••••"
"""What a list shows in the place of a name."""
_BLUR = 14.0


class Veil(QObject):
    """Down or not. Pages `cover` what may name somebody; lists ask `down` when they paint."""

    moved = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._down = False
        self._covered: weakref.WeakSet[QWidget] = weakref.WeakSet()

    @property
    def down(self) -> bool:
        """Whether names are hidden."""
        return self._down

    def cover(self, *widgets: QWidget) -> None:
        """These may name somebody."""
        for each in widgets:
            self._covered.add(each)
            self._apply(each)

    def toggle(self) -> None:
        """Hide every name, or show them again."""
        self._down = not self._down
        for each in list(self._covered):
            if shiboken6.isValid(each):
                self._apply(each)
        self.moved.emit(self._down)

    def _apply(self, widget: QWidget) -> None:
        if self._down:
            effect = QGraphicsBlurEffect(widget)
            effect.setBlurRadius(_BLUR)
            widget.setGraphicsEffect(effect)
        elif widget.graphicsEffect() is not None:
            widget.setGraphicsEffect(None)  # type: ignore[arg-type]
