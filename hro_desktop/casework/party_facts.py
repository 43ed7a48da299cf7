# SPDX-License-Identifier: GPL-3.0-or-later
"""What a referral says of people: who complains, who represents them, who is accused, who bears witness."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.values import Values
from hro_desktop.casework import facts
from hro_desktop.law import vocabulary
from hro_desktop.records.consents import Consent
from hro_desktop.records.directory import Organisation
from hro_desktop.records.incidents import Incident
from hro_desktop.records.people import Address, ContactPoint, Person
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.records.statements import Statement
from hro_desktop.rules import consents as consent_rules
from hro_desktop.rules import grammar
from hro_desktop.rules.dates import french_day
from hro_desktop.rules.findings import Finding, Level

__all__ = [
    "accused",
    "address_unagreed",
    "all_consents",
    "complainant",
    "consents_of",
    "home",
    "homes_of",
    "may_declare",
    "numbers_given",
    "opposed",
    "parts_in",
    "read_back",
    "sender",
    "unnamed",
    "witnesses",
]

NAMES_ITS_WITNESSES = "procureur"
ANOTHERS = "tiers"
AT_ONCE = 500  # ids in one question to the base
AT_THE_HEAD = 4
"""Addresses at the head of a letter; with more, each stands with the identity of whose it is."""


@attrs.frozen
class Home:
    """Where somebody can be written to: what is printed, who lends it, and the address it is, if it is their own."""

    printed: Address | Organisation | None = None
    host: Organisation | None = None
    address: Address | None = None


def may_declare(session: Session, address: Address, on: dt.date) -> bool:
    """Whether an address may be written in a paper (purpose `adresse`).

    Somebody else's only by their express agreement (CPP 40-4-1), noted with the address or as their answer; one's own
    unless one refused.
    """
    gate = _answer(session, address, on)
    if gate.state in ("refused", "withdrawn"):
        return False
    if _is_somebody_elses(address):
        return address.consent_on is not None or (address.holder_person_id is not None and gate.open)
    return True


def _is_somebody_elses(address: Address) -> bool:
    """Whether it is another person's, whose name may not be noted."""
    nameless = address.kind == ANOTHERS and address.holder_organisation_id is None
    return address.holder_person_id is not None or nameless


def _answer(session: Session, address: Address, on: dt.date) -> consent_rules.Gate:
    """What whose address it is answered for its being written."""
    asked = session.get_one(Person, address.holder_person_id or address.person_id)
    return consent_rules.gate(consents_of(session, asked), "adresse", "", on)


def home(session: Session, person: Person, on: dt.date) -> Home:
    """The last address somebody declared that may be written, or none.

    What is notified at a declared address counts as made to the person (CPP 40-4-1): none is put in its place.
    """
    address = next((each for each in facts.homes(person, on) if may_declare(session, each, on)), None)
    return Home(facts.printed(session, address), facts.host_of(session, address), address)


def address_unagreed(session: Session, referral: Referral, person: Person, on: dt.date) -> Iterable[Finding]:
    """The last declared address of somebody is not written, and why: a letter they sign waits for one that may be."""
    last = facts.home(person, on)
    if last is None or may_declare(session, last, on):
        return
    refused = _answer(session, last, on).state in ("refused", "withdrawn")
    whose = session.get_one(Person, last.holder_person_id) if last.holder_person_id else None
    name = facts.formal_name(person)
    holder = facts.formal_name(whose) if whose else "une autre personne"
    theirs = f"L’adresse {grammar.of(name)} est celle {grammar.of(holder)}"
    if not _is_somebody_elses(last):
        what = f"{name} refuse, ou n’accepte plus, que son adresse soit écrite\u00a0: notez une autre adresse déclarée."
    elif refused:
        what = f"{theirs}, qui refuse, ou n’accepte plus, qu’elle soit écrite\u00a0: notez une autre adresse déclarée."
    else:
        what = f"{theirs}, dont l’accord n’est pas noté\u00a0: notez-le, ou notez une autre adresse déclarée."
    other = home(session, person, on).address is not None
    level: Level = "warn" if other or referral.declared_as != "personnes" else "wait"
    yield Finding("address_unagreed", level, what, "CPP art. 40-4-1", str(person.id))


@attrs.frozen
class Shared:
    """Who can be written to at one place, and its lines; no line when none may be written."""

    name: str
    lines: tuple[Values, ...]


def homes_of(session: Session, people: Sequence[Person], on: dt.date) -> list[Shared]:
    """The people of a letter, together where they share an address, in their order."""
    known = [(person, home(session, person, on)) for person in people]

    def place(there: Home) -> tuple[object, ...]:
        where = there.printed
        return ((where.lines, where.postcode, where.town) if where else (), there.host)

    found = []
    for each in dict.fromkeys(place(there) for _, there in known):
        here = [(person, there) for person, there in known if place(there) == each]
        host, street = here[0][1].host, facts.postal(here[0][1].printed)["address_lines"]
        lines = (*facts.lines(host, "name", [f"chez {host.name}"] if host else []), *street)  # type: ignore[misc]
        found.append(Shared(grammar.joined([facts.formal_name(person) for person, _ in here]), lines))
    return found


def sender(session: Session, parties: Sequence[Person], on: dt.date) -> dict[str, Any]:
    """The complainants over the address they share, or each over their own: all of them, or no address."""
    found = homes_of(session, parties, on)
    # a name without an address above somebody else's would be taken to live there
    if len(found) > AT_THE_HEAD or (len(found) > 1 and not all(each.lines for each in found)):
        found = [Shared(grammar.joined([facts.formal_name(person) for person in parties]), ())]
    first, *others = found
    named = [(*facts.lines(parties[0], "given_names", [each.name]), *each.lines) for each in others]
    return {
        "name": facts.taken(parties[0], "given_names", first.name),
        "address_lines": (*first.lines, *(line for lines in named for line in lines)),
        "email": facts.taken(parties[0], "contacts", None),
        "phone": facts.taken(parties[0], "contacts", None),
    }


def parts_in(referral: Referral, other: Referral) -> list[ReferralParty]:
    """The parts in another referral of the people of this one."""
    people = {party.case.person_id for party in referral.parties}
    return [party for party in other.parties if party.case.person_id in people]


def numbers_given(parties: Iterable[ReferralParty]) -> str:
    """« 26/04417 », « 26/04417 et 26/04418 »: the numbers a body gave to people, each once."""
    return grammar.joined(list(dict.fromkeys(party.body_reference for party in parties if party.body_reference)))


def accused(person: Person, known_as: str) -> str:
    """How a person who is accused is named: a name that was heard or read is not an identity.

    With `known_as` (« un gendarme que M. H. dit avoir entendu appeler « Michel » ») nothing else is affirmed.
    """
    named = person.given_names or person.birth_name or person.usual_name or person.original_name
    if not named:
        return known_as
    name = facts.formal_name(person)
    return f"une personne désignée comme {name}\u00a0: {known_as}" if known_as else name


def _contact(each: ContactPoint) -> str:
    lasting = " (valable après un départ)" if each.after_departure else ""
    return f"{vocabulary.label('contact_kinds', each.kind)}\u00a0: {each.value}{lasting}"


def complainant(session: Session, party: ReferralParty, on: dt.date) -> Values:
    """One person of a referral, as far as a form names them."""
    person = party.case.person
    there = home(session, person, on)
    address, host = there.address, there.host
    tongue = next((each for each in person.languages if each.preferred), next(iter(person.languages), None))
    representation = person.representations[0] if person.representations else None
    words, minority = grammar.person_words(person.sex), facts.minority(person, on)
    if minority is not None:
        words["mineur"] = grammar.under_age(person.sex, minority)
    return {
        **facts.identity(person),
        "aliases": facts.taken(person, "names", ", ".join(each.text for each in person.names)),
        **facts.postal(there.printed),
        # said only where the agreement that it asserts is recorded
        "address_is_third_party": facts.taken(address, "consent_on", bool(host and address and address.consent_on)),
        "address_holder": facts.taken(host, "name", host.name if host else None),
        "contact_lines": facts.lines(
            person,
            "contacts",
            [_contact(each) for each in person.contacts],
        ),
        "language": facts.taken(tongue, "language", vocabulary.label("languages", tongue.language) if tongue else None),
        "interpreter": facts.taken(tongue, "interpreter", bool(tongue and tongue.interpreter)),
        "is_minor": facts.taken(person, "birth", minority is not None),
        "representative": facts.taken(
            representation, "capacity", _representative(session, representation) if representation else None
        ),
        "words": {name: facts.taken(person, "sex", word) for name, word in words.items()},
    }


def _representative(session: Session, representation: Any) -> str:  # noqa: ANN401 - a Representation
    title = vocabulary.label("representative_capacities", representation.capacity)
    person = (
        session.get(Person, representation.representative_person_id)
        if representation.representative_person_id
        else None
    )
    holder = representation.representative_organisation_id
    body = session.get(Organisation, holder) if holder else None
    name = facts.formal_name(person) if person else body.name if body else ""
    return ", ".join(part for part in (name, title, representation.note) if part)


def unnamed(
    session: Session, happened: Sequence[Incident], parties: Sequence[Person], body: str, on: dt.date
) -> set[uuid.UUID]:
    """People quoted or spoken of who have not agreed that this body learns their name.

    A complaint names its witnesses (fiches F1435 and F1524), but never one who refused. A report to an inspection or to
    the Défenseur des droits does without those nobody asked, too.
    """
    told = [each for incident in happened for each in incident.assertions]
    spoken = {person_id for each in told for person_id in (each.said_by_id, each.about_id) if person_id}
    accounts = [each.statement_id for each in told if each.statement_id]
    spoken |= set(session.scalars(select(Statement.author_id).where(Statement.id.in_(accounts))))
    found = set()
    for person_id in spoken - {person.id for person in parties}:
        answers = consents_of(session, session.get_one(Person, person_id))
        gate = consent_rules.gate(answers, "temoignage", body, on)
        if gate.state in ("refused", "withdrawn") or (body != NAMES_ITS_WITNESSES and not gate.open):
            found.add(person_id)
    return found


def opposed(
    session: Session, people: Iterable[uuid.UUID], parties: Collection[uuid.UUID], body: str, on: dt.date
) -> set[uuid.UUID]:
    """Who among people refused that this body hears them as witnesses, or took it back; complainants are none."""
    answers = all_consents(session, set(people) - set(parties))
    shut = ("refused", "withdrawn")
    return {each for each, said in answers.items() if consent_rules.gate(said, "temoignage", body, on).state in shut}


def witnesses(session: Session, happened: Sequence[Incident], body: str, on: dt.date) -> Iterable[Values]:
    """Witnesses and observers who agreed to be named to an authority, each once."""
    seen: set[Any] = set()
    for incident in happened:
        for each in incident.involvements:
            if each.role not in ("temoin", "observateur") or each.person_id in seen:
                continue
            seen.add(each.person_id)
            if consent_rules.gate(consents_of(session, each.person), "temoignage", body, on).open:
                role = vocabulary.label("involvement_roles", each.role)
                quality = each.person.association_role
                name = facts.formal_name(each.person)
                yield {"line": facts.taken(each, "role", ", ".join(part for part in (name, quality or role) if part))}


def consents_of(session: Session, person: Person) -> list[consent_rules.Consent]:
    """The answers of a person, as the rule reads them."""
    return all_consents(session, [person.id])[person.id]


def all_consents(session: Session, people: Collection[uuid.UUID]) -> dict[uuid.UUID, list[consent_rules.Consent]]:
    """The answers of many people, as the rule reads them; nothing where nobody asked."""
    found: dict[uuid.UUID, list[consent_rules.Consent]] = {each: [] for each in people}
    known = sorted(people)
    for start in range(0, len(known), AT_ONCE):
        asked = select(Consent).where(Consent.person_id.in_(known[start : start + AT_ONCE])).order_by(Consent.id)
        for each in session.scalars(asked):
            found[each.person_id].append(
                consent_rules.Consent(each.purpose, each.state, each.body, each.given_on, each.withdrawn_on, each.mode)
            )
    return found


def read_back(referral: Referral, values: Values, sha256: str) -> Values:
    """The values with the note that the letter was read back, when it was to everybody, and as it stands now."""
    done = [each for each in referral.parties if each.read_back_on and each.read_back_sha256 == sha256]
    if not done or len(done) < len(referral.parties) or referral.declared_as != "personnes":
        return values
    tongues = list(dict.fromkeys(vocabulary.label("languages", each.read_back_language) for each in done))
    days = list(dict.fromkeys(french_day(each.read_back_on) for each in done if each.read_back_on))
    to = "à la personne qui la signe" if len(done) == 1 else "aux personnes qui la signent"
    words = f" en {grammar.joined(tongues)}" if all(each.read_back_language for each in done) else ""
    helped = ", avec l’aide d’un·e interprète" if all(each.read_back_interpreter_id for each in done) else ""
    when = f", le {days[0]}" if len(days) == 1 else f", les {grammar.joined(days)}"
    sentence = f"Cette lettre a été relue{words} {to}{helped}{when}."
    return {**values, "read_back": {"sentence": facts.taken(done[0], "read_back_on", sentence)}}
