# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters: what goes in comes out letter for letter, templates can do nothing but read, and the PDF is searchable."""

import datetime as dt
import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.catalogue import Catalogue
from forms.clean import open_package, write_package
from forms.definition import example
from forms.letter import Letter, fill_docx, labels_of, render_pdf, text_of
from forms.letter_rtl import mark_directions
from forms.problems import FormError
from forms.values import plain
from forms.worker import DOCX_TO_PDF, Worker

TEMPLATES = Path(__file__).resolve().parents[2] / "cerfa_templates"
LETTERS = ("plainte_procureur", "bordereau")
NAMES = {
    "arabic": "أحمد محمد الخالدي",
    "vowels": "يَوْم السَّلام",
    "persian": "زرمینه حیدری‌نژاد",
    "pashto": "عبدالله څېړونکی ژوندون",
    "sorani": "ڕێبین حەمە ئەمین گۆران",
    "urdu": "ٹیپو سلطان پہاڑی",
    "tigrinya": "ገብረመድህን ተስፋይ",
    "russian": "Пётр Иванов-Щукин",
    "vietnamese": "Nguyễn Thị Hường",
    "french": "Éloïse d’Haÿ-Çœur",
}
RIGHT_TO_LEFT = ("arabic", "vowels", "persian", "pashto", "sorani", "urdu")


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as made:
        yield made


def template(*paragraphs: str, footer: str = "") -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if footer:
        document.sections[0].footer.paragraphs[0].text = footer
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def fill(source: bytes, context: dict[str, Any], **options: Any) -> Letter:
    known = {"a": "La valeur", "b": "L’autre valeur", "items[].text": "Un élément", "who.name": "Le nom"}
    return fill_docx(source, context, title="Essai", labels=options.pop("labels", known), **options)


def lines(letter: Letter) -> list[str]:
    return [line for line in text_of(letter.docx).splitlines() if line]


def pdfium(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def poppler(pdf: bytes) -> str:
    if shutil.which("pdftotext") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("pdftotext is needed in CI")
        pytest.skip("pdftotext is not installed")
    done = subprocess.run(["pdftotext", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", "", done.stdout.decode())


def shipped(name: str) -> tuple[bytes, dict[str, Any], dict[str, str]]:
    form = Catalogue(TEMPLATES).get(name)
    return form.file("template"), plain(example(form.files)), labels_of(form.definition)


# ---- values


@pytest.mark.parametrize(
    "value",
    [
        "Croix-Rouge & MSF",
        "a <b> c, puis < 3 fois, <w:t>faux</w:t>",
        "{{ 7*7 }} {% if x %} {# rien #} {_{ }_} {_% %_}",
        "100 % l’« essai » \"droit\" 'simple' \\n \\a",
        "ligne une\nligne deux\tavec tabulation",
        "]]> &amp; &#38; &lt;",
        "𝔘nicode 👩🏽‍⚖️ e\u0301 ﬁ \u00a0 \u2011",
        " espaces  gardées ",
    ],
)
def test_a_value_comes_out_as_it_went_in(value: str) -> None:
    letter = fill(template("Avant {{ a }}|après"), {"a": value})
    assert f"Avant {value}|après" in text_of(letter.docx)
    assert not [each for each in letter.problems if each.code != "no_glyph"]


WRITABLE = st.characters(exclude_categories=("Cs", "Cc", "Cn"))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(WRITABLE, max_size=60), min_size=1, max_size=60))
def test_any_texts_survive_in_the_document(values: list[str]) -> None:
    source = template("{%p for i in items %}", "<{{ i.text }}>", "{%p endfor %}")
    filled = fill(source, {"items": [{"text": value} for value in values]})
    kept = [re.sub("[\u2028\u2029]", "\n", value) for value in values]
    assert text_of(filled.docx).startswith("\n".join(f"<{value}>" for value in kept))


DRAWN = st.sampled_from("abc XYZ éèêëàâîïôùûüÿçœæÉÈÀÇŒÆ 0123456789 ,;:!?()[]« »’–—…€&<>%{}/+-=*@#|~".replace("  ", " "))


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.text(DRAWN, max_size=200), min_size=1, max_size=25))
def test_french_texts_survive_in_the_pdf(worker: Worker, values: list[str]) -> None:
    source = template("{%p for i in items %}", "{{ i.text }}", "{%p endfor %}")
    filled = fill(source, {"items": [{"text": value} for value in values]})
    read = "".join(pdfium(render_pdf(filled.docx, worker)).split())
    # A hyphen at the end of a line is one of ours, which PDFium reports as its own sign.
    assert read.replace("\ufffe", "-").replace("\x02", "-") == "".join("".join(values).split())


def test_control_characters_are_taken_out_and_said() -> None:
    letter = fill(template("{{ a }}{{ who.name }}"), {"a": "x\x00y\x0bz\x1f", "who": {"name": "n\ud800\ufffe"}})
    assert lines(letter) == ["xyzn"]
    found = {(problem.field, problem.code, problem.facts["count"]) for problem in letter.problems}
    assert found == {("a", "control_characters", 3), ("who.name", "control_characters", 2)}


def test_line_ends_of_all_systems_are_line_ends() -> None:
    letter = fill(template("{{ a }}"), {"a": "un\r\ndeux\rtrois\u2028quatre"})
    assert lines(letter) == ["un", "deux", "trois", "quatre"]


def test_dates_numbers_and_truths() -> None:
    source = template("{{ a }} / {{ b }}{% if who.name %}!{% endif %}{% if items|length > 1 %}deux{% endif %}")
    context = {"a": dt.date(2026, 5, 1), "b": 12, "who": {"name": True}, "items": [{"text": "x"}, {"text": "y"}]}
    assert lines(fill(source, context)) == ["1er\u00a0mai\u00a02026 / 12!deux"]
    with pytest.raises(FormError, match=r"letter\.template"):
        fill(template("{{ a }}"), {"a": True})


def test_objects_are_no_data() -> None:
    with pytest.raises(TypeError, match=r"who\.name: \w*Path"):
        fill(template("x"), {"who": {"name": Path()}})


# ---- unknown values


def test_an_unknown_value_is_false_and_never_a_silent_blank() -> None:
    source = template("{% if a %}a{% else %}sans{% endif %}{% for i in items %}{{ i.text }}{% endfor %}", "{{ b }}")
    assert lines(fill(source, {"a": None, "b": "b"})) == ["sans", "b"]
    with pytest.raises(FormError) as error:
        fill(source, {"a": "a", "b": None})
    assert error.value.code == "letter.missing"
    assert "L’autre valeur" in error.value.sentence
    assert "None" not in error.value.sentence


def test_a_value_that_is_not_there_at_all_is_unknown_too() -> None:
    source = template("{% if who.name %}{{ who.name }}{% endif %}x", "{%p for i in items %}", "y", "{%p endfor %}")
    assert lines(fill(source, {})) == ["x"]


def test_a_draft_names_what_is_missing() -> None:
    source = template("Nom\u00a0: {{ who.name }}", "{%p for i in items %}", "- {{ i.text }}", "{%p endfor %}")
    letter = fill(source, {"items": [{"text": None}, {"text": "vu"}]}, draft=True)
    assert lines(letter) == ["Nom\u00a0: [à compléter\u00a0: le nom]", "- [à compléter\u00a0: un élément]", "- vu"]


# ---- the PDF


@pytest.mark.parametrize("script", NAMES)
def test_a_name_in_its_own_script_is_found_in_the_pdf(worker: Worker, script: str) -> None:
    name = NAMES[script]
    source = template("{{ a }}", "Le nom est {{ a }}, écrit ainsi", "Gras : {{ a }}")
    pdf = render_pdf(fill(source, {"a": name}).docx, worker)
    read = poppler(pdf)
    assert read.count(name) == 3
    assert "Le nom est" in read
    assert ", écrit ainsi" in read
    found = pdfium(pdf)
    assert name in found or script == "vowels"  # PDFium moves vowel signs about
    # Within a line of French, PDFium hands back right-to-left words in their order on the line, and parts a word
    # at a joiner or a vowel sign.
    if script not in {"vowels", "persian"}:
        assert [found.count(word) for word in name.split()] == [3] * len(name.split())


@pytest.mark.parametrize("script", RIGHT_TO_LEFT)
def test_shapes_are_drawn_as_the_converter_drew_them(worker: Worker, script: str) -> None:
    filled = fill(template("Nom : {{ a }}, 12 rue X"), {"a": NAMES[script]}).docx
    marked, words = mark_directions(open_package(filled))
    assert [word for word in words if word] == NAMES[script].split()
    before = worker.call(DOCX_TO_PDF, write_package(marked))
    after = render_pdf(filled, worker)
    assert _ink(before).keys() == _ink(after).keys() == {0}
    assert _difference(before, after) < 0.002


def _ink(pdf: bytes) -> dict[int, Any]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return {n: page.render(scale=8).to_pil().convert("L") for n, page in enumerate(document)}
    finally:
        document.close()


def _difference(one: bytes, other: bytes) -> float:
    from PIL import ImageChops

    first, second = _ink(one)[0], _ink(other)[0]
    changed = sum(ImageChops.difference(first, second).histogram()[96:])
    dark = sum(first.histogram()[:96])
    return float(changed / dark)


def test_a_number_after_an_arabic_name_stays_after_it(worker: Worker) -> None:
    pdf = render_pdf(fill(template("M. {{ a }} 14 rue des Lilas"), {"a": NAMES["arabic"]}).docx, worker)
    document = pypdfium2.PdfDocument(pdf)
    text = document[0].get_textpage()
    where = {}
    for index in range(text.count_chars()):
        where.setdefault(text.get_text_range(index, 1), text.get_charbox(index)[0])
    document.close()
    assert where["M"] < where["ا"] < where["1"] < where["r"]
    assert "\u200e" not in where


def test_brackets_face_their_words_in_an_arabic_paragraph(worker: Worker) -> None:
    said = "جاءت الشرطة (CRS) إلى المخيم"
    docx_bytes = fill(
        template("{{ a }}", "Selon le récit de M. {{ b }}, présent (oui)"), {"a": said, "b": "علي (سالم)"}
    ).docx
    marked, words = mark_directions(open_package(docx_bytes))
    # The converter never turns a bracket round: it gets them turned.
    assert text_of(write_package(marked)).splitlines()[:2] == [
        said.translate(TURNED),
        "Selon le récit de M. علي )سالم(, présent (oui)",
    ]
    assert "(سالم)" in words
    read = poppler(render_pdf(docx_bytes, worker))
    assert read.count("(") == read.count(")") == 3
    assert all(word in read for word in ("علي", "سالم", "الشرطة", "CRS", "Selon le récit de M.", "présent"))


TURNED = str.maketrans("()", ")(")


@pytest.mark.parametrize(
    "sign", ["\u200e", "\u200f", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u202a", "\u00ad"]
)
def test_signs_that_only_steer_are_not_drawn(worker: Worker, sign: str) -> None:
    with_sign, without = (render_pdf(fill(template("ab{{ a }}cd"), {"a": a}).docx, worker) for a in (sign, ""))
    one, other = (sum(_ink(pdf)[0].histogram()[:96]) for pdf in (with_sign, without))
    assert abs(one - other) / other < 0.01


def test_no_link_of_ours_is_left(worker: Worker) -> None:
    pdf = render_pdf(fill(template("Nom : {{ a }}"), {"a": NAMES["pashto"]}).docx, worker, title="Plainte")
    with pikepdf.open(io.BytesIO(pdf)) as made:
        assert all("/Annots" not in page for page in made.pages)
        assert dict(made.docinfo) == {"/Title": "Plainte"}
    assert b"word:" not in pdf


@pytest.mark.parametrize("name", LETTERS)
def test_the_same_letter_gives_the_same_bytes(worker: Worker, name: str) -> None:
    source, context, labels = shipped(name)
    one, two = (fill_docx(source, context, title="T", labels=labels).docx for _ in range(2))
    assert one == two
    assert render_pdf(one, worker, title="T") == render_pdf(two, worker, title="T")


@pytest.mark.parametrize("name", LETTERS)
def test_every_value_of_the_example_is_in_the_pdf(worker: Worker, name: str) -> None:
    source, context, labels = shipped(name)
    pdf = render_pdf(fill_docx(source, context, title="T", labels=labels).docx, worker)
    read = poppler(pdf)
    # What is said of the one who is not a minor, and of a minor without a representative.
    unsaid = {"mineure", "article 706-50 du code de procédure pénale"}
    for value in set(_texts(context)) - unsaid:
        # Where a line ends is not part of the value; poppler takes a hyphen there for its own.
        assert _bare(value) in _bare(read), value


def _bare(text: str) -> str:
    return re.sub(r"[\s-]", "", text)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for inner in node.values():
            yield from _texts(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _texts(inner)
    elif isinstance(node, str):
        yield node


@pytest.mark.parametrize("name", LETTERS)
def test_marks_of_drafts_and_exercises_stand_on_each_page(worker: Worker, name: str) -> None:
    source, context, labels = shipped(name)
    title = "Attestation d’une personne qui était présente ce matin-là sur le terrain"
    context["exhibits"] = [{**context["exhibits"][0], "number": n, "title": title} for n in range(1, 90)]
    options = [(False, False), (True, True)]
    for draft, practice in options:
        filled = fill_docx(source, context, title="T", labels=labels, draft=draft, practice=practice)
        document = pypdfium2.PdfDocument(render_pdf(filled.docx, worker))
        pages = [page.get_textpage().get_text_range() for page in document]
        document.close()
        assert len(pages) > 2
        for number, page in enumerate(pages, start=1):
            assert ("BROUILLON" in page) == draft
            assert ("EXERCICE – personnes et faits fictifs" in page) == practice
            assert f"Page {number}/{len(pages)}" in page


def test_an_empty_draft_says_what_is_missing() -> None:
    source, _, labels = shipped("plainte_procureur")
    text = text_of(fill_docx(source, {}, title="T", labels=labels, draft=True).docx)
    for missing in ("destinataire", "date de la lettre", "exposé des faits", "demandes", "personnes plaignantes"):
        assert f"[à compléter\u00a0: {missing}]" in text
    assert "[adresse à vérifier avant l’envoi]" in text


def test_sections_without_content_leave_and_numbers_close_up(worker: Worker) -> None:
    source, context, labels = shipped("plainte_procureur")
    for gone in ("assertions", "witnesses", "offences"):
        context[gone] = []
    text = pdfium(render_pdf(fill_docx(source, context, title="T", labels=labels).docx, worker))
    numbered = re.findall(r"^([IVX]+)\.\s+(\S.*?)\s*$", text, re.MULTILINE)
    titles = ["Les faits", "Blessures et préjudices", "Demandes", "Pièces jointes"]
    assert numbered == list(zip(["I", "II", "III", "IV"], titles, strict=True))


@pytest.mark.parametrize(
    ("referral", "words"),
    [
        ({"against_x": True}, "plainte auprès de vous contre X pour"),
        (
            {"accused_lines": [{"text": "M. P. Q."}]},
            "contre la personne désignée ci-après, pour des faits survenus",
        ),
        (
            {"accused_lines": [{"text": "M. P. Q."}, {"text": "Mme R. S."}]},
            "contre les personnes désignées ci-après, pour des faits survenus",
        ),
        ({"against_x": True, "accused_lines": [{"text": "M. P. Q."}]}, "contre X, et contre la personne désignée"),
        ({}, "plainte auprès de vous pour des faits survenus"),
    ],
)
def test_against_whom(referral: dict[str, Any], words: str) -> None:
    source, context, labels = shipped("plainte_procureur")
    context["referral"] = referral
    text = text_of(fill_docx(source, context, title="T", labels=labels).docx)
    assert words in text
    assert bool(re.search("Personnes? visées? par la plainte", text)) == ("accused_lines" in referral)


def test_an_unverified_address_is_not_printed() -> None:
    source, context, labels = shipped("plainte_procureur")
    context["authority"]["verified"] = False
    text = text_of(fill_docx(source, context, title="T", labels=labels).docx)
    assert "Palais de justice" not in text
    assert "[adresse à vérifier avant l’envoi]" in text


def test_the_signatures_are_never_alone_on_their_page(worker: Worker) -> None:
    source, context, labels = shipped("plainte_procureur")
    long = context["facts"]["paragraphs"]
    for count in range(0, 24, 2):
        context["facts"]["paragraphs"] = [*long, *({"text": "Une ligne de plus."} for _ in range(count))]
        document = pypdfium2.PdfDocument(render_pdf(fill_docx(source, context, title="T", labels=labels).docx, worker))
        last = document[len(document) - 1].get_textpage().get_text_range()
        document.close()
        assert "haute considération" in " ".join(last.split()), count


def test_a_hostile_letter_is_refused(worker: Worker) -> None:
    for data, code in ((b"PK\x03\x04", "docx.broken"), (b"", "docx.broken")):
        with pytest.raises(FormError) as error:
            render_pdf(data, worker)
        assert error.value.code == code
        with pytest.raises(FormError):
            fill(data, {})


def test_tables_that_lose_all_rows_go(worker: Worker) -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=1)
    for cell, text in zip(table.columns[0].cells, ("{%tr if a %}", "{{ a }}", "{%tr endif %}"), strict=True):
        cell.text = text
    document.add_paragraph("suite")
    out = io.BytesIO()
    document.save(out)
    assert len(docx.Document(io.BytesIO(fill(out.getvalue(), {"a": "x"}).docx)).tables) == 1
    assert docx.Document(io.BytesIO(fill(out.getvalue(), {"a": None}).docx)).tables == []
