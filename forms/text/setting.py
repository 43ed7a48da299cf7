# SPDX-License-Identifier: GPL-3.0-or-later
"""Break a text into lines that fit a box, and turn each line into atoms: one for every character, in visual order.

Everything here is in font units (1000 to the em), so that one layout serves any size of print.
"""

import bisect
import functools
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

import attrs
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QTextCharFormat, QTextLayout, QTextLine, QTextOption

from forms.text.faces import SCALE, Face, assign, faces, ignorable, own_characters
from forms.text.shapes import Style
from forms.text.truetype import Outline, TrueType

__all__ = ["Atom", "Fitted", "Line", "atoms", "clean", "fit", "missing", "sizes", "slots"]

_LEFT_TO_RIGHT_MARK: Final = "\u200e"
_RIGHT_TO_LEFT_MARK: Final = "\u200f"
# Invisible characters that belong to the spelling of a word (Persian writes many with U+200C) and therefore stay in
# the text of the PDF; direction marks only serve the layout and do not.
_JOINERS: Final = frozenset("\u200c\u200d")
_SPELLING: Final = frozenset("\u00ad") | _JOINERS
_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_WANTED: Final = (
    QTextLayout.GlyphRunRetrievalFlag.RetrieveGlyphIndexes
    | QTextLayout.GlyphRunRetrievalFlag.RetrieveGlyphPositions
    | QTextLayout.GlyphRunRetrievalFlag.RetrieveStringIndexes
)
_ORIGIN: Final = QPointF(0, 0)
_ALIGNMENTS: Final = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "center": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight,
}


class Atom(NamedTuple):
    """One character as the PDF will show it. A named tuple, for there are thousands to the page.

    `outline`: what is drawn; empty when another atom of the same letter group draws it.
    `width`: what the pen moves on, in font units.
    `character`: what it stands for in the text.
    `x`: its left end, in font units from the left edge of the line.
    `place`: where its letter group stands in the paragraph, and its rank in the group, in the order of the text.
    """

    outline: Outline
    width: int
    character: str
    x: int
    place: tuple[int, int]


@attrs.frozen(eq=False, repr=False)
class _Paragraph:
    """A paragraph given to Qt. `units[i]` is the UTF-16 index of character i, with the end as last entry."""

    text: str
    layout: QTextLayout
    chosen: Sequence[int]
    units: Sequence[int]

    def character_at(self, unit: int) -> int:
        """The index of the character that begins at, or holds, a UTF-16 index."""
        return unit if isinstance(self.units, range) else bisect.bisect_right(self.units, unit) - 1


@attrs.frozen(eq=False, repr=False)
class Line:
    """One line of a paragraph that Qt has laid out."""

    paragraph: _Paragraph
    number: int


@attrs.frozen(eq=False, repr=False)
class Fitted:
    """A text that was broken at a size: its lines, and what is left over."""

    size: float
    lines: Sequence[Line]
    rest: str


def clean(text: str, *, multiline: bool) -> str:
    """Bring the ways to end a line to one; in a field of one line they become spaces."""
    plain = _LINE_ENDS.sub("\n", text).rstrip("\n")
    return plain if multiline else plain.replace("\n", " ")


def missing(text: str) -> tuple[str, ...]:
    """The characters no bundled font can draw, each once, in the order of the text."""
    if own_characters(faces(False)).issuperset(text):
        return ()
    return tuple(character for character in dict.fromkeys(text) if not _has_shape(character))


@functools.lru_cache(maxsize=4096)
def _has_shape(character: str) -> bool:
    """Whether a bundled font draws a character, or nothing has to be drawn for it."""
    return character in "\n\t" or ignorable(character) or any(face.draws(character) for face in faces(False))


def fit(text: str, width: float, height: float | None, style: Style) -> Fitted:
    """Set a clean text at the largest allowed size at which all of it fits, or else at the smallest one.

    Args:
        text: as `clean` gives it.
        width: of the box, in points.
        height: of the box, in points; `None` for as high as it takes.
        style: wanted and smallest size, and how to break.
    """
    steps = sizes(style)
    whole = _composed(text, width, height, style, steps[0])
    if not whole.rest or len(steps) == 1:
        return whole
    best = _composed(text, width, height, style, steps[-1])
    if best.rest:
        return best
    low, high = 1, len(steps) - 1  # steps[high] fits; look for the first that does
    while low < high:
        middle = (low + high) // 2
        tried = _composed(text, width, height, style, steps[middle])
        if tried.rest:
            low = middle + 1
        else:
            best, high = tried, middle
    return best


def sizes(style: Style) -> list[float]:
    """The sizes to try, largest first."""
    smallest = min(style.size, style.min_size)
    found = [style.size - 0.5 * step for step in range(int((style.size - smallest) / 0.5) + 1)]
    return found if found[-1] <= smallest else [*found, smallest]


def _room(height: float | None, style: Style, size: float) -> int | None:
    """How many lines of a size the box takes; `None` without a limit."""
    if not style.multiline:
        return 1 if height is None or size <= height + 0.5 or size <= min(style.size, style.min_size) else 0
    if height is None:
        return None
    # The last line needs its own size only, not the space that separates it from a next one.
    return 0 if height + 0.01 < size else int((height + 0.01 - size) / (style.leading * size)) + 1


def _composed(text: str, width: float, height: float | None, style: Style, size: float) -> Fitted:
    room = _room(height, style, size)
    units = max(width, 0.0) * SCALE / size
    lines: list[Line] = []
    place = 0
    while place < len(text) and (room is None or len(lines) < room):
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        left = None if room is None else room - len(lines)
        # Far more than the box can hold is not worth shaping: a long account goes on over many boxes.
        most = end if left is None else min(end, place + 1000 + int(left * units / 100))
        found, used = _broken(text[place:most], units, left, style)
        lines += found
        if used < most - place or most < end:
            return Fitted(size, lines, _continued(text, place, place + used, end))
        place = end + 1
    return Fitted(size, lines, text[place:])


def _continued(text: str, start: int, cut: int, end: int) -> str:
    """What remains of a text cut inside the paragraph `start`…`end`, in the direction the paragraph had."""
    right = _reads_left(text[start:end])
    mark = "" if right == _reads_left(text[cut:end]) else (_RIGHT_TO_LEFT_MARK if right else _LEFT_TO_RIGHT_MARK)
    return mark + text[cut:]


def _reads_left(text: str) -> bool:
    """Whether a paragraph reads from right to left: its first strong character says so (Unicode UAX 9, P2, P3)."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in {"L", "R", "AL"}:
            return kind != "L"
    return False


def _drawable(text: str) -> str:
    """The text as Qt may see it, character for character: no control code, no placeholder of an object."""
    if text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character == "\t":
        return " "
    return "\ufffd" if character == "\ufffc" or unicodedata.category(character) in {"Cc", "Cs"} else character


def _paragraph(text: str, style: Style) -> _Paragraph:
    shown = _drawable(text)
    fonts = faces(style.bold)
    chosen = assign(shown, fonts)
    units = range(len(text) + 1) if text.isascii() or max(text, default="") < "\U00010000" else _units(shown)
    layout = QTextLayout(shown, fonts[0].qfont())
    layout.setCacheEnabled(True)
    layout.setTextOption(_option(style.align, right=_reads_left(text)))
    ranges = []
    for index, group in itertools.groupby(range(len(chosen)), key=chosen.__getitem__):
        if index:
            members = list(group)
            piece = QTextLayout.FormatRange()
            piece.start = units[members[0]]
            piece.length = units[members[-1] + 1] - piece.start
            piece.format = _format(fonts[index])
            ranges.append(piece)
    if ranges:
        layout.setFormats(ranges)
    return _Paragraph(text, layout, chosen, units)


@functools.lru_cache(maxsize=16)
def _option(align: str, *, right: bool) -> QTextOption:
    """How lines are broken and where they stand."""
    option = QTextOption()
    option.setUseDesignMetrics(True)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if right else Qt.LayoutDirection.LeftToRight)
    side = align if align != "start" else ("right" if right else "left")
    option.setAlignment(_ALIGNMENTS[side] | Qt.AlignmentFlag.AlignAbsolute)
    return option


def _format(face: Face) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setFont(face.qfont())
    return made


def _units(text: str) -> list[int]:
    return [0, *itertools.accumulate(2 if character > "\uffff" else 1 for character in text)]


def _broken(text: str, width: float, room: int | None, style: Style) -> tuple[list[Line], int]:
    """Break one paragraph into at most `room` lines.

    Returns:
        the lines, and the number of characters they hold. A paragraph without a character is one empty line.
    """
    paragraph = _paragraph(text, style)
    layout = paragraph.layout
    lines: list[Line] = []
    end = 0
    layout.beginLayout()
    while room is None or len(lines) < room:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(_ORIGIN)
        lines.append(Line(paragraph, len(lines)))
        end = line.textStart() + line.textLength()
        if not line.textLength():
            break
    layout.endLayout()
    return lines, paragraph.character_at(end)


_Glyph: TypeAlias = tuple[int, int, float, float]
"""UTF-16 index, number, left end, height above the baseline."""


@attrs.frozen
class _Run:
    """Glyphs of one font and one direction."""

    left: float
    leftward: bool
    glyphs: Sequence[_Glyph]


def atoms(line: Line, fonts: Sequence[Face]) -> list[Atom]:
    """The atoms of a line from left to right as they appear on paper."""
    paragraph = line.paragraph
    laid = paragraph.layout.lineAt(line.number)
    runs = _runs(laid)
    at, text = paragraph.character_at, paragraph.text
    # A joiner has no place of its own: it goes with the letter before it.
    found = {at(glyph[0]) for run in runs for glyph in run.glyphs}
    starts = sorted(first for first in found if text[first] not in _JOINERS)
    stop = at(laid.textStart() + laid.textLength())
    following = dict(itertools.pairwise([*starts, stop]))
    row: list[Atom] = []
    for run in runs:
        for first, together in _groups(run.glyphs, at):
            if first not in following:
                continue
            carried = _carried(text[first : following[first]])
            face = paragraph.chosen[first]
            if len(carried) == 1 and len(together) == 1:  # nearly every letter
                _, glyph, left, up = together[0]
                outline = ((face, glyph, 0, round(up)),)
                row.append(Atom(outline, fonts[face].font.advances[glyph], carried, round(left), (first, 0)))
            elif carried:
                row += _group(carried, together, (face, first), fonts[face].font, leftward=run.leftward)
    return row


def _groups(glyphs: Sequence[_Glyph], at: Callable[[int], int]) -> Iterator[tuple[int, Sequence[_Glyph]]]:
    """The glyphs of a run, those together that draw one letter group, with the character they begin at."""
    start, count = 0, len(glyphs)
    while start < count:
        unit, end = glyphs[start][0], start + 1
        while end < count and glyphs[end][0] == unit:
            end += 1
        yield at(unit), glyphs[start:end]
        start = end


def _runs(line: QTextLine) -> list[_Run]:
    """The glyph runs of a line from left to right, and in each the letter groups from left to right."""
    runs = []
    baseline = line.y() + line.ascent()
    for run in line.glyphRuns(line.textStart(), line.textLength(), _WANTED):
        glyphs = [
            (unit, glyph, place.x(), baseline - place.y())
            for unit, glyph, place in zip(run.stringIndexes(), run.glyphIndexes(), run.positions(), strict=True)
        ]
        if glyphs:
            leftward = run.isRightToLeft()
            # Stable: the glyphs of one group stay together and in order.
            glyphs.sort(key=itemgetter(0), reverse=leftward)
            runs.append(_Run(min(map(itemgetter(2), glyphs)), leftward, glyphs))
    runs.sort(key=lambda run: run.left)
    return runs


@functools.lru_cache(maxsize=4096)
def _carried(text: str) -> str:
    """The characters of a letter group that go into the text of the PDF, composed as people type them."""
    head = _shown(text[0])
    kept = [head] if not ignorable(head) or head in _SPELLING else []
    kept += [_shown(c) for c in text[1:] if not c.isspace() and (not ignorable(c) or c in _SPELLING)]
    return unicodedata.normalize("NFC", "".join(kept))


def _group(
    text: str,
    glyphs: Sequence[_Glyph],
    origin: tuple[int, int],
    font: TrueType,
    *,
    leftward: bool,
) -> list[Atom]:
    """One atom for each character of a group; the leftmost draws all of it, the others are blank.

    Args:
        text: what the group stands for.
        glyphs: UTF-16 index, number, left end, height.
        origin: index of the font, and of the first character in the paragraph.
        font: whose glyphs they are.
        leftward: the group is read from right to left.
    """
    face, first = origin
    # A character that is never drawn leaves a blank in the group.
    inked = [entry for entry in glyphs if font.glyph(entry[1])] or glyphs
    # Marks stand where they belong, the pen starts at the letter that carries them.
    places = [x for _, glyph, x, _ in inked if font.advances[glyph]] or [x for _, _, x, _ in inked]
    left_end = round(min(places))
    outline = tuple((face, glyph, round(x) - left_end, round(y)) for _, glyph, x, y in inked)
    total = sum(font.advances[glyph] for _, glyph, _, _ in inked)
    return slots(text, outline, total, left_end, first, leftward=leftward)


def slots(text: str, outline: Outline, width: int, x: int, first: int, *, leftward: bool) -> list[Atom]:
    """Share the width of a drawn letter group among its characters, from left to right.

    A reader of the PDF puts characters in order by where they stand, and no two readers agree on the order inside
    a code that means several characters: so each has its own code and its own place. Several marks on a letter read
    leftward stay in their order, because PDFium does not turn marks round.
    """
    if len(text) == 1:
        return [Atom(outline, width, text, x, (first, 0))]
    ranks = list(range(len(text)))
    if leftward:
        stretches = [list(group) for _, group in itertools.groupby(ranks, key=lambda rank: _is_mark(text[rank]))]
        ranks = [rank for stretch in reversed(stretches) for rank in _turned(stretch, text)]
    count = len(ranks)
    edges = [width * index // count for index in range(count + 1)]
    return [
        Atom(() if index else outline, edges[index + 1] - edges[index], text[rank], x + edges[index], (first, rank))
        for index, rank in enumerate(ranks)
    ]


def _turned(stretch: list[int], text: str) -> list[int]:
    return stretch if _is_mark(text[stretch[0]]) else stretch[::-1]


def _is_mark(character: str) -> bool:
    return unicodedata.bidirectional(character) == "NSM"
