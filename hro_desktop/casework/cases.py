# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases: one complainant each, gathered in groups, listed page by page."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import attrs
from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import Session

from hro_desktop.casework import case_deadlines, consents, fields, paging, people, search
from hro_desktop.casework.case_deadlines import Next
from hro_desktop.casework.deadlines import happened
from hro_desktop.casework.numbering import next_reference
from hro_desktop.faults import Fault
from hro_desktop.law import procedures, vocabulary
from hro_desktop.records.base import new_id, utc_now
from hro_desktop.records.cases import Case, CaseGroup
from hro_desktop.records.incidents import Incident, Involvement
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import ReferralParty
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.rules.dates import PartialDate
from hro_desktop.rules.people import display_name
from hro_desktop.search.cases import COMPLAINS
from hro_desktop.search.tables import CASE
from hro_desktop.vault.work import Work

__all__ = [
    "NONE",
    "ORDERS",
    "CaseDraft",
    "CaseFilter",
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

ORDERS: Final = (
    *("reference", "person", "facts", "contact", "opened", "charge", "due"),
    *(f"state:{row.code}" for row in procedures.procedures()),
)
"""What a list can be ordered by; `state:` and a procedure for where that one stands."""
NONE: Final = "-"
"""In a filter, a procedure the case has not."""


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
        name: of the person, or nothing.
        stages: where each procedure stands, as codes.
        due: the first thing with a day.
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
    name: str = ""
    stages: tuple[tuple[str, str], ...] = ()
    due: Next | None = None

    def state(self, *of: str) -> str:
        """The words for the first of these procedures the case has: `row.state("saisine_igpn", "saisine_iggn")`."""
        known = dict(self.states)
        return next((known[code] for code in of if code in known), "")

    def as_json(self) -> dict[str, object]:
        """For scripts."""
        due = {name: str(said) for name, said in attrs.asdict(self.due).items()} if self.due is not None else None
        return {**self._asdict(), "id": str(self.id), "due": due}

    def stage(self, procedure: str) -> str:
        """Where one procedure stands, as a code; nothing for one the case has not."""
        return dict(self.stages).get(procedure, "")


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
        stages: procedures with the state each has reached: empty for any, `NONE` for a procedure the case has not.
            Several states of one procedure widen the list, several procedures narrow it.
        unassigned: nobody follows it.
        due_within: its next deadline comes within so many days, or is past.
        silent: nobody has reached the person for so many days, nor for as long as the case is open.
        site_id: place of the facts the person suffered.
        group_id: group it belongs to.
        facts_from: first day of the last facts; `facts_to` the last one.
        agreement_missing: a referral waits for the person’s agreement.
    """

    followed: bool | None = None
    procedure: str = ""
    state: str = ""
    minor: bool | None = None
    language: str = ""
    in_charge_id: uuid.UUID | None = None
    text: str = ""
    stages: tuple[tuple[str, str], ...] = ()
    unassigned: bool = False
    due_within: int | None = None
    silent: int | None = None
    site_id: uuid.UUID | None = None
    group_id: uuid.UUID | None = None
    facts_from: dt.date | None = None
    facts_to: dt.date | None = None
    agreement_missing: bool = False


_EVERY: Final = CaseFilter()
_COLUMNS: Final[dict[str, ColumnElement[str]]] = {
    "reference": CASE.c.reference,
    "person": CASE.c.pseudonym,
    "facts": CASE.c.facts_on,
    "contact": CASE.c.contacted_on,
}
_LONG_AGO: Final = dt.date(1990, 1, 1)
_LONE: Final = frozenset({"facts", "contact"})
"""Orders in which cases without what is ordered by are last, both ways."""


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
    order: str = "reference",
    descending: bool = True,
    today: dt.date | None = None,
) -> paging.Ids:
    """The ids of cases in the order of a list: what it keeps of 100,000 rows.

    Args:
        session: of the vault.
        wanted: which ones, all by default.
        order: one of `ORDERS`; another one is taken for `reference`. Cases without what is ordered by (facts,
            contact, volunteer, deadline, procedure) are last in both directions.
        descending: the other way round when false.
        today: the day that says who is a minor and what is due.
    """
    on = today or _today()
    if order == "opened":
        found = _by_opening(session, wanted, on, descending=descending)
    elif order == "due":
        found = _ordered(session, wanted, on, "reference", descending=True)
    else:
        found = _ordered(session, wanted, on, order, descending=descending)
    if wanted.agreement_missing:
        found = paging.only(found, consents.lacking(session, on))
    if order != "due" and wanted.due_within is None:
        return found
    due = case_deadlines.next_of(session, on)
    if wanted.due_within is not None:
        last = on + dt.timedelta(days=wanted.due_within)
        found = paging.only(found, [case_id for case_id, each in due.items() if each.act_on <= last])
    if order == "due":
        found = paging.by_rank(found, {case_id: each.rank for case_id, each in due.items()}, descending=descending)
    return found


def _ordered(session: Session, wanted: CaseFilter, on: dt.date, order: str, *, descending: bool) -> paging.Ids:
    rows_ = select(CASE.c.case_id).where(*_conditions(wanted, on))
    if order == "charge" or order.startswith("state:"):
        key = CASE.c.in_charge_id if order == "charge" else CASE.c.states
        rank = _by_name(session) if order == "charge" else _by_stage(order.removeprefix("state:"))
        return paging.grouped(session, rows_.order_by(CASE.c.reference.desc()), key, rank, descending=descending)
    column = _COLUMNS.get(order, CASE.c.reference)
    turned = (column.desc(), CASE.c.reference.desc()) if descending else (column, CASE.c.reference)
    if order not in _LONE or descending:
        return paging.ordered(session, rows_.order_by(*turned))
    return paging.ordered(
        session,
        rows_.where(column > "").order_by(*turned),
        rows_.where(column == "").order_by(CASE.c.reference.desc()),
    )


def _by_opening(session: Session, wanted: CaseFilter, on: dt.date, *, descending: bool) -> paging.Ids:
    """By the day of opening, which stands in the case alone: joining the two tables would take ten times as long."""
    turned = (Case.opened_on.desc(), Case.reference.desc()) if descending else (Case.opened_on, Case.reference)
    every = paging.ordered(
        session,
        select(Case.id).where(Case.opened_on.is_not(None)).order_by(*turned),
        select(Case.id).where(Case.opened_on.is_(None)).order_by(Case.reference.desc()),
    )
    if wanted == _EVERY:
        return every
    return paging.only(every, paging.ordered(session, select(CASE.c.case_id).where(*_conditions(wanted, on))))


def _by_name(session: Session) -> Callable[[uuid.UUID | None], int]:
    """Where a volunteer stands among all by name."""
    named = session.scalars(select(Volunteer.id).order_by(func.lower(Volunteer.name), Volunteer.id)).all()
    ranks: dict[uuid.UUID | None, int] = {each: at for at, each in enumerate(named, 1)}
    return lambda of: ranks.get(of, 0)


def _by_stage(procedure: str) -> Callable[[str], int]:
    """How far one procedure is, as the list of states has it."""
    ranks = {code: at for at, code in enumerate(vocabulary.codes("party_states"), 1)}
    return lambda states: ranks.get(_stages(states).get(procedure, ""), 0)


def _stages(written: str) -> dict[str, str]:
    """Procedures and their states, as the search writes them."""
    return dict(each.split(":") for each in written.split())


def _conditions(wanted: CaseFilter, today: dt.date) -> Iterator[ColumnElement[bool]]:
    if wanted.followed is not None:
        yield CASE.c.closed.is_not(wanted.followed)
    if wanted.procedure or wanted.state:
        yield _reached(wanted.procedure, wanted.state)
    for code in dict.fromkeys(code for code, _ in wanted.stages):
        yield or_(*(_reached(code, state) for of, state in wanted.stages if of == code))
    if wanted.minor is not None:
        yield (CASE.c.minor_until > today.isoformat()).is_(wanted.minor)
    if wanted.language:
        yield CASE.c.language == wanted.language
    if wanted.in_charge_id is not None:
        yield CASE.c.in_charge_id == wanted.in_charge_id
    if wanted.unassigned:
        yield CASE.c.in_charge_id.is_(None)
    if wanted.text.strip():
        yield CASE.c.case_id.in_(search.matching(wanted.text, "case"))
    yield from _about(wanted, today)


def _about(wanted: CaseFilter, today: dt.date) -> Iterator[ColumnElement[bool]]:
    """What is asked of the facts, of the contacts and of the group."""
    if wanted.silent is not None:
        since = today - dt.timedelta(days=wanted.silent)
        never = select(Case.id).where(Case.id == CASE.c.case_id, Case.opened_on < since).exists()
        known = CASE.c.contacted_on
        yield or_(and_(known > "", known < since.isoformat()), and_(known == "", never))
    if wanted.site_id is not None:
        yield CASE.c.case_id.in_(
            select(Case.id)
            .join(Involvement, Involvement.person_id == Case.person_id)
            .join(Incident, Incident.id == Involvement.incident_id)
            .where(Incident.site_id == wanted.site_id, Involvement.role.in_(COMPLAINS))
        )
    if wanted.group_id is not None:
        yield CASE.c.case_id.in_(select(Case.id).where(Case.group_id == wanted.group_id))
    if wanted.facts_from is not None or wanted.facts_to is not None:
        first, last = wanted.facts_from or _LONG_AGO, wanted.facts_to or today
        yield happened(first, last, CASE.c.facts_on)


def _reached(procedure: str, state: str) -> ColumnElement[bool]:
    start = f" {procedure}:" if procedure else ":"
    if state == NONE:
        return func.instr(CASE.c.states, start) == 0
    return func.instr(CASE.c.states, f"{start}{state} " if state else start) > 0


def rows(session: Session, wanted: Sequence[uuid.UUID], today: dt.date | None = None) -> list[CaseRow]:
    """One page of a list, in the order of the ids asked for; a case gone meanwhile is left out."""
    referrals = select(func.count()).where(ReferralParty.case_id == Case.id).correlate(Case).scalar_subquery()
    found = session.execute(
        select(
            Case.id, Case.reference, Person.pseudonym, CaseGroup.name.label("group"), Case.opened_on,
            referrals.label("referrals"), CASE.c.states, Incident.kind, Incident.occurred, CASE.c.contacted_on,
            Volunteer.name.label("in_charge"), CASE.c.minor_until, CASE.c.language, Case.closed_on,
            Person.given_names, Person.birth_name, Person.usual_name, Person.original_name,
        )
        .join(Person, Case.person_id == Person.id)
        .join(CASE, CASE.c.case_id == Case.id)
        .outerjoin(CaseGroup, Case.group_id == CaseGroup.id)
        .outerjoin(Incident, Incident.id == CASE.c.incident_id)
        .outerjoin(Volunteer, Volunteer.id == Case.in_charge_id)
        .where(Case.id.in_(wanted))
    )  # fmt: skip
    on = today or _today()
    due = case_deadlines.next_of(session, on, wanted)
    return paging.in_order(wanted, {row.id: _shown(row, on.isoformat(), due.get(row.id)) for row in found})


def _shown(row: Row[Any], on: str, due: Next | None) -> CaseRow:
    reached = _stages(row.states)
    stages = tuple((code, reached[code]) for code in vocabulary.codes("procedures") if code in reached)
    return CaseRow(
        id=row.id,
        reference=row.reference,
        pseudonym=row.pseudonym,
        group=row.group or "",
        opened_on=paging.day(row.opened_on),
        referrals=row.referrals,
        states=tuple((code, vocabulary.label("party_states", state)) for code, state in stages),
        facts_kind=vocabulary.label("incident_kinds", row.kind) if row.kind else "",
        facts_on=PartialDate.parse(row.occurred).french_bare() if row.occurred else "",
        contacted_on=row.contacted_on,
        in_charge=row.in_charge or "",
        minor=row.minor_until > on,
        language=vocabulary.label("languages", row.language) if row.language else "",
        closed_on=paging.day(row.closed_on),
        name=display_name(row.given_names, row.birth_name or row.usual_name, other=row.original_name),
        stages=stages,
        due=due,
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
