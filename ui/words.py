# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates and numbers as the window writes them."""

import datetime as dt
from typing import Final

__all__ = ["count", "short_day"]

_MONTHS: Final = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


def short_day(day: str) -> str:
    """« 12 oct. 2026 » from `2026-10-12`; an uncertain date stays as it was written."""
    try:
        known = dt.date.fromisoformat(day)
    except ValueError:
        return day
    first = "1er" if known.day == 1 else str(known.day)
    return f"{first}\u00a0{_MONTHS[known.month - 1]}\u00a0{known.year}"


def count(number: int, one: str, many: str) -> str:
    """« 1 dossier », « 1 906 pièces »."""
    return f"{number:,}".replace(",", "\u00a0") + "\u00a0" + (one if abs(number) < 2 else many)
