# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates, times and counts as a tired person types them: « 12/10/26 », « hier », « lundi », « mars 2001 », « 8h30 »."""

import datetime as dt
import re
import unicodedata

from hro_desktop.law.tables import fold
from hro_desktop.rules import tallies
from hro_desktop.rules.dates import MONTHS, PartialDate
from hro_desktop.rules.tallies import Count

__all__ = ["count_of", "day_of", "partial_of", "shown_count", "shown_day", "shown_partial", "time_of"]

_RELATIVE = {"aujourd hui": 0, "auj": 0, "ce jour": 0, "hier": -1, "avant hier": -2, "demain": 1, "apres demain": 2}
_WEEK = {name: at for at, name in enumerate(("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"))}
_ALONE = re.compile(r"(?:([a-z]+) )?(\d{1,2})(?:er)?(?: ([a-z]+))?")
_TWO = re.compile(r"(\d{1,2})[/.](\d{1,2})")
_SIDE = {"dernier": -1, "passe": -1, "prochain": 1}
_MONTHS = {fold(name): at for at, name in enumerate(MONTHS, start=1)}
_NUMBERS = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
_SHORT_MONTH = re.compile(r"(\d{1,2})/(\d{4})")
_WORDS = re.compile(r"(?:(\d{1,2})(?:er)? )?([a-z]+) (\d{4})")
_CLOCK = re.compile(r"(\d{1,2})\s*(?:[h:.]\s*(\d{2})?)?")
_ABOUT = re.compile(r"^(?:vers|environ|~|en environ)\s+|\s*[~?]$", re.IGNORECASE)
_COUNT = re.compile(
    r"(?P<least>≥|>=|>|\+|au moins|minimum|min)?(?P<exact>=|exactement|exact|juste)?(?P<about>~|≈|environ|env|vers)?\.?"
    r"\s*(?P<number>\d{1,3}(?:\s\d{3})+|\d{1,9})\s*"
    r"(?P<least_after>\+|au moins|minimum|min)?(?P<exact_after>exactement|exact|pile)?"
    r"(?P<about_after>~|environ|env)?\.?",
    re.IGNORECASE,
)
_EITHER = re.compile(r"\s+(?:ou|et|à|au)\s+|\s*/\s*(?=\d{4}-)", re.IGNORECASE)


def day_of(text: str, today: dt.date, *, ahead: bool = False) -> dt.date | None:
    """The day a text says, or `None`: ISO, day first, with the month in words, « hier », « lundi », « le 12 ».

    Args:
        text: what was typed.
        today: the day it was typed.
        ahead: a text that says no year, month or week means the next such day, today included, and not the last.
    """
    said = _tidy(text)
    text = re.sub(r"^(?:le|ce|du)\s+", "", said, flags=re.IGNORECASE)
    words = fold(text)
    if words.isdigit() and len(words) < 3:
        return _of_month(int(words), today, 1 if ahead else -1) if said != text else None
    if words in _RELATIVE:
        return today + dt.timedelta(days=_RELATIVE[words])
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        pass
    numbers = _NUMBERS.fullmatch(text)
    if numbers:
        return _day(_year(numbers[3], today, ahead=ahead), int(numbers[2]), int(numbers[1]))
    named = _WORDS.fullmatch(words.partition(" ")[2] if words.partition(" ")[0] in _WEEK else words)
    if named and named[1]:
        return _day(int(named[3]), _month(named[2]), int(named[1]))
    return _nearest(text, words, today, 1 if ahead else -1)


def _tidy(text: str) -> str:
    """Without what is copied along with a date: signs nobody sees, spaces beside the bars."""
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf").strip()
    return re.sub(r"(?<=\d)\s*([/.])\s*(?=\d)", r"\1", seen)


def _nearest(text: str, words: str, today: dt.date, side: int) -> dt.date | None:
    """« lundi », « lundi prochain », « le 12 », « lundi 12 », « 12 oct », « 12/10 »: the next one or the last one."""
    first, _, rest = words.partition(" ")
    if first in _WEEK and (not rest or rest in _SIDE):
        side, least = _SIDE.get(rest, side), 1 if rest else 0
        away = (side * (_WEEK[first] - today.weekday()) - least) % 7 + least
        return today + dt.timedelta(days=side * away)
    two = _TWO.fullmatch(text)
    if two:
        return _of_year(int(two[1]), int(two[2]), today, side)
    alone = _ALONE.fullmatch(words)
    if not alone or (alone[1] and alone[1] not in _WEEK):
        return None
    if alone[3]:
        month = _month(alone[3])
        found = _of_year(int(alone[2]), month, today, side) if month else None
    else:
        found = _of_month(int(alone[2]), today, side)
    return found if found is None or not alone[1] or found.weekday() == _WEEK[alone[1]] else None


def _of_year(day: int, month: int, today: dt.date, side: int) -> dt.date | None:
    """That day of this year, or of the year beside it, eight for a 29th of February."""
    years = (_day(today.year + side * away, month, day) for away in range(9))
    return next((each for each in years if each is not None and (each - today).days * side >= 0), None)


def _of_month(day: int, today: dt.date, side: int) -> dt.date | None:
    """That day of this month, or of the nearest month beside it that has one."""
    for away in range(4):
        year, month = divmod(today.year * 12 + today.month - 1 + side * away, 12)
        found = _day(year, month + 1, day)
        if found is not None and (found - today).days * side >= 0:
            return found
    return None


def partial_of(text: str, today: dt.date) -> str | None:
    """A date known in part, as `PartialDate` writes it; `""` for an empty text, `None` for one that says none."""
    text = _tidy(text)
    if not text:
        return ""
    about = bool(_ABOUT.search(text)) and text != "?"
    bare = _ABOUT.sub("", text).strip() if text != "?" else text
    parts = [_one(part, today) for part in _EITHER.split(bare)]
    if len(parts) > 2 or None in parts:
        return None
    written = "/".join(part for part in parts if part is not None) + ("~" if about else "")
    try:
        return PartialDate.parse(written).text
    except ValueError:
        return None


def _one(text: str, today: dt.date) -> str | None:
    day = day_of(text, today)
    if day is not None and not re.fullmatch(r"\s*\d{4}\s*", text):
        return day.isoformat()
    text = re.sub(r"^(?:le|en|du)\s+", "", text.strip(), flags=re.IGNORECASE)
    if text == "?" or re.fullmatch(r"\d{4}(-\d{2})?", text):
        return text
    short = _SHORT_MONTH.fullmatch(text)
    if short:
        return f"{short[2]}-{int(short[1]):02}"
    named = _WORDS.fullmatch(fold(text))
    if named and not named[1] and _month(named[2]):
        return f"{named[3]}-{_month(named[2]):02}"
    return None


def time_of(text: str) -> str | None:
    """`HH:MM` from « 8 », « 8h », « 8 h 30 », « 08:30 »; `""` for an empty text, `None` for one that says none."""
    text = text.strip().lower()
    if not text:
        return ""
    found = _CLOCK.fullmatch(text) or re.fullmatch(r"(\d{2})(\d{2})", text)
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def count_of(text: str) -> Count | None:
    """A number with what it is worth; `None` for a text that says none.

    « ≥ 12 », « au moins 12 », « 12+ »; « = 12 », « 12 exactement »; « ~ 12 », « environ 12 ». A bare number is a
    minimum, for whoever observes does not see everything; a bare zero is exact, or it would say nothing.
    """
    found = _COUNT.fullmatch(" ".join(text.split()))
    if not found:
        return None
    said = {name.partition("_")[0] for name, part in found.groupdict().items() if part and name != "number"}
    number = int("".join(found["number"].split()))
    if len(said) > 1:
        return None
    if "about" in said:
        return Count(number, "environ")
    return Count(number, "exact" if "exact" in said or (not said and number == 0) else "au_moins")


def shown_count(count: Count) -> str:
    """As it is typed, and read back by `count_of`: « ≥ 12 », « = 12 », « ~ 12 », « 0 »."""
    return f"=\u00a0{tallies.shown(count)}" if count.bound == "exact" and count.value else tallies.shown(count)


def shown_day(day: dt.date | None) -> str:
    """As it is typed: « 12/10/2026 »."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}" if day else ""


def shown_partial(written: str) -> str:
    """As it is read: « vers 2001 », « mars 2026 », « 12/10/2026 »; `partial_of` reads it back."""
    if not written:
        return ""
    known = PartialDate.parse(written)
    if not known.known:
        return "?"
    ends = [known.text.removesuffix("~")] if not known.is_range else known.text.split("/")
    return ("vers " if known.about else "") + " ou ".join(map(_shown, ends))


def _shown(part: str) -> str:
    numbers = part.split("-")
    if len(numbers) == 3:
        return "/".join(reversed(numbers))
    return f"{MONTHS[int(numbers[1]) - 1]} {numbers[0]}" if len(numbers) == 2 else part


def _month(word: str) -> int:
    """Its number by its name or the first letters of it; 0 for no month, or for one of two."""
    exact = _MONTHS.get(word)
    if exact:
        return exact
    found = [number for name, number in _MONTHS.items() if len(word) >= 3 and name.startswith(word)]
    return found[0] if len(found) == 1 else 0


def _year(text: str, today: dt.date, *, ahead: bool = False) -> int:
    """Of two figures: the last such year that is not to come; ahead, it may be the next."""
    if len(text) == 4:
        return int(text)
    year = today.year // 100 * 100 + int(text)
    return year if year <= today.year + (10 if ahead else 0) else year - 100


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
