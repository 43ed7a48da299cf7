# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a person's agreement opens the door to one body for one purpose on one day.

Purposes never stand for one another: agreeing that a story be kept is not agreeing that it be sent.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Literal

import attrs

from hro_desktop.law import vocabulary
from hro_desktop.rules.dates import french_day

__all__ = ["Consent", "Gate", "gate"]

State = Literal["granted", "missing", "refused", "withdrawn"]


@attrs.frozen
class Consent:
    """One answer of one person, as recorded.

    Args:
        purpose: list `consent_purposes`.
        state: list `consent_states`.
        body: list `bodies`; empty when none was named.
        given_on: day of the answer; an answer without a day counts as older than any dated one.
        withdrawn_on: day it was taken back.
        mode: list `consent_modes`.
    """

    purpose: str
    state: str
    body: str = ""
    given_on: dt.date | None = None
    withdrawn_on: dt.date | None = None
    mode: str = ""


@attrs.frozen
class Gate:
    """Open or not, and why, in a sentence fit for the person it is about."""

    state: State
    reason: str

    @property
    def open(self) -> bool:
        """Whether what needs this agreement may leave."""
        return self.state == "granted"


# On one day the answer that protects most wins.
_WEIGHT = {"donne": 0, "non_oppose": 0, "refuse": 1, "retire": 2}
_STATE: dict[str, State] = {"refuse": "refused", "retire": "withdrawn"}


def gate(
    consents: Iterable[Consent],
    purpose: str,
    body: str,
    on: dt.date,
    *,
    rule: Literal["agreement", "non_opposition"] = "agreement",
) -> Gate:
    """The last answer known on that day decides.

    A refusal or a withdrawal that names no body holds for all of them. An agreement that names none holds only
    where the purpose can mean no other body. `non_opposition` (LO 2011-333 art. 8) also accepts somebody who was
    informed and did not object.
    """
    what = vocabulary.label("consent_purposes", purpose)
    answers = [
        answer
        for consent in consents
        if consent.purpose == purpose
        for answer in _answers(consent, on)
        if _concerns(consent.body, answer[2], purpose, body)
    ]
    if not answers:
        return Gate("missing", f"Aucun accord n’est enregistré pour\u00a0: {what}.")
    day, _, state = max(answers)
    when = f" (le {french_day(day)})" if day > dt.date.min else " (jour non noté)"
    if state in _STATE:
        verb = "refusé" if state == "refuse" else "retiré"
        return Gate(_STATE[state], f"L’accord est {verb}{when} pour\u00a0: {what}.")
    if state == "non_oppose" and rule == "agreement":
        return Gate("missing", f"Une information sans opposition{when} ne suffit pas pour\u00a0: {what}.")
    return Gate("granted", f"Accord enregistré{when} pour\u00a0: {what}.")


def _answers(consent: Consent, on: dt.date) -> list[tuple[dt.date, int, str]]:
    """What the record says up to that day: the answer, then its withdrawal."""
    given = consent.given_on or dt.date.min
    found = [(given, "donne" if consent.state == "retire" else consent.state)]
    if consent.withdrawn_on is not None or consent.state == "retire":
        found.append((consent.withdrawn_on or given, "retire"))
    return [(day, _WEIGHT[state], state) for day, state in found if day <= on]


def _concerns(named: str, state: str, purpose: str, body: str) -> bool:
    if named or state in _STATE:
        return named in ("", body)
    return vocabulary.term("consent_purposes", purpose).group in ("", body)
