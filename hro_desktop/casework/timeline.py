# SPDX-License-Identifier: GPL-3.0-or-later
"""The timeline of a case: facts, accounts, evidence, steps, departures, contacts, the last day first.

Each source ends at a number of rows, and so does the whole: what is older is on the tab of its noun.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import Final

import attrs
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hro_desktop.casework import cases, departures, facts, incidents, overview, statements
from hro_desktop.casework.fields import french_day as day_in_france
from hro_desktop.law import vocabulary
from hro_desktop.records.agenda import Appointment, ContactNote, Mail
from hro_desktop.records.cases import Case
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.incidents import Incident
from hro_desktop.records.referrals import Referral, ReferralParty, ReferralStep
from hro_desktop.records.statements import Statement
from hro_desktop.rules import grammar
from hro_desktop.rules.dates import PartialDate, french_day

__all__ = ["MOST", "Moment", "of_case"]

MOST: Final = 80
UNKNOWN: Final = "jour inconnu"
_NB = "\u00a0"


@attrs.frozen(kw_only=True)
class Moment:
    """One line of the timeline.

    Args:
        when: in words: « 12 octobre 2026 », « vers 2024 », « jour inconnu ».
        on: its last possible day, by which the lines are ordered; `None` when nothing is known.
        exact: whether that is one known day.
        kind: `incident`, `statement`, `sealed`, `evidence`, `step`, `departure`, `contact`, `mail` or `appointment`.
        title: what happened.
        detail: what goes with it.
        table: of the record to go to.
        record_id: of that record.
    """

    when: str
    on: dt.date | None
    kind: str
    title: str
    detail: str = ""
    table: str
    record_id: uuid.UUID
    exact: bool = True


def of_case(session: Session, case_id: uuid.UUID, on: dt.date, limit: int = MOST) -> tuple[Moment, ...]:
    """What happened in a case up to that day, the last first, at most so many lines.

    Raises:
        Fault: `case.gone`.
    """
    case = cases.by_id(session, case_id)
    happened = incidents.of_person(session, case.person_id)
    told = [each.id for each in happened]
    accounts = overview.accounts_of(session, case, told)
    found = [
        *(_incident(each) for each in happened),
        *(moment for each in accounts for moment in _statement(session, each)),
        *_evidence(overview.evidence_of(session, case, told, [each.id for each in accounts])),
        *_steps(session, case, limit),
        *_departures(session, case, limit),
        *_contacts(session, case, limit),
        *_mail(session, case, limit),
        *_met(session, case, on, limit),
    ]
    return tuple(sorted(found, key=_order)[:limit])


def _order(moment: Moment) -> tuple[int, str]:
    # the last day first; what happened on a day nobody knows comes last
    return (-moment.on.toordinal() if moment.on is not None else 1, str(moment.record_id))


def _on(day: dt.date | None) -> tuple[str, dt.date | None]:
    return (french_day(day) if day else UNKNOWN, day)


def _incident(each: Incident) -> Moment:
    known = PartialDate.parse(each.occurred or "?")
    what = each.title or vocabulary.label("incident_kinds", each.kind)
    where = [f"«{_NB}{each.site.name}{_NB}»" if each.site else "", each.place, facts.commune_name(each)]
    return Moment(
        when=known.french_bare() or UNKNOWN,
        on=known.latest,
        kind="incident",
        title=f"Faits — {what}",
        detail=", ".join(part for part in where if part),
        table="incident",
        record_id=each.id,
        exact=known.exact,
    )


def _statement(session: Session, each: Statement) -> Iterator[Moment]:
    who = f"{statements.kind_label(session, each)}, {facts.formal_name(each.author)}"
    if each.taken_on:
        day, on = _on(each.taken_on)
        title = f"Recueilli{_NB}: {who}"
        yield Moment(when=day, on=on, kind="statement", title=title, table="statement", record_id=each.id)
    for version in each.versions:
        if version.sealed_at is not None:
            day, on = _on(day_in_france(version.sealed_at))
            read = f"relue le {french_day(version.read_back_on)}" if version.read_back_on else ""
            yield Moment(
                when=day,
                on=on,
                kind="sealed",
                title=f"Version {version.number} figée{_NB}: {who}",
                detail=read,
                table="statement",
                record_id=each.id,
            )
    if each.withdrawn_on:
        day, on = _on(each.withdrawn_on)
        title = f"Retiré{_NB}: {who}"
        yield Moment(when=day, on=on, kind="statement", title=title, table="statement", record_id=each.id)


def _evidence(items: Sequence[Evidence]) -> Iterator[Moment]:
    """What came the same day in one line: « 14 photos, 1 vidéo »."""
    by_day: dict[dt.date, list[Evidence]] = {}
    for each in items:
        by_day.setdefault(each.received_on or day_in_france(each.deposited_at), []).append(each)
    for came, together in by_day.items():
        day, on = _on(came)
        kinds: dict[str, int] = {}
        for each in together:
            kinds[each.kind] = kinds.get(each.kind, 0) + 1
        said = ", ".join(f"{vocabulary.label('evidence_kinds', kind)} ({number})" for kind, number in kinds.items())
        alone = len(together) == 1
        yield Moment(
            when=day,
            on=on,
            kind="evidence",
            title=together[0].title if alone else f"{grammar.counted(len(together), 'pièce')} versées",
            detail=vocabulary.label("evidence_kinds", together[0].kind) if alone else said,
            table="evidence" if alone else "",
            record_id=together[0].id,
        )


def _steps(session: Session, case: Case, limit: int) -> Iterator[Moment]:
    found = session.execute(
        select(ReferralStep, Referral)
        .join(ReferralParty, ReferralStep.party_id == ReferralParty.id)
        .join(Referral, ReferralParty.referral_id == Referral.id)
        .where(ReferralParty.case_id == case.id)
        .order_by(ReferralStep.occurred_on.desc(), ReferralStep.id.desc())
        .limit(limit)
    ).all()
    for step, referral in found:
        day, on = _on(step.occurred_on)
        word = vocabulary.label("party_states", step.status)
        yield Moment(
            when=day,
            on=on,
            kind="step",
            title=f"{vocabulary.label('procedures', referral.procedure)}{_NB}: {word}",
            detail=" · ".join(part for part in (referral.reference, step.note) if part),
            table="referral",
            record_id=referral.id,
        )


def _departures(session: Session, case: Case, limit: int) -> Iterator[Moment]:
    for gone in departures.of_person(session, case.person_id)[-limit:]:
        day, on = _on(day_in_france(gone.left_at))
        count = grammar.counted(len(gone.files), "fichier")
        state = [count, "en brouillon" if gone.draft else "", "l’écriture a échoué" if gone.failed else ""]
        yield Moment(
            when=day,
            on=on,
            kind="departure",
            title=f"Parti vers {gone.to}",
            detail=" · ".join(part for part in (gone.channel, *state) if part),
            table="departure",
            record_id=gone.departure_id,
        )


def _contacts(session: Session, case: Case, limit: int) -> Iterator[Moment]:
    found = session.scalars(
        select(ContactNote)
        .where(ContactNote.person_id == case.person_id)
        .order_by(ContactNote.contacted_on.desc(), ContactNote.id.desc())
        .limit(limit)
    )
    for each in found:
        day, on = _on(each.contacted_on)
        means = vocabulary.label("contact_means", each.means)
        yield Moment(
            when=day,
            on=on,
            kind="contact",
            title=f"Contact ({means})" if each.reached else f"Essai sans réponse ({means})",
            detail=each.words,
            table="contact_note",
            record_id=each.id,
        )


def _mail(session: Session, case: Case, limit: int) -> Iterator[Moment]:
    mine = or_(Mail.case_id == case.id, Mail.person_id == case.person_id)
    found = session.scalars(select(Mail).where(mine).order_by(Mail.received_on.desc(), Mail.id.desc()).limit(limit))
    for each in found:
        day, on = _on(each.received_on)
        passed = f"transmis le {french_day(each.passed_on)}" if each.passed_on else "à transmettre"
        yield Moment(
            when=day,
            on=on,
            kind="mail",
            title=f"Courrier reçu{_NB}: {each.sender}",
            detail=" · ".join(part for part in (each.subject, passed) if part),
            table="mail",
            record_id=each.id,
        )


def _met(session: Session, case: Case, today: dt.date, limit: int) -> Iterator[Moment]:
    """Meetings that took place; those to come are not history."""
    found = session.scalars(
        select(Appointment)
        .where(
            or_(Appointment.case_id == case.id, Appointment.person_id == case.person_id),
            Appointment.state != "prevu",
            Appointment.planned_on <= today,
        )
        .order_by(Appointment.planned_on.desc(), Appointment.id.desc())
        .limit(limit)
    )
    yield from (_appointment(each) for each in found)


def _appointment(each: Appointment) -> Moment:
    day, on = _on(each.planned_on)
    return Moment(
        when=day,
        on=on,
        kind="appointment",
        title=f"Rendez-vous{_NB}: {vocabulary.label('appointment_purposes', each.purpose)}",
        detail=vocabulary.label("appointment_states", each.state),
        table="appointment",
        record_id=each.id,
    )
