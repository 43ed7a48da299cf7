# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters as they are offered and kept, what they ask for, and what they find in the practice vault."""

import datetime as dt
import uuid

import attrs
import pytest
from sqlalchemy import select

from hro_desktop.casework import agenda, case_deadlines, case_filters, cases, consents, deadlines, volunteers
from hro_desktop.casework.case_filters import Filter
from hro_desktop.casework.cases import CaseFilter
from hro_desktop.casework.desk import Desk
from hro_desktop.law import procedures, vocabulary
from hro_desktop.records.cases import Case
from hro_desktop.records.consents import Consent
from hro_desktop.records.referrals import ReferralParty
from hro_desktop.records.sites import Site

TODAY = dt.date(2026, 11, 25)
ME = uuid.UUID(int=7)


def asked(*filters: tuple[str, str], mine: uuid.UUID | None = ME) -> CaseFilter:
    return case_filters.put_together([Filter(*each) for each in filters], TODAY, mine)


def test_filters_put_together_narrow_the_list() -> None:
    assert asked() == CaseFilter(stages=())
    assert asked(
        ("followed", "open"), ("stage", "saisine_ddd:cloture"), ("stage", "saisine_ddd:-"), ("charge", "me"),
        ("due", "7"), ("silent", "30"), ("minor", "yes"), ("language", "ti"), ("text", "yonas"),
    ) == CaseFilter(
        followed=True, stages=(("saisine_ddd", "cloture"), ("saisine_ddd", "-")), in_charge_id=ME, due_within=7,
        silent=30, minor=True, language="ti", text="yonas",
    )  # fmt: skip
    assert asked(("charge", "-")).unassigned
    assert asked(("followed", "closed")).followed is False


def test_without_knowing_who_one_is_no_case_is_ones_own() -> None:
    assert asked(("charge", "me"), mine=None).in_charge_id == uuid.UUID(int=0)


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("last:30", dt.date(2026, 10, 26), TODAY),
        ("2025", dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
        ("2026-10", dt.date(2026, 10, 1), dt.date(2026, 10, 31)),
        ("2026-10-12", dt.date(2026, 10, 12), dt.date(2026, 10, 12)),
        ("hier ?", None, None),
    ],
)
def test_periods(value: str, first: dt.date | None, last: dt.date | None) -> None:
    found = asked(("facts", value))
    assert (found.facts_from, found.facts_to) == (first, last)


@pytest.mark.parametrize(
    "wrong", [("due", "x" * 50), ("due", "9" * 40), ("silent", "-3"), ("site", "nulle part"), ("later", "1"), ("", "")]
)
def test_what_is_not_understood_never_fails(wrong: tuple[str, str], desk: Desk) -> None:
    with desk.read() as session:
        cases.ids(session, asked(wrong), today=TODAY)
        assert case_filters.named([Filter(*wrong)], (), TODAY)[0].alone == "Filtre qui n’existe plus"


@pytest.mark.parametrize(
    ("words", "alone"),
    [
        ("2025", "Faits\u00a0: 2025"),
        ("octobre 2026", "Faits\u00a0: octobre 2026"),
        ("faits 12/10/2026", "Faits\u00a0: 12\u00a0octobre 2026"),
        ("Faits : 2025", "Faits\u00a0: 2025"),
    ],
)
def test_a_typed_period_is_a_filter(words: str, alone: str) -> None:
    (offer,) = case_filters.typed(words, TODAY)
    assert offer.alone == alone
    assert case_filters.named([offer.filter], (), TODAY) == (offer,)


@pytest.mark.parametrize("words", ["", "yonas", "D-2026-0001", "0612345678", "?", "faits", "x" * 5000, "\U0001f600 2"])
def test_other_words_are_no_period(words: str) -> None:
    assert case_filters.typed(words, TODAY) == ()


def test_every_procedure_and_state_is_offered_once(desk: Desk) -> None:
    with desk.read() as session:
        offers = case_filters.offered(session)
    assert len({each.filter for each in offers}) == len(offers)
    assert len({each.alone for each in offers}) == len(offers)
    for row in procedures.procedures():
        states = [each.code for each in vocabulary.terms("party_states") if each.group in ("", row.states)]
        found = {each.filter.value for each in offers if each.filter.value.startswith(f"{row.code}:")}
        assert found == {f"{row.code}:{state}" for state in (*states, "", "-")}


def test_every_offer_can_be_asked_for(desk: Desk) -> None:
    with desk.read() as session:
        every = len(cases.ids(session))
        for each in case_filters.offered(session):
            found = cases.ids(session, asked((each.filter.name, each.filter.value), mine=None), today=desk.today())
            assert len(found) <= every, each.alone


def test_facts_at_a_place(desk: Desk) -> None:
    with desk.read() as session:
        known = [len(cases.ids(session, CaseFilter(site_id=each))) for each in session.scalars(select(Site.id))]
    assert sum(known) > 0


def test_who_one_is(desk: Desk) -> None:
    with desk.read() as session:
        assert case_filters.me(session, "") is None
        assert case_filters.me(session, "nobody") is None
    draft = volunteers.VolunteerDraft(name="Camille", slot_id=desk.vault.slot_id)
    who = desk.run(volunteers.save, draft).value
    with desk.read() as session:
        assert case_filters.me(session, desk.vault.slot_id) == who


def test_next_deadlines_are_those_of_the_home_page(desk: Desk) -> None:
    """The first of what presses, case by case, is what the list shows."""
    with desk.read() as session:
        for on in (desk.today(), desk.today() + dt.timedelta(days=40), dt.date(2027, 9, 1), dt.date(2032, 6, 1)):
            first: dict[uuid.UUID, dt.date] = {}
            for press in deadlines.pressing(session, on, limit=10_000):
                for case_id in press.case_ids:
                    first.setdefault(case_id, press.act_on)
            found = case_deadlines.next_of(session, on)
            assert {case_id: each.act_on for case_id, each in found.items()} == first
            some = list(found)[:1]
            assert case_deadlines.next_of(session, on, some) == {each: found[each] for each in some}


def test_a_reminder_of_a_referral_is_one_of_its_cases(desk: Desk) -> None:
    on = desk.today()
    with desk.read() as session:
        party = session.scalars(select(ReferralParty)).first()
        assert party is not None
        case_id, referral_id = party.case_id, party.referral_id
    late = on - dt.timedelta(days=3)
    desk.run(agenda.save_reminder, agenda.ReminderDraft(what="Relancer", due_on=late, referral_id=referral_id))
    with desk.read() as session:
        found = case_deadlines.next_of(session, on)[case_id]
        assert (found.kind, found.act_on, found.kind_label) == ("rappel_interne", late, "rappel interne")
        assert case_id in cases.ids(session, CaseFilter(due_within=0), today=on)
        every = case_deadlines.next_of(session, on)
        for descending in (False, True):
            order = [each for each in cases.ids(session, order="due", descending=descending, today=on) if each in every]
            assert order == sorted(order, key=lambda each: every[each].rank, reverse=descending)


def test_an_agreement_that_is_withdrawn_is_missing_again(desk: Desk) -> None:
    on = desk.today()
    with desk.read() as session:
        before = consents.lacking(session, on)
        case = session.scalars(
            select(Case)
            .join(ReferralParty, ReferralParty.case_id == Case.id)
            .where(ReferralParty.status.in_(consents.BEFORE), Case.id.not_in(before))
        ).first()
        assert case is not None
        case_id = case.id
        given = session.scalars(select(Consent.id).where(Consent.person_id == case.person_id)).all()
    for each in given:
        desk.run(consents.withdraw, each, on)
    with desk.read() as session:
        assert consents.lacking(session, on) == before | {case_id}
        assert case_id in cases.ids(session, CaseFilter(agreement_missing=True), today=on)


def test_somebody_reached_is_not_without_news(desk: Desk) -> None:
    on = desk.today()
    with desk.read() as session:
        case = session.scalars(select(Case)).first()
        assert case is not None
        case_id, person_id = case.id, case.person_id
    note = agenda.ContactNoteDraft(person_id=person_id, contacted_on=on, means="telephone")
    desk.run(agenda.save_contact, note)
    with desk.read() as session:
        assert cases.rows(session, (case_id,))[0].contacted_on == on.isoformat()
        assert case_id not in cases.ids(session, CaseFilter(silent=30), today=on)
    tried = attrs.evolve(note, id=uuid.uuid4(), contacted_on=on + dt.timedelta(days=1), reached=False)
    desk.run(agenda.save_contact, tried)
    with desk.read() as session:
        assert cases.rows(session, (case_id,))[0].contacted_on == on.isoformat()
