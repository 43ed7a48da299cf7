# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts by which a form says how a date or a number is written: recognised by their name, never run."""

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final, Literal

import attrs

__all__ = ["Format", "formatted", "recognised"]

_CALL: Final = re.compile(r"\bAF(Date|Time|Number|Percent|Special)_(?:Format|Keystroke)(?:Ex)?\s*\(([^)]{0,200})\)")
_ARGUMENT: Final = re.compile(r"\"([^\"]*)\"|'([^']*)'|([^,\s]+)")
_NUMBERED_DATES: Final = (
    *("m/d", "m/d/yy", "mm/dd/yy", "mm/yy", "d-mmm", "d-mmm-yy", "dd-mmm-yy", "yy-mm-dd", "mmm-yy", "mmmm-yy"),
    *("mmm d, yyyy", "mmmm d, yyyy", "m/d/yy h:MM tt", "m/d/yy HH:MM"),
)
_NUMBERED_TIMES: Final = ("HH:MM", "h:MM tt", "HH:MM:ss", "h:MM:ss tt")
_DATE_PART: Final = re.compile(r"d{1,4}|m{1,4}|y{2,4}|HH?|hh?|MM?|ss?|tt?")
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTHS: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre"),
    *("novembre", "décembre"),
)
_DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_SEPARATORS: Final = {0: (",", "."), 1: ("", "."), 2: (".", ","), 3: ("", ","), 4: ("’", ".")}


@attrs.frozen
class Format:
    """How a field wants its value written.

    Args:
        kind: what sort of value.
        pattern: of a date or a time (`dd/mm/yyyy`).
        decimals: of a number.
        separators: its style, as the script numbers it.
        currency: sign of a number.
        before: the sign stands before the number.
    """

    kind: Literal["date", "time", "number", "percent", "special"]
    pattern: str = ""
    decimals: int = 0
    separators: int = 0
    currency: str = ""
    before: bool = False


def recognised(script: str) -> Format | None:
    """The format a script asks for when it is one of the usual calls, else `None`."""
    found = _CALL.search(script[:4000])
    if found is None:
        return None
    arguments = [next((part for part in groups if part), "") for groups in _ARGUMENT.findall(found[2])]
    first = arguments[0] if arguments else ""
    match found[1]:
        case "Date":
            return Format("date", _numbered(first, _NUMBERED_DATES))
        case "Time":
            return Format("time", _numbered(first, _NUMBERED_TIMES))
        case "Special":
            return Format("special", first)
        case kind:
            arguments += [""] * (6 - len(arguments))
            sign = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), arguments[4])
            return Format(
                "number" if kind == "Number" else "percent",
                decimals=min(int(first), 10) if first.isdecimal() else 0,
                separators=int(arguments[1]) if arguments[1].isdecimal() else 0,
                currency=sign,
                before=arguments[5] == "true",
            )


def _numbered(argument: str, patterns: tuple[str, ...]) -> str:
    if argument.isdecimal() and len(argument) < 3:
        return patterns[int(argument)] if int(argument) < len(patterns) else ""
    return argument


def formatted(value: str | int | dt.date, wanted: Format | None) -> str:
    """Write a value as the field asks; what is no date or number of ours stays as it was given.

    Args:
        value: a date, a number, or their text (`2026-10-01`, `1234.5`).
        wanted: what the field asks for.
    """
    day = _day(value)
    if wanted is not None and wanted.kind == "date" and day is not None:
        return _dated(day, wanted.pattern)
    if isinstance(value, dt.date):
        return value.strftime("%d/%m/%Y")
    if wanted is not None and wanted.kind in {"number", "percent"}:
        return _numbered_value(str(value), wanted)
    return str(value)


def _day(value: str | int | dt.date) -> dt.date | None:
    if isinstance(value, dt.date):
        return value
    found = _ISO.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        return dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _dated(day: dt.date, pattern: str) -> str:
    month, weekday = _MONTHS[day.month - 1], _DAYS[day.weekday()]
    parts = {"d": f"{day.day}", "dd": f"{day.day:02}", "ddd": weekday[:3], "dddd": weekday}
    parts |= {"m": f"{day.month}", "mm": f"{day.month:02}", "mmm": month[:4], "mmmm": month}
    parts |= {"yy": f"{day.year % 100:02}", "yyyy": f"{day.year:04}"}
    if not pattern or not set(_DATE_PART.findall(pattern)) <= set(parts):
        return day.strftime("%d/%m/%Y")
    return _DATE_PART.sub(lambda found: parts[found[0]], pattern)


def _numbered_value(value: str, wanted: Format) -> str:
    plain = re.sub(r"[\s\u00a0\u202f]", "", value).replace(",", ".")
    try:
        if not re.fullmatch(r"-?\d{1,18}(\.\d{1,18})?", plain):
            return value
        amount = Decimal(plain) * (100 if wanted.kind == "percent" else 1)
        rounded = amount.quantize(Decimal(1).scaleb(-wanted.decimals), ROUND_HALF_UP)
    except InvalidOperation:
        return value
    if rounded != amount:  # what was given would be changed: the form's wish does not go that far
        return value
    thousands, point = _SEPARATORS.get(wanted.separators, ("", ","))
    whole, _, decimals = f"{abs(rounded):f}".partition(".")
    groups = [whole[max(end - 3, 0) : end] for end in range(len(whole), 0, -3)][::-1]
    made = ("-" if rounded < 0 else "") + thousands.join(groups) + (point + decimals if decimals else "")
    if wanted.kind == "percent":
        return f"{made}%"
    return f"{wanted.currency}{made}" if wanted.before else f"{made}{wanted.currency}"
