# SPDX-License-Identifier: GPL-3.0-or-later
"""The schedule as a table: read back whole, and nothing in it runs."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.schedule_csv import COLUMNS, Line, schedule_csv


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_excel_and_french_settings_read_it() -> None:
    data = schedule_csv([Line(3, "Récit ; « l’aube »", "12 octobre 2026", "copie", "2", "a.pdf", "ab" * 32, "dit")])
    assert data.startswith(b"\xef\xbb\xbfN\xc2\xb0;")
    assert rows(data) == [
        list(COLUMNS),
        ["3", "Récit ; « l’aube »", "12 octobre 2026", "copie", "2", "a.pdf", "ab" * 32, "dit"],
    ]
    assert COLUMNS[:7] == ("N°", "Intitulé", "Date", "Nature", "Pages", "Fichier", "SHA-256")


@pytest.mark.parametrize(
    "title", ["=1+1", "+33 6", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =cmd|'/c calc'!A1", "＝1"]
)
def test_a_formula_stays_a_text(title: str) -> None:
    cell = rows(schedule_csv([Line(1, title)]))[1][1]
    assert cell.startswith("'")
    assert cell.lstrip("'").strip() == " ".join(title.split()).strip() or "  " in title


@given(st.lists(st.text(max_size=40), min_size=1, max_size=6))
def test_each_exhibit_is_one_line_and_no_cell_begins_a_formula(titles: list[str]) -> None:
    data = schedule_csv(Line(n, title, note=title) for n, title in enumerate(titles, start=1))
    read = rows(data)
    assert len(read) == len(titles) + 1
    assert data.count(b"\n") == len(read)
    for row in read[1:]:
        assert len(row) == len(COLUMNS)
        assert not any(cell.lstrip()[:1] in tuple("=+-@") for cell in row if cell.lstrip())
