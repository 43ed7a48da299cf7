# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything the page of one referral shows once it is on its way: for each complainant, and for all."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import Final

import attrs
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hro_desktop.casework import (
    agenda,
    boxes,
    deadlines,
    departures,
    dispatches,
    facts,
    follow,
    frozen,
    lookup,
    referral_overview,
    referrals,
    steps,
)
from hro_desktop.casework.deadlines import Press
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.dispatches import Sent
from hro_desktop.casework.fields import french_day as day_in_france
from hro_desktop.casework.frozen import Version
from hro_desktop.casework.referrals import PREPARING
from hro_desktop.casework.steps import Bar
from hro_desktop.law import authorities, procedures, vocabulary
from hro_desktop.records.agenda import Mail
from hro_desktop.records.dispatches import Dispatch
from hro_desktop.records.incidents import Incident
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.rules import grammar
from hro_desktop.rules.dates import french_day

__all__ = ["Event", "Followed", "FollowedParty", "Happened", "Letter", "Related", "view"]

_OPEN: Final = "personne n’a dit à quelle saisine il répond"
UNREACHED: Final = dt.timedelta(days=30)
"""After how long without contact somebody counts as hard to reach."""


@attrs.frozen(kw_only=True)
class Event:
    """One event of one complainant: `proof_title` is empty when the proof is missing or gone; `sent` is a sending."""

    id: uuid.UUID
    party_id: uuid.UUID
    status: str
    words: str
    occurred_on: dt.date
    proof_id: uuid.UUID | None
    proof_title: str = attrs.field(repr=False)
    note: str = attrs.field(repr=False)
    sent: bool


@attrs.frozen(kw_only=True)
class FollowedParty:
    """One complainant's part.

    `since` says for how long nothing was heard; `contact` when that person was last reached, `alarm` that it may not
    be possible any more, and why it matters.
    """

    id: uuid.UUID
    case_id: uuid.UUID
    person_id: uuid.UUID
    called: str = attrs.field(repr=False)
    reference: str
    bar: Bar
    status: str
    since: str
    body_reference: str = attrs.field(repr=False)
    events: tuple[Event, ...]
    contact: str = attrs.field(repr=False)
    alarm: str


@attrs.frozen(kw_only=True)
class Letter:
    """A letter received for one of the complainants; `to_pass_on` until somebody noted how it was passed on."""

    id: uuid.UUID
    party_id: uuid.UUID
    received_on: dt.date
    title: str = attrs.field(repr=False)
    detail: str = attrs.field(repr=False)
    scan_id: uuid.UUID | None
    to_pass_on: bool


@attrs.frozen(kw_only=True)
class Related:
    """A referral that this one completes, or that completes it."""

    id: uuid.UUID
    title: str
    detail: str


@attrs.frozen(kw_only=True)
class Happened:
    """One line of the timeline, the last first."""

    on: dt.date
    title: str = attrs.field(repr=False)
    detail: str = attrs.field(repr=False)
    kind: str


@attrs.frozen(kw_only=True)
class Followed:
    """A referral on its way.

    Args:
        sent: it went to the body.
        may_complete: procedures that complete it, code and words.
        copy_to: the procureur a copy may go to; empty when it is before one already.
        online: the body has an online form.
        stale: the exhibits changed since the last frozen version.
        gone: what left, each in a sentence.
    """

    id: uuid.UUID
    reference: str
    procedure: str
    label: str
    authority: str
    authority_name: str
    begun_on: dt.date | None
    parties: tuple[FollowedParty, ...]
    sendings: tuple[Sent, ...]
    versions: tuple[Version, ...]
    stale: bool
    letters: tuple[Letter, ...]
    presses: tuple[Press, ...]
    related: tuple[Related, ...]
    timeline: tuple[Happened, ...]
    gone: tuple[str, ...]
    sent: bool
    may_complete: tuple[tuple[str, str], ...]
    copy_to: str
    online: bool
    states: tuple[tuple[str, str], ...]
    channels: tuple[tuple[str, str], ...]
    on: dt.date


def view(session: Session, desk: Desk, referral_id: uuid.UUID) -> Followed:
    """Read it.

    Raises:
        Fault: `referral.gone`.
    """
    referral = referrals.by_id(session, referral_id)
    on = desk.today()
    row = procedures.procedure(referral.procedure, on)
    sendings = dispatches.of_referral(session, referral_id)
    versions = frozen.of_referral(session, referral_id)
    letters = tuple(_letters(session, referral, on))
    parties = tuple(_party(session, referral, each, letters, on) for each in referral.parties)
    sent = any(each.status not in PREPARING for each in referral.parties)
    return Followed(
        id=referral.id,
        reference=referral.reference,
        procedure=referral.procedure,
        label=row.label,
        authority=referral.authority,
        authority_name=authorities.authority(referral.authority, on).name,
        begun_on=referral.dated_on,
        parties=parties,
        sendings=sendings,
        versions=versions,
        stale=bool(versions) and not frozen.same_exhibits(session, referral, versions[0]),
        letters=letters,
        presses=deadlines.of_referral(session, referral_id, on),
        related=tuple(_related(session, referral)),
        timeline=_timeline(referral, parties, sendings, versions, letters),
        gone=departures.told(session, referral_id),
        sent=sent,
        may_complete=follow.after(referral.procedure, on) if sent else (),
        copy_to=_copy_to(session, referral, on) if sent else "",
        online=boxes.has_any(referral.procedure, desk),
        states=follow.states(referral.procedure, on),
        channels=dispatches.channels(referral.procedure, on),
        on=on,
    )


def _party(
    session: Session, referral: Referral, party: ReferralParty, letters: Sequence[Letter], on: dt.date
) -> FollowedParty:
    person = party.case.person
    proofs = [step.proof_evidence_id for step in party.steps if step.proof_evidence_id is not None]
    titles = lookup.captions(session, "evidence", proofs)
    events = tuple(
        Event(
            id=step.id,
            party_id=party.id,
            status=step.status,
            words=vocabulary.label("party_states", step.status),
            occurred_on=step.occurred_on,
            proof_id=step.proof_evidence_id if step.proof_evidence_id in titles else None,
            proof_title=titles.get(step.proof_evidence_id, "") if step.proof_evidence_id else "",
            note=step.note,
            sent=step.dispatch_id is not None,
        )
        for step in sorted(party.steps, key=lambda step: (step.occurred_on, step.id), reverse=True)
    )
    contact = agenda.last_contact(session, person, on)
    waiting = sum(each.to_pass_on for each in letters if each.party_id == party.id)
    return FollowedParty(
        id=party.id,
        case_id=party.case_id,
        person_id=person.id,
        called=facts.formal_name(person),
        reference=party.case.reference,
        bar=steps.bar(referral, party, on),
        status=party.status,
        since=referral_overview.since([party.status], events[0].occurred_on if events else referral.dated_on),
        body_reference=party.body_reference,
        events=events,
        contact=contact.sentence,
        alarm=_alarm(contact, waiting, on),
    )


def _alarm(contact: agenda.LastContact, letters: int, on: dt.date) -> str:
    """Why somebody may not be reached in time; nothing when nothing says so."""
    far = contact.day is None or contact.day < on - UNREACHED or contact.in_vain > 1
    if not far:
        return ""
    if letters:
        what = f"{grammar.counted(letters, 'courrier')} à transmettre"
        return f"{what} et personne difficile à joindre\u00a0: il compte comme notifié, même si elle l’ignore."
    return "Personne difficile à joindre\u00a0: essayez par un autre moyen avant qu’une réponse n’arrive."


def _letters(session: Session, referral: Referral, on: dt.date) -> Iterator[Letter]:
    """Letters received for the complainants since the referral was begun, but those that answer another one."""
    first = min(
        [step.occurred_on for party in referral.parties for step in party.steps] + [referral.dated_on or on],
    )
    for party in referral.parties:
        mine = or_(Mail.case_id == party.case_id, Mail.person_id == party.case.person_id)
        found = session.scalars(
            select(Mail)
            .where(mine, Mail.received_on >= first, or_(Mail.referral_id.is_(None), Mail.referral_id == referral.id))
            .order_by(Mail.received_on.desc(), Mail.id.desc())
        )
        for each in found:
            how = vocabulary.label("mail_passings", each.passed_how) if each.passed_how else ""
            passed = f"transmis le {french_day(each.passed_on)} ({how})" if each.passed_on else "à transmettre"
            yield Letter(
                id=each.id,
                party_id=party.id,
                received_on=each.received_on,
                title=f"{each.sender}{'' if not each.registered else ', recommandé'}",
                detail=" · ".join(
                    filter(
                        None,
                        (
                            each.subject,
                            facts.initials(party.case.person),
                            passed,
                            _OPEN if each.referral_id is None else "",
                        ),
                    )
                ),
                scan_id=each.evidence_id,
                to_pass_on=each.passed_on is None,
            )


def _related(session: Session, referral: Referral) -> Iterator[Related]:
    if referral.follows is not None:
        yield _one(referral.follows, "celle que cette saisine complète")
    asked = select(Referral).where(Referral.follows_id == referral.id).order_by(Referral.reference)
    for each in session.scalars(asked):
        yield _one(each, "complète cette saisine")


def _one(referral: Referral, detail: str) -> Related:
    label = vocabulary.label("procedures", referral.procedure)
    return Related(id=referral.id, title=f"{label}, {referral.reference}", detail=detail)


def _copy_to(session: Session, referral: Referral, on: dt.date) -> str:
    """The procureur of the facts, when the referral is before somebody else and no copy went there."""
    for link in referral.incidents:
        incident = session.get_one(Incident, link.incident_id)
        commune = incident.commune or (incident.site.commune if incident.site else "")
        found = authorities.competent_procureur(commune, on) if commune else None
        if found is not None and found.authority.code != referral.authority:
            known = select(Dispatch.id).where(
                Dispatch.referral_id == referral.id, Dispatch.authority == found.authority.code
            )
            return "" if session.scalars(known).first() is not None else found.authority.code
    return ""


def _timeline(
    referral: Referral,
    parties: Sequence[FollowedParty],
    sendings: Sequence[Sent],
    versions: Sequence[Version],
    letters: Sequence[Letter],
) -> tuple[Happened, ...]:
    found = [
        Happened(on=each.occurred_on, title=each.words, detail=_told(party, each, len(parties)), kind="event")
        for party in parties
        for each in party.events
    ]
    found += [
        Happened(
            on=day_in_france(each.frozen_at),
            title="Version figée",
            detail=grammar.counted(len(each.papers), "document"),
            kind="frozen",
        )
        for each in versions
    ]
    for each in sendings:
        found.append(Happened(on=each.sent_on, title=each.sentence, detail="", kind="sent"))
        if each.received_on is not None:
            found.append(Happened(on=each.received_on, title=f"Reçu par {each.to}", detail="", kind="received"))
    found += [
        Happened(on=each.received_on, title=f"Courrier reçu\u00a0: {each.title}", detail=each.detail, kind="mail")
        for each in letters
    ]
    return tuple(sorted(found, key=lambda each: each.on, reverse=True))


def _told(party: FollowedParty, event: Event, several: int) -> str:
    parts = (party.called if several > 1 else "", event.note, event.proof_title)
    return " · ".join(part for part in parts if part)
