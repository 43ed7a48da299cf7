# SPDX-License-Identifier: GPL-3.0-or-later
"""Who the case is about, as told; how the case is kept; what the person agreed to, body by body."""

import uuid

from PySide6.QtWidgets import QWidget

from hro_desktop.casework.case_overview import Head
from hro_desktop.casework.desk import Desk
from ui.changes import Changes, touches
from ui.context import Context
from ui.editor.editor import Editor
from ui.editor.form import Layout
from ui.halves import Halves
from ui.pages.case_consents import ConsentsCard
from ui.pages.case_part import CasePart, card
from ui.widgets import Scroller, column

__all__ = ["IdentityPart"]

PERSON = Layout(
    fields=(
        "names",
        "given_names",
        "birth_name",
        "usual_name",
        "original_name",
        "sex",
        "birth",
        "declared_minor",
        "birth_place",
        "birth_country",
        "nationality",
        "profession",
        "languages",
        "contacts",
        "addresses",
        "representations",
    ),
    labels={
        "names": "Surnoms, autres noms et graphies",
        "given_names": "Prénoms",
        "birth_name": "Nom de naissance",
        "usual_name": "Nom d’usage",
        "original_name": "Nom complet dans son écriture",
        "sex": "Accord des phrases",
        "birth": "Date de naissance, même incertaine",
        "birth_place": "Ville de naissance",
        "nationality": "Nationalité",
    },
    hints={
        "given_names": "En lettres latines.",
        "birth_name": "En lettres latines.",
        "usual_name": "",
        "original_name": "",
        "birth": "",
        "sex": "",
        "nationality": "Seulement si la procédure en a besoin.",
    },
    headings={
        "names": "Noms",
        "sex": "État civil",
        "languages": "Langues",
        "contacts": "Joindre la personne",
        "addresses": "Adresses",
        "representations": "Pour une personne mineure",
    },
)
CASE = Layout(
    fields=("group_id", "opened_on", "closed_on", "note"),
    labels={"group_id": "Groupe", "opened_on": "Ouvert le", "closed_on": "Clos le", "note": "Note de travail"},
)


class IdentityPart(CasePart):
    """« Identité et accords »."""

    tables = ("consent", "consent_exception", "departure")

    def __init__(self, context: Context, desk: Desk, case_id: uuid.UUID) -> None:
        super().__init__(context, desk, case_id)
        self.person = Editor(context, desk, "person", PERSON)
        self.case = Editor(context, desk, "case", CASE)
        self.consents = ConsentsCard(context, desk)
        self.consents.said.connect(self.said)
        self.consents.told.connect(self.told)
        for editor in (self.person, self.case):
            self.watch(editor)
        person_card, inner = card("Identité")
        inner.addWidget(self.person)
        case_card, inner = card("Dossier")
        inner.addWidget(self.case)
        left, right = QWidget(), QWidget()
        for side, cards in ((left, (person_card,)), (right, (self.consents, case_card))):
            stack = column(gap=16)
            for each in cards:
                stack.addWidget(each)
            stack.addStretch()
            side.setLayout(stack)
        inner = column()
        inner.addWidget(Halves(left, right, room=context.theme.px(940)))
        inner.addStretch()
        whole = column()
        whole.addWidget(Scroller(inner, name="Identité et accords"))
        self.setLayout(whole)

    def start(self, head: Head) -> None:
        """Open both forms, once, and ask for the answers."""
        first = self.head is None
        super().start(head)
        if first:
            self.person.open(head.person_id)
            self.case.open(head.id)

    def ask(self) -> None:
        """The answers."""
        if self.head is not None:
            self.consents.ask(self.head)

    def on_changed(self, changes: Changes) -> None:
        """The forms hold what was typed; the answers are asked for again, and a form nobody types in."""
        super().on_changed(changes)
        if self.head is None:
            return
        for editor, table in ((self.person, "person"), (self.case, "case")):
            known = editor.record
            if known is not None and touches(changes, table, known) and not editor.dirty:
                focus = self.focusWidget()
                if focus is None or not editor.isAncestorOf(focus):
                    editor.open(known)
