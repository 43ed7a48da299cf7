# SPDX-License-Identifier: GPL-3.0-or-later
"""Take objects of a foreign PDF over into one we write, without what must not come along.

Only what a drawing uses is reached; descriptions, outside and attached files, and whatever a camera wrote into a JPEG
beside the picture stay behind.
"""

import copy
import re
from decimal import Decimal
from typing import Final, TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from forms.binding.assembly import Assembly, number_text

__all__ = ["Bytes", "Copier", "bare_jpeg"]

Bytes: TypeAlias = bytes | memoryview

_REFERENCE: Final = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9a-fA-F]*>|\b(\d+) (\d+) R\b", re.DOTALL)
# What a stream may not bring along: descriptions, attached or outside files, traces of the program that made it.
_STREAM_KEYS: Final = (
    "/Length", "/Metadata", "/PieceInfo", "/AF", "/F", "/FFilter", "/FDecodeParms", "/OPI", "/Ref", "/Alternates",
    "/LastModified", "/StructParent", "/StructParents", "/Measure", "/PtData", "/DL",
)  # fmt: skip
_TYPED_KEYS: Final = ("/Metadata", "/PieceInfo", "/AF", "/LastModified")
# Objects that a drawing has no business to reach; whatever leads to one is cut there.
_CUT: Final = frozenset(
    {
        b"/Page", b"/Pages", b"/Catalog", b"/Annot", b"/Action", b"/Filespec", b"/EmbeddedFile", b"/StructElem",
        b"/StructTreeRoot", b"/Metadata", b"/Outlines", b"/Sig",
    }
)  # fmt: skip
_JPEG: Final = (b"/DCTDecode", b"/DCT")
_SCAN: Final = 0xDA
_END: Final = 0xD9
_COMMENT: Final = 0xFE
_AFTER_SCAN: Final = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
# Segments of a JPEG that change how it looks: JFIF, ICC profile, Adobe colour transform.
_KEPT_SEGMENTS: Final = ((0xE0, b"JFIF\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe"))


class Copier:
    """Takes objects of one PDF over into an assembly, each once, with whatever they draw with.

    Args:
        source: stays open as long as the copier works.
        target: receives the objects.
    """

    def __init__(self, source: pikepdf.Pdf, target: Assembly) -> None:
        self._source = source
        self._target = target
        self._numbers: dict[tuple[int, int], int] = {}
        self._waiting: list[tuple[int, int]] = []
        self.damaged = False

    def text(self, value: Object) -> bytes:
        """How a value is written in the target; what it refers to is taken over by the next `flush`."""
        return self._renumbered(value.unparse())

    def take(self, value: Object, number: int | None = None) -> int:
        """The number an indirect object gets in the target, a given one or a new one; the next `flush` writes it."""
        if number is not None:
            self._numbers[value.objgen] = number
            self._waiting.append(value.objgen)
        return self._number(value.objgen)

    def taken(self, place: tuple[int, int]) -> int | None:
        """The number in the target of an object of the source, if it was taken over."""
        return self._numbers.get(place)

    def flush(self) -> None:
        """Write all objects asked for so far, and those they refer to."""
        while self._waiting:
            place = self._waiting.pop()
            self._copy(self._source.get_object(place), self._numbers[place])

    def _renumbered(self, text: bytes) -> bytes:
        return _REFERENCE.sub(self._new_number, text)

    def _new_number(self, found: re.Match[bytes]) -> bytes:
        if found[1] is None:
            return found[0]
        return b"%d 0 R" % self._number((int(found[1]), int(found[2])))

    def _number(self, place: tuple[int, int]) -> int:
        number = self._numbers.get(place)
        if number is None:
            number = self._numbers[place] = self._target.reserve()
            self._waiting.append(place)
        return number

    def _copy(self, value: Object | Decimal | float | bool | None, number: int) -> None:
        if isinstance(value, Stream):
            self._copy_stream(value, number)
        elif isinstance(value, Dictionary):
            if _kind(value) in _CUT:
                self._target.put(b"null", number)
            else:
                shorter = _without(value, _TYPED_KEYS) if "/Type" in value else value
                self._target.put(self._renumbered(_text(shorter)), number)
        else:
            self._target.put(self._renumbered(_text(value)), number)

    def _copy_stream(self, value: Stream, number: int) -> None:
        entries = value.stream_dict
        if _kind(entries) in _CUT:
            self._target.put(b"null", number)
            return
        if entries.get("/Subtype") == "/PS":  # a program for printers, which no reader shows
            self._target.stream(b"/Type /XObject /Subtype /Form /BBox [0 0 0 0]", b"", number)
            return
        text = _without(entries, _STREAM_KEYS)
        data = self.raw(value)
        filters = _filters(entries)
        if filters and filters[-1] in _JPEG:
            if len(filters) > 1:
                text, data = self._unwrapped(text, data)
            if len(_filters(text)) == 1:
                data = bare_jpeg(data)
        self._target.stream(self._renumbered(text.unparse())[2:-2], data, number)

    def raw(self, value: Stream) -> Bytes:
        """The bytes of a stream as they stand in the file, decrypted; none when they cannot be read."""
        try:
            return memoryview(value.get_raw_stream_buffer())
        except pikepdf.PdfError:
            self.damaged = True
            return b""

    def _unwrapped(self, entries: Dictionary, data: Bytes) -> tuple[Dictionary, Bytes]:
        """A JPEG that was compressed or written in letters once more, without that: what it carries is seen then."""
        last = len(_filters(entries)) - 1
        outer = Stream(self._source, bytes(data))
        outer.Filter = Array(list(entries.Filter)[:last])
        settings = entries.get("/DecodeParms")
        if isinstance(settings, Array):
            outer.DecodeParms = Array(list(settings)[:last])
        try:
            plain = outer.read_bytes()
        except pikepdf.PdfError:
            return entries, data
        shorter = _without(entries, ("/Filter", "/DecodeParms"))
        shorter["/Filter"] = Name.DCTDecode
        if isinstance(settings, Array) and len(settings) > last and isinstance(settings[last], Dictionary):
            shorter["/DecodeParms"] = settings[last]
        return shorter, plain


def _without(entries: Dictionary, keys: tuple[str, ...]) -> Dictionary:
    """The same dictionary without some entries; a copy, so that reading the source goes on as before."""
    found = [key for key in keys if key in entries]
    if not found:
        return entries
    shorter = copy.copy(entries)
    for key in found:
        del shorter[key]
    return shorter


def _text(value: Object | Decimal | float | bool | None) -> bytes:
    """How an object is written; pikepdf hands numbers, truth values and nothing over as those of Python."""
    if isinstance(value, Object):
        return value.unparse(resolved=True)
    if isinstance(value, bool):
        return b"true" if value else b"false"
    return b"null" if value is None else number_text(float(value))


def _kind(entries: Dictionary) -> bytes | None:
    """The /Type of a dictionary, as it is written: a name may hold bytes that are no text."""
    kind = entries.get("/Type")
    return kind.unparse() if isinstance(kind, Name) else None


def _filters(entries: Dictionary) -> list[bytes]:
    kinds = entries.get("/Filter")
    row = list(kinds) if isinstance(kinds, Array) else [kinds]
    return [kind.unparse() for kind in row if isinstance(kind, Name)]


def bare_jpeg(data: Bytes) -> Bytes:
    """A JPEG without what a camera writes beside the picture (EXIF with place and owner, thumbnails, XMP, comments).

    The picture itself is untouched. Bytes after its end (films, second pictures) are left out. Anything that is not
    understood is returned as it came.
    """
    if data[:2] != b"\xff\xd8":
        return data
    kept: list[Bytes] = [b"\xff\xd8"]
    place, bare = 2, data[-2:] == b"\xff\xd9"
    while place + 4 <= len(data) and data[place] == 0xFF:
        kind = data[place + 1]
        if kind == 0xFF:  # filling
            place += 1
            continue
        if kind == _SCAN:
            return data if bare else b"".join([*kept, _scans(data, place)])
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        segment = data[place:end]
        beside = 0xE0 <= kind <= 0xEF or kind == _COMMENT
        if beside and not any(kind == k and segment[4 : 4 + len(mark)] == mark for k, mark in _KEPT_SEGMENTS):
            bare = False
        else:
            kept.append(segment)
        place = end
    return data


def _scans(data: Bytes, start: int) -> Bytes:
    """From the first scan to the end of the picture."""
    place = start
    while True:
        found = _AFTER_SCAN.search(data, place + 2)
        if found is None:
            return data[start:]
        place = found.start()
        if data[place + 1] == _END:
            return data[start : place + 2]
        place += int.from_bytes(data[place + 2 : place + 4], "big")
