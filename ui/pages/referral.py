# SPDX-License-Identifier: GPL-3.0-or-later
"""One referral on its way: what happened, for whom, with which proof; freezing, sending, what came back."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

import attrs
from PySide6.QtWidgets import QStackedWidget

from hro_desktop.casework import follow_overview
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.follow import EventDraft
from hro_desktop.casework.follow_overview import Followed
from ui.build.in_page import InPage
from ui.changes import Changes
from ui.context import Context
from ui.jobs import Report, Token
from ui.latest import Once
from ui.pages import ROUTES
from ui.pages.page import Page, Place
from ui.pages.referral_follow import FollowPart
from ui.pages.referral_mail import HistoryPart, MailPart
from ui.pages.referral_part import ReferralPart
from ui.pages.referral_sendings import SendingsPart
from ui.tabs import Tabs
from ui.widgets import button, column, label

__all__ = ["ReferralPage"]

_TABS: Final = (("follow", "Suivi"), ("sendings", "Envois"), ("mail", "Courrier"), ("history", "Chronologie"))
_PARTS: Final[Mapping[str, Callable[[Context, Desk, uuid.UUID], ReferralPart]]] = {
    "follow": FollowPart,
    "sendings": SendingsPart,
    "mail": MailPart,
    "history": HistoryPart,
}
_IN: Final = {"freeze": "sendings", "note": "sendings", "copy": "sendings", "online": "sendings", "event": "follow"}
"""What one may come for, and the tab it is in."""
_SAVED: Final = ("enregistré", "nouveau")
_QUIET: Final = frozenset({"kept_draft", "preference", "setting"})


class ReferralPage(Page):
    """Four tabs; everything typed is kept; every event can be undone."""

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, "Saisine")
        assert place.record is not None
        self.referral_id: uuid.UUID = place.record
        self._followed: Followed | None = None
        self._once = Once()
        self._state: Sequence[tuple[str, str]] = ()
        self._wanted = place.part
        self._under = label("", "hint", wrap=True)
        self.tabs = Tabs(_TABS, self)
        self.tabs.chosen.connect(self.on_tab_chosen)
        self._stack = QStackedWidget()
        room = self._stack.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self._stack.setSizePolicy(room)
        self._stack.hide()  # nothing is said of a referral before it is read
        self._parts: dict[str, ReferralPart] = {}
        self.prepare_action = button("Préparer", tip="Personnes, faits, pièces, texte, relecture")
        self.prepare_action.clicked.connect(self.on_prepare_clicked)
        self.main_action = button("Noter un événement", "main")
        self.main_action.clicked.connect(self.on_main_clicked)
        for each in (self.prepare_action, self.main_action):
            each.setParent(self)
        self.prepare_action.hide()
        self.main_action.hide()
        self._choose_buttons()
        whole = column(margins=(20, 12, 12, 12), gap=8)
        whole.addWidget(self._problem)
        whole.addWidget(self._under)
        whole.addWidget(self.tabs)
        whole.addWidget(self._stack, 1)
        self.setLayout(whole)
        self.tabs.show_tab(_IN.get(place.part, place.part if place.part in _PARTS else "follow"))
        self.setFocusProxy(self.tabs)
        if place.part not in _PARTS:  # it was come for once; the tab is what one comes back to
            self.place = attrs.evolve(place, part=self.tabs.present)

    @property
    def followed(self) -> Followed | None:
        """The referral, once it is read."""
        return self._followed

    def part(self, name: str) -> ReferralPart:
        """One tab, made if nobody came to it before."""
        if name not in self._parts:
            made = self._parts[name] = _PARTS[name](self.context, self.desk, self.referral_id)
            made.go.connect(self.go)
            made.said.connect(self.say)
            made.told.connect(self.on_told)
            made.event_wanted.connect(self.on_event_wanted)
            for panel in made.findChildren(InPage):
                panel.toggled.connect(self.on_toggled)
            self._stack.addWidget(made)
            if self._followed is not None:
                made.show_followed(self._followed)
        return self._parts[name]

    def start(self) -> None:
        """Ask for it."""
        self._stack.setCurrentWidget(self.part(self.tabs.present))
        self._ask()

    def on_changed(self, changes: Changes) -> None:
        """Something of it may be other than before."""
        if any(table not in _QUIET for table, _ in changes):
            self._ask()

    def on_followed(self, followed: Followed) -> None:
        """Here it is."""
        self._once.end()
        self._followed = followed
        self._under.setText(f"{followed.reference} · {followed.authority_name}")
        words = " · ".join(dict.fromkeys(each.bar.status for each in followed.parties))
        self._state = ((words, "brand"),) if words else ()
        self.retitle(followed.label, crumb=("Saisines", Place("referrals")), marks=self._state)
        self._show_main(followed)
        self.tabs.set_count("sendings", len(followed.sendings))
        self.tabs.set_count("mail", sum(each.to_pass_on for each in followed.letters))
        for each in self._parts.values():
            each.show_followed(followed)
        self._stack.show()
        wanted, self._wanted = self._wanted, ""
        if wanted in _IN:
            self.show_tab(_IN[wanted], wanted)
        if self._once.again:
            self._ask()

    def on_failed(self, error: Exception) -> None:
        """It could not be read."""
        self._once.give_up()
        super().on_failed(error)

    def on_told(self, word: str, kind: str) -> None:
        """What became of what is typed, beside where the referral stands; what is saved needs no word."""
        self.marks = self._state if word in _SAVED else (*self._state, (word, kind))
        self.titled.emit()

    def on_toggled(self) -> None:
        """A panel has its own main action: while one is open the page has none."""
        before = self.buttons
        self._choose_buttons()
        if self.buttons != before:
            self.titled.emit()

    def show_tab(self, name: str, wanted: str = "") -> None:
        """Go to a tab, for one thing of it maybe; what was typed in the one before is saved when it is hidden."""
        self.tabs.show_tab(name)
        self.place = attrs.evolve(self.place, part=name)
        shown = self.part(name)
        self._stack.setCurrentWidget(shown)
        self.on_toggled()
        if wanted == "event":
            self.on_event_wanted(self.place.given)
        elif wanted:
            shown.come_to(wanted)

    def on_tab_chosen(self, name: str) -> None:
        """Another tab."""
        self.show_tab(name)

    def on_event_wanted(self, draft: EventDraft | None) -> None:
        """Note an event, with what is known of it already."""
        self.show_tab("follow")
        part = self.part("follow")
        assert isinstance(part, FollowPart)
        part.open_event(draft)

    def on_prepare_clicked(self) -> None:
        """To the page on which it is prepared."""
        self.go.emit(Place("build", self.referral_id))

    def on_main_clicked(self) -> None:
        """What comes next."""
        if self._followed is None or self._followed.sent:
            self.on_event_wanted(None)
        else:
            self.show_tab("sendings", "note" if self._followed.versions and not self._followed.stale else "freeze")

    def _choose_buttons(self) -> None:
        shown = self._parts.get(self.tabs.present)
        held = shown is not None and any(not each.isHidden() for each in shown.findChildren(InPage))
        known = (self.prepare_action,) if "build" in ROUTES else ()
        self.buttons = known if held else (*known, self.main_action)

    def _show_main(self, followed: Followed) -> None:
        if followed.sent:
            words = "Noter un événement"
        elif followed.versions and not followed.stale:
            words = "Noter l’envoi"
        else:
            words = "Figer cette version"
        self.main_action.setText(words)
        self.main_action.setAccessibleName(words)

    def _ask(self) -> None:
        """Ask for it; asked again meanwhile, only once more."""
        if self._once.begin():
            work = partial(_followed, self.desk, self.referral_id)
            self.read(work, self.on_followed)


def _followed(desk: Desk, referral_id: uuid.UUID, token: Token, _report: Report) -> Followed:
    token.check()
    with desk.read() as session:
        return follow_overview.view(session, desk, referral_id)
