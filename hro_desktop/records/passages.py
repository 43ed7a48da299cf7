# SPDX-License-Identifier: GPL-3.0-or-later
"""Passages of a statement that could put somebody in danger, and what its author decided for each."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hro_desktop.records.base import Record
from hro_desktop.records.statements import StatementVersion

__all__ = ["Passage"]


class Passage(Record):
    """One marked passage of one version: the version itself never changes.

    `part` says in which of its two texts (list `passage_parts`), `start` is the number of characters before it,
    `quoted` its exact words. `reason` is a code of `passage_reasons`, `decision` of `passage_decisions`.
    """

    __tablename__ = "passage"
    __table_args__ = (
        CheckConstraint("start >= 0", name="start_positive"),
        CheckConstraint("quoted <> ''", name="quoted"),
    )

    statement_version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("statement_version.id"), index=True)
    part: Mapped[str] = mapped_column(String(20))
    start: Mapped[int]
    quoted: Mapped[str]
    reason: Mapped[str] = mapped_column(String(40))
    decision: Mapped[str] = mapped_column(String(20), default="en_attente")
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("volunteer.id"))
    decided_on: Mapped[dt.date | None]
    note: Mapped[str] = mapped_column(default="")

    version_of: Mapped[StatementVersion] = relationship()
