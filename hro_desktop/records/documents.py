# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents the program produced, with the facts they were made from."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hro_desktop.records.base import Record
from hro_desktop.records.objects import StoredObject

__all__ = ["Document"]


class Document(Record):
    """One produced file, of one referral, statement, incident or outing, kept with the values that filled it.

    `values_json` is the canonical JSON of the values with their sources, `values_sha256` its hash: it can always be
    shown what was made and from which facts. A frozen document refuses updates.
    """

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint(
            "(referral_id IS NOT NULL) + (statement_id IS NOT NULL) + (incident_id IS NOT NULL) "
            "+ (outing_id IS NOT NULL) = 1",
            name="one_subject",
        ),
    )

    referral_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"), index=True)
    statement_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("statement.id"), index=True)
    incident_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("incident.id"), index=True)
    outing_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("outing.id"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    form_id: Mapped[str] = mapped_column(String(60), default="")
    form_edition: Mapped[str] = mapped_column(String(40), default="")
    media_type: Mapped[str] = mapped_column(String(100))
    object_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_object.id"))
    values_sha256: Mapped[str] = mapped_column(String(64), default="")
    values_json: Mapped[str] = mapped_column(default="")
    pages: Mapped[int | None]
    made_at: Mapped[dt.datetime]
    made_by: Mapped[str] = mapped_column(String(40), default="")
    frozen_at: Mapped[dt.datetime | None]
    edited_from_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("document.id"))
    set_aside_at: Mapped[dt.datetime | None]

    stored: Mapped[StoredObject] = relationship()
