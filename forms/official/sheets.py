# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the appearances of fields go: into the pages of a flat document, or into fields that can still be changed."""

import copy
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Final, Protocol

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from forms.official.answers import Answer
from forms.official.fields import Spot
from forms.official.nodes import boxed, child, inherited, items, keyed, lineage, numbers, raw_name
from forms.official.scrub import bare, harmless, other_annotations
from forms.text import A4, Box, Canvas
from forms.text.page import number

__all__ = ["Fillable", "Flat", "Sheets", "is_on", "sheet_box", "shown", "shown_box"]

_TURNS: Final = {0: (1, 0, 0, 1, 0, 0), 90: (0, 1, -1, 0, 0, 0), 180: (-1, 0, 0, -1, 0, 0), 270: (0, -1, 1, 0, 0, 0)}
_CONTENT_OF_FIELDS: Final = ("/Parent", "/AA", "/A", "/AP", "/V", "/DV", "/RV", "/Kids", "/Opt")


class Sheets(Protocol):
    """What both ways to keep appearances can do."""

    def draw(self, spot: Spot) -> AbstractContextManager[Box]:
        """Draw what a field shows; gives the box to draw in."""

    def leave(self, spot: Spot) -> None:
        """Keep what a field shows."""

    def untick(self, spot: Spot) -> None:
        """Show a box without its tick."""

    def underlay(self, spot: Spot) -> None:
        """Show the empty box behind a tick of ours."""

    def keep_tick(self, spot: Spot, own: tuple[bytes, Stream]) -> None:
        """Tick a box with the sign the form brings along."""

    def over(self, page: int) -> AbstractContextManager[None]:
        """Draw on a page itself, in its own coordinates."""

    def finish(self, spots: Sequence[Spot], answers: Mapping[str, Answer], annex: Sequence[int]) -> None:
        """Put everything in its place in the document, and take out what must not stay."""


def is_on(spot: Spot) -> bool:
    """Whether a box is ticked in the file."""
    return raw_name(keyed(spot.chain[0], "/AS")) not in {b"", b"Off"}


def shown(spot: Spot) -> Stream | None:
    """The appearance a field has in the file, in its present state."""
    appearance = child(spot.chain[0], "/AP", Dictionary)
    normal = keyed(appearance, "/N") if appearance is not None else None
    if isinstance(normal, Stream):
        return normal
    return spot.looks.get(raw_name(keyed(spot.chain[0], "/AS")) or b"Off")


def sheet_box(page: pikepdf.Object) -> Box:
    """The MediaBox of a page, which it may inherit; a sheet of A4 when it has none."""
    return boxed(inherited(lineage(page), "/MediaBox")) or Box(0, 0, *A4)


def shown_box(page: pikepdf.Object) -> Box:
    """The part of a page that is shown: its CropBox, which it may inherit, within its MediaBox."""
    sheet, cut = sheet_box(page), boxed(inherited(lineage(page), "/CropBox"))
    if cut is None:
        return sheet
    left, low = max(sheet.x0, cut.x0), max(sheet.y0, cut.y0)
    right, high = min(sheet.x1, cut.x1), min(sheet.y1, cut.y1)
    return Box(left, low, right, high) if right > left and high > low else sheet


class Flat:
    """Appearances become part of the pages; no field is left."""

    def __init__(self, file: pikepdf.Pdf, canvas: Canvas) -> None:
        self._file = file
        self._canvas = canvas
        self._kept: list[list[tuple[Stream, Box]]] = [[] for _ in file.pages]
        self._drawn: set[int] = set()
        for page in file.pages:
            box = sheet_box(page.obj)
            canvas.add_page(box.width, box.height)

    @contextmanager
    def draw(self, spot: Spot) -> Iterator[Box]:
        """Draw on the page of a field."""
        page, box = spot.widget.page, spot.widget.box
        assert box is not None
        self._drawn.add(page)
        self._canvas.turn_to(page)
        with self._canvas.turned(box, spot.widget.turn) as place:
            yield place

    @contextmanager
    def over(self, page: int) -> Iterator[None]:
        """Draw on a page of the canvas, which is that of the document."""
        self._drawn.add(page)
        self._canvas.turn_to(page)
        yield

    def leave(self, spot: Spot) -> None:
        """The appearance of the file becomes part of the page."""
        self._keep(spot, shown(spot))

    def untick(self, spot: Spot) -> None:
        """Its empty box, when it has one."""
        self._keep(spot, spot.looks.get(b"Off"))

    underlay = untick

    def keep_tick(self, spot: Spot, own: tuple[bytes, Stream]) -> None:
        """Its own sign becomes part of the page."""
        self._keep(spot, own[1])

    def _keep(self, spot: Spot, appearance: Stream | None) -> None:
        if appearance is not None and spot.widget.box is not None:
            self._kept[spot.widget.page].append((appearance, spot.widget.box))

    def finish(self, spots: Sequence[Spot], answers: Mapping[str, Answer], annex: Sequence[int]) -> None:
        """Write the pages anew, without any field."""
        del spots, answers
        layers = self._canvas.layers(self._file)
        bare(self._file)
        if "/AcroForm" in self._file.Root:
            del self._file.Root["/AcroForm"]
        for index, page in enumerate(self._file.pages):
            self._without_fields(page.obj)
            pieces = [(stream, _fitted(stream, box)) for stream, box in self._kept[index]]
            if index in self._drawn:
                layer = layers[index]
                box = sheet_box(page.obj)
                layer.BBox = Array([box.x0, box.y0, box.x1, box.y1])
                pieces.append((layer, (1, 0, 0, 1, 0, 0)))
            _lay(self._file, page, [piece for piece in pieces if piece[1] is not None])
        _append(self._file, [layers[index] for index in annex])

    def _without_fields(self, page: pikepdf.Object) -> None:
        annotations = child(page, "/Annots", Array)
        if annotations is None:
            if "/Annots" in page:
                del page["/Annots"]
            return
        tagged = "/StructTreeRoot" in self._file.Root
        for entry in annotations if tagged else ():
            # The structure of a tagged page still points at its fields: it finds them empty.
            if isinstance(entry, Dictionary) and raw_name(keyed(entry, "/Subtype")) == b"Widget":
                for key in _CONTENT_OF_FIELDS:
                    if key in entry:
                        del entry[key]
        kept = other_annotations(page)
        if kept:
            page.Annots = Array(kept)
        else:
            del page["/Annots"]


class Fillable:
    """Each field keeps its value and gets an appearance of ours."""

    def __init__(self, file: pikepdf.Pdf, canvas: Canvas) -> None:
        self._file = file
        self._canvas = canvas
        self._drawn: list[tuple[Spot, int]] = []
        self._ticked: list[tuple[Spot, tuple[bytes, Stream]]] = []
        self._over: dict[int, int] = {}

    @contextmanager
    def draw(self, spot: Spot) -> Iterator[Box]:
        """Draw an appearance of its own for a field."""
        box = spot.widget.box
        assert box is not None
        along = spot.widget.turn % 180 == 0
        width, height = (box.width, box.height) if along else (box.height, box.width)
        self._drawn.append((spot, self._canvas.add_page(width, height)))
        yield Box(0, 0, width, height)

    @contextmanager
    def over(self, page: int) -> Iterator[None]:
        """Draw on a page of the canvas that will lie over one of the document."""
        box = sheet_box(self._file.pages[page].obj)
        self._over[page] = self._canvas.add_page(box.width, box.height)
        yield

    def leave(self, spot: Spot) -> None:
        """The field stays as it is."""

    def untick(self, spot: Spot) -> None:
        """Its state says that it is off."""
        spot.annotation.AS = Name.Off

    def underlay(self, spot: Spot) -> None:
        """The state of the box replaces its empty one: nothing to do."""

    def keep_tick(self, spot: Spot, own: tuple[bytes, Stream]) -> None:
        """Its state says that it is on."""
        self._ticked.append((spot, own))

    def finish(self, spots: Sequence[Spot], answers: Mapping[str, Answer], annex: Sequence[int]) -> None:
        """Give the fields their values and appearances."""
        layers = self._canvas.layers(self._file)
        bare(self._file)
        for spot, index in self._drawn:
            layer = layers[index]
            layer.Matrix = Array(list(_TURNS[spot.widget.turn]))
            if spot.widget.state:
                self._on(spot, layer)
            else:
                spot.annotation.AP = Dictionary(N=layer)
        for spot, (_, stream) in self._ticked:
            self._on(spot, stream)
        done: set[tuple[int, int]] = set()
        for spot in spots:
            self._settle(spot, answers.get(spot.name), done)
        self._form(spots)
        for index, drawn in self._over.items():
            page = self._file.pages[index]
            box = sheet_box(page.obj)
            layers[drawn].BBox = Array([box.x0, box.y0, box.x1, box.y1])
            _lay(self._file, page, [(layers[drawn], _TURNS[0])])
        for page in self._file.pages:
            annotations = child(page.obj, "/Annots", Array)
            if annotations is not None:
                page.obj.Annots = Array([each for each in items(annotations, len(annotations)) if harmless(each)])
        _append(self._file, [layers[index] for index in annex])

    def _on(self, spot: Spot, stream: Stream) -> None:
        """Tick a box; a state whose name is no text of today gets one that every reader can read."""
        found = spot.looks
        raw = next((raw for raw in found if raw != b"Off"), spot.widget.state.encode())
        name = _state_name(raw)
        off = found.get(b"Off") or _empty(self._file, spot)
        spot.annotation.AP = Dictionary({"/N": Dictionary({name: stream, "/Off": off})})
        spot.annotation.AS = Name(name)

    def _settle(self, spot: Spot, wanted: Answer | None, done: set[tuple[int, int]]) -> None:
        """Write the value of a field, and take its scripts away."""
        _silence(spot, done)
        holder = next((node for node in spot.nodes if keyed(node, "/FT") is not None), spot.nodes[0])
        kind = raw_name(inherited(spot.chain, "/FT"))
        if kind == b"Sig" and "/V" in holder:
            del holder["/V"]  # what was signed is another document now
        if wanted is None or wanted.refused:
            return
        if kind == b"Tx":
            holder.V = pikepdf.String(wanted.text if wanted.reason else wanted.text + wanted.rest)
        elif kind == b"Ch":
            _choose(holder, [option.export for option in wanted.chosen])
        elif spot.widget.state in wanted.ticked and "/AS" in spot.annotation:
            holder.V = spot.annotation.AS
        elif not wanted.ticked:
            holder.V = Name.Off

    def _form(self, spots: Sequence[Spot]) -> None:
        """The dictionary of the whole form, made when the file has lost it."""
        form = child(self._file.Root, "/AcroForm", Dictionary)
        if form is None:
            form = self._file.make_indirect(Dictionary())
            self._file.Root.AcroForm = form
        listed = [node for node in child(form, "/Fields", Array) or () if isinstance(node, Dictionary)]
        known = {node.objgen for node in listed}
        roots = {spot.nodes[-1].objgen: spot.nodes[-1] for spot in spots if spot.nodes[-1].objgen != (0, 0)}
        form.Fields = Array([*listed, *(node for mark, node in roots.items() if mark not in known)])
        if "/DA" not in form:
            form.DA = pikepdf.String("/Helv 0 Tf 0 g")
        if child(form, "/DR", Dictionary) is None:
            helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            form.DR = Dictionary(Font=Dictionary(Helv=self._file.make_indirect(helvetica)))


def _silence(spot: Spot, done: set[tuple[int, int]]) -> None:
    """Take the scripts and actions of a field away, and the formatted twin of its text."""
    for node in spot.nodes:
        if node.objgen in done and node.objgen != (0, 0):
            continue
        done.add(node.objgen)
        for key in ("/AA", "/A", "/RV", "/Lock", "/SV"):
            if key in node:
                del node[key]


def _choose(holder: pikepdf.Object, exports: Sequence[str]) -> None:
    values = [pikepdf.String(export) for export in exports]
    holder.V = Array(values) if len(values) > 1 else (values or [pikepdf.String("")])[0]
    if "/I" in holder:
        del holder["/I"]


def _state_name(raw: bytes) -> str:
    plain = re.fullmatch(rb"[A-Za-z0-9_.\-]{1,100}", raw)
    return f"/{raw.decode('ascii')}" if plain else f"/Etat_{raw.hex()[:60] or 'vide'}"


def _empty(file: pikepdf.Pdf, spot: Spot) -> Stream:
    box = spot.widget.box or Box(0, 0, 1, 1)
    made = Stream(file, b"")
    made.Type = Name.XObject
    made.Subtype = Name.Form
    made.BBox = Array([0, 0, box.width, box.height])
    return made


def _fitted(stream: Stream, box: Box) -> tuple[float, ...] | None:
    """The matrix that puts an appearance into the rectangle of its field (PDF 32000-1, 12.5.5)."""
    frame = boxed(keyed(stream, "/BBox"))
    if frame is None:
        return None
    matrix = numbers(keyed(stream, "/Matrix"))
    a, b, c, d, e, f = matrix if len(matrix) == 6 else (1, 0, 0, 1, 0, 0)
    corners = [
        (a * x + c * y + e, b * x + d * y + f) for x, y in itertools.product((frame.x0, frame.x1), (frame.y0, frame.y1))
    ]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    low, high = min(y for _, y in corners), max(y for _, y in corners)
    if right - left < 1e-6 or high - low < 1e-6:
        return None
    across, up = box.width / (right - left), box.height / (high - low)
    return (across, 0, 0, up, box.x0 - left * across, box.y0 - low * up)


def _lay(file: pikepdf.Pdf, page: pikepdf.Page, pieces: Sequence[tuple[Stream, tuple[float, ...] | None]]) -> None:
    """Show forms on top of a page, whatever state its own commands leave behind."""
    if not pieces:
        return
    found = inherited(lineage(page.obj), "/Resources")
    resources = copy.copy(found) if isinstance(found, Dictionary) else Dictionary()
    known = keyed(resources, "/XObject")
    objects = copy.copy(known) if isinstance(known, Dictionary) else Dictionary()
    commands = ["Q"]
    free = (name for count in itertools.count() if (name := f"/HroField{count}") not in objects)
    for (stream, matrix), name in zip(pieces, free, strict=False):
        stream.Subtype = Name.Form
        objects[name] = stream
        commands.append(f"q {' '.join(number(part) for part in matrix or ())} cm {name} Do Q")
    resources.XObject = objects
    page.obj.Resources = resources
    before, after = Stream(file, b"q"), Stream(file, "\n".join(commands).encode())
    old = keyed(page.obj, "/Contents")
    parts = [old] if isinstance(old, Stream) else []
    if isinstance(old, Array):
        parts = [part for part in old if isinstance(part, Stream)]
    balance = sum(_open_states(part) for part in parts)
    if balance > 0:  # commands that never give back the state they changed
        after = Stream(file, b"Q " * min(balance, 500) + "\n".join(commands).encode())
    page.obj.Contents = Array([before, *parts, after])


# The letter first and what stands around it after: the search then skips everything else at once.
_STATE: Final = re.compile(rb"[qQ](?<![^\s\]>)].)(?![^\s\[</(])")


def _open_states(part: Stream) -> int:
    """How many saved states a content stream leaves open."""
    try:
        data = part.read_bytes()
    except (pikepdf.PdfError, ValueError, NotImplementedError):
        return 0
    if len(data) > 5_000_000:
        return 0
    found = _STATE.findall(bytes(data))
    return found.count(b"q") - found.count(b"Q")


def _append(file: pikepdf.Pdf, layers: Sequence[Stream]) -> None:
    """Pages of ours behind those of the form."""
    for layer in layers:
        leaf = Dictionary(
            Type=Name.Page,
            MediaBox=layer.BBox,
            Resources=Dictionary(XObject=Dictionary(Suite=layer)),
            Contents=Stream(file, b"/Suite Do"),
        )
        file.pages.append(pikepdf.Page(file.make_indirect(leaf)))
