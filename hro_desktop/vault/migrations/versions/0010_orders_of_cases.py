# SPDX-License-Identifier: GPL-3.0-or-later

"""A list of cases in the order of its procedures, of who follows them and of their opening, without sorting it."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward, inside the transaction of the caller."""
    for column in ("states", "in_charge_id"):
        op.execute(f"CREATE INDEX ix_search_case_{column} ON search_case ({column}, reference, closed)")
    op.create_index("ix_case_opening", "case", ["opened_on", "reference", "id"])
