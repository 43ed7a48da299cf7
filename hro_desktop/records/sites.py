# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites: living places that move and have several names."""

import uuid

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hro_desktop.records.base import Record

__all__ = ["Site", "SiteName"]


class Site(Record):
    """A living place; `commune` is an INSEE code, coordinates are WGS 84 degrees, dates are partial."""

    __tablename__ = "site"

    name: Mapped[str]
    commune: Mapped[str] = mapped_column(String(5), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    active_from: Mapped[str] = mapped_column(default="")
    active_to: Mapped[str] = mapped_column(default="")

    names: Mapped[list["SiteName"]] = relationship(order_by="SiteName.id", cascade="all, delete-orphan")


class SiteName(Record):
    """Another name of a site."""

    __tablename__ = "site_name"

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("site.id"), index=True)
    text: Mapped[str]
