# SPDX-License-Identifier: GPL-3.0-or-later
"""What must not survive from a PDF somebody gave us into one we make: programs, actions, files, the second form."""

from typing import Final

import pikepdf
from pikepdf import Array, Dictionary

from forms.official.nodes import child, entries, integer, items, keyed, text

__all__ = ["bare", "harmless", "other_annotations"]

_KEPT: Final = frozenset(
    {
        *("/Type", "/Version", "/Pages", "/PageLabels", "/Names", "/Dests", "/Outlines", "/PageLayout"),
        *("/Lang", "/StructTreeRoot", "/MarkInfo", "/OutputIntents", "/OCProperties", "/AcroForm", "/Extensions"),
    }
)
_PAGE_KEYS: Final = ("/AA", "/Metadata", "/PieceInfo", "/Thumb", "/LastModified", "/AF", "/PresSteps", "/B")
_FORM_KEYS: Final = ("/XFA", "/CO", "/SigFlags", "/NeedAppearances")
_CARRIERS: Final = frozenset(
    {"FileAttachment", "Movie", "Screen", "Sound", "3D", "RichMedia", "Projection", "TrapNet", "Popup"}
)
_MOST: Final = 5000


def bare(file: pikepdf.Pdf) -> None:
    """Take from a document what no paper needs; its pages, bookmarks and structure stay.

    Gone are its second form in XFA, the signature of its permissions, scripts, files, names of authors and programs.
    """
    root = file.Root
    _drop(root, tuple(name for name in entries(root) if name not in _KEPT))
    _drop(file.trailer, ("/Info", "/ID"))
    names = child(root, "/Names", Dictionary)
    if names is not None:
        targets = keyed(names, "/Dests")
        del root["/Names"]
        if isinstance(targets, Dictionary):
            root.Names = Dictionary(Dests=targets)
    form = child(root, "/AcroForm", Dictionary)
    if form is not None:
        _drop(form, _FORM_KEYS)
        resources = child(form, "/DR", Dictionary)
        if resources is not None:
            _drop(resources, ("/JS",))
    outlines = child(root, "/Outlines", Dictionary)
    if outlines is not None and not _plain_outlines(outlines):
        del root["/Outlines"]
    for page in file.pages:
        _drop(page.obj, _PAGE_KEYS)


def harmless(annotation: pikepdf.Object) -> bool:
    """Take the actions and files of an annotation away; says whether what is left may stay."""
    _drop(annotation, ("/AA", "/PA", "/Popup", "/IRT", "/AF", "/FS"))
    action = keyed(annotation, "/A")
    if action is not None and not _stays(action):
        del annotation["/A"]
    return text(keyed(annotation, "/Subtype")) not in _CARRIERS


def _stays(action: object) -> bool:
    """Only a jump within the document is harmless, and only alone."""
    return isinstance(action, Dictionary) and text(keyed(action, "/S")) == "GoTo" and keyed(action, "/Next") is None


def _plain_outlines(outlines: pikepdf.Object) -> bool:
    """Clear the actions of the bookmarks; says whether their tree has an end."""
    waiting = [keyed(outlines, "/First")]
    seen: set[tuple[int, int]] = set()
    while waiting:
        entry = waiting.pop()
        while isinstance(entry, Dictionary):
            if entry.objgen in seen or len(seen) > _MOST:
                return False
            seen.add(entry.objgen)
            _drop(entry, ("/AA",))
            action = keyed(entry, "/A")
            if action is not None and not _stays(action):
                del entry["/A"]
            waiting.append(keyed(entry, "/First"))
            entry = keyed(entry, "/Next")
    return True


def _drop(holder: pikepdf.Object, keys: tuple[str, ...]) -> None:
    for key in keys:
        # A name without letters cannot be deleted, and means nothing to any reader.
        if key != "/" and key in holder:
            del holder[key]


def other_annotations(page: pikepdf.Object) -> list[pikepdf.Object]:
    """The annotations of a page that are no widgets and may stay, their actions gone."""
    kept = []
    for annotation in items(child(page, "/Annots", Array), _MOST):
        if text(keyed(annotation, "/Subtype")) == "Widget":
            continue
        if harmless(annotation) and not integer(keyed(annotation, "/F")) & 2:
            kept.append(annotation)
    return kept
