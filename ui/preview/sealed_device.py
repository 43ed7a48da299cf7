# SPDX-License-Identifier: GPL-3.0-or-later
"""An item of the vault as a device of Qt: decrypted block by block while it is read, nothing in clear on the disk."""

import threading
from typing import BinaryIO

from PySide6.QtCore import QIODevice, QIODeviceBase, QObject

__all__ = ["SealedDevice"]


class SealedDevice(QIODevice):
    """Reads an open item. A player calls it from its own threads, one read at a time.

    It owns the stream and closes it. What cannot be read any more, because the item is damaged or closed, is an error
    of the device: the player stops there.
    """

    def __init__(self, stream: BinaryIO, size: int, parent: QObject) -> None:
        super().__init__(parent)
        self._stream = stream
        self._size = size
        self._lock = threading.Lock()
        self.open(QIODeviceBase.OpenModeFlag.ReadOnly | QIODeviceBase.OpenModeFlag.Unbuffered)

    def isSequential(self) -> bool:  # noqa: N802
        """Any place can be gone to."""
        return False

    def size(self) -> int:
        """Bytes of the clear content."""
        return self._size

    def close(self) -> None:
        """Nothing is read of the item any more."""
        super().close()
        with self._lock:
            self._stream.close()

    def readData(self, most: int) -> bytes:  # noqa: N802 - PySide wants the bytes back
        """The next bytes; none at the end, and none where the item is damaged."""
        with self._lock:
            if self._stream.closed:
                return b""
            try:
                self._stream.seek(self.pos())
                return self._stream.read(most)
            except Exception:  # called from C++, where no exception can pass
                self.setErrorString("damaged")
                return b""

    def writeData(self, _data: bytes | bytearray | memoryview, _size: int, /) -> int:  # noqa: N802
        """An original never changes."""
        return -1
