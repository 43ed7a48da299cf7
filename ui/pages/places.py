# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a record is shown: the page of its table, or of the case it belongs to."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from hro_desktop.casework import overview
from ui.pages import ROUTES
from ui.pages.page import Place

__all__ = ["PAGE_OF", "case_beside", "place_of"]

PAGE_OF: Final[Mapping[str, str]] = {
    "case": "case",
    "incident": "incident",
    "statement": "statement",
    "event": "referral",
    "dispatch_note": "referral",
    "dispatch_change": "referral",
    "dispatch_copy": "referral",
    "evidence": "evidence",
    "outing": "outing",
    "outing.day": "outing",
    "outing.debrief": "outing",
    "outing.next": "outing",
    "outing.parting": "outing",
    "incident.place": "outing",
    "appointment": "meeting",
    "reminder": "agenda",
    "mail": "agenda",
    "organisation": "directory",
    "flash": "flash",
    "referral": "build",
    "referral_text": "build",
    "referral_against": "build",
    "referral_rubrics": "build",
}
"""Table of a record, or the noun of what is typed, and the page that shows it."""
_SHARED: Final = frozenset({"agenda"})
"""Pages that show records of several tables: the part says of which."""


def place_of(table: str, record: uuid.UUID, *, case: uuid.UUID | None = None) -> Place | None:
    """The place of a record; `None` when no page shows it."""
    page = PAGE_OF.get(table, "")
    if page in ROUTES:
        return Place(page, record, table if page in _SHARED else "")
    return Place("case", case) if case is not None and "case" in ROUTES else None


def case_beside(session: Any, table: str, record: uuid.UUID) -> uuid.UUID | None:  # noqa: ANN401 - of a read
    """The case a record is looked at in, asked for only where no page shows the record itself."""
    return overview.case_of(session, table, record) if place_of(table, record) is None else None
