# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages as pixels."""

import io
import threading

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from reportlab.pdfgen.canvas import Canvas

from forms.preview import Pixels, page_count, render
from forms.problems import FormError


def sheet(pages: int = 1, size: tuple[float, float] = (144, 72)) -> bytes:
    """Pages with the left half red."""
    with pikepdf.new() as pdf:
        for _ in range(pages):
            page = pdf.add_blank_page(page_size=size)
            page.Contents = pdf.make_stream(f"1 0 0 rg 0 0 {size[0] / 2} {size[1]} re f".encode())
        target = io.BytesIO()
        pdf.save(target)
        return target.getvalue()


def pixel(picture: Pixels, x: int, y: int) -> tuple[int, ...]:
    start = y * picture.stride + 3 * x
    return tuple(picture.data[start : start + 3])


def test_pages_are_counted() -> None:
    assert page_count(sheet(7)) == 7


@pytest.mark.parametrize("dpi", [36, 72, 150])
def test_size_and_colours(dpi: float) -> None:
    picture = render(sheet(2), 1, dpi)
    assert (picture.width, picture.height) == (2 * dpi, dpi)
    assert picture.stride >= 3 * picture.width
    assert len(picture.data) == picture.stride * picture.height
    assert pixel(picture, 2, 2) == (255, 0, 0)
    assert pixel(picture, picture.width - 2, 2) == (255, 255, 255)


def test_form_fields_show_their_value() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(200, 100))
    canvas.acroForm.textfield(name="a", value="MMMM", x=20, y=30, width=150, height=40, borderWidth=0)
    canvas.showPage()
    canvas.save()
    picture = render(buffer.getvalue(), 0, 72)
    dark = sum(max(pixel(picture, x, y)) < 100 for x in range(20, 170) for y in range(30, 70))
    assert dark > 30


@pytest.mark.parametrize("page", [-1, 2])
def test_there_is_no_such_page(page: int) -> None:
    with pytest.raises(IndexError):
        render(sheet(2), page, 72)


@pytest.mark.parametrize("damaged", [b"", b"not a PDF", sheet()[:200]])
def test_what_is_no_pdf_is_refused(damaged: bytes) -> None:
    with pytest.raises(FormError) as count:
        page_count(damaged)
    assert count.value.code == "preview.unreadable"
    with pytest.raises(FormError) as draw:
        render(damaged, 0, 72)
    assert draw.value.code == "preview.unreadable"
    assert "illisible" in draw.value.sentence


def test_a_password_is_named_as_the_reason() -> None:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(sheet())) as pdf:
        pdf.save(target, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    with pytest.raises(FormError) as refused:
        page_count(target.getvalue())
    assert refused.value.code == "preview.password"


def test_a_page_of_kilometres_is_refused() -> None:
    with pytest.raises(FormError) as refused:
        render(sheet(size=(14400, 14400)), 0, 300)
    assert refused.value.code == "preview.too_large"


def test_a_page_that_is_no_page() -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Pages.Kids = Array([pdf.make_indirect(Dictionary(Type=Name.Nothing))])
        target = io.BytesIO()
        pdf.save(target)
    with pytest.raises(FormError) as refused:
        render(target.getvalue(), 0, 72)
    assert refused.value.code == "preview.unreadable"


def test_threads_wait_for_each_other() -> None:
    pdf = sheet(3)
    expected = render(pdf, 2, 100)
    made: list[Pixels] = []
    threads = [threading.Thread(target=lambda: made.append(render(pdf, 2, 100))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [expected] * 6


def test_what_the_picture_shows_stays_out_of_its_description() -> None:
    assert "data" not in repr(render(sheet(), 0, 36))
