# SPDX-License-Identifier: GPL-3.0-or-later
"""Official PDFs filled and flattened: time, fields that show, values lost without a word, against what else there is.

The 120-field form of three pages is made here; the folder of real forms, when it is there, stands beside the checkout.
A field shows when ink was added in its place and its value can be extracted as text; a loss is silent when nobody said.
"""

import io
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pikepdf
from bench import Row, timed
from pikepdf import Array, Dictionary, Name, String

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

Values = Mapping[str, Any]
NAMES = (
    *("Éloïse Œuvré – l’été", "Ahmad Al Khaldi, 12 €", "محمد أحمد 12/03/2026", "زمری ځاځی", "ትግርኛ ኣበበ"),
    *("Олександр Коваленко", "Nguyễn Thị Ánh"),
)
FOLDER = Path(__file__).resolve().parents[2] / "shared" / "forms" / "pdfs"


def form(count: int = 120, pages: int = 3) -> bytes:
    """Half text, half boxes, in two columns."""
    with pikepdf.new() as pdf:
        fields = Array()
        for number in range(count):
            page, place = divmod(number, count // pages)
            if place == 0:
                pdf.add_blank_page(page_size=(595, 842))
                pdf.pages[-1].obj.Annots = Array()
            x, y = 50 + 260 * (place % 2), 790 - 37 * (place // 2)
            widget: dict[str, Any] = {"Type": Name.Annot, "Subtype": Name.Widget, "F": 4, "T": String(f"f{number}")}
            if place % 2:
                on, off = (_look(pdf, code) for code in (b"q BT /ZaDb 9 Tf 2 2 Td (4) Tj ET Q", b""))
                widget |= {"FT": Name.Btn, "AS": Name.Off, "V": Name.Off, "Rect": Array([x, y, x + 12, y + 12])}
                widget["AP"] = Dictionary(N=Dictionary(Oui=on, Off=off))
            else:
                widget |= {"FT": Name.Tx, "DA": String("/Helv 10 Tf 0 g"), "Rect": Array([x, y, x + 220, y + 15])}
            made = pdf.make_indirect(Dictionary(**widget))
            pdf.pages[page].obj.Annots.append(made)
            fields.append(made)
        fonts = {
            name: pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name(f"/{base}")))
            for name, base in (("/Helv", "Helvetica"), ("/ZaDb", "ZapfDingbats"))
        }
        pdf.Root.AcroForm = Dictionary(Fields=fields, DR=Dictionary(Font=Dictionary(fonts)), DA=String("/Helv 0 Tf"))
        target = io.BytesIO()
        pdf.save(target)
        return target.getvalue()


def _look(pdf: pikepdf.Pdf, code: bytes) -> pikepdf.Object:
    return pikepdf.Stream(pdf, code, Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 12, 12])))


class _State(str):
    """The state of a box: some libraries want it as a name of the PDF."""

    __slots__ = ()


def values_for(pdf: bytes, names: tuple[str, ...] = ()) -> dict[str, Any]:
    """One value for each field that takes one: of the names, or a short one found in no other field."""
    from forms.official.fields import read

    made: dict[str, Any] = {}
    for number, field in enumerate(read(pdf).fields):
        if not field.takes_value:
            continue
        if field.ticks:
            made[field.name] = _State(field.states[0])
        elif field.kind in {"combo", "list"}:
            if field.options:
                made[field.name] = field.options[-1].label
        else:
            made[field.name] = names[number % len(names)] if names else f"{number}Éœ"[: field.max_length]
    return made


def _ours(pdf: bytes, values: Values) -> bytes:
    from forms.official.fill import fill

    return fill(pdf, values).pdf


def _pypdf(pdf: bytes, values: Values) -> bytes:
    import logging

    from pypdf import PdfReader, PdfWriter

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    ready = {name: f"/{value}" if isinstance(value, _State) else value for name, value in values.items()}
    writer.update_page_form_field_values(None, ready, auto_regenerate=False, flatten=True)
    writer.remove_annotations(subtypes="/Widget")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _generator(pdf: bytes, values: Values) -> bytes:
    """The appearances of pikepdf itself."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        for page in file.pages:
            for each in page.obj.get("/Annots", []):
                value = values.get(_full_name(each))
                if value is None:
                    continue
                if isinstance(value, _State):
                    each.V = each.AS = Name(f"/{value}")
                else:
                    each.V = String(str(value))
        if "/AcroForm" in file.Root:
            file.Root.AcroForm.NeedAppearances = True
        file.generate_appearance_streams()
        file.flatten_annotations("all")
        target = io.BytesIO()
        file.save(target)
        return target.getvalue()


def _full_name(node: pikepdf.Object) -> str:
    parts = []
    while node is not None:
        if "/T" in node:
            parts.append(str(node.T))
        node = node.get("/Parent")
    return ".".join(reversed(parts))


def _pypdfform(pdf: bytes, values: Values) -> bytes:
    from PyPDFForm import PdfWrapper  # type: ignore[import-not-found, unused-ignore]

    ready = {name: True if value == "Oui" else value for name, value in values.items()}
    return bytes(PdfWrapper(pdf).fill(ready, flatten=True).read())


def _pdftk(pdf: bytes, values: Values) -> bytes:
    from xml.sax.saxutils import escape

    rows = "".join(
        f'<field name="{escape(name)}"><value>{escape(str(value))}</value></field>' for name, value in values.items()
    )
    xfdf = (
        f'<?xml version="1.0" encoding="UTF-8"?><xfdf xmlns="http://ns.adobe.com/xfdf/"><fields>{rows}</fields></xfdf>'
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "blank.pdf").write_bytes(pdf)
        (folder / "values.xfdf").write_text(xfdf, "utf-8")
        arguments = ["pdftk", "blank.pdf", "fill_form", "values.xfdf", "output", "out.pdf", "flatten"]
        subprocess.run(arguments, cwd=folder, check=True, capture_output=True)
        return (folder / "out.pdf").read_bytes()


def _peers() -> dict[str, Callable[[bytes, Values], bytes]]:
    made: dict[str, Callable[[bytes, Values], bytes]] = {"ours": _ours, "pypdf": _pypdf, "pikepdf": _generator}
    try:
        import PyPDFForm  # type: ignore[import-not-found, unused-ignore]  # noqa: F401

        made["PyPDFForm"] = _pypdfform
    except ImportError:
        pass
    if shutil.which("pdftk"):
        made["pdftk"] = _pdftk
    return made


def seen(pdf: bytes, filled: bytes, values: Values) -> int:
    """How many fields show their value."""
    from forms.official.outcome import Outcome
    from forms.official.readback import readback

    told = [Outcome(name, "whole") for name in values]
    reading = readback(pdf, filled, told, {name: str(value) for name, value in values.items()})
    return sum(proof.seen == "visible" for proof in reading.proofs)


def _one(name: str, pdf: bytes, values: Values, runs: int) -> list[Row]:
    from forms.official.fill import fill

    rows = []
    lost = sum(outcome.lost for outcome in fill(pdf, values).outcomes if outcome.status != "kept")
    for peer, action in _peers().items():
        try:
            filled = action(pdf, values)
            seconds = timed(lambda action=action: action(pdf, values), runs)  # type: ignore[misc]
            showing = seen(pdf, filled, values)
        except Exception as error:  # whatever another library raises on a real file is its result
            rows.append({"name": f"{name}, {peer}", "raised": type(error).__name__})
            continue
        told = lost if peer == "ours" else 0
        silent = len(values) - showing - told
        row: Row = {"name": f"{name}, {peer}", "seconds": seconds, "fields": len(values), "visible": showing}
        rows.append({**row, "told": told, "silent": max(silent, 0), "kilobytes": len(filled) // 1024})
    return rows


def run() -> list[Row]:
    """The 120-field form in Latin and in all scripts, then each real form."""
    from forms.text.screenless import start

    application = start()
    warnings.simplefilter("ignore")
    blank = form()
    rows = _one("120 fields, Latin", blank, values_for(blank, NAMES[:2]), 15)
    rows += _one("120 fields, seven scripts", blank, values_for(blank, NAMES), 15)
    for path in sorted(FOLDER.glob("*.pdf")):
        pdf = path.read_bytes()
        values = values_for(pdf)
        if values:
            rows += _one(path.stem, pdf, values, 3)
    del application
    return rows
