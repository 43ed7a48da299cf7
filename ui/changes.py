# SPDX-License-Identifier: GPL-3.0-or-later
"""What actions changed, told once to every open page: each asks again for what it shows, none is told what to do."""

import uuid

from PySide6.QtCore import QObject, Signal

__all__ = ["ChangeHub", "Changes", "touches"]

Changes = frozenset[tuple[str, uuid.UUID]]
"""Which records an action touched, as `casework` gives it: (table, id)."""


def touches(changes: Changes, table: str, record: uuid.UUID | None = None) -> bool:
    """Whether something of this table changed, or this very record of it."""
    if record is not None:
        return (table, record) in changes
    return any(name == table for name, _ in changes)


class ChangeHub(QObject):
    """The one signal of the window about data. Belongs to the UI thread; jobs publish in their `done` handler."""

    changed = Signal(object)

    def publish(self, changes: Changes) -> None:
        """Tell the pages; an action that changed nothing tells nobody."""
        if changes:
            self.changed.emit(changes)
