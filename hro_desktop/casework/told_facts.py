# SPDX-License-Identifier: GPL-3.0-or-later
"""The sourced sentences of a referral: who said what, in which paper, and the exhibit it can be checked in."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.values import Values
from hro_desktop.casework import facts, party_facts
from hro_desktop.law import vocabulary
from hro_desktop.law.tables import fold
from hro_desktop.records.evidence import Evidence, EvidenceStatement
from hro_desktop.records.incidents import Assertion, Incident, Involvement
from hro_desktop.records.people import Person
from hro_desktop.records.statements import Statement, StatementIncident
from hro_desktop.rules import exhibits as exhibit_rules
from hro_desktop.rules import incidents
from hro_desktop.rules.dates import PartialDate
from hro_desktop.rules.findings import Finding

__all__ = ["Told", "all_harms", "assertions", "harms", "speakers", "taken_back", "told"]

SOURCES = {"recit": "recit", "attestation": "attestation", "declaration": "declaration"}
IMAGES = {"photo": "photo", "video": "video", "son": "son", "certificat": "certificat"}
LABELS: Mapping[str, Callable[[str], str]] = {"force": facts.force_label, "camera": facts.camera_label}
"""What the value of an assertion is called, when it may be a code."""
WITNESS = "une personne témoin"
SOMEBODY = "une autre personne"
NO_HARM = "aucune"
OWN_ACCOUNTS = ("recit", "declaration")


@attrs.frozen
class Told:
    """What can be written of the facts, by id of the assertion or of the involvement, and what is wrong with the rest.

    Args:
        sentences: with citations resolved to numbers.
        resolved: the same as the rule on citations gave them, for its review.
    """

    sentences: Mapping[uuid.UUID, str]
    resolved: tuple[exhibit_rules.Resolved, ...]
    findings: tuple[Finding, ...]


def told(
    session: Session,
    happened: Sequence[Incident],
    parties: Sequence[Person],
    numbers: Mapping[str, int],
    *,
    unnamed: Collection[uuid.UUID] = (),
    unsaid: Collection[uuid.UUID] = (),
) -> Told:
    """The sentence of each assertion, and of each harm a complainant reports, that can be written.

    Those of `unnamed` are quoted and spoken of without their name; the assertions of `unsaid` are not written.
    """
    written: dict[uuid.UUID, str] = {}
    findings: list[Finding] = []
    complaining = {person.id for person in parties}
    for incident in happened:
        rows = [
            (each.id, incidents.tell(_plain(session, each, numbers, unnamed)))
            for each in incident.assertions
            if each.id not in unsaid
        ]
        rows += [
            (each.id, incidents.tell_harm(_harm(session, incident, each, numbers)))
            for each in incident.involvements
            if (each.harm_note or _harm_label(each)) and each.person_id in complaining
        ]
        for record_id, said in rows:
            findings += said.findings
            if said.sentence:
                written[record_id] = said.sentence
    resolved = [exhibit_rules.resolve(text, numbers) for text in written.values()]
    texts = {key: each.text for key, each in zip(written, resolved, strict=True)}
    return Told(texts, tuple(resolved), tuple(findings))


def taken_back(
    session: Session, happened: Sequence[Incident], parties: Sequence[Person], body: str, on: dt.date
) -> set[uuid.UUID]:
    """Assertions that no paper may write, a draft neither: their author withdrew them or refused that the body hears.

    What a doctor wrote in a certificate is no testimony.
    """
    known = [each for incident in happened for each in incident.assertions]
    said = {each.id: speakers(session, each) for each in known}
    parted = {person.id for person in parties}
    refused = party_facts.opposed(session, {one for each in said.values() for one in each}, parted, body, on)
    gone = _withdrawn(session, known)
    return {each.id for each in known if each.id in gone or said[each.id] & refused}


def speakers(session: Session, assertion: Assertion) -> set[uuid.UUID]:
    """Who says so, and the author of the statement it is taken from; nobody of a certificate: a doctor speaks by it."""
    item = session.get(Evidence, assertion.evidence_id) if assertion.evidence_id else None
    statement = _statement(session, assertion, item)
    if statement is None and item is not None and item.kind == "certificat":
        return set()
    return {each for each in (assertion.said_by_id, statement.author_id if statement else None) if each is not None}


def _statement(session: Session, assertion: Assertion, item: Evidence | None) -> Statement | None:
    """The statement it is taken from, or whose signed paper it is read in."""
    if assertion.statement_id is not None or item is None or item.kind not in SOURCES:
        return session.get(Statement, assertion.statement_id) if assertion.statement_id else None
    signed = (
        select(Statement)
        .join(EvidenceStatement)
        .where(EvidenceStatement.evidence_id == item.id, EvidenceStatement.role == "signed")
    )
    return session.scalars(signed.order_by(Statement.reference)).first()


def _withdrawn(session: Session, known: Iterable[Assertion]) -> set[uuid.UUID]:
    """Those taken from a statement that was withdrawn, or read in an item that holds one."""
    told = {each.id: (each.statement_id, each.evidence_id) for each in known}
    gone = Statement.withdrawn_on.is_not(None)
    cited = select(Statement.id).where(gone, Statement.id.in_({one for one, _ in told.values() if one}))
    held = (
        select(EvidenceStatement.evidence_id)
        .join(Statement)
        .where(gone, EvidenceStatement.evidence_id.in_({item for _, item in told.values() if item}))
    )
    lost: set[uuid.UUID | None] = {*session.scalars(cited), *session.scalars(held)}
    return {each for each, sources in told.items() if lost & set(sources)}


def assertions(happened: Sequence[Incident], parties: Sequence[Person], said: Told) -> Iterable[Values]:
    """What is reported of the forces and the place."""
    for incident in happened:
        for each in incident.assertions:
            if each.id in said.sentences and not _is_harm(each, parties):
                yield {"sentence": facts.taken(each, "value", said.sentences[each.id])}


def all_harms(people: Iterable[Person], happened: Sequence[Incident], said: Told) -> Iterator[Values]:
    """What each complainant suffered, for those of whom something is told: nothing stands over nothing."""
    found = (harms(person, happened, said) for person in people)
    yield from (each for each in found if each["sentences"])


def harms(person: Person, happened: Sequence[Incident], said: Told) -> Values:
    """What one complainant suffered: in their own words, then sentence by sentence, each with its source."""
    own = [
        {"sentence": facts.taken(each, "harm_note", said.sentences[each.id])}
        for incident in happened
        for each in incident.involvements
        if each.person_id == person.id and each.id in said.sentences
    ]
    others = [
        {"sentence": facts.taken(each, "value", said.sentences[each.id])}
        for incident in happened
        for each in incident.assertions
        if each.about_id == person.id and each.id in said.sentences and _is_harm(each, [person])
    ]
    return {"name": facts.taken(person, "given_names", facts.formal_name(person)), "sentences": (*own, *others)}


def _harm_label(each: Involvement) -> str:
    """« biens détruits », or nothing where no harm is noted."""
    return vocabulary.label("harms", each.harm) if each.harm and each.harm != NO_HARM else ""


def _harm(session: Session, incident: Incident, each: Involvement, numbers: Mapping[str, int]) -> incidents.Assertion:
    """What somebody suffered, with their own account of that incident as its source when those words stand in it.

    A kind of harm without a word is the association's: no account can be said to hold it.
    """
    accounts = session.scalars(
        select(Statement)
        .join(StatementIncident)
        .where(
            StatementIncident.incident_id == incident.id,
            Statement.author_id == each.person_id,
            Statement.kind.in_(OWN_ACCOUNTS),
            Statement.withdrawn_on.is_(None),
        )
        .order_by(Statement.reference)
    )
    account = next((told for told in accounts if each.harm_note and _says(told, each.harm_note)), None)
    support = _scan(session, account, numbers)
    return incidents.Assertion(
        kind="autre",
        source=SOURCES[account.kind] if account else "",
        value=each.harm_note,
        detail=_harm_label(each),
        said_by=facts.formal_name(each.person),
        said_on=PartialDate.on(account.taken_on) if account and account.taken_on else None,
        citation=exhibit_rules.citation(support) if support else "",
        id=str(each.id),
    )


def _says(statement: Statement, note: str) -> bool:
    """Whether every word of a note that means something stands in a statement."""
    told = {word for each in statement.versions for word in fold(f"{each.french_text} {each.original_text}").split()}
    return {word for word in fold(note).split() if len(word) > 3} <= told


def _plain(
    session: Session, assertion: Assertion, numbers: Mapping[str, int], unnamed: Collection[uuid.UUID]
) -> incidents.Assertion:
    """An assertion as the rule reads it: who, in what, when, and the exhibit it can be checked in."""
    speaker = session.get(Person, assertion.said_by_id) if assertion.said_by_id else None
    about = session.get(Person, assertion.about_id) if assertion.about_id else None
    item = session.get(Evidence, assertion.evidence_id) if assertion.evidence_id else None
    statement = _statement(session, assertion, item)
    heard_from = None
    if statement is not None and speaker is not statement.author:
        # a paper is its author's: what somebody else says in it was heard from them
        speaker, heard_from = statement.author, speaker
    # The paper bears its own day, whenever the words in it were said.
    said_on = (statement.taken_on if statement else None) or assertion.said_on
    when = PartialDate.on(said_on) if said_on else PartialDate.parse(item.taken or "?") if item else None
    support = str(item.id) if item and str(item.id) in numbers else _scan(session, statement, numbers)
    return incidents.Assertion(
        kind=assertion.kind,
        source=_source(statement, item),
        value=LABELS.get(assertion.kind, str)(assertion.value),
        status=assertion.status,
        detail=assertion.detail,
        said_by=_called(speaker, WITNESS, unnamed),
        heard_from=_called(heard_from, SOMEBODY, unnamed),
        said_on=when,
        about=_called(about, SOMEBODY, unnamed),
        citation=exhibit_rules.citation(support) if support else "",
        id=str(assertion.id),
    )


def _called(person: Person | None, otherwise: str, unnamed: Collection[uuid.UUID]) -> str:
    """Somebody's name, or what stands for it where the name may not be known."""
    if person is None:
        return ""
    return otherwise if person.id in unnamed else facts.formal_name(person)


def _scan(session: Session, statement: Statement | None, numbers: Mapping[str, int]) -> str:
    """The signed scan of a statement, when it is among the exhibits."""
    if statement is None:
        return ""
    found = session.scalars(
        select(EvidenceStatement.evidence_id).where(
            EvidenceStatement.statement_id == statement.id, EvidenceStatement.role == "signed"
        )
    )
    return next((str(each) for each in found if str(each) in numbers), "")


def _source(statement: Statement | None, item: Evidence | None) -> str:
    if statement is not None:
        return SOURCES[statement.kind]
    return IMAGES.get(item.kind, SOURCES.get(item.kind, "")) if item is not None else ""


def _is_harm(assertion: Assertion, parties: Sequence[Person]) -> bool:
    """What befell a complainant stands with that complainant, the rest with the forces present."""
    kinds = ("blessure", "itt", "coups", "autre")
    return assertion.kind in kinds and assertion.about_id in {person.id for person in parties}
