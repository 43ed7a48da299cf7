# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases follow one complainant each; a group gathers cases."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hro_desktop.records.base import Record
from hro_desktop.records.people import Person

__all__ = ["Case", "CaseGroup"]


class CaseGroup(Record):
    """Cases that belong together, such as the complainants of one eviction."""

    __tablename__ = "case_group"

    name: Mapped[str]


class Case(Record):
    """The file of one complainant."""

    __tablename__ = "case"
    __table_args__ = (Index("ix_case_opening", "opened_on", "reference", "id"),)  # a list in that order reads no case

    reference: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    group_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case_group.id"), index=True)
    opened_on: Mapped[dt.date | None]
    closed_on: Mapped[dt.date | None]
    in_charge_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("volunteer.id"), index=True)
    note: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship()
