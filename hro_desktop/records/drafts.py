# SPDX-License-Identifier: GPL-3.0-or-later
"""What is being typed and not yet saved: it outlives a crash, a lock, a flat battery."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from hro_desktop.records.base import Base

__all__ = ["KeptDraft"]


class KeptDraft(Base):
    """What one editor holds of one record, or of the one to be.

    `kind` names the editor: the table of the record, or a word of its own when a record has several editors.
    `record_id` points at nothing until the record is saved. `content` is what was typed, right or wrong; `actor` the
    key slot of who typed it. A row is replaced as one types and leaves no line in the journal.
    """

    __tablename__ = "draft"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    record_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    updated_at: Mapped[dt.datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(40), default="")
