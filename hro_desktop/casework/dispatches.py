# SPDX-License-Identifier: GPL-3.0-or-later
"""Sendings: what was frozen goes to a body, by a way the procedure knows; from then on numbers and states follow.

Noting a sending changes the exhibits for good (their list is communicated), the state of each complainant, and writes
the line of the ledger with the real way, in one unit of work.
"""

import datetime as dt
import uuid
from collections.abc import Iterator

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import (
    concerned,
    departures,
    documents,
    exhibits,
    facts,
    fields,
    frozen,
    profiles,
    referral_facts,
)
from hro_desktop.casework.departures import Entry, File
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.frozen import Version
from hro_desktop.casework.referrals import PREPARING
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.law import authorities, procedures, steps, vocabulary
from hro_desktop.law.procedures import Procedure
from hro_desktop.records.dispatches import Dispatch, DispatchDocument
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.referrals import Referral, ReferralStep
from hro_desktop.rules.dates import french_day
from hro_desktop.vault.work import Work

__all__ = ["DispatchDraft", "ProofDraft", "Sent", "channels", "note", "note_receipt", "of_referral", "save_proofs"]


@attrs.define(kw_only=True)
class DispatchDraft(fields.Draft):
    """One sending, once it was made: `referral_id` says of what, an empty `authority` to the one of the referral."""

    referral_id: uuid.UUID | None = fields.ref("referral", "saisine", required=True)
    channel: str = fields.choice("channels", "comment", required=True)
    sent_on: dt.date | None = fields.day("le", required=True)
    tracking_number: str = fields.text("numéro de suivi ou de recommandé")
    proof_evidence_id: uuid.UUID | None = fields.ref("evidence", "preuve du dépôt : récépissé, accusé d’envoi")
    authority: str = fields.choice("authorities", "à qui ; vide : l’autorité saisie")
    copy: bool = fields.flag("c’est une copie, pour information", default=False)
    note: str = fields.text("précision", long=True)


@attrs.define(kw_only=True)
class ProofDraft(fields.Draft):
    """What proves a sending, noted as it comes: the number, the receipt, the day it was received."""

    tracking_number: str = fields.text("numéro de suivi ou de recommandé")
    proof_evidence_id: uuid.UUID | None = fields.ref("evidence", "preuve du dépôt : récépissé, accusé d’envoi")
    received_on: dt.date | None = fields.day("reçu par l’organisme le")
    receipt_evidence_id: uuid.UUID | None = fields.ref("evidence", "avis de réception, accusé de réception")


@attrs.frozen(kw_only=True)
class Sent:
    """One sending, in words: to whom, how, when; the proofs it has, and those it still lacks."""

    id: uuid.UUID
    to: str
    channel: str
    sent_on: dt.date
    copy: bool
    tracking_number: str
    proof_id: uuid.UUID | None
    received_on: dt.date | None
    receipt_id: uuid.UUID | None
    documents: tuple[uuid.UUID, ...]
    sentence: str


def channels(procedure: str, on: dt.date) -> tuple[tuple[str, str], ...]:
    """The ways a procedure knows, best first: code and words."""
    return tuple((each, vocabulary.label("channels", each)) for each in procedures.procedure(procedure, on).channels)


def note(desk: Desk, draft: DispatchDraft) -> Result[uuid.UUID]:
    """Note that the frozen version was sent.

    Raises:
        Fault: `draft.invalid`; `version.none`, `version.stale` when the exhibits changed since it was frozen;
            `referral.blocked`, `dispatch.waits`, `dispatch.unsigned`; `dispatch.future`, `dispatch.twice`,
            `dispatch.proof`; `dispatch.unagreed` when somebody did not agree to another authority having it.
    """
    fields.check(draft)
    assert draft.referral_id is not None
    with desk.read() as session:
        version = _ready(session, desk, draft)
    return desk.run(_note, desk, draft, version)


def _ready(session: Session, desk: Desk, draft: DispatchDraft) -> Version:
    """The version that was sent, if all that must be is so; looked at again now, whatever was true when frozen."""
    referral = session.get_one(Referral, draft.referral_id)
    version = frozen.newest(session, referral.id)
    if draft.sent_on is not None and draft.sent_on > desk.today():
        raise Fault("dispatch.future", "Ce jour est à venir\u00a0: notez l’envoi une fois fait.", ExitCode.USAGE)
    _refuse_twice(session, referral, draft)
    if draft.proof_evidence_id is not None and session.get(Evidence, draft.proof_evidence_id) is None:
        raise Fault(
            "dispatch.proof",
            "La pièce choisie comme preuve n’est plus dans le coffre : choisissez-en une autre, ou aucune.",
        )
    _refuse_unagreed(session, referral, draft, desk.today())
    found = documents.situation(session, desk, referral)
    documents.refuse_blocked(found.states)
    for code, state, words in (("waits", "attend", "Cela attend"), ("unsigned", "a_signer", "Il manque une signature")):
        late = next((each for each in found.states if each.state == state), None)
        if late is not None and not (code == "unsigned" and draft.copy):
            raise Fault(
                f"dispatch.{code}",
                f"{words}, {late.document}, {late.person}\u00a0: {late.reasons[0].sentence} L’envoi n’est pas noté.",
                ExitCode.BLOCKED,
            )
    if not frozen.same_exhibits(session, referral, version):
        raise Fault(
            "version.stale",
            "Les pièces ont changé depuis la version figée\u00a0: figez de nouveau. L’envoi n’est pas noté.",
            ExitCode.BLOCKED,
        )
    return version


def _refuse_twice(session: Session, referral: Referral, draft: DispatchDraft) -> None:
    """The same sending noted again: two clicks, or two windows."""
    authority = draft.authority or referral.authority
    same = select(Dispatch).where(
        Dispatch.referral_id == referral.id,
        Dispatch.authority == authority,
        Dispatch.channel == draft.channel,
        Dispatch.sent_on == draft.sent_on,
        Dispatch.copy == draft.copy,
    )
    known = session.scalars(same).first()
    if known is not None:
        raise Fault("dispatch.twice", f"Cet envoi est déjà noté : {_sent(known).sentence}.", ExitCode.USAGE)


def _refuse_unagreed(session: Session, referral: Referral, draft: DispatchDraft, on: dt.date) -> None:
    """Another authority than the one of the referral needs an agreement of its own."""
    if draft.authority in ("", referral.authority):
        return
    whose = authorities.authority(draft.authority, on)
    rows = [row for row in procedures.procedures() if row.body in (whose.code, whose.kind) and row.holds_on(on)]
    for party in referral.parties:
        asked = (
            departures.agreement(
                session, party.case.person_id, row.consent_purpose, row.body, on, rule=row.consent_rule
            )
            for row in rows
        )
        if not any(each is not None for each in asked):
            raise Fault(
                "dispatch.unagreed",
                f"{facts.formal_name(party.case.person)} n’a pas donné d’accord pour : {whose.name}. "
                "L’envoi n’est pas noté.",
                ExitCode.BLOCKED,
            )


def _note(work: Work, desk: Desk, draft: DispatchDraft, version: Version) -> uuid.UUID:
    referral = work.session.get_one(Referral, draft.referral_id)
    row = procedures.procedure(referral.procedure, desk.today())
    authority = draft.authority or referral.authority
    numbered = referral_facts.numbered_exhibits(work.session, referral)
    profile = profiles.row_of(desk, row.profile)
    entry = Entry(
        subject=("referral", referral.id),
        files=tuple(
            File(name=each.title, sha256=each.sha256, size=each.size, media_type=each.media_type, document_id=each.id)
            for each in version.papers
        ),
        people=concerned.by_referral(work.session, referral, numbered, profile, desk.today()),
        authority=authority,
        channel=draft.channel,
        profile=row.profile,
    )
    departure = departures.record(work, entry)
    dispatch = fields.save(work, Dispatch, attrs.evolve(draft, authority=authority), departure_id=departure)
    for place, each in enumerate(version.papers):
        work.session.add(DispatchDocument(dispatch_id=dispatch.id, document_id=each.id, position=place))
    if not draft.copy:
        _follow(work, referral, row, draft)
    work.session.flush()
    return dispatch.id


def _follow(work: Work, referral: Referral, row: Procedure, draft: DispatchDraft) -> None:
    """The exhibits are communicated, and each complainant's part goes one stage on."""
    assert draft.sent_on is not None
    known = exhibits.lists(work.session, referral.id)
    if known and known[-1].frozen_at is None and known[-1].exhibits:
        exhibits.freeze(work, referral.id, draft.sent_on)
    sent = steps.track(row.states, draft.sent_on).stages[1].states[0]
    for party in referral.parties:
        if party.status in PREPARING:
            party.status = sent
            party.steps.append(
                ReferralStep(status=sent, occurred_on=draft.sent_on, proof_evidence_id=draft.proof_evidence_id)
            )
    work.record("referral.sent", referral.id)


def note_receipt(
    work: Work, dispatch_id: uuid.UUID, on: dt.date, evidence_id: uuid.UUID | None, today: dt.date
) -> uuid.UUID:
    """The body received it: the day, and the notice that says so when there is one.

    Raises:
        Fault: `dispatch.future`; `dispatch.before` for a day before the sending; `dispatch.proof`.
    """
    dispatch = work.session.get_one(Dispatch, dispatch_id)
    if on > today:
        raise Fault("dispatch.future", "Ce jour est à venir\u00a0: notez la réception une fois connue.", ExitCode.USAGE)
    if on < dispatch.sent_on:
        raise Fault(
            "dispatch.before", f"L’envoi est du {french_day(dispatch.sent_on)}\u00a0: la réception vient après."
        )
    if evidence_id is not None and work.session.get(Evidence, evidence_id) is None:
        raise Fault("dispatch.proof", "La pièce choisie n’est plus dans le coffre : choisissez-en une autre.")
    dispatch.received_on, dispatch.receipt_evidence_id = on, evidence_id
    work.session.flush()
    work.record("dispatch.received", dispatch.id)
    return dispatch.id


def save_proofs(work: Work, draft: ProofDraft) -> uuid.UUID:
    """Note the proofs of a sending.

    Raises:
        Fault: `draft.invalid`, `dispatch.gone`; as `note_receipt`.
    """
    fields.check(draft)
    dispatch = work.session.get(Dispatch, draft.id)
    if dispatch is None:
        raise Fault("dispatch.gone", "Cet envoi n’est plus noté dans le coffre.")
    if draft.proof_evidence_id is not None and work.session.get(Evidence, draft.proof_evidence_id) is None:
        raise Fault("dispatch.proof", "La pièce choisie n’est plus dans le coffre\u00a0: choisissez-en une autre.")
    if draft.received_on is not None:
        note_receipt(work, dispatch.id, draft.received_on, draft.receipt_evidence_id, fields.french_day(work.now))
    fields.store(draft, dispatch)
    work.session.flush()
    work.record("dispatch.changed", dispatch.id)
    return dispatch.id


def of_referral(session: Session, referral_id: uuid.UUID) -> tuple[Sent, ...]:
    """All sendings of a referral, newest first."""
    found = session.scalars(
        select(Dispatch)
        .where(Dispatch.referral_id == referral_id)
        .order_by(Dispatch.sent_on.desc(), Dispatch.id.desc())
    )
    return tuple(_sent(each) for each in found)


def _sent(each: Dispatch) -> Sent:
    to = authorities.authority(each.authority, each.sent_on).name
    return Sent(
        id=each.id,
        to=to,
        channel=vocabulary.label("channels", each.channel),
        sent_on=each.sent_on,
        copy=each.copy,
        tracking_number=each.tracking_number,
        proof_id=each.proof_evidence_id,
        received_on=each.received_on,
        receipt_id=each.receipt_evidence_id,
        documents=tuple(link.document_id for link in each.documents),
        sentence=", ".join(_words(each, to)),
    )


def _words(each: Dispatch, to: str) -> Iterator[str]:
    what = "copie" if each.copy else "envoi"
    yield f"{what} du {french_day(each.sent_on)} à {to}"
    yield vocabulary.label("channels", each.channel)
    if each.tracking_number:
        yield f"n°\u00a0{each.tracking_number}"
    if each.received_on:
        yield f"reçu le {french_day(each.received_on)}"
    elif each.proof_evidence_id is None:
        yield "preuve du dépôt à joindre"
