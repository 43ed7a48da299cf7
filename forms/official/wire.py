# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes between this process and the one that opens official PDFs: plain JSON and the bytes of files.

No pickle: what comes back was made by a process that has read a hostile file.
"""

import datetime as dt
import json
import struct
from collections.abc import Mapping
from typing import Any, Final

import attrs

from forms.official.answers import Value
from forms.official.outcome import Outcome
from forms.official.readback import Proof, Reading
from forms.official.scripts import Format
from forms.official.shape import OfficialField, Option, PdfForm, Widget
from forms.overlay import Placement
from forms.text import Box, Style

__all__ = [
    "form_from",
    "outcome_from",
    "packed",
    "placement_from",
    "reading_from",
    "unpacked",
    "value_from",
    "value_to",
]

_LENGTH: Final = struct.Struct(">Q")


def packed(message: Mapping[str, Any], *files: bytes) -> bytes:
    """A message and files as one sequence of bytes."""
    parts = [json.dumps(message, default=_plain).encode("ascii"), *files]
    return b"".join(_LENGTH.pack(len(part)) + part for part in parts)


def unpacked(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """The message and the files.

    Raises:
        ValueError: the bytes are no message.
    """
    parts, place = [], 0
    while place < len(data):
        if place + _LENGTH.size > len(data):
            raise ValueError("length")
        (length,) = _LENGTH.unpack_from(data, place)
        place += _LENGTH.size
        parts.append(data[place : place + length])
        place += length
    message = json.loads(parts[0])
    if place != len(data) or not isinstance(message, dict):
        raise ValueError("message")
    return message, parts[1:]


def _plain(value: object) -> object:
    kind: Any = type(value)
    if attrs.has(kind):
        return {field.name: getattr(value, field.name) for field in attrs.fields(kind)}
    raise TypeError(type(value).__name__)


def value_to(value: Value) -> object:
    """A value as JSON can hold it."""
    if isinstance(value, dt.date):
        return {"day": value.isoformat()}
    return value if isinstance(value, str | int) else list(value)


def value_from(value: Any) -> Value:  # noqa: ANN401 - anything JSON holds
    """The value again."""
    if isinstance(value, dict):
        return dt.date.fromisoformat(value["day"])
    return [str(part) for part in value] if isinstance(value, list) else value


def form_from(plain: Mapping[str, Any]) -> PdfForm:
    """A form."""
    return PdfForm(**{**plain, "fields": tuple(_field(each) for each in plain["fields"])})


def _field(plain: Mapping[str, Any]) -> OfficialField:
    changed = {
        "widgets": tuple(Widget(**{**each, "box": _box(each["box"])}) for each in plain["widgets"]),
        "states": tuple(plain["states"]),
        "options": tuple(Option(**each) for each in plain["options"]),
        "format": Format(**plain["format"]) if plain["format"] else None,
    }
    return OfficialField(**{**plain, **changed})


def _box(plain: Mapping[str, float] | None) -> Box | None:
    return Box(**plain) if plain else None


def placement_from(plain: Mapping[str, Any]) -> Placement:
    """A box of a definition."""
    style = {**plain["style"], "colour": tuple(plain["style"]["colour"]) if plain["style"]["colour"] else None}
    return Placement(**{**plain, "box": Box(**plain["box"]), "style": Style(**style)})


def outcome_from(plain: Mapping[str, Any]) -> Outcome:
    """What became of a field."""
    return Outcome(**{**plain, "missing": tuple(plain["missing"]), "choices": tuple(plain["choices"])})


def reading_from(plain: Mapping[str, Any]) -> Reading:
    """A finished file, read again."""
    changed = {
        "proofs": tuple(Proof(**each) for each in plain["proofs"]),
        "spill": {int(page): count for page, count in plain["spill"].items()},
        "leftovers": tuple(plain["leftovers"]),
    }
    return Reading(**{**plain, **changed})
