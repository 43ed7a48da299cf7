# SPDX-License-Identifier: GPL-3.0-or-later
"""Evidence: files kept unchanged, linked to incidents, people, statements and cases, and owned by none."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hro_desktop.records.base import Base, Record
from hro_desktop.records.objects import StoredObject

__all__ = ["Evidence", "EvidenceCase", "EvidenceIncident", "EvidencePerson", "EvidenceStatement"]


class Evidence(Record):
    """One item in the vault. `original_name` is kept as received and never used as a path.

    `taken` is a partial date, `duration_s` seconds. `derived_from_id` points at the item this one was made from,
    `derivation_kind` says how (list `derivations`; only `occultation` makes a masked version). `nobody_appears`:
    somebody looked and found nobody in it.
    """

    __tablename__ = "evidence"

    object_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_object.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str]
    original_name: Mapped[str] = mapped_column(default="")
    media_type: Mapped[str] = mapped_column(String(100), default="")
    taken: Mapped[str] = mapped_column(default="")
    taken_source: Mapped[str] = mapped_column(default="")
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    received_on: Mapped[dt.date | None]
    deposited_at: Mapped[dt.datetime]
    deposited_by: Mapped[str] = mapped_column(String(40), default="")
    nature: Mapped[str] = mapped_column(String(20), default="")
    language: Mapped[str] = mapped_column(String(20), default="")
    duration_s: Mapped[float | None]
    pages: Mapped[int | None]
    sensitive: Mapped[bool] = mapped_column(default=False)
    derived_from_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("evidence.id"))
    derivation: Mapped[str] = mapped_column(default="")
    derivation_kind: Mapped[str] = mapped_column(String(20), default="", server_default="")
    nobody_appears: Mapped[bool] = mapped_column(default=False, server_default="0")
    note: Mapped[str] = mapped_column(default="")

    stored: Mapped[StoredObject] = relationship()
    people: Mapped[list["EvidencePerson"]] = relationship(order_by="EvidencePerson.id", cascade="all, delete-orphan")
    incidents: Mapped[list["EvidenceIncident"]] = relationship(cascade="all, delete-orphan")
    cases: Mapped[list["EvidenceCase"]] = relationship(cascade="all, delete-orphan")
    statements: Mapped[list["EvidenceStatement"]] = relationship(cascade="all, delete-orphan")


class EvidenceIncident(Base):
    """The item shows or tells of an incident."""

    __tablename__ = "evidence_incident"

    evidence_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("incident.id"), primary_key=True)


class EvidencePerson(Record):
    """A person named, shown or audible in the item, and whether that person was cleared or masked."""

    __tablename__ = "evidence_person"

    evidence_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("evidence.id"), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    described: Mapped[str] = mapped_column(default="")
    appears: Mapped[str] = mapped_column(String(20))
    clearance: Mapped[str] = mapped_column(String(20), default="pending")


class EvidenceStatement(Base):
    """The item is a signed scan, an annex or an identity document of a statement."""

    __tablename__ = "evidence_statement"

    evidence_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    statement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("statement.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), default="signed")


class EvidenceCase(Base):
    """The item is useful to a case."""

    __tablename__ = "evidence_case"

    evidence_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
