# SPDX-License-Identifier: GPL-3.0-or-later
"""Which requirements of a body (`procedures.toml`) a party to a referral does not meet yet.

One small question per code; a test holds the codes against the table, so that neither can grow without the other.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import attrs
from sqlalchemy.orm import Session

from hro_desktop.casework import body_requirements, facts, party_facts
from hro_desktop.law import authorities
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.incidents import Assertion, Incident
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.rules.dates import PartialDate
from hro_desktop.rules.exhibits import is_empty
from hro_desktop.rules.incidents import no_blow

__all__ = ["QUESTIONS", "Situation", "not_met"]

INJURIES = ("blessure", "itt", "coups")
SOON = dt.timedelta(days=30)  # a letter is prepared for the day it will be signed


@attrs.frozen
class Situation:
    """One complainant in one referral, as the questions see it."""

    session: Session
    referral: Referral
    person: Person
    incidents: Sequence[Incident]
    exhibits: Sequence[Evidence]
    on: dt.date

    def told(self) -> list[Assertion]:
        """Every assertion about the incidents of the referral."""
        return [assertion for incident in self.incidents for assertion in incident.assertions]


def _no_name(it: Situation) -> bool:
    return not (it.person.given_names or it.person.birth_name or it.person.usual_name or it.person.original_name)


def _no_birth(it: Situation) -> bool:
    return not it.person.birth or not (it.person.birth_place or it.person.birth_country)


def _no_address(it: Situation) -> bool:
    return facts.home(it.person, it.on) is None


def _no_host_consent(it: Situation) -> bool:
    """Of an organisation: a person who did not agree is a reason of its own (`party_facts.address_unagreed`)."""
    address = party_facts.home(it.session, it.person, it.on).address
    return address is not None and bool(address.holder_organisation_id) and address.consent_on is None


def _no_place(it: Situation) -> bool:
    return not it.incidents or any(not facts.place_of(incident) for incident in it.incidents)


def _before_the_facts(it: Situation) -> bool:
    """Whether one incident can only have happened after the day the letter bears."""
    dated = it.referral.dated_on
    first = [PartialDate.parse(incident.occurred or "?").earliest for incident in it.incidents]
    return dated is not None and any(day is not None and dated < day for day in first)


def _far_ahead(it: Situation) -> bool:
    return it.referral.dated_on is not None and it.referral.dated_on > it.on + SOON


def _no_harm(it: Situation) -> bool:
    involved = any(
        each.person_id == it.person.id and (each.harm or each.harm_note)
        for incident in it.incidents
        for each in incident.involvements
    )
    return not involved and not any(each.about_id == it.person.id and _injures(each) for each in it.told())


def _injures(told: Assertion) -> bool:
    return told.kind in INJURIES and not no_blow(told.kind, told.value)


def _no_certificate(it: Situation) -> bool:
    injured = any(_injures(each) for each in it.told() if each.about_id in (None, it.person.id))
    return injured and not any(item.kind == "certificat" for item in it.exhibits)


def _other_authority(it: Situation) -> bool:
    for incident in it.incidents:
        code = incident.commune or (incident.site.commune if incident.site else "")
        found = authorities.competent_procureur(code, it.on) if code else None
        if found is not None and found.authority.code != it.referral.authority:
            return True
    return False


def _gendarmes(it: Situation) -> bool:
    return any(each.kind == "force" and facts.force_group(each.value) == "gendarmerie" for each in it.told())


QUESTIONS: Mapping[str, Callable[[Situation], bool]] = {
    "identite": _no_name,
    "naissance": _no_birth,
    "adresse": _no_address,
    "accord_hebergeant": _no_host_consent,
    "contact": lambda it: not it.person.contacts,
    "faits_date": lambda it: any(not incident.occurred for incident in it.incidents) or not it.incidents,
    "faits_lieu": _no_place,
    "lettre_avant_faits": _before_the_facts,
    "lettre_future": _far_ahead,
    "expose": lambda it: is_empty(it.referral.account),
    "prejudice": _no_harm,
    "pieces": lambda it: not it.exhibits,
    "certificat": _no_certificate,
    "autorite_competente": _other_authority,
    "maintien_ordre": _gendarmes,
    "representant": lambda it: facts.may_be_minor(it.person, it.on),
    # Always said: a simple complaint never stops that clock.
    "prescription": lambda it: True,
    **body_requirements.QUESTIONS,
}
"""Code of the requirement, and whether it is NOT met."""


def not_met(situation: Situation, codes: Sequence[str]) -> list[str]:
    """Those of the codes that are not met.

    Raises:
        KeyError: a procedure asks for something nobody can answer; a test makes sure it cannot happen.
    """
    return [code for code in codes if QUESTIONS[code](situation)]
