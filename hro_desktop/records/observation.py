# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations: one convoy on one day, under which incidents happen site by site."""

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from hro_desktop.records.base import Record

__all__ = ["Operation"]


class Operation(Record):
    """A police operation as the team saw it leave and come back."""

    __tablename__ = "operation"

    occurred_on: Mapped[dt.date | None]
    territory: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(default="")
