# SPDX-License-Identifier: GPL-3.0-or-later
"""The door: what is looked at again before anything leaves, because what was true when it was made may not be any more.

Somebody may have refused, taken words back or corrected a fact in between; what was made then says what it said.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.values import Values, plain
from hro_desktop.casework import case_documents, debriefing, documents, frozen, identities, image_documents, papers
from hro_desktop.casework import statements as statement_actions
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.packs import Pack
from hro_desktop.casework.referral_facts import ReferralFacts
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.documents import Document
from hro_desktop.records.referrals import Referral
from hro_desktop.records.statements import Statement

__all__ = ["check_again", "check_kept"]


def check_again(desk: Desk, pack: Pack) -> None:
    """Refuse a pack that would not be made today as it was made.

    Raises:
        Fault: `referral.opposed`, for a draft too; `referral.blocked`; `attestation.refused`; `statement.withdrawn`;
            `debriefing.*`; `images.name`; `pack.stale` when its exhibits or its words would be others now.
    """
    kind, subject = pack.subject
    debriefing.check_again(desk, pack)
    image_documents.check_again(desk, pack)
    with desk.read() as session:
        if kind == "referral":
            _check_referral(session, desk, pack)
            return
        if kind == "statement":
            statement = session.get_one(Statement, subject)
            if all(made.role == papers.READ_BACK for made in pack.files):
                statement_actions.refuse_withdrawn(statement)
            else:
                documents.may_attest(session, desk, statement, handwriting=True)
        if pack.again is not None and papers.whole_hash(pack.again(session)) != pack.said:
            raise _stale("Ce que ces documents disent a changé")


def _check_referral(session: Session, desk: Desk, pack: Pack) -> None:
    referral = session.get_one(Referral, pack.subject[1])
    found = documents.situation(session, desk, referral, pack.package.profile)
    documents.refuse_opposed(found.states)
    if not pack.draft:
        documents.refuse_blocked(found.states)
    now = documents.for_draft(session, found) if pack.draft else found.said.numbered
    waiting = not pack.draft and any(state.waiting for state in found.states)
    if documents.listed(now) != pack.exhibits or waiting:
        raise _stale("Le dossier a changé")
    if found.whole_sha256 != pack.said:
        raise _stale("Ce que ces documents disent a changé")


def _stale(what: str) -> Fault:
    sentence = f"{what} depuis qu’ils ont été faits\u00a0: refaites-les. Rien n’est sorti."
    return Fault("pack.stale", sentence, ExitCode.BLOCKED)


def check_kept(desk: Desk, subject: tuple[str, uuid.UUID], kept: Collection[uuid.UUID]) -> None:
    """The same for documents the vault holds already: they are what they were, but somebody may have withdrawn.

    Of a referral, only what was frozen is looked at again: anything else said what was true when it was made, and is
    made anew instead.

    Args:
        desk: the open vault.
        subject: what they belong to.
        kept: their ids; none for an envelope, which names nobody and tells nothing.

    Raises:
        Fault: `document.not_frozen`, `document.identity`, `version.left`; `referral.opposed`, `referral.blocked`;
            `images.name`, `debriefing.*`; `attestation.refused`; `statement.withdrawn`.
    """
    kind, record_id = subject
    with desk.read() as session:
        known = [session.get_one(Document, each) for each in kept]
        if kind == "statement":
            statement = session.get_one(Statement, record_id)
            statement_actions.refuse_withdrawn(statement)
            if any(each.role != papers.READ_BACK for each in known):
                documents.may_attest(session, desk, statement, handwriting=True)
        if kind == "incident":
            image_documents.refuse_names(session, record_id, [each.values_json for each in known])
        if kind == "outing":
            debriefing.refuse_names(session, record_id, [each.values_json for each in known])
        if kind == "referral":
            for each in known:
                case_documents.refuse_not_frozen(each)
            referral = session.get_one(Referral, record_id)
            found = documents.situation(session, desk, referral)
            sealed = _sealed_with(session, known)
            if identities.reduced(session, referral, desk.today()):
                _refuse_whole_names(sealed, found.said.values)
            documents.refuse_opposed(found.states)
            if known:
                documents.refuse_blocked(found.states)
                _refuse_left(sealed, found.said)


def _refuse_left(sealed: Sequence[Document], now: ReferralFacts) -> None:
    """Who is not of the referral any more is not asked for an agreement, nor what shows them looked at.

    Raises:
        Fault: `version.left`.
    """
    of_it = frozen.complainants(now.values)
    shown = {str(each.evidence.id) for each in now.numbered}
    people = {who for each in sealed for who in frozen.complainants(papers.from_canonical(each.values_json))}
    items = {item for each in sealed for item in frozen.listed_in(each)}
    if not (people <= of_it and items <= shown):
        raise Fault(
            "version.left",
            "Cette version figée a une personne ou une pièce qui n’est plus de la saisine\u00a0: figez de nouveau. "
            "Rien n’est sorti\u00a0; la version figée se regarde toujours.",
            ExitCode.BLOCKED,
        )


def _sealed_with(session: Session, known: Collection[Document]) -> list[Document]:
    """What was filled and frozen at the same moments as these documents, the exhibits of which go with it."""
    beside = select(Document).where(
        Document.referral_id.in_({each.referral_id for each in known}),
        Document.frozen_at.in_({each.frozen_at for each in known}),
        Document.values_json != "",
    )
    return list(session.scalars(beside))


def _refuse_whole_names(sealed: Sequence[Document], now: Values) -> None:
    """What was frozen before an identity was reduced says it whole, its exhibits too.

    Raises:
        Fault: `document.identity`.
    """
    said = {name for each in sealed for name in _called(papers.from_canonical(each.values_json))}
    if not said <= _called(now):
        raise Fault(
            "document.identity",
            "Cette version figée dit en entier une identité qui est réduite depuis\u00a0: figez de nouveau. "
            "Rien n’est sorti.",
            ExitCode.BLOCKED,
        )


def _called(values: Values) -> set[str]:
    """What a paper calls the people it is for."""
    known: Mapping[str, Any] = plain(values)
    return {str(each["display_name"]) for each in known.get("complainants", ())}
