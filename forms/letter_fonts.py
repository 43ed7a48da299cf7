# SPDX-License-Identifier: GPL-3.0-or-later
"""The bundled fonts as the converter of letters needs them: of one line height, steering characters without a picture.

The converter takes the height of a line from the tallest font in it, and draws direction marks and joiners, which the
fonts can show. It writes into the PDF, for each glyph, the first character that has it: a hyphen that does not let a
line end shares the glyph of the usual one, so that a search finds it.
"""

import struct
from collections.abc import Iterator
from typing import Final

__all__ = ["NO_BREAK_HYPHEN", "prepared"]

NO_BREAK_HYPHEN: Final = "\u2011"

_UNSEEN: Final = frozenset({0x00AD, 0x061C, 0x180E, 0x2028, 0x2029, 0xFEFF} | set(range(0x200B, 0x2010)))
_UNSEEN_TOO: Final = frozenset(set(range(0x202A, 0x202F)) | set(range(0x2060, 0x2070)))


def prepared(font: bytes, model: bytes) -> bytes:
    """A font with the line height of `model`, in which steering characters draw nothing.

    Args:
        font: a TrueType font of ours.
        model: the one whose lines all should match.
    """
    made = bytearray(font)
    ours, theirs = _tables(font), _tables(model)
    # Ascent, descent and gap: OpenType specification, « hhea » bytes 4 to 9 and « OS/2 » bytes 68 to 77.
    for tag, start, end in ((b"hhea", 4, 10), (b"OS/2", 68, 78)):
        place, source = ours[tag], theirs[tag]
        made[place + start : place + end] = model[source + start : source + end]
    hyphen = 0
    for character, glyph, place in _glyphs(font, ours[b"cmap"]):
        if character in _UNSEEN or character in _UNSEEN_TOO:
            _empty(made, ours, glyph)
        elif character == ord("-"):
            hyphen = glyph
        elif character == ord(NO_BREAK_HYPHEN) and place and hyphen:
            struct.pack_into(">H", made, place, hyphen)
    return bytes(made)


def _tables(font: bytes) -> dict[bytes, int]:
    count = struct.unpack_from(">H", font, 4)[0]
    entries = (struct.unpack_from(">4sIII", font, 12 + 16 * index) for index in range(count))
    return {tag: offset for tag, _, offset, _ in entries}


def _empty(font: bytearray, tables: dict[bytes, int], glyph: int) -> None:
    """Give a glyph no contours and no width, in its place."""
    long = struct.unpack_from(">h", font, tables[b"head"] + 50)[0]
    width, kind = (4, ">2I") if long else (2, ">2H")
    start, end = struct.unpack_from(kind, font, tables[b"loca"] + width * glyph)
    if end > start:
        struct.pack_into(">h", font, tables[b"glyf"] + start * (1 if long else 2), 0)
    if glyph < struct.unpack_from(">H", font, tables[b"hhea"] + 34)[0]:
        struct.pack_into(">H", font, tables[b"hmtx"] + 4 * glyph, 0)


def _glyphs(font: bytes, cmap: int) -> Iterator[tuple[int, int, int]]:
    """The characters of the basic plane with their glyphs, from the subtables of format 4.

    The third is where the font writes that number down as it is; 0 where it computes it.
    """
    for index in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        start = cmap + struct.unpack_from(">I", font, cmap + 8 + 8 * index)[0]
        if struct.unpack_from(">H", font, start)[0] != 4:
            continue
        size = struct.unpack_from(">H", font, start + 6)[0]
        count = size // 2
        lasts = struct.unpack_from(f">{count}H", font, start + 14)
        firsts = struct.unpack_from(f">{count}H", font, start + 16 + size)
        shifts = struct.unpack_from(f">{count}h", font, start + 16 + 2 * size)
        ranges = start + 16 + 3 * size
        for segment, (first, last, shift) in enumerate(zip(firsts, lasts, shifts, strict=True)):
            offset = struct.unpack_from(">H", font, ranges + 2 * segment)[0]
            for character in range(first, min(last, 0xFFFE) + 1):
                glyph, place = character, 0
                if offset:
                    place = ranges + 2 * segment + offset + 2 * (character - first)
                    glyph = struct.unpack_from(">H", font, place)[0]
                    if not glyph:
                        continue
                yield character, (glyph + shift) & 0xFFFF, 0 if shift else place
