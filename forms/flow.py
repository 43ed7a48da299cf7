# SPDX-License-Identifier: GPL-3.0-or-later
"""Pieces laid one below the other on as many pages as they take.

A long text goes on from page to page before what follows it, so that the signature closes all of it; and a page that
bears a signature always bears the end of the text too: a signature alone on a sheet could be put under anything.
"""

import re
from collections.abc import Sequence

import attrs

from forms.layout import Block, Frame, Layout, Row
from forms.pieces import MM, Area, Ink, Letters, Piece, Rule, Sheet, compose, hand_frame, moved
from forms.text import A4, Box, Canvas, Style, measure

__all__ = ["LEFT_LOW", "Leaf", "lay_out"]

TOP = A4[1] - 13 * MM
BOTTOM = 24 * MM
LEFT_LOW = 9 * MM
"""Height of the foot lines above the edge of the paper."""

_HEADING = Style(size=8.5, min_size=8.5, leading=1.2, grey=0.2)
_LABEL = Style(size=7.5, min_size=7.5, leading=1.2, grey=0.3)
_HEADING_LINES = 3
_LEAST_RULED = 26 * MM
_PAD = 2.2 * MM
_HIGHEST = TOP - BOTTOM - 20 * MM
"""What a page can hold in one piece, below its heading."""
_HELD_BACK = 3
_GOES_ON = "…/…"
_MARK = 8.0
# More letters than any page holds: what follows need not be counted to fill it.
_ENOUGH = 12_000
# Sums of heights differ in their last digits.
_SLACK = 0.05
# Empty lines at the head of a page; the direction mark that may precede them stays.
_LEADING_LINES = re.compile(r"^([\u200e\u200f]?)\s*\n")


@attrs.define
class Leaf:
    """One page: what is drawn on it, and the boxes of its fields."""

    inks: list[Ink] = attrs.field(factory=list)
    spaces: list[tuple[str, Box]] = attrs.field(factory=list)


def lay_out(layout: Layout, sheet: Sheet) -> list[Leaf]:
    """The pages of a form. The number of pages that its texts give is computed, not guessed."""
    pages: list[Leaf] = []
    rests: dict[tuple[str, Box, Style], str] = {}
    for _ in range(4):
        pages = _Flow(layout, sheet, rests).run()
        if len(pages) == sheet.pages:
            break
        sheet = attrs.evolve(sheet, pages=len(pages))
    return pages


class _Flow:
    """Lays the blocks of a form out, once."""

    def __init__(self, layout: Layout, sheet: Sheet, rests: dict[tuple[str, Box, Style], str]) -> None:
        self.rests = rests
        self.layout = layout
        self.sheet = sheet
        self.left = layout.page.margin * MM
        self.pages: list[Leaf] = []
        self.y = 0.0
        self.fresh = True
        self._turn()

    def run(self) -> list[Leaf]:
        kept = [each for block in self.layout.blocks if self._is_drawn(block) for each in self._composed(block)]
        for index, (block, piece) in enumerate(kept):
            follows = kept[index + 1 :]
            if index == 0 or not kept[index - 1][0].keep:
                self._make_room(kept[index:])
            if piece is not None:
                self._place(piece, block.before * MM)
            elif isinstance(block, Frame):
                self._frame(block, _tail(follows))
        return self.pages

    def _composed(self, block: Block) -> list[tuple[Block, Piece | None]]:
        """A block with its piece, or without one when it flows; nothing when it is left out."""
        if self._flows(block):
            return [(block, None)]
        piece = compose(block, self.sheet)
        if piece is None:
            return []
        if isinstance(block, Row) and piece.height > _HIGHEST:
            return [each for part in _opened(block, self.sheet) for each in self._composed(part)]
        return [(block, piece)]

    def _is_drawn(self, block: Block) -> bool:
        if self.sheet.mode not in block.modes:
            return False
        if not isinstance(block, Frame):
            return True
        unwritten = self.sheet.is_empty(block.fields())
        return not (block.optional and unwritten and self.sheet.field(block.field).is_printed(self.sheet.mode))

    def _flows(self, block: Block) -> bool:
        """Whether a block takes the pages it needs instead of a height of its own."""
        if not isinstance(block, Frame):
            return False
        return block.height == 0 or self.sheet.field(block.field).is_printed(self.sheet.mode)

    @property
    def room(self) -> float:
        return self.y - BOTTOM

    def _turn(self) -> None:
        """Begin a page."""
        self.pages.append(Leaf())
        self.y = TOP
        self.fresh = True
        heading = _shortened(self.sheet.sewn(self.layout.page.heading), self.sheet.width, _HEADING)
        if len(self.pages) > 1 and heading:
            height = measure(heading, self.sheet.width, _HEADING).height
            line = self.y - height - 1.5 * MM
            right = self.left + self.sheet.width
            self.pages[-1].inks += [
                Letters(Box(self.left, self.y - height, right, self.y), heading, _HEADING),
                Rule(Box(self.left, line, right, line)),
            ]
            self.y = line - 3 * MM

    def _make_room(self, group: Sequence[tuple[Block, Piece | None]]) -> None:
        """Turn the page when a block, with those that must stay with it, does not fit on what is left."""
        needed = 0.0
        for number, (block, piece) in enumerate(group):
            needed += block.before * MM
            if piece is not None:
                needed += piece.height
            elif isinstance(block, Frame):
                needed += self._least(block, _tail(group[number + 1 :]))
            if not block.keep:
                break
        if needed > self.room + _SLACK and not self.fresh:
            self._turn()

    def _place(self, piece: Piece, before: float = 0.0) -> None:
        if not self.fresh:
            self.y -= before
        there = moved(piece, self.y, self.left)
        self.pages[-1].inks += there.inks
        self.pages[-1].spaces += there.spaces
        self.y -= piece.height
        self.fresh = False

    def _frame(self, block: Frame, tail: float) -> None:
        self.y -= 0.0 if self.fresh else block.before * MM
        if self.sheet.field(block.field).is_printed(self.sheet.mode):
            self._written(block, tail)
        else:
            self._ruled(block, tail)

    def _ruled(self, block: Frame, tail: float) -> None:
        """Lines for a hand, down to the foot of each page, and on the last one down to what follows."""
        for number in range(block.pages):
            last = number == block.pages - 1
            if number:
                self._turn()
            # What follows goes on another page when it would leave no line to write on.
            height = self.room - tail if last and self.room - tail >= _LEAST_RULED else self.room
            label = block.continued if number else None
            self._place(hand_frame(self.sheet.field(block.field), height, block.rule * MM, self.sheet.width, label))

    def _least(self, block: Frame, tail: float) -> float:
        """The room a frame wants to begin on a page: some lines, and a text of few lines together with its end."""
        if not self.sheet.field(block.field).is_printed(self.sheet.mode):
            return _LEAST_RULED
        setting = self._setting(block, self.sheet.field(block.field).label)
        lines = setting.lines(self.sheet.text(block.field))
        if lines >= 2 * _HELD_BACK:
            return setting.height(_HELD_BACK)
        whole = setting.height(lines) + tail
        return whole if whole <= _HIGHEST else setting.height(lines)

    def _setting(self, block: Frame, label: str) -> "_Setting":
        return _Setting(label, self.sheet.width, Style(size=block.size, min_size=block.size, leading=1.38))

    def _written(self, block: Frame, tail: float) -> None:
        """The text, page after page."""
        rest = self.sheet.text(block.field).replace("\r\n", "\n")
        setting = self._setting(block, self.sheet.field(block.field).label)
        while True:
            lines = setting.lines(rest)
            whole = setting.height(lines)
            if whole + tail <= self.room + _SLACK or (whole <= self.room and tail > TOP - BOTTOM - 60 * MM):
                rest = self._written_piece(block, setting, rest, whole, goes_on=False)
                if not rest:
                    return
                self._turn()
                continue
            # What goes on the next page is some lines at least: a word alone there, or a signature alone, is none.
            fitting = min(setting.fitting(self.room), lines - _HELD_BACK)
            if fitting < _HELD_BACK and not self.fresh:
                self._turn()
                continue
            height = setting.height(max(1, fitting), goes_on=True)
            rest = self._written_piece(block, setting, rest, height, goes_on=True)
            self._turn()
            setting = self._setting(block, block.continued)

    def _rest(self, text: str, inside: Box, style: Style) -> str:
        """What of a text does not fit in a box."""
        key = (text, inside, style)
        if key not in self.rests:
            trial = Canvas()
            trial.add_page()
            self.rests[key] = trial.text(inside, text, style).rest
        return self.rests[key]

    def _written_piece(self, block: Frame, setting: "_Setting", text: str, height: float, *, goes_on: bool) -> str:
        """One page of a text. Returns what is left of it."""
        width = setting.width
        inside = setting.box(height, goes_on=goes_on)
        rest = self._rest(text, inside, setting.style)
        inks: list[Ink] = [Area(Box(0, -height, width, 0))]
        if setting.label:
            inks.append(Letters(Box(_PAD, -_PAD - setting.head + 1, width - _PAD, -_PAD + 1), setting.label, _LABEL))
        if text:
            shown = text[: len(text) - len(rest.lstrip("\u200e\u200f"))].rstrip()
            inks.append(Letters(inside, shown, setting.style, block.field))
        if rest:
            mark = Box(width - 14 * MM, -height + 2, width - _PAD, -height + 11)
            inks.append(Letters(mark, _GOES_ON, attrs.evolve(_LABEL, align="right")))
        self._place(Piece(height, tuple(inks), ((block.field, inside),)))
        return _LEADING_LINES.sub(r"\1", rest)


@attrs.frozen
class _Setting:
    """How one page of a long text is set: its label, the width of its frame, its letters."""

    label: str
    width: float
    style: Style

    @property
    def head(self) -> float:
        """Height of the label."""
        return measure(self.label, self.width - 2 * _PAD, _LABEL).height + 2 if self.label else 0.0

    @property
    def step(self) -> float:
        return self.style.leading * self.style.size

    def lines(self, text: str) -> int:
        """How many lines a text takes, or at least takes when it is longer than a page; an empty frame has two."""
        return max(2, measure(text[:_ENOUGH], self.width - 2 * _PAD, self.style).lines)

    def height(self, lines: int, *, goes_on: bool = False) -> float:
        """Height of a frame for so many lines; one that goes on has a mark below them."""
        return lines * self.step + self.head + 2 * _PAD + 1 + (_MARK if goes_on else 0.0)

    def fitting(self, room: float) -> int:
        """How many lines a frame of that height holds when it goes on."""
        return int((room - self.height(0, goes_on=True)) / self.step)

    def box(self, height: float, *, goes_on: bool) -> Box:
        """Where the lines stand in a frame of that height."""
        low = -height + _PAD + (_MARK if goes_on else 0.0)
        return Box(_PAD, low, self.width - _PAD, -_PAD - self.head)


def _shortened(text: str, width: float, style: Style) -> str:
    """A text that says again what stands elsewhere, in three lines at most: a page must have room for its own."""
    while measure(text, width, style).lines > _HEADING_LINES:
        text = text[: len(text) * 9 // 10].rstrip(" …") + "…"
    return text


def _opened(row: Row, sheet: Sheet) -> list[Block]:
    """A row that no page can hold, as one frame for each of its texts; what has no text stays a row, above them."""
    empty = tuple(cell for cell in row.cells if not sheet.text(cell.field))
    parts: list[Block] = [attrs.evolve(row, cells=empty, keep=False)] if empty else []
    for cell in row.cells:
        if cell not in empty:
            label = sheet.field(cell.field).label
            parts.append(
                Frame(
                    modes=row.modes,
                    keep=False,
                    before=row.before,
                    field=cell.field,
                    continued=f"{label} (suite)",
                    height=0.0,
                    rule=0.0,
                    pages=1,
                    size=10.5,
                    optional=row.optional,
                )
            )
    return parts


def _tail(follows: Sequence[tuple[Block, Piece | None]]) -> float:
    """The height of all that comes after a long text, to its end; nothing when another long text comes first."""
    if any(piece is None for _, piece in follows):
        return 0.0
    return sum(block.before * MM + piece.height for block, piece in follows if piece is not None)
