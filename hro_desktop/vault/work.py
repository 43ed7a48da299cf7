# SPDX-License-Identifier: GPL-3.0-or-later
"""The unit of work: records, their journal lines and the search reach the base together, or not at all."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from hro_desktop.records.objects import StoredObject
from hro_desktop.search import keeping
from hro_desktop.vault import journal

__all__ = ["Changes", "Work"]

Changes = frozenset[tuple[str, uuid.UUID]]


class Work:
    """One transaction of one thread, as `Vault.work` gives it.

    Attributes:
        session: the records; it holds the write lock of the base from its first statement on.
        now: the instant of the whole unit.
        actor: the key slot that opened the vault.
        vault_id: of the vault.
    """

    def __init__(self, session: Session, *, now: dt.datetime, actor: str, vault_id: str) -> None:
        self.session = session
        self.now = now
        self.actor = actor
        self.vault_id = vault_id
        self.head: journal.Head | None = None
        """The head after this unit's own lines; nothing when it wrote none."""
        self.stored: set[str] = set()
        """Names of the encrypted objects this unit made known."""
        self.done = False
        self._changes: set[tuple[str, uuid.UUID]] = set()
        self._shown: keeping.Touched = set()
        self._many = False
        event.listen(session, "before_flush", self._note)
        event.listen(session, "after_flush", self._note_shown)
        event.listen(session, "do_orm_execute", self._note_many)

    def record(self, action: str, object_id: uuid.UUID | str = "", commitment_of: str | None = None) -> None:
        """Write a journal line: an action, an opaque id, never a name.

        Args:
            action: dotted word, e.g. `evidence.deposited`.
            object_id: of the record.
            commitment_of: SHA-256 of an item in hexadecimal; a salted commitment to it is written.
        """
        last = self.head or journal.head(self.session, self.vault_id)
        self.head = journal.append(
            self.session,
            last,
            at=self.now,
            actor=self.actor,
            action=action,
            object_id=str(object_id),
            commitment_of=commitment_of,
        )

    def commit(self) -> Changes:
        """Make everything durable at once.

        Returns:
            What changed, as (table, id); a link counts as a change of both of its ends.

        Raises:
            RuntimeError: the unit was committed before; a second part would escape the first one's journal.
        """
        if self.done:
            raise RuntimeError("already committed")
        self.session.flush()
        if self._many:
            keeping.mend(self.session)
        else:
            keeping.keep(self.session, self._shown)
        self.session.commit()
        self.done = True
        return frozenset(self._changes)

    def _note(self, session: Session, _context: UOWTransaction, _instances: Any) -> None:  # noqa: ANN401
        for record in (*session.new, *session.deleted, *(each for each in session.dirty if session.is_modified(each))):
            if isinstance(record, StoredObject) and record in session.new:
                self.stored.add(record.name)
            self._changes.update(_touched(record))

    def _note_shown(self, _session: Session, context: UOWTransaction) -> None:
        self._shown |= keeping.touched(context)

    def _note_many(self, state: ORMExecuteState) -> None:
        """A statement that writes many rows does not say which."""
        if state.is_insert or state.is_update or state.is_delete:
            mapper = state.bind_mapper
            self._many |= mapper is not None and keeping.shown_by(str(mapper.local_table.name))  # type: ignore[attr-defined]


def _touched(record: Any) -> set[tuple[str, uuid.UUID]]:  # noqa: ANN401 - any record
    table = record.__table__
    if "id" in table.columns:
        if record.id is None:  # a new record gets its id when it is flushed; give it now, it is ours to choose
            record.id = table.columns["id"].default.arg(None)
        return {(table.name, record.id)}
    ends = ((key.column.table.name, getattr(record, key.parent.name)) for key in table.foreign_keys)
    return {(name, value) for name, value in ends if isinstance(value, uuid.UUID)}
