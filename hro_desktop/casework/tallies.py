# SPDX-License-Identifier: GPL-3.0-or-later
"""What was counted at an incident: tallies, and belongings with their fate."""

import uuid
from collections.abc import Iterable

import attrs

from hro_desktop.casework import fields

__all__ = ["BelongingDraft", "TallyDraft"]

MOST = 100_000
"""Nobody ever counted more at one place: above it, it is a slip of the hand."""


@attrs.define(kw_only=True)
class CountedDraft(fields.Draft):
    """A number with what it is worth, where it comes from and whose it is: never a bare number."""

    value: int | None = fields.count("combien", most=MOST, required=True)
    bound: str = fields.choice("bounds", "au moins, exactement, environ", required=True)
    source: str = fields.choice("count_sources", "vu, filmé ou dit", required=True)
    said_by_id: uuid.UUID | None = fields.ref("person", "qui a compté, filmé, ou le dit")
    described: str = fields.text("ou qui, sans nom : l’équipe, un habitant, la préfecture")
    evidence_id: uuid.UUID | None = fields.ref("evidence", "pièce sur laquelle on peut recompter")
    note: str = fields.text("précision, sans nom")

    def together(self) -> Iterable[tuple[str, str]]:
        """Somebody stands for each number; what was filmed may be counted again on the film."""
        on_film = self.source == "filme" and self.evidence_id
        if not (self.said_by_id or self.described.strip() or on_film):
            yield "said_by_id", "nobody"


@attrs.define(kw_only=True)
class TallyDraft(CountedDraft):
    """How many of what."""

    kind: str = fields.choice("tally_subjects", "ce qui est compté", required=True)


@attrs.define(kw_only=True)
class BelongingDraft(CountedDraft):
    """Things of one kind and what became of them."""

    kind: str = fields.choice("belonging_kinds", "nature du bien", required=True)
    fate: str = fields.choice("belonging_fates", "ce qu’il est devenu", required=True)
    owner_id: uuid.UUID | None = fields.ref("person", "à qui, si on le sait")
    reclaim_place: str = fields.text("lieu où on peut le réclamer")
