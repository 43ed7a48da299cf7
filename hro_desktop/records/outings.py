# SPDX-License-Identifier: GPL-3.0-or-later
"""Outings: a team goes out to observe, place by place, and what stood in its way."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hro_desktop.records.base import Base, Record
from hro_desktop.records.people import Person
from hro_desktop.records.volunteers import Volunteer

__all__ = ["Hindrance", "HindrancePerson", "Outing", "OutingMember"]


class Outing(Record):
    """One team on one day. Its places are incidents, its convoys operations.

    Times are `HH:MM`. `vehicle` is what the team goes out in; `convoy` and `debrief` are the team's own words.
    `emptied_on` and `emptied_time` say when cards and phones were emptied into the vault, `clock_note` how far their
    clocks were off. `second_reader_id` reads the figures again, and did so on `read_again_on`.
    """

    __tablename__ = "outing"

    reference: Mapped[str] = mapped_column(String(20), unique=True)
    occurred_on: Mapped[dt.date] = mapped_column(index=True)
    territory: Mapped[str] = mapped_column(String(40))
    time_from: Mapped[str] = mapped_column(String(5), default="")
    time_to: Mapped[str] = mapped_column(String(5), default="")
    vehicle: Mapped[str] = mapped_column(default="")
    convoy: Mapped[str] = mapped_column(default="")
    debrief: Mapped[str] = mapped_column(default="")
    second_reader_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("volunteer.id"))
    read_again_on: Mapped[dt.date | None]
    emptied_on: Mapped[dt.date | None]
    emptied_time: Mapped[str] = mapped_column(String(5), default="")
    clock_note: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")

    second_reader: Mapped[Volunteer | None] = relationship()
    members: Mapped[list["OutingMember"]] = relationship(order_by="OutingMember.position", cascade="all, delete-orphan")


class OutingMember(Record):
    """One of the team: as a person who may bear witness, as a volunteer who uses the vault, or as both."""

    __tablename__ = "outing_member"
    __table_args__ = (CheckConstraint("coalesce(person_id, volunteer_id) IS NOT NULL", name="somebody"),)

    outing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("outing.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    volunteer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("volunteer.id"))

    person: Mapped[Person | None] = relationship()
    volunteer: Mapped[Volunteer | None] = relationship()


class Hindrance(Record):
    """What stood in the way of the observers, as somebody reports it; `duration_min` in minutes."""

    __tablename__ = "hindrance"
    __table_args__ = (CheckConstraint("duration_min IS NULL OR duration_min >= 0", name="duration_positive"),)

    outing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("outing.id"), index=True)
    incident_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("incident.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    time_from: Mapped[str] = mapped_column(String(5), default="")
    duration_min: Mapped[int | None]
    account: Mapped[str] = mapped_column(default="")
    said_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    evidence_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("evidence.id"))

    persons: Mapped[list["HindrancePerson"]] = relationship(cascade="all, delete-orphan")


class HindrancePerson(Base):
    """An observer who was hindered."""

    __tablename__ = "hindrance_person"

    hindrance_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hindrance.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
