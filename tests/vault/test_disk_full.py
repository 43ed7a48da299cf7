# SPDX-License-Identifier: GPL-3.0-or-later
"""A full disk, at many points: said in French, nothing half left, and the vault usable once there is room."""

import io
import os
import random
import shutil
import sys

import attrs
import pytest

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.sites import Site
from hro_desktop.vault import accesses, checks, reserve
from hro_desktop.vault.age import AgeReader
from hro_desktop.vault.keys import KdfParams
from hro_desktop.vault.vault import Vault
from tests.vault.support import PASSPHRASE, attempt, deposit, fill, small_disk, start, times

SIZES = range(25, 3525, times(50, 25))


@pytest.fixture
def crowded(made):
    with small_disk(6 * 1024) as disk:
        folder = disk / "coffre"
        shutil.copytree(made.folder, folder)
        yield attrs.evolve(made, folder=folder), disk


@pytest.mark.long
def test_staging_at_every_size(crowded):
    """A raw write may take less than asked without an error: many sizes around what is left."""
    made, disk = crowded
    draw, failures, successes = random.Random(3), 0, 0
    with Vault.open(made.folder, made.passphrase) as vault:
        filler = fill(disk, leave=150_000)
        for size in SIZES:
            content = draw.randbytes(size * 60)
            staged, fault = attempt(lambda content=content: vault.objects.stage(io.BytesIO(content)))
            if staged is None:
                failures += 1
                assert (fault.code, fault.exit_code) == ("disk.full", ExitCode.DISK)
                assert "plein" in fault.sentence
            else:
                successes += 1
                with AgeReader(staged.path.open("rb"), staged.private_key) as reader:
                    assert reader.read() == content
                vault.objects.discard(staged)
            assert list((vault.folder / "sas").iterdir()) == []
        assert failures > 10
        assert successes > 10
        filler.unlink()
        deposit(vault, b"a" * 100_000)
        assert checks.verify(vault).sound


def test_the_base_on_a_full_disk(crowded):
    made, disk = crowded
    with Vault.open(made.folder, made.passphrase) as vault:
        filler = fill(disk, leave=200_000)
        done = 0
        with pytest.raises(Fault) as caught:  # noqa: PT012 - the number of units before the end is not known
            for _ in range(1000):
                with vault.work() as work:
                    work.session.add(Site(name="x" * 2000))
                    work.record("site.created")
                    work.commit()
                done += 1
        assert caught.value.code == "disk.full"
        with vault.read() as session:
            assert session.query(Site).count() == done
        assert done > 0
        filler.unlink()
        with vault.work() as work:
            work.session.add(Site(name="x"))
            work.commit()
        assert checks.verify(vault).sound


def test_the_reserve_lets_a_vault_open_on_a_full_disk(crowded):
    made, disk = crowded
    (made.folder / reserve.NAME).write_bytes(os.urandom(1_500_000))
    filler = fill(disk)
    with Vault.open(made.folder, made.passphrase) as vault:
        assert [notice.code for notice in vault.notices] == ["disk.reserve_used"]
        assert not (made.folder / reserve.NAME).exists()
    filler.unlink()
    with Vault.open(made.folder, made.passphrase) as vault:
        assert checks.verify(vault).sound


def test_without_a_reserve_the_full_disk_is_said(crowded):
    made, disk = crowded
    (made.folder / reserve.NAME).unlink()
    fill(disk)
    with pytest.raises(Fault) as caught:
        Vault.open(made.folder, made.passphrase)
    assert caught.value.code == "disk.full"
    (disk / "remplissage").unlink()
    with Vault.open(made.folder, made.passphrase) as vault:
        assert checks.verify(vault).sound


def test_a_vault_that_finds_no_room_is_not_made():
    for kib in (64, 256, 600, 1024):
        with small_disk(kib) as disk:
            with pytest.raises(Fault) as caught:
                Vault.create(disk / "coffre", PASSPHRASE, kdf=KdfParams.fast(), reserve_size=4096)
            assert caught.value.code == "disk.full"
            assert list(disk.iterdir()) == []


def test_no_room_for_one_more_slot(crowded):
    made, disk = crowded
    with Vault.open(made.folder, made.passphrase) as vault:
        filler = fill(disk)
        with pytest.raises(Fault) as caught:
            accesses.add_passphrase(vault, "une autre phrase, plus longue, encore")
        assert caught.value.code == "disk.full"
        filler.unlink()
        assert len(vault.header.slots) == 2
        accesses.add_passphrase(vault, "une autre phrase, plus longue, encore")
    with Vault.open(made.folder, "une autre phrase, plus longue, encore") as vault:
        assert len(vault.header.slots) == 3


LIMITED = """
import io, resource, sys
from pathlib import Path
from hro_desktop.faults import Fault
from hro_desktop.vault.vault import Vault

with Vault.open(Path(sys.argv[1]), sys.argv[2]) as vault:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))
    for size in (1_400_000, 1_500_001, 5_000_000):
        try:
            staged = vault.objects.stage(io.BytesIO(bytes(size)))
        except Fault as fault:
            print(size, fault, len(list((vault.folder / "sas").iterdir())))
        else:
            print(size, "staged")
            vault.objects.discard(staged)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit on Windows")
def test_a_limit_on_the_size_of_files_is_a_full_disk_too(made):
    """Needs no right to mount: it runs everywhere."""
    with start(LIMITED, made.folder, made.passphrase) as program:
        out, error = program.communicate()
    assert out.splitlines() == ["1400000 staged", "1500001 disk.full 0", "5000000 disk.full 0"], error
    with Vault.open(made.folder, made.passphrase) as vault:
        assert checks.verify(vault).sound


def test_the_reserve_really_takes_its_room(tmp_path):
    assert reserve.allocate(tmp_path, 3_000_000)
    status = (tmp_path / reserve.NAME).stat()
    assert status.st_size == 3_000_000
    if hasattr(status, "st_blocks"):
        assert status.st_blocks * 512 >= 3_000_000
    assert reserve.allocate(tmp_path, 3_000_000)
    assert reserve.release(tmp_path)
    assert not reserve.release(tmp_path)


def test_the_reserve_is_not_made_where_room_is_short():
    with small_disk(1024) as disk:
        assert not reserve.allocate(disk, 600_000)
        assert list(disk.iterdir()) == []
        assert reserve.allocate(disk, 400_000)
