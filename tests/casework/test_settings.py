# SPDX-License-Identifier: GPL-3.0-or-later
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from hro_desktop import bootstrap
from hro_desktop.casework import settings
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.settings import Settings
from hro_desktop.demo import run
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.settings import Setting
from tests.support.practice import practice_vault


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with bootstrap.open_desk(practice_vault(tmp_path), run.PASSPHRASE) as made:
        yield made


def kept(desk: Desk, slot: str = "") -> Settings:
    with desk.read() as session:
        return settings.read(session, slot or desk.vault.slot_id)


def test_nothing_said_is_four_minutes_as_the_desktop_looks(desk: Desk) -> None:
    assert kept(desk) == Settings(lock_after=240, text_percent=100, scheme="system")


def test_look_is_of_one_access_and_the_delay_of_the_vault(desk: Desk) -> None:
    desk.run(settings.save, Settings(lock_after=60, text_percent=150, scheme="dark"))
    assert kept(desk) == Settings(lock_after=60, text_percent=150, scheme="dark")
    assert kept(desk, "f" * 16) == Settings(lock_after=60)


def test_journal_says_when_the_delay_changed_and_nothing_of_taste(desk: Desk) -> None:
    desk.run(settings.save, Settings(scheme="dark"))
    desk.run(settings.save, Settings(scheme="dark", lock_after=1800))
    with desk.read() as session:
        lines = session.scalars(select(JournalLine.object).where(JournalLine.action == "setting.changed")).all()
    assert [each for each in lines if each == "lock_after"] == ["lock_after"]


@pytest.mark.parametrize("value", ["", "0", "7", "toujours", "99999999999999999999"])
def test_what_is_not_known_is_the_default(desk: Desk, value: str) -> None:
    with desk.vault.work() as work:
        for name in ("lock_after", f"text.{desk.vault.slot_id}", f"scheme.{desk.vault.slot_id}"):
            work.session.merge(Setting(name=name, value=value))
        work.commit()
    assert kept(desk) == Settings()


@pytest.mark.parametrize("wrong", [{"lock_after": 0}, {"text_percent": 300}, {"scheme": "rose"}])
def test_what_no_window_can_do_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must be in"):
        Settings(**wrong)  # type: ignore[arg-type]
