# SPDX-License-Identifier: GPL-3.0-or-later
"""The bundled fonts, and which of them draws which character. No font of the machine is ever used."""

import bisect
import functools
import threading
import unicodedata
import weakref
from collections.abc import Sequence
from importlib import resources
from typing import Final

import attrs
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from forms.problems import FormError
from forms.text.truetype import TrueType, parse

__all__ = ["SCALE", "Face", "assign", "faces", "ignorable", "own_characters", "ready"]

# Text is laid out at this pixel size, which is the number of units the fonts have to the em: what Qt answers is in
# font units, and a size in points is only a factor.
SCALE: Final = 1000

_FILES: Final = (
    # family, file, has a bold face. In the order of preference for a letter.
    ("Hro Sans", "HroSans", True),
    ("Hro Sans Arabic", "HroSansArabic", True),
    ("Hro Sans Ethiopic", "HroSansEthiopic", True),
    ("Hro Signs", "HroSigns", False),
)

_LOCK: Final = threading.Lock()
_NO_MERGING: Final = QFont.StyleStrategy.NoFontMerging
_NO_HINTING: Final = QFont.HintingPreference.PreferNoHinting

# Default_Ignorable_Code_Point (Unicode, DerivedCoreProperties): characters that steer and are never drawn.
_IGNORABLE: Final = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
_IGNORABLE_STARTS: Final = tuple(first for first, _ in _IGNORABLE)


@attrs.frozen(eq=False)
class Face:
    """One bundled font file.

    Args:
        family: the name Qt knows it by, ours alone.
        bold: its weight is bold.
        name: the name written into the PDF.
        font: its tables.
    """

    family: str
    bold: bool
    name: str
    font: TrueType

    def qfont(self) -> QFont:
        """The font for a layout in font units, without hints and without any fallback by Qt."""
        font = QFont(self.family)
        font.setPixelSize(SCALE)
        font.setBold(self.bold)
        font.setStyleStrategy(_NO_MERGING)
        font.setHintingPreference(_NO_HINTING)
        return font

    def draws(self, character: str) -> bool:
        """Whether the font has a glyph for the character."""
        return ord(character) in self.font.characters


def ready() -> None:
    """Make sure that Qt runs and knows our fonts. Safe to call from any thread, as often as one likes.

    Raises:
        FormError: `text.no_application`, there is no QGuiApplication; `text.fonts`, Qt refuses a bundled font.
    """
    application = QGuiApplication.instance()
    if not isinstance(application, QGuiApplication):
        raise FormError(
            "text.no_application",
            "Le moteur de texte n’est pas démarré\u00a0: le document n’a pas été fabriqué. "
            "Fermez le programme, rouvrez-le et recommencez.",
        )
    with _LOCK:
        _registered(weakref.ref(application))


@functools.lru_cache(maxsize=1)
def _registered(_application: "weakref.ref[QGuiApplication]") -> None:
    """Hand the fonts to Qt, once for each application object."""
    for _, file, has_bold in _FILES:
        for weight in ("Regular", "Bold") if has_bold else ("Regular",):
            if QFontDatabase.addApplicationFontFromData(QByteArray(_data(file, weight))) < 0:
                raise FormError(
                    "text.fonts",
                    "Une police d’écriture du programme est illisible\u00a0: réinstallez le programme.",
                )


def _data(file: str, weight: str) -> bytes:
    return resources.files("forms").joinpath("fonts", f"{file}-{weight}.ttf").read_bytes()


@functools.lru_cache(maxsize=2)
def faces(bold: bool) -> tuple[Face, ...]:
    """The bundled fonts in order of preference; a family without a bold face gives its regular one."""
    found = []
    for family, file, has_bold in _FILES:
        weight = "Bold" if bold and has_bold else "Regular"
        found.append(Face(family, bold and has_bold, f"{file}-{weight}", parse(_data(file, weight))))
    return tuple(found)


def ignorable(character: str) -> bool:
    """Whether the character only steers the others (joiners, direction marks, soft hyphen) and is never drawn."""
    code = ord(character)
    if code < 0xAD:
        return False
    index = bisect.bisect_right(_IGNORABLE_STARTS, code) - 1
    return index >= 0 and code <= _IGNORABLE[index][1]


@functools.lru_cache(maxsize=2)
def own_characters(fonts: tuple[Face, ...]) -> frozenset[str]:
    """What the first font draws all by itself."""
    return frozenset(found for code in fonts[0].font.characters if not ignorable(found := chr(code)))


def assign(text: str, fonts: Sequence[Face]) -> list[int]:
    """Choose a font for each character.

    A letter takes the first font that has it; a mark, a digit, a space or a sign stays with the font of the letter
    before it when that one can draw it, so that words are shaped in one piece.

    Returns:
        for each character the index of its font; the first font for what none of them can draw.
    """
    if own_characters(tuple(fonts)).issuperset(text):
        return [0] * len(text)
    distinct = set(text)
    able = {c: [index for index, face in enumerate(fonts) if face.draws(c)] for c in distinct if not ignorable(c)}
    letters = {c for c in able if unicodedata.category(c)[0] == "L"}
    chosen: list[int] = []
    current = 0
    for character in text:
        indexes = able.get(character)
        if indexes is not None and (character in letters or current not in indexes):
            current = indexes[0] if indexes else 0
        chosen.append(current)
    return chosen
