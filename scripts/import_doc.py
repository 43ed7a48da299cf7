# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the tables of keys of docs/import.md from the drafts themselves, between two markers."""

import sys
from collections.abc import Iterator
from pathlib import Path

from hro_desktop.casework import fields
from hro_desktop.casework.dossier import SECTIONS, named
from hro_desktop.law import vocabulary

PAGE = Path(__file__).resolve().parents[1] / "docs" / "import.md"
START, END = "<!-- clés : début -->\n", "<!-- clés : fin -->\n"
LONG = 60  # codes of a list beyond which the page names the file instead


def tables() -> str:
    """The reference of all sections, as Markdown."""
    lines: list[str] = []
    for section in SECTIONS:
        lines += [f"### `[[{section.name}]]` — {section.doc}", ""]
        lines += _table(section.draft)
    return "\n".join(lines) + "\n"


def _table(draft: type, prefix: str = "") -> Iterator[str]:
    nested: list[tuple[str, type, str]] = []
    yield "| clé | ce que c’est | valeur |"
    yield "|---|---|---|"
    for name, meta in fields.described(draft):
        key = f"{prefix}{named(name, meta)}"
        must = " **(obligatoire)**" if meta["required"] else ""
        yield f"| `{key}` | {meta['doc']}{must} | {_value(meta)} |"
        if meta["kind"] == "many":
            nested.append((f"{key}.", meta["draft"], meta["doc"]))
    yield ""
    for inner, inner_draft, doc in nested:
        yield f"`{inner[:-1]}` ({doc}), une liste de tables :"
        yield ""
        yield from _table(inner_draft, inner)


def _value(meta: dict[str, object]) -> str:
    kind = str(meta["kind"])
    if kind in ("choice", "choices"):
        codes = vocabulary.codes(str(meta["list"]))
        shown = ", ".join(f"`{code}`" for code in codes) if len(codes) <= LONG else f"liste `{meta['list']}`"
        return f"{'liste de' if kind == 'choices' else 'un de'} : {shown}"
    return {
        "text": "texte",
        "cited": "texte, qui peut citer une pièce : `[[piece:clé]]`",
        "flag": "`true` ou `false`",
        "day": "jour, `2026-10-12`",
        "time": "heure, `08:40`",
        "partial": "date, même incertaine",
        "number": "nombre",
        "count": "nombre entier, `12`",
        "ref": f"clé d’une ligne `{meta.get('noun')}`",
        "refs": f"liste de clés de lignes `{meta.get('noun')}`",
        "many": "liste de tables",
    }[kind]


def main() -> int:
    """Rewrite the page; with `--check`, only say whether it is up to date."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    fresh = f"{before}{START}{tables()}{END}{after}"
    if "--check" in sys.argv:
        return int(fresh != page)
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
