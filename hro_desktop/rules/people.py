# SPDX-License-Identifier: GPL-3.0-or-later
"""How people are called, shown and recognised."""

import re
from collections.abc import Mapping

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
_OFFICIAL = re.compile(r"\b\d{7}\b|\b[A-Z]{2}[- ]?\d{3}[- ]?[A-Z]{2}\b|\b\d{1,4} ?[A-Z]{2,3} ?\d{2}\b")
"""A RIO, a plate."""


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
        names: each name that may stand there, and what to write instead.
    """
    shown = _OFFICIAL.sub("•••", text)
    known = {name.casefold(): instead for name, instead in names.items() if name}
    if not known:
        return shown
    listed = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    return re.sub(
        rf"(?<!\w)(?:{listed})(?!\w)", lambda found: known.get(found[0].casefold(), "•••"), shown, flags=re.IGNORECASE
    )


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
