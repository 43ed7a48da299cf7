# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeping the search true to the records: in the unit of work that changes them, or all of it anew.

Every flush of a unit tells which records it wrote or removed (`touched`); from them `keep` finds whatever shows a word
of theirs and writes it again, in the same transaction. An UPDATE of many rows says not which: all is then compared.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import delete, func, insert, inspect, select, update
from sqlalchemy.orm import Session, UOWTransaction

from hro_desktop.records.cases import Case
from hro_desktop.records.incidents import Incident, Involvement
from hro_desktop.records.referrals import ReferralAccused, ReferralIncident, ReferralParty
from hro_desktop.records.statements import Statement
from hro_desktop.search import cases
from hro_desktop.search.tables import CASE, COLUMNS, ITEM, STATE, WIDTH, WORDS, first_place
from hro_desktop.search.words import READERS

__all__ = ["STAMP", "Touched", "keep", "lacking", "mend", "outdated", "shown_by", "touched"]

STAMP: Final = "3"
"""Of the words and their rule: another one, and everything is read anew when a vault opens."""
BATCH: Final = 500

Touched = set[tuple[str, uuid.UUID]]
"""Records as (table, id)."""

_OWNERS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "person_name": (("person", "person_id"),),
    "person_language": (("person", "person_id"),),
    "contact_point": (("person", "person_id"),),
    "contact_note": (("person", "person_id"),),
    "address": (("person", "person_id"),),
    "site_name": (("site", "site_id"),),
    "assertion": (("incident", "incident_id"),),
    "involvement": (("incident", "incident_id"), ("person", "person_id")),
    "statement_version": (("statement", "statement_id"),),
    "referral_party": (("referral", "referral_id"), ("case", "case_id")),
    "referral_accused": (("referral", "referral_id"),),
    "referral_incident": (("referral", "referral_id"),),
    "evidence_person": (("evidence", "evidence_id"),),
}
"""Which records a part belongs to, and which of its columns says so."""
_STRAYS: Final = select(WORDS.c.rowid).where(WORDS.c.rowid.not_in(select(ITEM.c.place)))
"""Words of no entry."""
_OWN: Final = frozenset({*READERS, "case_group", "site"})


def shown_by(table: str) -> bool:
    """Whether the search shows something of a table."""
    return table in _OWN or table in _OWNERS


def touched(context: UOWTransaction) -> Touched:
    """What one flush wrote or removed, orphans included; of a part that moved, both owners."""
    found: Touched = set()
    for state, (_, only_listed) in context.states.items():
        table = state.mapper.local_table.name
        if only_listed or not shown_by(table):
            continue
        for owner, column in ((table, "id"),) if table in _OWN else _OWNERS[table]:
            past = inspect(state.obj()).attrs[column].history.deleted
            found.update((owner, value) for value in (state.dict.get(column), *past) if isinstance(value, uuid.UUID))
    return found


def keep(session: Session, changed: Touched) -> None:
    """Write again what shows these records."""
    by_table: dict[str, set[uuid.UUID]] = defaultdict(set)
    for table, record_id in changed:
        by_table[table].add(record_id)
    wanted = _shown(session, by_table)
    for kind, ids in wanted.items():
        for batch in _batches(sorted(ids)):
            _write(session, kind, batch)


def mend(session: Session, *, write: bool = True) -> int:
    """Compare everything with the records, batch by batch, and write what differs.

    Returns:
        How many entries were lacking, wrong or too many.
    """
    strays = list(session.scalars(_STRAYS))
    wrong = len(strays)
    if write:
        for at in range(0, wrong, BATCH):
            _remove(session, strays[at : at + BATCH])
    for kind, (record, _) in READERS.items():
        kept = set(session.scalars(select(ITEM.c.record_id).where(ITEM.c.kind == kind)))
        if kind == "case":
            kept |= set(session.scalars(select(CASE.c.case_id)))
        there = list(session.scalars(select(record.id).order_by(record.id)))
        for batch in _batches([*there, *(kept - set(there))]):
            wrong += _write(session, kind, batch, write=write)
    if write:
        session.connection().execute(delete(STATE))
        session.connection().execute(insert(STATE).values(stamp=STAMP))
    return wrong


def lacking(session: Session) -> int:
    """How many records cannot be found, or are found and gone: counted, not read."""
    missing = 0
    for kind, (record, _) in READERS.items():
        items = select(ITEM.c.record_id).where(ITEM.c.kind == kind)
        missing += _count(session, select(record.id).where(record.id.not_in(items)))
        missing += _count(session, items.where(ITEM.c.record_id.not_in(select(record.id))))
    missing += _count(session, select(Case.id).where(Case.id.not_in(select(CASE.c.case_id))))
    missing += _count(session, select(ITEM.c.place).where(ITEM.c.place.not_in(select(WORDS.c.rowid))))
    return missing + _count(session, _STRAYS)


def outdated(session: Session) -> bool:
    """Whether the search was made by another rule than the present one, or never."""
    return session.scalar(select(STATE.c.stamp)) != STAMP


def _count(session: Session, rows: Any) -> int:  # noqa: ANN401 - any select
    return session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def _batches(ids: Sequence[uuid.UUID]) -> Iterator[Sequence[uuid.UUID]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _shown(session: Session, changed: Mapping[str, set[uuid.UUID]]) -> dict[str, set[uuid.UUID]]:
    """Every entry in which one of these records shows, by kind."""

    def of(column: Any, owner: Any, ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:  # noqa: ANN401
        found: set[uuid.UUID] = set()
        for batch in _batches(list(ids)):
            found.update(session.scalars(select(column).where(owner.in_(batch))))
        return found

    shown = {kind: set(changed.get(kind, ())) for kind in READERS}
    people = set(shown["person"])
    shown["incident"] |= of(Incident.id, Incident.site_id, changed.get("site", ()))
    shown["case"] |= of(Case.id, Case.group_id, changed.get("case_group", ()))
    # the last facts and the states of a case: by those who suffered them, by the referrals about them
    about = of(ReferralIncident.referral_id, ReferralIncident.incident_id, changed.get("incident", ()))
    about |= set(changed.get("referral", ()))
    shown["case"] |= of(ReferralParty.case_id, ReferralParty.referral_id, about)
    suffered = of(Involvement.person_id, Involvement.incident_id, changed.get("incident", ()))
    shown["case"] |= of(Case.id, Case.person_id, people | suffered)
    # names of people
    own = of(Case.id, Case.person_id, people)
    shown["referral"] |= of(ReferralParty.referral_id, ReferralParty.case_id, own | set(changed.get("case", ())))
    shown["referral"] |= of(ReferralAccused.referral_id, ReferralAccused.person_id, people)
    shown["incident"] |= of(Involvement.incident_id, Involvement.person_id, people)
    shown["statement"] |= of(Statement.id, Statement.author_id, people)
    return shown


def _write(session: Session, kind: str, ids: Sequence[uuid.UUID], *, write: bool = True) -> int:
    """Bring some entries of one kind in line with their records; returns how many were not."""
    wanted = {record_id: told.columns() for record_id, told in READERS[kind][1](session, ids).items()}
    places = dict(
        session.execute(
            select(ITEM.c.record_id, ITEM.c.place).where(ITEM.c.kind == kind, ITEM.c.record_id.in_(ids))
        ).all()
    )
    kept = {
        row.rowid: {name: getattr(row, name) for name in COLUMNS}
        for row in session.execute(select(WORDS).where(WORDS.c.rowid.in_(list(places.values()))))
    }
    gone = [place for record_id, place in places.items() if record_id not in wanted]
    fresh = [record_id for record_id in wanted if record_id not in places]
    changed = {
        places[record_id]: columns
        for record_id, columns in wanted.items()
        if record_id in places and kept.get(places[record_id]) != columns
    }
    if write:
        _remove(session, [*gone, *(place for place in changed if place in kept)])
        _forget(session, gone)
        _add(session, kind, fresh, wanted)
        _insert(session, [{"rowid": place, **columns} for place, columns in changed.items()])
    lines = _write_lines(session, ids, write=write) if kind == "case" else 0
    return len(gone) + len(fresh) + len(changed) + lines


def _remove(session: Session, places: Sequence[int]) -> None:
    if places:
        session.connection().execute(delete(WORDS).where(WORDS.c.rowid.in_(places)))


def _forget(session: Session, places: Sequence[int]) -> None:
    if places:
        session.connection().execute(delete(ITEM).where(ITEM.c.place.in_(places)))


def _add(
    session: Session, kind: str, fresh: Sequence[uuid.UUID], wanted: Mapping[uuid.UUID, Mapping[str, str]]
) -> None:
    if not fresh:
        return
    start = first_place(kind)
    last = session.scalar(select(func.max(ITEM.c.place)).where(ITEM.c.place >= start, ITEM.c.place < start + WIDTH))
    first = (last or start) + 1
    rows = [(first + n, record_id) for n, record_id in enumerate(fresh)]
    items = [{"place": place, "kind": kind, "record_id": record_id} for place, record_id in rows]
    session.connection().execute(insert(ITEM), items)
    _insert(session, [{"rowid": place, **wanted[record_id]} for place, record_id in rows])


def _insert(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.connection().execute(insert(WORDS), rows)


def _write_lines(session: Session, ids: Sequence[uuid.UUID], *, write: bool) -> int:
    wanted = cases.lines(session, ids)
    kept = {
        row["case_id"]: dict(row) for row in session.execute(select(CASE).where(CASE.c.case_id.in_(ids))).mappings()
    }
    gone = [case_id for case_id in kept if case_id not in wanted]
    fresh = [line for case_id, line in wanted.items() if case_id not in kept]
    changed = [line for case_id, line in wanted.items() if case_id in kept and kept[case_id] != line]
    if write and gone:
        session.connection().execute(delete(CASE).where(CASE.c.case_id.in_(gone)))
    if write and fresh:
        session.connection().execute(insert(CASE), fresh)
    if write:
        for line in changed:
            session.connection().execute(update(CASE).where(CASE.c.case_id == line["case_id"]).values(line))
    return len(gone) + len(fresh) + len(changed)
