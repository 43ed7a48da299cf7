# SPDX-License-Identifier: GPL-3.0-or-later
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from hro_desktop import bootstrap
from hro_desktop.casework import editing, journal, journal_lines, key_slots, vault, volunteers
from hro_desktop.casework.desk import Desk
from hro_desktop.demo import run
from tests.support.practice import practice_vault

ROOT = Path(__file__).resolve().parents[2] / "hro_desktop"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with bootstrap.open_desk(practice_vault(tmp_path), run.PASSPHRASE) as made:
        yield made


def lines(desk: Desk, **asked: object) -> list[journal_lines.LineRow]:
    with desk.read() as session:
        return journal_lines.rows(session, journal_lines.ids(session, **asked))  # type: ignore[arg-type]


def test_lines_are_read_in_words_with_what_they_are_about(desk: Desk) -> None:
    draft = editing.blank("organisation", kind="association", name="Association Fictive")
    desk.run(editing.write, "organisation", draft)
    last = lines(desk)[0]
    assert last.words == "Annuaire\u00a0: enregistrement"
    assert (last.about, last.table, last.record_id) == ("Association Fictive", "organisation", draft.id)
    assert last.by == f"accès {desk.vault.slot_id[:4]}"
    assert [each.n for each in lines(desk)] == list(range(last.n, 0, -1))


def test_who_is_the_volunteer_of_the_access(desk: Desk) -> None:
    draft = editing.blank("volunteer", name="Alix Nouveau")
    desk.run(editing.write, "volunteer", draft)
    desk.run(key_slots.whose, desk.vault.slot_id, draft.id)
    assert {each.by for each in lines(desk, actor=desk.vault.slot_id)} == {"Alix Nouveau"}
    with desk.read() as session:
        assert (desk.vault.slot_id, "Alix Nouveau") in journal_lines.actors(session)
        assert volunteers.rows(session)[0].name in {each.name for each in volunteers.rows(session)}
    (about, *_) = lines(desk, object_id=str(draft.id))
    assert about.about == "Alix Nouveau"


def test_day_is_the_one_in_france(desk: Desk) -> None:
    every = lines(desk)
    day = every[0].at.date()
    assert [each.n for each in lines(desk, day=day)] == [each.n for each in every if each.at.date() == day]
    assert lines(desk, day=dt.date(1999, 1, 1)) == []


def test_what_is_gone_or_no_record_has_no_link(desk: Desk) -> None:
    opened = next(each for each in lines(desk) if each.words == "Coffre ouvert")
    assert (opened.about, opened.record_id) == ("", None)


def test_chain_is_followed_to_its_end_or_to_its_break(desk: Desk) -> None:
    seen: list[tuple[int, int]] = []
    checked = journal_lines.verify(desk, lambda done, total: seen.append((done, total)))
    assert checked.findings == ()
    assert checked.n == checked.total == lines(desk)[0].n
    with desk.vault.database.writer.connect() as connection:
        connection.execute(text("DROP TRIGGER IF EXISTS journal_line_no_update"))
        for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type='trigger'")).all():
            if "journal_line" in name:
                connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("UPDATE journal_line SET action = 'case.changed' WHERE n = 3"))
        connection.commit()
    broken = journal_lines.verify(desk)
    assert broken.n == 2
    assert [each.code for each in broken.findings] == ["journal.broken"]


def test_every_action_of_the_program_has_its_words() -> None:
    """A line nobody can read is no journal: a new action gets its words in `casework/journal.py`."""
    source = "\n".join(path.read_text("utf-8") for path in ROOT.rglob("*.py"))
    actions = set(re.findall(r"\brecord\(\s*\"([a-z_]+\.[a-z_]+)\"", source))
    nouns = {kind.record.__tablename__ for kind in editing.KINDS.values()}
    actions |= {f"{noun}.{deed}" for noun in nouns for deed in ("created", "changed")}
    assert len(actions) > 30
    assert {each for each in actions if not re.fullmatch(r"[A-ZÉÀL].*", journal.words(each))} == set()


def test_state_says_nothing_of_what_this_program_does_itself(desk: Desk) -> None:
    found = vault.state(desk)
    assert found.free > 0
    assert not {each.code for each in found.findings} & vault.OURS
    assert vault.verify(desk).sound
