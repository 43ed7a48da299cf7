# SPDX-License-Identifier: GPL-3.0-or-later
"""What `layout.toml` may say about a form we lay out ourselves: a handful of blocks, one below the other.

It is not a layout language. A block is a title, a bar, a row of fields, a choice row, a frame, or a note; lengths are
in millimetres, sizes of letters in points. A text may name fields in braces, `{given_names}`; `{pages}` is the number
of pages.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, Literal, TypeAlias, get_args

import attrs

from forms.definition import Field, FormDefinition, Mode
from forms.problems import FormError
from forms.tables import Table, read_table

__all__ = [
    "PAGES",
    "Bar",
    "Block",
    "Cell",
    "Choice",
    "Frame",
    "Layout",
    "Note",
    "Page",
    "Row",
    "Title",
    "names_in",
    "read_layout",
    "replace_names",
]

Align: TypeAlias = Literal["start", "left", "center", "right"]

_NAME: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")
PAGES: Final = "pages"


@attrs.frozen
class Page:
    """What all pages share.

    Args:
        margin: left and right, in mm.
        footer: at the foot of each page, on the left.
        heading: at the head of the second page and the next ones.
        initials: label of the box for the author's initials on every page but the last; empty: no box.
    """

    margin: float
    footer: str
    heading: str
    initials: str


@attrs.frozen(kw_only=True)
class _Block:
    """What all blocks share.

    Args:
        modes: in which modes it is drawn.
        keep: stays on the page of the block that follows.
        before: empty space above it, in mm.
    """

    modes: tuple[Mode, ...]
    keep: bool
    before: float

    def texts(self) -> tuple[str, ...]:
        """Its fixed texts."""
        return ()

    def fields(self) -> tuple[str, ...]:
        """The fields it writes."""
        return ()


@attrs.frozen(kw_only=True)
class Title(_Block):
    """The title of the form, centred, with a line below."""

    text: str
    subtitle: str
    size: float

    def texts(self) -> tuple[str, ...]:
        """Title and line below."""
        return (self.text, self.subtitle)


@attrs.frozen(kw_only=True)
class Bar(_Block):
    """A grey bar that opens a section."""

    text: str
    size: float

    def texts(self) -> tuple[str, ...]:
        """Its title."""
        return (self.text,)


@attrs.frozen
class Cell:
    """A field in a row; `width` in mm, or `None` for an equal share of what is left."""

    field: str
    width: float | None


@attrs.frozen(kw_only=True)
class Row(_Block):
    """Fields side by side, label above, rule below; it grows with its texts.

    Args:
        cells: from left to right.
        height: of the writing space of each field, at least, in mm.
        boxed: a frame round each field instead of a rule below.
        optional: left out when none of its fields has a value.
    """

    cells: tuple[Cell, ...]
    height: float
    boxed: bool
    optional: bool

    def fields(self) -> tuple[str, ...]:
        """Its fields."""
        return tuple(cell.field for cell in self.cells)


@attrs.frozen(kw_only=True)
class Choice(_Block):
    """A label, a box for each choice, and space for a detail.

    Args:
        field: the choice; its label is printed.
        detail: another field, written beside the boxes.
        label_width: in mm.
        height: at least, in mm.
    """

    field: str
    detail: str | None
    label_width: float
    height: float

    def fields(self) -> tuple[str, ...]:
        """The choice and its detail."""
        return (self.field,) if self.detail is None else (self.field, self.detail)


@attrs.frozen(kw_only=True)
class Frame(_Block):
    """A frame for a long text, which goes on over as many pages as the text takes, or for a hand.

    Args:
        field: what is written in it.
        continued: what is printed above each piece after the first.
        height: of the frame when a hand is to fill it, in mm; 0: down to the foot of the page.
        rule: distance of the ruled lines for a hand, in mm; 0: none.
        pages: over how many pages the lines for a hand go when `height` is 0.
        size: of the letters, in points.
        optional: left out when its field has no value.
    """

    field: str
    continued: str
    height: float
    rule: float
    pages: int
    size: float
    optional: bool

    def fields(self) -> tuple[str, ...]:
        """Its field."""
        return (self.field,)


@attrs.frozen(kw_only=True)
class Note(_Block):
    """A fixed text. One that names a field without a value is left out whole.

    Args:
        text: paragraphs.
        size: in points.
        bold: in the bold face.
        framed: in a frame.
        align: as in a text style.
        grey: 0 black … 1 white.
    """

    text: str
    size: float
    bold: bool
    framed: bool
    align: Align
    grey: float

    def texts(self) -> tuple[str, ...]:
        """Its text."""
        return (self.text,)


Block: TypeAlias = Title | Bar | Row | Choice | Frame | Note


@attrs.frozen
class Layout:
    """A form we lay out ourselves."""

    page: Page
    blocks: tuple[Block, ...]


def names_in(text: str) -> Iterator[str]:
    """The fields that a fixed text names in braces."""
    return (match.group(1) for match in _NAME.finditer(text))


def replace_names(text: str, value: Callable[[str], str]) -> str:
    """A fixed text with what `value` says in the place of each name in braces."""
    return _NAME.sub(lambda match: value(match.group(1)), text)


def read_layout(definition: FormDefinition, data: bytes) -> Layout:
    """Read a `layout.toml` and hold it against the form.

    Raises:
        FormError: with a sentence naming the block and the key that are wrong, or the field that is not drawn.
    """
    table = read_table(definition.files["layout"], data)
    page = _page(table.table("page"))
    blocks = tuple(_block(row) for row in table.tables("block"))
    table.done()
    if not blocks:
        table.refuse("block", "il faut au moins un bloc", "form.key_missing")
    _check(definition, Layout(page, blocks), table)
    return Layout(page, blocks)


def _page(table: Table) -> Page:
    page = Page(
        margin=table.number("margin", 18.0, least=8.0, most=60.0),
        footer=table.text("footer", ""),
        heading=table.text("heading", ""),
        initials=table.text("initials", ""),
    )
    table.done()
    return page


def _block(row: Table) -> Block:
    kind = row.one_of("kind", ("title", "bar", "row", "choice", "frame", "note"))
    block = _READERS[kind](row)
    row.done()
    return block


def _shared(row: Table, before: float) -> dict[str, object]:
    return {
        "modes": row.words_of("modes", get_args(Mode)) or get_args(Mode),
        "keep": row.flag("keep"),
        "before": row.number("before", before, most=100.0),
    }


def _title(row: Table) -> Title:
    return Title(
        text=row.text("text"),
        subtitle=row.text("subtitle", ""),
        size=row.number("size", 16.0, least=6.0, most=40.0),
        **_shared(row, 0.0),  # type: ignore[arg-type]
    )


def _bar(row: Table) -> Bar:
    return Bar(
        text=row.text("text"),
        size=row.number("size", 10.0, least=6.0, most=30.0),
        **_shared(row, 3.5),  # type: ignore[arg-type]
    )


def _row(row: Table) -> Row:
    cells = []
    for inner in row.tables("cells"):
        cells.append(Cell(inner.text("field"), inner.optional_number("width", least=8.0, most=200.0)))
        inner.done()
    if not cells:
        row.refuse("cells", "il faut au moins un champ", "form.key_missing")
    return Row(
        cells=tuple(cells),
        height=row.number("height", 5.6, least=4.0, most=200.0),
        boxed=row.flag("boxed"),
        optional=row.flag("optional"),
        **_shared(row, 1.6),  # type: ignore[arg-type]
    )


def _choice(row: Table) -> Choice:
    return Choice(
        field=row.text("field"),
        detail=row.optional_text("detail"),
        label_width=row.number("label_width", 62.0, least=10.0, most=150.0),
        height=row.number("height", 8.0, least=5.0, most=60.0),
        **_shared(row, 1.0),  # type: ignore[arg-type]
    )


def _frame(row: Table) -> Frame:
    return Frame(
        field=row.text("field"),
        continued=row.text("continued", ""),
        height=row.number("height", 0.0, most=270.0),
        rule=row.number("rule", 0.0, most=30.0),
        pages=row.optional_whole("pages", least=1, most=20) or 1,
        size=row.number("size", 10.5, least=6.0, most=30.0),
        optional=row.flag("optional"),
        **_shared(row, 1.6),  # type: ignore[arg-type]
    )


def _note(row: Table) -> Note:
    return Note(
        text=row.text("text"),
        size=row.number("size", 8.5, least=6.0, most=40.0),
        bold=row.flag("bold"),
        framed=row.flag("framed"),
        align=row.one_of("align", get_args(Align), "start"),  # type: ignore[arg-type]
        grey=row.number("grey", 0.0, most=0.7),
        **_shared(row, 1.6),  # type: ignore[arg-type]
    )


_READERS: Final[Mapping[str, Callable[[Table], Block]]] = {
    "title": _title,
    "bar": _bar,
    "row": _row,
    "choice": _choice,
    "frame": _frame,
    "note": _note,
}


def _check(definition: FormDefinition, layout: Layout, table: Table) -> None:
    """Every name must be a field, every field must be drawn, and in each mode at most once."""
    fixed = (layout.page.footer, layout.page.heading)
    for text in (*fixed, *(text for block in layout.blocks for text in block.texts())):
        for name in names_in(text):
            if name != PAGES:
                _known(definition, name, table)
    shown = {name for text in fixed for name in names_in(text)}
    for mode in definition.modes:
        drawn: list[str] = []
        for block in layout.blocks:
            if mode in block.modes:
                drawn += [_known(definition, name, table).id for name in block.fields()]
                shown |= {name for text in block.texts() for name in names_in(text)}
        twice = next((name for name in drawn if drawn.count(name) > 1), None)
        if twice is not None:
            table.refuse("block", f"le champ «\u00a0{twice}\u00a0» est dessiné deux fois")
        shown |= set(drawn)
    for field in definition.fields:
        if field.id not in shown:
            table.refuse("block", f"le champ «\u00a0{field.id}\u00a0» n’est dessiné nulle part")


def _known(definition: FormDefinition, name: str, table: Table) -> Field:
    field = definition.field(name)
    if field is None:
        raise FormError(
            "form.field_unknown",
            f"Fichier «\u00a0{table.file}\u00a0»\u00a0: le champ «\u00a0{name}\u00a0» n’existe pas dans form.toml.",
        )
    return field
