# SPDX-License-Identifier: GPL-3.0-or-later
"""Careful reading of the objects of a PDF that may be damaged or hostile: wrong types are absent, loops end."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from forms.text import Box

__all__ = [
    "DEPTH",
    "Entries",
    "boxed",
    "child",
    "entries",
    "inherited",
    "integer",
    "items",
    "keyed",
    "lineage",
    "name_text",
    "number",
    "numbers",
    "page_turn",
    "raw_name",
    "states",
    "text",
]

DEPTH: Final = 32
"""Fields and page trees of real forms have three or four levels; a loop has no end."""
_FAR: Final = 1e6
"""Points: no page is kilometres wide, and larger numbers break readers."""
_NUMBERS: Final = re.compile(rb"\[[0-9.\s-]*\]")
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")


Entries: TypeAlias = Mapping[str, object]
"""A dictionary read at once: asking the library key by key takes most of the time of a form."""


def entries(node: pikepdf.Object) -> Entries:
    """All entries of a dictionary; none when it cannot be read."""
    try:
        return dict(node.items())
    except (ValueError, TypeError, NotImplementedError, pikepdf.PdfError):
        return {}


def child(node: pikepdf.Object | Entries, key: str, kind: type[pikepdf.Object]) -> pikepdf.Object | None:
    """The entry of a dictionary when it is there and of that kind."""
    found = keyed(node, key)
    return found if isinstance(found, kind) else None


def keyed(node: pikepdf.Object | Entries, key: str) -> object:
    """The entry of a dictionary, or `None` when there is none or it cannot be read."""
    if type(node) is dict:
        return node.get(key)
    try:
        return node.get(key)
    except (ValueError, TypeError, NotImplementedError, pikepdf.PdfError):
        return None


def items(node: pikepdf.Object | None, most: int) -> Iterator[pikepdf.Object]:
    """The dictionaries of an array, nothing else, at most so many entries."""
    if not isinstance(node, Array):
        return
    for entry in itertools.islice(node, most):
        if isinstance(entry, Dictionary) and not isinstance(entry, Stream):
            yield entry


def lineage(node: pikepdf.Object) -> list[pikepdf.Object]:
    """A node and those above it by /Parent, ended by depth or where it turns in a circle."""
    chain: list[pikepdf.Object] = []
    seen: set[tuple[int, int]] = set()
    current: object = node
    while isinstance(current, Dictionary) and len(chain) < DEPTH:
        mark = current.objgen
        if mark != (0, 0):
            if mark in seen:
                break
            seen.add(mark)
        chain.append(current)
        current = keyed(current, "/Parent")
    return chain


def inherited(chain: Sequence[pikepdf.Object | Entries], key: str) -> object:
    """An attribute of a field: its own, or that of the nearest node above."""
    for node in chain:
        found = node.get(key) if type(node) is dict else keyed(node, key)
        if found is not None:
            return found
    return None


def number(value: object, default: float = 0.0) -> float:
    """A number of a PDF, or the default for anything else."""
    if isinstance(value, bool):
        return default
    try:
        found = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return default
    return found if -_FAR < found < _FAR else default


def integer(value: object, default: int = 0) -> int:
    """A whole number of a PDF, or the default for anything else; flags use all 32 bits."""
    try:
        return default if isinstance(value, bool) else int(value)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        return default


def numbers(value: object) -> list[float]:
    """The numbers of an array; empty for anything else."""
    if not isinstance(value, Array) or len(value) > 16:
        return []
    try:
        # Read from what stands in the file: the library makes a decimal of each number, which takes ten times longer.
        if _NUMBERS.fullmatch(written := value.unparse()):
            return [number(part) for part in written[1:-1].split()]
        return [number(part) for part in value.as_list()]
    except (ValueError, pikepdf.PdfError):
        return []


def boxed(value: object) -> Box | None:
    """A rectangle with its corners in order; `None` when it is none, or has no area."""
    sides = numbers(value)
    if len(sides) != 4:
        return None
    box = Box(min(sides[0], sides[2]), min(sides[1], sides[3]), max(sides[0], sides[2]), max(sides[1], sides[3]))
    return box if box.width > 0.5 and box.height > 0.5 else None


def text(value: object) -> str:
    """What a text of a PDF says: its string, the characters of a stream, or the letters of a name."""
    if value is None:
        return ""
    try:
        if isinstance(value, pikepdf.String):
            return str(value).replace("\x00", "")
        if isinstance(value, Name):
            return name_text(raw_name(value))
        if isinstance(value, Stream):
            data = bytes(value.read_bytes())[:100_000]
            if data.startswith(b"\xfe\xff"):
                return data.decode("utf-16-be", "replace")[1:]
            return _decoded(data)
    except (ValueError, pikepdf.PdfError):
        return ""
    return ""


def raw_name(value: object) -> bytes:
    """The bytes of a name without its slash: a name of an old form may be in any encoding."""
    if isinstance(value, Name):
        try:
            return str(value)[1:].encode()
        except UnicodeDecodeError:
            pass
        return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), value.unparse()[1:])
    return b""


def name_text(raw: bytes) -> str:
    """The letters of a name; those written before Unicode are Latin."""
    return _decoded(raw)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def states(widget: pikepdf.Object | Entries) -> dict[bytes, Stream]:
    """The states of a box or radio button that have an appearance, by the bytes of their name, « Off » included."""
    appearance = child(widget, "/AP", Dictionary)
    normal = keyed(appearance, "/N") if appearance is not None else None
    if not isinstance(normal, Dictionary) or isinstance(normal, Stream):
        return {}
    return {
        key[1:].encode("utf-8", "surrogateescape"): found for key, found in normal.items() if isinstance(found, Stream)
    }


def page_turn(page: pikepdf.Object) -> int:
    """By how many degrees a page is turned clockwise to be shown: 0, 90, 180 or 270."""
    turn = integer(inherited(lineage(page), "/Rotate"))
    return turn % 360 if turn % 90 == 0 else 0
