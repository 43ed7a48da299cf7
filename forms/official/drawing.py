# SPDX-License-Identifier: GPL-3.0-or-later
"""The appearance of one field, ours: text in its place, one letter to a cell, the entries of a list, a tick."""

import math
from collections.abc import Sequence
from typing import Final

import attrs

from forms.official.look import Look, paint
from forms.official.shape import OfficialField
from forms.text import Box, Canvas, Placed, Style, measure
from forms.text.page import number

__all__ = ["Place", "Sizes", "cut", "draw_list", "draw_tick", "draw_value", "frame"]

_LARGEST: Final = 12.0
"""Points: where a form leaves the size open, text is not larger than this."""
_SHARE: Final = 0.72
"""Of the height of a field of one line, what its letters may take."""
_LEADING: Final = 1.2
_NOTHING: Final = Placed(0.0, 0, 0.0, "", (), False)


@attrs.frozen
class Sizes:
    """How small text may become, and how many points a unit of the page is."""

    smallest: float
    unit: float = 1.0


@attrs.frozen
class Place:
    """One place of a field to draw in: its box, how it looks, and the sizes allowed."""

    field: OfficialField
    look: Look
    box: Box
    sizes: Sizes
    given: Style | None = None

    @property
    def style(self) -> Style:
        """How its text is set: as a definition says, or close to what the form asks for."""
        if self.given is not None:
            return self.given
        return _style(self.field, self.look, self.inside, self.sizes)

    @property
    def inside(self) -> Box:
        """Where text may stand: within the frame, with a little air; a box of a definition is the place itself."""
        if self.given is not None:
            return self.box
        return _inside(self.field, self.look, self.box)


def _style(field: OfficialField, look: Look, box: Box, sizes: Sizes) -> Style:
    many = field.kind == "multiline"
    free = _LARGEST / sizes.unit
    size = look.size or (free if many and box.height > 2 * _LEADING * free else min(free, _SHARE * box.height))
    size = max(min(size, box.height) if not many else size, 1.0 / sizes.unit)
    return Style(
        size=size,
        min_size=min(size, sizes.smallest / sizes.unit),
        bold=look.bold,
        align=look.align,
        valign="top" if many and box.height >= 2 * size else "middle",
        multiline=many,
        leading=_LEADING,
        colour=look.colour,
    )


def _inside(field: OfficialField, look: Look, box: Box) -> Box:
    if field.kind == "comb":
        return box
    air = max(2.0, 2 * look.width if look.border is not None else 0.0)
    side = min(air, 0.1 * box.width)
    low = min(air, 0.08 * box.height) if field.kind == "multiline" else 0.0
    return Box(box.x0 + side, box.y0 + low, box.x1 - side, box.y1 - low)


def draw_value(canvas: Canvas, place: Place, text: str) -> Placed:
    """Write the text of a field in its box."""
    if not text:
        return _NOTHING
    inside, style = place.inside, place.style
    if place.field.kind == "comb" and place.field.max_length:
        return canvas.comb(inside, text, place.field.max_length, style)
    return canvas.text(inside, text, style)


def cut(canvas: Canvas, place: Place, text: str, notice: str) -> str:
    """Write as much of a text as fits above, or before, a notice that says where it goes on.

    Returns:
        what was not written: all of it when the notice alone fills the place.
    """
    box, style, unit = place.inside, place.style, place.sizes.unit
    small = min(style.size, max(place.sizes.smallest / unit, 1.0))
    said = Style(
        size=small,
        min_size=min(small, 4.0 / unit),
        align="right",
        valign="middle",
        multiline=False,
        colour=place.look.colour,
    )
    line = _LEADING * small
    if place.field.kind == "multiline" and box.height >= 2 * line:
        canvas.text(Box(box.x0, box.y0, box.x1, box.y0 + line), notice, said)
        above = Box(box.x0, box.y0 + line, box.x1, box.y1)
        return canvas.text(above, text, attrs.evolve(style, valign="top")).rest
    wide = measure_width(notice, said)
    if place.field.kind == "comb" or box.width < 2 * wide:
        canvas.text(box, notice, said)
        return text
    canvas.text(Box(box.x1 - wide, box.y0, box.x1, box.y1), notice, said)
    return canvas.text(Box(box.x0, box.y0, box.x1 - wide - 3 / unit, box.y1), text, style).rest


def measure_width(text: str, style: Style) -> float:
    """About how wide a short line is: the narrowest column it fits, to a point."""
    low, high = 1.0, max(4.0, 0.9 * style.size * len(text))
    fixed = attrs.evolve(style, min_size=style.size)
    while high - low > 1:
        middle = (low + high) / 2
        low, high = (middle, high) if measure(text, middle, fixed).rest else (low, middle)
    return high


def draw_list(canvas: Canvas, place: Place, chosen: Sequence[str]) -> Placed:
    """Draw the entries of a list with the chosen ones on grey; where they do not all fit, the chosen ones alone."""
    box = place.inside
    size = place.look.size or min(_LARGEST / place.sizes.unit, place.style.size)
    style = attrs.evolve(place.style, size=size, min_size=min(size, place.style.min_size), multiline=False)
    step = _LEADING * size
    labels = [option.label for option in place.field.options]
    if not labels or len(labels) * step > box.height or not set(chosen) <= set(labels):
        return canvas.text(box, "\n".join(chosen), attrs.evolve(style, multiline=True, valign="top"))
    told = _NOTHING
    for index, label in enumerate(labels):
        row = Box(box.x0, box.y1 - (index + 1) * step, box.x1, box.y1 - index * step)
        if label in chosen:
            canvas.rect(row, fill=0.8, stroke=None)
        placed = canvas.text(row, label, style)
        if label in chosen and (placed.rest or placed.missing or placed.shrunk or not told.lines):
            told = placed
    return told


def frame(canvas: Canvas, look: Look, box: Box, *, round_: bool = False) -> None:
    """The ground and the border a form gives a field."""
    shape = _circle(box) if round_ else f"{_sides(box)} re"
    if look.ground:
        canvas.command(f"{paint(look.ground, stroke=False)} {shape} f")
    if look.border and look.width:
        colour = f"{number(look.width)} w {paint(look.border, stroke=True)}"
        half = look.width / 2
        if look.underlined:
            canvas.command(f"{colour} {number(box.x0)} {number(box.y0 + half)} m")
            canvas.command(f"{number(box.x1)} {number(box.y0 + half)} l S")
        else:
            inner = Box(box.x0 + half, box.y0 + half, box.x1 - half, box.y1 - half)
            canvas.command(f"{colour} {_circle(inner) if round_ else f'{_sides(inner)} re'} S")


def draw_tick(canvas: Canvas, look: Look, box: Box, *, radio: bool) -> None:
    """Tick a box with the sign the form asks for, as lines and areas: no reader can lack a font for it."""
    side = min(box.width, box.height)
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    colour = look.colour or (0.0, 0.0, 0.0)
    weight = max(0.5, 0.12 * side)
    lines = f"{number(weight)} w 1 J 1 j {paint(colour, stroke=True)}"
    fill = paint(colour, stroke=False)
    sign = look.sign or ("l" if radio else "8")
    reach = 0.3 * side
    match sign:
        case "l":
            half = 0.27 * side
            canvas.command(f"{fill} {_circle(Box(x - half, y - half, x + half, y + half))} f")
        case "n":
            canvas.command(f"{fill} {_sides(Box(x - reach, y - reach, x + reach, y + reach))} re f")
        case "u":
            canvas.command(f"{fill} {_path([(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)])} h f")
        case "H":
            canvas.command(f"{fill} {_path(_star(x, y, 0.36 * side))} h f")
        case "4":
            points = [(x - reach, y - 0.02 * side), (x - 0.08 * side, y - 0.26 * side), (x + reach, y + 0.3 * side)]
            canvas.command(f"q {lines} {_path(points)} S Q")
        case _:
            one = _path([(x - reach, y - reach), (x + reach, y + reach)])
            other = _path([(x - reach, y + reach), (x + reach, y - reach)])
            canvas.command(f"q {lines} {one} {other} S Q")


def _sides(box: Box) -> str:
    return " ".join(number(value) for value in (box.x0, box.y0, box.width, box.height))


def _path(points: Sequence[tuple[float, float]]) -> str:
    moves = [f"{number(x)} {number(y)} {'l' if index else 'm'}" for index, (x, y) in enumerate(points)]
    return " ".join(moves)


def _star(x: float, y: float, reach: float) -> list[tuple[float, float]]:
    points = []
    for index in range(10):
        far = reach if index % 2 == 0 else 0.4 * reach
        angle = math.pi / 2 + index * math.pi / 5
        points.append((x + far * math.cos(angle), y + far * math.sin(angle)))
    return points


def _circle(box: Box) -> str:
    """Four curves that make an ellipse."""
    x, y, a, b = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2, box.width / 2, box.height / 2
    c, d = 0.5523 * a, 0.5523 * b
    ends = (
        *((x + a, y + d, x + c, y + b, x, y + b), (x - c, y + b, x - a, y + d, x - a, y)),
        *((x - a, y - d, x - c, y - b, x, y - b), (x + c, y - b, x + a, y - d, x + a, y)),
    )
    return f"{number(x + a)} {number(y)} m " + " ".join(" ".join(map(number, each)) + " c" for each in ends)
