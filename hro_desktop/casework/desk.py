# SPDX-License-Identifier: GPL-3.0-or-later
"""The desk: an open vault and the few things every action needs. Actions are functions; the desk runs them."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Concatenate, Generic, ParamSpec, TypeVar

import attrs
from sqlalchemy.orm import Session

from hro_desktop.casework.fields import french_day
from hro_desktop.records.base import utc_now
from hro_desktop.vault.vault import Vault
from hro_desktop.vault.work import Work

__all__ = ["Changes", "Desk", "Result"]

P = ParamSpec("P")
T = TypeVar("T")
Changes = frozenset[tuple[str, uuid.UUID]]
"""Which records an action touched: (table, id). The open pages ask again for what they show of them."""


@attrs.frozen
class Result(Generic[T]):
    """What an action gave back, and what it changed."""

    value: T
    changes: Changes


@attrs.frozen
class Desk:
    """An open vault, for the actions of `casework`."""

    vault: Vault
    clock: Callable[[], dt.datetime] = utc_now

    def today(self) -> dt.date:
        """The calendar day in France: what the user calls today."""
        return french_day(self.clock())

    def run(self, action: Callable[Concatenate[Work, P], T], /, *args: P.args, **named: P.kwargs) -> Result[T]:
        """Run one action as one unit of work: record, journal line and all, or nothing."""
        with self.vault.work() as work:
            value = action(work, *args, **named)
            changes = work.commit()
        return Result(value, changes)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading; whatever is changed in it is lost."""
        with self.vault.read() as session:
            yield session

    def practice(self) -> bool:
        """Whether this is a practice vault, whose documents say so on each page."""
        return self.vault.practice()
