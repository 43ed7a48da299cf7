# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents, who was involved, and what was said of them by whom.

Nothing about forces, units, numbers on uniforms, blows or injuries is stored as a bare fact: each is an assertion
with its author and its support (« selon… »; a false accusation is an offence, CP 226-10).
"""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hro_desktop.records.base import Record
from hro_desktop.records.people import Person
from hro_desktop.records.sites import Site
from hro_desktop.records.tallies import Belonging, Tally

__all__ = ["Assertion", "Incident", "Involvement"]


class Incident(Record):
    """An eviction, an act of violence… `occurred` is a partial date, times are `HH:MM` as told.

    During an outing it is one passage at one place: the times are those of arrival and departure. A beach or the sea
    is no site: `place` says it in words, `place_kind` is a code of the list `place_kinds`. `remarks` are the team's,
    for its debriefing; `note` stays inside.
    """

    __tablename__ = "incident"

    reference: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(default="")
    site_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("site.id"), index=True)
    operation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("operation.id"), index=True)
    outing_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("outing.id"), index=True)
    place: Mapped[str] = mapped_column(default="")
    place_kind: Mapped[str] = mapped_column(String(40), default="", server_default="")
    commune: Mapped[str] = mapped_column(String(5), default="")
    occurred: Mapped[str] = mapped_column(default="", index=True)
    time_from: Mapped[str] = mapped_column(String(5), default="")
    time_to: Mapped[str] = mapped_column(String(5), default="")
    time_approximate: Mapped[bool] = mapped_column(default=False)
    legal_basis: Mapped[str] = mapped_column(String(40), default="")
    legal_basis_said_by: Mapped[str] = mapped_column(default="")
    remarks: Mapped[str] = mapped_column(default="", server_default="")
    note: Mapped[str] = mapped_column(default="")

    site: Mapped[Site | None] = relationship()
    involvements: Mapped[list["Involvement"]] = relationship(order_by="Involvement.id", cascade="all, delete-orphan")
    assertions: Mapped[list["Assertion"]] = relationship(
        order_by="Assertion.position, Assertion.id", cascade="all, delete-orphan"
    )
    tallies: Mapped[list[Tally]] = relationship(order_by=Tally.position, cascade="all, delete-orphan")
    belongings: Mapped[list[Belonging]] = relationship(order_by=Belonging.position, cascade="all, delete-orphan")


class Involvement(Record):
    """A person's part in an incident: role, and one harm the person reports in a few words.

    Somebody hurt whose things were destroyed too has two rows in the same role, one per harm.
    """

    __tablename__ = "involvement"

    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("incident.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    harm: Mapped[str] = mapped_column(String(40), default="")
    harm_note: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship()


class Assertion(Record):
    """One sourced statement of fact about an incident.

    Args (columns): `kind` and `status` from the vocabulary; `value` as told; `about_id` the person it concerns;
    `said_by_id` who says so; `statement_id` or `evidence_id` where it can be read, seen or heard; `said_on` when.
    """

    __tablename__ = "assertion"

    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("incident.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(40), default="")
    value: Mapped[str] = mapped_column(default="")
    detail: Mapped[str] = mapped_column(default="")
    about_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    said_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    statement_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("statement.id"))
    evidence_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("evidence.id"))
    said_on: Mapped[dt.date | None]
