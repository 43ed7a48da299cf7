# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines and pages of a letter end where a word processor ends them, and no letter of it is changed for that."""

import io
from collections.abc import Iterator

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from forms.clean import open_package, write_package
from forms.letter import render_pdf, text_of
from forms.letter_lines import set_like_a_word_processor
from forms.worker import Worker
from tests.support.form_checks import outside, poppler_text
from tests.support.forms import Made, text_of_made

NO_BREAK = "\u2011"
LINES = 44
"""Lines of sixteen points fill a page of 29.7 cm with margins of 2.4 cm, but for a few points."""


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as made:
        yield made


def sheet() -> Document:
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.4)
    document.styles["Normal"].font.name = "Noto Sans"
    return document


def line(document: Document, text: str, *, before: float = 0, after: float = 0, keep: bool = False) -> Paragraph:
    made = document.add_paragraph(text)
    shape = made.paragraph_format
    shape.space_before, shape.space_after, shape.line_spacing = Pt(before), Pt(after), Pt(16)
    shape.keep_with_next = keep
    return made


def saved(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pages(document: Document, worker: Worker) -> list[str]:
    import pypdfium2

    with pypdfium2.PdfDocument(render_pdf(saved(document), worker)) as made:
        return [page.get_textpage().get_text_range() for page in made]


def test_the_space_above_a_paragraph_is_dropped_at_the_head_of_a_page(worker: Worker) -> None:
    document = sheet()
    for number in range(LINES):
        line(document, f"haut {number}")
    line(document, "titre", before=12)
    for number in range(LINES - 1):
        line(document, f"bas {number}")
    assert [text.splitlines()[0] for text in pages(document, worker)] == ["haut 0", "titre"]


def test_the_space_above_a_paragraph_counts_within_a_page(worker: Worker) -> None:
    document = sheet()
    for number in range(LINES - 1):
        line(document, f"haut {number}")
    line(document, "titre", before=12)
    assert [text.splitlines()[0] for text in pages(document, worker)] == ["haut 0", "titre"]


@pytest.mark.parametrize("after", [0, 12])
def test_what_is_held_together_needs_no_room_for_the_space_below_it(worker: Worker, after: float) -> None:
    document = sheet()
    for number in range(LINES - 2):
        line(document, f"haut {number}")
    line(document, "nom", keep=True)
    line(document, "tenu", after=after)
    assert len(pages(document, worker)) == 1


def test_a_line_above_a_paragraph_takes_room(worker: Worker) -> None:
    document = sheet()
    for number in range(LINES - 1):
        line(document, f"haut {number}")
    ruled = line(document, "trait")
    rule = f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="8" w:space="9"/></w:pBdr>'
    properties = ruled._p.get_or_add_pPr()
    properties.insert_element_before(parse_xml(rule), "w:spacing")
    assert [text.splitlines()[0] for text in pages(document, worker)] == ["haut 0", "trait"]


@pytest.mark.parametrize("letter", ["m", "W", "é", "ገ"])
@pytest.mark.parametrize("count", range(38, 52))
def test_a_word_as_long_as_a_line_stays_out_of_the_margin(worker: Worker, letter: str, count: int) -> None:
    document = sheet()
    shape = line(document, f"Nom : {letter * count} fin").paragraph_format
    shape.left_indent, shape.first_line_indent = Cm(1.1), Cm(-0.7)
    document.styles["Normal"].font.size = Pt(10.5)
    pdf = render_pdf(saved(document), worker)
    assert outside(pdf, 68) == []
    assert letter * count in "".join(text_of_made(Made(None, pdf, ())).split())


@pytest.mark.parametrize("number", ["40-4-1", "R.434-5", "L.252-3", "321-1-1"])
def test_a_line_does_not_end_within_the_number_of_an_article(worker: Worker, number: str) -> None:
    document = sheet()
    for width in range(30, 60):
        line(document, f"{'a' * width} {'b' * 20} article {number} du code, lieu-dit")
    pdf = render_pdf(saved(document), worker)
    for text in (text_of_made(Made(None, pdf, ())), poppler_text(pdf)):
        assert text.count(number) == 30
        assert NO_BREAK not in text


def test_the_document_itself_keeps_its_hyphens_and_its_paragraphs() -> None:
    document = sheet()
    line(document, "nom", before=4, keep=True)
    line(document, f"article 40-4-1 {'m' * 50}", after=6)
    before = saved(document)
    copy = write_package(set_like_a_word_processor(open_package(before)))
    assert "40-4-1" in text_of(before)
    assert [text for text in text_of(copy).splitlines() if text] == [
        "nom",
        f"article 40{NO_BREAK}4{NO_BREAK}1 {'m' * 50}",
    ]


def test_a_mark_stays_with_its_letter_when_a_word_is_broken() -> None:
    document = sheet()
    shape = line(document, "e\u0301" * 40).paragraph_format
    shape.left_indent, shape.first_line_indent = Cm(1), Cm(-1)
    copy = docx.Document(io.BytesIO(write_package(set_like_a_word_processor(open_package(saved(document))))))
    runs = [run.text for paragraph in copy.paragraphs for run in paragraph.runs]
    assert set(runs) == {"e\u0301"}
