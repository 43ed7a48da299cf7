# SPDX-License-Identifier: GPL-3.0-or-later
"""Values written at given boxes of a flat page: one we drew ourselves, or an official PDF without fields."""

import io
import itertools
from collections.abc import Mapping, Sequence
from typing import Literal

import attrs
import pikepdf

from forms.problems import FormError, Problem
from forms.text import Box, Canvas, Style

__all__ = ["Overlaid", "Placement", "overlay", "write"]


@attrs.frozen
class Placement:
    """Where a field is written.

    Args:
        field: id of the field.
        page: index of its page, from 0.
        box: in points, from the bottom left corner of the page as it is shown (its MediaBox, turned by /Rotate).
        style: how its text is set.
        kind: running text; one letter per cell; or a cross when the value is `mark`.
        cells: number of cells of a comb.
        mark: the value that ticks the box.
    """

    field: str
    page: int
    box: Box
    style: Style = attrs.field(factory=Style)
    kind: Literal["text", "comb", "tick"] = "text"
    cells: int = 1
    mark: str = ""


@attrs.frozen
class Overlaid:
    """A flat PDF with the values on it, and what could not be written as wanted."""

    pdf: bytes
    problems: tuple[Problem, ...]


def write(canvas: Canvas, placement: Placement, text: str) -> list[Problem]:
    """Write one value on the current page of a canvas.

    Returns:
        `overflow` (blocks: part of the value is not on the page), `no_glyph`, `shrunk`.
    """
    if placement.kind == "tick":
        if text == placement.mark:
            canvas.tick(placement.box)
        return []
    if not text:
        return []
    if placement.kind == "comb":
        placed = canvas.comb(placement.box, text, placement.cells, placement.style)
    else:
        placed = canvas.text(placement.box, text, placement.style)
    problems = []
    if placed.rest.strip():
        problems.append(Problem(placement.field, "overflow", "block", {"characters": len(placed.rest)}))
    if placed.missing:
        problems.append(Problem(placement.field, "no_glyph", "warn", {"characters": "".join(placed.missing)}))
    if placed.shrunk:
        problems.append(Problem(placement.field, "shrunk", "info", {"size": str(placed.size)}))
    return problems


def overlay(pdf: bytes, placements: Sequence[Placement], texts: Mapping[str, str]) -> Overlaid:
    """Write values on the pages of a flat PDF.

    Args:
        pdf: the blank form.
        placements: where its fields are; one field may stand in several places.
        texts: what to write, by field; a field without a text stays empty.

    Raises:
        FormError: `overlay.unreadable`, `overlay.protected`, or `overlay.page` for a box on a page that is not there.
    """
    with _opened(pdf) as blank:
        wrong = next((place for place in placements if not 0 <= place.page < len(blank.pages)), None)
        if wrong is not None:
            raise FormError(
                "overlay.page",
                f"Le champ «\u00a0{wrong.field}\u00a0» est prévu page {wrong.page + 1}, mais le PDF n’a que "
                f"{len(blank.pages)} page(s).",
            )
        canvas = Canvas()
        problems: list[Problem] = []
        for number, page in enumerate(blank.pages):
            canvas.add_page(*_shown_size(page))
            for place in placements:
                if place.page == number:
                    problems += write(canvas, place, texts.get(place.field, ""))
        with pikepdf.open(io.BytesIO(canvas.finish())) as layer:
            for number in sorted({place.page for place in placements}):
                _lay(blank, blank.pages[number], layer.pages[number])
        target = io.BytesIO()
        blank.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return Overlaid(target.getvalue(), tuple(problems))


def _opened(pdf: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(io.BytesIO(pdf))
    except pikepdf.PasswordError:
        raise FormError("overlay.protected", "Ce PDF ne s’ouvre qu’avec un mot de passe.") from None
    except pikepdf.PdfError:
        raise FormError("overlay.unreadable", "Ce fichier n’est pas un PDF lisible.") from None


def _lay(blank: pikepdf.Pdf, page: pikepdf.Page, layer: pikepdf.Page) -> None:
    """Lay a page over another, upright as that one is shown.

    The library's own way gives the layer a name at random: the same document would differ from one day to the next.
    """
    form = blank.copy_foreign(layer.as_form_xobject(False))
    taken = page.resources.get("/XObject", pikepdf.Dictionary())
    free = next(name for number in itertools.count() if (name := f"/Values{number}") not in taken)
    page.contents_add(b"q", prepend=True)
    added = page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name(free))
    page.contents_add(b"Q " + page.calc_form_xobject_placement(form, added, pikepdf.Rectangle(page.mediabox)))


def _shown_size(page: pikepdf.Page) -> tuple[float, float]:
    """Width and height of a page as it is shown."""
    left, low, right, high = (float(value) for value in page.mediabox)
    width, height = abs(right - left), abs(high - low)
    turned = _rotation(page.obj) % 180 != 0
    return (height, width) if turned else (width, height)


def _rotation(node: pikepdf.Object) -> int:
    """The /Rotate of a page, which it may inherit from the nodes above it."""
    for _ in range(64):  # a damaged tree may be a circle
        if "/Rotate" in node:
            return int(node.Rotate)
        if "/Parent" not in node:
            break
        node = node.Parent
    return 0
