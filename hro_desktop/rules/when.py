# SPDX-License-Identifier: GPL-3.0-or-later
"""When something happened, from the words of whoever tells it: « hier, vers 8 h 30 », « avant-hier soir », « lundi ».

What is not understood stays unknown, and how the words were understood is said, so that it can be put right at once. A
day is never guessed between two: it is one of two, or unknown. Nothing here knows what day it is.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence

import attrs

from hro_desktop.law.tables import fold
from hro_desktop.rules.dates import MONTHS, PartialDate, Precision, french_day, french_time
from hro_desktop.rules.when_dates import WEEKDAYS, FutureError, NoSuchDayError, Span, spans
from hro_desktop.rules.when_hours import NO_TIME, SAID, Hours, hours_of, in_figures

__all__ = ["UNKNOWN", "When", "when_of"]

UNKNOWN = PartialDate.parse("?")
MOST = 300
"""Characters that are read: more is no answer to « quand »."""
_IGNORANCE = re.compile(r"\b(?:ne |n'en )?sai[st]? (?:pas|plus)(?: (?:si|quand|bien|trop|exactement))*(?: c'etait)?\b")
_DENIED = re.compile(r"\b(?:pas|ni|sauf|jamais)\b")
_DOUBT = re.compile(r"\b(?:peut[- ]etre|je crois|il croit|elle croit|sans doute|plutot|probablement)\b|\?")
_AROUND = re.compile(
    r"\b(?:vers|autour|aux alentours|environ|a peu pres) (?:le |du |de )?"
    rf"(?:(?:{'|'.join(WEEKDAYS)}|debut|mi|fin|hier|avant|{'|'.join(fold(each) for each in MONTHS)})\b|\d)"
)
_NO_HOUR = re.compile(r"(?:\b(?:vers|a|environ) )?(?<![\d/.:-])\d{1,2} ?(?:h(?:eures?)?\b(?: ?\d\d)?|h\d\d\b)")
"""What looks like a time of day and is none: « 25 h »."""
_ODD = "cette heure n’existe pas, à préciser"
_JOIN = re.compile(r"\b(?:ou|et|au|a)\b|-")
_NB = "\u00a0"


@attrs.frozen
class When:
    """A day, a time, and how they were understood.

    Args:
        occurred: a partial date, `?` when nothing was understood.
        time_from: `HH:MM`, or nothing.
        time_to: `HH:MM`, or nothing.
        approximate: whether the times are.
        understood: in words, for the line under the field.
    """

    occurred: PartialDate
    time_from: str
    time_to: str
    approximate: bool
    understood: str

    @property
    def known(self) -> bool:
        """Whether anything is known of the day."""
        return self.occurred.known


def when_of(words: str, today: dt.date) -> When:
    """What was meant by words said on a day. Facts are past: a day to come is not understood."""
    text = in_figures(_plain(words[:MOST]))
    hours = hours_of(text)
    if not text:
        return When(UNKNOWN, "", "", False, "")
    odd = None if NO_TIME.search(hours.rest) else _NO_HOUR.search(hours.rest)
    if odd:
        hours = attrs.evolve(hours, rest=hours.rest.replace(odd[0], " "))
    day, problem = _day(hours, today)
    found = _moment(day, hours, today, problem)
    return attrs.evolve(found, understood=f"{found.understood}{_NB}; {_ODD}") if odd else found


def _plain(words: str) -> str:
    """Lower case without accents, one kind of apostrophe and space."""
    letters = unicodedata.normalize("NFKD", words.casefold().replace("’", "'").replace("–", "-").replace("—", "-"))
    bare = "".join(c for c in letters if not unicodedata.combining(c) and (c.isascii() or c.isspace()))
    return re.sub(r"[^a-z0-9'/:.,?~-]+", " ", bare).strip()


def _day(hours: Hours, today: dt.date) -> tuple[PartialDate, str]:
    """The day, or nothing and why."""
    rest = _IGNORANCE.sub(" ", hours.rest)
    if _DENIED.search(rest):
        return UNKNOWN, "ces mots disent ce qui n’est pas"
    try:
        found, weekdays, left = spans(rest, today, night=hours.part == "nuit")
    except (FutureError, OverflowError):
        return UNKNOWN, "ce jour n’est pas encore venu"
    except NoSuchDayError:
        return UNKNOWN, "cette date n’existe pas"
    span, problem = _one_of(found, weekdays, left, today)
    if span is None:
        return UNKNOWN, problem
    if span.first > today:
        return UNKNOWN, "ce jour n’est pas encore venu"
    span = attrs.evolve(span, last=min(span.last, today) if span.unit == "day" else span.last)
    if _doubted(rest, hours, span):
        span = attrs.evolve(span, about=True)
    return _partial(_in_the_night(span, hours)), ""


def _doubted(rest: str, hours: Hours, span: Span) -> bool:
    """« vers le 12 », « peut-être hier »; a doubt about one of two days says nothing more."""
    single = span.unit != "day" or span.first == span.last
    unsure = _DOUBT.search(rest) and not (hours.told and rest.rstrip().endswith("?"))
    return single and bool(_AROUND.search(rest) or unsure)


def _one_of(found: Sequence[Span], weekdays: Sequence[int], left: str, today: dt.date) -> tuple[Span | None, str]:
    days = list(dict.fromkeys(found))
    if len(days) > 1:
        joined = _JOIN.search(left) and all(each.first == each.last for each in days)
        whole = Span(min(days).first, max(each.last for each in days))
        if not joined or len(days) > 2:
            return None, "plusieurs dates sont écrites"
        days = [whole]
    named = list(dict.fromkeys(weekdays))
    if not named:
        return (days[0], "") if days else (None, "aucun jour n’a été reconnu")
    if days:
        return _agreeing(days[0], named)
    return _by_weekday(named, today)


def _agreeing(span: Span, named: Sequence[int]) -> tuple[Span | None, str]:
    """A weekday beside a date: it must be that day, or choose one among those named."""
    possible = [
        day
        for number in range(min((span.last - span.first).days, 31) + 1)
        if (day := span.first + dt.timedelta(days=number)).weekday() in named
    ]
    if not possible:
        return None, f"cette date n’est pas un {WEEKDAYS[named[0]]}"
    if span.unit == "day" and len(possible) == 1:
        return Span(possible[0], possible[0], span.about), ""
    return span, ""


def _by_weekday(named: Sequence[int], today: dt.date) -> tuple[Span | None, str]:
    """« lundi »: the last one; said on a Monday, today or a week ago."""
    if len(named) > 2:
        return None, "plusieurs jours sont écrits"
    last = sorted(today - dt.timedelta(days=(today.weekday() - day) % 7) for day in named)
    if last[-1] == today and len(last) == 1:
        return Span(today - dt.timedelta(days=7), today), ""
    return Span(last[0], last[-1]), ""


def _in_the_night(span: Span, hours: Hours) -> Span:
    """A night named by its two days, with a time: before noon it is the second of them."""
    if hours.part == "nuit" and hours.told and not hours.end and (span.last - span.first).days == 1:
        day = span.last if hours.start < "12:00" else span.first
        return Span(day, day, span.about)
    return span


def _partial(span: Span) -> PartialDate:
    if span.unit == "month":
        return PartialDate.parse(f"{span.first:%Y-%m}{'~' if span.about else ''}")
    if span.unit == "year":
        return PartialDate.parse(f"{span.first:%Y}{'~' if span.about else ''}")
    if span.first != span.last:
        return PartialDate.parse(f"{span.first.isoformat()}/{span.last.isoformat()}")
    return PartialDate(Precision.DAY, span.first, span.first, span.about)


def _moment(day: PartialDate, hours: Hours, today: dt.date, problem: str) -> When:
    start, end = hours.start, hours.end
    clock = french_time(start, end, about=hours.approximate)
    said = _named(day, today) if day.known else ""
    if hours.part == "nuit" and day.is_range and (day.last - day.first).days == 1:
        said = f"dans la nuit {day.french_of().replace(' ou du ', ' au ')}"
    elif hours.part and not hours.told:
        clock = f"{SAID[hours.part]} ({clock})"
    if not said:
        known = f"{clock}{_NB}; " if clock else ""
        return When(day, start, end, hours.approximate, f"{known}jour non compris, à préciser ({problem})")
    return When(day, start, end, hours.approximate, ", ".join(part for part in (said, clock) if part))


def _named(day: PartialDate, today: dt.date) -> str:
    """« le dimanche 22 novembre 2026 (hier) »: the day of the week lets whoever types check."""
    if not day.exact:
        return day.french()
    near = {0: " (aujourd’hui)", 1: " (hier)", 2: " (avant-hier)"}.get((today - day.first).days, "")
    return f"le {WEEKDAYS[day.first.weekday()]} {french_day(day.first)}{near}"
