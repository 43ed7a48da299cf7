# SPDX-License-Identifier: GPL-3.0-or-later
"""The copy of a film or a sound that may leave: the same pictures and sound, blanks where it said who, where or when.

Nothing is encoded again and nothing moves: what says something is overwritten in its place with the padding that each
format has for it, so that everything that points into the file still points right. A film of two gigabytes is read by
its headers and copied as it is read; the original stays as it was received.

MP4, MOV, M4A and 3GP (ISO/IEC 14496-12, QuickTime File Format), WAV (RIFF) and MP3 (ID3, APE).
"""

import bisect
import io
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import BinaryIO, Final

from hro_desktop.faults import Fault
from hro_desktop.media.contents import of_media
from hro_desktop.media.kinds import Kind, kind_of
from hro_desktop.media.sounds import after_tag
from hro_desktop.media.source import Source

__all__ = ["blanked", "can_blank"]

Patch = tuple[int, bytes | int]
"""Where, and what is written there: bytes, or that many zeros."""
BOXES: Final = ("video/mp4", "video/quicktime", "video/3gpp", "audio/mp4")
BOX_LIMIT: Final = 20_000
SAMPLE_LIMIT: Final = 2_000_000
TABLE_LIMIT: Final = 32 * 1024 * 1024
BLOCK: Final = 1024 * 1024

# What a film needs to be played; any other box becomes free space.
_KEPT: Final = {
    b"": frozenset((b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"mfra", b"sidx", b"ssix", b"pdin", b"wide")),
    b"moov": frozenset((b"mvhd", b"trak", b"mvex", b"iods")),
    b"trak": frozenset((b"tkhd", b"mdia", b"edts", b"tapt", b"clip", b"matt", b"load", b"trgr")),
    b"mdia": frozenset((b"mdhd", b"hdlr", b"minf", b"elng")),
    b"minf": frozenset((b"vmhd", b"smhd", b"hmhd", b"sthd", b"nmhd", b"gmhd", b"dinf", b"stbl", b"hdlr")),
    b"dinf": frozenset((b"dref",)),
}
_TIMED: Final = frozenset((b"mvhd", b"tkhd", b"mdhd"))
_SHOWN: Final = (b"vide", b"soun")
"""Tracks that are seen or heard; another one is data of the device, and goes with its samples."""


class _OddError(Exception):
    """The file is not built as these files are: no copy of it can be trusted to say nothing."""


def can_blank(kind: Kind) -> bool:
    """Whether a copy that says nothing can be tried of such a file."""
    return kind.media_type in (*BOXES, "audio/vnd.wave", "audio/mpeg")


def blanked(stream: BinaryIO) -> "tuple[io.BufferedReader[_Over], Kind]":
    """The same film or sound with blanks where it said something, as a stream over the original, and its kind.

    Args:
        stream: seekable; it must stay open while the copy is read.

    Raises:
        Fault: `media.kept` when such a copy cannot be made: this file keeps what it says; `media.read` when the stream
            itself fails.
    """
    source = Source(stream)
    kind = kind_of(source)
    readers: dict[str, Callable[[Source], Iterator[Patch]]] = {
        **dict.fromkeys(BOXES, _boxed),
        "audio/vnd.wave": _wave,
        "audio/mpeg": _mpeg,
    }
    reader = readers.get(kind.media_type)
    try:
        copy = io.BufferedReader(_Over(stream, source.size, list(reader(source))), BLOCK) if reader else None
    except (_OddError, RecursionError):
        copy = None
    if copy is not None and not of_media(copy):  # looked at as whatever leaves: never a copy that still says something
        copy.seek(0)
        return copy, kind
    raise Fault(
        "media.kept",
        "Ce fichier garde ses métadonnées\u00a0: le programme ne sait pas en faire une copie qui n’en ait pas. "
        "L’original est conservé.",
    )


class _Over(io.RawIOBase):
    """A stream over another, with some of its bytes replaced."""

    def __init__(self, under: BinaryIO, size: int, patches: list[Patch]) -> None:
        super().__init__()
        self._under, self._size, self._at = under, size, 0
        self._patches = sorted((each for each in patches if each[1]), key=lambda patch: patch[0])
        self._starts = [at for at, _ in self._patches]
        ends = [at + _length(what) for at, what in self._patches]
        if any(end > start for end, start in zip(ends, self._starts[1:], strict=False)):
            raise _OddError  # two places that overlap are not what they seem

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        self._under.seek(self._at)
        data = bytearray(self._under.read(len(buffer)))
        start, end = self._at, self._at + len(data)
        place = max(0, bisect.bisect_right(self._starts, start) - 1)
        while place < len(self._patches) and self._starts[place] < end:
            at, what = self._patches[place]
            place += 1
            first, last = max(at, start), min(at + _length(what), end)
            if first < last:
                part = bytes(last - first) if isinstance(what, int) else what[first - at : last - at]
                data[first - start : last - start] = part
        self._at = end
        buffer[: len(data)] = data
        return len(data)


def _length(what: bytes | int) -> int:
    return what if isinstance(what, int) else len(what)


# ---- films and sounds in boxes


class _Boxes:
    """One pass over the boxes of a film."""

    def __init__(self, source: Source) -> None:
        self.source, self.left = source, BOX_LIMIT
        self.dropped = self.seen = False  # a track of data; whether this track is of pictures

    def each(self, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
        """Name, start, first byte of content and end of each box; a zero at the end of a list is none."""
        while start + 8 <= end:
            self.left -= 1
            header = self.source.at(start, 16)
            size, name, body = int.from_bytes(header[:4], "big"), header[4:8], start + 8
            if size == 1:
                size, body = int.from_bytes(header[8:16], "big"), start + 16
            stop = end if size == 0 else start + size
            if self.left < 0 or stop > end or stop < body:
                raise _OddError
            yield name, start, body, stop
            start = stop
        if start != end and any(self.source.at(start, end - start)):
            raise _OddError

    def folder(self, inside: bytes, start: int, end: int) -> Iterator[Patch]:
        for name, at, body, stop in self.each(start, end):
            if name not in _KEPT[inside]:
                yield from _freed(at, body, stop)
            elif name == b"trak" and self.handler(body, stop) not in _SHOWN:
                self.dropped = True
                yield from self.samples(body, stop)
                yield from _freed(at, body, stop)
            elif name in _KEPT:
                self.seen = self.handler(body, stop) == b"vide" if name == b"trak" else self.seen
                yield from self.folder(name, body, stop)
            else:
                yield from self.leaf(name, body, stop)

    def leaf(self, name: bytes, body: int, stop: int) -> Iterator[Patch]:
        if name in _TIMED and stop - body >= 20:
            yield body + 4, 16 if self.source.at(body, 1) == b"\x01" else 8
        elif name == b"hdlr" and stop - body >= 24:
            yield body + 12, stop - body - 12  # who made the component, and how the device calls its track
        elif name == b"dref":
            for _, _, inner, end in self.each(body + 8, stop):
                if self.source.at(inner + 3, 1)[0] & 1 == 0:  # the pictures are in another file
                    raise _OddError
                yield inner + 4, end - inner - 4  # the path of a folder, for old films
        elif name == b"stbl":
            for inner_name, _, inner, end in self.each(body, stop):
                if inner_name == b"stsd":
                    yield from self.described(inner, end)

    def described(self, body: int, stop: int) -> Iterator[Patch]:
        """Who made the encoder and how it is called, in the description of each kind of sample."""
        for _, _, inner, end in self.each(body + 8, stop):
            if end - inner >= 28:
                yield inner + 12, 4
            if end - inner >= 78 and self.seen:
                yield inner + 42, 32

    def handler(self, start: int, end: int) -> bytes:
        """What a track is: the type of its handler; seen when nothing says it."""
        for name, _, body, stop in self.each(start, end):
            if name == b"mdia":
                for inner_name, _, inner, _ in self.each(body, stop):
                    if inner_name == b"hdlr":
                        return self.source.at(inner + 8, 4)
        return b"vide"

    def samples(self, start: int, end: int) -> Iterator[Patch]:
        """The samples of a track, wherever they stand: what a device measured, second by second."""
        tables: dict[bytes, tuple[int, int]] = {}

        def find(inside: int, stop: int) -> None:
            for name, _, body, last in self.each(inside, stop):
                if name in (b"mdia", b"minf", b"stbl"):
                    find(body, last)
                elif name in (b"stsz", b"stz2", b"stsc", b"stco", b"co64"):
                    tables[name] = (body, last)

        find(start, end)
        if b"stz2" in tables:
            raise _OddError
        if not tables:
            return
        sizes, chunks, runs = self._sizes(tables), self._chunks(tables), self._runs(tables)
        firsts, sample = [first for first, _ in runs], 0
        for number, at in enumerate(chunks, start=1):
            run = bisect.bisect_right(firsts, number) - 1
            many = runs[run][1] if run >= 0 else 0
            length = sum(sizes[sample : sample + many])
            sample += many
            if at + length > self.source.size:
                raise _OddError
            yield at, length

    def _table(self, tables: dict[bytes, tuple[int, int]], name: bytes, head: int, wide: int) -> list[bytes]:
        """The rows of a table."""
        if name not in tables:
            return []
        body, stop = tables[name]
        count = int.from_bytes(self.source.at(body + head - 4, 4), "big")
        if count > SAMPLE_LIMIT or count * wide > min(stop - body - head, TABLE_LIMIT):
            raise _OddError
        rows = self.source.at(body + head, count * wide)
        return [rows[at : at + wide] for at in range(0, len(rows), wide)]

    def _sizes(self, tables: dict[bytes, tuple[int, int]]) -> list[int]:
        if b"stsz" not in tables:
            raise _OddError
        body, _ = tables[b"stsz"]
        same = int.from_bytes(self.source.at(body + 4, 4), "big")
        count = int.from_bytes(self.source.at(body + 8, 4), "big")
        if count > SAMPLE_LIMIT:
            raise _OddError
        return [same] * count if same else [int.from_bytes(row, "big") for row in self._table(tables, b"stsz", 12, 4)]

    def _chunks(self, tables: dict[bytes, tuple[int, int]]) -> list[int]:
        rows = [*self._table(tables, b"stco", 8, 4), *self._table(tables, b"co64", 8, 8)]
        return [int.from_bytes(row, "big") for row in rows]

    def _runs(self, tables: dict[bytes, tuple[int, int]]) -> list[tuple[int, int]]:
        """From which chunk on, how many samples a chunk holds; in the order of the chunks."""
        rows = self._table(tables, b"stsc", 8, 12)
        runs = [(int.from_bytes(row[:4], "big"), int.from_bytes(row[4:8], "big")) for row in rows]
        if any(later[0] <= run[0] for run, later in pairwise(runs)):
            raise _OddError
        return runs


def _freed(at: int, body: int, stop: int) -> Iterator[Patch]:
    """A box that becomes free space of the same length."""
    yield at + 4, b"free"
    yield body, stop - body


def _boxed(source: Source) -> Iterator[Patch]:
    walk = _Boxes(source)
    names = {name for name, *_ in walk.each(0, source.size)}
    if b"moov" not in names:
        raise _OddError
    yield from walk.folder(b"", 0, source.size)
    if walk.dropped and b"moof" in names:  # samples of the dropped track stand in fragments
        raise _OddError


# ---- sounds


def _wave(source: Source) -> Iterator[Patch]:
    at = 12
    for _ in range(BOX_LIMIT):
        if at + 8 > source.size:
            break
        header = source.at(at, 8)
        name, size = header[:4], int.from_bytes(header[4:8], "little")
        if name not in (b"fmt ", b"data", b"fact", b"ds64"):
            yield at, b"JUNK"
            yield at + 8, min(size, source.size - at - 8)
        at += 8 + size + size % 2
    else:
        raise _OddError
    if at < source.size:
        yield at, source.size - at


def _mpeg(source: Source) -> Iterator[Patch]:
    at = 0
    while (after := after_tag(source, at)) > at:
        yield at + 5, b"\0"  # a footer repeats the header: blank, it is padding
        yield at + 10, min(after, source.size) - at - 10
        at = after
    end = source.size
    while end > 160:
        if source.at(end - 128, 3) == b"TAG":
            length = 128
        elif source.at(end - 32, 8) == b"APETAGEX":
            foot = source.at(end - 32, 32)
            length = int.from_bytes(foot[12:16], "little") + (32 if foot[23] & 0x80 else 0)
        elif source.at(end - 9, 9) == b"LYRICS200" and source.at(end - 15, 6).isdigit():
            length = int(source.at(end - 15, 6)) + 15
        else:
            return
        if not 0 < length <= end - at:
            raise _OddError
        end -= length
        yield end, length
