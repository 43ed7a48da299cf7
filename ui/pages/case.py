# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of one case: who it is about, how agreements stand, and its tabs."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import attrs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from hro_desktop.casework import case_overview
from hro_desktop.casework.case_overview import Head
from hro_desktop.casework.desk import Desk
from ui import reading
from ui.changes import Changes, touches
from ui.context import Context
from ui.flow import Flow
from ui.pages.case_documents import DocumentsPart
from ui.pages.case_identity import IdentityPart
from ui.pages.case_journal import JournalPart
from ui.pages.case_lists import EvidencePart, IncidentsPart, StatementsPart
from ui.pages.case_part import CasePart
from ui.pages.case_referrals import ReferralsPart
from ui.pages.case_summary import SummaryPart
from ui.pages.page import Page, Place
from ui.tabs import Tabs
from ui.widgets import chip, clear, column, frame, label, row

__all__ = ["CasePage"]

_PARTS: Final[Mapping[str, tuple[str, Callable[..., CasePart]]]] = {
    "summary": ("Synthèse", SummaryPart),
    "identity": ("Identité et accords", IdentityPart),
    "incidents": ("Faits", IncidentsPart),
    "statements": ("Récits", StatementsPart),
    "evidence": ("Pièces", EvidencePart),
    "referrals": ("Saisines", ReferralsPart),
    "documents": ("Documents", DocumentsPart),
    "journal": ("Journal", JournalPart),
}
_HEAD: Final = (
    "person",
    "case",
    "case_group",
    "consent",
    "incident",
    "involvement",
    "statement",
    "evidence",
    "referral",
    "document",
    "contact_note",
)
"""Tables whose changes make the header another one."""


class CasePage(Page):
    """One case. Its tabs are made when somebody first comes to them, and keep what is typed in them."""

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, "Dossier")
        assert place.record is not None
        self.case_id = place.record
        self.crumb = ("Dossiers", Place("cases"))
        self._head: Head | None = None
        self._made: dict[str, CasePart] = {}
        self.tabs = Tabs([(name, text) for name, (text, _) in _PARTS.items()], self)
        self.tabs.chosen.connect(self.on_tab_chosen)
        self._stack = QStackedWidget()
        self._header = self._make_header()
        whole = column(margins=(20, 16, 20, 16), gap=10)
        whole.addWidget(self._problem)
        whole.addWidget(self._header)
        whole.addWidget(self.tabs)
        whole.addWidget(self._stack, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.tabs)
        self._header.hide()

    @property
    def head(self) -> Head | None:
        """What the header says, once it is read."""
        return self._head

    def part(self, name: str) -> CasePart:
        """One tab, made if nobody came to it before."""
        if name not in self._made:
            made = _PARTS[name][1](self.context, self.desk, self.case_id)
            made.go.connect(self.on_part_go)
            made.said.connect(self.say)
            made.told.connect(self.on_told)
            made.acted.connect(self.on_acted)
            self._made[name] = made
            self._stack.addWidget(made)
        return self._made[name]

    @property
    def present(self) -> CasePart:
        """The tab that is shown."""
        return self.part(self.tabs.present)

    def start(self) -> None:
        """Ask who it is about, and show the tab that is wanted."""
        wanted = self.place.part if self.place.part in _PARTS else "summary"
        self.tabs.show_tab(wanted)
        self._show_part()
        self._ask()

    def on_changed(self, changes: Changes) -> None:
        """Ask again for what is shown."""
        if any(touches(changes, table) for table in _HEAD):
            self._ask()
        for each in self._made.values():
            if each.isVisible():
                each.on_changed(changes)

    def on_head(self, found: Head) -> None:
        """Here it is."""
        first = self._head is None
        self._head = found
        self._show_head(found)
        who = found.who
        self.retitle(who.pseudonym, crumb=self.crumb, marks=self.marks)
        for name in ("incidents", "statements", "evidence", "referrals", "documents"):
            self.tabs.set_count(name, found.counts[name])
        if first:
            self.present.start(found)

    def on_tab_chosen(self, name: str) -> None:
        """Another tab; what was typed in the one before is saved when it is hidden."""
        self.place = attrs.evolve(self.place, part=name)
        self.marks = ()
        self._show_part()
        if self._head is not None:
            self.present.start(self._head)

    def on_part_go(self, place: Place) -> None:
        """To another tab of this case, or elsewhere."""
        if place.page == self.place.page and place.record == self.case_id and place.part in _PARTS:
            self.tabs.show_tab(place.part)
            self.on_tab_chosen(place.part)
        else:
            self.go.emit(place)

    def on_acted(self) -> None:
        """The tab has other actions."""
        self.buttons = self.present.buttons
        self.titled.emit()

    def _ask(self) -> None:
        known = (self.case_id, self.desk.today())
        self.read_latest(partial(reading.asked, self.desk, case_overview.head, known), self.on_head)

    def _show_part(self) -> None:
        self._stack.setCurrentWidget(self.present)
        self.say("")
        self.on_acted()

    def _make_header(self) -> QFrame:
        made = frame("card")
        line = row(margins=(16, 12, 16, 12), gap=14)
        self._round = label("", "round")
        self._round.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.context.veil.cover(self._round)
        line.addWidget(self._round, 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap=2)
        self._names = Flow(8)
        names = QWidget()
        names.setLayout(self._names)
        words.addWidget(names)
        self._lines = [label("", role, wrap=True) for role in ("soft", "hint")]
        for each in self._lines:
            self.context.veil.cover(each)
            words.addWidget(each)
        self._chips = Flow(6)
        chips = QWidget()
        chips.setLayout(self._chips)
        words.addWidget(chips)
        line.addLayout(words, 1)
        made.setLayout(line)
        return made

    def _show_head(self, head: Head) -> None:
        who = head.who
        self._round.setText(who.initials or "?")
        clear(self._names)
        self._names.addWidget(label(who.pseudonym, "title"))
        if who.name:
            name = label(who.name, "soft")
            self.context.veil.cover(name)
            self._names.addWidget(name)
        group = f" · {head.group}" if head.group else ""
        self._names.addWidget(label(f"dossier {head.reference}{group}", "hint"))
        said = [who.born, who.nationality, who.languages]
        self._lines[0].setText(" · ".join(part for part in said if part))
        self._lines[1].setText(" · ".join(who.reach))
        clear(self._chips)
        agreed = " · ".join(f"{each.label} {each.word}" for each in head.agreements)
        self._chips.addWidget(chip(f"Accords\u00a0: {agreed}", _agreed(head)))
        if who.minor:
            self._chips.addWidget(chip(who.minor[:1].upper() + who.minor[1:], "warn"))
        self._chips.addWidget(chip(head.follow_up, "plain" if head.closed else "brand"))
        self._header.show()


def _agreed(head: Head) -> str:
    """The chip of the agreements: the words say each; a refusal is an answer, a withdrawal presses."""
    if any(each.withdrawn for each in head.agreements):
        return "late"
    return "ok" if any(each.kind == "ok" for each in head.agreements) else "warn"
