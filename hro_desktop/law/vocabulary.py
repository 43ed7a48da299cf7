# SPDX-License-Identifier: GPL-3.0-or-later
"""The closed lists of codes that records hold, and the French word for each.

Most lists are in `vocabulary.toml`; procedures, authorities, cameras, offences and requests are lists too, read from
their own tables.
"""

import functools

import attrs

from hro_desktop.law.authorities import authorities
from hro_desktop.law.cameras import cameras
from hro_desktop.law.offences import offences
from hro_desktop.law.procedures import procedures
from hro_desktop.law.references import requests
from hro_desktop.law.tables import Row, TableError, build_all, read, unique

__all__ = ["Term", "Vocabulary", "codes", "label", "lists", "term", "terms"]


@attrs.frozen(kw_only=True)
class Term:
    """One word of a list.

    Args:
        code: what the vault holds.
        label: what a user reads.
        rtl: for a language, whether its script runs from right to left.
        group: what the word belongs to: for a force, which body answers for it; for a purpose of consent, the one
            body it can only mean; for the status of an assertion, the kind of assertion; for a kind of belonging, the
            count it adds to; for its fate, `perdu` when the thing is lost to its owner; for a kind of evidence, its
            usual chapter in a schedule of exhibits.
    """

    code: str
    label: str
    rtl: bool = False
    group: str = ""


@attrs.frozen(kw_only=True)
class Vocabulary(Row):
    """One closed list: its title and its words in the order they are offered."""

    label: str
    terms: tuple[Term, ...]


@functools.cache
def lists() -> dict[str, Vocabulary]:
    """Every list of `vocabulary.toml` by its code."""
    data = dict(read("vocabulary.toml"))
    rows = build_all(Vocabulary, data.pop("list"), "vocabulary.list")
    if data:
        raise TableError("vocabulary: unknown section")
    for row in rows:
        unique([term.code for term in row.terms], f"vocabulary.{row.code}")
    return {row.code: row for row in rows}


@functools.cache
def terms(list_code: str) -> tuple[Term, ...]:
    """The words of one list, in the order they are offered.

    Raises:
        KeyError: no such list.
    """
    named: dict[str, list[tuple[str, str]]] = {
        "authorities": [(row.code, row.name) for row in authorities()],
        "cameras": [(row.code, row.label) for row in cameras()],
        "offences": [(row.code, row.label) for row in offences()],
        "procedures": [(row.code, row.label) for row in procedures()],
        "requests": [(row.code, row.label) for row in requests()],
    }
    if list_code in named:
        # a row that changed over time stands several times in its table, once in the list
        return tuple(Term(code=code, label=text) for code, text in dict(named[list_code]).items())
    return lists()[list_code].terms


@functools.cache
def codes(list_code: str) -> tuple[str, ...]:
    """The codes a record may hold for that list, in the order they are offered."""
    return tuple(term.code for term in terms(list_code))


def term(list_code: str, code: str) -> Term:
    """One word of one list.

    Raises:
        KeyError: no such list or no such word.
    """
    for found in terms(list_code):
        if found.code == code:
            return found
    raise KeyError(f"{list_code}.{code}")


def label(list_code: str, code: str) -> str:
    """The French word for a code."""
    return term(list_code, code).label
