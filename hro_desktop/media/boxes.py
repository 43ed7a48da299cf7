# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts of an MP4, MOV or 3GP file, read from its boxes (ISO/IEC 14496-12) without touching the pictures or the sound.

A film of two gigabytes costs a few kilobytes of reading. A malformed one costs at most `BOX_LIMIT` box headers.
"""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

import attrs

from hro_desktop.media.source import Source

__all__ = ["FilmFacts", "film_facts", "position"]

BOX_LIMIT = 4000
LEAF_LIMIT = 64 * 1024
"""Bytes of one leaf box that are looked at: real ones hold some hundred."""
DEPTH_LIMIT = 8
EPOCH: Final = dt.datetime(1904, 1, 1, tzinfo=dt.UTC)
OLDEST_DAY: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""A telephone whose clock was never set writes 1904 or 1970: no date at all is better than that one."""

_FOLDERS: Final = frozenset((b"moov", b"trak", b"mdia", b"mvex", b"udta", b"meta", b"ilst"))
_APPLE: Final = {
    b"com.apple.quicktime.creationdate": "written",
    b"com.apple.quicktime.location.ISO6709": "place",
    b"com.apple.quicktime.make": "make",
    b"com.apple.quicktime.model": "model",
    b"com.android.manufacturer": "make",
    b"com.android.model": "model",
}
_CLASSIC: Final = {b"\xa9xyz": "place", b"\xa9day": "written", b"\xa9mak": "make", b"\xa9mod": "model"}


@attrs.define
class FilmFacts:
    """What the boxes say; None or empty when they are silent.

    Attributes:
        duration_s: seconds.
        created: of the container, « UTC » by the standard although some cameras write local time.
        written: date in words of the device, with its offset (`2026-10-12T08:52:03+0200`).
        place: position in ISO 6709 (`+50.9513+001.8587/`).
        width: pixels as shown, rotation applied.
        has_picture: a track with a size was found.
        damaged: a box contradicted its parent, or there were too many of them.
    """

    duration_s: float | None = None
    created: dt.datetime | None = None
    written: str = ""
    place: str = ""
    make: str = ""
    model: str = ""
    width: int | None = None
    height: int | None = None
    has_picture: bool = False
    damaged: bool = False


@attrs.define
class _Walk:
    """One pass over the boxes: what was found, and how many headers it may still read."""

    source: Source
    facts: FilmFacts
    left: int = BOX_LIMIT
    keys: tuple[bytes, ...] = ()
    found_movie: bool = False
    scale: int = 0

    def folder(self, start: int, end: int, inside: bytes, depth: int) -> None:
        for name, body, stop in self.boxes(start, end):
            if name in _FOLDERS and depth < DEPTH_LIMIT:
                self.found_movie |= name == b"moov"
                self.folder(body + self.preface(name, body), stop, name, depth + 1)
            elif inside:
                self.leaf(name, inside, self.source.at(body, min(stop - body, LEAF_LIMIT)))
            if name == b"moov" and not inside:
                return  # everything wanted is in the first movie box

    def boxes(self, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
        """Name, first byte of content and end of each box in a stretch of the file."""
        while start + 8 <= end:
            self.left -= 1
            if self.left < 0:
                self.facts.damaged = True
                return
            header = self.source.at(start, 16)
            size, name, body = int.from_bytes(header[:4], "big"), header[4:8], start + 8
            if size == 1:
                size, body = int.from_bytes(header[8:16], "big"), start + 16
            stop = end if size == 0 else start + size
            if stop > end or stop < body:
                self.facts.damaged = True
                stop = end
                if name not in _FOLDERS:
                    return
            yield name, body, stop
            start = stop

    def preface(self, name: bytes, body: int) -> int:
        """`meta` has a version of four bytes in MP4 and none in MOV."""
        return 4 if name == b"meta" and self.source.at(body + 4, 4) != b"hdlr" else 0

    def leaf(self, name: bytes, inside: bytes, content: bytes) -> None:
        if name == b"mvhd":
            self.movie_header(content)
        elif name == b"mehd":
            self.fragments(content)
        elif name == b"tkhd":
            self.track_header(content)
        elif name == b"keys":
            self.keys = tuple(_key_names(content))
        elif inside == b"ilst":
            self.listed(name, content)
        elif inside == b"udta" and name in _CLASSIC:
            self.keep(_CLASSIC[name], content[4 : 4 + int.from_bytes(content[:2], "big")])

    def movie_header(self, content: bytes) -> None:
        long = content[:1] == b"\x01"
        wide = 8 if long else 4
        created = int.from_bytes(content[4 : 4 + wide], "big")
        at = 4 + 2 * wide
        scale = int.from_bytes(content[at : at + 4], "big")
        length = content[at + 4 : at + 4 + wide]
        if len(length) < wide or not scale:
            self.facts.damaged = True
            return
        self.facts.created = _moment(created)
        unknown = length == b"\xff" * wide
        duration = int.from_bytes(length, "big") / scale
        self.scale = scale
        self.facts.duration_s = duration if duration and not unknown else None

    def fragments(self, content: bytes) -> None:
        """The whole length of a film written in fragments, whose own header says 0."""
        wide = 8 if content[:1] == b"\x01" else 4
        length = int.from_bytes(content[4 : 4 + wide], "big")
        if self.facts.duration_s is None and self.scale and length:
            self.facts.duration_s = length / self.scale

    def track_header(self, content: bytes) -> None:
        at = 52 if content[:1] == b"\x01" else 40
        matrix, size = content[at : at + 36], content[at + 36 : at + 44]
        width, height = int.from_bytes(size[:2], "big"), int.from_bytes(size[4:6], "big")  # 16.16 fixed point
        if len(size) < 8 or not width or not height or self.facts.has_picture:
            return
        turned = not any(matrix[0:4]) and any(matrix[4:8])
        self.facts.has_picture = True
        self.facts.width, self.facts.height = (height, width) if turned else (width, height)

    def listed(self, name: bytes, content: bytes) -> None:
        """An entry of `ilst`: by number in `keys` for Apple's and Android's, by its own name for the older ones."""
        number = int.from_bytes(name, "big")
        key = self.keys[number - 1] if 0 < number <= len(self.keys) else b""
        meaning = _APPLE.get(key) or _CLASSIC.get(name)
        if meaning and content[4:8] == b"data":
            self.keep(meaning, content[16 : int.from_bytes(content[:4], "big")])

    def keep(self, meaning: str, content: bytes) -> None:
        text = content[:200].decode("utf-8", "replace").strip("\0 ")
        if text and not getattr(self.facts, meaning):
            setattr(self.facts, meaning, text)


def film_facts(source: Source) -> FilmFacts:
    """Reads the boxes; never raises for what the file holds, `damaged` says when it was not whole."""
    walk = _Walk(source, FilmFacts())
    walk.folder(0, source.size, b"", 0)
    walk.facts.damaged |= not walk.found_movie
    return walk.facts


def position(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees out of ISO 6709, in its decimal-degree form only."""
    match = re.match(r"([+-]\d{2}(?:\.\d{1,12})?)([+-]\d{3}(?:\.\d{1,12})?)", text)
    return (float(match[1]), float(match[2])) if match else None


def _moment(seconds: int) -> dt.datetime | None:
    try:
        moment = EPOCH + dt.timedelta(seconds=seconds)
    except OverflowError:
        return None
    return moment if moment >= OLDEST_DAY else None


def _key_names(content: bytes) -> Iterator[bytes]:
    at = 8
    while at + 8 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        if size < 8:
            return
        yield content[at + 8 : at + size]
        at += size
