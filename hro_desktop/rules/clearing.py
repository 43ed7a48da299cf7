# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether everybody named, shown or audible in the exhibits is cleared or masked before anything leaves."""

from collections.abc import Iterable, Iterator
from typing import Literal

import attrs

from hro_desktop.rules.findings import Finding, Level

__all__ = ["Appearance", "Item", "review"]

SHOWS_PEOPLE = frozenset({"photo", "video", "son"})
"""Kinds of evidence in which somebody may be seen or heard, although nobody is named."""
SOURCE = "RGPD art. 5 § 1 c, 6 et 9"
_PARTS = {
    "author": "auteur·ice du récit",
    "interpreter": "interprète du récit",
    "collector": "bénévole qui a recueilli le récit",
    "excepted": "dans la saisine sans son accord, et à qui cette pièce se rattache",
}
Agreement = Literal["open", "closed", "refused"]


@attrs.frozen(kw_only=True)
class Appearance:
    """Somebody in an item.

    Args:
        id: of the person, or of the mark in the item when nobody knows who it is.
        label: as named in a remark.
        part: `declared` when somebody said that the person appears; `author`, `interpreter` or `collector` when it
            follows from the statement that the item belongs with; `excepted` when the person is in the referral by
            an exception and the item is theirs.
        clearance: list `clearances`.
        agreement: `open` for a party of the referral and for who agreed to appear before that body; `refused` also
            when the agreement was taken back.
        named: in words: nobody can be « non reconnaissable » there before the words are masked.
    """

    id: str
    label: str
    part: Literal["declared", "author", "interpreter", "collector", "excepted"] = "declared"
    clearance: str = "pending"
    agreement: Agreement = "closed"
    named: bool = False


@attrs.frozen(kw_only=True)
class Item:
    """One exhibit.

    Args:
        id: of the item of evidence.
        number: in the list.
        kind: list `evidence_kinds`.
        masked_version: it was made from another item by masking it.
        masked_at_hand: the vault holds a masked version made from it.
        nobody_appears: somebody looked and found nobody.
        people: who appears in it.
        marked_statements: references of the statements it reproduces that have passages to mask or still waiting.
        undecided_statements: those of them about a passage of which nobody decided yet.
        masked_since: those with a passage to mask that was decided after the item was masked.
    """

    id: str
    number: int
    kind: str
    masked_version: bool = False
    masked_at_hand: bool = False
    nobody_appears: bool = False
    people: tuple[Appearance, ...] = ()
    marked_statements: tuple[str, ...] = ()
    undecided_statements: tuple[str, ...] = ()
    masked_since: tuple[str, ...] = ()


def review(items: Iterable[Item]) -> tuple[Finding, ...]:
    """What prevents the exhibits from leaving, and what somebody should look at, exhibit by exhibit."""
    return tuple(finding for item in items for finding in _item(item))


def _item(item: Item) -> Iterator[Finding]:
    for person in item.people:
        yield from _person(item, person)
    declared = any(person.part == "declared" for person in item.people)
    if item.kind in SHOWS_PEOPLE and not declared and not item.nobody_appears:
        yield _said(
            item,
            "nobody_said",
            "warn",
            "à regarder\u00a0: personne n’a noté qui l’on y voit ou entend. Notez chaque personne, ou que l’on "
            "n’y voit et n’entend personne.",
        )
    if item.kind not in SHOWS_PEOPLE and not item.people and not item.nobody_appears:
        yield _said(
            item,
            "nobody_named",
            "wait",
            "personne n’a dit qui cette pièce nomme ou montre. Notez chaque personne, ou que personne n’y est nommé "
            "ni visible.",
        )
    yield from _passages(item)


def _passages(item: Item) -> Iterator[Finding]:
    """Dangerous words of the statements it reproduces: a masked version hides those somebody decided to hide before."""
    for reference in () if item.masked_version else item.marked_statements:
        yield _said(
            item,
            "passage_in_exhibit",
            "block",
            f"elle reproduit {reference}, dont un passage est à masquer ou attend une décision. "
            "Joignez une version masquée.",
        )
    for reference in item.undecided_statements if item.masked_version else ():
        yield _said(
            item,
            "passage_undecided",
            "block",
            f"elle reproduit {reference}, dont un passage attend une décision\u00a0: décidez-en avec la personne, puis "
            "regardez si cette version le masque.",
        )
    for reference in item.masked_since if item.masked_version else ():
        yield _said(
            item,
            "passage_masked_since",
            "warn",
            f"un passage de {reference} est à masquer depuis que cette version a été faite\u00a0: regardez si elle le "
            "masque.",
        )


def _person(item: Item, person: Appearance) -> Iterator[Finding]:
    if person.clearance == "masked":
        if not item.masked_version:
            yield _original(item, person)
        return
    told = person.named and not item.masked_version  # by words that nothing hides yet
    # an officer on duty is not asked, but whoever answered no is not made an officer by it
    on_duty = person.clearance == "agent" and person.agreement != "refused"
    if on_duty or (person.clearance == "unrecognisable" and not told):
        return
    if person.agreement == "refused":
        yield _said(
            item, "third_party_refused", "block", f"{person.label} a refusé d’y apparaître ou retiré son accord."
        )
        return
    if person.clearance == "cleared" or person.agreement == "open":
        return
    if person.part == "declared":
        yield _third_party(item, person)
        return
    part = _PARTS[person.part]
    level: Level = "warn" if person.part == "collector" else "block"
    yield _said(
        item,
        f"undeclared_{person.part}",
        level,
        f"{person.label} ({part}) peut y être nommé·e, visible ou audible, et n’est ni d’accord ni masqué·e.",
    )


def _third_party(item: Item, person: Appearance) -> Finding:
    what = f"{person.label} n’est ni d’accord ni masqué·e."
    if person.clearance == "unrecognisable":
        what = (
            f"{person.label} y est nommé·e ou y parle\u00a0: «\u00a0non reconnaissable\u00a0» n’y vaut que pour une "
            f"version masquée\u00a0; {_how(item)}"
        )
    return _said(item, "third_party", "block", what)


def _original(item: Item, person: Appearance) -> Finding:
    what = f"{person.label} doit être masqué·e et c’est l’original qui est joint\u00a0; {_how(item)}"
    return _said(item, "masked_original", "block", what)


def _how(item: Item) -> str:
    if item.masked_at_hand:
        return "la version masquée est dans le coffre\u00a0: mettez-la dans le bordereau à la place de l’original."
    return "déposez dans le coffre une version masquée, tirée de cette pièce, et joignez-la à la place de l’original."


def _said(item: Item, code: str, level: Level, what: str) -> Finding:
    return Finding(code, level, f"Pièce n°\u00a0{item.number}\u00a0: {what}", SOURCE, item.id)
