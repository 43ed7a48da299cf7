# SPDX-License-Identifier: GPL-3.0-or-later
"""Which frozen version a sending was of, what stops it if it is of today, and what is to be said of one that was made.

What may not leave now stays refused. What did leave is written down whatever became of the agreements: a register that
refuses facts is one nobody keeps. It says then under which agreement it left, or that there was none.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import Final

import attrs
from sqlalchemy.orm import Session

from hro_desktop.casework import departures, documents, facts, frozen, identities
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.frozen import Version
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.law import authorities, procedures
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.rules.dates import french_day

__all__ = ["STOPS", "Sending", "frozen_on", "of_the_day", "remark", "stopped", "version_of"]

STOPS: Final = frozenset(
    {"dispatch.unagreed", "referral.blocked", "dispatch.waits", "dispatch.unsigned", "version.stale"}
)
"""Faults of a version that may not leave now; it may have left all the same."""
_DOUBT = (
    "prévenez cette personne et voyez sans attendre avec un·e juriste ce qui se demande à l’organisme, et si cela se "
    "déclare (RGPD art. 33)"
)


@attrs.frozen(kw_only=True)
class Sending:
    """What is asked of a sending.

    Args:
        authority: code, of the referral or another one.
        sent_on: the day.
        copy: for information.
    """

    authority: str
    sent_on: dt.date
    copy: bool


def frozen_on(version: Version, today: dt.date) -> dt.date:
    """The day a version was frozen; never one to come: a practice vault stays at its day, a clock may be put back."""
    return min(version.day, today)


def of_the_day(versions: Sequence[Version], sent_on: dt.date, today: dt.date) -> Version | None:
    """The last one, newest first, that was frozen that day or before: the one most likely sent."""
    return next((each for each in versions if frozen_on(each, today) <= sent_on), None)


def version_of(
    session: Session, referral_id: uuid.UUID, version_id: uuid.UUID | None, sent_on: dt.date, today: dt.date
) -> Version:
    """The version that holds a document, or the last one that was frozen that day or before.

    Raises:
        Fault: `version.none`; `version.gone`; `version.later` when it was frozen after that day.
    """
    found = frozen.of_referral(session, referral_id)
    if not found:
        raise frozen.none_yet()
    if version_id is None:
        chosen = of_the_day(found, sent_on, today) or found[-1]
    else:
        known = [each for each in found if version_id in {paper.id for paper in each.papers}]
        if not known:
            raise Fault(
                "version.gone",
                "La version choisie n’est pas une version figée de cette saisine\u00a0: choisissez-en une autre.",
            )
        chosen = known[0]
    if frozen_on(chosen, today) > sent_on:
        raise Fault(
            "version.later",
            f"Cette version a été figée le {french_day(frozen_on(chosen, today))}, après le jour de l’envoi "
            f"({french_day(sent_on)})\u00a0: vérifiez ce jour, choisissez une version plus ancienne, ou notez dans "
            "«\u00a0Suivi\u00a0» ce qui est parti sans être figé.",
            ExitCode.USAGE,
        )
    return chosen


def stopped(session: Session, desk: Desk, referral: Referral, version: Version, sending: Sending) -> Fault | None:
    """Why a version may not leave now, whatever was true when it was frozen."""
    unagreed = next(_unagreed(session, referral, version, sending, desk.today()), None)
    if unagreed is not None and sending.authority != referral.authority:
        return Fault("dispatch.unagreed", unagreed[1], ExitCode.BLOCKED)
    states = documents.situation(session, desk, referral).states
    for code, state, words in (
        ("referral.blocked", "bloque", "Cela bloque"),
        ("dispatch.waits", "attend", "Cela attend"),
        ("dispatch.unsigned", "a_signer", "Il manque une signature"),
    ):
        late = next((each for each in states if each.state == state), None)
        if late is not None and not (state == "a_signer" and sending.copy):
            return Fault(
                code,
                f"{words}, {late.document}, {late.person}\u00a0: {late.reasons[0].sentence}",
                ExitCode.BLOCKED,
            )
    parties = {party.case.person_id for party in referral.parties}
    if not frozen.same_exhibits(session, referral, version) or frozen.holds(session, version).people - parties:
        sentence = "Les pièces ou les personnes ont changé depuis la version figée\u00a0: figez de nouveau."
        return Fault("version.stale", sentence, ExitCode.BLOCKED)
    return None


def remark(session: Session, desk: Desk, referral: Referral, version: Version, sending: Sending) -> str:
    """What is to be known of a sending that was made: without whose agreement, or what would stop it now."""
    then = dict(_unagreed(session, referral, version, sending, sending.sent_on))
    now = dict(_unagreed(session, referral, version, sending, desk.today()))
    to = authorities.authority(sending.authority, sending.sent_on).name
    said = [f"Parti sans accord. {reason} Prochain pas\u00a0: {_DOUBT}." for reason in then.values()]
    said += [
        f"Parti quand l’accord valait encore. {reason} Prochain pas\u00a0: si la personne le veut, écrire à {to} que "
        "l’accord est retiré."
        for person_id, reason in now.items()
        if person_id not in then
    ]
    if not said:
        fault = stopped(session, desk, referral, version, sending)
        if fault is not None and fault.code != "version.stale":
            said.append(f"Au jour où c’est noté, ceci arrêterait un envoi. {fault.sentence}")
    return "\n".join(said)


def _unagreed(
    session: Session, referral: Referral, version: Version, sending: Sending, on: dt.date
) -> Iterator[tuple[uuid.UUID, str]]:
    """Each complainant of a version who did not agree that day that it goes there, and why that is so."""
    people = frozen.holds(session, version).people or {party.case.person_id for party in referral.parties}
    for person in sorted((session.get_one(Person, each) for each in people), key=lambda each: each.id):
        reason = _reason(session, referral, person, sending.authority, on)
        if reason:
            yield person.id, f"{facts.formal_name(person)}\u00a0: {reason}"


def _reason(session: Session, referral: Referral, person: Person, authority: str, on: dt.date) -> str:
    """Why somebody does not agree that a body has it, or nothing; another body needs an agreement of its own."""
    if authority == referral.authority:
        gate = identities.gate(session, referral, person, on)
        return "" if gate.open else gate.reason
    whose = authorities.authority(authority, on)
    rows = [row for row in procedures.procedures() if row.body in (whose.code, whose.kind) and row.holds_on(on)]
    asked = (
        departures.agreement(session, person.id, row.consent_purpose, row.body, on, rule=row.consent_rule)
        for row in rows
    )
    return "" if any(each is not None for each in asked) else f"aucun accord pour {whose.name}."
