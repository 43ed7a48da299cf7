# SPDX-License-Identifier: GPL-3.0-or-later
"""What was counted at an incident: never a bare number, always how sure it is and whose it is."""

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from hro_desktop.records.base import Record

__all__ = ["Belonging", "Tally"]


class _Counted(Record):
    """A number with its bound (list `bounds`), its source (list `count_sources`) and who stands for it.

    `said_by_id` counted, filmed or says it; `described` stands for somebody who has no record; what was filmed may
    be counted again on `evidence_id`.
    """

    __abstract__ = True
    value: Mapped[int]
    bound: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20))
    described: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")

    @declared_attr
    @classmethod
    def incident_id(cls) -> Mapped[uuid.UUID]:
        return mapped_column(ForeignKey("incident.id"), index=True)

    @declared_attr
    @classmethod
    def position(cls) -> Mapped[int]:
        return mapped_column(default=0)

    @declared_attr
    @classmethod
    def said_by_id(cls) -> Mapped[uuid.UUID | None]:
        return mapped_column(ForeignKey("person.id"))

    @declared_attr
    @classmethod
    def evidence_id(cls) -> Mapped[uuid.UUID | None]:
        return mapped_column(ForeignKey("evidence.id"))

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[CheckConstraint, ...]:
        return (
            CheckConstraint("value >= 0", name="value_positive"),
            CheckConstraint("bound <> '' AND source <> ''", name="bounded"),
            CheckConstraint("coalesce(said_by_id, evidence_id) IS NOT NULL OR described <> ''", name="somebody"),
        )


class Tally(_Counted):
    """How many of what (list `tally_subjects`) at one place."""

    __tablename__ = "tally"

    kind: Mapped[str] = mapped_column(String(40))


class Belonging(_Counted):
    """Things of one kind (list `belonging_kinds`) and what became of them (list `belonging_fates`).

    `owner_id` whose they are, when that is known; `reclaim_place` where they can be asked for.
    """

    __tablename__ = "belonging"

    kind: Mapped[str] = mapped_column(String(40))
    fate: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    reclaim_place: Mapped[str] = mapped_column(default="")
