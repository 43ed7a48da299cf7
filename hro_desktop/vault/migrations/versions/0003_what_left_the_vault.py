# SPDX-License-Identifier: GPL-3.0-or-later

"""What left the vault."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward, inside the transaction of the caller."""
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reference", sa.String(length=20), server_default="", nullable=False))
    op.execute(
        "UPDATE incident SET reference = (SELECT printf('F-%s-%04d', substr(one.created_at, 1, 4), count(*)) "
        "FROM incident AS one JOIN incident AS two ON substr(two.created_at, 1, 4) = substr(one.created_at, 1, 4) "
        "AND two.id <= one.id WHERE one.id = incident.id)"
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.alter_column("reference", server_default=None)
        batch_op.create_unique_constraint(batch_op.f("uq_incident_reference"), ["reference"])
    with op.batch_alter_table("involvement", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_involvement_incident_id_person_id_role"), type_="unique")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("incident_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_document_incident_id"), ["incident_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_document_incident_id_incident"), "incident", ["incident_id"], ["id"])
        batch_op.drop_constraint(batch_op.f("ck_document_one_subject"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_document_one_subject"),
            "(referral_id IS NOT NULL) + (statement_id IS NOT NULL) + (incident_id IS NOT NULL) = 1",
        )
    # the table was made anew, without its trigger
    op.execute(
        "CREATE TRIGGER document_frozen BEFORE UPDATE ON document "
        "WHEN OLD.frozen_at IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'a frozen document never changes'); END"
    )
    op.create_table(
        "consent_exception",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("described", sa.Text(), nullable=False),
        sa.Column("body", sa.String(length=40), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("identity_reduced", sa.Boolean(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("person_id IS NOT NULL OR described <> ''", name=op.f("ck_consent_exception_somebody")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_consent_exception_reason")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["volunteer.id"], name=op.f("fk_consent_exception_decided_by_id_volunteer")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_exception_person_id_person")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_consent_exception_referral_id_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_exception")),
    )
    with op.batch_alter_table("consent_exception", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_exception_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_exception_referral_id"), ["referral_id"], unique=False)

    op.create_table(
        "departure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("statement_id", sa.Uuid(), nullable=True),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("authority", sa.String(length=60), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("profile", sa.String(length=40), nullable=False),
        sa.Column("left_at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=True),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("authority <> '' OR recipient <> ''", name=op.f("ck_departure_somebody")),
        sa.CheckConstraint(
            "coalesce(referral_id, statement_id, incident_id) IS NOT NULL", name=op.f("ck_departure_subject")
        ),
        sa.CheckConstraint(
            "incident_id IS NULL OR coalesce(referral_id, statement_id) IS NULL",
            name=op.f("ck_departure_incident_alone"),
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_departure_sha256_length")),
        sa.CheckConstraint("referral_id IS NULL OR statement_id IS NULL", name=op.f("ck_departure_one_subject")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_departure_incident_id_incident")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_departure_referral_id_referral")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_departure_statement_id_statement")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_departure_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure")),
    )
    with op.batch_alter_table("departure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_departure_incident_id"), ["incident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_departure_referral_id"), ["referral_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_departure_statement_id"), ["statement_id"], unique=False)

    op.create_table(
        "departure_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("departure_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("exhibit_number", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["departure_id"], ["departure.id"], name=op.f("fk_departure_file_departure_id_departure")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_departure_file_document_id_document")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_departure_file_evidence_id_evidence")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure_file")),
    )
    with op.batch_alter_table("departure_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_departure_file_departure_id"), ["departure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_departure_file_evidence_id"), ["evidence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_departure_file_sha256"), ["sha256"], unique=False)

    op.create_table(
        "departure_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("departure_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("described", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("exception_id", sa.Uuid(), nullable=True),
        sa.Column("clearance", sa.String(length=20), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("person_id IS NOT NULL OR described <> ''", name=op.f("ck_departure_person_somebody")),
        sa.CheckConstraint("consent_id IS NULL OR exception_id IS NULL", name=op.f("ck_departure_person_one_ground")),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_departure_person_consent_id_consent")),
        sa.ForeignKeyConstraint(
            ["departure_id"], ["departure.id"], name=op.f("fk_departure_person_departure_id_departure")
        ),
        sa.ForeignKeyConstraint(
            ["exception_id"], ["consent_exception.id"], name=op.f("fk_departure_person_exception_id_consent_exception")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_departure_person_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure_person")),
    )
    with op.batch_alter_table("departure_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_departure_person_departure_id"), ["departure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_departure_person_person_id"), ["person_id"], unique=False)

    op.create_table(
        "passage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("statement_version_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("quoted", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("quoted <> ''", name=op.f("ck_passage_quoted")),
        sa.CheckConstraint("start >= 0", name=op.f("ck_passage_start_positive")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["volunteer.id"], name=op.f("fk_passage_decided_by_id_volunteer")),
        sa.ForeignKeyConstraint(
            ["statement_version_id"],
            ["statement_version.id"],
            name=op.f("fk_passage_statement_version_id_statement_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
    )
    with op.batch_alter_table("passage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passage_statement_version_id"), ["statement_version_id"], unique=False)

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("derivation_kind", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("nobody_appears", sa.Boolean(), server_default="0", nullable=False))
    op.execute(
        "CREATE TRIGGER departure_no_update BEFORE UPDATE ON departure BEGIN SELECT RAISE(ABORT, "
        "'what left never changes'); END"
    )
    op.execute(
        "CREATE TRIGGER departure_no_delete BEFORE DELETE ON departure BEGIN SELECT RAISE(ABORT, "
        "'what left is never forgotten'); END"
    )
    op.execute(
        "CREATE TRIGGER departure_once BEFORE INSERT ON departure WHEN EXISTS (SELECT 1 FROM "
        "departure WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'what left is kept'); END"
    )
    op.execute(
        "CREATE TRIGGER departure_file_no_update BEFORE UPDATE ON departure_file BEGIN SELECT "
        "RAISE(ABORT, 'what left never changes'); END"
    )
    op.execute(
        "CREATE TRIGGER departure_file_no_delete BEFORE DELETE ON departure_file BEGIN SELECT "
        "RAISE(ABORT, 'what left is never forgotten'); END"
    )
    op.execute(
        "CREATE TRIGGER departure_file_once BEFORE INSERT ON departure_file WHEN EXISTS (SELECT 1 "
        "FROM departure_file WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'what left is kept'); END"
    )
    op.execute(
        "CREATE TRIGGER departure_person_no_update BEFORE UPDATE ON departure_person BEGIN SELECT "
        "RAISE(ABORT, 'what left never changes'); END"
    )
    op.execute(
        "CREATE TRIGGER departure_person_no_delete BEFORE DELETE ON departure_person BEGIN SELECT "
        "RAISE(ABORT, 'what left is never forgotten'); END"
    )
    op.execute(
        "CREATE TRIGGER departure_person_once BEFORE INSERT ON departure_person WHEN EXISTS (SELECT "
        "1 FROM departure_person WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'what left is kept'); "
        "END"
    )
