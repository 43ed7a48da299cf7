# SPDX-License-Identifier: GPL-3.0-or-later
"""Qualifications a complaint may propose, with their articles and penalties."""

import datetime as dt
import functools

import attrs

from hro_desktop.law.tables import Row, build_all, in_force, read

__all__ = ["Offence", "offence", "offences"]


@attrs.frozen(kw_only=True)
class Offence(Row):
    """One qualification.

    Args:
        label: as a letter names it.
        articles: with the code they belong to.
        penalty: base penalty, then what circumstances make of it; for the jurist, not printed in a letter.
        offence_class: list `offence_classes`, which carries the prescription.
        circumstances: aggravating circumstances of the article, to be chosen by a person.
    """

    label: str
    articles: str
    penalty: str
    offence_class: str
    circumstances: tuple[str, ...]


@functools.cache
def offences() -> tuple[Offence, ...]:
    """Every qualification, in the order a list offers them."""
    return build_all(Offence, read("offences.toml")["offence"], "offences.offence")


def offence(code: str, on: dt.date) -> Offence:
    """One qualification as it stands that day.

    Raises:
        KeyError: no such qualification on that day.
    """
    return in_force(offences(), code, on)
