# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages with text, rules and boxes on them: a PDF of its own, or one to lay over the pages of another."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from forms.text.codes import packed
from forms.text.comb import combed, letter_groups
from forms.text.embed import Book
from forms.text.faces import faces, ready
from forms.text.page import OWN_COORDINATES, Page, Row, grey_level, ink, number
from forms.text.setting import Atom, Fitted, atoms, clean, fit, missing
from forms.text.shapes import A4, Box, Placed, Style

__all__ = ["Canvas", "measure"]

# How far above the baseline the middle of a line lies, in em: of its capitals, and of its whole height.
_CAPITALS: Final = 0.357
_LINE: Final = 0.388

_PLAIN: Final = Style()


def measure(text: str, width: float, style: Style) -> Placed:
    """Set a text in a column of unlimited height without drawing it.

    Args:
        text: paragraphs separated by line ends.
        width: of the column, in points.
        style: how; a style of one line may shrink to the width and may leave a rest, any other keeps its size.

    Raises:
        FormError: `text.no_application` without a running Qt application.
    """
    ready()
    plain = clean(text, multiline=style.multiline)
    return _placed(fit(plain, width, None, style), style, missing(plain))


def _placed(fitted: Fitted, style: Style, absent: tuple[str, ...]) -> Placed:
    count = len(fitted.lines)
    step = style.leading * fitted.size if style.multiline else fitted.size
    return Placed(fitted.size, count, count * step, fitted.rest, absent, fitted.size < style.size)


class Canvas:
    """A new PDF, drawn page by page on a transparent ground.

    Raises:
        FormError: `text.no_application` without a running Qt application.
    """

    def __init__(self) -> None:
        ready()
        self._pages: list[Page] = []
        self._set: dict[tuple[str, float, float, Style], tuple[Placed, list[list[Atom]]]] = {}
        """What was set before: forms ask for the same name in several places."""
        self._current = -1

    def add_page(self, width: float = A4[0], height: float = A4[1]) -> int:
        """Begin a page of a size in points; what follows is drawn on it. Returns its index."""
        self._pages.append(Page(width, height))
        self._current = len(self._pages) - 1
        return self._current

    def turn_to(self, page: int) -> None:
        """Go on drawing on a page that was begun before, by its index."""
        if not 0 <= page < len(self._pages):
            raise IndexError(page)
        self._current = page

    @property
    def current(self) -> int:
        """The page that is drawn on, by its index."""
        return self._current

    @property
    def _page(self) -> Page:
        if not self._pages:
            raise ValueError("no page")
        return self._pages[self._current]

    def text(self, box: Box, text: str, style: Style = _PLAIN) -> Placed:
        """Set a text in a box of the current page; each paragraph has the direction of its first strong character.

        Only whole lines that fit are drawn, the rest is handed back. A style of one line always draws one.
        """
        ready()
        page = self._page
        key = (text, box.width, box.height, style)
        if key not in self._set:
            plain = clean(text, multiline=style.multiline)
            fitted = fit(plain, box.width, box.height, style)
            fonts = faces(style.bold)
            self._set[key] = _placed(fitted, style, missing(plain)), [atoms(line, fonts) for line in fitted.lines]
        placed, lines = self._set[key]
        step = style.leading * placed.size
        top = _first_baseline(box, placed, style, step)
        colour = ink(style)
        for index, line in enumerate(lines):
            page.items.append(Row(line, box.x0, top - index * step, placed.size, style.bold, colour))
        return placed

    def comb(self, box: Box, text: str, cells: int, style: Style = _PLAIN) -> Placed:
        """Write one letter in the middle of each of `cells` equal cells, from the right for a text so read.

        The text of the page has the letters side by side, so that a search for the value finds it.
        """
        ready()
        page = self._page
        plain = clean(text, multiline=False)
        groups = letter_groups(plain)
        shown = "".join(groups[:cells])
        size, row = combed(shown, box, cells, style)
        if row:
            middle = (box.y0 + box.y1) / 2 - _CAPITALS * size
            page.items.append(Row(row, box.x0, middle, size, style.bold, ink(style)))
        rest = "".join(groups[cells:])
        return Placed(size, int(bool(row)), size if row else 0.0, rest, missing(plain), size < style.size)

    @contextmanager
    def turned(self, box: Box, degrees: int) -> Iterator[Box]:
        """Draw inside a box whose text is turned counter-clockwise by a multiple of 90 degrees.

        Yields:
            The box to draw in: the same one, or for a turned box one that starts at 0, 0, its width along the text.
        """
        if degrees % 360 == 0:
            yield box
            return
        along = degrees % 180 == 0
        matrix = {
            90: (0, 1, -1, 0, box.x1, box.y0),
            180: (-1, 0, 0, -1, box.x1, box.y1),
            270: (0, -1, 1, 0, box.x0, box.y1),
        }[degrees % 360]
        self.command(f"{OWN_COORDINATES}{' '.join(map(number, matrix))} cm")
        yield Box(0, 0, box.width if along else box.height, box.height if along else box.width)
        self.command("Q")

    def command(self, text: str) -> None:
        """Add a drawing command ready made."""
        self._page.items.append(text)

    def mark(self) -> int:
        """How much is drawn on the page, for `back_to`."""
        return len(self._page.items)

    def back_to(self, mark: int) -> None:
        """Take away what was drawn on the page since the mark."""
        del self._page.items[mark:]

    def line(  # noqa: PLR0917  (two points, as everywhere in drawing)
        self, x0: float, y0: float, x1: float, y1: float, width: float = 0.4, grey: float = 0.0
    ) -> None:
        """Draw a rule of a width in points."""
        ends = f"{number(x0)} {number(y0)} m {number(x1)} {number(y1)} l S"
        self._page.items.append(f"{number(width)} w {grey_level(grey)} G {ends}")

    def rect(self, box: Box, *, fill: float | None = None, stroke: float | None = 0.0, width: float = 0.4) -> None:
        """Draw a rectangle, filled and outlined in greys; `None` leaves that part out."""
        sides = " ".join(number(value) for value in (box.x0, box.y0, box.width, box.height))
        if fill is not None:
            self._page.items.append(f"{grey_level(fill)} g {sides} re f")
        if stroke is not None:
            self._page.items.append(f"{number(width)} w {grey_level(stroke)} G {sides} re S")

    def tick(self, box: Box) -> None:
        """Draw a cross in a box, as lines: no reader can lack a font for it."""
        side = min(box.width, box.height)
        inset, weight = 0.18 * side, max(0.6, 0.11 * side)
        left, right, low, high = box.x0 + inset, box.x1 - inset, box.y0 + inset, box.y1 - inset
        self.line(left, low, right, high, weight)
        self.line(left, high, right, low, weight)

    def finish(self) -> bytes:
        """The PDF. The same drawing gives the same bytes: no date, no name, an identifier made from the content."""
        with pikepdf.new() as pdf:
            for page, content, used in self._written(pdf):
                leaf = Dictionary(
                    Type=Name.Page,
                    MediaBox=Array([0, 0, round(page.width, 3), round(page.height, 3)]),
                    Resources=Dictionary(Font=used) if page.weights else Dictionary(),
                    Contents=packed(pdf, content),
                )
                pdf.pages.append(pikepdf.Page(pdf.make_indirect(leaf)))
            target = io.BytesIO()
            pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
            return target.getvalue()

    def layers(self, pdf: pikepdf.Pdf) -> list[Stream]:
        """Each page as a form XObject of another PDF, to be shown in its pages; they share one set of fonts."""
        made = []
        for page, content, used in self._written(pdf):
            layer = packed(pdf, content)
            layer.Type = Name.XObject
            layer.Subtype = Name.Form
            layer.BBox = Array([0, 0, round(page.width, 3), round(page.height, 3)])
            layer.Resources = Dictionary(Font=used) if page.weights else Dictionary()
            made.append(layer)
        return made

    def _written(self, pdf: pikepdf.Pdf) -> list[tuple[Page, bytes, Dictionary]]:
        """The pages with their commands and the fonts these name, embedded in a PDF."""
        books = {bold: Book(bold=bold) for bold in (False, True)}
        contents = [page.content(books) for page in self._pages]
        fonts = {
            bold: book.font(pdf) for bold, book in books.items() if any(bold in page.weights for page in self._pages)
        }
        return [
            (page, content, Dictionary({f"/{page.font_name(b)}": fonts[b] for b in sorted(page.weights)}))
            for page, content in zip(self._pages, contents, strict=True)
        ]


def _first_baseline(box: Box, placed: Placed, style: Style, step: float) -> float:
    """Where the first line stands, so that the block lies in its box as the style asks."""
    size, between = placed.size, (placed.lines - 1) * step
    if style.valign == "middle":
        return (box.y0 + box.y1) / 2 + between / 2 - _CAPITALS * size
    # A block whose last line only just fits moves up by half of the leading it lacks.
    top = box.y1 + max(0.0, between + step - box.height) / 2
    return top - step / 2 - _LINE * size
