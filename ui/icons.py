# SPDX-License-Identifier: GPL-3.0-or-later
"""The one family of outline icons, drawn in a colour of the palette.

Pictures, not an icon engine written in Python: that would be called in the middle of a paint. Qt keeps those that were
drawn: a page of a hundred fields shows the same few.
"""

from importlib import resources
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

__all__ = ["icon", "pixmap"]

_RATIOS: Final = (1.0, 2.0)
_STROKE: Final = b"#000"
"""The colour every file is drawn in, replaced by the one asked for."""


def pixmap(name: str, colour: str, size: int = 20, ratio: float = 1.0) -> QPixmap:
    """One icon as a picture.

    Args:
        name: file in `resources/icons`, without `.svg`.
        colour: `#rrggbb`, a token of the theme.
        size: edge in device-independent pixels.
        ratio: pixels of the screen to one of these.
    """
    key = f"{name} {colour} {size} {ratio}"
    kept = QPixmap()
    if QPixmapCache.find(key, kept):
        return kept
    picture = _drawn(name, colour, size, ratio)
    QPixmapCache.insert(key, picture)
    return picture


def _drawn(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    drawing = (resources.files("ui") / "resources" / "icons" / f"{name}.svg").read_bytes()
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(drawing.replace(_STROKE, colour.encode())))
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def icon(name: str, colour: str, *, chosen: str = "", chosen_name: str = "") -> QIcon:
    """One icon for a button.

    Args:
        name: file in `resources/icons`, without `.svg`.
        colour: a token of the theme.
        chosen: its colour when the button is checked.
        chosen_name: its drawing when the button is checked.
    """
    made = QIcon()
    for drawing, tint, state in (
        (name, colour, QIcon.State.Off),
        (chosen_name or name, chosen or colour, QIcon.State.On),
    ):
        for ratio in _RATIOS:
            # Drawn twice as large as shown at 100 %, so that larger text gets icons as sharp.
            made.addPixmap(pixmap(drawing, tint, 40, ratio), QIcon.Mode.Normal, state)
    return made
