# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of an exhibit that is a PDF: only what prints is taken over.

A page is copied by a list of what may come along (its size, its content, what its content draws with). Scripts,
actions, links, attached files, forms, outlines, structure and descriptions are not on the list. What shows of fields
and remarks is drawn over the page. Each page becomes one drawing (a form XObject): nothing its content does to the
graphics state can move or hide the stamp that is put over it.
"""

import io
import re
from collections.abc import Iterator, Sequence
from typing import Final

import attrs
import pikepdf
from pikepdf import Array, Dictionary, Object, Stream

from forms.binding.assembly import Assembly, number_text, reference
from forms.binding.copying import Copier
from forms.binding.marks import Marks, groups, hidden_layers, numbers, rectangle
from forms.text import Canvas

__all__ = ["Layers", "Leaf", "adopt", "copy_pages"]

# Which of qpdf's many remarks mean that something may be missing.
_REPAIR: Final = re.compile("damaged|reconstruct|recover")
_DEFAULT_BOX: Final = (0.0, 0.0, 612.0, 792.0)  # what readers take when a file gives none


@attrs.frozen
class Leaf:
    """One page of the bundle before its number is known.

    Args:
        box: left, bottom, right, top of what is visible, in the units of the page.
        operators: draws the page.
        drawings: the XObjects the operators name, by their object numbers.
        rotate: clockwise turn for reading, 0, 90, 180 or 270.
        unit: size of the unit of the page, in points.
        extra: further entries of the page dictionary.
        full: its content may reach the edges, where the stamp and the page number go.
    """

    box: tuple[float, float, float, float]
    operators: bytes
    drawings: dict[str, int]
    rotate: int = 0
    unit: float = 1.0
    extra: bytes = b""
    full: bool = False


@attrs.define
class Layers:
    """The optional content (layers) of all sources: without its states, hidden layers would appear."""

    known: list[int] = attrs.field(factory=list)
    hidden: list[int] = attrs.field(factory=list)

    def note(self, source: pikepdf.Pdf, copier: Copier) -> None:
        """Remember the layers of a source that came along, and which of them are hidden."""
        properties = source.Root.get("/OCProperties")
        if isinstance(properties, Dictionary):
            hidden = hidden_layers(source)
            for place in groups(properties.get("/OCGs")):
                number = copier.taken(place)
                if number is not None:
                    self.known.append(number)
                    if place in hidden:
                        self.hidden.append(number)

    def entry(self) -> bytes:
        """What the catalogue says about them; nothing when there are none."""
        if not self.known:
            return b""
        names = [b" ".join(map(reference, numbers)) for numbers in (self.known, self.hidden)]
        return b"/OCProperties << /OCGs [%b] /D << /OFF [%b] >> >>" % (names[0], names[1])


def copy_pages(source: pikepdf.Pdf, target: Assembly, layers: Layers) -> tuple[list[Leaf], frozenset[str]]:
    """Take all pages of a PDF over.

    Args:
        source: an open PDF.
        target: receives the objects.
        layers: receives the states of the source's layers.

    Returns:
        the pages, and what was noticed: `incomplete` content, a `signed` document, a `dynamic` form (its pages exist
        only inside the program that made it), a `repaired` structure.

    Raises:
        pikepdf.PdfError: the pages cannot be found.
    """
    kinds = set(_noticed(source))
    copier = Copier(source, target)
    marks = Marks(source, copier, target)
    seen: dict[tuple[object, ...], int] = {}
    leaves = []
    for page in source.pages:
        leaf = _leaf(page.obj, copier, target, seen)
        operators, drawings = marks.of(page.obj)
        if drawings:
            joined = b"\n".join(part for part in (leaf.operators, operators) if part)
            leaf = attrs.evolve(leaf, operators=joined, drawings=leaf.drawings | drawings)
        leaves.append(leaf)
    copier.flush()
    if marks.canvas is not None:
        adopt(marks.canvas, target, marks.drawn)
    layers.note(source, copier)
    if copier.damaged:
        kinds.add("incomplete")
    if any(_REPAIR.search(warning) for warning in source.get_warnings()):
        kinds.add("repaired")
    return leaves, frozenset(kinds)


def adopt(canvas: Canvas, target: Assembly, numbers: Sequence[int]) -> None:
    """Write the pages of a canvas as drawings, under numbers reserved for them."""
    with pikepdf.open(io.BytesIO(canvas.finish())) as source:
        copier = Copier(source, target)
        for page, number in zip(source.pages, numbers, strict=True):
            _draw(_contents(page.obj), _form(page.obj, _visible(page.obj), copier), copier, target, number)
        copier.flush()


def _noticed(source: pikepdf.Pdf) -> Iterator[str]:
    root = source.Root
    if bool(root.get("/NeedsRendering", False)):
        yield "dynamic"
    form = root.get("/AcroForm")
    if isinstance(form, Dictionary) and isinstance(form.get("/SigFlags"), int) and int(form.SigFlags) & 1:
        yield "signed"


def _leaf(page: Object, copier: Copier, target: Assembly, seen: dict[tuple[object, ...], int]) -> Leaf:
    """Make one page a drawing. Pages that share content and resources share the drawing."""
    box = _visible(page)
    group = page.get("/Group")
    extra = b"/Group " + copier.text(group) if isinstance(group, Dictionary) else b""
    leaf = Leaf(box, b"", {}, _rotation(page), _unit(page), extra, full=True)
    parts = _contents(page)
    if not parts:
        return leaf
    entries = _form(page, box, copier)
    key = (*(part.objgen for part in parts), entries)
    if key not in seen:
        seen[key] = _draw(parts, entries, copier, target)
    return attrs.evolve(leaf, operators=b"/X Do", drawings={"X": seen[key]})


def _form(page: Object, box: tuple[float, float, float, float], copier: Copier) -> bytes:
    """The dictionary entries that make the content of a page a drawing."""
    resources = page.get("/Resources")
    return b"/Type /XObject /Subtype /Form /BBox [%b] /Resources %b" % (
        b" ".join(map(number_text, box)),
        copier.text(resources) if isinstance(resources, Dictionary) else b"<< >>",
    )


def _draw(parts: Sequence[Stream], entries: bytes, copier: Copier, target: Assembly, number: int | None = None) -> int:
    """Write the content of a page as a drawing: as it is when in one piece, else joined."""
    if len(parts) == 1:
        own = parts[0].stream_dict
        for key in ("/Filter", "/DecodeParms"):
            value = own.get(key)
            if value is not None:
                entries += b" %b %b" % (key.encode("ascii"), copier.text(value))
        return target.stream(entries, copier.raw(parts[0]), number)
    pieces = []
    for part in parts:
        try:
            pieces.append(part.read_bytes())
        except pikepdf.PdfError:
            copier.damaged = True
    return target.stream(entries, b"\n".join(pieces), number, pack=True)


def _contents(page: Object) -> list[Stream]:
    contents = page.get("/Contents")
    if isinstance(contents, Stream):
        return [contents]
    if isinstance(contents, Array):
        return [part for part in contents if isinstance(part, Stream)]
    return []


def _visible(page: Object) -> tuple[float, float, float, float]:
    """What of the page a reader shows: the crop box inside the media box."""
    media = _box(page.get("/MediaBox")) or _DEFAULT_BOX
    crop = _box(page.get("/CropBox"))
    if crop is None:
        return media
    cut = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
    return cut if cut[2] - cut[0] >= 1 and cut[3] - cut[1] >= 1 else media


def _box(value: Object | None) -> tuple[float, float, float, float] | None:
    """A box of the page that is large enough to be one."""
    box = rectangle(value)
    return box if box is not None and box[2] - box[0] >= 1 and box[3] - box[1] >= 1 else None


def _rotation(page: Object) -> int:
    turn = numbers(Array([page.get("/Rotate", 0)]))
    return int(turn[0]) % 360 if turn and turn[0] % 90 == 0 else 0


def _unit(page: Object) -> float:
    unit = numbers(Array([page.get("/UserUnit", 1)]))
    return unit[0] if unit and 0 < unit[0] <= 75_000 else 1.0
