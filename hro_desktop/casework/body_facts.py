# SPDX-License-Identifier: GPL-3.0-or-later
"""What a referral publishes beyond the complaint: who writes, who was informed, what went before, facts by kind.

Inspections and the Défenseur des droits are seized by a victim, a witness or an association; they ask who writes, who
else was seized, and about the person concerned. A letter that completes a complaint names that complaint.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.values import Filled, Source, Values, leaf, plain
from hro_desktop.casework import directory, exhibits, facts, identities, party_facts
from hro_desktop.law import procedures, vocabulary
from hro_desktop.records.base import Base
from hro_desktop.records.consents import Consent
from hro_desktop.records.incidents import Assertion, Incident
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral, ReferralIncident, ReferralParty, ReferralStep
from hro_desktop.rules import grammar, incidents
from hro_desktop.rules.dates import add_months, french_day

__all__ = ["INFORMED", "extended", "filed_on"]

INFORMED = ("donne", "non_oppose")
HARM = "atteinte"
KINDS = {
    "forces": ("force", "unite"),
    "agents": ("rio",),
    "vehicles": ("vehicule",),
    "weapons": ("arme",),
    "words": ("paroles",),
    "harm": ("coups", "blessure", "itt", HARM),
}
SILENCE_MONTHS = 3
"""After so many months without an answer the complaint may be taken further (CPP art. 85)."""


def extended(session: Session, referral: Referral, values: Values, on: dt.date) -> dict[str, Any]:
    """The values of a referral with those only some bodies ask for."""
    more: dict[str, Any] = {
        **values,
        "declarant": _declarant(session, referral, on),
        "persons": tuple(_person(referral, party, on) for party in referral.parties),
        "information": facts.lines(referral, "parties", _information(session, referral, on)),
        "told": _with_accused(referral, _by_kind(session, values)),
        "categories": facts.lines(referral, "incidents", _categories(session, referral)),
        "prior": tuple(_prior(session, referral, on)),
        "complaint": _complaint(session, referral, on),
        "enclosures": tuple(_enclosure(each) for each in values["exhibits"]),  # type: ignore[union-attr, arg-type]
    }
    title, name = leaf(values, "authority.title"), leaf(values, "authority.name")
    if title and name and title.value == name.value:  # a body that is one office has one line
        more["authority"] = {**more["authority"], "name": attrs.evolve(name, value=None)}
    if more["complaint"]["authority_reference"].value and isinstance(values["referral"], Mapping):
        more["referral"] = {**values["referral"], "authority_reference": more["complaint"]["authority_reference"]}
    if procedures.procedure(referral.procedure, on).person_word == "concerne":
        more["words"] = {**more["words"], "titre_plaignant": more["words"]["titre_concerne"]}
    if referral.declared_as != "personnes":
        more["sender"] = _sender(more["declarant"])
        # The letter's voice is that of its author; its persons stay who they are.
        voice = {name: word for name, word in _voice(referral).items() if name not in ("titre_plaignant",)}
        said = {name: facts.taken(referral, "declared_as", word) for name, word in voice.items()}
        more["words"] = {**more["words"], **said}
    return more


def _declarant(session: Session, referral: Referral, on: dt.date) -> dict[str, Any]:
    """Who writes to the body, and how to reach them."""
    quality = facts.taken(referral, "declared_as", vocabulary.label("declarants", referral.declared_as))
    ours = directory.association(session)
    if referral.declared_as == "association":
        lines = [*(ours.lines.splitlines() if ours else []), _town(ours.postcode, ours.town) if ours else ""]
        return {
            "quality": quality,
            "name": facts.taken(ours, "name", ours.name if ours else None),
            "address_lines": facts.lines(ours, "lines", lines),
            "contact_lines": facts.lines(ours, "email", [ours.email, ours.phone] if ours else []),
            "is_association": facts.taken(referral, "declared_as", True),
            "is_witness": facts.taken(referral, "declared_as", False),
        }
    people = [referral.declarant] if referral.declared_as == "temoin" else [p.case.person for p in referral.parties]
    known = [person for person in people if person is not None]
    reach = [contact for person in known for contact in person.contacts]
    # The association passes mail on: it is how a body reaches somebody who has no telephone of their own.
    way = (ours.email or ours.phone) if ours and not reach else ""
    called = ours.name if ours else ""
    named = called if facts.says_association(called) else f"association {called}"
    relay = f"par l’{named}\u00a0: {way}" if way else ""
    first: Base | None = known[0] if known else None
    return {
        "quality": quality,
        "name": facts.taken(first, "given_names", grammar.joined([facts.formal_name(each) for each in known])),
        "address_lines": _addresses(session, known, on),
        "contact_lines": facts.lines(
            first or ours,
            "contacts",
            [*(f"{vocabulary.label('contact_kinds', each.kind)}\u00a0: {each.value}" for each in reach), relay],
        ),
        "is_association": facts.taken(referral, "declared_as", False),
        "is_witness": facts.taken(referral, "declared_as", referral.declared_as == "temoin"),
    }


def _addresses(session: Session, people: Sequence[Person], on: dt.date) -> tuple[Values, ...]:
    """The lines of the address they share, or one line for each address, with whose it is."""
    found = party_facts.homes_of(session, people, on)
    if len(found) < 2:
        return tuple(line for each in found for line in each.lines)
    return tuple(_whose(each) for each in found if each.lines)


def _whose(home: party_facts.Shared) -> Values:
    """An address in one line, with whose it is; it comes from where the last of its lines does: from the address."""
    last = home.lines[-1]["text"]
    assert isinstance(last, Filled)
    where = ", ".join(str(plain(line)["text"]) for line in home.lines)
    return {"text": attrs.evolve(last, value=f"{home.name}\u00a0: {where}")}


def _town(postcode: str, town: str) -> str:
    return " ".join(part for part in (postcode, town) if part)


def _sender(declarant: Mapping[str, Any]) -> dict[str, Any]:
    """The declarant at the head of a letter: what can be reached stands below the address."""
    return {
        "name": declarant["name"],
        "address_lines": (*declarant["address_lines"], *declarant["contact_lines"]),
        "email": facts.taken(None, "email", None),
        "phone": facts.taken(None, "phone", None),
    }


def _voice(referral: Referral) -> dict[str, str]:
    """An association says « nous », a witness « je »."""
    witness = referral.declarant
    return grammar.party_words([witness.sex] if referral.declared_as == "temoin" and witness else ["x", "x"])


def _person(referral: Referral, party: ReferralParty, on: dt.date) -> Values:
    """One person concerned in one line, for a box of a platform."""
    person = party.case.person
    born = facts.identity(person)["birth_clause"].value
    parts = [
        facts.formal_name(person),
        f"{grammar.person_words(person.sex)['ne']} {born}" if born else "",
        str(person.nationality or ""),
    ]
    minority = facts.minority(person, on)
    if minority is not None:
        parts.append(grammar.under_age(person.sex, minority))
    return {"line": facts.taken(person, "given_names", ", ".join(part for part in parts if part))}


def _enclosure(exhibit: Values) -> Values:
    """« Pièce n° 3 – Certificat médical, 15 octobre 2026 »."""
    number, title, date = exhibit["number"], exhibit["title"], exhibit["date"]
    assert isinstance(number, Filled)
    assert isinstance(title, Filled)
    assert isinstance(date, Filled)
    said = f"Pièce n°\u00a0{number.value} – {title.value}" + (f", {date.value}" if date.value else "")
    return {"line": Filled(said, title.source)}


def _information(session: Session, referral: Referral, on: dt.date) -> Iterable[str]:
    """How each person was told: « Mme X a été informée de cette saisine, en tigrinya, et ne s’y est pas opposée »."""
    purpose = procedures.procedure(referral.procedure, on).consent_purpose
    reduced = identities.reduced(session, referral, on)
    for party in referral.parties:
        person = party.case.person
        if person.id in reduced:
            gate = identities.gate(session, referral, person, on)
            if gate.open:
                yield f"{reduced[person.id].name}\u00a0: {gate.reason[:1].lower()}{gate.reason[1:]}"
            continue
        answers = session.scalars(
            select(Consent).where(Consent.person_id == person.id, Consent.purpose == purpose).order_by(Consent.given_on)
        ).all()
        last = answers[-1] if answers else None
        if last is None or last.state not in INFORMED or last.withdrawn_on is not None:
            continue
        words = grammar.person_words(person.sex)
        when = f" le {french_day(last.given_on)}" if last.given_on else ""
        tongue = f", en {vocabulary.label('languages', last.language)}" if last.language else ""
        helped = ", avec un interprète" if last.interpreter_id else ""
        answer = "y a consenti" if last.state == "donne" else f"ne s’y est pas {words['oppose']}"
        yield (
            f"{facts.formal_name(person)} a été {words['informe']} de cette saisine{when}{tongue}{helped}, et {answer}."
        )


def _sentences(values: Values) -> Iterable[Filled]:
    """Every sourced sentence of a referral, whoever it is about."""
    told = values["assertions"]
    assert isinstance(told, Sequence)
    harms = values["harms"]
    assert isinstance(harms, Sequence)
    lists = [told, *(each["sentences"] for each in harms)]
    for sentences in lists:
        assert isinstance(sentences, Sequence)
        for each in sentences:
            sentence = each["sentence"]
            assert isinstance(sentence, Filled)
            yield sentence


def _kind(session: Session, sentence: Filled) -> str:
    """What a sentence is about; what a person says they suffered is harm, whatever the words."""
    source = sentence.source
    if not isinstance(source, Source) or source.kind == "involvement":
        return HARM
    found = session.get(Assertion, uuid.UUID(source.id))
    if found is None:
        return ""
    return HARM if found.kind == "autre" and found.about_id else found.kind


def _by_kind(session: Session, values: Values) -> dict[str, Any]:
    """The sourced sentences under the heading a platform asks for; what fits none is `other`."""
    known = [(_kind(session, sentence), sentence) for sentence in _sentences(values)]
    named = {kind for kinds in KINDS.values() for kind in kinds}
    groups = {
        name: tuple({"sentence": sentence} for kind, sentence in known if kind in kinds)
        for name, kinds in KINDS.items()
    }
    return {**groups, "other": tuple({"sentence": each} for kind, each in known if kind not in named)}


def _with_accused(referral: Referral, told: dict[str, Any]) -> dict[str, Any]:
    """Whoever is named stands with what was read of the agents, as designated by whom."""
    named = [party_facts.accused(each.person, each.known_as) for each in referral.accused]
    lines = tuple(
        {"sentence": facts.taken(referral, "accused", f"Personne désignée\u00a0: {each}.")} for each in named if each
    )
    return {**told, "agents": (*lines, *told["agents"])}


def _categories(session: Session, referral: Referral) -> list[str]:
    """What the recorded facts propose to tick on a platform; a person ticks."""
    happened = [session.get_one(Incident, link.incident_id) for link in referral.incidents]
    kinds = {
        each.kind
        for incident in happened
        for each in incident.assertions
        if not incidents.no_blow(each.kind, each.value)
    }
    harms = {each.harm for incident in happened for each in incident.involvements}
    found = {
        "violences illégitimes": bool(kinds & {"coups", "blessure", "itt"}) or "physique" in harms,
        "propos déplacés": "paroles" in kinds,
        "atteinte aux biens": any(harm.startswith("biens") for harm in harms),
    }
    return [label for label, holds in found.items() if holds]


def filed_on(party: ReferralParty) -> dt.date | None:
    """The first day on which the referral was with its body, for this person; `None` before."""
    days = [step.occurred_on for step in party.steps if vocabulary.term("party_states", step.status).group]
    return min(days, default=None)


def _prior(session: Session, referral: Referral, on: dt.date) -> Iterable[Values]:
    """Where the people of this referral have already been with the same facts: never what is only planned.

    Where others went is theirs to say; a number would say who somebody is whose identity is reduced.
    """
    reduced = identities.reduced(session, referral, on)
    about = [link.incident_id for link in referral.incidents]
    others = session.scalars(
        select(Referral)
        .join(ReferralIncident)
        .where(ReferralIncident.incident_id.in_(about), Referral.id != referral.id)
        .order_by(Referral.reference)
        .distinct()
    )
    for other in others:
        own = [each for each in party_facts.parts_in(referral, other) if each.case.person_id not in reduced]
        days = [day for party in own if (day := filed_on(party)) is not None]
        if not days:
            continue
        number = party_facts.numbers_given(own)
        label = procedures.procedure(other.procedure, on).label
        said = f"{label}, {french_day(min(days))}" + (f", n°\u00a0{number}" if number else "")
        yield {"line": facts.taken(other, "procedure", said)}


def _complaint(session: Session, referral: Referral, on: dt.date) -> dict[str, Any]:
    """The complaint a letter completes, as far as it is known of those who write: others signed it with them.

    Its deposit is said when it is the same for all of them; the silence, of a deposit that is said only.
    """
    first = referral.follows
    own = party_facts.parts_in(referral, first) if first else []
    days = {filed_on(party) for party in own}
    filed = days.pop() if len(days) == 1 else None
    silent = filed is not None and on > add_months(filed, SILENCE_MONTHS) and not _answered(own)
    before = exhibits.before(session, referral.id) if first else []
    last = before[-1] if before else None
    through = last.first_number + len(last.exhibits) - 1 if last and last.exhibits else None
    return {
        "dated_on": facts.taken(first, "dated_on", first.dated_on if first else None),
        "reference": facts.taken(first, "reference", first.reference if first else None),
        "filed_on": facts.taken(first, "steps", filed),
        "authority_reference": facts.taken(first, "parties", party_facts.numbers_given(own)),
        "silent": facts.taken(first, "steps", bool(silent)),
        "last_number": facts.taken(last, "first_number", through),
    }


def _answered(parties: Iterable[ReferralParty]) -> bool:
    """Whether anything is known of what the body did after the deposit."""
    quiet = ("deposee", "silence_3_mois")
    steps: Iterable[ReferralStep] = [step for party in parties for step in party.steps]
    return any(vocabulary.term("party_states", step.status).group and step.status not in quiet for step in steps)
