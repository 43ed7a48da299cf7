# SPDX-License-Identifier: GPL-3.0-or-later
"""Clocks: prudent in both directions, and shown with their working."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.law import deadlines, vocabulary
from hro_desktop.law.deadlines import deadline
from hro_desktop.rules.dates import PartialDate, add_months
from hro_desktop.rules.deadlines import due
from tests.rules.test_dates import partial_dates

ON = dt.date(2026, 11, 23)
ROWS = deadlines.deadlines()


def day(text: str, code: str, on: dt.date = ON) -> tuple[str, str, str]:
    found = due(deadline(code, on), PartialDate.parse(text), on)
    assert found is not None
    return found.day.isoformat(), found.legal.isoformat(), found.state


@pytest.mark.parametrize(
    ("facts", "code", "expected"),
    [
        # the vectors of the reference: the prudent day, then the anniversary
        ("2026-11-23", "prescription_delit", ("2032-11-22", "2032-11-23", "to_come")),
        ("2026-10-12", "prescription_delit", ("2032-10-11", "2032-10-12", "to_come")),
        ("2026-11-30", "pcpc", ("2027-03-01", "2027-03-01", "to_come")),
        ("2026-08-31", "pcpc", ("2026-12-01", "2026-12-01", "to_come")),
        ("2026-08-22", "pcpc", ("2026-11-23", "2026-11-23", "open")),
        ("2024-02-29", "prescription_contravention", ("2025-02-27", "2025-02-28", "past")),
        ("2026-08-23", "prescription_presse", ("2026-11-22", "2026-11-23", "doubtful")),
        ("2026-08-22", "prescription_presse", ("2026-11-21", "2026-11-22", "past")),
        ("2026-08", "prescription_presse", ("2026-10-31", "2026-11-01", "doubtful")),
        ("2026-10-12/2026-10-14", "pcpc", ("2027-01-15", "2027-01-15", "to_come")),
        ("2026-11-10", "inspection_accuse", ("2026-11-25", "2026-11-25", "to_come")),
    ],
)
def test_days(facts: str, code: str, expected: tuple[str, str, str]) -> None:
    assert day(facts, code) == expected


def test_nothing_is_counted_from_an_unknown_day() -> None:
    assert all(due(row, PartialDate.parse("?"), ON) is None for row in ROWS)


@given(st.sampled_from(ROWS), partial_dates().filter(lambda text: text != "?"), st.data())
def test_it_is_prudent_in_both_directions(row: deadlines.Deadline, text: str, data: st.DataObject) -> None:
    start = PartialDate.parse(text)
    assert start.earliest is not None
    assert start.latest is not None
    found = due(row, start, ON)
    really = due(row, PartialDate.on(data.draw(st.dates(start.earliest, start.latest))), ON)
    assert found is not None
    assert really is not None
    if row.clock == "opens":
        assert found.day >= really.day > start.earliest
        assert (found.state == "open") == (found.day <= ON)
    else:
        assert found.day <= really.day
        assert found.legal <= really.legal <= found.latest
        assert found.state != "past" or really.state == "past"
    assert found.day <= found.legal


@given(st.sampled_from([row for row in ROWS if row.months]), st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)))
def test_a_term_in_months_ends_on_the_same_day_of_the_month(row: deadlines.Deadline, start: dt.date) -> None:
    found = due(row, PartialDate.on(start), ON)
    assert found is not None
    counted = add_months(start, row.months) + dt.timedelta(days=row.days)
    assert counted.day == start.day or (counted + dt.timedelta(days=1)).day == 1
    assert found.legal == (counted + dt.timedelta(days=1) if row.clock == "opens" else counted)


def test_the_working_is_shown() -> None:
    found = due(deadline("prescription_delit", ON), PartialDate.parse("2026-10"), ON)
    assert found is not None
    assert found.working == (
        "1er\u00a0octobre 2026 (premier jour possible) + 6\u00a0ans = 1er\u00a0octobre 2032 à 24\u00a0h"
        "\u00a0; jour prudent\u00a0: le 30\u00a0septembre 2032."
    )
    assert found.kind == "échéance légale"
    opened = due(deadline("pcpc", ON), PartialDate.parse("2026-08-31"), ON)
    assert opened is not None
    assert opened.sentence.endswith("à partir du 1er\u00a0décembre 2026")
    assert "jusqu’au 30\u00a0novembre 2026 inclus" in opened.working


def test_every_code_of_a_clock_resolves() -> None:
    for row in ROWS:
        assert row.kind in vocabulary.codes("date_kinds")
        assert row.offence_class in ("", *vocabulary.codes("offence_classes"))
        assert set(row.incident_kinds) <= set(vocabulary.codes("incident_kinds"))
        assert set(row.procedures) <= set(vocabulary.codes("procedures"))
        assert set(row.steps) | set(row.waiting) <= set(vocabulary.codes("party_states"))
        assert (row.kind == "ouverture_droit") == (row.clock == "opens")
        assert bool(row.incident_kinds) == (row.starts == "facts")
        assert bool(row.steps) == (row.starts == "step")


def test_a_mark_of_our_own_never_passes_for_a_legal_date() -> None:
    appeal = deadline("recours_pg", ON)
    assert appeal.kind == "rappel_interne"
    assert "sans délai légal" in appeal.sentence
    covered = {kind for row in ROWS if row.offence_class == "delit" for kind in row.incident_kinds}
    assert covered == set(vocabulary.codes("incident_kinds"))
