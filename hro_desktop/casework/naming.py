# SPDX-License-Identifier: GPL-3.0-or-later
"""Names in what a referral says: nobody who refused, was not asked, or must be reduced is named by typed words.

Every value that fills the papers is read, whoever wrote it, against every spelling of the name of everybody known
around the facts, and of everybody in the vault who refused that body.
"""

import datetime as dt
import re
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import attrs
from sqlalchemy import literal, or_, select
from sqlalchemy.orm import Session

from forms.values import Filled, Node, Values
from hro_desktop.casework import clearing, facts, identities, party_facts
from hro_desktop.casework.referral_facts import ReferralFacts
from hro_desktop.law import procedures
from hro_desktop.records.consents import Consent
from hro_desktop.records.evidence import EvidencePerson, EvidenceStatement
from hro_desktop.records.incidents import Incident
from hro_desktop.records.people import Person, PersonName
from hro_desktop.records.referrals import Referral
from hro_desktop.records.statements import Statement
from hro_desktop.rules import consents
from hro_desktop.rules import exceptions as exception_rules
from hro_desktop.rules.exceptions import ReducedIdentity
from hro_desktop.rules.findings import Finding
from hro_desktop.rules.naming import NAMED, Bearer, Read, mentions, read, words_of

__all__ = ["Text", "around", "bearer", "review", "said_texts", "texts", "whole_account"]

SAID_NO = ("refused", "withdrawn")
BODY_LAW = "RGPD art. 6 et 9"


@attrs.frozen
class Text:
    """One text of the papers, and where a person finds it: « l’exposé », « l’intitulé de la pièce n° 3 »."""

    where: str
    text: str


def review(
    session: Session,
    referral: Referral,
    said: ReferralFacts,
    reduced: Mapping[uuid.UUID, ReducedIdentity],
    on: dt.date,
) -> Iterator[Finding]:
    """Whom the papers name against their answer, or without one: each person once, with all the places.

    Args:
        session: the vault.
        referral: what leaves.
        said: all that fills its papers.
        reduced: complainants in it by an exception only.
        on: the day.
    """
    row = procedures.procedure(referral.procedure, on)
    incidents = [session.get_one(Incident, link.incident_id) for link in referral.incidents]
    parties = {party.case.person_id for party in referral.parties}
    asked = _Asked(session, row, on)
    there = [(each, read(each.text)) for each in said_texts(said)]
    tied = around(session, incidents, said)
    known = {each: asked.state(session.get_one(Person, each)) for each in tied}
    for each in _refusers(session, {word for _, text in there for word in text.folded}) - tied:
        state = asked.state(session.get_one(Person, each))
        if state == "refused":  # what they refused elsewhere is nobody's matter here
            known[each] = state
    may = {each for each in tied if known[each] == "open"} | parties | _said_anyway(referral)
    named = [bearer(session.get_one(Person, each)) for each in may - set(reduced)]
    others = {word for each in named for word in each.single}
    namesakes = [name for each in named for name in each.whole]
    for person_id in sorted((set(known) | set(reduced)) - (may - set(reduced))):
        person = session.get_one(Person, person_id)
        sure, maybe = _places(there, person, others, namesakes, tied=person_id in tied or person_id in reduced)
        if person_id in reduced:
            if sure or maybe:
                yield _to_reduce(person, reduced[person_id], [*sure, *maybe])
        elif sure:
            yield _named(person, known[person_id], sure)
        elif maybe:
            yield _perhaps(person, maybe)


def around(session: Session, incidents: Sequence[Incident], said: ReferralFacts) -> set[uuid.UUID]:
    """Everybody known around the facts: involved, quoted, spoken of, in the exhibits, behind their statements."""
    people = {each.person_id for incident in incidents for each in incident.involvements}
    told = [each for incident in incidents for each in incident.assertions]
    people |= {each for fact in told for each in (fact.said_by_id, fact.about_id) if each is not None}
    items = [each.id for numbered in said.numbered for each in clearing.lineage(session, numbered.evidence)]
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
        people |= {statement.author_id, *(each.interpreter_id for each in statement.versions if each.interpreter_id)}
    return people


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
    given = set(words_of(person.given_names)) | {word for each in person.names for word in words_of(each.text)}
    return Bearer.of(str(person.id), [*identities.names_of(person), *short], given - family)


class _Asked:
    """What people answered about one body."""

    def __init__(self, session: Session, row: procedures.Procedure, on: dt.date) -> None:
        self.session, self.row, self.on = session, row, on

    def state(self, person: Person) -> str:
        """`open`, `refused`, or `unasked`: a refusal to complain there counts, unless they agreed to bear witness."""
        answers = party_facts.consents_of(self.session, person)
        witness = consents.gate(answers, "temoignage", self.row.body, self.on)
        if witness.open:
            return "open"
        own = consents.gate(answers, self.row.consent_purpose, self.row.body, self.on)
        return "refused" if witness.state in SAID_NO or own.state in SAID_NO else "unasked"


def _refusers(session: Session, words: Collection[str]) -> set[uuid.UUID]:
    """Those of the whole vault who said no to something, and of whose name a word stands in the papers."""
    said_no = select(Consent.person_id).where(or_(Consent.state == "refuse", Consent.withdrawn_on.is_not(None)))
    spelled = session.execute(
        select(Person.id, Person.given_names, Person.birth_name, Person.usual_name, Person.original_name)
        .where(Person.id.in_(said_no))
        .union_all(
            select(PersonName.person_id, PersonName.text, literal(""), literal(""), literal("")).where(
                PersonName.person_id.in_(said_no)
            )
        )
    )
    return {person_id for person_id, *names in spelled if not set(words).isdisjoint(words_of(" ".join(names)))}


def _said_anyway(referral: Referral) -> set[uuid.UUID]:
    """Who is named whatever they answer: the accused, who speaks for a minor, who lends an address."""
    people = {each.person_id for each in referral.accused}
    for party in referral.parties:
        person = party.case.person
        people |= {each.representative_person_id for each in person.representations if each.representative_person_id}
        people |= {each.holder_person_id for each in person.addresses if each.holder_person_id and each.consent_on}
    return people


def _places(
    there: Iterable[tuple[Text, Read]],
    person: Person,
    others: Collection[str],
    namesakes: Sequence[tuple[str, ...]],
    *,
    tied: bool,
) -> tuple[list[str], list[str]]:
    """Where somebody is named for certain, and where perhaps.

    The given name alone of somebody tied to nothing here is, as likely, that of another.
    """
    wanted = bearer(person)
    family = wanted if tied else attrs.evolve(wanted, single=wanted.single - wanted.given)
    sure, maybe = [], []
    for each, words in there:
        if mentions(words, family, others, namesakes) == NAMED:
            sure.append(each.where)
        elif mentions(words, wanted, others, namesakes):
            maybe.append(each.where)
    return list(dict.fromkeys(sure)), list(dict.fromkeys(maybe))


def _to_reduce(person: Person, identity: ReducedIdentity, places: Sequence[str]) -> Finding:
    return Finding(
        "identity_in_account",
        "block",
        f"Le nom de {facts.formal_name(person)}, dont l’identité doit être réduite, se lit dans\u00a0: "
        f"{', '.join(places)}. Écrivez «\u00a0{identity.name}\u00a0».",
        exception_rules.SOURCE,
        str(person.id),
    )


def _named(person: Person, state: str, places: Sequence[str]) -> Finding:
    who, where = facts.formal_name(person), ", ".join(places)
    if state == "refused":
        sentence = f"{who} a refusé, et son nom se lit dans\u00a0: {where}. Réécrivez-le."
        return Finding("refused_named", "block", sentence, BODY_LAW, str(person.id))
    sentence = f"{who} n’a pas donné son accord pour cet organisme, et son nom se lit dans\u00a0: {where}. Relisez-le."
    return Finding("witness_named", "wait", sentence, BODY_LAW, str(person.id))


def _perhaps(person: Person, places: Sequence[str]) -> Finding:
    sentence = (
        f"Un mot qui est aussi un nom de {facts.formal_name(person)}, qui n’a pas donné son accord, se lit dans\u00a0: "
        f"{', '.join(places)}. Vérifiez que ce n’est pas elle ou lui."
    )
    return Finding("name_perhaps", "warn", sentence, BODY_LAW, str(person.id))


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
    seen: set[tuple[str, str]] = set()
    for path, number, text in _walk(values, "", 0):
        if path.split(".")[0] in SAME:
            continue
        known = next((WHERE[each] for each in (".".join(path.split(".")[:2]), path.split(".")[0]) if each in WHERE), "")
        where = known.format(number) if known else "une autre rubrique de la lettre"
        if (where, text) not in seen:
            seen.add((where, text))
            yield Text(where, text)


def _walk(node: Node, path: str, number: int) -> Iterator[tuple[str, int, str]]:
    """Path, number in the outermost list, and text of each leaf."""
    if isinstance(node, Filled):
        if isinstance(node.value, str) and node.value:
            yield path, number, node.value
    elif isinstance(node, Mapping):
        for name, inner in node.items():
            yield from _walk(inner, f"{path}.{name}" if path else name, number)
    else:
        for at, each in enumerate(node, start=1):
            yield from _walk(each, path, number or at)
