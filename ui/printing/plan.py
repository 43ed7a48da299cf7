# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pages come out of the printer, and in which order."""

import re
from collections.abc import Collection, Sequence
from typing import Final

from forms.imposed import Leaf
from hro_desktop.casework.printing import MOST_OFFSET

__all__ = ["MOST_COPIES", "NotUnderstood", "copies_of", "order", "pages_of", "shift_of"]

MOST_COPIES: Final = 50
_LONGEST: Final = 200
_PART: Final = re.compile(r"(\d{1,6})?\s*([-\u2010-\u2015\u2212])?\s*(\d{1,6})?")


class NotUnderstood(ValueError):  # noqa: N818 - it is what the person sees
    """What was typed is no such value; the text is the sentence to show."""


def pages_of(text: str, count: int) -> tuple[int, ...] | None:
    """The pages, counted from 0, that « 1-3, 5 » or « 12- » asks for; `None` for all of them.

    Raises:
        NotUnderstood: with the sentence to show.
    """
    if not text.strip():
        return None
    found: set[int] = set()
    for part in re.split(
        r"[,;\s]+(?=\d|[-\u2010-\u2015\u2212])|[,;]", re.sub(r"\s*([-–—])\s*", r"\1", text[:_LONGEST])
    ):
        if not part.strip():
            continue
        said = _PART.fullmatch(part.strip())
        if said is None or not (said[1] or said[3]) or len(text) > _LONGEST:
            raise NotUnderstood("Ces pages ne sont pas comprises\u00a0: tapez par exemple «\u00a01-3, 5\u00a0».")
        first = int(said[1]) if said[1] else 1
        last = int(said[3]) if said[3] else count if said[2] else first
        if first > last:
            raise NotUnderstood(
                f"«\u00a0{first}-{last}\u00a0» va à reculons\u00a0: tapez «\u00a0{last}-{first}\u00a0»."
            )
        if not 1 <= first <= last <= count:
            pages = f"les pages 1 à {count}" if count > 1 else "une seule page"
            beyond = first if not 1 <= first <= count else last
            raise NotUnderstood(f"Il n’y a pas de page {beyond}\u00a0: ce document a {pages}.")
        found.update(range(first - 1, last))
    if not found:
        raise NotUnderstood("Ces pages ne sont pas comprises\u00a0: tapez par exemple «\u00a01-3, 5\u00a0».")
    return tuple(sorted(found))


def copies_of(text: str) -> int:
    """How many copies.

    Raises:
        NotUnderstood: with the sentence to show.
    """
    said = text.strip() or "1"
    if not (said.isdecimal() and len(said) <= 6 and 1 <= int(said) <= MOST_COPIES):
        raise NotUnderstood(f"Tapez un nombre d’exemplaires de 1 à {MOST_COPIES}.")
    return int(said)


def shift_of(text: str) -> float:
    """A distance in millimetres, with a comma or a point, before or after zero.

    Raises:
        NotUnderstood: with the sentence to show.
    """
    said = text.strip().removesuffix("mm").strip().replace(",", ".").replace("\u2212", "-").replace("–", "-") or "0"
    if not re.fullmatch(r"[+-]?\d{1,4}(\.\d{1,3})?", said):
        raise NotUnderstood("Tapez des millimètres, par exemple «\u00a01,5\u00a0» ou «\u00a0-2\u00a0».")
    if abs(float(said)) > MOST_OFFSET:
        raise NotUnderstood(
            f"Plus de {MOST_OFFSET:.0f}\u00a0mm, ce n’est plus un réglage\u00a0: vérifiez le papier dans le bac."
        )
    return float(said)


def order(
    counts: Sequence[int],
    openings: Sequence[Collection[int]],
    *,
    chosen: Collection[int] | None = None,
    duplex: bool = False,
) -> tuple[Leaf, ...]:
    """The pages of all papers as they are printed.

    On both sides, each paper begins on a right-hand page, and so does each of its `openings` (the dividers of a
    bundle): an empty page comes before where that is needed.

    Args:
        counts: pages of each paper.
        openings: pages of each paper, counted from 0, that must be on the right.
        chosen: pages, counted from 0, of the one paper; all of them when `None`.
        duplex: both sides.
    """
    leaves: list[Leaf] = []
    for paper, (count, right) in enumerate(zip(counts, openings, strict=True)):
        begun = False
        for page in range(count):
            if chosen is not None and page not in chosen:
                continue
            if duplex and len(leaves) % 2 and (page in right or not begun):
                leaves.append(None)
            leaves.append((paper, page))
            begun = True
    return tuple(leaves)
