# SPDX-License-Identifier: GPL-3.0-or-later
"""Agreements: one purpose, one body, one day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.law import vocabulary
from hro_desktop.rules.consents import Consent, gate

D1, D2, D3 = dt.date(2026, 10, 1), dt.date(2026, 10, 12), dt.date(2026, 11, 2)


def yes(purpose: str = "plainte", body: str = "procureur", day: dt.date | None = D1, **more: dt.date) -> Consent:
    return Consent(purpose, "donne", body, day, **more)


@pytest.mark.parametrize(
    ("consents", "on", "state"),
    [
        ([], D2, "missing"),
        ([yes()], D2, "granted"),
        ([yes(body="")], D2, "granted"),
        ([yes()], dt.date(2026, 9, 30), "missing"),
        ([yes(day=None)], D2, "granted"),
        ([yes(purpose="collecte", body="")], D2, "missing"),
        ([yes(body="igpn")], D2, "missing"),
        ([yes(withdrawn_on=D2)], D1, "granted"),
        ([yes(withdrawn_on=D2)], D2, "withdrawn"),
        ([Consent("plainte", "retire", "procureur", D1, D2)], D1, "granted"),
        ([Consent("plainte", "retire", "procureur", D1, D2)], D3, "withdrawn"),
        ([Consent("plainte", "retire", "procureur")], D3, "withdrawn"),
        ([Consent("plainte", "refuse", "procureur", D2)], D3, "refused"),
        ([Consent("plainte", "refuse", "", D2)], D3, "refused"),
        ([yes(day=D1), Consent("plainte", "refuse", "procureur", D2)], D3, "refused"),
        ([Consent("plainte", "refuse", "procureur", D1), yes(day=D2)], D3, "granted"),
        ([yes(day=D2), Consent("plainte", "refuse", "procureur", D2)], D3, "refused"),
        ([yes(withdrawn_on=D2), yes(day=D3)], D3, "granted"),
        ([Consent("plainte", "non_oppose", "procureur", D1)], D2, "missing"),
    ],
)
def test_the_gate_of_a_complaint(consents: list[Consent], on: dt.date, state: str) -> None:
    found = gate(consents, "plainte", "procureur", on)
    assert found.state == state
    assert found.open == (state == "granted")
    assert "plainte" in found.reason


def test_a_purpose_that_may_mean_several_bodies_needs_the_body() -> None:
    assert vocabulary.term("consent_purposes", "temoignage").group == ""
    nameless = [Consent("temoignage", "donne", "", D1)]
    assert gate(nameless, "temoignage", "", D2).open
    assert gate(nameless, "temoignage", "procureur", D2).open
    assert not gate([Consent("partage_inter_asso", "donne", "", D1)], "partage_inter_asso", "ddd", D2).open


def test_the_defender_of_rights_accepts_information_without_objection() -> None:
    informed = [Consent("saisine_ddd", "non_oppose", "ddd", D1)]
    assert gate(informed, "saisine_ddd", "ddd", D2, rule="non_opposition").open
    assert not gate(informed, "saisine_ddd", "ddd", D2).open
    refused = [*informed, Consent("saisine_ddd", "refuse", "ddd", D2)]
    assert gate(refused, "saisine_ddd", "ddd", D2, rule="non_opposition").state == "refused"


def test_reasons_say_the_day_or_that_it_is_not_known() -> None:
    assert gate([yes()], "plainte", "procureur", D2).reason == (
        "Accord enregistré (le 1er\u00a0octobre 2026) pour\u00a0: plainte."
    )
    assert "jour non noté" in gate([yes(day=None)], "plainte", "procureur", D2).reason


STATES = st.sampled_from(vocabulary.codes("consent_states"))
DAYS = st.one_of(st.none(), st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)))
BODIES = st.sampled_from(["", "procureur", "igpn"])
CONSENTS = st.builds(Consent, st.just("plainte"), STATES, BODIES, DAYS, DAYS)


@given(st.lists(CONSENTS, max_size=5), st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)))
def test_the_order_of_records_changes_nothing(consents: list[Consent], on: dt.date) -> None:
    assert gate(consents, "plainte", "procureur", on) == gate(consents[::-1], "plainte", "procureur", on)


@given(st.lists(CONSENTS, max_size=5), st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 30)))
def test_a_withdrawal_today_closes_the_gate(consents: list[Consent], on: dt.date) -> None:
    taken_back = Consent("plainte", "retire", "", on, on)
    assert gate([*consents, taken_back], "plainte", "procureur", on).state == "withdrawn"


@given(st.lists(CONSENTS, max_size=5), st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)))
def test_what_is_open_was_given(consents: list[Consent], on: dt.date) -> None:
    if gate(consents, "plainte", "procureur", on).open:
        assert any(one.state in ("donne", "retire") and one.body in ("", "procureur") for one in consents)
