# SPDX-License-Identifier: GPL-3.0-or-later
"""The case one has chosen in the list: who, what can leave, what it holds."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.context import Context
from ui.pages.referral_cards import ReferralCards
from ui.reading import CaseView, ReferralView
from ui.widgets import Scroller, clear, column, label, row
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
        self._top = column(gap=8)
        self._rest = column(gap=8)
        self._cards = ReferralCards(context)
        self._cards.chosen_changed.connect(self.referral_chosen)
        inner = column(margins=(20, 18, 20, 18), gap=8)
        inner.addLayout(self._top)
        inner.addWidget(self._cards)
        inner.addLayout(self._rest)
        inner.addStretch()
        whole = column()
        whole.addWidget(Scroller(inner, name="Le dossier choisi"))
        self.setLayout(whole)
        self.show_nothing()

    @property
    def view(self) -> CaseView | None:
        """The case that is shown."""
        return self._view

    @property
    def referral(self) -> ReferralView | None:
        """The referral that is chosen."""
        return self._cards.chosen if self._view is not None else None

    def show_nothing(self, sentence: str = "Choisissez un dossier dans la liste pour voir ce qu’il contient.") -> None:
        """No case is chosen, or it is not read yet."""
        self._view = None
        clear(self._top)
        clear(self._rest)
        self._cards.hide()
        self._top.addWidget(label(sentence, "soft", wrap=True))
        self.referral_chosen.emit(None)

    def show_case(self, view: CaseView) -> None:
        """Show a case; the referral chosen before stays chosen if it is the same case."""
        same = self._view is not None and self._view.row.id == view.row.id
        self._view = view
        clear(self._top)
        clear(self._rest)
        self._top.addLayout(self._heading(view))
        self._top.addSpacing(4)
        self._top.addWidget(label("Saisines", "heading"))
        self._cards.show()
        self._cards.show_referrals(view.referrals, keep=same)
        for title, lines in view.sections:
            self._rest.addLayout(self._section(title, lines))

    def _heading(self, view: CaseView) -> QVBoxLayout:
        lines = column(gap=2)
        lines.addWidget(label(view.row.pseudonym, "title", wrap=True))
        said = [f"Dossier {view.row.reference}"]
        if view.row.opened_on:
            said.append(f"ouvert le {short_day(view.row.opened_on)}")
        if view.row.group:
            said.append(view.row.group)
        lines.addWidget(label(" · ".join(said), "hint", wrap=True))
        lines.addWidget(self._private(label(view.person, "soft", wrap=True)))
        return lines

    def _section(self, title: str, lines: tuple[str, ...]) -> QVBoxLayout:
        part = column(gap=4)
        part.addSpacing(8)
        head = row(gap=8)
        head.addWidget(label(title, "heading"))
        head.addWidget(label(str(len(lines)) if lines else "", "hint"))
        head.addStretch()
        part.addLayout(head)
        for line in lines or ("Rien encore.",):
            part.addWidget(self._private(label(line, "" if lines else "hint", wrap=True)))
        return part

    def _private(self, widget: QWidget) -> QWidget:
        """What may name somebody."""
        self._context.veil.cover(widget)
        return widget
