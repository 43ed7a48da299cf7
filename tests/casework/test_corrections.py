# SPDX-License-Identifier: GPL-3.0-or-later
"""A sending noted wrong is corrected: what follows from it follows, and what it said before stays."""

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from sqlalchemy import select

from hro_desktop import bootstrap
from hro_desktop.casework import corrections, departures, dispatches, editing, exhibits, fields, follow_overview, frozen
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.dispatches import CorrectionDraft, DispatchDraft, ProofDraft
from hro_desktop.demo import run
from hro_desktop.faults import Fault
from hro_desktop.law import vocabulary
from hro_desktop.records.base import new_id
from hro_desktop.records.dispatches import Dispatch
from hro_desktop.records.journal import JournalLine
from tests.casework.test_past_sendings import DAY, at, complaint, withdraw
from tests.support.practice import practice_vault

__all__ = ["complaint"]

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with bootstrap.open_desk(practice_vault(tmp_path, follow_up=True), run.PASSPHRASE, clock=lambda: run.NOW) as opened:
        yield at(opened, 0)


@pytest.fixture
def late(desk: Desk, complaint: uuid.UUID) -> Desk:
    """Five days after the freezing; the sending is noted as of today, and was of the day after the freezing."""
    frozen.freeze(desk, complaint)
    desk = at(desk, 5)
    dispatches.note(
        desk, DispatchDraft(referral_id=complaint, channel="lrar", sent_on=desk.today(), tracking_number="1A 111")
    )
    return desk


def look(desk: Desk, referral: uuid.UUID) -> follow_overview.Followed:
    with desk.read() as session:
        return follow_overview.view(session, desk, referral)


def correction(desk: Desk, referral: uuid.UUID, **more: Any) -> CorrectionDraft:
    return attrs.evolve(look(desk, referral).sendings[0].draft, **more)


def refused(code: str) -> Any:
    return pytest.raises(Fault, match=f"^{code}$")


def test_the_day_is_corrected_and_all_that_follows_from_it(late: Desk, complaint: uuid.UUID) -> None:
    day = late.today() - 4 * DAY
    corrections.correct(late, correction(late, complaint, sent_on=day, channel="greffe"))
    found = look(late, complaint)
    (noted,) = found.sendings
    assert (noted.sent_on, noted.channel) == (day, vocabulary.label("channels", "greffe"))
    assert {each.occurred_on for party in found.parties for each in party.events if each.sent} == {day}
    assert {each.status for each in found.parties} == {"deposee"}
    with late.read() as session:
        assert exhibits.lists(session, complaint)[0].communicated_on == day
        assert departures.altered(session) == ()  # the ledger is as it was written
    (told,) = noted.corrections
    assert "avant\u00a0: lettre recommandée" in told
    assert "envoi du 21\u00a0octobre 2026" in told


def test_each_correction_is_kept_and_the_journal_bound_to_it(late: Desk, complaint: uuid.UUID) -> None:
    corrections.correct(late, correction(late, complaint, tracking_number="1A 222"))
    corrections.correct(late, correction(late, complaint, tracking_number="1A 333"))
    corrections.correct(late, correction(late, complaint))  # nothing to say
    (noted,) = look(late, complaint).sendings
    assert ["1A 222" in noted.corrections[0], "1A 111" in noted.corrections[1]] == [True, True]
    assert len(noted.corrections) == 2
    with late.read() as session:
        lines = session.scalars(select(JournalLine).where(JournalLine.object == str(noted.id))).all()
        corrected = [each for each in lines if each.action == "dispatch.corrected"]
        assert len({each.commitment for each in corrected if each.commitment}) == 2


def test_a_number_typed_over_with_the_proofs_is_kept_too(late: Desk, complaint: uuid.UUID) -> None:
    (noted,) = look(late, complaint).sendings
    late.run(editing.write, "dispatch", ProofDraft(id=noted.id, tracking_number="1A 222"))
    assert "1A 111" in look(late, complaint).sendings[0].corrections[0]


def test_what_cannot_be_is_refused_and_nothing_is_changed(late: Desk, complaint: uuid.UUID) -> None:
    today = late.today()
    for code, more in (
        ("dispatch.future", {"sent_on": today + DAY}),
        ("day.early", {"sent_on": dt.date(1926, 10, 3)}),
        ("version.later", {"sent_on": today - 6 * DAY}),
        ("dispatch.gone", {"id": new_id()}),
        ("draft.invalid", {"channel": ""}),
    ):
        with refused(code):
            corrections.correct(late, correction(late, complaint, **more))
    late.run(dispatches.note_receipt, look(late, complaint).sendings[0].id, today, None, today)
    later = at(late, 7)
    with refused("dispatch.before"):
        corrections.correct(later, correction(later, complaint, sent_on=later.today()))
    dispatches.note(later, DispatchDraft(referral_id=complaint, channel="greffe", sent_on=today, left=True))
    with refused("dispatch.twice"):
        greffe = [each for each in look(later, complaint).sendings if each.tracking_number]
        corrections.correct(later, attrs.evolve(greffe[0].draft, channel="greffe"))
    assert all(each.corrections == () for each in look(later, complaint).sendings)


def test_agreements_are_looked_at_again_on_the_true_day(late: Desk, complaint: uuid.UUID) -> None:
    later = at(late, 8)
    later.run(withdraw, complaint, later.today() - 2 * DAY)
    assert look(later, complaint).sendings[0].remark == ""
    corrections.correct(later, correction(later, complaint, sent_on=later.today() - DAY))
    (noted,) = look(later, complaint).sendings
    assert noted.remark.startswith("Parti sans accord.")
    corrections.correct(later, correction(later, complaint, sent_on=later.today() - 4 * DAY))
    assert look(later, complaint).sendings[0].remark.startswith("Parti quand l’accord valait encore.")
    with later.read() as session:
        kept = session.scalars(select(Dispatch)).one().corrections
        assert "Parti sans accord." in kept[-1]["was"]["remark"]


@pytest.mark.parametrize("number", ["1A 111", "1a111", " 1A-111 "])
def test_the_same_number_is_the_same_sending_whatever_its_day(late: Desk, complaint: uuid.UUID, number: str) -> None:
    again = DispatchDraft(referral_id=complaint, channel="greffe", sent_on=late.today() - DAY, tracking_number=number)
    with pytest.raises(Fault, match=r"^dispatch\.twice$") as caught:
        dispatches.note(late, again)
    assert "déjà noté\u00a0: envoi du" in caught.value.sentence
    dispatches.note(late, attrs.evolve(again, tracking_number="1A 112"))  # the control


@pytest.mark.parametrize(("name", "most"), [("tracking_number", dispatches.NUMBER), ("note", dispatches.NOTE)])
def test_a_text_pasted_by_mistake_is_too_long(late: Desk, complaint: uuid.UUID, name: str, most: int) -> None:
    for draft in (correction(late, complaint), DispatchDraft(channel="lrar", referral_id=complaint)):
        draft.sent_on = late.today()
        assert fields.validate(attrs.evolve(draft, **{name: "a" * most})) == ()
        (problem,) = fields.validate(attrs.evolve(draft, **{name: "a" * (most + 1)}))
        assert f"plus de {most} caractères" in fields.sentence(problem)


def test_a_proof_that_is_gone_is_one_that_misses(late: Desk, complaint: uuid.UUID) -> None:
    (noted,) = look(late, complaint).sendings
    with late.read() as session:
        item = exhibits.lists(session, complaint)[-1].exhibits[0].evidence_id
    late.run(editing.write, "dispatch", ProofDraft(id=noted.id, proof_evidence_id=item))
    assert "preuve du dépôt à joindre" not in look(late, complaint).sendings[0].sentence
    with late.vault.database.writer.connect() as connection:
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")  # as a vault made of what was left of another may be
        driver.execute("UPDATE dispatch SET proof_evidence_id = ?", (uuid.uuid4().hex,))
        driver.commit()
        driver.execute("PRAGMA foreign_keys=ON")
    (noted,) = look(late, complaint).sendings
    assert noted.proof_id is None
    assert "preuve du dépôt à joindre" in noted.sentence
