# SPDX-License-Identifier: GPL-3.0-or-later
"""Every list gives ids in order, and rows of a page in few questions."""

import uuid
from typing import get_args

import pytest
from sqlalchemy import event, select

from hro_desktop.casework import lists, statements
from hro_desktop.casework.desk import Desk
from hro_desktop.records.statements import Statement

SHOWN = {
    "person": "pseudonym",
    "incident": "reference",
    "statement": "reference",
    "referral": "reference",
    "evidence": "title",
    "organisation": "name",
}


@pytest.mark.parametrize("kind", get_args(lists.Kind))
def test_ids_and_rows(desk: Desk, kind: lists.Kind) -> None:
    asked: list[object] = []
    with desk.read() as session:
        found = lists.ids(session, kind)
        assert len(found) == len(set(found)) > 0
        event.listen(session, "do_orm_execute", asked.append)
        rows = lists.rows(session, kind, found[:50])
        assert len(asked) <= 3
        assert [row.id for row in rows] == found[:50]
        assert all(getattr(row, SHOWN[kind]) for row in rows)
        assert all(isinstance(value, (str, bool, int, uuid.UUID)) for row in rows for value in row)
        assert lists.rows(session, kind, [uuid.uuid4(), found[0]]) == rows[:1]
        if kind in ("person", "incident", "statement", "referral"):
            shown = [getattr(row, SHOWN[kind]) for row in rows]
            assert shown == sorted(shown, reverse=True)
            assert list(lists.ids(session, kind, descending=False)) == list(found)[::-1]
            assert list(lists.ids(session, kind, text=shown[-1])) == [rows[-1].id]
        assert list(lists.ids(session, kind, text="zzzz zzzz")) == []


def test_incidents_by_their_day(desk: Desk) -> None:
    with desk.read() as session:
        found = lists.ids(session, "incident", order="occurred")
        assert len(found) == len(lists.ids(session, "incident"))


def test_an_account_is_called_the_same_everywhere(desk: Desk) -> None:
    with desk.read() as session:
        rows = {row.id: row.kind for row in lists.rows(session, "statement", lists.ids(session, "statement"))}
        every = session.scalars(select(Statement)).all()
        assert rows == {each.id: statements.kind_label(session, each) for each in every}
        assert len({kind for kind in rows.values() if kind.startswith("récit")}) >= 1
