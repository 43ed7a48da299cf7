# SPDX-License-Identifier: GPL-3.0-or-later
"""The next deadline of many cases at once, for their list: what `deadlines.pressing` counts, for each case its first.

No record is loaded and nobody is named: rows through the same indexes, each clock counted once for each day of facts.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

import attrs
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from hro_desktop.casework import cameras
from hro_desktop.casework.deadlines import (
    AHEAD,
    IMAGES_BACK,
    INTERRUPTED,
    KINDS,
    SUFFERED,
    classes_of,
    happened,
    opens_a_right,
    recent_steps,
    window,
)
from hro_desktop.law import deadlines, vocabulary
from hro_desktop.law.deadlines import Deadline
from hro_desktop.records.agenda import Reminder
from hro_desktop.records.cases import Case
from hro_desktop.records.departures import Departure
from hro_desktop.records.incidents import Assertion, Incident, Involvement
from hro_desktop.records.referrals import Referral, ReferralIncident, ReferralParty, ReferralStep
from hro_desktop.rules.dates import PartialDate
from hro_desktop.rules.deadlines import Due, due

__all__ = ["Next", "next_of"]

Cases = Collection[uuid.UUID] | None
_FILMED = ("camera", "force", "vehicule")
_BATCH = 500


@attrs.frozen
class Next:
    """The first thing with a day in a case.

    Args:
        kind: code of the list `date_kinds`.
        day: the last day, the day to work with, or the first day a right is open.
        act_on: the day by which to act.
        what: what it is, in a sentence without a name.
    """

    kind: str
    day: dt.date
    act_on: dt.date
    what: str

    @property
    def kind_label(self) -> str:
        """Which of the four kinds of dates it is, in words."""
        return vocabulary.label("date_kinds", self.kind)

    @property
    def rank(self) -> tuple[dt.date, int, dt.date]:
        """By the day to act; of one day, what cannot be had back first."""
        return self.act_on, KINDS.index(self.kind), self.day


def next_of(session: Session, on: dt.date, cases: Cases = None) -> dict[uuid.UUID, Next]:
    """The next deadline of these cases, of all of them by default; one that has none within a year is left out."""
    first: dict[uuid.UUID, Next] = {}
    for case_id, found in _every(session, on, cases):
        known = first.get(case_id)
        if known is None or found.rank < known.rank:
            first[case_id] = found
    return first


def _every(session: Session, on: dt.date, cases: Cases) -> Iterator[tuple[uuid.UUID, Next]]:
    yield from _images(session, on, cases)
    for row in deadlines.in_force_on("facts", on):
        yield from _terms(session, row, on, cases)
    yield from _steps(session, on, cases)
    yield from _reminders(session, on, cases)


def _of(column: Any, cases: Cases) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401 - a column of ids
    return () if cases is None else (column.in_(cases),)


def _suffered(*columns: Any, cases: Cases) -> Select[Any]:  # noqa: ANN401 - columns of any record
    """Facts somebody suffered who has a case."""
    return (
        select(Case.id.label("case_id"), *columns)
        .join(Involvement, Involvement.person_id == Case.person_id)
        .join(Incident, Incident.id == Involvement.incident_id)
        .where(Involvement.role.in_(SUFFERED), *_of(Case.id, cases))
    )


# ---- images


def _images(session: Session, on: dt.date, cases: Cases) -> Iterator[tuple[uuid.UUID, Next]]:
    """Facts of the last weeks whose images nobody asked for yet."""
    made = uuid.UUID(int=int(dt.datetime.combine(on - IMAGES_BACK, dt.time.min, dt.UTC).timestamp() * 1000) << 80)
    recent = or_(happened(on - IMAGES_BACK, on), and_(Incident.occurred.in_(("", "?")), Incident.id >= made))
    rows = session.execute(_suffered(Incident.id, Incident.occurred, cases=cases).where(recent)).all()
    ids = sorted({row.id for row in rows})
    told: dict[uuid.UUID, list[tuple[str, str]]] = defaultdict(list)
    asked: set[uuid.UUID] = set()
    for at in range(0, len(ids), _BATCH):
        batch = ids[at : at + _BATCH]
        asked |= cameras.asked(session, batch)
        for incident_id, kind, value in session.execute(
            select(Assertion.incident_id, Assertion.kind, Assertion.value)
            .where(Assertion.incident_id.in_(batch), Assertion.kind.in_(_FILMED))
            .order_by(Assertion.position, Assertion.id)
        ):
            told[incident_id].append((kind, value))
    known: dict[tuple[str, tuple[tuple[str, str], ...]], Next | None] = {}
    for row in rows:
        if row.id in asked:
            continue
        key = row.occurred, tuple(told[row.id])
        if key not in known:
            known[key] = _of_cameras(*key, on)
        found = known[key]
        if found is not None:
            yield row.case_id, found


def _of_cameras(occurred: str, told: tuple[tuple[str, str], ...], on: dt.date) -> Next | None:
    assertions = [Assertion(kind=kind, value=value) for kind, value in told]
    kept = cameras.of_incident(Incident(occurred=occurred, assertions=assertions), on).kept
    if not kept:
        return None
    return Next("perte_preuve", kept[0].last or on, on, f"Images\u00a0: {kept[0].sentence}")


# ---- prescriptions


def _terms(session: Session, row: Deadline, on: dt.date, cases: Cases) -> Iterator[tuple[uuid.UUID, Next]]:
    until = on + AHEAD
    about = and_(happened(*window(row, on, until)), Incident.kind.in_(row.incident_kinds))
    rows = session.execute(_suffered(Incident.id, Incident.occurred, cases=cases).where(about)).all()
    if not rows:
        return
    classes, interrupted = _qualified(session, about, on)
    known: dict[str, Due | None] = {}
    for each in rows:
        if each.id in interrupted or (each.id in classes and row.offence_class not in classes[each.id]):
            continue
        if each.occurred not in known:
            known[each.occurred] = due(row, PartialDate.parse(each.occurred or "?"), on)
        found = known[each.occurred]
        if found is not None and found.state != "past" and found.day <= until:
            yield each.case_id, _next(found, on)


def _qualified(
    session: Session, about: ColumnElement[bool], on: dt.date
) -> tuple[dict[uuid.UUID, set[str]], set[uuid.UUID]]:
    """By facts: the classes of offences that referrals name, and those whose term an act interrupted."""
    classes: dict[uuid.UUID, set[str]] = {}
    interrupted: set[uuid.UUID] = set()
    for incident_id, named, status in session.execute(
        select(Incident.id, Referral.offences, ReferralParty.status)
        .join(ReferralIncident, ReferralIncident.incident_id == Incident.id)
        .join(Referral, Referral.id == ReferralIncident.referral_id)
        .outerjoin(ReferralParty, ReferralParty.referral_id == Referral.id)
        .where(about, or_(Referral.offences != [], ReferralParty.status.in_(INTERRUPTED)))
    ):
        found = classes_of(named, on)
        if found:
            classes.setdefault(incident_id, set()).update(found)
        if status in INTERRUPTED:
            interrupted.add(incident_id)
    return classes, interrupted


def _next(found: Due, on: dt.date) -> Next:
    row = found.deadline
    return Next(row.kind, found.day, max(found.day, on) if row.clock == "opens" else found.day, found.sentence)


# ---- steps of referrals


def _steps(session: Session, on: dt.date, cases: Cases) -> Iterator[tuple[uuid.UUID, Next]]:
    rows = deadlines.in_force_on("step", on)
    found = session.execute(
        select(
            ReferralStep.status, ReferralStep.occurred_on, ReferralParty.id, ReferralParty.case_id,
            ReferralParty.status.label("now"), Referral.id.label("referral_id"), Referral.procedure, Referral.offences,
        )
        .join(ReferralParty, ReferralStep.party_id == ReferralParty.id)
        .join(Referral, ReferralParty.referral_id == Referral.id)
        .where(
            recent_steps(on),
            ReferralParty.status.in_({state for row in rows for state in row.waiting}),
            *_of(ReferralParty.case_id, cases),
        )
        .order_by(ReferralStep.occurred_on.desc(), ReferralStep.id.desc())
    ).all()  # fmt: skip
    channels = _channels(session, {each.referral_id for each in found})
    seen: set[tuple[str, uuid.UUID]] = set()
    for each in found:
        for row in rows:
            runs = each.status in row.steps and each.now in row.waiting and each.procedure in row.procedures
            if not runs or (row.code, each.id) in seen:
                continue
            seen.add((row.code, each.id))  # the last step that starts it, for each party
            opens = row.kind != "ouverture_droit" or opens_a_right(each.offences, channels[each.referral_id], on)
            counted = due(row, PartialDate.on(each.occurred_on), on) if opens else None
            if counted is not None and counted.day <= on + AHEAD:
                yield each.case_id, _next(counted, on)


def _channels(session: Session, referrals: Collection[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """By which ways each referral left."""
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    ids = sorted(referrals)
    for at in range(0, len(ids), _BATCH):
        for referral_id, channel in session.execute(
            select(Departure.referral_id, Departure.channel).where(
                Departure.referral_id.in_(ids[at : at + _BATCH]), Departure.draft.is_(False)
            )
        ):
            if referral_id is not None:
                found[referral_id].add(channel)
    return found


# ---- reminders


def _reminders(session: Session, on: dt.date, cases: Cases) -> Iterator[tuple[uuid.UUID, Next]]:
    """Of the case itself, or of a referral it is a party of."""
    due_ = Reminder.done_on.is_(None), Reminder.due_on <= on + AHEAD
    own = select(Reminder.case_id, Reminder.due_on).where(*due_, Reminder.case_id.is_not(None))
    joined = (
        select(ReferralParty.case_id, Reminder.due_on)
        .join(Reminder, Reminder.referral_id == ReferralParty.referral_id)
        .where(*due_)
    )
    for asked in (own.where(*_of(Reminder.case_id, cases)), joined.where(*_of(ReferralParty.case_id, cases))):
        for case_id, day in session.execute(asked):
            if case_id is not None:
                yield case_id, Next("rappel_interne", day, day, "Rappel noté dans le dossier")
