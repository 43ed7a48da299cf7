# SPDX-License-Identifier: GPL-3.0-or-later
"""What the window never does, read from its source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "ui"
FILES = sorted(ROOT.rglob("*.py"))
DIALOGS = {"QMessageBox", "QFileDialog", "QInputDialog", "QErrorMessage", "QColorDialog", "QFontDialog", "QPrintDialog"}
FORBIDDEN_ROOMS = {"sqlalchemy", "alembic", "sqlcipher3", "pikepdf", "pypdfium2", "reportlab", "docxtpl", "docx"}


def names(source: str) -> Iterator[str]:
    """Every name a file imports, reads or asks an object for."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.name for alias in node.names)


def modules(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def texts(source: str) -> Iterator[str]:
    """String literals but for docstrings, of attributes too."""
    tree = ast.parse(source)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def test_the_rules_see_what_they_forbid() -> None:
    bad = (
        "import sqlalchemy.orm\nfrom PySide6.QtWidgets import QFileDialog\ndialog.exec()\nQApplication.processEvents()"
    )
    assert {"QFileDialog", "exec", "processEvents"} <= set(names(bad))
    assert "sqlalchemy" in set(modules(bad))
    assert list(texts('"""doc"""\nx = "é : b"')) == ["é : b"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_dialogs_have_one_door(path: Path) -> None:
    if path != ROOT / "ask.py":
        assert not DIALOGS & set(names(path.read_text("utf-8")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_waits_inside_the_event_loop(path: Path) -> None:
    used = set(names(path.read_text("utf-8")))
    assert not {"processEvents", "QThread", "QEventLoop", "moveToThread", "exec_"} & used
    # The application itself runs; nothing else does.
    assert path == ROOT / "app.py" or "exec" not in used


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_items_of_layouts_are_left_to_qt(path: Path) -> None:
    """What `itemAt` gives stays known to PySide after Qt freed it: the program dies of the next object in its place."""
    if path != ROOT / "build" / "schedule.py":  # rows of a list, which has another function of that name
        assert "itemAt" not in set(names(path.read_text("utf-8")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_window_stays_in_its_room(path: Path) -> None:
    assert not FORBIDDEN_ROOMS & set(modules(path.read_text("utf-8")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_colours_are_named_only_in_the_theme(path: Path) -> None:
    if path != ROOT / "theme.py":
        assert not [text for text in texts(path.read_text("utf-8")) if len(text) == 7 and text.startswith("#")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_french_is_set_as_it_is_printed(path: Path) -> None:
    for text in texts(path.read_text("utf-8")):
        if path == ROOT / "theme.py" and "{" in text:
            continue  # the style sheet
        for mark in (" :", " ;", " ?", " !", "« ", " »", "n° "):
            assert mark not in text, text
        assert "..." not in text
        assert "'" not in text, text


def test_every_icon_is_drawn_in_the_one_colour_that_is_replaced() -> None:
    icons = sorted((ROOT / "resources" / "icons").glob("*.svg"))
    assert len(icons) > 10
    for path in icons:
        drawing = path.read_text("utf-8")
        assert drawing.count("#") == drawing.count("#000")
        assert 'stroke="#000"' in drawing
