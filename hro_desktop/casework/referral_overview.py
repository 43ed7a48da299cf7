# SPDX-License-Identifier: GPL-3.0-or-later
"""What lists and the board show of referrals: where each stands for whom, since when, and what is waited for."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import attrs
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from hro_desktop.casework import paging, search, steps
from hro_desktop.casework.follow import ENDED
from hro_desktop.casework.referrals import PREPARING
from hro_desktop.law import authorities, procedures, vocabulary
from hro_desktop.law import steps as roads
from hro_desktop.records.agenda import Mail
from hro_desktop.records.cases import Case
from hro_desktop.records.dispatches import Dispatch
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral, ReferralParty, ReferralStep
from hro_desktop.rules.dates import french_day

__all__ = ["MOST", "SILENT", "Board", "BoardCard", "Choices", "FollowedRow", "board", "choices", "ids", "rows", "since"]

_NB = "\u00a0"
MOST: Final = 120
"""Referrals of one board, the last begun first: beyond, the list is what one works with."""
SILENT: Final = dt.timedelta(days=90)
"""After how long without news a referral is among those to ask about."""

_SENT: Final = (
    select(ReferralParty.id)
    .where(ReferralParty.referral_id == Referral.id, ReferralParty.status.not_in(PREPARING))
    .correlate(Referral)
    .exists()
)
_LAST: Final = (
    select(func.max(ReferralStep.occurred_on))
    .join(ReferralParty, ReferralStep.party_id == ReferralParty.id)
    .where(ReferralParty.referral_id == Referral.id)
    .correlate(Referral)
    .scalar_subquery()
)
_UNPROVEN: Final = (
    select(Dispatch.id)
    .where(Dispatch.referral_id == Referral.id, Dispatch.proof_evidence_id.is_(None), Dispatch.received_on.is_(None))
    .correlate(Referral)
    .exists()
)


class FollowedRow(NamedTuple):
    """What a list shows of a referral.

    `people` are pseudonyms, `states` where they are, each once; `since` is « sans nouvelles depuis le… » or the day it
    was begun; `waiting` says what is waited for, in a few words.
    """

    id: uuid.UUID
    reference: str
    label: str
    authority: str
    people: str
    states: str
    since: str
    waiting: tuple[str, ...]
    preparing: bool


@attrs.frozen(kw_only=True)
class BoardCard:
    """One referral in one stage, with those of its complainants who are there; `next_state` begins the next stage."""

    id: uuid.UUID
    party_ids: tuple[uuid.UUID, ...]
    reference: str
    label: str
    authority: str
    people: str
    state: str
    since: str
    waiting: tuple[str, ...]
    stage: int
    next_state: str
    previous_state: str


@attrs.frozen(kw_only=True)
class Board:
    """The referrals of one road: its stages in order, the cards of each; `left_out` were begun too long ago."""

    stages: tuple[str, ...]
    cards: tuple[tuple[BoardCard, ...], ...]
    left_out: int


@attrs.frozen
class Choices:
    """What the lists can be narrowed by: procedures, authorities and states that some referral has; the roads."""

    procedures: tuple[tuple[str, str], ...]
    authorities: tuple[tuple[str, str], ...]
    states: tuple[tuple[str, str], ...]
    tracks: tuple[tuple[str, int], ...]


def _waiting(name: str, on: dt.date) -> ColumnElement[bool]:
    """The condition of a filter: `preparing`, `sent`, `proof` (of a sending) or `silent`."""
    if name == "preparing":
        return ~_SENT
    if name == "proof":
        return _UNPROVEN
    if name == "silent":
        going = select(ReferralParty.id).where(
            ReferralParty.referral_id == Referral.id, ReferralParty.status.not_in((*PREPARING, *ENDED))
        )
        return and_(going.correlate(Referral).exists(), on - SILENT >= _LAST)
    return _SENT


def ids(
    session: Session,
    words: str = "",
    *,
    on: dt.date,
    procedure: str = "",
    authority: str = "",
    state: str = "",
    waiting: Sequence[str] = (),
    order: str = "",
) -> Sequence[uuid.UUID]:
    """The ids of referrals, the last begun first unless told otherwise.

    Args:
        session: of the vault.
        words: as `search.find` takes them.
        on: today.
        procedure: only this one.
        authority: only what is before this one.
        state: only those where somebody is in this state.
        waiting: any of `preparing`, `sent`, `proof`, `silent`.
        order: `reference` or `since`; with `-` before it, the other way round.
    """
    column: Any = _LAST if order.lstrip("-") == "since" else Referral.reference
    first = column.desc() if order.startswith("-") or not order else column
    asked: Any = select(Referral.id).order_by(first, Referral.id)
    if procedure:
        asked = asked.where(Referral.procedure == procedure)
    if authority:
        asked = asked.where(Referral.authority == authority)
    if state:
        there = select(ReferralParty.referral_id).where(ReferralParty.status == state)
        asked = asked.where(Referral.id.in_(there))
    for each in waiting:
        asked = asked.where(_waiting(each, on))
    if words.strip():
        asked = asked.where(Referral.id.in_(search.matching(words, "referral")))
    return paging.ordered(session, asked)


def rows(session: Session, wanted: Sequence[uuid.UUID], on: dt.date) -> list[FollowedRow]:
    """One page of the list, in the order of the ids asked for."""
    found = {each.id: each for each in session.scalars(select(Referral).where(Referral.id.in_(wanted)))}
    known = _Known.of(session, tuple(found))
    return [_row(found[each], known, on) for each in wanted if each in found]


def _row(referral: Referral, known: "_Known", on: dt.date) -> FollowedRow:
    statuses = dict.fromkeys(party.status for party in known.parties.get(referral.id, ()))
    return FollowedRow(
        referral.id,
        referral.reference,
        vocabulary.label("procedures", referral.procedure),
        vocabulary.label("authorities", referral.authority),
        ", ".join(known.called(referral.id)),
        ", ".join(vocabulary.label("party_states", each) for each in statuses),
        since(statuses, known.last.get(referral.id) or referral.dated_on),
        known.waiting(referral, statuses, on),
        all(each in PREPARING for each in statuses),
    )


def since(statuses: Iterable[str], last: dt.date | None) -> str:
    """« sans nouvelles depuis le 12 octobre 2026 », « commencée le… », « close le… »."""
    if last is None:
        return ""
    found = set(statuses)
    if found <= set(PREPARING):
        return f"commencée le {french_day(last)}"
    if found <= ENDED:
        return f"close depuis le {french_day(last)}"
    return f"sans nouvelles depuis le {french_day(last)}"


def choices(session: Session, on: dt.date) -> Choices:
    """What the referrals of the vault can be narrowed by."""
    used = session.execute(select(Referral.procedure, func.count()).group_by(Referral.procedure)).all()
    bodies = session.scalars(select(Referral.authority).distinct()).all()
    stated = set(session.scalars(select(ReferralParty.status).distinct()))
    roads_of: dict[str, int] = {}
    for code, number in used:
        road = procedures.procedure(code, on).states
        roads_of[road] = roads_of.get(road, 0) + number
    return Choices(
        _words("procedures", {code for code, _ in used}),
        _words("authorities", set(bodies)),
        _words("party_states", stated),
        tuple((row.code, roads_of.get(row.code, 0)) for row in roads.tracks() if row.holds_on(on)),
    )


def _words(name: str, codes: set[str]) -> tuple[tuple[str, str], ...]:
    return tuple((each.code, each.label) for each in vocabulary.terms(name) if each.code in codes)


def board(session: Session, track: str, on: dt.date, limit: int = MOST) -> Board:
    """The referrals of one road by stage: a referral whose complainants are in several stages stands in each."""
    road = roads.track(track, on)
    theirs = [row.code for row in procedures.procedures() if row.states == track]
    asked = select(Referral).where(Referral.procedure.in_(theirs))
    number = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
    found = session.scalars(asked.order_by(Referral.reference.desc()).limit(limit)).all()
    known = _Known.of(session, tuple(each.id for each in found))
    cards: list[list[BoardCard]] = [[] for _ in road.stages]
    for referral in found:
        at: dict[int, list[ReferralParty]] = {}
        for party in known.parties.get(referral.id, ()):
            stages = steps.bar(referral, party, on).stages
            at.setdefault(next((n for n, each in enumerate(stages) if each.place == "present"), 0), []).append(party)
        for stage, parties in sorted(at.items()):
            cards[stage].append(_card(referral, parties, known, road, stage, on))
    return Board(
        stages=tuple(each.label for each in road.stages),
        cards=tuple(tuple(each) for each in cards),
        left_out=max(0, number - limit),
    )


def _card(  # noqa: PLR0917
    referral: Referral, parties: Sequence[ReferralParty], known: "_Known", road: roads.Track, stage: int, on: dt.date
) -> BoardCard:
    statuses = dict.fromkeys(each.status for each in parties)
    days = [step.occurred_on for party in parties for step in party.steps]
    around = [road.stages[at].states[0] if 0 < at < len(road.stages) else "" for at in (stage - 1, stage + 1)]
    return BoardCard(
        id=referral.id,
        party_ids=tuple(each.id for each in parties),
        reference=referral.reference,
        label=vocabulary.label("procedures", referral.procedure),
        authority=authorities.authority(referral.authority, on).name,
        people=", ".join(each.case.person.pseudonym for each in parties),
        state=", ".join(vocabulary.label("party_states", each) for each in statuses),
        since=since(statuses, max(days, default=referral.dated_on)),
        waiting=known.waiting(referral, statuses, on),
        stage=stage,
        previous_state=around[0],
        next_state=around[1],
    )


@attrs.frozen
class _Known:
    """What is read at once of several referrals."""

    parties: Mapping[uuid.UUID, Sequence[ReferralParty]]
    names: Mapping[uuid.UUID, str]
    last: Mapping[uuid.UUID, dt.date]
    unproven: frozenset[uuid.UUID]
    letters: Mapping[uuid.UUID, int]

    @classmethod
    def of(cls, session: Session, wanted: Sequence[uuid.UUID]) -> "_Known":
        """Ask for it."""
        parties: dict[uuid.UUID, list[ReferralParty]] = {}
        names: dict[uuid.UUID, str] = {}
        asked = (
            select(ReferralParty, Person.pseudonym)
            .join(Case, ReferralParty.case_id == Case.id)
            .join(Person, Case.person_id == Person.id)
            .where(ReferralParty.referral_id.in_(wanted))
            .order_by(ReferralParty.position, ReferralParty.id)
        )
        for party, name in session.execute(asked):
            parties.setdefault(party.referral_id, []).append(party)
            names[party.id] = name
        last = session.execute(
            select(ReferralParty.referral_id, func.max(ReferralStep.occurred_on))
            .join(ReferralStep, ReferralStep.party_id == ReferralParty.id)
            .where(ReferralParty.referral_id.in_(wanted))
            .group_by(ReferralParty.referral_id)
        ).all()
        unproven = session.scalars(
            select(Dispatch.referral_id).where(
                Dispatch.referral_id.in_(wanted),
                Dispatch.proof_evidence_id.is_(None),
                Dispatch.received_on.is_(None),
            )
        )
        letters = session.execute(
            select(ReferralParty.referral_id, func.count(Mail.id.distinct()))
            .join(Mail, Mail.case_id == ReferralParty.case_id)
            .where(ReferralParty.referral_id.in_(wanted), Mail.passed_on.is_(None))
            .where(or_(Mail.referral_id.is_(None), Mail.referral_id == ReferralParty.referral_id))
            .group_by(ReferralParty.referral_id)
        ).all()
        return cls(
            parties,
            names,
            {owner: day for owner, day in last},
            frozenset(unproven),
            {owner: number for owner, number in letters},
        )

    def called(self, referral_id: uuid.UUID) -> list[str]:
        """The complainants, by pseudonym."""
        return [self.names[each.id] for each in self.parties.get(referral_id, ())]

    def waiting(self, referral: Referral, statuses: Iterable[str], on: dt.date) -> tuple[str, ...]:
        """What is waited for, in a few words."""
        found = []
        if referral.id in self.unproven:
            found.append("preuve du dépôt à joindre")
        if self.letters.get(referral.id):
            found.append("courrier à transmettre")
        going = set(statuses) - set(PREPARING) - ENDED
        last = self.last.get(referral.id)
        if going and last is not None and last <= on - SILENT:
            found.append(f"{(on - last).days // 30}{_NB}mois sans nouvelles")
        return tuple(found)
