# SPDX-License-Identifier: GPL-3.0-or-later

"""When somebody was last reached is written once, in the notes of contacts."""

import datetime as dt
import secrets
import uuid

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward, inside the transaction of the caller."""
    connection = op.get_bind()
    # a note of that day or of a later one says the same and more
    found = connection.exec_driver_sql(
        'SELECT id, person_id, contacted_on FROM "case" AS known WHERE contacted_on IS NOT NULL AND NOT EXISTS '
        "(SELECT 1 FROM contact_note WHERE contact_note.person_id = known.person_id AND contact_note.reached "
        "AND contact_note.contacted_on >= known.contacted_on)"
    ).all()
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    for case_id, person_id, contacted_on in found:
        connection.exec_driver_sql(
            "INSERT INTO contact_note (id, person_id, case_id, contacted_on, means, reached, words, version, "
            "created_at, updated_at) VALUES (?, ?, ?, ?, 'autre', 1, ?, 1, ?, ?)",
            (_new_id(), person_id, case_id, contacted_on, "Jour noté au dossier, sans le moyen.", now, now),
        )
    op.drop_column("case", "contacted_on")


def _new_id() -> str:
    """A UUIDv7, as every record has: the milliseconds first, then chance."""
    milliseconds = int(dt.datetime.now(dt.UTC).timestamp() * 1000)
    number = milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    return uuid.UUID(int=number).hex
