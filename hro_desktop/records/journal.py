# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal: one line per action, chained, without a name in it."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from hro_desktop.records.base import Base

__all__ = ["JournalLine", "JournalSalt"]


class JournalLine(Base):
    """Who (key slot) did what (a dotted word) to which record (opaque id), and when.

    `commitment` is SHA-256(salt || SHA-256 of the item): it proves the item to whoever holds it and the salt, and
    tells nothing to anybody else. `hash` is the SHA-256 of the line in canonical JSON, which holds `previous`, the
    hash of the line before. `utc` is text, because it is hashed as text. The columns are text and numbers only, so
    that a line can be checked without this program. Triggers forbid UPDATE and DELETE.
    """

    __tablename__ = "journal_line"
    __table_args__ = (
        CheckConstraint("n >= 1", name="from_one"),
        CheckConstraint("length(hash) = 64 AND length(previous) = 64", name="hash_length"),
    )

    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    utc: Mapped[str] = mapped_column(String(27))
    actor: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(60))
    object: Mapped[str] = mapped_column(String(40), index=True)
    commitment: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class JournalSalt(Base):
    """The salt of one commitment, in a row of its own: erasing it leaves the chain whole and the commitment mute."""

    __tablename__ = "journal_salt"

    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[bytes]
