# SPDX-License-Identifier: GPL-3.0-or-later
"""The bundled fonts, the subset that goes into a PDF, and the picture that comes out of it."""

import io
from importlib import resources

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontDatabase, QImage, QPainter, QTextLayout, QTextOption

from forms.preview import Pixels, render
from forms.text import Box, Canvas, Style
from forms.text.faces import faces
from forms.text.truetype import subset

pytestmark = pytest.mark.usefixtures("qapp")

FILES = sorted(
    entry.name for entry in resources.files("forms").joinpath("fonts").iterdir() if entry.name.endswith(".ttf")
)


def bundled(name: str) -> TTFont:
    return TTFont(io.BytesIO(resources.files("forms").joinpath("fonts", name).read_bytes()))


def test_the_fonts_are_small_and_licensed() -> None:
    folder = resources.files("forms").joinpath("fonts")
    assert sum(len(folder.joinpath(name).read_bytes()) for name in FILES) < 2_500_000
    licence = folder.joinpath("OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    for script in ("HroSans-", "HroSansArabic-", "HroSansEthiopic-"):
        assert f"{script}*.ttf: Copyright" in licence


@pytest.mark.parametrize("name", FILES)
def test_a_font_is_static_and_bears_a_name_of_our_own(name: str) -> None:
    font = bundled(name)
    assert "fvar" not in font
    assert "glyf" in font
    assert font["head"].unitsPerEm == 1000
    assert font["OS/2"].fsType == 0
    assert font["name"].getDebugName(1).startswith("Hro ")
    assert font["name"].getDebugName(2) == ("Bold" if "Bold" in name else "Regular")


@pytest.mark.parametrize("bold", [False, True])
def test_our_reading_of_a_font_agrees_with_fonttools(bold: bool) -> None:
    for face in faces(bold):
        font = bundled(f"{face.name}.ttf")
        assert face.font.characters == set(font.getBestCmap())
        assert face.font.advances == tuple(font["hmtx"][glyph][0] for glyph in font.getGlyphOrder())
        assert face.font.ascent == font["hhea"].ascent
        assert face.font.cap_height == font["OS/2"].sCapHeight


def test_a_subset_is_a_whole_font() -> None:
    fonts = [face.font for face in faces(False)]
    latin, arabic = 70, 74
    outlines = [
        ((0, latin, 0, 0),),
        (),
        ((1, arabic, 0, 0), (1, 300, 40, -12)),
        ((0, latin, 0, 0),),
        ((0, latin, 5, 0),),
    ]
    data, numbers = subset(fonts, outlines)
    made = TTFont(io.BytesIO(data), checkChecksums=2)
    order = made.getGlyphOrder()
    assert made["maxp"].numGlyphs == len(order)
    assert numbers[0] == numbers[3] != numbers[4]
    table = made["glyf"]
    assert table[order[numbers[1]]].numberOfContours == 0
    built = table[order[numbers[2]]]
    assert [(part.x, part.y) for part in built.components] == [(0, 0), (40, -12)]
    written = (built.xMin, built.yMin, built.xMax, built.yMax)
    built.recalcBounds(table)
    assert written == (built.xMin, built.yMin, built.xMax, built.yMax)
    source = bundled("HroSans-Regular.ttf")
    original = source["glyf"][source.getGlyphOrder()[latin]].getCoordinates(source["glyf"])[0]
    assert table[order[numbers[0]]].getCoordinates(table)[0] == original


def test_every_code_of_a_page_has_a_glyph_a_width_and_a_meaning() -> None:
    canvas = Canvas()
    canvas.add_page()
    canvas.text(Box(40, 40, 555, 800), "Ếé مُحَمَّد لا ተስፋይ ☑ Їжак", Style())
    with pikepdf.open(io.BytesIO(canvas.finish())) as pdf:
        (font,) = pdf.pages[0].Resources.Font.values()
        inner = font.DescendantFonts[0]
        codes = len(inner.W[1])
        glyphs = inner.CIDToGIDMap.read_bytes()
        assert len(glyphs) == 2 * (codes + 1)
        embedded = TTFont(io.BytesIO(inner.FontDescriptor.FontFile2.read_bytes()))
        numbers = [int.from_bytes(glyphs[at : at + 2], "big") for at in range(0, len(glyphs), 2)]
        assert max(numbers) < embedded["maxp"].numGlyphs
        assert font.ToUnicode.read_bytes().count(b"> <") == codes + 1  # the code space is one more pair


def test_no_font_of_the_machine_takes_part() -> None:
    Canvas()
    ours = {face.family for bold in (False, True) for face in faces(bold)}
    assert ours <= set(QFontDatabase.families())
    for face in faces(True):
        assert face.qfont().families() == [face.family]


SHAPED = [
    pytest.param("بِلال مُحَمَّد لا الله أحمد", id="Arabic"),
    pytest.param("ڕۆژان گەڵاوێژ ټوپک ٹیپو", id="Sorani, Pashto, Urdu"),
    pytest.param("ተስፋይ ገብረማርያም", id="Tigrinya"),
    pytest.param("Nguyễn Ngo\u0302\u0301 fi AVATAR", id="Latin"),
]
SIZE = 40.0


def ink_of(picture: Pixels) -> list[list[int]]:
    """Darkness in squares of 4 pixels: fine enough to see a dot, coarse enough for two ways of smoothing."""
    rows = []
    for y in range(0, picture.height - 3, 4):
        row = []
        for x in range(0, picture.width - 3, 4):
            starts = [(y + j) * picture.stride + 3 * x for j in range(4)]
            row.append(16 * 255 - sum(sum(picture.data[s : s + 12 : 3]) for s in starts))
        rows.append(row)
    return rows


def painted_by_qt(text: str) -> Pixels:
    """The same line as Qt itself paints it, baseline 60 pixels under the top."""
    image = QImage(600, 100, QImage.Format.Format_RGB888)
    image.fill(QColor("white"))
    arabic = any("\u0600" <= c <= "\u06ff" for c in text)
    face = faces(False)[1 if arabic else 2 if "ተ" in text else 0]
    font = face.qfont()
    font.setPixelSize(int(SIZE))
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setUseDesignMetrics(True)
    option.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if arabic else Qt.LayoutDirection.LeftToRight)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(590)
    line.setPosition(QPointF(0, 0))
    layout.endLayout()
    painter = QPainter(image)
    layout.draw(painter, QPointF(4, 60 - line.ascent()))
    painter.end()
    return Pixels(600, 100, image.bytesPerLine(), bytes(image.constBits()))


def set_by_us(text: str) -> Pixels:
    canvas = Canvas()
    canvas.add_page(600, 100)
    # Middle of the capitals 0.357 em above the baseline, which is to be 40 points above the foot of the page.
    middle = 40 + 0.357 * SIZE
    one = Style(size=SIZE, min_size=SIZE, multiline=False, valign="middle", align="left")
    canvas.text(Box(4, middle - 20, 594, middle + 20), text, one)
    return render(canvas.finish(), 0, 72)


def difference(first: Pixels, second: Pixels) -> float:
    """How much of the ink stands elsewhere: 0 the same picture, 2 nothing in common."""
    one, two = ink_of(first), ink_of(second)
    apart = sum(abs(a - b) for row, other in zip(one, two, strict=True) for a, b in zip(row, other, strict=True))
    return 2 * apart / sum(map(sum, one + two))


@pytest.mark.parametrize("text", SHAPED)
def test_the_picture_is_the_one_qt_paints(text: str) -> None:
    ours = set_by_us(text)
    assert difference(ours, painted_by_qt(text)) < 0.08
    assert difference(ours, painted_by_qt(text[:-4])) > 0.25


def test_ink_stays_in_the_box() -> None:
    canvas = Canvas()
    canvas.add_page(300, 200)
    box = Box(50, 50, 250, 150)
    canvas.text(box, "Éloïse Ế محمد ተስፋይ " * 30, Style(size=10, min_size=7))
    picture = render(canvas.finish(), 0, 72)
    inside = outside = 0
    for y in range(picture.height):
        for x in range(picture.width):
            if picture.data[y * picture.stride + 3 * x] < 128:
                if box.x0 - 1 <= x <= box.x1 + 1 and box.y0 - 1 <= 200 - y <= box.y1 + 1:
                    inside += 1
                else:
                    outside += 1
    assert inside > 500
    assert outside == 0


def test_a_missing_letter_is_a_frame_and_a_tick_is_a_cross() -> None:
    canvas = Canvas()
    canvas.add_page(100, 100)
    canvas.text(Box(10, 50, 90, 90), "漢", Style(size=30))
    canvas.tick(Box(40, 10, 60, 30))
    picture = render(canvas.finish(), 0, 72)

    def dark(x: int, y: int) -> bool:
        return picture.data[(99 - y) * picture.stride + 3 * x] < 160

    assert any(dark(x, y) for x in range(10, 40) for y in range(50, 90))
    assert dark(50, 20)
    assert not dark(50, 28)
    assert not dark(42, 20)
