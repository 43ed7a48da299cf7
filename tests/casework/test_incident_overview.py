# SPDX-License-Identifier: GPL-3.0-or-later
"""What a list and a page say of incidents: what is missing, who has not written."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import select

from hro_desktop.casework import editing, incident_overview
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.incident_overview import IncidentRow
from hro_desktop.casework.incidents import AssertionDraft, InvolvementDraft
from hro_desktop.records.people import Person
from hro_desktop.records.statements import Statement

pytestmark = pytest.mark.usefixtures("qapp")


def row(desk: Desk, incident_id: uuid.UUID) -> IncidentRow:
    with desk.read() as session:
        return incident_overview.rows(session, [incident_id])[0]


def found(desk: Desk, words: str = "", **more: object) -> list[str]:
    with desk.read() as session:
        ids = incident_overview.ids(session, words, **more)  # type: ignore[arg-type]
        return [each.reference for each in incident_overview.rows(session, ids)]


def add(desk: Desk, **known: object) -> uuid.UUID:
    return desk.run(editing.write, "incident", editing.blank("incident", **known)).value.id


def test_the_practice_eviction_is_complete_and_its_three_observers_have_written(desk: Desk) -> None:
    with desk.read() as session:
        (first,) = incident_overview.ids(session)
    shown = row(desk, first)
    assert shown.reference == "F-2026-0001"
    assert (shown.when, shown.place) == ("2026-10-12", "Yellow Crane, Calais")
    assert (shown.people, shown.observers, shown.unwritten) == (2, 3, 0)
    assert shown.gaps == ()
    with desk.read() as session:
        view = incident_overview.of_incident(session, first)
    assert view is not None
    assert [each.statement.title for each in view.observers if each.statement] == [
        "T-2026-0003",
        "T-2026-0004",
        "T-2026-0005",
    ]
    assert len(view.statements) == 5
    assert view.evidence
    assert [each.title for each in view.referrals][:1] == ["S-2026-0001"]


def test_what_is_missing_is_said_and_goes_when_it_is_known(desk: Desk) -> None:
    noted = add(desk, kind="expulsion")
    assert row(desk, noted).gaps == (
        "date",
        "lieu",
        "heure de début",
        "heure de fin",
        "unité",
        "base légale",
        "personnes",
    )
    assert row(desk, add(desk, kind="violences")).gaps[-2:] == ("unité", "personnes")
    with desk.read() as session:
        draft = editing.read(session, "incident", noted)
        who = session.scalars(select(Person.id)).first()
    draft.occurred, draft.place, draft.time_from, draft.time_to = "2026-10-14", "sous le pont", "08:00", "09:00"
    draft.legal_basis = "inconnue"
    draft.assertions = (AssertionDraft(kind="unite", value="CRS 99"),)
    draft.involvements = (InvolvementDraft(person_id=who, role="present"),)
    desk.run(editing.write, "incident", draft)
    assert row(desk, noted).gaps == ()
    assert row(desk, noted).place == "sous le pont"


def test_an_observer_who_withdrew_or_never_wrote_is_still_to_write(desk: Desk) -> None:
    with desk.read() as session:
        (first,) = incident_overview.ids(session)
        attestation = session.scalars(select(Statement.id).where(Statement.reference == "T-2026-0004")).one()
        draft = editing.read(session, "statement_about", attestation)
    draft.withdrawn_on = dt.date(2026, 10, 20)
    desk.run(editing.write, "statement_about", draft)
    assert row(desk, first).unwritten == 1
    with desk.read() as session:
        view = incident_overview.of_incident(session, first)
    assert view is not None
    (missing,) = [each for each in view.observers if each.statement is None]
    assert missing.name == "M. Tobias Lindgren"
    assert [each.state for each in view.statements].count("retiré") == 1


def test_lists_are_asked_by_words_kind_day_and_gaps(desk: Desk) -> None:
    add(desk, kind="violences", occurred="2026-10-15", place="Parking de l’hôpital")
    assert found(desk) == ["F-2026-0002", "F-2026-0001"]
    assert found(desk, "hôpital") == ["F-2026-0002"]
    assert found(desk, "grue jaune") == ["F-2026-0001"]  # another name of the site
    assert found(desk, "ishag") == ["F-2026-0001"]
    assert found(desk, "yellow crane") == ["F-2026-0001"]
    assert found(desk, "100%") == []
    assert found(desk, kinds=("violences",)) == ["F-2026-0002"]
    assert found(desk, since=dt.date(2026, 10, 13)) == ["F-2026-0002"]
    assert found(desk, incomplete=True) == ["F-2026-0002"]


def test_an_incident_that_is_not_recorded_shows_nothing(desk: Desk) -> None:
    with desk.read() as session:
        assert incident_overview.of_incident(session, uuid.uuid4()) is None
