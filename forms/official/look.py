# SPDX-License-Identifier: GPL-3.0-or-later
"""How a form wants a field to look: size, colour and side of its text, ground and border."""

import functools
import re
from collections.abc import Sequence
from typing import Final, Literal

import attrs
import pikepdf
from pikepdf import Dictionary

from forms.official.nodes import Entries, child, entries, inherited, integer, keyed, lineage, number, numbers, text
from forms.text.page import grey_level

__all__ = ["Look", "Looks", "paint", "unit_of"]

_TOKEN: Final = re.compile(rb"/[^\s/<>\[\]()]*|[+-]?\d*\.?\d+|[A-Za-z*]+")
_COLOURS: Final = {b"g": 1, b"rg": 3, b"k": 4}
_ALIGNED: Final[dict[int, Literal["center", "right"]]] = {1: "center", 2: "right"}


@attrs.frozen
class Look:
    """The looks of a field.

    Args:
        size: of its text in the units of its page; 0: as large as fits.
        colour: of its text.
        bold: its font is a bold one.
        align: where a line stands; `start`: left, or right for what reads leftward.
        ground: painted behind it, or `None`.
        border: colour of its frame, or `None`.
        width: of its frame.
        underlined: the frame is only its lower side.
        sign: the letter of the dingbat that ticks it.
    """

    size: float = 0.0
    colour: tuple[float, float, float] | None = None
    bold: bool = False
    align: Literal["start", "center", "right"] = "start"
    ground: tuple[float, ...] | None = None
    border: tuple[float, ...] | None = None
    width: float = 1.0
    underlined: bool = False
    sign: str = ""


class Looks:
    """The looks of the fields of one form, whose fonts are many times the same.

    Args:
        form: the dictionary of the whole form, whose settings serve a field without its own.
    """

    def __init__(self, form: pikepdf.Object | None) -> None:
        self._form = form
        self._settings = keyed(form, "/DA") if form is not None else None
        self._known: dict[bytes, Look] = {}

    def of(self, chain: Sequence[Entries]) -> Look:
        """How a widget wants to look: what it says and what stands above it."""
        letters = self._letters(_raw(inherited(chain, "/DA") or self._settings))
        widget = chain[0]
        extras = _entries(widget.get("/MK"))
        style = _entries(widget.get("/BS"))
        ends = numbers(widget.get("/Border"))
        width = number(style.get("/W"), 1.0) if style else ends[2] if len(ends) == 3 else 1.0
        return Look(
            size=letters.size,
            colour=letters.colour,
            bold=letters.bold,
            align=_ALIGNED.get(integer(inherited(chain, "/Q")), "start"),
            ground=_shade(extras.get("/BG")),
            border=_shade(extras.get("/BC")),
            width=min(max(width, 0.0), 12.0),
            underlined=text(style.get("/S")) == "U",
            sign=text(extras.get("/CA"))[:1],
        )

    def _letters(self, raw: bytes) -> Look:
        """Size, colour and weight that the commands of /DA ask for."""
        if raw not in self._known:
            font, size, colour = _settings(raw)
            if b"old" not in font and self._form is not None and font:
                font += _font_name(self._form, font)
            bold = b"bold" in font.lower() or font in {b"/HeBo", b"/TiBo", b"/CoBo"}
            self._known[raw] = Look(size=size if 0 < size <= 300 else 0.0, colour=colour, bold=bold)
        return self._known[raw]


def _entries(found: object) -> Entries:
    return entries(found) if isinstance(found, Dictionary) else {}


@functools.lru_cache(maxsize=256)
def paint(colour: tuple[float, ...], *, stroke: bool) -> str:
    """The command that sets a colour of one, three or four parts."""
    command = {1: "g", 3: "rg", 4: "k"}[len(colour)]
    return " ".join(map(grey_level, colour)) + " " + (command.upper() if stroke else command)


def _raw(settings: object) -> bytes:
    return bytes(settings)[:2000] if isinstance(settings, pikepdf.String) else b""


@functools.lru_cache(maxsize=256)
def _settings(raw: bytes) -> tuple[bytes, float, tuple[float, float, float] | None]:
    """Font, size and colour out of the commands of /DA; the last of each counts."""
    font, size, colour = b"", 0.0, None
    operands: list[bytes] = []
    for token in _TOKEN.findall(raw):
        if token[:1] == b"/" or token[-1:].isdigit() or token[-1:] == b".":
            operands.append(token)
            continue
        if token == b"Tf" and len(operands) >= 2:
            font, size = operands[-2], _float(operands[-1])
        elif token in _COLOURS and len(operands) >= _COLOURS[token]:
            colour = _rgb([_float(part) for part in operands[-_COLOURS[token] :]])
        operands.clear()
    return font, abs(size), colour


def _float(token: bytes) -> float:
    try:
        return float(token)
    except ValueError:
        return 0.0


def _rgb(parts: Sequence[float]) -> tuple[float, float, float]:
    if len(parts) == 1:
        return (parts[0], parts[0], parts[0])
    if len(parts) == 3:
        return (parts[0], parts[1], parts[2])
    cyan, magenta, yellow, key = parts
    return (1 - min(1, cyan + key), 1 - min(1, magenta + key), 1 - min(1, yellow + key))


def _shade(value: object) -> tuple[float, ...] | None:
    parts = numbers(value)
    return tuple(parts) if len(parts) in {1, 3, 4} else None


def _font_name(form: pikepdf.Object, font: bytes) -> bytes:
    resources = child(form, "/DR", Dictionary)
    fonts = child(resources, "/Font", Dictionary) if resources is not None else None
    found = child(fonts, font.decode("latin-1"), Dictionary) if fonts is not None and font.isascii() else None
    return text(keyed(found, "/BaseFont")).encode() if found is not None else b""


def unit_of(page: pikepdf.Object) -> float:
    """How many points one unit of the coordinates of a page is."""
    return min(max(number(keyed(lineage(page)[0], "/UserUnit"), 1.0), 0.001), 1000.0) or 1.0
