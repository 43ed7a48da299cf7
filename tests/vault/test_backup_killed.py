# SPDX-License-Identifier: GPL-3.0-or-later
"""`kill -9` at every change of the disk that a backup or a restoration makes: what was whole before still is.

The program kills itself before its N-th change below the folder, for N further and further until it ends: nothing is
left to chance. The control writes in place, without a name of its own that is given last: the same checks must find it.
"""

import shutil
import sys

import pytest

from hro_desktop.faults import Fault
from hro_desktop.vault import backup, checks, generations, restore
from hro_desktop.vault.vault import Vault
from tests.vault.support import deposit, killed, times

pytestmark = [pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL"), pytest.mark.slow]

STRIDE = times(3, 1)
"""One change in so many: a program takes two seconds to start. 1, when there is time, tries them all."""
STEPS = range(1, 400, STRIDE)

KILL = """
import os, signal, sys
from pathlib import Path
from hro_desktop.vault import backup, generations, restore
from hro_desktop.vault.vault import Vault

CHANGES = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "os.truncate"}
left, below, armed = int(sys.argv[1]), sys.argv[2], False

def watch(event, arguments):
    global left
    if not armed or event not in CHANGES or not str(arguments[0]).startswith(below):
        return
    if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
        return
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
"""
BACKUP = (
    KILL
    + """
vault = Vault.open(Path(sys.argv[3]), sys.argv[4])
armed = True
backup.make(vault, Path(sys.argv[2]))
armed = False
print("done", flush=True)
"""
)
IN_PLACE = (
    KILL
    + """
vault = Vault.open(Path(sys.argv[3]), sys.argv[4])
armed = True
making = backup._Making
class InPlace(making):
    def run(self, **_how):
        return self._fill(self._earlier[0].folder, self._vault.clock())
    def _snapshot(self, target):
        for path in target.parent.iterdir():
            open(path, "r+b").close()
            path.unlink()
        super()._snapshot(target)
backup._Making = InPlace
backup.make(vault, Path(sys.argv[2]))
armed = False
print("done", flush=True)
"""
)
RESTORE = (
    KILL
    + """
armed = True
restore.restore(generations.newest(Path(sys.argv[3])), Path(sys.argv[2]))
armed = False
print("done", flush=True)
"""
)


@pytest.fixture
def stick(made, stick):
    """Three generations, and a vault that has changed since: the fourth drops one."""
    with Vault.open(made.folder, made.passphrase) as vault:
        for n in range(3):
            deposit(vault, bytes([n]) * 1000)
            backup.make(vault, stick)
        deposit(vault, b"nouveau")
        row = vault.objects.names()
        assert len(row) == 4
    return stick


def sound(stick):
    """The numbers of the generations that can be restored."""
    return [each.number for each in generations.generations(stick) if each.manifest and restore.check(each).sound]


@pytest.mark.long
def test_a_backup_killed_at_every_step(made, stick, tmp_path):
    seen = set()
    for step in STEPS:
        copy = shutil.copytree(stick, tmp_path / f"essai{step}")
        if not killed(BACKUP, step, copy, made.folder, made.passphrase):
            break
        after = sound(copy)
        assert after == [each.number for each in generations.generations(copy)]
        assert set(after) >= {3, 2} and (after[0] == 4 or after == [3, 2, 1])  # noqa: PT018 - one rule
        seen.add(tuple(after))
        if step % 4 == 1:  # and the next one is made as if nothing had been
            with Vault.open(made.folder, made.passphrase) as vault:
                done = backup.make(vault, copy)
            assert sound(copy)[:1] == [done.generation.number]
            assert not [path for path in copy.rglob("*") if path.suffix in (backup.FRESH, backup.GONE, ".en-cours")]
        shutil.rmtree(copy)
    assert sound(tmp_path / f"essai{step}") == [4, 3, 2]
    assert step > 15
    assert {(3, 2, 1), (4, 3, 2)} <= seen


def test_the_control_that_writes_in_place_loses_a_generation(made, stick, tmp_path):
    for step in range(1, 30):
        copy = shutil.copytree(stick, tmp_path / f"essai{step}")
        if not killed(IN_PLACE, step, copy, made.folder, made.passphrase):
            break
        if sound(copy) != [3, 2, 1]:
            return
    pytest.fail("the control never lost a generation: the test above could not fail")


@pytest.mark.long
def test_a_restoration_killed_at_every_step(made, stick, tmp_path):
    before = sound(stick)
    for step in STEPS:
        target = tmp_path / f"neuf{step}"
        if not killed(RESTORE, step, target, stick):
            break
        try:
            with Vault.open(target, made.paper_code) as vault:  # its header came last: the rest was there
                assert checks.verify(vault).findings == ()
        except Fault as fault:
            assert fault.code in ("vault.absent", "restore.unfinished")  # noqa: PT017 - either way is right
            if target.exists():
                restore.restore(generations.newest(stick), target)
                with Vault.open(target, made.paper_code) as vault:
                    assert checks.verify(vault).findings == ()
        shutil.rmtree(target, ignore_errors=True)
    assert step > 15
    assert sound(stick) == before
