# SPDX-License-Identifier: GPL-3.0-or-later
"""What people of the practice vault answered, made otherwise."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.records.consents import Consent
from hro_desktop.records.exceptions import ConsentException
from hro_desktop.records.referrals import Referral

__all__ = ["reduce_identity"]


def reduce_identity(session: Session, referral: Referral) -> None:
    """The first party of a referral to the Défenseur des droits never agreed to it, and is in it by an exception."""
    for answer in session.scalars(select(Consent).where(Consent.purpose == "saisine_ddd")):
        session.delete(answer)
    session.add(
        ConsentException(
            person_id=referral.parties[0].case.person_id,
            body="ddd",
            referral_id=referral.id,
            code="accord_impossible",
            reason="Partie sans laisser de moyen de la joindre.",
            identity_reduced=True,
            decided_on=dt.date(2026, 10, 15),
        )
    )
