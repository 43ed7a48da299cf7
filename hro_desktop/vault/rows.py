# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rows of a damaged base belong to which table, and how many are lost."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs

from hro_desktop.vault import btree
from hro_desktop.vault.btree import Row, Value
from hro_desktop.vault.pages import Pages

__all__ = ["VERSION", "Column", "Kept", "Row", "columns_of", "read_rows", "revision"]

VERSION: Final = "alembic_version"
SIZED: Final = re.compile(r"(VAR)?CHAR\((\d+)\)")


@attrs.frozen
class Column:
    """One column of a table, as its format declares it.

    Args:
        name: of the column.
        kind: declared type.
        required: never empty.
        numbers: it is the number of the row itself, which is not written a second time.
    """

    name: str
    kind: str
    required: bool
    numbers: bool

    def fits(self, value: Value) -> bool:
        """Whether a value can be one of this column."""
        if value is None:
            return self.numbers or not self.required
        sized = SIZED.fullmatch(self.kind)
        if sized:
            length = int(sized.group(2))
            return isinstance(value, str) and (len(value) <= length if sized.group(1) else len(value) == length)
        if self.kind in ("INTEGER", "BOOLEAN", "BIGINT"):
            return isinstance(value, int)
        if self.kind in ("TEXT", "DATE", "DATETIME"):
            return isinstance(value, str)
        return isinstance(value, bytes) if self.kind == "BLOB" else True


@attrs.frozen(repr=False)
class Kept:
    """What is left of one table.

    Args:
        rows: those that can be read.
        expected: how many there were, by an index that is whole; nothing when none is.
        damaged: a page of the table, or the end of a row, is lost.
    """

    rows: tuple[Row, ...]
    expected: int | None
    damaged: bool


def columns_of(connection: Any, table: str) -> tuple[Column, ...]:  # noqa: ANN401 - the driver has no types
    """The columns of a table of a sound base."""
    found = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    keys = sum(1 for each in found if each[5])
    return tuple(
        Column(name, kind, bool(required), bool(key) and keys == 1 and kind == "INTEGER")
        for _, name, kind, required, _, key in found
    )


def revision(pages: Pages) -> str | None:
    """The format of the damaged base; nothing when that very row is lost."""
    for kind, name, _, root in btree.schema(pages)[0]:
        if (kind, name) == ("table", VERSION):
            values = [row[1] for row in _rows(pages, btree.tree(pages, root).leaves)[0]]
            return next((each[0] for each in values if each and isinstance(each[0], str)), None)
    return None


def read_rows(pages: Pages, tables: Mapping[str, Sequence[Column]]) -> dict[str, Kept]:
    """All rows that can be read.

    Args:
        pages: of the damaged base.
        tables: those of its format, from a sound base. Pages that no table reaches any more go to the one damaged
            table whose columns all their values fit; nobody guesses between two.
    """
    known, seen = btree.schema(pages)
    trees = {name: btree.tree(pages, root) for kind, name, _, root in known if kind == "table" and root}
    seen = seen.union(*(each.pages for each in trees.values()))
    leaves = {name: list(trees[name].leaves) if name in trees else [] for name in tables}
    reached = [name for name in tables if name not in trees or trees[name].lost]
    for number in btree.orphans(pages, seen):
        found = [row[1] for row in btree.leaf_rows(pages, number) if row]
        owners = [name for name in reached if found and all(_fit(tables[name], values) for values in found)]
        if len(owners) == 1:
            leaves[owners[0]].append(number)
    counts = _counts(pages, known)
    kept = {}
    for name in tables:
        rows, cut = _rows(pages, leaves[name])
        kept[name] = Kept(tuple(rows), counts.get(name), name in reached or cut)
    return kept


def _rows(pages: Pages, leaves: Sequence[int]) -> tuple[list[Row], bool]:
    found = [row for number in leaves for row in btree.leaf_rows(pages, number)]
    whole = [row for row in found if row is not None]
    return whole, len(whole) < len(found)


def _counts(pages: Pages, known: Sequence[tuple[str, str, str, int]]) -> dict[str, int]:
    """How many rows each table had, by the indexes that hold every row and are whole."""
    counts = {}
    for kind, name, table, root in known:
        if kind == "index" and name.startswith("sqlite_autoindex_"):
            found = btree.tree(pages, root, index=True)
            if not found.lost:
                counts[table] = btree.entries(pages, found)
    return counts


def _fit(columns: Sequence[Column], values: Sequence[Value]) -> bool:
    return len(values) == len(columns) and all(
        column.fits(value) for column, value in zip(columns, values, strict=True)
    )
