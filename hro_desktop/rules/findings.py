# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check has to say: one concept for all rules."""

from typing import Literal

import attrs

__all__ = ["Finding", "Level"]

Level = Literal["block", "wait", "sign", "warn", "inform"]


@attrs.frozen
class Finding:
    """One remark of a rule, about one thing.

    Args:
        code: stable name.
        level: `block` what leaves, `wait` for something under way, `sign`, `warn` a person who decides, `inform`.
        sentence: what the user reads; may name people, so it is never logged.
        source: the text it rests on, « à vérifier » included when it was not verified; may be empty.
        subject: id of the record it is about, so that a window can go there; may be empty.
    """

    code: str
    level: Level
    sentence: str
    source: str = ""
    subject: str = ""
