# SPDX-License-Identifier: GPL-3.0-or-later
"""« Faits »: what the referral is about, shared by everybody in it."""

import uuid
from functools import partial

from PySide6.QtWidgets import QFrame

from hro_desktop.casework import offers, referral_parties
from hro_desktop.casework.builder import Build, Listed
from hro_desktop.casework.desk import Desk
from ui.build.panel import Adder, Panel, Undo, acted, card
from ui.context import Context
from ui.flow import Flow
from ui.pages.page import Place
from ui.widgets import button, clear, column, label

__all__ = ["FactsPanel"]


class FactsPanel(Panel):
    """Each leads to its own page, where it is told."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID) -> None:
        super().__init__(context, desk, referral_id)
        self._facts = column(gap=8)
        self._none = label("Aucun fait n’est choisi\u00a0: ajoutez ceux dont parle cette saisine.", "soft", wrap=True)
        self.adder = Adder(context, desk, "incident", "Chercher d’autres faits")
        self.adder.added.connect(self.on_added)
        near, inner = card("Ajouter des faits")
        inner.addWidget(self.adder)
        whole = column(gap=12)
        whole.addWidget(self._none)
        whole.addLayout(self._facts)
        whole.addWidget(near)
        self.setLayout(whole)
        self.setFocusProxy(self.adder)

    def show_build(self, build: Build) -> None:
        """Show the facts, and what may be added."""
        known, self.build = self.build, build
        self._none.setVisible(not build.incidents)
        if known is None or known.incidents != build.incidents:
            clear(self._facts)
            for each in build.incidents:
                self._facts.addWidget(self._card(each))
        self.ask(offers.incidents_for, self.referral_id, done=self.adder.show_offers)

    def focus_on(self, _subject: str) -> None:
        """Where facts are added."""
        self.adder.setFocus()

    def on_added(self, incident_id: uuid.UUID) -> None:
        """More facts."""
        self.act(referral_parties.add_incident, self.referral_id, incident_id)

    def on_removed(self, incident: Listed, _checked: bool = False) -> None:
        """Less."""
        self.adder.setFocus()
        undo = partial(self._undo, incident)
        self.act(referral_parties.remove_incident, self.referral_id, incident.id, undo=undo)

    def _undo(self, incident: Listed, at: int) -> Undo:
        known = (self.referral_id, incident.id, at)
        said = "La saisine ne parle plus de ces faits\u00a0; leur fiche reste."
        return Undo(said, partial(acted, self.desk, referral_parties.add_incident, known))

    def _card(self, incident: Listed) -> QFrame:
        reference, _, said = incident.title.partition(" — ")
        made, inner = card()
        title = label(said[:1].upper() + said[1:] if said else reference, "strong", wrap=True)
        self.context.veil.cover(title)
        inner.addWidget(title)
        inner.addWidget(label(" · ".join(filter(None, (reference, incident.detail))), "hint", wrap=True))
        acts = Flow(12)
        lead = button("Ouvrir la fiche", "link", name=f"Ouvrir la fiche {reference}")
        lead.clicked.connect(partial(self._lead, Place("incident", incident.id)))
        out = button("Retirer", "link", name=f"Retirer les faits {reference}")
        out.clicked.connect(partial(self.on_removed, incident))
        acts.addWidget(lead)
        acts.addWidget(out)
        inner.addLayout(acts)
        return made

    def _lead(self, place: Place, _checked: bool = False) -> None:
        self.go.emit(place)
