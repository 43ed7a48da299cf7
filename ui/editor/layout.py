# SPDX-License-Identifier: GPL-3.0-or-later
"""How a form shows a draft, where its own description is not enough."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import attrs

__all__ = ["PLAIN", "Layout", "Part", "Said", "capital", "words_of"]

Said = Callable[[Mapping[str, str]], str]
"""One line from what each field of a nested draft shows, by name; empty fields are left out."""


@attrs.frozen
class Part:
    """Some of the fields under a heading; `folded` shows the heading alone until somebody opens it."""

    title: str
    fields: Sequence[str]
    folded: bool = False


@attrs.frozen
class Layout:
    """How a form shows a draft, where its own description is not enough.

    Args:
        fields: which, in this order; empty for all.
        labels: other words for some.
        hints: what stands under some.
        lines: height of long texts.
        long: texts that are written on several lines here.
        headings: words above some fields, which begin a part.
        parts: fields that stand under a heading, after the others.
        narrow: fields that stand two to a line though they are long.
        nested: layouts of nested drafts, by field.
        single: one field to a line, for a narrow place; nested drafts too.
        made: inputs that a page makes itself, by field.
        said: in one line, what a nested draft says: then each shows this line, and its fields when it is opened.
    """

    fields: Sequence[str] = ()
    labels: Mapping[str, str] = {}
    hints: Mapping[str, str] = {}
    lines: Mapping[str, int] = {}
    long: frozenset[str] = frozenset()
    headings: Mapping[str, str] = {}
    parts: Sequence[Part] = ()
    narrow: Sequence[str] = ()
    nested: "Mapping[str, Layout]" = attrs.field(factory=dict)
    single: bool = False
    said: Said | None = None
    made: Mapping[str, Callable[[], Any]] = {}

    def shown(self, known: Iterable[str]) -> tuple[str, ...]:
        """The fields it shows, in order."""
        listed = [name for part in self.parts for name in part.fields]
        return (*(self.fields or (name for name in known if name not in listed)), *listed)


PLAIN: Final = Layout()
"""As the draft describes itself."""


def words_of(doc: str) -> tuple[str, str]:
    """What a field is called, and the rest of its description, to stand under it."""
    head, _, rest = re.sub(r"\s*[:;,]\s+", "\n", doc, count=1).partition("\n")
    return capital(head), capital(rest)


def capital(text: str) -> str:
    """The same, beginning with a capital."""
    return text[:1].upper() + text[1:]
