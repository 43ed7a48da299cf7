# SPDX-License-Identifier: GPL-3.0-or-later
"""Statements: one author's account, in versions; a sealed version never changes."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hro_desktop.records.base import Base, Record
from hro_desktop.records.people import Person

__all__ = ["Statement", "StatementIncident", "StatementVersion"]


class Statement(Record):
    """An account: `recit` (a complainant's own), `attestation` (a witness, CPC 202), `declaration` (a minor).

    It may belong to no case. `address_id` empty means: the association's address. The three links are those
    of CPC 202 al. 2; empty means not yet asked.
    """

    __tablename__ = "statement"

    reference: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case.id"), index=True)
    taken_on: Mapped[dt.date | None]
    taken_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("volunteer.id"))
    address_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("address.id"))
    kinship: Mapped[bool | None] = mapped_column(default=None)
    kinship_detail: Mapped[str] = mapped_column(default="")
    subordination: Mapped[bool | None] = mapped_column(default=None)
    subordination_detail: Mapped[str] = mapped_column(default="")
    interests: Mapped[bool | None] = mapped_column(default=None)
    interests_detail: Mapped[str] = mapped_column(default="")
    identity_evidence_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("evidence.id", use_alter=True, name="fk_statement_identity_evidence")
    )
    withdrawn_on: Mapped[dt.date | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")

    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    versions: Mapped[list["StatementVersion"]] = relationship(
        order_by="StatementVersion.number", cascade="all, delete-orphan"
    )
    incidents: Mapped[list["StatementIncident"]] = relationship(cascade="all, delete-orphan")


class StatementVersion(Record):
    """One wording of a statement: the original language beside French, who interpreted, how it was read back.

    `sha256` is the hash of the sealed content (canonical JSON of these columns); a sealed row refuses updates.
    """

    __tablename__ = "statement_version"
    __table_args__ = (UniqueConstraint("statement_id", "number"),)

    statement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("statement.id"), index=True)
    number: Mapped[int]
    language: Mapped[str] = mapped_column(String(20), default="fr")
    original_text: Mapped[str] = mapped_column(default="")
    french_text: Mapped[str] = mapped_column(default="")
    interpreter_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    interpreter_mode: Mapped[str] = mapped_column(String(20), default="")
    read_back_on: Mapped[dt.date | None]
    read_back_language: Mapped[str] = mapped_column(String(20), default="")
    sealed_at: Mapped[dt.datetime | None]
    sha256: Mapped[str] = mapped_column(String(64), default="")


class StatementIncident(Base):
    """A statement tells of an incident."""

    __tablename__ = "statement_incident"

    statement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("statement.id"), primary_key=True)
    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("incident.id"), primary_key=True)
