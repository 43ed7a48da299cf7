# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations: the convoy of the day, under which incidents happen site by site."""

import uuid

import attrs

from hro_desktop.casework import fields
from hro_desktop.records.observation import Operation
from hro_desktop.vault.work import Work

__all__ = ["OperationDraft", "save"]


@attrs.define(kw_only=True)
class OperationDraft(fields.Draft):
    """One police operation."""

    occurred_on = fields.day("jour de l’opération", required=True, past=True)
    outing_id: uuid.UUID | None = fields.ref("outing", "sortie de l’équipe qui l’a suivie")
    territory: str = fields.choice("territories", "territoire")
    note: str = fields.text("ce que l’équipe a vu du convoi", long=True)


def save(work: Work, draft: OperationDraft) -> uuid.UUID:
    """Record or change an operation."""
    return fields.save(work, Operation, draft).id
