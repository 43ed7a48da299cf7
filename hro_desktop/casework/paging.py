# SPDX-License-Identifier: GPL-3.0-or-later
"""Long lists: every id in order from the base, and rows of the pages somebody looks at."""

import datetime as dt
import sys
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, overload

from sqlalchemy import Select
from sqlalchemy.orm import Session

__all__ = ["Ids", "day", "in_order", "ordered"]

R = TypeVar("R")


class Ids(Sequence[uuid.UUID]):
    """Ids kept as the base writes them, made when asked for: of 100,000 a list shows fifty."""

    def __init__(self, written: list[str]) -> None:
        self._written = written

    def __len__(self) -> int:
        return len(self._written)

    @overload
    def __getitem__(self, place: int) -> uuid.UUID: ...

    @overload
    def __getitem__(self, place: slice) -> list[uuid.UUID]: ...

    def __getitem__(self, place: int | slice) -> uuid.UUID | list[uuid.UUID]:
        if isinstance(place, slice):
            return [uuid.UUID(each) for each in self._written[place]]
        return uuid.UUID(self._written[place])

    def __contains__(self, value: object) -> bool:
        return isinstance(value, uuid.UUID) and value.hex in self._written

    def index(self, value: uuid.UUID, start: int = 0, stop: int = sys.maxsize) -> int:
        """Where an id stands, without making those before it: a list asks that while somebody waits."""
        return self._written.index(value.hex, start, stop)


def ordered(session: Session, *parts: Select[Any]) -> Ids:
    """The ids of these selects, one after the other.

    They are taken from the driver as it gives them: a hundred thousand UUIDs, or rows, keep the collector busy.
    """
    written: list[str] = []
    for part in parts:
        cursor: Any = session.connection().execute(part).cursor
        written += [each for (each,) in cursor.fetchall()]
    return Ids(written)


def in_order(wanted: Sequence[uuid.UUID], by_id: Mapping[uuid.UUID, R]) -> list[R]:
    """Rows in the order of the ids asked for; what is gone meanwhile is left out."""
    return [by_id[each] for each in wanted if each in by_id]


def day(known: dt.date | None) -> str:
    """A day as rows carry it: ISO, or nothing."""
    return known.isoformat() if known else ""
