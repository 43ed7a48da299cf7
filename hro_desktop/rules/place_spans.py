# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a text names a place: « Grand-Fort-Philippe » says nothing of Philippe, « rue Camille Pelletan » of Camille."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from hro_desktop.law.names import name_words, place_names
from hro_desktop.law.tables import fold

__all__ = ["LONE", "SITE", "STREET", "TOWN", "Piece", "Places", "places_in"]

TOWN, STREET, SITE, LONE = 1, 2, 3, 4
"""A commune; a street; a site of several words; a site of one word, which may be a name as well."""
_NAMES: Final = 3  # words of the name of a street


@attrs.frozen
class Piece:
    """One word: folded, whether a capital begins it, and whether nothing but a space or a hyphen stands before it."""

    folded: str
    capital: bool
    close: bool
    titled: bool


@attrs.frozen
class Places:
    """Names of places beside those of the tables, as their folded words."""

    sites: frozenset[tuple[str, ...]] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str]) -> "Places":
        """From the names of sites as they are written."""
        return cls(frozenset(words for words in (tuple(fold(each).split()) for each in names) if words))


def places_in(pieces: Sequence[Piece], known: Places) -> dict[int, int]:
    """The words that are part of the name of a place, by their number, and of which kind of place."""
    starts: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for words in known.sites:
        starts.setdefault(words[0], []).append((words, SITE if len(words) > 1 else LONE))
    towns = place_names()
    streets = frozenset(name_words().streets)
    found: dict[int, int] = {}
    for at, piece in enumerate(pieces):
        wanted = [(words, TOWN) for words in towns.get(piece.folded, ())] + starts.get(piece.folded, [])
        for words, kind in wanted if piece.capital and not piece.titled else ():
            if _stands(pieces, at, words):
                # a town is one whatever else bears its name
                found |= {each: min(kind, found.get(each, kind)) for each in range(at, at + len(words))}
        if piece.folded in streets:
            found |= {each: found.get(each, STREET) for each in _street(pieces, at + 1)}
    return found


def _stands(pieces: Sequence[Piece], at: int, words: tuple[str, ...]) -> bool:
    some = pieces[at : at + len(words)]
    return tuple(each.folded for each in some) == words and all(each.close for each in some[1:])


def _street(pieces: Sequence[Piece], at: int) -> Iterator[int]:
    """What follows « rue »: particles, and words with a capital."""
    particles = frozenset(name_words().particles)
    names = 0
    while at < len(pieces) and names < _NAMES:
        piece = pieces[at]
        small = piece.folded in particles or len(piece.folded) == 1
        if not piece.close or piece.titled or not (piece.capital or small):
            return
        if not small:
            names += 1
            yield at
        at += 1
