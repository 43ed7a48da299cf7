# SPDX-License-Identifier: GPL-3.0-or-later
"""Which bodies may be asked to deal with facts, and what they can and cannot do: a table of proposals."""

import functools
from typing import Literal

import attrs

from hro_desktop.law.tables import Row, TableError, build_all, read

__all__ = ["Body", "Reach", "Weight", "bodies", "reaches"]

Weight = Literal["propose", "possible", "attend", "exclu", "remarque"]


@attrs.frozen(kw_only=True)
class Body(Row):
    """A body. `source` and `confidence` speak of what it does, not of when it may be asked.

    Args:
        label: as a user reads it.
        does: what it can do.
        does_not: what it cannot do or does not bring; empty when nothing was read.
        procedure: list `procedures`; empty when the program prepares nothing for it yet.
        authority: list `authorities`; empty when it differs from place to place, or was not read.
        by_commune: its authority is the procureur of the place of the facts.
    """

    label: str
    does: str
    does_not: str = ""
    procedure: str = ""
    authority: str = ""
    by_commune: bool = False


@attrs.frozen(kw_only=True)
class Reach(Row):
    """What one body makes of one kind of situation. All conditions must hold; an empty one asks for nothing.

    Args:
        body: code of the body.
        state: list `competence_states`, or `remarque` for a sentence that does not weigh in.
        sentence: what a user reads after « d’après la force rapportée, … : ».
        forces: words of the list `forces`, or their groups.
        facts: list `incident_kinds`.
        bases: list `legal_bases`, as announced.
        after: list `party_states`, of a complaint already made.
        minors: somebody is, or may be, a minor.
    """

    body: str
    state: Weight
    sentence: str
    forces: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    minors: bool = False


@functools.cache
def _tables() -> tuple[tuple[Body, ...], tuple[Reach, ...]]:
    data = dict(read("competence.toml"))
    known = build_all(Body, data.pop("body"), "competence.body")
    rows = build_all(Reach, data.pop("reach"), "competence.reach")
    if data:
        raise TableError("competence: unknown section")
    return known, rows


def bodies() -> tuple[Body, ...]:
    """Every body, in the order they are offered."""
    return _tables()[0]


def reaches() -> tuple[Reach, ...]:
    """Every row of who may be asked for what."""
    return _tables()[1]
