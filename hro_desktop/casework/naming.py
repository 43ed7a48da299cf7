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
from hro_desktop.casework import clearing, facts, identities, known_names, party_facts
from hro_desktop.casework.referral_facts import ReferralFacts
from hro_desktop.law.names import name_words
from hro_desktop.law.procedures import Procedure
from hro_desktop.records.consents import Consent
from hro_desktop.records.evidence import Evidence, EvidencePerson, EvidenceStatement
from hro_desktop.records.incidents import Assertion, Incident
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.records.statements import Statement
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.rules import consents
from hro_desktop.rules import exceptions as exception_rules
from hro_desktop.rules.exceptions import ReducedIdentity
from hro_desktop.rules.findings import Finding
from hro_desktop.rules.naming import (
    ALIKE,
    MAYBE,
    NAMED,
    SHARED,
    Bearer,
    Others,
    Read,
    mentions,
    read,
    words_of,
)

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
BODY_LAW = "RGPD art. 6 et 9"
AT_ONCE = 500  # ids in one question to the base
TABLES = ("authorities", "cameras")
"""Sources that are tables of law, and nobody's hand."""


@attrs.frozen
class Text:
    """One text of the papers, and where a person finds it: « l’exposé », « l’intitulé de la pièce n° 3 ».

    `record` is what it was read from: table and id; empty when somebody typed it for this paper.
    """

    where: str
    text: str
    record: tuple[str, str] = ("", "")


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
    there = _read([*said_texts(said), whole_account(referral)])
    own = _own_places(session, referral, answers.on)
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
        case = _Case(people[person_id], states[person_id], near=person_id in near, reduced=reduced.get(person_id))
        elsewhere = [each for each in there if each[0].record not in own.get(person_id, ())]
        places = _places(elsewhere, case, others if case.near or case.strict else wider, free)
        yield from _findings(case, places, answers.recipient)
    told = near | vault.whole | free | {each for each in looked if states[each] == "refused"}
    known = frozenset(others.sexes).union(*(bearer(people[each]).single for each in told))
    yield from _strangers(there, {word for word, ids in vault.proper.items() if word not in known and not ids <= told})


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
    there = _read(papers)
    vault = _look_up(session, [text for _, text in there])
    people = _people(session, vault.whole | set(near))
    looked = [
        bearer(each) if each.id in near else attrs.evolve(bearer(each), single=frozenset()) for each in people.values()
    ]
    for volunteer in session.scalars(select(Volunteer)):
        looked.append(Bearer.of(str(volunteer.id), [re.sub(r"\([^)]*\)", "", volunteer.name)]))
    sure = [each for each, text in there if any(mentions(text, one) for one in looked)]
    perhaps = [each for each, text in there if not vault.proper.keys().isdisjoint(text.proper)]
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


def bearer(person: Person) -> Bearer:
    """Somebody's name in every spelling, ready to be looked for."""
    first = next(iter(person.given_names.split()), "")
    short = [
        name
        for family in (person.birth_name, person.usual_name)
        for given in (first, person.given_names)
        if family and given
        for name in (f"{given} {family}", f"{family} {given}")
    ]
    family = {word for name in (person.birth_name, person.usual_name) for word in words_of(name)}
    # a nickname is one word; the second word of another spelling is no given name
    given = set(words_of(person.given_names)) | {word for each in person.names for word in words_of(each.text)[:1]}
    return Bearer.of(str(person.id), [*identities.names_of(person), *short], given - family, person.sex)


def _read(papers: Iterable[Text]) -> list[tuple[Text, Read]]:
    """What the papers say, cut into words; what several places say is cut once."""
    known: dict[str, Read] = {}
    return [(each, known.setdefault(each.text, known.get(each.text) or read(each.text))) for each in papers]


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
    found = _Vault(known.wholly(runs), known.initialled(letters), {})
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


def _own_places(session: Session, referral: Referral, on: dt.date) -> dict[uuid.UUID, set[tuple[str, str]]]:
    """Who is named in one place whatever they answer: who speaks for a minor there, who lends an address in it.

    Those who lent one before, or did not agree to, have no such place.
    """
    found: dict[uuid.UUID, set[tuple[str, str]]] = {}
    writing = [referral.declarant] if referral.declarant else []
    for person in (*(party.case.person for party in referral.parties), *writing):
        for each in person.representations:
            if each.representative_person_id:
                found.setdefault(each.representative_person_id, set()).add(("representation", str(each.id)))
        printed = party_facts.home(session, person, on).address
        for address in person.addresses:
            if address.holder_person_id:
                places = {("address", str(address.id))} if address is printed else set()
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


@attrs.frozen
class _Case:
    """Somebody whose name is looked for, and why."""

    person: Person
    state: str
    near: bool = attrs.field(kw_only=True)
    """Tied to the facts or to the referral."""
    reduced: ReducedIdentity | None = attrs.field(kw_only=True)

    @property
    def strict(self) -> bool:
        """Whether two initials of theirs are worth a look."""
        return self.reduced is not None or self.state == "refused"

    def mentioned(self, text: Read, wanted: Bearer, others: Others) -> int:
        """How surely a text names them. Of somebody tied to nothing here, a given name alone is as likely another’s."""
        if self.near or wanted.runs.isdisjoint(text.runs):
            return mentions(text, wanted, others, initials=self.strict)
        if self.strict:
            sure = mentions(text, attrs.evolve(wanted, single=wanted.single - wanted.given), others, initials=True)
            return sure if sure in (NAMED, ALIKE) else min(mentions(text, wanted, others), MAYBE)
        if mentions(text, attrs.evolve(wanted, whole=wanted.full, single=frozenset()), others) == NAMED:
            return NAMED
        return MAYBE if mentions(text, wanted, others) == NAMED else 0


def _places(
    there: Iterable[tuple[Text, Read]], case: _Case, others: Others, free: Collection[uuid.UUID]
) -> dict[int, list[str]]:
    """Where somebody is named, by how surely."""
    theirs = {("person", str(each)) for each in free}
    wanted = bearer(case.person)
    found: dict[int, list[str]] = {}
    for each, text in there:
        surely = case.mentioned(text, wanted, others)
        # in what the record of somebody else says of them, their name is their own
        if surely and not (surely in (ALIKE, SHARED) and each.record in theirs):
            found.setdefault(surely, []).append(each.where)
    return {surely: list(dict.fromkeys(places)) for surely, places in found.items()}


def _findings(case: _Case, places: Mapping[int, list[str]], recipient: str) -> Iterator[Finding]:
    """What is said of one person: the gravest only."""
    who, subject = facts.formal_name(case.person), str(case.person.id)
    named, shared, maybe, alike = (", ".join(places.get(each, ())) for each in (NAMED, SHARED, MAYBE, ALIKE))
    if case.reduced and (named or maybe):
        where = ", ".join(dict.fromkeys((*places.get(NAMED, ()), *places.get(MAYBE, ()))))
        sentence = (
            f"Le nom de {who}, dont l’identité doit être réduite, se lit dans\u00a0: {where}. "
            f"Écrivez «\u00a0{case.reduced.name}\u00a0»."
        )
        yield Finding("identity_in_account", "block", sentence, exception_rules.SOURCE, subject)
    elif named and case.state == "refused":
        sentence = (
            f"{who} a refusé, et son nom se lit dans\u00a0: {named}. Réécrivez-le\u00a0; si c’est quelqu’un d’autre "
            "qui porte ce nom, notez cette autre personne et son accord."
        )
        yield Finding("refused_named", "block", sentence, BODY_LAW, subject)
    elif named:
        ends = f"n’a pas donné son accord pour {recipient}, et son nom se lit"
        sentence = f"{who} {ends} dans\u00a0: {named}. Relisez-le."
        if not case.near:
            sentence = (
                f"{who}, que le coffre connaît hors de ces faits, {ends} en entier dans\u00a0: {named}. Retirez-le, ou "
                "notez sa réponse."
            )
        yield Finding("witness_named", "wait", sentence, BODY_LAW, subject)
    elif shared and case.strict:
        sentence = (
            f"Un nom que {who} porte aussi, sans accord pour {recipient}, suit «\u00a0M.\u00a0» ou «\u00a0Mme\u00a0» "
            f"dans\u00a0: {shared}. Écrivez le prénom de la personne dont il s’agit."
        )
        yield Finding("name_shared", "wait", sentence, BODY_LAW, subject)
    elif maybe or alike:
        what = "Un mot qui est aussi un nom" if maybe else "Un nom ou des initiales qui sont aussi ceux"
        sentence = (
            f"{what} de {who}, qui n’a pas donné son accord, se {'lit' if maybe else 'lisent'} dans\u00a0: "
            f"{maybe or alike}. Vérifiez que ce n’est pas elle ou lui."
        )
        yield Finding("name_perhaps", "warn", sentence, BODY_LAW, subject)


def _strangers(there: Iterable[tuple[Text, Read]], words: Collection[str]) -> Iterator[Finding]:
    """Words that are names of people of the vault tied to nothing here: said once, and without saying whose."""
    found = [(each.where, text.proper[word]) for each, text in there for word in text.proper if word in words]
    if found:
        names, places = (dict.fromkeys(each) for each in ([shown for _, shown in found], [where for where, _ in found]))
        quoted = ", ".join(f"«\u00a0{each}\u00a0»" for each in names)
        sentence = (
            f"Des personnes du coffre, hors de ces faits et sans accord noté ici, portent un de ces noms\u00a0: "
            f"{quoted}, dans\u00a0: {', '.join(places)}. Vérifiez que ce n’est aucune d’elles."
        )
        yield Finding("name_perhaps", "warn", sentence, BODY_LAW)


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
