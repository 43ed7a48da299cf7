# SPDX-License-Identifier: GPL-3.0-or-later
"""A font of a PDF in which each code shows one outline and means one text: its dictionaries, widths and text map."""

import zlib
from collections.abc import Sequence
from typing import Final

import attrs
import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

__all__ = ["Drawn", "font", "packed"]

_HEAD: Final = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_TAIL: Final = """endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


@attrs.frozen(kw_only=True)
class Drawn:
    """A subset of outlines, as the font that holds it says of itself.

    Args:
        name: of the font, with the tag of its subset.
        data: the font file.
        glyphs: in the file, one for each code from 1 on.
        widths: of the codes, thousandths of the size.
        means: the text of each code.
        box: around all its outlines.
        ascent: above the line.
        descent: below it.
        cap_height: of its capitals.
        stem: how thick it is drawn.
    """

    name: str
    data: bytes = attrs.field(repr=False)
    glyphs: Sequence[int]
    widths: Sequence[int]
    means: Sequence[str]
    box: Sequence[int]
    ascent: int
    descent: int
    cap_height: int
    stem: int


def font(pdf: pikepdf.Pdf, drawn: Drawn) -> Dictionary:
    """The dictionary of the font; code 0 stays free, as the frame of a missing character."""
    name = Name(f"/{drawn.name}")
    file = packed(pdf, drawn.data)
    file.Length1 = len(drawn.data)
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=Array(drawn.box),
        ItalicAngle=0,
        Ascent=drawn.ascent,
        Descent=drawn.descent,
        CapHeight=drawn.cap_height,
        StemV=drawn.stem,
        FontFile2=file,
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=0,
        W=Array([1, Array(drawn.widths)]),
        CIDToGIDMap=packed(pdf, b"".join(glyph.to_bytes(2, "big") for glyph in [0, *drawn.glyphs])),
    )
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=name,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
        ToUnicode=packed(pdf, _map(drawn.means)),
    )


def packed(pdf: pikepdf.Pdf, data: bytes) -> Stream:
    """A stream, compressed always in the same way, so that the same document gives the same bytes."""
    made = Stream(pdf, zlib.compress(data, 6))
    made.Filter = Name.FlateDecode
    return made


def _map(characters: Sequence[str]) -> bytes:
    """The /ToUnicode map of codes 1, 2, 3…, in blocks of at most 100 as its format asks."""
    entries = [
        f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>"
        for code, character in enumerate(characters, start=1)
    ]
    blocks = [entries[start : start + 100] for start in range(0, len(entries), 100)]
    middle = "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
    return (_HEAD + middle + _TAIL).encode("ascii")
