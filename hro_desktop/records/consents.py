# SPDX-License-Identifier: GPL-3.0-or-later
"""Consents: one purpose, one body, one person, dated, and withdrawable at any time."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hro_desktop.records.base import Record

__all__ = ["Consent"]


class Consent(Record):
    """What a person agreed to or refused: `purpose` and `body` come from the vocabulary; `body` may be empty."""

    __tablename__ = "consent"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(20))
    mode: Mapped[str] = mapped_column(String(20), default="")
    language: Mapped[str] = mapped_column(String(20), default="")
    interpreter_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    given_on: Mapped[dt.date | None]
    withdrawn_on: Mapped[dt.date | None]
    collected_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("volunteer.id"))
    evidence_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("evidence.id"))
    note: Mapped[str] = mapped_column(default="")
