# SPDX-License-Identifier: GPL-3.0-or-later
"""Long lists: every id in order from the base, and rows of the pages somebody looks at."""

import datetime as dt
import sys
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar, overload

from sqlalchemy import Select
from sqlalchemy.orm import Session

__all__ = ["Ids", "by_rank", "day", "grouped", "in_order", "only", "ordered"]

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

    @property
    def written(self) -> Sequence[str]:
        """The ids as the base writes them."""
        return self._written


def ordered(session: Session, *parts: Select[Any]) -> Ids:
    """The ids of these selects, one after the other.

    They are taken from the driver as it gives them: a hundred thousand UUIDs, or rows, keep the collector busy.
    """
    written: list[str] = []
    for part in parts:
        cursor: Any = session.connection().execute(part).cursor
        written += [each for (each,) in cursor.fetchall()]
    return Ids(written)


def grouped(session: Session, part: Select[Any], rank: Callable[[Any], int], *, descending: bool = False) -> Ids:
    """The ids of a select of (id, key), by the rank of their keys, in the order of the select where it is the same.

    For keys that are few and that no index sorts by: sorting rows by them in the base takes twice as long. Ids whose
    rank is 0 are last both ways.
    """
    cursor: Any = session.connection().execute(part).cursor
    groups: dict[Any, list[str]] = {}
    for each, key in cursor.fetchall():
        groups.setdefault(key, []).append(each)
    ranks = {key: rank(key) for key in groups}
    order = sorted((key for key in groups if ranks[key]), key=ranks.__getitem__, reverse=descending)
    return Ids([each for key in (*order, *(key for key in groups if not ranks[key])) for each in groups[key]])


def only(ids: Ids, wanted: Collection[uuid.UUID]) -> Ids:
    """Those of the ids that are wanted, in their order."""
    kept = {each.hex for each in wanted}
    return Ids([each for each in ids.written if each in kept])


def by_rank(ids: Ids, rank: Mapping[uuid.UUID, Any], *, descending: bool = False) -> Ids:
    """The ids by their rank, in their own order where it is the same; those without one are last both ways."""
    known = {each.hex: value for each, value in rank.items()}
    ranked = [each for each in ids.written if each in known]
    ranked.sort(key=known.__getitem__, reverse=descending)
    return Ids(ranked + [each for each in ids.written if each not in known])


def in_order(wanted: Sequence[uuid.UUID], by_id: Mapping[uuid.UUID, R]) -> list[R]:
    """Rows in the order of the ids asked for; what is gone meanwhile is left out."""
    return [by_id[each] for each in wanted if each in by_id]


def day(known: dt.date | None) -> str:
    """A day as rows carry it: ISO, or nothing."""
    return known.isoformat() if known else ""
