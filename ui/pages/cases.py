# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of cases, and beside it the one that is chosen."""

import uuid
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtWidgets import (
    QFrame,
    QSplitter,
    QTableView,
)

from hro_desktop.casework.cases import CaseRow
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Pack
from ui import reading
from ui.changes import Changes, touches
from ui.context import Context
from ui.jobs import Job, Lane
from ui.messages import sentence_of
from ui.models.paged_table import Column, PagedTableModel
from ui.pages.case_pane import CasePane
from ui.pages.page import Page, Place
from ui.reading import CaseView, ReferralView, RowsPage
from ui.table import ListTable
from ui.widgets import button, column, frame, label, row, rule
from ui.words import count, short_day

__all__ = ["CasesPage"]

_COLUMNS = (
    Column[CaseRow]("Dossier", lambda case: case.reference, width=112),
    Column[CaseRow]("Personne", lambda case: case.pseudonym, strong=True),
    Column[CaseRow]("Groupe", lambda case: case.group or "—", width=168, room=600),
    Column[CaseRow]("Ouvert le", lambda case: short_day(case.opened_on) or "—", width=112, room=440),
    Column[CaseRow]("Saisines", lambda case: str(case.referrals), width=88, right=True),
)
_MAKE, _DRAFT = "Préparer les documents", "Préparer un brouillon"


class CasesPage(Page):
    """List and detail side by side; the main action makes the documents of the referral that is chosen."""

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, "Dossiers")
        self._context = context
        self._desk = desk
        self._wanted: uuid.UUID | None = None
        self._making: Job | None = None
        self._made_for: tuple[CaseView, ReferralView] | None = None
        self._model: PagedTableModel[CaseRow] = PagedTableModel(_COLUMNS, self)
        self._model.page_wanted.connect(self.on_page_wanted)
        self._table = ListTable(context, self._model, name="Liste des dossiers")
        self._table.selectionModel().selectionChanged.connect(self.on_selected)
        self._pane = CasePane(context)
        self._pane.referral_chosen.connect(self.on_referral_chosen)
        self._total = label("", "hint")
        self.make_action = button(_MAKE, "main")
        self.make_action.setParent(self)
        self.make_action.clicked.connect(self.make)
        self.buttons = (self.make_action,)
        self._lay_out()
        self.setFocusProxy(self._table)
        self.on_referral_chosen(None)

    @property
    def table(self) -> QTableView:
        """The list."""
        return self._table

    @property
    def pane(self) -> CasePane:
        """The case that is chosen."""
        return self._pane

    def start(self) -> None:
        """Ask for the list."""
        self.read(partial(reading.case_ids, self._desk), self.on_ids)

    def make(self) -> None:
        """Make the documents of the referral that is chosen."""
        view, referral = self._pane.view, self._pane.referral
        if view is None or referral is None or self._making is not None:
            return
        self._made_for = (view, referral)
        self.say("")
        self._making = self._context.jobs.start(
            Lane.DOCUMENT,
            partial(reading.make_pack, self._desk, view.row.reference, referral.procedure, referral.blocked),
            owner=self,
            done=self.on_made,
            failed=self.on_make_failed,
            cancelled=self.on_make_cancelled,
            title="Préparation des documents",
        )
        self._show_making()

    def on_ids(self, ids: Sequence[uuid.UUID]) -> None:
        """The list is there."""
        self._model.reset(ids)
        self._total.setText(count(len(ids), "dossier", "dossiers"))
        place = self._model.place_of(self._wanted) if self._wanted is not None else -1
        if ids:
            self._table.selectRow(max(0, place))
        else:
            self._pane.show_nothing(
                "Ce coffre ne contient encore aucun dossier. La commande «\u00a0hro-desktop import\u00a0» en dépose un."
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
        self._show_making()
        if referral is None:
            self.make_action.setToolTip("Choisissez d’abord un dossier qui a une saisine")
        elif referral.blocked:
            self.make_action.setToolTip("Ce qui bloque est dit à droite\u00a0: seul un brouillon peut être préparé")
        else:
            self.make_action.setToolTip(f"{referral.label}, {referral.reference}")

    def on_made(self, pack: Pack) -> None:
        """The documents are ready."""
        self._making = None
        self._show_making()
        if self._made_for is not None:
            view, referral = self._made_for
            self.go.emit(Place("pack", given=(pack, view, referral)))

    def on_make_failed(self, error: Exception) -> None:
        """They could not be made; nothing was kept."""
        self._making = None
        self._show_making()
        self.say(sentence_of(error))

    def on_make_cancelled(self, _job: Job) -> None:
        """Somebody thought better of it."""
        self._making = None
        self._show_making()

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

    def _show_making(self) -> None:
        referral = self._pane.referral
        self.make_action.setEnabled(referral is not None and self._making is None)
        self.make_action.setText(_DRAFT if referral is not None and referral.blocked else _MAKE)

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
        split.addWidget(self._pane)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(16)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 0)
        split.setSizes([680, 440])
        self._pane.setMinimumWidth(360)
        whole = column(margins=(20, 18, 20, 18), gap=8)
        whole.addWidget(self._problem)
        whole.addWidget(split, 1)
        self.setLayout(whole)
