# SPDX-License-Identifier: GPL-3.0-or-later
"""Observation: every outing, what it saw and what is still to be done before its team parts."""

from hro_desktop.casework import outings
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.outings import OutingRow
from hro_desktop.records.base import new_id
from ui.context import Context
from ui.models.paged_table import Column
from ui.pages.listing import Asked, Filter, ListPage, Source, filtered
from ui.pages.page import Place
from ui.words import short_day

__all__ = ["OutingsPage"]


def _to_do(row: OutingRow) -> str:
    return f"{row.to_do}\u00a0à faire" if row.to_do else "tout est fait"


class OutingsPage(ListPage):
    """The list; Enter opens one, « + Sortie » begins the one of today."""

    heading = "Observation"
    one, many = "sortie", "sorties"
    empty = (
        "Aucune sortie n’est encore notée. «\u00a0+ Sortie\u00a0» ouvre celle d’aujourd’hui\u00a0: l’équipe, un lieu "
        "par ligne, les entraves, puis ce qui reste à faire avant de se quitter."
    )
    columns = (
        Column[OutingRow]("Référence", lambda each: each.reference, width=112, room=560),
        Column[OutingRow]("Jour", lambda each: short_day(each.occurred_on.isoformat()), width=112, strong=True),
        Column[OutingRow]("Territoire", lambda each: each.territory, width=130, room=480),
        Column[OutingRow]("Horaires", lambda each: each.hours or "—", width=170, room=820),
        Column[OutingRow]("Équipe", lambda each: each.team or "—", private=True),
        Column[OutingRow]("Lieux", lambda each: str(each.places or "—"), width=70, right=True, room=620),
        Column[OutingRow]("Entraves", lambda each: str(each.hindrances or "—"), width=80, right=True, room=700),
        Column[OutingRow](
            "Avant de se quitter", _to_do, width=150, chip=lambda each: "warn" if each.to_do else "ok", room=400
        ),
    )
    filters = (
        Filter("Calaisis", "territories", "calaisis"),
        Filter("Dunkerquois", "territories", "dunkerquois"),
    )
    tables = ("outing", "incident", "hindrance", "statement", "site")
    page_of = "outing"
    source = Source(filtered(outings.ids), outings.rows)

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place)
        tip = "Noter la sortie d’aujourd’hui (Ctrl N)"
        self.buttons = (self.action("+ Sortie", self.on_new_clicked, keys="Ctrl+N", tip=tip, name="Nouvelle sortie"),)

    def asked(self) -> Asked:
        """Two territories together are one list."""
        asked = super().asked()
        chosen = [str(each.value) for each, shown in self._pills.items() if shown.isChecked()]
        return Asked(asked.words, {"territories": chosen} if chosen else {}, asked.order)

    def on_new_clicked(self) -> None:
        """A new outing, on its own page."""
        self.go.emit(Place("outing", new_id()))
