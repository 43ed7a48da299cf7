# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a text names somebody: in any spelling, script or case, without stopping at words that are only words.

Several words of one name together always name. One word alone names too, unless it says nobody (a particle, a town, a
word that somebody else in the text bears as well), or is a word of the language written like one: « un fourgon blanc »
is not Rose Blanc, « Mme Blanc » and « avec Blanc » are.

A text is kept by its runs: what its words give when they are written as one, two words, three words… A name is looked
for as one such run, so that « S a ï d a », « Sa-ïda » or « SaïdaRose » hide nothing and no text is read once a person.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import attrs

from hro_desktop.law.names import name_words, place_words
from hro_desktop.law.tables import fold
from hro_desktop.rules.place_spans import LONE, SITE, TOWN, Piece, Places, places_in

__all__ = [
    "ALIKE",
    "MAYBE",
    "NAMED",
    "NOBODY",
    "SHARED",
    "Bearer",
    "Others",
    "Read",
    "Run",
    "Word",
    "fitting",
    "mentions",
    "read",
    "spellings",
    "words_of",
]

NAMED, SHARED, MAYBE, ALIKE = 4, 3, 2, 1
"""How surely a text names somebody: for certain; by a title and a name that somebody who may be named bears too; by a
word that may be another one or somebody else’s; by initials, or a whole name that somebody who may be named has too."""
LONGEST: Final = 40  # letters of a name looked for as one
_MOST: Final = 24  # readings of one run
_SURE: Final = 8  # letters from which a name cut anyhow is no chance
_LEAST: Final = 3  # letters of a name that somebody would cut
_CUT: Final = 5  # letters from which two words may be one that was cut
_PLAIN: Final = re.compile(r"[a-z0-9]+")
_HIDDEN: Final = frozenset({"Cf", "Mn", "Me"})
_FILLERS: Final = "\u115f\u1160"
_ARTICLES: Final = frozenset({"le", "la", "les", "l"})
_SAINTS: Final = frozenset({"saint", "sainte", "st", "ste"})


@attrs.frozen
class Word:
    """One word of a text, with what stands around it."""

    forms: tuple[str, ...]
    """Folded; then as other letters that look alike, and without what is written onto it."""
    shown: str
    capital: bool
    """Not written small; scripts without capitals always are so."""
    first: bool
    """Whether it begins a sentence, where a capital says nothing."""
    tight: bool
    """Whether no space stands before it."""
    dotted: bool
    """Whether a point follows it at once."""
    glued: bool
    """Whether it is one sign within others, in a script that puts no space between words."""
    title: str = ""
    """The title before it."""
    holy: bool = False
    """Whether it is the rest of « Saint-… »: a place."""
    close: bool = False
    """Whether nothing but a space, a hyphen or a point stands before it."""
    place: int = 0
    """The kind of place whose name it is a part of."""

    @property
    def folded(self) -> str:
        """As it is written."""
        return self.forms[0]


Run = tuple[int, int]


@attrs.frozen(slots=False, eq=False)
class Read:
    """A text cut into words, so that many names are looked for in it at once."""

    words: tuple[Word, ...]

    @functools.cached_property
    def runs(self) -> Mapping[str, Sequence[Run]]:
        """What some of its words in a row give, written as one, and from which to which they stand."""
        found: dict[str, list[Run]] = {}
        for start, first in enumerate(self.words):
            glued: Sequence[str] = first.forms
            end = start + 1
            while glued:
                for each in glued:
                    found.setdefault(each, []).append((start, end))
                if end == len(self.words):
                    break
                # the words as they are written come first, and are never cut off
                glued = [known + form for form in self.words[end].forms for known in glued if len(known) < LONGEST]
                glued = glued[:_MOST]
                end += 1
        return found

    @functools.cached_property
    def proper(self) -> Mapping[str, str]:
        """Words written as names are, by their forms, as they are shown: titled, or with a capital that says it."""
        return {
            form: each.shown
            for each in self.words
            if not each.glued and not each.place and (each.title or not each.first) and each.folded not in _titles()
            if each.capital and _says_somebody(each) == NAMED
            for form in each.forms
        }

    @functools.cached_property
    def initials(self) -> frozenset[tuple[str, ...]]:
        """« S. O. », « Mme S O »: capital letters alone, one after the other."""
        found: set[tuple[str, ...]] = set()
        start = 0
        while start < len(self.words):
            end = start
            while end < len(self.words) and len(self.words[end].folded) == 1 and self.words[end].capital:
                end += 1
            letters = self.words[start:end]
            # « M. S. O. » may be three letters or a title
            for some in (letters, letters[1:] if letters and letters[0].folded in _titles() else ()):
                if len(some) > 1 and (some[0].title or all(each.dotted for each in some[:-1])):
                    found.add(tuple(each.folded for each in some))
            start = end + 1
        return frozenset(found)


@attrs.frozen(slots=False)
class Bearer:
    """Somebody whose name is looked for.

    Args:
        id: of the person.
        whole: whole names, each as its words: every spelling, given name first and last.
        single: words that are looked for alone.
        given: those of them that many people bear: given names and nicknames.
        sex: list `sexes`, for titles.
        far: tied to nothing a text is about: one word of their name may be another’s, but a family name after a title.
    """

    id: str
    whole: tuple[tuple[str, ...], ...]
    single: frozenset[str]
    given: frozenset[str] = frozenset()
    sex: str = ""
    far: bool = False

    @classmethod
    def of(cls, id_: str, names: Iterable[str], given: Iterable[str] = (), sex: str = "") -> "Bearer":
        """From all names and spellings of a person, whole ones and parts; `given` are the given ones among them."""
        known = list(dict.fromkeys(words for each in names for words in spellings(each)))
        whole = tuple(words for words in known if len(words) > 1)
        parts = frozenset(word for words in whole for word in words) - _particles()
        alone = frozenset(words[0] for words in known if len(words) == 1)
        return cls(id_, whole, parts | alone, frozenset(word for each in given for word in words_of(each)), sex)

    @property
    def full(self) -> tuple[tuple[str, ...], ...]:
        """The whole names that are more than given names: « Saïda Ouédraogo », not « Saïda Rose »."""
        return tuple(each for each in self.whole if not self.given.issuperset(each))

    @functools.cached_property
    def runs(self) -> frozenset[str]:
        """What a text that names this person has among its runs."""
        return frozenset("".join(each) for each in self.whole) | self.single

    @functools.cached_property
    def initials(self) -> frozenset[tuple[str, ...]]:
        """The first letters of each whole name."""
        return frozenset(tuple(word[0] for word in each) for each in self.full)


@attrs.frozen(slots=False, eq=False)
class Others:
    """Those a text may name: what is theirs says little of anybody else."""

    bearers: tuple[Bearer, ...] = ()

    @functools.cached_property
    def sexes(self) -> Mapping[str, frozenset[str]]:
        """The words of their names, and who bears each: list `sexes`."""
        found: dict[str, set[str]] = {}
        for each in self.bearers:
            for word in each.single:
                found.setdefault(word, set()).add(each.sex)
        return {word: frozenset(sexes) for word, sexes in found.items()}

    @functools.cached_property
    def whole(self) -> tuple[tuple[str, ...], ...]:
        """Their whole names."""
        return tuple(dict.fromkeys(name for each in self.bearers for name in each.whole))

    @functools.cached_property
    def _spans(self) -> dict[int, tuple[Read, frozenset[Run]]]:
        return {}

    def spans(self, text: Read) -> frozenset[Run]:
        """Where a text names them in full; found once a text."""
        if id(text) not in self._spans:
            found = frozenset(run for name in self.whole for run in text.runs.get("".join(name), ()))
            self._spans[id(text)] = (text, found)
        return self._spans[id(text)][1]


NOBODY: Final = Others()
NOWHERE: Final = Places()


def words_of(text: str) -> list[str]:
    """The words of a name, folded, in every reading."""
    return [word for words in spellings(text) for word in words]


@functools.lru_cache(maxsize=100_000)
def spellings(name: str) -> tuple[tuple[str, ...], ...]:
    """A name as its words: as given, in Latin letters that look like its own, without particles and articles."""
    bare = _bare(name)
    if bare.isascii():
        known = [tuple(_PLAIN.findall(bare.lower()))]
    else:
        readings = [_readings(each) for each in _spelled().findall(bare)]
        known = [tuple(each[0] for each in readings), tuple(each[-1] for each in readings)]
        article = name_words().article
        known.append(tuple(each.removeprefix(article) if len(each) > len(article) + 1 else each for each in known[0]))
    particles = _particles()
    shorter = [tuple(word for word in words if word not in particles) for words in known]
    known += [each for each in shorter if len(each) > 1]
    return tuple(dict.fromkeys(fitting(each) for each in known if any(each)))


def fitting(words: tuple[str, ...]) -> tuple[str, ...]:
    """As many of the words as are looked for as one."""
    while len(words) > 1 and sum(map(len, words)) > LONGEST:
        words = words[:-1]
    return words


def read(text: str, places: Places = NOWHERE) -> Read:
    """Cut a text into words. Invisible characters and marks on letters, which would hide a name, are not seen.

    Args:
        text: what somebody wrote.
        places: names of places, beside the communes of the tables: a word of theirs says nobody.
    """
    bare = _bare(text)
    found: list[Word] = []
    end = 0
    for match in _word().finditer(bare):
        between = bare[end : match.start()]
        first = not found or bool(re.search(r"[.!?…:\n«]", between))
        close = bool(found) and not between.strip(" .-\u2011\u00a0\u202f")
        title = _title_after(found[-1]) if close else ""
        sign = bool(_unspaced().fullmatch(match.group()))
        beside = bare[match.end() : match.end() + 1]
        found.append(
            Word(
                forms=_forms(match.group()),
                shown=match.group(),
                capital=not match.group()[0].islower(),
                first=first and not title,
                # « Sa-ïda », « Saï\nda »: nothing but a line break, a hyphen or a sign of no meaning
                tight=bool(found) and not re.search(r"[^\S\r\n]|[.!?…:;,'’«»()\"]", between),
                dotted=beside == ".",
                glued=sign
                and bool((beside and _unspaced().match(beside)) or (not between and found and found[-1].glued)),
                title=title,
                holy=close and found[-1].folded in _SAINTS,
                close=close,
            )
        )
        end = match.end()
    spans = places_in([Piece(each.folded, each.capital, each.close, bool(each.title)) for each in found], places)
    for at, kind in spans.items():
        found[at] = attrs.evolve(found[at], place=kind)
    return Read(tuple(found))


def mentions(text: Read, bearer: Bearer, others: Others = NOBODY, *, initials: bool = False) -> int:
    """How surely a text names somebody: `NAMED`, `SHARED`, `MAYBE`, `ALIKE`, or 0.

    Args:
        text: what was read.
        bearer: whom.
        others: those the text may name.
        initials: whether two initials are to be said too.
    """
    found = ALIKE if initials and not bearer.initials.isdisjoint(text.initials) else 0
    if bearer.runs.isdisjoint(text.runs):
        return found
    spans = others.spans(text)
    for name in bearer.whole:
        for run in text.runs.get("".join(name), ()):
            found = max(found, _whole(text.words, name, run, spans, others))
    for word in bearer.single:
        for run in text.runs.get(word, ()):
            if not _inside(run, spans, whole=True):
                found = max(found, _alone(text.words[slice(*run)], word, bearer, others))
    return found


def _whole(words: Sequence[Word], name: tuple[str, ...], run: Run, spans: frozenset[Run], others: Others) -> int:
    """What a whole name says where it stands."""
    pieces = words[slice(*run)]
    if _inside(run, spans, whole=False):
        return 0
    alike = len(pieces) == len(name) and all(word in each.forms for word, each in zip(name, pieces, strict=True))
    if len(pieces) == 1:
        sure = NAMED if len(pieces[0].folded) >= _SURE else _says_somebody(pieces[0])
    elif alike or sum(map(len, name)) >= _SURE or _in_pieces(pieces):
        sure = NAMED
    else:
        sure = MAYBE if pieces[0].capital and not pieces[0].first else 0
    places = [each for each in pieces if not _little(each)]
    if places and all(0 < each.place <= SITE for each in places):  # « avenue Victor Hugo », « rue Ali, à Calais »
        sure = min(sure, MAYBE)
    theirs = run in spans or any(_within(name, each) for each in others.whole)
    return min(sure, ALIKE) if theirs else sure


def _little(word: Word) -> bool:
    """« à », « y », « d’ »: a letter written small, which is no initial."""
    return len(word.folded) == 1 and word.folded.isascii() and not word.capital


def _alone(pieces: Sequence[Word], word: str, bearer: Bearer, others: Others) -> int:
    """What one word of a name says, or the pieces somebody cut it into."""
    title = pieces[0].title
    if len(pieces) == 1 or (len(word) >= _LEAST and _in_pieces(pieces)):
        sure = _says_somebody(pieces[0], word)
    else:
        sure = MAYBE if len(word) >= _CUT and pieces[0].capital and not pieces[0].first else 0
    sure = min(sure, _at_most(pieces, word, bearer))
    if word not in others.sexes:
        return sure
    if not title or not sure:  # alone, a word that others bear says nothing of this person
        return 0
    if any(_fits(title, sex) for sex in others.sexes[word]):
        # nothing that somebody could write would tell two people of one name apart
        if title in name_words().titles_many:
            return MAYBE if _fits(title, bearer.sex) else 0
        shared = ALIKE if any(each in others.whole for each in bearer.full) else SHARED
        return shared if _fits(title, bearer.sex) else 0
    return NAMED if _fits(title, bearer.sex) else MAYBE


def _at_most(pieces: Sequence[Word], word: str, bearer: Bearer) -> int:
    """How surely one word may say somebody, by what it is beside a name: a place, a word of the language."""
    if pieces[0].title:
        return MAYBE if bearer.far and word in bearer.given else NAMED
    place = max(each.place for each in pieces)
    if place and place != LONE:
        return 0 if place == TOWN or bearer.far else ALIKE
    return MAYBE if place or bearer.far or word in _common() else NAMED


def _inside(run: Run, spans: Iterable[Run], *, whole: bool) -> bool:
    """Whether words stand within a name that may stand there; `whole`: all of it counts too."""
    start, end = run
    return any(one <= start and end <= two and (whole or (one, two) != run) for one, two in spans)


def _within(name: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[at : at + len(name)] == name for at in range(len(words) - len(name) + 1))


def _in_pieces(pieces: Sequence[Word]) -> bool:
    """Whether words in a row are the pieces of one: letter by letter, or with no space between them."""
    letters = len(pieces) >= _LEAST and all(len(each.folded) == 1 for each in pieces)
    return letters or all(each.tight for each in pieces[1:])


def _says_somebody(word: Word, name: str = "") -> int:
    """What a word says alone, read as `name`."""
    name = name or word.folded
    if len(name) == 1 and name.isascii():  # an initial says nobody alone
        return 0
    if word.title:
        return NAMED
    if word.glued:
        return MAYBE
    if word.holy or name in place_words():
        return 0
    if name in _common() or name in _particles():
        return (MAYBE if word.first else NAMED) if word.capital else 0
    return NAMED if word.capital else MAYBE


def _title_after(word: Word) -> str:
    """The title a word is, for what follows it; « Mme El Haj » is « Mme Haj » too."""
    if word.title and word.folded in _particles():
        return word.title if word.capital or word.folded not in _ARTICLES else ""  # « M. le maire »
    # « me » is a pronoun, « Me » a lawyer
    return word.folded if word.folded in _titles() and (word.capital or len(word.folded) > 2) else ""


def _fits(title: str, sex: str) -> bool:
    """Whether a title may be that of somebody of that sex, as far as either says so."""
    if title in name_words().titles_m:
        return sex != "f"
    return sex != "m" or title not in name_words().titles_f


@functools.cache
def _titles() -> frozenset[str]:
    known = name_words()
    return frozenset((*known.titles, *known.titles_m, *known.titles_f))


@functools.cache
def _common() -> frozenset[str]:
    return frozenset(name_words().common)


@functools.cache
def _particles() -> frozenset[str]:
    return frozenset(name_words().particles)


@functools.cache
def _unspaced() -> re.Pattern[str]:
    return re.compile(f"[{name_words().unspaced}]")


@functools.cache
def _spelled() -> re.Pattern[str]:
    """A word of a name: « McAli » is one."""
    return re.compile(rf"[{name_words().unspaced}]|[^\W_{name_words().unspaced}]+")


@functools.cache
def _word() -> re.Pattern[str]:
    """A word, or one sign of a script that puts no space between words."""
    letter = rf"[^\W_{name_words().unspaced}]"
    # « MmeOuédraogo », « Ouédraogo2026 » are two words each
    return re.compile(rf"[{name_words().unspaced}]|{letter}(?:(?!(?<=[a-z])[A-Z]|(?<=[a-zA-Z]{{3}})\d){letter})*")


@functools.cache
def _latin() -> dict[int, str]:
    return {ord(other): each[0] for each in name_words().lookalikes for other in each[1:]}


def _bare(text: str) -> str:
    """Without invisible characters and marks on letters."""
    if text.isascii():
        return text
    return "".join(
        each
        for each in unicodedata.normalize("NFKD", text)
        if each.isascii() or (unicodedata.category(each) not in _HIDDEN and each not in _FILLERS)
    )


def _readings(word: str) -> tuple[str, ...]:
    """A word folded; then as Latin letters, if all of its letters look like some."""
    if word.isascii():
        return (word.lower(),)
    folded = "".join(fold(word).split()) or word
    latin = word.translate(_latin())
    alike = latin != word and latin.isascii() and latin.isalpha()
    return (folded, latin.lower()) if alike else (folded,)


@functools.lru_cache(maxsize=20_000)
def _forms(word: str) -> tuple[str, ...]:
    """Every reading of a word of a text, without the prefixes some scripts write onto it too."""
    if word.isascii():
        return (word.lower(),)
    found = dict.fromkeys(_readings(word))
    bare = [next(iter(found))]
    while bare:  # « وبالحسن »: three of them
        each = bare.pop()
        shorter = [each.removeprefix(one) for one in name_words().prefixes if each.startswith(one)]
        bare += [one for one in shorter if len(one) > 1 and one not in found]
        found |= dict.fromkeys(bare)
    return tuple(found)
