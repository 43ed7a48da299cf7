# SPDX-License-Identifier: GPL-3.0-or-later
"""`kill -9` at every change of the disk that the removal of an access makes: somebody who stays always opens the vault.

One program waits with everything loaded and makes a child of itself for each try. The child kills itself before its
N-th change of a file of the vault, or some milliseconds after it, which is where SQLCipher encrypts the base anew. The
control replaces the header before the base, without a staged one: the same checks must find a vault that nobody opens.
"""

import shutil
import signal
import sys

import pytest

from hro_desktop.vault import accesses, checks, header, journal, key_change
from hro_desktop.vault.database import BASE
from hro_desktop.vault.vault import Vault
from tests.vault.support import attempt, deposit, start, times

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL"),
    pytest.mark.slow,
    pytest.mark.timeout(1200),
]

OTHER = "sept autres mots, tirés au sort, lanterne, dune, pavé"
DELAYS = (0, 0.4, 1.5, 4, 9)[:: times(4, 1)]
"""Milliseconds after the change that is waited for; so many tries of each step."""
MOST = 60

DRIVER = """
import ctypes, os, signal, sys, threading, time
from pathlib import Path
from hro_desktop.vault import accesses, header, key_change, rotation
from hro_desktop.vault.vault import Vault

CHANGES = {"open", "os.rename", "os.remove", "os.mkdir", "os.truncate", "sqlite"}

def die(_delay):
    if _delay:
        threading.Thread(target=lambda: (time.sleep(_delay), os.kill(os.getpid(), signal.SIGKILL))).start()
    else:
        os.kill(os.getpid(), signal.SIGKILL)

def child(order, folder, secret, slot, step, delay):
    left = step

    def changed(event, arguments):
        nonlocal left
        if event not in CHANGES or not str(arguments[0]).startswith(folder):
            return
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
            return
        left -= 1
        if left == 0:
            die(delay / 1000)

    vault = Vault.open(Path(folder), secret)
    if order == "wrong":
        def take_place(self, new, keys):
            self._vault.database.close()
            header.save(self._vault.folder, new, keys, forget=True)
            self._fresh.replace(self._base)
            self._vault.reopen(new, keys)
        rotation._Change._take_place = take_place
    rekey, write = rotation._Change._rekey, rotation._Change._write

    def seen(name, method):
        def run(self, *arguments):
            changed("sqlite", (folder,))
            return method(self, *arguments)
        setattr(rotation._Change, name, run)

    seen("_rekey", rekey)
    seen("_write", write)
    sys.addaudithook(changed)
    accesses.remove(vault, slot, lambda work: None)
    if left <= 0:
        time.sleep(1)  # the other thread is about to end it
    os._exit(0 if left > 0 else 3)

for line in sys.stdin:
    order, folder, secret, slot, step, delay = line.rstrip("\\n").split("\\t")
    pid = os.fork()
    if not pid:
        try:
            child(order, folder, secret, slot, int(step), float(delay))
        finally:
            os._exit(4)
    _, status = os.waitpid(pid, 0)
    print(status, flush=True)
"""


@pytest.fixture
def shared(made):
    """Two people, an object, and a copy that an update of the format had left."""
    with Vault.open(made.folder, made.passphrase) as vault:
        slot = accesses.add_passphrase(vault, OTHER)
        deposit(vault, b"une image")
    copies = made.folder / "base" / "copies"
    copies.mkdir()
    shutil.copy(made.folder / BASE, copies / "hro-0001-20261101T000000000000.db")
    return made, slot


@pytest.fixture
def driver():
    with start(DRIVER) as program:
        yield program
        program.stdin.close()
        program.wait()


def killed(driver, *arguments):
    """Whether the child was killed; otherwise it did everything. For the arguments see `child`."""
    driver.stdin.write("\t".join(map(str, arguments)) + "\n")
    driver.stdin.flush()
    status = int(driver.stdout.readline())
    assert status in (0, signal.SIGKILL), status
    return status == signal.SIGKILL


def shut_out(folder, secret):
    opened, fault = attempt(lambda: Vault.open(folder, secret))
    if opened is not None:
        opened.close()
    return fault is not None and fault.code in ("base.damaged", "access.refused")


def left_on_the_disk(folder):
    """What only the time of a change may see."""
    return sorted(
        path.name
        for path in folder.rglob("*")
        if path.name.startswith(key_change.FRESH.name) or path.name == header.STAGED or path.name.endswith(".nouveau")
    )


def check(made, slot, folder, first):
    """Open as somebody who stays; what became of the removal. `first` is the secret that is tried first."""
    gone_first, _ = attempt(lambda: Vault.open(folder, OTHER)) if first == OTHER else (None, None)
    if gone_first is not None:
        gone_first.close()
    secret = made.paper_code if first == made.paper_code else made.passphrase
    with Vault.open(folder, secret) as vault:
        assert checks.verify(vault).sound
        removed = slot not in {each.id for each in vault.header.slots}
        with vault.read() as session:
            lines = [line["action"] for line in journal.extract(session)]
        assert ("slot.removed" in lines) == ("vault.rekeyed" in lines) == removed
        codes = {each.code for each in vault.notices}
        assert codes <= {"key.change_done", "key.change_undone"}
    assert left_on_the_disk(folder) == []
    assert list((folder / "base" / "copies").iterdir()) == [] or not removed
    again, fault = attempt(lambda: Vault.open(folder, OTHER))
    assert (again is None) == removed
    if again is not None:
        again.close()
    else:
        assert fault.code == "access.refused"
    if gone_first is not None:
        assert not removed
    if first == OTHER:
        with Vault.open(folder, made.passphrase) as vault:
            assert vault.notices == []
            if not removed:  # and the removal is made as if nothing had been
                accesses.remove(vault, slot, lambda _work: None)
    return removed, frozenset(codes)


UNTOUCHED = (False, frozenset())
UNDONE = (False, frozenset({"key.change_undone"}))
DONE = (True, frozenset({"key.change_done"}))
OVER = (True, frozenset())


@pytest.mark.long
@pytest.mark.parametrize("delay", DELAYS)
def test_killed_at_every_step(shared, driver, tmp_path, delay):
    """Each step once for each delay; whoever opens first is another one from step to step."""
    made, slot = shared
    seen = set()
    for step in range(1, MOST):
        folder = tmp_path / "essai"
        shutil.copytree(made.folder, folder)
        if not killed(driver, "right", folder, made.passphrase, slot, step, delay):
            assert check(made, slot, folder, made.passphrase) == OVER
            break
        first = (made.passphrase, made.paper_code, OTHER)[(step + DELAYS.index(delay)) % 3]
        seen.add(check(made, slot, folder, first))
        shutil.rmtree(folder)
    assert step > 15
    assert seen <= {UNTOUCHED, UNDONE, DONE, OVER}
    if not delay:
        assert {UNTOUCHED, UNDONE, DONE} <= seen


def test_the_control_in_the_wrong_order_locks_everybody_out(shared, driver, tmp_path):
    made, slot = shared
    for step in range(1, MOST):
        folder = tmp_path / f"essai{step}"
        shutil.copytree(made.folder, folder)
        if not killed(driver, "wrong", folder, made.passphrase, slot, step, 0):
            break
        if shut_out(folder, made.passphrase) and shut_out(folder, made.paper_code) and shut_out(folder, OTHER):
            return
    pytest.fail("the control never locked anybody out: the test above could not fail")
