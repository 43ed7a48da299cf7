# SPDX-License-Identifier: GPL-3.0-or-later
"""In which order a referral usually goes before each kind of body, for the bar that shows where it stands."""

import datetime as dt
import functools

import attrs

from hro_desktop.law.tables import Row, TableError, build_all, in_force, read, unique

__all__ = ["Stage", "Track", "track", "tracks"]


@attrs.frozen(kw_only=True)
class Stage:
    """One place on the road: what it is called while it is not the present one, and the states that mean it."""

    label: str
    states: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Track(Row):
    """The road of one group of states (`procedures`: `states`)."""

    stages: tuple[Stage, ...]

    def place(self, state: str) -> int | None:
        """Which stage a state means; none for one that only ends or holds."""
        return next((at for at, stage in enumerate(self.stages) if state in stage.states), None)


@functools.cache
def tracks() -> tuple[Track, ...]:
    """Every road."""
    data = dict(read("steps.toml"))
    rows = build_all(Track, data.pop("track"), "steps.track")
    if data:
        raise TableError("steps: unknown section")
    for row in rows:
        unique([state for stage in row.stages for state in stage.states], f"steps.{row.code}")
    return rows


def track(code: str, on: dt.date) -> Track:
    """One road as it is that day.

    Raises:
        KeyError: no such road on that day.
    """
    return in_force(tracks(), code, on)
