# SPDX-License-Identifier: GPL-3.0-or-later
"""Envelopes and sheets of labels, at the exact size of the paper.

An envelope has no window: who it goes to stands at the lower right, who sends it at the upper left, and the foot stays
free for the codes of the post office (NF Z 10-011: 20 mm).
"""

from collections.abc import Sequence
from typing import Final

import attrs

from forms.problems import FormError
from forms.text import A4, Box, Canvas, Style, measure

__all__ = ["ENVELOPES", "LABELS", "Envelope", "Labels", "envelope", "labels"]

MM: Final = 72 / 25.4
_SENDER: Final = Style(size=9, min_size=7, leading=1.25)
_RECIPIENT: Final = Style(size=13, min_size=8, leading=1.35)
_LABEL: Final = Style(size=10.5, min_size=6.5, leading=1.25, valign="middle")


@attrs.frozen
class Envelope:
    """An envelope: width and height in millimetres, and how far from left and foot the recipient begins."""

    width: float
    height: float
    left: float
    foot: float


@attrs.frozen
class Labels:
    """A sheet of labels: how many, size of one, margins, step from one to the next, in millimetres."""

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    across: float
    down: float

    @property
    def count(self) -> int:
        """Labels on a sheet."""
        return self.columns * self.rows


ENVELOPES: Final = {"DL": Envelope(220, 110, 105, 25), "C4": Envelope(324, 229, 160, 60)}
LABELS: Final = {
    21: Labels(3, 7, 63.5, 38.1, 7.2, 15.15, 66.04, 38.1),
    14: Labels(2, 7, 99.1, 38.1, 4.65, 15.15, 101.6, 38.1),
}
"""By number of labels: the sheets sold as L7160 and L7163."""


def envelope(code: str, sender: Sequence[str], recipient: Sequence[str]) -> bytes:
    """One envelope, with its long side across.

    Raises:
        FormError: `mailing.too_long` for an address that does not fit.
        KeyError: no such envelope.
    """
    kind = ENVELOPES[code]
    canvas = Canvas()
    canvas.add_page(kind.width * MM, kind.height * MM)
    low, high = kind.foot * MM, kind.height * MM * 0.62
    _write(canvas, Box(10 * MM, kind.height * MM - 42 * MM, 95 * MM, kind.height * MM - 10 * MM), sender, _SENDER)
    _write(canvas, Box(kind.left * MM, low, (kind.width - 10) * MM, high), recipient, _RECIPIENT)
    return canvas.finish()


def labels(count: int, addresses: Sequence[Sequence[str]], first: int = 1) -> bytes:
    """As many sheets of labels as the addresses need.

    Args:
        count: labels on a sheet, one of `LABELS`.
        addresses: one to a label, in order.
        first: the first label that is still on the sheet, counted from 1 along the rows.

    Raises:
        FormError: `mailing.too_long`; `mailing.first` when the sheet has no such label.
        KeyError: no such sheet.
    """
    kind = LABELS[count]
    if not 1 <= first <= kind.count:
        said = f"Cette planche a {kind.count}\u00a0étiquettes\u00a0: donnez un rang de 1 à {kind.count}."
        raise FormError("mailing.first", said)
    canvas = Canvas()
    for at, address in enumerate(addresses, start=first - 1):
        place = at % kind.count
        if place == 0 or at == first - 1:
            canvas.add_page()
        line, column = divmod(place, kind.columns)
        left = (kind.left + column * kind.across) * MM
        top = A4[1] - (kind.top + line * kind.down) * MM
        box = Box(left + 4 * MM, top - (kind.height - 3) * MM, left + (kind.width - 4) * MM, top - 3 * MM)
        _write(canvas, box, address, _LABEL)
    return canvas.finish()


def _write(canvas: Canvas, box: Box, lines: Sequence[str], style: Style) -> None:
    """An address: it shrinks to its place, and is never cut."""
    words = "\n".join(each for each in lines if each.strip())
    if measure(words, box.width, attrs.evolve(style, size=style.min_size)).height > box.height:
        raise FormError(
            "mailing.too_long",
            "Cette adresse est trop longue pour ce format\u00a0: raccourcissez-la dans l’annuaire, "
            "ou prenez un format plus grand.",
        )
    canvas.text(box, words, style)
