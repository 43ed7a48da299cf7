# SPDX-License-Identifier: GPL-3.0-or-later
"""Every list of the window gives ids in order, and rows of a page in few questions, whatever their number."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from hro_desktop import bootstrap
from hro_desktop.casework import (
    cases,
    directory,
    evidence_facts,
    incident_overview,
    journal_lines,
    statement_overview,
)
from hro_desktop.casework.desk import Desk
from hro_desktop.demo import run
from tests.support.practice import practice_vault

LISTS: dict[str, tuple[Callable[[Session], Sequence[uuid.UUID]], Callable[..., Sequence[Any]]]] = {
    "cases": (cases.ids, cases.rows),
    "incidents": (incident_overview.ids, incident_overview.rows),
    "statements": (statement_overview.ids, statement_overview.rows),
    "evidence": (lambda session: evidence_facts.ids(session, evidence_facts.Asked()), evidence_facts.rows),
    "directory": (directory.ids, directory.rows),
    "journal": (journal_lines.ids, journal_lines.rows),
}
GONE = uuid.UUID(int=999_999_999)
MOST = {"journal": 16, "cases": 13}
"""Questions for a page, none of them for each row: eight, but of the journal one for each table it
speaks of, of cases one for each clock of the law."""


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The practice vault, only read here."""
    vault = practice_vault(tmp_path_factory.mktemp("lists"), follow_up=True)
    with bootstrap.open_desk(vault, run.PASSPHRASE, clock=lambda: run.NOW) as opened:
        yield opened


@pytest.mark.parametrize("name", LISTS)
def test_a_page_of_rows_follows_its_ids_in_few_questions(full: Desk, name: str) -> None:
    ids, rows = LISTS[name]
    with full.read() as session:
        found = ids(session)
        assert len(found) == len(set(found)) > 2
        asked: list[object] = []
        event.listen(session, "do_orm_execute", asked.append)
        page = rows(session, found[:50])
        assert len(asked) <= MOST.get(name, 8)
        assert [row.id for row in page] == list(found[:50])
        assert [found.index(each) for each in found] == list(range(len(found)))
        assert found[1] in found
        assert GONE not in found
        with pytest.raises(ValueError, match=str(GONE)):
            found.index(GONE)
        assert [row.id for row in rows(session, [found[2], GONE, found[0]])] == [found[2], found[0]]
