# SPDX-License-Identifier: GPL-3.0-or-later
"""Encrypted files of the vault: where each is and what opens it."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from hro_desktop.records.base import Base, new_id, utc_now

__all__ = ["StoredObject"]


class StoredObject(Base):
    """One age file of `objets/`: an item of evidence, a derivative, a thumbnail or a produced document.

    `name` is random (160 bits in hexadecimal) and says nothing of the content. `private_key` is the raw X25519 key
    that opens this file and no other: erasing the row erases the object. `sha256` and `size` (bytes) are those of
    the clear content. A row is never changed, hence no version.
    """

    __tablename__ = "stored_object"
    __table_args__ = (
        CheckConstraint("length(name) = 40", name="name_length"),
        CheckConstraint("length(private_key) = 32", name="private_key_length"),
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
        CheckConstraint("size >= 0", name="size_positive"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    private_key: Mapped[bytes]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
