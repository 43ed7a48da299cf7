# SPDX-License-Identifier: GPL-3.0-or-later
"""Exhibit lists: putting evidence in order, moving it, freezing what was communicated."""

import datetime as dt
import uuid
from collections.abc import Sequence

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import fields
from hro_desktop.faults import Fault
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.exhibits import Exhibit, ExhibitList
from hro_desktop.records.referrals import Referral
from hro_desktop.vault.work import Work

__all__ = ["ExhibitDraft", "arrange", "before", "freeze", "lists", "move", "open_list"]


@attrs.define(kw_only=True)
class ExhibitDraft(fields.Draft):
    """One place in the list."""

    evidence_id: uuid.UUID | None = fields.ref("evidence", "quelle pièce du coffre", required=True)
    title: str = fields.text("intitulé dans cette saisine ; vide : celui de la pièce")
    chapter: str = fields.choice("exhibit_chapters", "chapitre du bordereau")


def lists(session: Session, referral_id: uuid.UUID) -> Sequence[ExhibitList]:
    """All lists of a referral, first communicated first."""
    return session.scalars(
        select(ExhibitList).where(ExhibitList.referral_id == referral_id).order_by(ExhibitList.sequence)
    ).all()


def before(session: Session, referral_id: uuid.UUID) -> list[ExhibitList]:
    """The lists of the referrals this one follows, first communicated first: their numbers are taken."""
    referral = session.get_one(Referral, referral_id)
    if referral.follows_id is None:
        return []
    return [*before(session, referral.follows_id), *lists(session, referral.follows_id)]


def open_list(work: Work, referral_id: uuid.UUID) -> ExhibitList:
    """The list that can still change; a new one continues the numbers of those already communicated.

    So does the first list of a referral that follows another one.
    """
    own = lists(work.session, referral_id)
    if own and own[-1].frozen_at is None:
        return own[-1]
    known = [*before(work.session, referral_id), *own]
    last = known[-1] if known else None
    fresh = ExhibitList(
        referral_id=referral_id,
        sequence=own[-1].sequence + 1 if own else 1,
        first_number=last.first_number + len(last.exhibits) if last else 1,
    )
    work.session.add(fresh)
    work.session.flush()
    work.record("exhibit_list.opened", fresh.id)
    return fresh


def arrange(work: Work, referral_id: uuid.UUID, drafts: Sequence[ExhibitDraft]) -> uuid.UUID:
    """Make the open list hold exactly these exhibits, in this order.

    Raises:
        Fault: `exhibit.twice` when an item is listed twice, or already bears a number in a communicated list.
    """
    current = open_list(work, referral_id)
    taken = {
        exhibit.evidence_id
        for other in (*before(work.session, referral_id), *lists(work.session, referral_id))
        if other.id != current.id
        for exhibit in other.exhibits
    }
    for draft in drafts:
        fields.check(draft)
        if draft.evidence_id in taken:
            raise Fault(
                "exhibit.twice",
                f"La pièce «\u00a0{work.session.get_one(Evidence, draft.evidence_id).title}\u00a0» figure deux fois au "
                "bordereau\u00a0: gardez-la à une seule place, elle y porte son numéro.",
            )
        taken.add(draft.evidence_id)  # type: ignore[arg-type]
    current.exhibits = []
    work.session.flush()
    for position, draft in enumerate(drafts):
        exhibit = Exhibit(position=position)
        fields.store(draft, exhibit)
        current.exhibits.append(exhibit)
    work.session.flush()
    work.record("exhibit_list.arranged", current.id)
    return current.id


def move(work: Work, referral_id: uuid.UUID, evidence_id: uuid.UUID, to: int) -> None:
    """Put an item at another place (0 is the first) of the open list; every number follows.

    Raises:
        Fault: `exhibit.frozen` when the item is in a communicated list, or in none.
    """
    current = open_list(work, referral_id)
    ordered = list(current.exhibits)
    here = next((exhibit for exhibit in ordered if exhibit.evidence_id == evidence_id), None)
    if here is None:
        raise Fault(
            "exhibit.frozen",
            "Cette pièce ne peut pas être déplacée\u00a0: son bordereau a été communiqué, son numéro reste.",
        )
    ordered.remove(here)
    ordered.insert(max(0, min(to, len(ordered))), here)
    for position, exhibit in enumerate(ordered):
        exhibit.position = position
    work.session.flush()
    work.session.expire(current, ["exhibits"])
    work.record("exhibit_list.arranged", current.id)


def freeze(work: Work, referral_id: uuid.UUID, communicated_on: dt.date) -> uuid.UUID:
    """The list was communicated: its numbers never change again.

    Raises:
        Fault: `exhibit.none` when the open list is empty.
    """
    current = open_list(work, referral_id)
    if not current.exhibits:
        raise Fault("exhibit.none", "Il n’y a aucune pièce nouvelle à communiquer dans cette saisine.")
    current.frozen_at, current.communicated_on = work.now, communicated_on
    work.session.flush()
    work.record("exhibit_list.frozen", current.id)
    return current.id
