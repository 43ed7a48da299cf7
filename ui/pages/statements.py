# SPDX-License-Identifier: GPL-3.0-or-later
"""Récits et attestations: whose words, and where each account is."""

from typing import Any

from hro_desktop.casework import editing, statement_overview
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.statement_overview import StatementRow
from ui.context import Context
from ui.models.paged_table import Column
from ui.pages.listing import Asked, Filter, ListPage, Source, filtered
from ui.pages.page import Place
from ui.words import short_day

__all__ = ["STATE_CHIPS", "StatementsPage"]

STATE_CHIPS = {"a_relire": "warn", "relu": "brand", "fige": "ok", "retire": "late"}


class StatementsPage(ListPage):
    """The list; Enter opens one, « + Récit » begins one."""

    heading = "Récits et attestations"
    one, many = "récit ou attestation", "récits et attestations"
    empty = (
        "Aucun récit n’est encore recueilli. Écrivez ici ce qu’une personne raconte, dans sa langue et en français, "
        "ou l’attestation d’un témoin, avec «\u00a0+ Récit\u00a0»."
    )
    columns = (
        Column[StatementRow]("Référence", lambda each: each.reference, width=112),
        Column[StatementRow]("Nature", lambda each: each.kind, strong=True),
        Column[StatementRow]("De", lambda each: each.pseudonym, width=130, private=True),
        Column[StatementRow]("Recueilli le", lambda each: short_day(each.taken_on) or "—", width=120, room=560),
        Column[StatementRow](
            "État", lambda each: each.state_label, width=190, chip=lambda each: STATE_CHIPS[each.state]
        ),
    )
    filters = (
        Filter("Récits", "kinds", ("recit", "declaration")),
        Filter("Attestations", "kinds", ("attestation",)),
        Filter("À relire", "states", ("a_relire",)),
        Filter("Relus", "states", ("relu",)),
        Filter("Figés", "states", ("fige",)),
        Filter("Retirés", "states", ("retire",)),
    )
    tables = ("statement", "statement_version", "person")
    page_of = "statement"
    source = Source(filtered(statement_overview.ids), statement_overview.rows)

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place)
        tip = "Recueillir un récit ou une attestation (Ctrl N)"
        self.buttons = (self.action("+ Récit", self.on_new_clicked, keys="Ctrl+N", tip=tip),)

    def asked(self) -> Asked:
        """Two pills of one kind widen the list; two of different kinds narrow it."""
        asked = super().asked()
        filters: dict[str, Any] = {}
        for each, shown in self._pills.items():
            if shown.isChecked() and isinstance(each.value, tuple):
                filters[each.name] = (*filters.get(each.name, ()), *each.value)
        return Asked(asked.words, filters, asked.order)

    def on_new_clicked(self) -> None:
        """A new one, on its own page."""
        self.go.emit(Place("statement", editing.blank("statement_about").id))
