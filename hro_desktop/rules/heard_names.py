# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a text names somebody as another would have written it down: « Yousef Hussein » is « Youssef Hussain ».

Only for people somebody has reason to protect there: those who were there, who refused, whose identity is reduced. A
whole name that sounds like theirs is theirs; one word is pointed at. What a text says of others is left out first.
"""

import functools
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from hro_desktop.law.names import name_words
from hro_desktop.rules.naming import MAYBE, NAMED, NOBODY, Bearer, Others, Read, Run, Word
from hro_desktop.rules.spelling import sounds, words

__all__ = ["heard", "sound_of", "sounding"]

_TOGETHER: Final = 3  # words that others write as one
_FIRST: Final = 3  # consonants of a word that begins a sentence, where a capital says nothing
_WHOLE: Final = 4  # consonants of a whole name
_PLURAL: Final = 5
_VOWELS: Final = ("a", "u")
_ABD: Final = re.compile(r"^abd[aeou](?:l|([rnsztd])(?=\1))")

Sound = tuple[frozenset[str], frozenset[str]]
"""The nearer codes, with a first vowel, and the others: consonants alone."""


@attrs.frozen(slots=False, eq=False)
class Heard:
    """A text by the sound of what is written in it as names are."""

    text: Read

    @functools.cached_property
    def sounds(self) -> Mapping[str, Sequence[tuple[Run, Sound]]]:
        """Where each sound stands: of one word, or of some in a row."""
        found: dict[str, list[tuple[Run, Sound]]] = {}
        there = self.text.words
        for at, word in enumerate(there):
            if not _proper(word):
                continue
            for end in range(at + 1, min(at + _TOGETHER, len(there)) + 1):
                last = there[end - 1]
                if end > at + 1 and not (last.close and (_proper(last) or last.folded in name_words().particles)):
                    break
                sound = sound_of("".join(each.folded for each in there[at:end]))
                for code in sound[0] | sound[1]:
                    found.setdefault(code, []).append(((at, end), sound))
        return found

    @functools.cached_property
    def shortened(self) -> frozenset[tuple[str, str]]:
        """Words with a capital beside an initial."""
        found = set()
        for one, two in itertools.pairwise(self.text.words):
            short, longer = sorted((one.folded, two.folded), key=len)
            if len(short) == 1 < len(longer) and short.isalpha() and two.close and one.capital and two.capital:
                found.add((one.folded, two.folded))
        return frozenset(found)

    @functools.cached_property
    def plurals(self) -> frozenset[str]:
        """Words written as names in the plural, without its sign: « les Ouédraogos »."""
        proper = (each.folded for each in self.text.words if each.folded.endswith("s") and _proper(each))
        return frozenset(each[:-1] for each in proper if len(each) > _PLURAL)

    def like(self, word: str) -> Iterator[Run]:
        """What sounds like a word."""
        near, far = sound_of(word)
        for code in near | far:
            for run, (one, other) in self.sounds.get(code, ()):
                # where one of both writes no vowel, only consonants are heard
                if near & one or (far & other and not (near and one)):
                    yield run


def heard(text: Read, bearer: Bearer, others: Others = NOBODY) -> int:
    """How surely a text names somebody by the sound of a name: `NAMED`, `MAYBE` or 0.

    Args:
        text: what was read.
        bearer: whom; of somebody who is `far`, only a whole name is heard.
        others: those the text may name.
    """
    said = _of(text)
    theirs = others.spans(text)

    def runs(word: str) -> set[Run]:
        return {
            run
            for run in said.like(word)
            if not any(one <= run[0] and run[1] <= two for one, two in theirs)
            and others.sexes.keys().isdisjoint(form for each in text.words[slice(*run)] for form in each.forms)
        }

    alone = {word: runs(word) for word in bearer.single if len(word) > 1}
    for name in bearer.full:
        if _follow([alone.get(word) or runs(word) for word in name]) and sum(map(_weight, name)) >= _WHOLE:
            return NAMED
    if bearer.far:
        return 0
    alone |= {word: runs(word) for name in bearer.whole for word in _together(name)}
    found = any(_says(text.words, run) for each in alone.values() for run in each)
    found = found or not said.plurals.isdisjoint(bearer.single - others.sexes.keys())
    return MAYBE if found or _initialled(said, bearer, others) else 0


def sounding(texts: Sequence[Read]) -> frozenset[str]:
    """Every sound of what is written as names in some texts."""
    return frozenset(code for each in texts for code in _of(each).sounds)


@functools.lru_cache(maxsize=50_000)
def sound_of(word: str) -> Sound:
    """The sound of a word, whatever is written after « Abd »."""
    codes = sounds("".join(words(_ABD.sub("abd", word))))
    near = frozenset(each for each in codes if len(each) > 1 and each.endswith(_VOWELS))
    if word.isascii() and not near:  # « CRS » is no name without vowels
        return near, frozenset()
    return near, frozenset(codes) - near


def _of(text: Read) -> Heard:
    """Kept with the text: many people are looked for in it."""
    known: Heard | None = text.__dict__.get("heard")
    if known is None:
        known = text.__dict__["heard"] = Heard(text)
    return known


def _proper(word: Word) -> bool:
    """Whether a word is written as a name, and is none of the language nor of a place."""
    if not word.capital or word.place or word.holy or word.glued or len(word.folded) < 2:
        return False
    known = name_words()
    return bool(word.title) or not (
        word.folded in _words() or word.folded in known.particles or word.folded in known.titles
    )


@functools.cache
def _words() -> frozenset[str]:
    known = name_words()
    return frozenset((*known.common, *known.streets, *known.openings, *known.titles_m, *known.titles_f))


def _weight(word: str) -> int:
    """How many consonants are heard of a word."""
    near, far = sound_of(word)
    return max((len(each) for each in far), default=max((len(each) - 1 for each in near), default=0))


def _says(there: Sequence[Word], run: Run) -> bool:
    """Whether what sounds like a name may be said alone."""
    first = there[run[0]]
    glued = "".join(each.folded for each in there[slice(*run)])
    return bool(first.title) or _weight(glued) >= (_FIRST if first.first else 2)


def _follow(places: Sequence[set[Run]]) -> bool:
    """Whether words of a name stand one after the other, in their order or the other way round."""
    for order in (places, places[::-1]):
        ends = {end for _, end in order[0]}
        for each in order[1:]:
            ends = {end for start, end in each if start in ends}
        if ends:
            return True
    return False


def _together(name: tuple[str, ...]) -> Iterator[str]:
    """What others write as one: « Abd el Rahman » is « Abderrahmane »."""
    for count in range(2, _TOGETHER + 1):
        for at in range(len(name) - count + 1):
            glued = "".join(name[at : at + count])
            if len(glued) > _PLURAL:
                yield glued


def _initialled(said: Heard, bearer: Bearer, others: Others) -> bool:
    """« Younès K. », « K. Ishag »: one word of a name and the initial of another, that nobody else there has."""
    pairs = {pair for name in bearer.full for pair in _pairs(name)}
    theirs = {pair for each in others.bearers for name in each.full for pair in _pairs(name)}
    return not pairs.isdisjoint(said.shortened - theirs)


def _pairs(name: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """A word and an initial, in the order they are written."""
    for one, two in ((name[0], name[-1]), (name[-1], name[0])):
        if len(one) > 1 and len(two) > 1:
            yield from ((one, two[0]), (one[0], two))
