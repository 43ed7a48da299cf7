# SPDX-License-Identifier: GPL-3.0-or-later
"""Annuaire: organisations and authorities, and the addresses somebody checked."""

import uuid
from typing import Any

from PySide6.QtWidgets import QWidget

from hro_desktop.casework import directory, editing
from hro_desktop.casework.desk import Desk
from ui.context import Context
from ui.editor.editor import Editor
from ui.editor.form import Layout
from ui.models.paged_table import Column
from ui.pages.listing import ListPage, Source
from ui.pages.page import Place
from ui.widgets import Scroller, column, frame

__all__ = ["DirectoryPage"]

_LAYOUT = Layout(
    fields=("name", "kind", "lines", "postcode", "town", "email", "phone", "checked_on", "source", "law_id"),
    labels={"law_id": "Autorité de la table dont c’est l’adresse"},
)


class DirectoryPage(ListPage):
    """The list, and beside it the line one corrects."""

    heading = "Annuaire"
    one, many = "adresse", "adresses"
    empty = "L’annuaire est vide. Ajoutez les organisations et les autorités auxquelles vous écrivez."
    columns = (
        Column[directory.OrganisationRow]("Nom", lambda each: each.name, strong=True),
        Column[directory.OrganisationRow]("Nature", lambda each: each.kind, width=150, room=520),
        Column[directory.OrganisationRow]("Commune", lambda each: each.town or "—", width=150, room=680),
        Column[directory.OrganisationRow](
            "Vérifiée",
            lambda each: each.checked or "à vérifier",
            width=150,
            chip=lambda each: "ok" if each.checked else "warn",
        ),
    )
    tables = ("organisation",)
    source = Source(lambda session, asked: directory.ids(session, asked.words), directory.rows)

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place)
        self.buttons = (self.action("+ Adresse", self.on_new_clicked),)

    @property
    def editor(self) -> Editor:
        """The line one corrects."""
        return self._editor

    def make_details(self) -> QWidget:
        """The editor, in a card."""
        self._editor = Editor(self.context, self.desk, "organisation", _LAYOUT)
        self.watch(self._editor)
        card = frame("card")
        inner = column(margins=(20, 18, 20, 18))
        inner.addWidget(self._editor)
        inner.addStretch()
        whole = column()
        whole.addWidget(Scroller(inner, name="L’adresse choisie"))
        card.setLayout(whole)
        return card

    def chosen(self, record_id: uuid.UUID | None) -> None:
        """Show the line that is chosen, or nothing; what was typed in the one before is saved."""
        self._show_editor(record_id is not None)
        if record_id is not None and record_id != self._editor.record:
            self._editor.save()
            self._editor.open(record_id)

    def _show_editor(self, shown: bool) -> None:
        self._editor.setVisible(shown)
        if not shown:
            self._editor.save()
            self.marks = ()
            self.titled.emit()

    def on_new_clicked(self) -> None:
        """A new line."""
        self._editor.save()
        draft: Any = editing.blank("organisation", kind="association")
        self._show_editor(True)
        self._editor.open(draft.id, draft)
        self._editor.focus("name")
