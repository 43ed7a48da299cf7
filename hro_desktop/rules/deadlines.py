# SPDX-License-Identifier: GPL-3.0-or-later
"""When a clock ends or a right opens, from a day that may be uncertain.

A clock that expires is counted from the earliest possible day, one that opens a right from the latest: otherwise a step
is too late, or premature. The day of the facts is not counted and the term ends on the anniversary at midnight (Crim. 9
January 2018, n° 16-86.735); the association works with the day before. Nothing is moved for weekends: a prescription is
no procedural time limit.
"""

import datetime as dt
from typing import Literal

import attrs

from hro_desktop.law import vocabulary
from hro_desktop.law.deadlines import Deadline
from hro_desktop.rules.dates import PartialDate, add_months, french_day

__all__ = ["Due", "State", "due"]

State = Literal["to_come", "open", "doubtful", "past"]
_NB = "\u00a0"


@attrs.frozen(kw_only=True)
class Due:
    """One clock on one day.

    Args:
        deadline: its row.
        day: for what expires, the day to work with (the prudent one); for what opens, the first day it is open.
        legal: for what expires, the last legal day, counted from the earliest possible day; else the same as `day`.
        latest: for what expires, the last legal day if it all began on the latest possible day.
        state: `to_come`; `open` for a right that is; `doubtful`, past by the earliest possible day and not by the
            latest; `past`.
        working: the count in words, to be shown beside it.
    """

    deadline: Deadline
    day: dt.date
    legal: dt.date
    latest: dt.date
    state: State
    working: str

    @property
    def kind(self) -> str:
        """Which of the four kinds of dates it is, in words."""
        return vocabulary.label("date_kinds", self.deadline.kind)

    @property
    def sentence(self) -> str:
        """What a user reads."""
        return self.deadline.sentence.replace("{day}", french_day(self.day))


def due(deadline: Deadline, start: PartialDate, on: dt.date) -> Due | None:
    """The day of a clock that started on a day known in part; nothing when nothing is known of it."""
    first, last = start.earliest, start.latest
    if first is None or last is None:
        return None
    if deadline.clock == "opens":
        opens = _count(deadline, last) + dt.timedelta(days=1)
        state: State = "open" if opens <= on else "to_come"
        return Due(
            deadline=deadline,
            day=opens,
            legal=opens,
            latest=opens,
            state=state,
            working=f"{_from(start, last, 'dernier')} + {_length(deadline)}{_NB}: attendre jusqu’au "
            f"{french_day(opens - dt.timedelta(days=1))} inclus.",
        )
    legal, latest = _count(deadline, first), _count(deadline, last)
    day = legal - dt.timedelta(days=deadline.prudent_days)
    state = "to_come" if on <= day else "doubtful" if on <= latest else "past"
    prudent = f"{_NB}; jour prudent{_NB}: le {french_day(day)}" if deadline.prudent_days else ""
    return Due(
        deadline=deadline,
        day=day,
        legal=legal,
        latest=latest,
        state=state,
        working=f"{_from(start, first, 'premier')} + {_length(deadline)} = {french_day(legal)} à 24{_NB}h{prudent}.",
    )


def _count(deadline: Deadline, day: dt.date) -> dt.date:
    return add_months(day, deadline.months) + dt.timedelta(days=deadline.days)


def _from(start: PartialDate, day: dt.date, which: str) -> str:
    return french_day(day) if start.exact else f"{french_day(day)} ({which} jour possible)"


def _length(deadline: Deadline) -> str:
    """« six ans », « trois mois », « 30 jours »."""
    years, months = divmod(deadline.months, 12)
    parts = [
        f"{years}{_NB}an{'s' if years > 1 else ''}" if years else "",
        f"{months}{_NB}mois" if months else "",
        f"{deadline.days}{_NB}jour{'s' if deadline.days > 1 else ''}" if deadline.days else "",
    ]
    return " et ".join(part for part in parts if part) or f"0{_NB}jour"
