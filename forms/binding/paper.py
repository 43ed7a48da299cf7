# SPDX-License-Identifier: GPL-3.0-or-later
"""Text on the pages of a bundle: our own sheets, and the stamps and numbers on every page.

A bundle has hundreds of pages and one pair of fonts. Plain Latin text, nearly all of it, is set here letter by letter
in those two; whatever needs shaping or another direction goes through the text engine and is laid over the sheet.
"""

import re
from collections.abc import Iterable
from typing import Final

import attrs
import pikepdf

from forms.binding.assembly import Assembly, number_text
from forms.binding.copying import Copier
from forms.binding.source import Leaf, adopt
from forms.text import A4, Box, Canvas, Style, measure
from forms.text.embed import Book
from forms.text.faces import SCALE, faces, ready
from forms.text.setting import Atom, atoms, fit

__all__ = ["Labels", "Sheet", "Sheets", "stamped"]

# Letters that need no shaping: basic and accented Latin, the signs of French typography.
_PLAIN: Final = re.compile("[ -~\u00a0-\u00ac\u00ae-\u017f‐-―‘-„•…€№\n]*")
_BREAK: Final = re.compile("[ \n]|(?<=[-–/_])")
_MIDDLE: Final = 0.388  # how far above the baseline the middle of a line lies, in em, as in the text engine

# As near to the edge of the page as desktop printers go: what is there is hardly ever written on.
_STRIP: Final = 25.0  # points at the top and at the foot, kept for stamps and page numbers
_MARGIN: Final = 14.0
_STAMP_SIZE: Final = 9.0
_FOOT_SIZE: Final = 8.0


class Labels:
    """Plain Latin text in the two fonts of the bundle, regular and bold.

    Raises:
        FormError: `text.no_application` without a running Qt application.
    """

    def __init__(self) -> None:
        ready()
        self._books = {bold: Book(bold=bold) for bold in (False, True)}
        self._characters = faces(False)[0].font.characters & faces(True)[0].font.characters | {ord("\n")}
        self._widths: dict[tuple[str, bool], int] = {}
        self._letters: dict[bool, dict[str, tuple[str, int]]] = {False: {}, True: {}}

    def able(self, text: str) -> bool:
        """Whether a text can be set here."""
        return _PLAIN.fullmatch(text) is not None and self._characters.issuperset(map(ord, text))

    def learn(self, texts: Iterable[str]) -> None:
        """Look up the letters of some texts in both fonts, all at once: one at a time is slow."""
        letters = {letter for text in texts if self.able(text) for letter in text}
        for bold in (False, True):
            self._look_up(letters, bold)

    def _look_up(self, letters: Iterable[str], bold: bool) -> None:
        known = self._letters[bold]
        new = sorted({letter for letter in letters if letter not in known and letter not in " \u00a0\n"})
        # Spaces between them keep the letters from joining.
        row = " ".join(["x", *new])
        line = fit(row, 1e6, None, Style(size=10, min_size=10, multiline=False)).lines[0]
        found: dict[str, Atom] = {atom.character: atom for atom in atoms(line, faces(bold))}
        for letter in new:
            atom = found[letter]
            known[letter] = (f"{self._books[bold].code(atom):04X}", atom.width)
        blank = found[" "]
        for space in (" ", "\u00a0"):
            if space not in known:
                known[space] = (f"{self._books[bold].code(blank._replace(character=space)):04X}", blank.width)

    def _set(self, text: str, bold: bool) -> list[tuple[str, int]]:
        known = self._letters[bold]
        try:
            return [known[letter] for letter in text]
        except KeyError:
            self._look_up(text, bold)
            return [known[letter] for letter in text]

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """How wide a text of one line is, in points."""
        key = (text, bold)
        width = self._widths.get(key)
        if width is None:
            width = self._widths[key] = sum(width for _, width in self._set(text, bold))
        return width * size / SCALE

    def show(self, x: float, y: float, text: str, size: float, bold: bool = False) -> bytes:
        """The operators that write a line from a point of its baseline."""
        codes = "".join(code for code, _ in self._set(text, bold))
        place = b"%b %b Td" % (number_text(x), number_text(y))
        return b"BT /%b %b Tf %b <%b> Tj ET" % (
            b"PB" if bold else b"P",
            number_text(size),
            place,
            codes.encode("ascii"),
        )

    def lines(self, text: str, width: float, size: float, bold: bool = False) -> list[str]:
        """Break a text into lines no wider than a column; a word that is wider alone is cut."""
        done: list[str] = []
        for paragraph in text.split("\n"):
            line = ""
            for word in _words(paragraph):
                if line and self.width((line + word).rstrip(" "), size, bold) > width:
                    done.append(line.rstrip(" "))
                    line = ""
                piece = word
                while self.width(piece.rstrip(" "), size, bold) > width and len(piece) > 1:
                    cut = self._cut(piece, width, size, bold)
                    done.append(piece[:cut])
                    piece = piece[cut:]
                line += piece
            done.append(line.rstrip(" "))
        return done

    def _cut(self, word: str, width: float, size: float, bold: bool) -> int:
        """How many letters of a word the column takes; at least one."""
        used = 0
        for place, (_, advance) in enumerate(self._set(word, bold)):
            used += advance
            if used * size / SCALE > width and place:
                return place
        return len(word)

    def fonts(self, target: Assembly, numbers: tuple[int, int]) -> None:
        """Write the two fonts under the numbers reserved for them: regular, bold."""
        with pikepdf.new() as source:
            copier = Copier(source, target)
            for bold, number in zip((False, True), numbers, strict=True):
                copier.take(self._books[bold].font(source), number)
            copier.flush()


def _words(text: str) -> list[str]:
    """A text cut where a line may end; the space stays with the word before it."""
    cuts = [match.end() for match in _BREAK.finditer(text)]
    return [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True) if end > start]


@attrs.define(eq=False)
class Sheet:
    """One page of ours while it is drawn: A4 upright.

    Args:
        labels: sets plain text.
        sheets: keeps what goes through the text engine.
    """

    _sheets: "Sheets"
    operators: list[bytes] = attrs.field(factory=list)
    links: list[tuple[Box, int]] = attrs.field(factory=list)  # the area, and the page object it leads to
    missing: set[str] = attrs.field(factory=set)
    overlay: int | None = None

    def height(self, text: str, width: float, style: Style) -> float:
        """How high a text would be in a column, in points."""
        return self._sheets.height(text, width, style)

    def text(self, box: Box, text: str, style: Style) -> float:
        """Write a text into a box from its top; returns the height used, in points."""
        labels = self._sheets.labels
        if not labels.able(text):
            return self._shaped(box, text, style)
        step = style.size * style.leading
        lines = labels.lines(text, box.width, style.size, style.bold)[: max(1, int((box.height + 0.01) / step))]
        y = box.y1 - step / 2 - style.size * _MIDDLE
        self.operators.append(number_text(style.grey) + b" g")
        for line in lines:
            spare = box.width - labels.width(line, style.size, style.bold)
            x = box.x0 + {"center": spare / 2, "right": spare}.get(style.align, 0.0)
            self.operators.append(labels.show(x, y, line, style.size, style.bold))
            y -= step
        return len(lines) * step

    def _shaped(self, box: Box, text: str, style: Style) -> float:
        canvas = self._sheets.canvas
        if self.overlay is None:
            self.overlay = canvas.add_page(*A4)
            self._sheets.overlays.append(self)
        placed = canvas.text(box, text, style)
        self.missing.update(placed.missing)
        return placed.height

    def rule(self, x0: float, x1: float, y: float, width: float = 0.5, grey: float = 0.0) -> None:
        """Draw a horizontal line."""
        ends = (number_text(x0), number_text(y), number_text(x1), number_text(y))
        self.operators.append(b"%b w %b G %b %b m %b %b l S" % (number_text(width), number_text(grey), *ends))


class Sheets:
    """All pages of ours in one bundle.

    Args:
        labels: sets plain text.
    """

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.canvas = Canvas()
        self.overlays: list[Sheet] = []
        self._numbers: dict[int, int] = {}

    def add(self) -> Sheet:
        """A new sheet, finished before the next is begun."""
        return Sheet(self)

    def height(self, text: str, width: float, style: Style) -> float:
        """How high a text would be in a column, in points."""
        if self.labels.able(text):
            return len(self.labels.lines(text, width, style.size, style.bold)) * style.size * style.leading
        return measure(text, width, style).height

    def write(self, target: Assembly) -> None:
        """Write what went through the text engine."""
        if self.overlays:
            numbers = [target.reserve() for _ in self.overlays]
            adopt(self.canvas, target, numbers)
            self._numbers = {id(sheet): number for sheet, number in zip(self.overlays, numbers, strict=True)}

    def leaf(self, sheet: Sheet) -> Leaf:
        """The finished page; only after `write`."""
        drawings = {}
        operators = b"\n".join(sheet.operators)
        if id(sheet) in self._numbers:
            drawings["X"] = self._numbers[id(sheet)]
            operators += b"\n/X Do"
        return Leaf((0.0, 0.0, *A4), operators, drawings)


def stamped(leaf: Leaf, labels: Labels, *, stamp: str | None, foot: str, mark: str | None) -> bytes:
    """The content of a finished page: what is on it, and above that its stamp, its number and a mark.

    All three stand upright as the page is read, on white, and keep their printed size: a page larger than A4, which
    is scaled down for the printer, gets larger ones.

    Args:
        leaf: the page.
        labels: sets the text.
        stamp: top right, in a frame.
        foot: bottom centre; empty for nothing.
        mark: top left, in a frame.
    """
    left, low, right, high = leaf.box
    wide, tall = (right - left) * leaf.unit, (high - low) * leaf.unit
    if leaf.rotate in {90, 270}:
        wide, tall = tall, wide
    scale = max(1.0, min(wide, tall) / A4[0])
    needed = sum(labels.width(text, _STAMP_SIZE, bold=True) + 30 for text in (stamp, mark) if text)
    scale = min(scale, wide / max(needed, 60.0), tall / 70.0)
    unit = scale / leaf.unit
    turn = {
        0: (unit, 0, 0, unit, left, low),
        90: (0, unit, -unit, 0, right, low),
        180: (-unit, 0, 0, -unit, right, high),
        270: (0, -unit, unit, 0, left, high),
    }[leaf.rotate]
    wide, tall = wide / scale, tall / scale
    margin = min(_MARGIN, 0.04 * wide)
    parts = [b"q", *_drawn_in(leaf, tall), leaf.operators, b"Q", b"q", b" ".join(map(number_text, turn)) + b" cm"]
    if stamp:
        width = labels.width(stamp, _STAMP_SIZE, bold=True) + 10
        parts.append(_plate(labels, wide - margin - width, tall - 24, width, stamp))
    if mark:
        width = labels.width(mark, _STAMP_SIZE, bold=True) + 10
        parts.append(_plate(labels, margin, tall - 24, width, mark))
    if foot:
        width = labels.width(foot, _FOOT_SIZE) + 8
        start = (wide - width) / 2
        parts.append(b"1 g %b 9 %b 11 re f" % (number_text(start), number_text(width)))
        parts.append(b"0.2 g " + labels.show(start + 4, 11.6, foot, _FOOT_SIZE))
    parts.append(b"Q")
    return b"\n".join(parts)


def _drawn_in(leaf: Leaf, tall: float) -> tuple[bytes, ...]:
    """Shrinks a page that may be written up to its edges, so that no word of an exhibit lies under a stamp.

    The sheet keeps its size and prints at 100 %; what is on it becomes a few per cent smaller, about its centre.
    """
    if not leaf.full:
        return ()
    left, low, right, high = leaf.box
    factor = max(0.8, 1 - 2 * _STRIP / tall)
    x, y = (1 - factor) * (left + right) / 2, (1 - factor) * (low + high) / 2
    return (b" ".join(map(number_text, (factor, 0, 0, factor, x, y))) + b" cm",)


def _plate(labels: Labels, x: float, y: float, width: float, text: str) -> bytes:
    """A line of text in a white frame 14 points high."""
    frame = b"1 g 0.25 G 0.5 w %b %b %b 14 re B" % (number_text(x), number_text(y), number_text(width))
    return frame + b" 0 g " + labels.show(x + 5, y + 3.9, text, _STAMP_SIZE, bold=True)
