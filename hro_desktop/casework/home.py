# SPDX-License-Identifier: GPL-3.0-or-later
"""What the home page shows: what presses, what can leave, today, letters to pass on, where one was.

Each part is a function of its own and ends at a number of rows, read through indexes: none looks at every case. People
are initials or pseudonyms; no officer, number or plate stands there, and the reasons of a state are words of ours.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from hro_desktop.casework import agenda, drafts, facts, identities, outings
from hro_desktop.casework.deadlines import Press, pressing
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.home_readiness import Leaving, can_leave
from hro_desktop.law import deadlines as clocks
from hro_desktop.law import vocabulary
from hro_desktop.records.agenda import Appointment, Mail, Reminder
from hro_desktop.records.base import Base
from hro_desktop.records.cases import Case
from hro_desktop.records.dispatches import Dispatch
from hro_desktop.records.evidence import EvidenceStatement
from hro_desktop.records.incidents import Incident, Involvement
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.outings import Outing
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.records.statements import Statement, StatementVersion
from hro_desktop.rules.dates import PartialDate, french_day, french_time
from hro_desktop.rules.people import discreet

__all__ = [
    "Home",
    "Leaving",
    "Received",
    "Resumed",
    "Today",
    "can_leave",
    "departing",
    "mail_to_pass_on",
    "met",
    "of",
    "pressing",
    "resume",
    "today",
]

_NB = "\u00a0"
LINES, MAIL, RESUMED, READ = 20, 10, 6, 400
"""Lines of the day, letters, records to go on with, and journal lines read for these."""
LEAVING = dt.timedelta(days=14)


@attrs.frozen(kw_only=True)
class Today:
    """One line of the day: `kind` is `outing`, `appointment` or `leaving` (somebody leaves, today or soon)."""

    kind: str
    day: dt.date
    time: str
    title: str
    detail: str
    word: str
    table: str
    record_id: uuid.UUID
    case_id: uuid.UUID | None = None


@attrs.frozen(kw_only=True)
class Received:
    """One letter to pass on: it counts as notified (`legal`, with its `source`), whether the person knows or not."""

    title: str
    detail: str
    received_on: dt.date
    registered: bool
    legal: str
    source: str
    record_id: uuid.UUID
    case_id: uuid.UUID | None
    person_id: uuid.UUID | None


@attrs.frozen(kw_only=True)
class Resumed:
    """Something one worked on: saved, or (`unsaved`) still being typed; `kind` is the table of the record."""

    title: str
    detail: str
    at: dt.datetime
    unsaved: bool
    kind: str
    record_id: uuid.UUID


@attrs.frozen
class Home:
    """The whole page on one day."""

    on: dt.date
    presses: tuple[Press, ...]
    can_leave: tuple[Leaving, ...]
    today: tuple[Today, ...]
    mail_to_pass_on: tuple[Received, ...]
    resume: tuple[Resumed, ...]


def of(desk: Desk) -> Home:
    """The whole page; a window may ask for each part on its own, `can_leave` is the slow one."""
    on = desk.today()
    with desk.read() as session:
        return Home(
            on,
            pressing(session, on),
            can_leave(session, desk),
            today(session, on),
            mail_to_pass_on(session, on),
            resume(session, desk.vault.slot_id),
        )


# ---- today


def today(session: Session, on: dt.date, limit: int = LINES) -> tuple[Today, ...]:
    """The outing, the meetings of the day in their order, then who leaves within two weeks."""
    planned = session.scalars(
        select(Appointment)
        .where(
            Appointment.state == "prevu",
            or_(
                Appointment.planned_on == on,
                (Appointment.purpose == "depart") & Appointment.planned_on.between(on, on + LEAVING),
            ),
        )
        .order_by(Appointment.planned_on, Appointment.time_from, Appointment.id)
        .limit(limit)
    ).all()
    meet = [met(session, each) for each in planned if each.purpose != "depart"]
    left = [departing(session, each) for each in planned if each.purpose == "depart"]
    return (*_outings(session, on, limit), *meet, *left)


def _outings(session: Session, on: dt.date, limit: int) -> Iterator[Today]:
    """The outings of the day, in a vault that keeps them."""
    table = Base.metadata.tables.get("outing")
    if table is None:
        return
    rows = session.execute(
        select(table.c.id, table.c.territory, table.c.time_from, table.c.time_to)
        .where(table.c.occurred_on == on)
        .order_by(table.c.time_from, table.c.id)
        .limit(limit)
    )
    for row in rows:
        times = " – ".join(each for each in (row.time_from, row.time_to) if each)
        where = vocabulary.label("territories", row.territory) if row.territory else ""
        yield Today(
            kind="outing",
            day=on,
            time=row.time_from,
            title=f"Sortie {where}".strip(),
            detail=times,
            word="ouvrir",
            table="outing",
            record_id=row.id,
        )


def met(session: Session, each: Appointment) -> Today:
    """A meeting in a line: with whom, when, for what."""
    person = agenda.person_of(session, each)
    interpreter = session.get(Person, each.interpreter_id) if each.interpreter_id else None
    parts = [
        vocabulary.label("appointment_purposes", each.purpose),
        vocabulary.label("appointment_places", each.place_kind) if each.place_kind else "",
        f"interprète {facts.initials(interpreter)}" if interpreter else "",
    ]
    at = french_time(each.time_from).removeprefix("à ")
    who = facts.initials(person) if person else ""
    return Today(
        kind="appointment",
        day=each.planned_on,
        time=each.time_from,
        title=", ".join(part for part in (f"Rendez-vous {who}".strip(), at) if part),
        detail=", ".join(part for part in parts if part),
        word="pochette",
        table="appointment",
        record_id=each.id,
        case_id=each.case_id,
    )


def departing(session: Session, each: Appointment) -> Today:
    """Somebody leaves: what that person saw and has not attested yet."""
    person = agenda.person_of(session, each)
    who = facts.initials(person) if person else ""
    return Today(
        kind="leaving",
        day=each.planned_on,
        time=each.time_from,
        title=f"Départ de {who}, {french_day(each.planned_on)}",
        detail=_unattested(session, person.id) if person else "",
        word="rappel",
        table="appointment",
        record_id=each.id,
        case_id=each.case_id,
    )


def _unattested(session: Session, person_id: uuid.UUID) -> str:
    """« Présent·e le 12 octobre 2026 : attestation pas encore écrite », for the last facts somebody witnessed."""
    seen = session.execute(
        select(Incident.occurred)
        .join(Involvement)
        .where(Involvement.person_id == person_id, Involvement.role.in_(("temoin", "observateur", "present")))
        .order_by(Incident.occurred.desc())
        .limit(1)
    ).scalar()
    written = session.scalars(
        select(Statement.id).where(Statement.author_id == person_id, Statement.withdrawn_on.is_(None)).limit(1)
    ).first()
    if seen is None:
        return ""
    signed = (
        written
        and session.scalars(
            select(EvidenceStatement.evidence_id).where(
                EvidenceStatement.statement_id.in_(select(Statement.id).where(Statement.author_id == person_id)),
                EvidenceStatement.role == "signed",
            )
        ).first()
    )
    if signed:
        return ""
    when = PartialDate.parse(seen or "?").french()
    return f"présent·e {when}{_NB}: attestation pas encore {'signée' if written else 'écrite'}"


# ---- letters received


def mail_to_pass_on(session: Session, on: dt.date, limit: int = MAIL) -> tuple[Received, ...]:
    """Letters nobody passed on yet, the oldest first: each counts as notified to the person."""
    row = clocks.deadline("adresse_declaree", on)
    found = session.scalars(
        select(Mail).where(Mail.passed_on.is_(None)).order_by(Mail.received_on, Mail.id).limit(limit)
    ).all()
    made = []
    for each in found:
        person = agenda.person_of(session, each)
        names = {name: facts.initials(person) for name in identities.names_of(person)} if person else {}
        days = (on - each.received_on).days
        when = {0: "reçu aujourd’hui", 1: "reçu hier"}.get(days, f"reçu le {french_day(each.received_on)}")
        whom = f"pour {facts.initials(person)}" if person else "on ne sait pas encore pour qui"
        known = row.sentence if person else ""
        detail = f"{when}, {whom}" + (f" · {known[:1].lower()}{known[1:]}{_NB}: {row.detail}" if known else "")
        made.append(
            Received(
                title=discreet(" — ".join(part for part in (each.sender, each.subject) if part), names),
                detail=detail,
                received_on=each.received_on,
                registered=each.registered,
                legal=f"{row.sentence}{_NB}: {row.detail}",
                source=row.shown_source,
                record_id=each.id,
                case_id=each.case_id,
                person_id=person.id if person else None,
            )
        )
    return tuple(made)


# ---- where one was


def resume(session: Session, actor: str, limit: int = RESUMED) -> tuple[Resumed, ...]:
    """What is being typed, then the last records this key slot wrote, each once: the end of the journal is read."""
    typed = list(_typed(session, limit))
    seen = {each.record_id for each in typed}
    end = select(func.coalesce(func.max(JournalLine.n), 0)).scalar_subquery()
    last = session.execute(
        select(JournalLine.utc, JournalLine.action, JournalLine.object)
        .where(JournalLine.n > end - READ, JournalLine.actor == actor)
        .order_by(JournalLine.n.desc())
    ).all()
    found = typed
    for utc, action, object_id in last:
        if len(found) >= limit:
            break
        kind, _, verb = action.partition(".")
        record_id = _as_id(object_id)
        if kind not in NEW or verb not in ("created", "changed") or record_id is None or record_id in seen:
            continue
        title = _titled(session, kind, record_id)
        if title:
            seen.add(record_id)
            at = dt.datetime.fromisoformat(utc)
            found.append(Resumed(title=title, detail=NEW[kind], at=at, unsaved=False, kind=kind, record_id=record_id))
    return tuple(found[:limit])


def _typed(session: Session, limit: int) -> Iterator[Resumed]:
    """What is being typed, each record once: an account is kept under its words and under the rest of it."""
    seen: set[tuple[str, uuid.UUID]] = set()
    for each in drafts.pending(session, 2 * limit):
        kind, record_id = _typed_of(session, each)
        if (kind, record_id) in seen or len(seen) == limit:
            continue
        seen.add((kind, record_id))
        yield Resumed(
            title=_titled(session, kind, record_id) or NEW.get(kind, "Brouillon"),
            detail="pas encore enregistré",
            at=each.updated_at,
            unsaved=True,
            kind=kind,
            record_id=record_id,
        )


def _typed_of(session: Session, kept: drafts.Kept) -> tuple[str, uuid.UUID]:
    """The record an editor was open on, by its table."""
    if kept.kind == "statement_version":
        version = session.get(StatementVersion, kept.record_id)
        if version is not None:
            return "statement", version.statement_id
    if kept.kind == "dispatch_change":
        dispatch = session.get(Dispatch, kept.record_id)
        if dispatch is not None:
            return kept.kind, dispatch.referral_id
    return "statement" if kept.kind == "statement_about" else kept.kind.partition(".")[0], kept.record_id


NEW: Mapping[str, str] = {
    "flash": "Fiche éclair",
    "person": "Personne",
    "case": "Dossier",
    "outing": "Sortie",
    "outing.day": "Sortie",
    "incident": "Faits",
    "statement": "Récit ou attestation",
    "referral": "Saisine",
    "appointment": "Rendez-vous",
    "reminder": "Rappel",
    "mail": "Courrier reçu",
}
"""Records one goes back to, and what their editor is called while they have no title."""


def _as_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _titled(session: Session, kind: str, record_id: uuid.UUID) -> str:
    """What names a record without naming anybody; nothing for one that is not there."""
    if kind not in _TITLES:
        return ""
    record_class, said = _TITLES[kind]
    record = session.get(record_class, record_id)
    return said(record) if record is not None else ""


def _incident(incident: Incident) -> str:
    day = PartialDate.parse(incident.occurred or "?")
    what = vocabulary.label("incident_kinds", incident.kind)
    where = incident.site.name if incident.site else facts.commune_name(incident)
    return ", ".join(part for part in (f"{what} {day.french_of()}" if day.known else what, where) if part)


def _referral(referral: Referral) -> str:
    people = list(dict.fromkeys(facts.initials(party.case.person) for party in referral.parties))
    return " — ".join([vocabulary.label("procedures", referral.procedure), *people[:1]])


_TITLES: Mapping[str, tuple[type[Any], Callable[[Any], str]]] = {
    "person": (Person, facts.initials),
    "case": (Case, lambda each: f"{facts.initials(each.person)} — {each.reference}"),
    "outing": (Outing, outings.title),
    "incident": (Incident, _incident),
    "statement": (Statement, lambda each: f"{facts.initials(each.author)} — {each.reference}"),
    "referral": (Referral, _referral),
    "event": (Referral, lambda each: f"Événement à noter — {_referral(each)}"),
    "dispatch_note": (Referral, lambda each: f"Envoi à noter — {_referral(each)}"),
    "dispatch_change": (Referral, lambda each: f"Envoi à corriger — {_referral(each)}"),
    "dispatch_copy": (Referral, lambda each: f"Copie à noter — {_referral(each)}"),
    "appointment": (Appointment, lambda each: f"Rendez-vous du {french_day(each.planned_on)}"),
    "reminder": (Reminder, lambda each: f"Rappel pour le {french_day(each.due_on)}"),
    "mail": (Mail, lambda each: f"Courrier reçu le {french_day(each.received_on)}"),
}
"""How each record is titled."""
