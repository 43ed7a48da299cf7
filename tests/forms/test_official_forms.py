# SPDX-License-Identifier: GPL-3.0-or-later
"""Definitions of official PDFs: which edition it is, what goes where, and nothing applied that nobody has read."""

import datetime as dt
import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from forms.catalogue import Catalogue, Form
from forms.definition import example, load, resolve
from forms.official.edition import Official, compare, find, read_official
from forms.official.fields import read
from forms.official.filled import fill_form
from forms.official.propose import new_folder, propose
from forms.official.readback import readback
from forms.problems import FormError
from forms.values import Filled, Hand, Values
from tests.forms import odd_forms as odd
from tests.support import form_cases as cases
from tests.support.forms import TEMPLATES, catalogue, page_texts
from tests.support.shared import shared

pytestmark = pytest.mark.usefixtures("qapp")

OFFICIAL = sorted(
    path.parent.name
    for path in TEMPLATES.glob("*/official.toml")
    if catalogue().get(path.parent.name).definition.kind == "official"
)
HAND = Hand("test", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
FORM = """
id = "essai"
title = "Essai"
kind = "official"
edition = "1"
source = "essai"
checked_on = 2026-11-26
[[section]]
id = "s"
title = "S"
""" + "".join(
    f'[[field]]\nid = "{name}"\nlabel = "{label}"\nsection = "s"\nfrom = "p.{name}"\n{more}\n'
    for name, label, more in (
        ("name", "Nom", ""),
        ("born", "Né le", 'kind = "date"\nformat = "date_numeric"'),
        ("sex", "Civilité", 'kind = "choice"\nformat = "plain"\nchoices = ["Madame", "Monsieur"]'),
        ("facts", "Faits", 'kind = "long_text"'),
    )
)
EDITION = """
continued = ["facts"]
[[edition]]
number = "00000*01"
checked_on = 2026-11-26
[edition.values]
name = ["nom", "nom2"]
born = { day = "j", month = "m", year = "a" }
sex = { field = "sexe", states = { "Madame" = "1", "Monsieur" = "2" } }
facts = "faits"
[edition.places]
nom = [1, 50, 700, 350, 715]
nom2 = [1, 50, 680, 350, 695]
j = [1, 50, 650, 70, 665]
m = [1, 80, 650, 100, 665]
a = [1, 110, 650, 150, 665]
sexe = [1, 50, 600, 60, 610]
faits = [1, 50, 400, 350, 450]
"""


def _maker() -> odd.Maker:
    made = odd.Maker()
    for name, box in {
        "nom": (50, 700, 350, 715),
        "nom2": (50, 680, 350, 695),
        "j": (50, 650, 70, 665),
        "m": (80, 650, 100, 665),
        "a": (110, 650, 150, 665),
    }.items():
        made.field(name, box)
    made.parent("sexe", {b"1": (50, 600, 60, 610), b"2": (80, 600, 90, 610)}, FT=odd.Name.Btn, Ff=odd.RADIO)
    made.field("faits", (50, 400, 350, 450), Ff=odd.MULTILINE)
    return made


def _official(text: str = EDITION) -> tuple[Form, Official]:
    files = {"form.toml": FORM.encode(), "official.toml": text.encode()}
    form = Form(load(files), files, False)
    return form, read_official(form.definition, files["official.toml"])


def _values(**values: str | dt.date) -> Values:
    return {"p": {name: Filled(value, HAND) for name, value in values.items()}}


def test_values_go_where_the_edition_says() -> None:
    form, official = _official()
    blank = _maker().done()
    values = _values(name="Anna", born=dt.date(2001, 2, 3), sex="Monsieur", facts="mot " * 400)
    filled = fill_form(form.definition, official, blank, values)
    assert {(o.field, o.status) for o in filled.outcomes} == {
        ("name", "whole"),
        ("born", "whole"),
        ("sex", "whole"),
        ("facts", "overflow"),
    }
    facts = next(outcome for outcome in filled.outcomes if outcome.field == "facts")
    assert facts.continued == 2
    kept = fill_form(form.definition, official, blank, values, keep_fields=True)
    held = {field.name: field.value for field in read(kept.pdf).fields}
    assert held.pop("faits").split() == ["mot"] * 400
    assert held == {"nom": "Anna", "nom2": "Anna", "j": "03", "m": "02", "a": "2001", "sexe": "2"}


def test_a_draft_and_an_exercise_say_so_on_every_page() -> None:
    form, official = _official()
    values = _values(name="Anna", facts="mot " * 400)
    filled = fill_form(form.definition, official, _maker().done(), values, draft=True, practice=True)
    assert len(page_texts(filled.pdf)) == 2
    assert all("BROUILLON – EXERCICE – personnes et faits fictifs" in text for text in page_texts(filled.pdf))


def test_a_date_that_is_none_is_told() -> None:
    form, official = _official()
    filled = fill_form(form.definition, official, _maker().done(), _values(born="vers 2001"))
    (outcome,) = filled.outcomes
    assert (outcome.status, outcome.reason, outcome.lost) == ("overflow", "parts", True)
    assert "date" in outcome.sentence


def test_an_unknown_edition_is_compared_and_never_filled() -> None:
    form, official = _official()
    made = _maker()
    made.field("nouveau", (50, 300, 350, 315))
    made.pdf.Root.AcroForm.Fields[0].Rect = odd.Array([50, 100, 350, 115])
    del made.pdf.pages[0].obj.Annots[1]
    blank = made.done()
    found = find(official, blank, read(blank))
    assert found is not None
    difference = found.difference
    assert (found.by, difference.added, difference.gone, difference.moved) == (
        "nearest",
        ("nouveau",),
        ("nom2",),
        ("nom",),
    )
    with pytest.raises(FormError, match=r"official\.unknown_edition") as caught:
        fill_form(form.definition, official, blank, _values(name="Anna"))
    assert "1 champ(s) en plus, 1 en moins, 1 déplacé(s)" in caught.value.sentence


def test_a_mapping_nobody_has_read_is_not_applied() -> None:
    form, official = _official(EDITION.replace("checked_on = 2026-11-26\n", ""))
    with pytest.raises(FormError, match=r"official\.unchecked"):
        fill_form(form.definition, official, _maker().done(), _values(name="Anna"))


def test_a_mapping_is_proposed_by_name_place_and_label_for_a_person_to_read() -> None:
    form, official = _official()
    made = _maker()
    named, second, day = (
        made.pdf.Root.AcroForm.Fields[0],
        made.pdf.Root.AcroForm.Fields[1],
        made.pdf.Root.AcroForm.Fields[2],
    )
    named.T = odd.String("identite")  # same place, another name
    day.T, day.Rect = odd.String("quand"), odd.Array([300, 300, 320, 315])  # nothing of it is known
    second.T, second.Rect = odd.String("x"), odd.Array([50, 100, 350, 115])
    facts = made.pdf.Root.AcroForm.Fields[6]
    facts.T, facts.TU, facts.Rect = odd.String("zone"), odd.String("Les faits"), odd.Array([50, 200, 350, 250])
    blank = made.done()
    proposal = propose(form.definition, official, blank, "00000*02")
    assert {
        line.field: (line.why, [name for target in line.targets for name in target.names]) for line in proposal.lines
    } == {
        "name": ("position", ["identite"]),
        "born": ("", []),
        "sex": ("name", ["sexe"]),
        "facts": ("label", ["zone"]),
    }
    added = EDITION + proposal.toml
    known = read_official(form.definition, added.encode())
    assert find(known, blank, read(blank)).edition.number == "00000*02"  # type: ignore[union-attr]
    with pytest.raises(FormError, match=r"official\.unchecked"):
        fill_form(form.definition, known, blank, _values(name="Anna"))
    checked = added.replace("# checked_on = AAAA-MM-JJ", "checked_on = 2026-11-26")
    filled = fill_form(form.definition, read_official(form.definition, checked.encode()), blank, _values(name="Anna"))
    assert [outcome.status for outcome in filled.outcomes] == ["whole"]


def test_a_pdf_alone_becomes_a_form_of_ones_own(tmp_path: Path) -> None:
    made = _maker()
    made.box("accord", (50, 300, 60, 310), TU=odd.String("J'accepte l'usage"))
    made.field("pays", (50, 270, 350, 285), **odd.choice(odd.COMBO, "France", "Belgique"))
    blank = made.done()
    (tmp_path / "essai").mkdir()
    for name, data in new_folder(blank, "essai", "Essai", dt.date(2026, 11, 26)).items():
        text = data.replace(b"# checked_on = AAAA-MM-JJ", b"checked_on = 2026-11-26")
        (tmp_path / "essai" / name).write_bytes(blank if name.endswith(".pdf") else text)
    form = Catalogue(TEMPLATES, tmp_path).get("essai")
    assert not form.verified
    official = read_official(form.definition, form.file("official"))
    filled = fill_form(form.definition, official, form.files["formulaire.pdf"], example(form.files))
    assert {outcome.status for outcome in filled.outcomes} == {
        "whole",
        "shrunk",
        "overflow",
    }  # a day is two letters wide
    assert len(filled.outcomes) == 9
    assert "j_accepte_l_usage" in tomllib.loads(form.file("official").decode())["edition"][0]["values"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = ["nom", "nom2"]', 'nam = "nom"', "n’a pas de champ"),
        ('"nom2"]', '"nom3"]', "n’est pas dans places"),
        ('facts = "faits"', "facts = { what = 1 }", "il faut le nom d’un champ"),
        ("faits = [1, 50, 400, 350, 450]", "faits = [1, 50]", "il faut cinq nombres"),
        ('continued = ["facts"]', 'continued = ["x"]', "n’a pas de champ"),
        ('number = "00000*01"', 'number = "00000*01"\nsha256 = ["abc"]', "64 chiffres"),
        ('number = "00000*01"', 'number = "00000*01"\nnumbre = 1', "cette clé est inconnue"),
    ],
)
def test_a_fault_in_the_file_is_told(old: str, new: str, said: str) -> None:
    assert old in EDITION
    with pytest.raises(FormError) as caught:
        _official(EDITION.replace(old, new))
    assert said in caught.value.sentence


def test_boxes_of_a_pdf_without_fields() -> None:
    text = """
[[edition]]
number = "1"
checked_on = 2026-11-26
sha256 = ["{}"]
[[edition.box]]
field = "name"
left = 50
bottom = 700
width = 300
height = 14
[[edition.box]]
field = "sex"
kind = "tick"
mark = "Madame"
left = 50
bottom = 600
width = 10
height = 10
"""
    blank = odd.Maker().done()
    form, official = _official(text.replace("{}", hashlib.sha256(blank).hexdigest()))
    filled = fill_form(form.definition, official, blank, _values(name="Éloïse", sex="Madame"))
    reading = readback(
        blank, filled.pdf, filled.made.outcomes, {"name": "Éloïse", "sex": "Madame"}, filled.edition.boxes
    )
    assert reading.sound, reading
    assert {proof.seen for proof in reading.proofs} == {"visible"}


def _blanks() -> Mapping[str, bytes]:
    files = [path.read_bytes() for path in sorted(shared("forms/pdfs").glob("*.pdf"))]
    return {hashlib.sha256(data).hexdigest(): data for data in files}


@pytest.mark.parametrize("name", OFFICIAL)
def test_each_edition_is_the_file_it_says(name: str) -> None:
    form = catalogue().get(name)
    blanks = _blanks()
    for edition in read_official(form.definition, form.file("official")).editions:
        assert edition.checked_on
        pdf = read(blanks[edition.sha256[0]])
        assert compare(pdf, edition).none
        states = {field.name: field.states for field in pdf.fields}
        for targets in edition.values.values():
            for target in targets:
                assert set(target.states.values()) <= set(states.get(target.field, ()))


@pytest.mark.parametrize("name", OFFICIAL)
@pytest.mark.parametrize("case", [cases.complete, cases.required_only, cases.extreme, cases.signs, cases.endless])
def test_whatever_it_is_given_nothing_is_lost_in_silence(name: str, case: object) -> None:
    form = catalogue().get(name)
    official = read_official(form.definition, form.file("official"))
    values = case(form, "typed").values  # type: ignore[operator]
    texts, _ = resolve(form.definition, values)
    blanks = _blanks()
    for edition in official.editions:
        blank = blanks[edition.sha256[0]]
        filled = fill_form(form.definition, official, blank, values)
        assert filled.edition == edition
        told = {outcome.field: outcome for outcome in filled.outcomes}
        assert set(told) == {field for field, text in texts.items() if text}
        written = {target: text for field, text in texts.items() for target in _targets(edition.values, field) if text}
        reading = readback(blank, filled.pdf, filled.made.outcomes, written)
        for proof in reading.proofs:
            outcome = filled.made.outcome(proof.field)
            assert outcome is not None
            hidden = proof.seen == "not" or (proof.seen == "partly" and proof.reason == "text")
            ours = next((field for field in texts if proof.field in _targets(edition.values, field)), "")
            if hidden and ours and not told[ours].lost:
                # A part of a date is only some letters of the text, signs are no letters.
                assert proof.reason == "text", proof
        assert not reading.leftovers


def _targets(values: Mapping[str, tuple[object, ...]], field: str) -> list[str]:
    return [name for target in values.get(field, ()) for name in target.names]  # type: ignore[attr-defined]


def test_the_examples_are_read_again_whole() -> None:
    blanks = _blanks()
    for name in OFFICIAL:
        form = catalogue().get(name)
        official = read_official(form.definition, form.file("official"))
        blank = blanks[official.editions[0].sha256[0]]
        filled = fill_form(form.definition, official, blank, example(form.files))
        assert not filled.problems
        texts = {outcome.field: "x" for outcome in filled.made.outcomes if outcome.status != "kept"}
        reading = readback(blank, filled.pdf, filled.made.outcomes, dict.fromkeys(texts, "."))
        assert {proof.seen for proof in reading.proofs} <= {"visible", "empty"}
        assert not reading.spill
