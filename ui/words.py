# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates and numbers as the window writes them."""

import datetime as dt
from typing import Final

__all__ = ["count", "long_day", "short_date", "short_day", "soon"]

_MONTHS: Final = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
_WHOLE: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def short_day(day: str) -> str:
    """« 12 oct. 2026 » from `2026-10-12`; an uncertain date stays as it was written."""
    try:
        known = dt.date.fromisoformat(day)
    except ValueError:
        return day
    first = "1er" if known.day == 1 else str(known.day)
    return f"{first}\u00a0{_MONTHS[known.month - 1]}\u00a0{known.year}"


def short_date(day: dt.date, today: dt.date) -> str:
    """« Aujourd’hui », « 29 nov. », « 11 oct. 2032 »."""
    if day == today:
        return "Aujourd’hui"
    written = short_day(day.isoformat())
    return written.rpartition("\u00a0")[0] if day.year == today.year else written


def long_day(day: dt.date, today: dt.date) -> str:
    """« jeudi 26 novembre »; of another year, the year too."""
    first = "1er" if day.day == 1 else str(day.day)
    year = f"\u00a0{day.year}" if day.year != today.year else ""
    return f"{_DAYS[day.weekday()]} {first}\u00a0{_WHOLE[day.month - 1]}{year}"


def soon(day: dt.date, today: dt.date) -> str:
    """« dans 4 j », « demain », « hier », « il y a 3 j »; nothing for today."""
    days = (day - today).days
    if abs(days) <= 1:
        return ("hier", "", "demain")[days + 1]
    return f"dans {days}\u00a0j" if days > 0 else f"il y a {-days}\u00a0j"


def count(number: int, one: str, many: str) -> str:
    """« 1 dossier », « 1 906 pièces »."""
    return f"{number:,}".replace(",", "\u00a0") + "\u00a0" + (one if abs(number) < 2 else many)
