# SPDX-License-Identifier: GPL-3.0-or-later
"""Qualifications a complaint may propose, with their articles and penalties."""

import datetime as dt
import functools
from collections.abc import Collection

import attrs

from hro_desktop.law.references import article
from hro_desktop.law.tables import Row, build_all, in_force, read

__all__ = ["Elsewhere", "Offence", "offence", "offences"]


@attrs.frozen(kw_only=True)
class Elsewhere:
    """The article (`references`) that binds a group of forces which that of a row does not."""

    force: str
    article: str


@attrs.frozen(kw_only=True)
class Offence(Row):
    """One qualification.

    Args:
        label: as a letter names it.
        articles: with the code they belong to.
        penalty: base penalty, then what circumstances make of it; for the jurist, not printed in a letter.
        offence_class: list `offence_classes`, which carries the prescription.
        circumstances: aggravating circumstances of the article, to be chosen by a person.
        forces: groups of forces (list `forces`) the articles bind; empty: whoever did it.
        elsewhere: what binds other groups in their place.
        itt_from: fewest days of ITT it needs; 0: none.
        itt_to: most days of ITT it goes with; 0: any number.
    """

    label: str
    articles: str
    penalty: str
    offence_class: str
    circumstances: tuple[str, ...]
    forces: tuple[str, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    itt_from: int = 0
    itt_to: int = 0

    def fits(self, days: Collection[int]) -> bool:
        """Whether one of the ITT that were reported, or that none was, goes with it (CP 222-11 to 222-13)."""
        return any(self.itt_from <= each and (not self.itt_to or each <= self.itt_to) for each in days or (0,))

    def binding(self, groups: Collection[str], on: dt.date) -> tuple[str, bool]:
        """What a letter cites that day for the groups of forces reported, and whether it is verified; nothing if none.

        A force nobody identified is bound by no article that is for one force.
        """
        if not self.forces or set(self.forces) & set(groups):
            return self.articles, self.verified
        found = [article(each.article, on) for each in self.elsewhere if each.force in groups]
        return (found[0].label, found[0].verified) if found else ("", True)


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
