# SPDX-License-Identifier: GPL-3.0-or-later
"""How people are called, shown and recognised."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from hro_desktop.law.tables import fold

__all__ = [
    "civility",
    "discreet",
    "display_name",
    "formal_name",
    "initials",
    "is_pseudonym",
    "match_key",
    "pseudonym",
    "same_name",
]

_PSEUDONYM = re.compile(r"P-(\d{4})-(\d{4,})")
_CIVILITY = {"m": "M.", "f": "Mme"}
_OFFICIAL = re.compile(
    r"\b\d{7}\b|\b\d[ .\u00a0\u202f]\d{3}[ .\u00a0\u202f]\d{3}\b|\b[A-Z]{2}[- ]?\d{3}[- ]?[A-Z]{2}\b"
    r"|\b[a-z]{2}-?\d{3}-?[a-z]{2}\b|\b\d{1,4} ?[A-Z]{2,3} ?\d{2}\b"
)
"""A RIO, in groups or not; a plate. In small letters without spaces only: « au 112 le soir » is none."""
_RIO = re.compile(r"(\brio\W{0,3}(?:n[°ºo]?\W{0,2})?)\d(?:[\d .\u00a0\u202f]*\d)?", re.IGNORECASE)
"""What follows the word, even a part of it."""


def civility(sex: str) -> str:
    """« M. », « Mme », or nothing for x and for whoever was not asked."""
    return _CIVILITY.get(sex, "")


def display_name(given: str, family: str, *, other: str = "", fallback: str = "") -> str:
    """First name and family name, or the only name there is, or another name, or the pseudonym."""
    return " ".join(f"{given} {family}".split()) or " ".join(other.split()) or fallback


def formal_name(sex: str, given: str, family: str, *, other: str = "", fallback: str = "") -> str:
    """The same behind the civility: « Mme Fatima N. »; x and pseudonyms have none."""
    name = display_name(given, family, other=other)
    if not name:
        return fallback
    return " ".join(part for part in (civility(sex), name) if part)


def initials(name: str) -> str:
    """« Jean-Pierre de la Tour » gives « J.-P. D. L. T. »; letters of any script."""
    words = []
    for word in name.replace("’", " ").replace("'", " ").split():
        firsts = [f"{part[0].upper()}." for part in word.split("-") if part and part[0].isalpha()]
        if firsts:
            words.append("-".join(firsts))
    return " ".join(words)


def discreet(text: str, names: Mapping[str, str]) -> str:
    """Words that somebody typed, for a page that anybody may glance at: no number of an officer, no plate, no name.

    Args:
        text: as typed.
        names: each name that may stand there, and what to write instead. It is found without its accents, in capitals
            and with a hyphen too; an initial alone is left.
    """
    shown = _OFFICIAL.sub("•••", _RIO.sub(r"\1•••", text))
    known = {key: instead for name, instead in names.items() if len(key := fold(name)) > 1}
    if not known:
        return shown
    letters, places = _folded(shown)
    listed = "|".join(re.escape(key).replace(r"\ ", " +") for key in sorted(known, key=len, reverse=True))
    told, last = "", 0
    for found in re.finditer(rf"(?<![^ ])(?:{listed})(?![^ ])", letters):
        told += shown[last : places[found.start()]] + known[" ".join(found[0].split())]
        last = places[found.end()]
    return told + shown[last:]


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """A text as names are compared, each of its letters with its place in the text; the end has one too."""
    letters, places = "", []
    for at, sign in enumerate(text):
        joined = unicodedata.combining(sign) or unicodedata.category(sign) in ("Cf", "Lm")
        plain = fold(sign) or ("" if joined else " ")
        letters += plain
        places += [at] * len(plain)
    return letters, [*places, len(text)]


def pseudonym(year: int, rank: int) -> str:
    """`P-2026-0147`: what is shown by default instead of a name.

    Raises:
        ValueError: the rank is below 1 or the year has not four digits.
    """
    if rank < 1 or not 1000 <= year <= 9999:
        raise ValueError("pseudonym.rank")
    return f"P-{year}-{rank:04d}"


def is_pseudonym(text: str) -> bool:
    """Whether a text is a pseudonym and not a name."""
    return _PSEUDONYM.fullmatch(text) is not None


def match_key(name: str) -> str:
    """What two spellings of one name have in common: no case, accents, hyphens, nor order of the words."""
    return " ".join(sorted(fold(name).split()))


def same_name(one: str, two: str) -> bool:
    """Whether two names are written the same, but for case, accents, punctuation and order."""
    return bool(match_key(one)) and match_key(one) == match_key(two)
