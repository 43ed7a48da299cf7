# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said once of all the files of a deposit: who gave them, when, from what device, from where.

It is written in the sheet of each item, where it can be corrected for one alone: who took it and when it was received
in their own fields, the rest as lines at the top of the note.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, Final

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import drafts, fields
from hro_desktop.casework.drafts import Kept
from hro_desktop.records.evidence import Evidence
from hro_desktop.vault.work import Work

__all__ = ["KIND", "DepositNoteDraft", "annotate", "lines", "pending", "state"]

KIND: Final = "deposit_note"
"""Under which it is kept while it is typed."""
_AT_ONCE: Final = 500


@attrs.define(kw_only=True)
class DepositNoteDraft(fields.Draft):
    """What is known of where some files come from."""

    given_by: str = fields.text("qui les a remis, sans nom si la personne le préfère")
    received_on: dt.date | None = fields.day("jour où ils ont été remis")
    author_id: uuid.UUID | None = fields.ref("person", "qui les a faits ou filmés")
    device: str = fields.text("appareil\u00a0: téléphone, caméra, carte")
    source: str = fields.text("d’où ils viennent\u00a0: messagerie, clé USB, lien")
    remark: str = fields.text("remarque", long=True)


def lines(draft: DepositNoteDraft) -> str:
    """What stands in the note of each item, one fact to a line."""
    said = (
        ("Remise par", draft.given_by),
        ("Appareil", draft.device),
        ("Provenance", draft.source),
        ("Remarque", draft.remark),
    )
    return "\n".join(f"{name}\u00a0: {words.strip()}" for name, words in said if words.strip())


def annotate(work: Work, draft: DepositNoteDraft, items: Sequence[uuid.UUID], before: DepositNoteDraft) -> None:
    """Say it of these items; what was said `before` of them is replaced, what else stands in their notes stays.

    A day or an author corrected meanwhile for one item stays too. Nothing of it is kept as being typed any more.

    Raises:
        Fault: `draft.invalid`, nothing written.
    """
    fields.check(draft)
    old, new = lines(before), lines(draft)
    for item in _items(work.session, items):
        if draft.received_on is not None and before.received_on in (None, item.received_on):
            item.received_on = draft.received_on
        if item.author_id in (None, before.author_id):
            item.author_id = draft.author_id
        rest = item.note.removeprefix(old).lstrip("\n") if old and item.note.startswith(old) else item.note
        item.note = "\n".join(filter(None, (new, rest)))
        if work.session.is_modified(item):
            work.session.flush()
            work.record("evidence.changed", item.id)
    if draft.id is not None:
        drafts.drop(work, KIND, draft.id)


def state(typed: dict[str, Any], items: Iterable[uuid.UUID], before: DepositNoteDraft) -> dict[str, Any]:
    """What is kept while it is typed: the form, of which items it speaks, and what was said of them already."""
    return {**typed, "items": [str(each) for each in items], "before": drafts.content_of(before)}


def pending(session: Session) -> tuple[Kept, tuple[uuid.UUID, ...], DepositNoteDraft] | None:
    """What was begun last and not written: a crash or a lock came between."""
    for kept in drafts.pending(session, kind=KIND):
        wanted = [uuid.UUID(each) for each in kept.content["items"]]
        there = tuple(each.id for each in _items(session, wanted))
        if there:
            return kept, there, drafts.restored(DepositNoteDraft, kept.content["before"])
    return None


def _items(session: Session, wanted: Sequence[uuid.UUID]) -> list[Evidence]:
    found: list[Evidence] = []
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        found += session.scalars(select(Evidence).where(Evidence.id.in_(part)).order_by(Evidence.id))
    return found
