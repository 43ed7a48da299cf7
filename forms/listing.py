# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists as PDF files: films that go beside the paper, the inventory of a series; and the sheet for what is withheld."""

from collections.abc import Sequence
from typing import BinaryIO, Final

import attrs

from forms.binding.assembly import Assembly, reference, text_string
from forms.binding.paper import Labels, Sheet, Sheets
from forms.binding.writing import Place, mark_text, write_pages
from forms.text import A4, Box, Style

__all__ = ["Column", "ListText", "list_pdf", "sheet_pdf"]

_LEFT: Final = 56.0
_RIGHT: Final = A4[0] - 56.0
_TOP: Final = A4[1] - 72.0
_BOTTOM: Final = 56.0
_GAP: Final = 8.0

_TITLE: Final = Style(size=18, min_size=18, bold=True, leading=1.25)
_LINE: Final = Style(size=10.5, min_size=10.5, grey=0.25, leading=1.35)
_HEAD: Final = Style(size=9, min_size=9, bold=True)
_CELL: Final = Style(size=9.5, min_size=9.5, leading=1.3)
_NOTE: Final = Style(size=9.5, min_size=9.5, leading=1.35)
_TALLEST: Final = 400.0  # of a line: a title of that length is cut, the number and the hash stay


@attrs.frozen
class Column:
    """One column: its heading, and its share of the width."""

    heading: str
    share: float


@attrs.frozen
class ListText:
    """What stands around the lines.

    Args:
        title: heading, and title of the file.
        subtitle_lines: under it.
        notes: after the last line.
        practice: « EXERCICE » on each page.
        draft: « BROUILLON » on each page.
    """

    title: str
    subtitle_lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    practice: bool = False
    draft: bool = False


class _Writer:
    """Fills one sheet after the other from the top."""

    def __init__(self, sheets: Sheets) -> None:
        self._sheets = sheets
        self.made: list[Sheet] = [sheets.add()]
        self.y = _TOP

    @property
    def sheet(self) -> Sheet:
        return self.made[-1]

    def turn(self) -> None:
        """A new page."""
        self.made.append(self._sheets.add())
        self.y = _TOP

    def paragraph(self, text: str, style: Style, after: float = 0.0) -> None:
        """A text over the whole width."""
        height = min(self._sheets.height(text, _RIGHT - _LEFT, style), _TALLEST)
        if self.y - height < _BOTTOM:
            self.turn()
        self.y -= self.sheet.text(Box(_LEFT, self.y - height, _RIGHT, self.y), text, style) + after


def list_pdf(out: BinaryIO, text: ListText, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> int:
    """Write a list; the headings stand on each page. Returns how many pages it has.

    Args:
        out: takes the PDF.
        text: what stands around the lines.
        columns: their headings and widths.
        rows: a text per column; the first column is set in bold.

    Raises:
        FormError: `text.no_application` without a running Qt application.
    """
    sheets = Sheets(Labels())
    writer = _Writer(sheets)
    writer.paragraph(text.title, _TITLE, 4)
    for line in text.subtitle_lines:
        writer.paragraph(line, _LINE)
    writer.y -= 16
    edges = _edges(columns)
    _headings(writer, columns, edges)
    for row in rows:
        height = min(
            max(sheets.height(cell, x1 - x0, _style(n)) for n, (cell, (x0, x1)) in enumerate(_zip(row, edges))),
            _TALLEST,
        )
        if writer.y - height - 8 < _BOTTOM:
            writer.turn()
            _headings(writer, columns, edges)
        for n, (cell, (x0, x1)) in enumerate(_zip(row, edges)):
            writer.sheet.text(Box(x0, writer.y - height, x1, writer.y), cell, _style(n))
        writer.y -= height + 4
        writer.sheet.rule(_LEFT, _RIGHT, writer.y, 0.3, 0.75)
        writer.y -= 4
    writer.y -= 8
    for note in text.notes:
        writer.paragraph(note, _NOTE, 4)
    return _finish(out, text, sheets, writer.made)


def sheet_pdf(out: BinaryIO, text: ListText) -> int:
    """Write a page that says something in the place of an exhibit; returns how many pages it has."""
    sheets = Sheets(Labels())
    writer = _Writer(sheets)
    writer.paragraph(text.title, _TITLE, 8)
    for line in text.subtitle_lines:
        writer.paragraph(line, _LINE, 2)
    writer.sheet.rule(_LEFT, _RIGHT, writer.y - 6, 0.8)
    writer.y -= 24
    for note in text.notes:
        writer.paragraph(note, Style(size=12, min_size=12, leading=1.4), 6)
    return _finish(out, text, sheets, writer.made)


def _zip(row: Sequence[str], edges: Sequence[tuple[float, float]]) -> list[tuple[str, tuple[float, float]]]:
    return list(zip(row, edges, strict=True))


def _style(column: int) -> Style:
    return attrs.evolve(_CELL, bold=True) if column == 0 else _CELL


def _edges(columns: Sequence[Column]) -> list[tuple[float, float]]:
    """Left and right of each column."""
    width = _RIGHT - _LEFT - _GAP * (len(columns) - 1)
    total = sum(column.share for column in columns)
    edges = []
    x = _LEFT
    for column in columns:
        end = x + width * column.share / total
        edges.append((x, end))
        x = end + _GAP
    return edges


def _headings(writer: _Writer, columns: Sequence[Column], edges: Sequence[tuple[float, float]]) -> None:
    """The heads of the columns, as high as the one that takes most lines."""
    heads = list(zip(columns, edges, strict=True))
    height = max(writer.sheet.height(column.heading, x1 - x0, _HEAD) for column, (x0, x1) in heads)
    for column, (x0, x1) in heads:
        writer.sheet.text(Box(x0, writer.y - height, x1, writer.y), column.heading, _HEAD)
    writer.y -= height + 4
    writer.sheet.rule(_LEFT, _RIGHT, writer.y, 0.8)
    writer.y -= 7


def _finish(out: BinaryIO, text: ListText, sheets: Sheets, made: Sequence[Sheet]) -> int:
    target = Assembly(out)
    parent = target.reserve()
    places = [Place(target.reserve(), sheet) for sheet in made]
    sheets.write(target)
    count = len(places)
    feet = [f"{n} / {count}" if count > 1 else "" for n in range(1, count + 1)]
    write_pages(target, sheets, places, feet, parent=parent, mark=mark_text(practice=text.practice, draft=text.draft))
    root = target.put(
        b"<< /Type /Catalog /Pages %b /Lang (fr-FR) /ViewerPreferences << /DisplayDocTitle true >> >>"
        % reference(parent)
    )
    target.finish(root, target.put(b"<< /Title %b >>" % text_string(text.title)))
    return count
