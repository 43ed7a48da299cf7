# SPDX-License-Identifier: GPL-3.0-or-later
"""What a case is shown to hold."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hro_desktop.casework import cases, overview
from hro_desktop.casework.desk import Desk
from hro_desktop.records.cases import Case
from hro_desktop.records.evidence import Evidence, EvidenceCase, EvidenceIncident, EvidencePerson, EvidenceStatement
from hro_desktop.records.exhibits import Exhibit, ExhibitList
from hro_desktop.records.people import Person
from hro_desktop.records.statements import Statement

YOUNES, ISHAG = "D-2026-0001", "Ishag"


def case_of(session: Session) -> Case:
    return cases.by_reference(session, YOUNES)


def in_a_referral(session: Session, item: Evidence) -> None:
    joined = session.scalars(select(ExhibitList)).one()
    session.add(Exhibit(list_id=joined.id, evidence_id=item.id, position=99))


def tied_to_a_statement(session: Session, item: Evidence) -> None:
    statement = session.scalars(select(Statement).where(Statement.reference == "T-2026-0003")).one()
    session.add(EvidenceStatement(evidence_id=item.id, statement_id=statement.id, role="annex"))


def where_the_person_appears(session: Session, item: Evidence) -> None:
    item.people.append(EvidencePerson(person_id=case_of(session).person_id, appears="shown"))


def of_the_case(session: Session, item: Evidence) -> None:
    session.add(EvidenceCase(evidence_id=item.id, case_id=case_of(session).id))


def where_somebody_else_appears(session: Session, item: Evidence) -> None:
    other = session.scalars(select(Person).where(Person.birth_name != ISHAG)).first()
    assert other is not None
    item.people.append(EvidencePerson(person_id=other.id, appears="shown"))


@pytest.mark.parametrize(
    ("link", "listed"),
    [
        (in_a_referral, True),
        (tied_to_a_statement, True),
        (where_the_person_appears, True),
        (of_the_case, True),
        (where_somebody_else_appears, False),
    ],
)
def test_evidence_is_shown_however_it_serves_the_case(
    desk: Desk, link: Callable[[Session, Evidence], None], listed: bool
) -> None:
    with desk.vault.work() as work:
        item = work.session.scalars(select(Evidence)).first()
        assert item is not None
        item.title, item.people = "Pièce cherchée", []
        for table in (Exhibit, EvidenceCase, EvidenceIncident, EvidenceStatement):
            work.session.execute(delete(table).where(table.evidence_id == item.id))
        work.session.flush()
        work.session.expire_all()
        link(work.session, item)
        work.commit()
    with desk.read() as session:
        shown = overview.of_case(session, case_of(session)).evidence
    assert sum("Pièce cherchée" in line for line in shown) == listed
    assert len(set(shown)) == len(shown) > 5
