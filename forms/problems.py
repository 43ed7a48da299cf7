# SPDX-License-Identifier: GPL-3.0-or-later
"""What the document engine has to say about a field, and the error it raises when it cannot go on."""

from collections.abc import Mapping
from typing import Literal

import attrs

__all__ = ["FormError", "Problem", "Severity"]

Severity = Literal["block", "warn", "info"]


@attrs.frozen
class Problem:
    """One remark on one field of a document.

    Args:
        field: id of the field in its definition, or the empty string for the document as a whole.
        code: stable name: `missing`, `too_long`, `no_glyph`, `shrunk`, `overflow`, `unknown_citation`…
        severity: `block` (the document must not leave), `warn` (a person decides), `info`.
        facts: what the sentence shown to the user needs; stays in memory.
    """

    field: str
    code: str
    severity: Severity = "warn"
    facts: Mapping[str, str | int] = attrs.field(factory=dict)


class FormError(Exception):
    """The engine cannot make this document.

    `str(error)` is the code alone; `sentence` is the French text for the user.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
