# SPDX-License-Identifier: GPL-3.0-or-later
"""The type of the window, carried along: every machine draws the same letters, those of other scripts too."""

from importlib import resources
from typing import Final

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFontDatabase

__all__ = ["load_fonts"]

_OWN: Final = ("HroInter-Regular.ttf", "HroInter-Medium.ttf", "HroInter-SemiBold.ttf")
_DOCUMENTS: Final = (
    "HroSans-Regular.ttf",
    "HroSansArabic-Regular.ttf",
    "HroSansArabic-Bold.ttf",
    "HroSansEthiopic-Regular.ttf",
    "HroSansEthiopic-Bold.ttf",
)
_FAMILIES: Final = ("Hro Inter", "Hro Sans", "Hro Sans Arabic", "Hro Sans Ethiopic")


def load_fonts() -> list[str]:
    """Make the fonts known to Qt; needs the application.

    Returns:
        The families, the window's own first, then those that lend it the letters it lacks.
    """
    own = resources.files("ui") / "resources" / "fonts"
    documents = resources.files("forms") / "fonts"
    for file in (*(own / name for name in _OWN), *(documents / name for name in _DOCUMENTS)):
        QFontDatabase.addApplicationFontFromData(QByteArray(file.read_bytes()))
    known = set(QFontDatabase.families())
    return [family for family in _FAMILIES if family in known]
