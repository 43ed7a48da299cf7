# SPDX-License-Identifier: GPL-3.0-or-later
"""The finished pages of a file: what is on each, its stamp, its number, its marks."""

from collections.abc import Sequence

import attrs

from forms.binding.assembly import Assembly, number_text, reference
from forms.binding.paper import Sheet, Sheets, stamped
from forms.binding.source import Leaf
from forms.pages import BundleItem, exhibit_name

__all__ = ["Place", "at_full_size", "mark_text", "stamp_text", "write_pages"]


@attrs.frozen(eq=False)
class Place:
    """One page of a file: its object, what is on it, its stamp."""

    number: int
    content: Leaf | Sheet
    stamp: str | None = None


def at_full_size(leaf: Leaf | Sheet) -> Leaf | Sheet:
    """The page drawn at its exact size, up to its edges."""
    return attrs.evolve(leaf, full=False) if isinstance(leaf, Leaf) else leaf


def stamp_text(item: BundleItem, number: int, count: int) -> str:
    """« Pièce n° 3 – p. 2/5 »."""
    end = " – CONFIDENTIELLE" if item.confidential else ""
    return f"{exhibit_name(item)} – p.\u00a0{number}/{count}{end}"


def mark_text(*, practice: bool, draft: bool) -> str | None:
    """What stands on every page of a file made in a practice vault, or of one that is incomplete."""
    return " – ".join(["EXERCICE"] * practice + ["BROUILLON"] * draft) or None


def write_pages(
    target: Assembly,
    sheets: Sheets,
    places: Sequence[Place],
    feet: Sequence[str],
    *,
    parent: int,
    mark: str | None,
) -> None:
    """Write all pages, the fonts they use, and the tree of pages.

    Args:
        target: takes them.
        sheets: already written.
        places: the pages in their order.
        feet: what stands at the foot of each; empty for nothing.
        parent: number reserved for the tree.
        mark: top left of each page.
    """
    fonts = (target.reserve(), target.reserve())
    named = b"/Font << /P %b /PB %b >>" % (reference(fonts[0]), reference(fonts[1]))
    for place, foot in zip(places, feet, strict=True):
        links = b""
        leaf = place.content
        if isinstance(leaf, Sheet):
            links = _links(leaf)
            leaf = sheets.leaf(leaf)
        content = stamped(leaf, sheets.labels, stamp=place.stamp, foot=foot, mark=mark)
        stream = target.stream(b"", content, pack=len(content) > 2000)
        drawings = b" ".join(b"/%b %b" % (k.encode("ascii"), reference(n)) for k, n in leaf.drawings.items())
        entries = [
            b"/Type /Page /Parent %b /Contents %b" % (reference(parent), reference(stream)),
            b"/MediaBox [%b]" % b" ".join(map(number_text, leaf.box)),
            b"/Resources << %b /XObject << %b >> >>" % (named, drawings),
            b"/Rotate %d" % leaf.rotate if leaf.rotate else b"",
            b"/UserUnit %b" % number_text(leaf.unit) if leaf.unit != 1 else b"",
            leaf.extra,
            links,
        ]
        target.put(b"<< %b >>" % b" ".join(entry for entry in entries if entry), place.number)
    sheets.labels.fonts(target, fonts)
    kids = b" ".join(reference(place.number) for place in places)
    target.put(b"<< /Type /Pages /Count %d /Kids [%b] >>" % (len(places), kids), parent)


def _links(sheet: Sheet) -> bytes:
    """The links of a sheet, without a visible frame."""
    if not sheet.links:
        return b""
    made = []
    for area, page in sheet.links:
        sides = b" ".join(map(number_text, (area.x0, area.y0, area.x1, area.y1)))
        made.append(
            b"<< /Type /Annot /Subtype /Link /F 4 /Border [0 0 0] /Rect [%b] /Dest [%b /Fit] >>"
            % (sides, reference(page))
        )
    return b"/Annots [%b]" % b" ".join(made)
