# SPDX-License-Identifier: GPL-3.0-or-later
"""Who complains in a referral and of which facts, added and taken out one at a time; what is taken out can be put back.

Facts, exhibits and text are shared; agreement, harm, reading and signature are each person's own.
"""

import uuid
from collections.abc import Mapping
from typing import Any

import attrs
from sqlalchemy import inspect

from hro_desktop.casework.fields import french_day
from hro_desktop.casework.referrals import PREPARING, PartyDraft
from hro_desktop.faults import Fault
from hro_desktop.records.base import Base
from hro_desktop.records.cases import Case
from hro_desktop.records.referrals import Referral, ReferralIncident, ReferralParty, ReferralStep
from hro_desktop.vault.work import Work

__all__ = ["PartyTaken", "add_incident", "add_party", "put_back", "remove_incident", "remove_party"]


@attrs.frozen
class PartyTaken:
    """A complainant who was taken out, with everything that was noted of their part."""

    referral_id: uuid.UUID
    called: str = attrs.field(repr=False)
    columns: Mapping[str, Any] = attrs.field(repr=False)
    steps: tuple[Mapping[str, Any], ...] = attrs.field(repr=False)


def add_party(work: Work, referral_id: uuid.UUID, case_id: uuid.UUID) -> uuid.UUID:
    """One more complainant, at the end.

    Raises:
        Fault: `referral.party_twice`, `referral.own_accused`.
    """
    referral, case = work.session.get_one(Referral, referral_id), work.session.get_one(Case, case_id)
    if any(each.case_id == case_id for each in referral.parties):
        raise Fault("referral.party_twice", "Cette personne figure déjà dans la saisine.")
    if any(each.person_id == case.person_id for each in referral.accused):
        raise Fault(
            "referral.own_accused",
            "Cette personne est dénommée dans la saisine\u00a0: retirez-la d’abord de cette liste.",
        )
    party = ReferralParty(case_id=case_id, position=len(referral.parties), status=PartyDraft().status)
    party.steps.append(ReferralStep(status=party.status, occurred_on=french_day(work.now)))
    referral.parties.append(party)
    _changed(work, referral)
    return party.id


def remove_party(work: Work, referral_id: uuid.UUID, party_id: uuid.UUID) -> PartyTaken:
    """Take a complainant out while nothing was sent.

    Raises:
        Fault: `referral.party_sent`; `referral.party_last`, for a referral is somebody’s.
    """
    referral = work.session.get_one(Referral, referral_id)
    party = next(each for each in referral.parties if each.id == party_id)
    if party.status not in PREPARING or any(each.dispatch_id is not None for each in party.steps):
        raise Fault("referral.party_sent", "La saisine est déjà partie pour cette personne\u00a0: elle y reste.")
    if len(referral.parties) == 1:
        raise Fault(
            "referral.party_last",
            "Une saisine garde au moins une personne\u00a0: ajoutez d’abord celle qui prend sa place.",
        )
    taken = PartyTaken(
        referral_id, party.case.person.pseudonym, _columns(party), tuple(_columns(each) for each in party.steps)
    )
    referral.parties.remove(party)
    _ordered(referral)
    _changed(work, referral)
    return taken


def put_back(work: Work, taken: PartyTaken) -> uuid.UUID:
    """A complainant who was taken out, where they were and as they were."""
    referral = work.session.get_one(Referral, taken.referral_id)
    party = ReferralParty(**taken.columns)
    party.steps = [ReferralStep(**each) for each in taken.steps]
    referral.parties.insert(party.position, party)
    _ordered(referral)
    _changed(work, referral)
    return party.id


def add_incident(work: Work, referral_id: uuid.UUID, incident_id: uuid.UUID, at: int | None = None) -> None:
    """One more of the facts, at the end or at a place; nothing when they are there already."""
    referral = work.session.get_one(Referral, referral_id)
    if any(each.incident_id == incident_id for each in referral.incidents):
        return
    place = len(referral.incidents) if at is None else at
    referral.incidents.insert(place, ReferralIncident(incident_id=incident_id, position=place))
    _ordered(referral)
    _changed(work, referral)


def remove_incident(work: Work, referral_id: uuid.UUID, incident_id: uuid.UUID) -> int:
    """Take facts out.

    Returns:
        Their place, to put them back.
    """
    referral = work.session.get_one(Referral, referral_id)
    link = next(each for each in referral.incidents if each.incident_id == incident_id)
    at = referral.incidents.index(link)
    referral.incidents.remove(link)
    _ordered(referral)
    _changed(work, referral)
    return at


def _ordered(referral: Referral) -> None:
    for position, party in enumerate(referral.parties):
        party.position = position
    for position, link in enumerate(referral.incidents):
        link.position = position


def _changed(work: Work, referral: Referral) -> None:
    referral.updated_at = work.now  # whoever looks at the referral learns of its parts
    work.session.flush()
    work.record("referral.changed", referral.id)


def _columns(record: Base) -> dict[str, Any]:
    own = ("created_at", "updated_at", "version")
    known = [each.key for each in inspect(type(record)).column_attrs]
    return {name: getattr(record, name) for name in known if name not in own}
