# SPDX-License-Identifier: GPL-3.0-or-later
"""Just enough TrueType: read the bundled fonts, and write the subset a PDF embeds.

The subset may hold glyphs the font has not: a letter of several parts (a skeleton, its dots, a vowel sign) becomes
one composite glyph, so that in the PDF one code stands for it and text extraction finds it whole.
"""

import struct
from collections.abc import Sequence
from typing import Final, TypeAlias

import attrs

__all__ = ["Outline", "TrueType", "bounds", "parse", "subset"]

Outline: TypeAlias = tuple[tuple[int, int, int, int], ...]
"""Parts of a drawn letter: (font, glyph, shift to the right, shift upwards), in font units; empty: nothing drawn."""

# Flags of a composite glyph's component (OpenType specification, « glyf »).
_WORDS: Final = 0x0001
_XY: Final = 0x0002
_SCALE: Final = 0x0008
_MORE: Final = 0x0020
_XY_SCALE: Final = 0x0040
_TWO_BY_TWO: Final = 0x0080


@attrs.frozen(eq=False, repr=False)
class TrueType:
    """A font as its tables, with what setting and embedding it needs, in font units."""

    tables: dict[bytes, bytes]
    units: int
    ascent: int
    descent: int
    cap_height: int
    box: tuple[int, int, int, int]
    advances: tuple[int, ...]
    characters: frozenset[int]
    loca: tuple[int, ...]

    def glyph(self, number: int) -> bytes:
        """The description of one glyph as it stands in the font; empty for a blank."""
        return self.tables[b"glyf"][self.loca[number] : self.loca[number + 1]]


def parse(data: bytes) -> TrueType:
    """Read a font file of ours: TrueType outlines, `cmap` of format 4 or 12."""
    count = struct.unpack_from(">H", data, 4)[0]
    tables: dict[bytes, bytes] = {}
    for index in range(count):
        tag, _, offset, length = struct.unpack_from(">4sIII", data, 12 + 16 * index)
        tables[tag] = data[offset : offset + length]
    head, os2 = tables[b"head"], tables[b"OS/2"]
    glyphs = struct.unpack_from(">H", tables[b"maxp"], 4)[0]
    metrics = struct.unpack_from(">H", tables[b"hhea"], 34)[0]
    advances = [struct.unpack_from(">H", tables[b"hmtx"], 4 * index)[0] for index in range(metrics)]
    advances += [advances[-1]] * (glyphs - metrics)
    if struct.unpack_from(">h", head, 50)[0]:
        loca = struct.unpack_from(f">{glyphs + 1}I", tables[b"loca"])
    else:
        loca = tuple(2 * half for half in struct.unpack_from(f">{glyphs + 1}H", tables[b"loca"]))
    return TrueType(
        tables=tables,
        units=struct.unpack_from(">H", head, 18)[0],
        ascent=struct.unpack_from(">h", tables[b"hhea"], 4)[0],
        descent=struct.unpack_from(">h", tables[b"hhea"], 6)[0],
        cap_height=struct.unpack_from(">h", os2, 88)[0],
        box=struct.unpack_from(">4h", head, 36),
        advances=tuple(advances),
        characters=frozenset(_characters(tables[b"cmap"])),
        loca=loca,
    )


def _characters(cmap: bytes) -> set[int]:
    """All characters the font has a glyph for, over its Unicode subtables."""
    found: set[int] = set()
    for index in range(struct.unpack_from(">H", cmap, 2)[0]):
        start = struct.unpack_from(">I", cmap, 4 + 8 * index + 4)[0]
        kind = struct.unpack_from(">H", cmap, start)[0]
        if kind == 4:
            double = struct.unpack_from(">H", cmap, start + 6)[0]
            lasts = struct.unpack_from(f">{double // 2}H", cmap, start + 14)
            firsts = struct.unpack_from(f">{double // 2}H", cmap, start + 16 + double)
            for first, last in zip(firsts, lasts, strict=True):
                found.update(range(first, last + 1))
        elif kind == 12:
            for group in range(struct.unpack_from(">I", cmap, start + 12)[0]):
                first, last = struct.unpack_from(">II", cmap, start + 16 + 12 * group)
                found.update(range(first, last + 1))
    found.discard(0xFFFF)  # the closing segment of format 4
    return found


def subset(fonts: Sequence[TrueType], outlines: Sequence[Outline]) -> tuple[bytes, list[int]]:
    """A font file with the wanted outlines only, and the glyph number each of them has in it.

    Args:
        fonts: where the parts come from; all have the same number of units to the em.
        outlines: equal ones share a glyph. Glyph 0 is the first font's frame for a missing character.
    """
    maker = _Maker(fonts)
    numbers = [maker.add(outline) for outline in outlines]
    return maker.file(), numbers


class _Maker:
    """Collects the glyphs of a subset, numbering them as they come."""

    def __init__(self, fonts: Sequence[TrueType]) -> None:
        self._fonts = fonts
        self._glyphs: list[bytes] = []
        self._advances: list[int] = []
        self._numbers: dict[Outline, int] = {}
        self._parts = 1
        self.add(((0, 0, 0, 0),))

    def add(self, outline: Outline) -> int:
        """The number of an outline, taken over or built when it is new."""
        drawn = tuple(part for part in outline if self._fonts[part[0]].glyph(part[1]))
        if drawn in self._numbers:
            return self._numbers[drawn]
        number = len(self._glyphs)
        self._numbers[drawn] = number
        self._glyphs.append(b"")  # holds the place while the parts are added
        self._advances.append(self._fonts[drawn[0][0]].advances[drawn[0][1]] if drawn else 0)
        if len(drawn) == 1 and drawn[0][2:] == (0, 0):
            self._glyphs[number] = self._renumbered(*drawn[0][:2])
        elif drawn:
            self._glyphs[number] = self._composite(drawn)
        return number

    def _renumbered(self, font: int, number: int) -> bytes:
        """A glyph of a font; the parts of a composite one are added and named by their new numbers."""
        glyph = self._fonts[font].glyph(number)
        if struct.unpack_from(">h", glyph)[0] >= 0:
            return glyph
        changed = bytearray(glyph)
        place, parts, more = 10, 0, True
        while more:
            flags, part = struct.unpack_from(">HH", glyph, place)
            struct.pack_into(">H", changed, place + 2, self.add(((font, part, 0, 0),)))
            place += 8 if flags & _WORDS else 6
            place += {_SCALE: 2, _XY_SCALE: 4, _TWO_BY_TWO: 8}.get(flags & (_SCALE | _XY_SCALE | _TWO_BY_TWO), 0)
            parts += 1
            more = bool(flags & _MORE)
        self._parts = max(self._parts, parts)
        return bytes(changed)

    def _composite(self, parts: Outline) -> bytes:
        """A glyph made of shifted glyphs."""
        self._parts = max(self._parts, len(parts))
        boxes = []
        body = b""
        for index, (font, glyph, right, up) in enumerate(parts):
            x0, y0, x1, y1 = struct.unpack_from(">4h", self._fonts[font].glyph(glyph), 2)
            boxes.append((x0 + right, y0 + up, x1 + right, y1 + up))
            flags = _WORDS | _XY | (_MORE if index < len(parts) - 1 else 0)
            body += struct.pack(">HHhh", flags, self.add(((font, glyph, 0, 0),)), right, up)
        left, bottom, right_end, top = zip(*boxes, strict=True)
        return struct.pack(">h4h", -1, min(left), min(bottom), max(right_end), max(top)) + body

    def file(self) -> bytes:
        """The font file: the tables a PDF reader draws from (PDF 32000-1, 9.9)."""
        glyf = bytearray()
        loca = [0]
        hmtx = bytearray()
        for glyph, advance in zip(self._glyphs, self._advances, strict=True):
            glyf += glyph + b"\0" * (-len(glyph) % 4)
            loca.append(len(glyf))
            hmtx += struct.pack(">Hh", advance, struct.unpack_from(">h", glyph, 2)[0] if glyph else 0)
        count = len(self._glyphs)
        head = bytearray(self._fonts[0].tables[b"head"])
        struct.pack_into(">I", head, 8, 0)
        struct.pack_into(">4h", head, 36, *bounds(self._fonts))
        struct.pack_into(">h", head, 50, 1)
        hhea = bytearray(self._fonts[0].tables[b"hhea"])
        struct.pack_into(">H", hhea, 34, count)
        tables = {
            b"glyf": bytes(glyf),
            b"head": bytes(head),
            b"hhea": bytes(hhea),
            b"hmtx": bytes(hmtx),
            b"loca": struct.pack(f">{count + 1}I", *loca),
            b"maxp": self._maxp(count),
        }
        return _assembled(tables)

    def _maxp(self, count: int) -> bytes:
        """The limits table; the composite limits are upper bounds, since a part may itself be composite."""
        maxp = bytearray(self._fonts[0].tables[b"maxp"])
        limits = [struct.unpack_from(">4H", font.tables[b"maxp"], 6) for font in self._fonts]
        points, contours, all_points, all_contours = (max(values) for values in zip(*limits, strict=True))
        deepest = max(struct.unpack_from(">H", font.tables[b"maxp"], 30)[0] for font in self._fonts)
        struct.pack_into(">3H", maxp, 4, count, points, contours)
        struct.pack_into(">H", maxp, 10, min(0xFFFF, max(points, all_points) * self._parts))
        struct.pack_into(">H", maxp, 12, min(0xFFFF, max(contours, all_contours) * self._parts))
        struct.pack_into(">HH", maxp, 28, self._parts, deepest + 1)
        return bytes(maxp)


def bounds(fonts: Sequence[TrueType]) -> tuple[int, int, int, int]:
    """The box that holds every glyph of the fonts: left, bottom, right, top."""
    left, bottom, right, top = zip(*(font.box for font in fonts), strict=True)
    return min(left), min(bottom), max(right), max(top)


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (-len(data) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF


def _assembled(tables: dict[bytes, bytes]) -> bytes:
    """Put tables behind a directory, in the order of their tags, with the checksums of the specification."""
    count = len(tables)
    power = count.bit_length() - 1
    start = struct.pack(">IHHHH", 0x00010000, count, 16 << power, power, 16 * count - (16 << power))
    offset = len(start) + 16 * count
    directory, body, head_at = b"", b"", 0
    for tag in sorted(tables):
        data = tables[tag]
        if tag == b"head":
            head_at = offset
        directory += struct.pack(">4sIII", tag, _checksum(data), offset, len(data))
        padded = data + b"\0" * (-len(data) % 4)
        body += padded
        offset += len(padded)
    whole = bytearray(start + directory + body)
    struct.pack_into(">I", whole, head_at + 8, (0xB1B0AFBA - _checksum(bytes(whole))) & 0xFFFFFFFF)
    return bytes(whole)
