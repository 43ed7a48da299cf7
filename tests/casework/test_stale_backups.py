# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups that an access removed since still opens: listed, said by the doctor, let go of, or said to be destroyed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hro_desktop import bootstrap
from hro_desktop.casework import backups, editing, journal_lines, key_slots, stale_backups, vault
from hro_desktop.casework.desk import Desk
from hro_desktop.faults import Fault
from hro_desktop.records.settings import Setting
from hro_desktop.vault import generations, restore
from hro_desktop.vault.keys import KdfParams
from hro_desktop.vault.vault import Vault

PHRASE = "sept dunes calmes sous la lune rousse"
OTHER = "sept autres mots, tirés au sort, lanterne, dune, pavé"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    bootstrap.create_vault(tmp_path / "coffre", PHRASE, kdf=KdfParams.fast()).vault.close()
    with bootstrap.open_desk(tmp_path / "coffre", PHRASE) as made:
        yield made


def someone(desk: Desk, phrase: str = OTHER) -> str:
    known = desk.run(editing.write, "volunteer", editing.blank("volunteer", name="Alix Nouveau")).value.id
    return key_slots.add_passphrase(desk, known, phrase).value


def numbers(desk: Desk) -> list[int | None]:
    return [each.number for each in stale_backups.listed(desk)]


def test_only_those_made_while_the_access_was_there(desk: Desk, stick: Path) -> None:
    backups.make(desk, stick)  # before it came
    slot = someone(desk)
    backups.make(desk, stick)
    assert numbers(desk) == []
    key_slots.remove(desk, slot)
    backups.make(desk, stick)  # after it went
    (found,) = stale_backups.listed(desk)
    assert (found.number, found.place, found.accesses, found.seen) == (2, stick, (slot,), True)
    assert f"s’ouvre encore avec l’accès retiré {slot[:4]}" in found.sentence
    assert "Alix" not in found.sentence
    (said,) = [each for each in vault.examine(desk).findings if each.code == "backup.stale"]
    assert said.sentence == found.sentence
    # and it is true: the backup of that day opens with the phrase that was removed
    target = stick.with_name("neuf")
    restore.restore(generations.newest(stick, 2), target)
    Vault.open(target, OTHER).close()
    with pytest.raises(Fault):
        Vault.open(desk.vault.folder, OTHER)


def test_backups_of_before_are_still_known_as_ours_and_followed(desk: Desk, stick: Path) -> None:
    slot = someone(desk)
    backups.make(desk, stick)
    key_slots.remove(desk, slot)
    assert backups.check(desk).findings == ()
    again = backups.make(desk, stick).backup
    assert (again.generation.number, again.copied) == (2, 0)


def test_the_older_ones_go_when_it_is_asked_for_and_a_new_one_is_whole(desk: Desk, stick: Path) -> None:
    slot = someone(desk)
    for _ in range(2):
        backups.make(desk, stick)
    key_slots.remove(desk, slot)
    assert numbers(desk) == [1, 2]
    backups.make(desk, stick)
    assert numbers(desk) == [1, 2]
    done = backups.make(desk, stick, renew=True).backup
    assert len(done.dropped) == 2
    assert [each.number for each in generations.generations(stick)] == [4, 3]
    assert numbers(desk) == []
    assert restore.check(generations.newest(stick)).findings == ()
    with desk.read() as session:
        words = [line.words for line in journal_lines.rows(session, journal_lines.ids(session))[:3]]
    assert words == ["Sauvegarde faite", "Sauvegarde plus ancienne effacée", "Sauvegarde plus ancienne effacée"]


def test_a_stick_that_is_not_there_is_said_until_somebody_says_it_is_destroyed(desk: Desk, stick: Path) -> None:
    slot = someone(desk)
    backups.make(desk, stick)
    key_slots.remove(desk, slot)
    away = stick.rename(stick.with_name("tiroir"))
    (found,) = stale_backups.listed(desk)
    assert (found.seen, found.place) == (False, stick)
    assert "support non branché" in found.sentence
    with pytest.raises(Fault) as caught:
        desk.run(stale_backups.destroyed, "0" * 16)
    assert caught.value.code == "backup.not_stale"
    desk.run(stale_backups.destroyed, found.id)
    assert numbers(desk) == []
    shutil.rmtree(away)


def test_where_it_is_was_not_noted_by_an_older_release(desk: Desk, stick: Path) -> None:
    slot = someone(desk)
    known = backups.make(desk, stick).backup.generation.manifest
    assert known is not None
    key_slots.remove(desk, slot)
    with desk.vault.work() as work:
        work.session.delete(work.session.get_one(Setting, f"backup.in.{known.id}"))
        work.commit()
    assert [(each.number, each.seen) for each in stale_backups.listed(desk)] == [(1, True)]  # in the usual place
    stick.rename(stick.with_name("tiroir"))
    (found,) = stale_backups.listed(desk)
    assert "à un endroit qui n’a pas été noté" in found.sentence


def test_an_older_copy_of_the_vault_does_not_push_out_what_it_cannot_read(desk: Desk, stick: Path) -> None:
    """It does not know the key of today: it must not take today's backups for rubbish."""
    slot = someone(desk)
    older = desk.vault.folder.with_name("ancien")
    shutil.copytree(desk.vault.folder, older)
    key_slots.remove(desk, slot)
    for _ in range(3):
        backups.make(desk, stick)
    (older / "verrou").unlink(missing_ok=True)
    with bootstrap.open_desk(older, PHRASE) as other:
        for _ in range(4):
            backups.make(other, stick)
    left = [each.number for each in generations.generations(stick)]
    assert left == [7, 6, 5, 3, 2, 1]
    assert all(restore.check(each).sound for each in generations.generations(stick))
