# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to a referral, for the tests that need it to have happened."""

import datetime as dt
import uuid

from sqlalchemy import select

from hro_desktop.casework import exhibits, readings
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.readings import SignatureDraft
from hro_desktop.records.consents import Consent
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.vault.work import Work

__all__ = ["sign_all", "withdraw"]


def sign_all(desk: Desk, referral: uuid.UUID) -> None:
    """Everybody signed today; an exhibit stands for the scan."""
    with desk.read() as session:
        parties = [each.id for each in session.get_one(Referral, referral).parties]
        scan = exhibits.lists(session, referral)[-1].exhibits[0].evidence_id
    for party in parties:
        draft = SignatureDraft(id=party, signed_on=desk.today(), signed_evidence_id=scan)
        desk.run(readings.note_signature, draft, desk.today())


def withdraw(work: Work, referral: uuid.UUID) -> None:
    """One of the complainants takes back every agreement."""
    party = work.session.scalars(select(ReferralParty).where(ReferralParty.referral_id == referral)).first()
    assert party is not None
    for each in work.session.scalars(select(Consent).where(Consent.person_id == party.case.person_id)):
        each.withdrawn_on, each.state = dt.date(2026, 10, 16), "retire"
