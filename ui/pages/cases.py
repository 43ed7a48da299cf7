# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of cases: views, filters, order and columns as one likes them, and beside it the case that is chosen."""

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import attrs
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLayout, QLineEdit, QMenu, QPushButton, QStackedWidget, QWidget

from hro_desktop.casework import case_filters, cases, views
from hro_desktop.casework.case_filters import Filter, Offer
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.views import Kept, View
from ui import reading
from ui.changes import Changes, touches
from ui.context import Context
from ui.filter_bar import FilterBar
from ui.jobs import Report, Token
from ui.models.paged_table import Column, PagedTableModel
from ui.pages import case_columns
from ui.pages.case_pane import CasePane
from ui.pages.listing import Asked, Found, ListPage, Source
from ui.pages.making import Maker
from ui.pages.new_case import NewCase
from ui.pages.page import Place
from ui.reading import CaseView, ReferralView
from ui.table import ListTable
from ui.view_bar import ViewBar
from ui.widgets import button, column

__all__ = ["CasesPage"]

_LIST: Final = "cases"
_PAUSE: Final = 800
"""Milliseconds after which widths are kept."""
_OPEN: Final = Filter("followed", "open")
_MINE: Final = Filter("charge", case_filters.ME)


@attrs.frozen
class _Known:
    """What the page needs besides the list: filters that name records, who one is, what one kept."""

    offers: tuple[Offer, ...]
    me: uuid.UUID | None
    kept: Kept


def _known(desk: Desk, token: Token, _report: Report) -> _Known:
    token.check()
    with desk.read() as session:
        slot = desk.vault.slot_id
        kept = views.read(session, slot, _LIST)
        return _Known(case_filters.offered(session), case_filters.me(session, slot), kept)


def _keep(desk: Desk, kept: Kept, _token: Token, _report: Report) -> None:
    desk.run(views.save, _LIST, kept)


def _ids(session: Any, asked: Asked, *, slot: str, today: dt.date) -> Sequence[uuid.UUID]:  # noqa: ANN401
    filters: Any = asked.filters["filters"]
    wanted = case_filters.put_together(filters, today, case_filters.me(session, slot) if _MINE in filters else None)
    order, turned = asked.order.removeprefix("-"), asked.order.startswith("-")
    return cases.ids(session, wanted, order=order, descending=turned, today=today)


class CasesPage(ListPage):
    """Enter opens a case on its own page; « Aperçu » shows it beside the list, with what can be made of it."""

    heading = "Dossiers"
    one, many = "dossier", "dossiers"
    empty = (
        "Aucun dossier suivi. Un dossier suit une personne\u00a0: ses accords, les faits, son récit, ses saisines. "
        "«\u00a0+ Dossier\u00a0» en ouvre un\u00a0; «\u00a0Tous\u00a0» montre aussi ceux qui sont clos."
    )
    tables = ("case", "referral", "person", "incident", "reminder", "consent", "contact_note", "departure")
    page_of = "case"
    shares = (720, 420)

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        self._kept: Kept | None = None
        self._unknown = True
        self._me: uuid.UUID | None = None
        self._chosen: tuple[str, ...] = ()
        super().__init__(context, desk, place)
        self._order = views.CASES[0].order
        self.bar.show_filters(views.CASES[0].filters)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_PAUSE)
        self._late.timeout.connect(self.on_late)
        self._maker = Maker(context, desk, self)
        self._maker.go.connect(self.go)
        self._maker.said.connect(self.say)
        self.make_action.hide()
        tip = "Ouvrir un dossier (Ctrl N)"
        self.new_action = self.action("+ Dossier", self.on_new_clicked, name="Nouveau dossier", tip=tip)
        QShortcut(QKeySequence.StandardKey.New, self, self.on_new_clicked)
        find = QShortcut(QKeySequence.StandardKey.Find, self, self.bar.setFocus)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._show_view()
        self._show_beside()

    # ---- its parts

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

    def make_source(self) -> Source:
        """The day is the desk’s: the practice vault lives on its own."""
        slot, today = self.desk.vault.slot_id, self.desk.today
        return Source(
            lambda session, asked: _ids(session, asked, slot=slot, today=today()),
            lambda session, wanted: cases.rows(session, wanted, today()),
        )

    def make_columns(self) -> Sequence[Column[Any]]:
        """Days are counted from the desk’s."""
        return case_columns.columns(self.desk.today)

    def make_table(self, model: PagedTableModel[Any]) -> ListTable:
        """Columns can be widened and chosen."""
        made = ListTable(self.context, model, name="Liste des dossiers", flexible=True)
        made.widened.connect(self.on_widened)
        return made

    def make_details(self) -> QWidget:
        """The case that is chosen, or who a new one is about."""
        self._pane = CasePane(self.context)
        self._pane.referral_chosen.connect(self.on_referral_chosen)
        self._new = NewCase(self.context, self.desk)
        self._new.opened.connect(self.on_opened)
        self._new.given_up.connect(self.on_new_given_up)
        self._side = QStackedWidget()
        self._side.addWidget(self._pane)
        self._side.addWidget(self._new)
        self._side.setMinimumWidth(360)
        return self._side

    def make_look(self) -> QLineEdit:
        """Words and filters are typed in one line; the bar says when they are others."""
        self.bar = FilterBar(self.context, self._typed, self._called)
        self.bar.offer(case_filters.always())
        self.bar.changed.connect(self.on_filters_changed)
        return self.bar.line

    def on_look_edited(self, _text: str) -> None:
        """The bar waits for the person to stop typing."""

    def make_head(self) -> QLayout:
        """Views, then filters, and how the list is shown."""
        self.views = ViewBar(self.context, views.CASES)
        self.views.chosen.connect(self.on_view_chosen)
        self.views.kept.connect(self.on_views_kept)
        self.sort_action = button("Tri", "link", name="Trier la liste")
        self._sorts = self._menu(self.sort_action, self.on_sorts_about_to_show)
        self.columns_action = button("Colonnes", "link", tip="Choisir les colonnes et leurs largeurs")
        self._columns = self._menu(self.columns_action, self.on_columns_about_to_show)
        self.beside_action = button("Aperçu", "link", tip="Montrer à côté le dossier choisi, ou non")
        self.beside_action.setCheckable(True)
        self.beside_action.clicked.connect(self.on_beside_clicked)
        self._total.setBuddy(self._table)
        self.bar.append(self.sort_action, self.columns_action, self.beside_action, self._total)
        head = column(margins=(12, 6, 12, 8), gap=4)
        head.addWidget(self.views)
        head.addWidget(self.bar)
        return head

    @property
    def menus(self) -> tuple[QMenu, QMenu]:
        """Orders, columns."""
        return self._sorts, self._columns

    # ---- what is listed

    def asked(self) -> Asked:
        """What the list is asked for now."""
        return Asked("", {"filters": self.bar.filters}, self._order)

    def narrowed(self, asked: Asked) -> bool:
        """Those that are followed are all one usually wants."""
        filters: Any = asked.filters["filters"]
        return any(each != _OPEN for each in filters)

    def on_known(self, known: _Known) -> None:
        """Filters that name records, and at first what one kept."""
        self._me = known.me
        self.bar.offer(known.offers)
        if self._kept is None:
            self._kept = known.kept
            self._table.set_widths(known.kept.widths)
            self.views.set_own(known.kept.views)
            if known.kept.beside:
                self.show_beside(True)
        self._say_nothing()

    def on_found(self, found: Found) -> None:
        """The list is there; then what its filters may be: two reads at once would take the interpreter in turn."""
        super().on_found(found)
        if self._unknown:
            self._unknown = False
            self.read(partial(_known, self.desk), self.on_known)
        self._say_nothing()

    def on_changed(self, changes: Changes) -> None:
        """Ask again for what is shown, and for what filters may be: whatever changed may have given them a name."""
        self._unknown = True
        super().on_changed(changes)
        if self.isVisible() and any(touches(changes, each) for each in ("case", "referral", "person")):
            self._read_case()

    def on_sorted_by(self, order: str) -> None:
        """Another order; the same one again turns it round."""
        super().on_sorted_by(order)
        self._show_view()

    def on_filters_changed(self) -> None:
        """Other filters."""
        self._show_view()
        self.ask()

    def on_view_chosen(self, view: View) -> None:
        """All as that view has it."""
        self._order, self._chosen = view.order or "-reference", view.columns
        self.bar.show_filters(view.filters)
        self._table.choose(view.columns)
        self._show_view()
        self.ask()

    # ---- what is kept

    def on_views_kept(self, own: tuple[View, ...]) -> None:
        """Views were named, renamed or removed."""
        self._keep(views=own)
        self._write_kept()

    def on_widened(self, widths: dict[str, int]) -> None:
        """Kept when the hand has stopped."""
        self._keep(widths=widths)
        self._late.start()

    def on_late(self) -> None:
        """Keep them now."""
        self._write_kept()

    def leave(self) -> None:
        """Somebody goes elsewhere."""
        super().leave()
        if self._late.isActive():
            self._write_kept()

    def keep_now(self) -> None:
        """The vault is about to close: no job would end."""
        super().keep_now()
        if self._late.isActive() and self._kept is not None:
            self._late.stop()
            self.desk.run(views.save, _LIST, self._kept)

    def _keep(self, **changed: Any) -> None:  # noqa: ANN401 - fields of `Kept`
        self._kept = attrs.evolve(self._kept or Kept(), **changed)

    def _write_kept(self) -> None:
        self._late.stop()
        if self._kept is not None and not self.desk.vault.consultation:
            self.write(partial(_keep, self.desk, self._kept), self.on_written)

    def on_written(self, _nothing: None) -> None:
        """It is kept; nothing shows it."""

    # ---- how it is shown

    def on_sorts_about_to_show(self) -> None:
        """Every order, and its two ways."""
        self._sorts.clear()
        order, turned = self._order.removeprefix("-"), self._order.startswith("-")
        for each in self._model.columns:
            if each.sort:
                self._choice(self._sorts, each.title, each.sort == order, partial(self._sort, each.sort))
        self._sorts.addSeparator()
        self._choice(self._sorts, "Croissant\u00a0↑", not turned, partial(self._sort, order))
        self._choice(self._sorts, "Décroissant\u00a0↓", turned, partial(self._sort, f"-{order}"))

    def on_columns_about_to_show(self) -> None:
        """Every column; and widths, for whoever has no mouse."""
        self._columns.clear()
        shown = self._table.shown
        self._choice(self._columns, "Selon la place", not self._chosen, partial(self._choose, ()))
        self._columns.addSeparator()
        for each in self._model.columns:
            others = tuple(name for name in shown if name != each.key)
            wanted = others if each.key in shown else (*shown, each.key)
            self._choice(self._columns, each.title, each.key in shown, partial(self._choose, wanted))
        self._columns.addSeparator()
        self._columns.addAction("Ajuster les largeurs au contenu", self._table.fit)
        self._columns.addAction("Largeurs d’origine", self.on_widths_reset)

    def on_widths_reset(self) -> None:
        """As they were at first."""
        self._table.set_widths({})
        self._keep(widths={})
        self._write_kept()

    def _sort(self, order: str, _checked: bool = False) -> None:
        self._order = order
        self._show_view()
        self.ask()

    def _choose(self, names: Sequence[str], _checked: bool = False) -> None:
        self._chosen = tuple(names)
        self._table.choose(names)
        self._show_view()

    def _show_view(self) -> None:
        """Which view this is, and how it is sorted."""
        self.views.show_now(View("", self.bar.filters, self._order, self._chosen))
        order, turned = self._order.removeprefix("-"), self._order.startswith("-")
        title = next((each.title for each in self._model.columns if each.sort == order), "")
        self.sort_action.setText(f"Tri\u00a0: {title}\u00a0{'↓' if turned else '↑'}" if title else "Tri")
        way = "décroissant" if turned else "croissant"
        self.sort_action.setAccessibleName(f"Trier la liste\u00a0: par {title}, ordre {way}")

    def _say_nothing(self) -> None:
        """Why « Mes dossiers » is empty, when that is for want of knowing whose access this is."""
        if _MINE in self.bar.filters and self._me is None and self._kept is not None and not self._model.rowCount():
            self._nothing.setText(
                "Le coffre ne sait pas encore qui vous êtes\u00a0: dites dans Réglages, Accès, à qui est cet accès. "
                "Les dossiers que vous suivez seront alors ici."
            )

    def _typed(self, words: str) -> Sequence[Offer]:
        return case_filters.typed(words, self.desk.today())

    def _called(self, wanted: Filter) -> Offer:
        return case_filters.named((wanted,), (), self.desk.today())[0]

    def _menu(self, of: QPushButton, fill: Any) -> QMenu:  # noqa: ANN401 - a method
        menu = QMenu(of)
        menu.aboutToShow.connect(fill)
        of.setMenu(menu)
        return menu

    def _choice(self, menu: QMenu, text: str, checked: bool, done: Any) -> None:  # noqa: ANN401 - a function
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(checked)
        action.triggered.connect(done)

    # ---- beside the list

    def chosen(self, record_id: uuid.UUID | None) -> None:
        """Another case; it is read when somebody looks at it."""
        if record_id is None:
            self._pane.show_nothing()
        else:
            self._read_case()

    def show_beside(self, shown: bool) -> None:
        """Show the case that is chosen beside the list, or not."""
        if self.beside_action.isChecked() != shown:
            self.beside_action.setChecked(shown)
        self._side.setCurrentWidget(self._pane)
        self._show_beside()
        self._read_case()

    def on_beside_clicked(self, shown: bool) -> None:
        """The same, and so from now on."""
        self.show_beside(shown)
        self._keep(beside=shown)
        self._write_kept()

    def on_case(self, view: CaseView | None) -> None:
        """The case was read; another may be wanted by now."""
        if view is None:
            self._pane.show_nothing("Ce dossier n’existe plus.")
        elif view.row.id == self._wanted:
            self._pane.show_case(view)

    def on_referral_chosen(self, referral: ReferralView | None) -> None:
        """What can be made is about this one."""
        self._maker.choose(self._pane.view, referral)

    def on_opened(self, case_id: uuid.UUID) -> None:
        """A case is opened on its own page."""
        self.on_new_given_up()
        super().on_opened(case_id)

    def on_new_clicked(self) -> None:
        """For whom?"""
        self._side.setCurrentWidget(self._new)
        self._side.show()
        self._new.begin()

    def on_new_given_up(self) -> None:
        """Not after all."""
        self._side.setCurrentWidget(self._pane)
        self._show_beside()
        self._table.setFocus()

    def _show_beside(self) -> None:
        beside = self.beside_action.isChecked()
        self.beside_action.setText("Fermer l’aperçu" if beside else "Aperçu")
        self.beside_action.setAccessibleName(self.beside_action.text())
        self._side.setVisible(beside)
        self.new_action.setProperty("role", "" if beside else "main")  # one main action to a page
        self.new_action.style().unpolish(self.new_action)
        self.new_action.style().polish(self.new_action)
        self.buttons = (self.new_action, self.make_action) if beside else (self.new_action,)
        self.titled.emit()

    def _read_case(self) -> None:
        if self._wanted is not None and self.beside_action.isChecked():
            self.read_latest(partial(reading.case_view, self.desk, self._wanted), self.on_case)
