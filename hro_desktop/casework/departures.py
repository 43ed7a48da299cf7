# SPDX-License-Identifier: GPL-3.0-or-later
"""The ledger of departures: written in the transaction of the journal line, read when somebody withdraws.

A departure is written once. The base itself refuses to change or remove it, and the journal holds a commitment to its
whole content, so that a file or a person slipped in later is seen.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Literal

import attrs
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hro_desktop.casework.fields import PARIS
from hro_desktop.law import authorities, vocabulary
from hro_desktop.records.consents import Consent
from hro_desktop.records.departures import Departure, DepartureFile, DeparturePerson
from hro_desktop.records.dispatches import Dispatch
from hro_desktop.records.documents import Document
from hro_desktop.records.evidence import Evidence, EvidencePerson
from hro_desktop.records.exceptions import ConsentException
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.statements import Statement
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.rules import consents
from hro_desktop.rules.dates import french_day, french_time
from hro_desktop.vault.canonical import sha256
from hro_desktop.vault.work import Work

__all__ = [
    "FAILED",
    "Concerned",
    "Entry",
    "File",
    "Gone",
    "ItemGone",
    "agreement",
    "altered",
    "of_evidence",
    "of_person",
    "of_referral",
    "record",
    "told",
]

NO_AGREEMENT = "aucun accord enregistré"
FAILED = "departure.failed"
"""Journal line after a departure whose files the disk then refused: nothing of it is outside."""


@attrs.frozen(kw_only=True)
class File:
    """One file as it leaves; an exhibit bound into a bundle is a line of its own, under the name of the bundle."""

    name: str
    sha256: str
    size: int
    media_type: str = ""
    document_id: uuid.UUID | None = None
    evidence_id: uuid.UUID | None = None
    exhibit_number: int | None = None


@attrs.frozen(kw_only=True)
class Concerned:
    """Somebody it is about, with the agreement or the exception under which it leaves.

    Args:
        role: list `departure_roles`.
        person_id: or `described`, without a name, for somebody who has no record.
        consent_id: the agreement, as `agreement` finds it.
        exception_id: or the exception.
        clearance: list `clearances`, for a third party.
    """

    role: str
    person_id: uuid.UUID | None = None
    described: str = ""
    consent_id: uuid.UUID | None = None
    exception_id: uuid.UUID | None = None
    clearance: str = ""


@attrs.frozen(kw_only=True)
class Entry:
    """One departure, about to be written.

    Args:
        subject: what it belongs to; the incident is for letters that ask for images, the outing for its debriefing.
        files: at least one.
        people: everybody it is about.
        authority: code of `authorities`, or `recipient` in words.
        channel: list `channels` or `departure_channels`; empty when it is not known yet.
        profile: code of the shape the files were made in, empty for a plain one.
        draft: the papers say « BROUILLON ».
        on: the day it left, when that is noted afterwards; agreements are then said as they stood that day.
    """

    subject: tuple[Literal["referral", "statement", "incident", "outing"], uuid.UUID]
    files: Sequence[File]
    people: Sequence[Concerned] = ()
    authority: str = ""
    recipient: str = ""
    channel: str = ""
    profile: str = ""
    draft: bool = False
    note: str = ""
    on: dt.date | None = None


@attrs.frozen(kw_only=True)
class Gone:
    """What already left that is about one person.

    Args:
        departure_id: the entry.
        left_at: when.
        to: to whom, by name.
        channel: how, in words; empty when unknown.
        files: names, each once.
        exhibits: numbers of the exhibits.
        role: code of `departure_roles`.
        ground: under which agreement or exception, in words, as it stood that day.
        named: the person stands in the entry; otherwise an exhibit shows the person, or it holds the person's words.
        draft: it was a draft.
        failed: the disk refused it, nothing is outside.
        sent_on: of a sending, its day: it may have been noted later.
    """

    departure_id: uuid.UUID
    left_at: dt.datetime
    to: str
    channel: str
    files: tuple[str, ...]
    exhibits: tuple[int, ...]
    role: str
    ground: str
    named: bool
    draft: bool
    failed: bool = False
    sent_on: dt.date | None = None

    @property
    def sentence(self) -> str:
        """« Le 24 novembre 2026 à 17 h 05, vers … : 3 fichiers, pièces n° 2 et 5 (accord …) »."""
        when = _when(self.left_at, self.sent_on)
        by = f" ({self.channel})" if self.channel else ""
        count = f"{len(self.files)} fichiers" if len(self.files) > 1 else "un fichier"
        numbers = ", ".join(str(number) for number in self.exhibits)
        exhibits = f", pièce{'s' if len(self.exhibits) > 1 else ''} n°\u00a0{numbers}" if numbers else ""
        state = (", en brouillon" if self.draft else "") + (", mais l’écriture a échoué" if self.failed else "")
        return f"{when}, vers {self.to}{by}\u00a0: {count}{exhibits}{state}\u00a0; {self.ground}."


def _when(left_at: dt.datetime, sent_on: dt.date | None) -> str:
    """« Le 24 novembre 2026 à 17 h 05 », or the day of a sending and when it was noted."""
    local = left_at.astimezone(PARIS)
    noted = f"{french_day(local.date())} {french_time(local.strftime('%H:%M'))}"
    return f"Le {noted}" if sent_on in (None, local.date()) else f"Le {french_day(sent_on)} (noté le {noted})"


def record(work: Work, entry: Entry) -> uuid.UUID:
    """Write a departure in the ledger and its journal line, in the transaction of the caller.

    Afterwards `work.head` is the head of the journal with that line in it, for the manifest.

    Raises:
        ValueError: the entry has no file, goes to nobody, uses a word that is in no list, or leans on the agreement
            of somebody else; the message is a code.
    """
    _check(entry)
    volunteer = work.session.scalars(
        select(Volunteer).where(Volunteer.slot_id == work.actor, Volunteer.slot_id != "")
    ).first()
    departure = Departure(
        **{f"{entry.subject[0]}_id": entry.subject[1]},
        **{name: getattr(entry, name) for name in ("authority", "recipient", "channel", "profile", "draft", "note")},
        left_at=work.now,
        actor=work.actor,
        volunteer_id=volunteer.id if volunteer else None,
        files=[DepartureFile(position=place, **attrs.asdict(each)) for place, each in enumerate(entry.files)],
        people=[
            DeparturePerson(position=place, **attrs.asdict(each), ground=_ground(work.session, each, entry.on))
            for place, each in enumerate(entry.people)
        ],
    )
    departure.sha256 = content_hash(departure)
    work.session.add(departure)
    work.session.flush()
    work.record("departure.recorded", departure.id, departure.sha256)
    return departure.id


def content_hash(departure: Departure) -> str:
    """SHA-256 of the canonical JSON of an entry with its files and its people."""

    def plain(row: Departure | DepartureFile | DeparturePerson, names: Iterable[str]) -> dict[str, object]:
        values = {name: getattr(row, name) for name in names}
        return {name: str(value) if isinstance(value, uuid.UUID) else value for name, value in values.items()}

    subject = ("referral_id", "statement_id", "incident_id")
    said = ("authority", "recipient", "channel", "profile", "actor", "volunteer_id", "draft", "note")
    content = plain(departure, (*subject, *said))
    if departure.outing_id is not None:  # entries older than outings keep the hash they have
        content["outing_id"] = str(departure.outing_id)
    content["left_at"] = departure.left_at.astimezone(dt.UTC).isoformat()
    content["files"] = [
        plain(each, ("position", *(field.name for field in attrs.fields(File)))) for each in departure.files
    ]
    content["people"] = [
        plain(each, ("position", "ground", *(field.name for field in attrs.fields(Concerned))))
        for each in departure.people
    ]
    return sha256(content)


def altered(session: Session) -> tuple[uuid.UUID, ...]:
    """Entries whose content is not what was written: something was added to them behind the program's back."""
    return tuple(
        each.id
        for each in session.scalars(select(Departure).order_by(Departure.id))
        if content_hash(each) != each.sha256
    )


def of_referral(session: Session, referral_id: uuid.UUID) -> Sequence[Departure]:
    """What left for one referral, first left first."""
    return session.scalars(
        select(Departure).where(Departure.referral_id == referral_id).order_by(Departure.left_at, Departure.id)
    ).all()


def told(session: Session, referral_id: uuid.UUID) -> tuple[str, ...]:
    """What left for one referral, each in a sentence, last left first."""
    failed, found = _failed(session), []
    gone = of_referral(session, referral_id)
    sent = _sent_on(session, gone)
    for each in reversed(gone):
        when = _when(each.left_at, sent.get(each.id))
        by = f" ({_channel(each.channel)})" if _channel(each.channel) else ""
        number = len({file.name for file in each.files})
        files = f"{number} fichiers" if number > 1 else "un fichier"
        people = f", sur {len(each.people)} personnes" if len(each.people) > 1 else ""
        state = (", en brouillon" if each.draft else "") + (
            ", mais l’écriture a échoué" if str(each.id) in failed else ""
        )
        found.append(f"{when}, vers {_to(each)}{by}\u00a0: {files}{people}{state}.")
    return tuple(found)


def of_person(session: Session, person_id: uuid.UUID) -> tuple[Gone, ...]:
    """Ce qui est déjà parti: everything about somebody, first left first.

    Also what nobody wrote under that person's name: exhibits in which the person appears, papers of the person's own
    statements.
    """
    named = select(DeparturePerson.departure_id).where(DeparturePerson.person_id == person_id)
    # what was made from an item shows who it shows, unless masked, and nobody knows that for all of them
    noted = select(EvidencePerson.evidence_id).where(EvidencePerson.person_id == person_id).cte(recursive=True)
    noted = noted.union(select(Evidence.id).join(noted, Evidence.derived_from_id == noted.c.evidence_id))
    shown = select(DepartureFile.departure_id).where(DepartureFile.evidence_id.in_(select(noted.c.evidence_id)))
    told = select(Statement.id).where(Statement.author_id == person_id)
    papers = (
        select(DepartureFile.departure_id)
        .join(Document, Document.id == DepartureFile.document_id)
        .where(Document.statement_id.in_(told))
    )
    found = session.scalars(
        select(Departure)
        .where(
            or_(
                Departure.id.in_(named),
                Departure.id.in_(shown),
                Departure.id.in_(papers),
                Departure.statement_id.in_(told),
            )
        )
        .order_by(Departure.left_at, Departure.id)
    )
    gone = found.all()
    failed, sent = _failed(session), _sent_on(session, gone)
    return tuple(
        attrs.evolve(_gone(each, person_id), failed=str(each.id) in failed, sent_on=sent.get(each.id)) for each in gone
    )


@attrs.frozen
class ItemGone:
    """A departure of a copy of an item: when, and to whom, in French."""

    at: dt.datetime
    what: str


def of_evidence(session: Session, evidence_id: uuid.UUID) -> tuple[ItemGone, ...]:
    """The departures of copies of an item, first first; those that did not take place are left out."""
    found = session.scalars(
        select(Departure)
        .join(DepartureFile)
        .where(DepartureFile.evidence_id == evidence_id)
        .distinct()
        .order_by(Departure.id)
    )
    failed = _failed(session)
    return tuple(ItemGone(each.left_at, f"Copie remise à {_to(each)}") for each in found if str(each.id) not in failed)


def _failed(session: Session) -> set[str]:
    return set(session.scalars(select(JournalLine.object).where(JournalLine.action == FAILED)))


def _sent_on(session: Session, found: Iterable[Departure]) -> dict[uuid.UUID, dt.date]:
    """The days of those that are sendings, as they are told now."""
    asked = select(Dispatch.departure_id, Dispatch.sent_on).where(
        Dispatch.departure_id.in_([each.id for each in found])
    )
    return {departure_id: day for departure_id, day in session.execute(asked) if departure_id is not None}


def agreement(
    session: Session,
    person_id: uuid.UUID,
    purpose: str,
    body: str,
    on: dt.date,
    *,
    rule: Literal["agreement", "non_opposition"] = "agreement",
) -> Consent | None:
    """The recorded answer that opens the gate that day, for `Concerned.consent_id`; none when the gate is shut."""
    found = session.scalars(select(Consent).where(Consent.person_id == person_id).order_by(Consent.id)).all()
    if not consents.gate([_as_rule(each) for each in found], purpose, body, on, rule=rule).open:
        return None
    opening = [each for each in found if consents.gate([_as_rule(each)], purpose, body, on, rule=rule).open]
    return max(opening, key=lambda each: each.given_on or dt.date.min, default=None)


def _check(entry: Entry) -> None:
    if not entry.files:
        raise ValueError("departure.no_file")
    if not (entry.authority or entry.recipient.strip()):
        raise ValueError("departure.nobody")
    lists = {
        "authority": (entry.authority, ("authorities",)),
        "channel": (entry.channel, ("channels", "departure_channels")),
    }
    for name, (code, known) in lists.items():
        if code and not any(code in vocabulary.codes(each) for each in known):
            raise ValueError(f"departure.{name}")
    if entry.profile and not entry.profile.isidentifier():
        raise ValueError("departure.profile")
    for person in entry.people:
        if person.role not in vocabulary.codes("departure_roles"):
            raise ValueError("departure.role")
        if person.clearance and person.clearance not in vocabulary.codes("clearances"):
            raise ValueError("departure.clearance")


def _ground(session: Session, person: Concerned, on: dt.date | None) -> str:
    """The agreement or the exception in words, as it stands now or stood that day: its record may change later."""
    if person.consent_id is not None:
        consent = session.get_one(Consent, person.consent_id)
        if consent.person_id != person.person_id:
            raise ValueError("departure.consent")
        return _agreed(consent, on)
    if person.exception_id is not None:
        exception = session.get_one(ConsentException, person.exception_id)
        if exception.person_id != person.person_id:
            raise ValueError("departure.exception")
        day = f" notée le {french_day(exception.decided_on)}" if exception.decided_on else ""
        return f"exception{day}\u00a0: {vocabulary.label('consent_exceptions', exception.code)}"
    if person.clearance:
        return vocabulary.label("clearances", person.clearance)
    return NO_AGREEMENT


def _agreed(consent: Consent, on: dt.date | None) -> str:
    since = consent.withdrawn_on if on is not None and consent.withdrawn_on and consent.withdrawn_on > on else None
    state = "donne" if since is not None and consent.state == "retire" else consent.state
    what = vocabulary.label("consent_purposes", consent.purpose)
    to = f" ({vocabulary.label('bodies', consent.body)})" if consent.body else ""
    day = f" le {french_day(consent.given_on)}" if consent.given_on else ", jour non noté"
    mode = f", {vocabulary.label('consent_modes', consent.mode)}" if consent.mode else ""
    taken_back = f", retiré depuis, le {french_day(since)}" if since is not None else ""
    return f"{vocabulary.label('consent_states', state)}{day}{mode}{taken_back}\u00a0: {what}{to}"


def _gone(departure: Departure, person_id: uuid.UUID) -> Gone:
    mine = [each for each in departure.people if each.person_id == person_id]
    return Gone(
        departure_id=departure.id,
        left_at=departure.left_at,
        to=_to(departure),
        channel=_channel(departure.channel),
        files=tuple(dict.fromkeys(each.name for each in departure.files)),
        exhibits=tuple(sorted({each.exhibit_number for each in departure.files if each.exhibit_number is not None})),
        role=mine[0].role if mine else "tiers",
        ground=" ; ".join(dict.fromkeys(each.ground for each in mine)) or NO_AGREEMENT,
        named=bool(mine),
        draft=departure.draft,
    )


def _to(departure: Departure) -> str:
    if not departure.authority:
        return departure.recipient
    name = vocabulary.label("authorities", departure.authority)
    day = departure.left_at.astimezone(PARIS).date()
    rows = [row for row in authorities.authorities() if row.code == departure.authority and row.holds_on(day)]
    name = rows[0].name if rows else name
    return f"{name} ({departure.recipient})" if departure.recipient else name


def _channel(code: str) -> str:
    for name in ("channels", "departure_channels"):
        if code in vocabulary.codes(name):
            return vocabulary.label(name, code)
    return ""


def _as_rule(consent: Consent) -> consents.Consent:
    return consents.Consent(
        consent.purpose, consent.state, consent.body, consent.given_on, consent.withdrawn_on, consent.mode
    )
