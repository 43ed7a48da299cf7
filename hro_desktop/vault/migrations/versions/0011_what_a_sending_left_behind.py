# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be said of a sending."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward, inside the transaction of the caller."""
    op.add_column("dispatch", sa.Column("remark", sa.Text(), server_default="", nullable=False))
