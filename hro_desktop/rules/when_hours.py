# SPDX-License-Identifier: GPL-3.0-or-later
"""Times of day as people say them: « vers 8 h 30 », « entre 8 et 9 h », « le soir »."""

import datetime as dt
import re
from typing import Final

import attrs

__all__ = ["NO_TIME", "SAID", "Hours", "blank", "hours_of", "in_figures"]

_BEFORE: Final = re.compile(
    r"(?:\b(?:vers|environ|autour de|a peu pres|aux alentours de|pres de|presque)(?: les?)?|~) *$"
)
_AFTER: Final = re.compile(r" *(?:environ|passees?|a peu pres)\b| *\?")
_START: Final = r"(?<![\d/.-])"
_HOUR: Final = (
    r"(?:(?P<{0}h>[01]?\d|2[0-4]) ?(?:h(?:eures?|r?s?)?\b ?|h(?=\d)|:(?=\d\d))(?P<{0}m>[0-5]\d(?!\d))?"
    r"(?P<{0}more> ?(?:et demie?|et quart|moins le quart|moins \d\d?))?"
    r"|(?P<{0}word>midi|minuit)(?P<{0}half> et demie?)?)"
)
_BARE: Final = r"(?<![\d/.-])(?P<bare>[01]?\d|2[0-4])"
_ONE: Final = re.compile(_START + _HOUR.format("a"))
_BETWEEN: Final = (
    re.compile(
        r"\b(?:entre|de) " + _HOUR.format("a") + r" ?(?:et|a|jusqu'?a) ?(?:environ |vers )?" + _HOUR.format("b")
    ),
    re.compile(_START + _HOUR.format("a") + r" ?(?:-|ou|a) ?" + _HOUR.format("b")),
    re.compile(r"\b(?:entre|de) " + _BARE + r" (?:et|a) " + _HOUR.format("b")),
    re.compile(_BARE + r" ?(?:-|ou) ?" + _HOUR.format("b")),
)
_NAMES: Final = (
    "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf", "vingt", "vingt-et-une", "vingt-deux",
    "vingt-trois",
)  # fmt: skip
_SPELLED: Final = {word: str(number) for number, word in enumerate(_NAMES, 1)}
_IN_WORDS: Final = re.compile(
    r"\b(?P<word>" + "|".join(sorted(_SPELLED, key=len, reverse=True)).replace("-", "[- ]") + r")(?= heures?\b)"
)
_PARTS: Final = {
    "matin": re.compile(r"\bmatin(?:ee)?\b"),
    "midi": re.compile(r"\bmidi\b"),
    "apres-midi": re.compile(r"\b(?:apres[- ]?midi|aprem)\b"),
    "soir": re.compile(r"\bsoir(?:ee)?\b"),
    "nuit": re.compile(r"\bnuit\b"),
    "aube": re.compile(r"\b(?:aube|lever du (?:jour|soleil))\b"),
}
_WINDOWS: Final = {
    "matin": ("06:00", "12:00"),
    "midi": ("12:00", ""),
    "apres-midi": ("12:00", "18:00"),
    "soir": ("18:00", "23:00"),
    "nuit": ("22:00", "06:00"),
    "aube": ("05:00", "08:00"),
}
"""What a part of the day is taken for, when no time is said: wide, and shown to whoever types."""
SAID: Final = {
    "matin": "le matin",
    "midi": "à midi",
    "apres-midi": "l’après-midi",
    "soir": "le soir",
    "nuit": "la nuit",
    "aube": "à l’aube",
}
NO_TIME: Final = re.compile(r"\b(?:il y a|depuis|pendant|dans les|en moins de) (?:environ |a peu pres )?\d+ ?h\w*")


@attrs.frozen
class Hours:
    """What was understood of the time of day.

    Args:
        start: `HH:MM`, empty when nothing is known.
        end: `HH:MM`, empty when one time was said.
        approximate: « vers », or a part of the day taken for a stretch of time.
        part: `matin`, `midi`, `apres-midi`, `soir`, `nuit`, `aube`, or empty.
        told: whether a time was said, and not only a part of the day.
        rest: the words without the time.
    """

    start: str
    end: str
    approximate: bool
    part: str
    told: bool
    rest: str


def hours_of(text: str) -> Hours:
    """The time of day in words already folded to plain lower case letters."""
    masked = NO_TIME.sub(blank, text)
    named = [name for name, found in _PARTS.items() if found.search(masked)]
    part = "nuit" if "nuit" in named else next((name for name in named if name != "midi"), "")
    if part == "apres-midi":
        masked = _PARTS[part].sub(blank, masked)
    times, span = _times(masked, part)
    if times:
        start, end = times
        about = bool(_BEFORE.search(text[: span[0]]) or _AFTER.match(text[span[1] :]))
        rest = text[: span[0]] + " " * (span[1] - span[0]) + text[span[1] :]
        return Hours(start, end, about or bool(end), part, True, rest)
    start, end = _WINDOWS[part] if part else ("", "")
    return Hours(start, end, bool(part), part, False, text)


def in_figures(text: str) -> str:
    """« huit heures » as « 8 heures »."""
    return _IN_WORDS.sub(lambda found: _SPELLED[found["word"].replace(" ", "-")], text)


def blank(found: re.Match[str]) -> str:
    """As many spaces as there were characters: what stands elsewhere keeps its place."""
    return " " * len(found[0])


def _times(text: str, part: str) -> tuple[tuple[str, str] | None, tuple[int, int]]:
    for pattern in _BETWEEN:
        found = pattern.search(text)
        if found is not None:
            last = _clock(found, "b", part)
            bare = found.groupdict().get("bare")
            first = _shown(_after_noon(int(bare), part) * 60) if bare else _clock(found, "a", part)
            if first and last and first != last:
                return (first, last), found.span()
    for found in _ONE.finditer(text):
        one = _clock(found, "a", part)
        if one:
            return (one, ""), found.span()
    return None, (0, 0)


def _clock(found: re.Match[str], which: str, part: str) -> str:
    """`HH:MM`, or nothing for what is no time of day."""
    word = found[f"{which}word"]
    if word:
        half = 30 if found[f"{which}half"] else 0
        return _shown((12 if word == "midi" else 0) * 60 + half)
    hour = int(found[f"{which}h"])
    if hour == 24:
        hour = 0
    minutes = _after_noon(hour, part) * 60 + int(found[f"{which}m"] or 0) + _more(found[f"{which}more"] or "")
    return _shown(minutes % (24 * 60))


def _more(words: str) -> int:
    """« et demie », « moins le quart », « moins 10 », in minutes."""
    if "demi" in words:
        return 30
    if "quart" in words:
        return -15 if "moins" in words else 15
    number = re.search(r"\d+", words)
    return -int(number[0]) if number else 0


def _after_noon(hour: int, part: str) -> int:
    """« 8 h du soir » is 20 h; « 3 h du matin » stays."""
    if (part == "apres-midi" and 1 <= hour <= 7) or (part == "soir" and 4 <= hour <= 11):
        return hour + 12
    if part == "nuit" and 8 <= hour <= 11:
        return hour + 12
    return hour


def _shown(minutes: int) -> str:
    return dt.time(minutes // 60 % 24, minutes % 60).strftime("%H:%M")
