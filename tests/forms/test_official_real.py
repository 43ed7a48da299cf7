# SPDX-License-Identifier: GPL-3.0-or-later
"""Real official PDFs, which stand beside the checkout: one without fields filled at its boxes, all in four scripts."""

import datetime as dt
import hashlib
import io
from typing import Any, Final

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.definition import load
from forms.official.edition import read_official
from forms.official.fields import read
from forms.official.fill import fill
from forms.official.filled import FilledForm, fill_form
from forms.official.readback import readback
from forms.values import Filled, Hand, Values
from tests.forms import odd_forms as odd
from tests.support.forms import page_texts
from tests.support.shared import shared

pytestmark = pytest.mark.usefixtures("qapp")

HAND: Final = Hand("test", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
FLAT: Final = "forms/pdfs/mi_attestation_deplacement_2020_flat.pdf"
FIELDS: Final = ("name", "birth_on", "birth_place", "address", "motive", "place", "day", "hour")
FORM: Final = (
    'id = "essai"\ntitle = "Essai"\nkind = "flat"\nedition = "2020"\nsource = "essai"\nchecked_on = 2026-11-26\n'
    '[[section]]\nid = "s"\ntitle = "S"\n'
) + "".join(
    f'[[field]]\nid = "{name}"\nlabel = "{name}"\nsection = "s"\nfrom = "p.{name}"\n'
    + ('kind = "choice"\nformat = "plain"\nchoices = ["1", "7"]\n' if name == "motive" else "")
    for name in FIELDS
)
# Measured on the page: left, bottom, width, height.
BOXES: Final = {
    "name": (94, 698, 460, 16),
    "birth_on": (92, 680, 100, 16),
    "birth_place": (214, 680, 340, 16),
    "address": (106, 662, 448, 16),
    "place": (80, 72, 250, 16),
    "day": (64, 54, 140, 16),
    "hour": (228, 54, 100, 16),
}
TICKS: Final = {"1": (44.5, 551.5, 10, 10), "7": (44.5, 275.5, 10, 10)}
NAMES: Final = {
    "latin": ("Éloïse d’Haÿ-Çœur, née Nguyễn Thị Ánh", "12 bis, rue de l’Écluse, 62100 Calais"),
    "arabic": ("محمد أحمد الخالدي", "مخيم كاليه 12/03/2026"),
    "tigrinya": ("ትግርኛ ኣበበ ተስፋይ", "ካሌ 62100"),
    "cyrillic": ("Олександр Коваленко", "вул. Шевченка, 12"),
}


def _flat_form(blank: bytes, name: str, address: str, *, narrow: bool = False) -> FilledForm:
    boxes = dict(BOXES)
    if narrow:
        boxes["name"] = (94, 698, 20, 16)
    rows = [
        f'[[edition.box]]\nfield = "{field}"\nleft = {box[0]}\nbottom = {box[1]}\nwidth = {box[2]}\nheight = {box[3]}\n'
        for field, box in boxes.items()
    ]
    rows += [
        f'[[edition.box]]\nfield = "motive"\nkind = "tick"\nmark = "{mark}"\nleft = {box[0]}\nbottom = {box[1]}\n'
        f"width = {box[2]}\nheight = {box[3]}\n"
        for mark, box in TICKS.items()
    ]
    number = hashlib.sha256(blank).hexdigest()
    head = f'[[edition]]\nnumber = "2020"\nchecked_on = 2026-11-26\nsha256 = ["{number}"]\n'
    text = (head + "".join(rows)).encode()
    definition = load({"form.toml": FORM.encode(), "official.toml": text, "example.toml": b""})
    given_values = {
        "name": name,
        "birth_on": "12/03/1998",
        "birth_place": "El Geneina (Soudan)",
        "address": address,
        "motive": "7",
        "place": "Calais",
        "day": "01/12/2026",
        "hour": "8 h 30",
    }
    values: Values = {"p": {key: Filled(value, HAND) for key, value in given_values.items()}}
    return fill_form(definition, read_official(definition, text), blank, values)


@pytest.mark.parametrize("script", NAMES)
def test_a_page_without_fields_is_written_at_its_boxes(script: str) -> None:
    blank = shared(FLAT).read_bytes()
    assert read(blank).kind == "flat"
    filled = _flat_form(blank, *NAMES[script])
    assert {outcome.field: outcome.status for outcome in filled.outcomes} == dict.fromkeys(FIELDS, "whole")
    texts = {"name": NAMES[script][0], "address": NAMES[script][1], "motive": "7", "place": "Calais"}
    reading = readback(blank, filled.pdf, filled.made.outcomes, texts, filled.edition.boxes)
    assert reading.sound, reading
    assert {proof.field for proof in reading.proofs if proof.seen == "visible"} >= set(texts)
    assert NAMES[script][0] in " ".join(page_texts(filled.pdf)[0].split())
    # Control: the same values are not found on the page nobody wrote on.
    empty = readback(blank, blank, filled.made.outcomes, texts, filled.edition.boxes)
    assert {proof.seen for proof in empty.proofs if proof.field in texts} == {"not"}


def test_a_box_too_narrow_says_what_did_not_fit() -> None:
    blank = shared(FLAT).read_bytes()
    told = {outcome.field: outcome for outcome in _flat_form(blank, *NAMES["latin"], narrow=True).outcomes}
    assert told["name"].status == "overflow"
    assert NAMES["latin"][0].endswith(told["name"].rest)
    assert not told["address"].lost


def _values(blank: bytes, words: tuple[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in read(blank).fields:
        if field.takes_value and field.ticks:
            values[field.name] = field.states[-1]
        elif field.takes_value and field.kind in {"combo", "list"} and field.options:
            values[field.name] = next(option.label for option in field.options if option.label.strip())
        elif field.takes_value:
            values[field.name] = words[0] if field.kind == "comb" else ", ".join(words)
    return values


@pytest.mark.slow
@pytest.mark.parametrize("script", NAMES)
def test_whole_names_and_addresses_in_every_form_are_seen_or_told(script: str) -> None:
    """Texts longer than many fields: what does not show is in the report, letter for letter."""
    checked = 0
    for path in sorted(shared("forms/pdfs").glob("*.pdf")):
        blank = path.read_bytes()
        values = _values(blank, NAMES[script])
        if not values:
            continue
        made = fill(blank, values)
        with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
            assert not pdf.check_pdf_syntax(), path.name
        reading = readback(blank, made.pdf, made.outcomes, {name: str(value) for name, value in values.items()})
        told = {outcome.field: outcome for outcome in made.outcomes}
        assert set(values) <= set(told)
        silent = [p for p in reading.proofs if p.seen in {"not", "partly"} and not told[p.field].lost]
        assert not silent, (path.name, silent[:3])
        for name, value in values.items():
            outcome = told[name]
            assert not outcome.rest or str(value).endswith(outcome.rest.lstrip("\u200e\u200f")), (path.name, outcome)
        assert reading.flat
        assert not reading.leftovers, (path.name, reading.leftovers)
        checked += len(values)
    assert checked > 1500
    # Control: of a form left empty, the same reading finds nothing of what the report calls written.
    left = fill(blank, dict.fromkeys(values, "")).pdf
    empty = readback(blank, left, made.outcomes, {name: str(value) for name, value in values.items()})
    seen = {proof.seen for proof in empty.proofs if values.get(proof.field) and not told[proof.field].lost}
    assert "not" in seen
    assert seen <= {"not", "partly"}


WORDS: Final = ("Calais", "rue", "محمد", "أحمد", "سلام", "12", "2026", "ځز", "Œuvre", "ትግርኛ", "Нове")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=7))
def test_words_of_both_directions_are_read_back_in_the_order_they_were_typed(words: list[str]) -> None:
    form = odd.Maker()
    form.field("name", (50, 600, 550, 618))
    made = fill(form.done(), {"name": " ".join(words)})
    assert [outcome.status for outcome in made.outcomes] == ["whole"]
    assert page_texts(made.pdf)[0].split() == words
