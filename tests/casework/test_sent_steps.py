# SPDX-License-Identifier: GPL-3.0-or-later
"""An event that is a noted sending stays bound to it, whatever is corrected, removed or undone around it."""

import datetime as dt
import uuid
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hro_desktop.casework import dispatches, follow, frozen, referral_parties
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.dispatches import DispatchDraft
from hro_desktop.casework.follow import EventDraft
from hro_desktop.casework.referrals import PREPARING
from hro_desktop.faults import Fault
from hro_desktop.records.referrals import Referral, ReferralStep
from hro_desktop.vault.work import Work
from tests.support.referrals import sign_all

pytestmark = pytest.mark.usefixtures("qapp")
DAY = dt.timedelta(days=1)


@pytest.fixture
def complaint(desk: Desk) -> uuid.UUID:
    """Of two people, signed and frozen, not sent."""
    with desk.read() as session:
        found = session.scalars(select(Referral).where(Referral.procedure == "plainte_procureur")).all()
        wanted = next(each.id for each in found if "en_redaction" in {party.status for party in each.parties})
    sign_all(desk, wanted)
    frozen.freeze(desk, wanted)
    return wanted


def refused(code: str) -> Any:
    return pytest.raises(Fault, match=f"^{code}$")


def send(desk: Desk, referral: uuid.UUID) -> None:
    dispatches.note(desk, DispatchDraft(referral_id=referral, channel="lrar", sent_on=desk.today()))


def event(referral: uuid.UUID, status: str, day: dt.date, **more: Any) -> EventDraft:
    return EventDraft(id=referral, referral_id=referral, status=status, occurred_on=day, **more)


def steps(desk: Desk, referral: uuid.UUID) -> list[ReferralStep]:
    with desk.read() as session:
        return [step for party in session.get_one(Referral, referral).parties for step in party.steps]


def bound(desk: Desk, referral: uuid.UUID) -> list[ReferralStep]:
    return [each for each in steps(desk, referral) if each.dispatch_id is not None]


def parties(desk: Desk, referral: uuid.UUID) -> list[uuid.UUID]:
    with desk.read() as session:
        return [each.id for each in session.get_one(Referral, referral).parties]


def test_a_sent_event_goes_neither_back_nor_elsewhere(desk: Desk, complaint: uuid.UUID) -> None:
    send(desk, complaint)
    step, today = bound(desk, complaint)[0], desk.today()
    for status, day in (("en_redaction", today), ("deposee", today - DAY), ("enquete", today)):
        with refused("event.sent"):
            desk.run(follow.note, event(complaint, status, day, step_id=step.id), today)
    with refused("event.sent"):
        desk.run(follow.remove, step.id)
    desk.run(follow.note, event(complaint, "deposee", today, step_id=step.id, note="guichet 2"), today)
    assert "guichet 2" in {each.note for each in bound(desk, complaint)}
    with refused("referral.party_sent"):
        desk.run(referral_parties.remove_party, complaint, step.party_id)


def test_what_left_is_no_draft_again_by_correcting_what_came_after(desk: Desk, complaint: uuid.UUID) -> None:
    send(desk, complaint)
    noted = desk.run(follow.note, event(complaint, "enquete", desk.today()), desk.today()).value
    with refused("event.back"):
        back = event(complaint, "en_redaction", desk.today(), step_id=noted.made[0])
        desk.run(follow.note, back, desk.today())
    for each in noted.made:
        desk.run(follow.remove, each)
    with desk.read() as session:
        assert {each.status for each in session.get_one(Referral, complaint).parties} == {"deposee"}


def test_an_event_noted_by_hand_that_day_is_the_sending_from_then_on(desk: Desk, complaint: uuid.UUID) -> None:
    noted = desk.run(follow.note, event(complaint, "deposee", desk.today()), desk.today()).value
    send(desk, complaint)
    assert {each.id for each in bound(desk, complaint)} == set(noted.made)
    with refused("event.sent"):
        desk.run(follow.undo, noted)
    with refused("event.sent"):
        desk.run(follow.remove, noted.made[0])


def test_a_sending_noted_after_its_event_protects_whom_it_was_for(desk: Desk, complaint: uuid.UUID) -> None:
    """The event was noted on the board the day before; taking it out does not make a draft of what was sent."""
    noted = desk.run(follow.note, event(complaint, "deposee", desk.today() - DAY), desk.today()).value
    send(desk, complaint)
    for each in noted.made:
        desk.run(follow.remove, each)
    assert {each.occurred_on for each in bound(desk, complaint)} == {desk.today()}
    with refused("referral.party_sent"):
        desk.run(referral_parties.remove_party, complaint, parties(desk, complaint)[0])


def test_undoing_what_was_done_before_a_sending_leaves_it_sent(desk: Desk, complaint: uuid.UUID) -> None:
    first = next(each for each in steps(desk, complaint) if each.status in PREPARING)
    draft = event(complaint, first.status, first.occurred_on, step_id=first.id, note="relu")
    noted = desk.run(follow.note, draft, desk.today()).value
    send(desk, complaint)
    desk.run(follow.undo, noted)
    with desk.read() as session:
        assert {each.status for each in session.get_one(Referral, complaint).parties} == {"deposee"}


def test_who_was_put_back_keeps_what_was_sent(desk: Desk, complaint: uuid.UUID) -> None:
    leaving = parties(desk, complaint)[1]
    taken = desk.run(referral_parties.remove_party, complaint, leaving).value
    desk.run(referral_parties.put_back, taken)
    send(desk, complaint)
    assert {each.party_id for each in bound(desk, complaint)} == set(parties(desk, complaint))


@pytest.mark.parametrize("day", [dt.date(26, 10, 1), dt.date(1990, 5, 1), dt.date(2026, 1, 1)])
def test_an_event_of_another_age_is_a_slip(desk: Desk, complaint: uuid.UUID, day: dt.date) -> None:
    known = steps(desk, complaint)[0]
    with refused("day.early"):
        desk.run(follow.note, event(complaint, "deposee", day), desk.today())
    with refused("day.early"):
        desk.run(follow.note, event(complaint, known.status, day, step_id=known.id), desk.today())
    desk.run(follow.note, event(complaint, "enquete", desk.today()), desk.today())  # the control


def test_an_event_that_was_noted_on_such_a_day_can_be_mended(desk: Desk, complaint: uuid.UUID) -> None:
    known, day = steps(desk, complaint)[0], dt.date(1990, 5, 1)
    desk.run(_set_day, known.id, day)
    said = event(complaint, known.status, day, step_id=known.id, note="vu")
    desk.run(follow.note, said, desk.today())
    desk.run(follow.note, attrs.evolve(said, occurred_on=desk.today()), desk.today())
    assert desk.today() in {each.occurred_on for each in steps(desk, complaint)}


def _set_day(work: Work, step: uuid.UUID, day: dt.date) -> None:
    work.session.get_one(ReferralStep, step).occurred_on = day


GESTURES = st.lists(
    st.tuples(
        st.sampled_from(["note", "correct", "remove", "undo", "party"]),
        st.integers(0, 9),
        st.sampled_from(["a_evaluer", "en_redaction", "prete", "deposee", "enregistree", "enquete", "classee"]),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gestures=GESTURES)
def test_no_gesture_unsends(desk: Desk, complaint: uuid.UUID, gestures: list[tuple[str, int, str, int]]) -> None:
    """Whatever is done, each complainant has the event of the sending, on its day, and is sent."""
    if not bound(desk, complaint):
        send(desk, complaint)
    was = {(each.id, each.party_id, each.status, each.occurred_on) for each in bound(desk, complaint)}
    done: list[follow.Noted] = []
    for gesture in gestures:
        try:
            done += _do(desk, complaint, gesture, done)
        except Fault:
            continue
        assert {(each.id, each.party_id, each.status, each.occurred_on) for each in bound(desk, complaint)} == was
        with desk.read() as session:
            states = {each.status for each in session.get_one(Referral, complaint).parties}
        assert not states & set(PREPARING)


def _do(
    desk: Desk, complaint: uuid.UUID, gesture: tuple[str, int, str, int], done: list[follow.Noted]
) -> list[follow.Noted]:
    what, at, status, days = gesture
    known = steps(desk, complaint)
    step = known[at % len(known)]
    draft = event(complaint, status, desk.today() - days * DAY)
    if what == "party":
        desk.run(referral_parties.remove_party, complaint, step.party_id)
        return []
    if what == "undo":
        if done:
            desk.run(follow.undo, done[at % len(done)])
        return []
    if what == "remove":
        return [desk.run(follow.remove, step.id).value]
    draft.step_id = step.id if what == "correct" else None
    return [desk.run(follow.note, draft, desk.today()).value]
