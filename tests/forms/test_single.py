# SPDX-License-Identifier: GPL-3.0-or-later
"""Exhibits as files of their own, series, lists and the sheet for what is withheld."""

import io
import re

import pikepdf
import pytest
from pypdf import PdfReader

from forms.bundle import BundleItem, BundleReport
from forms.listing import Column, ListText, list_pdf, sheet_pdf
from forms.problems import FormError
from forms.single import build_single, title_of
from tests.forms import odd_pdfs

pytestmark = pytest.mark.usefixtures("qapp")

LONG_DATE = "entre le 22\u00a0septembre et le 13\u00a0décembre 2026"
ARABIC = "صورة الذراع اليسرى بعد الإخلاء"


def item(number: int, data: bytes, media_type: str = "application/pdf", **more: object) -> BundleItem:
    return BundleItem(
        number=number,
        title=f"Titre {number}",
        date="12 octobre 2026",
        nature="copie",
        media_type=media_type,
        open=lambda: io.BytesIO(data),
        **more,  # type: ignore[arg-type]
    )


def made(*items: BundleItem, **options: object) -> tuple[bytes, BundleReport]:
    out = io.BytesIO()
    report = build_single(out, items, **options)  # type: ignore[arg-type]
    with pikepdf.open(io.BytesIO(out.getvalue()), attempt_recovery=False) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == report.total
    return out.getvalue(), report


def texts(data: bytes) -> list[str]:
    return [odd_pdfs.page_text(data, page) for page in range(len(PdfReader(io.BytesIO(data)).pages))]


def test_an_exhibit_has_its_pages_its_stamps_and_nothing_else() -> None:
    data, report = made(item(4, odd_pdfs.written(pages=3)), stamp=True)
    assert [(p.number, p.first, p.last, p.pages) for p in report.items] == [(4, 1, 3, 3)]
    for number, text in enumerate(texts(data), start=1):
        assert f"Pièce n°\u00a04 – p.\u00a0{number}/3" in text
        assert f"contenu {number}" in text
    reader = PdfReader(io.BytesIO(data))
    assert reader.outline == []
    assert reader.metadata
    assert dict(reader.metadata) == {"/Title": "Pièce n°\u00a04"}
    assert made(item(4, odd_pdfs.written(pages=3)), stamp=True)[0] == data


def test_without_a_stamp_the_page_is_as_it_was() -> None:
    source = odd_pdfs.written()
    data, _ = made(item(4, source), stamp=False)
    assert "Pièce" not in "".join(texts(data))
    assert odd_pdfs.rendered(data, 0, 1).tobytes() == odd_pdfs.rendered(source, 0, 1).tobytes()


def test_practice_and_draft_are_said_even_without_a_stamp() -> None:
    data, _ = made(item(4, odd_pdfs.written()), stamp=False, practice=True, draft=True)
    assert "EXERCICE – BROUILLON" in "".join(texts(data))


def test_a_series_is_stamped_and_placed() -> None:
    data, report = made(item(4, odd_pdfs.written(pages=2)), item(5, odd_pdfs.written()), stamp=False)
    assert [(p.number, p.first, p.last) for p in report.items] == [(4, 1, 2), (5, 3, 3)]
    stamps = [re.findall(r"Pièce n°\s(\d+) – p\.\s(\d+)/(\d+)", text)[0] for text in texts(data)]
    assert stamps == [("4", "1", "2"), ("4", "2", "2"), ("5", "1", "1")]
    assert title_of([item(4, b""), item(5, b"")]) == "Pièces n°\u00a04 à 5"
    assert PdfReader(io.BytesIO(data)).outline == []


def test_a_film_gives_its_sheet_and_a_damaged_file_a_problem() -> None:
    data, _ = made(item(4, b"film", "video/mp4", facts=(("Empreinte SHA-256", "ab" * 32),)), stamp=False)
    assert "ab" * 32 in "".join(texts(data)).replace("\r\n", "")
    data, report = made(item(5, b"%PDF-1.7 broken"), stamp=True)
    assert [problem.code for problem in report.problems] == ["exhibit.damaged"]
    assert "Pièce n°\u00a05" in "".join(texts(data))


def test_what_a_hostile_file_carries_stays_behind() -> None:
    data, _ = made(item(1, odd_pdfs.hostile()), stamp=False)
    assert b"CANARI" not in data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert "CANARI" not in repr(list(pdf.objects)).replace("CANARI_TEXT", "")


def test_nothing_is_made_of_nothing_nor_after_a_cancel() -> None:
    with pytest.raises(FormError, match=r"bundle\.empty"):
        made(stamp=True)
    with pytest.raises(FormError, match=r"bundle\.cancelled"):
        made(item(1, odd_pdfs.written()), stamp=True, cancelled=lambda: True)


def test_a_list_goes_over_several_pages_with_its_headings() -> None:
    out = io.BytesIO()
    columns = (Column("N°", 0.1), Column("Intitulé", 0.5), Column("Empreinte", 0.4))
    rows = [(str(n), ARABIC if n == 7 else f"Vidéo {n} du terrain", f"{n:064x}") for n in range(1, 60)]
    count = list_pdf(out, ListText("Médias", ("Calais",), ("Note de fin.",), practice=True), columns, rows)
    pages = texts(out.getvalue())
    assert len(pages) == count > 1
    assert all("Intitulé" in page and "EXERCICE" in page for page in pages)
    assert f"2 / {count}" in pages[1]
    said = "".join(pages).replace("\r\n", "").replace(" ", "")
    assert all(f"{n:064x}" in said and f"Vidéo{n}duterrain" in said for n in range(1, 60) if n != 7)
    assert "Note de fin." in pages[-1]
    assert ARABIC.replace(" ", "") in said


def test_a_list_cuts_neither_a_heading_nor_a_date() -> None:
    """Narrow columns: everything goes on to a next line."""
    out = io.BytesIO()
    columns = (Column("N°", 0.06), Column("Intitulé", 0.7), Column("Date", 0.12), Column("Taille (octets)", 0.12))
    list_pdf(out, ListText("Médias"), columns, [("1", "Vidéo", LONG_DATE, "12"), ("2", "Son", "3 mai 2026", "7")])
    (page,) = texts(out.getvalue())
    said = re.sub(r"\s+", "", page)
    assert "Taille(octets)" in said
    assert re.sub(r"\s+", "", LONG_DATE) in said
    assert "3mai2026" in said


def test_a_sheet_says_what_it_has_to() -> None:
    out = io.BytesIO()
    said = "Pièce communiquée sans l’identité du témoin, sur demande."
    assert sheet_pdf(out, ListText("Pièce n°\u00a04", ("Attestation", "14 octobre 2026"), (said,))) == 1
    assert said in texts(out.getvalue())[0].replace("\r\n", " ")
