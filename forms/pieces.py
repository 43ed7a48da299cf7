# SPDX-License-Identifier: GPL-3.0-or-later
"""Blocks of a layout turned into pieces: what they draw, and how high they are.

A piece is drawn downwards from its own top at y = 0; the flow of pages moves it to its place.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import attrs

from forms.definition import Field, FormDefinition, Mode
from forms.layout import PAGES, Bar, Cell, Choice, Frame, Note, Row, Title, names_in, replace_names
from forms.text import Box, Style, measure

__all__ = ["MM", "Area", "Cross", "Ink", "Letters", "Piece", "Rule", "Sheet", "compose", "hand_frame", "moved"]

MM = 72 / 25.4
_GAP = 4 * MM
_PAD = 1.6 * MM
_LABEL = Style(size=7.5, min_size=7.5, leading=1.2, grey=0.3)
_VALUE = Style(size=10.5, min_size=10.5, leading=1.25, align="left")
_BOX = 3.6 * MM
_THIN = 0.4
_LINE_GREY = 0.35


@attrs.frozen
class Letters:
    """A text in a box; `field` when it is the value of one, else empty."""

    box: Box
    text: str
    style: Style
    field: str = ""


@attrs.frozen
class Rule:
    """A level line."""

    box: Box
    grey: float = _LINE_GREY


@attrs.frozen
class Area:
    """A rectangle: filled with a grey, or outlined."""

    box: Box
    fill: float | None = None


@attrs.frozen
class Cross:
    """The cross in a ticked box."""

    box: Box


Ink: TypeAlias = Letters | Rule | Area | Cross


@attrs.frozen
class Piece:
    """What a block draws, and the height it takes, in points; `spaces` are the boxes of its fields."""

    height: float
    inks: tuple[Ink, ...]
    spaces: tuple[tuple[str, Box], ...] = ()


@attrs.frozen
class Sheet:
    """What is known while a form is laid out.

    Args:
        definition: the form.
        texts: the text of each printed field.
        notices: what a draft prints where a value is missing, by field.
        mode: typed, or prepared for handwriting.
        width: of the lines, in points.
        pages: how many pages there are, as far as is known.
    """

    definition: FormDefinition
    texts: Mapping[str, str]
    notices: Mapping[str, str]
    mode: Mode
    width: float
    pages: int

    def field(self, field_id: str) -> Field:
        """A field that the layout is known to name rightly."""
        found = self.definition.field(field_id)
        if found is None:
            raise KeyError(field_id)
        return found

    def text(self, field_id: str) -> str:
        """What is written for a field: its value, or the notice of a draft."""
        return self.texts.get(field_id) or self.notices.get(field_id, "")

    def is_empty(self, field_ids: Sequence[str]) -> bool:
        """Whether none of these fields has a value."""
        return not any(self.texts.get(field_id) for field_id in field_ids)

    def filled(self, text: str) -> str | None:
        """A fixed text with its fields in place; `None` when one of them has no value."""
        known = {name: self.text(name) for name in names_in(text) if name != PAGES}
        if not all(known.values()):
            return None
        return self.sewn(text)

    def sewn(self, text: str) -> str:
        """A fixed text with its fields in place; what is not known leaves no hole."""
        sewn = replace_names(text, lambda name: str(self.pages) if name == PAGES else self.text(name))
        return re.sub(r" {2,}", " ", sewn).strip(" –")


def compose(block: Title | Bar | Row | Choice | Note | Frame, sheet: Sheet) -> Piece | None:
    """The piece a block makes, or `None` when it is left out. A frame is one for a hand, of a fixed height."""
    match block:
        case Title():
            return _title(block, sheet)
        case Bar():
            return _bar(block, sheet)
        case Row():
            return _row(block, sheet)
        case Choice():
            return _choice(block, sheet)
        case Note():
            return _note(block, sheet)
        case Frame():
            return hand_frame(sheet.field(block.field), block.height * MM, block.rule * MM, sheet.width)


def _height(text: str, width: float, style: Style) -> float:
    return measure(text, width, style).height


def _title(block: Title, sheet: Sheet) -> Piece:
    style = Style(size=block.size, min_size=block.size, bold=True, align="center", leading=1.2)
    small = block.size / 2
    below = Style(size=small, min_size=small, align="center", grey=0.2, leading=1.25)
    text, subtitle = sheet.sewn(block.text), sheet.sewn(block.subtitle)
    first = _height(text, sheet.width, style)
    second = _height(subtitle, sheet.width, below) if subtitle else 0.0
    inks = [Letters(Box(0, -first, sheet.width, 0), text, style)]
    if subtitle:
        inks.append(Letters(Box(0, -first - 2 - second, sheet.width, -first - 2), subtitle, below))
    return Piece(first + second + 2, tuple(inks))


def _bar(block: Bar, sheet: Sheet) -> Piece:
    style = Style(size=block.size, min_size=block.size, bold=True, valign="middle")
    text = sheet.sewn(block.text)
    height = max(6.2 * MM, _height(text, sheet.width - 2 * _PAD, style) + _PAD)
    words = Letters(Box(_PAD, -height, sheet.width - _PAD, 0), text, style)
    return Piece(height, (Area(Box(0, -height, sheet.width, 0), fill=0.91), words))


def _note(block: Note, sheet: Sheet) -> Piece | None:
    text = sheet.filled(block.text)
    if text is None:
        return None
    style = Style(
        size=block.size, min_size=block.size, bold=block.bold, align=block.align, grey=block.grey, leading=1.32
    )
    pad = max(_PAD, block.size / 2) if block.framed else 0.0
    inside = _height(text, sheet.width - 2 * pad, style)
    height = inside + 2 * pad
    words = Letters(Box(pad, -height + pad, sheet.width - pad, -pad), text, style)
    return Piece(height, (Area(Box(0, -height, sheet.width, 0)), words) if block.framed else (words,))


def _widths(cells: Sequence[Cell], total: float) -> list[float]:
    fixed = sum((cell.width or 0.0) * MM for cell in cells)
    shared = sum(1 for cell in cells if cell.width is None)
    left = max(0.0, total - fixed - _GAP * (len(cells) - 1))
    return [cell.width * MM if cell.width else left / shared for cell in cells]


def _row(block: Row, sheet: Sheet) -> Piece | None:
    if block.optional and sheet.is_empty(block.fields()):
        return None
    widths = _widths(block.cells, sheet.width)
    pad = _PAD if block.boxed else 0.0
    labels = [sheet.field(cell.field).label for cell in block.cells]
    head = max(_height(label, width - 2 * pad, _LABEL) for label, width in zip(labels, widths, strict=True))
    texts = [sheet.text(cell.field) for cell in block.cells]
    body = block.height * MM
    for text, width in zip(texts, widths, strict=True):
        body = max(body, _height(text, width - 2 * pad, _VALUE) + 1.5) if text else body
    height = head + body + pad
    inks: list[Ink] = []
    spaces = []
    left = 0.0
    for cell, label, text, width in zip(block.cells, labels, texts, widths, strict=True):
        right = left + width
        inks.append(Letters(Box(left + pad, -pad - head, right - pad, -pad), label, _LABEL))
        space = Box(left + pad, -height, right - pad, -pad - head - 0.5)
        spaces.append((cell.field, space))
        if text:
            inks.append(Letters(space, text, _VALUE, cell.field))
        inks.append(Area(Box(left, -height, right, 0)) if block.boxed else Rule(Box(left, -height, right, -height)))
        left = right + _GAP
    return Piece(height, tuple(inks), tuple(spaces))


def _choice(block: Choice, sheet: Sheet) -> Piece:
    field = sheet.field(block.field)
    style = Style(size=9.0, min_size=9.0, leading=1.2, valign="middle")
    left = block.label_width * MM
    boxes, lines, right = _boxes(field.choices, left, sheet.width)
    line = 6.2 * MM
    detail = _detail(block, sheet, right + 2 * MM)
    height = max(
        block.height * MM, lines * line, _height(field.label, left - _GAP, style), detail.height if detail else 0
    )
    inks: list[Ink] = [Letters(Box(0, -height, left - _GAP, 0), field.label, style)]
    spaces: list[tuple[str, Box]] = []
    top = -(height - lines * line) / 2
    for choice, number, x in boxes:
        middle = top - number * line - line / 2
        box = Box(x, middle - _BOX / 2, x + _BOX, middle + _BOX / 2)
        inks.append(Area(box))
        spaces.append((block.field, box))
        if sheet.texts.get(block.field) == choice:
            inks.append(Cross(box))
        inks.append(Letters(Box(box.x1 + _PAD, middle - line / 2, sheet.width, middle + line / 2), choice, style))
    if detail is not None:
        down = detail.height - height
        inks += [_moved(ink, down) for ink in detail.inks]
        spaces += [(name, _lowered(box, down)) for name, box in detail.spaces]
    return Piece(height, tuple(inks), tuple(spaces))


def _boxes(choices: Sequence[str], left: float, width: float) -> tuple[list[tuple[str, int, float]], int, float]:
    """Where each box stands: its line and left edge; how many lines there are, and where the last box's word ends."""
    placed = []
    x, number = left, 0
    style = Style(size=9.0, min_size=9.0)
    for choice in choices:
        needed = _BOX + _PAD + _written_width(choice, style) + 4 * MM
        if x + needed > width and x > left:
            x, number = left, number + 1
        placed.append((choice, number, x))
        x += needed
    return placed, number + 1, x


def _written_width(text: str, style: Style) -> float:
    """Points a short text takes on one line, to the next point."""
    low, high = 0, 400
    one = attrs.evolve(style, multiline=False)
    while low < high:
        middle = (low + high) // 2
        if measure(text, middle, one).rest:
            low = middle + 1
        else:
            high = middle
    return float(low)


def _detail(block: Choice, sheet: Sheet, left: float) -> Piece | None:
    if block.detail is None:
        notice = sheet.notices.get(block.field)
        if notice is None:
            return None
        return Piece(5 * MM, (Letters(Box(left, -5 * MM, sheet.width, 0), notice, _VALUE),))
    row = Row(
        modes=block.modes,
        keep=False,
        before=0,
        cells=(Cell(block.detail, None),),
        height=4.6,
        boxed=False,
        optional=False,
    )
    texts = dict(sheet.texts)
    # The boxes have no room for a notice; the detail, known or not, follows it.
    if block.field in sheet.notices:
        texts[block.detail] = f"{sheet.notices[block.field]} {texts.get(block.detail, '')}".strip()
    piece = _row(row, attrs.evolve(sheet, texts=texts, width=sheet.width - left))
    return piece and Piece(
        piece.height,
        tuple(_moved(ink, 0, left) for ink in piece.inks),
        tuple((name, _lowered(box, 0, left)) for name, box in piece.spaces),
    )


def hand_frame(field: Field, height: float, rule: float, width: float, label: str | None = None) -> Piece:
    """An empty frame for a hand: a small label, and ruled lines when `rule` is not 0."""
    head = 0.0
    inks: list[Ink] = [Area(Box(0, -height, width, 0))]
    words = field.label if label is None else label
    if words:
        head = _height(words, width - 2 * _PAD, _LABEL) + _PAD
        inks.append(Letters(Box(_PAD, -head, width - _PAD, -_PAD), words, _LABEL))
    y = -head - rule
    while rule and y > -height + rule / 3:
        inks.append(Rule(Box(2 * _PAD, y, width - 2 * _PAD, y), grey=0.55))
        y -= rule
    return Piece(height, tuple(inks), ((field.id, Box(0, -height, width, -head - 1 * MM)),))


def moved(piece: Piece, up: float, right: float) -> Piece:
    """The same piece elsewhere."""
    return Piece(
        piece.height,
        tuple(_moved(ink, up, right) for ink in piece.inks),
        tuple((name, _lowered(box, up, right)) for name, box in piece.spaces),
    )


def _lowered(box: Box, up: float, right: float = 0.0) -> Box:
    return Box(box.x0 + right, box.y0 + up, box.x1 + right, box.y1 + up)


def _moved(ink: Ink, up: float, right: float = 0.0) -> Ink:
    return attrs.evolve(ink, box=_lowered(ink.box, up, right))
