# SPDX-License-Identifier: GPL-3.0-or-later
"""Marked passages of real statements: nothing leaves while one waits, and what is masked is seen to be."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import passages, statements
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.passages import PassageDraft
from hro_desktop.casework.statements import VersionDraft
from hro_desktop.faults import Fault
from hro_desktop.records.passages import Passage
from hro_desktop.records.statements import Statement, StatementVersion
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.rules.passages import MASK
from hro_desktop.vault import journal

DAY = dt.date(2026, 10, 16)
QUOTED = "Je dormais dans ma tente"


def told(session: Session) -> tuple[Statement, StatementVersion]:
    """The account of Younès, sealed."""
    statement = session.scalars(select(Statement).where(Statement.reference == "T-2026-0001")).one()
    return statement, statement.versions[-1]


@pytest.fixture
def draft(desk: Desk) -> PassageDraft:
    with desk.read() as session:
        return PassageDraft(statement_version_id=told(session)[1].id, quoted=QUOTED, reason="hebergeur")


def decide(desk: Desk, passage: uuid.UUID, decision: str) -> None:
    with desk.read() as session:
        who = session.scalars(select(Volunteer.id)).one()
    desk.run(passages.decide, passage, decision, decided_by_id=who, decided_on=DAY)


def sent(desk: Desk) -> str | None:
    with desk.read() as session:
        statement, version = told(session)
        return passages.text_to_send(session, statement, version, "french_text").text


def test_a_mark_holds_the_text_back_until_it_is_decided(desk: Desk, draft: PassageDraft) -> None:
    whole = sent(desk)
    assert whole is not None
    assert QUOTED in whole
    marked = desk.run(passages.mark, draft).value
    with desk.read() as session:
        statement, version = told(session)
        assert version.sealed_at is not None  # marking changes nothing in it
        (finding,) = passages.review(session, statement, version)
        assert (finding.code, finding.level, finding.subject) == ("passage_pending", "block", str(marked))
        assert "T-2026-0001" in finding.sentence
        assert [each.id for each in passages.pending(session)] == [marked]
        assert [each.id for each in passages.pending(session, statement.id)] == [marked]
        assert passages.pending(session, marked) == []
    assert sent(desk) is None
    decide(desk, marked, "masquer")
    assert sent(desk) == whole.replace(QUOTED, MASK)
    decide(desk, marked, "garder")
    assert sent(desk) == whole
    with desk.read() as session:
        assert passages.pending(session) == []
        actions = [each["action"] for each in journal.extract(session)][-3:]
        assert actions == ["passage.created", "passage.decided", "passage.decided"]
        assert statements.content_hash(told(session)[1]) == told(session)[1].sha256


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"quoted": "des mots qui n’y sont pas"}, "passage.not_there"),
        ({"start": 3}, "passage.not_there"),
        ({"quoted": "Je"}, "passage.several"),
        ({"quoted": ""}, "draft.invalid"),
        ({"reason": "parce que"}, "draft.invalid"),
        ({"part": "note"}, "draft.invalid"),
    ],
)
def test_a_mark_is_on_words_that_stand_there(
    desk: Desk, draft: PassageDraft, change: dict[str, object], code: str
) -> None:
    for name, value in change.items():
        setattr(draft, name, value)
    with pytest.raises(Fault) as caught:
        desk.run(passages.mark, draft)
    assert caught.value.code == code
    with desk.read() as session:
        assert session.scalars(select(Passage)).all() == []


def test_each_place_of_the_same_words_is_marked_apart(desk: Desk, draft: PassageDraft) -> None:
    with desk.read() as session:
        text = told(session)[1].french_text
    draft.quoted, draft.start = "Je", text.rindex("Je")
    decide(desk, desk.run(passages.mark, draft).value, "masquer")
    masked = sent(desk)
    assert masked is not None
    assert masked.count(MASK) == 1
    assert masked.startswith("Je m’appelle") or masked.lstrip().startswith("Je m’appelle")


def test_a_mark_is_made_once(desk: Desk, draft: PassageDraft) -> None:
    draft.id = desk.run(passages.mark, draft).value
    with pytest.raises(Fault) as caught:
        desk.run(passages.mark, draft)
    assert caught.value.code == "passage.marked"


def test_a_decision_has_somebody_and_a_day(desk: Desk, draft: PassageDraft) -> None:
    marked = desk.run(passages.mark, draft).value
    for decision, code in (("masquer", "passage.who"), ("couper", "passage.decision")):
        with pytest.raises(Fault) as caught:
            desk.run(passages.decide, marked, decision, decided_by_id=None, decided_on=DAY)
        assert caught.value.code == code
    desk.run(passages.decide, marked, "en_attente", decided_by_id=None, decided_on=None, note="à relire")
    with desk.read() as session:
        assert session.get_one(Passage, marked).note == "à relire"


def test_words_that_moved_are_said_and_not_looked_for(desk: Desk, draft: PassageDraft) -> None:
    marked = desk.run(passages.mark, draft).value
    decide(desk, marked, "masquer")
    with desk.vault.work() as work:
        work.session.get_one(Passage, marked).start += 1
        work.commit()
    with desk.read() as session:
        statement, version = told(session)
        assert [each.code for each in passages.review(session, statement, version)] == ["passage_moved"]
    assert sent(desk) is None


@pytest.mark.parametrize("repeats", [True, False])
def test_a_new_version_does_not_forget_a_passage(desk: Desk, draft: PassageDraft, *, repeats: bool) -> None:
    decide(desk, desk.run(passages.mark, draft).value, "masquer")
    with desk.vault.work() as work:
        statement, _ = told(work.session)
        words = f"{QUOTED} lundi matin." if repeats else "Je dormais lundi matin."
        statements.add_version(work, statement, VersionDraft(french_text=words, sealed=True))
        work.commit()
    with desk.read() as session:
        statement, version = told(session)
        codes = [each.code for each in passages.review(session, statement, version)]
    assert codes == (["passage_unmarked"] if repeats else [])
    assert (sent(desk) is None) is repeats
