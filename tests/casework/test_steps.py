# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a referral stands: the bar says it in words."""

import datetime as dt

import pytest

from hro_desktop.casework import cases, referrals, steps
from hro_desktop.casework.desk import Desk
from hro_desktop.records.referrals import ReferralStep

YOUNES = "D-2026-0001"


@pytest.mark.parametrize(
    ("status", "present", "number"),
    [
        ("en_redaction", "en rédaction", 1),
        ("deposee", "déposée", 2),
        ("classee", "classée sans suite", 4),
        ("jugee", "jugée", 6),
    ],
)
def test_the_present_stage_says_the_state_itself(desk: Desk, status: str, present: str, number: int) -> None:
    with desk.read() as session:
        referral = referrals.for_case(session, cases.by_reference(session, YOUNES), "plainte_procureur")
        party = referral.parties[0]
        party.status = status
        shown = steps.bar(referral, party, desk.today())
    places = [each.place for each in shown.stages]
    assert places == ["passed"] * (number - 1) + ["present"] + ["ahead"] * (6 - number)
    assert shown.stages[number - 1].label == present
    assert shown.sentence == f"{present}, étape {number} sur 6"


def test_a_referral_that_is_held_stays_where_it_was_with_the_days_of_its_steps(desk: Desk) -> None:
    day = dt.date(2026, 10, 20)
    with desk.read() as session:
        referral = referrals.for_case(session, cases.by_reference(session, YOUNES), "plainte_procureur")
        party = referral.parties[0]
        party.steps = [ReferralStep(status="deposee", occurred_on=day)]
        party.status = "victime_injoignable"
        shown = steps.bar(referral, party, desk.today())
    assert [each.place for each in shown.stages[:3]] == ["passed", "present", "ahead"]
    assert (shown.stages[1].label, shown.stages[1].day) == ("Déposée", day)
    assert shown.status == "personne injoignable"
