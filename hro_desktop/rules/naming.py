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

__all__ = ["MAYBE", "NAMED", "Bearer", "Read", "mentions", "read", "words_of"]

NAMED, MAYBE = 2, 1
"""How surely a text names somebody: for certain, or by a word that may be another one or somebody else's."""


@attrs.frozen
class _Word:
    folded: str
    capital: bool
    """Not written small; scripts without capitals always are so."""
    first: bool
    """Whether it begins a sentence, where a capital says nothing."""
    titled: bool
    """Whether a title stands before it."""
    holy: bool = False
    """Whether it is the rest of « Saint-… »: a place."""


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
        given: those of them that many people bear: given names and nicknames.
    """

    id: str
    whole: tuple[tuple[str, ...], ...]
    single: frozenset[str]
    given: frozenset[str] = frozenset()

    @classmethod
    def of(cls, id_: str, names: Iterable[str], given: Iterable[str] = ()) -> "Bearer":
        """From all names and spellings of a person, whole ones and parts; `given` are the given ones among them."""
        known = list(dict.fromkeys(tuple(words_of(each)) for each in names))
        whole = tuple(words for words in known if len(words) > 1)
        parts = frozenset(word for words in whole for word in words) - frozenset(name_words().particles)
        alone = frozenset(words[0] for words in known if len(words) == 1)
        return cls(id_, whole, parts | alone, frozenset(word for each in given for word in words_of(each)))


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
        capital = not match.group()[0].islower()
        close = bool(found) and not between.strip(" .-\u2011\u00a0\u202f")
        # « me » is a pronoun, « Me » a lawyer
        after_title = (
            close and found[-1].folded in name_words().titles and (found[-1].capital or len(found[-1].folded) > 2)
        )
        holy = close and found[-1].folded in _SAINTS
        for folded in fold(match.group()).split():
            found.append(_Word(folded, capital, first and not after_title, after_title, holy))
        end = match.end()
    return Read(tuple(found))


def mentions(
    text: Read, bearer: Bearer, others: Collection[str] = (), namesakes: Iterable[tuple[str, ...]] = ()
) -> int:
    """How surely a text names somebody: `NAMED`, `MAYBE`, or 0.

    Args:
        text: what was read.
        bearer: whom.
        others: words of the names of those the text may name: alone, they say nothing of this person.
        namesakes: whole names of those: the same name, or a part of one, says nothing of this person.
    """
    there = text.folded
    borne = list(namesakes)
    for name in bearer.whole:
        if set(name) <= there and _together(text.words, name) and not any(_within(name, each) for each in borne):
            return NAMED
    single = (bearer.single - frozenset(others)) & there
    return max((_says_somebody(each) for each in text.words if each.folded in single), default=0)


def _together(words: Sequence[_Word], name: tuple[str, ...]) -> bool:
    """Whether the words of a name stand side by side, in their order."""
    return _within(name, tuple(each.folded for each in words))


def _within(name: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[at : at + len(name)] == name for at in _places(words, name[0]))


def _places(folded: Sequence[str], word: str) -> Iterator[int]:
    return (at for at, each in enumerate(folded) if each == word)


def _says_somebody(word: _Word) -> int:
    if len(word.folded) == 1 and word.folded.isascii():  # an initial says nobody alone
        return 0
    if word.titled:
        return NAMED
    if word.holy or word.folded in place_words():
        return 0
    if word.folded in name_words().common or word.folded in name_words().particles:
        return (MAYBE if word.first else NAMED) if word.capital else 0
    return NAMED if word.capital else MAYBE


_SAINTS = frozenset({"saint", "sainte", "st", "ste"})
