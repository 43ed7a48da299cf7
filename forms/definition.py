# SPDX-License-Identifier: GPL-3.0-or-later
"""What a form is: its identity, its sections and fields, and where the value of each field comes from.

`load` reads the `form.toml` of a folder; `resolve` walks its paths over a tree of values and hands back the text of
each field, with a remark for each value that is missing or unfit. Drawn forms and letters share both.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, NoReturn, TypeAlias, get_args

import attrs

from forms.formats import FORMATS, NO, YES, written
from forms.problems import FormError, Problem
from forms.tables import Table, read_table
from forms.values import Filled, Hand, Node, Scalar, Values

__all__ = [
    "FORM_FILE",
    "Field",
    "FormDefinition",
    "Mode",
    "Section",
    "example",
    "load",
    "placeholder",
    "resolve",
]

Kind: TypeAlias = Literal["drawn", "letter", "official", "flat"]
FieldKind: TypeAlias = Literal["text", "long_text", "date", "choice", "check", "list"]
Required: TypeAlias = Literal["block", "warn", "no"]
Mode: TypeAlias = Literal["typed", "handwriting"]

FORM_FILE: Final = "form.toml"
EXAMPLE_FILE: Final = "example.toml"
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_STEP: Final = r"[a-z][a-z0-9_]*(?:\[\])?"
_PATH: Final = re.compile(rf"{_STEP}(?:\.{_STEP})*")
_MAIN_FILES: Final = {
    "drawn": {"layout": "layout.toml"},
    "letter": {"template": "template.docx"},
    "official": {"official": "official.toml"},
    "flat": {"official": "official.toml"},
}


@attrs.frozen
class Section:
    """A part of a form, as its title is shown."""

    id: str
    title: str


@attrs.frozen
class Field:
    """One rubric of a form.

    Args:
        id: its name inside the form.
        label: what is printed beside it and named in a remark, in French.
        section: id of its section.
        kind: what sort of value it takes.
        path: where its value is read (`witness.birth_name`; `[]` after the name of a list); `None` when handwritten.
        format: how the value is written, one of `formats.FORMATS`.
        required: `block`: without it the document must not leave; `warn`: a person decides; `no`: it may be empty.
        required_if: id of a yes-or-no field; only when that one says yes is this one required.
        handwritten: reserved for the author's own hand: never printed by the program.
        ruled: left to the author's hand in handwriting mode, printed otherwise.
        max_length: characters beyond which the text is reported as too long.
        choices: what may be ticked, in the order of the boxes.
        hint: help for the person who fills it in.
        source_note: the rule it comes from.
    """

    id: str
    label: str
    section: str
    kind: FieldKind = "text"
    path: str | None = None
    format: str = "plain"
    required: Required = "no"
    required_if: str | None = None
    handwritten: bool = False
    ruled: bool = False
    max_length: int | None = None
    choices: tuple[str, ...] = ()
    hint: str = ""
    source_note: str = ""

    def is_printed(self, mode: Mode) -> bool:
        """Whether the program writes this field, or leaves it to a hand."""
        return not (self.handwritten or (self.ruled and mode == "handwriting"))


@attrs.frozen
class FormDefinition:
    """A form, as its `form.toml` describes it.

    Args:
        id: name of its folder.
        title: in French.
        kind: drawn by us, a `.docx` letter, an official PDF with fields, or a flat official PDF.
        edition: which version of the form this is.
        source: the legal text or official page it follows.
        checked_on: when somebody last compared it with its source.
        modes: how it may be filled, the usual way first.
        sections: in the order of the page.
        fields: in the order of the page.
        files: role and name of the other files the form is made with.
    """

    id: str
    title: str
    kind: Kind
    edition: str
    source: str
    checked_on: dt.date
    modes: tuple[Mode, ...]
    sections: tuple[Section, ...]
    fields: tuple[Field, ...]
    files: Mapping[str, str]
    _by_id: Mapping[str, Field] = attrs.field(init=False, repr=False, eq=False)

    @_by_id.default
    def _index(self) -> Mapping[str, Field]:
        return {field.id: field for field in self.fields}

    def field(self, field_id: str) -> Field | None:
        """The field of that id, or `None`."""
        return self._by_id.get(field_id)

    def paths(self) -> tuple[str, ...]:
        """Every path the form reads, each once: whoever builds the values must publish them."""
        return tuple(dict.fromkeys(field.path for field in self.fields if field.path))


def load(files: Mapping[str, bytes]) -> FormDefinition:
    """Read the definition of a form from the files of its folder, by name.

    Raises:
        FormError: with a sentence naming the file and the key that are wrong.
    """
    if FORM_FILE not in files:
        raise FormError(
            "form.file_missing", f"Le dossier du formulaire ne contient pas de fichier «\u00a0{FORM_FILE}\u00a0»."
        )
    table = read_table(FORM_FILE, files[FORM_FILE])
    kind = table.one_of("kind", get_args(Kind))
    definition = FormDefinition(
        id=_id(table),
        title=table.text("title"),
        kind=kind,  # type: ignore[arg-type]
        edition=table.text("edition"),
        source=table.text("source"),
        checked_on=table.day("checked_on"),
        modes=table.words_of("modes", get_args(Mode)) or ("typed",),  # type: ignore[arg-type]
        sections=tuple(_section(row) for row in table.tables("section")),
        fields=tuple(_field(row) for row in table.tables("field")),
        files=_files(table, kind),
    )
    table.done()
    _check(definition, table)
    for name in definition.files.values():
        if name not in files:
            raise FormError(
                "form.file_missing",
                f"Fichier «\u00a0{FORM_FILE}\u00a0»\u00a0: il annonce «\u00a0{name}\u00a0», absent du dossier.",
            )
    return definition


def _id(table: Table) -> str:
    value = table.text("id")
    if not _ID.fullmatch(value):
        table.refuse("id", "il faut des minuscules sans accent, des chiffres et « _ », une lettre en premier")
    return value


def _files(table: Table, kind: str) -> Mapping[str, str]:
    inner = table.table("files")
    named = {role: inner.text(role, name) for role, name in _MAIN_FILES[kind].items()}
    for role, name in named.items():
        if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", name):
            inner.refuse(role, "il faut le nom simple d’un fichier du même dossier")
    inner.done()
    return named


def _section(row: Table) -> Section:
    section = Section(_id(row), row.text("title"))
    row.done()
    return section


def _field(row: Table) -> Field:
    kind = row.one_of("kind", get_args(FieldKind), "text")
    standard = {"date": "date_long", "choice": "yes_no", "check": "yes_no"}.get(kind, "plain")
    choices = row.texts("choices")
    field = Field(
        id=_id(row),
        label=row.text("label"),
        section=row.text("section"),
        kind=kind,  # type: ignore[arg-type]
        path=row.optional_text("from"),
        format=row.one_of("format", FORMATS, standard),
        required=row.one_of("required", get_args(Required), "no"),  # type: ignore[arg-type]
        required_if=row.optional_text("required_if"),
        handwritten=row.flag("handwritten"),
        ruled=row.flag("ruled"),
        max_length=row.optional_whole("max_length", least=1, most=1_000_000),
        choices=choices or ((YES, NO) if kind == "choice" else ()),
        hint=row.text("hint", ""),
        source_note=row.text("source_note", ""),
    )
    row.done()
    _check_field(field, row)
    return field


def _check_field(field: Field, row: Table) -> None:
    if field.path is not None and not _PATH.fullmatch(field.path):
        row.refuse("from", "il faut un chemin comme «\u00a0witness.birth_name\u00a0» ou «\u00a0parties[].name\u00a0»")
    if field.handwritten and field.path is not None:
        row.refuse("from", "un champ réservé à l’écriture manuscrite ne reçoit aucune valeur")
    if not field.handwritten and field.path is None:
        row.refuse("from", "cette clé est obligatoire et manque", "form.key_missing")
    if field.kind == "list" and "[]" not in (field.path or ""):
        row.refuse("from", "un champ de genre «\u00a0list\u00a0» lit une liste, marquée par «\u00a0[]\u00a0»")
    if field.choices and field.kind != "choice":
        row.refuse("choices", "seul un champ de genre «\u00a0choice\u00a0» a des cases")
    if field.ruled and field.kind != "long_text":
        row.refuse("ruled", "seul un champ de genre «\u00a0long_text\u00a0» peut devenir des lignes à remplir")


def _check(definition: FormDefinition, table: Table) -> None:
    for what, ids in (
        ("section", [section.id for section in definition.sections]),
        ("field", [field.id for field in definition.fields]),
    ):
        for name in ids:
            if ids.count(name) > 1:
                table.refuse(what, f"l’identifiant «\u00a0{name}\u00a0» est donné deux fois")
    sections = {section.id for section in definition.sections}
    for field in definition.fields:
        if field.section not in sections:
            table.refuse(
                "field", f"le champ «\u00a0{field.id}\u00a0» nomme une section inconnue, «\u00a0{field.section}\u00a0»"
            )
        other = field.required_if
        if other is not None and (definition.field(other) is None or other == field.id):
            table.refuse("field", f"le champ «\u00a0{field.id}\u00a0» dépend d’un champ inconnu, «\u00a0{other}\u00a0»")


def resolve(
    definition: FormDefinition, values: Values, *, mode: Mode = "typed"
) -> tuple[dict[str, str], list[Problem]]:
    """Read and write out the value of every field that the program prints in this mode.

    Returns:
        the text of each printed field (empty when its value is not known), and the remarks: `missing` (with the
        severity its form gives), `too_long`, `unknown_choice`.

    Raises:
        FormError: `form.value_kind` when the tree and the form do not agree on what a path holds.
    """
    printed = [field for field in definition.fields if field.is_printed(mode)]
    texts = {field.id: _text(field, values) for field in printed}
    problems: list[Problem] = []
    for field in printed:
        text = texts[field.id]
        if not text:
            asked = field.required_if is None or texts.get(field.required_if) == YES
            if field.required != "no" and asked:
                problems.append(Problem(field.id, "missing", field.required, {"label": field.label}))
            continue
        if field.max_length is not None and len(text) > field.max_length:
            facts: dict[str, str | int] = {"label": field.label, "length": len(text), "max_length": field.max_length}
            problems.append(Problem(field.id, "too_long", "warn", facts))
        if field.kind == "choice" and text not in field.choices:
            problems.append(Problem(field.id, "unknown_choice", "warn", {"label": field.label, "value": text}))
    return texts, problems


def placeholder(field: Field) -> str:
    """What a draft prints where a value is missing: « [à compléter : profession] »."""
    return f"[à compléter\u00a0: {field.label[:1].lower()}{field.label[1:]}]"


def _text(field: Field, values: Values) -> str:
    parts = []
    for value in _read(field, values):
        try:
            parts.append(written(field.format, value))
        except TypeError:
            _disagree(field, f"le format «\u00a0{field.format}\u00a0» ne convient pas à cette valeur")
    return ("\n" if field.kind in {"list", "long_text"} else ", ").join(part for part in parts if part)


def _read(field: Field, values: Values) -> Iterator[Scalar]:
    """The known values a path leads to: one, or as many as its lists hold."""
    nodes: list[Node] = [values]
    for step in (field.path or "").split("."):
        name, many = step.removesuffix("[]"), step.endswith("[]")
        found = []
        for node in nodes:
            if not isinstance(node, Mapping):
                _disagree(field, f"le chemin «\u00a0{field.path}\u00a0» continue après une valeur ou une liste")
            if name in node:
                found.append(node[name])
        nodes = [item for node in found for item in _items(field, node)] if many else found
    for node in nodes:
        if not isinstance(node, Filled):
            _disagree(field, f"le chemin «\u00a0{field.path}\u00a0» s’arrête avant une valeur")
        if node.value is not None:
            yield node.value


def _items(field: Field, node: Node) -> Sequence[Values]:
    if isinstance(node, Filled | Mapping):
        _disagree(field, f"le chemin «\u00a0{field.path}\u00a0» attend une liste là où il n’y en a pas")
    return node


def _disagree(field: Field, reason: str) -> NoReturn:
    raise FormError("form.value_kind", f"Champ «\u00a0{field.id}\u00a0» du formulaire\u00a0: {reason}.")


def example(files: Mapping[str, bytes]) -> Values:
    """The fictional values of a form folder (`example.toml`), to show or to test the form with.

    Raises:
        FormError: the file is absent, not TOML, or holds what no value can be.
    """
    if EXAMPLE_FILE not in files:
        raise FormError(
            "form.file_missing", f"Le dossier du formulaire ne contient pas de fichier «\u00a0{EXAMPLE_FILE}\u00a0»."
        )
    hand = Hand("exemple", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

    def branch(table: Mapping[str, object]) -> dict[str, Filled | Values | Sequence[Values]]:
        return {name: node(name, value) for name, value in table.items()}

    def node(name: str, value: object) -> Filled | Values | Sequence[Values]:
        if isinstance(value, dict):
            return branch(value)
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return [branch(item) for item in value]
        if isinstance(value, str | bool | int) or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
            return Filled(value, hand)
        raise FormError(
            "form.value",
            f"Fichier «\u00a0{EXAMPLE_FILE}\u00a0», clé «\u00a0{name}\u00a0»\u00a0: il faut un texte, un entier, "
            "une date, true ou false, ou une liste de tables.",
        )

    return branch(read_table(EXAMPLE_FILE, files[EXAMPLE_FILE]).content)
