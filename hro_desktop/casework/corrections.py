# SPDX-License-Identifier: GPL-3.0-or-later
"""Correcting a sending that was noted wrong: its day, its way, its number. What was said before stays beside it."""

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from hro_desktop.casework import dispatch_checks, dispatches, exhibits, fields, follow
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.dispatch_checks import Sending
from hro_desktop.casework.dispatches import CorrectionDraft, DispatchDraft
from hro_desktop.faults import Fault
from hro_desktop.records.dispatches import Dispatch
from hro_desktop.records.referrals import Referral
from hro_desktop.rules.dates import french_day
from hro_desktop.vault.work import Work

__all__ = ["correct"]


def correct(desk: Desk, draft: CorrectionDraft) -> Result[uuid.UUID]:
    """Say of a noted sending what is true. The events it made and the list it communicated follow its day.

    The line of the ledger stays as it was written.

    Raises:
        Fault: `draft.invalid`, `dispatch.gone`; `version.later`, `day.early`, `dispatch.future`, `dispatch.twice`;
            `dispatch.before` when it would have been received before.
    """
    fields.check(draft)
    with desk.read() as session:
        remark = _ready(session, desk, draft)
    return desk.run(_correct, draft, remark)


def _ready(session: Session, desk: Desk, draft: CorrectionDraft) -> str:
    """What is to be said of the sending as it is now told, if that can be."""
    assert draft.sent_on is not None
    known = dispatches.by_id(session, draft.id)
    referral = session.get_one(Referral, known.referral_id)
    told = {name: getattr(draft, name) for name, _ in fields.described(CorrectionDraft)}
    noted = DispatchDraft(referral_id=referral.id, authority=known.authority, copy=known.copy, **told)
    dispatches.refuse_twice(session, noted, but=known.id)
    if draft.sent_on == known.sent_on:
        return known.remark
    dispatches.refuse_day(session, referral, draft.sent_on, desk.today())
    if known.received_on is not None and known.received_on < draft.sent_on:
        raise Fault(
            "dispatch.before",
            f"Cet envoi est noté reçu le {french_day(known.received_on)}\u00a0: corrigez d’abord ce jour, ou celui-ci.",
        )
    papers = [each.document_id for each in known.documents]
    version = dispatch_checks.version_of(session, referral.id, papers[0], draft.sent_on, desk.today())
    sending = Sending(authority=known.authority, sent_on=draft.sent_on, copy=known.copy)
    return dispatch_checks.remark(session, desk, referral, version, sending)


def _correct(work: Work, draft: CorrectionDraft, remark: str) -> uuid.UUID:
    known = dispatches.by_id(work.session, draft.id)
    was = {"remark": known.remark} if known.remark != remark else {}
    was |= dispatches.changed(known, draft)
    fields.forget_typed(work, "dispatch_change", known.id)
    if not was:
        return known.id
    if draft.sent_on is not None and draft.sent_on != known.sent_on:
        _follow(work, known, draft.sent_on)
    fields.store(draft, known)
    known.remark = remark
    dispatches.keep_old(work, known, was)
    work.session.flush()
    return known.id


def _follow(work: Work, known: Dispatch, day: dt.date) -> None:
    """What the sending did was on its day, whichever that is."""
    referral = work.session.get_one(Referral, known.referral_id)
    for party in referral.parties:
        followed = follow.follows_steps(party)
        mine = [each for each in party.steps if each.dispatch_id == known.id]
        for step in mine:
            step.occurred_on = day
        if mine and followed:
            follow.settle(party, party.status)
    others = {
        each.sent_on
        for each in dispatches.of_referral(work.session, referral.id)
        if each.id != known.id and not each.copy
    }
    if not known.copy and known.sent_on not in others:
        for each in exhibits.lists(work.session, referral.id):
            if each.communicated_on == known.sent_on:
                each.communicated_on = day
