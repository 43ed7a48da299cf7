# SPDX-License-Identifier: GPL-3.0-or-later
"""`kill -9` at any moment: at most the action under way is lost, and never half an item.

The control commits the row before the object is in its place: the same checks must find it.
"""

import random
import shutil
import signal
import sys
import time

import attrs
import pytest
from sqlalchemy import select

from hro_desktop.records.objects import StoredObject
from hro_desktop.records.sites import Site
from hro_desktop.vault import checks
from hro_desktop.vault.vault import Vault
from tests.vault.support import attempt, start, times

pytestmark = [pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL"), pytest.mark.slow]

INGESTS = times(12, 500)
UNITS = times(12, 1000)
AT_MOST = 25
"""Kills of one vault."""
CREATIONS = times(8, 50)

INGEST = """
import io, random, sys
from pathlib import Path
from hro_desktop.vault.vault import Vault
from tests.vault.support import register

folder, secret, seed, order = sys.argv[1:]
draw = random.Random(int(seed))
vault = Vault.open(Path(folder), secret)
print("ready", flush=True)
while True:
    content = draw.randbytes(draw.choice([10, 5_000, 200_000, 3_000_000]))
    staged = vault.objects.stage(io.BytesIO(content))
    if order == "wrong":
        register(vault, staged)
        print(staged.name, flush=True)
        vault.objects.publish(staged)
    else:
        vault.objects.publish(staged)
        register(vault, staged)
        print(staged.name, flush=True)
"""

TRANSACTIONS = """
import sys
from pathlib import Path
from hro_desktop.records.sites import Site
from hro_desktop.vault.vault import Vault

folder, secret, order = sys.argv[1:]
vault = Vault.open(Path(folder), secret)
print("ready", flush=True)
number = 0
while True:
    with vault.work() as work:
        for _ in range(3):  # three records and three lines: none without the others
            number += 1
            site = Site(name=str(number))
            work.session.add(site)
            work.session.flush()
            work.record("site.created", site.id)
        if order == "wrong":
            print(number, flush=True)
        work.commit()
    if order == "right":
        print(number, flush=True)
"""


def killed(code, made, done, seconds, *arguments):
    """Let the program do so much and work on for a while, kill it, and give what it had said was done.

    It is counted in work and not in time alone: a slow machine would be killed before it did anything.
    """
    with start(code, made.folder, made.passphrase, *arguments) as program:
        assert program.stdout.readline() == "ready\n", program.stderr.read()
        first = "".join(program.stdout.readline() for _ in range(done))
        time.sleep(seconds)
        program.send_signal(signal.SIGKILL)
        said = (first + program.stdout.read()).splitlines()
        program.wait()
    return [line for line in said if line]


def rows_of(vault):
    with vault.read() as session:
        return set(session.scalars(select(StoredObject.name)))


@pytest.mark.long
def test_ingest(made, record_property):
    draw, acknowledged, total = random.Random(20261123), set(), 0
    empty = shutil.copytree(made.folder, made.folder.with_name("vide"))
    for cycle in range(INGESTS):
        if cycle and cycle % AT_MOST == 0:  # all that is in it is read again each time
            total, acknowledged = total + len(acknowledged), set()
            shutil.rmtree(made.folder)
            shutil.copytree(empty, made.folder)
        acknowledged.update(killed(INGEST, made, cycle % 4, draw.uniform(0.005, 0.1), cycle, "right"))
        with Vault.open(made.folder, made.passphrase) as vault:
            rows = rows_of(vault)
            assert checks.verify(vault).findings == ()
            assert acknowledged <= rows
            assert vault.objects.names() == rows
            assert list((vault.folder / "sas").iterdir()) == []
    total += len(acknowledged)
    assert total > INGESTS
    record_property("acknowledged", total)


def test_ingest_control_the_wrong_order_is_found_out(made):
    """Row first, then the object: killed in between, which is when the first deposit is acknowledged."""
    for cycle in range(30):
        killed(INGEST, made, 1, 0, cycle, "wrong")
        with Vault.open(made.folder, made.passphrase) as vault:
            codes = {finding.code for finding in checks.verify(vault).findings}
        assert codes <= {"object.absent"}
        if codes:
            return
    pytest.fail("the control never lost an object: the test above could not fail")


@pytest.mark.long
def test_transactions(made, record_property):
    draw, kept = random.Random(7), 0
    for cycle in range(UNITS):
        copy = made.folder.with_name("copie")
        shutil.copytree(made.folder, copy)
        said = killed(TRANSACTIONS, attrs.evolve(made, folder=copy), cycle % 8, draw.uniform(0.005, 0.1), "right")
        acknowledged = int(said[-1]) if said else 0
        kept += acknowledged
        with Vault.open(copy, made.passphrase) as vault:
            with vault.read() as session:
                names = sorted(int(site.name) for site in session.query(Site))
            # more than what was said may be there, never less, and never a part of a unit
            assert names == list(range(1, len(names) + 1))
            assert len(names) >= acknowledged
            assert len(names) % 3 == 0
            assert vault.head().n == len(names) + 3  # created, opened by the killed one, opened now
            assert checks.verify(vault).findings == ()
        shutil.rmtree(copy)
    assert kept > 5 * UNITS
    record_property("acknowledged", kept)


def test_transactions_control_what_is_said_too_early_is_found_out(made):
    for cycle in range(30):
        said = killed(TRANSACTIONS, made, 1 + cycle % 3, 0, "wrong")
        with Vault.open(made.folder, made.passphrase) as vault, vault.work() as work:
            names = [int(site.name) for site in work.session.query(Site)]
            work.session.query(Site).delete()
            work.commit()
        if len(names) < int(said[-1]):
            return
    pytest.fail("the control never lost a unit: the test above could not fail")


CREATE = """
import sys
from pathlib import Path
from hro_desktop.vault.keys import KdfParams
from hro_desktop.vault.vault import Vault

print("ready", flush=True)
Vault.create(Path(sys.argv[1]), sys.argv[2], kdf=KdfParams.fast(), reserve_size=4096)
print("made", flush=True)
"""


@pytest.mark.long
def test_creation(tmp_path):
    """An interrupted creation is not a vault, or is one that opens."""
    secret, codes = "cinq mots tirés au sort, agrafe, ruban", []
    for cycle in range(CREATIONS):
        folder = tmp_path / str(cycle)
        with start(CREATE, folder, secret) as program:
            program.stdout.readline()
            time.sleep(0.15 + cycle % 8 * 0.12 + cycle / 1000)
            program.send_signal(signal.SIGKILL)
            made = program.stdout.read() == "made\n"
        opened, fault = attempt(lambda folder=folder: Vault.open(folder, secret))
        assert opened or not made
        codes.append(fault.code if fault else opened.close())
    assert set(codes) <= {None, "vault.absent", "vault.unfinished", "vault.incomplete"}
    assert set(codes) - {None}
