# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody at the keyboard: how long since the last key or movement of the mouse, anywhere in the program.

The windows are watched rather than every widget: a filter on the application would be called for each event of each
widget, a filter on a window only for what comes from outside.
"""

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent, QWindow

__all__ = ["WARNING", "IdleWatch", "seconds"]

WARNING: Final = 30
"""Seconds before locking at which the person is told."""
_TICK: Final = 1000
_ACTS: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,
        QEvent.Type.InputMethod,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


def seconds() -> float:
    """A clock that goes on while the computer sleeps, and that nobody sets."""
    clock = getattr(time, "CLOCK_BOOTTIME", None) or getattr(time, "CLOCK_MONOTONIC_RAW", None)  # Linux, macOS
    return time.clock_gettime(clock) if clock is not None else time.monotonic()


class IdleWatch(QObject):
    """Tells when nobody has done anything for some time, and a little before."""

    over = Signal()
    """The time is over."""
    soon = Signal(int)
    """It is over in so many seconds; told each second."""
    back = Signal()
    """Somebody is there after all."""

    def __init__(self, delay: int, parent: QObject, *, now: Callable[[], float] = seconds, tick: int = _TICK) -> None:
        """Begin to watch.

        Args:
            delay: seconds of idleness.
            parent: the window.
            now: a clock, in seconds.
            tick: milliseconds between two looks at it.
        """
        super().__init__(parent)
        self._delay = delay
        self._now = now
        self._last = now()
        self._warned = False
        self._pointer = QPointF()
        self._timer = QTimer(self)
        self._timer.setInterval(tick)
        self._timer.timeout.connect(self.on_tick)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self.on_focus_window_changed)
            app.focusObjectChanged.connect(self.on_focus_object_changed)
        for window in QGuiApplication.topLevelWindows():
            self.on_focus_window_changed(window)
        self._timer.start()

    @property
    def delay(self) -> int:
        """Seconds of idleness."""
        return self._delay

    def set_delay(self, delay: int) -> None:
        """Another delay, from now on."""
        self._delay = delay
        self.on_act()

    def stop(self) -> None:
        """Nobody is to be told any more."""
        self._timer.stop()

    def on_focus_window_changed(self, window: QWindow | None) -> None:
        """Another window: watch it too. A filter goes with its window; twice the same is once."""
        if window is not None:
            window.installEventFilter(self)

    def on_focus_object_changed(self, focused: QObject | None) -> None:
        """What is typed through an input method comes to the field alone."""
        if focused is not None:
            focused.installEventFilter(self)

    def on_act(self) -> None:
        """Somebody is there."""
        self._last = self._now()
        if self._warned:
            self._warned = False
            self.back.emit()

    def on_tick(self) -> None:
        """Look at the clock."""
        left = self._delay - (self._now() - self._last)
        if left <= 0:
            self._timer.stop()
            self.over.emit()
        elif left <= min(WARNING, self._delay / 2):
            self._warned = True
            self.soon.emit(round(left) or 1)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Note what comes from a hand; let everything through."""
        if event.type() in _ACTS and not self._is_still(event):
            self.on_act()
        return False

    def _is_still(self, event: QEvent) -> bool:
        """A pointer that did not move: something moved under it."""
        if event.type() is not QEvent.Type.MouseMove or not isinstance(event, QMouseEvent):
            return False
        still = event.globalPosition() == self._pointer
        self._pointer = event.globalPosition()
        return still
