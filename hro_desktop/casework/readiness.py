# SPDX-License-Identifier: GPL-3.0-or-later
"""Ce qui peut partir: the state of each document of a referral for each complainant, with its reasons."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence

import attrs
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from forms.problems import Problem
from hro_desktop.casework import (
    clearing,
    concerned,
    departures,
    facts,
    identities,
    naming,
    party_facts,
    passages,
    referrals,
    requirements,
    statements,
    told_facts,
)
from hro_desktop.casework.referral_facts import ReferralFacts
from hro_desktop.law import procedures, vocabulary
from hro_desktop.law.profiles import Profile
from hro_desktop.records.evidence import EvidenceStatement
from hro_desktop.records.incidents import Incident
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.records.statements import Statement, StatementIncident
from hro_desktop.rules import consents, readiness
from hro_desktop.rules.findings import Finding, Level
from hro_desktop.rules.passages import repeated, retold

__all__ = ["LEVELS", "DocumentState", "Reason", "of_handing", "of_referral"]

ONLINE = "en_ligne"
LEVELS = {"block": "Bloque", "wait": "Attend", "sign": "À signer", "warn": "À voir", "inform": "À savoir"}


@attrs.frozen
class Reason:
    """One reason of a state: `label` is the weight in a word, `source` the text it rests on."""

    code: str
    label: str
    sentence: str
    source: str
    subject: str


@attrs.frozen
class DocumentState:
    """The state of one document for one person, `alone` without the others of it: codes of `readiness_states`."""

    document: str
    person: str
    state: str
    label: str
    reasons: tuple[Reason, ...]
    alone: str

    @property
    def blocked(self) -> bool:
        """Whether nothing may be made final from it."""
        return self.state == "bloque"

    @property
    def waiting(self) -> bool:
        """Whether it can only be a draft."""
        return self.state == "attend"

    def as_json(self) -> dict[str, object]:
        """For scripts."""
        return attrs.asdict(self, filter=lambda each, _: each.name != "alone")


def of_referral(
    session: Session,
    referral: Referral,
    said: ReferralFacts,
    form_problems: Sequence[Problem],
    on: dt.date,
    *,
    titles: Mapping[str, str],
) -> tuple[DocumentState, ...]:
    """The letter (which each complainant signs) and the exhibits (which nobody signs), party by party."""
    known = [session.get_one(Incident, link.incident_id) for link in referral.incidents]
    procedure = procedures.procedure(referral.procedure, on)
    refused, unasked = _witnesses(session, referral, said, known, on)
    reduced = identities.reduced(session, referral, on)
    common = [
        *said.findings,
        *_form(form_problems),
        *_address(said, procedure),
        *_named(referral),
        *_voice(referral, procedure),
        *_factless(referral),
        *unasked,
    ]
    withdrawn, broken = _withdrawn(session, said, known), _broken_seals(session, said)
    appearing = _appearing(session, referral, said, reduced, on)
    hidden = [
        *identities.remarks(referral, reduced),
        *_repeated(session, referral, said, known, on),
        *concerned.left_of_others(session, referral, said, known, on),
        *_typed_names(naming.review(session, referral, said, reduced, naming.of_body(procedure, on)), unasked),
    ]
    found = []
    for party in referral.parties:
        person = party.case.person
        situation = requirements.Situation(
            session, referral, person, known, [each.evidence for each in said.numbered], on
        )
        codes = requirements.not_met(situation, [need.code for need in procedure.requirements])
        asked = [*readiness.unmet(procedure, codes), *_inspection(session, referral, person, on)]
        if person.id not in reduced:
            asked += party_facts.address_unagreed(session, referral, person, on)
        body = readiness.Facts(
            consent=identities.gate(session, referral, person, on),
            consent_blocks=procedure.consent_rule == "agreement",
            withdrawn=withdrawn,
            refused=refused,
            broken_seals=broken,
            others=[*appearing, *_answered(session, referral, said, person, on, reduced=person.id in reduced)],
        )
        whole = attrs.evolve(body, others=[*body.others, *hidden, *common, *asked])
        for paper in procedure.documents:
            theirs = paper.signed_by == "parties" and referral.declared_as == "personnes"
            signed = _signed(party) if theirs else None
            found.append(_part(titles[paper.form], person, attrs.evolve(whole, signed=signed)))
        found.append(_part("Bordereau et pièces", person, body))
    return _states(found)


def _answered(
    session: Session, referral: Referral, said: ReferralFacts, person: Person, on: dt.date, *, reduced: bool
) -> Iterable[Finding]:
    """What one complainant's answers prevent, or leave to be said, besides the agreement itself."""
    procedure = procedures.procedure(referral.procedure, on)
    known = [session.get_one(Incident, link.incident_id) for link in referral.incidents]
    gate = identities.gate(session, referral, person, on)
    health = consents.gate(party_facts.consents_of(session, person), "sante", procedure.body, on)
    excepted = reduced and gate.open
    yield from _health(session, person, said, known, health, unasked="warn" if excepted else "wait")
    if gate.state in ("refused", "withdrawn"):
        yield from concerned.left(session, person)
    yield from identities.passed_over(session, referral, person, on)
    collected = consents.gate(party_facts.consents_of(session, person), "collecte", "", on)
    if not (collected.open or excepted):
        sentence = f"{facts.formal_name(person)}\u00a0: {collected.reason} Voyez avec la personne ce qui est gardé."
        yield Finding("collection_unagreed", "warn", sentence, "RGPD art. 6, 7 et 9", str(person.id))
    yield from _undated(session, procedure, person, on)


def of_handing(
    session: Session, referral: Referral, said: ReferralFacts, profile: Profile, on: dt.date
) -> tuple[DocumentState, ...]:
    """Whether everybody agreed that somebody else than the authority gets the file, a lawyer for one."""
    if not profile.recipient:
        return ()
    asked = tuple(_handed(session, referral, said, profile, on))
    theirs = naming.Answers(lambda known: _handed_state(known, profile, on), on, profile.recipient)
    named = naming.review(session, referral, said, identities.reduced(session, referral, on), theirs)
    others = (*asked, *_typed_names(named, asked))
    found = []
    for person in (party.case.person for party in referral.parties):
        answers = party_facts.consents_of(session, person)
        gate = consents.gate(answers, profile.consent_purpose, profile.consent_body, on)
        left = concerned.left(session, person) if gate.state in ("refused", "withdrawn") else ()
        facts_known = readiness.Facts(consent=gate, others=(*others, *left))
        found.append(_part(f"Remise à {profile.recipient}", person, facts_known))
    return _states(found)


def _handed(
    session: Session, referral: Referral, said: ReferralFacts, profile: Profile, on: dt.date
) -> Iterable[Finding]:
    """What witnesses and people in the exhibits answered for whoever gets the file.

    An answer given for the authority does not stand for this one, no more than a complainant's does. Who refused
    blocks; who was not asked waits only, as before the authority.
    """
    known = [session.get_one(Incident, link.incident_id) for link in referral.incidents]
    parties = {party.case.person_id for party in referral.parties}
    speaking = _speakers(session, referral, said, known) - parties
    named = concerned.speakers(session, referral, said.numbered, on) | {_writer(referral)}
    for person_id in sorted(speaking):
        person = session.get_one(Person, person_id)
        state = _handed_state(party_facts.consents_of(session, person), profile, on)
        who = facts.formal_name(person)
        if state == "refused":
            sentence = f"{who} a refusé, ou n’accepte plus, que son témoignage soit remis à {profile.recipient}."
            yield Finding("handing_refused", "block", sentence, "RGPD art. 6 et 9", str(person_id))
            yield from concerned.left(session, person, by_name=True)
        elif state == "unasked" and person_id in named:
            sentence = (
                f"L’accord de {who} pour que son témoignage soit remis à {profile.recipient} n’est pas enregistré."
            )
            yield Finding("handing_unasked", "wait", sentence, "RGPD art. 6 et 9", str(person_id))
    going = [(each.number, each.evidence) for each in said.numbered if not each.withheld]
    for each in clearing.review(session, going, parties, profile.consent_body, on):
        if each.code == "third_party_refused":
            yield each
        elif each.code in ("third_party", "undeclared_interpreter"):
            yield attrs.evolve(each, level="wait", sentence=f"{each.sentence} À demander pour {profile.recipient}.")


def _handed_state(answers: Sequence[consents.Consent], profile: Profile, on: dt.date) -> str:
    """What somebody answered for whoever gets the file, as a witness or for the whole: one refusal is enough.

    `open`, `refused` or `unasked`.
    """
    purposes = ("temoignage", profile.consent_purpose)
    states = {consents.gate(answers, purpose, profile.consent_body, on).state for purpose in purposes}
    if states & {"refused", "withdrawn"}:
        return "refused"
    return "open" if "granted" in states else "unasked"


def _part(document: str, person: Person, known: readiness.Facts) -> readiness.Part:
    return readiness.Part(document, readiness.Subject(str(person.id), facts.formal_name(person)), person.sex, known)


def _states(parts: Sequence[readiness.Part]) -> tuple[DocumentState, ...]:
    return tuple(_state(part, readiness.assess(each)) for part, each in zip(parts, readiness.joint(parts), strict=True))


def _state(part: readiness.Part, found: readiness.Readiness) -> DocumentState:
    reasons = tuple(Reason(e.code, LEVELS[e.level], e.sentence, e.source, e.subject) for e in found.findings)
    label = vocabulary.label("readiness_states", found.state)
    alone = readiness.assess(part.facts).state
    return DocumentState(part.document, part.person.label, found.state, label, reasons, alone)


def _signed(party: ReferralParty) -> bool:
    return party.signed_on is not None and party.signed_evidence_id is not None


def _form(problems: Iterable[Problem]) -> Iterable[Finding]:
    """What the paper lacks: what its form requires makes it wait, the rest is to be seen."""
    for problem in problems:
        label = str(problem.facts.get("label", problem.field))
        if problem.code == "missing":
            level: Level = "wait" if problem.severity == "block" else "warn"
            yield Finding("field_missing", level, f"Rubrique vide\u00a0: {label}.", subject=problem.field)
        elif problem.severity != "info":
            yield Finding(
                f"field_{problem.code}", "warn", f"À relire dans la lettre\u00a0: {label}.", subject=problem.field
            )


def _address(said: ReferralFacts, procedure: procedures.Procedure) -> Iterable[Finding]:
    """An address nobody checked; a body that is only seized online has none to check."""
    from forms.values import leaf

    if procedure.channels == (ONLINE,):
        return
    verified = leaf(said.values, "authority.verified")
    names = [leaf(said.values, f"authority.{part}") for part in ("name", "title")]
    if not (verified and verified.value):
        yield readiness.unverified_address(str(next((name.value for name in names if name and name.value), "")))


def _joined_statements(session: Session, said: ReferralFacts) -> Sequence[Statement]:
    """Statements whose scans are among the exhibits."""
    items = [each.id for one in said.numbered for each in clearing.lineage(session, one.evidence)]
    return session.scalars(
        select(Statement).join(EvidenceStatement).where(EvidenceStatement.evidence_id.in_(items)).distinct()
    ).all()


def _rested_on(session: Session, said: ReferralFacts, incidents: Sequence[Incident]) -> list[Statement]:
    """Statements whose scans are joined, and those its facts are taken from."""
    cited = {each.statement_id for incident in incidents for each in incident.assertions if each.statement_id}
    joined = {each.id for each in _joined_statements(session, said)}
    return [session.get_one(Statement, each) for each in sorted(cited | joined)]


def _withdrawn(session: Session, said: ReferralFacts, incidents: Sequence[Incident]) -> list[readiness.Subject]:
    return [
        readiness.Subject(str(each.id), f"{facts.formal_name(each.author)} ({each.reference})")
        for each in _rested_on(session, said, incidents)
        if each.withdrawn_on is not None
    ]


def _broken_seals(session: Session, said: ReferralFacts) -> list[readiness.Subject]:
    return [
        readiness.Subject(str(version.id), f"{each.reference}, version {version.number}")
        for each in _joined_statements(session, said)
        for version in each.versions
        if version.sealed_at is not None and statements.content_hash(version) != version.sha256
    ]


def _witnesses(
    session: Session, referral: Referral, said: ReferralFacts, incidents: Sequence[Incident], on: dt.date
) -> tuple[list[readiness.Subject], list[Finding]]:
    """Authors of joined statements and people quoted: those who refused block, those not asked are to be asked."""
    parties = {party.case.person_id for party in referral.parties}
    speakers = _speakers(session, referral, said, incidents)
    body = procedures.procedure(referral.procedure, on).body
    refused: list[readiness.Subject] = []
    unasked: list[Finding] = []
    for person_id in sorted(speakers - parties):
        person = session.get_one(Person, person_id)
        gate = consents.gate(party_facts.consents_of(session, person), "temoignage", body, on)
        who = facts.formal_name(person)
        if gate.state in ("refused", "withdrawn"):
            refused.append(readiness.Subject(str(person_id), who))
        elif not gate.open:
            sentence = f"L’accord de {who} pour que son témoignage soit remis à l’autorité n’est pas enregistré."
            # a complaint names its witnesses, and a report the witness who makes it
            named = body == party_facts.NAMES_ITS_WITNESSES or person_id == _writer(referral)
            level: Level = "wait" if named else "warn"
            unasked.append(Finding("witness_unasked", level, sentence, "RGPD art. 6 et 9", str(person_id)))
    return refused, unasked


def _speakers(
    session: Session, referral: Referral, said: ReferralFacts, incidents: Sequence[Incident]
) -> set[uuid.UUID]:
    """Authors of joined statements, people quoted, and the witness who writes."""
    speakers = {each.author_id for each in _joined_statements(session, said)}
    speakers |= {one for each in incidents for told in each.assertions for one in told_facts.speakers(session, told)}
    writer = _writer(referral)
    return speakers | {writer} if writer else speakers


def _writer(referral: Referral) -> uuid.UUID | None:
    """The witness who makes a report in their own name."""
    return referral.declarant_id if referral.declared_as == "temoin" else None


def _typed_names(named: Iterable[Finding], unasked: Sequence[Finding]) -> Iterable[Finding]:
    """Those whom the papers name, without those said to be unasked already."""
    said = {each.subject for each in unasked if each.level == "wait"}
    return (each for each in named if each.code != "witness_named" or each.subject not in said)


def _named(referral: Referral) -> Iterable[Finding]:
    if referral.accused:
        yield Finding(
            "named_person",
            "warn",
            "Une personne est dénommée\u00a0: l’accusation doit reposer sur ce que chacun a vu ou lu, "
            "une dénonciation mensongère est un délit.",
            "Code pénal art. 226-10",
        )


def _voice(referral: Referral, procedure: procedures.Procedure) -> Iterable[Finding]:
    """A complaint is its author's: whoever is no victim reports facts, and does not complain for somebody."""
    if referral.declared_as not in referrals.writers(procedure):
        sentence = (
            "Une plainte est écrite et signée par la personne qui se plaint\u00a0: une association ou un témoin "
            "signale des faits, et ne porte pas plainte à sa place. Choisissez-la dans «\u00a0Qui écrit\u00a0»."
        )
        yield Finding("complaint_voice", "block", sentence, "CPP art. 15-3 et 85\u00a0; fiches F1435 et F1524")


def _factless(referral: Referral) -> Iterable[Finding]:
    """A referral about nothing recorded: its day, its place and what was reported would be left blank."""
    if not referral.incidents:
        yield Finding(
            "facts_missing",
            "wait",
            "Aucun fait n’est rattaché à cette saisine\u00a0: choisissez les faits dont elle parle.",
        )


def _inspection(session: Session, referral: Referral, person: Person, on: dt.date) -> Iterable[Finding]:
    """Somebody refused a report to an inspection, and the letter asks that the inquiry be given to it."""
    asked = {"inspection_police": "igpn", "inspection_gendarmerie": "iggn"}
    answers = party_facts.consents_of(session, person)
    for request, body in asked.items():
        state = consents.gate(answers, f"saisine_{body}", body, on).state
        if request in referral.requests and state in ("refused", "withdrawn"):
            yield Finding(
                "inspection_refused",
                "warn",
                f"La lettre demande que l’enquête soit confiée à l’{body.upper()}, dont cette personne a refusé la "
                "saisine\u00a0: relisez cette demande avec elle.",
            )


def _appearing(
    session: Session, referral: Referral, said: ReferralFacts, reduced: Collection[uuid.UUID], on: dt.date
) -> tuple[Finding, ...]:
    """Whether everybody in the exhibits that go along is cleared or masked.

    A complainant is covered by the agreement to the referral, not by an exception to it.
    """
    parties = {party.case.person_id for party in referral.parties} - set(reduced)
    going = [(each.number, each.evidence) for each in said.numbered if not each.withheld]
    body = procedures.procedure(referral.procedure, on).body
    return clearing.review(session, going, parties, body, on, excepted=reduced)


def _about(
    session: Session, referral: Referral, said: ReferralFacts, incidents: Sequence[Incident]
) -> Sequence[Statement]:
    """Every statement a text of the referral may have been written from: joined, cited, of these facts or cases."""
    told = select(StatementIncident.statement_id).where(
        StatementIncident.incident_id.in_([each.id for each in incidents])
    )
    cases = [party.case_id for party in referral.parties]
    rested = [each.id for each in _rested_on(session, said, incidents)]
    wanted = or_(Statement.id.in_(rested), Statement.id.in_(told), Statement.case_id.in_(cases))
    return session.scalars(select(Statement).where(wanted).order_by(Statement.reference)).all()


def _repeated(
    session: Session, referral: Referral, said: ReferralFacts, incidents: Sequence[Incident], on: dt.date
) -> Iterable[Finding]:
    """What the papers repeat, wherever they do, of statements about a referral: words that may not leave.

    Dangerous passages; whole sentences of testimonies that were withdrawn or refused. A letter that was edited outside
    says them otherwise than word for word: it does not leave while there is one.
    """
    told = _about(session, referral, said, incidents)
    there = [*naming.said_texts(said), naming.whole_account(referral)]
    for statement in told:
        marked = passages.to_hide(session, statement)
        for each in there if marked else ():
            yield from repeated(each.text, marked, f"{each.where[:1].upper()}{each.where[1:]}", statement.reference)
    parties = {party.case.person_id for party in referral.parties}
    body = procedures.procedure(referral.procedure, on).body
    refused = party_facts.opposed(session, {each.author_id for each in told}, parties, body, on)
    gone = [each for each in told if each.withdrawn_on is not None or each.author_id in refused]
    for statement in gone:
        words = "\n".join(f"{each.original_text}\n{each.french_text}" for each in statement.versions)
        for each in there:
            yield from retold(each.text, words, f"{each.where[:1].upper()}{each.where[1:]}", statement.reference)
    yield from _in_edited(session, said, incidents, gone)


def _in_edited(
    session: Session, said: ReferralFacts, incidents: Sequence[Incident], gone: Sequence[Statement]
) -> Iterable[Finding]:
    """That a letter edited outside may repeat testimonies it rests on, which were withdrawn or refused."""
    rested = {each.id for each in _rested_on(session, said, incidents)} if said.edited and gone else set()
    for statement in gone:
        if statement.id in rested:
            sentence = (
                f"{statement.reference} a été retiré ou refusé, et la lettre modifiée hors du programme peut le "
                "reprendre\u00a0: mettez cette version de côté, ou modifiez-la de nouveau puis ôtez ce récit des faits."
            )
            yield Finding("testimony_repeated", "block", sentence, "RGPD art. 7 § 3", str(statement.id))


def _health(
    session: Session,
    person: Person,
    said: ReferralFacts,
    incidents: Sequence[Incident],
    gate: consents.Gate,
    *,
    unasked: Level,
) -> Iterable[Finding]:
    """A certificate or an injury is data about health: it leaves only with the person's agreement to that.

    Nobody can be asked who is there by an exception: that is said, and does not stop the Défenseur des droits.
    """
    shown = [each for each in said.numbered if each.evidence.kind == "certificat" and not each.withheld]
    papers = [
        each
        for each in shown
        if person.id in {one.person_id for one in each.evidence.people}
        or clearing.belongs(session, each.evidence, person.id)
    ]
    told = [
        each
        for incident in incidents
        for each in incident.assertions
        if each.about_id == person.id and each.kind in ("blessure", "itt")
    ]
    if gate.open or not (papers or told):
        return
    level: Level = "block" if gate.state in ("refused", "withdrawn") else unasked
    what = f"pièce n°\u00a0{papers[0].number}" if papers else "une blessure ou une ITT rapportée"
    yield Finding(f"health_{gate.state}", level, f"{gate.reason} L’envoi en contient ({what}).", "RGPD art. 9")


def _undated(session: Session, procedure: procedures.Procedure, person: Person, on: dt.date) -> Iterable[Finding]:
    """An agreement without its day: the letter that says it cannot say when, and it is hard to prove."""
    given = departures.agreement(
        session, person.id, procedure.consent_purpose, procedure.body, on, rule=procedure.consent_rule
    )
    if given is not None and given.given_on is None:
        what = vocabulary.label("consent_purposes", given.purpose)
        sentence = (
            f"Le jour où {facts.formal_name(person)} a répondu («\u00a0{what}\u00a0») n’est pas noté\u00a0: notez-le."
        )
        yield Finding("consent_undated", "warn", sentence, "RGPD art. 7 § 1", str(given.id))
