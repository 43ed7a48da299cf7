# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a referral went on without somebody's agreement: the cases of LO 2011-333 art. 8, each with its reason."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hro_desktop.records.base import Record

__all__ = ["ConsentException"]


class ConsentException(Record):
    """One decision about one person, or about somebody nobody could name, for one body and one referral.

    `code` is one of the list `consent_exceptions`; the reason is written by whoever decided. `identity_reduced` says
    that the referral gives a first letter and « X » in place of the name.
    """

    __tablename__ = "consent_exception"
    __table_args__ = (
        CheckConstraint("person_id IS NOT NULL OR described <> ''", name="somebody"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    described: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(String(40))
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str]
    identity_reduced: Mapped[bool] = mapped_column(default=True)
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("volunteer.id"))
    decided_on: Mapped[dt.date | None]
