# SPDX-License-Identifier: GPL-3.0-or-later
"""A referral being prepared: its five parts in any order, its schedule, and its paper beside them."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import attrs
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from hro_desktop.casework import builder
from hro_desktop.casework.builder import PARTS, Build, Todo
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.fields import PARIS
from ui.build.actions import ACTIONS, Action
from ui.build.exhibits import ExhibitsPanel
from ui.build.facts import FactsPanel
from ui.build.live_page import LivePage
from ui.build.panel import Panel, Undo
from ui.build.people import PeoplePanel
from ui.build.reading import ReadingPanel
from ui.build.schedule import Schedule
from ui.build.steps import Steps
from ui.build.text import TextPanel
from ui.build.todos import Todos
from ui.build.undo import UndoLine
from ui.changes import Changes
from ui.context import Context
from ui.flow import Flow
from ui.jobs import Report, Token
from ui.latest import Once
from ui.pages.page import Page, Place
from ui.tabs import Tabs
from ui.widgets import Scroller, button, chip, clear, column, frame, into_sight, label, row
from ui.words import count, short_day

__all__ = ["BuildPage"]

_PANELS: Final[Mapping[str, Callable[[Context, Desk, uuid.UUID], Panel]]] = {
    "people": PeoplePanel,
    "facts": FactsPanel,
    "exhibits": ExhibitsPanel,
    "text": TextPanel,
    "reading": ReadingPanel,
}
_TITLES: Final[Mapping[str, str]] = {str(code): title for code, title in PARTS.items()} | {"text": "Texte et rubriques"}
_ROOM: Final = 1180
"""Width in pixels at 100 % under which the paper is a tab."""
_SIDE: Final = 236
_SAVED: Final = ("enregistré", "nouveau")
_QUIET: Final = frozenset({"kept_draft", "preference", "departure", "mail", "reminder", "appointment"})
"""Tables whose changes say nothing of a referral."""


def _view(desk: Desk, referral_id: uuid.UUID, token: Token, _report: Report) -> Build:
    token.check()
    with desk.read() as session:
        return builder.view(session, desk, referral_id)


class BuildPage(Page):
    """Nothing is in a fixed order and nothing is a percentage: each part says what it holds and what it waits for."""

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, "Saisine")
        assert place.record is not None
        self.referral_id: uuid.UUID = place.record
        self._build: Build | None = None
        self._once = Once()
        self._wanted: Todo | None = None
        self._panels: dict[str, Panel] = {}
        self._heading = Flow(8)
        self.steps = Steps(context)
        self.steps.chosen.connect(self.on_part_chosen)
        self.schedule = Schedule(context)
        self.schedule.moved.connect(self.on_moved)
        self.schedule.opened.connect(self.on_exhibit_opened)
        self.schedule.removed.connect(self.on_exhibit_removed)
        self.todos = Todos(context)
        self.todos.chosen.connect(self.on_todo_chosen)
        self.undo = UndoLine(context)
        self.undo.failed.connect(self.say)
        self.paper = LivePage(context, desk)
        self.tabs = Tabs([("fill", "Saisie"), ("paper", "Aperçu")], self)
        self.tabs.show_tab("fill")
        self.tabs.chosen.connect(self.on_tab_chosen)
        self.actions_: tuple[Action, ...] = tuple(make(context, desk, self) for make in ACTIONS)
        self._close = button("Fermer", tip="Revenir au dossier (Échap)\u00a0; tout reste enregistré")
        self._close.setParent(self)
        self._close.clicked.connect(self.on_close_clicked)
        self.buttons = (self._close,)
        self._make_frames()
        self._lay_out()
        for number, code in enumerate(PARTS, start=1):
            shortcut = QShortcut(QKeySequence(f"Alt+{number}"), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.show_part, code, focus=True))
        self.setFocusProxy(self.steps)
        self.steps.show_present(place.part if place.part in PARTS else "people")

    @property
    def build(self) -> Build | None:
        """The referral, once it is read."""
        return self._build

    def panel(self, code: str) -> Panel:
        """One part, made if nobody came to it before."""
        if code not in self._panels:
            made = self._panels[code] = _PANELS[code](self.context, self.desk, self.referral_id)
            made.go.connect(self.go)
            made.said.connect(self.say)
            made.told.connect(self.on_told)
            made.undoable.connect(self.on_undoable)
            if isinstance(made, TextPanel):
                made.typed.connect(self.paper.type_account)
                made.rubrics.looked.connect(self.paper.show_place)
                made.wanted.connect(self.on_field_wanted)
            self._middle.insertWidget(self._middle.count() - 1, made)
            made.hide()
        return self._panels[code]

    def start(self) -> None:
        """Ask for it, and show the part that is wanted."""
        self._ask()
        self.paper.open(("referral", self.referral_id))
        self.show_part(self.place.part if self.place.part in PARTS else self.steps.present)

    def on_changed(self, changes: Changes) -> None:
        """Something of it may be other than before, here or in another page."""
        if any(table not in _QUIET for table, _ in changes):
            self._ask()

    def on_build(self, build: Build) -> None:
        """Here it is."""
        self._once.end()
        first, self._build = self._build is None, build
        self._show_title(build)
        self.steps.show_parts(build.parts)
        self.schedule.show_exhibits(build.exhibits)
        self._no_exhibit.setVisible(not build.exhibits)
        self._add.show()
        self.todos.show()
        place = attrs.evolve(self.place, part=self.steps.present)
        for action in self.actions_:
            action.show_build(build, place)
        self._show_present()
        text = self._panels.get("text")
        if isinstance(text, TextPanel) and text.editor.dirty:
            self.paper.type_account(text.account.value())
        elif not first:
            self.paper.refresh()
        if self._once.again:
            self._ask()

    def on_failed(self, error: Exception) -> None:
        """It could not be read."""
        self._once.give_up()
        super().on_failed(error)

    def on_told(self, word: str, kind: str) -> None:
        """What became of what is typed; what is saved is said with its hour."""
        if word not in _SAVED:
            super().on_told(word, kind)
        elif self._build is not None:
            self._show_title(self._build)

    def show_part(self, code: str, *, focus: bool = False) -> None:
        """Show one part; what was typed in the one before is saved when it is hidden."""
        before = self._panels.get(self.steps.present)
        if before is not None and before is not self._panels.get(code):
            before.leave()
        self.steps.show_present(code)
        if self.place.part != code:
            self._fill.verticalScrollBar().setValue(0)
        self.place = attrs.evolve(self.place, part=code)
        for action in self.actions_:
            action.place = self.place
        if self._narrow() and self.tabs.present != "fill":
            self.tabs.show_tab("fill")
            self._show_sides()
        self._show_present()
        if focus:
            self.steps.step(code).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def on_part_chosen(self, code: str) -> None:
        """Somebody goes to a part."""
        self.show_part(code)

    def on_tab_chosen(self, _name: str) -> None:
        """The form, or the paper."""
        self._show_sides()

    def on_todo_chosen(self, todo: Todo) -> None:
        """Go where it is dealt with."""
        self.show_part(todo.part)
        panel = self.panel(todo.part)
        panel.focus_on(todo.subject)
        held = panel.focusWidget()
        if held is not None:
            into_sight(held)

    def on_field_wanted(self, noun: str, attribute: str) -> None:
        """A field of the referral that another part holds."""
        if noun == "referral_against":
            self.show_part("people")
            people = self.panel("people")
            assert isinstance(people, PeoplePanel)
            people.against.focus(attribute)

    def on_moved(self, evidence_id: uuid.UUID, to: int) -> None:
        """An exhibit goes elsewhere: every number follows."""
        self._exhibits().arrange(evidence_id, to)

    def on_exhibit_opened(self, evidence_id: uuid.UUID) -> None:
        """Show what is known of an exhibit."""
        self.show_part("exhibits")
        self._exhibits().open(evidence_id)

    def on_exhibit_removed(self, evidence_id: uuid.UUID) -> None:
        """Take one out."""
        self._exhibits().remove(evidence_id)

    def on_add_clicked(self) -> None:
        """Where exhibits are added."""
        self.show_part("exhibits")
        self._exhibits().adder.setFocus()

    def on_undoable(self, undo: Undo) -> None:
        """Something was done that can be taken back."""
        self.undo.offer(undo)

    def on_panel_shown(self, panel: Panel) -> None:
        """An action opens a panel of its own, above the part that is shown."""
        if panel.parent() is None:
            panel.go.connect(self.go)
            panel.said.connect(self.say)
            panel.undoable.connect(self.on_undoable)
            self._middle.insertWidget(2, panel)
        if self._narrow() and self.tabs.present != "fill":
            self.tabs.show_tab("fill")
            self._show_sides()
        self._fill.verticalScrollBar().setValue(0)

    def on_close_clicked(self) -> None:
        """Back to the case."""
        self.go.emit(self.crumb[1] if self.crumb is not None else Place("cases"))

    def leave(self) -> None:
        """Somebody goes elsewhere."""
        for each in self._panels.values():
            each.leave()
        super().leave()

    def keep_now(self) -> None:
        """The vault is about to close."""
        for each in self._panels.values():
            each.keep_now()
        super().keep_now()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """The paper beside the form where there is room, in its place where there is not."""
        super().resizeEvent(event)
        self._show_sides()

    def _exhibits(self) -> ExhibitsPanel:
        made = self.panel("exhibits")
        assert isinstance(made, ExhibitsPanel)
        return made

    def _ask(self) -> None:
        """Ask for it; asked again meanwhile, only once more."""
        if self._once.begin():
            self.read(partial(_view, self.desk, self.referral_id), self.on_build)

    def _narrow(self) -> bool:
        return self.width() < self.context.theme.px(_ROOM)

    def _show_sides(self) -> None:
        narrow = self._narrow()
        self.tabs.setVisible(narrow)
        paper = self.tabs.present == "paper"
        self._fill.setVisible(not narrow or not paper)
        self._desk.setVisible(not narrow or paper)

    def _show_present(self) -> None:
        code = self.steps.present
        shown = self.panel(code)
        for each in self._panels.values():
            if each is not shown:
                each.hide()
        if self._build is not None:
            shown.show_build(self._build)
            self.todos.show_build(self._build, code)
            self._show_heading(self._build, code)
        shown.setVisible(self._build is not None)

    def _show_title(self, build: Build) -> None:
        first = build.parties[0] if build.parties else None
        more = len(build.parties) - 1
        who = first.initials if first is not None else build.reference
        crumb = f"{who} et {count(more, 'autre', 'autres')}" if more > 0 else who
        back = Place("case", first.case_id, "referrals") if first is not None else Place("cases")
        self.retitle(build.label, crumb=(crumb, back), marks=(_saved(build, self.desk.today()),))

    def _show_heading(self, build: Build, code: str) -> None:
        clear(self._heading)
        self._heading.addWidget(label(_TITLES[code], "heading"))
        waiting = sum(each.part == code and each.level in ("block", "wait") for each in build.todos)
        if waiting:
            self._heading.addWidget(chip(count(waiting, "attend", "attendent"), "warn"))
        if code == "text":
            known = [each for part in build.sections for each in part.rubrics if each.text]
            taken = sum(bool(each.origin.noun) and not each.mine for each in known)
            self._heading.addWidget(chip(f"{count(taken, 'venu', 'venus')} du dossier", "ok"))
            mine = sum(each.mine for each in known)
            if mine:
                self._heading.addWidget(chip(f"{mine} pour ce document seulement", "violet"))
        elif code == "exhibits":
            self._heading.addWidget(chip(count(len(build.exhibits), "pièce", "pièces")))

    def _make_frames(self) -> None:
        self._middle = column(margins=(20, 16, 20, 20), gap=12)
        heading = QWidget()
        heading.setLayout(self._heading)
        for each in (self._problem, self.undo, heading, self.todos):
            self._middle.addWidget(each)
        self._middle.addStretch(1)
        self._no_exhibit = label("Aucune pièce jointe", "hint", wrap=True)
        self._no_exhibit.setContentsMargins(8, 0, 0, 0)
        self._add = button("Ajouter une pièce…", "link")
        self._add.clicked.connect(self.on_add_clicked)
        for early in (self.todos, self.schedule, self._no_exhibit, self._add):  # until it is read
            early.hide()

    def _side(self) -> QFrame:
        made = frame("steps")
        made.setFixedWidth(self.context.theme.px(_SIDE))
        inner = column(margins=(8, 14, 8, 14), gap=6)
        inner.addWidget(self.steps)
        inner.addSpacing(10)
        said: QLabel = label("Bordereau — glisser pour réordonner, ou Alt et une flèche", "hint", wrap=True)
        said.setBuddy(self.schedule)
        said.setContentsMargins(8, 0, 0, 0)
        inner.addWidget(said)
        inner.addWidget(self._no_exhibit)
        inner.addWidget(self.schedule)
        inner.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addStretch(1)
        around = column()
        around.addWidget(Scroller(inner, name="Parties et bordereau"))
        made.setLayout(around)
        return made

    def _lay_out(self) -> None:
        self._fill = Scroller(self._middle, name="Saisie")
        self._desk = frame("desk")
        under = Flow(8)
        for action in self.actions_:
            action.go.connect(self.go)
            action.said.connect(self.say)
            action.shown.connect(self.on_panel_shown)
            under.addWidget(action.button)
        acts = QWidget()
        acts.setLayout(under)
        acts.setContentsMargins(24, 0, 24, 12)
        inner = column(gap=4)
        inner.addWidget(self.paper, 1)
        inner.addWidget(acts)
        self._desk.setLayout(inner)
        for each in (self._fill, self._desk):
            each.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        right = column(gap=0)
        self.tabs.setContentsMargins(20, 6, 20, 0)
        right.addWidget(self.tabs)
        both = row(gap=0)
        both.addWidget(self._fill, 47)
        both.addWidget(self._desk, 50)
        right.addLayout(both, 1)
        whole = row(gap=0)
        whole.addWidget(self._side())
        whole.addLayout(right, 1)
        self.setLayout(whole)


def _saved(build: Build, today: dt.date) -> tuple[str, str]:
    """When something of it was last written, or where it is once something was sent."""
    sent = next((each.status for each in build.parties if each.fixed), "")
    if sent:
        return sent[:1].upper() + sent[1:], "brand"
    at = build.saved_at.astimezone(PARIS)
    when = f"à {at:%H:%M}" if at.date() == today else f"le {short_day(at.date().isoformat())}"
    return f"Brouillon enregistré {when}", "warn"
