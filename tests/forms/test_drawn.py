# SPDX-License-Identifier: GPL-3.0-or-later
"""The attestation of art. 202 CPC and its guide sheet, and the drawing of forms in general."""

import io
import itertools
import re
from typing import Any

import pikepdf
import pypdfium2
import pytest

from forms.definition import FormDefinition, example, load
from forms.drawn import DRAFT_MARK, PRACTICE_MARK, Drawn, fill
from forms.layout import read_layout
from forms.problems import FormError
from forms.text import Box
from tests.support.forms import catalogue, changed, page_texts, plain_text

pytestmark = pytest.mark.usefixtures("qapp")

SENTENCE = "Je sais que la présente attestation est établie en vue de sa production en justice"
PARAGRAPH = (
    "J’ai vu quatre fourgons arriver par la route. Des personnes en sont descendues et ont formé un cordon "
    "autour des tentes, puis l’une d’elles a dit qu’il restait cinq minutes."
)
# Art. 202, al. 1 to 4; the last ones are left to the witness's hand.
RUBRICS = (
    "Nom de naissance",
    "Prénom(s)",
    "Date de naissance",
    "Lieu de naissance",
    "Demeure",
    "Profession",
    "Lien de parenté ou d’alliance",
    "Lien de subordination",
    "Collaboration ou communauté d’intérêts",
    "Faits auxquels j’ai assisté ou que j’ai personnellement constatés",
    "produite en justice",
    "441-7 du code pénal",
    "Fait à",
    "Le (jour, mois, année)",
    "Signature du témoin",
    "document officiel justifiant de l’identité du témoin et comportant sa signature",
)
HANDWRITTEN = ("mention", "made_at", "made_on", "signature", "identity_document")


def _attest(changes: dict[str, Any] | None = None, **options: Any) -> Drawn:
    form = catalogue().get("attestation_202")
    layout = read_layout(form.definition, form.file("layout"))
    return fill(form.definition, layout, changed(example(form.files), changes or {}), **options)


def _text(drawn: Drawn) -> str:
    return plain_text(" ".join(page_texts(drawn.pdf)))


def _inside(drawn: Drawn, page: int, box: Box) -> str:
    document = pypdfium2.PdfDocument(drawn.pdf)
    try:
        text: str = document[page].get_textpage().get_text_bounded(box.x0, box.y0, box.x1, box.y1)
        return plain_text(text)
    finally:
        document.close()


def _darkness(drawn: Drawn, page: int, box: Box) -> float:
    """How much of the inside of a box is inked, from 0 to 1."""
    document = pypdfium2.PdfDocument(drawn.pdf)
    picture = document[page].render(scale=4).to_pil().convert("L")
    document.close()
    inner = (
        round((box.x0 + 1) * 4),
        round(picture.height - (box.y1 - 1) * 4),
        round((box.x1 - 1) * 4),
        round(picture.height - (box.y0 + 1) * 4),
    )
    histogram = picture.crop(inner).histogram()
    return sum(histogram[:128]) / sum(histogram)


def _boxes(drawn: Drawn, field: str) -> list[tuple[int, Box]]:
    return [(place.page, place.box) for place in drawn.placements if place.field == field]


@pytest.mark.parametrize("mode", ["typed", "handwriting"])
def test_every_rubric_of_article_202_is_there(mode: Any) -> None:
    text = _text(_attest(mode=mode))
    assert [rubric for rubric in RUBRICS if rubric not in text] == []


@pytest.mark.parametrize("mode", ["typed", "handwriting"])
def test_it_does_not_pass_for_the_official_form(mode: Any) -> None:
    drawn = _attest(mode=mode)
    assert not re.search(r"cerfa|11527|république|ministère", _text(drawn), re.IGNORECASE)
    with pikepdf.open(io.BytesIO(drawn.pdf)) as pdf:
        assert [images for page in pdf.pages if (images := page.get_images())] == []


@pytest.mark.parametrize("mode", ["typed", "handwriting"])
def test_what_the_hand_must_write_is_never_printed_in_its_place(mode: Any) -> None:
    drawn = _attest(mode=mode)
    for field in HANDWRITTEN:
        boxes = _boxes(drawn, field)
        assert boxes, field
        assert [_inside(drawn, page, box) for page, box in boxes if _inside(drawn, page, box)] == []
    assert all(_darkness(drawn, page, box) < 0.05 for page, box in _boxes(drawn, "identity_document"))
    assert SENTENCE not in _text(drawn)


@pytest.mark.parametrize("mode", ["typed", "handwriting"])
def test_the_guide_gives_the_sentence_in_large_type(mode: Any) -> None:
    form = catalogue().get("guide_attestation")
    drawn = fill(form.definition, read_layout(form.definition, form.file("layout")), example(form.files), mode=mode)
    text = _text(drawn)
    assert f"{SENTENCE} et qu’une fausse attestation de ma part m’expose à des sanctions pénales" in text
    for needed in ("un an d’emprisonnement", "15 000 euros", "trois ans", "45 000 euros", "441-7", "pièce d’identité"):
        assert needed in text
    sizes = [
        float(operands[1])
        for page in pikepdf.open(io.BytesIO(drawn.pdf)).pages
        for operands, operator in pikepdf.parse_content_stream(page)
        if str(operator) == "Tf"
    ]
    assert sum(size >= 18 for size in sizes) > 20
    assert {size for size in sizes if size < 14} <= {7.5, 8.5}  # foot line and heading


def test_facts_are_ruled_and_not_printed_in_handwriting_mode() -> None:
    drawn = _attest({"account.text": PARAGRAPH}, mode="handwriting")
    assert "fourgons" not in _text(drawn)
    assert "Le Gall-Œuvrard" in _text(drawn)
    levels: dict[int, list[float]] = {}
    for number, page in enumerate(pikepdf.open(io.BytesIO(drawn.pdf)).pages):
        (box,) = [place.box for place in drawn.placements if (place.field, place.page) == ("facts", number)]
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "m" and box.y0 < float(operands[1]) < box.y1:
                levels.setdefault(number, []).append(float(operands[1]))
    assert sum(map(len, levels.values())) >= 20
    for heights in levels.values():
        steps = {round((above - below) / 72 * 25.4, 1) for above, below in itertools.pairwise(heights)}
        assert steps == {8.0}


def test_a_handwritten_account_is_not_missing() -> None:
    assert _attest({"account.text": ...}, mode="handwriting").problems == ()
    (problem,) = _attest({"account.text": ...}).problems
    assert (problem.field, problem.code, problem.severity) == ("facts", "missing", "block")


@pytest.mark.parametrize(("value", "ticked"), [(True, [True, False]), (False, [False, True]), (None, [False, False])])
def test_boxes_say_yes_no_or_nothing(value: bool | None, ticked: list[bool]) -> None:
    drawn = _attest({"links.kinship": value, "links.kinship_detail": "sœur de la partie civile"})
    assert [_darkness(drawn, page, box) > 0.1 for page, box in _boxes(drawn, "kinship")] == ticked
    assert [p.severity for p in drawn.problems if p.field == "kinship"] == (["warn"] if value is None else [])


def test_a_link_without_its_detail_is_said() -> None:
    problems = _attest({"links.interests": True, "links.interests_detail": None}).problems
    assert [(problem.field, problem.severity) for problem in problems] == [("interests_detail", "warn")]


@pytest.mark.parametrize("count", [1, 5, 9, 14, 23, 40, 90])
def test_an_account_of_any_length_is_whole_and_closed_by_the_signature(count: int) -> None:
    account = "\n\n".join(f"{number}. {PARAGRAPH}" for number in range(1, count + 1))
    drawn = _attest({"account.text": account})
    pages = [plain_text(page) for page in page_texts(drawn.pdf)]
    assert len(pages) == drawn.pages
    pieces = [_inside(drawn, page, box) for page, box in _boxes(drawn, "facts")]
    assert "".join(" ".join(pieces).split()) == "".join(account.split())
    # The page that is signed bears the end of the account, and more than a word of it.
    assert [page for page, _ in _boxes(drawn, "signature")] == [drawn.pages - 1]
    assert pieces[-1].endswith("cinq minutes.")
    assert len(pieces[-1]) > 60
    assert f"Nombre de pages de l’attestation : {drawn.pages}." in pages[-1]
    for number, page in enumerate(pages, 1):
        assert f"page {number}/{len(pages)}" in page
        assert page.count("Maëlle, Ève Le Gall-Œuvrard") == (1 if number == 1 else 2)
        assert ("Paraphe du témoin" in page) == (number < len(pages))
    assert all("Suite du récit" in page for page in pages[2:-1])


def test_a_short_account_stands_on_the_page_that_is_signed() -> None:
    drawn = _attest({"account.text": "J’ai vu les tentes brûler."})
    assert {page for page, _ in _boxes(drawn, "facts")} == {page for page, _ in _boxes(drawn, "signature")}
    assert "3. Les faits" in plain_text(page_texts(drawn.pdf)[-1])


@pytest.mark.parametrize("count", [1, 7, 30])
def test_nothing_overlaps_and_nothing_leaves_the_page(count: int) -> None:
    drawn = _attest(
        {"account.text": "\n".join([PARAGRAPH] * count), "account.original_text": "كنت حاضراً " * 40 * count}
    )
    for number in range(drawn.pages):
        boxes = sorted((p.box for p in drawn.placements if p.page == number), key=lambda box: -box.y1)
        assert all(40 < box.x0 < box.x1 < 556 for box in boxes)
        assert all(65 < box.y0 < box.y1 < 810 for box in boxes)
        for index, box in enumerate(boxes):
            for other in boxes[index + 1 :]:
                apart = box.y0 >= other.y1 - 0.1 or box.x1 <= other.x0 or other.x1 <= box.x0
                assert apart, (box, other)


def test_names_of_any_script_and_length_stand_whole() -> None:
    names = {
        "witness.birth_name": "Wolfeschlegelsteinhausenbergerdorffvoralternwarengewissenhaftschaferswessen",
        "witness.given_names": "Pablo Diego José Francisco de Paula Juan Nepomuceno Cipriano de la Santísima Trinidad",
        "witness.usual_name": "عبد الرحمن",
        "witness.birth_place": "ኣስመራ",
        "witness.profession": "Nguyễn Thị Ánh, кандидатка наук",
    }
    drawn = _attest(names)
    assert drawn.problems == ()
    first = "".join(page_texts(drawn.pdf)[0].split())
    for name in names.values():
        assert "".join(name.split()) in first


def test_the_witness_may_be_heard_in_two_languages() -> None:
    original = "رأيت أربع شاحنات بيضاء تصل إلى المكان."
    drawn = _attest({"account.original_text": original, "account.language_note": "Récit fait en arabe (Soudan)."})
    text = _text(drawn)
    assert original in text
    assert "dans la langue du témoin" in text
    assert "Récit fait en arabe (Soudan)." in text
    assert "dans la langue du témoin" not in _text(_attest({"account.original_text": original}, mode="handwriting"))


def test_a_letter_no_font_has_is_said_once() -> None:
    drawn = _attest({"account.text": "漢 " * 900 + "字"})
    assert [(problem.field, problem.code, problem.facts["characters"]) for problem in drawn.problems] == [
        ("facts", "no_glyph", "漢字")
    ]


def test_a_value_is_never_read_as_layout() -> None:
    text = _text(_attest({"witness.birth_name": "{pages} {given_names}", "account.text": "{pages}"}))
    assert text.count("{pages} {given_names}") == 4  # rubric, two foot lines, heading
    assert text.count("{pages}") == 5


def test_a_draft_says_so_on_each_page_and_names_what_is_missing() -> None:
    changes = {"witness.profession": ..., "links.kinship": ..., "account.text": "\n\n".join([PARAGRAPH] * 30)}
    drawn = _attest(changes, draft=True)
    assert all(DRAFT_MARK in page for page in page_texts(drawn.pdf))
    text = _text(drawn)
    assert "[à compléter : profession]" in text
    assert "[à compléter : lien de parenté ou d’alliance]" in text
    assert {problem.field for problem in drawn.problems} == {"profession", "kinship"}
    final = _text(_attest(changes))
    assert DRAFT_MARK not in final
    assert "à compléter" not in final


@pytest.mark.parametrize("mode", ["typed", "handwriting"])
def test_an_exercise_says_so_on_each_page(mode: Any) -> None:
    drawn = _attest(mode=mode, practice=True)
    assert all(PRACTICE_MARK in plain_text(page) for page in page_texts(drawn.pdf))
    assert PRACTICE_MARK not in _text(_attest(mode=mode))


def test_the_same_values_give_the_same_bytes() -> None:
    assert _attest().pdf == _attest().pdf


FORM = b"""
id = "essai"
title = "Essai"
kind = "drawn"
edition = "1"
source = "Aucune"
checked_on = 2026-11-23
[[section]]
id = "s"
title = "S"
[[field]]
id = "name"
label = "Nom"
section = "s"
from = "name"
"""


def _definition() -> FormDefinition:
    return load({"form.toml": FORM, "layout.toml": b""})


ROW = '[[block]]\nkind = "row"\ncells = [{ field = "name" }]\n'


@pytest.mark.parametrize(
    ("layout", "code", "words"),
    [
        ("", "form.key_missing", ["block"]),
        (ROW + "colour = 1", "form.key_unknown", ["layout.toml", "block n°\u00a01", "colour"]),
        (ROW.replace("row", "table"), "form.value", ["kind", "table"]),
        (ROW.replace('"name"', '"nom"'), "form.field_unknown", ["layout.toml", "nom"]),
        (ROW.replace('"name"', '"name", size = 3'), "form.key_unknown", ["cells n°\u00a01", "size"]),
        (ROW + ROW, "form.value", ["name", "deux fois"]),
        ('[[block]]\nkind = "note"\ntext = "Rien"', "form.value", ["name", "nulle part"]),
        ('[[block]]\nkind = "note"\ntext = "{nom}"\n' + ROW, "form.field_unknown", ["nom"]),
        ('[page]\nfooter = "{nom}"\n' + ROW, "form.field_unknown", ["nom"]),
        (ROW + "height = 1000", "form.value", ["height"]),
        (ROW + 'modes = ["spoken"]', "form.value", ["modes", "spoken"]),
        (ROW.replace("[{", "[").replace("}]", "]").replace("field = ", ""), "form.value", ["cells"]),
    ],
)
def test_what_is_wrong_in_a_layout_is_named(layout: str, code: str, words: list[str]) -> None:
    with pytest.raises(FormError) as caught:
        read_layout(_definition(), layout.encode())
    assert caught.value.code == code
    for word in words:
        assert word in caught.value.sentence


def test_a_form_is_not_filled_in_a_mode_it_does_not_know() -> None:
    with pytest.raises(FormError, match=r"form\.mode"):
        fill(_definition(), read_layout(_definition(), ROW.encode()), {}, mode="handwriting")


def test_a_note_that_names_an_unknown_value_disappears_whole() -> None:
    layout = read_layout(_definition(), (ROW + '[[block]]\nkind = "note"\ntext = "Pour {name}, ce jour."').encode())
    values = example({"example.toml": b'name = "Anna"'})
    assert "Pour Anna, ce jour." in _text(fill(_definition(), layout, values))
    assert "ce jour" not in _text(fill(_definition(), layout, {}))


def test_what_stays_blank_on_an_initialled_page_is_struck_out() -> None:
    def blank(drawn: Drawn) -> float:
        spaces = [each.box for each in drawn.placements if each.page == 0]
        return _darkness(drawn, 0, Box(60, 100, 530, min(box.y0 for box in spaces) - 20))

    account = "\n\n".join([PARAGRAPH] * 3)
    typed = _attest({"account.text": account})
    assert typed.pages == 2
    assert blank(typed) > 0
    # The control: the page that is signed keeps its space free.
    last = [each.box for each in typed.placements if each.page == typed.pages - 1]
    assert _darkness(typed, 1, Box(60, 100, 530, min(box.y0 for box in last) - 45)) == 0
