# SPDX-License-Identifier: GPL-3.0-or-later
"""Strict reading of the TOML files of a form folder: every key is asked for, what nobody asked for is refused.

A form folder may be written by a jurist. Whatever is wrong in it is said in one French sentence that names the file,
the place in it and the key.
"""

import datetime as dt
import tomllib
from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

from forms.problems import FormError

__all__ = ["Table", "read_table"]

_T = TypeVar("_T")

_KIND_NAMES = {
    str: "un texte entre guillemets",
    bool: "true ou false",
    int: "un nombre entier",
    float: "un nombre",
    list: "une liste entre crochets",
    dict: "une table",
    dt.date: "une date (AAAA-MM-JJ)",
}


def read_table(file: str, data: bytes) -> "Table":
    """Parse one TOML file.

    Args:
        file: its name, for the sentences.
        data: its bytes, UTF-8.

    Raises:
        FormError: `form.syntax` when it is not TOML.
    """
    try:
        parsed = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise FormError(
            "form.syntax", f"Le fichier «\u00a0{file}\u00a0» n’est pas un texte enregistré en UTF-8."
        ) from None
    except tomllib.TOMLDecodeError as error:
        detail = str(error)
        raise FormError(
            "form.syntax", f"Le fichier «\u00a0{file}\u00a0» n’est pas du TOML correct\u00a0: {detail}."
        ) from None
    return Table(file, "", parsed)


class Table:
    """One table of a file, read key by key; `done` refuses the keys nobody asked for."""

    def __init__(self, file: str, place: str, content: Mapping[str, Any]) -> None:
        self.file = file
        self.place = place
        self._content = content
        self._asked: set[str] = set()

    @property
    def content(self) -> Mapping[str, Any]:
        """All of it, unchecked: for a file that holds values instead of settings."""
        return self._content

    def refuse(self, key: str, reason: str, code: str = "form.value") -> NoReturn:
        """Stop with a sentence about one key of this table."""
        place = f", {self.place}" if self.place else ""
        raise FormError(code, f"Fichier «\u00a0{self.file}\u00a0»{place}, clé «\u00a0{key}\u00a0»\u00a0: {reason}.")

    def has(self, key: str) -> bool:
        """Whether the key is written at all."""
        return key in self._content

    def _get(self, key: str, kind: type[_T], default: _T | None) -> _T | None:
        self._asked.add(key)
        if key not in self._content:
            return default
        value = self._content[key]
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        wrong_kind = not isinstance(value, kind) or (kind is int and isinstance(value, bool))
        if wrong_kind or (kind is dt.date and isinstance(value, dt.datetime)):
            self.refuse(key, f"il faut {_KIND_NAMES[kind]}")
        return value  # type: ignore[no-any-return]

    def _must(self, key: str, kind: type[_T]) -> _T:
        value = self._get(key, kind, None)
        if value is None:
            self.refuse(key, "cette clé est obligatoire et manque", "form.key_missing")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text; obligatory and not empty when no default is given."""
        if default is not None:
            return self._get(key, str, default) or ""
        value = self._must(key, str)
        if not value.strip():
            self.refuse(key, "le texte est vide")
        return value

    def optional_text(self, key: str) -> str | None:
        """A text, or `None` when the key is not there."""
        return self._get(key, str, None)

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """A word of a closed list."""
        value = self.text(key, default)
        if value not in allowed:
            self.refuse(key, f"valeur inconnue «\u00a0{value}\u00a0», valeurs possibles\u00a0: {', '.join(allowed)}")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """`true` or `false`."""
        return bool(self._get(key, bool, default))

    def number(self, key: str, default: float | None = None, *, least: float = 0.0, most: float = 1000.0) -> float:
        """A number within bounds; obligatory when no default is given."""
        value = self._must(key, float) if default is None else self._get(key, float, default)
        if value is None or not least <= value <= most:
            self.refuse(key, f"le nombre doit être entre {least:g} et {most:g}")
        return value

    def optional_number(self, key: str, *, least: float = 0.0, most: float = 1000.0) -> float | None:
        """A number within bounds, or `None` when the key is not there."""
        return self.number(key, least=least, most=most) if self.has(key) else self._get(key, float, None)

    def optional_whole(self, key: str, *, least: int, most: int) -> int | None:
        """A whole number within bounds, or `None` when the key is not there."""
        value = self._get(key, int, None)
        if value is not None and not least <= value <= most:
            self.refuse(key, f"le nombre doit être entre {least} et {most}")
        return value

    def day(self, key: str) -> dt.date:
        """A calendar day; obligatory."""
        return self._must(key, dt.date)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty when the key is not there."""
        values = self._get(key, list, []) or []
        if not all(isinstance(value, str) and value.strip() for value in values):
            self.refuse(key, "il faut une liste de textes non vides")
        return tuple(values)

    def words_of(self, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        """A list of words of a closed list, each at most once; empty when the key is not there."""
        values = self.texts(key)
        for value in values:
            if value not in allowed:
                self.refuse(
                    key, f"valeur inconnue «\u00a0{value}\u00a0», valeurs possibles\u00a0: {', '.join(allowed)}"
                )
        if len(set(values)) != len(values):
            self.refuse(key, "une valeur est répétée")
        return values

    def table(self, key: str) -> "Table":
        """A table inside this one; empty when the key is not there."""
        content = self._get(key, dict, {}) or {}
        return Table(self.file, f"{self.place}, [{key}]".removeprefix(", "), content)

    def tables(self, key: str) -> "list[Table]":
        """A list of tables; empty when the key is not there."""
        rows = self._get(key, list, []) or []
        if not all(isinstance(row, dict) for row in rows):
            self.refuse(key, "il faut une liste de tables")
        prefix = f"{self.place}, " if self.place else ""
        return [Table(self.file, f"{prefix}{key} n°\u00a0{n}", row) for n, row in enumerate(rows, 1)]

    def done(self) -> None:
        """Refuse the keys that were not asked for.

        Raises:
            FormError: `form.key_unknown`.
        """
        for key in self._content:
            if key not in self._asked:
                known = ", ".join(sorted(self._asked))
                self.refuse(key, f"cette clé est inconnue\u00a0; clés possibles\u00a0: {known}", "form.key_unknown")
