# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases: one complainant each, gathered in groups, listed page by page."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple, overload

import attrs
from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from hro_desktop.casework import fields, people
from hro_desktop.casework.numbering import next_reference
from hro_desktop.faults import Fault
from hro_desktop.records.base import new_id
from hro_desktop.records.cases import Case, CaseGroup
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import ReferralParty
from hro_desktop.vault.work import Work

__all__ = [
    "CaseDraft",
    "CaseRow",
    "GroupDraft",
    "by_id",
    "by_reference",
    "ids",
    "open_for",
    "rows",
    "save",
    "save_group",
]


@attrs.define(kw_only=True)
class GroupDraft(fields.Draft):
    """A group of cases."""

    name: str = fields.text("nom du groupe", required=True)


@attrs.define(kw_only=True)
class CaseDraft(fields.Draft):
    """The file of one complainant."""

    person_id: uuid.UUID | None = fields.ref("person", "la personne suivie", required=True)
    group_id: uuid.UUID | None = fields.ref("group", "groupe de dossiers")
    opened_on = fields.day("jour d’ouverture")
    closed_on = fields.day("jour de clôture")
    note: str = fields.text("note de travail", long=True)


class CaseRow(NamedTuple):
    """What a list shows of a case."""

    id: uuid.UUID
    reference: str
    pseudonym: str
    group: str
    opened_on: str
    referrals: int


class _Ids(Sequence[uuid.UUID]):
    """Ids kept as the base writes them, made when asked for: of 100,000 a list shows fifty."""

    def __init__(self, written: list[str]) -> None:
        self._written = written

    def __len__(self) -> int:
        return len(self._written)

    @overload
    def __getitem__(self, place: int) -> uuid.UUID: ...

    @overload
    def __getitem__(self, place: slice) -> list[uuid.UUID]: ...

    def __getitem__(self, place: int | slice) -> uuid.UUID | list[uuid.UUID]:
        if isinstance(place, slice):
            return [uuid.UUID(each) for each in self._written[place]]
        return uuid.UUID(self._written[place])


def save(work: Work, draft: CaseDraft) -> uuid.UUID:
    """Open a case, or change one; a new case gets a reference such as `D-2026-0031`."""
    return fields.save(work, Case, draft, reference=next_reference(work, Case.reference, "D")).id


def open_for(work: Work, person_id: uuid.UUID | None = None, *, nickname: str = "") -> uuid.UUID:
    """The case of somebody: the one there is, or a new one opened today; for somebody new, a nickname is enough.

    Raises:
        Fault: `case.nobody` when neither a person nor a nickname is given.
    """
    if person_id is None:
        if not nickname.strip():
            raise Fault(
                "case.nobody",
                "Dites pour qui est ce dossier\u00a0: choisissez une personne, ou écrivez un surnom. "
                "Rien n’a été enregistré.",
            )
        name = people.NameDraft(id=new_id(), text=nickname.strip())
        person_id = people.save(work, people.PersonDraft(names=(name,)))
    known = work.session.scalars(
        select(Case.id)
        .where(Case.person_id == person_id)
        .order_by(Case.closed_on.is_not(None), Case.reference.desc())
        .limit(1)
    ).first()
    if known is not None:
        return known
    draft = CaseDraft(person_id=person_id)
    draft.opened_on = fields.french_day(work.now)
    return save(work, draft)


def save_group(work: Work, draft: GroupDraft) -> uuid.UUID:
    """Record or change a group."""
    return fields.save(work, CaseGroup, draft).id


def ids(session: Session) -> Sequence[uuid.UUID]:
    """The ids of all cases, newest reference first: what a list keeps of 100,000 rows."""
    # As text, and one row after the other: a hundred thousand UUIDs, or rows held together, keep the collector busy.
    return _Ids(list(session.scalars(select(cast(Case.id, String)).order_by(Case.reference.desc(), Case.id))))


def rows(session: Session, wanted: Sequence[uuid.UUID]) -> list[CaseRow]:
    """One page of a list, in the order of the ids asked for; a case gone meanwhile is left out."""
    referrals = select(func.count()).where(ReferralParty.case_id == Case.id).correlate(Case).scalar_subquery()
    found = session.execute(
        select(Case.id, Case.reference, Person.pseudonym, CaseGroup.name, Case.opened_on, referrals)
        .join(Person, Case.person_id == Person.id)
        .outerjoin(CaseGroup, Case.group_id == CaseGroup.id)
        .where(Case.id.in_(wanted))
    )
    by_id = {
        row[0]: CaseRow(row[0], row[1], row[2], row[3] or "", row[4].isoformat() if row[4] else "", row[5])
        for row in found
    }
    return [by_id[case_id] for case_id in wanted if case_id in by_id]


def by_id(session: Session, case_id: uuid.UUID) -> Case:
    """A case that a page shows.

    Raises:
        Fault: `case.gone`.
    """
    found = session.get(Case, case_id)
    if found is None:
        raise Fault("case.gone", "Ce dossier n’existe plus dans le coffre\u00a0: revenez à la liste des dossiers.")
    return found


def by_reference(session: Session, reference: str) -> Case:
    """The case with this reference.

    Raises:
        Fault: `case.unknown`.
    """
    case = session.scalars(select(Case).where(Case.reference == reference.strip().upper())).first()
    if case is None:
        raise Fault(
            "case.unknown",
            f"Aucun dossier ne porte la référence « {reference} » : voyez la liste des dossiers.",
        )
    return case
