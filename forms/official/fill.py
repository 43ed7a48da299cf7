# SPDX-License-Identifier: GPL-3.0-or-later
"""An official PDF filled as it is: every value drawn by our text engine, every field accounted for.

The result is flat unless somebody asks for fields that can still be changed. Nothing of the blank form is trusted:
its scripts, actions, files and second form in XFA stay behind.
"""

import io
import warnings
from collections.abc import Mapping, Sequence
from typing import Final

import attrs
import pikepdf
from pikepdf import Dictionary

from forms.official.annex import MARK, MARK_HEIGHT, Annex
from forms.official.answers import Answer, Value, answer
from forms.official.boxes import box_fields, box_spots
from forms.official.drawing import Place, Sizes, cut, draw_list, draw_tick, draw_value, frame
from forms.official.fields import Spot, described, opened, shown_text, walk
from forms.official.look import Look, Looks, unit_of
from forms.official.nodes import child, page_turn
from forms.official.outcome import Outcome, Status, worst
from forms.official.shape import OfficialField, PdfForm
from forms.official.sheets import Fillable, Flat, Sheets, is_on, shown, shown_box
from forms.official.ticks import own_tick
from forms.overlay import Placement
from forms.problems import FormError
from forms.text import Box, Canvas, Placed, Style

__all__ = ["Made", "fill"]

_SMALLEST: Final = 7.0


@attrs.frozen
class Made:
    """A filled form.

    Args:
        pdf: the document.
        outcomes: what became of each field, those without a value too, in the order of the pages; then of each value
            for which there is no field.
        form: the blank one, as it was read.
    """

    pdf: bytes = attrs.field(repr=False)
    outcomes: tuple[Outcome, ...]
    form: PdfForm

    def outcome(self, field: str) -> Outcome | None:
        """What became of one field."""
        return next((outcome for outcome in self.outcomes if outcome.field == field), None)


def fill(
    pdf: bytes,
    values: Mapping[str, Value],
    *,
    keep_fields: bool = False,
    min_size: float = _SMALLEST,
    continued: Mapping[str, str] | None = None,
    boxes: Sequence[Placement] = (),
    mark: str = "",
) -> Made:
    """Fill an official PDF.

    Args:
        pdf: the blank form.
        values: by the full name of the field. A text; a date; `True` ticks a box with one state, a text says which
            state; a choice takes one or several of its entries. `False` and the empty text leave a field blank.
        keep_fields: the fields can still be changed in a reader.
        min_size: points below which no text is set, unless the form itself asks for a smaller size.
        continued: labels of the fields whose rest may go on on a page behind the form.
        boxes: where values are written that have no field of their own, in a PDF without fields; never with
            `keep_fields`.
        mark: printed at the head of every page, « BROUILLON » or that persons and facts are fictional.

    Raises:
        FormError: `official.password`, `official.unreadable`, `official.pages`, `official.widgets`,
            `official.dynamic_xfa`, `official.box_page`; `text.no_application`.
    """
    with opened(pdf) as file:
        spots = walk(file)
        form = described(file, spots, lambda: shown_text(pdf))
        if form.kind == "dynamic_xfa":
            raise _only_in_adobe()
        if boxes and keep_fields:
            raise ValueError("boxes belong to flat pages")
        drawn = box_spots(file, boxes)
        form = attrs.evolve(form, fields=(*form.fields, *box_fields(drawn)))
        work = _Work(file, form, Sizes(min_size), continued or {}, keep_fields=keep_fields)
        work.styles = {id(spot): place.style for spot, place in drawn}
        if mark:
            work.mark(file, mark)
        outcomes = work.run([*spots, *(spot for spot, _ in drawn)], values)
        return Made(_saved(file), tuple(outcomes), form)


def _only_in_adobe() -> FormError:
    return FormError(
        "official.dynamic_xfa",
        "Ce formulaire ne s’affiche que dans Adobe Reader (format XFA dynamique)\u00a0: ses champs ne sont pas dans "
        "le PDF. Remplissez-le dans Adobe Reader, ou demandez à l’administration une version imprimable.",
    )


def _saved(file: pikepdf.Pdf) -> bytes:
    target = io.BytesIO()
    try:
        with warnings.catch_warnings():
            # It minds fields outside the list of a form; a damaged file has no such list.
            warnings.simplefilter("ignore", pikepdf.exceptions.PageCopyWarning)
            file.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except (pikepdf.PdfError, RuntimeError, ValueError):
        raise FormError(
            "official.unreadable",
            "Ce PDF est trop abîmé pour être rempli\u00a0: téléchargez-le de nouveau depuis le site officiel.",
        ) from None
    return target.getvalue()


class _Work:
    """One form while it is filled."""

    def __init__(
        self, file: pikepdf.Pdf, form: PdfForm, sizes: Sizes, continued: Mapping[str, str], *, keep_fields: bool
    ) -> None:
        self.form = form
        self.fields = {field.name: field for field in form.fields}
        self.looks = Looks(child(file.Root, "/AcroForm", Dictionary))
        self.continued = continued
        self.canvas = Canvas()
        self.sheets: Sheets = Fillable(file, self.canvas) if keep_fields else Flat(file, self.canvas)
        self.continued_at: dict[str, int] = {}
        self.styles: Mapping[int, Style] = {}
        """Of the boxes of a definition."""
        self.annex = Annex(self.canvas, form.pages)
        self.sizes = [attrs.evolve(sizes, unit=unit_of(page.obj)) for page in file.pages]

    def run(self, spots: list[Spot], values: Mapping[str, Value]) -> list[Outcome]:
        answers = {name: answer(field, values[name]) for name, field in self.fields.items() if name in values}
        found: dict[str, list[Outcome]] = {name: [] for name in self.fields}
        for spot in spots:
            wanted = answers.get(spot.name)
            if wanted is None or wanted.refused:
                self._leave(spot)
            elif not spot.widget.hidden and spot.widget.box is not None:
                found[spot.name].append(self._write(spot, wanted))
        self.sheets.finish(spots, answers, self.annex.pages)
        outcomes = [self._outcome(field, answers.get(field.name), found[field.name]) for field in self.form.fields]
        absent = [name for name in values if name not in self.fields]
        return outcomes + [Outcome(name, "refused", reason="unknown_field") for name in absent]

    def mark(self, file: pikepdf.Pdf, text: str) -> None:
        """Print a line at the head of every page, as the page is shown."""
        self.annex = Annex(self.canvas, self.form.pages, text)
        for index, page in enumerate(file.pages):
            unit = self.sizes[index].unit
            style = attrs.evolve(MARK, size=MARK.size / unit, min_size=MARK.min_size / unit)
            with self.sheets.over(index), self.canvas.turned(shown_box(page.obj), page_turn(page.obj)) as box:
                top = box.y1 - 3 / unit
                self.canvas.text(Box(box.x0, top - MARK_HEIGHT / unit, box.x1, top), text, style)

    def _outcome(self, field: OfficialField, wanted: Answer | None, found: list[Outcome]) -> Outcome:
        page = field.widgets[0].page
        if wanted is None:
            return Outcome(field.name, "kept", page)
        if wanted.refused:
            return Outcome(field.name, "refused", page, reason=wanted.reason, choices=wanted.choices)
        return worst(found) if found else Outcome(field.name, "refused", page, reason="no_place")

    def _leave(self, spot: Spot) -> None:
        """A field without a value shows what it did; a tick in a font the file does not hold is drawn anew."""
        field = self.fields[spot.name]
        if spot.widget.hidden or spot.widget.box is None or field.kind == "button" or not spot.chain:
            return
        if field.ticks and is_on(spot):
            self._tick(spot, field, self.looks.of(spot.chain), Answer(ticked=(spot.widget.state,)))
        elif field.kind in {"text", "multiline", "comb", "rich"} and field.value and shown(spot) is None:
            self._write(spot, Answer(field.value))
        else:
            self.sheets.leave(spot)

    def _write(self, spot: Spot, wanted: Answer) -> Outcome:
        field = self.fields[spot.name]
        given = self.styles.get(id(spot))
        look = self.looks.of(spot.chain) if given is None else Look(colour=given.colour)
        sizes = self.sizes[spot.widget.page]
        if field.ticks:
            return self._tick(spot, field, look, wanted)
        with self.sheets.draw(spot) as drawn:
            place = Place(field, look, drawn, sizes, given)
            frame(self.canvas, look, drawn)
            if field.kind == "list":
                placed = draw_list(self.canvas, place, [option.label for option in wanted.chosen])
            else:
                placed = self._text(place, wanted)
        return self._told(field, spot.widget.page, placed, wanted, sizes.unit)

    def _text(self, place: Place, wanted: Answer) -> Placed:
        mark = self.canvas.mark()
        placed = draw_value(self.canvas, place, wanted.text)
        label = self.continued.get(place.field.name)
        if label is None or not (placed.rest.strip() or wanted.rest.strip()):
            return attrs.evolve(placed, rest=placed.rest + wanted.rest)
        self.canvas.back_to(mark)
        page = self.continued_at.get(place.field.name) or self.annex.next_page(label)
        here = self.canvas.current
        rest = cut(self.canvas, place, wanted.text, f"voir suite page {page}")
        if place.field.name not in self.continued_at:
            self.annex.add(label, rest + wanted.rest)
        self.canvas.turn_to(here)
        self.continued_at[place.field.name] = page
        return attrs.evolve(placed, rest=rest + wanted.rest)

    def _told(self, field: OfficialField, page: int, placed: Placed, wanted: Answer, unit: float) -> Outcome:
        status: Status = "whole"
        if placed.rest.strip():
            status = "overflow"
        elif placed.missing:
            status = "no_glyph"
        elif placed.shrunk:
            status = "shrunk"
        return Outcome(
            field=field.name,
            status=status,
            page=page,
            size=round(placed.size * unit, 2),
            smaller=placed.shrunk,
            rest=placed.rest if placed.rest.strip() else "",
            missing=placed.missing,
            reason=wanted.reason,
            continued=self.continued_at.get(field.name, 0),
        )

    def _tick(self, spot: Spot, field: OfficialField, look: Look, wanted: Answer) -> Outcome:
        told = Outcome(field.name, "whole", spot.widget.page)
        if spot.widget.state not in wanted.ticked:
            self.sheets.untick(spot)
            return told
        own = own_tick(spot.looks)
        if own is not None:
            self.sheets.keep_tick(spot, own)
            return told
        self.sheets.underlay(spot)
        radio = field.kind == "radio"
        with self.sheets.draw(spot) as place:
            draw_tick(self.canvas, look, place, radio=radio)
        return told
