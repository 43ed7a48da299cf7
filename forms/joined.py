# SPDX-License-Identifier: GPL-3.0-or-later
"""Several papers of ours as one file to print: each on sheets of its own, nothing put on their pages.

On a printer that prints both sides, a paper to sign must not begin on the back of another: an empty page follows one
that has an odd number of pages.
"""

import io
from collections.abc import Sequence
from typing import BinaryIO, Final

from forms.binding.assembly import Assembly, reference, text_string
from forms.binding.paper import Labels, Sheet, Sheets
from forms.binding.source import Layers, Leaf
from forms.binding.writing import Place, at_full_size, write_pages
from forms.pages import BundleItem, read
from forms.problems import FormError
from forms.text import A4

__all__ = ["join"]

_PDF: Final = "application/pdf"
_EMPTY: Final = Leaf(box=(0.0, 0.0, *A4), operators=b"", drawings={})


def join(out: BinaryIO, papers: Sequence[bytes], title: str) -> tuple[int, ...]:
    """Write the file. The same papers give the same bytes.

    Args:
        out: takes the PDF from its first byte to its last; not closed here. Worthless when an error is raised.
        papers: PDF files of ours, in their order.
        title: what the file calls itself; nobody's name.

    Returns:
        The first page of each paper.

    Raises:
        FormError: `joined.empty`; `joined.damaged`, a paper that cannot be read whole.
    """
    if not papers:
        raise FormError("joined.empty", "Il n’y a aucun document à mettre dans ce fichier.")
    sheets, target, layers = Sheets(Labels()), Assembly(out), Layers()
    parent = target.reserve()
    places: list[Place] = []
    first: list[int] = []
    for number, paper in enumerate(papers, start=1):
        pages = read(_item(number, paper), target, layers, sheets)
        if pages.problems or any(isinstance(leaf, Sheet) for leaf in pages.leaves):
            raise FormError("joined.damaged", "Un document fait par le programme ne peut pas être relu.")
        if len(places) % 2:
            places.append(Place(target.reserve(), _EMPTY))
        first.append(len(places) + 1)
        places += [Place(target.reserve(), at_full_size(leaf)) for leaf in pages.leaves]
    sheets.write(target)
    write_pages(target, sheets, places, [""] * len(places), parent=parent, mark=None)
    entries = [
        b"/Type /Catalog /Pages %b /Lang (fr-FR) /ViewerPreferences << /DisplayDocTitle true >>" % reference(parent),
        layers.entry(),
    ]
    root = target.put(b"<< %b >>" % b" ".join(entry for entry in entries if entry))
    target.finish(root, target.put(b"<< /Title %b >>" % text_string(title)))
    return tuple(first)


def _item(number: int, paper: bytes) -> BundleItem:
    return BundleItem(number, "", "", "", _PDF, lambda: io.BytesIO(paper))
