# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of cases, and beside it the one that is chosen."""

import uuid
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QPushButton, QSplitter, QStackedWidget, QTableView

from hro_desktop.casework.cases import CaseRow
from hro_desktop.casework.desk import Desk
from ui import reading
from ui.changes import Changes, touches
from ui.context import Context
from ui.models.paged_table import Column, PagedTableModel
from ui.pages.case_pane import CasePane
from ui.pages.making import Maker
from ui.pages.new_case import NewCase
from ui.pages.page import Page, Place
from ui.reading import CaseView, ReferralView, RowsPage
from ui.table import ListTable
from ui.widgets import column, frame, label, row, rule
from ui.words import count, short_day

__all__ = ["CasesPage"]

_COLUMNS = (
    Column[CaseRow]("Dossier", lambda case: case.reference, width=112),
    Column[CaseRow]("Personne", lambda case: case.pseudonym, strong=True),
    Column[CaseRow]("Groupe", lambda case: case.group or "—", width=168, room=600),
    Column[CaseRow]("Ouvert le", lambda case: short_day(case.opened_on) or "—", width=112, room=440),
    Column[CaseRow]("Saisines", lambda case: str(case.referrals), width=88, right=True),
)


class CasesPage(Page):
    """List and detail side by side; the main action makes the documents of the referral that is chosen."""

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, "Dossiers")
        self._context = context
        self._desk = desk
        self._wanted: uuid.UUID | None = None
        self._model: PagedTableModel[CaseRow] = PagedTableModel(_COLUMNS, self)
        self._model.page_wanted.connect(self.on_page_wanted)
        self._table = ListTable(context, self._model, name="Liste des dossiers")
        self._table.selectionModel().selectionChanged.connect(self.on_selected)
        self._table.opened.connect(self.on_opened)
        self._pane = CasePane(context)
        self._pane.referral_chosen.connect(self.on_referral_chosen)
        self._new = NewCase(context, desk)
        self._new.opened.connect(self.on_opened)
        self._new.given_up.connect(self.on_new_given_up)
        self._side = QStackedWidget()
        self._side.addWidget(self._pane)
        self._side.addWidget(self._new)
        self._total = label("", "hint")
        self._maker = Maker(context, desk, self)
        self._maker.go.connect(self.go)
        self._maker.said.connect(self.say)
        tip = "Ouvrir un dossier (Ctrl N)"
        self.new_action = self.action("+ Dossier", self.on_new_clicked, "", name="Nouveau dossier", tip=tip)
        QShortcut(QKeySequence.StandardKey.New, self, self.on_new_clicked)
        self.buttons = (self.new_action, self._maker.action)
        self._lay_out()
        self.setFocusProxy(self._table)

    @property
    def table(self) -> QTableView:
        """The list."""
        return self._table

    @property
    def make_action(self) -> QPushButton:
        """Makes the documents of the referral that is chosen."""
        return self._maker.action

    @property
    def new(self) -> NewCase:
        """Who a new case is about."""
        return self._new

    @property
    def pane(self) -> CasePane:
        """The case that is chosen."""
        return self._pane

    def start(self) -> None:
        """Ask for the list."""
        self.read(partial(reading.case_ids, self._desk), self.on_ids)

    def on_ids(self, ids: Sequence[uuid.UUID]) -> None:
        """The list is there."""
        self._model.reset(ids)
        self._total.setText(count(len(ids), "dossier", "dossiers"))
        place = self._model.place_of(self._wanted) if self._wanted is not None else -1
        if ids:
            self._table.selectRow(max(0, place))
        else:
            self._pane.show_nothing(
                "Un dossier suit une personne\u00a0: ses accords, les faits, son récit, ses saisines. "
                "«\u00a0+ Dossier\u00a0» en ouvre un."
            )

    def on_page_wanted(self, generation: int, page: int, ids: Sequence[uuid.UUID]) -> None:
        """Somebody looks at rows that are not here yet."""
        self.read(partial(reading.case_rows, self._desk, generation, page, tuple(ids)), self.on_rows)

    def on_rows(self, found: RowsPage) -> None:
        """Here they are."""
        self._model.set_page(found.generation, found.page, found.rows, key=lambda case: case.id)

    def on_selected(self, _chosen: QItemSelection, _left: QItemSelection) -> None:
        """Another case."""
        rows = self._table.selectionModel().selectedRows()
        if rows:
            wanted = self._model.id_at(rows[0].row())
            if isinstance(wanted, uuid.UUID):
                self._wanted = wanted
                self._read_case()

    def on_case(self, view: CaseView | None) -> None:
        """The case was read; another may be wanted by now."""
        if view is None:
            self._pane.show_nothing("Ce dossier n’existe plus.")
        elif view.row.id == self._wanted:
            self._pane.show_case(view)

    def on_referral_chosen(self, referral: ReferralView | None) -> None:
        """The main action is about this one."""
        self._maker.choose(self._pane.view, referral)

    def on_opened(self, case_id: uuid.UUID) -> None:
        """A case is opened on its own page."""
        self._side.setCurrentWidget(self._pane)
        self.go.emit(Place("case", case_id))

    def on_new_clicked(self) -> None:
        """For whom?"""
        self._side.setCurrentWidget(self._new)
        self._new.begin()

    def on_new_given_up(self) -> None:
        """Not after all."""
        self._side.setCurrentWidget(self._pane)
        self._table.setFocus()

    def on_changed(self, changes: Changes) -> None:
        """Ask again for what is shown."""
        if touches(changes, "case"):
            self.start()
        elif touches(changes, "referral") or touches(changes, "person"):
            self._model.refresh()
            self._read_case()

    def _read_case(self) -> None:
        if self._wanted is not None:
            self.read(partial(reading.case_view, self._desk, self._wanted), self.on_case)

    def _list_card(self) -> QFrame:
        card = frame("card")
        inner = column(margins=(1, 1, 1, 1), gap=0)
        head = row(margins=(16, 8, 16, 8))
        named = label("Tous les dossiers", "strong")
        named.setBuddy(self._table)
        head.addWidget(named)
        head.addStretch()
        head.addWidget(self._total)
        inner.addLayout(head)
        inner.addWidget(rule())
        inner.addWidget(self._table, 1)
        card.setLayout(inner)
        return card

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self._list_card())
        split.addWidget(self._side)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(16)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 0)
        split.setSizes([680, 440])
        self._side.setMinimumWidth(360)
        whole = column(margins=(20, 18, 20, 18), gap=8)
        whole.addWidget(self._problem)
        whole.addWidget(split, 1)
        self.setLayout(whole)
