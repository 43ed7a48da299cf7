# SPDX-License-Identifier: GPL-3.0-or-later
"""How a value is written out in a French document: a closed list, named in `form.toml`."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final

from forms.values import Scalar

__all__ = ["FORMATS", "NO", "YES", "written"]

YES: Final = "oui"
NO: Final = "non"
_MONTHS: Final = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def _plain(value: Scalar) -> str:
    if isinstance(value, bool | dt.date):
        raise TypeError
    return str(value).strip()


def _upper(value: Scalar) -> str:
    # The German sharp s and the ligatures keep their letter: a name must not gain characters.
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in _plain(value))


def _one_line(value: Scalar) -> str:
    """The lines of an address, one after the other."""
    return ", ".join(line.strip(" ,") for line in _plain(value).splitlines() if line.strip(" ,"))


def _date_long(value: Scalar) -> str:
    """« 12 octobre 2026 »; a text such as « vers 2001 » is an uncertain date and stays as it is."""
    if not isinstance(value, dt.date):
        return _plain(value)
    day = "1er" if value.day == 1 else str(value.day)
    return f"{day}\u00a0{_MONTHS[value.month - 1]} {value.year}"


def _date_numeric(value: Scalar) -> str:
    """« 12/10/2026 »; a text is an uncertain date and stays as it is."""
    return f"{value.day:02}/{value.month:02}/{value.year:04}" if isinstance(value, dt.date) else _plain(value)


def _yes_no(value: Scalar) -> str:
    if not isinstance(value, bool):
        raise TypeError
    return YES if value else NO


def _number(value: Scalar) -> str:
    """« 15 000 », thousands parted by a non-breaking space."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return f"{value:,}".replace(",", "\u00a0")


_FORMATTERS: Final[Mapping[str, Callable[[Scalar], str]]] = {
    "plain": _plain,
    "upper": _upper,
    "one_line": _one_line,
    "date_long": _date_long,
    "date_numeric": _date_numeric,
    "yes_no": _yes_no,
    "number": _number,
}
FORMATS: Final = tuple(_FORMATTERS)


def written(name: str, value: Scalar) -> str:
    """Write one value out.

    Args:
        name: one of `FORMATS`.
        value: a known value, never `None`.

    Raises:
        TypeError: the format is not made for this kind of value; the message holds nothing of it.
    """
    return _FORMATTERS[name](value)
