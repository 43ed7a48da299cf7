# SPDX-License-Identifier: GPL-3.0-or-later
"""One test for all form folders, whatever their kind: a new folder is covered the day it appears."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from forms.definition import Field, FormDefinition, example, placeholder, resolve
from forms.problems import FormError
from forms.values import Values
from tests.support.forms import TEMPLATES, catalogue, changed, expected_name, fill_text, plain_text

FOLDERS = sorted(path.parent.name for path in TEMPLATES.glob("*/form.toml"))


def _modes(name: str) -> tuple[str, ...]:
    try:
        return catalogue().get(name).definition.modes
    except FormError:
        return ("typed",)  # the folder is wrong: its tests fail, the others run


MODES = [(name, mode) for name in FOLDERS for mode in _modes(name)]

# What a value that is not there leaves behind when nobody thought of it.
HOLES = re.compile(r"None|\bnull\b|\{|\}|\[à compléter| {2}|\( *\)|«\s*»| ,| \.(?!\.)|,,|’ |:\s*[.,;]|n°\s*[.,;)]")
PLAIN_SPACE = re.compile(r"(?: [;:?!»%€])|(?:« )|(?:n° )")


def _texts(value: Any) -> Iterator[str]:
    """All texts of a TOML file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _optional(fields: tuple[Field, ...], mode: str) -> list[Field]:
    return [field for field in fields if field.path and field.required == "no" and field.is_printed(mode)]


def _without(definition: FormDefinition, values: Values, path: str) -> Values:
    """The values without a leaf; without the whole list, when nothing in its items is required."""
    head, many, _ = path.rpartition("[]")
    together = [field for field in definition.fields if field.path and field.path.startswith(head + "[]")]
    if many and all(field.required == "no" for field in together):
        return changed(values, {head: []})
    return changed(values, {path: ...})


def test_there_are_form_folders() -> None:
    assert {"attestation_202", "guide_attestation"} <= set(FOLDERS)
    folders = {path.name for path in TEMPLATES.iterdir() if path.is_dir() and any(path.glob("*.toml"))}
    assert sorted(folders) == FOLDERS


@pytest.mark.parametrize("name", FOLDERS)
def test_the_folder_loads_and_says_where_it_comes_from(name: str) -> None:
    form = catalogue().get(name)
    assert form.verified
    assert form.definition.id == name
    assert form.definition.source
    assert form.definition.fields


@pytest.mark.parametrize("name", FOLDERS)
def test_the_example_fills_every_required_field(name: str) -> None:
    form = catalogue().get(name)
    for mode in form.definition.modes:
        _, problems = resolve(form.definition, example(form.files), mode=mode)
        assert problems == []


@pytest.mark.parametrize("name", FOLDERS)
def test_french_is_set_as_a_printer_would(name: str) -> None:
    for file, data in catalogue().get(name).files.items():
        if not file.endswith(".toml"):
            continue
        content: Any = tomllib.loads(data.decode())
        if file == "official.toml":  # the names of the fields are those of the PDF
            content = [edition.get("note", "") for edition in content["edition"]]
        for text in _texts(content):
            assert not set(text) & {"'", '"', "“", "”", "\u202f"}, (file, text)
            assert not PLAIN_SPACE.search(text), (file, text)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(("name", "mode"), MODES)
def test_the_filled_form_reads_as_expected(name: str, mode: str) -> None:
    form = catalogue().get(name)
    text = fill_text(form, example(form.files), mode=mode)
    assert plain_text(text) == plain_text(form.files[expected_name(mode)].decode())
    assert HOLES.findall(text) == []
    assert not set(text) & {"'", '"', "“", "”", "\ufffd", "\ufffe"}


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(("name", "mode"), MODES)
def test_a_value_that_is_not_required_may_be_absent(name: str, mode: str) -> None:
    form = catalogue().get(name)
    values = example(form.files)
    for field in _optional(form.definition.fields, mode):
        assert field.path
        without = _without(form.definition, values, field.path)
        assert HOLES.findall(fill_text(form, without, mode=mode)) == [], field.id


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(("name", "mode"), MODES)
def test_a_draft_may_lack_any_value_and_a_drawn_one_names_it(name: str, mode: str) -> None:
    form = catalogue().get(name)
    values = example(form.files)
    required = [
        field
        for field in form.definition.fields
        if field.path and field.required != "no" and field.required_if is None and field.is_printed(mode)
    ]
    for field in required:
        assert field.path
        text = plain_text(fill_text(form, changed(values, {field.path: ...}), mode=mode, draft=True))
        notice = plain_text(placeholder(field))
        assert HOLES.findall(text.replace(notice, "x")) == [], field.id
        # A letter is a text: its template may leave a whole sentence out instead. An official PDF is not ours to
        # write remarks on: what is missing is said beside it.
        assert notice in text or form.definition.kind in {"letter", "official"}, field.id
