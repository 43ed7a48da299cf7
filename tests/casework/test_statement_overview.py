# SPDX-License-Identifier: GPL-3.0-or-later
"""What a list and a page say of statements, and what may still change in them."""

import datetime as dt
import uuid
from typing import Any

import attrs
import pytest
from sqlalchemy import select

from hro_desktop.casework import editing, passages, statement_overview, statements
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.passages import PassageDraft
from hro_desktop.casework.statement_overview import StatementView
from hro_desktop.faults import Fault
from hro_desktop.records.people import Person
from hro_desktop.records.statements import Statement
from hro_desktop.rules import passages as rules

pytestmark = pytest.mark.usefixtures("qapp")
DAY = dt.date(2026, 10, 20)


def id_of(desk: Desk, reference: str) -> uuid.UUID:
    with desk.read() as session:
        return session.scalars(select(Statement.id).where(Statement.reference == reference)).one()


def view(desk: Desk, statement_id: uuid.UUID) -> StatementView:
    with desk.read() as session:
        shown = statement_overview.of_statement(session, statement_id, DAY)
    assert shown is not None
    return shown


def read(desk: Desk, noun: str, record_id: uuid.UUID) -> Any:
    with desk.read() as session:
        return editing.read(session, noun, record_id)


def write(desk: Desk, noun: str, draft: Any) -> uuid.UUID:
    return desk.run(editing.write, noun, draft).value.id


def begin(desk: Desk, **known: object) -> uuid.UUID:
    with desk.read() as session:
        author = session.scalars(select(Person.id).where(Person.given_names == "Younès")).one()
    return write(desk, "statement_about", editing.blank("statement_about", kind="recit", author_id=author, **known))


def test_a_new_statement_begins_with_an_empty_version_in_the_language_of_its_author(desk: Desk) -> None:
    shown = view(desk, begin(desk))
    assert (shown.reference, shown.state) == ("T-2026-0006", "a_relire")
    assert shown.last is not None
    assert (shown.last.number, shown.last.language, shown.last.rtl, shown.last.sealed) == (1, "ar", True, False)


def test_what_is_known_about_a_statement_never_touches_its_words(desk: Desk) -> None:
    known = begin(desk)
    stale = read(desk, "statement_about", known)
    version = view(desk, known).last
    assert version is not None
    wording = read(desk, "statement_version", version.id)
    write(desk, "statement_version", attrs.evolve(wording, french_text="Je dormais."))
    write(desk, "statement_about", attrs.evolve(stale, taken_on=DAY))
    assert view(desk, known).last.french_text == "Je dormais."  # type: ignore[union-attr]


def test_states_follow_the_last_version(desk: Desk) -> None:
    known = begin(desk)
    version = view(desk, known).last
    assert version is not None

    def listed(state: str) -> list[str]:
        with desk.read() as session:
            ids = statement_overview.ids(session, states=(state,))
            return [each.reference for each in statement_overview.rows(session, ids)]

    assert listed("a_relire") == ["T-2026-0006"]
    wording = read(desk, "statement_version", version.id)
    write(desk, "statement_version", attrs.evolve(wording, french_text="Je dormais.", read_back_on=DAY))
    assert listed("relu") == ["T-2026-0006"]
    assert view(desk, known).state_label == "relu le 20\u00a0octobre 2026"
    desk.run(statements.seal_version, version.id)
    desk.run(statements.seal_version, version.id)  # again: nothing more
    assert listed("fige")[0] == "T-2026-0006"
    assert view(desk, known).versions[0].sealed
    about = read(desk, "statement_about", known)
    write(desk, "statement_about", attrs.evolve(about, withdrawn_on=DAY, withdrawn_reason="peur"))
    assert listed("retire") == ["T-2026-0006"]
    with desk.read() as session:
        assert len(statement_overview.ids(session)) == 6
        assert len(statement_overview.ids(session, "vasseur")) == 1
        assert len(statement_overview.ids(session, "attestation")) == 3
        assert len(statement_overview.ids(session, kinds=("attestation",))) == 3


def test_a_sealed_version_and_its_author_stay(desk: Desk) -> None:
    known = id_of(desk, "T-2026-0003")
    version = view(desk, known).last
    assert version is not None
    wording = read(desk, "statement_version", version.id)
    write(desk, "statement_version", wording)  # the same words
    with pytest.raises(Fault) as refused:
        write(desk, "statement_version", attrs.evolve(wording, french_text="Autre chose."))
    assert refused.value.code == "statement.sealed"
    about = read(desk, "statement_about", known)
    other = read(desk, "statement_about", id_of(desk, "T-2026-0004")).author_id
    with pytest.raises(Fault) as refused:
        write(desk, "statement_about", attrs.evolve(about, author_id=other))
    assert refused.value.code == "statement.author"


def test_a_new_version_takes_words_and_marks_over_and_is_to_be_read_back_again(desk: Desk) -> None:
    known = id_of(desk, "T-2026-0001")
    first = view(desk, known).last
    assert first is not None
    quoted = "deux couvertures"
    marked = PassageDraft(statement_version_id=first.id, quoted=quoted, reason="autre")
    desk.run(passages.mark, marked)
    second = desk.run(statements.new_version, known).value
    shown = view(desk, known)
    assert shown.last is not None
    assert (shown.last.id, shown.last.number, shown.last.read_back) == (second, 2, "")
    assert shown.last.french_text == first.french_text
    assert [each.version_id for each in shown.marks] == [first.id, second]
    assert shown.state == "a_relire"
    with pytest.raises(Fault) as refused:
        desk.run(statements.new_version, known)
    assert refused.value.code == "statement.open"


def test_marks_follow_their_words_and_those_whose_words_are_gone_say_so(desk: Desk) -> None:
    known = id_of(desk, "T-2026-0001")
    second = desk.run(statements.new_version, known).value
    passage = desk.run(
        passages.mark_near,
        PassageDraft(statement_version_id=second, quoted=" deux couvertures ", start=0, reason="autre"),
    ).value
    wording = read(desk, "statement_version", second)
    write(desk, "statement_version", attrs.evolve(wording, french_text=f"Un mot 😀. {wording.french_text}"))
    (mark,) = view(desk, known).marks
    assert (mark.lost, mark.quoted, mark.decision) == (False, "deux couvertures", "en_attente")
    wording = read(desk, "statement_version", second)
    words = wording.french_text.replace("deux couvertures", "deux plaids")
    write(desk, "statement_version", attrs.evolve(wording, french_text=words))
    assert view(desk, known).marks[0].lost
    was = desk.run(passages.unmark, passage).value
    assert view(desk, known).marks == ()
    assert was.quoted == "deux couvertures"
    with pytest.raises(Fault) as refused:
        desk.run(passages.mark_near, was)
    assert refused.value.code == "passage.not_there"


def test_a_mark_taken_back_can_be_put_again(desk: Desk) -> None:
    version = view(desk, id_of(desk, "T-2026-0001")).last
    assert version is not None
    draft = PassageDraft(statement_version_id=version.id, quoted="deux couvertures", reason="autre")
    was = desk.run(passages.unmark, desk.run(passages.mark, draft).value).value
    assert desk.run(passages.mark, was).value == was.id


def test_art_202_point_by_point(desk: Desk) -> None:
    shown = view(desk, id_of(desk, "T-2026-0003"))
    assert shown.refused == ""
    met = {each.code: each.met for each in shown.points}
    assert met["kinship"]
    assert met["document"]
    assert met["hand"]  # the signed scan is in the vault
    about = read(desk, "statement_about", shown.id)
    write(desk, "statement_about", attrs.evolve(about, kinship=None, interests_detail="", identity_evidence_id=None))
    points = {each.code: each for each in view(desk, shown.id).points}
    assert not points["kinship"].met
    assert "À préciser" in points["interests"].todo[0]
    assert not points["document"].met
    account = view(desk, id_of(desk, "T-2026-0001"))
    assert account.points == ()
    assert "plaignante" in account.refused


@pytest.mark.parametrize(("near", "place"), [((0,), 0), ((9,), 8), ((4,), 4), ((), 0)])
def test_words_are_found_nearest_to_where_they_were(near: tuple[int, ...], place: int) -> None:
    assert rules.nearest("mot mot mot", "mot", *near) == place
    assert rules.nearest("mot", "", 0) == -1
    assert rules.nearest("mot", "non", 0) == -1
