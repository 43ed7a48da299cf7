# SPDX-License-Identifier: GPL-3.0-or-later
"""A backup is whole or is not there, says why when it cannot be made, and never costs an earlier one."""

import datetime as dt
import os
import random
import shutil
import subprocess

import pytest

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.objects import StoredObject
from hro_desktop.vault import backup, copying, generations, restore
from hro_desktop.vault.generations import FOLDER
from hro_desktop.vault.keys import KdfParams
from hro_desktop.vault.vault import Vault
from tests.vault.backups import change, everything, flip, objects_in
from tests.vault.support import PASSPHRASE, attempt, deposit, fill, small_disk, times


def numbers(stick):
    return [each.number for each in generations.generations(stick)]


@pytest.mark.long
@pytest.mark.parametrize("seed", range(times(5, 50)))
def test_round_trip_after_random_changes(made, stick, tmp_path, seed):
    draw = random.Random(seed)
    for turn in range(3):
        with Vault.open(made.folder, made.passphrase) as vault:
            for _ in range(draw.randrange(1, 6)):
                change(vault, draw)
            key, head = vault.keys.base(), vault.head()
            done = backup.make(vault, stick)
        assert done.generation.manifest.head == head
        target = tmp_path / f"neuf{turn}"
        restore.restore(done.generation, target)
        assert everything(target, key) == everything(made.folder, key)
        first = generations.generations(stick)[-1]
        if turn:  # the comparison sees a difference where there is one
            restore.restore(first, tmp_path / f"ancien{turn}")
            assert everything(tmp_path / f"ancien{turn}", key) != everything(made.folder, key)


def test_only_new_objects_are_copied_and_three_generations_stay(vault, stick):
    deposit(vault, b"une image")
    copied = []
    for _ in range(5):
        copied.append(backup.make(vault, stick).copied)
        deposit(vault, b"une autre")
    assert copied == [1, 1, 1, 1, 1]
    assert numbers(stick) == [5, 4, 3]
    assert all(restore.check(each).sound for each in generations.generations(stick))


def test_an_erased_object_goes_with_the_last_generation_that_needs_it(vault, stick):
    gone = deposit(vault, b"a effacer").name
    kept = deposit(vault, b"a garder").name
    backup.make(vault, stick)
    with vault.work() as work:
        work.session.delete(work.session.query(StoredObject).filter_by(name=gone).one())
        work.commit()
    for _ in range(2):
        backup.make(vault, stick)
        assert objects_in(stick / FOLDER) == {gone, kept}
    backup.make(vault, stick)
    assert objects_in(stick / FOLDER) == {kept}


def test_a_generation_that_cannot_be_read_costs_no_object(vault, stick):
    first = deposit(vault, b"une image").name
    made = backup.make(vault, stick)
    flip(made.generation.folder / generations.MANIFEST)
    with vault.work() as work:
        work.session.delete(work.session.query(StoredObject).filter_by(name=first).one())
        work.commit()
    for _ in range(4):
        backup.make(vault, stick)
    assert numbers(stick) == [5, 4, 3, 1]
    assert objects_in(stick / FOLDER) == {first}


def test_numbers_and_not_the_clock_tell_the_order(made, stick):
    now = [dt.datetime(2026, 11, 26, tzinfo=dt.UTC)]
    with Vault.open(made.folder, made.passphrase, clock=lambda: now[0]) as vault:
        for _ in range(3):
            backup.make(vault, stick)
            deposit(vault, b"x")
            now[0] -= dt.timedelta(days=5 * 365)
        newest = generations.newest(stick)
    assert newest.number == 3
    assert newest.manifest.made_at.year == 2016


# ---- where it may go


def test_a_folder_is_refused_in_one_sentence(vault, made, stick, tmp_path):
    other = tmp_path / "autre"
    Vault.create(other, PASSPHRASE, kdf=KdfParams.fast(), reserve_size=4096).vault.close()
    (stick / "fichier").write_text("x")
    (stick / "lien").symlink_to(made.folder)
    for chosen, code in (
        (made.folder / "objets", "backup.inside"),
        (made.folder, "backup.inside"),
        (stick / "lien", "backup.inside"),
        (other, "backup.in_vault"),
        (stick / "fichier", "backup.no_place"),
        (stick / "rien", "backup.no_place"),
    ):
        _, fault = attempt(lambda chosen=chosen: backup.make(vault, chosen))
        assert fault.code == code
        assert fault.sentence.endswith(".")
        assert fault.sentence.count("\n") == 0
    assert not (stick / FOLDER).exists()


def test_the_backups_of_another_vault_are_left_alone(vault, stick, tmp_path):
    with Vault.create(tmp_path / "autre", PASSPHRASE, kdf=KdfParams.fast(), reserve_size=4096).vault as other:
        theirs = backup.make(other, stick).generation
    for broken in (False, True):
        if broken:  # its header still says whose it is
            flip(theirs.folder / generations.MANIFEST)
        _, fault = attempt(lambda: backup.make(vault, stick))
        assert fault.code == "backup.other_vault"
    assert numbers(stick) == [1]


def test_an_older_vault_does_not_push_out_the_backups_of_the_newer(made, stick, tmp_path):
    shutil.copytree(made.folder, tmp_path / "ancien")
    with Vault.open(made.folder, made.passphrase) as vault:
        deposit(vault, b"une image")
        backup.make(vault, stick)
    with Vault.open(tmp_path / "ancien", made.passphrase) as older:
        _, fault = attempt(lambda: backup.make(older, stick))
        assert fault.code == "backup.ahead"
        assert numbers(stick) == [1]
        assert restore.check(generations.newest(stick)).sound
    with Vault.open(made.folder, made.passphrase) as vault:
        backup.make(vault, stick)  # the one that goes on may
    assert numbers(stick) == [2, 1]


def test_the_same_disk_is_a_warning_and_another_is_none(vault, stick):
    assert [each.code for each in backup.make(vault, stick).findings] == ["backup.same_disk"]
    with small_disk(8 * 1024) as disk:
        assert backup.make(vault, disk).findings == ()


def test_a_disk_that_is_too_small_is_said_before_anything_is_written(vault):
    deposit(vault, os.urandom(1_500_000))
    with small_disk(6 * 1024) as disk:
        _, fault = attempt(lambda: backup.make(vault, disk))
        assert (fault.code, fault.exit_code) == ("backup.no_room", ExitCode.DISK)
        assert "Il faut" in fault.sentence
        assert objects_in(disk / FOLDER) == set()


def test_a_stick_that_cannot_be_written_is_said(vault):
    with small_disk(8 * 1024) as disk:
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        _, fault = attempt(lambda: backup.make(vault, disk))
        assert fault.code == "backup.read_only"


@pytest.mark.parametrize("at", [1, 3, 6, 9])
def test_a_disk_that_fills_up_on_the_way_leaves_the_last_backup(vault, tmp_path, at):
    deposit(vault, os.urandom(300_000))
    with small_disk(16 * 1024) as disk:
        backup.make(vault, disk)
        for _ in range(6):
            deposit(vault, os.urandom(700_000))
        calls = [0]

        def progress(_done, _total):
            calls[0] += 1
            if calls[0] == at:
                fill(disk)

        _, fault = attempt(lambda: backup.make(vault, disk, progress))
        assert (fault.code, fault.exit_code) == ("backup.full", ExitCode.DISK)
        assert numbers(disk) == [1]
        (disk / "remplissage").unlink()
        restore.restore(generations.newest(disk), tmp_path / "neuf")
        assert backup.make(vault, disk).generation.number == 2
        assert restore.check(generations.newest(disk)).sound


@pytest.mark.parametrize("at", [2, 5, 8, 11])
def test_a_stick_that_is_pulled_out_leaves_the_last_backup(vault, stick, at):
    deposit(vault, os.urandom(300_000))
    backup.make(vault, stick)
    for _ in range(4):
        deposit(vault, os.urandom(300_000))
    away, calls = stick.with_name("tiroir"), [0]

    def pull_out(_done, _total):
        calls[0] += 1
        if calls[0] == at:
            stick.rename(away)

    _, fault = attempt(lambda: backup.make(vault, stick, pull_out))
    assert (fault.code, fault.exit_code) == ("backup.failed", ExitCode.DISK)
    assert "débranché" in fault.sentence
    assert not stick.exists()
    away.rename(stick)
    assert numbers(stick) == [1]
    assert restore.check(generations.newest(stick)).sound
    assert backup.make(vault, stick).generation.number == 2


# ---- while it runs


def test_one_works_in_the_vault_meanwhile(made, vault, stick, tmp_path):
    for _ in range(4):
        deposit(vault, os.urandom(100_000))
    calls = [0]

    def progress(_done, _total):
        calls[0] += 1
        if calls[0] < 8:
            deposit(vault, b"pendant ce temps")

    done = backup.make(vault, stick, progress)
    restore.restore(done.generation, tmp_path / "neuf")
    with Vault.open(tmp_path / "neuf", made.passphrase) as again:
        with again.read() as session:
            names = {row.name for row in session.query(StoredObject)}
        assert names == again.objects.names() == set(done.generation.manifest.objects)


class Stopped(Exception):  # noqa: N818 - somebody asked
    pass


def test_stopped_anywhere_it_leaves_nothing_half_and_goes_on_from_there(vault, stick):
    for _ in range(3):
        deposit(vault, os.urandom(50_000))
    backup.make(vault, stick)
    for _ in range(4):
        deposit(vault, os.urandom(50_000))
    at, stops = 0, 0
    while True:
        at += 1
        calls = [0]

        def progress(_done, _total, calls=calls, at=at):
            calls[0] += 1
            if calls[0] == at:
                raise Stopped

        try:
            done = backup.make(vault, stick, progress)
        except Stopped:
            stops += 1
            assert numbers(stick) == [1]
            left = {path.name for path in (stick / FOLDER / "generations").iterdir()}
            assert left == {generations.newest(stick).folder.name}
            continue
        break
    assert stops > 6
    assert done.copied < 4  # the others were copied and read again by those that were stopped
    assert restore.check(done.generation).sound


def test_progress_ends_where_it_said(vault, stick):
    for _ in range(3):
        deposit(vault, os.urandom(150_000))
    for _ in range(2):
        seen = []
        backup.make(vault, stick, lambda done, total, seen=seen: seen.append((done, total)))
        assert [done for done, _ in seen] == sorted(done for done, _ in seen)
        assert seen[-1][0] <= seen[-1][1] <= seen[-1][0] * 2.2


# ---- damage


def test_an_object_that_rots_in_the_backup_is_named_and_mended(vault, stick):
    names = [deposit(vault, bytes([n]) * 70_000).name for n in range(3)]
    done = backup.make(vault, stick)
    flip(generations.object_path(stick / FOLDER, names[1]))
    report = restore.check(done.generation)
    assert [each.code for each in report.findings] == ["backup.object_damaged"]
    assert names[1][:8] in report.findings[0].sentence
    quick = backup.make(vault, stick, reread=False)
    assert quick.copied == 0  # the control: without reading it again it stays as it is
    assert "backup.not_reread" in {each.code for each in quick.findings}
    assert not restore.check(done.generation).sound
    assert backup.make(vault, stick).copied == 1
    assert restore.check(done.generation).sound


def test_without_reading_again_no_generation_is_dropped(vault, stick):
    for _ in range(5):
        backup.make(vault, stick, reread=False)
    assert numbers(stick) == [5, 4, 3, 2, 1]
    backup.make(vault, stick)
    assert numbers(stick) == [6, 5, 4]


def test_an_object_the_vault_has_lost_is_named_and_the_rest_is_backed_up(vault, stick, tmp_path):
    lost, kept = (deposit(vault, bytes([n]) * 70_000).name for n in range(2))
    flip(vault.objects.path(lost))
    done = backup.make(vault, stick)
    assert [each.code for each in done.findings] == ["backup.lacking", "backup.same_disk"]
    assert lost[:8] in done.findings[0].sentence
    assert set(done.generation.manifest.objects) == {kept}
    found = restore.restore(done.generation, tmp_path / "neuf").findings
    assert [each.code for each in found] == ["backup.lacking"]


def test_an_object_lost_since_is_still_there_from_the_last_backup(vault, stick):
    lost = deposit(vault, b"une image" * 9000).name
    backup.make(vault, stick)
    vault.objects.path(lost).unlink()
    done = backup.make(vault, stick)
    assert set(done.generation.manifest.objects) == {lost}
    assert restore.check(done.generation).sound


def test_what_an_interrupted_backup_noted_stands_for_nothing_else(made, vault, stick):
    """Its list spares reading again what was read again: only whoever holds the key can write a line of it."""
    names = [deposit(vault, bytes([n]) * 70_000).name for n in range(3)]

    def stop(done, total):
        if done > total * 0.8:
            raise Stopped

    with pytest.raises(Stopped):
        backup.make(vault, stick, stop)
    log = stick / FOLDER / "objets" / backup.LOG
    lines = log.read_text().splitlines()
    assert lines
    put = generations.object_path(stick / FOLDER, lines[0].split(" ")[0])
    put.write_bytes(bytes(put.stat().st_size))
    name, size, _, code = lines[0].split(" ")
    forged = f"{name} {size} {copying.read(put, lambda _: None).sha256} {code}"
    log.write_text("\n".join([forged, "../../x 3 abc", "", *lines[1:]]))
    done = backup.make(vault, stick)
    assert done.copied == 3 - len(lines) + 1
    assert set(done.generation.manifest.objects) == set(names)
    assert restore.check(done.generation).sound
    assert not log.exists()


def test_faults_name_no_secret(vault, stick):
    with pytest.raises(Fault) as caught:
        backup.make(vault, stick / "Prénom Nom")
    assert "Nom" not in str(caught.value)
