# SPDX-License-Identifier: GPL-3.0-or-later
"""In which order the characters of a line are written into the page, so that readers find the text as it was typed.

A PDF says where each character stands, not how a line is read. Poppler and most others sort characters by place
and then turn round what reads from right to left; for them the order of writing does not matter. PDFium (Chrome,
and our own checks) keeps the order inside one drawing command, cuts the line into stretches of one direction, takes
each word for a stretch, and turns round the stretches, or all of the line when most of them read leftward: of a
foreign name of two words inside a sentence it would swap the words. Here its rule is run backwards: what it will
make of the written order is the text.
"""

import functools
import itertools
import unicodedata
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from forms.text.setting import Atom

__all__ = ["leftward", "written"]

_Kind: TypeAlias = Literal["left", "weak", "right", "neutral"]

_KINDS: Final[dict[str, _Kind]] = {
    "L": "left",
    "R": "right",
    "AL": "right",
    "AN": "weak",
    "EN": "weak",
    "NSM": "weak",
    "CS": "weak",
    "ES": "weak",
    "ET": "weak",
}


@functools.lru_cache(maxsize=4096)
def _kind(character: str) -> _Kind:
    """The class of a character by its bidirectional category, as PDFium groups them."""
    return _KINDS.get(unicodedata.bidirectional(character), "neutral")


def _has_right(row: Sequence[Atom]) -> bool:
    """Whether there is anything to put in order: most lines are in French."""
    return any(atom.character > "\u0590" and _kind(atom.character) == "right" for atom in row)


def _stretches(row: Sequence[Atom]) -> list[tuple[_Kind, list[Atom]]]:
    """The characters in the order of the text, cut where their class changes."""
    logical = sorted(row, key=lambda atom: atom.place)
    return [(kind, list(group)) for kind, group in itertools.groupby(logical, key=lambda a: _kind(a.character))]


def leftward(rows: Sequence[Sequence[Atom]]) -> bool:
    """Whether PDFium takes all that stands on one height of the page for a line read from right to left."""
    if not any(_has_right(row) for row in rows):
        return False
    kinds = [kind for row in rows for kind, _ in _stretches(row)]
    return kinds.count("right") > kinds.count("left")


def written(row: Sequence[Atom], *, leftward: bool) -> list[Atom]:
    """The atoms of a line in the order to write them.

    Args:
        row: the atoms, in any order.
        leftward: what the function of that name says of the height the line stands on.
    """
    if not leftward and not _has_right(row):
        return list(row)
    turned = leftward
    pieces: list[list[Atom]] = []
    for kind, stretch in _stretches(row):
        if kind == "right" or (kind == "neutral" and turned):
            turned = True
            pieces.append(stretch[::-1])
        else:
            turned = turned and kind == "weak"
            pieces.append(stretch)
    if leftward:
        pieces.reverse()
    return [atom for piece in pieces for atom in piece]
