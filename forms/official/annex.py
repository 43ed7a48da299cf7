# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages after the last one of a form, for what did not fit: « suite de la rubrique … »."""

from typing import Final

from forms.text import A4, Box, Canvas, Style, measure

__all__ = ["MARK", "MARK_HEIGHT", "Annex"]

MARK_HEIGHT: Final = 11.0
"""Points that a mark takes at the head of a page."""
MARK: Final = Style(size=9, min_size=5, bold=True, align="center", valign="middle", multiline=False)

_MARGIN: Final = 51.0
_TITLE: Final = Style(size=11, min_size=11, bold=True, leading=1.25)
_TEXT: Final = Style(size=10.5, min_size=10.5, leading=1.35)
_FOOT: Final = Style(size=8, min_size=8, align="right", multiline=False, grey=0.3)
_GAP: Final = 14.0


class Annex:
    """Continuation pages, drawn on a canvas behind those of the form.

    Args:
        canvas: the one of the whole document.
        before: number of pages of the form.
        mark: printed at the head of each page; empty: nothing.
    """

    def __init__(self, canvas: Canvas, before: int, mark: str = "") -> None:
        self._canvas = canvas
        self._mark = mark
        self._before = before
        self._y = 0.0
        self.pages: list[int] = []
        """Indexes on the canvas of the pages made."""

    def next_page(self, label: str) -> int:
        """The number, from 1, of the page where the next rubric will begin."""
        return self._before + len(self.pages) + (0 if self.pages and self._room(label) else 1)

    def add(self, label: str, text: str) -> None:
        """Write what is left of a rubric, over as many pages as it takes."""
        if not self.pages or not self._room(label):
            self._begin()
        rest, title = text, f"Suite de la rubrique «\u00a0{label}\u00a0»"
        while rest.strip():
            if title:
                self._y -= self._write(title, _TITLE, self._y)[0] + 4
                title = ""
            height, left = self._write(rest, _TEXT, self._y)
            self._y -= height
            if left.strip():
                self._begin()
                title = f"Suite de la rubrique «\u00a0{label}\u00a0» (suite)"
            rest = left
        self._y -= _GAP

    def _room(self, label: str) -> bool:
        title = measure(f"Suite de la rubrique «\u00a0{label}\u00a0»", A4[0] - 2 * _MARGIN, _TITLE).height
        return self._y - title - 4 - 3 * _TEXT.leading * _TEXT.size > _MARGIN

    def _begin(self) -> None:
        self.pages.append(self._canvas.add_page())
        self._y = A4[1] - _MARGIN
        if self._mark:
            self._canvas.text(Box(0, A4[1] - 3 - MARK_HEIGHT, A4[0], A4[1] - 3), self._mark, MARK)
        foot = f"page {self._before + len(self.pages)}"
        self._canvas.text(Box(_MARGIN, 24, A4[0] - _MARGIN, 36), foot, _FOOT)

    def _write(self, text: str, style: Style, top: float) -> tuple[float, str]:
        self._canvas.turn_to(self.pages[-1])
        placed = self._canvas.text(Box(_MARGIN, _MARGIN, A4[0] - _MARGIN, top), text, style)
        return placed.height, placed.rest
