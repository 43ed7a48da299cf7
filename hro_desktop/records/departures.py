# SPDX-License-Identifier: GPL-3.0-or-later
"""The ledger of what left the vault: which files, to whom, about whom, under which agreement."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hro_desktop.records.base import Record

__all__ = ["Departure", "DepartureFile", "DeparturePerson"]


class Departure(Record):
    """One departure of copies. Triggers forbid UPDATE and DELETE: what left cannot be called back.

    It belongs to a referral, to a statement, to the incident whose images are asked for, or to an outing. `authority`
    is a code of the law tables; `recipient` names anybody else. `channel` is a code of the lists `channels` or
    `departure_channels`, `profile` the shape the files were made in, empty for a plain one. `actor` is the key slot
    that opened the vault, `volunteer_id` who that is, when known. `sha256` is the hash of the whole entry with its
    files and people; the journal holds a commitment to it, so that a line added later is seen.
    """

    __tablename__ = "departure"
    __table_args__ = (
        CheckConstraint("coalesce(referral_id, statement_id, incident_id, outing_id) IS NOT NULL", name="subject"),
        CheckConstraint("referral_id IS NULL OR statement_id IS NULL", name="one_subject"),
        CheckConstraint("incident_id IS NULL OR coalesce(referral_id, statement_id) IS NULL", name="incident_alone"),
        CheckConstraint(
            "outing_id IS NULL OR coalesce(referral_id, statement_id, incident_id) IS NULL", name="outing_alone"
        ),
        CheckConstraint("authority <> '' OR recipient <> ''", name="somebody"),
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
    )

    referral_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"), index=True)
    statement_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("statement.id"), index=True)
    incident_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("incident.id"), index=True)
    outing_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("outing.id"), index=True)
    authority: Mapped[str] = mapped_column(String(60), default="")
    recipient: Mapped[str] = mapped_column(default="")
    channel: Mapped[str] = mapped_column(String(40), default="")
    profile: Mapped[str] = mapped_column(String(40), default="")
    left_at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(String(40), default="")
    volunteer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("volunteer.id"))
    draft: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str] = mapped_column(String(64))

    files: Mapped[list["DepartureFile"]] = relationship(order_by="DepartureFile.position")
    people: Mapped[list["DeparturePerson"]] = relationship(order_by="DeparturePerson.position")


class DepartureFile(Record):
    """One file as it left: name, hash, size in bytes, and the document or the item of evidence it came from."""

    __tablename__ = "departure_file"

    departure_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("departure.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100), default="")
    document_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("document.id"))
    evidence_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("evidence.id"), index=True)
    exhibit_number: Mapped[int | None]


class DeparturePerson(Record):
    """Somebody whom the departure concerns: `role` is a code of `departure_roles`.

    An agreement can be changed or withdrawn later: `ground` keeps in words what it was that day. `clearance` is what
    was decided for a third party (list `clearances`). `described` stands for somebody who has no record.
    """

    __tablename__ = "departure_person"
    __table_args__ = (
        CheckConstraint("person_id IS NOT NULL OR described <> ''", name="somebody"),
        CheckConstraint("consent_id IS NULL OR exception_id IS NULL", name="one_ground"),
    )

    departure_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("departure.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    described: Mapped[str] = mapped_column(default="")
    role: Mapped[str] = mapped_column(String(20))
    consent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("consent.id"))
    exception_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("consent_exception.id"))
    clearance: Mapped[str] = mapped_column(String(20), default="")
    ground: Mapped[str] = mapped_column(default="")
