# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a text names somebody: in any spelling, script or case, without stopping at words that are only words.

Several words of one name together always name. One word alone names too, unless it says nobody (a particle, a town, a
word that somebody else in the text bears as well), or is a word of the language written like one: « un fourgon blanc »
is not Rose Blanc, « Mme Blanc » and « avec Blanc » are.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence

import attrs

from hro_desktop.law.names import name_words, place_words
from hro_desktop.law.tables import fold

__all__ = ["Bearer", "Read", "mentions", "read", "words_of"]

SHORT = 2
"""Letters of a word that is a name only when written like one."""


@attrs.frozen
class _Word:
    folded: str
    capital: bool
    """Not written small; scripts without capitals always are so."""
    first: bool
    """Whether it begins a sentence, where a capital says nothing."""
    titled: bool
    """Whether a title stands before it."""


@attrs.frozen
class Read:
    """A text cut into words, so that many names are looked for in it at once."""

    words: tuple[_Word, ...]

    @property
    def folded(self) -> frozenset[str]:
        """Its words, for a quick look."""
        return frozenset(each.folded for each in self.words)


@attrs.frozen
class Bearer:
    """Somebody whose name is looked for.

    Args:
        id: of the person.
        whole: whole names, each as its words: every spelling, given name first and last.
        single: words that are looked for alone.
    """

    id: str
    whole: tuple[tuple[str, ...], ...]
    single: frozenset[str]

    @classmethod
    def of(cls, id_: str, names: Iterable[str]) -> "Bearer":
        """From all names and spellings of a person, whole ones and parts."""
        known = list(dict.fromkeys(tuple(words_of(each)) for each in names))
        whole = tuple(words for words in known if len(words) > 1)
        return cls(id_, whole, frozenset(word for words in known for word in words) - _nobody())


def words_of(text: str) -> list[str]:
    """The words of a name or a text, folded."""
    return [each.folded for each in read(text).words]


def read(text: str) -> Read:
    """Cut a text into words. Invisible characters and marks on letters, which would hide a name, are not seen."""
    bare = "".join(
        each for each in unicodedata.normalize("NFKD", text) if unicodedata.category(each) not in {"Cf", "Mn"}
    )
    found: list[_Word] = []
    end = 0
    for match in re.finditer(r"[^\W_]+", bare):
        between = bare[end : match.start()]
        first = not found or bool(re.search(r"[.!?…:\n«]", between))
        after_title = bool(found) and found[-1].folded in name_words().titles and not between.strip(" .\u00a0\u202f")
        for folded in fold(match.group()).split():
            found.append(_Word(folded, not match.group()[0].islower(), first and not after_title, after_title))
        end = match.end()
    return Read(tuple(found))


def mentions(text: Read, bearer: Bearer, others: Collection[str] = ()) -> bool:
    """Whether a text names somebody.

    Args:
        text: what was read.
        bearer: whom.
        others: words of the names of those the text may name: alone, they say nothing of this person.
    """
    there = text.folded
    if any(set(name) <= there and _together(text.words, name) for name in bearer.whole):
        return True
    single = (bearer.single - frozenset(others)) & there
    return any(each.folded in single and _says_somebody(each) for each in text.words)


def _together(words: Sequence[_Word], name: tuple[str, ...]) -> bool:
    """Whether the words of a name stand side by side, in their order."""
    folded = [each.folded for each in words]
    return any(tuple(folded[at : at + len(name)]) == name for at in _places(folded, name[0]))


def _places(folded: Sequence[str], word: str) -> Iterator[int]:
    return (at for at, each in enumerate(folded) if each == word)


def _says_somebody(word: _Word) -> bool:
    if len(word.folded) == 1:  # an initial says nobody alone
        return False
    if word.titled:
        return True
    if word.folded in place_words():
        return False
    if word.folded in name_words().common:
        return word.capital and not word.first
    return len(word.folded) > SHORT or word.capital


def _nobody() -> frozenset[str]:
    return frozenset(name_words().particles)
