# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates as people remember them: « le 12 octobre 2026 », « en mars 2026 », « vers 2001 », « le 12 ou le 13 ».

Nothing here knows what day it is: every day is an argument.
"""

import calendar
import datetime as dt
import enum
import re
from typing import Final, Literal

import attrs

__all__ = ["EARLIEST", "PartialDate", "Precision", "add_months", "born_clause", "french_day", "french_time"]

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
MAJORITY = 18
FIRST_YEAR, LAST_YEAR = 1800, 2200
"""Years outside are typing errors, not memories."""


class Precision(enum.IntEnum):
    """How much of a date is known."""

    UNKNOWN = 0
    YEAR = 1
    MONTH = 2
    DAY = 3


_ONE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@attrs.frozen
class PartialDate:
    """A date known in part.

    Written `2001`, `2001-03`, `2001-03-04`; with `~` for « vers » (`2001~`); `2026-10-12/2026-10-13` for one of two
    neighbours, or for somewhere between two dates further apart; `?` when nothing is known.

    Args:
        precision: what `first` and `last` mean.
        first: first day of the (first) year, month or day named.
        last: last day of the (last) year, month or day named; what is named, not what is possible.
        about: « vers ».

    Equal dates have equal `text`; use `parse` to make one.
    """

    precision: Precision
    first: dt.date
    last: dt.date
    about: bool = False

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read one.

        Raises:
            ValueError: not such a date; the message is a code and does not repeat the text.
        """
        text = text.strip()
        if text == "?":
            return cls(Precision.UNKNOWN, dt.date.min, dt.date.max)
        if "/" in text:
            start, _, end = text.partition("/")
            precision, first, _ = _read(start.strip())
            other, second, last = _read(end.strip())
            if precision != other or second <= first:
                raise ValueError("date.range")
            return cls(precision, first, last)
        about = text.endswith("~")
        precision, first, last = _read(text.removesuffix("~").rstrip())
        return cls(precision, first, last, about)

    @classmethod
    def on(cls, day: dt.date) -> "PartialDate":
        """A known day."""
        return cls(Precision.DAY, day, day)

    @property
    def text(self) -> str:
        """How it is written; `parse` reads it back."""
        if self.precision is Precision.UNKNOWN:
            return "?"
        cut = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}[self.precision]
        text = self.first.isoformat()[:cut]
        if self.is_range:
            return f"{text}/{self.last.isoformat()[:cut]}"
        return f"{text}~" if self.about else text

    @property
    def known(self) -> bool:
        """False for `?`."""
        return self.precision is not Precision.UNKNOWN

    @property
    def exact(self) -> bool:
        """True for one known day."""
        return self.precision is Precision.DAY and self.first == self.last and not self.about

    @property
    def is_range(self) -> bool:
        """True for `A/B`."""
        return self.known and self.last > _end(self.precision, self.first)

    @property
    def earliest(self) -> dt.date | None:
        """The first possible day; a clock that expires starts here. `None` when nothing is known.

        « vers » leaves one year on either side of a year, one month of a month, three days of a day.
        """
        if not self.known:
            return None
        return _shift(self.precision, self.first, -1) if self.about else self.first

    @property
    def latest(self) -> dt.date | None:
        """The last possible day; a clock that opens a right starts here. `None` when nothing is known."""
        if not self.known:
            return None
        return _end(self.precision, _shift(self.precision, self.last, 1)) if self.about else self.last

    def trigger(self, clock: Literal["expires", "opens"]) -> dt.date | None:
        """The day a clock starts from: prudent in both directions."""
        return self.earliest if clock == "expires" else self.latest

    def may_be(self, day: dt.date) -> bool:
        """Whether that day is possible."""
        earliest, latest = self.earliest, self.latest
        return earliest is None or latest is None or earliest <= day <= latest

    def age_on(self, day: dt.date) -> tuple[int, int] | None:
        """Least and greatest age in whole years of somebody born then; `None` when unknown or not yet born."""
        earliest, latest = self.earliest, self.latest
        if earliest is None or latest is None or earliest > day:
            return None
        return max(0, _years(latest, day)), _years(earliest, day)

    def is_minor_on(self, day: dt.date) -> bool | None:
        """Whether somebody born then is under 18 that day; `None` when they may be."""
        ages = self.age_on(day)
        if ages is None:
            return None
        least, greatest = ages
        if greatest < MAJORITY:
            return True
        return False if least >= MAJORITY else None

    def french(self) -> str:
        """When: « le 1er mars 2026 », « en mars 2026 », « vers 2001 », « le 12 ou le 13 octobre 2026 »."""
        if not self.known:
            return "à une date inconnue"
        if self.is_range:
            return self._between() or self._either("le ", "en ")
        bare = self._bare_one()
        if self.about:
            return f"vers le {bare}" if self.precision is Precision.DAY else f"vers {bare}"
        return f"le {bare}" if self.precision is Precision.DAY else f"en {bare}"

    def french_of(self) -> str:
        """Of when: « du 12 octobre 2026 », « d’octobre 2026 », « de 2001 », « des environs de 2001 »."""
        if not self.known:
            return "de date inconnue"
        if self.is_range:
            between = self._between()
            return f"d’une date située {between}" if between else self._either("du ", "de ")
        bare = self._bare_one()
        if self.about:
            return f"des environs {'du ' if self.precision is Precision.DAY else _de(bare)}{bare}"
        return f"du {bare}" if self.precision is Precision.DAY else f"{_de(bare)}{bare}"

    def french_bare(self) -> str:
        """For a box of a form: « 12 octobre 2026 », « mars 2026 », « vers 2001 », nothing when unknown."""
        if not self.known:
            return ""
        if self.is_range:
            return self._between() or self._either("", "")
        return self.french() if self.about else self._bare_one()

    def _bare_one(self) -> str:
        return _bare(self.precision, self.first)

    def _second(self) -> dt.date:
        """First day of the second year, month or day of a range."""
        return self.last if self.precision is Precision.DAY else _start(self.precision, self.last)

    def _between(self) -> str:
        """« entre le 12 et le 20 octobre 2026 », or nothing when the two are neighbours."""
        if _shift_exact(self.precision, self.first) == self._second():
            return ""
        article = "le " if self.precision is Precision.DAY else ""
        first = _bare(self.precision, self.first, beside=self._second())
        return f"entre {article}{first} et {article}{_bare(self.precision, self._second())}"

    def _either(self, before_day: str, before_other: str) -> str:
        """« le 12 ou le 13 octobre 2026 », « en mars ou en avril 2026 »."""
        first = _bare(self.precision, self.first, beside=self._second())
        second = _bare(self.precision, self._second())
        if self.precision is Precision.DAY:
            return f"{before_day}{first} ou {before_day}{second}"
        if before_other == "de ":
            return f"{_de(first)}{first} ou {_de(second)}{second}"
        return f"{before_other}{first} ou {before_other}{second}"


EARLIEST: Final = dt.date(2015, 1, 1)
"""Nothing that this work records of itself is older: an event, a sending, a letter of before is a slip of the year."""


def french_day(day: dt.date) -> str:
    """« 1er mars 2026 »."""
    return _bare(Precision.DAY, day)


def french_time(start: str, end: str = "", *, about: bool = False) -> str:
    """When in the day, from `HH:MM` texts: « à 8 h 40 », « vers 8 h », « entre 8 h 40 et 9 h 10 », or nothing.

    Raises:
        ValueError: not a time of day; the message is a code.
    """
    if not start:
        return ""
    if end and end != start:
        around = "environ " if about else ""
        return f"entre {around}{_clock(start)} et {_clock(end)}"
    return f"{'vers' if about else 'à'} {_clock(start)}"


def born_clause(born: PartialDate, sex: str, place: str = "") -> str:
    """« né le 3 mars 2001 à Khartoum », agreed with `sex` (m, f, x); nothing when neither is known.

    For x: « dont la naissance date du 3 mars 2001, à Khartoum ».
    """
    where = f"à {place}" if place else ""
    if sex in ("m", "f"):
        word = "née" if sex == "f" else "né"
        when = born.french() if born.known else ""
        return " ".join(part for part in (word, when, where) if part) if when or where else ""
    if born.known:
        return f"dont la naissance date {born.french_of()}" + (f", {where}" if where else "")
    return f"dont le lieu de naissance est {place}" if place else ""


def add_months(day: dt.date, months: int) -> dt.date:
    """Same day of the month so many months later, else the last day of that month (CPC 641)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _read(text: str) -> tuple[Precision, dt.date, dt.date]:
    match = _ONE.fullmatch(text)
    if match is None or not text.isascii():
        raise ValueError("date.form")
    year, month, day = (int(part) if part else 0 for part in match.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError("date.year")
    precision = Precision.DAY if match[3] else Precision.MONTH if match[2] else Precision.YEAR
    try:
        first = dt.date(year, month if match[2] else 1, day if match[3] else 1)
    except ValueError:
        raise ValueError("date.calendar") from None
    return precision, first, _end(precision, first)


def _start(precision: Precision, day: dt.date) -> dt.date:
    return day.replace(day=1) if precision is Precision.MONTH else day.replace(month=1, day=1)


def _end(precision: Precision, first: dt.date) -> dt.date:
    if precision is Precision.DAY:
        return first
    if precision is Precision.MONTH:
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return first.replace(month=12, day=31)


def _shift(precision: Precision, day: dt.date, sign: int) -> dt.date:
    """What « vers » leaves open: a year, a month or three days to one side, from the start of what is named."""
    if precision is Precision.DAY:
        return day + dt.timedelta(days=3 * sign)
    return add_months(_start(precision, day), sign * (1 if precision is Precision.MONTH else 12))


def _shift_exact(precision: Precision, day: dt.date) -> dt.date:
    """The next day, month or year."""
    if precision is Precision.DAY:
        return day + dt.timedelta(days=1)
    return add_months(day, 1 if precision is Precision.MONTH else 12)


def _years(born: dt.date, day: dt.date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _bare(precision: Precision, day: dt.date, beside: dt.date | None = None) -> str:
    """A date in letters; what it shares with `beside`, which follows, is left out."""
    number = "1er" if day.day == 1 else str(day.day)
    words = {
        Precision.DAY: [number, MONTHS[day.month - 1], str(day.year)],
        Precision.MONTH: [MONTHS[day.month - 1], str(day.year)],
    }.get(precision, [str(day.year)])
    if beside is not None and len(words) > 1 and day.year == beside.year:
        words.pop()
        if precision is Precision.DAY and day.month == beside.month:
            words.pop()
    # the number of a day never stands alone at the end of a line
    return " ".join(words).replace(" ", "\u00a0", int(precision is Precision.DAY))


def _de(words: str) -> str:
    return "d’" if words[0] in "ao" else "de "


def _clock(text: str) -> str:
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text)
    if match is None:
        raise ValueError("time.form")
    hour, minute = int(match[1]), match[2]
    return f"{hour}\u00a0h" if minute == "00" else f"{hour}\u00a0h\u00a0{minute}"
