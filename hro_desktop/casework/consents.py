# SPDX-License-Identifier: GPL-3.0-or-later
"""Consents: what each person agreed to, for which body, how and in which language."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Final, Literal

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import facts, fields
from hro_desktop.faults import Fault
from hro_desktop.law import procedures, vocabulary
from hro_desktop.records.cases import Case
from hro_desktop.records.consents import Consent
from hro_desktop.records.exceptions import ConsentException
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.rules import consents as rules
from hro_desktop.rules.dates import french_day
from hro_desktop.vault.work import Work

__all__ = [
    "Agreement",
    "Answer",
    "ConsentDraft",
    "Grid",
    "agreements",
    "answers",
    "exceptions_of",
    "grid",
    "lacking",
    "save",
    "withdraw",
]

ASKED: Final = ("collecte", "plainte", "saisine_igpn", "saisine_ddd", "sante", "transmission_avocat", "recontact")
"""Purposes that are asked of everybody: they stand in the grid before anybody answered."""
SHORT: Final = {"procureur": "procureur", "ddd": "DDD"}
"""How a body is called where there is little room; the others keep their label."""
Kind = Literal["ok", "warn", "late", "plain"]
BEFORE: Final = ("a_evaluer", "consentement_recu", "en_redaction", "prete")
"""Where a referral is for a person before it leaves: an agreement that is missing still holds it back."""
_EXCEPTED: Final = select(ConsentException.person_id, ConsentException.referral_id)
_CHIPS: Final[dict[str, Kind]] = {"donne": "ok", "non_oppose": "ok", "refuse": "late", "retire": "late"}
_MARKS: Final = {"granted": "✓", "missing": "?", "refused": "refusé", "withdrawn": "retiré"}


@attrs.define(kw_only=True)
class ConsentDraft(fields.Draft):
    """One answer of one person for one purpose and one body."""

    person_id: uuid.UUID | None = fields.ref("person", "qui a répondu", required=True)
    purpose: str = fields.choice("consent_purposes", "pour quoi", required=True)
    body: str = fields.choice("bodies", "pour quel organisme, quand le but en dépend")
    state: str = fields.choice("consent_states", "réponse", required=True)
    mode: str = fields.choice("consent_modes", "oral, écrit ou enregistré")
    language: str = fields.choice("languages", "langue dans laquelle la question a été posée")
    interpreter_id: uuid.UUID | None = fields.ref("person", "interprète")
    given_on = fields.day("jour de la réponse")
    withdrawn_on = fields.day("jour du retrait")
    collected_by_id: uuid.UUID | None = fields.ref("volunteer", "bénévole qui a recueilli la réponse")
    evidence_id: uuid.UUID | None = fields.ref("evidence", "preuve : feuille signée, enregistrement")
    note: str = fields.text("précision", long=True)


@attrs.frozen(kw_only=True)
class Answer:
    """One line of the grid of agreements: an answer, or (without an id) a purpose nobody asked about yet.

    Args:
        id: of the answer.
        purpose: list `consent_purposes`, with its words.
        body: list `bodies`, with its words.
        state: how it stands, in words; `kind` the chip.
        detail: day, mode, language, interpreter, withdrawal.
        withdrawable: whether it can still be taken back.
    """

    id: uuid.UUID | None
    purpose: str
    purpose_label: str
    body: str
    body_label: str
    state: str
    kind: Kind
    detail: str
    withdrawable: bool


@attrs.frozen
class Agreement:
    """How somebody's agreement stands before one body, for one line: « procureur ✓ »."""

    body: str
    label: str
    word: str
    kind: Kind
    withdrawn: bool = False


@attrs.frozen
class Grid:
    """Every answer of somebody, and the exceptions of LO 2011-333 art. 8 noted about them."""

    answers: tuple[Answer, ...]
    exceptions: tuple[str, ...]


def save(work: Work, draft: ConsentDraft) -> uuid.UUID:
    """Record or change a consent."""
    return fields.save(work, Consent, draft).id


def withdraw(work: Work, consent_id: uuid.UUID, on: dt.date | None) -> None:
    """Note the day an agreement was taken back; without a day, that it was not after all.

    Raises:
        Fault: `consent.withdrawn_future`, `consent.withdrawn_before`: the day cannot be.
    """
    known = work.session.get_one(Consent, consent_id)
    if on is not None and on > fields.french_day(work.now):
        raise Fault(
            "consent.withdrawn_future",
            f"Le {french_day(on)} n’est pas encore là\u00a0: corrigez le jour du retrait. Rien n’a été enregistré.",
        )
    if on is not None and known.given_on is not None and on < known.given_on:
        raise Fault(
            "consent.withdrawn_before",
            f"Cet accord date du {french_day(known.given_on)}\u00a0: il n’a pas pu être retiré avant. "
            "Rien n’a été enregistré.",
        )
    values = {name: getattr(known, name) for name, _ in fields.described(ConsentDraft)}
    save(work, ConsentDraft(**{**values, "id": consent_id, "withdrawn_on": on}))


def grid(session: Session, person_id: uuid.UUID) -> Grid:
    """What the page of a case shows of the agreements of its person."""
    return Grid(answers(session, person_id), exceptions_of(session, person_id))


def answers(session: Session, person_id: uuid.UUID) -> tuple[Answer, ...]:
    """The grid: every answer of somebody, purpose by purpose, and what is asked of everybody and was not."""
    found = session.scalars(
        select(Consent).where(Consent.person_id == person_id).order_by(Consent.given_on, Consent.id)
    ).all()
    order = vocabulary.codes("consent_purposes")
    lines: list[Answer] = []
    for purpose in order:
        mine = [each for each in found if each.purpose == purpose]
        if mine or purpose in ASKED:
            lines += [_answer(session, each) for each in mine] or [_unasked(purpose)]
    return tuple(lines)


def agreements(session: Session, person_id: uuid.UUID, on: dt.date) -> tuple[Agreement, ...]:
    """How somebody's agreement stands before each body one usually turns to, and each that was asked about."""
    given: Sequence[Consent] = session.scalars(select(Consent).where(Consent.person_id == person_id)).all()
    known = [_as_rule(each) for each in given]
    asked = {each.purpose for each in given} | set(ASKED)
    made: dict[str, Agreement] = {}
    for row in procedures.procedures():
        if row.body in made or not row.holds_on(on) or row.consent_purpose not in asked:
            continue
        gate = rules.gate(known, row.consent_purpose, row.body, on, rule=row.consent_rule)
        told = gate.open and not rules.gate(known, row.consent_purpose, row.body, on).open
        kind: Kind = "ok" if gate.open else "warn" if gate.state == "missing" else "late"
        label = SHORT.get(row.body, vocabulary.label("bodies", row.body))
        word = "informé" if told else _MARKS[gate.state]
        made[row.body] = Agreement(row.body, label, word, kind, gate.state == "withdrawn")
    return tuple(made.values())


def _as_rule(each: Consent) -> rules.Consent:
    return rules.Consent(each.purpose, each.state, each.body, each.given_on, each.withdrawn_on, each.mode)


def lacking(session: Session, on: dt.date) -> set[uuid.UUID]:
    """The cases that wait for an agreement: a referral is being prepared, and the person’s answer does not open it."""
    parties = session.execute(
        select(ReferralParty.case_id, Case.person_id, Referral.id, Referral.procedure)
        .join(Referral, Referral.id == ReferralParty.referral_id)
        .join(Case, Case.id == ReferralParty.case_id)
        .where(ReferralParty.status.in_(BEFORE))
    ).all()
    known: dict[uuid.UUID, list[rules.Consent]] = defaultdict(list)
    for each in session.scalars(
        select(Consent).where(
            Consent.person_id.in_(
                select(Case.person_id)
                .join(ReferralParty, ReferralParty.case_id == Case.id)
                .where(ReferralParty.status.in_(BEFORE))
            )
        )
    ):
        known[each.person_id].append(_as_rule(each))
    excepted = {(each.person_id, each.referral_id) for each in session.execute(_EXCEPTED)}
    rows = {row.code: row for row in procedures.procedures() if row.holds_on(on)}
    found: set[uuid.UUID] = set()
    for case_id, person_id, referral_id, code in parties:
        row = rows.get(code)
        if row is None or (person_id, referral_id) in excepted:
            continue
        given = known.get(person_id)
        if not given or not rules.gate(given, row.consent_purpose, row.body, on, rule=row.consent_rule).open:
            found.add(case_id)
    return found


def exceptions_of(session: Session, person_id: uuid.UUID) -> tuple[str, ...]:
    """The exceptions of LO 2011-333 art. 8 noted about somebody, each in a sentence."""
    found = session.scalars(
        select(ConsentException).where(ConsentException.person_id == person_id).order_by(ConsentException.id)
    )
    return tuple(
        f"{vocabulary.label('bodies', each.body)}\u00a0: {vocabulary.label('consent_exceptions', each.code)}"
        + (f", décidé le {french_day(each.decided_on)}" if each.decided_on else ", jour non noté")
        + f". {each.reason}"
        for each in found
    )


def _answer(session: Session, each: Consent) -> Answer:
    withdrawn = each.withdrawn_on is not None or each.state == "retire"
    code = "retire" if withdrawn else each.state
    interpreter = session.get(Person, each.interpreter_id) if each.interpreter_id else None
    said = [
        french_day(each.given_on) if each.given_on else "jour non noté",
        vocabulary.label("consent_modes", each.mode) if each.mode else "",
        vocabulary.label("languages", each.language) if each.language else "",
        f"interprète {facts.formal_name(interpreter)}" if interpreter else "",
        f"retiré le {french_day(each.withdrawn_on)}" if each.withdrawn_on else "",
        each.note,
    ]
    return Answer(
        id=each.id,
        purpose=each.purpose,
        purpose_label=vocabulary.label("consent_purposes", each.purpose),
        body=each.body,
        body_label=vocabulary.label("bodies", each.body) if each.body else "",
        state=vocabulary.label("consent_states", code),
        kind=_CHIPS[code],
        detail=" · ".join(part for part in said if part),
        withdrawable=not withdrawn and each.state in ("donne", "non_oppose"),
    )


def _unasked(purpose: str) -> Answer:
    body = vocabulary.term("consent_purposes", purpose).group
    return Answer(
        id=None,
        purpose=purpose,
        purpose_label=vocabulary.label("consent_purposes", purpose),
        body=body,
        body_label=vocabulary.label("bodies", body) if body else "",
        state="pas encore demandé",
        kind="warn",
        detail="",
        withdrawable=False,
    )
