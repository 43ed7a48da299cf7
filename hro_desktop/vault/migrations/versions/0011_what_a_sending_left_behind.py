# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be said of a sending, what was said of it before, and the events it made."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward, inside the transaction of the caller."""
    op.add_column("dispatch", sa.Column("remark", sa.Text(), server_default="", nullable=False))
    op.add_column("dispatch", sa.Column("corrections", sa.JSON(), server_default="[]", nullable=False))
    with op.batch_alter_table("referral_step", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dispatch_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_referral_step_dispatch_id"), ["dispatch_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_referral_step_dispatch_id_dispatch"), "dispatch", ["dispatch_id"], ["id"]
        )
    # Until now an event was known to come from a sending by its day.
    op.execute(
        "UPDATE referral_step SET dispatch_id = ("
        "SELECT dispatch.id FROM dispatch JOIN referral_party ON referral_party.referral_id = dispatch.referral_id "
        "WHERE referral_party.id = referral_step.party_id AND dispatch.copy = 0 "
        "AND dispatch.sent_on = referral_step.occurred_on ORDER BY dispatch.id LIMIT 1) "
        "WHERE status IN ('deposee', 'envoyee', 'saisine_envoyee')"
    )
    # The numbers of a communicated list never change; the day it was is that of its sending, which is corrected.
    op.execute("DROP TRIGGER exhibit_list_frozen")
    op.execute(
        "CREATE TRIGGER exhibit_list_frozen BEFORE UPDATE OF id, referral_id, sequence, first_number, frozen_at "
        "ON exhibit_list WHEN OLD.frozen_at IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'a communicated list never changes'); END"
    )
