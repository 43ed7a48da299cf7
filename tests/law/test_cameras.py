# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of cameras: strict, sourced, and every code resolves."""

import datetime as dt

import pytest

from hro_desktop.law import authorities, cameras, references, vocabulary

DAY = dt.date(2026, 11, 23)
ROWS = [pytest.param(row, id=row.code) for row in cameras.cameras()]


@pytest.mark.parametrize("row", [*cameras.cameras(), *cameras.holders(), *cameras.articles()], ids=lambda row: row.code)
def test_every_row_is_sourced_and_honest(row: cameras.Camera) -> None:
    assert row.source.strip()
    assert row.confidence == "P" or row.checked_on is None
    if "à relire" in row.source:
        assert not row.verified


@pytest.mark.parametrize("row", ROWS)
def test_every_code_of_a_camera_resolves(row: cameras.Camera) -> None:
    assert cameras.camera(row.code, DAY) == row
    for day in (DAY, dt.date(2029, 1, 1), dt.date(2050, 1, 1)):
        assert cameras.cited(row, day)
        assert "{" not in cameras.rule(row, day)
        assert cameras.metadata_article(row, day) is None or row.metadata
    for code in row.holders:
        assert cameras.holder(code, DAY).label
    assert bool(row.keeps_hours) + bool(row.keeps_days) + bool(row.keeps_months) == 1
    assert bool(row.asks_hours) == bool(row.asked_days)


def test_holders_name_authorities_and_forces_that_exist() -> None:
    groups = {term.group for term in vocabulary.terms("forces")}
    for row in cameras.holders():
        assert set(row.forces) <= groups
        assert not row.authority or authorities.authority(row.authority, DAY)


def test_the_times_the_texts_give() -> None:
    times = {row.code: (row.keeps_hours, row.keeps_days, row.keeps_months) for row in cameras.cameras()}
    assert times == {
        "camera_fixe": (0, 0, 1),
        "camera_individuelle": (0, 0, 1),
        "camera_municipale": (0, 0, 1),
        "camera_vehicule": (0, 7, 0),
        "drone": (0, 7, 0),
        "camera_cellule": (48, 0, 0),
    }


def test_no_article_stands_in_two_tables() -> None:
    assert not {row.code for row in cameras.articles()} & {row.code for row in references.articles()}
