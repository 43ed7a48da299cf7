# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from hro_desktop.casework import hints
from hro_desktop.casework.desk import Desk
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.settings import Setting


def seen(desk: Desk, slot: str = "") -> frozenset[str]:
    with desk.read() as session:
        return hints.seen(session, slot or desk.vault.slot_id)


def lines(desk: Desk) -> int:
    with desk.read() as session:
        return session.query(JournalLine).count()


def test_an_access_puts_hints_away_and_another_one_still_has_them(desk: Desk) -> None:
    assert seen(desk) == frozenset()
    before = lines(desk)
    desk.run(hints.put_away, "accueil")
    desk.run(hints.put_away, "dossiers")
    desk.run(hints.put_away, "accueil")
    assert seen(desk) == {"accueil", "dossiers"}
    assert seen(desk, "f" * 16) == frozenset()
    assert lines(desk) == before, "what somebody has read is nobody’s business"


def test_they_all_come_back_when_somebody_asks(desk: Desk) -> None:
    desk.run(hints.put_away, "accueil")
    desk.run(hints.show_again)
    assert seen(desk) == frozenset()


@pytest.mark.parametrize(
    ("written", "kept"),
    [("", set()), ("{", set()), ("{}", set()), ("null", set()), ("[" * 100_000, set()), ('["a", 1, null]', {"a"})],
)
def test_what_is_not_understood_is_left_aside(desk: Desk, written: str, kept: set[str]) -> None:
    with desk.vault.work() as work:
        work.session.merge(Setting(name=f"hints.{desk.vault.slot_id}", value=written))
        work.commit()
    assert seen(desk) == kept
    desk.run(hints.put_away, "b")
    assert seen(desk) == {*kept, "b"}
