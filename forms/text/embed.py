# SPDX-License-Identifier: GPL-3.0-or-later
"""The fonts of one PDF: which code shows which drawn character, and the font object with its text map.

A code belongs to a pair (what is drawn, what it means), never to a glyph alone: the same shape may stand for two
letters, and one letter has many shapes. So /ToUnicode says the truth for each code. All scripts of one weight share
one font object, so that a line is written in one command whatever scripts it holds.
"""

import hashlib
import zlib
from collections.abc import Sequence
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from forms.text.faces import faces
from forms.text.setting import Atom
from forms.text.truetype import Outline, bounds, subset

__all__ = ["Book", "packed"]

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


class Book:
    """The codes given out for one weight in one PDF. Code 0 stays free, as the frame of a missing character."""

    def __init__(self, *, bold: bool) -> None:
        self.bold = bold
        self._codes: dict[tuple[Outline, int, str, int], int] = {}

    def code(self, atom: Atom, twin: int = 0) -> int:
        """The code that draws the atom and means its character; a new one when there is none yet.

        Args:
            atom: what is drawn and meant.
            twin: codes that differ in this only draw and mean the same.
        """
        return self._codes.setdefault((atom.outline, atom.width, atom.character, twin), len(self._codes) + 1)

    def font(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """The font dictionary, with the subset, the widths and the text map of all codes given out."""
        keys = list(self._codes)
        fonts = [face.font for face in faces(self.bold)]
        data, glyphs = subset(fonts, [outline for outline, _, _, _ in keys])
        name = Name(f"/{_tag(data)}+{faces(self.bold)[0].name}")
        file = packed(pdf, data)
        file.Length1 = len(data)
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=4,
            FontBBox=Array(bounds(fonts)),
            ItalicAngle=0,
            Ascent=fonts[0].ascent,
            Descent=fonts[0].descent,
            CapHeight=fonts[0].cap_height,
            StemV=140 if self.bold else 80,
            FontFile2=file,
        )
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=0,
            W=Array([1, Array([width for _, width, _, _ in keys])]),
            CIDToGIDMap=packed(pdf, b"".join(glyph.to_bytes(2, "big") for glyph in [0, *glyphs])),
        )
        whole = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=packed(pdf, _map([character for _, _, character, _ in keys])),
        )
        return pdf.make_indirect(whole)


def packed(pdf: pikepdf.Pdf, data: bytes) -> Stream:
    """A stream, compressed always in the same way, so that the same document gives the same bytes."""
    made = Stream(pdf, zlib.compress(data, 6))
    made.Filter = Name.FlateDecode
    return made


def _tag(data: bytes) -> str:
    """The six capitals that name a subset (PDF 32000-1, 9.6.4), drawn from what it holds."""
    digest = hashlib.sha256(data).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6])


def _map(characters: Sequence[str]) -> bytes:
    """The /ToUnicode map of codes 1, 2, 3…, in blocks of at most 100 as its format asks."""
    entries = [
        f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>"
        for code, character in enumerate(characters, start=1)
    ]
    blocks = [entries[start : start + 100] for start in range(0, len(entries), 100)]
    middle = "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
    return (_HEAD + middle + _TAIL).encode("ascii")
