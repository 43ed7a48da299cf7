# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of the vault: who the association is, and what kind of vault this is."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from hro_desktop.records.base import Base

__all__ = ["Setting"]


class Setting(Base):
    """One named value, such as `association` (id of an organisation) or `practice`."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(default="")
