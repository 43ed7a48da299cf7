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
from hro_desktop.law import vocabulary
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.exhibits import Exhibit, ExhibitList
from hro_desktop.records.referrals import Referral
from hro_desktop.rules.exhibits import citation
from hro_desktop.vault.work import Work

__all__ = [
    "ExhibitDraft",
    "ExhibitTaken",
    "PlaceDraft",
    "add",
    "arrange",
    "before",
    "communicate",
    "communicated",
    "freeze",
    "lists",
    "move",
    "open_list",
    "put_back",
    "remove",
    "replace",
    "save_place",
]


@attrs.define(kw_only=True)
class ExhibitDraft(fields.Draft):
    """One place in the list."""

    evidence_id: uuid.UUID | None = fields.ref("evidence", "quelle pièce du coffre", required=True)
    title: str = fields.text("intitulé dans cette saisine ; vide : celui de la pièce")
    chapter: str = fields.choice("exhibit_chapters", "chapitre du bordereau")


@attrs.define(kw_only=True)
class PlaceDraft(fields.Draft):
    """What an item is called in one list, and under which heading."""

    title: str = fields.text("intitulé dans cette saisine ; vide : celui de la pièce")
    chapter: str = fields.choice("exhibit_chapters", "chapitre du bordereau")


@attrs.frozen
class ExhibitTaken:
    """An item that was taken out of a list, and its place there."""

    referral_id: uuid.UUID
    evidence_id: uuid.UUID
    at: int
    called: str = attrs.field(repr=False)
    title: str = attrs.field(repr=False)
    chapter: str


def lists(session: Session, referral_id: uuid.UUID) -> Sequence[ExhibitList]:
    """All lists of a referral, first communicated first."""
    return session.scalars(
        select(ExhibitList).where(ExhibitList.referral_id == referral_id).order_by(ExhibitList.sequence)
    ).all()


def before(session: Session, referral_id: uuid.UUID) -> list[ExhibitList]:
    """The lists whose numbers are taken when a referral that completes another begins, first communicated first."""
    referral = session.get_one(Referral, referral_id)
    if referral.follows_id is None:
        return []
    own = lists(session, referral_id)
    return [
        each
        for each in communicated(session, referral.follows_id)
        if each.referral_id != referral_id
        # what completed the same complaint since comes after
        and (each.referral_id == referral.follows_id or not own or each.first_number < own[0].first_number)
    ]


def communicated(session: Session, referral_id: uuid.UUID) -> list[ExhibitList]:
    """The lists of the referrals one follows, its own, then those of what has completed it already."""
    completing = (
        select(ExhibitList)
        .join(Referral, ExhibitList.referral_id == Referral.id)
        .where(Referral.follows_id == referral_id, ExhibitList.frozen_at.is_not(None))
        .order_by(ExhibitList.first_number)
    )
    return [*before(session, referral_id), *lists(session, referral_id), *session.scalars(completing)]


def open_list(work: Work, referral_id: uuid.UUID) -> ExhibitList:
    """The list that can still change; a new one continues the numbers of those already communicated.

    So does the first list of a referral that follows another one: no number is borne twice before the same authority.
    """
    own = lists(work.session, referral_id)
    if own and own[-1].frozen_at is None:
        return own[-1]
    follows = work.session.get_one(Referral, referral_id).follows_id
    known = [
        *(communicated(work.session, follows) if follows else ()),
        *communicated(work.session, referral_id),
    ]
    fresh = ExhibitList(
        referral_id=referral_id,
        sequence=own[-1].sequence + 1 if own else 1,
        first_number=max((each.first_number + len(each.exhibits) for each in known), default=1),
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


def add(work: Work, referral_id: uuid.UUID, evidence_id: uuid.UUID) -> uuid.UUID:
    """One more exhibit, at the end of the open list.

    Raises:
        Fault: `exhibit.twice` when it bears a number already.
    """
    _refuse_known(work, referral_id, evidence_id)
    item = _as_draft(work.session.get_one(Evidence, evidence_id))
    current = open_list(work, referral_id)
    return _insert(work, current, Exhibit(evidence_id=evidence_id, chapter=item.chapter), len(current.exhibits))


def remove(work: Work, referral_id: uuid.UUID, evidence_id: uuid.UUID) -> ExhibitTaken:
    """Take an item out of the open list; the vault keeps it, every number follows.

    Raises:
        Fault: `exhibit.frozen` when it was communicated.
    """
    current, here = _open_place(work, referral_id, evidence_id)
    called = here.title or here.evidence.title
    taken = ExhibitTaken(referral_id, evidence_id, current.exhibits.index(here), called, here.title, here.chapter)
    current.exhibits.remove(here)
    _ordered(work, current)
    return taken


def put_back(work: Work, taken: ExhibitTaken) -> uuid.UUID:
    """An item that was taken out, at its place.

    Raises:
        Fault: `exhibit.twice` when it was listed again meanwhile.
    """
    _refuse_known(work, taken.referral_id, taken.evidence_id)
    exhibit = Exhibit(evidence_id=taken.evidence_id, title=taken.title, chapter=taken.chapter)
    return _insert(work, open_list(work, taken.referral_id), exhibit, taken.at)


def replace(work: Work, referral_id: uuid.UUID, evidence_id: uuid.UUID, by: uuid.UUID) -> None:
    """Put an item in the place of another, its masked version for one; the statement of facts cites it instead.

    Raises:
        Fault: `exhibit.frozen`, `exhibit.twice`.
    """
    _refuse_known(work, referral_id, by)
    current, here = _open_place(work, referral_id, evidence_id)
    here.evidence_id = by
    referral = work.session.get_one(Referral, referral_id)
    referral.account = referral.account.replace(citation(str(evidence_id)), citation(str(by)))
    work.session.flush()
    work.session.expire(here, ["evidence"])
    work.record("exhibit_list.arranged", current.id)


def save_place(work: Work, draft: PlaceDraft) -> uuid.UUID:
    """Call an item otherwise in its list.

    Raises:
        Fault: `exhibit.frozen` when the list was communicated; `draft.invalid`.
    """
    fields.check(draft)
    exhibit = work.session.get_one(Exhibit, draft.id)
    own = work.session.get_one(ExhibitList, exhibit.list_id)
    if own.frozen_at is not None:
        raise _frozen()
    fields.store(draft, exhibit)
    work.session.flush()
    work.record("exhibit_list.arranged", own.id)
    return exhibit.id


def _refuse_known(work: Work, referral_id: uuid.UUID, evidence_id: uuid.UUID) -> None:
    known = (*before(work.session, referral_id), *lists(work.session, referral_id))
    if any(exhibit.evidence_id == evidence_id for each in known for exhibit in each.exhibits):
        raise Fault("exhibit.twice", "Cette pièce est déjà au bordereau\u00a0: elle y porte son numéro.")


def _open_place(work: Work, referral_id: uuid.UUID, evidence_id: uuid.UUID) -> tuple[ExhibitList, Exhibit]:
    current = open_list(work, referral_id)
    here = next((each for each in current.exhibits if each.evidence_id == evidence_id), None)
    if here is None:
        raise _frozen()
    return current, here


def _frozen() -> Fault:
    return Fault(
        "exhibit.frozen",
        "Cette pièce ne peut pas être changée\u00a0: son bordereau a été communiqué, elle y garde son numéro.",
    )


def _insert(work: Work, current: ExhibitList, exhibit: Exhibit, at: int) -> uuid.UUID:
    current.exhibits.insert(at, exhibit)
    _ordered(work, current)
    return exhibit.id


def _ordered(work: Work, current: ExhibitList) -> None:
    for position, each in enumerate(current.exhibits):
        each.position = position
    work.session.flush()
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


def communicate(work: Work, referral_id: uuid.UUID, items: Sequence[uuid.UUID], on: dt.date) -> None:
    """These items went out in that order: those without a number yet are frozen, in a list of exactly them.

    What the open list held besides goes on in the next one; an item taken out of it since has its number all the same.
    """
    known = {each.id: each for each in (*before(work.session, referral_id), *lists(work.session, referral_id))}
    taken = {one.evidence_id for each in known.values() if each.frozen_at is not None for one in each.exhibits}
    fresh = [each for each in items if each not in taken]
    if not fresh:
        return
    current = open_list(work, referral_id)
    listed = {each.evidence_id: fields.drafted(ExhibitDraft, each) for each in current.exhibits}
    if list(listed) != fresh:
        sent = [listed.get(each) or _as_draft(work.session.get_one(Evidence, each)) for each in fresh]
        arrange(work, referral_id, sent)
    freeze(work, referral_id, on)
    if rest := [draft for item, draft in listed.items() if item not in fresh]:
        arrange(work, referral_id, rest)


def _as_draft(item: Evidence) -> ExhibitDraft:
    return ExhibitDraft(evidence_id=item.id, chapter=vocabulary.term("evidence_kinds", item.kind).group)
