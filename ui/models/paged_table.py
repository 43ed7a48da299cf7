# SPDX-License-Identifier: GPL-3.0-or-later
"""A list of any length: all its ids, and of its rows only the pages somebody looks at."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Final, Generic, TypeVar

import attrs
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

__all__ = ["PAGE", "Column", "PagedTableModel"]

PAGE: Final = 50
"""Rows to a page: more than a screen shows."""
_KEPT: Final = 50
"""Pages remembered: more than any screen shows, few enough to forget a person one has left."""
_WAITING: Final = "…"
_ROOT: Final = QModelIndex()
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ANSWERED: Final = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.AccessibleTextRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.TextAlignmentRole,
    }
)
"""What a cell is asked for and has: a view asks for a dozen more, for each cell of each paint."""

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex


@attrs.frozen
class Column(Generic[Row]):
    """One column of a list.

    Args:
        title: its heading.
        text: what it shows of a row; called once when the row arrives, not when it is painted.
        width: in pixels at 100 %; 0 takes what is left.
        strong: what one looks for first.
        right: numbers align right.
        room: width of the list in pixels at 100 % under which the column is left out.
        private: it names people: covered with the other names.
        chip: kind of the chip its text stands in, from the row; empty for plain text.
        sort: name of the order its heading asks for; empty when one cannot sort by it.
        name: what preferences call it; its order, when it has no other name.
        told: its text in full, for who points at it or hears it; without it, the text.
    """

    title: str
    text: Callable[[Row], str]
    width: int = 0
    strong: bool = False
    right: bool = False
    room: int = 0
    private: bool = False
    chip: Callable[[Row], str] | None = None
    sort: str = ""
    name: str = ""
    told: Callable[[Row], str] | None = None

    @property
    def key(self) -> str:
        """What preferences call it."""
        return self.name or self.sort


class PagedTableModel(QAbstractTableModel, Generic[Row]):
    """Ids in order, pages of rows by number. Asks for a page with `page_wanted`; whoever loads it calls `set_page`.

    Every reset begins a generation: a page asked for before it is not taken any more.
    """

    page_wanted = Signal(int, int, object)
    """Generation, page number, its ids."""

    def __init__(self, columns: Sequence[Column[Row]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._ids: Sequence[Hashable] = ()
        self._generation = 0
        self._order = ""
        self._asked: set[int] = set()
        self._pages: OrderedDict[int, tuple[tuple[Row | None, tuple[str, ...]], ...]] = OrderedDict()

    @property
    def generation(self) -> int:
        """Number of the present list."""
        return self._generation

    @property
    def columns(self) -> tuple[Column[Row], ...]:
        """What each column is."""
        return self._columns

    def mark_order(self, order: str) -> None:
        """Say in the headings what the list is ordered by: the name of an order, after a « - » the other way round."""
        if order != self._order:
            self._order = order
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._columns) - 1)

    def reset(
        self,
        ids: Sequence[Hashable],
        pages: Iterable[int] = (),
        rows: Iterable[Row] = (),
        key: Callable[[Row], Hashable] = id,
    ) -> None:
        """Show another list, or the same one in another order.

        Args:
            ids: all of them.
            pages: numbers of the pages whose rows are already here; others are asked for when they are looked at.
            rows: those rows, in any order.
            key: the id of a row.
        """
        self.beginResetModel()
        self._ids = ids
        self._generation += 1
        self._asked.clear()
        self._pages.clear()
        here = tuple(rows)
        for page in pages:
            self._keep(page, here, key)
        self.endResetModel()

    def refresh(self, generation: int | None = None) -> None:
        """Ask again for what is shown, keeping order and selection: something changed in some of these rows."""
        self._generation = self._generation + 1 if generation is None else generation
        self._asked.clear()
        self._pages.clear()
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, len(self._columns) - 1))

    def set_page(self, generation: int, page: int, rows: Iterable[Row], key: Callable[[Row], Hashable]) -> None:
        """Take the rows of a page; one that was deleted meanwhile may be missing, and shows as gone.

        Args:
            generation: as it was asked for; an old one is dropped.
            page: its number.
            rows: found, in any order.
            key: the id of a row.
        """
        if generation != self._generation:
            return
        self._asked.discard(page)
        self._keep(page, rows, key)
        first = page * PAGE
        last = min(first + PAGE, len(self._ids)) - 1
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))

    def drop_page(self, generation: int, page: int) -> None:
        """A page could not be loaded: it may be asked for again."""
        if generation == self._generation:
            self._asked.discard(page)

    def id_at(self, row: int) -> Hashable:
        """The id of a row, loaded or not."""
        return self._ids[row]

    def row_at(self, row: int) -> Row | None:
        """The row, when it is loaded and still exists."""
        page = self._pages.get(row // PAGE)
        return page[row % PAGE][0] if page is not None else None

    def place_of(self, row_id: Hashable) -> int:
        """Where an id stands in the list, -1 when it does not."""
        try:
            return self._ids.index(row_id)
        except ValueError:
            return -1

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """Every row of the list, loaded or not."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """The columns."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        """Look up, never compute: called for every cell of every paint."""
        if role not in _ANSWERED or not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index.row(), index.column())
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._told(index.row(), index.column())
        return _RIGHT if self._columns[index.column()].right else _LEFT

    def chip_at(self, row: int, column: int) -> str:
        """The kind of chip a text stands in, nothing for plain text."""
        of = self._columns[column].chip
        shown = self.row_at(row) if of is not None else None
        return of(shown) if of is not None and shown is not None else ""

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's own signature
        """The headings; rows have none."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        ordered = bool(column.sort) and column.sort == self._order.removeprefix("-")
        turned = self._order.startswith("-")
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{column.title}\u00a0{'↓' if turned else '↑'}" if ordered else column.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            way = "décroissant" if turned else "croissant"
            return f"{column.title}, ordre {way}" if ordered else column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.right else _LEFT
        return None

    def _text(self, row: int, column: int) -> str:
        number = row // PAGE
        page = self._pages.get(number)
        if page is None:
            self._want(number)
            return _WAITING
        self._pages.move_to_end(number)
        return page[row % PAGE][1][column]

    def _told(self, row: int, column: int) -> str:
        of, shown = self._columns[column].told, self.row_at(row)
        return of(shown) if of is not None and shown is not None else self._text(row, column)

    def _keep(self, page: int, rows: Iterable[Row], key: Callable[[Row], Hashable]) -> None:
        found = {key(row): row for row in rows}
        first = page * PAGE
        self._pages[page] = tuple(self._shown(found.get(row_id)) for row_id in self._ids[first : first + PAGE])
        self._pages.move_to_end(page)
        while len(self._pages) > _KEPT:
            self._pages.popitem(last=False)

    def _want(self, number: int) -> None:
        if number not in self._asked:
            self._asked.add(number)
            first = number * PAGE
            self.page_wanted.emit(self._generation, number, self._ids[first : first + PAGE])

    def _shown(self, row: Row | None) -> tuple[Row | None, tuple[str, ...]]:
        if row is None:
            return None, ("supprimé", *("" for _ in self._columns[1:]))
        return row, tuple(column.text(row) for column in self._columns)
