# SPDX-License-Identifier: GPL-3.0-or-later
"""One page while it is drawn, and the drawing commands it becomes."""

import functools
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

import attrs

from forms.text.embed import Book
from forms.text.faces import SCALE
from forms.text.order import leftward, written
from forms.text.setting import Atom
from forms.text.shapes import Style

__all__ = ["OWN_COORDINATES", "Page", "Row", "grey_level", "ink", "number"]

# How many rows PDFium looks back when it hunts for shadows.
_REMEMBERED: Final = 5
# The command that begins a part of a page with coordinates of its own.
OWN_COORDINATES: Final = "q "


@attrs.frozen(eq=False, repr=False)
class Row:
    """One line of text: its atoms from left to right, where it starts, and how it looks."""

    atoms: Sequence[Atom]
    x: float
    baseline: float
    size: float
    bold: bool
    ink: str


@attrs.define(eq=False, repr=False)
class Page:
    """A page: its size in points, and what is drawn on it, as rows of text or ready commands."""

    width: float
    height: float
    items: list[Row | str] = attrs.field(factory=list)

    @property
    def weights(self) -> set[bool]:
        """Which fonts the page uses: regular, bold."""
        return {item.bold for item in self.items if isinstance(item, Row) and item.atoms}

    @staticmethod
    def font_name(bold: bool) -> str:
        """How the drawing commands name a font."""
        return "FB" if bold else "FR"

    def content(self, books: Mapping[bool, Book]) -> bytes:
        """The drawing commands; new codes are given out for what the books do not know yet."""
        turned = self._turned()
        commands = []
        recent: deque[str] = deque(maxlen=_REMEMBERED)
        for item in self.items:
            if isinstance(item, str):
                commands.append(item)
            elif item.atoms:
                order = written(item.atoms, leftward=turned[id(item)])
                codes = _unlike(order, books[item.bold], recent)
                recent.append(codes)
                commands.append(_shown(item, order[0].x, codes))
        return "\n".join(commands).encode("ascii")

    def _turned(self) -> dict[int, bool]:
        """For each row, whether the height it stands on reads from right to left (see `order`)."""
        found: dict[int, bool] = {}
        for group in self._heights():
            verdict = leftward([row.atoms for row in group])
            found.update({id(row): verdict for row in group})
        return found

    def _heights(self) -> Iterator[list[Row]]:
        """The rows, those together that follow each other on the same height."""
        group: list[Row] = []
        for item in self.items:
            apart = isinstance(item, str) and item.startswith(OWN_COORDINATES)
            row = item if isinstance(item, Row) and item.atoms else None
            if group and (apart or (row is not None and not _level(group[-1], row))):
                yield group
                group = []
            if row is not None:
                group.append(row)
        if group:
            yield group


def _level(before: Row, after: Row) -> bool:
    """Whether PDFium joins two rows in one line: they differ by less than half the wider of the letters that meet."""
    widest = max(before.atoms[-1].width * before.size, after.atoms[0].width * after.size) / SCALE
    return abs(before.baseline - after.baseline) <= widest / 2


def _codes(order: Sequence[Atom], book: Book, twin: int = 0) -> str:
    """The codes of a row in the order of writing, with moves where one does not follow the one before."""
    moves: list[str] = []
    codes = f"{book.code(order[0], twin):04X}"
    pen = order[0].x + order[0].width
    for atom in order[1:]:
        if atom.x != pen:
            moves.append(f"<{codes}>{pen - atom.x}")
            codes = ""
        codes += f"{book.code(atom):04X}"
        pen = atom.x + atom.width
    return f"{''.join(moves)}<{codes}>"


def _unlike(order: Sequence[Atom], book: Book, recent: Collection[str]) -> str:
    """The codes of a row, beginning with another code of the same meaning if a row just written has the same.

    PDFium takes a row like the one just above for a shadow of it and leaves it out of the text.
    """
    tries = (_codes(order, book, twin) for twin in range(_REMEMBERED + 1))
    return next(codes for codes in tries if codes not in recent)


def _shown(row: Row, start: int, codes: str) -> str:
    """The command that shows a row whose first written code stands at `start`."""
    place = f"1 0 0 1 {number(row.x + start * row.size / SCALE)} {number(row.baseline)} Tm"
    font = f"/{Page.font_name(row.bold)} {number(row.size)} Tf"
    return f"BT {row.ink} {font} {place} [{codes}] TJ ET"


def number(value: float) -> str:
    """A number for a drawing command: at most three decimals, never an exponent."""
    if type(value) is int:
        return str(value)
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text


def ink(style: Style) -> str:
    """The command that sets the colour of a style."""
    if style.colour is None:
        return f"{grey_level(style.grey)} g"
    return " ".join(grey_level(part) for part in style.colour) + " rg"


@functools.lru_cache(maxsize=256)
def grey_level(value: float) -> str:
    """A grey for a drawing command, held between black and white."""
    return number(min(1.0, max(0.0, value)))
