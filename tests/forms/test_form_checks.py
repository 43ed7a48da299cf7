# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of `test_form_cases.py` can fail: each finds the defect it is made for, in a text or in a template."""

import io
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.shared import Pt

from forms.catalogue import Catalogue, Form
from forms.letter import render_pdf
from forms.problems import FormError, Problem
from forms.text import Box, Canvas, Style
from forms.worker import DOCX_TO_PDF, Worker
from tests.support import form_cases as cases
from tests.support.form_checks import (
    Paragraph,
    dangling,
    leftovers,
    lost_in_docx,
    lost_in_pdf,
    outside,
    paragraphs,
    poppler_text,
    structure,
    typography,
    white_gap,
)
from tests.support.forms import make, text_of_made

FORM = """
id = "essai"
title = "Essai"
kind = "letter"
edition = "2026"
source = "aucune"
checked_on = 2026-11-23

[[section]]
id = "one"
title = "Partie"
"""
FIELD = (
    '[[field]]\nid = "{id}"\nlabel = "{id}"\nsection = "one"\nfrom = "{path}"\nkind = "{kind}"\nrequired = "{must}"\n'
)
FIELDS = (
    ("name", "who.name", "text", "block"),
    ("note", "who.note", "text", "no"),
    ("lines", "lines[].text", "list", "no"),
)
EXAMPLE = '[who]\nname = "Mme Zarmina HAIDARI"\nnote = "présente"\n\n[[lines]]\ntext = "une couverture"\n'
EXPECTED = "Mme Zarmina HAIDARI, présente. une couverture"


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as made:
        yield made


def form_with(folder: Path, *texts: str) -> Form:
    """A form whose template has these paragraphs; « # » before one makes it the title of a part, « - » an item."""
    document = docx.Document()
    for text in texts:
        style = {"# ": "Heading 1", "- ": "List Number"}.get(text[:2], "Normal")
        document.add_paragraph(text.removeprefix("# ").removeprefix("- "), style=style)
    return form_of(folder, document)


def form_of(folder: Path, document: Document) -> Form:
    home = folder / "essai"
    home.mkdir()
    out = io.BytesIO()
    document.save(out)
    fields = [FIELD.format(id=id, path=path, kind=kind, must=must) for id, path, kind, must in FIELDS]
    (home / "form.toml").write_text(FORM + "\n".join(fields), encoding="utf-8")
    (home / "template.docx").write_bytes(out.getvalue())
    (home / "example.toml").write_text(EXAMPLE, encoding="utf-8")
    (home / "expected.txt").write_text(EXPECTED, encoding="utf-8")
    return Catalogue(folder).get("essai")


SOUND = ("{{ who.name }}{% if who.note %}, {{ who.note }}{% endif %}.",)
ITEMS = ("{%p for line in lines %}", "- {{ line.text }}", "{%p endfor %}")
PART = ("{%p if lines %}", "# Objets", *ITEMS, "{%p endif %}", "# Fin", "Merci.")


def least_faults(form: Form) -> list[str]:
    """What is wrong with the smallest document of a form, beside its complete one."""
    model = make(form, cases.complete(form, "typed").values)
    less = make(form, cases.least(form, "typed").values)
    assert model.docx is not None
    assert less.docx is not None
    text = text_of_made(less)
    words = [*leftovers(text), *dangling(text, text_of_made(model)), *typography(text)]
    return words + structure(paragraphs(less.docx), paragraphs(model.docx))


def test_a_sound_template_has_no_fault(tmp_path: Path) -> None:
    assert least_faults(form_with(tmp_path, *SOUND, *PART)) == []


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        (("{{ who.name }}, {% if who.note %}{{ who.note }}{% endif %}.",), "dangling"),
        (("{{ who.name }} ({% if who.note %}{{ who.note }}{% endif %}).",), "dangling"),
        (("{{ who.name }} {% if who.note %}{{ who.note }}{% endif %} signe.",), "dangling"),
        (("{{ who.name }}\u00a0: {% if who.note %}{{ who.note }}{% endif %}",), "dangling"),
        (("{{ who.name }} dit «\u00a0{% if who.note %}{{ who.note }}{% endif %}\u00a0».",), "dangling"),
        (("{{ who.name }}, pièce n°\u00a0{% if who.note %}{{ who.note }}{% endif %}.",), "dangling"),
        (("{{ who.name }} : oui.",), "typography"),
        (("{{ who.name }} : « oui »",), "typography"),
        (("L'amie {{ who.name }}.",), "typography"),
        (("{{ who.name }}, pièce n° 3.",), "typography"),
        (("Qui? {{ who.name }}.",), "typography"),
        (("{{ who.name }}.", "None"), "leftover"),
        (("{{ who.name }}.", "# Objets", *ITEMS), "title without content"),
        (("{{ who.name }}.", "# Objets", *ITEMS, "# Fin", "Merci."), "title without content"),
        (("{{ who.name }}.", "Objets\u00a0:", *ITEMS, "# Fin", "Merci."), "announces nothing"),
        (("{{ who.name }}.", "- {% if who.note %}{{ who.note }}{% endif %}"), "empty numbered paragraph"),
        (("{{ who.name }},{% if who.note %} {{ who.note }}{% endif %}",), "ends with a comma"),
        (("{{ who.name }}.", "{% if who.note %}x{% endif %}", "{% if who.note %}x{% endif %}"), "empty paragraphs"),
    ],
)
def test_a_template_with_a_defect_is_found_out(tmp_path: Path, texts: tuple[str, ...], fault: str) -> None:
    found = least_faults(form_with(tmp_path, *texts))
    assert any(fault in each for each in found), found


@pytest.mark.parametrize("text", ["[]", "None", "{{ x", "%}", "&amp;", "null", "\ufffd"])
def test_what_a_program_leaves_is_found(text: str) -> None:
    assert leftovers(f"avant {text} après")
    assert leftovers("avant, après") == []


@pytest.mark.parametrize(
    "text", ["a ,b", "a .", "a  b", "a\u00a0 b", "a,, b", "( )", ", a", "oui..", "l’ ami", "a –", "a "]
)
def test_what_hangs_in_the_air_is_found(text: str) -> None:
    assert dangling(text)
    assert dangling(text, model=text) == []


@pytest.mark.parametrize("text", ["M. P. Q., 3 h.", "Selon Mme C. D., vue", "et ainsi…", "(oui)", "– oui", "p.\u00a03"])
def test_what_is_right_is_let_be(text: str) -> None:
    assert [*dangling(text), *typography(text), *leftovers(text)] == []


def test_a_colon_followed_by_its_list_announces_something() -> None:
    announced = [Paragraph("Objets\u00a0:", False, False, False), Paragraph("un", True, False, False)]
    assert structure(announced, []) == []
    assert structure(announced[:1], []) == ["announces nothing: 'Objets\\xa0:'"]
    assert structure(announced[:1], announced[:1]) == []


# ---- lost


def test_a_value_that_is_cut_is_found() -> None:
    assert lost_in_docx("Mme Zarmina HAID", ["Zarmina HAIDARI"])
    assert lost_in_docx("Mme Zarmina\nHAIDARI", ["Mme Zarmina HAIDARI"])
    assert lost_in_docx("Mme Zarmina HAIDARI", ["Zarmina HAIDARI"]) == []


@pytest.mark.usefixtures("qapp")
def test_a_letter_without_a_shape_must_be_reported() -> None:
    told = [Problem("name", "no_glyph", "warn", {"characters": "李"})]
    read = ["Mme ZARMINA"]
    assert lost_in_pdf(read, ["Mme 李ZARMINA"], told) == []
    assert lost_in_pdf(read, ["Mme 李ZARMINA"], [])
    assert lost_in_pdf(read, ["Mme 李ZARMINAH"], told)
    assert lost_in_pdf(["سلام"[::-1]], ["سلام"], []) == []


@pytest.mark.usefixtures("qapp")
def test_characters_no_font_draws_are_reported_and_shown_as_boxes(tmp_path: Path, worker: Worker) -> None:
    form = form_with(tmp_path, *SOUND, *ITEMS)
    case = cases.extreme(form, "typed", many=1, added=("𓂀",))
    made = make(form, case.values, worker=worker)
    assert [(each.code, each.facts["characters"]) for each in made.problems] == [("no_glyph", "𓂀")]
    assert lost_in_pdf([poppler_text(made.pdf)], case.shown, made.problems) == []
    assert lost_in_pdf([poppler_text(made.pdf)], case.shown, []) != []
    # A blank would hide that something is missing; the letter itself keeps its characters.
    assert "HAIDARI □ q1z, présente □ q2z" in " ".join(poppler_text(made.pdf).split())
    assert "𓂀" in text_of_made(made)


# ---- the sheet


def page_of(*boxes: Box) -> bytes:
    canvas = Canvas()
    canvas.add_page()
    for box in boxes:
        canvas.text(box, "texte", Style(size=10))
    return canvas.finish()


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("box", "wrong"),
    [
        (Box(60, 400, 200, 420), False),
        (Box(20, 400, 200, 420), True),
        (Box(530, 400, 595, 420), True),
        (Box(60, -20, 200, -2), True),
        (Box(60, 845, 200, 865), True),
    ],
)
def test_letters_off_the_sheet_are_found(box: Box, wrong: bool) -> None:
    assert bool(outside(page_of(box), 50)) == wrong


@pytest.mark.usefixtures("qapp")
def test_a_white_hole_is_measured() -> None:
    foot = Box(60, 20, 200, 40)
    close = page_of(Box(60, 700, 200, 720), Box(60, 680, 200, 700), foot)
    apart = page_of(Box(60, 700, 200, 720), Box(60, 400, 200, 420), foot)
    assert white_gap(close) < 30
    assert white_gap(apart) > 250


def test_a_row_higher_than_a_page_is_not_cut_off(tmp_path: Path, worker: Worker) -> None:
    """What is held together and longer than a page is let go: the converter would cut it off."""
    document = docx.Document()
    paragraph = document.add_paragraph("{{ who.name }}")
    paragraph.paragraph_format.keep_together = paragraph.paragraph_format.keep_with_next = True
    document.add_paragraph("Fin.").paragraph_format.space_before = Pt(6)
    row = document.add_table(rows=1, cols=2).rows[0]
    row._tr.get_or_add_trPr().append(docx.oxml.OxmlElement("w:cantSplit"))
    row.cells[0].text = "{{ who.note }}{% for line in lines %}{{ line.text }}{% endfor %}"
    form = form_of(tmp_path, document)
    case = cases.endless(form, "typed")
    made = make(form, case.values, worker=worker)
    assert len(case.shown) == 3
    assert lost_in_pdf([poppler_text(made.pdf)], case.shown, made.problems) == []
    assert outside(made.pdf, 50) == []


def test_what_the_converter_would_cut_off_is_refused(worker: Worker) -> None:
    document = docx.Document()
    row = document.add_table(rows=1, cols=2).rows[0]
    row._tr.get_or_add_trPr().append(docx.oxml.OxmlElement("w:cantSplit"))
    row.cells[0].text = cases.ENDLESS
    out = io.BytesIO()
    document.save(out)
    # The control: without the refusal the end of the text is lost, and nobody is told.
    assert lost_in_pdf([poppler_text(worker.call(DOCX_TO_PDF, out.getvalue()))], [cases.ENDLESS], []) != []
    with pytest.raises(FormError) as error:
        render_pdf(out.getvalue(), worker)
    assert error.value.code == "letter.cut"
