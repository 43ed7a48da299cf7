# SPDX-License-Identifier: GPL-3.0-or-later
"""The signed scan of a statement: kept, linked, and nothing of a file that cannot be."""

from pathlib import Path

import pytest
from sqlalchemy import select

from hro_desktop.casework import statement_evidence, statement_overview
from hro_desktop.casework.desk import Desk
from hro_desktop.faults import Fault
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.statements import Statement

pytestmark = pytest.mark.usefixtures("qapp")


def test_a_scan_is_linked_to_the_statement_its_author_and_its_facts(desk: Desk, tmp_path: Path) -> None:
    scan = tmp_path / "scan.txt"
    scan.write_text("signé")
    with desk.read() as session:
        statement = session.scalars(select(Statement).where(Statement.reference == "T-2026-0001")).one()
        known = statement.id
    seen: list[tuple[int, int]] = []
    joined = statement_evidence.join_signed(desk, known, scan, lambda done, total: seen.append((done, total))).value
    assert seen[-1] == (6, 6)
    assert scan.exists()
    with desk.read() as session:
        item = session.get_one(Evidence, joined)
        assert item.title == "Récit signé, T-2026-0001"
        assert [each.role for each in item.statements] == ["signed"]
        assert len(item.incidents) == len(item.cases) == len(item.people) == 1
        view = statement_overview.of_statement(session, known, desk.today())
    assert view is not None
    assert joined in [each.evidence_id for each in view.papers]
    with pytest.raises(Fault) as refused:
        statement_evidence.join_signed(desk, known, scan)
    assert refused.value.code == "source.known"


@pytest.mark.parametrize("name", ["rien.pdf", "vide.pdf", "."])
def test_what_is_no_file_adds_nothing(desk: Desk, tmp_path: Path, name: str) -> None:
    (tmp_path / "vide.pdf").touch()
    with desk.read() as session:
        known = session.scalars(select(Statement.id)).first()
        before = len(session.scalars(select(Evidence.id)).all())
    assert known is not None
    with pytest.raises(Fault) as refused:
        statement_evidence.join_signed(desk, known, tmp_path / name)
    assert refused.value.code == "source.unreadable"
    with desk.read() as session:
        assert len(session.scalars(select(Evidence.id)).all()) == before
