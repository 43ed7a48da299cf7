# SPDX-License-Identifier: GPL-3.0-or-later
"""Run by alembic: on the connection it is given, inside the transaction of `hro_desktop.vault.migrate`."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeEngine

from hro_desktop.records.base import UtcInstant


def _render(kind: str, item: Any, _context: object) -> str | Literal[False]:  # noqa: ANN401 - alembic's own
    """Spell our own column type by what it stores: a migration must not import the program."""
    if kind == "type" and isinstance(item, TypeEngine) and isinstance(item, UtcInstant):
        return "sa.DateTime()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("metadata"),
    render_as_batch=True,
    render_item=_render,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
