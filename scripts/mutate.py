# SPDX-License-Identifier: GPL-3.0-or-later
"""Change the vault in one place, see whether its tests notice, and again: what they do not notice is not tested.

    python scripts/mutate.py                          # a few places of each module, drawn by lot
    python scripts/mutate.py journal --count 1000     # every place of one

It works in a copy of the tree. A change that makes the tests run for ever counts as noticed.
"""

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VAULT = "hro_desktop/vault"
TESTS = {
    "accesses": ("rotation", "older_header", "device"),
    "age": ("age", "age_fuzz"),
    "anchor": ("anchor", "put_back", "vault"),
    "backup": ("backup", "newest_backup", "nth_failure"),
    "backup_places": ("backup",),
    "btree": ("salvage", "put_back"),
    "canonical": ("keys", "header"),
    "checks": ("checks", "older_header", "no_plain_files", "put_back"),
    "copying": ("backup", "restore", "nth_failure"),
    "database": ("vault", "foreign_log", "work", "checks"),
    "files": ("nth_failure", "objects", "disk_full", "crash"),
    "generations": ("backup", "newest_backup", "restore"),
    "header": ("header", "older_header"),
    "journal": ("journal", "header", "older_header"),
    "keys": ("keys", "header"),
    "lockfile": ("lockfile", "no_plain_files"),
    "migrate": ("migrate",),
    "objects": ("objects", "nth_failure", "checks"),
    "pages": ("salvage", "first_page", "put_back"),
    "reserve": ("disk_full", "vault"),
    "restore": ("restore", "newest_backup", "nth_failure"),
    "rotation": ("rotation", "older_header"),
    "rows": ("salvage",),
    "salvage": ("salvage", "first_page", "foreign_log"),
    "work": ("work",),
}
"""The tests of each module, those that are most likely to notice first."""
SECONDS = 240
LEFT_OUT = (".git", ".venv", "build", "__pycache__", ".*_cache")
OTHERS: dict[type, type] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of one node."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in OTHERS:
        yield ast.Compare(node.left, [OTHERS[type(node.ops[0])]()], node.comparators)
    elif isinstance(node, ast.BinOp) and type(node.op) in OTHERS:
        yield ast.BinOp(node.left, OTHERS[type(node.op)](), node.right)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(OTHERS[type(node.op)](), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.Constant) and type(node.value) in (bool, int):
        yield ast.Constant(not node.value if isinstance(node.value, bool) else node.value + 1)
    elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield ast.Return(ast.Constant(None))
    elif (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)) or isinstance(node, ast.Raise):
        yield ast.Pass()


def places(tree: ast.Module) -> list[tuple[int, ast.AST]]:
    """Every change of a module: the number of its node in the order of `ast.walk`, and what replaces it."""
    return [(number, each) for number, node in enumerate(ast.walk(tree)) for each in changes(node)]


class _Change(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """Replace the one that is meant."""
        return self.new if node is self.old else self.generic_visit(node)


def changed(source: str, number: int, new: ast.AST) -> tuple[str, str]:
    """The module with one change, and the change in words."""
    tree = ast.parse(source)
    old = next(node for at, node in enumerate(ast.walk(tree)) if at == number)
    words = f"{getattr(old, 'lineno', 0)}: {ast.unparse(old)[:70]} -> {ast.unparse(new)[:70]}".replace("\n", " ")
    tree = _Change(old, ast.copy_location(copy.deepcopy(new), old)).visit(tree)
    return ast.unparse(ast.fix_missing_locations(tree)), words


def noticed(folder: Path, module: str) -> bool:
    """Whether the tests of a module fail."""
    files = [f"tests/vault/test_{name}.py" for name in TESTS[module]]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--timeout=60", *files]
    env = {**os.environ, "PYTHONPATH": str(folder), "QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ran = subprocess.run(command, cwd=folder, env=env, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return True
    return ran.returncode != 0


def main() -> None:
    """Print what was not noticed, and the count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", default=sorted(TESTS))
    parser.add_argument("--count", type=int, default=12, help="places of each module")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    total = found = 0
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room, "arbre")
        shutil.copytree(
            ROOT, folder, ignore=shutil.ignore_patterns(".git", ".venv", "build", "__pycache__", ".*_cache")
        )
        for module in options.modules:
            path = folder / VAULT / f"{module}.py"
            source = path.read_text(encoding="utf-8")
            every = places(ast.parse(source))
            lot = random.Random(options.seed)  # noqa: S311 - the same places each time
            drawn = lot.sample(every, min(options.count, len(every)))
            missed = []
            for number, new in drawn:
                content, words = changed(source, number, new)
                path.write_text(content, encoding="utf-8")
                missed += [] if noticed(folder, module) else [words]
            path.write_text(source, encoding="utf-8")
            total, found = total + len(drawn), found + len(drawn) - len(missed)
            print(
                f"{module}: {len(drawn) - len(missed)} / {len(drawn)} of {len(every)}",
                *missed,
                sep="\n    ",
                flush=True,
            )
    print(f"{found} / {total} ({100 * found // max(total, 1)} %)")


if __name__ == "__main__":
    main()
