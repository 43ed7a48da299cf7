# SPDX-License-Identifier: GPL-3.0-or-later

"""What is found by words, and what the list of cases sorts and filters by."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward, inside the transaction of the caller."""
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("in_charge_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("contacted_on", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_case_in_charge_id"), ["in_charge_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_case_in_charge_id_volunteer"), "volunteer", ["in_charge_id"], ["id"])

    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_occurred"), ["occurred"], unique=False)

    with op.batch_alter_table("referral_accused", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_accused_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("referral_incident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_incident_incident_id"), ["incident_id"], unique=False)
    _make_search()


def _make_search() -> None:
    """Tables that are no records: what is found by words, and what the list of cases sorts by.

    They are empty after this step. The program fills them when the vault opens, for their words are folded by a rule
    that a step must not import.
    """
    op.execute(
        "CREATE TABLE search_item (place INTEGER PRIMARY KEY, kind VARCHAR(20) NOT NULL, record_id CHAR(32) NOT NULL)"
    )
    op.execute("CREATE UNIQUE INDEX uq_search_item_record_id_kind ON search_item (record_id, kind)")
    op.execute("CREATE TABLE search_state (stamp VARCHAR(40) PRIMARY KEY)")
    # no positions and no lengths: words are looked for, never phrases, and ranked by the column they stand in
    op.execute(
        "CREATE VIRTUAL TABLE search_words USING fts5(names, sounds, numbers, words, "
        "tokenize='ascii', prefix='2 3 4', detail=column, columnsize=0)"
    )
    op.execute("INSERT INTO search_words (search_words, rank) VALUES ('secure-delete', 1)")
    op.execute(
        "CREATE TABLE search_case (case_id CHAR(32) PRIMARY KEY, reference VARCHAR(20) NOT NULL, "
        "pseudonym VARCHAR(20) NOT NULL, closed BOOLEAN NOT NULL, incident_id CHAR(32), facts_on TEXT NOT NULL, "
        "contacted_on TEXT NOT NULL, minor_until TEXT NOT NULL, language VARCHAR(20) NOT NULL, "
        "in_charge_id CHAR(32), states TEXT NOT NULL) WITHOUT ROWID"
    )
    for column in ("reference", "pseudonym", "facts_on", "contacted_on"):
        op.execute(f"CREATE INDEX ix_search_case_{column} ON search_case ({column}, reference, closed)")
