# SPDX-License-Identifier: GPL-3.0-or-later
"""Long lists: every id in order from the base, and rows of the pages somebody looks at."""

import datetime as dt
import itertools
import re
import sys
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final, TypeVar, overload

from sqlalchemy import ColumnElement, Select, Text, func, select, type_coerce
from sqlalchemy.orm import Session

__all__ = ["Ids", "by_rank", "day", "grouped", "in_order", "only", "ordered"]

R = TypeVar("R")


_SIZE: Final = 32
"""Signs of an id as the base writes it."""
_EACH: Final = re.compile(f".{{{_SIZE}}}")


class Ids(Sequence[uuid.UUID]):
    """Ids kept as the base writes them, one after the other in one text, made when asked for: a list shows fifty.

    The base puts them together: a hundred thousand rows, or small texts, would keep the interpreter busy for longer
    than the question takes.
    """

    def __init__(self, written: str) -> None:
        self._written = written

    def __len__(self) -> int:
        return len(self._written) // _SIZE

    @overload
    def __getitem__(self, place: int) -> uuid.UUID: ...

    @overload
    def __getitem__(self, place: slice) -> list[uuid.UUID]: ...

    def __getitem__(self, place: int | slice) -> uuid.UUID | list[uuid.UUID]:
        places = range(len(self))[place]
        if isinstance(places, range):
            return [self._made(each) for each in places]
        return self._made(places)

    def __contains__(self, value: object) -> bool:
        return isinstance(value, uuid.UUID) and self._place(value.hex) is not None

    def index(self, value: uuid.UUID, start: int = 0, stop: int = sys.maxsize) -> int:
        """Where an id stands, without making those before it: a list asks that while somebody waits."""
        place = self._place(value.hex, start)
        if place is None or place >= stop:
            raise ValueError(value)
        return place

    @property
    def written(self) -> list[str]:
        """The ids as the base writes them."""
        return _EACH.findall(self._written)

    def without(self, places: Sequence[int]) -> list[str]:
        """The ids but those at these places, which stand in order: what lies between them, as the base writes it."""
        ends = (-1, *places, len(self))
        return [self._written[(last + 1) * _SIZE : next_ * _SIZE] for last, next_ in itertools.pairwise(ends)]

    def _made(self, place: int) -> uuid.UUID:
        return uuid.UUID(self._written[place * _SIZE : (place + 1) * _SIZE])

    def _place(self, written: str, start: int = 0) -> int | None:
        at = self._written.find(written, start * _SIZE)
        while at % _SIZE and at >= 0:  # the end of one id and the beginning of the next
            at = self._written.find(written, at + 1)
        return at // _SIZE if at >= 0 else None


def ordered(session: Session, *parts: Select[Any]) -> Ids:
    """The ids of these selects, each in its own order, one after the other."""
    return Ids("".join(_together(session, part) for part in parts))


def grouped(
    session: Session,
    part: Select[Any],
    key: ColumnElement[Any],
    rank: Callable[[Any], int],
    *,
    descending: bool = False,
) -> Ids:
    """The ids of a select by the rank of a key, in the order of the select where it is the same.

    For keys that are few and whose order the base does not know; an index must begin with the key and go on with the
    order of the select, else the base sorts its rows once for each key. Ids whose rank is 0 are last both ways.
    """
    ranks = {each: rank(each) for each in session.scalars(select(key).distinct())}
    order = sorted((each for each in ranks if ranks[each]), key=ranks.__getitem__, reverse=descending)
    unranked = [each for each in ranks if not ranks[each]]
    return Ids("".join(_together(session, part.where(key.is_not_distinct_from(each))) for each in (*order, *unranked)))


def only(ids: Ids, wanted: Collection[uuid.UUID]) -> Ids:
    """Those of the ids that are wanted, in their order."""
    kept = set(wanted.written) if isinstance(wanted, Ids) else {each.hex for each in wanted}
    return Ids("".join(each for each in ids.written if each in kept))


def by_rank(ids: Ids, rank: Mapping[uuid.UUID, Any], *, descending: bool = False) -> Ids:
    """The ids by their rank, in their own order where it is the same; those without one are last both ways."""
    known = {each.hex: value for each, value in rank.items()}
    written = ids.written
    places = [at for at, each in enumerate(written) if each in known]
    ranked = sorted((written[at] for at in places), key=known.__getitem__, reverse=descending)
    return Ids("".join((*ranked, *ids.without(places))))


def _together(session: Session, part: Select[Any]) -> str:
    rows = part.subquery()
    (ids,) = rows.c
    return session.scalar(select(_joined(ids)).select_from(rows)) or ""


def _joined(ids: Any) -> Any:  # noqa: ANN401 - a column of ids, and all of them as one text
    """SQLite keeps the order of the rows below for this function: it drops theirs for counts and extremes alone."""
    return func.group_concat(type_coerce(ids, Text), "", type_=Text)


def in_order(wanted: Sequence[uuid.UUID], by_id: Mapping[uuid.UUID, R]) -> list[R]:
    """Rows in the order of the ids asked for; what is gone meanwhile is left out."""
    return [by_id[each] for each in wanted if each in by_id]


def day(known: dt.date | None) -> str:
    """A day as rows carry it: ISO, or nothing."""
    return known.isoformat() if known else ""
