# SPDX-License-Identifier: GPL-3.0-or-later
"""How a table of law or practice is read: dated, sourced rows, unknown keys refused.

A row says where it comes from (`source`), how far it was verified (`confidence`), between which days it holds
and when a person last checked it. Whatever is not verified must be shown « à vérifier » (`Row.shown_note`).
"""

import datetime as dt
import tomllib
import types
import typing
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Any, Literal, TypeVar

import attrs

__all__ = ["TO_CHECK", "Confidence", "Row", "TableError", "build", "build_all", "fold", "in_force", "read", "unique"]

Confidence = Literal["P", "S", "M"]
TO_CHECK = "à vérifier"


class TableError(Exception):
    """A table shipped with the program is wrong: a fault of ours, found by the tests, never by a user."""


@attrs.frozen(kw_only=True)
class Row:
    """What every row of law or practice carries.

    Args:
        code: stable name, referenced by other tables and by the vault.
        source: the text or page it was read in, as a jurist would cite it.
        confidence: `P` primary text read, `S` secondary source, `M` from memory, not verified.
        valid_from: first day it holds; `None` when older than anything the program deals with.
        valid_to: last day it holds; `None` while it is in force.
        checked_on: day a person last compared it with its source; `None` means never.
    """

    code: str
    source: str
    confidence: Confidence
    valid_from: dt.date | None
    valid_to: dt.date | None
    checked_on: dt.date | None

    @property
    def verified(self) -> bool:
        """True when the primary text was read and the row checked against it."""
        return self.confidence == "P" and self.checked_on is not None

    @property
    def shown_note(self) -> str:
        """What must stand beside the row wherever it is shown: « à vérifier », or nothing."""
        return "" if self.verified else TO_CHECK

    @property
    def shown_source(self) -> str:
        """The source, followed by « à vérifier » unless the row was verified, or its source already says so."""
        return self.source if self.verified or TO_CHECK in self.source else f"{self.source} ({TO_CHECK})"

    def holds_on(self, day: dt.date) -> bool:
        """Whether the row is in force that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


T = TypeVar("T")
R = TypeVar("R", bound=Row)


def read(file_name: str) -> Mapping[str, Any]:
    """One table file of this package, as TOML gives it."""
    text = resources.files(__package__).joinpath(file_name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def build(cls: type[T], data: Mapping[str, Any], where: str) -> T:
    """One row from its TOML table.

    Lists become tuples, nested tables the attrs class of the field; an empty string stands for « no date ».

    Raises:
        TableError: a key is unknown or missing, or a value is of the wrong type.
    """
    described: Any = attrs.resolve_types(typing.cast("Any", cls))
    fields = {field.name: field for field in attrs.fields(described)}
    unknown = sorted(set(data) - set(fields))
    if unknown:
        raise TableError(f"{where}: unknown key {', '.join(unknown)}")
    missing = [n for n, field in fields.items() if n not in data and field.default is attrs.NOTHING]
    if missing:
        raise TableError(f"{where}: missing key {', '.join(missing)}")
    return cls(**{name: _value(fields[name].type, value, f"{where}.{name}") for name, value in data.items()})


def build_all(cls: type[R], data: Iterable[Mapping[str, Any]], where: str) -> tuple[R, ...]:
    """Every row of a list, in the order of the file; two rows of one code may not hold on the same day."""
    rows = tuple(build(cls, item, f"{where}[{index}]") for index, item in enumerate(data))
    for index, row in enumerate(rows):
        for other in rows[:index]:
            if row.code == other.code and _overlap(row, other):
                raise TableError(f"{where}: {row.code} twice at the same time")
    return rows


def in_force(rows: Sequence[R], code: str, on: dt.date) -> R:
    """The row of that code which holds that day.

    Raises:
        KeyError: no such code on that day.
    """
    for row in rows:
        if row.code == code and row.holds_on(on):
            return row
    raise KeyError(code)


def unique(codes: Sequence[str], where: str) -> None:
    """Refuse a list of codes in which one stands twice."""
    for index, code in enumerate(codes):
        if code in codes[:index]:
            raise TableError(f"{where}: {code} twice")


def fold(text: str) -> str:
    """Letters and digits only, without case or accents, words separated by one space: for comparing names."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_UNFOLDED)
    plain = (c for c in letters if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


# Letters that Unicode does not decompose, and the two spellings of Arabic yeh and kaf.
_UNFOLDED = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "ی": "ي", "ک": "ك", "ى": "ي", "ـ": ""}
)


def _overlap(one: Row, two: Row) -> bool:
    starts = [day for day in (one.valid_from, two.valid_from) if day is not None]
    ends = [day for day in (one.valid_to, two.valid_to) if day is not None]
    return not starts or not ends or max(starts) <= min(ends)


def _value(wanted: Any, value: Any, where: str) -> Any:  # noqa: ANN401 - whatever TOML and annotations hold
    """`value` as the annotation wants it."""
    origin, args = typing.get_origin(wanted), typing.get_args(wanted)
    if origin is tuple:
        if not isinstance(value, list):
            raise TableError(f"{where}: a list is wanted")
        return tuple(_value(args[0], item, f"{where}[{index}]") for index, item in enumerate(value))
    if origin is Literal:
        if value not in args:
            raise TableError(f"{where}: one of {', '.join(map(str, args))} is wanted")
        return value
    if origin is types.UnionType:
        return None if value == "" else _value(args[0], value, where)
    if attrs.has(wanted):
        if not isinstance(value, dict):
            raise TableError(f"{where}: a table is wanted")
        return build(wanted, value, where)
    # `bool` is an `int` for Python, not for whoever reads the table
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise TableError(f"{where}: {wanted.__name__} is wanted")
    return value
