# SPDX-License-Identifier: GPL-3.0-or-later
"""Partial dates: what is written, what is possible, what is said."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.rules.dates import PartialDate, add_months, born_clause, french_day, french_time

DAYS = st.dates(dt.date(1801, 1, 1), dt.date(2199, 12, 31))


@st.composite
def partial_dates(draw: st.DrawFn) -> str:
    """The text of any partial date, canonical."""
    cut = draw(st.sampled_from([4, 7, 10]))
    one, two = sorted((draw(DAYS).isoformat()[:cut], draw(DAYS).isoformat()[:cut]))
    shapes = [one, f"{one}~", "?"]
    if one != two:
        shapes.append(f"{one}/{two}")
    return draw(st.sampled_from(shapes))


@given(partial_dates())
def test_reading_what_is_written_changes_nothing(text: str) -> None:
    parsed = PartialDate.parse(text)
    assert parsed.text == text
    assert PartialDate.parse(parsed.text) == parsed


@given(partial_dates())
def test_earliest_is_never_after_latest(text: str) -> None:
    parsed = PartialDate.parse(text)
    if text == "?":
        assert parsed.earliest is None
        assert parsed.latest is None
        return
    assert parsed.earliest is not None
    assert parsed.latest is not None
    assert parsed.earliest <= parsed.first <= parsed.last <= parsed.latest
    assert parsed.exact == (parsed.earliest == parsed.latest)
    assert parsed.trigger("expires") == parsed.earliest
    assert parsed.trigger("opens") == parsed.latest
    assert parsed.may_be(parsed.earliest)
    assert not parsed.may_be(parsed.earliest - dt.timedelta(days=1))


@given(partial_dates(), DAYS)
def test_ages_enclose_every_possible_birthday(text: str, day: dt.date) -> None:
    born = PartialDate.parse(text)
    ages = born.age_on(day)
    if born.earliest is None or born.latest is None or born.earliest > day:
        assert ages is None
        assert born.is_minor_on(day) is None
        return
    assert ages is not None
    least, greatest = ages
    assert 0 <= least <= greatest
    for candidate in (born.earliest, min(born.latest, day)):
        exact = PartialDate.on(candidate).age_on(day)
        assert exact is not None
        assert least <= exact[0] <= greatest
    assert born.is_minor_on(day) is (True if greatest < 18 else False if least >= 18 else None)


@given(partial_dates())
def test_every_date_can_be_said(text: str) -> None:
    parsed = PartialDate.parse(text)
    for said in (parsed.french(), parsed.french_of()):
        assert said
        assert "  " not in said
        assert "de a" not in said
        assert "de o" not in said


@pytest.mark.parametrize(
    ("text", "french", "of", "bare"),
    [
        ("2026-10-12", "le 12\u00a0octobre 2026", "du 12\u00a0octobre 2026", "12\u00a0octobre 2026"),
        ("2026-05-01", "le 1er\u00a0mai 2026", "du 1er\u00a0mai 2026", "1er\u00a0mai 2026"),
        ("2026-03", "en mars 2026", "de mars 2026", "mars 2026"),
        ("2026-08", "en août 2026", "d’août 2026", "août 2026"),
        ("2001", "en 2001", "de 2001", "2001"),
        ("2001~", "vers 2001", "des environs de 2001", "vers 2001"),
        ("2026-10~", "vers octobre 2026", "des environs d’octobre 2026", "vers octobre 2026"),
        (
            "2026-10-12~",
            "vers le 12\u00a0octobre 2026",
            "des environs du 12\u00a0octobre 2026",
            "vers le 12\u00a0octobre 2026",
        ),
        (
            "2026-10-12/2026-10-13",
            "le 12 ou le 13\u00a0octobre 2026",
            "du 12 ou du 13\u00a0octobre 2026",
            "12 ou 13\u00a0octobre 2026",
        ),
        (
            "2026-09-30/2026-10-01",
            "le 30\u00a0septembre ou le 1er\u00a0octobre 2026",
            "du 30\u00a0septembre ou du 1er\u00a0octobre 2026",
            "30\u00a0septembre ou 1er\u00a0octobre 2026",
        ),
        (
            "2026-12-31/2027-01-01",
            "le 31\u00a0décembre 2026 ou le 1er\u00a0janvier 2027",
            "du 31\u00a0décembre 2026 ou du 1er\u00a0janvier 2027",
            "31\u00a0décembre 2026 ou 1er\u00a0janvier 2027",
        ),
        (
            "2026-10-12/2026-10-20",
            "entre le 12 et le 20\u00a0octobre 2026",
            "d’une date située entre le 12 et le 20\u00a0octobre 2026",
            "entre le 12 et le 20\u00a0octobre 2026",
        ),
        ("2026-03/2026-04", "en mars ou en avril 2026", "de mars ou d’avril 2026", "mars ou avril 2026"),
        (
            "2025-12/2026-03",
            "entre décembre 2025 et mars 2026",
            "d’une date située entre décembre 2025 et mars 2026",
            "entre décembre 2025 et mars 2026",
        ),
        ("2001/2002", "en 2001 ou en 2002", "de 2001 ou de 2002", "2001 ou 2002"),
        ("2001/2005", "entre 2001 et 2005", "d’une date située entre 2001 et 2005", "entre 2001 et 2005"),
        ("?", "à une date inconnue", "de date inconnue", ""),
    ],
)
def test_how_a_date_is_said(text: str, french: str, of: str, bare: str) -> None:
    parsed = PartialDate.parse(text)
    assert (parsed.french(), parsed.french_of(), parsed.french_bare()) == (french, of, bare)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2001", dt.date(2001, 1, 1), dt.date(2001, 12, 31)),
        ("2024-02", dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        ("2001~", dt.date(2000, 1, 1), dt.date(2002, 12, 31)),
        ("2026-01~", dt.date(2025, 12, 1), dt.date(2026, 2, 28)),
        ("2026-10-12~", dt.date(2026, 10, 9), dt.date(2026, 10, 15)),
        ("2026-10-12/2026-10-13", dt.date(2026, 10, 12), dt.date(2026, 10, 13)),
        ("2026-03/2026-04", dt.date(2026, 3, 1), dt.date(2026, 4, 30)),
    ],
)
def test_bounds(text: str, earliest: dt.date, latest: dt.date) -> None:
    parsed = PartialDate.parse(text)
    assert (parsed.earliest, parsed.latest) == (earliest, latest)


@pytest.mark.parametrize(
    "text",
    ["", "hier", "2026-13", "2026-02-30", "26-10-12", "2026-1-2", "0001", "2026-10-12/2026-10-12",
     "2026-10-13/2026-10-12", "2026/2026-10", "2001~/2002", "2026-10-12 ou 13", "٢٠٠١", "2026-", "~", "??"],
)  # fmt: skip
def test_what_is_not_a_date_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ValueError, match=r"^date\.\w+$"):
        PartialDate.parse(text)


@pytest.mark.parametrize(
    ("born", "minor"),
    [("2008-11-23", False), ("2008-11-24", True), ("2008", None), ("2009", True), ("2007", False),
     ("2009~", None), ("2006~", False), ("2011~", True), ("?", None)],
)  # fmt: skip
def test_minority_on_a_day(born: str, minor: bool | None) -> None:
    assert PartialDate.parse(born).is_minor_on(dt.date(2026, 11, 23)) is minor


def test_born_on_29_february_is_of_age_on_1_march() -> None:
    born = PartialDate.parse("2008-02-29")
    assert born.is_minor_on(dt.date(2026, 2, 28)) is True
    assert born.is_minor_on(dt.date(2026, 3, 1)) is False


@pytest.mark.parametrize(
    ("born", "sex", "place", "clause"),
    [
        ("2001-03-03", "m", "Khartoum", "né le 3\u00a0mars 2001 à Khartoum"),
        ("2001", "f", "", "née en 2001"),
        ("2001~", "f", "Asmara", "née vers 2001 à Asmara"),
        ("2001-03-03", "x", "Khartoum", "dont la naissance date du 3\u00a0mars 2001, à Khartoum"),
        ("2001~", "x", "", "dont la naissance date des environs de 2001"),
        ("?", "m", "Herat", "né à Herat"),
        ("?", "x", "Herat", "dont le lieu de naissance est Herat"),
        ("?", "m", "", ""),
        ("?", "x", "", ""),
    ],
)
def test_birth_in_a_sentence(born: str, sex: str, place: str, clause: str) -> None:
    assert born_clause(PartialDate.parse(born), sex, place) == clause


@pytest.mark.parametrize(
    ("start", "end", "about", "said"),
    [
        ("08:40", "", False, "à 8\u00a0h\u00a040"),
        ("08:40", "", True, "vers 8\u00a0h\u00a040"),
        ("08:00", "", True, "vers 8\u00a0h"),
        ("08:40", "09:10", False, "entre 8\u00a0h\u00a040 et 9\u00a0h\u00a010"),
        ("08:40", "09:10", True, "entre environ 8\u00a0h\u00a040 et 9\u00a0h\u00a010"),
        ("00:05", "", False, "à 0\u00a0h\u00a005"),
        ("", "09:10", False, ""),
    ],
)
def test_times(start: str, end: str, about: bool, said: str) -> None:
    assert french_time(start, end, about=about) == said


@pytest.mark.parametrize("text", ["8:40", "24:00", "08:60", "0840", "huit heures"])
def test_what_is_not_a_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^time\.form$"):
        french_time(text)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (dt.date(2027, 1, 31), 1, dt.date(2027, 2, 28)),
        (dt.date(2023, 12, 31), 2, dt.date(2024, 2, 29)),
        (dt.date(2026, 10, 12), 1, dt.date(2026, 11, 12)),
        (dt.date(2026, 1, 15), -1, dt.date(2025, 12, 15)),
        (dt.date(2026, 11, 30), 3, dt.date(2027, 2, 28)),
    ],
)
def test_months_keep_the_day_of_the_month(day: dt.date, months: int, expected: dt.date) -> None:
    assert add_months(day, months) == expected


def test_a_known_day() -> None:
    assert PartialDate.on(dt.date(2026, 1, 1)) == PartialDate.parse("2026-01-01")
    assert french_day(dt.date(2026, 1, 1)) == "1er\u00a0janvier 2026"
