# SPDX-License-Identifier: GPL-3.0-or-later

"""Referrals that follow another."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward, inside the transaction of the caller."""
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.add_column(sa.Column("follows_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("declared_as", sa.String(length=20), server_default="personnes", nullable=False))
        batch_op.add_column(sa.Column("against_others", sa.Boolean(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("declarant_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_referral_follows_id"), ["follows_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_referral_declarant_id_person"), "person", ["declarant_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_referral_follows_id_referral"), "referral", ["follows_id"], ["id"])
