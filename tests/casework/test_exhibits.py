# SPDX-License-Identifier: GPL-3.0-or-later
"""One list drives every number; what was communicated never moves."""

import datetime as dt
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from hro_desktop.casework import exhibits, referral_facts
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.exhibits import ExhibitDraft
from hro_desktop.faults import Fault
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.exhibits import ExhibitList
from hro_desktop.records.referrals import Referral


def referral_id(desk: Desk) -> uuid.UUID:
    with desk.read() as session:
        return session.scalars(select(Referral.id)).one()


def numbers(desk: Desk) -> dict[str, int]:
    with desk.read() as session:
        referral = session.scalars(select(Referral)).one()
        return {each.title: each.number for each in referral_facts.numbered_exhibits(session, referral)}


def paragraphs(desk: Desk) -> str:
    with desk.read() as session:
        referral = session.scalars(select(Referral)).one()
        said = referral_facts.of_referral(session, referral, desk.today(), practice=True)
        return " ".join(str(each["text"].value) for each in said.values["facts"]["paragraphs"])  # type: ignore[index,union-attr,call-overload]


def by_title(desk: Desk, title: str) -> uuid.UUID:
    with desk.read() as session:
        return session.scalars(select(Evidence.id).where(Evidence.title.startswith(title))).one()


def test_moving_an_exhibit_renumbers_the_list_and_the_text(desk: Desk) -> None:
    assert "lendemain (pièce n°\u00a03)" in paragraphs(desk)
    desk.run(exhibits.move, referral_id(desk), by_title(desk, "Certificat"), 0)
    assert numbers(desk)["Certificat médical initial, Permanence de soins des Oyats"] == 1
    assert "lendemain (pièce n°\u00a01)" in paragraphs(desk)
    assert sorted(numbers(desk).values()) == list(range(1, 16))


def test_a_communicated_list_is_frozen_and_the_next_one_goes_on(desk: Desk) -> None:
    referral = referral_id(desk)
    before = numbers(desk)
    desk.run(exhibits.freeze, referral, dt.date(2026, 10, 16))
    desk.run(exhibits.arrange, referral, [ExhibitDraft(evidence_id=by_title(desk, "Capture"))])
    after = numbers(desk)
    assert {title: after[title] for title in before} == before
    assert after["Capture d’écran des messages de l’équipe d’observation"] == 16
    with pytest.raises(Fault, match=r"exhibit\.frozen"):
        desk.run(exhibits.move, referral, by_title(desk, "Certificat"), 0)
    with pytest.raises(Fault, match=r"exhibit\.twice"):
        desk.run(exhibits.arrange, referral, [ExhibitDraft(evidence_id=by_title(desk, "Certificat"))])
    assert numbers(desk) == after


def test_the_schedule_of_a_second_list_says_what_it_follows(desk: Desk) -> None:
    referral = referral_id(desk)
    desk.run(exhibits.freeze, referral, dt.date(2026, 10, 16))
    desk.run(exhibits.arrange, referral, [ExhibitDraft(evidence_id=by_title(desk, "Capture"))])
    with desk.read() as session:
        note = referral_facts.communicated_note(exhibits.lists(session, referral))
    assert note == "au bordereau communiqué le 16\u00a0octobre 2026, pièces n°\u00a01 à 15"


def test_the_base_itself_refuses_to_renumber_what_was_communicated(desk: Desk) -> None:
    desk.run(exhibits.freeze, referral_id(desk), dt.date(2026, 10, 16))
    with desk.vault.work() as work:
        communicated = work.session.scalars(select(ExhibitList)).one()
        communicated.exhibits[0].position = 40
        with pytest.raises(DBAPIError):
            work.session.flush()


def test_an_exhibit_twice_is_refused(desk: Desk) -> None:
    same = ExhibitDraft(evidence_id=by_title(desk, "Certificat"))
    with pytest.raises(Fault, match=r"exhibit\.twice"):
        desk.run(exhibits.arrange, referral_id(desk), [same, same])
    assert len(numbers(desk)) == 15


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_order_gives_the_numbers_one_to_n(desk: Desk, data: st.DataObject) -> None:
    with desk.read() as session:
        ids = session.scalars(select(Evidence.id)).all()
    order = data.draw(st.permutations(list(ids)))[: data.draw(st.integers(1, len(ids)))]
    desk.run(exhibits.arrange, referral_id(desk), [ExhibitDraft(evidence_id=each) for each in order])
    with desk.read() as session:
        referral = session.scalars(select(Referral)).one()
        listed = referral_facts.numbered_exhibits(session, referral)
        assert [(each.number, each.evidence.id) for each in listed] == list(enumerate(order, start=1))
