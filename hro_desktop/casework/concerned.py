# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a departure concerns, and under which agreement; and every name that must not stand in the name of a file."""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import (
    clearing,
    departures,
    exceptions,
    facts,
    identities,
    naming,
    party_facts,
    told_facts,
)
from hro_desktop.casework.departures import Concerned
from hro_desktop.casework.referral_facts import Numbered, ReferralFacts
from hro_desktop.law import procedures
from hro_desktop.law.profiles import Profile
from hro_desktop.records.consents import Consent
from hro_desktop.records.evidence import EvidenceStatement
from hro_desktop.records.incidents import Incident
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.records.statements import Statement
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.rules.findings import Finding

__all__ = ["by_incident", "by_referral", "left", "left_of_others", "names", "speakers"]


def by_referral(
    session: Session, referral: Referral, numbered: Sequence[Numbered], profile: Profile, on: dt.date
) -> tuple[Concerned, ...]:
    """Complainants, witnesses whose words go along, then whoever else appears in the exhibits, each once."""
    row = procedures.procedure(referral.procedure, on)
    found = [_complainant(session, referral, party.case.person, profile, on) for party in referral.parties]
    seen = {each.person_id for each in found}
    for person_id in sorted(speakers(session, referral, numbered, on) - seen):
        agreed = _testimony(session, person_id, profile, row.body, on)
        found.append(Concerned(role="temoin", person_id=person_id, consent_id=agreed.id if agreed else None))
    seen |= {each.person_id for each in found}
    return (*found, *_third_parties(session, numbered, seen))


def by_incident(incident: Incident) -> tuple[Concerned, ...]:
    """A letter that asks for images names nobody; those it protects can still know that it left."""
    people = dict.fromkeys(each.person_id for each in incident.involvements if each.role == "plaignant")
    return tuple(Concerned(role="plaignant", person_id=each) for each in people)


def left(session: Session, person: Person, *, by_name: bool = False) -> Iterator[Finding]:
    """What had already left about somebody who refuses or takes an answer back: it cannot be called back."""
    who = f", sur {facts.formal_name(person)}" if by_name else ""
    for gone in departures.of_person(session, person.id):
        said = f"Déjà parti{who}\u00a0: {gone.sentence}"
        yield Finding("already_left", "inform", said, "RGPD art. 7 § 3", str(gone.departure_id))


def left_of_others(
    session: Session, referral: Referral, said: ReferralFacts, about: Sequence[Incident], on: dt.date
) -> Iterator[Finding]:
    """The same for who is no complainant and refused that this body hears or sees them.

    Witnesses and whoever else was there, authors of what is joined, people named or shown in the exhibits.
    """
    items = {each.id: each for one in said.numbered for each in clearing.lineage(session, one.evidence)}
    people = {each.person_id for one in about for each in one.involvements}
    people |= {each.said_by_id for one in about for each in one.assertions if each.said_by_id}
    people |= {each.person_id for one in items.values() for each in one.people if each.person_id}
    people |= set(_authors(session, items))
    parties = {party.case.person_id for party in referral.parties}
    body = procedures.procedure(referral.procedure, on).body
    for person_id in sorted(party_facts.opposed(session, people, parties, body, on)):
        yield from left(session, session.get_one(Person, person_id), by_name=True)


def names(session: Session, referral: Referral, said: ReferralFacts) -> set[str]:
    """All names of everybody known for a referral, whatever their part in it: volunteers and hosts included."""
    about = [session.get_one(Incident, link.incident_id) for link in referral.incidents]
    items = {each.id: each for one in said.numbered for each in clearing.lineage(session, one.evidence)}
    people = naming.around(session, about, list(items))
    people |= {party.case.person_id for party in referral.parties} | {each.person_id for each in referral.accused}
    people |= {each for each in (referral.declarant_id, *(one.author_id for one in items.values())) if each}
    noted = [each.described for item in items.values() for each in item.people]
    noted += [each.known_as for each in referral.accused]
    return _spelled(session, people | _beside(session, people)) | {word for each in noted for word in _capitals(each)}


def _spelled(session: Session, people: Iterable[uuid.UUID]) -> set[str]:
    known = [session.get_one(Person, each) for each in people]
    return {name for person in known for name in identities.names_of(person)} | set(
        session.scalars(select(Volunteer.name))
    )


def _beside(session: Session, people: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Who speaks for one of them, and who lends one of them an address."""
    known = [session.get_one(Person, each) for each in people]
    speaking = {each.representative_person_id for person in known for each in person.representations}
    hosts = {each.holder_person_id for person in known for each in person.addresses}
    return {each for each in speaking | hosts if each is not None}


def _capitals(described: str) -> Iterator[str]:
    """What may be a name in the words by which somebody was noted: « un ami, Karim », « l’agent Morel »."""
    return (word for word in re.findall(r"[^\W\d_]+", described) if not word[0].islower())


def _complainant(session: Session, referral: Referral, person: Person, profile: Profile, on: dt.date) -> Concerned:
    if profile.recipient:
        given = departures.agreement(session, person.id, profile.consent_purpose, profile.consent_body, on)
        return Concerned(role="plaignant", person_id=person.id, consent_id=given.id if given else None)
    row = procedures.procedure(referral.procedure, on)
    agreed = departures.agreement(session, person.id, row.consent_purpose, row.body, on, rule=row.consent_rule)
    exception = None
    if agreed is None and identities.gate(session, referral, person, on).open:
        noted = [each for each in exceptions.of_referral(session, referral.id) if each.person_id == person.id]
        exception = noted[0] if noted else None
    return Concerned(
        role="plaignant",
        person_id=person.id,
        consent_id=agreed.id if agreed else None,
        exception_id=exception.id if exception else None,
    )


def _testimony(session: Session, person_id: uuid.UUID, profile: Profile, body: str, on: dt.date) -> Consent | None:
    """The answer of a witness to whoever the file is for."""
    purposes = ("temoignage", profile.consent_purpose) if profile.recipient else ("temoignage",)
    reader = profile.consent_body if profile.recipient else body
    found = (departures.agreement(session, person_id, purpose, reader, on) for purpose in purposes)
    return next((each for each in found if each is not None), None)


def _authors(session: Session, items: Iterable[uuid.UUID]) -> Sequence[uuid.UUID]:
    return session.scalars(
        select(Statement.author_id)
        .join(EvidenceStatement)
        .where(EvidenceStatement.evidence_id.in_(list(items)))
        .distinct()
    ).all()


def speakers(session: Session, referral: Referral, numbered: Sequence[Numbered], on: dt.date) -> set[uuid.UUID]:
    """Who is quoted by name, and whose statement goes along."""
    about = [session.get_one(Incident, link.incident_id) for link in referral.incidents]
    known = [told for each in about for told in each.assertions]
    quoted = {told.said_by_id for told in known if told.said_by_id is not None}
    quoted |= {one for told in known for one in told_facts.speakers(session, told)}
    parties = [party.case.person for party in referral.parties]
    body = procedures.procedure(referral.procedure, on).body
    unnamed = party_facts.unnamed(session, about, parties, body, on)
    return (quoted - unnamed) | set(_authors(session, [each.evidence.id for each in numbered if not each.withheld]))


def _third_parties(session: Session, numbered: Sequence[Numbered], seen: set[uuid.UUID | None]) -> Iterator[Concerned]:
    """Whoever was noted in an exhibit that goes along, with what was decided."""
    told: set[object] = set(seen)
    for each in numbered:
        for appearance in () if each.withheld else each.evidence.people:
            key: object = appearance.person_id or (each.evidence.id, appearance.described)
            if key in told:
                continue
            told.add(key)
            yield Concerned(
                role="tiers",
                person_id=appearance.person_id,
                described="" if appearance.person_id else appearance.described or "une personne inconnue",
                clearance=appearance.clearance,
            )
