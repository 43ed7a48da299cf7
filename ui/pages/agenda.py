# SPDX-License-Identifier: GPL-3.0-or-later
"""Échéances: day by day, meetings, the four kinds of dates, letters to pass on; each line leads to its place."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

import attrs
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QBoxLayout, QFrame, QPushButton, QSplitter, QWidget

from hro_desktop.casework import agenda, agenda_overview, editing
from hro_desktop.casework.agenda_overview import Agenda, Entry
from hro_desktop.casework.desk import Desk, Result
from ui.changes import Changes
from ui.context import Context
from ui.editor.panel import EditorPanel
from ui.flow import Flow
from ui.jobs import Report, Token
from ui.lines import Line, LineButton, LineList
from ui.pages.agenda_forms import FORMS
from ui.pages.page import Page, Place
from ui.pages.places import place_of
from ui.widgets import Scroller, button, clear, column, frame, label, pill, row, rule
from ui.words import long_day, short_date, soon

__all__ = ["KIND_CHIPS", "AgendaPage", "line_of"]

KIND_CHIPS: Final = {
    "rendez_vous": "violet",
    "perte_preuve": "late",
    "ouverture_droit": "brand",
    "echeance_legale": "warn",
    "rappel_interne": "plain",
    "courrier": "late",
}
"""Chip of each kind; the word on it says which it is."""
_PILLS: Final = {
    "rendez_vous": "Rendez-vous",
    "perte_preuve": "Pertes de preuve",
    "echeance_legale": "Échéances légales",
    "ouverture_droit": "Ouvertures d’un droit",
    "rappel_interne": "Rappels internes",
    "courrier": "Courrier",
}
_REACH: Final = (dt.timedelta(days=60), dt.timedelta(days=366), dt.timedelta(days=3660))
"""How far ahead the page looks: the prescription of a crime runs for years."""
_AT_ONCE: Final = 8
"""Lines made in one turn of the window: a few milliseconds each."""
_TITLES: Final = {"reminder": "Rappel interne", "mail": "Courrier reçu"}


def _days(desk: Desk, kinds: tuple[str, ...], reach: int, token: Token, _report: Report) -> Agenda:
    token.check()
    with desk.read() as session:
        limit = agenda_overview.MOST * (reach + 1)
        return agenda_overview.days(session, desk.today(), kinds=kinds, within=_REACH[reach], limit=limit)


def _holder(desk: Desk, record_id: uuid.UUID, _token: Token, _report: Report) -> str:
    with desk.read() as session:
        return agenda_overview.holder(session, record_id)


def _done(desk: Desk, reminder_id: uuid.UUID, on: dt.date | None, _token: Token, _report: Report) -> Result[None]:
    return desk.run(agenda.done, reminder_id, on)


def line_of(each: Entry, on: dt.date, *, dated: bool) -> Line:
    """One entry as a line; `dated` writes its day at the left, where no heading says it."""
    return Line(
        title=each.title,
        detail=" · ".join(part for part in (each.detail, each.word) if part),
        chip=each.label,
        kind="plain" if each.settled else KIND_CHIPS.get(each.kind, "plain"),
        when=short_date(each.day, on) if dated else "",
        beside=soon(each.day, on) if dated else "",
        tip=each.tip,
        place=place_of(each.table, each.record_id, case=each.case_id),
    )


@attrs.frozen
class _Group:
    """Lines under one name; without one they go on with those above."""

    title: str
    beside: str
    entries: Sequence[Entry]
    dated: bool


def _pieces(title: str, beside: str, entries: Sequence[Entry], *, dated: bool) -> Iterator[_Group]:
    for at in range(0, len(entries), _AT_ONCE):
        yield _Group("" if at else title, beside, entries[at : at + _AT_ONCE], dated)


class AgendaPage(Page):
    """The days, and beside them the reminder or the letter one tells."""

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, "Échéances")
        self._reach = 0
        self._agenda: Agenda | None = None
        self._told: tuple[str, uuid.UUID] | None = None
        self._lists: list[LineList] = []
        self._waiting: list[_Group] = []
        self._held: Place | None = None
        self._feed = QTimer(self)
        self._feed.setSingleShot(True)
        self._feed.setInterval(0)
        self._feed.timeout.connect(self.on_fed)
        self._pills = {kind: pill(text) for kind, text in _PILLS.items()}
        for each in self._pills.values():
            each.toggled.connect(self.on_filtered)
        self._days = column(gap=0)
        self._further = button("Voir plus loin")
        self._further.clicked.connect(self.on_further_clicked)
        self._further.hide()
        self.panel = EditorPanel(context, desk, ground="plain")
        self.panel.told.connect(self.on_told)
        self.panel.closed.connect(self.on_panel_closed)
        self.done = button("C’est fait", tip="Noter que ce rappel est fait aujourd’hui")
        self.done.clicked.connect(self.on_done_clicked)
        self.undone = button("Défaire", "link", name="Défaire\u00a0: ce rappel n’est pas fait")
        self.undone.clicked.connect(self.on_undone_clicked)
        self._undo: uuid.UUID | None = None
        self._make_buttons()
        self._lay_out()
        self._show_side()
        self.setFocusProxy(next(iter(self._pills.values())))

    @property
    def agenda(self) -> Agenda | None:
        """What is shown, once it is read."""
        return self._agenda

    @property
    def pills(self) -> Sequence[QPushButton]:
        """The kinds, in order."""
        return tuple(self._pills.values())

    @property
    def lines(self) -> Sequence[LineButton]:
        """Every line, in the order of the days."""
        return tuple(each for shown in self._lists for each in shown.buttons)

    @property
    def further(self) -> QPushButton:
        """Look further ahead."""
        return self._further

    def start(self) -> None:
        """Ask for the days, and open the record one came for."""
        self._ask()
        wanted = self.place.record
        if wanted is None or (self._told is not None and self._told[1] == wanted):
            return
        if self.place.part in _TITLES:
            self._tell(self.place.part, wanted, editing.KINDS[self.place.part].draft(id=wanted))
        else:
            self.read(partial(_holder, self.desk, wanted), partial(self.on_holder, wanted))

    def on_holder(self, wanted: uuid.UUID, table: str) -> None:
        """Which form tells the record one came for."""
        if table in _TITLES:
            self._tell(table, wanted, None)

    def on_changed(self, _changes: Changes) -> None:
        """Nearly everything has a day."""
        if self.isVisible():
            self._ask()

    def on_filtered(self, _checked: bool) -> None:
        """Other kinds."""
        self._ask()

    def on_further_clicked(self) -> None:
        """Further ahead."""
        self._reach = min(self._reach + 1, len(_REACH) - 1)
        self._ask()

    def on_agenda(self, found: Agenda) -> None:
        """Here are the days."""
        if found == self._agenda:
            return
        self._agenda = found
        self._held = next((each.line.place for each in self.lines if each.hasFocus()), None)
        clear(self._days)
        self._lists = []
        self._waiting = list(self._groups(found))
        self._show_some()
        self._further.setVisible(self._reach < len(_REACH) - 1)
        self._show_side()

    def on_fed(self) -> None:
        """The next lines."""
        self._show_some()

    def on_line_chosen(self, place: Place | None) -> None:
        """Tell it here, or go there."""
        if place is not None and place.page == "agenda" and place.record is not None:
            self._tell(place.part, place.record, None)
        elif place is not None:
            self.go.emit(place)

    def on_meeting_clicked(self) -> None:
        """A new meeting, on its own page."""
        fresh = editing.blank("appointment")
        self.go.emit(Place("meeting", fresh.id, given=fresh))

    def on_reminder_clicked(self) -> None:
        """A new reminder, beside the days."""
        fresh = editing.blank("reminder")
        self._tell("reminder", fresh.id, fresh)

    def on_mail_clicked(self) -> None:
        """A letter that came."""
        fresh = editing.blank("mail", received_on=self.desk.today())
        self._tell("mail", fresh.id, fresh)

    def on_done_clicked(self) -> None:
        """The reminder that is told is done."""
        if self._told is not None:
            self._undo = self._told[1]
            self.panel.close_now()
            self._told = None
            self.write(partial(_done, self.desk, self._undo, self.desk.today()), self.on_written)
            self._show_side()

    def on_undone_clicked(self) -> None:
        """It is not, after all."""
        if self._undo is not None:
            wanted, self._undo = self._undo, None
            self.write(partial(_done, self.desk, wanted, None), self.on_written)
            self._show_side()

    def on_written(self, result: Result[None]) -> None:
        """It is noted: every page learns of it."""
        self.context.news.publish(result.changes)

    def on_panel_closed(self) -> None:
        """Somebody is done with it."""
        self._told = None
        self.marks = ()
        self.titled.emit()
        self._show_side()

    def _ask(self) -> None:
        kinds = tuple(kind for kind, shown in self._pills.items() if shown.isChecked())
        self.read_latest(partial(_days, self.desk, kinds, self._reach), self.on_agenda)

    def _tell(self, noun: str, record_id: uuid.UUID, blank: Any) -> None:  # noqa: ANN401 - a draft
        self._undo = None
        self._told = (noun, record_id)
        self.panel.tell(noun, FORMS[noun], record_id, blank, _TITLES[noun])
        self._show_side()

    def _show_side(self) -> None:
        self._side.setVisible(self._told is not None or self._undo is not None)
        known = self._agenda is not None and self._told is not None
        entries = self._agenda.entries if known and self._agenda is not None else ()
        reminds = self._told is not None and self._told[0] == "reminder"
        waits = any(self._told is not None and each.record_id == self._told[1] for each in entries)
        self.done.setVisible(reminds and waits)
        self._noted.setVisible(self._undo is not None)

    # ---- the days

    def _groups(self, found: Agenda) -> Iterator[_Group]:
        """The days, each under its name; a long one in pieces."""
        before = [each for each in found.entries if each.day < found.on]
        if before:
            yield from _pieces("Avant aujourd’hui", "à faire ou à noter", before, dated=True)
        by_day: dict[dt.date, list[Entry]] = {}
        for each in found.entries:
            if each.day >= found.on:
                by_day.setdefault(each.day, []).append(each)
        for day, entries in by_day.items():
            title = long_day(day, found.on)
            title = f"Aujourd’hui, {title}" if day == found.on else title[:1].upper() + title[1:]
            yield from _pieces(title, soon(day, found.on), entries, dated=False)
        if found.settled:
            yield from _pieces("Fait ces trente derniers jours", "", found.settled, dated=True)

    def _show_some(self) -> None:
        """Some groups now and the others in a moment: lines are widgets, and the window must answer meanwhile."""
        made = 0
        while self._waiting and made < _AT_ONCE:
            group = self._waiting.pop(0)
            self._show_group(group)
            made += len(group.entries)
        if self._waiting:
            self._feed.start()
        elif not self._lists:
            self._days.addWidget(self._empty())

    def _show_group(self, group: _Group) -> None:
        assert self._agenda is not None
        if group.title:
            head = frame("band")
            line = row(margins=(16, 7, 16, 7))
            line.addWidget(label(group.title, "strong", wrap=True), 1)
            line.addWidget(label(group.beside, "hint"))
            head.setLayout(line)
            self._days.addWidget(head)
            self._days.addWidget(rule())
        shown = LineList(self.context, name=group.title or "La suite")
        shown.show_lines([line_of(each, self._agenda.on, dated=group.dated) for each in group.entries])
        shown.chosen.connect(self.on_line_chosen)
        self._lists.append(shown)
        self._days.addWidget(shown)
        self._days.addWidget(rule())
        for each in shown.buttons:
            if self._held is not None and each.line.place == self._held:
                self._held = None
                each.setFocus()

    def _empty(self) -> QWidget:
        filtered = any(each.isChecked() for each in self._pills.values())
        said = (
            "Rien de cette nature n’est attendu."
            if filtered
            else "Rien n’est attendu. Rendez-vous, rappels et courrier se notent avec les boutons du haut\u00a0; "
            "les échéances viennent des faits et des saisines."
        )
        made = label(said, "soft", wrap=True)
        made.setContentsMargins(16, 14, 16, 14)
        return made

    def _make_buttons(self) -> None:
        reminder = self.action(
            "+ Rappel", self.on_reminder_clicked, "", tip="Un rappel interne\u00a0: aucune date légale"
        )
        letter = "Une lettre arrivée à l’adresse de l’association"
        mail = self.action("+ Courrier reçu", self.on_mail_clicked, "", tip=letter)
        with_whom = "Un rendez-vous avec une personne (Ctrl N)"
        meeting = self.action("+ Rendez-vous", self.on_meeting_clicked, keys="Ctrl+N", tip=with_whom)
        self.buttons = (reminder, mail, meeting)

    def _card(self) -> QFrame:
        card = frame("card")
        inner = column(margins=(1, 1, 1, 1), gap=0)
        kinds = Flow()
        for each in self._pills.values():
            kinds.addWidget(each)
        head: QBoxLayout = column(margins=(12, 10, 12, 10))
        head.addLayout(kinds)
        inner.addLayout(head)
        inner.addWidget(rule())
        around = column(gap=0)
        around.addLayout(self._days)
        foot = row(margins=(16, 12, 16, 12))
        foot.addWidget(self._further)
        foot.addStretch()
        around.addLayout(foot)
        around.addStretch()
        inner.addWidget(Scroller(around, name="Les jours"), 1)
        card.setLayout(inner)
        return card

    def _make_side(self) -> QFrame:
        self._noted = QWidget()
        noted = row(gap=8)
        noted.addWidget(label("Rappel noté comme fait.", "soft", wrap=True), 1)
        noted.addWidget(self.undone)
        self._noted.setLayout(noted)
        inner = column(margins=(18, 16, 18, 16), gap=10)
        inner.addWidget(self._noted)
        inner.addWidget(self.panel)
        done = row(margins=(14, 0, 0, 0))
        done.addWidget(self.done)
        done.addStretch()
        inner.addLayout(done)
        inner.addStretch()
        card = frame("card")
        whole = column()
        whole.addWidget(Scroller(inner, name="Le rappel ou le courrier"))
        card.setLayout(whole)
        return card

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self._card())
        self._side = self._make_side()
        split.addWidget(self._side)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(16)
        for at, share in enumerate((660, 400)):
            split.setStretchFactor(at, share)
        split.setSizes([660, 400])
        whole = column(margins=(20, 18, 20, 18), gap=8)
        whole.addWidget(self._problem)
        whole.addWidget(split, 1)
        self.setLayout(whole)
