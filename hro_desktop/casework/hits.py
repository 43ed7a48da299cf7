# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of a record that was found: a title without anybody's name, then what tells it from the next one."""

import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import statements
from hro_desktop.law import vocabulary
from hro_desktop.records.cases import Case, CaseGroup
from hro_desktop.records.directory import Organisation
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.incidents import Assertion, Incident
from hro_desktop.records.outings import Outing
from hro_desktop.records.people import Person, PersonName
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.records.sites import Site
from hro_desktop.records.statements import Statement
from hro_desktop.rules import people, spelling
from hro_desktop.rules.dates import PartialDate, french_day

__all__ = ["Hit", "told"]

Ids = Sequence[uuid.UUID]
Shown = tuple[str, str]
"""Title and detail."""
_RIO: Final = re.compile(r"(?<!\d)\d{7}(?!\d)")
_HIDDEN: Final = "•••••••"


@attrs.frozen
class Hit:
    """One record that was found.

    Args:
        kind: its noun: `person`, `case`, `incident`, `statement`, `referral`, `evidence`, `organisation`,
            `outing`.
        id: of the record.
        title: its reference or pseudonym first, and nobody's name; of an item the title, of an organisation the name.
        detail: names, day, place: what tells it from another.
        score: 100 for the very reference, 90 part of a number, 80 a name as written, 70 as it begins, 60 and 50 as it
            sounds, 40 words anywhere.
    """

    kind: str
    id: uuid.UUID
    title: str
    detail: str
    score: int


def told(session: Session, found: Sequence[tuple[int, str, uuid.UUID]], searched: str) -> tuple[Hit, ...]:
    """Title and detail of what was found, in the same order; what is gone meanwhile is left out.

    Args:
        session: of the vault.
        found: score, kind and id.
        searched: what was looked for, as one number; the number of an officer is shown to who looked for it.
    """
    by_kind: dict[str, list[uuid.UUID]] = defaultdict(list)
    for _, kind, record_id in found:
        by_kind[kind].append(record_id)
    known = {kind: _TELLERS[kind](session, ids) for kind, ids in by_kind.items() if kind in _TELLERS}
    if any(map(str.isdigit, searched)) and "incident" in known:
        _add_numbers(session, known["incident"], searched)
    answer = []
    for score, kind, record_id in found:
        if record_id in known.get(kind, {}):
            title, detail = (_discreet(text, searched) for text in known[kind][record_id])
            answer.append(Hit(kind, record_id, title, detail, score))
    return tuple(answer)


def _discreet(text: str, searched: str) -> str:
    """Seven digits are an officer's number: shown to who typed a part of them only."""
    return _RIO.sub(lambda number: number[0] if _typed(searched, number[0]) else _HIDDEN, text)


def _typed(searched: str, number: str) -> bool:
    return len(searched) >= spelling.LEAST and searched in number


def _people(session: Session, ids: Ids) -> dict[uuid.UUID, Shown]:
    others: dict[uuid.UUID, list[str]] = defaultdict(list)
    for owner, name in session.execute(
        select(PersonName.person_id, PersonName.text).where(PersonName.person_id.in_(ids)).order_by(PersonName.id)
    ):
        others[owner].append(f"«\u00a0{name}\u00a0»")
    return {
        each.id: (each.pseudonym, _joined(_name(each), each.original_name, *others[each.id]))
        for each in session.execute(select(*_NAMED).where(Person.id.in_(ids)))
    }


def _cases(session: Session, ids: Ids) -> dict[uuid.UUID, Shown]:
    found = session.execute(
        select(Case.id.label("case_id"), Case.reference, CaseGroup.name.label("group"), *_NAMED)
        .join(Person, Case.person_id == Person.id)
        .outerjoin(CaseGroup, Case.group_id == CaseGroup.id)
        .where(Case.id.in_(ids))
    )
    return {each.case_id: (_joined(each.reference, each.pseudonym), _joined(_name(each), each.group)) for each in found}


def _incidents(session: Session, ids: Ids) -> dict[uuid.UUID, Shown]:
    found = session.execute(
        select(
            Incident.id, Incident.reference, Incident.kind, Incident.occurred, Incident.place, Incident.title,
            Site.name.label("site"),
        )
        .outerjoin(Site, Incident.site_id == Site.id)
        .where(Incident.id.in_(ids))
    )  # fmt: skip
    return {
        each.id: (
            _joined(each.reference, vocabulary.label("incident_kinds", each.kind)),
            _joined(_day(each.occurred), each.site or each.place, each.title),
        )
        for each in found
    }


def _statements(session: Session, ids: Ids) -> dict[uuid.UUID, Shown]:
    found = session.execute(
        select(
            Statement.id.label("statement_id"), Statement.reference, Statement.kind, Statement.taken_on, *_NAMED,
            statements.concerned().label("concerned"),
        )
        .join(Person, Statement.author_id == Person.id)
        .where(Statement.id.in_(ids))
    )  # fmt: skip
    return {
        each.statement_id: (
            _joined(each.reference, statements.label(each.kind, concerned_=each.concerned)),
            _joined(each.pseudonym, _name(each), french_day(each.taken_on) if each.taken_on else ""),
        )
        for each in found
    }


def _referrals(session: Session, ids: Ids) -> dict[uuid.UUID, Shown]:
    parties: dict[uuid.UUID, list[str]] = defaultdict(list)
    for owner, pseudonym in session.execute(
        select(ReferralParty.referral_id, Person.pseudonym)
        .join(Case, ReferralParty.case_id == Case.id)
        .join(Person, Case.person_id == Person.id)
        .where(ReferralParty.referral_id.in_(ids))
        .order_by(ReferralParty.position, ReferralParty.id)
    ):
        parties[owner].append(pseudonym)
    found = session.execute(
        select(Referral.id, Referral.reference, Referral.procedure, Referral.authority).where(Referral.id.in_(ids))
    )
    return {
        each.id: (
            _joined(each.reference, vocabulary.label("procedures", each.procedure)),
            _joined(vocabulary.label("authorities", each.authority), ", ".join(parties[each.id])),
        )
        for each in found
    }


def _evidence(session: Session, ids: Ids) -> dict[uuid.UUID, Shown]:
    found = session.execute(
        select(Evidence.id, Evidence.title, Evidence.kind, Evidence.taken).where(Evidence.id.in_(ids))
    )
    return {
        each.id: (each.title, _joined(vocabulary.label("evidence_kinds", each.kind), _day(each.taken)))
        for each in found
    }


def _organisations(session: Session, ids: Ids) -> dict[uuid.UUID, Shown]:
    found = session.execute(
        select(Organisation.id, Organisation.name, Organisation.kind, Organisation.town).where(Organisation.id.in_(ids))
    )
    return {
        each.id: (each.name, _joined(vocabulary.label("organisation_kinds", each.kind), each.town)) for each in found
    }


def _outings(session: Session, ids: Ids) -> dict[uuid.UUID, Shown]:
    found = session.execute(
        select(Outing.id, Outing.reference, Outing.occurred_on, Outing.territory).where(Outing.id.in_(ids))
    )
    return {
        each.id: (
            _joined(each.reference, f"sortie du {french_day(each.occurred_on)}"),
            vocabulary.label("territories", each.territory),
        )
        for each in found
    }


_NAMED: Final = (Person.id, Person.pseudonym, Person.given_names, Person.birth_name, Person.usual_name,
                 Person.original_name)  # fmt: skip
_TELLERS: Final[Mapping[str, Callable[[Session, Ids], dict[uuid.UUID, Shown]]]] = {
    "person": _people,
    "case": _cases,
    "incident": _incidents,
    "statement": _statements,
    "referral": _referrals,
    "evidence": _evidence,
    "organisation": _organisations,
    "outing": _outings,
}


def _add_numbers(session: Session, known: dict[uuid.UUID, Shown], searched: str) -> None:
    """Facts that were found by an officer's number or a plate say by which."""
    found = session.execute(
        select(Assertion.incident_id, Assertion.kind, Assertion.value)
        .where(Assertion.incident_id.in_(list(known)), Assertion.kind.in_(("rio", "vehicule", "unite")))
        .order_by(Assertion.position, Assertion.id)
    )
    for owner, kind, value in found:
        if any(part.startswith(searched) for part in spelling.number_parts(value)):
            title, detail = known[owner]
            known[owner] = title, _joined(detail, f"{vocabulary.label('assertion_kinds', kind)} {value}")


def _name(row: Any) -> str:  # noqa: ANN401 - a row with the names of a person
    return people.display_name(row.given_names, row.usual_name or row.birth_name)


def _day(text: str) -> str:
    return PartialDate.parse(text).french_bare() if text else ""


def _joined(*parts: str | None) -> str:
    return " · ".join(_kept(parts))


def _kept(parts: Sequence[str | None]) -> Iterator[str]:
    return (part for part in parts if part)
