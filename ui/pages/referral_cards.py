# SPDX-License-Identifier: GPL-3.0-or-later
"""The referrals of a case, one card each with the state of its documents; one of them is chosen."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QWidget

from ui.context import Context
from ui.icons import icon
from ui.reading import ReferralView
from ui.widgets import Pick, button, chip, clear, column, frame, label, row, rule, states

__all__ = ["ReferralCards"]


class ReferralCards(QWidget):
    """The first one is chosen to begin with; the one chosen before stays chosen while it is there."""

    chosen_changed = Signal(object)
    """A `ReferralView`, or `None` when there is none."""
    opened = Signal(object)
    """A `ReferralView` somebody wants to go on with."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._referrals: Sequence[ReferralView] = ()
        self._chosen: ReferralView | None = None
        self._buttons = QButtonGroup(self)
        self._buttons.idClicked.connect(self.on_clicked)
        self._inner = column(gap=8)
        self.setLayout(self._inner)

    @property
    def chosen(self) -> ReferralView | None:
        """The one that is chosen."""
        return self._chosen

    def show_referrals(self, referrals: Sequence[ReferralView], *, keep: bool = True) -> None:
        """Show these; `keep` the choice when the case is the same."""
        before = self._chosen.reference if self._chosen is not None and keep else ""
        self._referrals = referrals
        clear(self._inner)
        for shown in self._buttons.buttons():
            self._buttons.removeButton(shown)
        if not referrals:
            self._inner.addWidget(label("Aucune saisine dans ce dossier.", "hint", wrap=True))
        place = next((at for at, each in enumerate(referrals) if each.reference == before), 0)
        for at, referral in enumerate(referrals):
            self._inner.addWidget(self._card(at, referral, chosen=at == place))
        self._chosen = referrals[place] if referrals else None
        self.chosen_changed.emit(self._chosen)

    def replace(self, referral: ReferralView) -> None:
        """The same referral with other states."""
        known = [referral if each.reference == referral.reference else each for each in self._referrals]
        if referral in known:
            self.show_referrals(known)

    def on_clicked(self, at: int) -> None:
        """Another one."""
        self._chosen = self._referrals[at]
        self.chosen_changed.emit(self._chosen)

    def _card(self, at: int, referral: ReferralView, *, chosen: bool) -> QFrame:
        card = frame("choice")
        inner = column(margins=(10, 8, 10, 10), gap=6)
        choose = self._choice(referral, chosen=chosen)
        self._buttons.addButton(choose, at)
        inner.addWidget(choose)
        under = row(margins=(4, 0, 0, 0), gap=8)
        under.addWidget(label(f"{referral.reference} · {referral.authority}", "hint", wrap=True), 1)
        under.addWidget(chip(referral.status, "brand"), 0, Qt.AlignmentFlag.AlignTop)
        inner.addLayout(under)
        inner.addWidget(rule())
        if referral.id is not None:
            lead = button("Ouvrir la préparation", "link", name=f"Ouvrir la préparation de {referral.reference}")
            lead.clicked.connect(partial(self._on_opened, referral))
            inner.addWidget(lead, 0, Qt.AlignmentFlag.AlignLeft)
        lines = QWidget()
        lines.setLayout(states(self._context.theme, referral.states))
        self._context.veil.cover(lines)
        inner.addWidget(lines)
        card.setLayout(inner)
        return card

    def _on_opened(self, referral: ReferralView, _checked: bool = False) -> None:
        self.opened.emit(referral)

    def _choice(self, referral: ReferralView, *, chosen: bool) -> Pick:
        choose = Pick(referral.label, name=f"{referral.label}, {referral.reference}, {referral.status}")
        choose.setChecked(chosen)
        if len(self._referrals) > 1:
            tokens, edge = self._context.tokens, self._context.theme.px(16)
            choose.setIcon(icon("radio-off", tokens.ink3, chosen=tokens.brand, chosen_name="radio-on"))
            choose.setIconSize(QSize(edge, edge))
        return choose
