# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of cases: ids of all, rows of one page."""

import uuid

import pytest
from sqlalchemy import select

from hro_desktop.casework import cases
from hro_desktop.casework.desk import Desk
from hro_desktop.records.cases import Case
from hro_desktop.records.people import Person
from hro_desktop.vault.work import Work

COUNT = 7


def _cases(work: Work) -> None:
    for number in (3, 1, 7, 2, 6, 5, 4):
        person = Person(pseudonym=f"P-2026-{number:04}")
        work.session.add(person)
        work.session.flush()
        work.session.add(Case(reference=f"D-2026-{number:04}", person_id=person.id))


def test_ids_of_all_cases_newest_reference_first(empty: Desk) -> None:
    empty.run(_cases)
    with empty.read() as session:
        expected = list(session.scalars(select(Case.id).order_by(Case.reference.desc())))
        ids = cases.ids(session)
        assert len(ids) == COUNT
        assert list(ids) == expected
        assert all(type(each) is uuid.UUID for each in ids)
        assert (ids[0], ids[-1]) == (expected[0], expected[-1])
        assert ids[2:5] == expected[2:5]
        assert ids[5:50] == expected[5:]
        assert expected[3] in ids
        assert uuid.uuid4() not in ids
        assert ids.index(expected[4]) == 4
        with pytest.raises(IndexError):
            ids[COUNT]


def test_a_page_of_rows_by_ids(empty: Desk) -> None:
    empty.run(_cases)
    with empty.read() as session:
        page = cases.rows(session, cases.ids(session)[1:4])
    assert [(row.reference, row.pseudonym) for row in page] == [
        (f"D-2026-{number:04}", f"P-2026-{number:04}") for number in (6, 5, 4)
    ]


def test_no_case_at_all(empty: Desk) -> None:
    with empty.read() as session:
        ids = cases.ids(session)
        assert (len(ids), list(ids), ids[0:50]) == (0, [], [])
