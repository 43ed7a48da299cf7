# SPDX-License-Identifier: GPL-3.0-or-later
"""One program at a time: the second is refused with what to do, a dead one's lock is taken over."""

import datetime as dt
import json
import os
import signal
import sys

import pytest

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault import lockfile, reserve
from hro_desktop.vault.lockfile import Lock
from hro_desktop.vault.vault import Vault
from tests.vault.support import attempt, snapshot, start, times

AT = dt.datetime(2026, 11, 23, 21, 5, tzinfo=dt.UTC)

HOLD = """
import sys
from pathlib import Path
from hro_desktop.vault.vault import Vault

vault = Vault.open(Path(sys.argv[1]), sys.argv[2])
print("open", flush=True)
sys.stdin.readline()
vault.close()
print("closed", flush=True)
"""


def test_a_lock_that_cannot_be_made_leaves_the_reserve(made):
    (made.folder / lockfile.NAME).unlink(missing_ok=True)
    (made.folder / lockfile.NAME).mkdir()  # no want of room: giving the reserve back would not help
    kept = (made.folder / reserve.NAME).stat().st_size
    with pytest.raises(Fault) as caught:
        Vault.open(made.folder, made.passphrase)
    assert caught.value.code == "lock.blocked"
    assert (made.folder / reserve.NAME).stat().st_size == kept


def test_a_second_program_is_refused_and_told_what_to_do(made):
    with start(HOLD, made.folder, made.passphrase) as program:
        assert program.stdout.readline() == "open\n"
        with pytest.raises(Fault) as caught:
            Vault.open(made.folder, made.passphrase)
        assert caught.value.code == "vault.in_use"
        assert caught.value.exit_code == ExitCode.VAULT
        assert f"processus n°\u00a0{program.pid}" in caught.value.sentence
        assert lockfile.holder(made.folder).code == "vault.in_use"
        program.stdin.write("\n")
        program.stdin.flush()
        assert program.stdout.readline() == "closed\n"
        assert not (made.folder / lockfile.NAME).exists()
    Vault.open(made.folder, made.passphrase).close()


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_the_lock_of_a_dead_program_is_taken_over(made):
    for _ in range(times(1, 100)):
        with start(HOLD, made.folder, made.passphrase) as program:
            program.stdout.readline()
            assert attempt(lambda: Vault.open(made.folder, made.passphrase))[1].code == "vault.in_use"
            program.send_signal(signal.SIGKILL)
            program.wait()
        assert (made.folder / lockfile.NAME).exists()
        assert lockfile.holder(made.folder) is None
        with Vault.open(made.folder, made.passphrase):
            pass
        assert not (made.folder / lockfile.NAME).exists()


def test_the_same_program_may_not_open_twice_either(made):
    with Vault.open(made.folder, made.passphrase), pytest.raises(Fault) as caught:
        Vault.open(made.folder, made.passphrase)
    assert caught.value.code == "vault.in_use"


def test_it_says_no_name(tmp_path):
    lock = Lock.take(tmp_path, AT)
    words = json.loads((tmp_path / lockfile.NAME).read_text())
    assert words == {"pid": os.getpid(), "since": "2026-11-23T21:05:00+00:00"}
    with pytest.raises(Fault) as caught:
        Lock.take(tmp_path, AT)
    assert "depuis le 23/11/2026 à 22:05" in caught.value.sentence  # Paris, in winter
    lock.release()
    lock.release()


@pytest.mark.parametrize("words", ["", "{", "[]", '{"pid": "x", "since": 3}', "x" * 10_000])
def test_words_that_cannot_be_read_do_not_matter(tmp_path, words):
    lock = Lock.take(tmp_path, AT)
    (tmp_path / lockfile.NAME).write_text(words)
    with pytest.raises(Fault) as caught:
        Lock.take(tmp_path, AT)
    assert "un autre programme\u00a0:" in caught.value.sentence
    lock.release()
    Lock.take(tmp_path, AT).release()


def test_a_failed_opening_keeps_no_lock(made):
    before = snapshot(made.folder)
    for _ in range(2):
        with pytest.raises(Fault) as caught:
            Vault.open(made.folder, "une autre phrase")
        assert caught.value.code == "access.refused"
    assert snapshot(made.folder) == before


RACE = """
import datetime as dt, sys, time
from pathlib import Path
from hro_desktop.faults import Fault
from hro_desktop.vault.lockfile import Lock

folder, inside = Path(sys.argv[1]), Path(sys.argv[1]) / "dedans"
taken = 0
end = time.monotonic() + 1.5
while time.monotonic() < end:
    try:
        lock = Lock.take(folder, dt.datetime.now(dt.UTC))
    except Fault:
        continue
    inside.mkdir()      # fails when two are inside at once
    inside.rmdir()
    taken += 1
    lock.release()
print(taken)
"""


def test_many_that_take_and_release_are_never_two_inside(tmp_path):
    programs = [start(RACE, tmp_path) for _ in range(3)]
    results = [program.communicate() for program in programs]
    assert [error for _, error in results] == [""] * 3
    assert all(int(out) > 10 for out, _ in results)
