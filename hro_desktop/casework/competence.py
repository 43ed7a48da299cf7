# SPDX-License-Identifier: GPL-3.0-or-later
"""Which bodies may be asked to deal with what happened to the person of a case, incident by incident.

Incidents are not mixed: the forces of one say nothing of another, nor does its commune.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import cases, facts, incidents
from hro_desktop.casework.desk import Desk
from hro_desktop.law import authorities
from hro_desktop.records.cases import Case
from hro_desktop.records.incidents import Incident
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral, ReferralIncident, ReferralParty
from hro_desktop.rules import competence
from hro_desktop.rules.competence import Proposal, Reported, Situation
from hro_desktop.rules.incidents import no_blow

__all__ = ["IncidentBodies", "lines", "of_case", "situation"]

_HARMS: Mapping[str, str] = {
    "physique": "violences",
    "sexuelle": "violences_sexuelles",
    "biens_detruits": "biens",
    "biens_pris": "biens",
    "biens": "biens",
    "liberte": "interpellation",
}
"""The kind of facts that a reported harm is, when an eviction or an identity check is the heading of an incident."""
_BLOWS = "coups"


@attrs.frozen
class IncidentBodies:
    """One incident as it is named, and the bodies for it in the order they are offered."""

    incident_id: uuid.UUID
    incident: str
    proposals: tuple[Proposal, ...]

    def as_json(self) -> dict[str, object]:
        """For scripts."""
        return {
            "id": str(self.incident_id),
            "incident": self.incident,
            "proposals": [
                {
                    "body": each.body.code,
                    "label": each.label,
                    "state": each.state,
                    "verified": each.verified,
                    "procedure": each.body.procedure,
                    "authority": each.authority,
                    "reasons": [attrs.asdict(reason) for reason in each.reasons],
                    "does": each.body.does,
                    "does_not": each.body.does_not,
                    "source": each.body.shown_source,
                }
                for each in self.proposals
            ],
        }


def of_case(desk: Desk, reference: str) -> tuple[IncidentBodies, ...]:
    """The bodies that may be asked today about each incident of a case.

    Raises:
        Fault: `case.unknown`.
    """
    on = desk.today()
    with desk.read() as session:
        case = cases.by_reference(session, reference)
        return tuple(
            IncidentBodies(
                incident.id,
                facts.listed_incident(incident),
                competence.proposals(situation(session, case, incident, on), on),
            )
            for incident in incidents.of_person(session, case.person_id)
        )


def situation(session: Session, case: Case, incident: Incident, on: dt.date) -> Situation:
    """What was reported of one incident, as far as the person of the case is concerned."""
    commune = incident.commune or (incident.site.commune if incident.site else "")
    return Situation(
        forces=tuple(_reported(each.value) for each in incident.assertions if each.kind == "force"),
        facts=frozenset(_kinds(incident, case.person)),
        bases=frozenset({incident.legal_basis} - {""}),
        after=frozenset(_complaints(session, case, incident)),
        minors=facts.may_be_minor(case.person, on),
        place=authorities.competent_procureur(commune, on) if commune else None,
    )


def lines(found: Sequence[IncidentBodies]) -> Iterator[str]:
    """What a user reads: each incident, each body, why, and what the body can and cannot do."""
    if not found:
        yield "Aucun fait n’est lié à ce dossier\u00a0: aucun organisme ne peut être proposé."
    for each in found:
        yield each.incident
        for proposal in each.proposals:
            yield from _told(proposal)


def _reported(value: str) -> Reported:
    """A force as it was reported; words that are not in the list are a force nobody identified, and stay said."""
    term = facts.force_term(value)
    return Reported(term.code, term.label) if term else Reported("inconnue", f"«\u00a0{value}\u00a0»" if value else "")


def _kinds(incident: Incident, person: Person) -> Iterator[str]:
    yield incident.kind
    for involved in incident.involvements:
        if involved.person_id == person.id and involved.harm in _HARMS:
            yield _HARMS[involved.harm]
    blows = [each for each in incident.assertions if each.kind == _BLOWS and not no_blow(each.kind, each.value)]
    if any(each.about_id in (None, person.id) for each in blows):
        yield "violences"


def _complaints(session: Session, case: Case, incident: Incident) -> Iterable[str]:
    """Where the complaints of this case about the incident stand."""
    return session.scalars(
        select(ReferralParty.status)
        .join(Referral, ReferralParty.referral_id == Referral.id)
        .join(ReferralIncident, ReferralIncident.referral_id == Referral.id)
        .where(
            ReferralParty.case_id == case.id,
            Referral.procedure == "plainte_procureur",
            ReferralIncident.incident_id == incident.id,
        )
    )


def _told(proposal: Proposal) -> Iterator[str]:
    body = proposal.body
    offered = proposal.state in ("propose", "possible")
    yield f"  {proposal.headline}" + (f" — {body.procedure}" if offered and body.procedure else "")
    yield from (f"    {reason.sentence} [{reason.source}]" for reason in proposal.reasons)
    if offered:
        limit = f" Limite\u00a0: {body.does_not}" if body.does_not else ""
        yield f"    {body.does}{limit} [{body.shown_source}]"
