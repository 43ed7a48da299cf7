# SPDX-License-Identifier: GPL-3.0-or-later
"""The chain of the journal: every change shows, and what only an anchor outside can show."""

import datetime as dt
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hro_desktop.records.base import Base
from hro_desktop.records.journal import JournalLine, JournalSalt
from hro_desktop.vault import journal

VAULT = "ab" * 16
AT = dt.datetime(2026, 11, 23, 21, 0, tzinfo=dt.UTC)
Words = st.text(st.characters(codec="utf-8"), max_size=12)


@pytest.fixture
def session():
    """The chain alone, without triggers: what somebody with the key and another program could change."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, tables=[JournalLine.__table__, JournalSalt.__table__])
    with Session(engine) as session:
        yield session
    engine.dispose()


def write(session, count, actor="acteur"):
    head = journal.head(session, VAULT)
    for n in range(count):
        head = journal.append(session, head, at=AT, actor=actor, action="test.done", object_id=f"o{n}")
    return head


def fields(session, n):
    row = session.get(JournalLine, n)
    return {name: getattr(row, name) for name in journal.FIELDS}


def test_an_empty_journal(session):
    head, findings = journal.verify(session, VAULT)
    assert head == journal.Head(0, journal.genesis(VAULT))
    assert findings == ()
    assert journal.contains(session, head, VAULT)
    assert not journal.contains(session, journal.Head(0, "0" * 64), VAULT)


def test_a_line_can_be_checked_without_this_program(session):
    write(session, 1)
    line = session.get(JournalLine, 1)
    spelled = (
        '{"action":"test.done","actor":"acteur","commitment":"","n":1,"object":"o0","previous":"'
        + hashlib.sha256(b"hro-desktop/1 journal\n" + VAULT.encode()).hexdigest()
        + '","utc":"2026-11-23T21:00:00.000000Z"}'
    )
    assert line.hash == hashlib.sha256(spelled.encode()).hexdigest()


@given(st.lists(st.tuples(Words, Words, Words), min_size=1, max_size=8))
def test_any_words_make_a_chain_that_holds(lines):
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, tables=[JournalLine.__table__, JournalSalt.__table__])
    with Session(engine) as session:
        head = journal.head(session, VAULT)
        for actor, action, object_id in lines:
            head = journal.append(session, head, at=AT, actor=actor, action=action, object_id=object_id)
        assert journal.verify(session, VAULT) == (head, ())
        assert journal.head(session, VAULT) == head
        exported = [json.loads(json.dumps(line)) for line in journal.extract(session)]
    engine.dispose()
    assert [journal.line_hash(line) for line in exported] == [line["hash"] for line in exported]


@pytest.mark.parametrize("name", journal.FIELDS)
@pytest.mark.parametrize("n", [1, 5, 10])
def test_any_field_changed_breaks_the_chain(session, name, n):
    write(session, 10)
    assert journal.verify(session, VAULT)[1] == ()
    other = {"n": 99, "previous": "0" * 64}.get(name, "autre")
    session.execute(update(JournalLine).where(JournalLine.n == n).values({name: other}))
    head, (finding,) = journal.verify(session, VAULT)
    assert head.n == n - 1
    assert finding.code == "journal.broken"
    assert f"ligne {n}" in finding.sentence


def test_a_line_removed_or_two_exchanged(session):
    write(session, 10)
    session.execute(delete(JournalLine).where(JournalLine.n == 4))
    assert journal.verify(session, VAULT)[0].n == 3
    session.rollback()
    write(session, 10)
    first, second = fields(session, 4), fields(session, 5)
    session.execute(update(JournalLine).where(JournalLine.n == 4).values(action="x", object=second["object"]))
    session.execute(update(JournalLine).where(JournalLine.n == 5).values(action="x", object=first["object"]))
    assert journal.verify(session, VAULT)[0].n == 3


def test_a_line_whose_hash_was_made_true_again_breaks_at_the_next(session):
    write(session, 10)
    changed = {**fields(session, 5), "actor": "autre"}
    values = {"actor": "autre", "hash": journal.line_hash(changed)}
    session.execute(update(JournalLine).where(JournalLine.n == 5).values(values))
    assert journal.verify(session, VAULT)[0].n == 5


def test_the_journal_of_another_vault_does_not_fit(session):
    write(session, 3)
    assert journal.verify(session, "cd" * 16)[0].n == 0


def test_a_journal_written_anew_is_seen_only_from_outside(session):
    known = write(session, 10)
    session.execute(delete(JournalLine))
    write(session, 12, actor="un autre")
    assert journal.verify(session, VAULT)[1] == ()  # the control: it agrees with itself
    assert not journal.contains(session, known, VAULT)


def test_an_older_journal_is_seen_only_from_outside(session):
    older, known = write(session, 5), write(session, 5)
    assert journal.contains(session, older, VAULT)
    assert journal.contains(session, known, VAULT)
    session.execute(delete(JournalLine).where(JournalLine.n > 5))
    assert journal.verify(session, VAULT)[1] == ()
    assert journal.contains(session, older, VAULT)
    assert not journal.contains(session, known, VAULT)


def test_a_commitment_needs_its_salt(session):
    content = hashlib.sha256(b"une video connue").hexdigest()
    head = journal.append(session, journal.head(session, VAULT), at=AT, actor="a", action="b", commitment_of=content)
    journal.append(session, head, at=AT, actor="a", action="b", commitment_of=content)
    lines = session.scalars(select(JournalLine).order_by(JournalLine.n)).all()
    salts = {row.n: row.salt for row in session.scalars(select(JournalSalt))}
    assert lines[0].commitment != lines[1].commitment
    assert {n: journal.commitment(salt, content) for n, salt in salts.items()} == {x.n: x.commitment for x in lines}
    session.execute(delete(JournalSalt))  # erased: the chain holds, the commitment says nothing any more
    assert journal.verify(session, VAULT)[1] == ()


def test_an_extract_of_some_records(session):
    write(session, 10)
    assert [line["n"] for line in journal.extract(session, {"o2", "o7"})] == [3, 8]


def test_progress_on_a_long_journal(session):
    write(session, journal.BATCH + 1)
    seen = []
    assert journal.verify(session, VAULT, seen.append)[0].n == journal.BATCH + 1
    assert seen == [journal.BATCH]


def test_instants_are_written_in_utc(session):
    paris = dt.timezone(dt.timedelta(hours=2))
    journal.append(
        session,
        journal.head(session, VAULT),
        at=dt.datetime(2026, 7, 1, 1, 30, tzinfo=paris),
        actor="a",
        action="b",
    )
    assert session.get(JournalLine, 1).utc == "2026-06-30T23:30:00.000000Z"


FORBIDDEN = [
    "UPDATE journal_line SET actor = 'x' WHERE n = 1",
    "UPDATE journal_line SET n = 100 WHERE n = 1",
    "DELETE FROM journal_line WHERE n = 1",
    "DELETE FROM journal_line",
    "INSERT OR REPLACE INTO journal_line SELECT n, utc, 'x', action, object, commitment, previous, hash "
    "FROM journal_line WHERE n = 1",
    "INSERT INTO journal_line SELECT n + 5, utc, actor, action, object, commitment, previous, "
    "substr(hash, 2) || 'x' FROM journal_line WHERE n = 1",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_base_itself_refuses_to_change_the_journal(vault, statement):
    with vault.work() as work, pytest.raises(IntegrityError, match="journal lines"):
        work.session.execute(text(statement))
    with vault.read() as session:
        assert journal.verify(session, vault.vault_id)[1] == ()
