# SPDX-License-Identifier: GPL-3.0-or-later
"""Exceptions to an agreement: about whom, in which case of the law, why, by whose decision; and the identity said."""

import datetime as dt
import uuid
from collections.abc import Sequence

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import facts, fields
from hro_desktop.faults import Fault
from hro_desktop.records.exceptions import ConsentException
from hro_desktop.records.people import Person
from hro_desktop.rules import exceptions as rules
from hro_desktop.vault.work import Work

__all__ = ["ConsentExceptionDraft", "as_rules", "of_referral", "reduced_identity", "save"]


@attrs.define(kw_only=True)
class ConsentExceptionDraft(fields.Draft):
    """Why one referral goes on without the agreement of one person."""

    person_id: uuid.UUID | None = fields.ref("person", "personne connue du coffre")
    described: str = fields.text("personne non identifiée, décrite sans nom")
    body: str = fields.choice("bodies", "devant quel organisme", required=True)
    referral_id: uuid.UUID | None = fields.ref("referral", "dans quelle saisine", required=True)
    code: str = fields.choice("consent_exceptions", "quel cas", required=True)
    reason: str = fields.text("pourquoi, en une phrase", required=True)
    identity_reduced: bool = fields.flag("l’envoi ne donne qu’une lettre et « X »", default=True)
    decided_by_id: uuid.UUID | None = fields.ref("volunteer", "bénévole qui a décidé")
    decided_on = fields.day("jour de la décision")


def save(work: Work, draft: ConsentExceptionDraft) -> uuid.UUID:
    """Record or change an exception.

    Raises:
        Fault: `draft.invalid`; `exception.nobody` when it concerns nobody; `exception.no_reason` for a blank one;
            `exception.who` when a decision has a day and nobody who took it.
    """
    fields.check(draft)
    if draft.person_id is None and not draft.described.strip():
        raise Fault(
            "exception.nobody",
            "L’exception ne dit pas qui elle concerne\u00a0: choisissez la personne, ou décrivez-la sans nom. "
            "Rien n’a été enregistré.",
        )
    if not draft.reason.strip():
        raise Fault(
            "exception.no_reason",
            "Une exception à l’accord demande sa raison\u00a0: écrivez-la en une phrase. Rien n’a été enregistré.",
        )
    if draft.decided_on is not None and draft.decided_by_id is None:
        raise Fault(
            "exception.who",
            "La décision a un jour et personne ne l’a prise\u00a0: choisissez qui a décidé. Rien n’a été enregistré.",
        )
    return fields.save(work, ConsentException, draft).id


def of_referral(session: Session, referral_id: uuid.UUID) -> Sequence[ConsentException]:
    """All exceptions noted in a referral, first noted first."""
    return session.scalars(
        select(ConsentException).where(ConsentException.referral_id == referral_id).order_by(ConsentException.id)
    ).all()


def as_rules(session: Session, referral_id: uuid.UUID, person: Person, on: dt.date) -> list[rules.ConsentException]:
    """Those of one person, as `rules.exceptions.gate` reads them on that day."""
    return [
        rules.ConsentException(
            body=each.body,
            code=each.code,
            reason=each.reason,
            identity_reduced=each.identity_reduced,
            decided_on=each.decided_on,
            adult=_minor(person, on) is False,
            identified=any((person.given_names, person.birth_name, person.usual_name, person.original_name)),
        )
        for each in of_referral(session, referral_id)
        if each.person_id == person.id
    ]


def reduced_identity(person: Person, on: dt.date) -> rules.ReducedIdentity:
    """What is said of a person without agreement, and of their age no more than is known."""
    return rules.reduced_identity(
        person.given_names,
        person.birth_name or person.usual_name,
        minor=_minor(person, on),
        sure=facts.minority(person, on) != "maybe",
    )


def _minor(person: Person, on: dt.date) -> bool | None:
    """Whether somebody is, or may be, a child; `None` when nothing is known of their age."""
    known = bool(person.birth) or person.declared_minor is not None
    return facts.may_be_minor(person, on) if known else None
