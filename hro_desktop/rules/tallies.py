# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers that say what they are worth: « au moins 12 », « 12 », « environ 15 », and what their sum is worth.

A sum is never worth more than its parts: what was estimated is not added to what was counted, and a part that nobody
counted leaves the rest a minimum.
"""

from collections.abc import Iterable
from typing import Literal

import attrs

__all__ = ["BOUNDS", "NOT_COUNTED", "Bound", "Count", "Total", "agreed", "at_least", "of", "said", "shown", "total"]

Bound = Literal["au_moins", "exact", "environ"]
BOUNDS: tuple[Bound, ...] = ("au_moins", "exact", "environ")
NOT_COUNTED = "non relevé"


@attrs.frozen
class Count:
    """One number and what it is worth."""

    value: int
    bound: Bound


@attrs.frozen
class Total:
    """Counts put together.

    Args:
        counted: the sum of what was counted, exact only when every part is; nothing when nothing was counted.
        about: beside it, the sum of what was only estimated.
    """

    counted: Count | None = None
    about: int | None = None

    def __add__(self, other: "Total") -> "Total":
        """Both together."""
        counted = [each for each in (self.counted, other.counted) if each is not None]
        exact = all(each.bound == "exact" for each in counted)
        about = [each for each in (self.about, other.about) if each is not None]
        return Total(
            Count(sum(each.value for each in counted), "exact" if exact else "au_moins") if counted else None,
            sum(about) if about else None,
        )

    @property
    def known(self) -> bool:
        """Whether anything was counted or estimated."""
        return self.counted is not None or self.about is not None

    @property
    def said(self) -> str:
        """« au moins 58 », « au moins 58, et environ 15 », « non relevé »."""
        about = said(Count(self.about, "environ")) if self.about is not None else ""
        return ", et ".join(part for part in (said(self.counted) if self.counted else "", about) if part) or NOT_COUNTED

    @property
    def shown(self) -> str:
        """« ≥ 58 », « ≥ 58 + ~ 15 », « — »: for a narrow column."""
        about = shown(Count(self.about, "environ")) if self.about is not None else ""
        return " + ".join(part for part in (shown(self.counted) if self.counted else "", about) if part) or "—"


def of(count: Count | None) -> Total:
    """One count as a total."""
    if count is None:
        return Total()
    return Total(None, count.value) if count.bound == "environ" else Total(count)


def total(counts: Iterable[Count | None]) -> Total:
    """The sum of counts of different places; a place where nobody counted makes a minimum of it."""
    parts = list(counts)
    found = Total()
    for each in parts:
        found += of(each)
    # what was estimated elsewhere is beside the sum, not in it
    return at_least(found) if any(each is None for each in parts) else found


def at_least(found: Total) -> Total:
    """The same as a minimum: whoever observes does not see everything."""
    return attrs.evolve(found, counted=attrs.evolve(found.counted, bound="au_moins")) if found.counted else found


def agreed(counts: Iterable[Count]) -> Count | None:
    """What several counts of the same thing allow to say.

    The highest minimum; the exact number when all who give one agree and no minimum is above it, else the lowest of
    them, as a minimum; the lowest estimate when there is nothing better.
    """
    known = list(counts)
    exact = {each.value for each in known if each.bound == "exact"}
    floors = [each.value for each in known if each.bound == "au_moins"]
    if exact:
        low = min(exact)
        sure = len(exact) == 1 and max(floors, default=0) <= low
        return Count(low, "exact" if sure else "au_moins")
    if floors:
        return Count(max(floors), "au_moins")
    return min(known, key=lambda each: each.value, default=None)


def said(count: Count) -> str:
    """« au moins 12 », « 12 », « environ 15 »."""
    before = {"au_moins": "au moins\u00a0", "exact": "", "environ": "environ\u00a0"}[count.bound]
    return f"{before}{grouped(count.value)}"


def shown(count: Count) -> str:
    """« ≥ 12 », « 12 », « ~ 15 »."""
    before = {"au_moins": "≥\u00a0", "exact": "", "environ": "~\u00a0"}[count.bound]
    return f"{before}{grouped(count.value)}"


def grouped(value: int) -> str:
    """« 14 729 », in groups of three."""
    return f"{value:,}".replace(",", "\u00a0")
