# SPDX-License-Identifier: GPL-3.0-or-later
"""Choosing a record to point at: what a few letters may mean, and what a record is called."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hro_desktop.casework import facts
from hro_desktop.law import vocabulary
from hro_desktop.records.cases import Case, CaseGroup
from hro_desktop.records.directory import Organisation
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.incidents import Incident
from hro_desktop.records.observation import Operation
from hro_desktop.records.outings import Outing
from hro_desktop.records.people import Address, Person, PersonName
from hro_desktop.records.referrals import Referral
from hro_desktop.records.sites import Site, SiteName
from hro_desktop.records.statements import Statement
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.rules.dates import french_day

__all__ = ["Option", "captions", "knows", "options"]

MOST = 8


@attrs.frozen
class Option:
    """One record that can be chosen: its name, and what tells it from its namesakes."""

    id: uuid.UUID
    title: str
    detail: str


@attrs.frozen
class _Noun:
    """How records of a noun are found and called: each word typed must stand in one of the columns."""

    record: type[Any]
    columns: tuple[Any, ...]
    shown: Callable[[Any], tuple[str, str]]
    joins: tuple[Any, ...] = ()


def _person(each: Person) -> tuple[str, str]:
    return facts.formal_name(each), each.pseudonym


def _case(each: Case) -> tuple[str, str]:
    return f"{each.reference} — {facts.formal_name(each.person)}", ""


def _incident(each: Incident) -> tuple[str, str]:
    return f"{each.reference} — {facts.when_and_where(each)}", vocabulary.label("incident_kinds", each.kind)


def _statement(each: Statement) -> tuple[str, str]:
    kind = vocabulary.label("statement_kinds", each.kind)
    return f"{each.reference} — {facts.formal_name(each.author)}", kind


def _evidence(each: Evidence) -> tuple[str, str]:
    return each.title, vocabulary.label("evidence_kinds", each.kind)


def _operation(each: Operation) -> tuple[str, str]:
    day = french_day(each.occurred_on) if each.occurred_on else "jour inconnu"
    return f"Opération du {day}", vocabulary.label("territories", each.territory) if each.territory else ""


def _outing(each: Outing) -> tuple[str, str]:
    return f"{each.reference} — sortie du {french_day(each.occurred_on)}", vocabulary.label(
        "territories", each.territory
    )


def _address(each: Address) -> tuple[str, str]:
    return ", ".join(filter(None, (each.lines, each.postcode, each.town))), each.kind


_NAMES = (Person.given_names, Person.birth_name, Person.usual_name, Person.original_name, Person.pseudonym)
_NOUNS: Mapping[str, _Noun] = {
    "person": _Noun(Person, (*_NAMES, PersonName.text), _person, (PersonName,)),
    "case": _Noun(Case, (Case.reference, *_NAMES), _case, (Person,)),
    "group": _Noun(CaseGroup, (CaseGroup.name,), lambda each: (each.name, "")),
    "site": _Noun(Site, (Site.name, SiteName.text), lambda each: (each.name, ""), (SiteName,)),
    "outing": _Noun(Outing, (Outing.reference, Outing.territory), _outing),
    "operation": _Noun(Operation, (Operation.note, Operation.territory), _operation),
    "incident": _Noun(
        Incident, (Incident.reference, Incident.title, Incident.place, Incident.occurred, Site.name), _incident, (Site,)
    ),
    "statement": _Noun(Statement, (Statement.reference, *_NAMES), _statement, (Person,)),
    "evidence": _Noun(Evidence, (Evidence.title, Evidence.original_name), _evidence),
    "referral": _Noun(
        Referral, (Referral.reference, Referral.procedure), lambda each: (each.reference, each.procedure)
    ),
    "organisation": _Noun(Organisation, (Organisation.name, Organisation.town), lambda each: (each.name, each.town)),
    "volunteer": _Noun(Volunteer, (Volunteer.name, Volunteer.initials), lambda each: (each.name, each.initials)),
    "address": _Noun(Address, (Address.lines, Address.town, Address.postcode), _address),
}
_ON = {PersonName: PersonName.person_id == Person.id, SiteName: SiteName.site_id == Site.id}


def options(session: Session, noun: str, words: str, *, most: int = MOST) -> tuple[Option, ...]:
    """The records a few letters may mean, newest first; the newest of all when nothing is typed."""
    known = _NOUNS[noun]
    asked = select(known.record.id)
    for joined in known.joins:
        asked = asked.outerjoin(joined, _on(known.record, joined))
    for word in words.split():
        asked = asked.where(or_(*(column.icontains(word, autoescape=True) for column in known.columns)))
    ids = list(dict.fromkeys(session.scalars(asked.order_by(known.record.id.desc()).limit(most * 4))))[:most]
    found = {each.id: each for each in session.scalars(select(known.record).where(known.record.id.in_(ids)))}
    return tuple(Option(each, *known.shown(found[each])) for each in ids)


def knows(noun: str) -> bool:
    """Whether records of a noun can be chosen and called by a name."""
    return noun in _NOUNS


def captions(session: Session, noun: str, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What records are called; those that are gone are left out."""
    known = _NOUNS[noun]
    found = session.scalars(select(known.record).where(known.record.id.in_(ids)))
    return {each.id: known.shown(each)[0] for each in found}


def _on(record: type[Any], joined: type[Any]) -> Any:  # noqa: ANN401 - a condition
    if joined in _ON:
        return _ON[joined]
    if joined is Person:
        return (record.author_id if record is Statement else record.person_id) == Person.id
    return record.site_id == Site.id
