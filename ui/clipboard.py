# SPDX-License-Identifier: GPL-3.0-or-later
"""The clipboard, for a minute: what a person copies to paste elsewhere does not stay there, nor in a history of it."""

import hashlib
from typing import Final

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QGuiApplication

__all__ = ["KEPT", "copy", "forget"]

KEPT: Final = 60_000
"""Milliseconds a text stays there, unless somebody copies something else first."""
_HINTS: Final = {
    "x-kde-passwordManagerHint": b"secret",
    "ExcludeClipboardContentFromMonitorProcessing": b"1",
    "CanIncludeInClipboardHistory": b"0",
    "org.nspasteboard.ConcealedType": b"1",
}
"""What asks the histories of the desktops to leave it out."""
_NAME: Final = "clipboard-watch"


class _Watch(QObject):
    """Empties the clipboard when its time is over; belongs to the application, not to the page that copied."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName(_NAME)
        self.mark = ""
        """What was put there, as a hash: some desktops do not say whose it is."""
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(forget)


def copy(text: str, kept: int = KEPT) -> None:
    """Put a text there, for so many milliseconds."""
    data = QMimeData()
    data.setText(text)
    for name, hint in _HINTS.items():
        data.setData(name, hint)
    QGuiApplication.clipboard().setMimeData(data)
    watch = _watch()
    watch.mark = _mark(text)
    watch.timer.start(kept)


def forget() -> None:
    """Empty it if what is there is ours; what another program put there is not touched."""
    clipboard = QGuiApplication.clipboard()
    mark, _watch().mark = _watch().mark, ""
    if clipboard.ownsClipboard() or (mark and _mark(clipboard.text()) == mark):
        clipboard.clear()


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _watch() -> _Watch:
    app = QGuiApplication.instance()
    assert app is not None
    return app.findChild(_Watch, _NAME) or _Watch(app)
