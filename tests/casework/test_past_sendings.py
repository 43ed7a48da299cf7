# SPDX-License-Identifier: GPL-3.0-or-later
"""A sending noted after the day it was made: which version it was of, and what is said of one that left unagreed."""

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from hro_desktop import bootstrap
from hro_desktop.casework import (
    departures,
    dispatch_checks,
    dispatches,
    exhibits,
    follow_overview,
    frozen,
    printing,
    readings,
    referral_parties,
)
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.dispatches import DispatchDraft
from hro_desktop.casework.frozen import Version
from hro_desktop.demo import run
from hro_desktop.faults import Fault
from hro_desktop.records.base import new_id
from hro_desktop.records.consents import Consent
from hro_desktop.records.departures import Departure
from hro_desktop.records.dispatches import Dispatch
from hro_desktop.records.referrals import Referral
from hro_desktop.vault.work import Work
from tests.support.practice import practice_vault
from tests.support.referrals import sign_all

pytestmark = pytest.mark.usefixtures("qapp")
DAY = dt.timedelta(days=1)
START = run.NOW


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with bootstrap.open_desk(practice_vault(tmp_path, follow_up=True), run.PASSPHRASE, clock=lambda: START) as opened:
        yield at(opened, 0)


def at(desk: Desk, days: int) -> Desk:
    """The same vault so many days later: what is frozen then bears that day."""
    now = START + days * DAY
    desk.vault.clock = lambda: now
    return attrs.evolve(desk, clock=lambda: now)


@pytest.fixture
def complaint(desk: Desk) -> uuid.UUID:
    """Of two people, signed, not sent."""
    with desk.read() as session:
        found = session.scalars(
            select(Referral).where(Referral.procedure == "plainte_procureur").order_by(Referral.reference)
        ).all()
        wanted = next(each.id for each in found if "en_redaction" in {party.status for party in each.parties})
    sign_all(desk, wanted)
    return wanted


def refused(code: str) -> Any:
    return pytest.raises(Fault, match=f"^{code}$")


def sent(desk: Desk, referral: uuid.UUID, days: int = 0, **more: Any) -> DispatchDraft:
    return DispatchDraft(referral_id=referral, channel="lrar", sent_on=desk.today() + days * DAY, **more)


def withdraw(work: Work, referral: uuid.UUID, day: dt.date) -> None:
    """The first complainant takes back every agreement."""
    party = work.session.get_one(Referral, referral).parties[0]
    for each in work.session.scalars(select(Consent).where(Consent.person_id == party.case.person_id)):
        each.withdrawn_on, each.state = day, "retire"


def look(desk: Desk, referral: uuid.UUID) -> follow_overview.Followed:
    with desk.read() as session:
        return follow_overview.view(session, desk, referral)


def ground(desk: Desk, referral: uuid.UUID) -> str:
    """Under which agreement the first complainant's part left, as the ledger says."""
    with desk.read() as session:
        person = session.get_one(Referral, referral).parties[0].case.person_id
        (gone,) = session.scalars(select(Departure).where(Departure.referral_id == referral))
        return next(each.ground for each in gone.people if each.person_id == person)


def test_a_sending_that_left_before_an_agreement_was_withdrawn_is_noted_and_says_so(
    desk: Desk, complaint: uuid.UUID
) -> None:
    frozen.freeze(desk, complaint)
    desk = at(desk, 3)
    desk.run(withdraw, complaint, desk.today() - DAY)
    with refused("referral.blocked"):  # it may not leave today
        dispatches.note(desk, sent(desk, complaint))
    dispatches.note(desk, sent(desk, complaint, -2))
    (noted,) = look(desk, complaint).sendings
    assert noted.sent_on == desk.today() - 2 * DAY
    assert noted.remark.startswith("Parti quand l’accord valait encore.")
    assert "Prochain pas\u00a0: " in noted.remark
    assert ground(desk, complaint).startswith("accord donné")
    assert "retiré depuis" in ground(desk, complaint)


@pytest.mark.parametrize("before", [0, 1])
def test_a_sending_that_left_without_agreement_is_noted_as_the_fact_it_is(
    desk: Desk, complaint: uuid.UUID, before: int
) -> None:
    frozen.freeze(desk, complaint)
    desk = at(desk, 3)
    desk.run(withdraw, complaint, desk.today() - (1 + before) * DAY)
    dispatches.note(desk, sent(desk, complaint, -1))
    (noted,) = look(desk, complaint).sendings
    assert noted.remark.startswith("Parti sans accord.")
    assert "prévenez cette personne" in noted.remark
    assert ground(desk, complaint) == departures.NO_AGREEMENT


def test_what_left_with_every_agreement_has_nothing_to_say(desk: Desk, complaint: uuid.UUID) -> None:
    frozen.freeze(desk, complaint)
    desk = at(desk, 3)
    dispatches.note(desk, sent(desk, complaint, -1))
    assert look(desk, complaint).sendings[0].remark == ""


def test_what_left_unsigned_is_noted_and_says_so(desk: Desk, complaint: uuid.UUID) -> None:
    frozen.freeze(desk, complaint)
    with desk.read() as session:
        first = session.get_one(Referral, complaint).parties[0].id
    desk.run(readings.forget_signature, first)
    desk = at(desk, 3)
    with refused("dispatch.unsigned"):
        dispatches.note(desk, sent(desk, complaint))
    dispatches.note(desk, sent(desk, complaint, -1))
    assert "Il manque une signature" in look(desk, complaint).sendings[0].remark


def test_what_left_is_said_of_its_day_and_not_of_the_day_it_was_noted(desk: Desk, complaint: uuid.UUID) -> None:
    frozen.freeze(desk, complaint)
    desk = at(desk, 3)
    dispatches.note(desk, sent(desk, complaint, -2))
    with desk.read() as session:
        person = session.get_one(Referral, complaint).parties[0].case.person_id
        (gone,) = [each for each in departures.of_person(session, person) if each.sent_on]
        (told,) = departures.told(session, complaint)
    for said in (gone.sentence, told):
        assert said.startswith("Le 17\u00a0octobre 2026 (noté le 19\u00a0octobre 2026 à")


def test_what_left_today_all_the_same_is_noted_once_somebody_says_so(desk: Desk, complaint: uuid.UUID) -> None:
    frozen.freeze(desk, complaint)
    desk.run(withdraw, complaint, desk.today())
    with pytest.raises(Fault) as caught:
        dispatches.note(desk, sent(desk, complaint))
    assert "L’envoi n’est pas noté." in caught.value.sentence
    assert "Rien n’est sorti" not in caught.value.sentence  # nobody knows that here
    dispatches.note(desk, sent(desk, complaint, left=True))
    assert "Parti sans accord." in look(desk, complaint).sendings[0].remark


def versions(desk: Desk, complaint: uuid.UUID) -> tuple[Version, Version]:
    """One, and two days later another whose exhibits are in another order."""
    old = frozen.freeze(desk, complaint).value
    with desk.read() as session:
        moved = exhibits.lists(session, complaint)[-1].exhibits[0].evidence_id
    desk = at(desk, 2)
    desk.run(exhibits.move, complaint, moved, 3)
    return old, frozen.freeze(desk, complaint).value


def documents_of(desk: Desk, complaint: uuid.UUID) -> set[uuid.UUID]:
    return {each for one in look(desk, complaint).sendings for each in one.documents}


def ids(version: Version) -> set[uuid.UUID]:
    return {each.id for each in version.papers}


def test_the_version_of_the_day_is_the_one_that_was_sent(desk: Desk, complaint: uuid.UUID) -> None:
    old, new = versions(desk, complaint)
    desk = at(desk, 5)
    dispatches.note(desk, sent(desk, complaint, -4))
    assert documents_of(desk, complaint) == ids(old)
    dispatches.note(desk, sent(desk, complaint, -3))
    assert documents_of(desk, complaint) == ids(old) | ids(new)


def test_the_version_somebody_chooses_is_the_one_that_was_sent(desk: Desk, complaint: uuid.UUID) -> None:
    old, new = versions(desk, complaint)
    desk = at(desk, 5)
    with pytest.raises(Fault, match=r"^version\.later$") as caught:
        dispatches.note(desk, sent(desk, complaint, -4, version_id=new.papers[0].id))
    assert "après le jour de l’envoi" in caught.value.sentence
    with refused("version.later"):
        dispatches.note(desk, sent(desk, complaint, -6))
    with refused("version.gone"):
        dispatches.note(desk, sent(desk, complaint, -1, version_id=new_id()))
    with refused("version.stale"):  # not today: its exhibits are in another order now
        dispatches.note(desk, sent(desk, complaint, version_id=old.papers[0].id))
    dispatches.note(desk, sent(desk, complaint, -1, version_id=old.papers[-1].id))
    assert documents_of(desk, complaint) == ids(old)


def test_the_numbers_that_went_are_those_that_stay(desk: Desk, complaint: uuid.UUID) -> None:
    old, _ = versions(desk, complaint)
    with desk.read() as session:
        went = frozen.holds(session, old).items
        dropped = exhibits.lists(session, complaint)[-1].exhibits[-1].evidence_id
    desk = at(desk, 4)
    desk.run(exhibits.remove, complaint, dropped)
    dispatches.note(desk, sent(desk, complaint, -3))
    with desk.read() as session:
        known = exhibits.lists(session, complaint)
        assert tuple(each.evidence_id for each in known[0].exhibits) == went
        assert known[0].frozen_at is not None
        assert dropped in went  # it went, whatever became of it since
        assert all(each.evidence_id not in went for one in known[1:] for each in one.exhibits)


def test_who_came_or_went_since_is_where_the_version_says(desk: Desk, complaint: uuid.UUID) -> None:
    frozen.freeze(desk, complaint)
    with desk.read() as session:
        first, second = session.get_one(Referral, complaint).parties
        gone, person, case = second.id, second.case.person_id, first.case_id
    desk = at(desk, 2)
    desk.run(referral_parties.remove_party, complaint, gone)
    with desk.read() as session:
        other = next(
            party.case_id
            for each in session.scalars(select(Referral))
            for party in each.parties
            if party.case.person_id not in {person} and party.case_id != case
        )
    desk.run(referral_parties.add_party, complaint, other)
    desk = at(desk, 4)
    dispatches.note(desk, sent(desk, complaint, -3))
    with desk.read() as session:
        states = {each.case_id: each.status for each in session.get_one(Referral, complaint).parties}
        assert states == {case: "deposee", other: "en_redaction"}
        assert [each.role for each in departures.of_person(session, person) if "Parquet" in each.to] == ["plaignant"]


def test_the_same_sending_from_two_windows_is_noted_once(desk: Desk, complaint: uuid.UUID, monkeypatch: Any) -> None:
    frozen.freeze(desk, complaint)
    look_again = dispatch_checks.stopped

    def meanwhile(*known: Any) -> Any:
        monkeypatch.setattr(dispatch_checks, "stopped", look_again)
        dispatches.note(desk, sent(desk, complaint))
        return look_again(*known)

    monkeypatch.setattr(dispatch_checks, "stopped", meanwhile)
    with refused("dispatch.twice"):
        dispatches.note(desk, sent(desk, complaint))
    assert len(look(desk, complaint).sendings) == 1


@pytest.mark.parametrize("day", [dt.date(26, 10, 1), dt.date(1926, 10, 1), dt.date(2006, 10, 1), dt.date(2026, 1, 1)])
def test_a_day_of_another_age_is_a_slip(desk: Desk, complaint: uuid.UUID, day: dt.date) -> None:
    frozen.freeze(desk, complaint)
    with pytest.raises(Fault, match=r"^day\.early$") as caught:
        dispatches.note(desk, attrs.evolve(sent(desk, complaint), sent_on=day))
    assert ("les faits" in caught.value.sentence) == (day.year == 2026)
    assert look(desk, complaint).sendings == ()


def test_the_referral_is_gone(desk: Desk) -> None:
    with refused("referral.gone"):
        dispatches.note(desk, sent(desk, new_id()))


@given(days=st.lists(st.integers(0, 40), min_size=1, max_size=6), sent_on=st.integers(-5, 45), today=st.integers(0, 60))
def test_no_version_is_sent_before_it_exists(days: list[int], sent_on: int, today: int) -> None:
    """Of whatever versions, the one proposed was frozen that day or before, and none in between."""
    start = dt.date(2026, 1, 1)
    noon = dt.datetime.combine(start, dt.time(12), dt.UTC)
    known = [Version(frozen_at=noon + each * DAY, papers=()) for each in sorted(days, reverse=True)]
    chosen = dispatch_checks.of_the_day(known, start + sent_on * DAY, start + today * DAY)
    before = [each for each in known if min(each.day, start + today * DAY) <= start + sent_on * DAY]
    assert chosen == (before[0] if before else None)


def test_the_ledger_holds_together(desk: Desk, complaint: uuid.UUID) -> None:
    frozen.freeze(desk, complaint)
    desk = at(desk, 3)
    desk.run(withdraw, complaint, desk.today() - DAY)
    dispatches.note(desk, sent(desk, complaint, -2))
    with desk.read() as session:
        assert departures.altered(session) == ()
        (noted,) = session.scalars(select(Dispatch))
        assert noted.remark in session.get_one(Departure, noted.departure_id).note


@pytest.mark.parametrize("change", ["nothing", "words", "exhibits"])
def test_a_version_that_says_something_else_by_now_is_said_so(desk: Desk, complaint: uuid.UUID, change: str) -> None:
    assert not printing.versions(desk, complaint).stale  # none yet
    frozen.freeze(desk, complaint)
    if change == "words":
        desk.run(_write_account, complaint, "Un autre exposé.")
    elif change == "exhibits":
        with desk.read() as session:
            moved = exhibits.lists(session, complaint)[-1].exhibits[0].evidence_id
        desk.run(exhibits.move, complaint, moved, 3)
    assert printing.versions(desk, complaint).stale == (change != "nothing")


def _write_account(work: Work, referral: uuid.UUID, text: str) -> None:
    work.session.get_one(Referral, referral).account = text
