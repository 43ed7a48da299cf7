# SPDX-License-Identifier: GPL-3.0-or-later
"""Sendings: which frozen papers went to which body, how, and the proofs that they did."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hro_desktop.records.base import Base, Record

__all__ = ["Dispatch", "DispatchDocument"]


class Dispatch(Record):
    """One sending of a referral to `authority` (a copy to the procureur is another one), by a way of `channels`.

    `proof_evidence_id` is the receipt of the deposit, `receipt_evidence_id` the notice that it was received, of the
    day `received_on`. The files and the agreements of that day are in the ledger, at `departure_id`; `remark` says that
    it left without one of them, and what comes next. `corrections`: when it was corrected, and what it said before; a
    journal line holds a commitment to each.
    """

    __tablename__ = "dispatch"

    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    departure_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("departure.id"))
    authority: Mapped[str] = mapped_column(String(60))
    channel: Mapped[str] = mapped_column(String(40))
    sent_on: Mapped[dt.date] = mapped_column(index=True)
    copy: Mapped[bool] = mapped_column(default=False, server_default="0")
    tracking_number: Mapped[str] = mapped_column(default="")
    proof_evidence_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("evidence.id"))
    received_on: Mapped[dt.date | None]
    receipt_evidence_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("evidence.id"))
    note: Mapped[str] = mapped_column(default="")
    remark: Mapped[str] = mapped_column(default="", server_default="")
    corrections: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")

    documents: Mapped[list["DispatchDocument"]] = relationship(order_by="DispatchDocument.position")


class DispatchDocument(Base):
    """A document that went with a sending."""

    __tablename__ = "dispatch_document"

    dispatch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dispatch.id"), primary_key=True)
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)
