# SPDX-License-Identifier: GPL-3.0-or-later
"""Boxes on the pages of a PDF without fields, as fields like any other."""

from collections.abc import Sequence

import pikepdf

from forms.official.fields import Spot
from forms.official.nodes import page_turn
from forms.official.shape import OfficialField, Option, Widget
from forms.official.sheets import sheet_box
from forms.overlay import Placement
from forms.problems import FormError
from forms.text import Box

__all__ = ["box_fields", "box_spots"]


def box_spots(file: pikepdf.Pdf, placements: Sequence[Placement]) -> list[tuple[Spot, Placement]]:
    """Where boxes stand in the coordinates of their pages, which are not those of the page as it is shown.

    Raises:
        FormError: `official.box_page` for a box on a page that is not there.
    """
    nothing = pikepdf.Dictionary()
    made = []
    for place in placements:
        if not 0 <= place.page < len(file.pages):
            raise FormError(
                "official.box_page",
                f"Le champ «\u00a0{place.field}\u00a0» est prévu page {place.page + 1}, mais le PDF n’a que "
                f"{len(file.pages)} page(s).",
            )
        page = file.pages[place.page].obj
        turn = page_turn(page)
        widget = Widget(place.page, _unturned(place.box, sheet_box(page), turn), turn, state=place.mark)
        made.append((Spot(place.field, widget, nothing, (), (), {}), place))
    return made


def box_fields(spots: Sequence[tuple[Spot, Placement]]) -> list[OfficialField]:
    """The fields that boxes make, each with all its places."""
    names = dict.fromkeys(place.field for _, place in spots)
    made = []
    for name in names:
        own = [(spot, place) for spot, place in spots if place.field == name]
        first = own[0][1]
        kind = "checkbox" if first.kind == "tick" else "comb" if first.kind == "comb" else "text"
        marks = tuple(dict.fromkeys(place.mark for _, place in own)) if kind == "checkbox" else ()
        made.append(
            OfficialField(
                name=name,
                kind="multiline" if kind == "text" and first.style.multiline else kind,  # type: ignore[arg-type]
                label="",
                widgets=tuple(spot.widget for spot, _ in own),
                states=marks,
                options=tuple(Option(mark, mark) for mark in marks),
                max_length=first.cells if kind == "comb" else None,
            )
        )
    return made


def _unturned(box: Box, sheet: Box, turn: int) -> Box:
    """A box of the page as it is shown, in the coordinates the page itself has."""
    wide, high = sheet.width, sheet.height
    x0, y0, x1, y1 = {
        0: (box.x0, box.y0, box.x1, box.y1),
        90: (wide - box.y1, box.x0, wide - box.y0, box.x1),
        180: (wide - box.x1, high - box.y1, wide - box.x0, high - box.y0),
        270: (box.y0, high - box.x1, box.y1, high - box.x0),
    }[turn]
    return Box(sheet.x0 + x0, sheet.y0 + y0, sheet.x0 + x1, sheet.y0 + y1)
