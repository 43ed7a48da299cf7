# SPDX-License-Identifier: GPL-3.0-or-later
"""Words that are parts of names and something else too, for whoever looks for a name in a text."""

import functools

import attrs

from hro_desktop.law import authorities
from hro_desktop.law.tables import build, fold, read

__all__ = ["NameWords", "name_words", "place_words"]


@attrs.frozen(kw_only=True)
class NameWords:
    """Folded words.

    Args:
        common: words of the language that are names as well.
        particles: parts of names that say nobody alone.
        titles: words before a name, whoever bears it; `titles_m` before a man’s, `titles_f` before a woman’s.
        prefixes: what some scripts write onto the word that follows, `article` being the one that names have too.
        unspaced: letters of the scripts that put no space between words, as ranges of a regular expression.
        lookalikes: a Latin letter, then letters of other alphabets that look like it.
    """

    common: tuple[str, ...]
    particles: tuple[str, ...]
    titles: tuple[str, ...]
    titles_m: tuple[str, ...]
    titles_f: tuple[str, ...]
    prefixes: tuple[str, ...]
    article: str
    unspaced: str
    lookalikes: tuple[str, ...]


@functools.cache
def name_words() -> NameWords:
    """The shipped lists."""
    return build(NameWords, read("names.toml"), "names")


@functools.cache
def place_words() -> frozenset[str]:
    """The communes of the tables whose name is one word, folded: « Calais » is a town before it is a family name."""
    towns = [town for area in authorities.areas() for town in area.communes]
    names = (tuple(fold(name).split()) for town in towns for name in (town.name, *town.aliases))
    return frozenset(words[0] for words in names if len(words) == 1)
