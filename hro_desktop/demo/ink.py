# SPDX-License-Identifier: GPL-3.0-or-later
"""Pen and paper of the practice case: type, handwriting, Arabic set without a shaping engine, grain, scans.

Everything is drawn from a seed: two runs give the same bytes.
"""

import functools
import io
import math
import random
import unicodedata
from collections.abc import Iterable
from importlib import resources
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFont

__all__ = ["PAPER", "Sheet", "font", "grain", "jpeg", "shaped_arabic"]

PAPER: Final = (1000, 1414)
"""Pixels of an A4 page, about 120 dots to the inch: a fast office scanner."""

_FACES: Final = {"latin": "HroSans-Regular", "bold": "HroSans-Bold", "arabic": "HroSansArabic-Regular"}
_FACES_ETHIOPIC: Final = "HroSansEthiopic-Regular"


@functools.cache
def font(face: str, size: int) -> ImageFont.FreeTypeFont:
    """One of the program's own fonts. The basic layout engine is in every Pillow; the other needs a system library."""
    name = _FACES.get(face, _FACES_ETHIOPIC)
    content = resources.files("forms").joinpath("fonts", f"{name}.ttf").read_bytes()
    return ImageFont.truetype(io.BytesIO(content), size, layout_engine=ImageFont.Layout.BASIC)


@functools.cache
def _arabic_forms() -> dict[tuple[str, str], str]:
    """Joined shapes by letter (or by lam-alef pair) and place, as Unicode's presentation forms list them."""
    forms = {}
    for code in range(0xFE80, 0xFEFD):
        place, *letters = unicodedata.decomposition(chr(code)).split()
        forms["".join(chr(int(letter, 16)) for letter in letters), place.strip("<>")] = chr(code)
    return forms


def shaped_arabic(text: str) -> str:
    """Arabic in joined shapes and in the order of drawing, left to right. Without vowel signs, digits or Latin."""
    forms = _arabic_forms()
    bare = [c for c in text if not unicodedata.combining(c)]
    units: list[str] = []
    for letter in bare:
        if units and units[-1] == "ل" and ("ل" + letter, "isolated") in forms:
            units[-1] += letter
        else:
            units.append(letter)
    drawn = []
    for index, unit in enumerate(units):
        before = index > 0 and (units[index - 1], "initial") in forms and (unit, "final") in forms
        after = index + 1 < len(units) and (unit, "initial") in forms and (units[index + 1], "final") in forms
        place = {(True, True): "medial", (True, False): "final", (False, True): "initial"}.get(
            (before, after), "isolated"
        )
        drawn.append(forms.get((unit, place), unit))
    return "".join(reversed(drawn))


def grain(size: tuple[int, int], seed: int, strength: float) -> Image.Image:
    """Grey noise around 128, `strength` from 0 (flat) to 1."""
    noise = Image.frombytes("L", size, random.Random(seed).randbytes(size[0] * size[1]))  # noqa: S311 - a drawing
    return noise.point(lambda value: int(128 + (value - 128) * strength))


def jpeg(picture: Image.Image, quality: int, **options: object) -> bytes:
    """The picture as a JPEG file."""
    output = io.BytesIO()
    picture.save(output, "JPEG", quality=quality, **options)
    return output.getvalue()


class Sheet:
    """A page being written from top to bottom, then laid on a scanner.

    Args:
        seed: of the hand that writes and of the scanner that shakes.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a drawing
        self.seed = seed
        self.image = Image.new("RGB", PAPER, "#fbfaf5")
        self.draw = ImageDraw.Draw(self.image)
        self.y = 90

    def typed(self, text: str, size: int = 22, *, face: str = "latin", centred: bool = False, gap: int = 8) -> None:
        """Printed lines, wrapped."""
        for line in self._wrapped(text, font(face, size), PAPER[0] - 200):
            left = (PAPER[0] - font(face, size).getlength(line)) / 2 if centred else 100
            self.draw.text((left, self.y), line, font=font(face, size), fill="#26262a")
            self.y += round(size * 1.45)
        self.y += gap

    def handwritten(self, text: str, size: int = 24, *, face: str = "latin", right_to_left: bool = False) -> None:
        """Lines in blue ink: uneven letters, slanted, never twice the same."""
        hand = font(face, size)
        for line in self._wrapped(text, hand, PAPER[0] - 230):
            strip = Image.new("L", (PAPER[0], size * 2))
            pen, x = ImageDraw.Draw(strip), 0.0
            for index, word in enumerate(line.split(" ")):
                x += self.random.uniform(-1, 3) if index else 0
                lift = self.random.uniform(-1.6, 1.6)
                pieces = [shaped_arabic(word)] if right_to_left else list(word)
                if right_to_left:
                    x += hand.getlength(pieces[0])
                    pen.text((PAPER[0] - 20 - x, size * 0.25 + lift), pieces[0], font=hand, fill=255)
                for letter in () if right_to_left else pieces:
                    pen.text((x, size * 0.3 + lift + self.random.uniform(-0.8, 0.8)), letter, font=hand, fill=255)
                    x += hand.getlength(letter) + self.random.uniform(-0.6, 0.5)
                x += hand.getlength(" ")
            slant = 0.0 if right_to_left else self.random.uniform(0.16, 0.22)
            strip = strip.transform(
                strip.size, Image.Transform.AFFINE, (1, slant, -slant * size, 0, 1, 0), Image.Resampling.BILINEAR
            )
            ink = Image.new("RGB", strip.size, "#1f2f7a")
            left = -85 if right_to_left else 105
            self.image.paste(ink, (left, round(self.y)), strip)
            self.y += round(size * 1.6)
        self.y += 6

    def signature(self, name: str, left: int = 610) -> None:
        """A scrawl over the name."""
        self.draw.text((left, self.y), name, font=font("latin", 18), fill="#26262a")
        phase = [self.random.uniform(0, math.tau) for _ in range(4)]
        points = [
            (
                left + 10 + t * 2.2 + 26 * math.sin(t / 7 + phase[0]),
                self.y + 62 + 22 * math.sin(t / 4 + phase[1]) + 12 * math.sin(t / 2.3 + phase[2]),
            )
            for t in range(90)
        ]
        self.draw.line(points, fill="#1f2f7a", width=3, joint="curve")
        self.y += 130

    def stamp(self, lines: Iterable[str], left: int, top: int) -> None:
        """A round-cornered rubber stamp, a little askew."""
        label = Image.new("L", (330, 120))
        pen = ImageDraw.Draw(label)
        pen.rounded_rectangle((4, 4, 325, 115), 14, outline=255, width=3)
        for row, line in enumerate(lines):
            pen.text((165, 28 + 26 * row), line, font=font("bold", 18), fill=255, anchor="mm")
        label = ImageChops.multiply(label, grain(label.size, self.seed, 0.7).point(lambda v: min(255, v + 90)))
        label = label.rotate(self.random.uniform(2, 6), expand=True, resample=Image.Resampling.BICUBIC)
        self.image.paste(Image.new("RGB", label.size, "#7a2342"), (left, top), label)

    def rule(self) -> None:
        """A thin line across the page."""
        self.draw.line((100, self.y, PAPER[0] - 100, self.y), fill="#77777c", width=2)
        self.y += 16

    def scanned(self, *, grey: bool = False, quality: int = 62) -> bytes:
        """The page as the scanner saw it: turned by half a degree, grainy, darker at one edge."""
        paper = self.image.rotate(
            self.random.choice((-1, 1)) * self.random.uniform(0.3, 0.8),
            resample=Image.Resampling.BILINEAR,
            fillcolor="#e4e2da",
        )
        shade = Image.linear_gradient("L").rotate(90).resize(PAPER).point(lambda v: 222 + v // 8)
        paper = ImageChops.multiply(paper, Image.merge("RGB", (shade, shade, shade)))
        noise = grain(PAPER, self.seed, 0.09)
        paper = ImageChops.add(paper, Image.merge("RGB", (noise, noise, noise)), 1, -128)
        return jpeg(paper.convert("L") if grey else paper, quality, dpi=(120, 120))

    def _wrapped(self, text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
        lines = [""]
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and face.getlength(longer) > width:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines
