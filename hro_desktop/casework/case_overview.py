# SPDX-License-Identifier: GPL-3.0-or-later
"""What the page of one case shows: who, how things stand, and the lists of its tabs, as frozen plain values."""

import datetime as dt
import uuid
from typing import Final

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import (
    agenda,
    case_documents,
    cases,
    consents,
    deadlines,
    evidence,
    facts,
    fields,
    identities,
    incidents,
    overview,
    statements,
    steps,
)
from hro_desktop.casework.consents import Agreement
from hro_desktop.casework.steps import Bar
from hro_desktop.law import authorities, procedures, vocabulary
from hro_desktop.records.cases import Case, CaseGroup
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.incidents import Incident
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.records.statements import Statement
from hro_desktop.rules import grammar
from hro_desktop.rules import people as people_rules
from hro_desktop.rules.dates import PartialDate, born_clause, french_day
from hro_desktop.vault.work import Work

__all__ = [
    "MOST",
    "Head",
    "Line",
    "Standing",
    "Summary",
    "Who",
    "evidence_lines",
    "head",
    "incident_lines",
    "join_evidence",
    "statement_lines",
    "summary",
]

MOST: Final = 200
"""Lines of one list."""
_NB = "\u00a0"


@attrs.frozen(kw_only=True)
class Who:
    """Who a case is about, in words fit for a header.

    Args:
        pseudonym: what is shown first.
        name: as a letter says it, empty for somebody who gave none.
        initials: for the round.
        born: birth and age with their certainty.
        minor: that the person is, or may be, under eighteen; empty for an adult.
        nationality: only when somebody noted it.
        languages: and whether an interpreter is needed.
        reach: how to reach the person, and after a departure; when that was last done.
    """

    pseudonym: str
    name: str
    initials: str
    born: str
    minor: str
    nationality: str
    languages: str
    reach: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Head:
    """The header of a case: `follow_up` says in words whether it is followed, `counts` the lines of each tab."""

    id: uuid.UUID
    reference: str
    group: str
    person_id: uuid.UUID
    language: str
    who: Who
    agreements: tuple[Agreement, ...]
    follow_up: str
    closed: bool
    counts: dict[str, int]


@attrs.frozen(kw_only=True)
class Line:
    """One record of a list: `chip` is its kind in a word."""

    id: uuid.UUID
    table: str
    chip: str
    title: str
    detail: str = ""


@attrs.frozen(kw_only=True)
class Standing:
    """One referral of the case: its road, and what comes next, with the kind of date it is."""

    id: uuid.UUID
    reference: str
    label: str
    authority: str
    body_reference: str
    bar: Bar
    next_kind: str
    next: str


@attrs.frozen
class Summary:
    """How a case stands: its referrals and its facts."""

    standings: tuple[Standing, ...]
    incidents: tuple[Line, ...]


def head(session: Session, case_id: uuid.UUID, on: dt.date) -> Head:
    """Who the case is about, how agreements stand, how much it holds.

    Raises:
        Fault: `case.gone`.
    """
    case = cases.by_id(session, case_id)
    person = case.person
    happened = incidents.of_person(session, person.id)
    told = [each.id for each in happened]
    accounts = overview.accounts_of(session, case, told)
    items = overview.evidence_of(session, case, told, [each.id for each in accounts])
    group = session.get(CaseGroup, case.group_id) if case.group_id else None
    preferred = [each.language for each in person.languages if each.preferred]
    return Head(
        id=case.id,
        reference=case.reference,
        group=group.name if group else "",
        person_id=person.id,
        language=next(iter(preferred or [each.language for each in person.languages]), ""),
        who=_who(session, person, on),
        agreements=consents.agreements(session, person.id, on),
        follow_up=_follow_up(case),
        closed=case.closed_on is not None,
        counts={
            "incidents": len(happened),
            "statements": len(accounts),
            "evidence": len(items),
            "referrals": len(_parties(session, case)),
            "documents": case_documents.count(session, case),
        },
    )


def summary(session: Session, case_id: uuid.UUID, on: dt.date) -> Summary:
    """How every referral stands, the last one first, and the facts.

    Raises:
        Fault: `case.gone`.
    """
    case = cases.by_id(session, case_id)
    soon: dict[uuid.UUID, deadlines.Press] = {}
    for each in deadlines.of_case(session, case, on):
        if each.table == "referral":
            soon.setdefault(each.record_id, each)
    gates = {each.body: each for each in consents.agreements(session, case.person_id, on)}
    found = []
    for party, referral in _parties(session, case):
        row = procedures.procedure(referral.procedure, on)
        bar = steps.bar(referral, party, on)
        press, gate = soon.get(referral.id), gates.get(row.body)
        waits = gate is not None and gate.kind != "ok" and bar.stages[0].place == "present"
        found.append(
            Standing(
                id=referral.id,
                reference=referral.reference,
                label=row.label,
                authority=_authority(referral.authority, on),
                body_reference=party.body_reference,
                bar=bar,
                next_kind="" if waits else press.kind_label if press else "",
                next=_waiting(gate) if waits and gate else _next(press) if press else "",
            )
        )
    return Summary(tuple(found), incident_lines(session, case_id))


def incident_lines(session: Session, case_id: uuid.UUID, limit: int = MOST) -> tuple[Line, ...]:
    """The facts of a case, the last ones first."""
    case = cases.by_id(session, case_id)
    happened = sorted(incidents.of_person(session, case.person_id), key=_last, reverse=True)
    return tuple(_incident(each, case.person_id) for each in happened[:limit])


def statement_lines(session: Session, case_id: uuid.UUID, limit: int = MOST) -> tuple[Line, ...]:
    """The accounts of a case: its own, and those of witnesses of its facts."""
    case = cases.by_id(session, case_id)
    told = [each.id for each in incidents.of_person(session, case.person_id)]
    return tuple(_statement(session, each) for each in overview.accounts_of(session, case, told)[:limit])


def evidence_lines(session: Session, case_id: uuid.UUID, limit: int = MOST) -> tuple[Line, ...]:
    """The evidence that serves a case, the last deposited first."""
    case = cases.by_id(session, case_id)
    told = [each.id for each in incidents.of_person(session, case.person_id)]
    accounts = [each.id for each in overview.accounts_of(session, case, told)]
    items = sorted(overview.evidence_of(session, case, told, accounts), key=lambda each: each.id, reverse=True)
    return tuple(_item(each) for each in items[:limit])


def join_evidence(work: Work, case_id: uuid.UUID, evidence_id: uuid.UUID, *, joined: bool = True) -> None:
    """Say that an item serves a case, or that it does not after all; whatever else it is linked to stays.

    Raises:
        Fault: `record.gone`.
    """
    from hro_desktop.casework import editing  # which knows the actions of every noun

    draft: evidence.EvidenceDraft = editing.read(work.session, "evidence", evidence_id)
    others = tuple(each for each in draft.case_ids if each != case_id)
    evidence.revise(work, attrs.evolve(draft, case_ids=(*others, case_id) if joined else others))


# ---- who


def _who(session: Session, person: Person, on: dt.date) -> Who:
    name = facts.formal_name(person)
    return Who(
        pseudonym=person.pseudonym,
        name=name if name != person.pseudonym else _known_as(person),
        initials=people_rules.initials(next(iter(identities.names_of(person)), ""))
        .replace(".", "")
        .replace(" ", "")[:2],
        born=_born(person, on),
        minor=_minor(person, on),
        nationality=person.nationality,
        languages=_languages(person),
        reach=_reach(session, person, on),
    )


def _known_as(person: Person) -> str:
    """A nickname, for somebody who gave no name."""
    alias = next((each.text for each in person.names if each.text), "")
    return f"«{_NB}{alias}{_NB}»" if alias else ""


def _born(person: Person, on: dt.date) -> str:
    """« Né vers 2001 · 24 ou 25 ans »."""
    born = PartialDate.parse(person.birth or "?")
    place = ", ".join(part for part in (person.birth_place, person.birth_country) if part)
    said = born_clause(born, person.sex, person.birth_place)
    said = f"{said} ({person.birth_country})" if said and person.birth_country and person.birth_place else said
    said = said or (f"lieu de naissance{_NB}: {place}" if place else "")
    ages = born.age_on(on) if born.known else None
    age = ""
    if ages is not None:
        least, most = ages
        between = f"{least} ou {most}" if most == least + 1 else f"entre {least} et {most}"
        age = f"{least}{_NB}ans" if least == most else f"{between}{_NB}ans"
    said = " · ".join(part for part in (said, age) if part) or "date de naissance non notée"
    return said[:1].upper() + said[1:]


def _minor(person: Person, on: dt.date) -> str:
    by_birth = PartialDate.parse(person.birth or "?").is_minor_on(on)
    if by_birth or person.declared_minor:
        return "mineur·e" if by_birth else "se dit mineur·e"
    return "peut-être mineur·e" if facts.may_be_minor(person, on) else ""


def _languages(person: Person) -> str:
    ordered = sorted(person.languages, key=lambda each: not each.preferred)
    said = ", ".join(vocabulary.label("languages", each.language) for each in ordered)
    return f"{said} · interprète requis·e" if any(each.interpreter for each in ordered) else said


def _reach(session: Session, person: Person, on: dt.date) -> tuple[str, ...]:
    said = [
        f"{vocabulary.label('contact_kinds', each.kind)}{_NB}: {each.value}"
        + (f" ({each.note})" if each.note else "")
        + (", valable après un départ" if each.after_departure else "")
        for each in person.contacts
    ]
    if not said:
        said = ["aucun moyen de contact noté"]
    return (*said, agenda.last_contact(session, person, on).sentence)


def _follow_up(case: Case) -> str:
    return f"Clos le {french_day(case.closed_on)}" if case.closed_on else "Suivi actif"


# ---- referrals


def _parties(session: Session, case: Case) -> list[tuple[ReferralParty, Referral]]:
    found = session.execute(
        select(ReferralParty, Referral)
        .join(Referral, ReferralParty.referral_id == Referral.id)
        .where(ReferralParty.case_id == case.id)
        .order_by(Referral.reference.desc())
        .limit(MOST)
    )
    return [(party, referral) for party, referral in found]


def _authority(code: str, on: dt.date) -> str:
    try:
        return authorities.authority(code, on).name
    except KeyError:
        return vocabulary.label("authorities", code)


def _waiting(gate: Agreement) -> str:
    return {"?": "attend l’accord", "refusé": "accord refusé", "retiré": "accord retiré"}.get(gate.word, gate.word)


def _next(press: deadlines.Press) -> str:
    return press.title if "{" in press.title else f"{press.title}, {french_day(press.day)}"


# ---- lines


def _last(each: Incident) -> tuple[dt.date, uuid.UUID]:
    return PartialDate.parse(each.occurred or "?").latest or dt.date.min, each.id


def _incident(each: Incident, person_id: uuid.UUID) -> Line:
    mine = [part for part in each.involvements if part.person_id == person_id]
    said = [vocabulary.label("involvement_roles", part.role) for part in mine[:1]]
    said += [part.harm_note or vocabulary.label("harms", part.harm) for part in mine if part.harm or part.harm_note]
    people = len({part.person_id for part in each.involvements})
    said.append(grammar.counted(people, "personne"))
    when = facts.when_and_where(each) or "date et lieu à préciser"
    return Line(
        id=each.id,
        table="incident",
        chip=vocabulary.label("incident_kinds", each.kind),
        title=when[:1].upper() + when[1:],
        detail=" · ".join([each.reference, *said]),
    )


def _statement(session: Session, each: Statement) -> Line:
    sealed = [version for version in each.versions if version.sealed_at is not None]
    state = f"version {sealed[-1].number} figée" if sealed else "pas encore figé" if each.versions else "à écrire"
    taken = f"recueilli le {french_day(each.taken_on)}" if each.taken_on else ""
    withdrawn = f"retiré le {french_day(each.withdrawn_on)}" if each.withdrawn_on else ""
    return Line(
        id=each.id,
        table="statement",
        chip=statements.kind_label(session, each),
        title=facts.formal_name(each.author),
        detail=" · ".join(part for part in (each.reference, taken, state, withdrawn) if part),
    )


def _item(each: Evidence) -> Line:
    known = PartialDate.parse(each.taken or "?")
    when = known.french_bare() if known.known else ""
    came = f"versée le {french_day(fields.french_day(each.deposited_at))}"
    return Line(
        id=each.id,
        table="evidence",
        chip=vocabulary.label("evidence_kinds", each.kind),
        title=each.title,
        detail=" · ".join(part for part in (when, came) if part),
    )
