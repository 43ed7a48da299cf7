# SPDX-License-Identifier: GPL-3.0-or-later
"""The one place that sets text in a box, for any script the bundled fonts know, in print quality.

Qt breaks lines, orders directions and shapes letters; the drawing commands and the fonts of the PDF are written here,
because what Qt's own PDF writer puts into /ToUnicode is wrong for shaped scripts: names would be lost to search.
The one Qt application is made by whoever starts the program, never here.
"""

from forms.text.canvas import Canvas, measure
from forms.text.shapes import A4, Box, Placed, Style

__all__ = ["A4", "Box", "Canvas", "Placed", "Style", "measure"]
