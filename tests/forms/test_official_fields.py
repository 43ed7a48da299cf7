# SPDX-License-Identifier: GPL-3.0-or-later
"""Official PDFs read into fields: every kind, every oddity, and files that are no form."""

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from forms.official.fields import read
from forms.official.scripts import Format, formatted, recognised
from forms.official.shape import PdfForm
from forms.problems import FormError
from tests.forms import odd_forms as odd
from tests.forms.odd_pdfs import written
from tests.support.shared import shared

BOX = (50, 700, 250, 715)


def _kinds(form: PdfForm) -> dict[str, str]:
    return {field.name: field.kind for field in form.fields}


def test_each_kind_is_told_apart() -> None:
    made = odd.Maker()
    made.field("text", BOX, TU=String("Nom de naissance"), MaxLen=20)
    made.field("lines", BOX, Ff=odd.MULTILINE)
    made.field("comb", BOX, Ff=odd.COMB, MaxLen=5)
    made.field("comb without cells", BOX, Ff=odd.COMB)
    made.field("secret", BOX, Ff=odd.PASSWORD)
    made.field("file", BOX, Ff=odd.FILE)
    made.field("rich", BOX, Ff=odd.RICH)
    made.box("tick", (50, 600, 60, 610))
    made.parent("sex", {b"1": (50, 500, 60, 510), b"2": (80, 500, 90, 510)}, FT=Name.Btn, Ff=odd.RADIO)
    made.field("country", BOX, **odd.choice(odd.COMBO | odd.EDIT, ("fr", "France"), "Autre"))
    made.field("tongues", BOX, **odd.choice(odd.MULTIPLE, "arabe", "pachto"))
    made.field("print", BOX, FT=Name.Btn, Ff=odd.PUSH)
    made.field("sign", BOX, FT=Name.Sig)
    form = read(made.done())
    assert form.kind == "acroform"
    assert _kinds(form) == {
        "text": "text",
        "lines": "multiline",
        "comb": "comb",
        "comb without cells": "text",
        "secret": "password",
        "file": "file",
        "rich": "rich",
        "tick": "checkbox",
        "sex": "radio",
        "country": "combo",
        "tongues": "list",
        "print": "button",
        "sign": "signature",
    }
    text, country, sex = form.field("text"), form.field("country"), form.field("sex")
    assert text is not None
    assert country is not None
    assert sex is not None
    assert (text.label, text.max_length, text.takes_value) == ("Nom de naissance", 20, True)
    assert [(option.export, option.label) for option in country.options] == [("fr", "France"), ("Autre", "Autre")]
    assert country.editable
    assert sex.states == ("1", "2")
    assert [widget.state for widget in sex.widgets] == ["1", "2"]


def test_attributes_come_from_above_and_a_circle_ends() -> None:
    made = odd.Maker()
    top = made.pdf.make_indirect(Dictionary(T=String("page"), FT=Name.Tx, Ff=3, MaxLen=4, Kids=Array()))
    kid = made.widget(BOX, T=String("code"), Parent=top)
    top.Kids.append(kid)
    top.Parent = kid  # the file says that its parent is its kid
    made.pdf.Root.AcroForm.Fields.append(top)
    (field,) = read(made.done()).fields
    assert field.name == "page.code"
    assert (field.read_only, field.required, field.max_length) == (True, True, 4)


def test_names_of_any_bytes_and_of_none() -> None:
    made = odd.Maker()
    made.parent(
        "status",
        {b"fran\xe7aise": (50, 500, 60, 510), "marié".encode(): (70, 500, 80, 510), b"": (90, 500, 100, 510)},
        FT=Name.Btn,
        Ff=odd.RADIO,
    )
    (field,) = read(made.done()).fields
    assert field.states == ("française", "marié", "")


def test_null_kids_bad_annotations_and_a_lost_form() -> None:
    made = odd.Maker()
    made.field("name", BOX)
    made.pdf.Root.AcroForm.Fields.append(None)

    def damage(pdf: pikepdf.Pdf) -> None:
        annots = pdf.pages[0].obj.Annots
        annots.append(None)
        annots.append(7)
        annots.append(annots[0])  # the same widget again
        annots.append(Dictionary(Subtype=Name.Widget))
        del pdf.Root["/AcroForm"]

    form = read(made.done(damage))
    assert form.kind == "orphan"
    assert form.fields[0].name == "name"
    assert len(form.fields[0].widgets) == 1
    assert form.fields[1].widgets[0].box is None
    assert not form.fields[1].takes_value


def test_a_field_shown_in_several_places_is_one() -> None:
    made = odd.Maker(odd.A4, odd.A4)
    made.field("name", BOX)
    made.field("name", BOX, page=1)
    (field,) = read(made.done()).fields
    assert [widget.page for widget in field.widgets] == [0, 1]


def test_kinds_of_files() -> None:
    assert read(written()).kind == "flat"
    made = odd.Maker()
    made.field("name", BOX)
    hybrid = made.done(lambda pdf: pdf.Root.AcroForm.__setattr__("XFA", pdf.make_stream(b"<xdp/>")))
    assert read(hybrid).kind == "hybrid"

    def dynamic(pdf: pikepdf.Pdf) -> None:
        pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp/>")
        pdf.Root.NeedsRendering = True

    assert read(odd.Maker().done(dynamic)).kind == "dynamic_xfa"


def test_a_file_that_cannot_be_read_is_told_in_one_sentence() -> None:
    with pytest.raises(FormError, match=r"official\.unreadable"):
        read(b"%PDF-1.7 nothing")
    made = odd.Maker()
    locked = made.done(encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(FormError, match=r"official\.password") as caught:
        read(locked)
    assert "sans protection" in caught.value.sentence
    forbidden = odd.Maker().done(encryption=pikepdf.Encryption(owner="o", user=""))
    assert read(forbidden).locked


def test_formats_are_recognised_and_never_run() -> None:
    assert recognised('AFDate_FormatEx("dd/mm/yyyy");') == Format("date", "dd/mm/yyyy")
    assert recognised('AFNumber_Format(2, 2, 0, 0, " \\u20ac", false);') == Format(
        "number", decimals=2, separators=2, currency=" €"
    )
    assert recognised("app.alert(1)") is None
    made = odd.Maker()
    made.field("date", BOX, AA=Dictionary(F=odd.script('AFDate_FormatEx("dd.mm.yyyy")')))
    (field,) = read(made.done()).fields
    assert formatted("2026-10-01", field.format) == "01.10.2026"
    assert formatted("vers 2001", field.format) == "vers 2001"
    assert formatted("1234,5", Format("number", decimals=2, separators=2, currency=" €")) == "1.234,50 €"
    assert formatted("1,234", Format("number", decimals=2)) == "1,234"  # what was given is not rounded away


@pytest.mark.parametrize(
    ("name", "kind", "fields"),
    [
        ("cerfa_16029-01_demande_domicile.pdf", "acroform", 51),
        ("cerfa_15548-02_demande_domicile_xfa.pdf", "hybrid", 50),
        ("cerfa_14952-01_procuration_rotated.pdf", "orphan", 60),
        ("cerfa_13752-02_dynamic_xfa.pdf", "dynamic_xfa", 0),
        ("cerfa_12818-02_vae_xfa.pdf", "xfa_only", 0),
        ("cerfa_12596-04_certificat_sante_8jours.pdf", "flat", 0),
        ("peer_us_dd0293_encrypted.pdf", "hybrid", 102),
    ],
)
def test_real_forms(name: str, kind: str, fields: int) -> None:
    form = read(shared(f"forms/pdfs/{name}").read_bytes())
    assert (form.kind, len(form.fields)) == (kind, fields)
