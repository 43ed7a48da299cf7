# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person typed for one document only: it takes the place of a value, and says who typed it and when.

A value is named by its path with the places of its lists: `complainants.0.birth_name`. Records stay as they are: what
is wrong in a record is corrected there, and every document follows.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from forms.definition import Field
from forms.values import Filled, Hand, Node, Scalar, Source, Values
from hro_desktop.casework.fields import HIDDEN
from hro_desktop.faults import Fault
from hro_desktop.records.referrals import Referral
from hro_desktop.rules.typed import day_of
from hro_desktop.vault.work import Work

__all__ = ["Leaf", "Typed", "apply", "drop", "leaves", "meant", "put", "typed"]

MOST: Final = 4000
"""Characters of one value: a rubric, not an account."""
_YES: Final = {"oui": True, "non": False}


@attrs.frozen
class Leaf:
    """One value of a form at its own place: `places` are the positions in the lists it was found in."""

    path: str
    places: tuple[int, ...]
    filled: Filled


@attrs.frozen
class Typed:
    """A value typed for this document only, in the place of what one record (its kind and id) says."""

    of: tuple[str, str]
    value: Scalar
    by: str
    at: dt.datetime


def leaves(field: Field, values: Values) -> Iterator[Leaf]:
    """The values one field of a form reads, each with its own path, known or not."""
    if field.path is not None:
        yield from _walk(field.path.split("."), values, (), ())


def _walk(steps: Sequence[str], node: Node, done: tuple[str, ...], places: tuple[int, ...]) -> Iterator[Leaf]:
    if isinstance(node, Filled):
        yield Leaf(".".join(done), places, node)
        return
    step = steps[0]
    name = step.removesuffix("[]")
    if not isinstance(node, Mapping) or name not in node:
        return
    inner = node[name]
    if step == name:
        yield from _walk(steps[1:], inner, (*done, name), places)
        return
    for at, each in enumerate(inner if isinstance(inner, Sequence) else ()):
        yield from _walk(steps[1:], each, (*done, name, str(at)), (*places, at))


def meant(field: Field, text: str, today: dt.date) -> Scalar:
    """What a text typed in a field of a form says: a day, yes or no, or itself.

    Raises:
        Fault: `override.*` when it says nothing of the kind.
    """
    text = " ".join(text.split()) if field.kind != "long_text" else text.strip()
    if HIDDEN.search(text):
        raise Fault("override.hidden", f"{field.label}\u00a0: effacez le caractère invisible et retapez ce passage.")
    if len(text) > MOST:
        raise Fault("override.long", f"{field.label}\u00a0: {len(text)} caractères, c’est trop (au plus {MOST}).")
    if field.kind == "date":
        day = day_of(text, today)
        if day is None:
            raise Fault("override.day", f"{field.label}\u00a0: «\u00a0{text}\u00a0» n’est pas un jour (12/10/2026).")
        return day
    if field.kind == "check" or field.format == "yes_no":
        if text.lower() not in _YES:
            raise Fault("override.yes_no", f"{field.label}\u00a0: écrivez oui ou non.")
        return _YES[text.lower()]
    return text


def put(work: Work, referral_id: uuid.UUID, leaf: Leaf, value: Scalar) -> None:
    """Keep a value for this referral's documents only, in the place of the one shown."""
    referral = work.session.get_one(Referral, referral_id)
    already = referral.overrides.get(leaf.path)
    kind, record = (already["of"], already["id"]) if already else _of(leaf.filled)
    kept = {"of": kind, "id": record, "value": _bare(value), "kind": _kind(value)}
    kept |= {"by": work.actor, "at": work.now.isoformat()}
    path = leaf.path
    referral.overrides = {**referral.overrides, path: kept}
    work.session.flush()
    work.record("referral.overridden", referral.id)


def drop(work: Work, referral_id: uuid.UUID, path: str) -> None:
    """Take the value of the record again."""
    referral = work.session.get_one(Referral, referral_id)
    referral.overrides = {name: kept for name, kept in referral.overrides.items() if name != path}
    work.session.flush()
    work.record("referral.overridden", referral.id)


def typed(referral: Referral) -> dict[str, Typed]:
    """What was typed for this referral's documents, by path."""
    return {
        path: Typed(
            (kept["of"], kept["id"]),
            _scalar(kept["kind"], kept["value"]),
            kept["by"],
            dt.datetime.fromisoformat(kept["at"]),
        )
        for path, kept in referral.overrides.items()
    }


def apply(values: Values, known: Mapping[str, Typed]) -> Values:
    """The same values with what was typed in the place of what records say.

    What was typed about somebody who was taken out of the referral goes to nobody else: a place that holds the value
    of another record by now is left alone.
    """
    for path, each in known.items():
        values = _replaced(values, path.split("."), each)  # type: ignore[assignment]
    return values


def _replaced(node: Node, steps: Sequence[str], fresh: Typed) -> Node:
    if isinstance(node, Filled):
        here = not steps and _of(node) == fresh.of
        return Filled(fresh.value, Hand(fresh.by, fresh.at)) if here else node
    if not steps:
        return node
    head, rest = steps[0], steps[1:]
    if isinstance(node, Mapping):
        return {**node, head: _replaced(node[head], rest, fresh)} if head in node else node
    if isinstance(node, Sequence) and head.isdigit() and int(head) < len(node):
        changed: list[Any] = list(node)
        changed[int(head)] = _replaced(changed[int(head)], rest, fresh)
        return tuple(changed)
    return node


def _of(filled: Filled) -> tuple[str, str]:
    """Which record says it."""
    return (filled.source.kind, filled.source.id) if isinstance(filled.source, Source) else ("", "")


def _kind(value: Scalar) -> str:
    if isinstance(value, bool):
        return "flag"
    return "day" if isinstance(value, dt.date) else "text"


def _bare(value: Scalar) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _scalar(kind: str, text: str) -> Scalar:
    if kind == "flag":
        return _YES[text]
    return dt.date.fromisoformat(text) if kind == "day" else text
