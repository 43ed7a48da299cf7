# SPDX-License-Identifier: GPL-3.0-or-later
"""Referrals: one procedure, one authority, one or several complainants, one list of exhibits."""

import datetime as dt
import uuid
from collections.abc import Sequence

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import fields
from hro_desktop.casework.exhibits import ExhibitDraft, arrange
from hro_desktop.casework.fields import french_day
from hro_desktop.casework.numbering import next_reference
from hro_desktop.faults import Fault
from hro_desktop.law import authorities, procedures, vocabulary
from hro_desktop.records.cases import Case
from hro_desktop.records.incidents import Incident
from hro_desktop.records.referrals import Referral, ReferralIncident, ReferralParty, ReferralStep
from hro_desktop.rules.dates import PartialDate
from hro_desktop.vault.work import Work

__all__ = [
    "PREPARING",
    "AccusedDraft",
    "AgainstDraft",
    "PartyDraft",
    "ReferralDraft",
    "StepDraft",
    "TextDraft",
    "by_id",
    "facts_on",
    "for_case",
    "save",
    "save_against",
    "save_text",
    "writers",
]


PREPARING = ("a_evaluer", "consentement_recu", "en_redaction", "prete")
"""States of a party before anything was sent."""


@attrs.define(kw_only=True)
class AccusedDraft(fields.Draft):
    """A named person the complaint is against."""

    person_id: uuid.UUID | None = fields.ref("person", "personne dénommée", required=True)
    known_as: str = fields.text("comment elle est désignée, et par qui")


@attrs.define(kw_only=True)
class StepDraft(fields.Draft):
    """One change of state, with its day and its proof."""

    status: str = fields.choice("party_states", "nouvel état", required=True)
    occurred_on: dt.date | None = fields.day("le", required=True)
    proof_evidence_id: uuid.UUID | None = fields.ref("evidence", "preuve : avis de réception, récépissé")
    note: str = fields.text("précision", long=True)


@attrs.define(kw_only=True)
class PartyDraft(fields.Draft):
    """One complainant's part in the referral."""

    case_id: uuid.UUID | None = fields.ref("case", "dossier de la personne plaignante", required=True)
    status: str = fields.choice("party_states", "où en est cette personne", default="en_redaction")
    body_reference: str = fields.text("numéro donné par l’organisme")
    signed_on = fields.day("jour de la signature")
    signed_evidence_id: uuid.UUID | None = fields.ref("evidence", "scan de la lettre signée")
    steps: tuple[StepDraft, ...] = fields.many(StepDraft, "ce qui s’est passé, dans l’ordre")


@attrs.define(kw_only=True)
class ReferralDraft(fields.Draft):
    """A referral being prepared."""

    procedure: str = fields.choice("procedures", "procédure", required=True)
    authority: str = fields.choice("authorities", "autorité saisie", required=True)
    authority_organisation_id: uuid.UUID | None = fields.ref("organisation", "ligne de l’annuaire à employer")
    follows_id: uuid.UUID | None = fields.ref("referral", "saisine que celle-ci complète")
    declared_as: str = fields.choice("declarants", "qui écrit à l’organisme", default="personnes")
    declarant_id: uuid.UUID | None = fields.ref("person", "la personne témoin qui écrit")
    against_others: bool | None = fields.flag("contre X aussi, à côté des personnes dénommées", default=False)
    account: str = fields.text("exposé des faits, écrit par une personne", cited=True)
    account_by_id: uuid.UUID | None = fields.ref("volunteer", "qui l’a écrit")
    place: str = fields.text("fait à")
    dated_on: dt.date | None = fields.day("le")
    offences: tuple[str, ...] = fields.choices("offences", "qualifications proposées")
    requests: tuple[str, ...] = fields.choices("requests", "demandes")
    incident_ids: tuple[uuid.UUID, ...] = fields.refs("incident", "faits dénoncés")
    accused: tuple[AccusedDraft, ...] = fields.many(AccusedDraft, "personnes dénommées ; aucune : contre X")
    parties: tuple[PartyDraft, ...] = fields.many(PartyDraft, "personnes plaignantes")
    exhibits: tuple[ExhibitDraft, ...] = fields.many(ExhibitDraft, "pièces, dans l’ordre")


@attrs.define(kw_only=True)
class TextDraft(fields.Draft):
    """What a referral says besides what other records say."""

    account: str = fields.text("exposé des faits, écrit par une personne", cited=True)
    account_by_id: uuid.UUID | None = fields.ref("volunteer", "qui l’a écrit")
    place: str = fields.text("fait à")
    dated_on: dt.date | None = fields.day("le")
    offences: tuple[str, ...] = fields.choices("offences", "qualifications proposées")
    requests: tuple[str, ...] = fields.choices("requests", "demandes")


@attrs.define(kw_only=True)
class AgainstDraft(fields.Draft):
    """Who writes, to whom, against whom."""

    authority: str = fields.choice("authorities", "autorité saisie", required=True)
    authority_organisation_id: uuid.UUID | None = fields.ref("organisation", "ligne de l’annuaire à employer")
    declared_as: str = fields.choice("declarants", "qui écrit à l’organisme", required=True, default="personnes")
    declarant_id: uuid.UUID | None = fields.ref("person", "la personne témoin qui écrit")
    against_others: bool | None = fields.flag("contre X aussi, à côté des personnes dénommées", default=False)
    accused: tuple[AccusedDraft, ...] = fields.many(AccusedDraft, "personnes dénommées ; aucune : contre X")


def save(work: Work, draft: ReferralDraft) -> uuid.UUID:
    """Record a referral with its parties and its list of exhibits; a new one gets a reference `S-2026-0012`."""
    _check_authority(work, draft.procedure, draft.authority)
    _check_people(work, [each.case_id for each in draft.parties], draft.accused)
    referral = fields.save(work, Referral, draft, reference=next_reference(work, Referral.reference, "S"))
    for position, incident in enumerate(draft.incident_ids):
        work.session.merge(ReferralIncident(referral_id=referral.id, incident_id=incident, position=position))
    for party in referral.parties:
        if not party.steps and draft.dated_on:
            party.steps.append(ReferralStep(status=party.status, occurred_on=draft.dated_on))
    if draft.exhibits:
        arrange(work, referral.id, draft.exhibits)
    work.session.flush()
    return referral.id


def save_text(work: Work, draft: TextDraft) -> uuid.UUID:
    """Record what a referral says; the rest of it stays."""
    return fields.save(work, Referral, draft).id


def save_against(work: Work, draft: AgainstDraft) -> uuid.UUID:
    """Record who writes, to whom, against whom; the rest of the referral stays."""
    known = work.session.get_one(Referral, draft.id)
    _check_authority(work, known.procedure, draft.authority)
    _check_people(work, [each.case_id for each in known.parties], draft.accused)
    return fields.save(work, Referral, draft).id


def writers(row: procedures.Procedure) -> tuple[str, ...]:
    """Who may write under a procedure (list `declarants`): a complaint is its author's, whoever helps."""
    return ("personnes",) if row.person_word == "plaignant" else vocabulary.codes("declarants")


def _check_authority(work: Work, procedure: str, authority: str) -> None:
    """A file never goes to a body nobody agreed to: the authority is the one the procedure is before."""
    on = french_day(work.now)
    row, whose = procedures.procedure(procedure, on), authorities.authority(authority, on)
    if row.body not in (whose.code, whose.kind):
        raise Fault(
            "referral.authority",
            f"«\u00a0{row.label}\u00a0» ne s’adresse pas à\u00a0: {whose.name}. "
            "Choisissez l’autorité de cette procédure.",
        )


def _check_people(work: Work, cases: Sequence[uuid.UUID | None], accused: Sequence[AccusedDraft]) -> None:
    """One case once; nobody both complains and is accused."""
    if len(set(cases)) < len(cases):
        raise Fault(
            "referral.party_twice", "Un dossier figure deux fois parmi les parties de la saisine\u00a0: gardez-en un."
        )
    complaining = {work.session.get_one(Case, case_id).person_id for case_id in cases}
    if complaining & {each.person_id for each in accused}:
        raise Fault(
            "referral.own_accused",
            "La même personne est plaignante et dénommée dans la saisine\u00a0: retirez-la de l’une des deux listes.",
        )


def by_id(session: Session, referral_id: uuid.UUID) -> Referral:
    """A referral that a page shows.

    Raises:
        Fault: `referral.gone`.
    """
    found = session.get(Referral, referral_id)
    if found is None:
        raise Fault("referral.gone", "Cette saisine n’existe plus dans le coffre.")
    return found


def facts_on(session: Session, referral: Referral) -> dt.date | None:
    """The first day on which the facts of a referral may have happened; none when nobody noted one."""
    told = [session.get_one(Incident, link.incident_id).occurred for link in referral.incidents]
    return min(filter(None, (PartialDate.parse(each or "?").earliest for each in told)), default=None)


def for_case(session: Session, case: Case, procedure: str) -> Referral:
    """The newest referral of a case under a procedure.

    Raises:
        Fault: `referral.none`.
    """
    found: Sequence[Referral] = session.scalars(
        select(Referral)
        .join(ReferralParty)
        .where(ReferralParty.case_id == case.id, Referral.procedure == procedure)
        .order_by(Referral.reference.desc())
    ).all()
    if not found:
        raise Fault(
            "referral.none",
            f"Le dossier {case.reference} n’a pas de saisine «\u00a0{procedure}\u00a0»\u00a0: "
            "le dossier montre celles qu’il a.",
        )
    return found[0]
