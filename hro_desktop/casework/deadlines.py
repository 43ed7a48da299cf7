# SPDX-License-Identifier: GPL-3.0-or-later
"""What presses: images about to be erased, rights that open, legal terms, reminders of our own.

Lists for the home page are read through indexes and end at a number of rows: facts by their day, steps by theirs,
reminders by the day they are due. Nobody is named there and no officer, number or plate is shown.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import attrs
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, selectinload

from hro_desktop.casework import cameras, facts, identities, incidents
from hro_desktop.law import deadlines, offences, vocabulary
from hro_desktop.law.deadlines import Deadline
from hro_desktop.records.agenda import Reminder
from hro_desktop.records.cases import Case
from hro_desktop.records.departures import Departure
from hro_desktop.records.incidents import Assertion, Incident, Involvement
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral, ReferralIncident, ReferralParty, ReferralStep
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.rules.dates import PartialDate, add_months, french_day
from hro_desktop.rules.deadlines import Due, due
from hro_desktop.rules.images import Kept
from hro_desktop.rules.people import discreet

__all__ = [
    "AHEAD",
    "IMAGES_BACK",
    "INTERRUPTED",
    "KINDS",
    "SUFFERED",
    "Press",
    "classes_of",
    "happened",
    "of_case",
    "of_incident",
    "of_referral",
    "opens_a_right",
    "pressing",
    "recent_steps",
    "reminders",
    "window",
]

_NB = "\u00a0"
SUFFERED = ("plaignant", "victime")
INTERRUPTED = ("pcpc_deposee", "consignation_fixee", "information", "renvoi", "non_lieu", "jugee", "poursuites")
"""States after which a prescription no longer runs as it did: a person follows it."""
KINDS = ("perte_preuve", "echeance_legale", "ouverture_droit", "rappel_interne")
CANDIDATES = 60
"""Rows read of each kind before they are counted: beyond, the oldest are left out."""
IMAGES_BACK, LATE = dt.timedelta(days=70), dt.timedelta(days=60)
AHEAD = dt.timedelta(days=365)
"""How far ahead terms, rights and reminders are looked for."""


@attrs.frozen(kw_only=True)
class Press:
    """One thing with a day, of one of the four kinds of dates.

    Args:
        kind: code of the list `date_kinds`; `kind_label` the words.
        day: the last day, the day to work with, or the first day a right is open.
        act_on: the day by which to act: images are asked for the same day.
        legal_on: the legal day, when `day` is the prudent one.
        hour: of `day`, `HH:MM`, when it is known.
        state: `to_come`, `open`, `doubtful`, `past`.
        title: what it is.
        detail: facts of which day, whom by initials, what to know.
        working: how it was counted.
        source: the text, « à vérifier » included; empty for a reminder.
        table: of the record to go to.
        record_id: of that record.
        case_ids: cases it is about.
    """

    kind: str
    kind_label: str
    day: dt.date
    act_on: dt.date
    legal_on: dt.date | None = None
    hour: str = ""
    state: str = "to_come"
    title: str
    detail: str = ""
    working: str = ""
    source: str = ""
    table: str
    record_id: uuid.UUID
    case_ids: tuple[uuid.UUID, ...] = ()


def pressing(session: Session, on: dt.date, *, limit: int = 20, within: dt.timedelta = AHEAD) -> tuple[Press, ...]:
    """What presses in the whole vault: by the day to act, at most so many of them.

    Args:
        session: the vault.
        on: today.
        limit: how many in all.
        within: how far ahead terms, rights and reminders are looked for.
    """
    found = [
        *_images(session, on),
        *_terms(session, on, on + within),
        *_steps(session, on, on + within),
        *_reminders(session, Reminder.due_on <= on + within),
    ]
    return tuple(sorted(found, key=_order)[:limit])


def of_case(session: Session, case: Case, on: dt.date) -> tuple[Press, ...]:
    """Everything that runs in one case, however far."""
    happened = incidents.of_person(session, case.person_id)
    found = [press for incident in happened for press in of_incident(session, incident, on)]
    found += _steps_of(session, ReferralParty.case_id == case.id, on)
    mine = select(ReferralParty.referral_id).where(ReferralParty.case_id == case.id)
    found += _reminders(session, or_(Reminder.case_id == case.id, Reminder.referral_id.in_(mine)))
    return tuple(sorted(found, key=_order))


def of_referral(session: Session, referral_id: uuid.UUID, on: dt.date) -> tuple[Press, ...]:
    """What the steps of one referral open or make urgent, and the reminders about it."""
    found = _steps_of(session, ReferralParty.referral_id == referral_id, on)
    found += _reminders(session, Reminder.referral_id == referral_id)
    return tuple(sorted(found, key=_order))


def of_incident(session: Session, incident: Incident, on: dt.date) -> tuple[Press, ...]:
    """The images and the terms of one incident, however far."""
    asked = bool(cameras.asked(session, [incident.id]))
    people = _people(session, [incident.id])
    found = [] if asked else list(_images_of(incident, people.get(incident.id, ()), on))
    found += _terms_of(session, incident, people.get(incident.id, ()), deadlines.in_force_on("facts", on), on)
    return tuple(sorted(found, key=_order))


def _order(press: Press) -> tuple[dt.date, int, dt.date, uuid.UUID]:
    """By the day to act; of one day, what cannot be had back first."""
    return press.act_on, KINDS.index(press.kind), press.day, press.record_id


def _label(kind: str) -> str:
    return vocabulary.label("date_kinds", kind)


# ---- images


def _images(session: Session, on: dt.date) -> Iterator[Press]:
    """Facts of the last weeks whose cameras somebody noted, or that somebody suffered."""
    filmed = select(Assertion.incident_id).where(Assertion.incident_id == Incident.id, Assertion.kind == "camera")
    suffered = select(Involvement.incident_id).where(
        Involvement.incident_id == Incident.id, Involvement.role.in_(SUFFERED)
    )
    unknown = and_(Incident.occurred.in_(("", "?")), Incident.id >= _first_id(on - IMAGES_BACK))
    recent = session.scalars(
        select(Incident)
        .where(or_(happened(on - IMAGES_BACK, on), unknown), or_(filmed.exists(), suffered.exists()))
        .options(selectinload(Incident.assertions), selectinload(Incident.site))
        .order_by(Incident.occurred.desc(), Incident.id.desc())
        .limit(CANDIDATES)
    ).all()
    done = cameras.asked(session, [each.id for each in recent])
    people = _people(session, [each.id for each in recent])
    for incident in recent:
        if incident.id not in done:
            yield from _images_of(incident, people.get(incident.id, ()), on)


def _images_of(incident: Incident, people: Sequence[tuple[uuid.UUID | None, str]], on: dt.date) -> Iterator[Press]:
    """One line a camera that was noted; one for all, by its first term, when none was."""
    found = cameras.of_incident(incident, on)
    for kept in found.kept if found.noted else found.kept[:1]:
        yield _of_camera(incident, kept, people, on, noted=found.noted)


def _of_camera(
    incident: Incident, kept: Kept, people: Sequence[tuple[uuid.UUID | None, str]], on: dt.date, *, noted: bool
) -> Press:
    where = incident.site.name if incident.site else facts.commune_name(incident)
    what = kept.camera.label if noted else f"aucune caméra notée, premier terme{_NB}: {kept.camera.label}"
    day = PartialDate.parse(incident.occurred or "?")
    parts = [f"faits {day.french_of()}" if day.known else "date des faits à préciser", what, _who(people)]
    return Press(
        kind="perte_preuve",
        kind_label=_label("perte_preuve"),
        day=kept.last or on,
        act_on=on,
        hour=kept.hour,
        state="doubtful" if kept.state == "doubtful" else "to_come",
        title=f"Images{f' ({where})' if where else ''}{_NB}: écrire au procureur, puis à qui les détient",
        detail=" · ".join(part for part in parts if part),
        working=kept.sentence,
        source=kept.source,
        table="incident",
        record_id=incident.id,
        case_ids=_cases(people),
    )


def happened(first: dt.date, last: dt.date, column: Any = Incident.occurred) -> ColumnElement[bool]:  # noqa: ANN401
    """Facts of these days, found through the index: dates known to the day sort as text, the others are named."""
    months, month = set(), first.replace(day=1)
    while month <= last:
        months |= {f"{month:%Y-%m}", f"{month:%Y-%m}~"}
        month = add_months(month, 1)
    years = {f"{year}{about}" for year in range(first.year, last.year + 1) for about in ("", "~")}
    return or_(
        column.between(first.isoformat(), f"{last.isoformat()}~"),
        column.in_(sorted(months | years)),
    )


def _first_id(day: dt.date) -> uuid.UUID:
    """The least id a record made that day can have (UUIDv7)."""
    instant = dt.datetime.combine(day, dt.time.min, dt.UTC)
    return uuid.UUID(int=int(instant.timestamp() * 1000) << 80)


# ---- prescriptions


def _terms(session: Session, on: dt.date, until: dt.date) -> Iterator[Press]:
    """Prescriptions whose day comes before `until`, of facts that somebody with a case suffered."""
    complained = (
        select(Involvement.incident_id)
        .join(Case, Case.person_id == Involvement.person_id)
        .where(Involvement.incident_id == Incident.id, Involvement.role.in_(SUFFERED))
    )
    for row in deadlines.in_force_on("facts", on):
        found = session.scalars(
            select(Incident)
            .where(
                happened(*window(row, on, until)),
                Incident.kind.in_(row.incident_kinds),
                complained.exists(),
            )
            .order_by(Incident.occurred, Incident.id)
            .limit(CANDIDATES)
        ).all()
        people = _people(session, [each.id for each in found])
        for incident in found:
            for press in _terms_of(session, incident, people.get(incident.id, ()), (row,), on):
                if press.day <= until:
                    yield press


def window(row: Deadline, on: dt.date, until: dt.date) -> tuple[dt.date, dt.date]:
    """Between which days facts happened whose term comes before `until`."""
    first = add_months(on, -row.months) - dt.timedelta(days=3)
    return first, add_months(until, -row.months) + dt.timedelta(days=row.prudent_days)


def _terms_of(
    session: Session,
    incident: Incident,
    people: Sequence[tuple[uuid.UUID | None, str]],
    rows: Iterable[Deadline],
    on: dt.date,
) -> Iterator[Press]:
    classes, interrupted = _qualified(session, incident, on)
    start = PartialDate.parse(incident.occurred or "?")
    for row in rows:
        if interrupted or incident.kind not in row.incident_kinds or (classes and row.offence_class not in classes):
            continue
        found = due(row, start, on)
        if found is None or found.state == "past":
            continue
        what = vocabulary.label("incident_kinds", incident.kind)
        about = f"{what}, faits {start.french_of()}"
        hint = "" if classes else "selon la qualification"
        yield _of_due(
            found,
            on,
            detail=" · ".join(part for part in (about, _who(people), hint, row.detail) if part),
            target=("incident", incident.id),
            case_ids=_cases(people),
        )


def _qualified(session: Session, incident: Incident, on: dt.date) -> tuple[set[str], bool]:
    """Classes of the offences that referrals name for these facts, and whether an act is known that interrupts."""
    rows = session.execute(
        select(Referral.offences, ReferralParty.status)
        .join(ReferralIncident, ReferralIncident.referral_id == Referral.id)
        .outerjoin(ReferralParty, ReferralParty.referral_id == Referral.id)
        .where(ReferralIncident.incident_id == incident.id)
    ).all()
    named = [code for row in rows for code in row.offences]
    return classes_of(named, on), any(row.status in INTERRUPTED for row in rows)


def classes_of(named: Iterable[str], on: dt.date) -> set[str]:
    """Classes of offences by their codes; what is only a fault of discipline has no term."""
    known = {row.code: row.offence_class for row in offences.offences() if row.holds_on(on)}
    return {known[code] for code in named if code in known} - {"deontologie"}


def _of_due(
    found: Due, on: dt.date, *, detail: str, target: tuple[str, uuid.UUID], case_ids: tuple[uuid.UUID, ...]
) -> Press:
    row = found.deadline
    return Press(
        kind=row.kind,
        kind_label=found.kind,
        day=found.day,
        act_on=max(found.day, on) if row.clock == "opens" else found.day,
        legal_on=found.legal if found.legal != found.day else None,
        state=found.state,
        title=found.sentence,
        detail=detail,
        working=found.working,
        source=row.shown_source,
        table=target[0],
        record_id=target[1],
        case_ids=case_ids,
    )


# ---- steps of referrals


def _steps(session: Session, on: dt.date, until: dt.date) -> Iterator[Press]:
    """Rights that open and marks of our own after the steps of the last months."""
    return (press for press in _steps_of(session, recent_steps(on), on) if press.day <= until)


def recent_steps(on: dt.date) -> ColumnElement[bool]:
    """Steps a clock may still run from."""
    longest = max(row.months * 31 + row.days for row in deadlines.in_force_on("step", on))
    return ReferralStep.occurred_on.between(on - LATE - dt.timedelta(days=longest), on)


def _steps_of(session: Session, wanted: ColumnElement[bool], on: dt.date) -> list[Press]:
    rows = deadlines.in_force_on("step", on)
    found = session.execute(
        select(ReferralStep.status, ReferralStep.occurred_on, ReferralParty, Referral)
        .join(ReferralParty, ReferralStep.party_id == ReferralParty.id)
        .join(Referral, ReferralParty.referral_id == Referral.id)
        .where(wanted, ReferralParty.status.in_({state for row in rows for state in row.waiting}))
        .order_by(ReferralStep.occurred_on.desc(), ReferralStep.id.desc())
        .limit(CANDIDATES)
    ).all()
    shared: dict[tuple[str, uuid.UUID, dt.date], list[ReferralParty]] = {}
    seen: set[tuple[str, uuid.UUID]] = set()
    whole = {referral.id: referral for *_, referral in found}
    for status, occurred_on, party, referral in found:
        for row in rows:
            runs = status in row.steps and party.status in row.waiting and referral.procedure in row.procedures
            # the last step that starts it, for each party
            if runs and (row.code, party.id) not in seen:
                seen.add((row.code, party.id))
                shared.setdefault((row.code, referral.id, occurred_on), []).append(party)
    made = (
        _of_step(session, deadlines.deadline(code, on), whole[referral_id], day, parties=parties, on=on)
        for (code, referral_id, day), parties in shared.items()
    )
    return [press for press in made if press is not None]


def _of_step(
    session: Session, row: Deadline, referral: Referral, day: dt.date, *, parties: Sequence[ReferralParty], on: dt.date
) -> Press | None:
    if row.kind == "ouverture_droit" and not _may_open(session, referral, on):
        return None
    found = due(row, PartialDate.on(day), on)
    if found is None:
        return None
    people = [(party.case_id, facts.initials(party.case.person)) for party in parties]
    state = vocabulary.label("party_states", row.steps[0]) if len(row.steps) == 1 else "dernière étape"
    parts = [_who(people), f"{referral.reference}, {state} le {french_day(day)}", row.detail]
    return _of_due(
        found,
        on,
        detail=" · ".join(part for part in parts if part),
        target=("referral", referral.id),
        case_ids=_cases(people),
    )


def _may_open(session: Session, referral: Referral, on: dt.date) -> bool:
    channels = session.scalars(
        select(Departure.channel).where(Departure.referral_id == referral.id, Departure.draft.is_(False))
    )
    return opens_a_right(referral.offences, set(channels), on)


def opens_a_right(named: Iterable[str], channels: Collection[str], on: dt.date) -> bool:
    """Not for contraventions alone; a complaint left at a police station opens nothing until its copy is sent."""
    known = {row.code: row.offence_class for row in offences.offences() if row.holds_on(on)}
    classes = {known.get(code, "") for code in named}
    return classes != {"contravention"} and not ("commissariat" in channels and not {"lrar", "greffe"} & set(channels))


# ---- reminders


def _reminders(session: Session, wanted: ColumnElement[bool]) -> Iterator[Press]:
    found = session.scalars(
        select(Reminder)
        .where(Reminder.done_on.is_(None), wanted)
        .order_by(Reminder.due_on, Reminder.id)
        .limit(CANDIDATES)
    ).all()
    yield from reminders(session, found)


def reminders(session: Session, found: Iterable[Reminder]) -> Iterator[Press]:
    """Reminders as dates of our own, in words that name nobody."""
    for each in found:
        people = _of_reminder(session, each)
        names = {name: shown for person, shown in people for name in identities.names_of(person)}
        who = session.get(Volunteer, each.volunteer_id) if each.volunteer_id else None
        referral = session.get(Referral, each.referral_id) if each.referral_id else None
        parts = [
            _who([(None, shown) for _, shown in people]),
            referral.reference if referral else "",
            (who.initials or who.name) if who else "",
        ]
        yield Press(
            kind="rappel_interne",
            kind_label=_label("rappel_interne"),
            day=each.due_on,
            act_on=each.due_on,
            title=discreet(each.what, names),
            detail=" · ".join(part for part in parts if part),
            table="reminder",
            record_id=each.id,
            case_ids=(each.case_id,) if each.case_id else (),
        )


def _of_reminder(session: Session, each: Reminder) -> list[tuple[Person, str]]:
    mine = select(ReferralParty.case_id).where(ReferralParty.referral_id == each.referral_id)
    people = session.scalars(
        select(Person).join(Case, Case.person_id == Person.id).where(or_(Case.id == each.case_id, Case.id.in_(mine)))
    ).unique()
    return [(person, facts.initials(person)) for person in people]


# ---- people


def _people(session: Session, incident_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[tuple[uuid.UUID | None, str]]]:
    """Who suffered each incident: case and initials, in the order they were noted."""
    rows = session.execute(
        select(Involvement.incident_id, Case.id, Person)
        .join(Person, Involvement.person_id == Person.id)
        .outerjoin(Case, Case.person_id == Person.id)
        .where(Involvement.incident_id.in_(incident_ids), Involvement.role.in_(SUFFERED))
        .order_by(Involvement.id)
    )
    found: dict[uuid.UUID, list[tuple[uuid.UUID | None, str]]] = {}
    for incident_id, case_id, person in rows:
        known = found.setdefault(incident_id, [])
        if (case_id, facts.initials(person)) not in known:
            known.append((case_id, facts.initials(person)))
    return found


def _who(people: Sequence[tuple[uuid.UUID | None, str]]) -> str:
    """« S. A. et 2 autres »."""
    shown = list(dict.fromkeys(initials for _, initials in people))
    if not shown:
        return ""
    more = len(shown) - 1
    return shown[0] + (f" et {more}{_NB}autre{'s' if more > 1 else ''}" if more else "")


def _cases(people: Iterable[tuple[uuid.UUID | None, str]]) -> tuple[uuid.UUID, ...]:
    return tuple(dict.fromkeys(case_id for case_id, _ in people if case_id is not None))
