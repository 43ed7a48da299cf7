# SPDX-License-Identifier: GPL-3.0-or-later
"""« Personnes et accords »: the complainants with their agreement, who writes, to whom, against whom."""

import uuid
from functools import partial
from typing import Final

from PySide6.QtWidgets import QFrame

from hro_desktop.casework import offers, referral_parties
from hro_desktop.casework.builder import Build, Party
from hro_desktop.casework.desk import Desk
from hro_desktop.law import vocabulary
from ui.build.panel import Adder, Panel, Undo, acted, card
from ui.context import Context
from ui.editor.editor import Editor
from ui.editor.form import Layout, Part
from ui.flow import Flow
from ui.pages.page import Place
from ui.widgets import button, chip, clear, column, label, row

__all__ = ["PeoplePanel"]

STATE_CHIPS: Final = {"pret": "ok", "a_signer": "brand", "attend": "warn", "bloque": "late"}
_AGAINST: Final = Layout(
    fields=("declared_as", "declarant_id", "authority"),
    labels={
        "declared_as": "Qui écrit",
        "declarant_id": "Quel témoin",
        "authority": "À qui",
        "authority_organisation_id": "Ligne de l’annuaire",
        "against_others": "Contre X aussi",
        "accused": "Personnes dénommées",
    },
    hints={
        "declarant_id": "Seulement quand un témoin écrit",
        "authority_organisation_id": "Vide\u00a0: l’adresse que l’annuaire donne à cette autorité",
        "accused": "Aucune\u00a0: la lettre est contre X",
    },
    parts=(
        Part("Personnes dénommées", ("accused", "against_others"), folded=True),
        Part("Adresse de l’autorité", ("authority_organisation_id",), folded=True),
    ),
)


class PeoplePanel(Panel):
    """Facts, exhibits and text are shared; agreement, harm and signature are each person’s own."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID) -> None:
        super().__init__(context, desk, referral_id)
        self._people = column(gap=8)
        self.against = Editor(context, desk, "referral_against", _AGAINST, eager=True)
        self.against.told.connect(self.told)
        self.adder = Adder(context, desk, "case", "Ajouter une autre personne, par son dossier")
        self.adder.added.connect(self.on_added)
        near, inner = card("Ajouter une personne")
        inner.addWidget(
            label(
                "Faits, pièces et texte sont communs\u00a0; accord, préjudice et signature restent à chacune.",
                "hint",
                wrap=True,
            )
        )
        inner.addWidget(self.adder)
        who, inner = card("Qui écrit, à qui, contre qui")
        inner.addWidget(self.against)
        whole = column(gap=12)
        whole.addLayout(self._people)
        whole.addWidget(near)
        whole.addWidget(who)
        self.setLayout(whole)
        self.setFocusProxy(self.against)

    def show_build(self, build: Build) -> None:
        """Show the people, and what may be added."""
        known, self.build = self.build, build
        if self.against.record is None:
            self.against.open(self.referral_id)
        if known is None or known.addressees != build.addressees:
            self.against.form.field("authority").input.keep_only(build.addressees)
        if known is None or known.writers != build.writers:
            self.against.form.field("declared_as").input.keep_only(build.writers)
        if known is None or known.parties != build.parties:
            clear(self._people)
            for each in build.parties:
                self._people.addWidget(self._card(each, alone=len(build.parties) == 1))
        self.ask(offers.people_for, self.referral_id, done=self.adder.show_offers)

    def focus_on(self, subject: str) -> None:
        """The first thing to do with somebody."""
        if not subject:
            self.against.focus("declared_as")

    def on_added(self, case_id: uuid.UUID) -> None:
        """One more complainant."""
        self.act(referral_parties.add_party, self.referral_id, case_id, undo=self._undo_added)

    def on_removed(self, party: Party, _checked: bool = False) -> None:
        """One less."""
        self.adder.setFocus()
        self.act(referral_parties.remove_party, self.referral_id, party.id, undo=self._undo_removed)

    def _undo_added(self, party_id: uuid.UUID) -> Undo:
        known = (self.referral_id, party_id)
        return Undo("Personne ajoutée.", partial(acted, self.desk, referral_parties.remove_party, known))

    def _undo_removed(self, taken: referral_parties.PartyTaken) -> Undo:
        said = f"{taken.called} ne figure plus dans la saisine\u00a0; son dossier reste."
        return Undo(said, partial(acted, self.desk, referral_parties.put_back, (taken,)))

    def _card(self, party: Party, *, alone: bool) -> QFrame:
        state = vocabulary.label("readiness_states", party.state)
        made, inner = card()
        head = row(gap=8)
        name = label(party.called, "strong", wrap=True)
        self.context.veil.cover(name)
        head.addWidget(name, 1)
        head.addWidget(chip(state[:1].upper() + state[1:], STATE_CHIPS.get(party.state, "plain")))
        inner.addLayout(head)
        inner.addWidget(label(f"Dossier {party.reference} · {party.status}", "hint", wrap=True))
        agreed = label(party.agreement, "" if party.open else "problem", wrap=True)
        self.context.veil.cover(agreed)
        inner.addWidget(agreed)
        if party.minor:
            said = "Mineur·e, ou peut l’être\u00a0: représentation et protection à prévoir, voir ce qui attend."
            inner.addWidget(label(said, "soft", wrap=True))
        acts = Flow(12)
        for text, part in (("Accords et identité", "identity"), ("Dossier", "")):
            lead = button(text, "link", name=f"{text}\u00a0: {party.called}")
            lead.clicked.connect(partial(self._lead, Place("case", party.case_id, part)))
            acts.addWidget(lead)
        if not party.fixed and not alone:
            out = button("Retirer", "link", name=f"Retirer de la saisine\u00a0: {party.called}")
            out.clicked.connect(partial(self.on_removed, party))
            acts.addWidget(out)
        inner.addLayout(acts)
        return made

    def _lead(self, place: Place, _checked: bool = False) -> None:
        self.go.emit(place)
