# SPDX-License-Identifier: GPL-3.0-or-later
"""A value written at a given box of a page: one we drew ourselves, or that of an official PDF without fields."""

from typing import Literal

import attrs

from forms.problems import Problem
from forms.text import Box, Canvas, Style

__all__ = ["Placement", "write"]


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
