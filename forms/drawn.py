# SPDX-License-Identifier: GPL-3.0-or-later
"""A form we lay out ourselves, filled: blank, values, foot lines and marks in one go.

It never pretends to be an official form. What its author must write by hand is never printed in its place.
"""

import attrs

from forms.definition import FormDefinition, Mode, placeholder, resolve
from forms.flow import LEFT_LOW, lay_out
from forms.layout import Layout
from forms.overlay import Placement, write
from forms.pieces import MM, Area, Cross, Ink, Letters, Rule, Sheet
from forms.problems import FormError, Problem
from forms.text import A4, Box, Canvas, Style, measure
from forms.values import Values

__all__ = ["DRAFT_MARK", "PRACTICE_MARK", "Drawn", "fill"]

DRAFT_MARK = "BROUILLON"
PRACTICE_MARK = "EXERCICE – personnes et faits fictifs"

_FOOT = Style(size=7.5, min_size=7.5, multiline=False, grey=0.25)
_WATERMARK = Style(size=78, min_size=78, bold=True, align="center", valign="middle", grey=0.9, multiline=False)
_DRAFT = Style(size=9, min_size=9, bold=True, align="right", multiline=False)
_PRACTICE = Style(size=9, min_size=9, bold=True, align="center", multiline=False)
_INITIALS = (30 * MM, 12 * MM)
_BLANK = 15 * MM
"""Room for a line somebody might add."""


@attrs.frozen
class Drawn:
    """A filled form.

    Args:
        pdf: the document.
        problems: what a person should look at.
        placements: where each field stands, those left to a hand too, in points from the bottom left of the page.
        pages: number of pages.
    """

    pdf: bytes
    problems: tuple[Problem, ...]
    placements: tuple[Placement, ...]
    pages: int


def fill(
    definition: FormDefinition,
    layout: Layout,
    values: Values,
    *,
    mode: Mode = "typed",
    draft: bool = False,
    practice: bool = False,
) -> Drawn:
    """Draw a form with its values.

    Args:
        definition: the form.
        layout: its layout.
        values: the tree its paths read.
        mode: typed, or prepared for the author's handwriting.
        draft: print a notice where a required value is missing, and « BROUILLON » on each page.
        practice: print on each page that persons and facts are fictional.

    Raises:
        FormError: `form.mode` when the form knows no such mode; `form.value_kind` when values and form disagree.
    """
    if mode not in definition.modes:
        raise FormError("form.mode", f"Le formulaire «\u00a0{definition.title}\u00a0» n’existe pas dans ce mode.")
    texts, problems = resolve(definition, values, mode=mode)
    missing = {problem.field for problem in problems if problem.code == "missing"}
    notices = {field.id: placeholder(field) for field in definition.fields if field.id in missing} if draft else {}
    width = A4[0] - 2 * layout.page.margin * MM
    sheet = Sheet(definition, texts, notices, mode, width, pages=2)
    leaves = lay_out(layout, sheet)
    sheet = attrs.evolve(sheet, pages=len(leaves))
    canvas = Canvas()
    found: list[Problem] = []
    for number, leaf in enumerate(leaves):
        canvas.add_page()
        if draft:
            canvas.text(Box(0, A4[1] / 2 - 60, A4[0], A4[1] / 2 + 60), DRAFT_MARK, _WATERMARK)
        for ink in leaf.inks:
            found += _draw(canvas, ink, number)
        if layout.page.initials and mode == "typed" and number < len(leaves) - 1:
            _cancel(canvas, layout, min((ink.box.y0 for ink in leaf.inks), default=A4[1]))
        _foot(canvas, layout, sheet, number)
        _marks(canvas, layout, draft=draft, practice=practice)
    placements = tuple(Placement(name, number, box) for number, leaf in enumerate(leaves) for name, box in leaf.spaces)
    return Drawn(canvas.finish(), (*problems, *_merged(found)), placements, len(leaves))


def _draw(canvas: Canvas, ink: Ink, page: int) -> list[Problem]:
    match ink:
        case Letters():
            said = write(canvas, Placement(ink.field, page, ink.box, ink.style), ink.text)
            if ink.box.y0 < 0:  # a piece higher than the page: part of the text is not on it
                said.append(Problem(ink.field, "overflow", "block", {"characters": len(ink.text)}))
            return said
        case Rule():
            canvas.line(ink.box.x0, ink.box.y0, ink.box.x1, ink.box.y1, 0.4, ink.grey)
        case Area(fill=None):
            canvas.rect(ink.box, stroke=0.35, width=0.5)
        case Area():
            canvas.rect(ink.box, fill=ink.fill, stroke=None)
        case Cross():
            canvas.tick(ink.box)
    return []


def _cancel(canvas: Canvas, layout: Layout, lowest: float) -> None:
    """Strike out what stays blank below the text of a page that is initialled: nothing can be added there later."""
    floor = LEFT_LOW + _INITIALS[1] + 2 * MM
    if lowest - floor > _BLANK:
        canvas.line(layout.page.margin * MM, lowest - 4 * MM, A4[0] - layout.page.margin * MM, floor, 0.6, 0.35)


def _merged(problems: list[Problem]) -> list[Problem]:
    """One remark per field and kind, though a long text stands on several pages."""
    first: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        key = (problem.field, problem.code)
        known = first.get(key)
        if known is not None and problem.code == "no_glyph":
            both = "".join(dict.fromkeys(f"{known.facts['characters']}{problem.facts['characters']}"))
            problem = attrs.evolve(problem, facts={"characters": both})  # noqa: PLW2901
        elif known is not None:
            continue
        first[key] = problem
    return list(first.values())


def _foot(canvas: Canvas, layout: Layout, sheet: Sheet, number: int) -> None:
    """Which document and which page this is; and, save on the signed page, a box for the author's initials."""
    left, right = layout.page.margin * MM, A4[0] - layout.page.margin * MM
    initialled = layout.page.initials and number < sheet.pages - 1
    if initialled:
        width, height = _INITIALS
        box = Box(right - width, LEFT_LOW - 1 * MM, right, LEFT_LOW - 1 * MM + height)
        canvas.rect(box, stroke=0.35, width=0.5)
        label = attrs.evolve(_FOOT, size=6.5, min_size=6.5)
        canvas.text(Box(box.x0 + 3, box.y1 - 9, box.x1 - 3, box.y1 - 1), layout.page.initials, label)
        right = box.x0 - 4 * MM
    count = f"page {number + 1}/{sheet.pages}"
    place = Box(right - 22 * MM, LEFT_LOW, right, LEFT_LOW + 9)
    canvas.text(place, count, attrs.evolve(_FOOT, align="right", multiline=True, leading=1.2))
    words = sheet.sewn(layout.page.footer)
    style = attrs.evolve(_FOOT, multiline=True, leading=1.2)
    width = right - 26 * MM - left
    # A long name takes a second line, which rises from the foot.
    height = min(measure(words, width, style).height, 3 * 9.0)
    canvas.text(Box(left, LEFT_LOW, left + width, LEFT_LOW + height), words, style)


def _marks(canvas: Canvas, layout: Layout, *, draft: bool, practice: bool) -> None:
    left, right = layout.page.margin * MM, A4[0] - layout.page.margin * MM
    if draft:
        top = A4[1] - 6 * MM
        canvas.text(Box(left, top - 10, right, top), f"{DRAFT_MARK} – à ne pas signer", _DRAFT)
    if practice:
        canvas.text(Box(left, 3 * MM, right, 3 * MM + 10), PRACTICE_MARK, _PRACTICE)
