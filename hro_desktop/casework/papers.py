# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers: what one filled form, or one list of exhibits, becomes as files. Nothing here touches the vault's records."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import attrs

from forms import drawn, letter, paste, preview
from forms import edited as edited_letter
from forms.catalogue import Form
from forms.definition import resolve
from forms.layout import read_layout
from forms.problems import Problem
from forms.values import Filled, Hand, Source, Values, plain
from forms.worker import Worker

__all__ = [
    "DOCX",
    "PDF",
    "READ_BACK",
    "UNREADABLE",
    "Made",
    "boxes",
    "canonical",
    "edited",
    "from_canonical",
    "letters",
    "said_hash",
    "same_words",
    "whole_hash",
]

PDF, DOCX = "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "text/plain"
READ_BACK = "read_back"
"""Role of a sheet to read an account back from: it goes to its author alone."""
UNREADABLE = {
    "exhibit.password": "est protégée par un mot de passe\u00a0: une fiche la remplace",
    "exhibit.damaged": "est illisible, abîmée\u00a0: une fiche la remplace",
    "exhibit.empty": "ne contient aucune page\u00a0: une fiche la remplace",
    "exhibit.too_large": "est trop grande pour être imprimée\u00a0: une fiche la remplace",
    "exhibit.too_many": "a trop de pages pour être imprimée\u00a0: une fiche la remplace",
    "exhibit.incomplete": "est incomplète\u00a0: vérifiez ses pages",
    "exhibit.repaired": "a dû être réparée pour être imprimée\u00a0: vérifiez ses pages",
    "exhibit.dynamic": "est un formulaire qui ne s’imprime pas tel quel\u00a0: vérifiez ses pages",
}


@attrs.frozen
class Made:
    """One document, made and not yet kept.

    Args:
        name: neutral file name, never a person's.
        role: `letter`, `boxes`, `schedule`, `bundle`, `attestation`, `guide`, `read_back`.
        form: id and edition of the form, empty for a bundle.
        values: canonical JSON of the values that filled it, with their sources.
        problems: what a person should look at on it.
        edited_from: the document it was edited from, or the edited one it was printed from.
    """

    name: str
    role: str
    media_type: str
    data: bytes = attrs.field(repr=False)
    pages: int | None = None
    form: tuple[str, str] = ("", "")
    values: str = attrs.field(default="", repr=False)
    problems: tuple[Problem, ...] = attrs.field(default=(), repr=False)
    edited_from: uuid.UUID | None = None

    @property
    def sha256(self) -> str:
        """Hash of the file."""
        return hashlib.sha256(self.data).hexdigest()


def letters(form: Form, values: Values, worker: Worker, *, role: str, name: str, draft: bool) -> list[Made]:
    """A letter as the .docx a jurist may still edit, and as the PDF that is printed."""
    filled = letter.fill_docx(
        form.file("template"),
        plain(values),
        title=form.definition.title,
        labels=letter.labels_of(form.definition),
        draft=draft,
        practice=_is_practice(values),
    )
    pdf = letter.render_pdf(filled.docx, worker)
    made: dict[str, Any] = {
        "problems": filled.problems,
        "role": role,
        "form": (form.definition.id, form.definition.edition),
        "values": canonical(values),
    }
    return _both(name, filled.docx, pdf, made)


def _both(name: str, docx: bytes, pdf: bytes, made: Mapping[str, Any]) -> list[Made]:
    return [
        Made(f"{name}.docx", media_type=DOCX, data=docx, **made),
        Made(f"{name}.pdf", media_type=PDF, data=pdf, pages=preview.page_count(pdf), **made),
    ]


def edited(
    form: Form, values: Values, worker: Worker, known: tuple[uuid.UUID | None, bytes], *, name: str, draft: bool
) -> list[Made]:
    """A letter that was edited outside, in the place of one that would be filled.

    Args:
        form: its form.
        values: what the records say now.
        worker: converts it.
        known: id of the document of record, and its `.docx`.
        name: of the files.
        draft: each page is marked so.
    """
    document, docx = known
    docx = edited_letter.with_marks(docx, draft=draft, practice=_is_practice(values))
    made: dict[str, Any] = {
        "role": "letter",
        "form": (form.definition.id, form.definition.edition),
        "values": canonical(values),
        "edited_from": document,
    }
    return _both(name, docx, letter.render_pdf(docx, worker), made)


def _is_practice(values: Values) -> bool:
    practice = values["practice"]
    return isinstance(practice, Filled) and bool(practice.value)


def boxes(form: Form, values: Values, *, name: str, draft: bool) -> list[Made]:
    """What a person types into a platform: a sheet to read, and the same values as a text to paste from."""
    practice = _is_practice(values)
    layout = read_layout(form.definition, form.file("layout"))
    paper = drawn.fill(form.definition, layout, values, draft=draft, practice=practice)
    found, _ = paste.boxes(form.definition, values)
    mark = " – ".join([*([drawn.DRAFT_MARK] if draft else []), *([drawn.PRACTICE_MARK] if practice else [])])
    known = (form.definition.id, form.definition.edition)
    text = paste.as_text(form.definition.title, found, mark=mark)
    return [
        Made(f"{name}.pdf", "boxes", PDF, paper.pdf, paper.pages, known, canonical(values), paper.problems),
        Made(f"{name}-a-coller.txt", "boxes", TEXT, text, None, known, canonical(values)),
    ]


def canonical(values: Values) -> str:
    """The values with their sources as JSON that is always written the same way."""

    def bare(node: object) -> object:
        if isinstance(node, Filled):
            said = node.value.isoformat() if isinstance(node.value, dt.date) else node.value
            if isinstance(node.source, Hand):
                return {"value": said, "typed_by": node.source.typed_by, "at": node.source.at.isoformat()}
            return {"value": said, "from": [node.source.kind, node.source.id, node.source.path]}
        if isinstance(node, Mapping):
            return {name: bare(inner) for name, inner in node.items()}
        return [bare(inner) for inner in node]  # type: ignore[attr-defined]

    return json.dumps(bare(values), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def said_hash(forms: Sequence[Form], values: Values, edited: Mapping[str, str] | None = None) -> str:
    """The hash of what the papers say, leaving aside the note that they were read back.

    `edited` holds the hashes of the letters that were edited outside, by the id of their form.
    """
    said: dict[str, object] = {
        form.definition.id: {
            name: text
            for name, text in resolve(form.definition, values)[0].items()
            if not (form.definition.field(name).path or "").startswith("read_back")  # type: ignore[union-attr]
        }
        for form in forms
    }
    said |= edited or {}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def whole_hash(values: Values, edited: Mapping[str, str] | None = None) -> str:
    """The hash of everything papers may say: all values without their sources, and the letters edited outside."""
    said = json.dumps([plain(values), edited or {}], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def same_words(one: str, other: str, *, apart: Collection[str] = ()) -> bool:
    """Whether two canonical texts say the same, wherever it was read, and whether or not it was read back since.

    `apart`: names of values that are not looked at.
    """
    left = {"read_back", *apart}

    def words(text: str) -> object:
        return {name: node for name, node in plain(from_canonical(text)).items() if name not in left} if text else {}

    return words(one) == words(other)


def from_canonical(text: str) -> Values:
    """The values that such JSON was written from; a day stays the text it was written as."""

    def filled(node: dict[str, Any]) -> Filled:
        if "from" in node:
            return Filled(node["value"], Source(*node["from"]))
        return Filled(node["value"], Hand(node["typed_by"], dt.datetime.fromisoformat(node["at"])))

    def node_of(node: Any) -> Any:  # noqa: ANN401 - what JSON holds
        if isinstance(node, list):
            return tuple(node_of(each) for each in node)
        if "value" in node and ("from" in node or "typed_by" in node):
            return filled(node)
        return {name: node_of(inner) for name, inner in node.items()}

    values: Values = node_of(json.loads(text))
    return values
