# SPDX-License-Identifier: GPL-3.0-or-later
"""What each body requires before it takes a referral."""

import datetime as dt
import functools
from typing import Literal

import attrs

from hro_desktop.law.tables import TO_CHECK, Confidence, Row, build_all, in_force, read, unique

__all__ = ["Level", "Paper", "Procedure", "Requirement", "procedure", "procedures"]

Level = Literal["block", "wait", "warn", "inform"]


@attrs.frozen(kw_only=True)
class Requirement:
    """One thing the body asks for.

    Args:
        code: the fact the casework knows to be met or not.
        about: what it is about, for grouping.
        level: what its absence does.
        label: its title in a list of what is missing.
        sentence: what is said when it is absent.
        source: where it comes from.
        confidence: how far that was verified.
    """

    code: str
    about: Literal["identite", "faits", "pieces", "autorite", "prealable"]
    level: Level
    label: str
    sentence: str
    source: str
    confidence: Confidence

    @property
    def shown_source(self) -> str:
        """The source, followed by « à vérifier » unless the primary text was read."""
        return self.source if self.confidence == "P" else f"{self.source} ({TO_CHECK})"


@attrs.frozen(kw_only=True)
class Paper:
    """One document a procedure needs.

    Args:
        form: its folder.
        name: neutral stem of its file name, after its place in the pack.
        role: `letter` (goes to the body) or `boxes` (typed into the body's platform by a person).
        signed_by: who signs it: each person of the referral, the association, or nobody.
    """

    form: str
    name: str
    role: Literal["letter", "boxes"]
    signed_by: Literal["parties", "association", "nobody"]


@attrs.frozen(kw_only=True)
class Procedure(Row):
    """One procedure before one kind of authority.

    Args:
        label: as a user reads it.
        short: the same where there is little room: the heading of a narrow column.
        body: list `bodies`; the body the agreement must name.
        authority_kind: list `organisation_kinds`; who it can be addressed to.
        consent_purpose: list `consent_purposes`.
        consent_rule: `agreement` needed, or `non_opposition` enough (LO 2011-333 art. 8).
        documents: what it needs, in the order of the pack; the first one is what the body acts on.
        follows: the procedure a referral of this one must follow, empty for none.
        person_word: word family that names its persons (`grammar.party_words`).
        qualifications: classes of the list `offence_classes` its letter may name.
        states: group of the list `party_states` that holds its own states.
        first_state: where it begins.
        channels: list `channels`, best first.
        proofs: list `proofs`, best first.
        profile: shape of the exhibits (`profiles`) when nobody asks for another.
        requirements: what the body asks for.
    """

    label: str
    short: str
    body: str
    authority_kind: str
    consent_purpose: str
    consent_rule: Literal["agreement", "non_opposition"]
    documents: tuple[Paper, ...]
    person_word: Literal["plaignant", "concerne"]
    qualifications: tuple[str, ...]
    states: str
    first_state: str
    channels: tuple[str, ...]
    proofs: tuple[str, ...]
    profile: str
    requirements: tuple[Requirement, ...]
    follows: str = ""


@functools.cache
def procedures() -> tuple[Procedure, ...]:
    """Every procedure, in the order a list offers them."""
    rows = build_all(Procedure, read("procedures.toml")["procedure"], "procedures.procedure")
    for row in rows:
        unique([need.code for need in row.requirements], f"procedures.{row.code}")
    return rows


def procedure(code: str, on: dt.date) -> Procedure:
    """One procedure as it stands that day.

    Raises:
        KeyError: no such procedure on that day.
    """
    return in_force(procedures(), code, on)
