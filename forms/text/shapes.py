# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of the text engine. Units are PDF points, the origin is the bottom left corner of the page."""

from typing import Final, Literal

import attrs

__all__ = ["A4", "Box", "Placed", "Style"]

A4: Final = (595.276, 841.89)


@attrs.frozen
class Box:
    """A rectangle on the page: left, bottom, right, top."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Points from left to right."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Points from bottom to top."""
        return self.y1 - self.y0


@attrs.frozen
class Style:
    """How a text is set in its box.

    Args:
        size: points wanted.
        min_size: the size may shrink in steps of 0.5 down to this one to fit; equal to `size`: never.
        bold: the bold face.
        align: `start` is left, or right for a paragraph that reads from right to left.
        valign: `middle` centres the block; a single line is centred on the height of its capitals.
        multiline: break into lines and keep paragraphs; otherwise one line, line ends become spaces.
        leading: line height as a multiple of the size.
        grey: 0 black … 1 white.
        colour: red, green and blue from 0 to 1, instead of the grey.
    """

    size: float = attrs.field(default=10.0, validator=attrs.validators.gt(0))
    min_size: float = attrs.field(default=7.0, validator=attrs.validators.gt(0))
    bold: bool = False
    align: Literal["start", "left", "center", "right"] = "start"
    valign: Literal["top", "middle"] = "top"
    multiline: bool = True
    leading: float = attrs.field(default=1.3, validator=attrs.validators.gt(0))
    grey: float = 0.0
    colour: tuple[float, float, float] | None = None


@attrs.frozen
class Placed:
    """What became of a text.

    Args:
        size: points really used.
        lines: number of lines set.
        height: points used: lines x leading x size; for a style of one line, its size.
        rest: what did not fit, empty when everything is written. Cut where a line ends, so that it can go on in
            another box; it begins with an invisible direction mark (U+200E, U+200F) when the paragraph it
            continues would otherwise change direction.
        missing: characters that no bundled font can draw, each once, in order; an empty frame stands for them.
        shrunk: set smaller than wanted.
    """

    size: float
    lines: int
    height: float
    rest: str = attrs.field(repr=False)  # somebody’s words: not for a log
    missing: tuple[str, ...] = attrs.field(repr=False)
    shrunk: bool
