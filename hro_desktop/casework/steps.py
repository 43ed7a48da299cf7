# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a referral stands for one case: the stages of its road, the present one in its own words."""

import datetime as dt
from typing import Literal

import attrs

from hro_desktop.law import procedures, steps, vocabulary
from hro_desktop.records.referrals import Referral, ReferralParty

__all__ = ["Bar", "Passed", "bar"]

Place = Literal["passed", "present", "ahead"]


@attrs.frozen
class Passed:
    """One stage: its name, or for the present one the state itself; the day it was reached, when somebody noted it."""

    label: str
    place: Place
    day: dt.date | None


@attrs.frozen
class Bar:
    """The road of one referral for one case, and its state in words."""

    stages: tuple[Passed, ...]
    status: str

    @property
    def sentence(self) -> str:
        """« classée sans suite, étape 4 sur 6 »."""
        at = next((number for number, each in enumerate(self.stages, 1) if each.place == "present"), 0)
        return f"{self.status}, étape {at} sur {len(self.stages)}"


def bar(referral: Referral, party: ReferralParty, on: dt.date) -> Bar:
    """The road of a party; a state that only ends or holds leaves it where its last step had brought it."""
    road = steps.track(procedures.procedure(referral.procedure, on).states, on)
    word = vocabulary.label("party_states", party.status)
    known = [(road.place(step.status), step.occurred_on) for step in party.steps]
    at = road.place(party.status)
    shown = word if at is not None else ""
    if at is None:
        at = max((place for place, _ in known if place is not None), default=0)
    days = {place: day for place, day in known if place is not None}
    return Bar(
        tuple(
            Passed(
                (shown or stage.label) if place == at else stage.label,
                "present" if place == at else "passed" if place < at else "ahead",
                days.get(place) if place <= at else None,
            )
            for place, stage in enumerate(road.stages)
        ),
        word,
    )
