# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of a damaged base, read from its pages without SQLite, which gives a table up at its first bad page.

The layout is that of the SQLite file format (sqlite.org/fileformat2.html), frozen since 2004.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from hro_desktop.vault.pages import USABLE, Pages

__all__ = ["Row", "Tree", "Value", "entries", "leaf_rows", "orphans", "schema", "tree"]

Value = int | float | str | bytes | None
Row = tuple[int, tuple[Value, ...]]
"""The number of a row, and its values."""

TABLE_INNER: Final = 5
TABLE_LEAF: Final = 13
INDEX_INNER: Final = 2
INDEX_LEAF: Final = 10
MOST_LOCAL: Final = USABLE - 35
LEAST_LOCAL: Final = (USABLE - 12) * 32 // 255 - 23
FIRST_HEADER: Final = 100
INTEGERS: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
KINDS: Final = ("table", "index", "trigger", "view")
SCHEMA_FIELDS: Final = 5
ODD: Final = (IndexError, ValueError, struct.error, KeyError)
"""What a page raises that was proven and yet is of another day than its neighbours."""


@attrs.frozen
class Tree:
    """The pages of one table or index that can still be reached.

    Args:
        pages: all of them.
        leaves: those that hold rows.
        lost: how many are lost; what hung below them is not known.
    """

    pages: frozenset[int]
    leaves: tuple[int, ...]
    lost: int


def tree(pages: Pages, root: int, *, index: bool = False) -> Tree:
    """Follow a table or an index from its first page."""
    inner, leaf = (INDEX_INNER, INDEX_LEAF) if index else (TABLE_INNER, TABLE_LEAF)
    seen: set[int] = set()
    leaves: list[int] = []
    lost, waiting = 0, [root]
    while waiting:
        number = waiting.pop()
        page = pages.good.get(number)
        if page is None or number in seen:
            lost += 1
            continue
        kind = page[_header(number)]
        if kind not in (inner, leaf):
            lost += 1
            continue
        seen.add(number)
        if kind == leaf:
            leaves.append(number)
        else:
            waiting += reversed(_children(number, page))
    return Tree(frozenset(seen), tuple(leaves), lost)


def leaf_rows(pages: Pages, number: int) -> Iterator[Row | None]:
    """The rows of one page; nothing in the place of one whose end is lost."""
    page = pages.good[number]
    for at in _cells(number, page):
        try:
            yield _row(pages, page, at)
        except ODD:
            yield None


def entries(pages: Pages, found: Tree) -> int:
    """How many rows an index knows: every page of it holds some."""
    return sum(len(_cells(number, pages.good[number])) for number in found.pages)


def orphans(pages: Pages, known: set[int]) -> list[int]:
    """Pages of rows that no table reaches any more."""
    return [
        number
        for number, page in sorted(pages.good.items())
        if number not in known and page[_header(number)] == TABLE_LEAF
    ]


def schema(pages: Pages) -> tuple[list[tuple[str, str, str, int]], set[int]]:
    """What the base says it is made of: (kind, name, table, first page) of each; and the pages that say it.

    They are found by what they look like: the first page of all, which leads to them, may be lost. A row that cannot be
    read costs no other one; of one whose end is on a lost page, the beginning says enough.
    """
    rows: list[tuple[str, str, str, int]] = []
    where: set[int] = {1}
    for number in orphans(pages, set()):
        found = [_schema_fields(pages, pages.good[number], at) for at in _cells(number, pages.good[number])]
        told = [values for values in found if values is not None]
        if 2 * len(told) > len(found):
            rows += [(str(kind), str(name), str(table), int(root or 0)) for kind, name, table, root in told]
            where.add(number)
    return rows, where


def _schema_fields(pages: Pages, page: bytes, at: int) -> tuple[Value, ...] | None:
    """Kind, name, table and first page; nothing when it is no row of the schema, or cannot be read."""
    try:
        values: Sequence[Value] = _row(pages, page, at)[1]
    except KeyError:  # the page of its end is lost
        try:
            values = _beginning(page, at)
        except ODD:
            return None
    except ODD:
        return None
    return tuple(values[: SCHEMA_FIELDS - 1]) if _is_schema(values) else None


def _beginning(page: bytes, at: int) -> tuple[Value, ...]:
    """The fields of a schema row that are on its own page; nothing in the place of the statement, which is cut."""
    for _ in range(2):  # the length, and the number of the row
        _, at = _varint(page, at)
    record = page[at:]
    body, place = _varint(record, 0)
    values: list[Value] = []
    for _ in range(SCHEMA_FIELDS - 1):
        kind, place = _varint(record, place)
        value, size = _value(kind, record, body)
        body += size
        values.append(value)
    return (*values, None)


def _is_schema(values: Sequence[Value]) -> bool:
    return (
        len(values) == SCHEMA_FIELDS
        and values[0] in KINDS
        and isinstance(values[1], str)
        and isinstance(values[2], str)
        and isinstance(values[3], int | None)
    )


def _header(number: int) -> int:
    return FIRST_HEADER if number == 1 else 0


def _children(number: int, page: bytes) -> list[int]:
    start = _header(number)
    return [*(int.from_bytes(page[at : at + 4]) for at in _cells(number, page)), int.from_bytes(page[start + 8 :][:4])]


def _cells(number: int, page: bytes) -> list[int]:
    """Where each cell of a page begins."""
    start = _header(number)
    count = int.from_bytes(page[start + 3 : start + 5])
    first = start + (8 if page[start] in (TABLE_LEAF, INDEX_LEAF) else 12)
    return [int.from_bytes(page[at : at + 2]) for at in range(first, min(first + 2 * count, USABLE), 2)]


def _row(pages: Pages, page: bytes, at: int) -> Row:
    size, at = _varint(page, at)
    rowid, at = _varint(page, at)
    if not 0 <= size <= len(pages.good) * USABLE:
        raise ValueError
    if size <= MOST_LOCAL:
        return rowid, _values(page[at : at + size])
    local = LEAST_LOCAL + (size - LEAST_LOCAL) % (USABLE - 4)
    if local > MOST_LOCAL:
        local = LEAST_LOCAL
    parts, left = [page[at : at + local]], size - local
    following = int.from_bytes(page[at + local : at + local + 4])
    while left > 0:
        more = pages.good[following]
        parts.append(more[4 : 4 + min(left, USABLE - 4)])
        left -= USABLE - 4
        following = int.from_bytes(more[:4])
    return rowid, _values(b"".join(parts))


def _values(record: bytes) -> tuple[Value, ...]:
    end, at = _varint(record, 0)
    body, values = end, []
    while at < end:
        kind, at = _varint(record, at)
        value, size = _value(kind, record, body)
        body += size
        values.append(value)
    if at != end or body != len(record):
        raise ValueError
    return tuple(values)


def _value(kind: int, record: bytes, at: int) -> tuple[Value, int]:
    if kind == 0:
        return None, 0
    if kind in (8, 9):
        return kind - 8, 0
    if kind == 7:
        return struct.unpack(">d", record[at : at + 8])[0], 8
    size = INTEGERS.get(kind) or (kind - 12) // 2
    data = record[at : at + size]
    if len(data) != size or kind in (10, 11):
        raise ValueError
    if kind in INTEGERS:
        return int.from_bytes(data, signed=True), size
    return (data.decode() if kind % 2 else data), size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(8):
        byte = data[at + place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + place + 1
    value = value << 8 | data[at + 8]
    return value - (1 << 64 if value >> 63 else 0), at + 9
