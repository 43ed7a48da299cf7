# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases: one complainant each, gathered in groups, listed page by page."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal, NamedTuple

import attrs
from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from hro_desktop.casework import fields, paging, people, search
from hro_desktop.casework.numbering import next_reference
from hro_desktop.faults import Fault
from hro_desktop.law import vocabulary
from hro_desktop.records.base import new_id, utc_now
from hro_desktop.records.cases import Case, CaseGroup
from hro_desktop.records.incidents import Incident
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import ReferralParty
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.rules.dates import PartialDate
from hro_desktop.search.tables import CASE
from hro_desktop.vault.work import Work

__all__ = [
    "CaseDraft",
    "CaseFilter",
    "CaseRow",
    "GroupDraft",
    "Order",
    "by_id",
    "by_reference",
    "ids",
    "open_for",
    "rows",
    "save",
    "save_group",
]

Order = Literal["reference", "person", "facts", "contact"]


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
    in_charge_id: uuid.UUID | None = fields.ref("volunteer", "bénévole qui suit le dossier")
    note: str = fields.text("note de travail", long=True)


class CaseRow(NamedTuple):
    """What a list shows of a case.

    Args:
        id: of the case.
        reference: `D-2026-0031`.
        pseudonym: of the person followed.
        group: name of the group, or nothing.
        opened_on: ISO day, as are all days here, or nothing.
        referrals: how many it is a party of.
        states: where each procedure stands: its code and the words for its state, in the order of the procedures.
        facts_kind: what the last facts were, in words.
        facts_on: when, as one says it: « 12 octobre 2026 », « vers 2024 ».
        contacted_on: when the person was last reached, by the notes of contacts.
        in_charge: name of the volunteer who follows it.
        minor: whether the person is, or may be, a minor.
        language: the one they prefer, in words.
        closed_on: when it was closed; nothing while it is followed.
    """

    id: uuid.UUID
    reference: str
    pseudonym: str
    group: str
    opened_on: str
    referrals: int
    states: tuple[tuple[str, str], ...] = ()
    facts_kind: str = ""
    facts_on: str = ""
    contacted_on: str = ""
    in_charge: str = ""
    minor: bool = False
    language: str = ""
    closed_on: str = ""

    def state(self, *procedures: str) -> str:
        """The words for the first of these procedures the case has: `row.state("saisine_igpn", "saisine_iggn")`."""
        known = dict(self.states)
        return next((known[code] for code in procedures if code in known), "")


@attrs.frozen(kw_only=True)
class CaseFilter:
    """Which cases a list shows; what is empty filters nothing.

    Args:
        followed: true for those that are open, false for closed ones.
        procedure: code of a procedure the case is in.
        state: code of the list `party_states` it has reached there; alone, in any procedure.
        minor: whether the person is, or may be, a minor.
        language: code of the language the person prefers.
        in_charge_id: volunteer who follows it.
        text: words typed, as `search.find` takes them.
    """

    followed: bool | None = None
    procedure: str = ""
    state: str = ""
    minor: bool | None = None
    language: str = ""
    in_charge_id: uuid.UUID | None = None
    text: str = ""


_EVERY: Final = CaseFilter()
_ORDERS: Final[dict[Order, ColumnElement[str]]] = {
    "reference": CASE.c.reference,
    "person": CASE.c.pseudonym,
    "facts": CASE.c.facts_on,
    "contact": CASE.c.contacted_on,
}


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


def ids(
    session: Session,
    wanted: CaseFilter = _EVERY,
    *,
    order: Order = "reference",
    descending: bool = True,
    today: dt.date | None = None,
) -> paging.Ids:
    """The ids of cases in the order of a list: what it keeps of 100,000 rows.

    Args:
        session: of the vault.
        wanted: which ones, all by default.
        order: `reference`, `person` (by pseudonym), `facts` or `contact` (the latest first when descending). Cases
            without facts or contact are last in both directions.
        descending: the other way round when false.
        today: the day that says who is a minor.
    """
    column = _ORDERS[order]
    rows_ = select(CASE.c.case_id).where(*_conditions(wanted, today or _today()))
    turned = (column.desc(), CASE.c.reference.desc()) if descending else (column, CASE.c.reference)
    if order not in ("facts", "contact") or descending:
        return paging.ordered(session, rows_.order_by(*turned))
    return paging.ordered(
        session, rows_.where(column > "").order_by(*turned), rows_.where(column == "").order_by(*turned)
    )


def _conditions(wanted: CaseFilter, today: dt.date) -> Iterator[ColumnElement[bool]]:
    if wanted.followed is not None:
        yield CASE.c.closed.is_not(wanted.followed)
    if wanted.procedure or wanted.state:
        start = f" {wanted.procedure}:" if wanted.procedure else ":"
        yield func.instr(CASE.c.states, f"{start}{wanted.state} " if wanted.state else start) > 0
    if wanted.minor is not None:
        yield (CASE.c.minor_until > today.isoformat()).is_(wanted.minor)
    if wanted.language:
        yield CASE.c.language == wanted.language
    if wanted.in_charge_id is not None:
        yield CASE.c.in_charge_id == wanted.in_charge_id
    if wanted.text.strip():
        yield CASE.c.case_id.in_(search.matching(wanted.text, "case"))


def rows(session: Session, wanted: Sequence[uuid.UUID], today: dt.date | None = None) -> list[CaseRow]:
    """One page of a list, in the order of the ids asked for; a case gone meanwhile is left out."""
    referrals = select(func.count()).where(ReferralParty.case_id == Case.id).correlate(Case).scalar_subquery()
    found = session.execute(
        select(
            Case.id, Case.reference, Person.pseudonym, CaseGroup.name.label("group"), Case.opened_on,
            referrals.label("referrals"), CASE.c.states, Incident.kind, Incident.occurred, CASE.c.contacted_on,
            Volunteer.name.label("in_charge"), CASE.c.minor_until, CASE.c.language, Case.closed_on,
        )
        .join(Person, Case.person_id == Person.id)
        .join(CASE, CASE.c.case_id == Case.id)
        .outerjoin(CaseGroup, Case.group_id == CaseGroup.id)
        .outerjoin(Incident, Incident.id == CASE.c.incident_id)
        .outerjoin(Volunteer, Volunteer.id == Case.in_charge_id)
        .where(Case.id.in_(wanted))
    )  # fmt: skip
    on = (today or _today()).isoformat()
    return paging.in_order(wanted, {row.id: _shown(row, on) for row in found})


def _shown(row: Row[Any], on: str) -> CaseRow:
    return CaseRow(
        id=row.id,
        reference=row.reference,
        pseudonym=row.pseudonym,
        group=row.group or "",
        opened_on=paging.day(row.opened_on),
        referrals=row.referrals,
        states=_states(row.states),
        facts_kind=vocabulary.label("incident_kinds", row.kind) if row.kind else "",
        facts_on=PartialDate.parse(row.occurred).french_bare() if row.occurred else "",
        contacted_on=row.contacted_on,
        in_charge=row.in_charge or "",
        minor=row.minor_until > on,
        language=vocabulary.label("languages", row.language) if row.language else "",
        closed_on=paging.day(row.closed_on),
    )


def _states(written: str) -> tuple[tuple[str, str], ...]:
    reached = dict(each.split(":") for each in written.split())
    return tuple(
        (code, vocabulary.label("party_states", reached[code]))
        for code in vocabulary.codes("procedures")
        if code in reached
    )


def _today() -> dt.date:
    return fields.french_day(utc_now())


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
