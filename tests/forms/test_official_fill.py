# SPDX-License-Identifier: GPL-3.0-or-later
"""Official PDFs filled: what shows, where, how it is reported, and what must not survive."""

import datetime as dt
import io
from typing import Any

import attrs
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String

from forms.official.fields import read
from forms.official.fill import Made, fill
from forms.official.outcome import Outcome
from forms.official.readback import Reading, readback
from forms.problems import FormError
from tests.forms import odd_forms as odd
from tests.support.forms import page_texts
from tests.support.shared import shared

pytestmark = pytest.mark.usefixtures("qapp")

BOX = (50, 700, 350, 715)
NAMES = {
    "latin": "Éloïse d’Haÿ-Çœur – 12 €",
    "arabic": "محمد أحمد 12/03/2026",
    "pashto": "زمری ځاځی",
    "tigrinya": "ትግርኛ ኣበበ",
    "cyrillic": "Олександр Коваленко",
    "vietnamese": "Nguyễn Thị Ánh",
}


def _told(made: Made, field: str) -> Outcome:
    outcome = made.outcome(field)
    assert outcome is not None
    return outcome


def _read_again(blank: bytes, made: Made, texts: dict[str, str]) -> Reading:
    return readback(blank, made.pdf, made.outcomes, texts)


def _whole(pdf: bytes) -> str:
    # A hyphen at the end of a line is one of ours, which PDFium reports as its own sign.
    return " ".join(page_texts(pdf)).replace("\ufffe", "-")


@pytest.mark.parametrize("script", NAMES)
@pytest.mark.parametrize("keep", [False, True])
def test_every_script_shows_and_can_be_extracted(script: str, keep: bool) -> None:
    form = odd.Maker()
    form.field("name", BOX)
    blank = form.done()
    made = fill(blank, {"name": NAMES[script]}, keep_fields=keep)
    assert _told(made, "name").status == "whole"
    assert _told(made, "name").size == 10
    reading = _read_again(blank, made, {"name": NAMES[script]})
    assert reading.sound, reading
    assert reading.flat is not keep
    if keep:
        with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
            assert str(pdf.Root.AcroForm.Fields[0].V) == NAMES[script]
            assert "/NeedAppearances" not in pdf.Root.AcroForm


def test_a_field_that_stays_empty_is_the_control_of_readback() -> None:
    form = odd.Maker()
    form.field("name", BOX)
    blank = form.done()
    made = fill(blank, {"name": "Anna"})
    empty = fill(blank, {})
    reading = readback(blank, empty.pdf, made.outcomes, {"name": "Anna"})
    assert [(proof.seen, proof.reason) for proof in reading.proofs] == [("not", "no_ink")]
    other = fill(blank, {"name": "Karim"})
    assert readback(blank, other.pdf, made.outcomes, {"name": "Anna"}).proofs[0].reason == "text"
    assert not reading.sound


def test_what_does_not_fit_is_told() -> None:
    form = odd.Maker()
    form.field("short", (50, 700, 90, 715))
    form.field("limit", BOX, MaxLen=4)
    form.field("comb", BOX, Ff=odd.COMB, MaxLen=5)
    form.field("phone", BOX, Ff=odd.COMB, MaxLen=10)
    form.field("glyph", BOX)
    made = fill(
        form.done(),
        {
            "short": "Marie-Antoinette",
            "limit": "abcdef",
            "comb": "123456",
            "phone": "06 12 34 56 78",
            "glyph": "Anna 漢",
        },
    )
    short = _told(made, "short")
    assert short.status == "overflow"
    assert "Marie-Antoinette".endswith(short.rest.strip("\u200e"))
    assert (_told(made, "limit").rest, _told(made, "limit").reason) == ("ef", "max_length")
    assert _told(made, "comb").rest == "6"
    assert (_told(made, "phone").status, _told(made, "phone").reason) == ("whole", "separators")
    assert (_told(made, "glyph").status, _told(made, "glyph").missing) == ("no_glyph", ("漢",))
    assert {outcome.field for outcome in made.outcomes if outcome.lost} == {"short", "limit", "comb", "glyph"}
    assert all(outcome.sentence.endswith((".", "漢")) for outcome in made.outcomes)
    codes = [problem.code for outcome in made.outcomes for problem in outcome.problems()]
    assert codes == ["overflow", "shrunk", "overflow", "overflow", "no_glyph"]


@pytest.mark.parametrize(
    ("text", "cells", "reason", "rest"),
    [
        ("06.12.34.56.78", 10, "separators", ""),
        ("01/02/2026", 8, "separators", ""),
        ("123 456 789 00012", 14, "separators", ""),
        ("12.50", 4, "max_length", "0"),  # a sum of money is not changed to fit
        ("1-2", 2, "max_length", "2"),
        ("2026-10-01", 8, "max_length", "01"),  # nobody knows in which order the cells want it
    ],
)
def test_only_signs_that_mean_nothing_leave_a_comb(text: str, cells: int, reason: str, rest: str) -> None:
    form = odd.Maker()
    form.field("code", BOX, Ff=odd.COMB, MaxLen=cells)
    told = _told(fill(form.done(), {"code": text}), "code")
    assert (told.reason, told.rest) == (reason, rest)
    assert told.lost is bool(rest)


def test_text_shrinks_no_further_than_asked() -> None:
    form = odd.Maker()
    form.field("name", (50, 700, 125, 715))
    blank = form.done()
    shrunk = _told(fill(blank, {"name": "Marie-Antoinette"}), "name")
    assert shrunk.status == "shrunk"
    assert 7 <= shrunk.size < 10
    assert _told(fill(blank, {"name": "Marie-Antoinette"}, min_size=9.5), "name").status == "overflow"


def test_refusals_say_why() -> None:
    form = odd.Maker()
    form.field("kept", BOX, Ff=1, V=String("FR-16029"))
    form.field("unseen", BOX, F=odd.HIDDEN, V=String("16029"))
    form.field("secret", BOX, Ff=odd.PASSWORD)
    form.field("sign", BOX, FT=Name.Sig)
    form.field("nowhere", (0, 0, 0, 0))
    form.field("country", BOX, **odd.choice(odd.COMBO, ("fr", "France"), ("be", "Belgique")))
    form.box("tick", (50, 600, 60, 610))
    names = ("kept", "unseen", "secret", "sign", "nowhere", "country", "tick", "absent")
    made = fill(form.done(), dict.fromkeys(names, "valeur"))
    assert [(outcome.field, outcome.reason) for outcome in made.outcomes] == list(
        zip(
            names,
            ("read_only", "hidden", "password", "signature", "no_place", "no_choice", "no_choice", "unknown_field"),
            strict=True,
        )
    )
    assert _told(made, "country").choices == ("France", "Belgique")
    assert {outcome.status for outcome in made.outcomes} == {"refused"}
    # What the form itself had written there stays, even without an appearance.
    assert "FR-16029" in _whole(made.pdf)


def test_boxes_radios_and_choices() -> None:
    form = odd.Maker()
    form.box("tick", (50, 600, 60, 610))
    form.box("left", (50, 580, 60, 590))
    states = {"Féminin".encode("latin-1"): (50, 500, 60, 510), b"": (70, 500, 80, 510)}
    form.parent("sex", states, FT=Name.Btn, Ff=odd.RADIO)
    form.field("country", BOX, **odd.choice(odd.COMBO, ("fr", "France"), ("be", "Belgique")))
    form.field("other", (50, 650, 350, 665), **odd.choice(odd.COMBO | odd.EDIT, "un"))
    form.field("tongues", (50, 300, 200, 400), **odd.choice(odd.MULTIPLE, "arabe", "pachto", "dari"))
    blank = form.done()
    values: dict[str, Any] = {
        "tick": True,
        "left": False,
        "sex": "feminin",
        "country": "belgique",
        "other": "deux",
        "tongues": ["dari", "arabe"],
    }
    for keep in (False, True):
        made = fill(blank, values, keep_fields=keep)
        assert {outcome.status for outcome in made.outcomes} == {"whole"}, made.outcomes
        texts = {"tick": "x", "sex": "x", "country": "Belgique", "other": "deux", "tongues": "dari"}
        reading = _read_again(blank, made, texts)
        assert reading.sound, reading
        if not keep:
            assert next(proof.ink for proof in reading.proofs if proof.field == "left") == 0
            assert "Belgique" in _whole(made.pdf)
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        tick, left, sex, country, _, tongues = pdf.Root.AcroForm.Fields
        assert (Name.Oui, Name.Oui, Name.Off) == (tick.V, tick.AS, left.V)
        assert sex.V == sex.Kids[0].AS != Name.Off
        assert Name.Off == sex.Kids[1].AS
        assert str(country.V) == "be"
        assert [str(value) for value in tongues.V] == ["dari", "arabe"]
    assert _told(fill(blank, {"sex": True}), "sex").reason == "which"
    assert _told(fill(blank, {"country": ["fr", "be"]}), "country").reason == "not_multiple"


def test_no_tick_depends_on_a_font_the_file_does_not_hold() -> None:
    form = odd.Maker()
    ticked = form.box("tick", (50, 600, 60, 610))
    ticked.AS = Name.Oui  # prefilled, in a font no reader must have
    made = fill(form.done(), {})
    assert b"ZapfDingbats" not in _plain(made.pdf)
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        assert "/Annots" not in pdf.pages[0].obj


def _plain(pdf: bytes) -> bytes:
    """A PDF with all its streams and objects readable."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        file.save(target, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return target.getvalue()


@pytest.mark.parametrize("keep", [False, True])
def test_nothing_hostile_survives(keep: bool) -> None:
    form = odd.Maker()
    action = odd.script("app.launchURL('http://evil.example')")
    form.field("name", BOX, AA=Dictionary(F=odd.script("AFDate_Format(1)"), K=action), A=action, V=String("SECRET"))
    form.field("go", (50, 500, 90, 520), FT=Name.Btn, Ff=odd.PUSH, A=Dictionary(S=Name.SubmitForm, F=String("evil")))
    link = {"Subtype": Name.Link, "Rect": Array([0, 0, 9, 9]), "A": Dictionary(S=Name.URI, URI=String("evil"))}
    form.pdf.pages[0].obj.Annots.append(Dictionary(**link))
    held = Dictionary(EF=Dictionary(F=form.pdf.make_stream(b"MZ carried")))
    form.pdf.pages[0].obj.Annots.append(Dictionary(Subtype=Name.FileAttachment, FS=held))
    pinned = form.pdf.make_indirect(Dictionary(Subtype=Name.FileAttachment, FS=held))
    form.pdf.pages[0].obj.Annots.append(pinned)

    def load(pdf: pikepdf.Pdf) -> None:
        pdf.Root.AcroForm.XFA = Array([String("datasets"), pdf.make_stream(b"<name>Anna Secret</name>")])
        pdf.Root.OpenAction = action
        pdf.Root.AA = Dictionary(WC=action)
        pdf.Root.Perms = Dictionary(UR3=Dictionary())
        pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), action])))
        pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.Launch, F=String("evil")))
        item = pdf.make_indirect(Dictionary(Title=String("x"), A=Dictionary(S=Name.Launch, F=String("evil"))))
        pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=item, Last=item, Count=1))
        # A tagged page points at its fields.
        annotations = pdf.pages[0].obj.Annots
        pdf.Root.StructTreeRoot = Dictionary(K=Array([Dictionary(Obj=each) for each in (annotations[0], pinned)]))
        pdf.docinfo["/Author"] = "Anna Secret"
        pdf.attachments["virus.exe"] = b"MZ"

    blank = form.done(load)
    assert b"evil" in _plain(blank)  # the control
    made = fill(blank, {"name": "Anna"}, keep_fields=keep)
    plain = _plain(made.pdf)
    for word in (
        b"evil",
        b"SECRET",
        b"Secret",
        b"JavaScript",
        b"/JS",
        b"/XFA",
        b"UR3",
        b"virus",
        b"Launch",
        b"carried",
    ):
        assert word not in plain, word
    assert _read_again(blank, made, {"name": "Anna"}).leftovers == ()


def test_a_file_that_is_left_is_seen_wherever_it_is_written() -> None:
    form = odd.Maker()
    form.field("name", BOX)
    blank = form.done()
    made = fill(blank, {"name": "Anna"})
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        pdf.pages[0].obj.Annots = Array([Dictionary(Subtype=Name.FileAttachment, FS=Dictionary(EF=Dictionary()))])
        pdf.save(target)
    told = {"name": "Anna"}
    assert readback(blank, made.pdf, made.outcomes, told).leftovers == ()  # the control
    assert readback(blank, target.getvalue(), made.outcomes, told).leftovers == ("file",)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("box", [(0, 0, 595, 842), (-34, 20, 561, 862)])
@pytest.mark.parametrize("said", ["page", "field"])
@pytest.mark.parametrize("unit", [1.0, 2.0])
def test_turned_and_shifted_pages(turn: int, box: tuple[float, float, float, float], said: str, unit: float) -> None:
    form = odd.Maker(box)
    tall = turn % 180 != 0
    place = (100, 300, 115, 500) if tall else (100, 300, 300, 315)
    widget = form.field("name", place)
    form.pdf.pages[0].obj.UserUnit = unit
    if said == "page":
        form.pdf.pages[0].obj.Rotate = turn
    else:
        widget.MK = Dictionary(R=turn)
    blank = form.done(lambda pdf: pdf.pages[0].__setattr__("Contents", pdf.make_stream(b"q 0.5 0 0 0.5 0 0 cm")))
    for keep in (False, True):
        made = fill(blank, {"name": "Éloïse Œuvré"}, keep_fields=keep)
        reading = _read_again(blank, made, {"name": "Éloïse Œuvré"})
        assert reading.sound, reading
        assert _told(made, "name").size == 10 * unit


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("keep", [False, True])
def test_a_mark_stands_at_the_head_of_every_page_as_it_is_shown(turn: int, keep: bool) -> None:
    form = odd.Maker((0, 0, 595, 842), (-20, 0, 575, 842))
    form.field("name", (100, 300, 115, 500) if turn % 180 else (100, 300, 300, 315))
    for page in form.pdf.pages:
        page.obj.Rotate = turn
        page.obj.CropBox = Array([20, 30, 500, 800])
    blank = form.done()
    made = fill(blank, {"name": "Anna"}, mark="EXERCICE – personnes et faits fictifs", keep_fields=keep)
    assert all("EXERCICE – personnes et faits fictifs" in text for text in page_texts(made.pdf))
    told = {"name": "Anna"}
    assert readback(blank, made.pdf, made.outcomes, told, marked=True).sound
    assert set(readback(blank, made.pdf, made.outcomes, told).spill) == {0, 1}


def test_a_long_text_goes_on_behind_the_form() -> None:
    form = odd.Maker()
    form.field("facts", (50, 600, 350, 650), Ff=odd.MULTILINE)
    form.field("name", (50, 500, 120, 515))
    blank = form.done()
    words = " ".join(f"mot{number}" for number in range(1500))
    values = {"facts": words, "name": "Marie-Antoinette de Habsbourg-Lorraine"}
    labels = {"facts": "Les faits", "name": "Nom"}
    for keep in (False, True):
        made = fill(blank, values, continued=labels, keep_fields=keep)
        pages = page_texts(made.pdf)
        assert len(pages) > 2
        assert _told(made, "facts").continued == 2
        assert not _told(made, "facts").lost
        with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
            held = str(pdf.Root.AcroForm.Fields[0].V) if keep else ""
        said = " ".join([*pages, held])
        assert "Suite de la rubrique «\u00a0Les faits\u00a0»" in said
        assert all(word in said.split() for word in words.split())
        assert "Lorraine" in said
        assert "voir suite page 2" in (pages[0] if not keep else "voir suite page 2")
    assert not fill(blank, {"name": "Anna"}, continued=labels).outcomes[1].continued


def test_dates_and_numbers_are_written_as_the_form_asks() -> None:
    form = odd.Maker()
    form.field("day", BOX, AA=Dictionary(F=odd.script('AFDate_FormatEx("dd/mm/yyyy")')))
    form.field("sum", (50, 650, 350, 665), AA=Dictionary(F=odd.script("AFNumber_Format(2, 3, 0, 0, '', true)")))
    said = _whole(fill(form.done(), {"day": dt.date(2026, 10, 1), "sum": 12}).pdf)
    assert "01/10/2026" in said
    assert "12,00" in said


def test_a_shared_field_is_written_everywhere_and_the_worst_place_is_told() -> None:
    form = odd.Maker(odd.A4, odd.A4)
    form.field("name", BOX)
    form.field("name", (50, 700, 80, 715), page=1)
    made = fill(form.done(), {"name": "Marie-Antoinette"})
    first, second = page_texts(made.pdf)
    assert "Marie-Antoinette" in first
    assert "Ma" in second
    assert (_told(made, "name").status, _told(made, "name").page) == ("overflow", 1)


def test_two_fields_side_by_side_are_both_seen_whole() -> None:
    form = odd.Maker()
    form.field("left", (50, 600, 250, 660), Ff=odd.MULTILINE)
    form.field("right", (260, 600, 460, 660), Ff=odd.MULTILINE)
    blank = form.done()
    texts = {
        "left": "Le premier récit tient sur trois lignes au moins dans sa case.",
        "right": "Le second aussi, à côté. " * 3,
    }
    made = fill(blank, texts)
    assert _read_again(blank, made, texts).sound
    other = fill(blank, {**texts, "left": "Un autre récit, sans les mots voulus, dans la même case."})
    assert not readback(blank, other.pdf, made.outcomes, texts).sound


def test_the_frame_of_a_box_is_no_proof_of_its_tick() -> None:
    form = odd.Maker()
    form.box("tick", (50, 600, 70, 620), MK=odd.Dictionary(BC=odd.Array([0])))
    blank = form.done()
    with pikepdf.open(io.BytesIO(blank)) as pdf:
        frame = pdf.make_stream(b"0 0 20 20 re S")
        frame.Type, frame.Subtype, frame.BBox = odd.Name.XObject, odd.Name.Form, odd.Array([0, 0, 20, 20])
        pdf.pages[0].Annots[0].AP.N.Off = frame
        out = io.BytesIO()
        pdf.save(out)
    blank = out.getvalue()
    made = fill(blank, {"tick": True})
    assert _read_again(blank, made, {"tick": "Oui"}).proofs[0].seen == "visible"
    left_empty = attrs.evolve(made, pdf=fill(blank, {"tick": False}).pdf)
    assert _read_again(blank, left_empty, {"tick": "Oui"}).proofs[0].seen == "not"


def test_equal_values_give_equal_bytes() -> None:
    form = odd.Maker()
    form.field("name", BOX)
    blank = form.done()
    assert fill(blank, {"name": "أحمد"}).pdf == fill(blank, {"name": "أحمد"}).pdf


def test_a_form_only_one_program_shows_is_refused() -> None:
    def dynamic(pdf: pikepdf.Pdf) -> None:
        pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp/>")
        pdf.Root.NeedsRendering = True

    with pytest.raises(FormError, match=r"official\.dynamic_xfa") as caught:
        fill(odd.Maker().done(dynamic), {})
    assert "Adobe Reader" in caught.value.sentence


_WORDS = st.text(st.sampled_from("abcdefghijkl ÉÀÇœ-12345 محمدأ ځز ትግርኛ Ані"), min_size=1, max_size=60).filter(
    lambda text: bool(text.strip())
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=_WORDS, width=st.integers(20, 300), kind=st.sampled_from([0, odd.MULTILINE]), height=st.integers(9, 60))
def test_no_character_is_lost_whatever_the_place(text: str, width: int, kind: int, height: int) -> None:
    form = odd.Maker()
    form.field("name", (50, 600, 50 + width, 600 + height), Ff=kind)
    made = fill(form.done(), {"name": text})
    told = _told(made, "name")
    said = sorted("".join(_whole(made.pdf).split()))
    left = told.rest.strip("\u200e\u200f")
    assert told.status in {"whole", "shrunk", "overflow"}
    assert text.rstrip().endswith(left.rstrip())
    written = sorted("".join(text[: len(text) - len(left)].split())) if left else sorted("".join(text.split()))
    assert said == written


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=_WORDS, second=_WORDS, ticked=st.booleans())
def test_what_is_kept_comes_back_and_can_be_filled_again(first: str, second: str, ticked: bool) -> None:
    form = odd.Maker()
    form.field("name", (50, 600, 350, 640), Ff=odd.MULTILINE)
    form.box("tick", (50, 500, 60, 510))
    blank = form.done()
    once = fill(blank, {"name": first, "tick": ticked}, keep_fields=True).pdf
    held = {field.name: field.value for field in read(once).fields}
    assert held == {"name": first, "tick": "Oui" if ticked else "Off"}
    again = fill(once, {"name": second, "tick": not ticked}, keep_fields=True).pdf
    held = {field.name: field.value for field in read(again).fields}
    assert held == {"name": second, "tick": "Off" if ticked else "Oui"}
    # Filled again from the blank form or from the kept one, paper says the same.
    flat = [sorted(_whole(fill(source, {"name": second}).pdf)) for source in (blank, once)]
    assert flat[0] == flat[1]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=_WORDS, cells=st.integers(1, 40))
def test_no_letter_of_a_comb_is_lost(text: str, cells: int) -> None:
    form = odd.Maker()
    form.field("code", (50, 600, 450, 615), Ff=odd.COMB, MaxLen=cells)
    made = fill(form.done(), {"code": text})
    told = _told(made, "code")
    kept = text if told.reason == "" else text.replace(" ", "").replace("-", "")
    whole = "".join((_whole(made.pdf) + told.rest).split())
    assert sorted(whole) == sorted("".join(kept.split())) or sorted(whole) == sorted("".join(text.split()))


@pytest.mark.slow
@pytest.mark.parametrize(("script", "keep"), [("latin", False), ("arabic", False), ("tigrinya", True)])
def test_real_forms_lose_nothing(script: str, keep: bool) -> None:
    paths = sorted(shared("forms/pdfs").glob("*.pdf"))
    checked = 0
    for path in paths:
        blank = path.read_bytes()
        form = read(blank)
        if not form.fields:
            continue
        values: dict[str, Any] = {}
        for field in form.fields:
            if field.takes_value and field.ticks:
                values[field.name] = field.states[0]
            elif field.takes_value and field.kind in {"combo", "list"} and field.options:
                values[field.name] = field.options[-1].label
            elif field.takes_value:
                values[field.name] = "62100" if field.kind == "comb" else NAMES[script].split()[0]
        made = fill(blank, values, keep_fields=keep)
        with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
            assert not pdf.check_pdf_syntax(), path.name
        reading = _read_again(blank, made, {name: str(value) for name, value in values.items()})
        told = {outcome.field: outcome for outcome in made.outcomes}
        bad = [
            (proof, told[proof.field])
            for proof in reading.proofs
            if proof.seen in {"not", "partly"} and not told[proof.field].lost
        ]
        assert not bad, (path.name, bad[:3])
        assert reading.flat is not keep
        assert not reading.leftovers, (path.name, reading.leftovers)
        assert not reading.spill, (path.name, reading.spill)
        checked += len(values)
    assert checked > 1500
