# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields of one cell for each letter."""

import functools
import unicodedata

import attrs

from forms.text.faces import SCALE, faces
from forms.text.setting import Atom, atoms, fit, slots
from forms.text.setting import sizes as steps
from forms.text.shapes import Box, Style

__all__ = ["combed", "letter_groups"]


def letter_groups(text: str) -> list[str]:
    """Cut a text into what belongs in one cell: a character with the marks and joiners that follow it."""
    groups: list[str] = []
    for character in text:
        if groups and unicodedata.category(character) in {"Mn", "Me", "Mc", "Cf"}:
            groups[-1] += character
        else:
            groups.append(character)
    return groups


def combed(text: str, box: Box, cells: int, style: Style) -> tuple[float, list[Atom]]:
    """The size all letters fit their cells at, and the atoms of the row, each as wide as its cell.

    Args:
        text: no more letter groups than cells.
        box: of the whole field.
        cells: how many it is divided into.
        style: wanted and smallest size.
    """
    groups = letter_groups(text)
    drawn = [_letter(group, style.bold) for group in groups]
    cell = box.width / cells
    widest = max((_extent(row) for row in drawn), default=0)
    size = next(
        (step for step in steps(style) if widest * step <= cell * SCALE and step <= box.height + 0.5),
        min(style.size, style.min_size),
    )
    order, from_right = _visual(text, groups, style)
    row: list[Atom] = []
    for column, index in enumerate(order):
        at = column + cells - len(order) if from_right else column
        left, right = (round(edge * cell * SCALE / size) for edge in (at, at + 1))
        row += _cell(drawn[index], index, left, right - left, from_right)
    return size, row


def _line(text: str, style: Style) -> list[Atom]:
    """The atoms of a short text set alone, its left end at 0."""
    alone = attrs.evolve(style, size=10.0, min_size=10.0, multiline=False, align="left")
    fitted = fit(text, 10_000.0, None, alone)
    return [atom for line in fitted.lines for atom in atoms(line, faces(style.bold))]


@functools.lru_cache(maxsize=2048)
def _letter(group: str, bold: bool) -> list[Atom]:
    """The atoms of one letter; forms have hundreds of cells and few different letters."""
    return _line(group, Style(bold=bold))


def _extent(row: list[Atom]) -> int:
    return max((atom.x + atom.width for atom in row), default=0)


def _visual(text: str, groups: list[str], style: Style) -> tuple[list[int], bool]:
    """The order of the letter groups from left to right, numbers kept in theirs; whether the text starts right."""
    if not any(unicodedata.bidirectional(character) in {"R", "AL", "AN"} for character in text):
        return list(range(len(groups))), False
    owner = [index for index, group in enumerate(groups) for _ in group]
    order = list(dict.fromkeys(owner[atom.place[0]] for atom in _line(text, style)))
    absent = [index for index in range(len(groups)) if index not in order]
    first = next((kind for kind in map(unicodedata.bidirectional, text) if kind in {"L", "R", "AL"}), "L")
    return [*order, *absent], first != "L"


def _cell(row: list[Atom], index: int, x: int, width: int, leftward: bool) -> list[Atom]:
    """A letter group in the middle of a cell that starts at `x`; its characters share the width of the cell."""
    shift = (width - _extent(row)) // 2
    if len(row) == 1 and len(row[0].outline) == 1:  # nearly every letter
        face, glyph, right, up = row[0].outline[0]
        return [Atom(((face, glyph, right + row[0].x + shift, up),), width, row[0].character, x, (index, 0))]
    outline = tuple(
        (face, glyph, right + atom.x + shift, up) for atom in row for face, glyph, right, up in atom.outline
    )
    text = "".join(atom.character for atom in sorted(row, key=lambda atom: atom.place))
    return slots(text, outline, width, x, index, leftward=leftward)
