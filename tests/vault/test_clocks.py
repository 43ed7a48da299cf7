# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the clock of the computer does, the journal keeps its order by its numbers, and the jump can be seen."""

import datetime as dt
import os
import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hro_desktop.vault import checks, journal
from hro_desktop.vault.vault import Vault
from tests.vault.support import deposit

NOW = dt.datetime(2026, 11, 26, 9, 30, tzinfo=dt.UTC)
YEARS = dt.timedelta(days=5 * 365)
PARIS = ZoneInfo("Europe/Paris")


def lines(vault):
    with vault.read() as session:
        assert journal.verify(session, vault.vault_id)[1] == ()
        return list(journal.extract(session))


def at(made, instant, content):
    """One opening and one deposit at an hour of the test; what was said, and the lines since."""
    with Vault.open(made.folder, made.passphrase, clock=lambda: instant) as vault:
        before = len(lines(vault)) - 1
        deposit(vault, content)
        assert not [finding for finding in checks.verify(vault).findings if finding.code != "clock.behind"]
        return [notice.code for notice in vault.notices], lines(vault)[before:]


@pytest.mark.parametrize("jump", [-YEARS, YEARS, dt.timedelta(hours=-2), dt.timedelta(hours=2)])
def test_a_jump_is_said_when_it_goes_back_and_costs_nothing(made, jump):
    """The vault of the test is made now: its first hour is that of this computer."""
    start = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    _, first = at(made, start, b"a")
    said, second = at(made, start + jump, b"b")
    after, third = at(made, start + dt.timedelta(minutes=1), b"c")
    every = [*first, *second, *third]
    assert [line["n"] for line in every] == list(range(every[0]["n"], every[0]["n"] + 6))
    assert [line["action"] for line in every] == ["vault.opened", "evidence.deposited"] * 3
    written = [dt.datetime.fromisoformat(line["utc"]) for line in every[::2]]
    assert written == [start, start + jump, start + dt.timedelta(minutes=1)]  # the jump stands in the journal as it was
    assert said == (["clock.behind"] if jump < dt.timedelta() else [])
    assert after == (["clock.behind"] if jump > dt.timedelta() else [])


def test_the_hour_that_comes_twice_is_two_hours_and_the_one_that_is_skipped_is_none(made):
    """25 October 2026, 2:30 in Calais comes twice; 28 March 2027, 2:30 never."""
    autumn = [dt.datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=fold) for fold in (0, 1)]
    spring = [dt.datetime(2027, 3, 28, 1, 59, tzinfo=PARIS), dt.datetime(2027, 3, 28, 3, 1, tzinfo=PARIS)]
    written = [dt.datetime.fromisoformat(at(made, instant, b"x")[1][0]["utc"]) for instant in (*autumn, *spring)]
    assert written[1] - written[0] == dt.timedelta(hours=1)
    assert written[3] - written[2] == dt.timedelta(minutes=2)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process cannot be changed here")
@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "Asia/Kabul"])
def test_another_zone_changes_neither_the_hour_nor_what_is_said(made, zone, monkeypatch):
    with Vault.open(made.folder, made.passphrase) as vault:
        deposit(vault, b"a")
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        before = dt.datetime.now(dt.UTC)
        with Vault.open(made.folder, made.passphrase) as vault:
            deposit(vault, b"b")
            assert vault.notices == []
            last = dt.datetime.fromisoformat(lines(vault)[-1]["utc"])
            assert before <= last <= dt.datetime.now(dt.UTC)
            assert checks.verify(vault).findings == ()
        assert checks.diagnose(made.folder).findings == ()
    finally:
        monkeypatch.undo()
        time.tzset()
    assert "TZ" not in os.environ or os.environ["TZ"] != zone


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(jumps=st.lists(st.integers(-200_000, 200_000), min_size=1, max_size=6))
def test_any_jumps_leave_a_chain_that_holds(vault, jumps):
    before = vault.head()
    for hours in jumps:
        vault.clock = lambda hours=hours: NOW + dt.timedelta(hours=hours)
        with vault.work() as work:
            work.record("site.created")
            work.commit()
    found = lines(vault)[before.n :]
    assert [line["n"] for line in found] == [before.n + 1 + number for number in range(len(jumps))]
    with vault.read() as session:
        assert journal.contains(session, before, vault.vault_id)
