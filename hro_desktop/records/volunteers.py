# SPDX-License-Identifier: GPL-3.0-or-later
"""Volunteers of the association who use the vault."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from hro_desktop.records.base import Record

__all__ = ["Volunteer"]


class Volunteer(Record):
    """Someone who records and writes; `slot_id` is the key slot that opens the vault for this person."""

    __tablename__ = "volunteer"

    name: Mapped[str]
    initials: Mapped[str] = mapped_column(String(10), default="")
    slot_id: Mapped[str] = mapped_column(String(40), default="")
    active: Mapped[bool] = mapped_column(default=True)
