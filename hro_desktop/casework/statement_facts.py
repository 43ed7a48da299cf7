# SPDX-License-Identifier: GPL-3.0-or-later
"""What a statement publishes to the attestation: its author, the links of CPC 202, the account."""

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.values import Values
from hro_desktop.casework import directory, facts, party_facts, passages, statements
from hro_desktop.law import vocabulary
from hro_desktop.records.incidents import Incident
from hro_desktop.records.people import Address, Person
from hro_desktop.records.statements import Statement, StatementIncident, StatementVersion
from hro_desktop.rules import consents, grammar
from hro_desktop.rules.dates import PartialDate, french_day
from hro_desktop.rules.statements import EVERY_BODY, AttestationFacts

__all__ = ["attestation_facts", "language_note", "of_statement", "read_back"]


def of_statement(
    session: Session,
    statement: Statement,
    on: dt.date,
    *,
    practice: bool,
    handwriting: bool = False,
    newest: bool = False,
) -> Values:
    """All paths a form about one statement may read that day: `witness`, `links`, `account`, `incident`, `association`.

    `newest`: the version somebody writes, to be looked at; a paper that is made uses the last one that is sealed. With
    `handwriting` the facts are still to be written by the author: nothing says how they were told or read back.
    """
    person = statement.author
    version = statement.versions[-1] if newest and statement.versions else statements.current(statement)
    incidents = session.scalars(
        select(Incident)
        .join(StatementIncident)
        .where(StatementIncident.statement_id == statement.id)
        .order_by(Incident.id)
    ).all()
    # Where, and nothing more: what happened and when are for the witness to say.
    towns = list(dict.fromkeys(filter(None, (facts.commune_name(incident) for incident in incidents))))
    summary = f"Faits survenus à {' et à '.join(towns)}" if towns else ""
    return {
        "witness": {**facts.identity(person), **_address(session, statement, on), "words": _words(person)},
        "links": {
            name: facts.taken(statement, name, getattr(statement, name))
            for link in ("kinship", "subordination", "interests")
            for name in (link, f"{link}_detail")
        },
        "account": _account(session, statement, version, handwriting=handwriting),
        "incident": {"summary_line": facts.taken(incidents[0] if incidents else None, "occurred", summary)},
        "association": facts.association(session),
        "statement": {
            "reference": facts.taken(statement, "reference", statement.reference),
            "taken_on": facts.taken(statement, "taken_on", statement.taken_on),
        },
        "practice": facts.taken(statement, "practice", practice),
    }


def read_back(session: Session, statement: Statement, *, practice: bool) -> Values:
    """The last version of an account, to be read to whoever said it: nothing is masked."""
    version = statement.versions[-1]
    french = version.french_text or (version.original_text if version.language == "fr" else "")
    original = version.original_text if version.language != "fr" else ""
    return {
        "witness": facts.identity(statement.author),
        "statement": {
            "reference": facts.taken(statement, "reference", statement.reference),
            "number": facts.taken(version, "number", str(version.number)),
            "taken_on": facts.taken(statement, "taken_on", statement.taken_on),
        },
        "account": {
            "text": facts.taken(version, "french_text", french),
            "original_text": facts.taken(version, "original_text", original),
            "language_note": facts.taken(version, "language", language_note(session, version)),
        },
        "practice": facts.taken(statement, "practice", practice),
    }


def _words(person: Person) -> Values:
    return {name: facts.taken(person, "sex", word) for name, word in grammar.witness_words(person.sex).items()}


def _address(session: Session, statement: Statement, on: dt.date) -> dict[str, Any]:
    """The address to print: the one chosen for this statement, else the association's; « chez » whoever lends it.

    One that was chosen and may not be written leaves nothing in its place.
    """
    chosen = session.get(Address, statement.address_id) if statement.address_id else None
    if chosen is not None and not party_facts.may_declare(session, chosen, on):
        return dict(facts.postal(None))
    lender = facts.host_of(session, chosen) if chosen else directory.association(session)
    where = facts.printed(session, chosen) if chosen else lender
    printed = facts.postal(where)
    if lender is not None and where is not None:
        at = f"chez {lender.name}"
        printed["street"] = facts.taken(lender, "lines", ", ".join([at, *where.lines.splitlines()]))
        printed["address_lines"] = (*facts.lines(lender, "name", [at]), *printed["address_lines"])  # type: ignore[misc]
    return dict(printed)


def _account(session: Session, statement: Statement, version: StatementVersion | None, *, handwriting: bool) -> Values:
    """The words of the person with their decisions applied, their language, and how they were read back."""
    if version is None:
        return {
            name: facts.taken(None, name, None)
            for name in ("text", "original_text", "language_note", "read_back_note", "sealed_on")
        }
    own, other = (
        passages.text_to_send(session, statement, version, part).text or "" for part in ("original_text", "french_text")
    )
    french = other or (own if version.language == "fr" else "")
    original = own if version.language != "fr" else ""
    told, read_back = ("", "") if handwriting else (language_note(session, version), _read_back_note(version))
    return {
        "text": facts.taken(version, "french_text", french),
        "original_text": facts.taken(version, "original_text", original),
        "language_note": facts.taken(version, "language", told),
        "read_back_note": facts.taken(version, "read_back_on", read_back),
        "sealed_on": facts.taken(version, "sealed_at", version.sealed_at.date() if version.sealed_at else None),
    }


def language_note(session: Session, version: StatementVersion) -> str:
    """« Récit fait en arabe, avec l’aide de Mme B. (interprète, par téléphone) », or nothing for French."""
    if version.language == "fr":
        return ""
    language = vocabulary.label("languages", version.language)
    interpreter = session.get(Person, version.interpreter_id) if version.interpreter_id else None
    if interpreter is None:
        return f"Récit fait en {language}."
    how = ""
    if version.interpreter_mode not in ("", "aucun"):
        how = f", {vocabulary.label('interpreter_modes', version.interpreter_mode)}"
    return f"Récit fait en {language}, avec l’aide de {facts.formal_name(interpreter)} (interprète{how})."


def _read_back_note(version: StatementVersion) -> str:
    """« Relu en arabe le 14 octobre 2026. », or nothing when nobody noted it."""
    if version.read_back_on is None:
        return ""
    tongue = version.read_back_language or version.language
    return f"Relu en {vocabulary.label('languages', tongue)} le {french_day(version.read_back_on)}."


def attestation_facts(session: Session, statement: Statement, on: dt.date, *, handwriting: bool) -> AttestationFacts:
    """What the rules of art. 202 CPC need to know of a statement on the day its paper is made."""
    person = statement.author
    version = statements.current(statement)
    printed = _address(session, statement, on)
    return AttestationFacts(
        on=on,
        author_is_complainant=statements.complains(session, statement),
        kind=statement.kind,
        born=PartialDate.parse(person.birth or "?"),
        declared_minor=person.declared_minor,
        identity={
            "nom": person.birth_name or person.usual_name,
            "prénoms": person.given_names,
            "date de naissance": person.birth,
            "lieu de naissance": person.birth_place or person.birth_country,
            "profession": person.profession,
            "demeure": "x" if printed["address_lines"] else "",
        },
        kinship=statement.kinship,
        kinship_detail=statement.kinship_detail,
        subordination=statement.subordination,
        subordination_detail=statement.subordination_detail,
        interests=statement.interests,
        interests_detail=statement.interests_detail,
        in_association=bool(person.association_role),
        language=version.language if version else "fr",
        original_text=version.original_text if version else "",
        french_text=(version.french_text or version.original_text) if version else "",
        interpreter=bool(version and version.interpreter_id),
        read_back=bool(version and version.read_back_on),
        handwritten=handwriting,
        identity_document=statement.identity_evidence_id is not None,
        withdrawn=statement.withdrawn_on is not None,
        author=facts.formal_name(person),
        refused=_opposed(session, person, on, "refused"),
        taken_back=_opposed(session, person, on, "withdrawn"),
    )


def _opposed(session: Session, person: Person, on: dt.date, state: consents.State) -> tuple[str, ...]:
    """Bodies that somebody does not want a testimony given to, as shown."""
    answers = party_facts.consents_of(session, person)
    bodies = vocabulary.terms("bodies")
    found = tuple(term.label for term in bodies if consents.gate(answers, "temoignage", term.code, on).state == state)
    return EVERY_BODY if len(found) == len(bodies) else found
