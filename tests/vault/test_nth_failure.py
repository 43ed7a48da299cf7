# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever call to the system fails while a backup, a restoration or a deposit runs: said, and nothing older lost.

Each is done again and again, the first call failing, then the second, and so on until none does; once alone, once with
all that follow, as when the disk was pulled out. The control swallows the error, and is found out.
"""

import contextlib
import itertools
import shutil
import sys

import pytest

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault import backup, checks, copying, generations, restore
from hro_desktop.vault.vault import Vault
from tests.vault.failing import every_failure
from tests.vault.support import deposit, times

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="another system has other calls")

STRIDE = times(3, 1)
"""One call in so many."""


@pytest.fixture
def stocked(made, tmp_path):
    """An open vault and a stick: one backup, then one more piece."""
    stick = tmp_path / "cle"
    stick.mkdir()
    with Vault.open(made.folder, made.passphrase) as vault:
        deposit(vault, b"une image" * 9000)
        backup.make(vault, stick)
        deposit(vault, b"une autre")
        yield vault, stick


def rooms(parent, source=None):
    """New folders, copies of another one or absent; each goes when the next is made."""
    numbers = itertools.count()

    def make():
        number = next(numbers)
        shutil.rmtree(parent / f"essai{number - 1}", ignore_errors=True)
        target = parent / f"essai{number}"
        return shutil.copytree(source, target) if source else target

    return make


def sound(stick):
    return [each.number for each in generations.generations(stick) if each.manifest and restore.check(each).sound]


def looked_at(stick, counter, given, raised):
    """What must be true after a backup, whatever failed."""
    if raised is None:
        assert sound(stick) == [2, 1], counter
        assert given.generation.number == 2
        return
    assert isinstance(raised, Fault), (counter, raised)
    assert raised.exit_code in (ExitCode.DISK, ExitCode.USAGE, ExitCode.BAD_INPUT), (counter, raised)
    assert raised.sentence.endswith(".")
    after = sound(stick)
    assert after in ([1], [2, 1]), counter  # it may have been whole when the last call failed, never half
    assert after == [each.number for each in generations.generations(stick)], counter


@pytest.mark.long
def test_a_backup(stocked, tmp_path):
    vault, stick = stocked
    head = vault.head()
    kinds = every_failure(lambda folder: backup.make(vault, folder), rooms(tmp_path, stick), looked_at, stride=STRIDE)
    assert kinds >= {"open", "fsync"}
    assert vault.head() == head
    assert checks.verify(vault).findings == ()
    assert backup.make(vault, stick).generation.number == 2


def test_control_a_backup_that_swallows_errors_is_found_out(stocked, tmp_path, monkeypatch):
    vault, stick = stocked
    real = copying.copy

    def careless(source, target, advance):
        with contextlib.suppress(OSError):
            return real(source, target, advance)
        target.write_bytes(source.read_bytes()[:100])
        return copying.read(source, advance)

    monkeypatch.setattr(copying, "copy", careless)
    monkeypatch.setattr(backup._Making, "_is_deposited", lambda *_: True)
    with pytest.raises(AssertionError):
        every_failure(lambda folder: backup.make(vault, folder), rooms(tmp_path, stick), looked_at)


@pytest.mark.long
def test_a_restoration(stocked, made, tmp_path):
    _, stick = stocked
    generation, before = generations.newest(stick), sound(stick)

    def after(target, counter, _given, raised):
        if raised is not None:
            assert isinstance(raised, Fault), (counter, raised)
            assert raised.sentence.endswith(".")
        if target.exists() and (target / "coffre.json").exists():
            with Vault.open(target, made.paper_code) as vault:
                assert checks.verify(vault).findings == ()
            return
        assert raised is not None
        restore.restore(generation, target)  # in the same place, as if nothing had been

    kinds = every_failure(lambda target: restore.restore(generation, target), rooms(tmp_path), after, stride=STRIDE)
    assert kinds >= {"open", "fsync"}
    assert sound(stick) == before


@pytest.mark.long
def test_a_deposit(stocked, tmp_path):
    vault, _ = stocked
    head = [vault.head(), len(vault.objects.names())]

    def after(_folder, counter, given, raised):
        done = raised is None
        assert done or isinstance(raised, Fault), (counter, raised)
        names = vault.objects.names()
        if done:
            assert given.name in names
            head[0], head[1] = vault.head(), len(names)
        assert vault.head() == head[0], counter
        with contextlib.suppress(FileNotFoundError):
            assert checks.verify(vault).sound

    kinds = every_failure(lambda _: deposit(vault, b"encore une"), rooms(tmp_path), after)
    assert kinds >= {"open", "fsync"}
    folder, secret = vault.folder, "cinq mots tirés au sort, agrafe, ruban, cheval"
    vault.close()
    with Vault.open(folder, secret) as again:  # what no row knows was swept
        assert again.known_objects(again.objects.names()) == again.objects.names()
        assert checks.verify(again).findings == ()
        assert list((folder / "sas").iterdir()) == []
