#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the fonts of the window, `ui/resources/fonts/`, from the variable Inter published on PyPI under the OFL.

Needs fonttools and the network; run by hand when the font is updated:

    pip download --no-deps -d wheels fontpkg-inter
    python scripts/make_window_fonts.py wheels ui/resources/fonts

Static and of three weights, so that every machine draws the same window; Latin, Greek and Cyrillic only, because
other scripts come from the fonts of the documents; under a family name of our own, so that a font installed on the
machine is never taken for ours.
"""

import io
import sys
import zipfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FAMILY = "Hro Inter"
WEIGHTS = {"Regular": 400, "Medium": 500, "SemiBold": 600}
# The moment written into the fonts (seconds since 1904): fixed, so that two runs give the same bytes.
STAMP = 3_850_000_000
LETTERS = (
    *((0x0020, 0x024F), (0x02B0, 0x036F), (0x0370, 0x03FF), (0x0400, 0x045F), (0x1E00, 0x1EFF)),
    *((0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x2122), (0x2190, 0x2199)),
    *((0x2212, 0x2212), (0x2248, 0x2248), (0x2260, 0x2265), (0x2318, 0x2318), (0x25CF, 0x25CF), (0x2713, 0x2713)),
)


def rename(font: TTFont, style: str, weight: int) -> None:
    """Give the font a family of its own, with its weight as the style."""
    for entry in list(font["name"].names):
        if entry.nameID not in (0, 5, 13, 14):
            font["name"].removeNames(nameID=entry.nameID)
    names = {
        1: FAMILY if style == "Regular" else f"{FAMILY} {style}",
        2: "Regular",
        4: f"{FAMILY} {style}",
        6: f"{FAMILY.replace(' ', '')}-{style}",
        16: FAMILY,
        17: style,
    }
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font["head"].created = font["head"].modified = STAMP


def make(source: bytes, style: str, weight: int) -> bytes:
    """One static font of one weight."""
    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    font = instancer.instantiateVariableFont(font, {"wght": weight, "opsz": 14})
    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "calt", "case"]
    options.hinting = False
    options.name_IDs = ["*"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in LETTERS for code in range(first, last + 1)])
    subsetter.subset(font)
    rename(font, style, weight)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def main() -> None:
    """Read the wheel, write the fonts and their licence."""
    wheels, target = Path(sys.argv[1]), Path(sys.argv[2])
    wheel = next(wheels.glob("fontpkg_inter-*.whl"))
    target.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        source = archive.read("fontpkg_inter/files/Inter[opsz,wght].ttf")
        (target / "OFL.txt").write_bytes(archive.read("fontpkg_inter/LICENSE"))
    for style, weight in WEIGHTS.items():
        made = make(source, style, weight)
        (target / f"HroInter-{style}.ttf").write_bytes(made)
        print(f"HroInter-{style}.ttf  {len(made):,} bytes")


if __name__ == "__main__":
    main()
