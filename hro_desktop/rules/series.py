# SPDX-License-Identifier: GPL-3.0-or-later
"""Homogeneous series: like exhibits that one file may hold, when an inventory lists each (CJA art. R.414-5 al. 5)."""

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

__all__ = ["SOURCE", "Like", "propose", "refusal"]

SOURCE: Final = "CJA art. R.414-5 al. 5"
PROPOSED: Final = frozenset({"photo", "facture", "courrier"})
"""Kinds whose items resemble each other; attestations may be grouped too, but a person has to want it."""


@attrs.frozen(kw_only=True)
class Like:
    """What tells whether an exhibit is like its neighbour.

    Args:
        number: in the list.
        kind: list `evidence_kinds`.
        about: ids of the incidents it shows.
        printable: it has pages; a film has none.
    """

    number: int
    kind: str
    about: frozenset[str] = frozenset()
    printable: bool = True


def propose(exhibits: Sequence[Like]) -> tuple[tuple[int, ...], ...]:
    """Numbers of each series that could be grouped: consecutive, of one kind, about the same facts."""
    runs: list[list[Like]] = []
    for each in sorted(exhibits, key=lambda like: like.number):
        if not (each.printable and each.about and each.kind in PROPOSED):
            continue
        last = runs[-1][-1] if runs else None
        if last and each.number == last.number + 1 and (each.kind, each.about) == (last.kind, last.about):
            runs[-1].append(each)
        else:
            runs.append([each])
    return tuple(tuple(each.number for each in run) for run in runs if len(run) > 1)


def refusal(numbers: Sequence[int], exhibits: Mapping[int, Like]) -> str:
    """Why these exhibits may not be grouped, in a sentence; empty when they may."""
    named = ", ".join(map(str, numbers))
    if len(numbers) < 2 or list(numbers) != list(range(numbers[0], numbers[0] + len(numbers))):
        return f"Une série a au moins deux numéros qui se suivent, et non\u00a0: {named or 'aucun'}."
    missing = [number for number in numbers if number not in exhibits]
    if missing:
        return f"La pièce n°\u00a0{missing[0]} n’est pas au bordereau\u00a0: elle ne peut pas entrer dans une série."
    unprinted = [number for number in numbers if not exhibits[number].printable]
    if unprinted:
        return f"La pièce n°\u00a0{unprinted[0]} n’a pas de pages\u00a0: elle ne peut pas entrer dans une série."
    if len({exhibits[number].kind for number in numbers}) > 1:
        return f"Les pièces n°\u00a0{named} ne sont pas de même nature\u00a0: elles ne font pas une série homogène."
    return ""
