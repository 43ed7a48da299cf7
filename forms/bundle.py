# SPDX-License-Identifier: GPL-3.0-or-later
"""The paper bundle: all exhibits of a list in one PDF, with contents, dividers, stamps and continuous page numbers.

The number printed at the foot of a page is the number a reader's program shows for it: a court quotes one and finds
the other. Bookmarks and contents lead to the exhibits. Administrative courts refuse a single file with bookmarks since
2021 (art. R. 414-5 CJA, décret n° 2020-1245): this bundle is for paper, for the parquet and for lawyers.
"""

from collections.abc import Callable, Sequence
from typing import BinaryIO, Final

import attrs

from forms.binding.assembly import Assembly, reference, text_string
from forms.binding.paper import Labels, Sheet, Sheets
from forms.binding.source import Layers, Leaf
from forms.binding.writing import Place, at_full_size, mark_text, stamp_text, write_pages
from forms.pages import BundleItem, exhibit_name, read
from forms.problems import FormError, Problem
from forms.text import A4, Box, Style

__all__ = ["BundleItem", "BundleReport", "BundleText", "ItemPages", "build"]

_LEFT: Final = 56.0
_RIGHT: Final = A4[0] - 56.0
_TOP: Final = A4[1] - 72.0
_BOTTOM: Final = 56.0
# Columns of the contents: number, title, date, page. « 22 septembre 2026 » stands on one line, « entre le 12 et le
# 13 septembre 2026 » on two.
_COLUMNS: Final = ((_LEFT, _LEFT + 34), (_LEFT + 40, _RIGHT - 160), (_RIGHT - 150, _RIGHT - 44), (_RIGHT - 38, _RIGHT))
_HEADS: Final = (("N°", "left"), ("Intitulé", "left"), ("Date", "left"), ("Page", "right"))
_MANY: Final = 10  # pages of an exhibit from which each has a bookmark of its own

_TITLE: Final = Style(size=18, min_size=18, bold=True, leading=1.25)
_SUBTITLE: Final = Style(size=10.5, min_size=10.5, grey=0.25, leading=1.35)
_HEAD: Final = Style(size=9, min_size=9, bold=True)
_ROW: Final = Style(size=10.5, min_size=10.5)
_NUMBER: Final = Style(size=10.5, min_size=10.5, bold=True)
_PAGE: Final = Style(size=10.5, min_size=10.5, align="right")
_SMALL: Final = Style(size=8.5, min_size=8.5, grey=0.35)


@attrs.frozen
class BundleText:
    """What the first page says.

    Args:
        title: heading of the contents, and title of the file.
        subtitle_lines: under it: authority, persons, date…
        practice: made in a practice vault: « EXERCICE » on each page.
        draft: incomplete: « BROUILLON » on each page.
    """

    title: str
    subtitle_lines: tuple[str, ...] = ()
    practice: bool = False
    draft: bool = False


@attrs.frozen
class ItemPages:
    """Where an exhibit stands: numbers of its first and last page, how many it has, and what to know about them."""

    number: int
    first: int
    last: int
    pages: int
    problems: tuple[Problem, ...] = ()


@attrs.frozen
class BundleReport:
    """What was made: the place of each exhibit, the number of pages, all problems."""

    items: tuple[ItemPages, ...]
    total: int
    problems: tuple[Problem, ...]


@attrs.frozen(eq=False)
class _Bound:
    """An exhibit after it was read."""

    item: BundleItem
    divider: Sheet | None
    leaves: tuple[Leaf | Sheet, ...]
    problems: tuple[Problem, ...]


def build(
    out: BinaryIO,
    text: BundleText,
    items: Sequence[BundleItem],
    *,
    dividers: bool = True,
    full_size: bool = False,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> BundleReport:
    """Write the bundle. The same exhibits give the same bytes.

    Args:
        out: takes the PDF from its first byte to its last; not closed here. Worthless when an error is raised.
        text: what the first page says.
        items: the exhibits in the order of their list.
        dividers: a page with number, title and date before each exhibit.
        full_size: keep the pages of PDF exhibits at their exact size, as for a plan to scale; what they have at the
            very top or foot may then lie under a stamp. Otherwise they are drawn a few per cent smaller.
        progress: told how many of how many exhibits are done.
        cancelled: asked before each exhibit.

    Raises:
        FormError: `bundle.empty`; `bundle.cancelled`; `text.no_application` without a running Qt application.
        OSError: or whatever else `out` or the stream of an original raises.
    """
    if not items:
        raise FormError(
            "bundle.empty", "Le bordereau ne contient aucune pièce\u00a0: ajoutez-en une, puis recommencez."
        )
    labels = Labels()
    labels.learn(_all_texts(text, items))
    sheets = Sheets(labels)
    target = Assembly(out)
    layers = Layers()
    bound: list[_Bound] = []
    for item in items:
        _go_on(cancelled)
        divider = _divider(item, sheets) if dividers else None
        pages = read(item, target, layers, sheets)
        leaves = tuple(at_full_size(leaf) for leaf in pages.leaves) if full_size else pages.leaves
        bound.append(_Bound(item, divider, leaves, pages.problems))
        if progress is not None:
            progress(len(bound), len(items))
    _go_on(cancelled)
    return _Binder(text, bound, sheets, target, layers).finish()


def _go_on(cancelled: Callable[[], bool] | None) -> None:
    if cancelled is not None and cancelled():
        raise FormError("bundle.cancelled", "La fabrication de la liasse a été interrompue\u00a0: rien n’a été gardé.")


def _all_texts(text: BundleText, items: Sequence[BundleItem]) -> list[str]:
    own = ["0123456789/. Pièce n° – p. EXERCICE BROUILLON CONFIDENTIELLE Intitulé Date Page", text.title]
    return [*own, *text.subtitle_lines, *(part for item in items for part in (item.title, item.date, item.nature))]


def _divider(item: BundleItem, sheets: Sheets) -> Sheet:
    """The page before an exhibit."""
    sheet = sheets.add()
    left, right = _LEFT + 30, _RIGHT - 30
    y = A4[1] * 0.64
    sheet.rule(left, right, y, 0.8)
    y -= 28
    head = Style(size=32, min_size=32, bold=True, align="center", leading=1.25)
    y -= sheet.text(Box(left, y - 42, right, y), exhibit_name(item), head) + 14
    lines = [(item.title, Style(size=16, min_size=9, align="center", leading=1.35))]
    for words in (item.date, item.nature):
        lines.append((words, Style(size=11, min_size=9, align="center", grey=0.3)))
    if item.confidential:
        lines.append(("CONFIDENTIELLE", Style(size=12, min_size=12, bold=True, align="center")))
    for words, style in lines:
        if words:
            height = min(sheet.height(words, right - left, style), 260)
            y -= sheet.text(Box(left, y - height, right, y), words, style) + 8
    sheet.rule(left, right, y - 18, 0.8)
    return sheet


@attrs.frozen(eq=False)
class _Row:
    """A line of the contents: the exhibit, the second line under its title, the heights of both and of its date."""

    bound: _Bound
    note: str
    title_height: float
    note_height: float
    date_height: float

    @property
    def room(self) -> float:
        """What the tallest of its columns needs, in points."""
        return max(self.title_height + self.note_height, self.date_height)

    @property
    def height(self) -> float:
        """With the space around it."""
        return self.room + 11


class _Binder:
    """Brings the pages of all exhibits into their order and writes what depends on the whole."""

    def __init__(
        self, text: BundleText, bound: Sequence[_Bound], sheets: Sheets, target: Assembly, layers: Layers
    ) -> None:
        self._text = text
        self._bound = bound
        self._sheets = sheets
        self._target = target
        self._layers = layers
        self._parent = target.reserve()

    def finish(self) -> BundleReport:
        """Number the pages, write contents, stamps, pages, bookmarks and the end of the file."""
        rows = self._rows()
        places = [Place(self._target.reserve(), self._sheets.add()) for _ in rows]
        starts: list[tuple[int, int]] = []  # index in `places` of divider and first page of each exhibit
        for bound in self._bound:
            start = len(places)
            if bound.divider is not None:
                places.append(Place(self._target.reserve(), bound.divider))
            starts.append((start, len(places)))
            count = len(bound.leaves)
            for number, leaf in enumerate(bound.leaves, start=1):
                places.append(Place(self._target.reserve(), leaf, stamp_text(bound.item, number, count)))
        firsts = {id(bound): first for bound, (_, first) in zip(self._bound, starts, strict=True)}
        self._contents(rows, places, firsts)
        self._sheets.write(self._target)
        self._pages(places)
        self._end(places, self._outline(places, starts))
        made = tuple(self._placed(bound, firsts[id(bound)]) for bound in self._bound)
        missing = self._missing(places[: len(rows)])
        return BundleReport(made, len(places), (*missing, *(p for item in made for p in item.problems)))

    @staticmethod
    def _placed(bound: _Bound, first: int) -> ItemPages:
        count = len(bound.leaves)
        missing = {c for sheet in (bound.divider, *bound.leaves) if isinstance(sheet, Sheet) for c in sheet.missing}
        problems = bound.problems
        if missing:
            facts: dict[str, str | int] = {"number": bound.item.number, "characters": "".join(sorted(missing))}
            problems += (Problem("", "no_glyph", "warn", facts),)
        return ItemPages(bound.item.number, first + 1, first + count, count, problems)

    @staticmethod
    def _missing(contents: Sequence[Place]) -> tuple[Problem, ...]:
        """Characters of the heading or of a title that no font can draw, when no exhibit has said so."""
        missing = {c for place in contents if isinstance(place.content, Sheet) for c in place.content.missing}
        return (Problem("", "no_glyph", "warn", {"characters": "".join(sorted(missing))}),) if missing else ()

    def _rows(self) -> list[list[_Row]]:
        """The lines of each page of the contents."""
        width, date_width = (x1 - x0 for x0, x1 in _COLUMNS[1:3])
        pages: list[list[_Row]] = [[]]
        y = _TOP - self._heading_height()
        for bound in self._bound:
            count = len(bound.leaves)
            pages_text = "" if bound.item.absent else f"{count}\u00a0page{'s' if count > 1 else ''}"
            note = ", ".join(
                p for p in (bound.item.nature, pages_text, "confidentielle" * bound.item.confidential) if p
            )
            title = min(self._sheets.height(bound.item.title, width, _ROW), 400.0)
            date = min(self._sheets.height(bound.item.date, date_width, _ROW), 400.0)
            row = _Row(bound, note, title, self._sheets.height(note, width, _SMALL), date)
            if y - row.height < _BOTTOM and pages[-1]:
                pages.append([])
                y = _TOP - 24
            pages[-1].append(row)
            y -= row.height
        return pages

    def _heading_height(self) -> float:
        width = _RIGHT - _LEFT
        heights = [self._sheets.height(self._text.title, width, _TITLE)]
        heights += [self._sheets.height(line, width, _SUBTITLE) for line in self._text.subtitle_lines]
        return min(sum(heights) + 20 + 24, 500.0)

    def _contents(self, rows: Sequence[Sequence[_Row]], places: Sequence[Place], firsts: dict[int, int]) -> None:
        """Write the contents, each line with a link to the first page of its exhibit."""
        for index, page in enumerate(rows):
            sheet = places[index].content
            if not isinstance(sheet, Sheet):
                raise TypeError("contents")
            y = _TOP if index else self._heading(sheet)
            y = self._column_heads(sheet, y)
            for row in page:
                first = firsts[id(row.bound)]
                cells = (str(row.bound.item.number), row.bound.item.title, row.bound.item.date, str(first + 1))
                styles = (_NUMBER, _ROW, _ROW, _PAGE)
                for (x0, x1), words, style in zip(_COLUMNS, cells, styles, strict=True):
                    sheet.text(Box(x0, y - row.room, x1, y), words, style)
                below = y - row.title_height
                x0, x1 = _COLUMNS[1]
                sheet.text(Box(x0, below - row.note_height, x1, below), row.note, _SMALL)
                sheet.links.append((Box(_LEFT, y - row.height + 6, _RIGHT, y + 3), places[first].number))
                sheet.rule(_LEFT, _RIGHT, y - row.height + 5.5, 0.3, 0.75)
                y -= row.height

    def _heading(self, sheet: Sheet) -> float:
        y = _TOP
        for words, style in ((self._text.title, _TITLE), *((line, _SUBTITLE) for line in self._text.subtitle_lines)):
            height = min(sheet.height(words, _RIGHT - _LEFT, style), max(20.0, y - 260))
            y -= sheet.text(Box(_LEFT, y - height, _RIGHT, y), words, style) + (4 if style is _TITLE else 0)
        return y - 16

    @staticmethod
    def _column_heads(sheet: Sheet, y: float) -> float:
        for (x0, x1), (words, side) in zip(_COLUMNS, _HEADS, strict=True):
            style = attrs.evolve(_HEAD, align="right" if side == "right" else "left")
            sheet.text(Box(x0, y - 12, x1, y), words, style)
        sheet.rule(_LEFT, _RIGHT, y - 15, 0.8)
        return y - 24

    def _pages(self, places: Sequence[Place]) -> None:
        total = len(places)
        feet = [f"{index} / {total}" for index in range(1, total + 1)]
        mark = mark_text(practice=self._text.practice, draft=self._text.draft)
        write_pages(self._target, self._sheets, places, feet, parent=self._parent, mark=mark)

    def _outline(self, places: Sequence[Place], starts: Sequence[tuple[int, int]]) -> int:
        """Write the bookmarks: contents, then each exhibit at its divider, the pages of a long one below it."""
        top = _Bookmark(self._text.title, places[0].number)
        marks = [top]
        for bound, (start, first) in zip(self._bound, starts, strict=True):
            below = []
            count = len(bound.leaves)
            if count >= _MANY:
                below = [_Bookmark(f"p.\u00a0{n + 1}/{count}", places[first + n].number) for n in range(count)]
            name = f"{exhibit_name(bound.item)} – {bound.item.title}"
            marks.append(_Bookmark(name, places[start].number, tuple(below)))
        root = self._target.reserve()
        ends = _write_bookmarks(marks, root, self._target)
        ends_text = b"/First %b /Last %b" % (reference(ends[0]), reference(ends[1]))
        return self._target.put(b"<< /Type /Outlines %b /Count %d >>" % (ends_text, len(marks)), root)

    def _end(self, places: Sequence[Place], outline: int) -> None:
        catalogue = [
            b"/Type /Catalog /Pages %b /Outlines %b" % (reference(self._parent), reference(outline)),
            b"/PageMode /UseOutlines /PageLabels << /Nums [0 << /S /D >>] >> /Lang (fr-FR)",
            b"/ViewerPreferences << /DisplayDocTitle true >>",
            self._layers.entry(),
        ]
        root = self._target.put(b"<< %b >>" % b" ".join(entry for entry in catalogue if entry))
        info = self._target.put(b"<< /Title %b >>" % text_string(self._text.title))
        self._target.finish(root, info)


@attrs.frozen
class _Bookmark:
    title: str
    page: int
    below: tuple["_Bookmark", ...] = ()


def _write_bookmarks(marks: Sequence[_Bookmark], parent: int, target: Assembly) -> tuple[int, int]:
    """Write the bookmarks of one level, those below closed; returns the first and the last."""
    numbers = [target.reserve() for _ in marks]
    for index, (mark, number) in enumerate(zip(marks, numbers, strict=True)):
        parts = [
            b"/Title %b /Parent %b" % (text_string(mark.title), reference(parent)),
            b"/Dest [%b /Fit]" % reference(mark.page),
        ]
        if index:
            parts.append(b"/Prev " + reference(numbers[index - 1]))
        if index + 1 < len(numbers):
            parts.append(b"/Next " + reference(numbers[index + 1]))
        if mark.below:
            first, last = _write_bookmarks(mark.below, number, target)
            parts.append(b"/First %b /Last %b /Count %d" % (reference(first), reference(last), -len(mark.below)))
        target.put(b"<< %b >>" % b" ".join(parts), number)
    return numbers[0], numbers[-1]
