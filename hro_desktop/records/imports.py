# SPDX-License-Identifier: GPL-3.0-or-later
"""What was imported from outside, so that the same dossier never enters twice."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from hro_desktop.records.base import Record

__all__ = ["Import"]


class Import(Record):
    """One dossier folder taken in: its own key and the SHA-256 of its description."""

    __tablename__ = "import"

    key: Mapped[str] = mapped_column(String(100), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
