# SPDX-License-Identifier: GPL-3.0-or-later
"""The paper bundle: order, numbers, links, stamps, and what must not come along."""

import io
import os
import re
from collections.abc import Sequence
from typing import BinaryIO

import attrs
import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, ImageChops, ImageFilter
from pypdf import PdfReader

from forms.bundle import BundleItem, BundleReport, BundleText, build
from forms.problems import FormError
from tests.forms import odd_pdfs
from tests.support.shared import shared

pytestmark = pytest.mark.usefixtures("qapp")

ARABIC = "صورة الذراع اليسرى بعد الإخلاء"
PIECES = BundleText("Pièces")
TIGRINYA = "ምስሊ ናይ ኢድ"


def item(number: int, data: bytes, title: str = "", media_type: str = "application/pdf", **more: object) -> BundleItem:
    return BundleItem(
        number=number,
        title=title or f"Titre {number}",
        date="12 octobre 2026",
        nature="Certificat",
        media_type=media_type,
        open=lambda: io.BytesIO(data),
        **more,  # type: ignore[arg-type]
    )


def made(items: Sequence[BundleItem], text: BundleText = PIECES, **options: object) -> tuple[bytes, BundleReport]:
    out = io.BytesIO()
    report = build(out, text, items, **options)  # type: ignore[arg-type]
    with pikepdf.open(io.BytesIO(out.getvalue()), attempt_recovery=False) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == report.total
    return out.getvalue(), report


def corner(data: bytes, page: int, unit: float = 1.0) -> Image.Image:
    """The upper right corner of a page as it is read, where the stamp stands."""
    image = odd_pdfs.rendered(data, page, 2 / unit)
    return image.crop((image.width - 230, 0, image.width, 60)).convert("L")


def differs(one: Image.Image, other: Image.Image) -> int:
    """How many pixels are black in one picture and white in the other."""
    return sum(ImageChops.difference(one, other).histogram()[160:])


def test_pages_follow_the_list_with_contents_and_dividers() -> None:
    data, report = made([item(4, odd_pdfs.written(pages=3)), item(7, odd_pdfs.written(), "Autre")])
    assert report.total == 1 + 1 + 3 + 1 + 1
    assert [(p.number, p.first, p.last, p.pages) for p in report.items] == [(4, 3, 5, 3), (7, 7, 7, 1)]
    assert report.problems == ()
    contents = odd_pdfs.page_text(data, 0)
    assert re.search(r"Titre 4\s+12 octobre 2026\s+3\b", contents)
    assert re.search(r"Autre\s+12 octobre 2026\s+7\b", contents)
    assert "Pièce n°\u00a07" in odd_pdfs.page_text(data, 5)
    assert "contenu 3" in odd_pdfs.page_text(data, 4)


def test_every_page_carries_its_number_and_every_exhibit_page_its_stamp() -> None:
    data, report = made([item(n, odd_pdfs.written(pages=n)) for n in (1, 2, 3)])
    for index in range(report.total):
        assert f"{index + 1} / {report.total}" in odd_pdfs.page_text(data, index)
    for placed in report.items:
        for number in range(1, placed.pages + 1):
            stamp = f"Pièce n°\u00a0{placed.number} – p.\u00a0{number}/{placed.pages}"
            assert stamp in odd_pdfs.page_text(data, placed.first - 2 + number)
            assert stamp in PdfReader(io.BytesIO(data)).pages[placed.first - 2 + number].extract_text()
    assert "– p." not in odd_pdfs.page_text(data, 1)


def test_page_labels_links_and_bookmarks_resolve() -> None:
    long = odd_pdfs.written(pages=11)
    data, report = made([item(1, odd_pdfs.written(pages=2)), item(2, long, f"Long {ARABIC}")])
    reader = PdfReader(io.BytesIO(data))
    assert reader.page_labels == [str(n + 1) for n in range(report.total)]
    places = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages, start=1)}  # type: ignore[union-attr]
    links = [annotation.get_object() for annotation in reader.pages[0]["/Annots"]]  # type: ignore[attr-defined]
    assert [places[link["/Dest"][0].idnum] for link in links] == [p.first for p in report.items]
    assert all(link["/Rect"][2] > link["/Rect"][0] and link["/Rect"][3] > link["/Rect"][1] for link in links)
    outline = reader.outline
    numbers = [reader.get_destination_page_number(mark) for mark in outline if not isinstance(mark, list)]
    assert numbers == [0, report.items[0].first - 2, report.items[1].first - 2]
    assert outline[2].title == f"Pièce n°\u00a02 – Long {ARABIC}"  # type: ignore[union-attr]
    below = outline[3]
    assert isinstance(below, list)
    assert [reader.get_destination_page_number(m) for m in below] == [report.items[1].first - 1 + n for n in range(11)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("date", "one_line"),
    [
        ("22\u00a0septembre 2026", True),
        ("vers septembre 2026", True),
        ("entre le 12\u00a0et le 13\u00a0septembre 2026", False),
        ("entre le 22\u00a0septembre et le 13\u00a0décembre 2026", False),
    ],
)
def test_the_contents_say_the_whole_date(date: str, one_line: bool) -> None:
    items = [attrs.evolve(item(n, odd_pdfs.written(), "Photo"), date=date) for n in (1, 2)]
    data, report = made(items)
    assert report.problems == ()
    contents = odd_pdfs.page_text(data, 0)
    assert re.sub(r"\s+", " ", contents).count("2026") == 2
    assert contents.count(date) == (2 if one_line else 0)
    below = rows_of(data)
    assert below[0] > below[1]


def rows_of(data: bytes) -> list[float]:
    """Lower edge of each row of the contents, none of which holds words of the next."""
    links = [annotation.get_object()["/Rect"] for annotation in PdfReader(io.BytesIO(data)).pages[0]["/Annots"]]  # type: ignore[attr-defined]
    with pdfium.PdfDocument(io.BytesIO(data)) as document:
        page = document[0].get_textpage()
        for left, low, right, high in links:
            assert "2026" in page.get_text_bounded(left, low, right, high)
    return [float(low) for _, low, _, _ in links]


def test_without_dividers() -> None:
    data, report = made([item(1, odd_pdfs.written()), item(2, odd_pdfs.written())], dividers=False)
    assert [p.first for p in report.items] == [2, 3]
    assert report.total == 3
    assert PdfReader(io.BytesIO(data)).get_destination_page_number(PdfReader(io.BytesIO(data)).outline[2]) == 2  # type: ignore[arg-type]


def test_contents_of_many_exhibits_take_several_pages() -> None:
    items = [item(n, odd_pdfs.written(), f"Pièce au titre long {n} " + "mot " * (n % 40)) for n in range(1, 81)]
    data, report = made(items)
    contents = report.items[0].first - 2
    assert contents >= 4
    text = "".join(odd_pdfs.page_text(data, page) for page in range(contents))
    assert all(f"Pièce au titre long {n} " in text.replace("\r\n", " ") for n in range(1, 81))
    with pdfium.PdfDocument(io.BytesIO(data)) as document:
        for page in range(contents):  # nothing runs into the number of the page
            strip = document[page].get_textpage().get_text_bounded(0, 22, 595, 54)
            assert strip.strip() == ""


def test_the_same_exhibits_give_the_same_bytes() -> None:
    items = [item(1, odd_pdfs.written(), ARABIC), item(2, odd_pdfs.camera_jpeg(6), media_type="image/jpeg")]
    first, _ = made(items)
    assert first == made(items)[0]
    other, _ = made([item(1, odd_pdfs.written(), "Autre titre"), items[1]])
    with pikepdf.open(io.BytesIO(first)) as one, pikepdf.open(io.BytesIO(other)) as two:
        assert bytes(one.trailer.ID[0]) != bytes(two.trailer.ID[0])
    for key in (b"/CreationDate", b"/ModDate", b"/Producer", b"/Creator", b"/Author"):
        assert key not in first


@pytest.mark.parametrize("title", [ARABIC, TIGRINYA, f"Pièce « {ARABIC} » du 12", "Đặng Thị Ngọc", "Жалоба"])
def test_titles_in_any_script_extract_whole(title: str) -> None:
    data, report = made([item(1, odd_pdfs.written(), title)])
    for page in (0, 1):
        text = re.sub(r"\s+", " ", odd_pdfs.page_text(data, page))
        assert all(word in text for word in title.split() if word.isalnum())
    assert report.problems == ()


def test_a_character_no_font_draws_is_reported() -> None:
    _, report = made([item(1, odd_pdfs.written(), "Titre 漢")])
    assert any(p.code == "no_glyph" and p.facts["characters"] == "漢" for p in report.problems)


def test_practice_draft_and_confidential_are_said_on_the_pages() -> None:
    items = [item(1, odd_pdfs.written()), item(2, odd_pdfs.written(), confidential=True)]
    data, report = made(items, BundleText("Pièces", practice=True, draft=True))
    assert all("EXERCICE – BROUILLON" in odd_pdfs.page_text(data, page) for page in range(report.total))
    assert "CONFIDENTIELLE" in odd_pdfs.page_text(data, 4)
    assert "CONFIDENTIELLE" in odd_pdfs.page_text(data, 3)
    assert "confidentielle" in odd_pdfs.page_text(data, 0)
    assert "CONFIDENTIELLE" not in odd_pdfs.page_text(data, 2)


ODD_PAGES = {
    "turned 90": odd_pdfs.on_first_page(odd_pdfs.written(), Rotate=90),
    "turned 180": odd_pdfs.on_first_page(odd_pdfs.written(), Rotate=180),
    "turned 270": odd_pdfs.on_first_page(odd_pdfs.written(), Rotate=-90),
    "landscape": odd_pdfs.written((841.89, 595.276)),
    "offset": odd_pdfs.on_first_page(odd_pdfs.written(), MediaBox=Array([-100, 300, 495.276, 1141.89])),
    "corners swapped": odd_pdfs.on_first_page(odd_pdfs.written(), MediaBox=Array([595.276, 841.89, 0, 0])),
    "cropped": odd_pdfs.on_first_page(
        odd_pdfs.written((900, 1200)), CropBox=Array([100, 200, 695.276, 1041.89]), Rotate=270
    ),
    "state left changed": odd_pdfs.changed(
        odd_pdfs.written(), lambda pdf: pdf.pages[0].contents_add(b"q q 0.2 0 0 0.2 90 90 cm 1 0 0 rg 0 0 9 9 re W n")
    ),
    "too many restores": odd_pdfs.changed(odd_pdfs.written(), lambda pdf: pdf.pages[0].contents_add(b"Q Q Q 3 Tr")),
}


@pytest.mark.parametrize("name", ODD_PAGES)
def test_the_stamp_stands_upright_in_the_corner_of_an_odd_page(name: str) -> None:
    plain, _ = made([item(3, odd_pdfs.written())], dividers=False)
    odd, _ = made([item(3, ODD_PAGES[name])], dividers=False)
    expected = corner(plain, 1)
    assert expected.getextrema()[0] < 60  # type: ignore[operator]  # there is a stamp
    assert differs(corner(odd, 1), expected) <= 12
    before, after = odd_pdfs.rendered(ODD_PAGES[name], 0), odd_pdfs.rendered(odd, 1)
    assert abs(before.width - after.width) <= 1
    assert abs(before.height - after.height) <= 1


def test_stamps_grow_with_large_pages_and_shrink_with_tiny_ones() -> None:
    data, _ = made([item(1, odd_pdfs.written((841.89, 1190.55))), item(2, odd_pdfs.written((90, 60)))], dividers=False)
    heights = []
    with pdfium.PdfDocument(io.BytesIO(data)) as document:
        for page in (1, 2):
            text = document[page].get_textpage()
            assert "Pièce n°" in text.get_text_range()
            start = text.get_text_range().index("Pièce n°")
            left, low, right, high = text.get_charbox(start)
            width, height = document[page].get_size()
            assert 0 <= left < right <= width
            assert 0 <= low < high <= height
            heights.append(high - low)
    assert heights[0] > 8
    assert heights[1] < 6


def test_user_units_count() -> None:
    large = odd_pdfs.on_first_page(odd_pdfs.written((297.638, 420.945)), UserUnit=2)
    data, _ = made([item(1, large)], dividers=False)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.pages[1].obj.UserUnit == 2
        # In the units of the page, half as large as on a page of plain points.
        assert b"0.5 0 0 0.5 0 0 cm" in pdf.pages[1].Contents.read_bytes()


def test_nothing_hostile_comes_along() -> None:
    source = odd_pdfs.hostile()
    assert odd_pdfs.all_bytes(source).count(b"CANARI") >= 9
    data, report = made([item(1, source)])
    held = odd_pdfs.all_bytes(data)
    assert b"CANARI" not in held
    assert "CANARI".encode("utf-16-be") not in held
    for name in (b"/JavaScript", b"/Launch", b"/URI", b"/EmbeddedFile", b"/XFA", b"/AA", b"/OpenAction", b"/Metadata"):
        assert name not in held
    assert "contenu 1" in odd_pdfs.page_text(data, report.items[0].first - 1)
    before, after = odd_pdfs.rendered(source, 0), odd_pdfs.rendered(data, report.items[0].first - 1)
    assert after.getpixel((80, 620)) == before.getpixel((80, 620)) != (255, 255, 255)


def test_hidden_layers_stay_hidden() -> None:
    def layered(pdf: Pdf) -> None:
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("caché")))
        shown = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("montré")))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([group, shown]), D=Dictionary(OFF=Array([group])))
        pdf.pages[0].Resources["/Properties"] = Dictionary(L=group, M=shown)
        pdf.pages[0].contents_add(
            b"/OC /L BDC 1 0 0 rg 100 100 80 80 re f EMC /OC /M BDC 0 1 0 rg 300 100 80 80 re f EMC"
        )

    data, report = made([item(1, odd_pdfs.changed(odd_pdfs.written(), layered)), item(2, odd_pdfs.written())])
    image = odd_pdfs.rendered(data, report.items[0].first - 1)
    assert image.getpixel((140, 700)) == (255, 255, 255)
    assert image.getpixel((340, 700)) == (0, 255, 0)


def test_encrypted_without_password_is_read_and_with_one_is_described() -> None:
    free = odd_pdfs.changed(odd_pdfs.written(), lambda _: None, encryption=pikepdf.Encryption(owner="x", user=""))
    closed = odd_pdfs.changed(odd_pdfs.written(), lambda _: None, encryption=pikepdf.Encryption(owner="x", user="y"))
    data, report = made([item(1, free), item(2, closed)])
    assert "contenu 1" in odd_pdfs.page_text(data, report.items[0].first - 1)
    assert "mot de passe" in odd_pdfs.page_text(data, report.items[1].first - 1)
    assert [(p.code, p.facts["number"]) for p in report.problems] == [("exhibit.password", 2)]


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.7 rien", odd_pdfs.written()[:300], os.urandom(5000)])
def test_a_damaged_pdf_becomes_a_sheet_that_says_so(broken: bytes) -> None:
    data, report = made([item(1, broken), item(2, odd_pdfs.written())])
    assert "endommagé ou illisible" in odd_pdfs.page_text(data, report.items[0].first - 1)
    assert [p.code for p in report.items[0].problems] == ["exhibit.damaged"]
    assert "contenu 1" in odd_pdfs.page_text(data, report.items[1].first - 1)


def test_a_pdf_that_had_to_be_repaired_is_reported() -> None:
    whole = odd_pdfs.written(pages=2)
    data, report = made([item(1, whole[: whole.index(b"startxref")])])
    assert report.items[0].pages == 2
    assert "exhibit.repaired" in {p.code for p in report.problems}
    assert "contenu 2" in odd_pdfs.page_text(data, report.items[0].last - 1)


def _dark(image: Image.Image) -> Image.Image:
    return image.convert("L").point(lambda value: 255 if value < 150 else 0)


def _ink_lost(before: Sequence[Image.Image], after: Image.Image) -> int:
    """Pixels that are dark in all pictures of a page and white in the bundle, the whole page included.

    `after` is the page as the bundle shows it, a few per cent smaller: it is brought back to size first, and ink may
    have moved by a pixel on the way.
    """
    width, height = before[0].size
    factor = 1 - 50 / max(height / max(1.0, min(width, height) / 595.276), 1)
    enlarged = after.resize((round(width / factor), round(height / factor)), Image.Resampling.LANCZOS)
    left, top = (enlarged.width - width) // 2, (enlarged.height - height) // 2
    near = enlarged.crop((left, top, left + width, top + height)).convert("L").filter(ImageFilter.MinFilter(3))
    lost = near.point(lambda value: 255 if value > 235 else 0)
    for image in before:
        lost = ImageChops.multiply(lost, _dark(image))
    return lost.histogram()[255]


@pytest.mark.slow
def test_official_forms_keep_what_shows() -> None:
    paths = sorted(shared("forms/pdfs").glob("*.pdf"))
    assert len(paths) >= 20
    data, report = made([item(n, path.read_bytes(), path.name) for n, path in enumerate(paths, start=1)])
    assert not {"exhibit.damaged", "exhibit.password", "exhibit.empty"} & {p.code for p in report.problems}
    with pdfium.PdfDocument(io.BytesIO(data)) as bundle:
        for path, placed in zip(paths, report.items, strict=True):
            with pdfium.PdfDocument(path) as plain, pdfium.PdfDocument(path) as filled:
                filled.init_forms()
                assert len(plain) == placed.pages
                for number in range(len(plain)):
                    # pdfium frames each field and draws buttons for the screen: what counts is there without as well.
                    before = [source[number].render(scale=1).to_pil() for source in (plain, filled)]
                    page = bundle[placed.first - 1 + number]
                    assert page.render(scale=1).to_pil().size == before[0].size
                    after = page.render(scale=2).to_pil()
                    assert _ink_lost(before, after) <= 25, (path.name, number)


def test_originals_are_opened_one_at_a_time_and_closed() -> None:
    opened: list[io.BytesIO] = []

    def opener(data: bytes) -> BinaryIO:
        assert all(stream.closed for stream in opened)
        opened.append(io.BytesIO(data))
        return opened[-1]

    items = [BundleItem(n, f"T{n}", "", "", "application/pdf", lambda: opener(odd_pdfs.written())) for n in range(1, 6)]
    build(io.BytesIO(), PIECES, items)
    assert len(opened) == 5
    assert all(stream.closed for stream in opened)


class _Slow(io.RawIOBase):
    """A target that takes a little at a time, as an unbuffered file may, and cannot be sought."""

    def __init__(self, room: int | None = None) -> None:
        self.data = bytearray()
        self.room = room

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)[:4001]  # type: ignore[call-overload]
        if self.room is not None and len(self.data) + len(piece) > self.room:
            raise OSError(28, "full")
        self.data += piece
        return len(piece)


def test_a_target_may_take_a_part_at_a_time() -> None:
    items = [item(1, odd_pdfs.written(pages=3))]
    slow = _Slow()
    build(slow, PIECES, items)  # type: ignore[arg-type]
    assert bytes(slow.data) == made(items)[0]


def test_a_full_disk_is_not_hidden() -> None:
    with pytest.raises(OSError, match="full"):
        build(_Slow(room=9000), PIECES, [item(1, odd_pdfs.written(pages=3))])  # type: ignore[arg-type]


def test_progress_and_stopping() -> None:
    told: list[tuple[int, int]] = []
    items = [item(n, odd_pdfs.written()) for n in (1, 2, 3)]
    made(items, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    with pytest.raises(FormError) as stopped:
        build(io.BytesIO(), PIECES, items, cancelled=lambda: len(told) > 2)
    assert stopped.value.code == "bundle.cancelled"
    with pytest.raises(FormError) as empty:
        build(io.BytesIO(), PIECES, [])
    assert empty.value.code == "bundle.empty"
