# SPDX-License-Identifier: GPL-3.0-or-later
"""What the journal committed to, compared with what the vault says now.

A row whose hash, key and file were changed together agrees with itself. The line of the day it was written does not
agree with it: it holds a salted hash of what was deposited, sealed, made or sent, chained to every line after it.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import departures, statements
from hro_desktop.records.departures import Departure
from hro_desktop.records.documents import Document
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.journal import JournalLine, JournalSalt
from hro_desktop.records.objects import StoredObject
from hro_desktop.records.statements import StatementVersion
from hro_desktop.vault import journal
from hro_desktop.vault.findings import Finding, Level

__all__ = ["findings"]

Hashes = Mapping[str, str]
"""SHA-256 of items, by their id as the journal writes it."""

AT_ONCE: Final = 5000
SHOWN: Final = 5
KEEP: Final = (
    "Gardez le coffre tel quel et une copie\u00a0; comparez avec une sauvegarde, et avec ce qui a été envoyé, avant de "
    "vous en servir."
)


def findings(session: Session) -> tuple[Finding, ...]:
    """Everything that is not what the journal says it was; nothing of what was erased."""
    found = [each for action, what, hashes in _KINDS for each in _compared(session, action, what, hashes(session))]
    # The base refuses to change these two, and guards the hash that the journal knows: not what hangs on it.
    if changed := departures.altered(session):
        found.append(_altered("departure.altered", len(changed), "envoi(s) du registre"))
    if changed := _changed_versions(session):
        found.append(_altered("statement.altered", len(changed), "version(s) figée(s) d’un récit"))
    return tuple(found)


def _compared(session: Session, action: str, what: str, hashes: Hashes) -> Iterator[Finding]:
    lines = session.execute(
        select(JournalLine.n, JournalLine.object, JournalLine.commitment, JournalSalt.salt)
        .outerjoin(JournalSalt, JournalSalt.n == JournalLine.n)
        .where(JournalLine.action == action, JournalLine.commitment != "")
        .order_by(JournalLine.n)
        .execution_options(yield_per=AT_ONCE)
    )
    wrong, mute = list[int](), 0
    for n, item, committed, salt in lines:
        if item not in hashes:
            continue
        if not salt:  # erased
            mute += 1
        elif journal.commitment(salt, hashes[item]) != committed:
            wrong.append(n)
    if wrong:
        shown = ", ".join(map(str, wrong[:SHOWN])) + ("…" if len(wrong) > SHOWN else "")
        yield Finding(
            "journal.contradicted",
            f"{len(wrong)}\u00a0{what} ne sont plus ce que le journal en a noté ce jour-là (ligne {shown}).",
            KEEP,
        )
    if mute:
        yield Finding(
            "journal.mute",
            f"Le journal ne peut plus prouver {mute}\u00a0{what}\u00a0: ce qui permettait de comparer n’y est plus.",
            KEEP,
            Level.WARNING,
        )


def _altered(code: str, count: int, what: str) -> Finding:
    return Finding(code, f"{count}\u00a0{what} ne disent plus ce qui y avait été noté.", KEEP)


def _of_objects(record: type[Evidence] | type[Document]) -> Callable[[Session], Hashes]:
    def hashes(session: Session) -> Hashes:
        rows = select(record.id, StoredObject.sha256).join(StoredObject, StoredObject.id == record.object_id)
        return {str(item): sha256 for item, sha256 in session.execute(rows)}

    return hashes


def _of_versions(session: Session) -> Hashes:
    rows = select(StatementVersion.id, StatementVersion.sha256).where(StatementVersion.sealed_at.is_not(None))
    return {str(item): sha256 for item, sha256 in session.execute(rows)}


def _of_departures(session: Session) -> Hashes:
    return {str(item): sha256 for item, sha256 in session.execute(select(Departure.id, Departure.sha256))}


def _changed_versions(session: Session) -> tuple[uuid.UUID, ...]:
    sealed = select(StatementVersion).where(StatementVersion.sealed_at.is_not(None)).execution_options(yield_per=100)
    return tuple(each.id for each in session.scalars(sealed) if statements.content_hash(each) != each.sha256)


_KINDS: Final = (
    ("evidence.deposited", "pièce(s)", _of_objects(Evidence)),
    ("document.made", "document(s)", _of_objects(Document)),
    ("statement_version.sealed", "version(s) figée(s) d’un récit", _of_versions),
    ("departure.recorded", "envoi(s) du registre", _of_departures),
)
