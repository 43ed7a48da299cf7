# SPDX-License-Identifier: GPL-3.0-or-later
"""Every step from the first format of the base to the present one. `scripts/new_migration.py` makes the next."""

from typing import Final

__all__ = ["REVISIONS"]

REVISIONS: Final[tuple[str, ...]] = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
)
"""In order, oldest first. Written here so that opening an up-to-date vault does not load alembic; a test compares."""
