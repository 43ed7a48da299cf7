# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents: what happened, to whom, and what was said of it by whom."""

import uuid
from collections.abc import Sequence

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import fields
from hro_desktop.casework.numbering import next_reference
from hro_desktop.casework.tallies import BelongingDraft, TallyDraft
from hro_desktop.faults import Fault
from hro_desktop.records.incidents import Incident, Involvement
from hro_desktop.vault.work import Work

__all__ = ["AssertionDraft", "IncidentDraft", "InvolvementDraft", "by_reference", "of_person", "save"]


@attrs.define(kw_only=True)
class InvolvementDraft(fields.Draft):
    """A person's part in the incident."""

    person_id: uuid.UUID | None = fields.ref("person", "qui", required=True)
    role: str = fields.choice("involvement_roles", "rôle dans les faits", required=True)
    harm: str = fields.choice("harms", "atteinte rapportée")
    harm_note: str = fields.text("l’atteinte en quelques mots, telle que rapportée", long=True)


@attrs.define(kw_only=True)
class AssertionDraft(fields.Draft):
    """One fact that somebody affirms; never a bare fact (« selon… »)."""

    kind: str = fields.choice("assertion_kinds", "sur quoi", required=True)
    status: str = fields.choice(
        "assertion_statuses", "RIO relevé, illisible, absent… ; ITT provisoire ; nombre au moins, exact…"
    )
    value: str = fields.text("ce qui est affirmé : unité, RIO, nombre de coups, jours d’ITT, mots entendus")
    detail: str = fields.text("précision, telle que dite")
    about_id: uuid.UUID | None = fields.ref("person", "personne que cela concerne")
    said_by_id: uuid.UUID | None = fields.ref("person", "qui le dit")
    statement_id: uuid.UUID | None = fields.ref("statement", "dans quel récit ou quelle attestation")
    evidence_id: uuid.UUID | None = fields.ref("evidence", "sur quelle pièce on le lit, le voit ou l’entend")
    said_on = fields.day("quel jour cela a été dit ou constaté")


@attrs.define(kw_only=True)
class IncidentDraft(fields.Draft):
    """An eviction, an act of violence, a hindrance, and so on."""

    kind: str = fields.choice("incident_kinds", "nature des faits", required=True)
    title: str = fields.text("intitulé court")
    site_id: uuid.UUID | None = fields.ref("site", "lieu de vie")
    operation_id: uuid.UUID | None = fields.ref("operation", "opération dont les faits font partie")
    outing_id: uuid.UUID | None = fields.ref("outing", "sortie pendant laquelle ils ont été observés")
    place: str = fields.text("lieu précis, quand ce n’est pas un lieu de vie")
    place_kind: str = fields.choice("place_kinds", "nature du lieu, quand ce n’est pas un lieu de vie")
    commune: str = fields.text("code INSEE de la commune", pattern="[0-9AB]{5}")
    occurred: str = fields.partial("date des faits, même incertaine", past=True)
    time_from: str = fields.time("heure de début ; pendant une sortie, arrivée sur le lieu")
    time_to: str = fields.time("heure de fin ; pendant une sortie, départ du lieu")
    time_approximate: bool = fields.flag("heures approximatives", default=False)
    legal_basis: str = fields.choice("legal_bases", "base légale annoncée")
    legal_basis_said_by: str = fields.text("par qui elle a été annoncée")
    remarks: str = fields.text("remarques de l’équipe, sans nom, reprises dans le débrief", long=True)
    note: str = fields.text("note de travail", long=True)
    involvements: tuple[InvolvementDraft, ...] = fields.many(InvolvementDraft, "personnes impliquées")
    assertions: tuple[AssertionDraft, ...] = fields.many(AssertionDraft, "ce qui est affirmé, par qui")
    tallies: tuple[TallyDraft, ...] = fields.many(TallyDraft, "ce qui a été compté, par qui")
    belongings: tuple[BelongingDraft, ...] = fields.many(BelongingDraft, "biens et ce qu’ils sont devenus")


def save(work: Work, draft: IncidentDraft) -> uuid.UUID:
    """Record or change an incident with its people and assertions."""
    return fields.save(work, Incident, draft, reference=next_reference(work, Incident.reference, "F")).id


def by_reference(session: Session, reference: str) -> Incident:
    """One incident by its reference, `F-2026-0003`.

    Raises:
        Fault: `incident.unknown`.
    """
    found = session.scalars(select(Incident).where(Incident.reference == reference.strip().upper())).first()
    if found is None:
        raise Fault(
            "incident.unknown",
            f"Aucun fait n’a la référence «\u00a0{reference}\u00a0»\u00a0: «\u00a0hro-desktop show DOSSIER\u00a0» "
            "les donne.",
        )
    return found


def of_person(session: Session, person_id: uuid.UUID) -> Sequence[Incident]:
    """The incidents somebody has a part in, in the order they were recorded."""
    return session.scalars(
        select(Incident).join(Involvement).where(Involvement.person_id == person_id).distinct().order_by(Incident.id)
    ).all()
