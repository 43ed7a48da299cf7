# SPDX-License-Identifier: GPL-3.0-or-later
"""« Saisines »: all of them in a list that is narrowed, or on a board by stage."""

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from hro_desktop.casework import referral_overview
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.follow import EventDraft
from hro_desktop.casework.referral_overview import Choices, FollowedRow
from hro_desktop.casework.referrals import PREPARING
from ui import reading
from ui.changes import Changes, touches
from ui.context import Context
from ui.editor.inputs import ChoiceInput
from ui.jobs import Lane
from ui.models.paged_table import Column
from ui.pages.listing import Asked, Filter, ListPage, Source
from ui.pages.page import Page, Place
from ui.pages.referral_board import BoardView, Move
from ui.tabs import Tabs
from ui.widgets import column, label

__all__ = ["ReferralList", "ReferralsPage"]

_TABLES: Final = ("referral", "referral_party", "referral_step", "dispatch", "mail")
_LISTS: Final = (
    ("procedure", "Procédure", "Toute procédure"),
    ("authority", "Autorité", "Toute autorité"),
    ("state", "État", "Tout état"),
)


def _ids(on: dt.date, session: Any, asked: Asked) -> Sequence[uuid.UUID]:  # noqa: ANN401 - theirs alone
    given: dict[str, Any] = dict(asked.filters)
    return referral_overview.ids(session, asked.words, on=on, order=asked.order, **given)


class ReferralList(ListPage):
    """The list; Enter opens one."""

    heading = "Saisines"
    one, many = "saisine", "saisines"
    empty = (
        "Une saisine porte des faits devant un organisme\u00a0: procureur, inspection, Défenseur des droits. "
        "Elle se commence dans un dossier, onglet «\u00a0Saisines\u00a0»."
    )
    columns = (
        Column[FollowedRow]("Référence", lambda each: each.reference, width=112, sort="reference"),
        Column[FollowedRow]("Procédure", lambda each: each.label, strong=True),
        Column[FollowedRow]("Personnes", lambda each: each.people, width=150, room=620, private=True),
        Column[FollowedRow]("Autorité", lambda each: each.authority, width=200, room=1320),
        Column[FollowedRow](
            "Où elle en est",
            lambda each: each.states or "—",
            width=150,
            chip=lambda each: "plain" if each.preparing else "brand",
        ),
        Column[FollowedRow]("Depuis", lambda each: each.since or "—", width=256, room=820, sort="since"),
        Column[FollowedRow](
            "Attend",
            lambda each: ", ".join(each.waiting) or "—",
            width=176,
            room=700,
            chip=lambda each: "warn" if each.waiting else "",
        ),
    )
    filters = (
        Filter("En préparation", "preparing"),
        Filter("Envoyées", "sent"),
        Filter("Preuve à joindre", "proof"),
        Filter("Sans nouvelles", "silent"),
    )
    tables = _TABLES
    page_of = "referral"
    narrow = True

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        self._today = desk.today()
        self.source = Source(partial(_ids, self._today), partial(_rows, self._today))  # type: ignore[misc]
        self._inputs: dict[str, ChoiceInput] = {}
        super().__init__(context, desk, place)

    @property
    def inputs(self) -> dict[str, ChoiceInput]:
        """What the list is narrowed by, besides the pills."""
        return self._inputs

    def make_inputs(self) -> Sequence[QWidget]:
        """Procedure, authority, state."""
        shown: list[QWidget] = []
        for name, title, text in _LISTS:
            made = self._inputs[name] = ChoiceInput([("", text)])
            made.setAccessibleName(title)
            made.setFixedWidth(self.context.theme.px(190))
            made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            made.edited.connect(self.start)
            named = label(title, "label")
            named.setBuddy(made)
            shown += [named, made]
        return shown

    def show_choices(self, found: Choices) -> None:
        """What there is to choose from; what is chosen stays."""
        known = {"procedure": found.procedures, "authority": found.authorities, "state": found.states}
        for name, _title, text in _LISTS:
            made, codes = self._inputs[name], known[name]
            held = made.value()
            made.clear()
            made.addItem(text, "")
            for code, words in codes:
                made.addItem(words[:1].upper() + words[1:], code)
            made.setCurrentIndex(max(0, made.place_of(held)))

    def asked(self) -> Asked:
        """With what is chosen in the lists; the pills together ask for what answers to all."""
        asked = super().asked()
        filters: dict[str, object] = {name: made.value() for name, made in self._inputs.items() if made.value()}
        if asked.filters:
            filters["waiting"] = tuple(asked.filters)
        return Asked(asked.words, filters, asked.order)


def _rows(on: dt.date, session: Any, wanted: Sequence[uuid.UUID]) -> Sequence[FollowedRow]:  # noqa: ANN401
    return referral_overview.rows(session, wanted, on)


class ReferralsPage(Page):
    """List or board."""

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, "Saisines")
        self.tabs = Tabs((("list", "Liste"), ("board", "Tableau")), self)
        self.tabs.chosen.connect(self.on_tab_chosen)
        self.list = ReferralList(context, desk, place)
        self.list.go.connect(self.go)
        self.board = BoardView(context, desk)
        self.board.opened.connect(self.on_opened)
        self.board.move_wanted.connect(self.on_move_wanted)
        self.board.said.connect(self.say)
        self._stack = QStackedWidget()
        for each in (self.list, self.board):
            self._stack.addWidget(each)
        for edged in (self._problem, self.tabs, self.board):
            edged.setContentsMargins(20, 0, 20, 0)
        whole = column(margins=(0, 12, 0, 12), gap=8)
        whole.addWidget(self._problem)
        whole.addWidget(self.tabs)
        whole.addWidget(self._stack, 1)
        self.setLayout(whole)
        self.tabs.show_tab("board" if place.part == "board" else "list")
        self._stack.setCurrentWidget(self.board if place.part == "board" else self.list)
        self.setFocusProxy(self.list if place.part != "board" else self.tabs)

    def start(self) -> None:
        """Ask for what is shown, in the way that is wanted."""
        if self.place.part and self.place.part != self.tabs.present:
            self.tabs.show_tab(self.place.part)
            self._stack.setCurrentWidget(self.board if self.place.part == "board" else self.list)
        work = partial(reading.asked, self.desk, referral_overview.choices, (self.desk.today(),))
        self.context.jobs.start(Lane.READ, work, owner=self, done=self.on_choices, failed=self.on_failed)
        self._ask()

    def on_choices(self, found: Choices) -> None:
        """What the list can be narrowed by, and how many referrals each road has."""
        self.list.show_choices(found)
        self.board.show_counts(found.tracks)

    def on_changed(self, changes: Changes) -> None:
        """Something of a referral changed; the list asks for itself."""
        if self.isVisible() and self.tabs.present == "board" and any(touches(changes, each) for each in _TABLES):
            self.board.ask()

    def on_tab_chosen(self, name: str) -> None:
        """The other way to look at them."""
        self.place = Place("referrals", part=name)
        self._stack.setCurrentWidget(self.board if name == "board" else self.list)
        self._ask()

    def on_opened(self, referral_id: uuid.UUID) -> None:
        """To its page."""
        self.go.emit(Place("referral", referral_id))

    def on_move_wanted(self, move: Move) -> None:
        """A card goes elsewhere because something happened: say what, there where it is noted.

        What was prepared leaves by « Noter l’envoi », which the register keeps.
        """
        if move.card.stage == 0 and move.card.next_state == move.state:
            self.go.emit(Place("referral", move.card.id, "note"))
            return
        whole = len(move.card.party_ids)
        draft = EventDraft(
            referral_id=move.card.id,
            status="" if move.state in PREPARING else move.state,
            party_ids=move.card.party_ids if whole else (),
        )
        self.go.emit(Place("referral", move.card.id, "event", draft))

    def _ask(self) -> None:
        if self.tabs.present == "board":
            self.board.ask()
        else:
            self.list.start()
