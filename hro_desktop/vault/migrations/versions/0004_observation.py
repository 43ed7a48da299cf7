# SPDX-License-Identifier: GPL-3.0-or-later

"""Observation."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward, inside the transaction of the caller."""
    op.create_table(
        "outing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("territory", sa.String(length=40), nullable=False),
        sa.Column("time_from", sa.String(length=5), nullable=False),
        sa.Column("time_to", sa.String(length=5), nullable=False),
        sa.Column("convoy", sa.Text(), nullable=False),
        sa.Column("debrief", sa.Text(), nullable=False),
        sa.Column("second_reader_id", sa.Uuid(), nullable=True),
        sa.Column("read_again_on", sa.Date(), nullable=True),
        sa.Column("emptied_on", sa.Date(), nullable=True),
        sa.Column("emptied_time", sa.String(length=5), nullable=False),
        sa.Column("clock_note", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["second_reader_id"], ["volunteer.id"], name=op.f("fk_outing_second_reader_id_volunteer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outing")),
        sa.UniqueConstraint("reference", name=op.f("uq_outing_reference")),
    )
    with op.batch_alter_table("outing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outing_occurred_on"), ["occurred_on"], unique=False)

    op.create_table(
        "outing_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("outing_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("volunteer_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("coalesce(person_id, volunteer_id) IS NOT NULL", name=op.f("ck_outing_member_somebody")),
        sa.ForeignKeyConstraint(["outing_id"], ["outing.id"], name=op.f("fk_outing_member_outing_id_outing")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outing_member_person_id_person")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_outing_member_volunteer_id_volunteer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outing_member")),
    )
    with op.batch_alter_table("outing_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outing_member_outing_id"), ["outing_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outing_member_person_id"), ["person_id"], unique=False)

    op.create_table(
        "belonging",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("fate", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("reclaim_place", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("bound", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("described", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("said_by_id", sa.Uuid(), nullable=True),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("bound <> '' AND source <> ''", name=op.f("ck_belonging_bounded")),
        sa.CheckConstraint(
            "coalesce(said_by_id, evidence_id) IS NOT NULL OR described <> ''", name=op.f("ck_belonging_somebody")
        ),
        sa.CheckConstraint("value >= 0", name=op.f("ck_belonging_value_positive")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_belonging_evidence_id_evidence")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_belonging_incident_id_incident")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_belonging_owner_id_person")),
        sa.ForeignKeyConstraint(["said_by_id"], ["person.id"], name=op.f("fk_belonging_said_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_belonging")),
    )
    with op.batch_alter_table("belonging", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_belonging_incident_id"), ["incident_id"], unique=False)

    op.create_table(
        "hindrance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("outing_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("time_from", sa.String(length=5), nullable=False),
        sa.Column("duration_min", sa.Integer(), nullable=True),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("said_by_id", sa.Uuid(), nullable=True),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("duration_min IS NULL OR duration_min >= 0", name=op.f("ck_hindrance_duration_positive")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_hindrance_evidence_id_evidence")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_hindrance_incident_id_incident")),
        sa.ForeignKeyConstraint(["outing_id"], ["outing.id"], name=op.f("fk_hindrance_outing_id_outing")),
        sa.ForeignKeyConstraint(["said_by_id"], ["person.id"], name=op.f("fk_hindrance_said_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hindrance")),
    )
    with op.batch_alter_table("hindrance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hindrance_incident_id"), ["incident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hindrance_outing_id"), ["outing_id"], unique=False)

    op.create_table(
        "tally",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("bound", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("described", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("said_by_id", sa.Uuid(), nullable=True),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("bound <> '' AND source <> ''", name=op.f("ck_tally_bounded")),
        sa.CheckConstraint(
            "coalesce(said_by_id, evidence_id) IS NOT NULL OR described <> ''", name=op.f("ck_tally_somebody")
        ),
        sa.CheckConstraint("value >= 0", name=op.f("ck_tally_value_positive")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_tally_evidence_id_evidence")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_tally_incident_id_incident")),
        sa.ForeignKeyConstraint(["said_by_id"], ["person.id"], name=op.f("fk_tally_said_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally")),
    )
    with op.batch_alter_table("tally", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tally_incident_id"), ["incident_id"], unique=False)

    op.create_table(
        "hindrance_person",
        sa.Column("hindrance_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hindrance_id"], ["hindrance.id"], name=op.f("fk_hindrance_person_hindrance_id_hindrance")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hindrance_person_person_id_person")),
        sa.PrimaryKeyConstraint("hindrance_id", "person_id", name=op.f("pk_hindrance_person")),
    )
    with op.batch_alter_table("departure", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outing_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_departure_outing_id"), ["outing_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_departure_outing_id_outing"), "outing", ["outing_id"], ["id"])
        batch_op.drop_constraint(batch_op.f("ck_departure_subject"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_departure_subject"),
            "coalesce(referral_id, statement_id, incident_id, outing_id) IS NOT NULL",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_departure_outing_alone"),
            "outing_id IS NULL OR coalesce(referral_id, statement_id, incident_id) IS NULL",
        )
    # the table was made anew, without its triggers
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

    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outing_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_document_outing_id"), ["outing_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_document_outing_id_outing"), "outing", ["outing_id"], ["id"])
        batch_op.drop_constraint(batch_op.f("ck_document_one_subject"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_document_one_subject"),
            "(referral_id IS NOT NULL) + (statement_id IS NOT NULL) + (incident_id IS NOT NULL) "
            "+ (outing_id IS NOT NULL) = 1",
        )
    op.execute(
        "CREATE TRIGGER document_frozen BEFORE UPDATE ON document "
        "WHEN OLD.frozen_at IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'a frozen document never changes'); END"
    )

    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outing_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("place_kind", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("remarks", sa.Text(), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_incident_outing_id"), ["outing_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_incident_outing_id_outing"), "outing", ["outing_id"], ["id"])

    with op.batch_alter_table("operation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outing_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_operation_outing_id"), ["outing_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_operation_outing_id_outing"), "outing", ["outing_id"], ["id"])
