#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the static fonts of `forms/fonts/` from the variable Noto fonts published on PyPI under the OFL.

Needs fonttools and the network; run by hand when a font is updated:

    pip download --no-deps -d wheels fontpkg-noto-sans fontpkg-noto-sans-arabic justmytype-intl-africa
    python scripts/make_fonts.py wheels forms/fonts

Static, because text set in a variable font does not extract from a PDF; without hints, because the fonts are
only drawn at print resolution; under a family name of our own, so that a font installed on the machine is
never taken for ours; without the letters of scripts nobody here writes, to stay small. A fifth font, `HroSigns`,
holds the arrows, ticks and boxes that Noto Sans lacks; it is drawn here.
"""

import io
import sys
import zipfile
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

# The moment written into the fonts (seconds since 1904): fixed, so that two runs give the same bytes.
STAMP = 3_850_000_000
REGULAR, BOLD = 400, 700

LATIN = [
    (0x0020, 0x024F),  # Basic Latin … Latin Extended-B
    (0x0250, 0x02FF),  # phonetic letters, spacing modifiers
    (0x0300, 0x036F),  # combining marks
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x052F),  # Cyrillic and its supplement
    (0x1E00, 0x1EFF),  # Latin Extended Additional (Vietnamese)
    (0x1F00, 0x1FFF),  # Greek Extended
    (0x2000, 0x206F),  # punctuation, directional controls
    (0x2070, 0x209F),  # superscripts and subscripts
    (0x20A0, 0x20CF),  # currencies
    (0x2100, 0x214F),  # №, ™…
    (0x2150, 0x218F),  # fractions, Roman numerals
    (0x2200, 0x22FF),  # − ≤ ≥ ≠
    (0x25CC, 0x25CC),  # dotted circle, carries a lone mark
    (0x2C60, 0x2C7F),  # Latin Extended-C
    (0xFB00, 0xFB06),  # ligatures met in pasted text
    (0xFEFF, 0xFEFF),
    (0xFFFC, 0xFFFD),
]
ARABIC = [
    (0x0020, 0x007E),
    (0x00A0, 0x00FF),
    (0x0600, 0x06FF),
    (0x0750, 0x077F),
    (0x08A0, 0x08FF),
    (0x2000, 0x206F),
    (0x25CC, 0x25CC),
    (0xFB50, 0xFDFF),
    (0xFE70, 0xFEFF),
]
ETHIOPIC = [
    (0x0020, 0x007E),
    (0x00A0, 0x00FF),
    (0x1200, 0x139F),
    (0x2000, 0x206F),
    (0x2D80, 0x2DDF),
    (0xAB00, 0xAB2F),
]
FONTS = (
    ("fontpkg_noto_sans", "NotoSans[", "HroSans", "Hro Sans", LATIN),
    ("fontpkg_noto_sans_arabic", "NotoSansArabic[", "HroSansArabic", "Hro Sans Arabic", ARABIC),
    ("justmytype_intl_africa", "NotoSansEthiopic[", "HroSansEthiopic", "Hro Sans Ethiopic", ETHIOPIC),
)


def from_wheel(folder: Path, wheel: str, name: str) -> tuple[TTFont, str]:
    """The variable font `name`… of a downloaded wheel, and the licence that stands beside it."""
    (path,) = sorted(folder.glob(f"{wheel}-*.whl"))
    with zipfile.ZipFile(path) as archive:
        (member,) = [n for n in archive.namelist() if n.rpartition("/")[2].startswith(name)]
        beside = member.rpartition("/")[0]
        places = (f"{beside}/OFL.txt", f"{beside}/LICENSE", f"{beside.rpartition('/')[0]}/LICENSE")
        licence = next(p for p in places if p in archive.namelist())
        return TTFont(io.BytesIO(archive.read(member))), archive.read(licence).decode()


def rename(font: TTFont, family: str, bold: bool) -> None:
    """Give the font a family name of its own; the notices of copyright and licence (ids 0, 13, 14) stay."""
    style = "Bold" if bold else "Regular"
    names = {
        1: family,
        2: style,
        3: f"{family} {style}",
        4: f"{family} {style}",
        6: f"{family.replace(' ', '')}-{style}",
    }
    table = font["name"]
    table.names = [n for n in table.names if n.nameID in {0, 5, 7, 13, 14}]
    for name_id, text in names.items():
        table.setName(text, name_id, 3, 1, 0x409)
    os2, head = font["OS/2"], font["head"]
    os2.usWeightClass = BOLD if bold else REGULAR
    os2.fsSelection = (os2.fsSelection & ~0x61) | (0x20 if bold else 0x40)
    head.macStyle = 1 if bold else 0
    head.created = head.modified = STAMP


def static(font: TTFont, bold: bool, ranges: list[tuple[int, int]]) -> TTFont:
    """One weight of a variable font, with the letters of `ranges` only."""
    made = instancer.instantiateVariableFont(font, {"wght": BOLD if bold else REGULAR, "wdth": 100})
    options = subset.Options()
    options.layout_features = ["*"]
    options.hinting = False
    options.notdef_outline = True
    options.glyph_names = False
    options.name_IDs = ["*"]
    options.drop_tables += ["STAT", "MVAR", "HVAR", "avar", "DSIG", "meta", "vhea", "vmtx", "VORG"]
    maker = subset.Subsetter(options)
    maker.populate(unicodes=[code for first, last in ranges for code in range(first, last + 1)])
    maker.subset(made)
    return made


Ring = list[tuple[int, int]]


def _frame() -> list[Ring]:
    outer: Ring = [(90, -20), (90, 720), (830, 720), (830, -20)]
    inner: Ring = [(150, 40), (770, 40), (770, 660), (150, 660)]
    return [outer, inner]


def _arrow(turn: int) -> list[Ring]:
    """An arrow pointing right, turned `turn` quarter turns anticlockwise about the middle of the cell."""
    ring: Ring = [(60, 320), (60, 390), (700, 390), (560, 530), (610, 580), (840, 355), (610, 130), (560, 180)]
    ring.append((700, 320))
    for _ in range(turn):
        ring = [(450 - (y - 355), 355 + (x - 450)) for x, y in ring]
    return [ring]


def signs() -> TTFont:
    """The font of arrows, ticks and boxes. Advance 920 of 1000 units; polygons only."""
    tick: Ring = [(180, 330), (235, 390), (385, 240), (700, 620), (755, 570), (390, 130)]
    cross: Ring = [(220, 170), (400, 350), (220, 530), (280, 590), (460, 410), (640, 590), (700, 530), (520, 350)]
    cross += [(700, 170), (640, 110), (460, 290), (280, 110)]
    disc: Ring = [(460, 110), (290, 180), (220, 350), (290, 520), (460, 590), (630, 520), (700, 350), (630, 180)]
    square: Ring = [(90, -20), (90, 720), (830, 720), (830, -20)]
    shapes: dict[str, list[Ring]] = {
        "→": _arrow(0),
        "↑": _arrow(1),
        "←": _arrow(2),
        "↓": _arrow(3),
        "✓": [tick],
        "✔": [tick],
        "✗": [cross],
        "✘": [cross],
        "☐": _frame(),
        "☑": [*_frame(), tick],
        "☒": [*_frame(), cross],
        "□": _frame(),
        "■": [square],
        "●": [disc],
    }
    order = [".notdef", *(f"uni{ord(sign):04X}" for sign in shapes)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({ord(sign): f"uni{ord(sign):04X}" for sign in shapes})
    glyphs: dict[str, Any] = {}
    for name, rings in zip(order, [_frame(), *shapes.values()], strict=True):
        pen = TTGlyphPen(None)
        for ring in rings:
            pen.moveTo(ring[0])
            for point in ring[1:]:
                pen.lineTo(point)
            pen.closePath()
        glyphs[name] = pen.glyph()
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({name: (920, glyphs[name].xMin) for name in order})
    builder.setupHorizontalHeader(ascent=1069, descent=-293)
    builder.setupOS2(
        sTypoAscender=1069, sTypoDescender=-293, usWinAscent=1069, usWinDescent=293, sCapHeight=714, fsType=0
    )
    builder.setupNameTable({"copyright": "Public domain (CC0 1.0)", "familyName": "Hro Signs", "styleName": "Regular"})
    builder.setupPost(keepGlyphNames=False)
    rename(builder.font, "Hro Signs", bold=False)
    return builder.font


def main(wheels: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    licences: dict[str, str] = {}
    for wheel, name, file, family, ranges in FONTS:
        for bold in (False, True):
            font, licence = from_wheel(wheels, wheel, name)
            made = static(font, bold, ranges)
            rename(made, family, bold)
            path = target / f"{file}-{'Bold' if bold else 'Regular'}.ttf"
            made.recalcTimestamp = False
            made.save(path)
            notice, _, body = licence.partition("\n")
            licences.setdefault(body.strip(), "")
            licences[body.strip()] += f"{file}-*.ttf: {notice}\n" if not bold else ""
            print(path.name, path.stat().st_size, len(made.getGlyphOrder()))
    made = signs()
    made.recalcTimestamp = False
    made.save(target / "HroSigns-Regular.ttf")
    texts = [f"{notices}\n{body}\n" for body, notices in licences.items()]
    head = "Made from the Noto fonts by scripts/make_fonts.py; HroSigns-Regular.ttf is in the public domain (CC0).\n\n"
    (target / "OFL.txt").write_text(head + "\n\n".join(texts), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
