# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings of a referral: read back to each complainant, read again by a second person, signed. Each is noted once.

A reading is of what the papers said that day, known by its hash: when they change, it is shown as outdated, never
erased.
"""

import datetime as dt
import uuid

import attrs
from sqlalchemy.orm import Session

from hro_desktop.casework import documents, fields
from hro_desktop.casework.desk import Desk
from hro_desktop.faults import Fault
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.vault.work import Work

__all__ = [
    "ReadBackDraft",
    "SignatureDraft",
    "forget_read_back",
    "forget_reread",
    "forget_signature",
    "note_read_back",
    "note_reread",
    "note_signature",
    "read_back_draft",
    "said",
    "signature_draft",
]


@attrs.define(kw_only=True)
class ReadBackDraft(fields.Draft):
    """The papers were read back to one complainant; the id is that of the part this person has in the referral."""

    read_back_on: dt.date | None = fields.day("relue le", required=True)
    read_back_language: str = fields.choice("languages", "en quelle langue")
    read_back_by_id: uuid.UUID | None = fields.ref("volunteer", "par qui")
    read_back_interpreter_id: uuid.UUID | None = fields.ref("person", "avec quel interprète")


@attrs.define(kw_only=True)
class SignatureDraft(fields.Draft):
    """One complainant signed; the id is that of the part this person has in the referral."""

    signed_on: dt.date | None = fields.day("signée le", required=True)
    signed_evidence_id: uuid.UUID | None = fields.ref("evidence", "scan de la lettre signée")


def said(desk: Desk, referral_id: uuid.UUID) -> str:
    """The hash of what the papers of a referral say now: what a reading is of."""
    with desk.read() as session:
        found = documents.situation(session, desk, session.get_one(Referral, referral_id))
        return found.sha256


def read_back_draft(session: Session, party_id: uuid.UUID, today: dt.date) -> ReadBackDraft:
    """What was noted of reading back, or what is likely: today, in the language the person speaks best."""
    party = session.get_one(ReferralParty, party_id)
    if party.read_back_on is not None:
        return ReadBackDraft(
            id=party.id,
            read_back_on=party.read_back_on,
            read_back_language=party.read_back_language,
            read_back_by_id=party.read_back_by_id,
            read_back_interpreter_id=party.read_back_interpreter_id,
        )
    spoken = sorted(party.case.person.languages, key=lambda each: not each.preferred)
    return ReadBackDraft(id=party.id, read_back_on=today, read_back_language=spoken[0].language if spoken else "")


def signature_draft(session: Session, party_id: uuid.UUID, today: dt.date) -> SignatureDraft:
    """What was noted of signing, or today."""
    party = session.get_one(ReferralParty, party_id)
    return SignatureDraft(id=party.id, signed_on=party.signed_on or today, signed_evidence_id=party.signed_evidence_id)


def note_read_back(work: Work, draft: ReadBackDraft, sha256: str, today: dt.date) -> uuid.UUID:
    """The papers of that hash were read back.

    Raises:
        Fault: `draft.invalid`; `reading.future` for a day to come.
    """
    party = _party(work, draft, draft.read_back_on, today)
    fields.store(draft, party)
    party.read_back_sha256 = sha256
    return _noted(work, party, "referral.read_back")


def note_signature(work: Work, draft: SignatureDraft, today: dt.date) -> uuid.UUID:
    """Somebody signed; without a scan it is only what was noted.

    Raises:
        Fault: as `note_read_back`.
    """
    party = _party(work, draft, draft.signed_on, today)
    fields.store(draft, party)
    return _noted(work, party, "referral.signed")


def note_reread(work: Work, referral_id: uuid.UUID, volunteer_id: uuid.UUID, today: dt.date, sha256: str) -> uuid.UUID:
    """A second person has just read the papers of that hash.

    Raises:
        Fault: `reading.author` when it is the one who wrote the account.
    """
    referral = work.session.get_one(Referral, referral_id)
    if referral.account_by_id == volunteer_id:
        raise Fault(
            "reading.author", "La seconde lecture est faite par quelqu’un d’autre que la personne qui a écrit l’exposé."
        )
    referral.reread_on, referral.reread_by_id, referral.reread_sha256 = today, volunteer_id, sha256
    work.session.flush()
    work.record("referral.reread", referral.id, sha256)
    return referral.id


def forget_reread(work: Work, referral_id: uuid.UUID) -> uuid.UUID:
    """It was noted by mistake."""
    referral = work.session.get_one(Referral, referral_id)
    referral.reread_on, referral.reread_by_id, referral.reread_sha256 = None, None, ""
    work.session.flush()
    work.record("referral.reread", referral.id)
    return referral.id


def forget_read_back(work: Work, party_id: uuid.UUID) -> uuid.UUID:
    """It was noted by mistake."""
    party = work.session.get_one(ReferralParty, party_id)
    party.read_back_on, party.read_back_by_id, party.read_back_interpreter_id = None, None, None
    party.read_back_language = party.read_back_sha256 = ""
    return _noted(work, party, "referral.read_back")


def forget_signature(work: Work, party_id: uuid.UUID) -> uuid.UUID:
    """It was noted by mistake; the scan stays in the vault."""
    party = work.session.get_one(ReferralParty, party_id)
    party.signed_on, party.signed_evidence_id = None, None
    return _noted(work, party, "referral.signed")


def _party(work: Work, draft: fields.Draft, day: dt.date | None, today: dt.date) -> ReferralParty:
    fields.check(draft)
    _past(day, today)
    return work.session.get_one(ReferralParty, draft.id)


def _past(day: dt.date | None, today: dt.date) -> None:
    if day is not None and day > today:
        raise Fault("reading.future", "Ce jour est à venir\u00a0: notez la lecture ou la signature une fois faite.")


def _noted(work: Work, party: ReferralParty, action: str) -> uuid.UUID:
    work.session.flush()
    work.record(action, party.referral_id)
    return party.id
