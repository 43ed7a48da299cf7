# SPDX-License-Identifier: GPL-3.0-or-later
"""When something happened, from somebody's words: what is meant, what stays unknown, and nothing made up."""

import datetime as dt
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hro_desktop.rules.dates import PartialDate, french_day
from hro_desktop.rules.when import when_of

TODAY = dt.date(2026, 11, 23)  # a Monday
DAYS = st.dates(dt.date(2016, 1, 1), dt.date(2040, 12, 31))


@pytest.mark.parametrize(
    ("words", "occurred", "time_from", "time_to", "about"),
    [
        ("hier, vers 8 h 30", "2026-11-22", "08:30", "", True),
        ("Hier, vers huit heures et demie", "2026-11-22", "08:30", "", True),
        ("avant-hier soir", "2026-11-21", "18:00", "23:00", True),
        ("le 12 octobre", "2026-10-12", "", "", False),
        ("12/10 à 8h", "2026-10-12", "08:00", "", False),
        ("le lundi 12 octobre 2026", "2026-10-12", "", "", False),
        ("ce matin", "2026-11-23", "06:00", "12:00", True),
        ("ce matin à 8 h moins le quart", "2026-11-23", "07:45", "", False),
        ("mardi", "2026-11-17", "", "", False),
        ("lundi", "2026-11-16/2026-11-23", "", "", False),  # said on a Monday: today or a week ago
        ("lundi dernier", "2026-11-16", "", "", False),
        ("samedi ou dimanche", "2026-11-21/2026-11-22", "", "", False),
        ("mardi de la semaine dernière", "2026-11-17", "", "", False),
        ("hier ou avant-hier", "2026-11-21/2026-11-22", "", "", False),
        ("je ne sais plus, hier ou avant-hier", "2026-11-21/2026-11-22", "", "", False),
        ("le 12 ou le 13 octobre", "2026-10-12/2026-10-13", "", "", False),
        ("vers le 12 octobre", "2026-10-12~", "", "", False),
        ("peut-être hier", "2026-11-22~", "", "", False),
        ("mi-octobre", "2026-10-11/2026-10-20", "", "", False),
        ("fin novembre", "2026-11-21/2026-11-23", "", "", False),  # never after the day it is said
        ("en octobre", "2026-10", "", "", False),
        ("décembre", "2025-12", "", "", False),
        ("il y a deux jours", "2026-11-21", "", "", False),
        ("il y a 3 semaines", "2026-11-02~", "", "", False),
        ("il y a deux mois", "2026-09~", "", "", False),
        ("l’an dernier", "2025", "", "", False),
        ("cette nuit", "2026-11-22/2026-11-23", "22:00", "06:00", True),
        ("cette nuit à 3 h", "2026-11-23", "03:00", "", False),
        ("la nuit dernière vers 23 h", "2026-11-22", "23:00", "", True),
        ("nuit du 12 au 13 octobre, 2 h du matin", "2026-10-13", "02:00", "", False),
        ("hier entre 8 et 9 h", "2026-11-22", "08:00", "09:00", True),
        ("hier 8-9h", "2026-11-22", "08:00", "09:00", True),
        ("hier soir à 8 h", "2026-11-22", "20:00", "", False),
        ("hier midi", "2026-11-22", "12:00", "", False),
        ("29 février", "2024-02-29", "", "", False),
    ],
)
def test_what_is_meant(words: str, occurred: str, time_from: str, time_to: str, about: bool) -> None:
    found = when_of(words, TODAY)
    assert (found.occurred.text, found.time_from, found.time_to, found.approximate) == (
        occurred,
        time_from,
        time_to,
        about,
    )


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("demain", "pas encore venu"),
        ("lundi prochain", "pas encore venu"),
        ("le 30 novembre 2026", "pas encore venu"),
        ("mardi 12 octobre 2026", "n’est pas un mardi"),
        ("le 31 novembre", "n’existe pas"),
        ("pas hier", "ce qui n’est pas"),
        ("hier, le 12 octobre", "plusieurs dates"),
        ("ne sait pas", "aucun jour"),
        ("8 h 30", "aucun jour"),
        ("après la distribution", "aucun jour"),
    ],
)
def test_what_is_not_understood_stays_unknown_and_says_why(words: str, why: str) -> None:
    found = when_of(words, TODAY)
    assert not found.known
    assert "à préciser" in found.understood
    assert why in found.understood


@pytest.mark.parametrize(
    ("words", "occurred"), [("hier vers 25h", "2026-11-22"), ("hier à 31 heures", "2026-11-22"), ("25 h 10", "?")]
)
def test_an_hour_that_does_not_exist_is_said(words: str, occurred: str) -> None:
    found = when_of(words, TODAY)
    assert (found.occurred.text, found.time_from) == (occurred, "")
    assert "cette heure n’existe pas" in found.understood
    assert "vers le" not in found.understood  # « vers » was said of the hour


@pytest.mark.parametrize("words", ["il y a 30 h", "hier, depuis 48 heures", "hier vers 8 h 30", "hier à 23h"])
def test_a_length_of_time_is_no_hour(words: str) -> None:
    assert "heure n’existe pas" not in when_of(words, TODAY).understood


def test_how_it_was_understood_lets_somebody_check() -> None:
    assert when_of("hier, vers 8 h 30", TODAY).understood == (
        "le dimanche 22\u00a0novembre 2026 (hier), vers 8\u00a0h\u00a030"
    )
    assert when_of("cette nuit", TODAY).understood.startswith("dans la nuit du 22 au 23\u00a0novembre 2026")
    assert when_of("", TODAY).understood == ""


WORDS = (
    "hier avant-hier lundi mardi dimanche le 12 13 31 octobre février 2026 vers entre et ou matin soir nuit cette "
    "8h 8h30 24h midi il y a deux 3 jours semaines mois ans semaine dernière fin début mi- / 12/10 ? , pas "
    "peut-être demain 2026-10-12 à de du au"
)
PIECES = st.sampled_from(WORDS.split())


@given(st.text(max_size=60) | st.lists(PIECES, max_size=8).map(" ".join), DAYS)
def test_nothing_raises_nothing_is_to_come_and_all_can_be_stored(words: str, today: dt.date) -> None:
    found = when_of(words, today)
    assert PartialDate.parse(found.occurred.text) == found.occurred
    if found.known:
        assert found.occurred.first <= today
        assert found.occurred.earliest is not None
        assert found.occurred.earliest <= today
    for time in (found.time_from, found.time_to):
        assert re.fullmatch(r"(?:([01]\d|2[0-3]):[0-5]\d)?", time)
    assert found.time_from or not found.time_to
    assert found.approximate or not found.time_to
    assert found.understood or not words.strip() or not found.known


@given(DAYS, st.integers(0, 3000), st.booleans())
def test_a_whole_date_is_that_date(today: dt.date, back: int, weekday: bool) -> None:
    day = today - dt.timedelta(days=back)
    name = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")[day.weekday()]
    for words in (
        f"le {name + ' ' if weekday else ''}{french_day(day)}",
        f"{day.day}/{day.month}/{day.year}",
        day.isoformat(),
    ):
        assert when_of(words, today).occurred == PartialDate.on(day), words


@given(DAYS, st.integers(0, 360))
def test_without_a_year_it_is_the_last_time_it_came(today: dt.date, back: int) -> None:
    day = today - dt.timedelta(days=back)
    assume((day.month, day.day) != (2, 29))
    words = f"le {french_day(day).rpartition(' ')[0]}"
    assert when_of(words, today).occurred == PartialDate.on(day)


@given(
    DAYS,
    st.sampled_from(["hier", "avant-hier", "le 12 octobre", "mardi", "la semaine dernière", "il y a 3 jours"]),
    st.integers(0, 23),
    st.integers(0, 59),
    st.booleans(),
)
def test_a_day_and_a_time_do_not_disturb_each_other(
    today: dt.date, day: str, hour: int, minute: int, around: bool
) -> None:
    alone = when_of(day, today)
    for words in (
        f"{day}, {'vers' if around else 'à'} {hour} h {minute:02}",
        f"{'vers' if around else 'à'} {hour:02}:{minute:02}, {day}",
        f"{day.upper()}\u00a0{'vers' if around else 'à'} {hour}h{minute:02}",
    ):
        found = when_of(words, today)
        assert found.occurred == alone.occurred
        assert (found.time_from, found.approximate) == (f"{hour:02}:{minute:02}", around)


@given(DAYS, st.sampled_from(["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]))
def test_a_weekday_is_in_the_week_that_ends_today(today: dt.date, name: str) -> None:
    found = when_of(name, today).occurred
    names = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
    assert found.last.weekday() == names.index(name)
    assert today - dt.timedelta(days=7) <= found.first <= found.last <= today
    assert found.exact == (today.weekday() != names.index(name))
