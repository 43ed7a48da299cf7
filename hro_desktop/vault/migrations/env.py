# SPDX-License-Identifier: GPL-3.0-or-later
"""Run by alembic: on the connection it is given, inside the transaction of `hro_desktop.vault.migrate`."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeEngine

from hro_desktop.records.base import UtcInstant
from hro_desktop.search.tables import is_ours


def _render(kind: str, item: Any, _context: object) -> str | Literal[False]:  # noqa: ANN401 - alembic's own
    """Spell our own column type by what it stores: a migration must not import the program."""
    if kind == "type" and isinstance(item, TypeEngine) and isinstance(item, UtcInstant):
        return "sa.DateTime()"
    return False


def _include(name: str | None, kind: str, _parents: object) -> bool:
    """The tables of the search are no records, and SQLite keeps some of them itself."""
    return not (kind == "table" and name is not None and is_ours(name))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("metadata"),
    render_as_batch=True,
    render_item=_render,
    include_name=_include,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
