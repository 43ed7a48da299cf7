# SPDX-License-Identifier: GPL-3.0-or-later
"""What lists and pages show of statements: where each one is, its versions, its marked passages, what weakens it."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import attrs
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from hro_desktop.casework import facts, paging, passages, search, statement_facts, statements
from hro_desktop.casework.fields import french_day as day_of_instant
from hro_desktop.casework.incident_overview import Linked
from hro_desktop.law import vocabulary
from hro_desktop.records.cases import Case
from hro_desktop.records.evidence import Evidence, EvidenceStatement
from hro_desktop.records.incidents import Incident
from hro_desktop.records.passages import Passage
from hro_desktop.records.people import Person
from hro_desktop.records.statements import Statement, StatementVersion
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.rules import passages as passage_rules
from hro_desktop.rules import statements as rules
from hro_desktop.rules.dates import french_day
from hro_desktop.rules.statements import Point

__all__ = ["STATES", "Marked", "Paper", "StatementRow", "StatementView", "Version", "ids", "of_statement", "rows"]

STATES = ("a_relire", "relu", "fige", "retire")
"""Where a statement is, by its last version."""


class StatementRow(NamedTuple):
    """What a list shows of a statement: `state` is one of `STATES`, `state_label` the words."""

    id: uuid.UUID
    reference: str
    kind: str
    pseudonym: str
    taken_on: str
    state: str
    state_label: str


@attrs.frozen
class Version:
    """One wording. `sealed_on` and `read_back` are in French, empty when it was not."""

    id: uuid.UUID
    number: int
    language: str
    rtl: bool
    original_text: str = attrs.field(repr=False)
    french_text: str = attrs.field(repr=False)
    told: str
    read_back: str
    sealed_on: str

    @property
    def sealed(self) -> bool:
        """Whether it changes no more."""
        return bool(self.sealed_on)


@attrs.frozen
class Marked:
    """One marked passage: `lost` when its words do not stand there any more."""

    id: uuid.UUID
    version_id: uuid.UUID
    part: str
    start: int
    quoted: str = attrs.field(repr=False)
    reason: str
    decision: str
    decided: str
    note: str = attrs.field(repr=False)
    lost: bool = False


@attrs.frozen
class Paper:
    """A file that belongs with the statement."""

    evidence_id: uuid.UUID
    title: str
    role: str


@attrs.frozen
class StatementView:
    """A statement as its page shows it beside what one types.

    Args:
        kind: code; `label` the words.
        author: as shown.
        state: one of `STATES`, `state_label` in words.
        linked: the case and the incidents it is about.
        volunteers: who may have asked the author about a passage.
        points: those of art. 202, for an attestation.
        refused: why no attestation can be printed of it, if so.
        blocked: what keeps its text from leaving: passages that wait, moved or were forgotten.
    """

    id: uuid.UUID
    reference: str
    kind: str
    label: str
    author: str
    state: str
    state_label: str
    versions: tuple[Version, ...]
    marks: tuple[Marked, ...]
    points: tuple[Point, ...]
    refused: str
    blocked: tuple[str, ...]
    papers: tuple[Paper, ...]
    linked: tuple[Linked, ...]
    volunteers: tuple[tuple[uuid.UUID, str], ...]

    @property
    def last(self) -> Version | None:
        """The version one works on."""
        return self.versions[-1] if self.versions else None


def _version(condition: Any) -> Any:  # noqa: ANN401 - a condition on the last version
    later = aliased(StatementVersion)
    after = select(later.id).where(
        later.statement_id == StatementVersion.statement_id, later.number > StatementVersion.number
    )
    return (
        select(StatementVersion.id)
        .where(StatementVersion.statement_id == Statement.id, ~after.exists(), condition)
        .exists()
    )


_SEALED = _version(StatementVersion.sealed_at.is_not(None))
_READ = _version(StatementVersion.read_back_on.is_not(None))
_KEPT = Statement.withdrawn_on.is_(None)
_IN_STATE = {
    "a_relire": _KEPT & ~_SEALED & ~_READ,
    "relu": _KEPT & ~_SEALED & _READ,
    "fige": _KEPT & _SEALED,
    "retire": Statement.withdrawn_on.is_not(None),
}


def ids(
    session: Session, words: str = "", *, kinds: Sequence[str] = (), states: Sequence[str] = ()
) -> Sequence[uuid.UUID]:
    """The ids of statements, newest reference first.

    Args:
        session: of the vault.
        words: as `search.find` takes them.
        kinds: only these, when there are any.
        states: only in these of `STATES`, when there are any.
    """
    asked: Any = select(Statement.id).order_by(Statement.reference.desc())
    if kinds:
        asked = asked.where(Statement.kind.in_(kinds))
    if states:
        asked = asked.where(or_(*(_IN_STATE[each] for each in states)))
    if words.strip():
        asked = asked.where(Statement.id.in_(search.matching(words, "statement")))
    return paging.ordered(session, asked)


def rows(session: Session, wanted: Sequence[uuid.UUID]) -> list[StatementRow]:
    """One page of the list, in the order of the ids asked for."""
    found = session.execute(
        select(Statement, Person.pseudonym, statements.concerned())
        .join(Person, Statement.author_id == Person.id)
        .where(Statement.id.in_(wanted))
        .options(selectinload(Statement.versions))
    )
    by_id = {
        each.id: StatementRow(
            each.id,
            each.reference,
            statements.label(each.kind, concerned_=concerned),
            pseudonym,
            paging.day(each.taken_on),
            *_state(each),
        )
        for each, pseudonym, concerned in found
    }
    return paging.in_order(wanted, by_id)


def _state(statement: Statement) -> tuple[str, str]:
    last = statement.versions[-1] if statement.versions else None
    if statement.withdrawn_on is not None:
        return "retire", f"retiré le {french_day(statement.withdrawn_on)}"
    if last is not None and last.sealed_at is not None:
        return "fige", f"version {last.number} figée"
    if last is not None and last.read_back_on is not None:
        return "relu", f"relu le {french_day(last.read_back_on)}"
    return "a_relire", "à relire"


def of_statement(session: Session, statement_id: uuid.UUID, on: dt.date) -> StatementView | None:
    """What the page of a statement shows on a day; `None` for one that is not recorded yet."""
    statement = session.get(Statement, statement_id)
    if statement is None:
        return None
    facts_ = statement_facts.attestation_facts(session, statement, on, handwriting=False)
    version = statements.current(statement)
    files = _papers(session, statement_id)
    refused = rules.refusal(facts_)
    signed = any(each.role == "signed" for each in files)
    blocked = passages.review(session, statement, version) if version else ()
    return StatementView(
        id=statement.id,
        reference=statement.reference,
        kind=statement.kind,
        label=statements.kind_label(session, statement),
        author=facts.formal_name(statement.author),
        state=_state(statement)[0],
        state_label=_state(statement)[1],
        versions=tuple(_shown(session, each) for each in statement.versions),
        marks=tuple(each for version in statement.versions for each in _marked(session, version)),
        points=rules.checklist(facts_, signed=signed) if statement.kind == "attestation" else (),
        refused=refused.sentence if refused else "",
        blocked=tuple(dict.fromkeys(each.sentence for each in blocked)),
        papers=files,
        linked=tuple(_linked(session, statement)),
        volunteers=tuple((each.id, each.name) for each in session.scalars(select(Volunteer).order_by(Volunteer.name))),
    )


def _linked(session: Session, statement: Statement) -> Iterator[Linked]:
    """The case, then the incidents it tells of."""
    case = session.get(Case, statement.case_id) if statement.case_id else None
    if case is not None:
        yield Linked("case", case.id, case.reference, facts.formal_name(case.person))
    told = [each.incident_id for each in statement.incidents]
    for each in session.scalars(select(Incident).where(Incident.id.in_(told)).order_by(Incident.reference)):
        label = vocabulary.label("incident_kinds", each.kind)
        yield Linked("incident", each.id, each.reference, ", ".join((label, facts.when_and_where(each))))


def _shown(session: Session, version: StatementVersion) -> Version:
    interpreter = session.get(Person, version.interpreter_id) if version.interpreter_id else None
    mode = version.interpreter_mode
    told = [f"en {vocabulary.label('languages', version.language)}"]
    if interpreter is not None:
        told.append(f"avec {facts.formal_name(interpreter)}")
    if mode:
        told.append(vocabulary.label("interpreter_modes", mode))
    read_back = ""
    if version.read_back_on is not None:
        tongue = vocabulary.label("languages", version.read_back_language or version.language)
        read_back = f"relu en {tongue} le {french_day(version.read_back_on)}"
    return Version(
        version.id,
        version.number,
        version.language,
        vocabulary.term("languages", version.language).rtl,
        version.original_text,
        version.french_text,
        ", ".join(told),
        read_back,
        french_day(day_of_instant(version.sealed_at)) if version.sealed_at else "",
    )


def _marked(session: Session, version: StatementVersion) -> list[Marked]:
    return [_mark(session, version, each) for each in passages.of_version(session, version.id)]


def _mark(session: Session, version: StatementVersion, each: Passage) -> Marked:
    decided = ""
    if each.decided_on is not None:
        who = session.get(Volunteer, each.decided_by_id) if each.decided_by_id else None
        decided = f"{who.name if who else ''}, le {french_day(each.decided_on)}"
    as_rule = passage_rules.Mark(id=str(each.id), start=each.start, quoted=each.quoted, reason=each.reason)
    return Marked(
        each.id,
        version.id,
        each.part,
        each.start,
        each.quoted,
        vocabulary.label("passage_reasons", each.reason),
        each.decision,
        decided,
        each.note,
        not passage_rules.stands(getattr(version, each.part), as_rule),
    )


def _papers(session: Session, statement_id: uuid.UUID) -> tuple[Paper, ...]:
    found = session.execute(
        select(Evidence.id, Evidence.title, EvidenceStatement.role)
        .join(EvidenceStatement)
        .where(EvidenceStatement.statement_id == statement_id)
        .order_by(Evidence.id)
    )
    return tuple(Paper(*each) for each in found)
