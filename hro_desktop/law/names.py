# SPDX-License-Identifier: GPL-3.0-or-later
"""Words that are parts of names and something else too, for whoever looks for a name in a text."""

import functools
from collections.abc import Mapping

import attrs

from hro_desktop.law import authorities
from hro_desktop.law.tables import build, fold, read

__all__ = ["NameWords", "name_words", "place_names", "place_words"]


@attrs.frozen(kw_only=True)
class NameWords:
    """Folded words.

    Args:
        common: words of the language that are names as well.
        particles: parts of names that say nobody alone.
        openings: words that begin many sentences, with a capital, and are no names.
        streets: words before the name of a street or of a place.
        titles: words before a name, whoever bears it; `titles_m` before a man’s, `titles_f` before a woman’s,
            `titles_many` before the names of several.
        prefixes: what some scripts write onto the word that follows, `article` being the one that names have too.
        unspaced: letters of the scripts that put no space between words, as ranges of a regular expression.
        lookalikes: a Latin letter, then letters of other alphabets that look like it.
    """

    common: tuple[str, ...]
    particles: tuple[str, ...]
    openings: tuple[str, ...]
    streets: tuple[str, ...]
    titles: tuple[str, ...]
    titles_m: tuple[str, ...]
    titles_f: tuple[str, ...]
    titles_many: tuple[str, ...]
    prefixes: tuple[str, ...]
    article: str
    unspaced: str
    lookalikes: tuple[str, ...]


@functools.cache
def name_words() -> NameWords:
    """The shipped lists."""
    return build(NameWords, read("names.toml"), "names")


@functools.cache
def place_names() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """The names of the communes of the tables, each as its folded words, by their first word."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for area in authorities.areas():
        for town in area.communes:
            for words in dict.fromkeys(tuple(fold(name).split()) for name in (town.name, *town.aliases)):
                found.setdefault(words[0], []).append(words)
    return {first: tuple(names) for first, names in found.items()}


@functools.cache
def place_words() -> frozenset[str]:
    """The communes of the tables whose name is one word, folded: « Calais » is a town before it is a family name."""
    return frozenset(words[0] for names in place_names().values() for words in names if len(words) == 1)
