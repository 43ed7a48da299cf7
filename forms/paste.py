# SPDX-License-Identifier: GPL-3.0-or-later
"""The boxes of an online form, each value ready to be pasted, with its length and the limit the platform sets.

What cannot be sent by the program is typed by a person: the order is that of the definition, and nothing is shortened
to fit. What is too long is said, and where.
"""

from collections.abc import Sequence

import attrs

from forms.definition import FormDefinition, resolve
from forms.problems import Problem
from forms.values import Values

__all__ = ["Box", "as_text", "boxes"]


@attrs.frozen
class Box:
    """One box of a platform.

    Args:
        number: its place, first is 1.
        section: title of the part it stands in.
        text: what is pasted; empty when nothing is known.
        limit: characters the platform takes; `None` when nobody read it.
    """

    number: int
    section: str
    label: str
    text: str
    hint: str
    limit: int | None

    @property
    def is_too_long(self) -> bool:
        """Whether the platform would cut it."""
        return self.limit is not None and len(self.text) > self.limit


def boxes(definition: FormDefinition, values: Values) -> tuple[tuple[Box, ...], tuple[Problem, ...]]:
    """Every box in the order of the platform, and what a person should look at.

    Raises:
        FormError: `form.value_kind` when the values and the form disagree.
    """
    texts, problems = resolve(definition, values)
    titles = {section.id: section.title for section in definition.sections}
    found = tuple(
        Box(number, titles[field.section], field.label, texts.get(field.id, ""), field.hint, field.max_length)
        for number, field in enumerate(definition.fields, start=1)
    )
    return found, tuple(problems)


def as_text(title: str, found: Sequence[Box], *, mark: str = "") -> bytes:
    """A plain text file: each value between two lines that are not pasted. UTF-8 with a mark, for any editor."""
    parts = [title, *([mark] if mark else [])]
    for box in found:
        limit = f"limite {box.limit}" if box.limit is not None else "limite non relevée"
        size = f"{len(box.text)} caractères, {limit}" + (", TROP LONG" if box.is_too_long else "")
        told = f"== {box.number}. {box.section} – {box.label} ({size if box.text else 'rien à recopier'})"
        parts.append("\n".join(part for part in (told, box.text) if part))
    return ("\ufeff" + "\n\n".join(parts) + "\n").replace("\n", "\r\n").encode("utf-8")
