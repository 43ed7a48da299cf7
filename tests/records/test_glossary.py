# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables and modules are named after the words of the glossary, and of nothing else."""

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = [
    path
    for package in ("records", "rules", "casework")
    for path in sorted((ROOT / "hro_desktop" / package).glob("*.py"))
    if path.stem != "__init__"
]


def rows() -> list[list[str]]:
    """The cells of every line of the glossary's tables, without headings."""
    lines = (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in cells if row[0] != "code" and not set(row[0]) <= {"-"}]


def code_words() -> list[str]:
    return [word.strip() for row in rows() for word in row[0].split(";")]


WORDS = frozenset(code_words())


def singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith("ches"):
        return word[:-2]
    return word.removesuffix("s")


def unknown_words(name: str) -> list[str]:
    """The parts of a name that are no code word, alone or together, in the singular or as they are."""
    words = name.split("_")
    for whole in (words, [*words[:-1], singular(words[-1])]):
        if " ".join(whole) in WORDS:
            return []
    return [word for word in words if not {word, singular(word)} & WORDS]


def table_names() -> list[str]:
    importlib.import_module("hro_desktop.records")
    base = importlib.import_module("hro_desktop.records.base")
    return sorted(base.Base.metadata.tables)


def test_every_table_is_named_after_the_glossary() -> None:
    names = table_names()
    assert len(names) > 20
    assert {name: found for name in names if (found := unknown_words(name))} == {}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_every_module_is_named_after_the_glossary(path: Path) -> None:
    assert unknown_words(path.stem) == []


def test_the_check_sees_a_name_that_is_not_in_the_glossary() -> None:
    assert unknown_words("client") == ["client"]
    assert unknown_words("evidence_attachment") == ["attachment"]
    assert unknown_words("exhibit_list") == []
    assert unknown_words("people") == []


def test_each_word_stands_once_and_has_a_meaning() -> None:
    words = code_words()
    assert len(words) == len(set(words))
    for row in rows():
        assert len(row) == 4
        assert all(row)
        assert all(re.fullmatch(r"[a-z ]+", word.strip()) for word in row[0].split(";"))


def test_a_language_has_one_spelling() -> None:
    """The letter says it from the vocabulary, the practice papers and the guides say it in their own words."""
    texts = [
        path
        for folder in ("hro_desktop", "cerfa_templates", "docs", "forms", "ui")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".toml", ".md", ".txt")
    ]
    assert [path for path in texts if re.search("tigri(gn|ñ)a", path.read_text("utf-8"), re.IGNORECASE)] == []
