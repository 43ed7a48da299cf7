# SPDX-License-Identifier: GPL-3.0-or-later
"""Opened and closed again and again, objects and vault leave neither memory nor descriptors behind.

The control keeps what it opened, and is found out.
"""

import json
import sys

import pytest

from tests.vault.support import start, times

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]

GROWTH = times(8, 5) / 100
MIB = 1024 * 1024

PROGRAM = """
import gc, io, json, os, sys
from pathlib import Path
from hro_desktop.vault.vault import Vault
from tests.vault.support import deposit

folder, secret, kind, size, rounds, keep = sys.argv[1:]
kept = []

def measured():
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {"rss": pages * os.sysconf("SC_PAGE_SIZE"), "fds": len(os.listdir("/proc/self/fd"))}

def piece(vault, staged):
    reader = vault.objects.open(staged.name, staged.private_key)
    if keep == "yes":
        kept.append((reader, reader.read(1 << 22)))
        return
    with reader:
        for place in range(0, reader.size, reader.size // 7):
            reader.seek(place)
            reader.read(100_000)
        reader.digest()

def lock(_vault, _staged):
    vault = Vault.open(Path(folder), secret)
    if keep == "yes":
        kept.append((os.open(folder, os.O_RDONLY), b"x" * (1 << 22)))
    deposit(vault, b"x" * 1000)
    vault.close()

staged = vault = None
if kind == "piece":
    vault = Vault.open(Path(folder), secret)
    staged = deposit(vault, os.urandom(int(size)))
action = piece if kind == "piece" else lock
for _ in range(max(6, int(rounds) // 10)):
    action(vault, staged)
before = measured()
for _ in range(int(rounds)):
    action(vault, staged)
print(json.dumps([before, measured()]))
if vault:
    vault.close()
"""


def grown(made, *arguments):
    """How much memory grew, as a part of what it was, and how many descriptors more are open."""
    with start(PROGRAM, made.folder, made.passphrase, *arguments) as program:
        said, error = program.communicate()
    assert program.returncode == 0, error
    before, after = json.loads(said)
    return after["rss"] / before["rss"] - 1, after["fds"] - before["fds"]


@pytest.mark.long
def test_objects(made):
    size, rounds = times(8, 50) * MIB, times(40, 1000)
    growth, descriptors = grown(made, "piece", size, rounds, "no")
    assert growth < GROWTH
    assert descriptors == 0


@pytest.mark.long
def test_the_vault_itself(made):
    growth, descriptors = grown(made, "lock", 0, times(15, 100), "no")
    assert growth < GROWTH
    assert descriptors == 0


@pytest.mark.parametrize("kind", ["piece", "lock"])
def test_control_what_is_kept_is_found_out(made, kind):
    growth, descriptors = grown(made, kind, 4 * MIB, 15, "yes")
    assert growth > GROWTH
    assert descriptors == 15
