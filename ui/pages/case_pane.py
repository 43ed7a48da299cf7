# SPDX-License-Identifier: GPL-3.0-or-later
"""The case one has chosen in the list: who, what can leave, what it holds."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QVBoxLayout

from ui.context import Context
from ui.icons import icon
from ui.reading import CaseView, ReferralView
from ui.widgets import Pick, Scroller, chip, clear, column, frame, label, row, rule, states
from ui.words import short_day

__all__ = ["CasePane"]


class CasePane(QFrame):
    """Shows a case; one of its referrals is chosen, the first to begin with."""

    referral_chosen = Signal(object)
    """A `ReferralView`, or `None` when the case has none."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("card")
        self._context = context
        self._view: CaseView | None = None
        self._chosen: ReferralView | None = None
        self._several = False
        self._buttons = QButtonGroup(self)
        self._buttons.idClicked.connect(self.on_referral_clicked)
        self._inner = column(margins=(20, 18, 20, 18), gap=8)
        whole = column()
        whole.addWidget(Scroller(self._inner, name="Le dossier choisi"))
        self.setLayout(whole)
        self.show_nothing()

    @property
    def view(self) -> CaseView | None:
        """The case that is shown."""
        return self._view

    @property
    def referral(self) -> ReferralView | None:
        """The referral that is chosen."""
        return self._chosen

    def show_nothing(self, sentence: str = "Choisissez un dossier dans la liste pour voir ce qu’il contient.") -> None:
        """No case is chosen, or it is not read yet."""
        self._view, self._chosen = None, None
        clear(self._inner)
        self._inner.addWidget(label(sentence, "soft", wrap=True))
        self._inner.addStretch()
        self.referral_chosen.emit(None)

    def show_case(self, view: CaseView) -> None:
        """Show a case; the referral chosen before stays chosen if it is the same case."""
        before = self._chosen.reference if self._chosen is not None else ""
        self._view = view
        clear(self._inner)
        for shown in self._buttons.buttons():
            self._buttons.removeButton(shown)
        self._inner.addLayout(self._heading(view))
        self._inner.addSpacing(4)
        self._inner.addWidget(label("Saisines", "heading"))
        if not view.referrals:
            self._inner.addWidget(label("Aucune saisine dans ce dossier.", "hint", wrap=True))
        self._several = len(view.referrals) > 1
        place = next((at for at, each in enumerate(view.referrals) if each.reference == before), 0)
        for at, referral in enumerate(view.referrals):
            self._inner.addWidget(self._card(at, referral, chosen=at == place))
        for title, lines in view.sections:
            self._inner.addLayout(self._section(title, lines))
        self._inner.addStretch()
        self._chosen = view.referrals[place] if view.referrals else None
        self.referral_chosen.emit(self._chosen)

    def on_referral_clicked(self, at: int) -> None:
        """Another referral of the same case."""
        if self._view is not None:
            self._chosen = self._view.referrals[at]
            self.referral_chosen.emit(self._chosen)

    def _heading(self, view: CaseView) -> QVBoxLayout:
        lines = column(gap=2)
        lines.addWidget(label(view.row.pseudonym, "title", wrap=True))
        said = [f"Dossier {view.row.reference}"]
        if view.row.opened_on:
            said.append(f"ouvert le {short_day(view.row.opened_on)}")
        if view.row.group:
            said.append(view.row.group)
        lines.addWidget(label(" · ".join(said), "hint", wrap=True))
        lines.addWidget(label(view.person, "soft", wrap=True))
        return lines

    def _card(self, at: int, referral: ReferralView, *, chosen: bool) -> QFrame:
        card = frame("choice")
        inner = column(margins=(10, 8, 10, 10), gap=6)
        choose = self._choice(referral, chosen=chosen, several=self._several)
        self._buttons.addButton(choose, at)
        inner.addWidget(choose)
        under = row(margins=(4, 0, 0, 0), gap=8)
        under.addWidget(label(f"{referral.reference} · {referral.authority}", "hint", wrap=True), 1)
        under.addWidget(chip(referral.status, "brand"), 0, Qt.AlignmentFlag.AlignTop)
        inner.addLayout(under)
        inner.addWidget(rule())
        inner.addLayout(states(self._context.theme, referral.states))
        card.setLayout(inner)
        return card

    def _choice(self, referral: ReferralView, *, chosen: bool, several: bool) -> Pick:
        choose = Pick(referral.label, name=f"{referral.label}, {referral.reference}, {referral.status}")
        choose.setChecked(chosen)
        if several:
            tokens, edge = self._context.tokens, self._context.theme.px(16)
            choose.setIcon(icon("radio-off", tokens.ink3, chosen=tokens.brand, chosen_name="radio-on"))
            choose.setIconSize(QSize(edge, edge))
        return choose

    def _section(self, title: str, lines: tuple[str, ...]) -> QVBoxLayout:
        part = column(gap=4)
        part.addSpacing(8)
        head = row(gap=8)
        head.addWidget(label(title, "heading"))
        head.addWidget(label(str(len(lines)) if lines else "", "hint"))
        head.addStretch()
        part.addLayout(head)
        for line in lines or ("Rien encore.",):
            part.addWidget(label(line, "" if lines else "hint", wrap=True))
        return part
