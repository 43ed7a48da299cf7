# SPDX-License-Identifier: GPL-3.0-or-later
"""Custody of an item: reading it again to prove that it did not change, and what was done with it, line by line."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterator
from typing import Final

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import departures, key_slots
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.exhibits import Exhibit, ExhibitList
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.referrals import Referral
from hro_desktop.vault.work import Work

__all__ = ["Done", "history", "last_checks", "verify"]

VERIFIED, ALTERED = "evidence.verified", "evidence.altered"
"""Journal lines of a reading that found the item as it was deposited, and of one that did not."""
CHANGED: Final = "evidence.changed"

_SAID: Final = {
    "evidence.deposited": "Versée dans le coffre",
    CHANGED: "Fiche modifiée",
    VERIFIED: "Vérifiée\u00a0: empreinte conforme",
    ALTERED: "Vérifiée\u00a0: ce n’est plus le fichier versé",
}
_MADE: Final = {
    "occultation": "Version masquée créée",
    "nettoyage": "Copie sans métadonnées créée",
}
_DAMAGE: Final = frozenset({"object.absent", "object.damaged", "object.key"})


@attrs.frozen(order=True)
class Done:
    """Something that was done with an item: when, what, in French, and by whom, when that is known."""

    at: dt.datetime
    what: str
    by: str = ""


def verify(
    desk: Desk,
    evidence_id: uuid.UUID,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Result[bool]:
    """Read every byte of an item again from the disk and compare; the journal keeps the answer.

    In a vault open for reading only the answer is given and not kept.

    Returns:
        Whether the item is the one that was deposited.

    Raises:
        Fault: `cancelled`, `evidence.gone`.
    """
    vault = desk.vault
    with desk.read() as session:
        item = session.get(Evidence, evidence_id)
        if item is None:
            raise Fault("evidence.gone", "Cette pièce n’est plus dans le coffre.")
        stored = item.stored
        name, key, sha256, size = stored.name, stored.private_key, stored.sha256, stored.size

    def advance(done: int) -> None:
        if cancelled and cancelled():
            raise Fault("cancelled", "Vérification arrêtée\u00a0: rien n’a été noté.", ExitCode.INTERRUPTED)
        if progress:
            progress(done, size)

    try:
        with vault.objects.open(name, key) as reader:
            sound = reader.size == size and reader.digest(advance) == sha256
    except Fault as fault:
        if fault.code not in _DAMAGE:
            raise
        sound = False
    if vault.consultation:
        return Result(sound, frozenset())
    result = desk.run(_note, evidence_id, sha256, sound)
    # a line of the journal is no record: the pages that show the item have to be told all the same
    return Result(sound, result.changes | {("evidence", evidence_id)})


def _note(work: Work, evidence_id: uuid.UUID, sha256: str, sound: bool) -> None:
    work.record(VERIFIED if sound else ALTERED, evidence_id, sha256)


def last_checks(session: Session, wanted: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[bool, str]]:
    """Of some items: whether their last reading found them unchanged, and when (UTC, as the journal writes it)."""
    ids = {str(each): each for each in wanted}
    found = session.execute(
        select(JournalLine.object, JournalLine.action, JournalLine.utc)
        .where(JournalLine.action.in_((VERIFIED, ALTERED)), JournalLine.object.in_(ids))
        .order_by(JournalLine.n)
    )
    return {ids[row.object]: (row.action == VERIFIED, row.utc) for row in found}


def history(session: Session, evidence_id: uuid.UUID) -> tuple[Done, ...]:
    """All that was done with an item, last first."""
    told = [*_journalled(session, evidence_id), *_derived(session, evidence_id), *_joined(session, evidence_id)]
    told += [Done(each.at, each.what) for each in departures.of_evidence(session, evidence_id)]
    return tuple(sorted(told, key=lambda each: each.at, reverse=True))


def _journalled(session: Session, evidence_id: uuid.UUID) -> Iterator[Done]:
    named = key_slots.actors(session)
    lines = session.execute(
        select(JournalLine.action, JournalLine.utc, JournalLine.actor)
        .where(JournalLine.object == str(evidence_id), JournalLine.action.in_(_SAID))
        .order_by(JournalLine.n)
    ).all()
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else None
        same_day = following is not None and following.utc[:10] == line.utc[:10]
        same_hand = following is not None and following.actor == line.actor
        if same_day and same_hand and following is not None and following.action == line.action == CHANGED:
            continue  # of many small corrections somebody made in one day, the last
        yield Done(dt.datetime.fromisoformat(line.utc), _SAID[line.action], key_slots.called(line.actor, named))


def _derived(session: Session, evidence_id: uuid.UUID) -> Iterator[Done]:
    named = key_slots.actors(session)
    made = session.execute(
        select(Evidence.deposited_at, Evidence.derivation_kind, Evidence.title, Evidence.deposited_by).where(
            Evidence.derived_from_id == evidence_id
        )
    )
    for row in made:
        what = _MADE.get(row.derivation_kind, f"Pièce tirée de celle-ci\u00a0: {row.title}")
        yield Done(row.deposited_at, what, key_slots.called(row.deposited_by, named))


def _joined(session: Session, evidence_id: uuid.UUID) -> Iterator[Done]:
    """The lists that were communicated with it; one that can still change is no deed yet."""
    lists = session.execute(
        select(ExhibitList.frozen_at, ExhibitList.first_number + Exhibit.position, Referral.reference)
        .join(Exhibit, Exhibit.list_id == ExhibitList.id)
        .join(Referral, ExhibitList.referral_id == Referral.id)
        .where(Exhibit.evidence_id == evidence_id, ExhibitList.frozen_at.is_not(None))
    )
    for at, number, reference in lists:
        assert at is not None
        yield Done(at, f"Communiquée dans {reference}, pièce n°\u00a0{number}")
