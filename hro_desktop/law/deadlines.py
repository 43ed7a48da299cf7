# SPDX-License-Identifier: GPL-3.0-or-later
"""Clocks of the work: how long, from what, under which text, and which of the four kinds of dates they make."""

import datetime as dt
import functools
from typing import Literal

import attrs

from hro_desktop.law.tables import Row, TableError, build_all, in_force, read

__all__ = ["Clock", "Deadline", "Starts", "deadline", "deadlines", "in_force_on"]

Clock = Literal["expires", "opens"]
Starts = Literal["facts", "step", "receipt"]
Kind = Literal["echeance_legale", "ouverture_droit", "perte_preuve", "rappel_interne"]


@attrs.frozen(kw_only=True)
class Deadline(Row):
    """One clock.

    Args:
        label: as a list names it.
        kind: list `date_kinds`.
        clock: whether something ends (counted from the earliest possible day) or opens (from the latest).
        starts: what it is counted from.
        sentence: what a user reads; `{day}` is the day.
        detail: what goes with it, in a few words.
        months: how long.
        days: how long besides.
        prudent_days: how long before the legal day the association works with.
        offence_class: for a prescription, list `offence_classes`.
        incident_kinds: for a prescription, the kinds of facts it may be about.
        procedures: for a step, the procedures it is a step of.
        steps: the states that start it.
        waiting: the states in which it still matters.
    """

    label: str
    kind: Kind
    clock: Clock
    starts: Starts
    sentence: str
    detail: str
    months: int = 0
    days: int = 0
    prudent_days: int = 0
    offence_class: str = ""
    incident_kinds: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


@functools.cache
def deadlines() -> tuple[Deadline, ...]:
    """Every clock, in the order of the file."""
    data = dict(read("deadlines.toml"))
    rows = build_all(Deadline, data.pop("deadline"), "deadlines.deadline")
    if data:
        raise TableError("deadlines: unknown section")
    return rows


def deadline(code: str, on: dt.date) -> Deadline:
    """One clock as the text is that day.

    Raises:
        KeyError: no such clock on that day.
    """
    return in_force(deadlines(), code, on)


def in_force_on(starts: Starts, on: dt.date) -> tuple[Deadline, ...]:
    """The clocks that start from one thing, as they are that day."""
    return tuple(row for row in deadlines() if row.starts == starts and row.holds_on(on))
