# SPDX-License-Identifier: GPL-3.0-or-later
"""The help says what the window says: every page has its help, and the help quotes no word that is not there."""

import ast
import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from hro_desktop.records.base import Base
from ui.help import book
from ui.help.book import CONTENTS, DOOR, HelpPage
from ui.pages import ROUTES

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 40
"""Lines: what is read without scrolling for long, by somebody who is tired."""
LINK = re.compile(r"\]\(([^)]+)\)")
QUOTED = re.compile("«\u00a0([^»]+)\u00a0»")
AROUND = "\u2003\u2002 …:.,;!?\u00a0+"
PAGES = pytest.mark.parametrize("page", book.pages(), ids=lambda page: page.name)


def constants(path: Path) -> Iterator[str]:
    """What a source file may show: its strings, docstrings left out."""
    tree = ast.parse(path.read_text("utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def leaves(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)


def bare(words: str) -> str:
    """Without the marks a label stands between, such as « + » or « … »."""
    return words.strip(AROUND)


def words_of_the_window() -> frozenset[str]:
    sources = [path for path in (ROOT / "ui").rglob("*.py") if path.parent != ROOT / "ui" / "help"]
    found = {each for path in sources for each in constants(path)}
    for path in (ROOT / "hro_desktop" / "casework").rglob("*.py"):
        found.update(constants(path))
    for path in (ROOT / "hro_desktop" / "law").glob("*.toml"):
        found.update(leaves(tomllib.loads(path.read_text("utf-8"))))
    return frozenset(map(bare, found))


WORDS = words_of_the_window()


def strangers(text: str) -> list[str]:
    """Words between quotation marks that the window does not show."""
    return [quoted for quoted in QUOTED.findall(text.replace("\n", " ")) if bare(quoted) not in WORDS]


def test_every_page_of_the_window_has_one_help_page_and_so_has_the_door() -> None:
    about = [each.page for each in book.pages() if each.page]
    assert sorted(about) == sorted(ROUTES)
    assert book.page(DOOR) is not None


def test_every_page_of_the_window_has_a_hint_and_no_other_page_has() -> None:
    for each in book.pages():
        assert bool(each.hint) is bool(each.page), each.name
        assert bool(each.hint) or not each.done, each.name


@PAGES
def test_the_help_quotes_only_words_of_the_window(page: HelpPage) -> None:
    assert strangers(f"{page.hint} {page.body}") == []


def test_a_word_that_is_not_in_the_window_is_seen() -> None:
    assert strangers("Puis «\u00a0Envoyer au procureur\u00a0» ou «\u00a0Terminer\u00a0».") == ["Envoyer au procureur"]


@PAGES
def test_every_link_leads_to_a_page(page: HelpPage) -> None:
    for link in LINK.findall(page.body):
        assert link.endswith(".md")
        assert book.page(link.removesuffix(".md")) is not None, link


def test_every_page_is_reached_from_the_contents() -> None:
    contents = book.page(CONTENTS)
    assert contents is not None
    reached = {link.removesuffix(".md") for link in LINK.findall(contents.body)}
    assert reached == {each.name for each in book.pages()} - {CONTENTS}


@PAGES
def test_a_page_is_short_and_in_plain_french_type(page: HelpPage) -> None:
    assert len(page.body.splitlines()) <= LONGEST
    code = re.compile("`[^`]*`")
    for text in (page.title, page.hint, code.sub("", page.body)):
        for mark in (" :", " ;", " ?", " !", "« ", " »", "n° ", "'", "..."):
            assert mark not in text, mark
    assert "TODO" not in page.body


@PAGES
def test_what_puts_a_hint_away_is_a_table(page: HelpPage) -> None:
    importlib.import_module("hro_desktop.records")
    assert set(page.done) <= set(Base.metadata.tables)


def test_a_file_that_does_not_begin_as_it_should_is_refused() -> None:
    with pytest.raises(ValueError, match="before the text"):
        book.read_page("x", "# Titre\n\nDu texte.\n")
    with pytest.raises(tomllib.TOMLDecodeError):
        book.read_page("x", "+++\ntitle =\n+++\nDu texte.\n")
    with pytest.raises(TypeError):
        book.read_page("x", '+++\ntitle = "A"\ncolour = "red"\n+++\nDu texte.\n')


def test_words_are_found_in_any_case_and_without_accents() -> None:
    names = [each.name for each, _ in book.found("EVENEMENT preuve")]
    assert "saisine" in names
    assert book.found("clavier")[0][0].name == "clavier"
    assert book.found("zzzz") == ()
    assert book.found(" …") == ()


def test_what_is_found_comes_with_words_around_it_and_no_marks() -> None:
    found = {each.name: around for each, around in book.found("presse-papiers")}
    assert "presse-papiers" in found["saisine"]
    assert any("\u00a0" in around for _, around in book.found("accord")), "a « stays with its word"
    for _, around in book.found("lieu"):
        assert not set(around) & set("*`[]#")
