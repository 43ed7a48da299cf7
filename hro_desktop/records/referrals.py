# SPDX-License-Identifier: GPL-3.0-or-later
"""Referrals: one procedure before one authority, joined to each complainant's case."""

import datetime as dt
import uuid

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hro_desktop.records.base import Base, Record
from hro_desktop.records.cases import Case
from hro_desktop.records.people import Person

__all__ = ["Referral", "ReferralAccused", "ReferralIncident", "ReferralParty", "ReferralStep"]


class Referral(Record):
    """One procedure (`procedures.toml`) before one authority (`authorities.toml`).

    `account` is the statement of facts, written by a person; it cites evidence as `[[piece:<uuid>]]`.
    `offences` and `requests` are ids of the law tables. `follows_id`
    is the referral this one completes: its exhibits go on from the numbers of that one. `declared_as` says who writes
    to the body (list `declarants`), `declarant_id` which witness. `against_others`: against
    X too, beside the persons named. `overrides` holds, by path, what a person typed for this document only, who and
    when. `reread_on` and `reread_by_id` are the second reading, of the papers whose hash is `reread_sha256`.
    """

    __tablename__ = "referral"

    reference: Mapped[str] = mapped_column(String(20), unique=True)
    procedure: Mapped[str] = mapped_column(String(40))
    authority: Mapped[str] = mapped_column(String(60))
    authority_organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    follows_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"), index=True)
    declared_as: Mapped[str] = mapped_column(String(20), default="personnes", server_default="personnes")
    against_others: Mapped[bool] = mapped_column(default=False, server_default="0")
    declarant_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    account: Mapped[str] = mapped_column(default="")
    account_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("volunteer.id"))
    place: Mapped[str] = mapped_column(default="")
    dated_on: Mapped[dt.date | None]
    offences: Mapped[list[str]] = mapped_column(JSON, default=list)
    requests: Mapped[list[str]] = mapped_column(JSON, default=list)
    overrides: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict)
    reread_on: Mapped[dt.date | None]
    reread_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("volunteer.id"))
    reread_sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")

    follows: Mapped["Referral | None"] = relationship(remote_side="Referral.id")
    declarant: Mapped[Person | None] = relationship()
    incidents: Mapped[list["ReferralIncident"]] = relationship(
        order_by="ReferralIncident.position", cascade="all, delete-orphan"
    )
    parties: Mapped[list["ReferralParty"]] = relationship(
        order_by="ReferralParty.position, ReferralParty.id", cascade="all, delete-orphan"
    )
    accused: Mapped[list["ReferralAccused"]] = relationship(
        order_by="ReferralAccused.position", cascade="all, delete-orphan"
    )


class ReferralIncident(Base):
    """The referral is about an incident."""

    __tablename__ = "referral_incident"

    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    incident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("incident.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)


class ReferralAccused(Base):
    """A named person the complaint is against; none means « contre X »."""

    __tablename__ = "referral_accused"

    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)
    known_as: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship()


class ReferralParty(Record):
    """One complainant's case in a referral: consent for that body, status, reading back, signature, history.

    `read_back_sha256` is the hash of the papers that were read back: what changed since is to be read again.
    """

    __tablename__ = "referral_party"
    __table_args__ = (UniqueConstraint("referral_id", "case_id"),)

    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(String(40), default="en_redaction", index=True)
    body_reference: Mapped[str] = mapped_column(default="")
    signed_on: Mapped[dt.date | None]
    signed_evidence_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("evidence.id"))
    read_back_on: Mapped[dt.date | None]
    read_back_language: Mapped[str] = mapped_column(String(8), default="", server_default="")
    read_back_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("volunteer.id"))
    read_back_interpreter_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    read_back_sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")

    case: Mapped[Case] = relationship()
    steps: Mapped[list["ReferralStep"]] = relationship(
        order_by="ReferralStep.occurred_on, ReferralStep.id", cascade="all, delete-orphan"
    )


class ReferralStep(Record):
    """One change of status of a party, with its date and its proof; `dispatch_id` is the sending that made it so."""

    __tablename__ = "referral_step"

    party_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral_party.id"), index=True)
    status: Mapped[str] = mapped_column(String(40))
    occurred_on: Mapped[dt.date] = mapped_column(index=True)
    proof_evidence_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("evidence.id"))
    note: Mapped[str] = mapped_column(default="")
    dispatch_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("dispatch.id"), index=True)
