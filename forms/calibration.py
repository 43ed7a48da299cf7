# SPDX-License-Identifier: GPL-3.0-or-later
"""A sheet that shows how far a printer prints from where it should: crosses at known places, rulers at two edges."""

from typing import Final

from forms.text import A4, Box, Canvas, Style

__all__ = ["CROSSES", "sheet"]

MM: Final = 72 / 25.4
CROSSES: Final = ((20, 20), (190, 20), (105, 148.5), (20, 277), (190, 277))
"""The middle of each cross, in millimetres from the upper left corner of the paper."""
_TITLE: Final = Style(size=16, min_size=16, bold=True)
_TEXT: Final = Style(size=10.5, min_size=10.5, leading=1.4)
_SMALL: Final = Style(size=7, min_size=7, align="center", multiline=False)
_WORDS: Final = (
    "1. Imprimez cette page à 100\u00a0%, sans mise à l’échelle.\n"
    "2. Mesurez à la règle la croix en haut à gauche\u00a0: son centre doit être à 20\u00a0mm du bord gauche "
    "et à 20\u00a0mm du bord haut.\n"
    "3. Tapez dans «\u00a0Vers la droite\u00a0» 20 moins ce que vous mesurez depuis le bord gauche, et dans "
    "«\u00a0Vers le bas\u00a0» 20 moins ce que vous mesurez depuis le bord haut.\n\n"
    "Exemple\u00a0: le centre est à 18,5\u00a0mm du bord gauche et à 21\u00a0mm du bord haut. "
    "Tapez 1,5 vers la droite et −1 vers le bas.\n\n"
    "4. Imprimez la page de nouveau\u00a0: les deux mesures sont alors de 20\u00a0mm.\n\n"
    "De croix à croix, il y a 170\u00a0mm en largeur et 257\u00a0mm en hauteur. Si ce n’est pas le cas, "
    "l’imprimante agrandit ou réduit\u00a0: cherchez «\u00a0taille réelle\u00a0» ou «\u00a0100\u00a0%\u00a0» "
    "dans ses réglages."
)


def sheet() -> bytes:
    """The page, A4; nothing of the vault stands on it."""
    canvas = Canvas()
    canvas.add_page()
    _rulers(canvas)
    for x, y in CROSSES:
        _cross(canvas, x * MM, A4[1] - y * MM)
    canvas.text(Box(30 * MM, A4[1] - 50 * MM, 180 * MM, A4[1] - 38 * MM), "Page d’étalonnage", _TITLE)
    canvas.text(Box(30 * MM, A4[1] - 140 * MM, 180 * MM, A4[1] - 52 * MM), _WORDS, _TEXT)
    return canvas.finish()


def _cross(canvas: Canvas, x: float, y: float) -> None:
    arm = 6 * MM
    canvas.line(x - arm, y, x + arm, y, 0.4)
    canvas.line(x, y - arm, x, y + arm, 0.4)
    canvas.rect(Box(x - 2 * MM, y - 2 * MM, x + 2 * MM, y + 2 * MM), width=0.3)


def _rulers(canvas: Canvas) -> None:
    """Along the upper and the left edge, a stroke to the millimetre; the first of them are lost in the white margin."""
    for mm in range(211):
        long = 5 if mm % 10 == 0 else 3.5 if mm % 5 == 0 else 2
        canvas.line(mm * MM, A4[1], mm * MM, A4[1] - (5 + long) * MM, 0.2)
        if mm % 10 == 0 and 10 <= mm <= 200 and mm != 20:
            canvas.text(Box(mm * MM - 10, A4[1] - 14 * MM, mm * MM + 10, A4[1] - 10.5 * MM), str(mm), _SMALL)
    for mm in range(298):
        long = 5 if mm % 10 == 0 else 3.5 if mm % 5 == 0 else 2
        y = A4[1] - mm * MM
        canvas.line(0, y, (5 + long) * MM, y, 0.2)
        if mm % 10 == 0 and 10 <= mm <= 290 and mm != 20:
            canvas.text(Box(10.5 * MM, y - 5, 16 * MM, y + 5), str(mm), _SMALL)
