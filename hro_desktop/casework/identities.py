# SPDX-License-Identifier: GPL-3.0-or-later
"""Identities as far as they may be said: whoever is referred without an agreement is « S. X » in every paper.

The Défenseur des droits may act without somebody's agreement in three cases; that is its power, not a licence to send
it a full identity (LO 2011-333 art. 8). The words of the statement of facts are not touched: a person wrote them, a
person rewrites them.
"""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
from sqlalchemy.orm import Session

from forms.values import Filled, Node, Values
from hro_desktop.casework import exceptions, party_facts
from hro_desktop.casework.referral_facts import ReferralFacts
from hro_desktop.law import procedures
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.rules import consents
from hro_desktop.rules import exceptions as rules
from hro_desktop.rules.exceptions import ReducedIdentity
from hro_desktop.rules.findings import Finding

__all__ = ["gate", "names_of", "passed_over", "reduce", "reduced", "remarks"]

KEPT = frozenset({"display_name", "is_minor", "words"})
"""What stays of a complainant: the reduced name, whether a minor, and the agreement of adjectives."""


def gate(session: Session, referral: Referral, person: Person, on: dt.date) -> consents.Gate:
    """Whether this referral may speak of a person that day: by agreement, non-opposition, or a noted exception."""
    body = procedures.procedure(referral.procedure, on).body
    agreed = _agreed(session, referral, person, on)
    return rules.gate(agreed, exceptions.as_rules(session, referral.id, person, on), body, on)


def _agreed(session: Session, referral: Referral, person: Person, on: dt.date) -> consents.Gate:
    """What the person answered for that body, exceptions left aside."""
    row = procedures.procedure(referral.procedure, on)
    answers = party_facts.consents_of(session, person)
    return consents.gate(answers, row.consent_purpose, row.body, on, rule=row.consent_rule)


def passed_over(session: Session, referral: Referral, person: Person, on: dt.date) -> Iterator[Finding]:
    """The exception by which a referral does without somebody's agreement, and what that person had answered."""
    agreed, now = _agreed(session, referral, person, on), gate(session, referral, person, on)
    if agreed.open or not now.open:
        return
    if agreed.state in ("refused", "withdrawn"):
        sentence = f"{agreed.reason} La saisine passe outre\u00a0: relisez cette décision. {now.reason}"
        yield Finding("exception_over_refusal", "warn", sentence, rules.SOURCE, str(person.id))
    else:
        yield Finding("exception_used", "inform", now.reason, rules.SOURCE, str(person.id))


def reduced(session: Session, referral: Referral, on: dt.date) -> dict[uuid.UUID, ReducedIdentity]:
    """Complainants of a referral who are in it by an exception only, and what may be said of each.

    An exception that does not hold makes a draft, which reduces the identity too: nobody agreed to more.
    """
    excepted = {each.person_id for each in exceptions.of_referral(session, referral.id)}
    found = {}
    for party in referral.parties:
        person = party.case.person
        if person.id in excepted and not _agreed(session, referral, person, on).open:
            found[person.id] = exceptions.reduced_identity(person, on)
    return found


def reduce(said: ReferralFacts, referral: Referral, people: Mapping[uuid.UUID, ReducedIdentity]) -> ReferralFacts:
    """The same facts with those identities reduced, in the values and in the titles of exhibits."""
    if not people:
        return said
    parties = [party.case.person for party in referral.parties]
    hide = _hider([(person, people[person.id]) for person in parties if person.id in people])
    values: dict[str, Any] = {
        name: node if name == "facts" else _mapped(node, hide) for name, node in said.values.items()
    }
    values["facts"] = {
        name: node if name == "paragraphs" else _mapped(node, hide)
        for name, node in said.values["facts"].items()  # type: ignore[union-attr]
    }
    for name, make in (("complainants", _complainant), ("persons", _person)):
        listed = values.get(name, ())
        values[name] = tuple(
            make(each, people[person.id]) if person.id in people else each
            for each, person in zip(listed, parties, strict=True)
        )
    if referral.declared_as == "personnes":
        for name in ("sender", "declarant"):
            values[name] = _unreached(values[name]) if name in values else {}
    numbered = tuple(attrs.evolve(each, title=hide(each.title)) for each in said.numbered)
    return attrs.evolve(said, values=values, numbered=numbered)


def remarks(referral: Referral, people: Mapping[uuid.UUID, ReducedIdentity]) -> Iterator[Finding]:
    """What prevents a referral from going on with a reduced identity."""
    if people and referral.declared_as == "personnes":
        yield Finding(
            "exception_voice",
            "wait",
            "Une personne n’a pas donné son accord\u00a0: la saisine ne peut pas être écrite en son nom, mais par "
            "l’association ou par un témoin.",
            rules.SOURCE,
        )


def names_of(person: Person) -> Iterator[str]:
    """Every name and spelling somebody is known by, whole names first."""
    family = person.usual_name or person.birth_name
    for one, two in ((person.given_names, family), (family, person.given_names)):
        if one and two:
            yield f"{one} {two}"
    yield from (
        name
        for name in (
            person.original_name,
            *(each.text for each in person.names),
            person.birth_name,
            person.usual_name,
            person.given_names,
        )
        if name
    )


def _hider(people: Iterable[tuple[Person, ReducedIdentity]]) -> Callable[[str], str]:
    """Puts the reduced name wherever one of the names stands, a civility before it included."""
    wanted: list[tuple[re.Pattern[str], str]] = []
    for person, identity in people:
        known = list(dict.fromkeys(names_of(person)))
        # alone, a name may be a word too: « un fourgon blanc » is not Rose Blanc
        for names, flags in (([name for name in known if " " in name], re.IGNORECASE), (known, re.NOFLAG)):
            spelled = "|".join(re.escape(name) for name in names)
            if spelled:
                before = r"(?:(?:M\.|Mme)\s)?(?:[^\W\d_]\.\s?){0,2}"  # « Mme A. Sow » gives way whole
                wanted.append((re.compile(rf"(?<!\w){before}(?:{spelled})(?!\w)", flags), identity.name))

    def hide(text: str) -> str:
        for pattern, name in wanted:
            text = pattern.sub(name, text)
        return text

    return hide


def _mapped(node: Node, change: Callable[[str], str]) -> Node:
    """The same tree with every text changed."""
    if isinstance(node, Filled):
        return attrs.evolve(node, value=change(node.value)) if isinstance(node.value, str) else node
    if isinstance(node, Mapping):
        return {name: _mapped(inner, change) for name, inner in node.items()}
    return tuple({name: _mapped(inner, change) for name, inner in each.items()} for each in node)


def _complainant(values: Values, identity: ReducedIdentity) -> Values:
    """A complainant of whom only the reduced name is left."""

    def emptied(node: Node) -> Node:
        if isinstance(node, Filled):
            return attrs.evolve(node, value=None)
        if isinstance(node, Mapping):
            return {name: emptied(inner) for name, inner in node.items()}
        return ()

    kept: dict[str, Filled | Values | Sequence[Values]] = {
        name: node if name in KEPT else emptied(node) for name, node in values.items()
    }
    name = values["display_name"]
    assert isinstance(name, Filled)
    kept["display_name"] = attrs.evolve(name, value=identity.name)
    return kept


def _unreached(values: Values) -> Values:
    """Who writes, without the addresses and the telephones by which one of them would be known."""
    return {name: () if name in ("address_lines", "contact_lines") else node for name, node in values.items()}


def _person(values: Values, identity: ReducedIdentity) -> Values:
    line = values["line"]
    assert isinstance(line, Filled)
    return {"line": attrs.evolve(line, value=identity.line)}
