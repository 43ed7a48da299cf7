# SPDX-License-Identifier: GPL-3.0-or-later
"""A filled form read again: its structure, its text, and the ink on its pages, to prove what is really there."""

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import attrs
import pikepdf
import pypdfium2
from PIL import Image, ImageChops, ImageDraw

from forms.official.annex import MARK_HEIGHT
from forms.official.boxes import box_fields, box_spots
from forms.official.fields import described, opened, walk
from forms.official.fill import fill
from forms.official.nodes import page_turn
from forms.official.outcome import Outcome
from forms.official.scrub import bare
from forms.official.shape import OfficialField, PdfForm, Widget
from forms.official.sheets import shown_box
from forms.overlay import Placement
from forms.preview import PDFIUM
from forms.problems import FormError
from forms.text import Box

__all__ = ["Proof", "Reading", "readback"]

_DPI: Final = 100
_MOST_PIXELS: Final = 12_000_000
_FAINT: Final = 24
"""Difference of grey from which a pixel counts as ink that was added."""
_SPECK: Final = 3
"""Pixels of ink below which nothing is there: a full stop has more."""
_HEAD: Final = (MARK_HEIGHT + 5) * _DPI // 72
"""Pixels at the head of a page where a mark stands."""
_MARGIN: Final = 1.5
"""Points around a field that still belong to it: a letter may touch its frame."""

Seen = Literal["visible", "partly", "not", "empty"]


@attrs.frozen
class Proof:
    """What a field shows in the finished file.

    Args:
        field: its name.
        seen: `visible`: its value stands in its place; `partly`: some of it; `not`: none of it; `empty`: nothing was
            to be written there.
        ink: pixels that were added in its places.
        reason: why it is not `visible`: `no_ink`, `text`, `value`, or the status of its outcome.
    """

    field: str
    seen: Seen
    ink: int = 0
    reason: str = ""


@attrs.frozen
class Reading:
    """A finished file, read again.

    Args:
        proofs: of each field, in the order of the form.
        flat: no field is left.
        spill: pixels of ink that were added outside all fields, by page from 0; pages without any are left out.
        leftovers: what must not be in the file and is: `xfa`, `script`, `file`, `action`.
    """

    proofs: tuple[Proof, ...]
    flat: bool
    spill: Mapping[int, int]
    leftovers: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether every field with a value shows, nothing stands beside a field, and nothing hostile is left."""
        good = all(proof.seen in {"visible", "empty"} for proof in self.proofs)
        return good and not self.spill and not self.leftovers


def readback(
    blank: bytes,
    finished: bytes,
    outcomes: Sequence[Outcome],
    texts: Mapping[str, str],
    boxes: Sequence[Placement] = (),
    *,
    marked: bool = False,
) -> Reading:
    """Read a filled form again, beside the blank one.

    Args:
        blank: the form before.
        finished: what was made of it.
        outcomes: what is said to have become of the fields.
        texts: by field what should stand there; of a box or a choice, anything that is not empty.
        boxes: where values were written that have no field of their own.
        marked: each page has a mark at its head, which stands in no field.

    Raises:
        FormError: `official.password`, `official.unreadable`.
    """
    with opened(blank) as file:
        form = described(file, walk(file), str)
        form = attrs.evolve(form, fields=(*form.fields, *box_fields(box_spots(file, boxes))))
        sheets = [(shown_box(page.obj), page_turn(page.obj)) for page in file.pages]
        before = _inkless(file)
    with opened(finished) as file:
        left = walk(file)
        held = [_held(field) for field in described(file, left, str).fields]
        leftovers = _leftovers(file)
    told = {outcome.field: outcome for outcome in outcomes}
    inks: dict[str, int] = {}
    spill: dict[int, int] = {}
    words = ""
    unticked = _unticked(blank, form, texts)
    shown = _by_page(form)
    with PDFIUM, _document(before) as old, _document(finished) as new, _document(unticked or before) as empty:
        if len(left):
            new.init_forms()
        for number in range(min(len(old), len(new))):
            made = _picture(new[number])
            added = _added(_picture(old[number]), made)
            ticked = _added(_picture(empty[number]), made) if unticked else added
            if marked:
                ImageDraw.Draw(added).rectangle((0, 0, added.width, _HEAD), fill=0)
            words += new[number].get_textpage().get_text_bounded()
            over = _count((added, ticked), shown.get(number, ()), sheets[number], inks)
            if over > _SPECK:
                spill[number] = over
        for number in range(len(old), len(new)):
            words += new[number].get_textpage().get_text_bounded()
    said = _letters(words) + "".join(_letters(value) for value in held)
    proofs = [
        _proof(field, told.get(field.name), inks.get(field.name, 0), texts.get(field.name, ""), said)
        for field in form.fields
    ]
    return Reading(tuple(proofs), not left, spill, tuple(leftovers))


def _document(pdf: bytes) -> Any:  # noqa: ANN401 - of pypdfium2
    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        raise FormError(
            "official.unreadable", "Le PDF rempli ne peut pas être relu\u00a0: recommencez avec le formulaire vierge."
        ) from None


def _inkless(file: pikepdf.Pdf) -> bytes:
    """The blank form without what its fields show: all ink in their places is then the program’s."""
    for page in file.pages:
        if "/Annots" in page.obj:
            del page.obj["/Annots"]
    bare(file)
    target = io.BytesIO()
    file.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def _unticked(blank: bytes, form: PdfForm, texts: Mapping[str, str]) -> bytes:
    """The form with its boxes empty, when one was to be ticked: the frame that a box draws is no tick."""
    ticks = [field for field in form.fields if field.ticks and texts.get(field.name)]
    return fill(blank, {field.name: False for field in ticks if field.widgets}).pdf if ticks else b""


def _picture(page: Any) -> Image.Image:  # noqa: ANN401 - of pypdfium2
    width, height = page.get_size()
    scale = min(_DPI / 72, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
    shown: Image.Image = page.render(scale=scale).to_pil().convert("L")
    return shown


def _added(first: Image.Image, second: Image.Image) -> Image.Image:
    """A picture of the ink that the second page has and the first has not: white on black."""
    if first.size != second.size:
        first = first.resize(second.size)
    return ImageChops.difference(first, second).point(lambda value: 255 if value > _FAINT else 0)


def _by_page(form: PdfForm) -> dict[int, list[tuple[OfficialField, Widget]]]:
    """The places where fields show, by the index of their page."""
    found: dict[int, list[tuple[OfficialField, Widget]]] = {}
    for field in form.fields:
        for widget in field.widgets:
            if widget.box is not None:
                found.setdefault(widget.page, []).append((field, widget))
    return found


def _count(
    pictures: tuple[Image.Image, Image.Image],
    shown: Sequence[tuple[OfficialField, Widget]],
    sheet: tuple[Box, int],
    inks: dict[str, int],
) -> int:
    """Count the ink in each field of a page, in its boxes that of ticks alone; returns what is left outside all."""
    added, ticked = pictures
    outside = added.copy()
    brush = ImageDraw.Draw(outside)
    for field, widget in shown:
        area = _pixels(widget, sheet, added.size)
        if area[0] >= area[2] or area[1] >= area[3]:
            continue  # beside the page
        seen = ticked if field.ticks else added
        inks[field.name] = inks.get(field.name, 0) + seen.crop(area).histogram()[255]
        brush.rectangle(area, fill=0)
    return outside.histogram()[255]


def _pixels(widget: Widget, sheet: tuple[Box, int], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Where a field is in the picture of its page, a little widened."""
    frame, turn = sheet
    box = widget.box
    assert box is not None
    x0, x1 = box.x0 - frame.x0 - _MARGIN, box.x1 - frame.x0 + _MARGIN
    y0, y1 = box.y0 - frame.y0 - _MARGIN, box.y1 - frame.y0 + _MARGIN
    wide, high = frame.width, frame.height
    left, top, right, low = {
        0: (x0, high - y1, x1, high - y0),
        90: (y0, x0, y1, x1),
        180: (wide - x1, y0, wide - x0, y1),
        270: (high - y1, wide - x1, high - y0, wide - x0),
    }[turn]
    shown = (wide, high) if turn % 180 == 0 else (high, wide)
    across, down = size[0] / shown[0], size[1] / shown[1]
    return (
        max(int(left * across), 0),
        max(int(top * down), 0),
        min(int(right * across) + 1, size[0]),
        min(int(low * down) + 1, size[1]),
    )


def _held(field: OfficialField) -> str:
    """The value a field keeps in the file, as it is shown."""
    chosen = field.value.split("\n")
    return " ".join([field.value, *(option.label for option in field.options if option.export in chosen)])


def _letters(text: str) -> str:
    """What a text says, spaces and invisible signs left out: readers put their own between letters."""
    return "".join(character for character in text if character.isalnum())


def _proof(field: OfficialField, told: Outcome | None, ink: int, text: str, said: str) -> Proof:
    if told is None or told.status == "kept":
        return Proof(field.name, "empty", ink)
    if told.status == "refused":
        return Proof(field.name, "not", ink, "refused")
    if not text:
        return Proof(field.name, "empty" if not field.ticks or ink <= _SPECK else "visible", ink)
    if ink <= _SPECK:
        return Proof(field.name, "not", ink, "no_ink")
    if told.status in {"overflow", "no_glyph"}:
        return Proof(field.name, "partly", ink, told.status)
    if field.ticks:
        return Proof(field.name, "visible", ink)
    # A reader takes the lines of two fields beside each other in turns: then the words are there one by one.
    whole = _letters(text) in said or all(_letters(word) in said for word in text.split())
    return Proof(field.name, "visible", ink) if whole else Proof(field.name, "partly", ink, "text")


_FORBIDDEN: Final = {"/XFA": "xfa", "/JS": "script", "/EmbeddedFiles": "file", "/EF": "file", "/OpenAction": "action"}
_ACTIONS: Final = frozenset({"/JavaScript", "/Launch", "/URI", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE"})


def _leftovers(file: pikepdf.Pdf) -> list[str]:
    """What a file of ours must not hold, wherever it is: in each object, and in what is written inside it."""
    found: dict[str, None] = {}
    for thing in file.objects:
        waiting: list[object] = [thing]
        while waiting:
            each = waiting.pop()
            if isinstance(each, pikepdf.Array):
                waiting += [inner for inner in each if _inside(inner)]
            elif isinstance(each, pikepdf.Dictionary):
                for key, value in each.items():
                    if key in _FORBIDDEN:
                        found[_FORBIDDEN[key]] = None
                    elif key == "/S" and isinstance(value, pikepdf.Name) and _spelled(value) in _ACTIONS:
                        found["action"] = None
                    elif _inside(value):
                        waiting.append(value)
    return list(found)


def _inside(value: object) -> bool:
    """Whether something is written where it stands, and not an object of its own that is looked at anyway."""
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and value.objgen == (0, 0)


def _spelled(name: pikepdf.Name) -> str:
    return name.unparse().decode("latin-1")
