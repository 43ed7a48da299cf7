# SPDX-License-Identifier: GPL-3.0-or-later

"""Sendings and readings."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward, inside the transaction of the caller."""
    op.create_table(
        "dispatch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("departure_id", sa.Uuid(), nullable=True),
        sa.Column("authority", sa.String(length=60), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("copy", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("tracking_number", sa.Text(), nullable=False),
        sa.Column("proof_evidence_id", sa.Uuid(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("receipt_evidence_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["departure_id"], ["departure.id"], name=op.f("fk_dispatch_departure_id_departure")),
        sa.ForeignKeyConstraint(
            ["proof_evidence_id"], ["evidence.id"], name=op.f("fk_dispatch_proof_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_evidence_id"], ["evidence.id"], name=op.f("fk_dispatch_receipt_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_dispatch_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch")),
    )
    with op.batch_alter_table("dispatch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispatch_referral_id"), ["referral_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispatch_sent_on"), ["sent_on"], unique=False)

    op.create_table(
        "dispatch_document",
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dispatch_id"], ["dispatch.id"], name=op.f("fk_dispatch_document_dispatch_id_dispatch")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_dispatch_document_document_id_document")
        ),
        sa.PrimaryKeyConstraint("dispatch_id", "document_id", name=op.f("pk_dispatch_document")),
    )
    with op.batch_alter_table("dispatch_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispatch_document_document_id"), ["document_id"], unique=False)

    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edited_from_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("set_aside_at", sa.DateTime(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_document_edited_from_id_document"), "document", ["edited_from_id"], ["id"]
        )

    # the table was made anew, without its trigger
    op.execute(
        "CREATE TRIGGER document_frozen BEFORE UPDATE ON document "
        "WHEN OLD.frozen_at IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'a frozen document never changes'); END"
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reread_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("reread_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("reread_sha256", sa.String(length=64), server_default="", nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_referral_reread_by_id_volunteer"), "volunteer", ["reread_by_id"], ["id"]
        )

    with op.batch_alter_table("referral_party", schema=None) as batch_op:
        batch_op.add_column(sa.Column("read_back_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("read_back_language", sa.String(length=8), server_default="", nullable=False))
        batch_op.add_column(sa.Column("read_back_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("read_back_interpreter_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("read_back_sha256", sa.String(length=64), server_default="", nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_referral_party_read_back_interpreter_id_person"),
            "person",
            ["read_back_interpreter_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_referral_party_read_back_by_id_volunteer"), "volunteer", ["read_back_by_id"], ["id"]
        )
