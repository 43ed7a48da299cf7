# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: PLR0915 - a list of tables, written by scripts/new_migration.py
"""${message}."""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward, inside the transaction of the caller."""
    ${upgrades if upgrades else "pass"}
