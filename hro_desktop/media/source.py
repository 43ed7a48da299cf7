# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounded reading of a stream that may be two gigabytes of video, or a trap."""

import io
from typing import BinaryIO

from hro_desktop.faults import ExitCode, Fault

__all__ = ["Source"]

WHOLE_LIMIT = 128 * 1024 * 1024
"""Bytes: the largest file that is ever held whole in memory (a 200-megapixel photo is about 60 MB)."""


class Source:
    """A seekable stream read in pieces at given places.

    A disk that fails is told apart from a file that is damaged: the first is a `Fault`, the second is up to the
    caller, who finds fewer bytes than announced.

    Args:
        stream: binary, readable and seekable; its position is not kept.

    Raises:
        Fault: `media.read` when the stream itself cannot be read.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        try:
            self.size = stream.seek(0, io.SEEK_END)
        except OSError:
            raise _unread() from None

    def at(self, offset: int, length: int) -> bytes:
        """The bytes from `offset`, at most `length`: fewer at the end, none beyond it or before the start."""
        if offset < 0 or length <= 0 or offset >= self.size:
            return b""
        wanted = min(length, self.size - offset)
        pieces: list[bytes] = []
        try:
            self._stream.seek(offset)
            while wanted and (piece := self._stream.read(wanted)):  # a raw stream may give less than asked
                pieces.append(piece)
                wanted -= len(piece)
        except OSError:
            raise _unread() from None
        return b"".join(pieces)

    def tail(self, length: int) -> bytes:
        """The last bytes, at most `length`."""
        return self.at(max(0, self.size - length), length)

    def whole(self) -> bytes | None:
        """Everything, or None when that is more than memory should hold (`WHOLE_LIMIT`)."""
        return self.at(0, self.size) if self.size <= WHOLE_LIMIT else None


def _unread() -> Fault:
    return Fault(
        "media.read",
        "Le fichier n’a pas pu être lu jusqu’au bout\u00a0: vérifiez le disque ou la clé, puis recommencez.",
        ExitCode.DISK,
    )
