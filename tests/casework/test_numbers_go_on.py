# SPDX-License-Identifier: GPL-3.0-or-later
"""Before one authority an exhibit number is borne once: what completes the same complaint goes on from the last one."""

import datetime as dt
import uuid

import attrs
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import exhibits, follow, offers, referral_facts
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.exhibits import ExhibitDraft
from hro_desktop.faults import Fault
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.referrals import Referral

DAY = dt.date(2026, 10, 16)


@attrs.frozen
class Chain:
    """A complaint that was sent, and the items nobody communicated yet."""

    complaint: uuid.UUID
    spare: tuple[uuid.UUID, ...]


@pytest.fixture
def sent(desk: Desk) -> Chain:
    with desk.vault.work() as work:
        referral = work.session.scalars(select(Referral)).one()
        for party in referral.parties:
            party.status = "deposee"
        model = work.session.scalars(select(Evidence)).first()
        assert model is not None
        spare = [
            Evidence(kind="courrier", title=f"Courrier {number}", stored=model.stored, deposited_at=model.deposited_at)
            for number in range(3)
        ]
        work.session.add_all(spare)
        work.commit()
        found = Chain(referral.id, tuple(each.id for each in spare))
    desk.run(exhibits.freeze, found.complaint, DAY)
    return found


def complete(desk: Desk, chain: Chain, *items: uuid.UUID) -> uuid.UUID:
    made = desk.run(follow.complete, chain.complaint, "complement_plainte", DAY).value
    desk.run(exhibits.arrange, made, [ExhibitDraft(evidence_id=each) for each in items])
    return made


def numbers(session: Session, referral_id: uuid.UUID) -> dict[uuid.UUID, int]:
    referral = session.get_one(Referral, referral_id)
    return {each.evidence.id: each.number for each in referral_facts.numbered_exhibits(session, referral)}


def test_the_second_letter_that_completes_a_complaint_goes_on_from_the_first(desk: Desk, sent: Chain) -> None:
    one, two, three = sent.spare
    first = complete(desk, sent, one)
    desk.run(exhibits.freeze, first, DAY)
    second = complete(desk, sent, two)
    with desk.read() as session:
        last = max(numbers(session, sent.complaint).values())
        assert numbers(session, first) == {one: last + 1}
        assert numbers(session, second) == {two: last + 2}
        cited = referral_facts.numbers(session, session.get_one(Referral, second), ())
        assert cited[str(one)] == last + 1  # it may go on citing what was communicated before it
        before = referral_facts.numbers(session, session.get_one(Referral, first), ())
        assert str(two) not in before
        assert {one, two}.isdisjoint(each.id for each in offers.exhibits_for(session, second))
    with pytest.raises(Fault, match=r"exhibit\.twice"):
        desk.run(exhibits.arrange, second, [ExhibitDraft(evidence_id=one)])
    desk.run(exhibits.freeze, second, DAY)
    desk.run(exhibits.arrange, sent.complaint, [ExhibitDraft(evidence_id=three)])
    with desk.read() as session:
        assert numbers(session, sent.complaint)[three] == last + 3


def test_what_was_prepared_and_never_sent_takes_no_number(desk: Desk, sent: Chain) -> None:
    one, two, _ = sent.spare
    complete(desk, sent, one)
    second = complete(desk, sent, two)
    with desk.read() as session:
        assert numbers(session, second) == {two: max(numbers(session, sent.complaint).values()) + 1}
