# SPDX-License-Identifier: GPL-3.0-or-later
"""The power goes at any moment: nothing that was said to be done is lost, and no object is without its bytes.

A disk of its own, in a file: the program is stopped dead and the file copied, which holds what reached the disk and
nothing of what the system still kept in memory; the copy is mounted as after a cut. It models a disk that does what it
says, not one that lies about it. The controls wait for nothing to be on the disk, and lose.
"""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import attrs
import pytest

from hro_desktop.faults import Fault
from hro_desktop.records.sites import Site
from hro_desktop.vault import checks
from hro_desktop.vault.vault import Vault
from tests.vault.support import start, times
from tests.vault.test_crash import INGEST, TRANSACTIONS, rows_of

pytestmark = [pytest.mark.slow, pytest.mark.long]

CUTS = times(3, 100)
CONTROLS = times(2, 20)
IMAGE_MIB = 96
UNSYNCED_BASE = """
from hro_desktop.vault import database
database.SETTINGS = tuple(each.replace("synchronous=FULL", "synchronous=OFF") for each in database.SETTINGS)
"""
UNSYNCED_FILES = """
import os
os.fsync = os.posix_fadvise = lambda *_: None  # the hint alone already has most of it written
"""


def run(*command):
    subprocess.run(command, check=True, capture_output=True)


@contextlib.contextmanager
def mounted(image):
    """A disk in a file."""
    with tempfile.TemporaryDirectory() as name:
        run("mount", "-o", "loop", image, name)
        try:
            yield Path(name)
        finally:
            run("umount", "-l", name)


@pytest.fixture
def disk(made, tmp_path):
    """A disk with the vault on it."""
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("mkfs.ext4"):
        pytest.skip("needs root, ext4 and loop devices")
    image = tmp_path / "disque.img"
    with image.open("wb") as file:
        file.truncate(IMAGE_MIB << 20)
    run("mkfs.ext4", "-q", "-F", image)
    try:
        with mounted(image) as there:
            shutil.copytree(made.folder, there / "coffre")
    except subprocess.CalledProcessError:
        pytest.skip("no loop device here")
    return image


@contextlib.contextmanager
def after_a_cut(code, made, image, *, done, seconds, arguments):
    """The vault as it is found when the power is back, and what the program had said was done."""
    before, after = image.with_name("avant.img"), image.with_name("apres.img")
    run("cp", "--sparse=always", image, before)
    with mounted(before) as there, start(code, there / "coffre", made.passphrase, *arguments) as program:
        assert program.stdout.readline() == "ready\n", program.stderr.read()
        first = "".join(program.stdout.readline() for _ in range(done))
        time.sleep(seconds)
        program.send_signal(signal.SIGSTOP)
        run("cp", "--sparse=always", before, after)
        program.send_signal(signal.SIGKILL)
        said = (first + program.stdout.read()).split()
        program.wait()
    with mounted(after) as there:
        yield attrs.evolve(made, folder=there / "coffre"), said


def units(code, made, disk, draw):
    """Whether every unit said to be done is there; and how many were."""
    seconds = draw.uniform(0.05, 0.4)
    with after_a_cut(code, made, disk, done=3, seconds=seconds, arguments=["right"]) as (found, said):
        with Vault.open(found.folder, made.passphrase) as vault:
            with vault.read() as session:
                names = sorted(int(site.name) for site in session.query(Site))
            assert names == list(range(1, len(names) + 1))
            assert len(names) % 3 == 0
            assert checks.verify(vault).findings == ()
        return len(names) >= int(said[-1]), int(said[-1])


def items(code, made, disk, draw, cycle):
    """Whether every item said to be deposited is there, whole; and how many were."""
    seconds = draw.uniform(0.05, 0.3)
    with after_a_cut(code, made, disk, done=2, seconds=seconds, arguments=[cycle, "right"]) as (found, said):
        with Vault.open(found.folder, made.passphrase) as vault:
            whole = set(said) <= rows_of(vault)
            findings = checks.verify(vault).findings
        return whole and findings == (), len(said)


def test_no_unit_said_to_be_done_is_lost(made, disk, record_property):
    draw, total = random.Random(19), 0
    for _ in range(CUTS):
        kept, count = units(TRANSACTIONS, made, disk, draw)
        assert kept
        total += count
    record_property("acknowledged", total)


def test_no_item_said_to_be_deposited_is_lost(made, disk, record_property):
    draw, total = random.Random(23), 0
    for cycle in range(CUTS):
        kept, count = items(INGEST, made, disk, draw, cycle)
        assert kept
        total += count
    record_property("acknowledged", total)


def test_control_a_base_that_is_not_synced_loses(made, disk):
    draw, lost = random.Random(29), 0
    for _ in range(CONTROLS):
        try:
            kept, _ = units(UNSYNCED_BASE + TRANSACTIONS, made, disk, draw)
        except (Fault, AssertionError):  # worse than lost
            kept = False
        lost += not kept
    assert lost >= CONTROLS * 0.9, lost


def test_control_files_that_are_not_synced_lose(made, disk):
    draw, lost = random.Random(31), 0
    for cycle in range(CONTROLS):
        kept, _ = items(UNSYNCED_FILES + INGEST, made, disk, draw, cycle)
        lost += not kept
    assert lost >= CONTROLS * 0.9, lost
