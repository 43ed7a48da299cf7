# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person types for a date or a time, and what is understood."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.rules.tallies import BOUNDS, Bound, Count
from hro_desktop.rules.typed import count_of, day_of, partial_of, shown_count, shown_day, shown_partial, time_of

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12/10/2026", "2026-10-12"),
        ("12/10/26", "2026-10-12"),
        ("4.3.01", "2001-03-04"),
        ("12-10-99", "1999-10-12"),
        ("2026-10-12", "2026-10-12"),
        ("1er mars 2026", "2026-03-01"),
        ("12 oct. 2026", "2026-10-12"),
        ("12 Octobre 2026", "2026-10-12"),
        ("hier", "2026-11-22"),
        ("avant-hier", "2026-11-21"),
        ("Aujourd’hui", "2026-11-23"),
        ("demain", "2026-11-24"),
        ("après-demain", "2026-11-25"),
        ("lundi", "2026-11-23"),
        ("Lundi dernier", "2026-11-16"),
        ("lundi prochain", "2026-11-30"),
        ("mardi", "2026-11-17"),
        ("dimanche", "2026-11-22"),
        ("le 12", "2026-11-12"),
        ("le 30", "2026-10-30"),
        ("1er", "2026-11-01"),
        ("12 oct", "2026-10-12"),
        ("12 déc.", "2025-12-12"),
        ("12/10", "2026-10-12"),
        ("jeudi 12", "2026-11-12"),
        ("jeudi 12 novembre 2026", "2026-11-12"),
        ("29 février", "2024-02-29"),
        ("12 / 10 / 2026", "2026-10-12"),
        ("12\u00a0/\u00a010\u202f/\u00a02026", "2026-10-12"),
        ("\u202e12/10/2026\u200b", "2026-10-12"),
    ],
)
def test_a_day_is_understood(text: str, day: str) -> None:
    assert day_of(text, TODAY) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("lundi", "2026-11-23"),
        ("mardi", "2026-11-24"),
        ("dimanche", "2026-11-29"),
        ("lundi dernier", "2026-11-16"),
        ("le 12", "2026-12-12"),
        ("le 31", "2026-12-31"),
        ("12 oct", "2027-10-12"),
        ("12/01/27", "2027-01-12"),
        ("demain", "2026-11-24"),
        ("hier", "2026-11-22"),
    ],
)
def test_a_day_to_come_is_the_next_one(text: str, day: str) -> None:
    assert day_of(text, TODAY, ahead=True) == dt.date.fromisoformat(day)


NAMES = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)), st.sampled_from(NAMES), st.booleans())
def test_a_day_of_the_week_is_less_than_a_week_away(today: dt.date, name: str, ahead: bool) -> None:
    found = day_of(name, today, ahead=ahead)
    assert found is not None
    assert found.weekday() == NAMES.index(name)
    assert 0 <= (found - today).days * (1 if ahead else -1) < 7


@given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)), st.integers(1, 31), st.booleans())
def test_a_day_of_the_month_is_on_the_side_that_is_meant(today: dt.date, number: int, ahead: bool) -> None:
    found = day_of(f"le {number}", today, ahead=ahead)
    assert found is not None
    assert found.day == number
    assert (found - today).days * (1 if ahead else -1) >= 0


@pytest.mark.parametrize(
    "text", ["", "31/02/2026", "demain peut-être", "12", "le 32", "lundi 12", "ju 2026", "12 ju 2026", "99/99/9999"]
)
def test_what_says_no_day_gives_none(text: str) -> None:
    assert day_of(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""),
        ("?", "?"),
        ("2001", "2001"),
        ("vers 2001", "2001~"),
        ("2001~", "2001~"),
        ("mars 2026", "2026-03"),
        ("03/2026", "2026-03"),
        ("vers mars 2026", "2026-03~"),
        ("le 12 octobre 2026", "2026-10-12"),
        ("12/10/2026 ou 13/10/2026", "2026-10-12/2026-10-13"),
        ("2026-10-12/2026-10-13", "2026-10-12/2026-10-13"),
        ("hier", "2026-11-22"),
        ("lundi", "2026-11-23"),
        ("vers le 12", "2026-11-12~"),
        ("le 12 ou le 13", "2026-11-12/2026-11-13"),
        ("vers le 12 oct", "2026-10-12~"),
    ],
)
def test_a_date_known_in_part_is_understood(text: str, written: str) -> None:
    assert partial_of(text, TODAY) == written


@pytest.mark.parametrize("text", ["un jour", "31/02/2026", "2026-10-13/2026-10-12", "a ou b ou c", "13/2026"])
def test_what_says_no_date_gives_none(text: str) -> None:
    assert partial_of(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "written"),
    [("8", "08:00"), ("8h", "08:00"), ("8 h 30", "08:30"), ("08:30", "08:30"), ("0830", "08:30"), ("", "")],
)
def test_a_time_is_understood(text: str, written: str) -> None:
    assert time_of(text) == written


@pytest.mark.parametrize("text", ["25h", "8h75", "vers midi", "8:3", "24:00"])
def test_what_says_no_time_gives_none(text: str) -> None:
    assert time_of(text) is None


DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))


@given(DAYS)
def test_a_day_that_is_shown_is_read_back(day: dt.date) -> None:
    assert day_of(shown_day(day), TODAY) == day


@given(DAYS, st.sampled_from([4, 7, 10]), st.booleans(), st.integers(0, 40))
def test_a_date_that_is_shown_is_read_back(day: dt.date, length: int, about: bool, more: int) -> None:
    written = day.isoformat()[:length]
    if more and length == 10:
        written = f"{written}/{(day + dt.timedelta(days=more)).isoformat()}"
    elif about:
        written += "~"
    assert partial_of(shown_partial(written), TODAY) == written


@pytest.mark.parametrize(
    ("text", "value", "bound"),
    [
        ("12", 12, "au_moins"),
        ("≥ 12", 12, "au_moins"),
        ("au moins 12", 12, "au_moins"),
        ("12+", 12, "au_moins"),
        ("1 200", 1200, "au_moins"),
        ("= 12", 12, "exact"),
        ("12 exactement", 12, "exact"),
        ("0", 0, "exact"),
        ("~ 12", 12, "environ"),
        ("environ 12", 12, "environ"),
        ("12 env.", 12, "environ"),
    ],
)
def test_a_count_says_what_it_is_worth(text: str, value: int, bound: str) -> None:
    assert count_of(text) == Count(value, bound)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "beaucoup", "-3", "12 à 15", "~ = 3", "1,5"])
def test_what_says_no_count_gives_none(text: str) -> None:
    assert count_of(text) is None


@given(st.integers(0, 100_000), st.sampled_from(BOUNDS))
def test_a_count_that_is_shown_is_read_back(value: int, bound: Bound) -> None:
    shown = Count(value, bound)
    assert count_of(shown_count(shown)) == shown
