# SPDX-License-Identifier: GPL-3.0-or-later
"""Faits: evictions, violence and the rest, what they lack and who has not written yet."""

import datetime as dt

from hro_desktop.casework import editing, incident_overview
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.incident_overview import EVICTIONS, VIOLENCE, IncidentRow
from ui.context import Context
from ui.models.paged_table import Column
from ui.pages.listing import Asked, Filter, ListPage, Source, filtered
from ui.pages.page import Place
from ui.words import count, short_day

__all__ = ["IncidentsPage"]

_SHORT = 3
"""Gaps named in the list; the page names all."""


def _gaps(row: IncidentRow) -> str:
    if not row.gaps:
        return "complet"
    named = ", ".join(row.gaps[:_SHORT])
    more = len(row.gaps) - _SHORT
    return f"à compléter\u00a0: {named}" + (f" et {more}\u00a0de plus" if more > 0 else "")


def _written(row: IncidentRow) -> str:
    if not row.observers:
        return "—"
    if not row.unwritten:
        return "toutes écrites"
    return count(row.unwritten, "à écrire", "à écrire")


class IncidentsPage(ListPage):
    """The list; Enter opens one, « + Faits » begins one."""

    heading = "Faits"
    one, many = "fait", "faits"
    empty = (
        "Rien n’est encore noté ici. Notez une expulsion ou des violences en quelques champs\u00a0: "
        "le reste se complète après, avec «\u00a0+ Faits\u00a0»."
    )
    columns = (
        Column[IncidentRow]("Référence", lambda each: each.reference, width=112),
        Column[IncidentRow]("Jour", lambda each: short_day(each.when) or "—", width=112, sort="day"),
        Column[IncidentRow]("Nature", lambda each: each.label, strong=True),
        Column[IncidentRow]("Lieu", lambda each: each.place or "—", room=620),
        Column[IncidentRow]("Personnes", lambda each: str(each.people or "—"), width=84, right=True, room=760),
        Column[IncidentRow](
            "Attestations",
            _written,
            width=120,
            room=900,
            chip=lambda each: "" if not each.observers else "warn" if each.unwritten else "ok",
        ),
        Column[IncidentRow]("À compléter", _gaps, width=250, room=520, chip=lambda each: "warn" if each.gaps else "ok"),
    )
    filters = (
        Filter("Violences", "kinds", VIOLENCE),
        Filter("Expulsions", "kinds", EVICTIONS),
        Filter("Cette semaine", "week"),
        Filter("À compléter", "incomplete"),
    )
    tables = ("incident", "statement", "site")
    page_of = "incident"
    source = Source(filtered(incident_overview.ids), incident_overview.rows)

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place)
        fresh = self.action("+ Faits", self.on_new_clicked, keys="Ctrl+N", tip="Noter des faits (Ctrl N)")
        self.buttons = (fresh,)

    def asked(self) -> Asked:
        """Two kinds together are one list; a week begins on its Monday."""
        asked = super().asked()
        kinds = [kind for each, shown in self._pills.items() if shown.isChecked() for kind in _kinds(each)]
        today = self.desk.today()
        filters: dict[str, object] = {"kinds": kinds} if kinds else {}
        if "week" in asked.filters:
            filters["since"] = today - dt.timedelta(days=today.weekday())
        if "incomplete" in asked.filters:
            filters["incomplete"] = True
        if asked.order:
            filters["oldest_first"] = not asked.order.startswith("-")
        return Asked(asked.words, filters, asked.order)

    def on_new_clicked(self) -> None:
        """New facts, on their own page."""
        self.go.emit(Place("incident", editing.blank("incident").id))


def _kinds(each: Filter) -> tuple[str, ...]:
    return each.value if isinstance(each.value, tuple) else ()
