# SPDX-License-Identifier: GPL-3.0-or-later
"""The fonts of one PDF: which code shows which drawn character, and the font object with its text map.

A code belongs to a pair (what is drawn, what it means), never to a glyph alone: the same shape may stand for two
letters, and one letter has many shapes. So /ToUnicode says the truth for each code. All scripts of one weight share
one font object, so that a line is written in one command whatever scripts it holds.
"""

import hashlib

import pikepdf

from forms.text.codes import Drawn, font
from forms.text.faces import faces
from forms.text.setting import Atom
from forms.text.truetype import Outline, bounds, subset

__all__ = ["Book"]


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
        drawn = Drawn(
            name=f"{_tag(data)}+{faces(self.bold)[0].name}",
            data=data,
            glyphs=glyphs,
            widths=[width for _, width, _, _ in keys],
            means=[character for _, _, character, _ in keys],
            box=bounds(fonts),
            ascent=fonts[0].ascent,
            descent=fonts[0].descent,
            cap_height=fonts[0].cap_height,
            stem=140 if self.bold else 80,
        )
        return pdf.make_indirect(font(pdf, drawn))


def _tag(data: bytes) -> str:
    """The six capitals that name a subset (PDF 32000-1, 9.6.4), drawn from what it holds."""
    digest = hashlib.sha256(data).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6])
