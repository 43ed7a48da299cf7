# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody leaves the computer: it goes to sleep, its screen is locked, another user comes.

On Linux the session and the desktop say so on D-Bus. A bus that is not there says nothing, and that is no error: the
idle time locks all the same.
"""

import os
import string
import sys
from typing import Any, Final

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

__all__ = ["AwayWatch", "session_path", "watch"]

_LOGIND: Final = "org.freedesktop.login1"
_MANAGER: Final = "/org/freedesktop/login1"
_SAVERS: Final = (
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
)

_FLAG: Final[Any] = SLOT("on_flag(bool)")
_LOCK: Final[Any] = SLOT("on_lock()")


def session_path(session_id: str) -> str:
    """The object of a session of logind: what is no letter or figure, and a figure in front, is written in hex.

    Without an id, every session is listened to: locking once too often is no harm.
    """
    if not session_id:
        return ""
    plain = string.ascii_letters + string.digits
    written = "".join(
        each if each in plain and (at or each not in string.digits) else f"_{ord(each):02x}"
        for at, each in enumerate(session_id)
    )
    return f"{_MANAGER}/session/{written}"


class AwayWatch(QObject):
    """Tells when somebody leaves."""

    left = Signal()

    def __init__(self, system: QDBusConnection, session: QDBusConnection, parent: QObject, *, session_id: str) -> None:
        """Listen.

        Args:
            system: the bus of the computer, where sleep and the session are told.
            session: the bus of the desktop, where its screen saver is.
            parent: the window.
            session_id: of logind; empty when it is not known.
        """
        super().__init__(parent)
        self._held: object = None
        self._asked: QDBusPendingCallWatcher | None = None
        if system.isConnected():
            own = session_path(session_id)
            system.connect("", _MANAGER, f"{_LOGIND}.Manager", "PrepareForSleep", self, _FLAG)
            system.connect("", own, f"{_LOGIND}.Session", "Lock", self, _LOCK)
            self._hold_sleep_back(system)
        if session.isConnected():
            for saver in _SAVERS:
                session.connect("", "", saver, "ActiveChanged", self, _FLAG)

    @property
    def holds_sleep_back(self) -> bool:
        """Whether the computer waits for this program before it sleeps: a moment, time enough to lock."""
        return self._held is not None

    @Slot(bool)
    def on_flag(self, active: bool) -> None:
        """Going to sleep, or the screen saver is on; `False` is waking up."""
        if active:
            self.left.emit()

    @Slot()
    def on_lock(self) -> None:
        """The session is locked."""
        self.left.emit()

    @Slot(QDBusPendingCallWatcher)
    def on_held(self, _watcher: QDBusPendingCallWatcher) -> None:
        """The computer waits for us, or it does not know how: then it sleeps at once and wakes up locked."""
        answer = self._asked.reply().arguments() if self._asked is not None and self._asked.isValid() else []
        self._held = answer[0] if answer else None

    def _hold_sleep_back(self, system: QDBusConnection) -> None:
        """Ask logind to wait while the vault locks. The new process gives it free: what is held closes with the old."""
        ask = QDBusMessage.createMethodCall(_LOGIND, _MANAGER, f"{_LOGIND}.Manager", "Inhibit")
        ask.setArguments(["sleep", "hro-desktop", "verrouillage", "delay"])
        self._asked = QDBusPendingCallWatcher(system.asyncCall(ask), self)
        self._asked.finished.connect(self.on_held)


def watch(parent: QObject) -> AwayWatch | None:
    """Listen on the buses of this computer; nothing where there are none."""
    if sys.platform in ("win32", "darwin"):
        return None
    session_id = os.environ.get("XDG_SESSION_ID", "")
    return AwayWatch(QDBusConnection.systemBus(), QDBusConnection.sessionBus(), parent, session_id=session_id)
