# SPDX-License-Identifier: GPL-3.0-or-later
"""Form folders for tests: fill one with its example, read its text back, change or remove a value.

`python -m tests.support.forms ID [MODE]` prints the text of a form filled with its example, to make its expected text.
"""

import datetime as dt
import hashlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import pypdfium2

from forms import drawn
from forms.catalogue import Catalogue, Form
from forms.definition import Mode, example, resolve
from forms.layout import read_layout
from forms.letter import fill_docx, labels_of, render_pdf, text_of
from forms.official.edition import read_official
from forms.official.filled import fill_form
from forms.problems import Problem
from forms.values import Filled, Hand, Node, Values, plain
from forms.worker import Worker
from tests.support.shared import shared

_HAND = Hand("test", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
TEMPLATES = Path(__file__).resolve().parents[2] / "cerfa_templates"


def catalogue() -> Catalogue:
    """The forms of the checkout."""
    return Catalogue(TEMPLATES)


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page, as a reader of PDFs extracts it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def plain_text(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


@attrs.frozen
class Made:
    """A filled form as a reader gets it.

    Args:
        docx: the letter, or `None` for a form we draw.
        pdf: the document; empty when it was not asked for.
        problems: what the engine had to say.
        written: of an official form, what stands in its fields: its own print is not ours to keep.
    """

    docx: bytes | None
    pdf: bytes
    problems: tuple[Problem, ...]
    written: str = ""


def make(
    form: Form, values: Values, *, mode: Mode = "typed", draft: bool = False, worker: Worker | None = None
) -> Made:
    """A form filled with values, whatever its kind; a letter has a PDF only when there is a worker to make it."""
    if form.definition.kind == "drawn":
        layout = read_layout(form.definition, form.file("layout"))
        drawn_one = drawn.fill(form.definition, layout, values, mode=mode, draft=draft)
        return Made(None, drawn_one.pdf, drawn_one.problems)
    if form.definition.kind == "letter":
        letter = fill_docx(
            form.file("template"),
            plain(values),
            title=form.definition.title,
            labels=labels_of(form.definition),
            draft=draft,
        )
        pdf = render_pdf(letter.docx, worker) if worker is not None else b""
        return Made(letter.docx, pdf, letter.problems)
    if form.definition.kind == "official":
        return _official(form, values, mode)
    raise AssertionError(f"no way to fill a form of kind {form.definition.kind}")


def _official(form: Form, values: Values, mode: Mode) -> Made:
    """The newest edition of an official form, filled and read again; skips where its PDF is not at hand."""
    official = read_official(form.definition, form.file("official"))
    known = official.editions[0].sha256
    files = sorted(shared("forms/pdfs").glob("*.pdf"))
    blank = next(data for data in (path.read_bytes() for path in files) if hashlib.sha256(data).hexdigest() in known)
    filled = fill_form(form.definition, official, blank, values)
    texts, _ = resolve(form.definition, values, mode=mode)
    told = {outcome.field: outcome for outcome in filled.outcomes}
    lines = [
        f"{field.label}\u00a0: {texts[field.id]}"
        for field in form.definition.fields
        if field.id in told and not told[field.id].lost
    ]
    return Made(None, filled.pdf, filled.problems, "\n".join(lines))


def fill_text(form: Form, values: Values, *, mode: Mode = "typed", draft: bool = False) -> str:
    """The text of a form filled with values, whatever its kind."""
    return text_of_made(make(form, values, mode=mode, draft=draft))


def text_of_made(made: Made) -> str:
    """The text of a document: that of the letter, or of the drawn pages."""
    if made.docx is not None:
        return text_of(made.docx)
    if made.written:
        return made.written
    # A hyphen at the end of a line is one of ours, which PDFium reports as its own sign.
    return "\n".join(page_texts(made.pdf)).replace("\r", "").replace("\ufffe", "-")


def expected_name(mode: str) -> str:
    """The file that holds the expected text of a form in a mode."""
    return "expected.txt" if mode == "typed" else f"expected_{mode}.txt"


def changed(values: Values, changes: Mapping[str, Any]) -> Values:
    """The same values with others at some dotted paths; `...` takes the leaf away."""
    made: Values = values
    for path, value in changes.items():
        made = _changed(made, path.split("."), value)
    return made


def _changed(node: Node, steps: Sequence[str], value: Any) -> Any:
    if not isinstance(node, Mapping):
        raise TypeError(steps)
    name, many = steps[0].removesuffix("[]"), steps[0].endswith("[]")
    copy = dict(node)
    if len(steps) > 1 and many:
        copy[name] = [_changed(item, steps[1:], value) for item in copy.get(name, [])]  # type: ignore[union-attr]
    elif len(steps) > 1:
        copy[name] = _changed(copy.get(name, {}), steps[1:], value)
    elif value is ...:
        copy.pop(name, None)
    else:
        copy[name] = value if isinstance(value, list | Filled) else Filled(value, _HAND)
    return copy


def main(arguments: Sequence[str]) -> int:
    """Print the text of one form."""
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication.instance() or QGuiApplication(["forms", "-platform", "offscreen"])
    form = catalogue().get(arguments[0])
    mode: Mode = "handwriting" if "handwriting" in arguments[1:] else "typed"
    sys.stdout.write(fill_text(form, example(form.files), mode=mode).replace("\r\n", "\n").rstrip() + "\n")
    del application
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
