# SPDX-License-Identifier: GPL-3.0-or-later
"""A value given for a field, as what has to be written or ticked there, or the reason why it cannot be."""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from typing import Final, TypeAlias

import attrs

from forms.official.scripts import formatted
from forms.official.shape import OfficialField, Option
from forms.text.comb import letter_groups

__all__ = ["Answer", "Value", "answer"]

_DATE_OR_PHONE: Final = re.compile(r"\d{1,2}([./\-])\d{1,2}\1\d{2,4}|0\d(?:[\s.\-]?\d\d){4}")

Value: TypeAlias = str | bool | int | dt.date | Sequence[str]


@attrs.frozen
class Answer:
    """What to do with a value.

    Args:
        text: to write.
        rest: of the text, beyond what the form accepts.
        ticked: the states to tick; empty: none.
        chosen: the entries of a choice.
        reason: why nothing can be written; or, with a text, why it is not all of the value.
        refused: nothing is to be written.
        choices: what would have been accepted.
    """

    text: str = attrs.field(default="", repr=False)
    rest: str = attrs.field(default="", repr=False)
    ticked: tuple[str, ...] = ()
    chosen: tuple[Option, ...] = ()
    reason: str = ""
    refused: bool = False
    choices: tuple[str, ...] = ()


def _refusal(reason: str, choices: tuple[str, ...] = ()) -> Answer:
    return Answer(reason=reason, refused=True, choices=choices)


def answer(field: OfficialField, value: Value) -> Answer:
    """What a value means for a field."""
    closed = field.closed
    if closed:
        return _refusal(closed)
    if field.ticks:
        return _ticks(field, value)
    if field.kind in {"combo", "list"}:
        return _choice(field, value)
    if isinstance(value, bool) or not isinstance(value, str | int | dt.date):
        return _refusal("kind")
    return _text(field, formatted(value, field.format))


def _text(field: OfficialField, text: str) -> Answer:
    if field.max_length is None:
        return Answer(text)
    groups = letter_groups(text)
    if len(groups) <= field.max_length:
        return Answer(text)
    # « 06.12.34.56.78 » in ten cells, « 01/02/2026 » in eight: the form draws the separators itself. A point or a
    # stroke anywhere else may mean something (12.50): it stays, and what does not fit is told.
    bare = re.sub(r"[./\-\s]" if _DATE_OR_PHONE.fullmatch(text.strip()) else r"\s", "", text)
    if field.kind == "comb" and len(letter_groups(bare)) <= field.max_length and re.search(r"\d", bare):
        return Answer(bare, reason="separators")
    return Answer("".join(groups[: field.max_length]), "".join(groups[field.max_length :]), reason="max_length")


def _ticks(field: OfficialField, value: Value) -> Answer:
    if value is False or value == "":
        return Answer()
    if value is True:
        return Answer(ticked=field.states) if len(field.states) == 1 else _refusal("which", field.states)
    if not isinstance(value, str | int):
        return _refusal("kind")
    wanted = str(value)
    names = [(state, state) for state in field.states]
    names += [(option.export, option.label) for option in field.options]
    names += [(widget.state, widget.label) for widget in field.widgets if widget.label and len(field.states) > 1]
    for same in (str, _plain):
        found = dict.fromkeys(state for state, name in names if same(name) == same(wanted))
        if len(found) == 1:
            return Answer(ticked=tuple(found))
        if found:
            # One export value on several boxes: the state decides, else nobody can tell.
            exact = tuple(state for state in found if state == wanted)
            return Answer(ticked=exact) if exact else _refusal("which", field.states)
    if _plain(wanted) == "off" or (len(field.states) == 1 and _plain(wanted) in {"non", "no"}):
        return Answer()
    labels = tuple(dict.fromkeys(name for _, name in names if name))
    return _refusal("no_choice", labels)


def _choice(field: OfficialField, value: Value) -> Answer:
    if isinstance(value, bool | dt.date):
        return _refusal("kind")
    wanted = [str(value)] if isinstance(value, str | int) else [str(part) for part in value]
    if len(wanted) > 1 and not field.multiple:
        return _refusal("not_multiple")
    chosen = []
    for text in wanted:
        option = _option(field, text)
        if option is None:
            if text == "":
                continue
            return _refusal("no_choice", tuple(option.label for option in field.options))
        chosen.append(option)
    return Answer(", ".join(option.label for option in chosen), chosen=tuple(chosen))


def _option(field: OfficialField, text: str) -> Option | None:
    for same in (str, _plain):
        for option in field.options:
            if same(text) in {same(option.export), same(option.label)}:
                return option
    return Option(text, text) if field.editable and text else None


def _plain(text: str) -> str:
    """Letters without accents or capitals: how people and old forms write the same answer."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in spread if not unicodedata.combining(c)).replace("’", "'").split())
