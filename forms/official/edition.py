# SPDX-License-Identifier: GPL-3.0-or-later
"""The editions of an official PDF that a form knows (`official.toml`): which of its fields takes which value.

An edition is known by its file (SHA-256), or by its fields when the file was saved anew. Any other is compared with
the known ones, and nothing is written into it before somebody has read the proposed mapping.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from typing import Final, Literal

import attrs

from forms.definition import FormDefinition
from forms.official.shape import PdfForm
from forms.overlay import Placement
from forms.tables import Table, read_table
from forms.text import Box, Style

__all__ = [
    "PARTS",
    "Difference",
    "Edition",
    "Found",
    "Official",
    "Spread",
    "Target",
    "compare",
    "find",
    "read_official",
]

PARTS: Final = ("day", "month", "year", "short_year", "hour", "minute")
_FILE: Final = "official.toml"
_MOVED: Final = 12.0
"""Points by which a field may stand elsewhere and still be the same."""
_KINDS: Final = ("text", "comb", "tick")

Spread = Mapping[str, tuple[int, Box]]
"""Where each field of an edition stands: page from 1, box in the units of the page."""


@attrs.frozen
class Target:
    """Where one value goes.

    Args:
        field: name of the field of the PDF; empty when the value is spread over parts.
        parts: names of the fields for the day, the month… of a date or an hour.
        states: for a choice, the state of the PDF by our word for it.
    """

    field: str = ""
    parts: Mapping[str, str] = attrs.field(factory=dict)
    states: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Every field of the PDF it writes."""
        return (self.field, *self.parts.values()) if self.field else tuple(self.parts.values())


@attrs.frozen
class Edition:
    """One edition of the official PDF.

    Args:
        number: as printed on it, « 16029*01 ».
        checked_on: when somebody read the mapping with the paper in hand; `None`: only proposed.
        sha256: of the files known to hold it.
        values: by the id of our field, where its value goes.
        places: every field of the PDF.
        boxes: of a PDF without fields, where values are written.
    """

    number: str
    checked_on: dt.date | None
    sha256: tuple[str, ...]
    values: Mapping[str, tuple[Target, ...]]
    places: Spread
    boxes: tuple[Placement, ...] = ()


@attrs.frozen
class Official:
    """What `official.toml` says.

    Args:
        editions: the newest first.
        continued: ids of the fields whose rest may go on behind the form.
    """

    editions: tuple[Edition, ...]
    continued: tuple[str, ...] = ()


@attrs.frozen
class Difference:
    """How a PDF differs from an edition: names of its fields."""

    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()

    @property
    def none(self) -> bool:
        """Whether it is the same edition."""
        return not (self.added or self.gone or self.moved)


@attrs.frozen
class Found:
    """The known edition nearest to a PDF, by what it was known, and how they differ."""

    edition: Edition
    by: Literal["file", "fields", "nearest"]
    difference: Difference


def read_official(definition: FormDefinition, data: bytes) -> Official:
    """Read `official.toml`.

    Raises:
        FormError: with a sentence naming what is wrong in it.
    """
    table = read_table(_FILE, data)
    editions = tuple(_edition(row, definition) for row in table.tables("edition"))
    official = Official(editions, table.texts("continued"))
    table.done()
    for name in official.continued:
        if definition.field(name) is None:
            table.refuse("continued", f"le formulaire n’a pas de champ «\u00a0{name}\u00a0»")
    return official


def _edition(row: Table, definition: FormDefinition) -> Edition:
    places = {name: _place(row, name, value) for name, value in row.table("places").content.items()}
    values = {
        name: _targets(row, definition, name, value, places) for name, value in row.table("values").content.items()
    }
    hashes = row.texts("sha256")
    if not all(re.fullmatch(r"[0-9a-f]{64}", each) for each in hashes):
        row.refuse("sha256", "il faut 64 chiffres hexadécimaux en minuscules")
    made = Edition(
        number=row.text("number"),
        checked_on=row.day("checked_on") if row.has("checked_on") else None,
        sha256=hashes,
        values=values,
        places=places,
        boxes=tuple(_box(box, definition) for box in row.tables("box")),
    )
    row.text("note", "")
    row.done()
    return made


def _place(row: Table, name: str, value: object) -> tuple[int, Box]:
    if not isinstance(value, list) or len(value) != 5 or not all(isinstance(part, int | float) for part in value):
        row.refuse("places", f"«\u00a0{name}\u00a0»\u00a0: il faut cinq nombres, page, gauche, bas, droite, haut")
    return int(value[0]), Box(*map(float, value[1:]))


def _targets(
    row: Table,
    definition: FormDefinition,
    name: str,
    value: object,
    places: Spread,
) -> tuple[Target, ...]:
    if definition.field(name) is None:
        row.refuse("values", f"le formulaire n’a pas de champ «\u00a0{name}\u00a0»")
    targets = tuple(_target(row, name, each) for each in (value if isinstance(value, list) else [value]))
    for target in targets:
        for field in target.names:
            if field not in places:
                row.refuse(
                    "values", f"«\u00a0{name}\u00a0»\u00a0: le champ «\u00a0{field}\u00a0» n’est pas dans places"
                )
    return targets


def _target(row: Table, name: str, value: object) -> Target:
    if isinstance(value, str) and value:
        return Target(value)
    if isinstance(value, dict) and value:
        texts = all(isinstance(each, str) for each in value.values())
        if texts and set(value) <= set(PARTS):
            return Target(parts=value)
        states = value.get("states")
        if set(value) == {"field", "states"} and isinstance(value["field"], str) and isinstance(states, dict):
            return Target(value["field"], states={str(key): str(each) for key, each in states.items()})
    return row.refuse(
        "values",
        f"«\u00a0{name}\u00a0»\u00a0: il faut le nom d’un champ, des parties de date ({', '.join(PARTS)}), "
        "ou field et states",
    )


def _box(row: Table, definition: FormDefinition) -> Placement:
    name = row.text("field")
    if definition.field(name) is None:
        row.refuse("field", f"le formulaire n’a pas de champ «\u00a0{name}\u00a0»")
    size = row.number("size", 10.0, least=3.0, most=40.0)
    kind = row.one_of("kind", _KINDS, "text")
    many = row.flag("multiline")
    style = Style(size=size, min_size=min(7.0, size), multiline=many, valign="top" if many else "middle", leading=1.2)
    left, low = row.number("left", most=5000.0), row.number("bottom", most=5000.0)
    box = Box(left, low, left + row.number("width", most=5000.0), low + row.number("height", most=5000.0))
    made = Placement(
        field=name,
        page=(row.optional_whole("page", least=1, most=5000) or 1) - 1,
        box=box,
        style=style,
        kind=kind,  # type: ignore[arg-type]
        cells=row.optional_whole("cells", least=1, most=500) or 1,
        mark=row.text("mark", ""),
    )
    row.done()
    return made


def spread(form: PdfForm) -> Spread:
    """Where the fields of a PDF stand, each at its first place."""
    return {
        field.name: (widget.page + 1, widget.box or Box(0, 0, 0, 0))
        for field in form.fields
        if (widget := field.widgets[0])
    }


def compare(form: PdfForm, edition: Edition) -> Difference:
    """How a PDF differs from an edition."""
    here, there = spread(form), edition.places
    moved = [name for name in here if name in there and not near(here[name], there[name])]
    return Difference(
        tuple(name for name in here if name not in there),
        tuple(name for name in there if name not in here),
        tuple(moved),
    )


def near(one: tuple[int, Box], other: tuple[int, Box]) -> bool:
    """Whether two places are the same, but for a little shift."""
    a, b = one[1], other[1]
    edges = zip((a.x0, a.y0, a.x1, a.y1), (b.x0, b.y0, b.x1, b.y1), strict=True)
    return one[0] == other[0] and all(abs(x - y) <= _MOVED for x, y in edges)


def find(official: Official, pdf: bytes, form: PdfForm) -> Found | None:
    """The edition a PDF is, or the nearest one; `None` when no edition is known at all."""
    digest = hashlib.sha256(pdf).hexdigest()
    best: Found | None = None
    for edition in official.editions:
        difference = compare(form, edition)
        if digest in edition.sha256:
            return Found(edition, "file", difference)
        if edition.places and difference.none and (best is None or best.by == "nearest"):
            best = Found(edition, "fields", difference)
        elif best is None or (best.by == "nearest" and _far(difference) < _far(best.difference)):
            best = Found(edition, "nearest", difference)
    return best


def _far(difference: Difference) -> int:
    return len(difference.added) + len(difference.gone) + len(difference.moved)
