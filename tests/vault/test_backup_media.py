# SPDX-License-Identifier: GPL-3.0-or-later
"""A stick that does not keep what it is given, one that is stopped at once, and the time-stamps that travel along."""

import os
from pathlib import Path

import pytest

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault import backup, checks, copying, generations, recovery, restore
from hro_desktop.vault.vault import Vault
from tests.vault.backups import flip
from tests.vault.support import attempt, deposit

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="finds a file by its descriptor in /proc")


@pytest.fixture
def stick(stick, vault):
    deposit(vault, b"une image" * 9000)
    backup.make(vault, stick)
    deposit(vault, b"une autre" * 9000)
    return stick


def lying(handle):
    """Says that all is on the disk, and keeps something else."""
    os.fsync(handle)
    flip(Path(f"/proc/self/fd/{handle}").readlink(), -5000)


@pytest.mark.parametrize("module", [backup, copying], ids=["the base", "an object"])
def test_a_stick_that_changes_a_byte_is_found_out_and_costs_nothing(vault, stick, monkeypatch, module):
    with monkeypatch.context() as patch:
        patch.setattr(module, "sync_file", lying)
        _, fault = attempt(lambda: backup.make(vault, stick))
    assert (fault.code, fault.exit_code) == ("backup.medium", ExitCode.DISK)
    assert [each.number for each in generations.generations(stick)] == [1]
    assert restore.check(generations.newest(stick)).sound
    assert backup.make(vault, stick).generation.number == 2  # the control: the same stick, honest


def test_a_disk_that_changes_a_byte_is_no_place_for_a_vault(vault, stick, tmp_path, monkeypatch):
    generation = generations.newest(stick)
    with monkeypatch.context() as patch:
        patch.setattr(copying, "sync_file", lying)
        _, fault = attempt(lambda: restore.restore(generation, tmp_path / "neuf"))
    assert (fault.code, fault.exit_code) == ("restore.medium", ExitCode.DISK)
    assert not (tmp_path / "neuf").exists()
    restore.restore(generation, tmp_path / "neuf")


def test_what_is_restored_is_private_can_be_read_by_hand_and_is_on_the_disk(stick, tmp_path, monkeypatch):
    target, synced, fsync = tmp_path / "neuf", set(), os.fsync
    target.mkdir(mode=0o755)

    def noted(handle):
        synced.add(Path(f"/proc/self/fd/{handle}").readlink().name)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    restore.restore(generations.newest(stick), target)
    assert target.stat().st_mode & 0o777 == 0o700
    assert (target / recovery.NAME).read_text(encoding="utf-8") == recovery.TEXT
    (target / "restauration.json").unlink()
    assert {each.code for each in checks.diagnose(target).findings} <= {"disk.no_reserve"}
    folders = {path.name for path in target.rglob("*") if path.is_dir() and any(path.iterdir())}
    assert synced >= {target.name, target.parent.name, "base", "hro.db"} | folders


class Stopped(Exception):  # noqa: N818 - somebody asked
    pass


def test_it_stops_in_the_middle_of_the_base_too(vault, stick, monkeypatch):
    monkeypatch.setattr(backup, "STEPS", 50)
    calls = [0]

    def progress(done, _total):
        calls[0] += 1
        if done == 0 and calls[0] > 3:  # nothing but the copy of the base has begun
            raise Stopped

    with pytest.raises(Stopped):
        backup.make(vault, stick, progress)
    assert [each.number for each in generations.generations(stick)] == [1]
    assert len(list((stick / generations.FOLDER / "generations").iterdir())) == 1
    assert backup.make(vault, stick).generation.number == 2


def test_time_stamps_go_along_and_come_back(made, vault, stick, tmp_path):
    kept = {"tete-12.tsq": b"demande", "tete-12.tsr": os.urandom(3000)}
    for name, content in kept.items():
        (vault.folder / "ancres" / name).write_bytes(content)
    (vault.folder / "ancres" / "nom étrange").write_bytes(b"x")  # not one of ours
    generation = backup.make(vault, stick).generation
    assert {name for name in generation.manifest.files if "/" in name} == {f"ancres/{name}" for name in kept}
    restore.restore(generation, tmp_path / "neuf")
    assert {path.name: path.read_bytes() for path in (tmp_path / "neuf" / "ancres").iterdir()} == kept
    Vault.open(tmp_path / "neuf", made.passphrase).close()
    flip(generation.folder / "ancres" / "tete-12.tsr")
    with pytest.raises(Fault, match=r"backup\.damaged"):
        restore.restore(generation, tmp_path / "encore")
