# SPDX-License-Identifier: GPL-3.0-or-later
"""Days as people say them: « avant-hier », « lundi », « le 12 octobre », « il y a deux semaines »."""

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import attrs

from hro_desktop.rules.dates import FIRST_YEAR, LAST_YEAR, MONTHS, add_months
from hro_desktop.rules.when_hours import blank

__all__ = ["WEEKDAYS", "FutureError", "NoSuchDayError", "Span", "spans"]

WEEKDAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS: Final = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre",
                  "novembre", "decembre")  # fmt: skip
_SHORT: Final = {"janv": 1, "fev": 2, "fevr": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11, "dec": 12}
_NUMBERS: Final = ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
                   "treize", "quatorze", "quinze", "seize")  # fmt: skip
_DAY: Final = r"(?:\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) )?"
_WEEKDAY: Final = r"(?P<{0}>lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
_MONTH: Final = r"(?P<month>" + "|".join([*_MONTHS, *sorted(_SHORT, key=len, reverse=True)]) + r")\b\.?"
_YEAR: Final = r"(?:,? (?P<year>(?:18|19|20|21)\d\d)\b)?"
_NUMBER: Final = r"(?P<number>\d{1,3}|une?|" + "|".join(_NUMBERS[1:]) + r")"
_LE: Final = r"(?:le )?"
assert len(_MONTHS) == len(MONTHS)


@attrs.frozen(order=True)
class Span:
    """The first and the last day of what was named; `about` when it was said so; `unit` how it was named."""

    first: dt.date
    last: dt.date
    about: bool = False
    unit: str = "day"


class FutureError(Exception):
    """What was said is still to come."""


class NoSuchDayError(Exception):
    """A date that no calendar has."""


def spans(text: str, today: dt.date, *, night: bool) -> tuple[list[Span], list[int], str]:
    """What days are named, in the order they stand.

    Args:
        text: words in plain lower case, without their time of day.
        today: the day they are said.
        night: whether « nuit » is said: « cette nuit » began yesterday.

    Returns:
        The days; the weekdays named alone (0 for Monday); and what is left of the words.

    Raises:
        FutureError: a day still to come.
        NoSuchDayError: « le 31 novembre ».
    """
    if re.search(r"\b(?:demain|prochaine?s?)\b", text):
        raise FutureError
    found: list[tuple[int, Span]] = []
    for pattern, read in _PATTERNS:
        for match in pattern.finditer(text):
            span = read(match, today)
            if span is None and read in _EXACT:
                raise NoSuchDayError
            if span is not None:
                found.append((match.start(), span))
                text = text[: match.start()] + blank(match) + text[match.end() :]
    if night and not found and re.search(r"\bcette nuit\b|\bnuit (?:derniere|passee)\b", text):
        found.append((0, Span(today - dt.timedelta(days=1), today)))
    days = [WEEKDAYS.index(match[0]) for match in re.finditer(_WEEKDAY.format("d") + r"\b", text)]
    return [span for _, span in sorted(found, key=lambda each: each[0])], days, text


def _month(name: str) -> int:
    return _MONTHS.index(name) + 1 if name in _MONTHS else _SHORT[name]


def _valid(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def _past(day: int, month: int, year: str | None, today: dt.date) -> dt.date | None:
    """That day of that year; without a year, the last time it came."""
    if year:
        return _valid(int(year), month, day)
    tries = (_valid(today.year - back, month, day) for back in range(9))
    return next((each for each in tries if each is not None and each <= today), None)


def _one(match: re.Match[str], today: dt.date) -> Span | None:
    day = _past(int(match["day"]), _month(match["month"]), match["year"], today)
    return Span(day, day) if day else None


def _two(match: re.Match[str], today: dt.date) -> Span | None:
    """« le 12 ou le 13 octobre », « entre le 12 et le 15 octobre », « dans la nuit du 12 au 13 octobre »."""
    last = _past(int(match["second"]), _month(match["month"]), match["year"], today)
    first = _valid(last.year, last.month, int(match["day"])) if last else None
    return Span(first, last) if first and last and first < last else None


def _figures(match: re.Match[str], today: dt.date) -> Span | None:
    year = match["year"]
    year = f"20{year}" if year and len(year) == 2 else year
    month = int(match["month"])
    day = _past(int(match["day"]), month, year, today) if 1 <= month <= 12 else None
    return Span(day, day) if day else None


def _iso(match: re.Match[str], today: dt.date) -> Span | None:
    del today
    day = _valid(int(match["year"]), int(match["month"]), int(match["day"]))
    return Span(day, day) if day else None


def _whole_month(match: re.Match[str], today: dt.date) -> Span | None:
    first = _past(1, _month(match["month"]), match["year"], today)
    if first is None:
        return None
    end = calendar.monthrange(first.year, first.month)[1]
    which = match["which"]
    if which:
        low, high = {"debut": (1, 10), "mi": (11, 20), "fin": (21, end)}[which]
        if not match["year"] and first.replace(day=low) > today:
            first = add_months(first, -12)
            high = calendar.monthrange(first.year, first.month)[1] if which == "fin" else high
        return Span(first.replace(day=low), first.replace(day=high))
    return Span(first, first.replace(day=end), unit="month")


def _ago(match: re.Match[str], today: dt.date) -> Span | None:
    said = match["number"]
    number = int(said) if said.isdigit() else 1 if said in ("un", "une") else _NUMBERS.index(said) + 1
    unit = match["unit"]
    about = bool(match["about"])
    if unit.startswith("h"):
        return Span(today - dt.timedelta(days=-(-number // 24) if number > 6 else 0), today - _days(number // 24))
    if unit.startswith("j"):
        return Span(today - _days(number), today - _days(number), about)
    if unit.startswith("s"):
        return Span(today - _days(7 * number), today - _days(7 * number), True)
    back = add_months(today, -number * (1 if unit.startswith("m") else 12))
    if back.year < FIRST_YEAR + 1:
        return None
    if unit.startswith("m"):
        first = back.replace(day=1)
        return Span(first, first.replace(day=calendar.monthrange(first.year, first.month)[1]), True, "month")
    return Span(dt.date(back.year, 1, 1), dt.date(back.year, 12, 31), True, "year")


def _days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)


def _nights(match: re.Match[str], today: dt.date) -> Span | None:
    """« dans la nuit de dimanche à lundi »: the last one."""
    one, two = WEEKDAYS.index(match["one"]), WEEKDAYS.index(match["two"])
    if (one + 1) % 7 != two:
        return None
    last = today - _days((today.weekday() - two) % 7)
    return Span(last - _days(1), last)


def _relative(back: int, length: int = 1) -> Callable[[re.Match[str], dt.date], Span]:
    return lambda match, today: Span(today - _days(back), today - _days(back - length + 1))


def _week(match: re.Match[str], today: dt.date) -> Span:
    monday = today - _days(today.weekday())
    if match["last"]:
        return Span(monday - _days(7), monday - _days(1))
    return Span(monday, today)


def _weekend(match: re.Match[str], today: dt.date) -> Span:
    """The last one that began; on its own days, « dernier » is the one before."""
    saturday = today - _days((today.weekday() - 5) % 7)
    if match["last"] and today.weekday() >= 5:
        saturday -= _days(7)
    return Span(saturday, min(saturday + _days(1), today))


def _this_month(match: re.Match[str], today: dt.date) -> Span:
    first = add_months(today.replace(day=1), -1 if match["last"] else 0)
    return Span(first, first.replace(day=calendar.monthrange(first.year, first.month)[1]), unit="month")


def _year(match: re.Match[str], today: dt.date) -> Span:
    del today
    year = int(match["year"])
    return Span(dt.date(year, 1, 1), dt.date(year, 12, 31), unit="year")


def _alone(match: re.Match[str], today: dt.date) -> Span | None:
    """« le 12 »: the last twelfth."""
    for back in range(4):
        month = add_months(today.replace(day=1), -back)
        day = _valid(month.year, month.month, int(match["day"]))
        if day is not None and day <= today:
            return Span(day, day)
    return None


def _last_weekday(match: re.Match[str], today: dt.date) -> Span:
    """« lundi dernier »: the last one before today."""
    back = (today.weekday() - WEEKDAYS.index(match["d"]) - 1) % 7 + 1
    return Span(today - _days(back), today - _days(back))


Read = Callable[[re.Match[str], dt.date], Span | None]


def _compiled() -> Iterator[tuple[re.Pattern[str], Read]]:
    listed: Sequence[tuple[str, Read]] = (
        (
            r"\b(?:(?:entre |du |de |nuit du )?" + _DAY + _LE + r")(?P<day>\d{1,2})(?:er)? ?(?:ou|et|au|-) ?"
            + _LE + _DAY + r"(?P<second>\d{1,2})(?:er)? " + _MONTH + _YEAR, _two,
        ),
        (r"\b(?P<day>\d{1,2})(?:er)? " + _MONTH + _YEAR, _one),
        (r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b", _iso),
        (r"\b(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>\d{4}|\d{2})\b", _figures),
        (r"\b(?P<day>\d{1,2})/(?P<month>\d{1,2})(?P<year>)\b", _figures),
        (r"\b(?:(?P<which>debut|mi|fin)[ -](?:du mois )?(?:de |d')?)?" + _MONTH + _YEAR, _whole_month),
        (r"\bnuit de " + _WEEKDAY.format("one") + " a " + _WEEKDAY.format("two"), _nights),
        (r"\bavant[- ]?hier\b", _relative(2)),
        (r"\bhier\b", _relative(1)),
        (r"\bquelques jours\b|\bces (?:derniers|jours)(?: jours)?(?:[- ]ci)?\b", _relative(7, 8)),
        (r"\b(?:aujourd'? ?hui|ce matin|ce midi|cet? (?:apres[- ]?midi|aprem)|ce soir|tout a l'heure|maintenant|"
         r"a l'instant|cette (?:matinee|apres[- ]?midi))\b", _relative(0)),
        (r"\bil y a (?P<about>environ |a peu pres )?" + _NUMBER
         + r" ?(?P<unit>heures?|h|jours?|semaines?|mois|ans?|annees?)\b", _ago),
        (r"\b(?:la semaine (?P<last>derniere|passee)|cette semaine)\b", _week),
        (r"\b(?:ce|le) week[- ]?end(?P<last> dernier| passe)?\b", _weekend),
        (r"\b(?:le mois (?P<last>dernier|passe)|ce mois(?:[- ]ci)?)\b", _this_month),
        (r"\b(?:l'annee (?:derniere|passee)|l'an (?:dernier|passe)|cette annee)\b", _year_said),
        (_WEEKDAY.format("d") + r" (?:dernier|passe)\b", _last_weekday),
        (r"\ble (?P<day>\d{1,2})(?:er)?\b(?! ?(?:h|/))", _alone),
        (r"\b(?P<year>(?:19|20)\d\d)\b", _year),
    )  # fmt: skip
    for pattern, read in listed:
        yield re.compile(pattern), read


def _year_said(match: re.Match[str], today: dt.date) -> Span:
    year = today.year - (0 if match[0].startswith("cette") else 1)
    return Span(dt.date(year, 1, 1), dt.date(year, 12, 31), unit="year")


_EXACT: Final = (_one, _figures, _iso)
"""Readers of whole dates: what they cannot read is no day."""
_PATTERNS: Final = tuple(_compiled())
