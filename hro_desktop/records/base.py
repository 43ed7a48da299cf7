# SPDX-License-Identifier: GPL-3.0-or-later
"""What every record shares: ids made on this machine, UTC instants, optimistic locking, names of constraints.

    class Site(Record):
        __tablename__ = "site"

        name: Mapped[str]
        opened_on: Mapped[dt.date | None]
        kind: Mapped[SiteKind]                       # an enum.Enum, stored by value
        person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)

Columns stay portable: nothing here or in a record may depend on SQLite, so that a team can move to PostgreSQL.
"""

import datetime as dt
import enum
import secrets
import time
import uuid
from typing import Any, ClassVar

from sqlalchemy import JSON, Date, DateTime, Dialect, Enum, LargeBinary, MetaData, Text, TypeDecorator, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

__all__ = ["Base", "Record", "UtcInstant", "new_id", "utc_now"]

# Migrations drop and change constraints by name; unnamed ones cannot be found again, on SQLite least of all.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562): its order is the order of creation, within about a microsecond.

    The twelve bits after the milliseconds hold the fraction of a millisecond (method 3 of section 6.2), so that
    no counter has to be kept.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76
    value |= (rest * 4096 // 1_000_000) << 64
    value |= 0b10 << 62
    value |= secrets.randbits(62)
    return uuid.UUID(int=value)


def utc_now() -> dt.datetime:
    """The present instant, aware of its zone."""
    return dt.datetime.now(dt.UTC)


class UtcInstant(TypeDecorator[dt.datetime]):
    """An instant: aware in Python, a naive UTC timestamp in the base, in SQLite as in PostgreSQL.

    A naive value is refused: it would be read back one or two hours off, which is enough to break a legal delay.
    """

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """From an aware instant to naive UTC.

        Raises:
            ValueError: the value has no time zone.
        """
        del dialect
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """From naive UTC to an aware instant."""
        del dialect
        return None if value is None else value.replace(tzinfo=dt.UTC)


def _values(members: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in members]


class Base(DeclarativeBase):
    """The one metadata of all tables; types by annotation."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        uuid.UUID: Uuid(),
        dt.datetime: UtcInstant(),
        dt.date: Date(),
        str: Text(),
        bytes: LargeBinary(),
        dict[str, Any]: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
        # By value, as text: a native enumeration would need a migration for each new word.
        enum.Enum: Enum(enum.Enum, native_enum=False, length=40, values_callable=_values),
    }


class Record(Base):
    """A record with an opaque id, a version that refuses lost updates, and its two instants.

    `version` starts at 1 and grows at each UPDATE; saving over a newer version raises SQLAlchemy's `StaleDataError`,
    which the unit of work turns into the fault `record.stale`.
    """

    __abstract__ = True

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-10)
    version: Mapped[int] = mapped_column(nullable=False, sort_order=90)
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now, sort_order=91)
    updated_at: Mapped[dt.datetime] = mapped_column(default=utc_now, onupdate=utc_now, sort_order=92)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}
