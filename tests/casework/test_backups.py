# SPDX-License-Identifier: GPL-3.0-or-later
"""When the vault was last backed up, where, and when the home page says that it has been too long."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from hro_desktop import bootstrap
from hro_desktop.casework import backups, journal_lines, vault
from hro_desktop.casework.desk import Desk
from hro_desktop.demo import run
from hro_desktop.faults import Fault
from hro_desktop.records.settings import Setting
from hro_desktop.vault import backup, generations
from hro_desktop.vault.keys import KdfParams
from tests.support.practice import practice_vault
from tests.vault.backups import flip
from tests.vault.support import deposit

PHRASE = "sept dunes calmes sous la lune rousse"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    bootstrap.create_vault(tmp_path / "coffre", PHRASE, kdf=KdfParams.fast()).vault.close()
    with bootstrap.open_desk(tmp_path / "coffre", PHRASE) as made:
        yield made


def later(desk: Desk, days: int) -> Desk:
    now = desk.clock() + dt.timedelta(days=days)
    return attrs.evolve(desk, clock=lambda: now)


def test_a_backup_is_noted_with_its_day_and_its_place(desk: Desk, stick: Path) -> None:
    with desk.read() as session:
        assert backups.last(session) is None
    done = backups.make(desk, stick).backup
    with desk.read() as session:
        known = backups.last(session)
        line = journal_lines.rows(session, journal_lines.ids(session))[0]
    assert known is not None
    assert known.place == stick
    assert abs(known.at - desk.clock()) < dt.timedelta(minutes=5)
    assert line.words == "Sauvegarde faite"
    manifest = generations.newest(stick).manifest
    assert manifest is not None
    assert done.generation.manifest == manifest
    assert manifest.head.n == line.n - 1


def test_a_backup_that_is_refused_is_not_noted(desk: Desk, stick: Path) -> None:
    before = desk.vault.head()
    with pytest.raises(Fault):
        backups.make(desk, stick / "rien")
    assert desk.vault.head() == before
    with desk.read() as session:
        assert backups.last(session) is None


def test_the_reminder_counts_from_the_last_backup_or_from_the_beginning(desk: Desk, stick: Path) -> None:
    assert backups.reminder(desk) == ""
    assert backups.reminder(later(desk, 13)) == ""
    assert backups.reminder(later(desk, 14)).startswith("Aucune sauvegarde du coffre depuis sa création, le ")
    backups.make(desk, stick)
    assert backups.reminder(later(desk, 13)) == ""
    assert backups.reminder(later(desk, 15)).endswith("(15\u00a0jours)")


def test_the_examination_of_an_open_vault_says_what_the_home_page_says(desk: Desk, stick: Path) -> None:
    def late(days: int) -> list[str]:
        found = vault.examine(later(desk, days)).findings
        return [each.sentence for each in found if each.code == "backup.late"]

    assert late(13) == []
    assert len(late(15)) == 1
    backups.make(desk, stick)
    assert late(13) == []
    assert late(15)[0].endswith("(15\u00a0jours).")


def words(desk: Desk) -> str:
    with desk.read() as session:
        return journal_lines.rows(session, journal_lines.ids(session))[0].words


def test_a_backup_is_read_again_every_thirty_days_and_what_became_of_it_noted(desk: Desk, stick: Path) -> None:
    deposit(desk.vault, b"une image")
    backups.make(desk, stick)
    desk.run(backups.save_remind_after, 90)
    assert backups.reminder(later(desk, 29)) == ""
    assert backups.reminder(later(desk, 31)).startswith("La sauvegarde du coffre n’a pas été relue depuis le ")
    with desk.read() as session:
        before = backups.last(session)
    assert before is not None
    assert backups.check(desk).sound
    assert words(desk) == "Sauvegarde relue, entière"
    generation = generations.newest(stick)
    assert generation.manifest is not None
    flip(generations.object_path(generation.place, min(generation.manifest.objects)))
    assert [each.code for each in backups.check(desk).findings] == ["backup.object_damaged"]
    assert words(desk) == "Sauvegarde relue, abîmée"
    flip(generation.folder / "manifeste.json")
    assert [each.code for each in backups.check(desk).findings] == ["backup.manifest"]


def test_a_quick_backup_does_not_count_as_reading_again(desk: Desk, stick: Path) -> None:
    backups.make(desk, stick)
    with desk.vault.work() as work:
        work.session.merge(Setting(name="backup.checked_at", value="2020-01-01T00:00:00+00:00"))
        work.commit()
    backups.make(desk, stick, reread=False)
    assert "n’a pas été relue" in backups.reminder(desk)
    backups.make(desk, stick)
    assert backups.reminder(desk) == ""


def test_a_backup_that_is_not_of_this_vault_is_said(desk: Desk, stick: Path, tmp_path: Path) -> None:
    backups.make(desk, stick)
    (tmp_path / "autre").mkdir()
    with bootstrap.create_vault(tmp_path / "autre", PHRASE, kdf=KdfParams.fast()).vault as other:
        (tmp_path / "cle2").mkdir()
        theirs = backup.make(other, tmp_path / "cle2").generation.place
    shutil.rmtree(stick / theirs.name)
    shutil.copytree(theirs, stick / theirs.name)
    assert [each.code for each in backups.check(desk).findings] == ["backup.foreign"]


def test_without_a_backup_there_is_nothing_to_read(desk: Desk) -> None:
    with pytest.raises(Fault) as caught:
        backups.check(desk)
    assert caught.value.code == "backup.absent"


def test_another_delay_is_kept_and_noted(desk: Desk) -> None:
    desk.run(backups.save_remind_after, 30)
    assert backups.reminder(later(desk, 29)) == ""
    assert backups.reminder(later(desk, 30))
    with desk.read() as session:
        assert backups.remind_after(session) == 30
        assert journal_lines.rows(session, journal_lines.ids(session))[0].words == "Réglage changé"
    head = desk.vault.head()
    desk.run(backups.save_remind_after, 30)
    assert desk.vault.head() == head
    with pytest.raises(ValueError, match="3"):
        desk.run(backups.save_remind_after, 3)


def test_an_exercise_is_not_reminded_of(tmp_path: Path) -> None:
    with bootstrap.open_desk(practice_vault(tmp_path), run.PASSPHRASE) as desk:
        assert backups.reminder(later(desk, 4000)) == ""
