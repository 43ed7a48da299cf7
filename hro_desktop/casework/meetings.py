# SPDX-License-Identifier: GPL-3.0-or-later
"""What to ask, read back and sign when one person comes: from what is recorded, for each procedure being prepared.

A refusal is not asked about again. What the program proposes here is a list for whoever prepares the meeting: nothing
is stored, and the person decides.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import agenda, competence, documents, facts, party_facts, passages, statements
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.readiness import DocumentState, Reason
from hro_desktop.casework.referrals import PREPARING
from hro_desktop.law import procedures, vocabulary
from hro_desktop.law.procedures import Procedure
from hro_desktop.records.agenda import Appointment
from hro_desktop.records.cases import Case
from hro_desktop.records.evidence import EvidenceStatement
from hro_desktop.records.incidents import Incident, Involvement
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.records.statements import Statement, StatementVersion
from hro_desktop.rules import competence as competence_rules
from hro_desktop.rules import consents
from hro_desktop.rules.dates import french_day, french_time

__all__ = ["Meeting", "ToDo", "of_person", "signed"]

_NB = "\u00a0"
ALWAYS = ("collecte", "recontact")
"""Purposes every person is asked about, whatever is prepared."""
ANSWERED_ELSEWHERE = ("autorite",)
"""What a body asks for that no person can answer in a meeting."""
WORDS = {
    "consent": "accord",
    "language": "langue",
    "interpreter": "interprète",
    "contact": "contact",
    "after_departure": "contact",
    "missing": "manque",
    "link": "question",
    "passage": "à décider",
    "read_back": "à relire",
    "seal": "à figer",
    "letter": "à signer",
    "attestation": "à signer",
}
"""What each thing is, or how it stands, by its code."""
READ_ONLY = "à lire seulement"
LINKS = {
    "kinship": "lien de parenté ou d’alliance",
    "subordination": "lien de subordination",
    "interests": "collaboration ou communauté d’intérêts",
}


@attrs.frozen(kw_only=True)
class ToDo:
    """One thing to ask, read back or sign.

    Args:
        code: `consent`, `language`, `interpreter`, `contact`, `after_departure`, `missing`, `link`, `passage`,
            `read_back`, `seal`, `letter`, `attestation`.
        text: what to do, in a line.
        word: what it is, or how it stands: « accord », « manque », « à relire », « à figer », « à signer »…
        why: the text it rests on, or what it is for; may be empty.
        table: of the record to go to.
        record_id: of that record.
    """

    code: str
    text: str
    word: str
    why: str = ""
    table: str
    record_id: uuid.UUID


@attrs.frozen(kw_only=True)
class Meeting:
    """One meeting with one person, prepared.

    Args:
        who: initials, or the pseudonym.
        reference: of the case, empty without one.
        when: the next appointment in words, empty when none is planned.
        place: of it.
        language: in which language to speak, and with whom.
        contact: when the person was last reached; `silent` when that was long ago.
        ask: à demander.
        read: à relire.
        sign: à signer.
    """

    person_id: uuid.UUID
    case_id: uuid.UUID | None
    who: str
    reference: str
    appointment_id: uuid.UUID | None
    when: str
    place: str
    language: str
    contact: str
    silent: bool
    ask: tuple[ToDo, ...]
    read: tuple[ToDo, ...]
    sign: tuple[ToDo, ...]


@attrs.frozen
class _Prepared:
    """A referral being prepared, as it stands for the person."""

    referral: Referral
    procedure: Procedure
    states: tuple[DocumentState, ...]


def of_person(desk: Desk, person_id: uuid.UUID, appointment_id: uuid.UUID | None = None) -> Meeting:
    """What a meeting with somebody should ask, read back and sign today: that meeting, or the next one."""
    on = desk.today()
    with desk.read() as session:
        person = session.get_one(Person, person_id)
        case = session.scalars(select(Case).where(Case.person_id == person_id).order_by(Case.id.desc())).first()
        planned = session.get(Appointment, appointment_id) if appointment_id else None
        planned = planned or next(iter(agenda.appointments(session, person_id, on, 1)), None)
        prepared = list(_prepared(session, desk, person))
        own, last = _statements(session, person_id), agenda.last_contact(session, person, on)
        return Meeting(
            person_id=person_id,
            case_id=case.id if case else None,
            who=facts.initials(person),
            reference=case.reference if case else "",
            appointment_id=planned.id if planned else None,
            when=_when(planned),
            place=_place(planned),
            language=_language(session, person, planned),
            contact=last.sentence,
            silent=last.silent,
            ask=tuple(dict.fromkeys(_ask(session, person, case, planned, prepared=prepared, on=on))),
            read=tuple(_read(own)),
            sign=tuple(_sign(session, own, prepared)),
        )


def _prepared(session: Session, desk: Desk, person: Person) -> Iterator[_Prepared]:
    """The referrals being prepared in which somebody is a party, with the states that are that person's."""
    found = session.execute(
        select(Referral, ReferralParty)
        .join(ReferralParty, ReferralParty.referral_id == Referral.id)
        .join(Case, ReferralParty.case_id == Case.id)
        .where(Case.person_id == person.id, ReferralParty.status.in_(PREPARING))
        .order_by(Referral.id)
    ).all()
    for referral, party in found:
        situation = documents.situation(session, desk, referral)
        place = [each.id for each in referral.parties].index(party.id)
        each = len(situation.states) // len(referral.parties)
        mine = situation.states[place * each : (place + 1) * each]
        yield _Prepared(referral, procedures.procedure(referral.procedure, desk.today()), mine)


def _statements(session: Session, person_id: uuid.UUID) -> Sequence[Statement]:
    return session.scalars(
        select(Statement)
        .where(Statement.author_id == person_id, Statement.withdrawn_on.is_(None))
        .order_by(Statement.reference)
    ).all()


# ---- the meeting itself


def _when(planned: Appointment | None) -> str:
    if planned is None:
        return ""
    at = french_time(planned.time_from)
    purpose = vocabulary.label("appointment_purposes", planned.purpose)
    return ", ".join(part for part in (f"le {french_day(planned.planned_on)}", at) if part) + f"{_NB}: {purpose}"


def _place(planned: Appointment | None) -> str:
    if planned is None:
        return ""
    kind = vocabulary.label("appointment_places", planned.place_kind) if planned.place_kind else ""
    return ", ".join(part for part in (kind, planned.place) if part)


def _language(session: Session, person: Person, planned: Appointment | None) -> str:
    """« tigrinya, interprète R. G. », « arabe, interprète à trouver », or nothing."""
    tongue = next((each for each in person.languages if each.preferred), next(iter(person.languages), None))
    interpreter = session.get(Person, planned.interpreter_id) if planned and planned.interpreter_id else None
    if tongue is None:
        return ""
    with_whom = f"interprète {facts.initials(interpreter)}" if interpreter else ""
    if tongue.interpreter and interpreter is None:
        with_whom = "interprète à trouver"
    return ", ".join(part for part in (vocabulary.label("languages", tongue.language), with_whom) if part)


# ---- to ask


def _ask(
    session: Session,
    person: Person,
    case: Case | None,
    planned: Appointment | None,
    *,
    prepared: Sequence[_Prepared],
    on: dt.date,
) -> Iterator[ToDo]:
    yield from _how_to_speak(person, planned)
    yield from _agreements(session, person, case, prepared=prepared, on=on)
    yield from _how_to_reach(person)
    for each in prepared:
        yield from _missing(each)
    yield from _about_words(session, person)


def _how_to_speak(person: Person, planned: Appointment | None) -> Iterator[ToDo]:
    if not person.languages:
        yield _todo("language", "Dans quelle langue parler, et s’il faut un·e interprète", "", "person", person.id)
    elif any(each.interpreter for each in person.languages) and not (planned and planned.interpreter_id):
        tongue = next(each.language for each in person.languages if each.interpreter)
        text = f"Trouver un·e interprète avant le rendez-vous{_NB}: {vocabulary.label('languages', tongue)}"
        yield _todo("interpreter", text, "", "person", person.id)


def _agreements(
    session: Session, person: Person, case: Case | None, *, prepared: Sequence[_Prepared], on: dt.date
) -> Iterator[ToDo]:
    """Agreements nobody recorded, per purpose and body: a refusal or a withdrawal is an answer."""
    answers = party_facts.consents_of(session, person)
    wanted = [(purpose, "", "agreement") for purpose in ALWAYS]
    rows = [each.procedure for each in prepared] + list(_proposed(session, person, case, on))
    wanted += [(row.consent_purpose, row.body, row.consent_rule) for row in rows]
    wanted += [("sante", each.procedure.body, "agreement") for each in prepared if _shows_health(each)]
    for purpose, body, rule in dict.fromkeys(wanted):
        gate = consents.gate(answers, purpose, body, on, rule="agreement" if rule == "agreement" else "non_opposition")
        if gate.state != "missing":
            continue
        own = vocabulary.term("consent_purposes", purpose).group == body  # the purpose says it already
        to = "" if own else f" ({vocabulary.label('bodies', body)})"
        word = "Accord pour" if rule == "agreement" else "Information et non-opposition pour"
        why = "RGPD art. 6, 7 et 9" if rule == "agreement" else "Loi organique 2011-333 art. 8"
        text = f"{word}{_NB}: {vocabulary.label('consent_purposes', purpose)}{to}"
        yield _todo("consent", text, why, "person", person.id)


def _shows_health(prepared: _Prepared) -> bool:
    return any(reason.code.startswith("health_") for state in prepared.states for reason in state.reasons)


def _proposed(session: Session, person: Person, case: Case | None, on: dt.date) -> Iterator[Procedure]:
    """Procedures of the bodies that may be proposed for what happened to the person."""
    if case is None:
        return
    happened = session.scalars(
        select(Incident)
        .join(Involvement)
        .where(Involvement.person_id == person.id, Involvement.role.in_(("plaignant", "victime")))
        .distinct()
        .order_by(Incident.id)
    ).all()
    codes = dict.fromkeys(
        proposal.body.procedure
        for incident in happened
        for proposal in competence_rules.proposals(competence.situation(session, case, incident, on), on)
        if proposal.state == "propose" and proposal.body.procedure
    )
    yield from (procedures.procedure(code, on) for code in codes)


def _how_to_reach(person: Person) -> Iterator[ToDo]:
    if not person.contacts:
        yield _todo("contact", "Un moyen de contact", "", "person", person.id)
    if not any(each.after_departure for each in person.contacts):
        text = "Un moyen de contact qui reste valable après un départ de France"
        yield _todo("after_departure", text, "une procédure dure souvent des années", "person", person.id)


def _missing(prepared: _Prepared) -> Iterator[ToDo]:
    """What the body of one procedure asks for and the person can answer."""
    needs = {
        need.code: need
        for need in prepared.procedure.requirements
        if need.about not in ANSWERED_ELSEWHERE and need.level != "inform"
    }
    found: dict[str, Reason] = {}
    for state in prepared.states:
        for reason in state.reasons:
            if reason.code in needs:
                found.setdefault(reason.code, reason)
    for code, reason in found.items():
        text = f"{prepared.procedure.label}{_NB}: {needs[code].label[:1].lower()}{needs[code].label[1:]}"
        yield _todo("missing", text, reason.source, "referral", prepared.referral.id)


def _about_words(session: Session, person: Person) -> Iterator[ToDo]:
    """Links of a witness with the parties, and passages whose author has not decided."""
    for statement in _statements(session, person.id):
        if statement.kind == "attestation":
            unknown = [words for name, words in LINKS.items() if getattr(statement, name) is None]
            if unknown:
                text = f"Attestation {statement.reference}{_NB}: {', '.join(unknown)}, oui ou non"
                yield _todo("link", text, "CPC art. 202", "statement", statement.id)
        undecided = len(passages.pending(session, statement.id))
        if undecided:
            plural = "s" if undecided > 1 else ""
            text = f"{statement.reference}{_NB}: {undecided} passage{plural} à garder ou à masquer"
            yield _todo("passage", text, "", "statement", statement.id)


# ---- to read back


def _read(own: Sequence[Statement]) -> Iterator[ToDo]:
    """Last versions that were not read back, or were and are still open."""
    for statement in own:
        version = _open(statement)
        if version is None:
            continue
        named = f"{vocabulary.label('statement_kinds', statement.kind)} {statement.reference}, version {version.number}"
        named = f"{named[:1].upper()}{named[1:]}"
        if version.read_back_on is None:
            tongue = vocabulary.label("languages", version.language)
            text = f"{named}{_NB}: à relire en {tongue}, puis à figer"
            yield _todo("read_back", text, "", "statement", statement.id)
        else:
            text = f"{named}{_NB}: relue le {french_day(version.read_back_on)}, à figer"
            yield _todo("seal", text, "", "statement", statement.id)


def _open(statement: Statement) -> StatementVersion | None:
    """The last version, while it is open and says something."""
    version = statement.versions[-1] if statement.versions else None
    if version is None or version.sealed_at or not (version.french_text.strip() or version.original_text.strip()):
        return None
    return version


# ---- to sign


def _sign(session: Session, own: Sequence[Statement], prepared: Sequence[_Prepared]) -> Iterator[ToDo]:
    for each in prepared:
        if any(reason.code == "signature_missing" for state in each.states for reason in state.reasons):
            worst = next((state for state in each.states if state.blocked or state.waiting), None)
            after = f" ({worst.label}{_NB}: à lire seulement)" if worst else ""
            todo = _todo("letter", f"{each.procedure.label}{after}", "", "referral", each.referral.id)
            yield attrs.evolve(todo, word=READ_ONLY) if worst else todo
    for statement in own:
        version = statements.current(statement)
        if statement.kind == "attestation" and version and version.sealed_at and not signed(session, statement):
            text = f"Attestation {statement.reference}{_NB}: phrase, date et signature à la main"
            yield _todo("attestation", text, "CPC art. 202", "statement", statement.id)


def signed(session: Session, statement: Statement) -> bool:
    """Whether the signed scan of a statement is in the vault."""
    found = session.scalars(
        select(EvidenceStatement.evidence_id)
        .where(EvidenceStatement.statement_id == statement.id, EvidenceStatement.role == "signed")
        .limit(1)
    ).first()
    return found is not None


def _todo(code: str, text: str, why: str, table: str, record_id: uuid.UUID) -> ToDo:
    return ToDo(code=code, text=text, word=WORDS[code], why=why, table=table, record_id=record_id)
