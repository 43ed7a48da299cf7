# SPDX-License-Identifier: GPL-3.0-or-later
"""Names in what leaves: nobody who refused, was not asked, or must be reduced is named by typed words.

Every value that fills the papers is read, whoever wrote it, against every spelling of the names of everybody in the
vault. Who is tied to the facts is found by one word of their name; who is not, by their whole name, and one word that
is a name of theirs is pointed at. The names of the whole vault are looked up among the runs of words of the papers
(`rules/naming.py`), so that nothing is searched once a person.
"""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import attrs
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from forms.values import Filled, Node, Source, Values
from hro_desktop.casework import clearing, facts, known_names, party_facts
from hro_desktop.casework.named_people import Case, Text, bearer, findings, own_people, places_of, strangers, volunteers
from hro_desktop.casework.referral_facts import ReferralFacts
from hro_desktop.law.names import name_words
from hro_desktop.law.procedures import Procedure
from hro_desktop.records.consents import Consent
from hro_desktop.records.evidence import Evidence, EvidencePerson, EvidenceStatement
from hro_desktop.records.incidents import Assertion, Incident
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.records.sites import Site, SiteName
from hro_desktop.records.statements import Statement
from hro_desktop.rules import consents
from hro_desktop.rules.exceptions import ReducedIdentity
from hro_desktop.rules.findings import Finding
from hro_desktop.rules.heard_names import heard, sounding
from hro_desktop.rules.naming import (
    MAYBE,
    NAMED,
    Bearer,
    Others,
    Read,
    mentions,
    read,
)
from hro_desktop.rules.place_spans import Places

__all__ = [
    "Answers",
    "Text",
    "anybody",
    "around",
    "bearer",
    "of_body",
    "review",
    "said_texts",
    "texts",
    "whole_account",
]

SAID_NO = ("refused", "withdrawn")
AT_ONCE = 500  # ids in one question to the base
TABLES = ("authorities", "cameras")
"""Sources that are tables of law, and nobody's hand."""


@attrs.frozen
class Answers:
    """What people answered, that day, about whoever the papers are for, and who that is.

    `state` gives `open`, `refused` or `unasked`.
    """

    state: Callable[[Sequence[consents.Consent]], str]
    on: dt.date
    recipient: str = "cet organisme"


def of_body(row: Procedure, on: dt.date) -> Answers:
    """The answers for the body of a procedure: a refusal to complain counts, unless they agreed to bear witness."""

    def state(answers: Sequence[consents.Consent]) -> str:
        witness = consents.gate(answers, "temoignage", row.body, on)
        if witness.open:
            return "open"
        own = consents.gate(answers, row.consent_purpose, row.body, on)
        return "refused" if witness.state in SAID_NO or own.state in SAID_NO else "unasked"

    return Answers(state, on)


def review(
    session: Session,
    referral: Referral,
    said: ReferralFacts,
    reduced: Mapping[uuid.UUID, ReducedIdentity],
    answers: Answers,
) -> Iterator[Finding]:
    """Whom the papers name against their answer, or without one: each person once, with all the places.

    Args:
        session: the vault.
        referral: what leaves.
        said: all that fills its papers.
        reduced: complainants in it by an exception only.
        answers: for whoever it is for.
    """
    incidents = [session.get_one(Incident, link.incident_id) for link in referral.incidents]
    items = [each for numbered in said.numbered for each in clearing.lineage(session, numbered.evidence)]
    there = _read([*said_texts(said), whole_account(referral)], _sites(session))
    own = _own_places(referral, answers.on)
    near = around(session, incidents, [each.id for each in items]) | set(own) | set(reduced)
    vault = _look_up(session, [text for _, text in there])
    # the names of those who said no are looked for by one word, too
    looked = near | vault.whole | (vault.touched & _said_no(session))
    states = {each: answers.state(known) for each, known in party_facts.all_consents(session, looked).items()}
    shown = _shown(session, incidents, said)
    agreed = {each for each in looked if states[each] == "open" or (states[each] == "unasked" and each in shown)}
    free = (agreed & near) | {party.case.person_id for party in referral.parties}
    free = (free | {each.person_id for each in referral.accused}) - set(reduced)
    people = _people(session, looked | free)
    others = Others((*(bearer(people[each]) for each in sorted(free)), *_heard(referral)))
    # a stranger who agreed says nothing of somebody who was there or refused, but something of another stranger
    wider = Others((*others.bearers, *(bearer(people[each]) for each in sorted((agreed & vault.whole) - near))))
    for person_id in sorted(looked - free - (agreed - set(reduced))):
        case = Case(people[person_id], states[person_id], near=person_id in near, reduced=reduced.get(person_id))
        elsewhere = [each for each in there if each[0].record not in own.get(person_id, ())]
        places = places_of(elsewhere, case, others if case.near or case.strict else wider, free)
        yield from findings(case, places, answers.recipient)
    told = near | vault.whole | free | {each for each in looked if states[each] == "refused"}
    known = frozenset(others.sexes).union(*(bearer(people[each]).single for each in told))
    relays = (WHERE["complainants"], WHERE["declarant"])  # who is to be asked for on the telephone is written there
    yield from own_people(session, [each for each in there if each[0].where not in relays], others)
    yield from strangers(there, {word for word, ids in vault.proper.items() if word not in known and not ids <= told})


def anybody(
    session: Session, papers: Iterable[Text], near: Collection[uuid.UUID]
) -> tuple[tuple[Text, ...], tuple[Text, ...]]:
    """The texts, in papers that name nobody, that name somebody of the vault, and those that perhaps do.

    Args:
        session: the vault.
        papers: what they say.
        near: who was there: one word of their names is enough. A volunteer is found by name, anybody else by a whole
            name; one word that is a name of anybody else may be another’s.
    """
    there = _read(papers, _sites(session))
    vault = _look_up(session, [text for _, text in there])
    people = _people(session, vault.whole | set(near))
    looked = [bearer(each) for each in people.values() if each.id in near]
    spoken = looked.copy()
    looked += [attrs.evolve(bearer(people[each]), single=frozenset()) for each in vault.whole - set(near)]
    looked += [wanted for _, wanted in volunteers(session)]
    common = frozenset(name_words().common)
    # a word of the language, or of a place, may be somebody’s name and mostly is not
    certain = [attrs.evolve(each, whole=(), single=each.single - common) for each in looked]
    sure = [
        each
        for each, text in there
        if any(mentions(text, one) >= MAYBE for one in certain)
        or any(mentions(text, one) == NAMED for one in looked)
        or any(heard(text, one) == NAMED for one in spoken)
    ]
    perhaps = [
        each
        for each, text in there
        if not vault.proper.keys().isdisjoint(text.proper)
        or any(mentions(text, one) for one in looked)
        or any(heard(text, one) for one in spoken)
    ]
    return tuple(sure), tuple(each for each in perhaps if each not in sure)


def around(session: Session, incidents: Sequence[Incident], items: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Everybody known around facts: involved, quoted, spoken of, in those items, behind their statements."""
    people = {each.person_id for incident in incidents for each in incident.involvements}
    told = [each for incident in incidents for each in incident.assertions]
    people |= {each for fact in told for each in (fact.said_by_id, fact.about_id) if each is not None}
    shown = session.scalars(select(EvidencePerson.person_id).where(EvidencePerson.evidence_id.in_(items)))
    people |= {each for each in shown if each is not None}
    statements = session.scalars(
        select(Statement)
        .outerjoin(EvidenceStatement)
        .where(
            or_(
                EvidenceStatement.evidence_id.in_(items),
                Statement.id.in_([each.statement_id for each in told if each.statement_id]),
            )
        )
        .distinct()
    )
    for statement in statements:
        people |= {statement.author_id, *_interpreters(statement)}
    return people


def _interpreters(statement: Statement) -> set[uuid.UUID]:
    return {each.interpreter_id for each in statement.versions if each.interpreter_id}


def _sites(session: Session) -> Places:
    """The names of the places people live in."""
    return Places.of((*session.scalars(select(Site.name)), *session.scalars(select(SiteName.text))))


def _read(papers: Iterable[Text], places: Places) -> list[tuple[Text, Read]]:
    """What the papers say, cut into words; what several places say is cut once."""
    known: dict[str, Read] = {}
    return [(each, known.setdefault(each.text, known.get(each.text) or read(each.text, places))) for each in papers]


@attrs.frozen
class _Vault:
    """Who of the whole vault the papers may name."""

    whole: set[uuid.UUID]
    """Whose whole name may stand in them."""
    touched: set[uuid.UUID]
    """Of whose names a word, or the initials, stand in them."""
    proper: dict[str, set[uuid.UUID]]
    """Words written as names in them, and who bears each."""


def _look_up(session: Session, papers: Sequence[Read]) -> _Vault:
    """Look every name of the vault up among the words of the papers."""
    runs: set[str] = set().union(*(each.runs for each in papers))
    proper: set[str] = set().union(*(each.proper for each in papers))
    letters: set[tuple[str, ...]] = set().union(*(each.initials for each in papers))
    particles = frozenset(name_words().particles)
    known = known_names.of_vault(session)
    whole = known.wholly(runs) | known.heard(_said_no(session), sounding(papers))
    found = _Vault(whole, known.initialled(letters), {})
    for word, ids in known.bearing(runs):
        if word not in particles:
            found.touched.update(ids)
        if word in proper:
            found.proper[word] = set(ids)
    return found


def _said_no(session: Session) -> set[uuid.UUID]:
    """Those who refused something, or took an agreement back."""
    said_no = or_(Consent.state.in_(("refuse", "retire")), Consent.withdrawn_on.is_not(None))
    return set(session.scalars(select(Consent.person_id).where(said_no).distinct()))


def _people(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Person]:
    asked = select(Person).options(selectinload(Person.names))
    known = sorted(ids)
    parts = (known[start : start + AT_ONCE] for start in range(0, len(known), AT_ONCE))
    return {each.id: each for part in parts for each in session.scalars(asked.where(Person.id.in_(part)))}


def _own_places(referral: Referral, on: dt.date) -> dict[uuid.UUID, set[tuple[str, str]]]:
    """Who is named in one place whatever they answer: who speaks for a minor there, who lends an address in it.

    Those who lent one before, or did not agree to, have no such place.
    """
    found: dict[uuid.UUID, set[tuple[str, str]]] = {}
    writing = [referral.declarant] if referral.declarant else []
    for person in (*(party.case.person for party in referral.parties), *writing):
        for each in person.representations:
            if each.representative_person_id:
                found.setdefault(each.representative_person_id, set()).add(("representation", str(each.id)))
        printed = facts.home(person, on)
        for address in person.addresses:
            if address.holder_person_id:
                places = {("address", str(address.id))} if address is printed and address.consent_on else set()
                found.setdefault(address.holder_person_id, set()).update(places)
    return found


def _heard(referral: Referral) -> Iterator[Bearer]:
    """Those who are accused under a name that was only heard: « un agent que l’on appelait « Michel » »."""
    for each in referral.accused:
        quoted = re.findall(r"[«“\"]\s*([^«»“”\"]+?)\s*[»”\"]", each.known_as)
        if quoted:
            yield Bearer.of(str(each.person_id), quoted, sex=each.person.sex)


def _shown(session: Session, incidents: Sequence[Incident], said: ReferralFacts) -> set[uuid.UUID]:
    """Whom an exhibit that goes along names: who signed a certificate, an interpreter or another who is cleared."""
    noted: dict[uuid.UUID | None, set[str]] = {}
    named: set[uuid.UUID | None] = set()
    items: dict[uuid.UUID, Evidence] = {}
    for numbered in said.numbered:
        for item in clearing.lineage(session, numbered.evidence) if not numbered.withheld else ():
            items[item.id] = item
            for each in item.people:
                noted.setdefault(each.person_id, set()).add(each.clearance)
                named |= {each.person_id} if each.appears == "named" else set()
    told = select(Statement).join(EvidenceStatement).where(EvidenceStatement.evidence_id.in_(items)).distinct()
    named |= {each for statement in session.scalars(told) for each in _interpreters(statement)}
    signed = {
        fact.said_by_id
        for incident in incidents
        for fact in incident.assertions
        if fact.evidence_id in items and _certificate(items[fact.evidence_id], fact)
    }
    free = {each for each in signed if noted.get(each, {"cleared"}) == {"cleared"}}
    free |= {each for each in named if noted.get(each) == {"cleared"}}
    return {each for each in free if each is not None}


def _certificate(item: Evidence, fact: Assertion) -> bool:
    return item.kind == "certificat" and fact.statement_id is None


WHERE = {
    "facts.paragraphs": "l’exposé",
    "facts.incident_lines": "la date et le lieu des faits",
    "assertions": "le fait rapporté n°\u00a0{}",
    "told": "les faits rapportés",
    "harms": "l’atteinte rapportée",
    "exhibits": "l’intitulé de la pièce n°\u00a0{}",
    "media": "la liste des films et des sons",
    "referral": "l’objet ou la personne mise en cause",
    "complainants": "l’identité de la personne plaignante",
    "witnesses": "la liste des témoins",
    "declarant": "qui écrit",
    "prior": "les démarches déjà faites",
    "story": "le débrief",
    "outing": "l’en-tête de la sortie",
    "places": "le lieu n°\u00a0{}",
    "hindrances": "l’entrave n°\u00a0{}",
    "sources": "la source d’images n°\u00a0{}",
    "operators": "l’exploitant n°\u00a0{}",
    "facts.line": "la date et le lieu des faits",
    "facts.subject": "l’objet",
}
"""Where a value is read, by the first steps of its path; `{}` is its number in its list."""
SAME = (
    "enclosures",
    "persons",
    "sender",
    "association",
    "authority",
    "legal",
    "words",
    "signer",
    "offences",
    "requests",
)
"""What repeats other values word for word, and what comes from tables and not from somebody's hand."""


def whole_account(referral: Referral) -> Text:
    """The account in one piece, citations taken out: a passage may run over two paragraphs."""
    return Text(WHERE["facts.paragraphs"], re.sub(r"\[\[[^\]]*\]\]", " ", referral.account))


def said_texts(said: ReferralFacts) -> Iterator[Text]:
    """Every text of the papers: what fills them, and the letters that were edited outside."""
    yield from texts(said.values)
    yield from (Text(where, text) for where, text in said.edited)


def texts(values: Values) -> Iterator[Text]:
    """Every text that fills the papers, each once."""
    seen: set[Text] = set()
    for path, number, filled in _walk(values, "", 0):
        source = filled.source if isinstance(filled.source, Source) else Source("", "", "")
        if path.split(".")[0] in SAME or source.kind in TABLES:
            continue
        known = next((WHERE[each] for each in (".".join(path.split(".")[:2]), path.split(".")[0]) if each in WHERE), "")
        where = known.format(number) if known else "une autre rubrique de la lettre"
        text = Text(where, str(filled.value), (source.kind, source.id))
        if text not in seen:
            seen.add(text)
            yield text


def _walk(node: Node, path: str, number: int) -> Iterator[tuple[str, int, Filled]]:
    """Path, number in the outermost list, and each leaf that is a text."""
    if isinstance(node, Filled):
        if isinstance(node.value, str) and node.value:
            yield path, number, node
    elif isinstance(node, Mapping):
        for name, inner in node.items():
            yield from _walk(inner, f"{path}.{name}" if path else name, number)
    else:
        for at, each in enumerate(node, start=1):
            yield from _walk(each, path, number or at)
