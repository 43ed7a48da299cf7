# SPDX-License-Identifier: GPL-3.0-or-later
"""Following a referral: events with their proof, undone; the frozen version written out; what is copied online."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from sqlalchemy import select

from hro_desktop import bootstrap
from hro_desktop.casework import (
    agenda,
    boxes,
    departures,
    dispatch_contents,
    dispatches,
    editing,
    follow,
    follow_overview,
    frozen,
    journal,
    referral_overview,
    sending,
)
from hro_desktop.casework.agenda import ContactNoteDraft, MailDraft
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.dispatches import DispatchDraft
from hro_desktop.casework.follow import EventDraft, NumberDraft
from hro_desktop.demo import run
from hro_desktop.faults import Fault
from hro_desktop.records.base import new_id
from hro_desktop.records.departures import Departure
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.referrals import Referral
from hro_desktop.vault.work import Work
from tests.support.practice import practice_vault
from tests.support.referrals import sign_all, withdraw

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The practice case and the one that goes on with it."""
    with bootstrap.open_desk(practice_vault(tmp_path, follow_up=True), run.PASSPHRASE, clock=lambda: run.NOW) as opened:
        yield opened


def refused(code: str) -> Any:
    return pytest.raises(Fault, match=f"^{code}$")


def referral_of(desk: Desk, procedure: str, *, state: str = "") -> uuid.UUID:
    """The first referral of a procedure, with somebody in that state."""
    with desk.read() as session:
        found = session.scalars(
            select(Referral).where(Referral.procedure == procedure).order_by(Referral.reference)
        ).all()
        return next(each.id for each in found if not state or state in {party.status for party in each.parties})


@pytest.fixture
def registered(desk: Desk) -> uuid.UUID:
    """A complaint that was registered."""
    return referral_of(desk, "plainte_procureur", state="enregistree")


@pytest.fixture
def complaint(desk: Desk) -> uuid.UUID:
    """One of two people, not sent."""
    return referral_of(desk, "plainte_procureur", state="en_redaction")


def look(desk: Desk, referral: uuid.UUID) -> follow_overview.Followed:
    with desk.read() as session:
        return follow_overview.view(session, desk, referral)


def event(referral: uuid.UUID, status: str, day: dt.date, **more: Any) -> EventDraft:
    return EventDraft(id=referral, referral_id=referral, status=status, occurred_on=day, **more)


def sent(desk: Desk, referral: uuid.UUID, **more: Any) -> DispatchDraft:
    given: dict[str, Any] = {"referral_id": referral, "channel": "lrar", "sent_on": desk.today(), **more}
    return DispatchDraft(**given)


def test_an_event_moves_the_state_and_is_undone(desk: Desk, registered: uuid.UUID) -> None:
    before = look(desk, registered).parties[0]
    assert before.since == "sans nouvelles depuis le 19\u00a0juin 2026"
    noted = desk.run(follow.note, event(registered, "classee", desk.today(), note="avis reçu"), desk.today()).value
    now = look(desk, registered).parties[0]
    assert now.status == "classee"
    assert now.events[0].words == "classée sans suite"
    assert now.events[0].note == "avis reçu"
    desk.run(follow.undo, noted)
    assert look(desk, registered).parties[0] == before


def test_an_event_of_an_earlier_day_does_not_move_the_state(desk: Desk, registered: uuid.UUID) -> None:
    desk.run(follow.note, event(registered, "enquete", dt.date(2026, 6, 17)), desk.today())
    found = look(desk, registered).parties[0]
    assert found.status == "enregistree"
    assert [each.status for each in found.events] == ["enregistree", "enquete", "deposee"]


def test_what_cannot_be_noted_is_refused(desk: Desk, registered: uuid.UUID) -> None:
    today = desk.today()
    with refused("event.future"):
        desk.run(follow.note, event(registered, "classee", today + dt.timedelta(days=1)), today)
    with refused("event.elsewhere"):
        desk.run(follow.note, event(registered, "orientee", today), today)
    with refused("event.back"):
        desk.run(follow.note, event(registered, "en_redaction", today), today)
    with refused("event.proof"):
        desk.run(follow.note, event(registered, "classee", today, proof_evidence_id=new_id()), today)
    with refused("event.twice"):
        desk.run(follow.note, event(registered, "enregistree", dt.date(2026, 6, 19)), today)
    with refused("event.party"):
        desk.run(follow.note, event(registered, "classee", today, party_ids=(new_id(),)), today)
    with refused("event.gone"):
        desk.run(follow.note, event(registered, "classee", today, step_id=new_id()), today)
    with refused("draft.invalid"):
        desk.run(follow.note, event(registered, "", today), today)
    with refused("draft.invalid"):
        desk.run(follow.note, event(registered, "classee", today, note="un\u202emot"), today)
    assert look(desk, registered).parties[0].status == "enregistree"


def test_an_event_is_corrected_and_removed_and_both_are_undone(desk: Desk, registered: uuid.UUID) -> None:
    known = look(desk, registered).parties[0]
    last = known.events[0]
    changed = event(registered, "enquete", dt.date(2026, 7, 1), step_id=last.id, proof_evidence_id=last.proof_id)
    noted = desk.run(follow.note, changed, desk.today()).value
    assert look(desk, registered).parties[0].status == "enquete"
    desk.run(follow.undo, noted)
    assert look(desk, registered).parties[0] == known
    noted = desk.run(follow.remove, last.id).value
    assert look(desk, registered).parties[0].status == "deposee"
    with refused("event.gone"):
        desk.run(follow.remove, last.id)
    desk.run(follow.undo, noted)
    assert look(desk, registered).parties[0] == known


def test_for_one_complainant_or_for_all(desk: Desk, complaint: uuid.UUID) -> None:
    first, second = look(desk, complaint).parties
    desk.run(follow.note, event(complaint, "deposee", desk.today(), party_ids=(first.id,)), desk.today())
    assert [each.status for each in look(desk, complaint).parties] == ["deposee", second.status]
    desk.run(follow.note, event(complaint, "enquete", desk.today()), desk.today())
    assert {each.status for each in look(desk, complaint).parties} == {"enquete"}


def test_what_happened_comes_after_what_was_prepared(desk: Desk, complaint: uuid.UUID) -> None:
    """A complaint left at a police station the day before its letter was dated is left there all the same."""
    desk.run(follow.note, event(complaint, "deposee", dt.date(2026, 10, 13)), desk.today())
    assert {each.status for each in look(desk, complaint).parties} == {"deposee"}


def test_the_number_of_the_body(desk: Desk, registered: uuid.UUID) -> None:
    party = look(desk, registered).parties[0]
    assert party.body_reference == "26/04417"
    written = desk.run(editing.write, "referral_party", NumberDraft(id=party.id, body_reference=" 26/9 ")).value
    assert look(desk, registered).parties[0].body_reference == "26/9"
    desk.run(editing.write, "referral_party", written.before)
    assert look(desk, registered).parties[0].body_reference == "26/04417"


def test_each_action_leaves_a_line_one_can_read(desk: Desk, registered: uuid.UUID) -> None:
    noted = desk.run(follow.note, event(registered, "classee", desk.today()), desk.today()).value
    desk.run(follow.undo, noted)
    with desk.read() as session:
        lines = session.scalars(select(JournalLine.action).where(JournalLine.object == str(registered))).all()
    assert {"referral.event", "referral.event_undone"} <= set(lines)
    assert all(journal.words(each).startswith("Saisine") for each in lines)


def test_a_complaint_is_completed_with_the_facts_and_people_it_had(desk: Desk, registered: uuid.UUID) -> None:
    assert [code for code, _ in look(desk, registered).may_complete] == ["complement_plainte"]
    fresh = desk.run(follow.complete, registered, "complement_plainte", desk.today()).value
    found = look(desk, fresh)
    assert [each.id for each in found.related] == [registered]
    assert [each.case_id for each in found.parties] == [each.case_id for each in look(desk, registered).parties]
    assert fresh in [each.id for each in look(desk, registered).related]


def test_nothing_completes_what_was_not_sent(desk: Desk, complaint: uuid.UUID) -> None:
    assert look(desk, complaint).may_complete == ()
    with refused("follow.none"):
        desk.run(follow.complete, complaint, "complement_plainte", desk.today())


def test_a_letter_received_presses_when_the_person_is_hard_to_reach(desk: Desk, registered: uuid.UUID) -> None:
    party = look(desk, registered).parties[0]
    draft = MailDraft(received_on=desk.today(), sender="Parquet", subject="Avis", case_id=party.case_id)
    desk.run(agenda.save_mail, draft)
    reached = ContactNoteDraft(person_id=party.person_id, contacted_on=desk.today(), means="telephone")
    for _ in range(2):
        desk.run(agenda.save_contact, attrs.evolve(reached, reached=False))
    found = look(desk, registered)
    assert [each.to_pass_on for each in found.letters] == [True]
    assert "notifié" in found.parties[0].alarm
    desk.run(agenda.save_contact, reached)
    assert look(desk, registered).parties[0].alarm == ""


def test_a_letter_that_answers_another_referral_is_shown_there_only(
    desk: Desk, registered: uuid.UUID, complaint: uuid.UUID
) -> None:
    party = look(desk, registered).parties[0]
    draft = MailDraft(received_on=desk.today(), sender="Parquet", subject="Avis", case_id=party.case_id)
    desk.run(agenda.save_mail, draft)
    [letter] = look(desk, registered).letters
    assert "personne n’a dit à quelle saisine il répond" in letter.detail  # the control
    desk.run(agenda.save_mail, attrs.evolve(draft, id=letter.id, referral_id=registered))
    [letter] = look(desk, registered).letters
    assert "à quelle saisine" not in letter.detail
    desk.run(agenda.save_mail, attrs.evolve(draft, id=letter.id, referral_id=complaint))
    assert look(desk, registered).letters == ()


def test_the_list_and_the_board(desk: Desk, registered: uuid.UUID, complaint: uuid.UUID) -> None:
    today = desk.today()
    with desk.read() as session:
        everything = referral_overview.ids(session, on=today)
        assert registered in referral_overview.ids(session, on=today, waiting=["silent"])
        assert complaint not in referral_overview.ids(session, on=today, waiting=["sent"])
        assert complaint in referral_overview.ids(session, on=today, waiting=["preparing"])
        assert list(referral_overview.ids(session, on=today, state="enregistree")) == [registered]
        assert set(referral_overview.ids(session, on=today, order="since")) == set(everything)
        rows = {each.id: each for each in referral_overview.rows(session, everything, today)}
        assert rows[registered].since == "sans nouvelles depuis le 19\u00a0juin 2026"
        assert rows[complaint].since.startswith("commencée le")
        board = referral_overview.board(session, "plainte", today)
        assert board.stages[0] == "Préparée"
        assert registered in [card.id for card in board.cards[2]]
        card = next(card for card in board.cards[0] if card.id == complaint)
        assert card.next_state == "deposee"
        assert len(card.party_ids) == 2
        known = referral_overview.choices(session, today)
        assert ("enregistree", "enregistrée") in known.states
        assert sum(number for _, number in known.tracks) == len(everything)


def test_complainants_in_two_stages_stand_in_both(desk: Desk, complaint: uuid.UUID) -> None:
    first = look(desk, complaint).parties[0]
    desk.run(follow.note, event(complaint, "deposee", desk.today(), party_ids=(first.id,)), desk.today())
    with desk.read() as session:
        board = referral_overview.board(session, "plainte", desk.today())
    places = [at for at, cards in enumerate(board.cards) for card in cards if card.id == complaint]
    assert places == [0, 1]


def test_what_is_read_before_freezing(desk: Desk, complaint: uuid.UUID) -> None:
    with desk.read() as session:
        checked = dispatch_contents.look(session, desk, complaint)
    assert len(checked.agreed) == 2
    assert all(each.open for each in checked.agreed)
    assert any(each.people for each in checked.exhibits)
    assert checked.may_freeze
    assert not checked.signed
    assert checked.version is None
    files = dispatch_contents.files(desk, complaint)
    assert {each.name for each in files} >= {"01-plainte.pdf"}
    frozen.freeze(desk, complaint)
    with desk.read() as session:
        assert dispatch_contents.look(session, desk, complaint).version is not None


def test_the_frozen_version_is_written_byte_for_byte(desk: Desk, complaint: uuid.UUID, tmp_path: Path) -> None:
    with refused("version.none"):
        sending.write_frozen(desk, complaint, tmp_path / "sortie")
    version = frozen.freeze(desk, complaint).value
    sealed = {each.sha256 for each in version.papers}
    written = sending.write_frozen(desk, complaint, tmp_path / "sortie")
    found = {hashlib.sha256((tmp_path / "sortie" / name).read_bytes()).hexdigest() for name in written.files}
    assert sealed <= found
    with desk.read() as session:
        (gone,) = session.scalars(select(Departure).where(Departure.referral_id == complaint))
        assert {each.document_id for each in gone.files if each.document_id} == {each.id for each in version.papers}
        assert len(departures.told(session, complaint)) == 1
    with refused("out.not_empty"):
        sending.write_frozen(desk, complaint, tmp_path / "sortie")


def test_an_agreement_withdrawn_since_keeps_the_frozen_version_inside(
    desk: Desk, complaint: uuid.UUID, tmp_path: Path
) -> None:
    version = frozen.freeze(desk, complaint).value
    desk.run(withdraw, complaint)
    with pytest.raises(Fault):
        sending.write_frozen(desk, complaint, tmp_path / "sortie")
    assert not (tmp_path / "sortie").exists()
    assert all(frozen.opened(desk, each.id) for each in version.papers)  # still looked at


def test_the_same_sending_is_not_noted_twice(desk: Desk, complaint: uuid.UUID) -> None:
    sign_all(desk, complaint)
    frozen.freeze(desk, complaint)
    dispatches.note(desk, sent(desk, complaint))
    with refused("dispatch.twice"):
        dispatches.note(desk, sent(desk, complaint))
    with refused("dispatch.proof"):
        dispatches.note(desk, sent(desk, complaint, channel="greffe", proof_evidence_id=new_id()))
    found = look(desk, complaint)
    assert len(found.sendings) == 1
    assert found.sent
    step = found.parties[0].events[0]
    with refused("event.sent"):
        desk.run(follow.remove, step.id)


def test_a_copy_goes_to_nobody_the_people_did_not_agree_to(desk: Desk, complaint: uuid.UUID) -> None:
    sign_all(desk, complaint)
    frozen.freeze(desk, complaint)
    with refused("dispatch.unagreed"):
        dispatches.note(desk, sent(desk, complaint, authority="igpn", copy=True, channel="en_ligne"))
    copied = sent(desk, complaint, authority="procureur_dunkerque", copy=True)
    dispatches.note(desk, copied)  # the agreement names the body, whichever court it is
    assert look(desk, complaint).sendings[0].copy


def test_only_what_was_frozen_is_copied_online(desk: Desk) -> None:
    referral = referral_of(desk, "saisine_igpn")
    sheet = boxes.of_referral(desk, referral)
    assert sheet.boxes
    assert sheet.boxes[0].number == 1
    assert sheet.attached
    assert sheet.held
    with desk.read() as session:
        checked = dispatch_contents.look(session, desk, referral)
    if checked.may_freeze:
        frozen.freeze(desk, referral)
        assert boxes.of_referral(desk, referral).held == ""
        desk.run(_write_account, referral, "Un autre exposé.")
        assert "figez de nouveau" in boxes.of_referral(desk, referral).held
    with refused("boxes.none"):
        boxes.of_referral(desk, referral_of(desk, "plainte_procureur"))


def _write_account(work: Work, referral: uuid.UUID, text: str) -> None:
    work.session.get_one(Referral, referral).account = text


def test_the_proofs_of_a_sending_come_later(desk: Desk, complaint: uuid.UUID) -> None:
    sign_all(desk, complaint)
    frozen.freeze(desk, complaint)
    dispatches.note(desk, sent(desk, complaint))
    with desk.read() as session:
        known = editing.read(session, "dispatch", dispatches.of_referral(session, complaint)[0].id)
        assert complaint in referral_overview.ids(session, on=desk.today(), waiting=["proof"])
    with refused("dispatch.before"):
        early = attrs.evolve(known, received_on=desk.today() - dt.timedelta(days=1))
        desk.run(editing.write, "dispatch", early)
    with refused("dispatch.future"):
        late = attrs.evolve(known, received_on=dt.date(2099, 1, 1))  # the journal has its own clock
        desk.run(editing.write, "dispatch", late)
    with refused("dispatch.proof"):
        desk.run(editing.write, "dispatch", attrs.evolve(known, proof_evidence_id=new_id()))
    desk.run(editing.write, "dispatch", attrs.evolve(known, received_on=desk.today(), tracking_number="1A 0"))
    with desk.read() as session:
        assert "reçu le" in dispatches.of_referral(session, complaint)[0].sentence
        assert complaint not in referral_overview.ids(session, on=desk.today(), waiting=["proof"])
