# SPDX-License-Identifier: GPL-3.0-or-later
"""The referrals of a case: what of each can leave, for whom and in which shape, and its documents made."""

import uuid
from functools import partial

from hro_desktop.casework.desk import Desk
from hro_desktop.law import profiles
from ui import reading
from ui.build.begin import BeginCard
from ui.context import Context
from ui.editor.form import Field
from ui.editor.inputs import ChoiceInput
from ui.halves import Halves
from ui.jobs import Lane
from ui.pages.case_part import CasePart, card
from ui.pages.making import Maker
from ui.pages.page import Place
from ui.pages.referral_cards import ReferralCards
from ui.reading import CaseView, ReferralView
from ui.widgets import Scroller, button, column, label

__all__ = ["ReferralsPart"]


class ReferralsPart(CasePart):
    """« Saisines »."""

    tables = ("referral", "referral_party", "person", "consent", "incident", "statement", "evidence", "exhibit")

    def __init__(self, context: Context, desk: Desk, case_id: uuid.UUID) -> None:
        super().__init__(context, desk, case_id)
        self._view: CaseView | None = None
        self.cards = ReferralCards(context)
        self.cards.chosen_changed.connect(self.on_chosen)
        self.maker = Maker(context, desk, self)
        self.maker.go.connect(self.go)
        self.maker.said.connect(self.said)
        self._begin = button("Préparer une saisine", tip="Choisir une procédure, pour cette personne ou avec d’autres")
        self._begin.setParent(self)
        self._begin.clicked.connect(self.on_begin_clicked)
        self.buttons = (self._begin, self.maker.action)
        self.begin = BeginCard(context, desk, case_id)
        self.begin.go.connect(self.go)
        self.begin.said.connect(self.said)
        self.cards.opened.connect(self.on_opened)
        known = [row for row in profiles.profiles() if row.holds_on(desk.today())]
        self._profiles = {row.code: row for row in known}
        self.profile = ChoiceInput([(row.code, row.label) for row in known])
        self.profile.edited.connect(self.on_profile_edited)
        self._makes = label("", "soft", wrap=True)
        self._recipient = label("", "hint", wrap=True)
        list_card, inner = card("Saisines")
        inner.addWidget(self.cards)
        self._shape_card, inner = card("Remise")
        inner.addWidget(Field("profile", "Pour qui, et sous quelle forme", "", self.profile))
        inner.addWidget(self._makes)
        inner.addWidget(self._recipient)
        inner = column(gap=12)
        inner.addWidget(self.begin)
        inner.addWidget(Halves(list_card, self._shape_card, room=context.theme.px(860), shares=(3, 2)))
        inner.addStretch()
        whole = column()
        whole.addWidget(Scroller(inner, name="Saisines du dossier"))
        self.setLayout(whole)
        self._shape_card.hide()

    @property
    def view(self) -> CaseView | None:
        """The case, once it is read."""
        return self._view

    def ask(self) -> None:
        """The referrals with the states of their documents."""
        self.job(Lane.READ, partial(reading.case_view, self.desk, self.case_id), self.on_view)

    def on_begin_clicked(self) -> None:
        """Choose what to begin."""
        self.begin.open()

    def on_opened(self, referral: ReferralView) -> None:
        """Go on preparing one."""
        if referral.id is not None:
            self.go.emit(Place("build", referral.id))

    def on_view(self, view: CaseView | None) -> None:
        """Here they are."""
        if view is not None:
            self._view = view
            self.cards.show_referrals(view.referrals)

    def on_chosen(self, referral: ReferralView | None) -> None:
        """The action and the shape are about this one."""
        self.maker.choose(self._view, referral, Place("case", self.case_id, "referrals"))
        self._shape_card.setVisible(referral is not None)
        if referral is not None:
            self.profile.set_value(referral.profile)
            self._show_shape(referral.profile)

    def on_profile_edited(self) -> None:
        """Another shape: somebody else may get it, who needs an agreement of its own."""
        view, referral = self._view, self.cards.chosen
        code = self.profile.value()
        if view is None or referral is None:
            return
        self._show_shape(code)
        work = partial(reading.in_shape, self.desk, view.row.reference, referral, code)
        self.job(Lane.READ, work, self.on_reshaped)

    def on_reshaped(self, referral: ReferralView) -> None:
        """What can leave in that shape."""
        if referral.profile == self.profile.value():
            self.cards.replace(referral)

    def _show_shape(self, code: str) -> None:
        row = self._profiles[code]
        self._makes.setText(row.makes)
        said = f"Remis à {row.recipient}\u00a0: il y faut un accord distinct." if row.recipient else ""
        self._recipient.setText(said)
        self._recipient.setVisible(bool(said))
