# SPDX-License-Identifier: GPL-3.0-or-later
"""Hiding every name at once, when somebody looks over the shoulder: what names people is covered where it stands."""

import weakref

import shiboken6
from PySide6.QtCore import QEvent, QObject, Signal
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
            self._apply(each, down=self._down)

    def leave(self, widget: QWidget) -> None:
        """It names nobody any more."""
        self._covered.discard(widget)
        self._apply(widget, down=False)

    def toggle(self) -> None:
        """Hide every name, or show them again."""
        self._down = not self._down
        for each in list(self._covered):
            if shiboken6.isValid(each):
                self._apply(each, down=self._down)
        self.moved.emit(self._down)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """What is covered says nothing in full when it is pointed at."""
        return event.type() is QEvent.Type.ToolTip

    def _apply(self, widget: QWidget, *, down: bool) -> None:
        if down:
            widget.installEventFilter(self)  # twice is once
            effect = QGraphicsBlurEffect(widget)
            effect.setBlurRadius(_BLUR)
            widget.setGraphicsEffect(effect)
        elif widget.graphicsEffect() is not None:
            widget.removeEventFilter(self)
            widget.setGraphicsEffect(None)  # type: ignore[arg-type]
