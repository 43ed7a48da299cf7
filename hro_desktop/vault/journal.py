# SPDX-License-Identifier: GPL-3.0-or-later
"""The chain of the journal: appending a line, the head, and the checks that whoever holds the base can repeat.

A line is canonical JSON of its seven fields; its hash is the SHA-256 of those bytes; `previous` is the hash of the
line before. The first one follows a hash made from the vault's id, so that the journal of another vault does not fit.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Iterator
from typing import Any, Final

import attrs
from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from hro_desktop.records.journal import JournalLine, JournalSalt
from hro_desktop.vault.canonical import canonical
from hro_desktop.vault.findings import Finding

__all__ = [
    "Head",
    "append",
    "commitment",
    "contains",
    "extract",
    "genesis",
    "head",
    "last_instant",
    "line_hash",
    "standing_slots",
    "verify",
]

SALT_SIZE: Final = 32
FIELDS: Final = ("n", "utc", "actor", "action", "object", "commitment", "previous")
BATCH: Final = 5000

# Made once, on the tables rather than the records: an import writes a line per item, and building and mapping the
# statement took longer than writing it.
INSERT_LINE: Final = insert(JournalLine.metadata.tables[JournalLine.__tablename__])
INSERT_SALT: Final = insert(JournalSalt.metadata.tables[JournalSalt.__tablename__])


@attrs.frozen
class Head:
    """The last line: its number (0 for an empty journal) and its hash. Copied outside, it anchors all lines before."""

    n: int
    hash: str

    def as_json(self) -> dict[str, Any]:
        """For a manifest."""
        return {"n": self.n, "hash": self.hash}


def genesis(vault_id: str) -> str:
    """What the first line follows."""
    return hashlib.sha256(b"hro-desktop/1 journal\n" + vault_id.encode()).hexdigest()


def line_hash(fields: dict[str, Any]) -> str:
    """The hash of one line, from its seven fields."""
    return hashlib.sha256(canonical({name: fields[name] for name in FIELDS})).hexdigest()


def commitment(salt: bytes, content_sha256: str) -> str:
    """What stands for an item: nobody can guess it from a known file without the salt.

    Args:
        salt: 32 random bytes, kept apart so that they can be erased.
        content_sha256: of the item, in hexadecimal.
    """
    return hashlib.sha256(salt + bytes.fromhex(content_sha256)).hexdigest()


def head(connection: Connection | Session, vault_id: str) -> Head:
    """The last line of the base."""
    row = connection.execute(
        select(JournalLine.n, JournalLine.hash).order_by(JournalLine.n.desc()).limit(1)
    ).one_or_none()
    return Head(0, genesis(vault_id)) if row is None else Head(row.n, row.hash)


def last_instant(connection: Connection | Session) -> dt.datetime | None:
    """When the last line was written; nothing for an empty journal."""
    utc = connection.execute(select(JournalLine.utc).order_by(JournalLine.n.desc()).limit(1)).scalar_one_or_none()
    return None if utc is None else dt.datetime.fromisoformat(utc)


def standing_slots(connection: Connection | Session) -> set[str]:
    """Ids of the key slots that were added and, as far as the journal says, not touched since."""
    lines = connection.execute(
        select(JournalLine.object, JournalLine.action).where(JournalLine.action.like("slot.%")).order_by(JournalLine.n)
    ).all()
    return {slot for slot, action in dict((row.object, row.action) for row in lines).items() if action == "slot.added"}


def contains(connection: Connection | Session, known: Head, vault_id: str) -> bool:
    """Whether the base descends from a head that was seen before: it holds that very line.

    An older base put back in place does not, nor does one whose journal was written anew.
    """
    if known.n == 0:
        return known.hash == genesis(vault_id)
    found = connection.execute(select(JournalLine.hash).where(JournalLine.n == known.n)).scalar_one_or_none()
    return found == known.hash


def append(
    connection: Connection | Session,
    last: Head,
    *,
    at: dt.datetime,
    actor: str,
    action: str,
    object_id: str = "",
    commitment_of: str | None = None,
) -> Head:
    """Write the next line, in the transaction of the caller.

    Args:
        connection: inside a transaction that holds the write lock, so that nobody else writes the same line.
        last: the present head.
        at: when, aware of its zone.
        actor: id of a key slot.
        action: dotted word, e.g. `evidence.deposited`.
        object_id: opaque id of a record.
        commitment_of: SHA-256 of an item, of which only a salted commitment is written.

    Returns:
        The new head.
    """
    fields = {
        "n": last.n + 1,
        "utc": at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "actor": actor,
        "action": action,
        "object": object_id,
        "commitment": "",
        "previous": last.hash,
    }
    if commitment_of is not None:
        salt = secrets.token_bytes(SALT_SIZE)
        fields["commitment"] = commitment(salt, commitment_of)
        connection.execute(INSERT_SALT, {"n": last.n + 1, "salt": salt})
    digest = line_hash(fields)
    connection.execute(INSERT_LINE, {**fields, "hash": digest})
    return Head(last.n + 1, digest)


def extract(connection: Connection | Session, object_ids: set[str] | None = None) -> Iterator[dict[str, Any]]:
    """Lines as they are hashed, each with its `hash`, for a hand-over; all of them, or those about some records."""
    for fields in _lines(connection):
        if object_ids is None or fields["object"] in object_ids:
            yield fields


def verify(
    connection: Connection | Session, vault_id: str, progress: Callable[[int], None] | None = None
) -> tuple[Head, tuple[Finding, ...]]:
    """Follow the chain from its beginning.

    Args:
        connection: for reading.
        vault_id: from `coffre.json`.
        progress: called with the lines done.

    Returns:
        The last line that holds, and at most one finding: after the first break nothing can be said of what follows.
    """
    last = Head(0, genesis(vault_id))
    for fields in _lines(connection):
        problem = _problem(fields, last)
        if problem:
            return last, (
                Finding(
                    "journal.broken",
                    f"Le journal est rompu à la ligne {last.n + 1}\u00a0: {problem}.",
                    "Gardez le coffre tel quel et une copie\u00a0; comparez avec la dernière sauvegarde et avec les "
                    "bordereaux déjà envoyés, qui portent l’empreinte du journal.",
                ),
            )
        last = Head(fields["n"], fields["hash"])
        if progress and last.n % BATCH == 0:
            progress(last.n)
    return last, ()


def _problem(fields: dict[str, Any], last: Head) -> str:
    if fields["n"] != last.n + 1:
        return "une ligne manque"
    if fields["previous"] != last.hash:
        return "elle ne suit pas la précédente"
    if fields["hash"] != line_hash(fields):
        return "son contenu a changé"
    return ""


def _lines(connection: Connection | Session) -> Iterator[dict[str, Any]]:
    columns = [getattr(JournalLine, name) for name in (*FIELDS, "hash")]
    after = 0
    while True:
        batch = connection.execute(
            select(*columns).where(JournalLine.n > after).order_by(JournalLine.n).limit(BATCH)
        ).all()
        for row in batch:
            yield dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
        if len(batch) < BATCH:
            return
        after = batch[-1].n
