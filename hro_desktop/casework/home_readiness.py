# SPDX-License-Identifier: GPL-3.0-or-later
"""Ce qui peut partir, for the home page: what is being prepared, its state for all it is about, why in one line.

So many referrals and attestations are looked at, the last written first; a referral stands for its first document, the
one the body acts on. Reasons are words of ours: the sentences of the rules may name people.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import documents, facts, statement_facts, statements
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.readiness import DocumentState
from hro_desktop.casework.referrals import PREPARING
from hro_desktop.law import procedures, vocabulary
from hro_desktop.law.procedures import Procedure
from hro_desktop.records.evidence import EvidenceStatement
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.records.statements import Statement
from hro_desktop.rules import statements as rules

__all__ = ["Leaving", "can_leave"]

_NB = "\u00a0"
DOCUMENTS = 6
"""Referrals, and attestations, that are looked at."""
SHORT: Mapping[str, str] = {
    "consent_missing": "accord à recueillir",
    "consent_refused": "accord refusé",
    "consent_withdrawn": "accord retiré",
    "signature_missing": "signature à la main",
    "field_missing": "une rubrique de la lettre est vide",
    "withdrawn": "un témoignage retiré y est cité ou joint",
    "witness_refused": "un témoin a refusé",
    "witness_unasked": "l’accord d’un témoin reste à demander",
    "broken_seal": "une empreinte ne correspond plus",
    "address_unverified": "adresse à vérifier",
    "refused_named": "le nom d’une personne qui a refusé s’y lit",
    "witness_named": "le nom d’une personne non interrogée s’y lit",
    "name_shared": "un nom que plusieurs personnes portent s’y lit",
    "identity_in_account": "un nom à réduire s’y lit",
    "passage_repeated": "un passage marqué comme dangereux y est répété",
    "account_empty": "le récit n’est pas encore écrit",
}
"""A reason in a few words of ours: the sentences of the rules may name people."""
BY_LEVEL = {
    "Bloque": "une personne ou une pièce bloque",
    "Attend": "quelque chose est attendu",
    "À signer": "signature à la main",
    "À voir": "à relire avant l’envoi",
    "À savoir": "rien ne s’y oppose",
}
MILD = ("À voir", "À savoir")
WORTH_SAYING = ("address_unverified", "witness_unasked")
_GRAVITY = ("bloque", "attend", "a_signer", "pret")


@attrs.frozen(kw_only=True)
class Leaving:
    """One document: where it stands for everybody it is about, and why, in one line.

    Args:
        title: the document and whom it is for: « Plainte au procureur — S. A. et 2 autres ».
        state: code of `readiness_states`; the gravest of all.
        label: in words, counted when several people differ: « bloqué : 1 sur 4 ».
        reason: why, in a few words.
        table: of the record to go to, `referral` or `statement`.
        record_id: of that record.
        changed_at: when it was last written.
    """

    title: str
    state: str
    label: str
    reason: str
    table: str
    record_id: uuid.UUID
    changed_at: dt.datetime


def can_leave(session: Session, desk: Desk, limit: int = DOCUMENTS) -> tuple[Leaving, ...]:
    """The documents being prepared, last written first: so many referrals and so many attestations are looked at."""
    found = [*_referrals(session, desk, limit), *_attestations(session, desk.today(), limit)]
    return tuple(sorted(found, key=lambda each: (each.changed_at, each.record_id), reverse=True)[: 2 * limit])


def _referrals(session: Session, desk: Desk, limit: int) -> Iterator[Leaving]:
    preparing = select(ReferralParty.referral_id).where(ReferralParty.status.in_(PREPARING))
    for referral in session.scalars(
        select(Referral).where(Referral.id.in_(preparing)).order_by(Referral.updated_at.desc()).limit(limit)
    ).all():
        procedure = procedures.procedure(referral.procedure, desk.today())
        found = documents.situation(session, desk, referral)
        title = found.forms[0].definition.title
        people = [facts.initials(party.case.person) for party in referral.parties]
        states = [each for each in found.states if each.document == title]
        yield _grouped(referral, procedure, list(zip(people, states, strict=True)))


def _grouped(referral: Referral, procedure: Procedure, states: Sequence[tuple[str, DocumentState]]) -> Leaving:
    """One line for a document that several people are to sign."""
    labels = {need.code: f"manque{_NB}: {need.label[:1].lower()}{need.label[1:]}" for need in procedure.requirements}
    worst = min((each.alone for _, each in states), key=_GRAVITY.index, default="attend")
    stuck = [(who, each) for who, each in states if each.alone == worst]
    label = vocabulary.label("readiness_states", worst)
    reason = _short(stuck[0][1], labels) if stuck else "aucune personne n’y figure"
    if len(stuck) < len(states):
        label = f"{label}{_NB}: {len(stuck)} sur {len(states)}"
        reason = f"{stuck[0][0]}{_NB}: {reason}{_NB}; {_others(states, worst)}"
    who = list(dict.fromkeys(initials for initials, _ in states))
    more = f" et {len(who) - 1}{_NB}autre{'s' if len(who) > 2 else ''}" if len(who) > 1 else ""
    return Leaving(
        title=f"{procedure.label} — {who[0]}{more}" if who else procedure.label,
        state=worst,
        label=label,
        reason=reason,
        table="referral",
        record_id=referral.id,
        changed_at=referral.updated_at,
    )


def _others(states: Sequence[tuple[str, DocumentState]], worst: str) -> str:
    """« 3 autres prêts », « 2 autres »."""
    rest = [each.alone for _, each in states if each.alone != worst]
    plural = "s" if len(rest) > 1 else ""
    same = {"pret": f" prêt{plural}", "a_signer": " à signer", "attend": " en attente"}.get(rest[0], "")
    return f"{len(rest)}{_NB}autre{plural}{same if len(set(rest)) == 1 else ''}"


def _short(state: DocumentState, labels: Mapping[str, str]) -> str:
    """The gravest reason in words of ours, which name nobody."""
    if not state.reasons:
        return "accord recueilli, rien ne manque"
    first = state.reasons[0]
    if first.code in SHORT and (first.label not in MILD or first.code in WORTH_SAYING):
        return SHORT[first.code]
    if first.label in ("Bloque", "Attend") and first.code in labels:
        return labels[first.code]
    return BY_LEVEL.get(first.label, first.label)


def _attestations(session: Session, on: dt.date, limit: int) -> Iterator[Leaving]:
    """Attestations whose signed scan is not there yet, newest first."""
    signed = select(EvidenceStatement.statement_id).where(
        EvidenceStatement.statement_id == Statement.id, EvidenceStatement.role == "signed"
    )
    for statement in session.scalars(
        select(Statement)
        .where(Statement.kind == "attestation", Statement.withdrawn_on.is_(None), ~signed.exists())
        .order_by(Statement.id.desc())
        .limit(limit)
    ).all():
        state, reason = _attestation(session, statement, on)
        yield Leaving(
            title=f"Attestation de témoin — {facts.initials(statement.author)}",
            state=state,
            label=vocabulary.label("readiness_states", state),
            reason=reason,
            table="statement",
            record_id=statement.id,
            changed_at=statement.updated_at,
        )


def _attestation(session: Session, statement: Statement, on: dt.date) -> tuple[str, str]:
    checked = statement_facts.attestation_facts(session, statement, on, handwriting=False)
    levels = {each.level: each.code for each in reversed(rules.check(checked))}
    for level, state, words in (("block", "bloque", "Bloque"), ("wait", "attend", "Attend")):
        if level in levels:
            return state, SHORT.get(levels[level], BY_LEVEL[words])
    version = statements.current(statement)
    if version is None or version.sealed_at is None:
        return "attend", "à relire, puis à figer"
    return "a_signer", "phrase, date et signature à la main"
