# SPDX-License-Identifier: GPL-3.0-or-later
"""Sendings: what was frozen goes to a body, by a way the procedure knows; from then on numbers and states follow.

Noting a sending changes the exhibits for good (their list is communicated), the state of each complainant, and writes
the line of the ledger with the real way, in one unit of work.
"""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from typing import Any, Final

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import (
    concerned,
    departures,
    dispatch_checks,
    exhibits,
    fields,
    frozen,
    profiles,
    referral_facts,
    referrals,
)
from hro_desktop.casework.departures import Concerned, Entry, File
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.dispatch_checks import Sending
from hro_desktop.casework.frozen import Held, Version
from hro_desktop.casework.referrals import PREPARING
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.law import authorities, procedures, steps, vocabulary
from hro_desktop.law.procedures import Procedure
from hro_desktop.law.profiles import Profile
from hro_desktop.records.base import new_id
from hro_desktop.records.dispatches import Dispatch, DispatchDocument
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.referrals import Referral, ReferralStep
from hro_desktop.rules.dates import french_day
from hro_desktop.vault.canonical import sha256
from hro_desktop.vault.work import Work

__all__ = [
    "CorrectionDraft",
    "DispatchDraft",
    "ProofDraft",
    "Sent",
    "by_id",
    "changed",
    "channels",
    "keep_old",
    "note",
    "note_receipt",
    "of_referral",
    "refuse_day",
    "refuse_twice",
    "save_proofs",
]

NUMBER: Final = 60
NOTE: Final = 2000
"""Characters of a number a carrier gives, and of a note: more is something else, pasted there by mistake."""


@attrs.define(kw_only=True)
class DispatchDraft(fields.Draft):
    """One sending, once it was made: `referral_id` says of what, an empty `authority` to the one of the referral.

    `version_id` is any document of the frozen version that went. `left`: somebody says that it did leave today, though
    it would be stopped now.
    """

    referral_id: uuid.UUID | None = fields.ref("referral", "saisine", required=True)
    channel: str = fields.choice("channels", "comment", required=True)
    sent_on: dt.date | None = fields.day("le", required=True)
    tracking_number: str = fields.text("numéro de suivi ou de recommandé", longest=NUMBER)
    proof_evidence_id: uuid.UUID | None = fields.ref("evidence", "preuve du dépôt : récépissé, accusé d’envoi")
    authority: str = fields.choice("authorities", "à qui ; vide : l’autorité saisie")
    copy: bool = fields.flag("c’est une copie, pour information", default=False)
    version_id: uuid.UUID | None = fields.ref(
        "document", "version figée envoyée ; vide : la dernière figée ce jour-là ou avant"
    )
    left: bool = fields.flag("c’est déjà parti, quoi qu’en dise l’état d’aujourd’hui", default=False)
    note: str = fields.text("précision", long=True, longest=NOTE)


@attrs.define(kw_only=True)
class CorrectionDraft(fields.Draft):
    """A noted sending as it really was; what was noted stays beside it."""

    channel: str = fields.choice("channels", "comment", required=True)
    sent_on: dt.date | None = fields.day("le", required=True)
    tracking_number: str = fields.text("numéro de suivi ou de recommandé", longest=NUMBER)
    note: str = fields.text("précision", long=True, longest=NOTE)


@attrs.define(kw_only=True)
class ProofDraft(fields.Draft):
    """What proves a sending, noted as it comes: the number, the receipt, the day it was received."""

    tracking_number: str = fields.text("numéro de suivi ou de recommandé", longest=NUMBER)
    proof_evidence_id: uuid.UUID | None = fields.ref("evidence", "preuve du dépôt : récépissé, accusé d’envoi")
    received_on: dt.date | None = fields.day("reçu par l’organisme le")
    receipt_evidence_id: uuid.UUID | None = fields.ref("evidence", "avis de réception, accusé de réception")


@attrs.frozen(kw_only=True)
class Sent:
    """One sending, in words: to whom, how, when; the proofs it has, and those it still lacks.

    `remark` is what was to be said of it when it was noted: that it left without an agreement, and what comes next.
    `corrections` are what it said before, each in a sentence, the last first; `draft` is for another one.
    """

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
    remark: str = attrs.field(repr=False)
    sentence: str
    corrections: tuple[str, ...] = attrs.field(repr=False)
    draft: CorrectionDraft = attrs.field(repr=False)


def channels(procedure: str, on: dt.date) -> tuple[tuple[str, str], ...]:
    """The ways a procedure knows, best first: code and words."""
    return tuple((each, vocabulary.label("channels", each)) for each in procedures.procedure(procedure, on).channels)


def note(desk: Desk, draft: DispatchDraft) -> Result[uuid.UUID]:
    """Note that a frozen version was sent.

    A sending of today is looked at as at the door, unless somebody says that it left: a version that may not leave any
    more is then refused. One of a day gone by is written down as it was, with what is to be said of it.

    Raises:
        Fault: `draft.invalid`; `referral.gone`; `version.none`, `version.gone`, `version.later`; `day.early`,
            `dispatch.future`, `dispatch.twice`, `dispatch.proof`; for a sending of today, whatever stops it:
            `referral.blocked`, `dispatch.waits`, `dispatch.unsigned`, `dispatch.unagreed` when somebody did not agree
            to another authority having it, `version.stale` when the exhibits changed since it was frozen.
    """
    fields.check(draft)
    with desk.read() as session:
        version, remark = _ready(session, desk, draft)
    return desk.run(_note, desk, draft, version, remark)


def _ready(session: Session, desk: Desk, draft: DispatchDraft) -> tuple[Version, str]:
    """The version that was sent, if all that must be is so, and what is to be said of that sending."""
    assert draft.referral_id is not None
    assert draft.sent_on is not None
    referral = referrals.by_id(session, draft.referral_id)
    refuse_day(session, referral, draft.sent_on, desk.today())
    refuse_twice(session, draft)
    _refuse_proof(session, draft.proof_evidence_id)
    version = dispatch_checks.version_of(session, referral.id, draft.version_id, draft.sent_on, desk.today())
    sending = Sending(authority=draft.authority or referral.authority, sent_on=draft.sent_on, copy=draft.copy)
    if draft.sent_on == desk.today() and not draft.left:
        fault = dispatch_checks.stopped(session, desk, referral, version, sending)
        if fault is not None:
            raise Fault(fault.code, f"{fault.sentence} L’envoi n’est pas noté.", fault.exit_code)
        return version, ""
    return version, dispatch_checks.remark(session, desk, referral, version, sending)


def refuse_day(session: Session, referral: Referral, sent_on: dt.date, today: dt.date) -> None:
    """A sending was made, and after the facts.

    Raises:
        Fault: `dispatch.future`, `day.early`.
    """
    if sent_on > today:
        raise Fault("dispatch.future", "Ce jour est à venir\u00a0: notez l’envoi une fois fait.", ExitCode.USAGE)
    fields.refuse_early(sent_on, referrals.facts_on(session, referral))


def refuse_twice(session: Session, draft: DispatchDraft, *, but: uuid.UUID | None = None) -> None:
    """The same sending noted again, by its number or by its day and way: two clicks, or two windows.

    Raises:
        Fault: `dispatch.twice`.
    """
    authority = draft.authority or session.get_one(Referral, draft.referral_id).authority
    asked = select(Dispatch).where(Dispatch.referral_id == draft.referral_id, Dispatch.id != (but or new_id()))
    number = _bare(draft.tracking_number)
    same = (authority, draft.channel, draft.sent_on, draft.copy)
    known = next(
        (
            each
            for each in session.scalars(asked.order_by(Dispatch.id))
            if (each.authority, each.channel, each.sent_on, each.copy) == same
            or (number and _bare(each.tracking_number) == number)
        ),
        None,
    )
    if known is not None:
        raise Fault(
            "dispatch.twice",
            f"Cet envoi est déjà noté\u00a0: {_sent(session, known).sentence}. S’il est faux, corrigez-le.",
            ExitCode.USAGE,
        )


def _bare(number: str) -> str:
    """A number as a carrier knows it, however it was typed."""
    return re.sub(r"[^0-9a-z]", "", number.casefold())


def _refuse_proof(session: Session, evidence_id: uuid.UUID | None) -> None:
    if evidence_id is not None and session.get(Evidence, evidence_id) is None:
        raise Fault(
            "dispatch.proof",
            "La pièce choisie comme preuve n’est plus dans le coffre\u00a0: choisissez-en une autre, ou aucune.",
        )


def _note(work: Work, desk: Desk, draft: DispatchDraft, version: Version, remark: str) -> uuid.UUID:
    assert draft.sent_on is not None
    assert draft.referral_id is not None
    referral = referrals.by_id(work.session, draft.referral_id)
    refuse_twice(work.session, draft)  # noted meanwhile in another window
    row = procedures.procedure(referral.procedure, desk.today())
    authority = draft.authority or referral.authority
    held = frozen.holds(work.session, version)
    made = () if draft.copy else _follow(work, referral, row, draft, held)
    profile = profiles.row_of(desk, row.profile)
    late = f"envoi du {french_day(draft.sent_on)}" if draft.sent_on < desk.today() else ""
    entry = Entry(
        subject=("referral", referral.id),
        files=tuple(
            File(name=each.title, sha256=each.sha256, size=each.size, media_type=each.media_type, document_id=each.id)
            for each in version.papers
        ),
        people=_people(work.session, referral, held, profile, draft.sent_on),
        authority=authority,
        channel=draft.channel,
        profile=row.profile,
        note="\n".join(filter(None, (late, remark))),
        on=draft.sent_on,
    )
    departure = departures.record(work, entry)
    dispatch = fields.save(
        work, Dispatch, attrs.evolve(draft, authority=authority), departure_id=departure, remark=remark
    )
    for place, each in enumerate(version.papers):
        work.session.add(DispatchDocument(dispatch_id=dispatch.id, document_id=each.id, position=place))
    for step in made:
        step.dispatch_id = dispatch.id
    work.session.flush()
    return dispatch.id


def _people(session: Session, referral: Referral, held: Held, profile: Profile, on: dt.date) -> tuple[Concerned, ...]:
    """Whom a version was about, as they had answered that day: those who are of the referral no more too."""
    numbered = [
        each
        for each in referral_facts.numbered_exhibits(session, referral)
        if not held.people or each.evidence.id in held.items
    ]
    found = concerned.by_referral(session, referral, numbered, profile, on)
    if not held.people:
        return found
    row = procedures.procedure(referral.procedure, on)
    parties = {party.case.person_id for party in referral.parties}
    gone = [
        (each, departures.agreement(session, each, row.consent_purpose, row.body, on, rule=row.consent_rule))
        for each in sorted(held.people - parties)
    ]
    return (
        *(each for each in found if each.person_id not in parties ^ held.people),
        *(Concerned(role="plaignant", person_id=who, consent_id=by.id if by else None) for who, by in gone),
    )


def _follow(
    work: Work, referral: Referral, row: Procedure, draft: DispatchDraft, held: Held
) -> tuple[ReferralStep, ...]:
    """The exhibits that went are communicated, and the part of each complainant of the version goes one stage on.

    Returns:
        The events that this sending is: one somebody had noted that day, or a new one for whom nothing had left yet.
    """
    assert draft.sent_on is not None
    exhibits.communicate(work, referral.id, held.items, draft.sent_on)
    sent = steps.track(row.states, draft.sent_on).stages[1].states[0]
    made = []
    for party in referral.parties:
        if held.people and party.case.person_id not in held.people:
            continue
        noted = [each for each in party.steps if (each.status, each.occurred_on) == (sent, draft.sent_on)]
        if not noted and not any(each.dispatch_id is not None for each in party.steps):
            noted = [ReferralStep(status=sent, occurred_on=draft.sent_on, proof_evidence_id=draft.proof_evidence_id)]
            party.steps += noted
        if party.status in PREPARING:
            party.status = sent
        made += [each for each in noted if each.dispatch_id is None]
    work.record("referral.sent", referral.id)
    return tuple(made)


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
    _refuse_proof(work.session, evidence_id)
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
    dispatch = by_id(work.session, draft.id)
    _refuse_proof(work.session, draft.proof_evidence_id)
    number = draft.tracking_number.strip()
    if dispatch.tracking_number and number != dispatch.tracking_number:
        keep_old(work, dispatch, {"tracking_number": dispatch.tracking_number})
    if draft.received_on is not None:
        note_receipt(work, dispatch.id, draft.received_on, draft.receipt_evidence_id, fields.french_day(work.now))
    fields.store(draft, dispatch)
    work.session.flush()
    work.record("dispatch.changed", dispatch.id)
    return dispatch.id


def by_id(session: Session, dispatch_id: uuid.UUID | None) -> Dispatch:
    """A noted sending.

    Raises:
        Fault: `dispatch.gone`.
    """
    found = session.get(Dispatch, dispatch_id) if dispatch_id is not None else None
    if found is None:
        raise Fault("dispatch.gone", "Cet envoi n’est plus noté dans le coffre.")
    return found


def changed(dispatch: Dispatch, draft: CorrectionDraft) -> dict[str, str]:
    """What a sending says and a correction does not, as it is kept."""
    told = {name: getattr(dispatch, name) for name, _ in fields.described(CorrectionDraft)}
    return {name: str(value) for name, value in told.items() if value != getattr(draft, name)}


def keep_old(work: Work, dispatch: Dispatch, was: dict[str, str]) -> None:
    """Keep what a sending said before it was corrected; the journal holds a commitment to it."""
    entry = {"at": work.now.isoformat(), "was": was}
    dispatch.corrections = [*dispatch.corrections, entry]
    work.record("dispatch.corrected", dispatch.id, sha256(entry))


def of_referral(session: Session, referral_id: uuid.UUID) -> tuple[Sent, ...]:
    """All sendings of a referral, newest first."""
    found = session.scalars(
        select(Dispatch)
        .where(Dispatch.referral_id == referral_id)
        .order_by(Dispatch.sent_on.desc(), Dispatch.id.desc())
    )
    return tuple(_sent(session, each) for each in found)


def _sent(session: Session, each: Dispatch) -> Sent:
    to = authorities.authority(each.authority, each.sent_on).name
    proof, receipt = (_there(session, item) for item in (each.proof_evidence_id, each.receipt_evidence_id))
    return Sent(
        id=each.id,
        to=to,
        channel=vocabulary.label("channels", each.channel),
        sent_on=each.sent_on,
        copy=each.copy,
        tracking_number=each.tracking_number,
        proof_id=proof,
        received_on=each.received_on,
        receipt_id=receipt,
        documents=tuple(link.document_id for link in each.documents),
        remark=each.remark,
        sentence=", ".join(_words(each, to, proof)),
        corrections=tuple(_corrected(entry) for entry in reversed(each.corrections)),
        draft=fields.drafted(CorrectionDraft, each),
    )


def _there(session: Session, evidence_id: uuid.UUID | None) -> uuid.UUID | None:
    """An item, unless it is gone from a damaged vault: a proof nobody can show is one that misses."""
    return evidence_id if evidence_id is not None and session.get(Evidence, evidence_id) is not None else None


def _corrected(entry: dict[str, Any]) -> str:
    """« Corrigé le 26 novembre 2026 ; avant : envoi du 3 octobre 2026, n° 1A »."""
    said = {
        "channel": lambda code: vocabulary.label("channels", code),
        "sent_on": _as_day,
        "tracking_number": _as_number,
    }
    parts = [
        said.get(name, str)(value) if value else "rien" for name, value in entry["was"].items() if name != "remark"
    ]
    day = french_day(fields.french_day(dt.datetime.fromisoformat(entry["at"])))
    return f"Corrigé le {day}\u00a0; avant\u00a0: {', '.join(parts)}."


def _as_day(text: str) -> str:
    return f"envoi du {french_day(dt.date.fromisoformat(text))}"


def _as_number(text: str) -> str:
    return f"n°\u00a0{text}"


def _words(each: Dispatch, to: str, proof: uuid.UUID | None) -> Iterator[str]:
    what = "copie" if each.copy else "envoi"
    yield f"{what} du {french_day(each.sent_on)} à {to}"
    yield vocabulary.label("channels", each.channel)
    if each.tracking_number:
        yield _as_number(each.tracking_number)
    if each.received_on:
        yield f"reçu le {french_day(each.received_on)}"
    elif proof is None:
        yield "preuve du dépôt à joindre"
