# SPDX-License-Identifier: GPL-3.0-or-later
"""Write one PDF out of parts, object by object, without ever holding more than one stream of it in memory.

Libraries that merge PDF files keep every source in memory until the result is saved: a bundle of two gigabytes needs
two gigabytes. Here an object leaves as soon as it is known; what depends on the whole (page numbers, contents) is
written last under a number reserved for it. The target is written from its first byte to its last and never read
or sought, so that it may be a stream that encrypts.
"""

import hashlib
import zlib
from typing import BinaryIO, Final

__all__ = ["Assembly", "number_text", "reference", "text_string"]

_HEAD: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_BUFFER: Final = 1 << 18
# The identifier of the file is made from all objects, and from so much of each stream: enough to tell two apart.
_SAMPLE: Final = 4096


def reference(number: int) -> bytes:
    """How an object names another."""
    return b"%d 0 R" % number


def number_text(value: float) -> bytes:
    """A number as PDF writes it: four decimals at most, never an exponent."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return b"0" if text in {"", "-0"} else text.encode("ascii")


def text_string(text: str) -> bytes:
    """A text for a bookmark, a title or a label: UTF-16 with its mark, in hexadecimal."""
    return b"<feff" + text.encode("utf-16-be", "replace").hex().encode("ascii") + b">"


class Assembly:
    """A PDF under way, in the order it is written.

    Args:
        out: takes the bytes; it may take fewer than given at a time, and is not closed here.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._buffer = bytearray()
        self._position = 0
        self._places = [0]  # where object n begins; 0 as long as it is only reserved
        self._digest = hashlib.sha256()
        self._write(_HEAD)

    def reserve(self) -> int:
        """A number for an object that is written later."""
        self._places.append(0)
        return len(self._places) - 1

    def put(self, body: bytes, number: int | None = None) -> int:
        """Write an object; returns its number."""
        number = self.reserve() if number is None else number
        self._places[number] = self._position
        self._digest.update(body)
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        return number

    def stream(self, entries: bytes, data: bytes | memoryview, number: int | None = None, *, pack: bool = False) -> int:
        """Write a stream; returns its number.

        Args:
            entries: what stands in its dictionary beside /Length (and /Filter when packed here).
            data: the bytes as they are to stand in the file.
            number: the one reserved for it, if any.
            pack: compress the bytes here.
        """
        number = self.reserve() if number is None else number
        if pack:
            data = zlib.compress(data, 6)
            entries += b" /Filter /FlateDecode"
        self._places[number] = self._position
        self._digest.update(entries)
        self._digest.update(data[:_SAMPLE])
        self._write(b"%d 0 obj\n<< %b /Length %d >>\nstream\n" % (number, entries, len(data)))
        self._write(data)
        self._write(b"\nendstream\nendobj\n")
        return number

    def finish(self, root: int, info: int) -> None:
        """Write the table of objects and the end of the file, and hand the last bytes over.

        Args:
            root: number of the catalogue.
            info: number of the document's information.
        """
        start = self._position
        rows = [b"0000000000 65535 f \n"]
        rows += [b"%010d 00000 n \n" % place if place else b"0000000000 00000 f \n" for place in self._places[1:]]
        self._write(b"xref\n0 %d\n%b" % (len(rows), b"".join(rows)))
        name = self._digest.hexdigest()[:32].encode("ascii")
        self._write(
            b"trailer\n<< /Size %d /Root %b /Info %b /ID [<%b> <%b>] >>\nstartxref\n%d\n%%%%EOF\n"
            % (len(rows), reference(root), reference(info), name, name, start)
        )
        self._flush()

    def _write(self, data: bytes | memoryview) -> None:
        self._position += len(data)
        if len(data) >= _BUFFER:
            self._flush()
            self._hand_over(memoryview(data))
            return
        self._buffer += data
        if len(self._buffer) >= _BUFFER:
            self._flush()

    def _flush(self) -> None:
        waiting, self._buffer = self._buffer, bytearray()
        self._hand_over(memoryview(waiting))

    def _hand_over(self, data: memoryview) -> None:
        """Write all of it: a stream without a buffer may take only a part when the disk fills, without a word."""
        while data:
            taken = self._out.write(data)
            if taken == 0:
                raise OSError("nothing written")
            data = data[taken:] if taken is not None else data[len(data) :]
