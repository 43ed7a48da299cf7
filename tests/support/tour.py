# SPDX-License-Identifier: GPL-3.0-or-later
"""Every place of the window, read from `ROUTES` and from what is in a vault: a new page is visited by itself."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Final

import attrs
from sqlalchemy import select

from hro_desktop.casework.desk import Desk
from hro_desktop.records.base import Base
from ui.pages import NAV, ROUTES
from ui.pages.page import Place
from ui.pages.places import PAGE_OF

__all__ = ["Stop", "stops"]

_MADE: Final = ("pack", "pouch")
"""Pages that show something made a moment ago: one comes to them from another page."""
_ABOUT: Final[Mapping[str, str]] = {"print": "referral", "referral": "referral"}
"""Other pages of a record than the one it is opened with, and its table."""
_RECORDS: Final[Mapping[str, int]] = {"statement": 3, "case": 2}
"""Pages that look otherwise for another record: how many are visited."""


@attrs.frozen
class Stop:
    """A place, by a name for files and tests."""

    name: str
    place: Place


def stops(desk: Desk) -> Iterator[Stop]:
    """The pages of the side bar, then those of one record, then those one fills in."""
    listed = [entry.page for entry in NAV]
    for page in listed:
        yield Stop(page, Place(page))
    tables = {page: table for table, page in PAGE_OF.items() if table in Base.metadata.tables} | dict(_ABOUT)
    for page in ROUTES:
        if page in listed or page in _MADE:
            continue
        if page not in tables:
            yield Stop(page, Place(page))
            continue
        for number, record in enumerate(_records(desk, tables[page], _RECORDS.get(page, 1))):
            yield Stop(f"{page}-{number + 1}" if page in _RECORDS else page, Place(page, record))


def _records(desk: Desk, table: str, wanted: int) -> list[uuid.UUID]:
    """The first records of a table, oldest first."""
    column = Base.metadata.tables[table].c.id
    with desk.read() as session:
        return list(session.scalars(select(column).order_by(column).limit(wanted)))
