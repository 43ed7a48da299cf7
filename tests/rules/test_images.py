# SPDX-License-Identifier: GPL-3.0-or-later
"""How long images may exist: counted from the earliest possible day, never silently gone."""

import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hro_desktop.law import cameras
from hro_desktop.rules.dates import PartialDate
from hro_desktop.rules.images import Noted, by_urgency, kept

CODES = tuple(row.code for row in cameras.cameras())
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2030, 12, 31))
RANK = {"open": 0, "doubtful": 1, "expired": 2}


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    cut = draw(st.sampled_from([4, 7, 10]))
    one, two = sorted((draw(DAYS).isoformat()[:cut], draw(DAYS).isoformat()[:cut]))
    return PartialDate.parse(draw(st.sampled_from([one, f"{one}~", "?", one if one == two else f"{one}/{two}"])))


@st.composite
def noted(draw: st.DrawFn) -> Noted:
    return Noted(
        camera=draw(st.sampled_from(CODES)),
        happened=draw(partial_dates()),
        ended=draw(st.none() | partial_dates()),
        ended_at=draw(st.sampled_from(["", "00:00", "14:30", "23:59"])),
        asked=draw(st.sampled_from([None, True, False])),
    )


def on_12_october(camera: str, **more: object) -> Noted:
    return Noted(camera=camera, happened=PartialDate.parse("2026-10-12"), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "last"),
    [
        ("camera_fixe", dt.date(2026, 11, 12)),
        ("camera_individuelle", dt.date(2026, 11, 12)),
        ("camera_municipale", dt.date(2026, 11, 12)),
        ("camera_vehicule", dt.date(2026, 10, 19)),
        ("drone", dt.date(2026, 10, 19)),
    ],
)
def test_the_term_of_each_source(code: str, last: dt.date) -> None:
    found = kept(on_12_october(code), last)
    assert (found.state, found.last, found.expired_since) == ("open", last, None)
    after = kept(on_12_october(code), last + dt.timedelta(days=1))
    assert (after.state, after.expired_since) == ("expired", last + dt.timedelta(days=1))
    assert "aucune lettre" in after.sentence


def test_a_street_camera_says_that_its_time_is_often_shorter() -> None:
    assert "souvent moins selon l’autorisation préfectorale" in kept(on_12_october("camera_fixe"), DAY).sentence
    assert "souvent" not in kept(on_12_october("camera_individuelle"), DAY).sentence


DAY = dt.date(2026, 10, 14)
END = PartialDate.parse("2026-10-13")


@pytest.mark.parametrize(
    ("more", "last", "hour"),
    [
        ({}, dt.date(2026, 10, 13), ""),
        ({"ended": END}, dt.date(2026, 10, 14), ""),
        ({"ended": END, "ended_at": "18:30"}, dt.date(2026, 10, 15), "18:30"),
        ({"ended": END, "asked": False}, dt.date(2026, 10, 14), ""),
        ({"ended": END, "asked": True}, dt.date(2026, 10, 20), ""),
        ({"ended": PartialDate.parse("2026-10-13/2026-10-14"), "ended_at": "18:30"}, dt.date(2026, 10, 14), ""),
        ({"ended": PartialDate.parse("?"), "asked": True}, dt.date(2026, 10, 19), ""),
    ],
)
def test_a_cell_is_counted_in_hours_from_the_end_of_the_measure(
    more: dict[str, object], last: dt.date, hour: str
) -> None:
    found = kept(on_12_october("camera_cellule", **more), dt.date(2026, 10, 12))
    assert (found.last, found.hour) == (last, hour)
    assert found.source.endswith("(à vérifier)")


def test_a_cell_whose_request_or_end_nobody_noted_is_in_doubt_not_gone() -> None:
    unasked = kept(on_12_october("camera_cellule", ended=END, ended_at="18:30"), dt.date(2026, 10, 17))
    assert unasked.state == "doubtful"
    assert unasked.sentence.endswith("si leur conservation a été demandée dans les 48\u00a0heures\u00a0: vérifiez-le.")
    refused = kept(on_12_october("camera_cellule", ended=END, ended_at="18:30", asked=False), dt.date(2026, 10, 17))
    assert refused.state == "expired"
    endless = kept(on_12_october("camera_cellule", asked=False), dt.date(2026, 10, 17))
    assert endless.state == "doubtful"
    assert "notez le jour et l’heure" in endless.sentence


def test_images_in_doubt_say_until_when_they_may_exist() -> None:
    month = Noted(camera="camera_individuelle", happened=PartialDate.parse("2026-10"))
    found = kept(month, dt.date(2026, 11, 5))
    assert (found.state, found.last, found.latest) == ("doubtful", dt.date(2026, 11, 1), dt.date(2026, 11, 30))
    assert "depuis le 2\u00a0novembre 2026, compté du premier jour possible" in found.sentence
    assert "jusqu’au 30\u00a0novembre 2026 si la date est plus tardive" in found.sentence


@given(st.sampled_from(CODES), DAYS, st.sampled_from([None, True, False]))
def test_an_unknown_date_is_never_expired(code: str, on: dt.date, asked: bool | None) -> None:
    found = kept(Noted(camera=code, happened=PartialDate.parse("?"), asked=asked), on)
    assert (found.state, found.last) == ("open", None)
    assert "date est inconnue" in found.sentence


@given(noted(), DAYS, DAYS)
def test_time_only_takes_images_away(source: Noted, one: dt.date, two: dt.date) -> None:
    before, after = (kept(source, day) for day in sorted((one, two)))
    assert RANK[before.state] <= RANK[after.state]
    assert (before.last, before.latest) == (after.last, after.latest)


@given(noted(), DAYS)
def test_the_earliest_possible_day_gives_the_term(source: Noted, on: dt.date) -> None:
    """Whatever the day was, its own term is never before the one that is shown, nor after the latest one."""
    row = cameras.camera(source.camera, on)
    counted = source.ended if row.starts != "recording" and source.ended and source.ended.known else source.happened
    assume(counted.earliest is not None and counted.latest is not None)
    found = kept(source, on)
    for day in (counted.earliest, counted.latest):
        assert day is not None
        exact = PartialDate.on(day)
        sure = kept(Noted(camera=row.code, happened=exact, ended=exact, asked=bool(source.asked)), on)
        assert found.last is not None
        assert sure.last is not None
        assert found.last <= sure.last or found.hour
        assert found.latest is None or sure.last <= found.latest or found.hour
        if sure.state == "open":
            assert found.state != "expired"


@given(st.lists(noted(), max_size=6), DAYS)
def test_the_most_urgent_stands_first_and_nothing_is_lost(sources: list[Noted], on: dt.date) -> None:
    found = by_urgency(sources, on)
    assert len(found) == len(sources)
    states = [each.state == "expired" for each in found]
    assert states == sorted(states)
    living = [each.last or dt.date.min for each in found if each.state != "expired"]
    assert living == sorted(living)
    for each in found:
        assert each.sentence.endswith(".")
        assert "  " not in each.sentence
        assert "{" not in each.sentence
        assert each.source
