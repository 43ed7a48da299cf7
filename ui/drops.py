# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are dropped on a page, by whatever name the disk gives them."""

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QEvent, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

__all__ = ["FileDrops", "local_paths"]


def local_paths(urls: Sequence[QUrl]) -> tuple[Path, ...]:
    """The files of this computer among some addresses."""
    return tuple(_path(each) for each in urls if each.isLocalFile())


def _path(url: QUrl) -> Path:
    """A name that is no UTF-8 has no text: its bytes are taken as they are."""
    if os.name == "nt" or url.host():
        return Path(url.toLocalFile())
    encoded = url.path(QUrl.ComponentFormattingOption.FullyEncoded)
    return Path(os.fsdecode(unquote_to_bytes(encoded)))


class FileDrops(QObject):
    """Lets files be dropped on a widget; the originals stay where they are."""

    dropped = Signal(object)
    """Their paths, as a tuple."""

    def __init__(self, target: QWidget) -> None:
        super().__init__(target)
        target.setAcceptDrops(True)
        target.installEventFilter(self)

    def eventFilter(self, _target: QObject, event: QEvent) -> bool:  # noqa: N802
        """Take files of this computer, and nothing else."""
        if not isinstance(event, QDropEvent | QDragEnterEvent | QDragMoveEvent):
            return False
        if not any(each.isLocalFile() for each in event.mimeData().urls()):
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() is QEvent.Type.Drop:
            self.dropped.emit(local_paths(event.mimeData().urls()))
        return True
