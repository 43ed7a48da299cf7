# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory: organisations and authorities with the day somebody last checked their address."""

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from hro_desktop.records.base import Record

__all__ = ["Organisation"]


class Organisation(Record):
    """An association, a court, an inspection… `law_id` overrides the row of the law tables with the same id.

    An empty `checked_on` means that the address is not verified and must not be printed as certain.
    """

    __tablename__ = "organisation"

    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str]
    law_id: Mapped[str] = mapped_column(String(60), default="", index=True)
    lines: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(String(20), default="")
    town: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    checked_on: Mapped[dt.date | None]
    source: Mapped[str] = mapped_column(default="")
