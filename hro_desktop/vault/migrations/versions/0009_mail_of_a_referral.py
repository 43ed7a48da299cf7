# SPDX-License-Identifier: GPL-3.0-or-later

"""Mail of a referral and vehicle of an outing."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward, inside the transaction of the caller."""
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("referral_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_mail_referral_id"), ["referral_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_mail_referral_id_referral"), "referral", ["referral_id"], ["id"])

    with op.batch_alter_table("outing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("vehicle", sa.Text(), server_default="", nullable=False))
