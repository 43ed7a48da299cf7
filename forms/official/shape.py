# SPDX-License-Identifier: GPL-3.0-or-later
"""What an official PDF is, once it was read: its fields, where each shows, what each takes."""

from typing import Literal

import attrs

from forms.official.scripts import Format
from forms.text import Box

__all__ = ["FileClass", "Kind", "OfficialField", "Option", "PdfForm", "Widget"]

Kind = Literal[
    "text",
    "multiline",
    "comb",
    "password",
    "file",
    "rich",
    "checkbox",
    "radio",
    "combo",
    "list",
    "button",
    "signature",
    "unknown",
]
FileClass = Literal["acroform", "hybrid", "orphan", "dynamic_xfa", "xfa_only", "flat"]


@attrs.frozen
class Option:
    """One entry of a choice: what is kept in the file, and what is shown."""

    export: str
    label: str


@attrs.frozen
class Widget:
    """One place where a field shows.

    Args:
        page: its index, from 0.
        box: in the units of the page, from the origin of its coordinates; `None` when it has no area.
        turn: degrees its text is turned against the page's coordinates, counter-clockwise: 0, 90, 180 or 270.
        state: of a box or a radio button: what ticks it.
        hidden: neither shown nor printed.
        label: what the form says beside it for those who cannot see, when it says so.
    """

    page: int
    box: Box | None
    turn: int = 0
    state: str = ""
    hidden: bool = False
    label: str = ""


@attrs.frozen
class OfficialField:
    """One field of an official PDF.

    Args:
        name: its full name, `form.page.name`.
        kind: what it takes.
        label: the tooltip, or the empty string.
        widgets: where it shows, in the order of the pages.
        states: of boxes and radio buttons: the distinct states that tick one, in order.
        options: of a choice, or the export values of the states.
        max_length: characters it takes; `None` without a limit.
        editable: a choice that takes other texts too.
        multiple: a list that takes several entries.
        read_only: the form keeps it for itself.
        required: the form asks for it.
        format: how it wants dates and numbers written.
        value: what the file holds already; a prefilled form may name somebody.
    """

    name: str
    kind: Kind
    label: str
    widgets: tuple[Widget, ...]
    states: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    max_length: int | None = None
    editable: bool = False
    multiple: bool = False
    read_only: bool = False
    required: bool = False
    format: Format | None = None
    value: str = attrs.field(default="", repr=False)

    @property
    def hidden(self) -> bool:
        """Whether nobody sees it, on screen or on paper."""
        return all(widget.hidden for widget in self.widgets)

    @property
    def closed(self) -> str:
        """Why nothing can be written in it, whatever the value; empty when it takes one."""
        if self.kind in {"button", "signature", "password", "file"}:
            return self.kind
        if self.kind == "unknown":
            return "kind"
        if self.read_only:
            return "read_only"
        if self.hidden:
            return "hidden"
        return "" if any(widget.box is not None and not widget.hidden for widget in self.widgets) else "no_place"

    @property
    def takes_value(self) -> bool:
        """Whether somebody may fill it in."""
        return not self.closed

    @property
    def ticks(self) -> bool:
        """Whether it is answered by ticking."""
        return self.kind in {"checkbox", "radio"}


@attrs.frozen
class PdfForm:
    """An official PDF: what sort of file, and its fields in the order of the pages.

    Args:
        kind: `acroform`, `hybrid` (a second form in XFA that we leave out), `orphan` (widgets without a form),
            `dynamic_xfa` (only one program shows it), `xfa_only` (a real page whose fields are not in the PDF), `flat`.
        pages: how many.
        fields: each once, though it may show in several places.
        locked: the file forbids changes; it opens all the same.
    """

    kind: FileClass
    pages: int
    fields: tuple[OfficialField, ...]
    locked: bool = False

    def field(self, name: str) -> OfficialField | None:
        """The field of that name, or `None`."""
        return next((field for field in self.fields if field.name == name), None)
