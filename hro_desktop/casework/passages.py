# SPDX-License-Identifier: GPL-3.0-or-later
"""Dangerous passages of statements: marking them, deciding with their author, and the text that may leave."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Literal

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import fields
from hro_desktop.faults import Fault
from hro_desktop.records.passages import Passage
from hro_desktop.records.statements import Statement, StatementVersion
from hro_desktop.rules import passages as rules
from hro_desktop.rules.findings import Finding
from hro_desktop.rules.passages import Applied
from hro_desktop.vault.work import Work

__all__ = [
    "PassageDraft",
    "dangerous",
    "decide",
    "mark",
    "mark_near",
    "marks",
    "of_version",
    "pending",
    "review",
    "text_to_send",
    "to_hide",
    "unmark",
]

Part = Literal["french_text", "original_text"]
PARTS: tuple[Part, ...] = ("french_text", "original_text")


@attrs.define(kw_only=True)
class PassageDraft(fields.Draft):
    """A passage to mark. `start` is the number of characters before it; -1: where its words stand, if only once."""

    statement_version_id: uuid.UUID | None = fields.ref("statement_version", "version du récit", required=True)
    part: str = fields.choice("passage_parts", "dans quel texte", default="french_text", required=True)
    start: int = attrs.field(default=-1)
    quoted: str = fields.text("les mots exacts", required=True)
    reason: str = fields.choice("passage_reasons", "pourquoi c’est dangereux", required=True)
    decision: str = fields.choice("passage_decisions", "ce que la personne a décidé", default="en_attente")
    decided_by_id: uuid.UUID | None = fields.ref("volunteer", "bénévole qui le lui a demandé")
    decided_on = fields.day("jour de sa décision")
    note: str = fields.text("précision", long=True)


def mark(work: Work, draft: PassageDraft) -> uuid.UUID:
    """Mark a passage; it waits for a decision, unless the draft tells what was decided, by whom and when.

    Raises:
        Fault: `draft.invalid`; `passage.not_there` when the words do not stand there; `passage.several` when they stand
            in several places and none was given; `passage.marked` for a mark that is already there; `passage.who`
            when nobody decided, or on no day.
    """
    fields.check(draft)
    _check_decided(draft.decision, draft.decided_by_id, draft.decided_on)
    version = work.session.get_one(StatementVersion, draft.statement_version_id)
    text: str = getattr(version, draft.part)
    start = draft.start
    if start < 0:
        start = text.find(draft.quoted)
        if start >= 0 and text.find(draft.quoted, start + 1) >= 0:
            raise Fault(
                "passage.several",
                "Ces mots se trouvent plusieurs fois dans le récit\u00a0: marquez chaque endroit à part.",
            )
    if start < 0 or text[start : start + len(draft.quoted)] != draft.quoted:
        raise _not_there()
    if draft.id is not None and work.session.get(Passage, draft.id) is not None:
        raise Fault("passage.marked", "Ce passage est déjà marqué\u00a0: décidez-en, ou marquez-en un autre.")
    return fields.save(work, Passage, draft, start=start).id


def mark_near(work: Work, draft: PassageDraft) -> uuid.UUID:
    """Mark words somebody selected, `start` being about where they stand: spaces at the ends are not part of them.

    Raises:
        Fault: as `mark`.
    """
    quoted = draft.quoted.strip()
    version = work.session.get_one(StatementVersion, draft.statement_version_id)
    start = rules.nearest(getattr(version, draft.part), quoted, draft.start)
    if start < 0:
        raise _not_there()
    return mark(work, attrs.evolve(draft, quoted=quoted, start=start))


def unmark(work: Work, passage_id: uuid.UUID) -> PassageDraft:
    """Take a mark back; what it was is given, so that it can be put again."""
    passage = work.session.get_one(Passage, passage_id)
    names = [name for name, _ in fields.described(PassageDraft)]
    was = PassageDraft(id=passage.id, start=passage.start, **{name: getattr(passage, name) for name in names})
    work.session.delete(passage)
    work.session.flush()
    work.record("passage.unmarked", passage_id)
    return was


def decide(
    work: Work,
    passage_id: uuid.UUID,
    decision: str,
    *,
    decided_by_id: uuid.UUID | None,
    decided_on: dt.date | None,
    note: str | None = None,
) -> None:
    """Write down what was decided with the author of the statement; it can be decided anew until it leaves.

    Args:
        work: the unit of work.
        passage_id: which one.
        decision: list `passage_decisions`.
        decided_by_id: the volunteer who asked the author.
        decided_on: the day.
        note: replaces the note when given.

    Raises:
        Fault: `passage.decision` for a word that is not in the list; `passage.who` when nobody decided, or on no day.
    """
    if decision not in ("en_attente", "garder", "masquer"):
        raise Fault("passage.decision", "Un passage se garde, se masque, ou attend une décision.")
    settled = decision != "en_attente"
    _check_decided(decision, decided_by_id, decided_on)
    passage = work.session.get_one(Passage, passage_id)
    passage.decision = decision
    passage.decided_by_id = decided_by_id if settled else None
    passage.decided_on = decided_on if settled else None
    if note is not None:
        passage.note = note
    work.session.flush()
    work.record("passage.decided", passage.id)


def _not_there() -> Fault:
    return Fault(
        "passage.not_there",
        "Ces mots ne se trouvent pas à cet endroit du récit\u00a0: sélectionnez-les dans le texte. "
        "Rien n’a été marqué.",
    )


def _check_decided(decision: str, decided_by_id: uuid.UUID | None, decided_on: dt.date | None) -> None:
    if decision != "en_attente" and (decided_by_id is None or decided_on is None):
        raise Fault(
            "passage.who",
            "Notez qui a posé la question à la personne et quel jour\u00a0: rien n’a été décidé.",
        )


def of_version(session: Session, version_id: uuid.UUID) -> Sequence[Passage]:
    """The marks of one version, in the order of its texts."""
    return session.scalars(
        select(Passage)
        .where(Passage.statement_version_id == version_id)
        .order_by(Passage.part, Passage.start, Passage.id)
    ).all()


def pending(session: Session, statement_id: uuid.UUID | None = None) -> Sequence[Passage]:
    """Passages that wait for a decision, oldest first; of one statement, or of all."""
    asked = select(Passage).where(Passage.decision == "en_attente").order_by(Passage.id)
    if statement_id is not None:
        asked = asked.join(StatementVersion).where(StatementVersion.statement_id == statement_id)
    return session.scalars(asked).all()


def marks(session: Session, version_id: uuid.UUID, part: str) -> list[rules.Mark]:
    """The marks of one text of one version, as the rules read them."""
    return [_as_rule(each) for each in of_version(session, version_id) if each.part == part]


def _as_rule(each: Passage) -> rules.Mark:
    return rules.Mark(id=str(each.id), start=each.start, quoted=each.quoted, reason=each.reason, decision=each.decision)


def text_to_send(session: Session, statement: Statement, version: StatementVersion, part: Part) -> Applied:
    """One text of a version with its decisions applied: the only text of a statement that may go into a paper."""
    applied = rules.apply(getattr(version, part), marks(session, version.id, part), statement.reference)
    forgotten = _forgotten(session, statement, version, part)
    if forgotten:
        return Applied(None, 0, (*applied.findings, *forgotten))
    return applied


def review(session: Session, statement: Statement, version: StatementVersion) -> tuple[Finding, ...]:
    """What blocks both texts of a version: pending, moved or forgotten passages, each once."""
    found = [finding for part in PARTS for finding in text_to_send(session, statement, version, part).findings]
    return tuple(dict.fromkeys(found))


def dangerous(session: Session, statement: Statement) -> list[Passage]:
    """Passages of all versions that are masked or still waiting."""
    return [
        each for version in statement.versions for each in of_version(session, version.id) if each.decision != "garder"
    ]


def to_hide(session: Session, statement: Statement) -> list[rules.Mark]:
    """The same, as the rules read them: what no other text may repeat."""
    return [_as_rule(each) for each in dangerous(session, statement)]


def _forgotten(session: Session, statement: Statement, version: StatementVersion, part: Part) -> tuple[Finding, ...]:
    others = [each for other in statement.versions if other.id != version.id for each in marks(session, other.id, part)]
    own = marks(session, version.id, part)
    return rules.carried_over(getattr(version, part), own, others, statement.reference)
