# SPDX-License-Identifier: GPL-3.0-or-later
"""What `form.toml` may say, and what becomes of the values it asks for."""

import datetime as dt
from typing import Any

import pytest

from forms.definition import FormDefinition, example, load, placeholder, resolve
from forms.formats import written
from forms.problems import FormError, Problem
from forms.values import Filled, Hand, Values

HEAD = """
id = "lettre"
title = "Une lettre"
kind = "letter"
edition = "1"
source = "Code de procédure pénale, article 40"
checked_on = 2026-11-23

[[section]]
id = "qui"
title = "Qui"
"""
HAND = Hand("test", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def _load(fields: str, head: str = HEAD, **files: bytes) -> FormDefinition:
    return load({"form.toml": (head + fields).encode(), "template.docx": b"", **files})


def _field(**keys: str) -> str:
    given = {"id": '"name"', "label": '"Nom"', "section": '"qui"', "from": '"person.name"'} | keys
    return "\n[[field]]\n" + "\n".join(f"{key} = {value}" for key, value in given.items() if value)


def _values(tree: dict[str, Any]) -> Values:
    def node(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: node(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [node(inner) for inner in value]
        return Filled(value, HAND)

    return {name: node(value) for name, value in tree.items()}


def test_a_definition_is_read_whole() -> None:
    form = _load(_field(required='"block"', max_length="5", hint='"Comme sur le passeport"', source_note='"Art. 202"'))
    assert (form.id, form.kind, form.modes, form.checked_on) == ("lettre", "letter", ("typed",), dt.date(2026, 11, 23))
    field = form.field("name")
    assert field is not None
    assert (field.path, field.format, field.required, field.max_length) == ("person.name", "plain", "block", 5)
    assert form.paths() == ("person.name",)
    assert form.files == {"template": "template.docx"}
    assert form.field("other") is None


@pytest.mark.parametrize(
    ("fields", "head", "code", "words"),
    [
        (_field(obligatory="true"), HEAD, "form.key_unknown", ["form.toml", "field n°\u00a01", "obligatory"]),
        ("", HEAD + "\ncolour = 1", "form.key_unknown", ["section n°\u00a01", "colour"]),
        ("", 'coleur = "x"\n' + HEAD, "form.key_unknown", ["form.toml", "coleur", "edition"]),
        (_field(label=""), HEAD, "form.key_missing", ["label"]),
        (_field(label='"  "'), HEAD, "form.value", ["label", "vide"]),
        (_field(**{"from": ""}), HEAD, "form.key_missing", ["from"]),
        (_field(**{"from": '"Person.Name"'}), HEAD, "form.value", ["from"]),
        (_field(**{"from": '"person.__class__"'}), HEAD, "form.value", ["from"]),
        (_field(handwritten="true"), HEAD, "form.value", ["from", "manuscrite"]),
        (_field(required='"perhaps"'), HEAD, "form.value", ["required", "perhaps", "block, warn, no"]),
        (_field(format='"python"'), HEAD, "form.value", ["format", "python"]),
        (_field(max_length="true"), HEAD, "form.value", ["max_length", "entier"]),
        (_field(max_length="0"), HEAD, "form.value", ["max_length"]),
        (_field(kind='"list"'), HEAD, "form.value", ["from", "[]"]),
        (_field(ruled="true"), HEAD, "form.value", ["ruled"]),
        (_field(choices='["oui"]'), HEAD, "form.value", ["choices"]),
        (_field(section='"ailleurs"'), HEAD, "form.value", ["name", "ailleurs"]),
        (_field(required_if='"nobody"'), HEAD, "form.value", ["nobody"]),
        (_field() + _field(), HEAD, "form.value", ["name", "deux fois"]),
        ("", HEAD.replace("lettre", "La Lettre"), "form.value", ["id"]),
        ("", HEAD.replace("2026-11-23", '"hier"'), "form.value", ["checked_on", "date"]),
        ("", HEAD.replace("2026-11-23", "2026-11-23T10:00:00"), "form.value", ["checked_on", "date"]),
        ("", HEAD.replace('"letter"', '"xfa"'), "form.value", ["kind", "xfa"]),
        ("", 'modes = ["typed", "typed"]' + HEAD, "form.value", ["modes"]),
        ("", HEAD + "\n[files]\ntemplate = '../../secret.docx'", "form.value", ["template"]),
        ("", HEAD + "\n[files]\ntemplate = 'autre.docx'", "form.file_missing", ["autre.docx"]),
        ("", "id = 'a", "form.syntax", ["form.toml", "TOML"]),
    ],
)
def test_what_is_wrong_is_named(fields: str, head: str, code: str, words: list[str]) -> None:
    with pytest.raises(FormError) as caught:
        _load(fields, head)
    assert caught.value.code == code
    assert str(caught.value) == code
    for word in words:
        assert word in caught.value.sentence


def test_a_folder_without_a_definition_and_a_file_that_is_no_text() -> None:
    with pytest.raises(FormError, match=r"form\.file_missing"):
        load({})
    with pytest.raises(FormError, match=r"form\.syntax"):
        load({"form.toml": b"\xff\xfe\x00"})


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("plain", "  Éloïse ", "Éloïse"),
        ("plain", 12, "12"),
        ("upper", "Straße d’Haÿ", "STRAßE D’HAŸ"),
        ("one_line", "Association Exemple,\n\n 12, rue du Port \n", "Association Exemple, 12, rue du Port"),
        ("date_long", dt.date(2026, 10, 12), "12\u00a0octobre 2026"),
        ("date_long", dt.date(2001, 1, 1), "1er\u00a0janvier 2001"),
        ("date_long", "vers 2001", "vers 2001"),
        ("date_numeric", dt.date(987, 2, 3), "03/02/0987"),
        ("yes_no", True, "oui"),
        ("yes_no", False, "non"),
        ("number", 15000, "15\u00a0000"),
    ],
)
def test_formats(name: str, value: Any, text: str) -> None:
    assert written(name, value) == text


@pytest.mark.parametrize(
    ("name", "value"), [("plain", True), ("plain", dt.date(2026, 1, 1)), ("yes_no", "oui"), ("number", "12")]
)
def test_a_format_refuses_what_it_is_not_for(name: str, value: Any) -> None:
    form = _load(_field(format=f'"{name}"'))
    with pytest.raises(FormError, match=r"form\.value_kind") as caught:
        resolve(form, _values({"person": {"name": value}}))
    assert "name" in caught.value.sentence
    assert "2026" not in caught.value.sentence


def test_missing_is_said_with_the_severity_of_the_field() -> None:
    form = _load(
        _field(required='"block"')
        + _field(id='"job"', label='"Profession"', **{"from": '"person.job"'}, required='"warn"')
        + _field(id='"nick"', **{"from": '"person.nick"'})
    )
    for tree in ({}, {"person": {}}, {"person": {"name": None, "job": "  ", "nick": ""}}):
        texts, problems = resolve(form, _values(tree))
        assert texts == {"name": "", "job": "", "nick": ""}
        assert problems == [
            Problem("name", "missing", "block", {"label": "Nom"}),
            Problem("job", "missing", "warn", {"label": "Profession"}),
        ]
    job = form.field("job")
    assert job is not None
    assert placeholder(job) == "[à compléter\u00a0: profession]"


def test_a_detail_is_required_only_when_its_question_says_yes() -> None:
    form = _load(
        _field(id='"kin"', kind='"choice"', **{"from": '"links.kin"'}, required='"warn"')
        + _field(id='"detail"', **{"from": '"links.detail"'}, required='"warn"', required_if='"kin"')
    )
    for kin, missing in ((True, ["detail"]), (False, []), (None, ["kin"])):
        _, problems = resolve(form, _values({"links": {"kin": kin}}))
        assert [problem.field for problem in problems] == missing


def test_lists_long_texts_and_unknown_choices() -> None:
    form = _load(
        _field(id='"all"', kind='"list"', **{"from": '"parties[].name"'})
        + _field(id='"line"', **{"from": '"parties[].name"'}, max_length="8")
        + _field(id='"kind"', kind='"choice"', choices='["contre X", "nommée"]', format='"plain"', **{"from": '"kind"'})
    )
    values = _values({"parties": [{"name": "Anna"}, {"name": None}, {"name": "Boris"}], "kind": "autre"})
    texts, problems = resolve(form, values)
    assert texts == {"all": "Anna\nBoris", "line": "Anna, Boris", "kind": "autre"}
    assert [(problem.field, problem.code) for problem in problems] == [("line", "too_long"), ("kind", "unknown_choice")]
    assert problems[0].facts == {"label": "Nom", "length": 11, "max_length": 8}


@pytest.mark.parametrize(
    "tree",
    [{"person": "Anna"}, {"person": [{"name": "Anna"}]}, {"person": {"name": {"first": "Anna"}}}],
    ids=["a leaf too early", "a list where none is", "a branch where a leaf is"],
)
def test_values_of_another_shape_are_refused_without_their_content(tree: dict[str, Any]) -> None:
    with pytest.raises(FormError, match=r"form\.value_kind") as caught:
        resolve(_load(_field()), _values(tree))
    assert "Anna" not in caught.value.sentence


def test_a_list_path_over_a_single_value_is_refused() -> None:
    with pytest.raises(FormError, match=r"form\.value_kind"):
        resolve(_load(_field(kind='"list"', **{"from": '"parties[].name"'})), _values({"parties": "Anna"}))


def test_what_a_hand_writes_is_never_resolved() -> None:
    form = _load(
        _field(id='"signature"', handwritten="true", **{"from": ""})
        + _field(id='"facts"', kind='"long_text"', ruled="true", required='"block"', **{"from": '"account"'})
    )
    assert resolve(form, _values({"account": "J’ai vu."})) == ({"facts": "J’ai vu."}, [])
    assert resolve(form, {}, mode="handwriting") == ({}, [])
    assert [problem.field for problem in resolve(form, {})[1]] == ["facts"]


def test_the_example_becomes_values() -> None:
    values = example({"example.toml": b'a = "x"\n[b]\nc = true\nd = 2001-01-02\n[[e]]\nf = 3\n'})
    assert isinstance(values["a"], Filled)
    assert values["a"].value == "x"
    assert values["b"]["d"].value == dt.date(2001, 1, 2)  # type: ignore[index,call-overload,union-attr]
    assert values["e"][0]["f"].value == 3  # type: ignore[index,call-overload,union-attr]


@pytest.mark.parametrize("data", ["a = 1.5", "a = 2001-01-02T03:04:05", 'a = ["x"]'])
def test_an_example_holds_only_what_a_value_can_be(data: str) -> None:
    with pytest.raises(FormError, match=r"form\.value"):
        example({"example.toml": data.encode()})
    with pytest.raises(FormError, match=r"form\.file_missing"):
        example({})
