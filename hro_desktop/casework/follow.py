# SPDX-License-Identifier: GPL-3.0-or-later
"""Following a referral: what happened to it, for whom, with which proof; the number the body gave; what completes it.

The state of a complainant is that of the last event by its day. Every action says what it took the place of, so that it
can be undone.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Final

import attrs
from sqlalchemy import select

from hro_desktop.casework import beginning, fields, referrals
from hro_desktop.casework.referrals import PREPARING, StepDraft
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.law import procedures, steps, vocabulary
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.referrals import Referral, ReferralParty, ReferralStep
from hro_desktop.vault.work import Work

__all__ = [
    "ENDED",
    "EventDraft",
    "Noted",
    "NumberDraft",
    "Was",
    "after",
    "complete",
    "follows_steps",
    "note",
    "remove",
    "save_number",
    "settle",
    "states",
    "undo",
]

ENDED: Final = frozenset({"cloture", "close", "abandon_victime", "jugee"})
"""States after which nothing is waited for."""


@attrs.define(kw_only=True)
class EventDraft(StepDraft):
    """One event of a referral, for one complainant or several.

    `step_id` is the event this one corrects; without `party_ids` it is for all complainants.
    """

    referral_id: uuid.UUID | None = fields.ref("referral", "saisine", required=True)
    step_id: uuid.UUID | None = fields.ref("referral_step", "événement corrigé")
    party_ids: tuple[uuid.UUID, ...] = fields.refs("referral_party", "pour qui ; vide : pour toutes les personnes")


@attrs.define(kw_only=True)
class NumberDraft(fields.Draft):
    """The number the body gave for one complainant."""

    body_reference: str = fields.text("numéro donné par l’organisme")


@attrs.frozen(kw_only=True)
class Was:
    """An event as it stood before it was corrected or removed."""

    id: uuid.UUID
    party_id: uuid.UUID
    status: str
    occurred_on: dt.date
    proof_evidence_id: uuid.UUID | None
    note: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Noted:
    """What an action did: the events it made, those it changed as they were, and where each person was before."""

    referral_id: uuid.UUID
    made: tuple[uuid.UUID, ...] = ()
    before: tuple[Was, ...] = ()
    states: tuple[tuple[uuid.UUID, str], ...] = ()


def states(procedure: str, on: dt.date) -> tuple[tuple[str, str], ...]:
    """The states a referral of this procedure can be in, in the order of its road, then those of any."""
    road = steps.track(procedures.procedure(procedure, on).states, on)
    order = [code for stage in road.stages for code in stage.states]
    known = [each for each in vocabulary.terms("party_states") if each.code in order or _of_any(each)]
    place = {code: at for at, code in enumerate(order)}
    return tuple((each.code, each.label) for each in sorted(known, key=lambda each: place.get(each.code, len(order))))


def _of_any(term: vocabulary.Term) -> bool:
    return not term.group and term.code not in PREPARING


def after(procedure: str, on: dt.date) -> tuple[tuple[str, str], ...]:
    """The procedures that complete one: code and words."""
    return tuple(
        (each.code, each.label) for each in procedures.procedures() if each.follows == procedure and each.holds_on(on)
    )


def note(work: Work, draft: EventDraft, today: dt.date) -> Noted:
    """Note what happened, or correct it.

    Raises:
        Fault: `draft.invalid`; `day.early`, `event.future`, `event.elsewhere`, `event.back`, `event.twice`,
            `event.proof`, `event.party`, `event.gone`; `event.sent` for the state or the day of a noted sending.
    """
    fields.check(draft)
    assert draft.referral_id is not None
    assert draft.occurred_on is not None
    referral = work.session.get_one(Referral, draft.referral_id)
    _check(work, referral, draft, today)
    if draft.step_id is not None:
        return _correct(work, referral, draft)
    fields.refuse_early(draft.occurred_on, referrals.facts_on(work.session, referral))
    parties = _parties(referral, draft.party_ids)
    was = tuple((each.id, each.status) for each in parties)
    made = []
    for party in parties:
        _refuse_back(party, draft.status)
        _refuse_twice(party, draft)
        last = _last(party.steps)
        step = ReferralStep(party_id=party.id)
        fields.store(draft, step)
        party.steps.append(step)
        if last is None or last.status in PREPARING or draft.occurred_on >= last.occurred_on:
            party.status = draft.status
        work.session.flush()
        made.append(step.id)
    work.record("referral.event", referral.id)
    return Noted(referral_id=referral.id, made=tuple(made), states=was)


def remove(work: Work, step_id: uuid.UUID) -> Noted:
    """Take an event out: it did not happen.

    Raises:
        Fault: `event.gone`; `event.sent` when it is a noted sending, which nothing takes back.
    """
    step, party = _step(work, step_id)
    referral = work.session.get_one(Referral, party.referral_id)
    _refuse_sent(step)
    noted = Noted(referral_id=referral.id, before=(_was(step),), states=((party.id, party.status),))
    followed = follows_steps(party)
    party.steps.remove(step)
    work.session.flush()
    if followed:
        settle(party, procedures.procedure(referral.procedure, fields.french_day(work.now)).first_state)
    work.session.flush()
    work.record("referral.event_removed", referral.id)
    return noted


def undo(work: Work, noted: Noted) -> None:
    """Take an action back: everything stands as it did, but what was sent since stays sent.

    Raises:
        Fault: `event.gone` when the referral was changed too much since; `event.sent` when the event is a sending now.
    """
    for each in noted.made:
        step, party = _step(work, each)
        _refuse_sent(step)
        party.steps.remove(step)
    for was in noted.before:
        party = _party(work, was.party_id)
        step = next((each for each in party.steps if each.id == was.id), None) or ReferralStep(id=was.id)
        if (step.status, step.occurred_on) != (was.status, was.occurred_on):
            _refuse_sent(step)
        for name in ("status", "occurred_on", "proof_evidence_id", "note"):
            setattr(step, name, getattr(was, name))
        if step not in party.steps:
            party.steps.append(step)
    for party_id, status in noted.states:
        party = _party(work, party_id)
        party.status = status
        if status in PREPARING and any(each.dispatch_id is not None for each in party.steps):
            settle(party, status)
    work.session.flush()
    work.record("referral.event_undone", noted.referral_id)


def save_number(work: Work, draft: NumberDraft) -> uuid.UUID:
    """Note the number the body gave, or take it away.

    Raises:
        Fault: `draft.invalid`, `event.party`.
    """
    fields.check(draft)
    assert draft.id is not None
    party = _party(work, draft.id)
    party.body_reference = draft.body_reference.strip()
    work.session.flush()
    work.record("referral.numbered", party.referral_id)
    return party.id


def complete(work: Work, referral_id: uuid.UUID, procedure: str, on: dt.date) -> uuid.UUID:
    """Begin the referral that completes one, for the complainants whose part was sent.

    Raises:
        Fault: `follow.none` when nothing was sent or that procedure completes another one; what `begin` refuses.
    """
    referral = work.session.get_one(Referral, referral_id)
    sent = [each.case_id for each in referral.parties if each.status not in PREPARING]
    if not sent or procedure not in [code for code, _ in after(referral.procedure, on)]:
        raise Fault(
            "follow.none",
            "Rien n’a encore été envoyé de cette saisine\u00a0: complétez-la avant son envoi, elle est encore ouverte.",
            ExitCode.BLOCKED,
        )
    return beginning.begin(work, procedure, sent, on, follows_id=referral_id)


def _check(work: Work, referral: Referral, draft: EventDraft, today: dt.date) -> None:
    """What is wrong with an event whoever it is for."""
    assert draft.occurred_on is not None
    if draft.occurred_on > today:
        raise Fault(
            "event.future",
            "Ce jour est à venir\u00a0: notez l’événement quand il aura eu lieu, ou un rappel d’ici là.",
            ExitCode.USAGE,
        )
    if draft.status not in [code for code, _ in states(referral.procedure, today)]:
        word = vocabulary.label("party_states", draft.status)
        raise Fault("event.elsewhere", f"«\u00a0{word}\u00a0» n’est pas une étape de cette procédure.", ExitCode.USAGE)
    if draft.proof_evidence_id is not None and work.session.get(Evidence, draft.proof_evidence_id) is None:
        raise Fault(
            "event.proof",
            "La pièce choisie comme preuve n’est plus dans le coffre\u00a0: choisissez-en une autre, ou aucune.",
        )


def _correct(work: Work, referral: Referral, draft: EventDraft) -> Noted:
    assert draft.step_id is not None
    step, party = _step(work, draft.step_id)
    noted = Noted(referral_id=referral.id, before=(_was(step),), states=((party.id, party.status),))
    followed = follows_steps(party)
    if (step.status, step.occurred_on) != (draft.status, draft.occurred_on):
        _refuse_sent(step)
    if step.occurred_on != draft.occurred_on:
        fields.refuse_early(draft.occurred_on, referrals.facts_on(work.session, referral))
    if step.status not in PREPARING:
        _refuse_back(party, draft.status)
    _refuse_twice(party, draft)
    fields.store(draft, step)
    work.session.flush()
    if followed:
        settle(party, step.status)
    work.session.flush()
    work.record("referral.event_changed", referral.id)
    return noted


def _refuse_back(party: ReferralParty, status: str) -> None:
    if party.status not in PREPARING and status in PREPARING:
        raise Fault(
            "event.back",
            "Ce qui est parti ne redevient pas un brouillon\u00a0: notez ce qui s’est passé ensuite, ou commencez une "
            "saisine qui complète celle-ci.",
            ExitCode.BLOCKED,
        )


def _refuse_sent(step: ReferralStep) -> None:
    """What a sending did is bound to it, whatever its day: it is corrected with it and never taken out."""
    if step.dispatch_id is not None:
        raise Fault(
            "event.sent",
            "Cet événement est un envoi noté, que le registre garde\u00a0: sa preuve et sa précision se corrigent ici, "
            "le reste avec l’envoi (onglet «\u00a0Envois\u00a0»)\u00a0; ajoutez ce qui s’est passé ensuite.",
            ExitCode.BLOCKED,
        )


def _refuse_twice(party: ReferralParty, draft: EventDraft) -> None:
    same = [
        each
        for each in party.steps
        if each.id != draft.step_id and (each.status, each.occurred_on) == (draft.status, draft.occurred_on)
    ]
    if same and draft.status not in PREPARING:
        raise Fault(
            "event.twice", "Cet événement est déjà noté ce jour-là\u00a0: corrigez celui qui s’y trouve, s’il le faut."
        )


def _parties(referral: Referral, wanted: Sequence[uuid.UUID]) -> list[ReferralParty]:
    found = [each for each in referral.parties if not wanted or each.id in wanted]
    if not found or len(found) < len(set(wanted)):
        raise _nobody()
    return found


def _party(work: Work, party_id: uuid.UUID) -> ReferralParty:
    party = work.session.get(ReferralParty, party_id)
    if party is None:
        raise _nobody()
    return party


def _nobody() -> Fault:
    return Fault("event.party", "Cette personne n’est plus dans la saisine\u00a0: rien n’a été noté.")


def _step(work: Work, step_id: uuid.UUID) -> tuple[ReferralStep, ReferralParty]:
    found = work.session.execute(
        select(ReferralStep, ReferralParty)
        .join(ReferralParty, ReferralStep.party_id == ReferralParty.id)
        .where(ReferralStep.id == step_id)
    ).first()
    if found is None:
        raise Fault("event.gone", "Cet événement n’est plus noté\u00a0: rien n’a été changé.")
    return found[0], found[1]


def _was(step: ReferralStep) -> Was:
    return Was(
        id=step.id,
        party_id=step.party_id,
        status=step.status,
        occurred_on=step.occurred_on,
        proof_evidence_id=step.proof_evidence_id,
        note=step.note,
    )


def _last(found: Iterable[ReferralStep]) -> ReferralStep | None:
    """The last by its day; what was prepared comes before whatever happened, whichever day the letter bears."""
    return max(found, key=lambda each: (each.status not in PREPARING, each.occurred_on, each.id), default=None)


def follows_steps(party: ReferralParty) -> bool:
    """Whether the state is the one of the last event; a state imported without its event stays."""
    last = _last(party.steps)
    return last is None or last.status == party.status


def settle(party: ReferralParty, otherwise: str) -> None:
    """The state of a party is that of its last event, or what is given when there is none."""
    last = _last(party.steps)
    party.status = last.status if last is not None else otherwise
