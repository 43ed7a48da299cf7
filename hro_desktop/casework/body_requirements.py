# SPDX-License-Identifier: GPL-3.0-or-later
"""What inspections, the Défenseur des droits and a letter that completes a complaint ask for, and is not there yet."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import select

from hro_desktop.casework import directory, facts
from hro_desktop.casework.body_facts import filed_on
from hro_desktop.records.incidents import Assertion
from hro_desktop.records.referrals import Referral, ReferralIncident, ReferralParty

if TYPE_CHECKING:
    from hro_desktop.casework.requirements import Situation

__all__ = ["QUESTIONS"]


def _groups(it: "Situation") -> set[str]:
    return {facts.force_group(each.value) for each in it.told() if each.kind == "force"}


def _no_declarant(it: "Situation") -> bool:
    """Nobody a body could call back: neither the person who writes, nor the association that helps."""
    ours = directory.association(it.session)
    reached = bool(ours and ours.name and (ours.email or ours.phone or ours.lines))
    if it.referral.declared_as == "association":
        return not reached
    writer = it.referral.declarant if it.referral.declared_as == "temoin" else it.person
    named = writer is not None and bool(writer.given_names or writer.birth_name or writer.usual_name)
    return not named or not ((writer is not None and (writer.contacts or writer.addresses)) or reached)


def _no_statutes(it: "Situation") -> bool:
    return it.referral.declared_as == "association" and not any(item.kind == "statuts" for item in it.exhibits)


def _no_lasting_contact(it: "Situation") -> bool:
    return not any(contact.after_departure for contact in it.person.contacts)


def _complaint_filed(it: "Situation") -> bool:
    """A complaint about the same facts has left."""
    about = [incident.id for incident in it.incidents]
    parties = it.session.scalars(
        select(ReferralParty)
        .join(Referral, ReferralParty.referral_id == Referral.id)
        .join(ReferralIncident, ReferralIncident.referral_id == Referral.id)
        .where(Referral.procedure == "plainte_procureur", ReferralIncident.incident_id.in_(about))
    )
    return any(filed_on(party) is not None for party in parties)


def _first(it: "Situation") -> ReferralParty | None:
    """This person's part in the complaint that is completed."""
    first = it.referral.follows
    return next((each for each in first.parties if each.case.person_id == it.person.id), None) if first else None


def _no_deposit(it: "Situation") -> bool:
    party = _first(it)
    return party is None or filed_on(party) is None


def _no_number(it: "Situation") -> bool:
    party = _first(it)
    return party is None or not party.body_reference


def _no_proof(it: "Situation") -> bool:
    party = _first(it)
    return party is None or not any(step.proof_evidence_id for step in party.steps)


def _told_of(it: "Situation", kind: str) -> list[Assertion]:
    return [each for each in it.told() if each.kind == kind]


QUESTIONS: Mapping[str, Callable[["Situation"], bool]] = {
    "declarant": _no_declarant,
    "personne_identifiee": lambda it: not (it.person.given_names or it.person.birth_name or it.person.usual_name),
    "force_police": lambda it: _groups(it) != {"police"},
    "force_gendarmerie": lambda it: _groups(it) != {"gendarmerie"},
    "force_defenseur": lambda it: not _told_of(it, "force"),
    "statuts": _no_statutes,
    "contact_apres_depart": _no_lasting_contact,
    "accord_parquet": _complaint_filed,
    "plainte_deposee": _no_deposit,
    "reference_parquet": _no_number,
    "preuve_depot_plainte": _no_proof,
    # Always said: they do not depend on what is recorded.
    "rubriques": lambda it: True,
    "pas_une_plainte": lambda it: True,
    "denonciation": lambda it: True,
    "delais": lambda it: True,
}
"""Code of the requirement, and whether it is NOT met."""
