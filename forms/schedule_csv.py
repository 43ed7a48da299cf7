# SPDX-License-Identifier: GPL-3.0-or-later
"""The schedule of exhibits as a table for a spreadsheet: one line per exhibit, and no cell that could run."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Final

import attrs

__all__ = ["COLUMNS", "Line", "schedule_csv"]

COLUMNS: Final = ("N°", "Intitulé", "Date", "Nature", "Pages", "Fichier", "SHA-256", "Remarque")

# Spreadsheets take these for the beginning of a formula, the wide forms of East Asian keyboards too.
_FORMULA: Final = re.compile("[\\s\u200b\ufeff]*[=+\\-@＝＋－＠]|\t|\r|\n")
_BREAKS: Final = re.compile("[\r\n\v\f\x85\u2028\u2029]+")
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


@attrs.frozen
class Line:
    """One exhibit.

    Args:
        number: in the list.
        title: the true one, whatever the file is called.
        date: as the list prints it.
        nature: original, copy…
        pages: how many, or which of them; empty for a film.
        file: name of the file it is in, with its folder.
        sha256: of that file.
        note: what whoever reads the list must know.
    """

    number: int
    title: str
    date: str = ""
    nature: str = ""
    pages: str = ""
    file: str = ""
    sha256: str = ""
    note: str = ""


def schedule_csv(lines: Iterable[Line]) -> bytes:
    """The table in UTF-8 with its mark, so that Excel reads the accents, and `;` as in French settings."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow(_harmless(str(cell)) for cell in attrs.astuple(line))
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _harmless(cell: str) -> str:
    """A text that stays a text: an apostrophe stands before what would begin a formula."""
    flat = _CONTROLS.sub("", cell)
    quote = "'" if _FORMULA.match(flat) else ""
    return quote + _BREAKS.sub(" ", flat)
