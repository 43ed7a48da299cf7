# SPDX-License-Identifier: GPL-3.0-or-later
"""By which words each record is found: names, their sounds, numbers, and everything else that was written."""

import functools
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import attrs
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hro_desktop.law import authorities
from hro_desktop.records.cases import Case, CaseGroup
from hro_desktop.records.directory import Organisation
from hro_desktop.records.evidence import Evidence, EvidencePerson
from hro_desktop.records.incidents import Assertion, Incident, Involvement
from hro_desktop.records.outings import Outing
from hro_desktop.records.people import Address, ContactPoint, Person, PersonName
from hro_desktop.records.referrals import Referral, ReferralAccused, ReferralParty
from hro_desktop.records.sites import Site, SiteName
from hro_desktop.records.statements import Statement, StatementVersion
from hro_desktop.rules import spelling
from hro_desktop.rules.dates import french_day

__all__ = ["READERS", "Told"]

Ids = Sequence[uuid.UUID]
_NUMBERED: Final = frozenset({"rio", "vehicule", "unite"})
"""Kinds of assertion of which any part of a number is looked for."""


@attrs.define
class Told:
    """What one record says of itself.

    Args:
        names: whole names, any script.
        numbers: texts with numbers one may know in part.
        words: all the rest.
    """

    names: list[str] = attrs.Factory(list)
    numbers: list[str] = attrs.Factory(list)
    words: list[str] = attrs.Factory(list)

    def columns(self) -> dict[str, str]:
        """As the index keeps it: each word once, in an order of its own, so that the same record gives the same."""
        return {
            "names": _joined(word for name in self.names for word in spelling.words(name)),
            "sounds": _joined(spelling.name_sounds(self.names)),
            "numbers": _joined(part for text in self.numbers for part in spelling.number_parts(text)),
            "words": _joined(word for text in self.words for word in spelling.words(text)),
        }


def people(session: Session, ids: Ids) -> dict[uuid.UUID, Told]:
    """By every name and spelling, by telephone number, by what is known of them."""
    told: dict[uuid.UUID, Told] = {}
    for each in session.execute(_of(Person, ids)):
        told[each.id] = Told(
            [each.given_names, each.birth_name, each.usual_name, each.original_name],
            [_rank(each.pseudonym)],
            [each.birth_place, each.birth_country, each.nationality, each.profession, each.association_role],
        )
    for owner, name in _links(session, PersonName.person_id, ids, PersonName.text):
        told[owner].names.append(name)
    for owner, value, note in _links(session, ContactPoint.person_id, ids, ContactPoint.value, ContactPoint.note):
        told[owner].numbers.append(value)
        told[owner].words += (value, note)
    for owner, *place in _links(session, Address.person_id, ids, Address.lines, Address.postcode, Address.town):
        told[owner].words += place
    return told


def cases(session: Session, ids: Ids) -> dict[uuid.UUID, Told]:
    """By the names of the person followed, the group and the working note."""
    found = session.execute(
        select(Case.id, Case.reference, Case.note, CaseGroup.name, Case.person_id)
        .outerjoin(CaseGroup, Case.group_id == CaseGroup.id)
        .where(Case.id.in_(ids))
    ).all()
    names = _names(session, {each.person_id for each in found})
    return {
        each.id: Told(list(names[each.person_id]), [_rank(each.reference)], [each.note, each.name or ""])
        for each in found
    }


def incidents(session: Session, ids: Ids) -> dict[uuid.UUID, Told]:
    """By place, title and whatever is affirmed of them: unit, any part of a RIO or of a plate."""
    told: dict[uuid.UUID, Told] = {}
    sites: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for each in session.execute(_of(Incident, ids)):
        told[each.id] = Told([], [_rank(each.reference)], [each.title, each.kind, each.place, each.note])
        told[each.id].words += (_commune(each.commune), each.legal_basis, each.legal_basis_said_by)
        if each.site_id:
            sites[each.site_id].append(each.id)
    for site, name in (
        *_links(session, Site.id, list(sites), Site.name),
        *_links(session, SiteName.site_id, list(sites), SiteName.text),
    ):
        for incident in sites[site]:
            told[incident].words.append(name)
    affirmed = _links(session, Assertion.incident_id, ids, Assertion.kind, Assertion.value, Assertion.detail)
    for owner, kind, value, detail in affirmed:
        told[owner].words += (kind, detail, *(() if kind == "rio" else (value,)))
        told[owner].numbers += (value, detail) if kind in _NUMBERED else ()
    involved = _links(session, Involvement.incident_id, ids, Involvement.person_id, Involvement.harm_note)
    _add_linked(session, told, [(owner, person) for owner, person, _ in involved])
    for owner, _, harm in involved:
        told[owner].words.append(harm)
    return told


def statements(session: Session, ids: Ids) -> dict[uuid.UUID, Told]:
    """By every wording, in both languages, and by the names of the author."""
    told: dict[uuid.UUID, Told] = {}
    authors: list[tuple[uuid.UUID, uuid.UUID]] = []
    for each in session.execute(_of(Statement, ids)):
        told[each.id] = Told([], [_rank(each.reference)], [each.kind])
        authors.append((each.id, each.author_id))
    texts = StatementVersion.french_text, StatementVersion.original_text
    for owner, *text in _links(session, StatementVersion.statement_id, ids, *texts):
        told[owner].words += text
    _add_linked(session, told, authors)
    return told


def referrals(session: Session, ids: Ids) -> dict[uuid.UUID, Told]:
    """By procedure and authority, by the number the body gave, by the account and the names of its people."""
    told: dict[uuid.UUID, Told] = {}
    for each in session.execute(_of(Referral, ids)):
        told[each.id] = Told([], [_rank(each.reference)], [each.procedure, each.authority, each.account, each.place])
    named: list[tuple[uuid.UUID, uuid.UUID]] = []
    parties = select(ReferralParty.referral_id, ReferralParty.body_reference, Case.person_id).join(
        Case, ReferralParty.case_id == Case.id
    )
    for owner, number, person in session.execute(parties.where(ReferralParty.referral_id.in_(ids))):
        told[owner].numbers.append(number)
        told[owner].words.append(number)
        named.append((owner, person))
    accused = ReferralAccused.referral_id, ids, ReferralAccused.known_as, ReferralAccused.person_id
    for owner, known_as, person in _links(session, *accused):
        told[owner].words.append(known_as)
        named.append((owner, person))
    _add_linked(session, told, named)
    return told


def evidence(session: Session, ids: Ids) -> dict[uuid.UUID, Told]:
    """By title, by the name the file came with, by whoever is described in it."""
    told = {
        each.id: Told([], [], [each.title, each.original_name, each.kind, each.note, each.derivation])
        for each in session.execute(_of(Evidence, ids))
    }
    for owner, described in _links(session, EvidencePerson.evidence_id, ids, EvidencePerson.described):
        told[owner].words.append(described)
    return told


def organisations(session: Session, ids: Ids) -> dict[uuid.UUID, Told]:
    """By name, town, address and telephone number."""
    return {
        each.id: Told(
            [each.name], [each.phone], [each.kind, each.law_id, each.lines, each.postcode, each.town, each.email]
        )
        for each in session.execute(_of(Organisation, ids))
    }


def outings(session: Session, ids: Ids) -> dict[uuid.UUID, Told]:
    """By day, territory and the team’s own words."""
    return {
        each.id: Told(
            [],
            [_rank(each.reference)],
            ["sortie observation", french_day(each.occurred_on), each.territory, each.convoy, each.debrief, each.note],
        )
        for each in session.execute(_of(Outing, ids))
    }


READERS: Final[Mapping[str, tuple[Any, Callable[[Session, Ids], dict[uuid.UUID, Told]]]]] = {
    "person": (Person, people),
    "case": (Case, cases),
    "incident": (Incident, incidents),
    "statement": (Statement, statements),
    "referral": (Referral, referrals),
    "evidence": (Evidence, evidence),
    "organisation": (Organisation, organisations),
    "outing": (Outing, outings),
}
"""For each kind, its record and who reads the words of some of them."""


def _of(record: Any, ids: Ids) -> Select[Any]:  # noqa: ANN401 - any record
    """Rows of plain columns: ten times lighter than records, of which only the texts are wanted."""
    return select(*record.__table__.columns).where(record.id.in_(ids))


def _links(session: Session, owner: Any, ids: Iterable[uuid.UUID], *columns: Any) -> Sequence[Any]:  # noqa: ANN401
    wanted = list(ids)
    return session.execute(select(owner, *columns).where(owner.in_(wanted))).all() if wanted else ()


def _names(session: Session, people_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    wanted = list(people_ids)
    own = Person.given_names, Person.birth_name, Person.usual_name, Person.original_name
    names = {owner: list(each) for owner, *each in _links(session, Person.id, wanted, *own)}
    for owner, name in _links(session, PersonName.person_id, wanted, PersonName.text):
        names[owner].append(name)
    return names


def _add_linked(session: Session, told: dict[uuid.UUID, Told], links: Sequence[tuple[uuid.UUID, uuid.UUID]]) -> None:
    """The names of the people of a record are words of it, behind those who bear the name themselves."""
    names = _names(session, {person for _, person in links})
    for owner, person in links:
        told[owner].words += names[person]


def _joined(parts: Iterable[str]) -> str:
    return " ".join(sorted(set(parts)))


def _rank(reference: str) -> str:
    """The end of a reference: its year would be found everywhere."""
    return reference.rpartition("-")[2]


def _commune(code: str) -> str:
    """The names of a commune that has a code."""
    return _communes().get(code, "")


@functools.cache
def _communes() -> dict[str, str]:
    towns = [town for area in authorities.areas() for town in area.communes]
    return {town.insee: " ".join((town.name, *town.aliases)) for town in towns}
