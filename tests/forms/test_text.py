# SPDX-License-Identifier: GPL-3.0-or-later
"""The text engine: what is drawn can be read again, by PDFium and by poppler, whatever the script."""

import io
import os
import shutil
import subprocess
import sys
import threading
import time
import unicodedata

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.text import A4, Box, Canvas, Placed, Style, measure

pytestmark = pytest.mark.usefixtures("qapp")

WIDE = Box(40, 40, 555, 800)
ONE_LINE = Style(size=11, multiline=False, valign="middle")

NAMES = {
    "French": ["Éloïse d’Haÿ-Çœur", "Zoë Łukasz Brûlé", "Maëlys Nuñez-Šimić"],
    "Arabic": ["محمد عبد الرحمن بن خالد", "فاطمة الزهراء", "لطيفة آل إبراهيم", "بِلال مُحَمَّد الأمين", "سلمى لؤي"],
    "Persian": ["گل‌آقا رضایی", "پروانه چگینی", "می‌خواهم ژاله نوروزی"],
    "Pashto": ["ښاغلی عبدالله ځدراڼ", "ګل مینه ړوند", "پښتون څپاند ډوډۍ"],
    "Urdu": ["ٹیپو سلطان ڈاکٹر", "ہما بانو چوہدری", "شہزاد کے لیے ڑ"],
    "Sorani": ["ڕۆژان ئەحمەد", "عوسمان گەڵاوێژ", "ژیانا ڤیان"],
    "Tigrinya": ["ተስፋይ ገብረማርያም", "ሰላም ወልደሚካኤል", "ኣማኑኤል ጸጋይ"],
    "Amharic": ["አበበ ቢቂላ ኃይለ", "ጥሩነሽ፡ዲባባ።"],
    "Cyrillic": ["Алексей Щербаков", "Ївга Ґалаґан", "Ёлкина Юлия"],
    "Vietnamese": ["Nguyễn Thị Ánh Tuyết", "Đặng Hữu Phước", "ẾỘỮ Trần Văn Ổn"],
    "Greek": ["Γιώργος Ωραιόπουλος"],
}
EACH_NAME = [pytest.param(name, id=f"{script}-{n}") for script, names in NAMES.items() for n, name in enumerate(names)]


def same(text: str) -> str:
    """Text for comparison: composed, one space between words, without the marks poppler adds for direction."""
    bare = "".join(c for c in text if c not in "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\x0c\ufeff")
    return " ".join(unicodedata.normalize("NFC", bare).split())


def pdfium(pdf: bytes, page: int = 0) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return same(document[page].get_textpage().get_text_range())
    finally:
        document.close()


def poppler(pdf: bytes) -> str:
    if shutil.which("pdftotext") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("pdftotext is needed in CI")
        pytest.skip("pdftotext is not installed")
    done = subprocess.run(["pdftotext", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True)
    return same(done.stdout.decode())


def drawn(*lines: str, style: Style = ONE_LINE) -> bytes:
    canvas = Canvas()
    canvas.add_page()
    for number, line in enumerate(lines):
        top = 800 - 24 * number
        placed = canvas.text(Box(40, top - 20, 555, top), line, style)
        assert placed.rest == ""
    return canvas.finish()


# reading again


@pytest.mark.parametrize("name", EACH_NAME)
@pytest.mark.parametrize("bold", [False, True])
def test_a_name_is_found_by_both_readers(name: str, bold: bool) -> None:
    pdf = drawn(name, style=Style(size=11, bold=bold))
    assert pdfium(pdf) == same(name)
    assert poppler(pdf) == same(name)


def test_all_names_on_one_page_share_glyphs_and_stay_apart() -> None:
    every = [name for names in NAMES.values() for name in names]
    pdf = drawn(*every)
    for name in every:
        assert same(name) in pdfium(pdf)
        assert same(name) in poppler(pdf)


def test_one_glyph_for_two_letters_keeps_both_meanings() -> None:
    # Arabic yeh, Persian yeh and alef maksura look alike in the middle of a word; so do the two kafs.
    words = "بيت بیت بىت سكر سکر"
    pdf = drawn(words)
    assert pdfium(pdf) == words
    assert poppler(pdf) == words


@pytest.mark.parametrize("name", EACH_NAME)
def test_a_name_beside_a_french_label(name: str) -> None:
    canvas = Canvas()
    canvas.add_page()
    canvas.text(Box(40, 700, 160, 720), "Nom de naissance\u00a0:", Style(size=9, valign="middle"))
    canvas.text(Box(170, 700, 555, 720), name, ONE_LINE)
    pdf = canvas.finish()
    assert same(name) in pdfium(pdf)
    assert same(name) in poppler(pdf)


MIXED = [
    "Le témoin محمد علي a vu 12 camions le 12/03/2026.",
    "La victime, بِلال مُحَمَّد, et گل‌آقا رضایی sont parties à 06:30.",
    "قال Jean-Pierre Dupont إن الشرطة وصلت في 12/03/2026 الساعة 06:30.",
    "عنوان: 12 rue des Fontinettes, 62100 Calais، فرنسا",
    "تاریخ 12/03/2026 و ۱۲/۰۳/۲۰۲۶ در کاله می‌خواهم",
    "ተስፋይ ገብረማርያም (né le 01/01/1990) et Nguyễn Thị Ánh",
    "الهاتف 06 12 34 56 78 رقم",
    "محمد abc",
    "abc محمد",
]


@pytest.mark.parametrize("line", MIXED)
def test_a_line_of_two_directions(line: str) -> None:
    pdf = drawn(line)
    assert pdfium(pdf) == same(line)
    # Poppler is known to move the space beside a number or a foreign word; no word may suffer from it.
    read = poppler(pdf).replace(" ", "")
    for word in same(line).split():
        assert word.strip(".,:،()") in read


def test_brackets_around_a_word_read_leftward() -> None:
    # PDFium turns a bracket round where poppler does not: the meaning is what stands in the map.
    pdf = drawn("قال (صباحا) نعم")
    assert poppler(pdf) == "قال (صباحا) نعم"
    assert pdfium(pdf).translate(str.maketrans("()", ")(")) == "قال (صباحا) نعم"


def test_two_arabic_cells_in_one_row() -> None:
    canvas = Canvas()
    canvas.add_page()
    canvas.text(Box(40, 700, 290, 720), "محمد عبد الرحمن", ONE_LINE)
    canvas.text(Box(300, 700, 555, 720), "فاطمة الزهراء", ONE_LINE)
    pdf = canvas.finish()
    for name in ("محمد عبد الرحمن", "فاطمة الزهراء"):
        assert name in pdfium(pdf)
        assert name in poppler(pdf)


def test_the_same_line_over_and_over_is_read_each_time() -> None:
    canvas = Canvas()
    canvas.add_page()
    placed = canvas.text(Box(40, 400, 160, 800), "ڵڕڈہېڵښڼ ڵںگپۍڑ ị ілщн ለለ а\n" * 9, Style())
    pdf = canvas.finish()
    assert placed.lines == 9
    assert pdfium(pdf).count("ڵںگپۍڑ") == 9
    assert poppler(pdf).count("ڵںگپۍڑ") == 9


def test_laid_over_another_page_the_text_stays_whole() -> None:
    base = drawn("Formulaire", style=Style(size=20))
    canvas = Canvas()
    canvas.add_page()
    canvas.text(Box(40, 500, 555, 520), "محمد عبد الرحمن بن خالد", ONE_LINE)
    over = canvas.finish()
    with pikepdf.open(io.BytesIO(base)) as target, pikepdf.open(io.BytesIO(over)) as source:
        target.pages[0].add_overlay(source.pages[0])
        result = io.BytesIO()
        target.save(result)
    assert "محمد عبد الرحمن بن خالد" in pdfium(result.getvalue())
    assert "محمد عبد الرحمن بن خالد" in poppler(result.getvalue())


ALPHABETS = [
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZàâçéèêëîïôùûüÿœæÀÉÇŒß",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىة",
    "پچژکگیںٹڈڑہھےښځڼړۍېډټڕڵۆێەڤ",
    "ሀለሐመሠረሰሸቀበተቸኀነኘአከኸወዐዘዠየደጀገጠጨጰጸፀፈፐገብረተስፋይ",
    "абвгдежзийклмнопрстуфхцчшщъыьэюяґєії",
    "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
    "0123456789",
]
WORDS = st.lists(st.one_of([st.text(alphabet=a, min_size=1, max_size=9) for a in ALPHABETS]), min_size=1, max_size=12)
CALM = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@CALM
@given(words=WORDS, bold=st.booleans())
def test_any_line_is_read_back_word_for_word(words: list[str], bold: bool) -> None:
    text = " ".join(words)
    canvas = Canvas()
    canvas.add_page(3000, 100)
    assert canvas.text(Box(10, 10, 2990, 90), text, Style(size=11, bold=bold)).lines == 1
    assert pdfium(canvas.finish()) == same(text)


@CALM
@given(paragraphs=st.lists(WORDS, min_size=1, max_size=4), width=st.integers(120, 400), height=st.integers(16, 60))
def test_nothing_is_lost_over_many_boxes(paragraphs: list[list[str]], width: int, height: int) -> None:
    text = "\n".join(" ".join(words) for words in paragraphs)
    canvas = Canvas()
    rest, pages = text, 0
    while rest:
        canvas.add_page(500, 100)
        placed = canvas.text(Box(10, 10, 10 + width, 10 + height), rest, Style(min_size=10))
        assert placed.lines > 0
        rest = placed.rest
        pages += 1
    pdf = canvas.finish()
    read = "".join(pdfium(pdf, page) for page in range(pages))
    # Within a box the order of lines is the reader's; the letters must all be there, none twice.
    assert sorted(read.replace(" ", "")) == sorted(same(text).replace(" ", ""))


# fitting


def test_a_text_that_fits_keeps_its_size() -> None:
    canvas = Canvas()
    canvas.add_page()
    placed = canvas.text(Box(40, 700, 300, 760), "Deux mots", Style(size=10))
    assert placed == Placed(size=10, lines=1, height=13, rest="", missing=(), shrunk=False)


def test_a_long_text_shrinks_in_half_points_then_leaves_a_rest() -> None:
    account = "Les policiers ont détruit les tentes. " * 12
    canvas = Canvas()
    canvas.add_page()
    box = Box(40, 600, 300, 700)
    fitted = canvas.text(box, account, Style(size=10, min_size=7))
    assert fitted.shrunk
    assert fitted.rest == ""
    assert fitted.size in {7, 7.5, 8, 8.5, 9, 9.5}
    too_big = canvas.text(box, account, Style(size=fitted.size + 0.5, min_size=fitted.size + 0.5))
    assert too_big.rest
    assert not too_big.shrunk
    over = canvas.text(box, account * 4, Style(size=10, min_size=7))
    assert over.size == 7
    assert over.rest
    assert over.height <= box.height + 0.3 * 7
    assert (account * 4).rstrip().endswith(over.rest.rstrip())


def test_measure_agrees_with_drawing() -> None:
    account = "Un récit assez long pour plusieurs lignes.\n\nشهادة طويلة بما يكفي لعدة أسطر في هذا الصندوق. " * 3
    style = Style(size=9.5, min_size=9.5, leading=1.4)
    high = measure(account, 180, style)
    canvas = Canvas()
    canvas.add_page()
    assert canvas.text(Box(40, 700 - high.height, 220, 700), account, style) == high
    short = canvas.text(Box(40, 700 - high.height + 1.4 * 9.5, 220, 700), account, style)
    assert short.lines == high.lines - 1
    assert short.rest


def test_paragraphs_and_blank_lines_are_kept() -> None:
    assert measure("a\n\nb", 100, Style()).lines == 3
    assert measure("a\r\n\r\nb\n\n", 100, Style()).lines == 3
    assert measure("", 100, Style()).lines == 0
    one = measure("a\nb", 100, Style(multiline=False))
    assert (one.lines, one.rest) == (1, "")


def test_a_box_without_room_writes_nothing_and_hands_all_back() -> None:
    canvas = Canvas()
    canvas.add_page()
    placed = canvas.text(Box(40, 700, 300, 703), "Un récit", Style(size=10, min_size=7))
    assert (placed.lines, placed.rest) == (0, "Un récit")
    assert pdfium(canvas.finish()) == ""


def test_the_rest_of_a_paragraph_keeps_its_direction() -> None:
    text = "شهادة " + "Calais " * 40
    canvas = Canvas()
    canvas.add_page()
    first = canvas.text(Box(40, 700, 200, 714), text, Style(min_size=10))
    assert first.rest.startswith("\u200f")
    second = canvas.text(Box(40, 600, 200, 614), first.rest, Style(min_size=10))
    assert second.rest.startswith("\u200f")
    assert first.rest.count("\u200f") == second.rest.count("\u200f") == 1


def test_one_word_wider_than_its_box_is_broken_not_lost() -> None:
    canvas = Canvas()
    canvas.add_page()
    placed = canvas.text(Box(40, 600, 100, 700), "x" * 60, Style())
    assert placed.rest == ""
    assert placed.lines > 3
    assert pdfium(canvas.finish()).replace(" ", "") == "x" * 60


# characters


def test_characters_without_a_glyph_are_reported_and_still_read() -> None:
    canvas = Canvas()
    canvas.add_page()
    placed = canvas.text(WIDE, "漢 Ali 😀 漢", Style())
    assert placed.missing == ("漢", "😀")
    assert pdfium(canvas.finish()) == "漢 Ali 😀 漢"


@pytest.mark.parametrize("letters", ALPHABETS)
def test_no_letter_of_our_scripts_is_missing(letters: str) -> None:
    for bold in (False, True):
        assert measure(letters, 500, Style(bold=bold)).missing == ()


def test_invisible_characters_are_neither_missing_nor_seen() -> None:
    text = "A\u200eli \u2068محمد\u2069 co\u00adop \ufeffX"
    pdf = drawn(text)
    assert measure(text, 500, Style()).missing == ()
    assert pdfium(pdf).replace("\u00ad", "") == "Ali محمد coop X"


def test_control_codes_are_reported_and_drawn_as_a_sign() -> None:
    placed = measure("a\x07b\x00", 200, Style())
    assert placed.missing == ("\x07", "\x00")
    assert measure("a\tb", 200, Style()).missing == ()
    assert "a b" in pdfium(drawn("a\tb"))


def test_lone_surrogates_and_unknown_planes_do_not_break_the_page() -> None:
    text = "x\ud800y \U000f0000 \ufffe z"
    canvas = Canvas()
    canvas.add_page()
    placed = canvas.text(WIDE, text, Style())
    assert placed.missing == ("\ud800", "\U000f0000", "\ufffe")
    read = pdfium(canvas.finish())
    assert read.startswith("x")
    assert read.endswith("z")


# combs


def cells_of(pdf: bytes, letters: str) -> list[float]:
    """The left end of each letter on the page."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0].get_textpage()
    text = [page.get_text_range(index, 1) for index in range(page.count_chars())]
    found = [page.get_charbox(text.index(letter), loose=False) for letter in letters]
    document.close()
    return [(left + right) / 2 for left, _, right, _ in found]


def test_a_comb_has_one_letter_in_the_middle_of_each_cell() -> None:
    canvas = Canvas()
    canvas.add_page()
    placed = canvas.comb(Box(100, 700, 200, 714), "62100", 10, Style(size=10))
    pdf = canvas.finish()
    assert placed.rest == ""
    assert pdfium(pdf) == "62100"
    assert poppler(pdf) == "62100"
    assert cells_of(pdf, "6210") == pytest.approx([105, 115, 125, 135], abs=1)


def test_an_arabic_comb_starts_from_the_right_and_keeps_numbers() -> None:
    canvas = Canvas()
    canvas.add_page()
    canvas.comb(Box(100, 700, 200, 714), "سلم 12", 10, Style(size=10))
    pdf = canvas.finish()
    assert pdfium(pdf) == "سلم 12"
    assert cells_of(pdf, "سلم12") == pytest.approx([195, 185, 175, 145, 155], abs=2)


def test_a_comb_too_short_hands_the_rest_back() -> None:
    canvas = Canvas()
    canvas.add_page()
    placed = canvas.comb(Box(100, 700, 150, 714), "Éloïse", 4, Style(size=10))
    assert placed.rest == "se"
    assert pdfium(canvas.finish()) == "Éloï"


def test_a_comb_of_narrow_cells_shrinks() -> None:
    canvas = Canvas()
    canvas.add_page()
    placed = canvas.comb(Box(100, 700, 170, 714), "WWWWWWWWWW", 10, Style(size=12, min_size=5))
    assert placed.shrunk
    assert 5 <= placed.size < 12


# the file


def test_the_same_drawing_gives_the_same_bytes() -> None:
    code = (
        "import sys, hashlib\n"
        "from PySide6.QtGui import QGuiApplication\n"
        "app = QGuiApplication([])\n"
        "from forms.text import Canvas, Box, Style\n"
        "c = Canvas(); c.add_page()\n"
        "c.text(Box(40, 40, 500, 800), 'Éloïse محمد ተስፋይ 12/03/2026', Style(size=11))\n"
        "print(hashlib.sha256(c.finish()).hexdigest())\n"
    )
    sums = set()
    for seed in ("1", "2"):
        setting = {**os.environ, "PYTHONHASHSEED": seed, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run([sys.executable, "-c", code], env=setting, capture_output=True, text=True, check=True)
        sums.add(done.stdout)
    assert len(sums) == 1
    assert drawn("a") == drawn("a")
    assert drawn("a") != drawn("b")


def test_the_file_says_nothing_of_who_made_it() -> None:
    with pikepdf.open(io.BytesIO(drawn("Éloïse", "محمد"))) as pdf:
        assert "/Info" not in pdf.trailer
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert pdf.check_pdf_syntax() == []
        for page in pdf.pages:
            for font in page.Resources.Font.values():
                assert font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()[:4] == b"\0\1\0\0"
                assert "Hro" in str(font.BaseFont)


def test_a_page_without_text_has_no_font() -> None:
    canvas = Canvas()
    canvas.add_page(200, 100)
    canvas.rect(Box(10, 10, 50, 50), fill=0.9)
    canvas.line(0, 0, 100, 100)
    canvas.tick(Box(60, 60, 80, 80))
    with pikepdf.open(io.BytesIO(canvas.finish())) as pdf:
        assert "/Font" not in pdf.pages[0].Resources
        assert [float(side) for side in pdf.pages[0].MediaBox] == [0, 0, 200, 100]


def test_drawing_before_the_first_page_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no page"):
        Canvas().text(WIDE, "x")


def test_many_pages_are_quick_and_share_their_font() -> None:
    start = time.perf_counter()
    canvas = Canvas()
    for number in range(100):
        assert canvas.add_page() == number
        canvas.text(Box(50, 400, 545, 500), f"Pièce n°\u00a0{number + 1}", Style(size=40, bold=True, align="center"))
        canvas.text(Box(50, 300, 545, 400), "Certificat médical, محمد علي", Style(size=14, align="center"))
    pdf = canvas.finish()
    assert time.perf_counter() - start < 3
    assert len(pdf) < 100_000
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len({font.objgen for page in opened.pages for font in page.Resources.Font.values()}) == 2
    assert pdfium(pdf, 99) == "Pièce n° 100 Certificat médical, محمد علي"


def test_other_threads_draw_the_same() -> None:
    lines = [name for names in NAMES.values() for name in names]
    expected = drawn(*lines)
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(drawn(*lines))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [expected] * 4


def test_a4_is_portrait() -> None:
    assert A4 == (595.276, 841.89)
