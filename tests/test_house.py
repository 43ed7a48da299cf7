# SPDX-License-Identifier: GPL-3.0-or-later
"""No file and no function grows too long to be read at once."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("hro_desktop", "ui", "forms", "tests", "scripts")
FILES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
STEPS = ROOT / "hro_desktop" / "vault" / "migrations" / "versions"
"""Steps of the schema: lists of columns, written once and never changed."""
FIRST = STEPS / "0001_first_format.py"
MOST = 500
MOST_IN_FUNCTION = 50


def long_functions(source: str) -> Iterator[str]:
    """Functions whose lines, signature and docstring not counted, are too many."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        told = ast.get_docstring(node, clean=False) is not None and len(node.body) > 1
        first = node.body[1 if told else 0]
        if (node.end_lineno or 0) - first.lineno + 1 > MOST_IN_FUNCTION:
            yield node.name


def test_a_function_is_measured_without_what_says_what_it_is_for() -> None:
    body = "        x = 1\n" * MOST_IN_FUNCTION
    head = 'class C:\n    async def f(\n        self\n    ):\n        """Doc.\n\n        More.\n        """\n'
    assert list(long_functions(head + body)) == []
    assert list(long_functions(head + body + "        x = 1\n")) == ["f"]


def test_files_are_short() -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in FILES if path != FIRST}
    assert {name: size for name, size in sizes.items() if size > MOST} == {}


def test_functions_are_short() -> None:
    found = {str(path.relative_to(ROOT)): list(long_functions(path.read_text("utf-8"))) for path in FILES}
    assert {name: long for name, long in found.items() if long and (ROOT / name).parent != STEPS} == {}
