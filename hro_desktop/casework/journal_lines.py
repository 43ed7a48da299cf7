# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of the whole vault, line by line: what was done, to which record, when, by whom, and whether it holds."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence

import attrs
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hro_desktop.casework import journal, key_slots, lookup
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.fields import PARIS
from hro_desktop.records.journal import JournalLine
from hro_desktop.vault import journal as chain
from hro_desktop.vault.findings import Finding

__all__ = ["Checked", "LineRow", "actors", "ids", "line_id", "rows", "verify"]


@attrs.frozen(kw_only=True)
class LineRow:
    """One line as it is read.

    Args:
        id: stands for its number in a list.
        n: its number.
        at: when, in France.
        words: what was done.
        about: what the record is called; empty when it is gone, or is no record.
        table: of the record; empty when the line is about none.
        record_id: of the record, when it still exists.
        by: the volunteer, or the access when nobody said whose it is.
        object_id: what the line names, whatever became of it.
        hash: of the line.
        previous: of the one before.
    """

    id: uuid.UUID
    n: int
    at: dt.datetime
    words: str
    about: str
    table: str
    record_id: uuid.UUID | None
    by: str
    object_id: str
    hash: str
    previous: str


@attrs.frozen
class Checked:
    """What following the chain gave: the last line that holds, its hash, how many there are, and a break if any."""

    n: int
    hash: str
    total: int
    findings: tuple[Finding, ...]


def line_id(n: int) -> uuid.UUID:
    """A number as lists want it."""
    return uuid.UUID(int=n)


def ids(session: Session, *, day: dt.date | None = None, actor: str = "", object_id: str = "") -> list[uuid.UUID]:
    """The lines of one day in France, by one access, about one record, or all of them; the last first."""
    asked = select(JournalLine.n).order_by(JournalLine.n.desc())
    if day is not None:
        start, end = (
            dt.datetime.combine(each, dt.time(), PARIS).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S")
            for each in (day, day + dt.timedelta(days=1))
        )
        asked = asked.where(JournalLine.utc >= start, JournalLine.utc < end)
    if actor:
        asked = asked.where(JournalLine.actor == actor)
    if object_id:
        asked = asked.where(JournalLine.object == object_id)
    return [line_id(n) for n in session.scalars(asked)]


def rows(session: Session, wanted: Sequence[uuid.UUID]) -> list[LineRow]:
    """Some lines, in the order asked for."""
    found = {
        line_id(each.n): each
        for each in session.scalars(select(JournalLine).where(JournalLine.n.in_([each.int for each in wanted])))
    }
    lines = [found[each] for each in wanted if each in found]
    called = _called(session, lines)
    named = key_slots.actors(session)
    return [
        LineRow(
            id=line_id(each.n),
            n=each.n,
            at=dt.datetime.fromisoformat(each.utc).astimezone(PARIS),
            words=journal.words(each.action),
            about=called.get((_table(each), each.object), ""),
            table=_table(each),
            record_id=uuid.UUID(each.object) if (_table(each), each.object) in called else None,
            by=key_slots.called(each.actor, named),
            object_id=each.object,
            hash=each.hash,
            previous=each.previous,
        )
        for each in lines
    ]


def actors(session: Session) -> tuple[tuple[str, str], ...]:
    """Everybody who did something: the access, and what it is called."""
    named = key_slots.actors(session)
    found = session.scalars(select(JournalLine.actor).distinct())
    return tuple(sorted(((each, key_slots.called(each, named)) for each in found), key=lambda pair: pair[1].casefold()))


def verify(desk: Desk, progress: Callable[[int, int], None] | None = None) -> Checked:
    """Follow the chain from its beginning.

    Args:
        desk: of the vault.
        progress: called with the lines done and their number; what it raises stops the reading.
    """
    with desk.read() as session:
        total = session.scalar(select(func.count()).select_from(JournalLine)) or 0
        head, findings = chain.verify(
            session, desk.vault.vault_id, (lambda done: progress(done, total)) if progress is not None else None
        )
    return Checked(head.n, head.hash, total, findings)


def _table(line: JournalLine) -> str:
    return line.action.partition(".")[0]


def _called(session: Session, lines: Iterable[JournalLine]) -> dict[tuple[str, str], str]:
    """What the records of some lines are called, those that still exist, by table and id."""
    wanted: dict[str, set[uuid.UUID]] = {}
    for each in lines:
        try:
            wanted.setdefault(_table(each), set()).add(uuid.UUID(each.object))
        except ValueError:
            continue  # the vault, an access, an object of the disk
    return {
        (table, str(record_id)): title
        for table, record_ids in wanted.items()
        if lookup.knows(table)
        for record_id, title in lookup.captions(session, table, tuple(record_ids)).items()
    }
