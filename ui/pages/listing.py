# SPDX-License-Identifier: GPL-3.0-or-later
"""A page that lists records of one noun: what to look for, filters, the list, and what is chosen beside it."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

import attrs
from PySide6.QtCore import QItemSelection, Qt, QTimer
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QLayout, QLineEdit, QPushButton, QSplitter, QWidget

from hro_desktop.casework.desk import Desk
from ui.changes import Changes, touches
from ui.context import Context
from ui.flow import Flow
from ui.icons import pixmap
from ui.jobs import Job, Report, Token
from ui.models.paged_table import PAGE, Column, PagedTableModel
from ui.pages.page import Page, Place
from ui.table import ListTable
from ui.widgets import column, frame, label, pill, row, rule
from ui.words import count

__all__ = ["Asked", "Filter", "ListPage", "Listed", "Source", "filtered"]

_PAUSE = 150
_IN_SIGHT = 40
"""Rows of a list that the tallest window shows."""


@attrs.frozen
class Filter:
    """A filter as a pill: what it says, and what it asks for."""

    text: str
    name: str
    value: object = True


@attrs.frozen
class Asked:
    """What a list is asked for: words, filters by name, order."""

    words: str = ""
    filters: Mapping[str, object] = attrs.field(factory=dict)
    order: str = ""


@attrs.frozen
class Listed:
    """One page of rows, with what it was asked for."""

    generation: int
    page: int
    rows: tuple[Any, ...]


@attrs.frozen
class Found:
    """A list: all its ids, and the rows of the pages that are looked at first."""

    ids: Sequence[uuid.UUID]
    pages: range
    rows: tuple[Any, ...]


@attrs.frozen
class Source:
    """Where a list comes from: the ids of what is asked for, in order, and the rows of some of them.

    Both get the session of the read first, which is theirs alone.
    """

    ids: Callable[[Any, Asked], Sequence[uuid.UUID]]
    rows: Callable[[Any, Sequence[uuid.UUID]], Sequence[Any]]


def filtered(ids: Callable[..., Sequence[uuid.UUID]]) -> Callable[[Any, Asked], Sequence[uuid.UUID]]:
    """The ids of a noun whose function takes the words, then the filters by their names."""
    return lambda session, asked: ids(session, asked.words, **asked.filters)


def _found(desk: Desk, source: Source, asked: Asked, wanted: uuid.UUID | None, token: Token, _report: Report) -> Found:
    """The ids, and in the same go the rows that are looked at first: else the list would be painted twice."""
    token.check()
    with desk.read() as session:
        ids = source.ids(session, asked)
        pages = _seen_first(ids, wanted)
        token.check()
        return Found(ids, pages, tuple(source.rows(session, ids[pages.start * PAGE : pages.stop * PAGE])))


def _seen_first(ids: Sequence[uuid.UUID], wanted: uuid.UUID | None) -> range:
    """The pages one sees when the list comes: the record one stands on is then the last in sight, or near the top."""
    last = ids.index(wanted) if wanted is not None and wanted in ids else 0
    return range(max(0, last - _IN_SIGHT) // PAGE, last // PAGE + 1)


def _rows(  # noqa: PLR0917 - token and report come last, from the runner
    desk: Desk, source: Source, generation: int, page: int, wanted: Sequence[uuid.UUID], token: Token, _report: Report
) -> Listed:
    token.check()
    with desk.read() as session:
        return Listed(generation, page, tuple(source.rows(session, wanted)))


class ListPage(Page):
    """Lists and details side by side. A page of a noun says its columns and how it asks; `chosen` shows the details."""

    heading: ClassVar[str]
    one: ClassVar[str]
    many: ClassVar[str]
    empty: ClassVar[str]
    columns: ClassVar[Sequence[Column[Any]]]
    filters: ClassVar[Sequence[Filter]] = ()
    tables: ClassVar[Sequence[str]]
    """Whose changes make the list another one."""
    page_of: ClassVar[str] = ""
    """The page that Enter opens on a row; without one nothing opens."""
    source: ClassVar[Source]
    shares: ClassVar[tuple[int, int]] = (600, 560)
    """How wide the list and what stands beside it are, against one another."""
    narrow: ClassVar[bool] = False
    """The filters stand under the line one searches in, not beside it."""

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, self.heading)
        self._wanted: uuid.UUID | None = None
        self._order = ""
        self._asking: Job | None = None
        self._source = self.make_source()
        self._model: PagedTableModel[Any] = PagedTableModel(self.make_columns(), self)
        self._model.page_wanted.connect(self.on_page_wanted)
        self._table = self.make_table(self._model)
        self._table.selectionModel().selectionChanged.connect(self.on_selected)
        self._table.opened.connect(self.on_opened)
        self._table.sorted_by.connect(self.on_sorted_by)
        self._look = self.make_look()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.ask)
        self._look.textEdited.connect(self.on_look_edited)
        self._pills = {each: pill(each.text) for each in self.filters}
        for each in self._pills.values():
            each.toggled.connect(self.on_filtered)
        self._total = label("", "hint")
        self._total.setBuddy(self._table)
        self._nothing = label("", "soft", wrap=True)
        self._nothing.hide()
        self.details = self.make_details()
        self._lay_out()
        self.setFocusProxy(self._table)

    @property
    def table(self) -> ListTable:
        """The list."""
        return self._table

    @property
    def look(self) -> QLineEdit:
        """Where one types what to look for."""
        return self._look

    @property
    def pills(self) -> Sequence[QPushButton]:
        """The filters, in order."""
        return tuple(self._pills.values())

    @property
    def wanted(self) -> uuid.UUID | None:
        """The record that is chosen."""
        return self._wanted

    def make_source(self) -> Source:
        """Where the list comes from; overridden by pages that know more than the vault, such as the day."""
        return self.source

    def make_columns(self) -> Sequence[Column[Any]]:
        """Its columns; overridden by pages whose words depend on the day."""
        return self.columns

    def make_look(self) -> QLineEdit:
        """The line in which one types what to look for; overridden by pages that take more than words in it."""
        made = QLineEdit()
        made.setPlaceholderText("Chercher dans cette liste")
        made.setAccessibleName("Chercher dans cette liste")
        made.setClearButtonEnabled(True)
        return made

    def make_head(self) -> QLayout:
        """What stands above the list: where one searches, filters, how many there are."""
        return self._head()

    def make_table(self, model: PagedTableModel[Any]) -> ListTable:
        """The list itself; overridden by pages whose rows look otherwise."""
        return ListTable(self.context, model, name=f"Liste\u00a0: {self.heading}")

    def make_above(self) -> QWidget | None:
        """What stands above the rows; overridden by pages that have something to say there."""
        return None

    def make_details(self) -> QWidget | None:
        """What stands beside the list; overridden by pages that have something there."""
        return None

    def make_inputs(self) -> Sequence[QWidget]:
        """More to narrow the list with, beside the filters; overridden by pages that need a day or a name."""
        return ()

    def chosen(self, record_id: uuid.UUID | None) -> None:
        """Another record is chosen, or none; overridden by pages that show it beside the list."""

    def asked(self) -> Asked:
        """What the list is asked for now."""
        filters: dict[str, object] = {}
        for each, shown in self._pills.items():
            if shown.isChecked():
                filters[each.name] = each.value
        return Asked(self._look.text().strip(), filters, self._order)

    def narrowed(self, asked: Asked) -> bool:
        """Whether less is asked for than everything."""
        return bool(asked.words or asked.filters)

    def start(self) -> None:
        """Somebody comes to the page; overridden by pages that need more than their list."""
        self.ask()

    def ask(self) -> None:
        """Ask for the list."""
        if self.place.record is not None:
            self._wanted = self.place.record
        if self._asking is not None:  # two reads go on at once: the older one could answer last
            self._asking.cancel()
        asked = self.asked()
        self._model.mark_order(asked.order)
        self._asking = self.read(partial(_found, self.desk, self._source, asked, self._wanted), self.on_found)

    def on_changed(self, changes: Changes) -> None:
        """Ask again for what is shown."""
        if not self.isVisible():
            return
        if any(touches(changes, table) for table in self.tables):
            self.start()

    def on_look_edited(self, _text: str) -> None:
        """Ask when the person has stopped typing."""
        self._pause.start()

    def on_filtered(self, _checked: bool) -> None:
        """Another filter."""
        self.ask()

    def on_sorted_by(self, order: str) -> None:
        """Another order; the same heading again turns it round."""
        self._order = f"-{order}" if self._order == order else order
        self.ask()

    def on_found(self, found: Found) -> None:
        """The list is there."""
        ids = found.ids
        self._model.reset(ids, found.pages, found.rows, key=lambda each: each.id)
        self._total.setText(count(len(ids), self.one, self.many))
        asked = self.asked()
        self._nothing.setText("Rien ne correspond." if self.narrowed(asked) else self.empty)
        self._nothing.setVisible(not ids)
        self._table.setVisible(bool(ids))
        place = self._model.place_of(self._wanted) if self._wanted is not None else -1
        if ids:
            self._table.scrollToTop()  # from there the record comes last in sight: its rows are those that came
            self._table.selectRow(max(0, place))
            self._table.scrollTo(self._table.currentIndex())
        else:
            self._wanted = None
            self.chosen(None)

    def on_page_wanted(self, generation: int, page: int, ids: Sequence[uuid.UUID]) -> None:
        """Somebody looks at rows that are not here yet."""
        self.read(partial(_rows, self.desk, self._source, generation, page, tuple(ids)), self.on_rows)

    def on_rows(self, found: Listed) -> None:
        """Here they are."""
        self._model.set_page(found.generation, found.page, found.rows, key=lambda each: each.id)

    def on_selected(self, _chosen: QItemSelection, _left: QItemSelection) -> None:
        """Another record."""
        rows = self._table.selectionModel().selectedRows()
        if rows:
            wanted = self._model.id_at(rows[0].row())
            if isinstance(wanted, uuid.UUID):
                self._wanted = wanted
                self.chosen(wanted)

    def on_opened(self, record_id: uuid.UUID) -> None:
        """A record is opened on its own page."""
        if self.page_of:
            self.go.emit(Place(self.page_of, record_id))

    def _card(self) -> QFrame:
        card = frame("card")
        inner = column(margins=(1, 1, 1, 1), gap=0)
        inner.addLayout(self.make_head())
        inner.addWidget(rule())
        above = self.make_above()
        if above is not None:
            inner.addWidget(above)
        self._nothing.setContentsMargins(16, 16, 16, 16)
        inner.addWidget(self._nothing)
        inner.addWidget(self._table, 1)
        inner.addStretch()
        card.setLayout(inner)
        return card

    def _head(self) -> QBoxLayout:
        if self.narrow:
            under = Flow()
            for each in (*self._pills.values(), *self.make_inputs(), self._total):
                under.addWidget(each)
            both = column(margins=(12, 8, 12, 8), gap=8)
            line = row(gap=8)
            line.addWidget(self._sign())
            line.addWidget(self._look, 1)
            both.addLayout(line)
            both.addLayout(under)
            return both
        head = row(margins=(12, 8, 16, 8), gap=8)
        self._look.setMaximumWidth(self.context.theme.px(240))
        head.addWidget(self._sign())
        head.addWidget(self._look, 1)
        for each in self._pills.values():
            head.addWidget(each)
        for more in self.make_inputs():
            head.addWidget(more)
        head.addStretch()
        head.addWidget(self._total)
        return head

    def _sign(self) -> QLabel:
        """What names the line one searches in."""
        made = label("")
        made.setPixmap(pixmap("search", self.context.tokens.ink3, self.context.theme.px(16), 2.0))
        made.setAccessibleName("Chercher dans cette liste")
        made.setBuddy(self._look)
        return made

    def _lay_out(self) -> None:
        whole = column(margins=(20, 18, 20, 18), gap=8)
        whole.addWidget(self._problem)
        self.setLayout(whole)
        if self.details is None:
            whole.addWidget(self._card(), 1)
        else:
            # What is put into a splitter is dressed at once: it is in its place before it is filled.
            split = QSplitter(Qt.Orientation.Horizontal)
            whole.addWidget(split, 1)
            split.addWidget(self._card())
            split.addWidget(self.details)
            split.setChildrenCollapsible(False)
            split.setHandleWidth(16)
            for at, share in enumerate(self.shares):
                split.setStretchFactor(at, share)
            split.setSizes(list(self.shares))
