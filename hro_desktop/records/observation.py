# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations: one convoy on one day, under which incidents happen site by site."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hro_desktop.records.base import Record

__all__ = ["Operation"]


class Operation(Record):
    """A police operation as the team of an outing saw it leave and come back."""

    __tablename__ = "operation"

    occurred_on: Mapped[dt.date | None]
    outing_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("outing.id"), index=True)
    territory: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(default="")
