# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a record is shown: the page of its table, or of the case it belongs to."""

import uuid
from collections.abc import Mapping
from typing import Final

from ui.pages import ROUTES
from ui.pages.page import Place

__all__ = ["PAGE_OF", "place_of"]

PAGE_OF: Final[Mapping[str, str]] = {
    "case": "case",
    "incident": "incident",
    "statement": "statement",
    "evidence": "evidence",
    "outing": "outing",
    "appointment": "meeting",
    "organisation": "directory",
    "flash": "flash",
    "referral": "build",
    "referral_text": "build",
    "referral_against": "build",
    "referral_rubrics": "build",
}
"""Table of a record, or the noun of what is typed, and the page that shows it."""


def place_of(table: str, record: uuid.UUID, *, case: uuid.UUID | None = None) -> Place | None:
    """The place of a record; `None` when no page shows it."""
    page = PAGE_OF.get(table, "")
    if page in ROUTES:
        return Place(page, record)
    return Place("case", case) if case is not None and "case" in ROUTES else None
