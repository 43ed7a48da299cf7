# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers as a printer takes them: which pages of which, with empty pages between, as one file to look at."""

import io
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import pypdfium2

from forms.preview import PDFIUM
from forms.problems import FormError

__all__ = ["Leaf", "impose", "top_bookmarks"]

Leaf = tuple[int, int] | None
"""A page of a paper, both counted from 0; `None` is an empty page."""


def impose(papers: Sequence[bytes], leaves: Sequence[Leaf]) -> bytes:
    """One file with those pages in that order, each at its size; an empty page is as large as the one before it.

    Raises:
        FormError: `preview.unreadable`.
    """
    if leaves == [(0, page) for page in range(len(leaves))] and len(papers) == 1:
        return papers[0]
    with PDFIUM, ExitStack() as open_:
        try:
            sources: list[Any] = []
            for paper in papers:
                sources.append(pypdfium2.PdfDocument(paper))
                open_.callback(sources[-1].close)
            made = pypdfium2.PdfDocument.new()
            open_.callback(made.close)
            for first, last in _runs(leaves):
                leaf = leaves[first]
                if leaf is None:
                    before = made.get_page_size(first - 1) if first else (595.276, 841.89)
                    made.new_page(*before).close()
                else:
                    made.import_pages(sources[leaf[0]], pages=list(range(leaf[1], leaf[1] + last - first)))
            out = io.BytesIO()
            made.save(out)
        except pypdfium2.PdfiumError:
            raise FormError(
                "preview.unreadable",
                "Un document ne peut pas être relu\u00a0: rien n’est imprimé. Refaites-le, puis recommencez.",
            ) from None
    return out.getvalue()


def _runs(leaves: Sequence[Leaf]) -> list[tuple[int, int]]:
    """Where pages of one paper follow one another: begin and end of each run."""
    runs: list[tuple[int, int]] = []
    for at, leaf in enumerate(leaves):
        before = leaves[at - 1] if at else None
        if leaf is not None and before is not None and (before[0], before[1] + 1) == leaf:
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    return runs


def top_bookmarks(pdf: bytes) -> tuple[int, ...]:
    """The pages, counted from 0, to which the bookmarks of the first level lead: in a bundle, contents and dividers.

    Raises:
        FormError: `preview.unreadable`.
    """
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError:
            raise FormError(
                "preview.unreadable", "Un document ne peut pas être relu\u00a0: refaites-le, puis recommencez."
            ) from None
        try:
            marks = list(document.get_toc(max_depth=3))
            found = [mark.get_dest() for mark in marks if mark.level == 0]
            return tuple(page for each in found if each is not None and (page := each.get_index()) is not None)
        finally:
            document.close()
