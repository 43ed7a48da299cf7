# SPDX-License-Identifier: GPL-3.0-or-later
"""Exhibit lists: numbers belong to the list, never to the evidence."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hro_desktop.records.base import Record
from hro_desktop.records.evidence import Evidence

__all__ = ["Exhibit", "ExhibitList"]


class ExhibitList(Record):
    """The ordered exhibits of a referral. Once communicated it is frozen, and the next one continues its numbers.

    `first_number` is the number of the first exhibit of this list.
    """

    __tablename__ = "exhibit_list"
    __table_args__ = (UniqueConstraint("referral_id", "sequence"),)

    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    sequence: Mapped[int] = mapped_column(default=1)
    first_number: Mapped[int] = mapped_column(default=1)
    frozen_at: Mapped[dt.datetime | None]
    communicated_on: Mapped[dt.date | None]

    exhibits: Mapped[list["Exhibit"]] = relationship(order_by="Exhibit.position", cascade="all, delete-orphan")


class Exhibit(Record):
    """One item of evidence at one place of a list, with the title it bears there."""

    __tablename__ = "exhibit"
    __table_args__ = (UniqueConstraint("list_id", "evidence_id"),)

    list_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("exhibit_list.id"), index=True)
    evidence_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("evidence.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(default="")
    chapter: Mapped[str] = mapped_column(String(40), default="")

    evidence: Mapped[Evidence] = relationship()
