# SPDX-License-Identifier: GPL-3.0-or-later
"""What leaves is there whole or not at all, whatever the disk refuses; and it is said.

The control writes in place, as a simple program would, and is found out.
"""

import errno
import itertools
import os
import random
import stat
from pathlib import Path

import pytest

from hro_desktop.casework.out_folder import MANIFEST, write_whole
from hro_desktop.casework.packages import Package, from_bytes
from hro_desktop.faults import ExitCode, Fault
from tests.vault.failing import Counter, every_failure, failing
from tests.vault.support import attempt, fill, small_disk

SIZES = (3, 70_000, 0, 20_001)
CONTENTS = {f"{n:02}-piece.bin": random.Random(n).randbytes(size) for n, size in enumerate(SIZES)}
PACKAGE = Package("essai", tuple(from_bytes(name, data, "x/y") for name, data in CONTENTS.items()))
WHOLE = {**CONTENTS, MANIFEST: b"{}"}


def held(out: Path) -> dict[str, bytes] | None:
    return {path.name: path.read_bytes() for path in out.iterdir()} if out.exists() else None


def in_place(out: Path) -> None:
    out.mkdir()
    for name, content in WHOLE.items():
        (out / name).write_bytes(content)


def test_whatever_call_fails(tmp_path: Path) -> None:
    numbers = itertools.count()
    new = lambda: tmp_path / f"sortie{next(numbers)}"  # noqa: E731 - as short as that

    def after(out: Path, counter: Counter, _given: object, raised: Exception | None) -> None:
        if raised is None:
            assert held(out) == WHOLE
            return
        assert isinstance(raised, Fault), (counter, raised)
        assert (raised.code, raised.exit_code) == ("out.disk", ExitCode.DISK)
        assert held(out) is None, counter

    kinds = every_failure(lambda out: write_whole(out, PACKAGE, b"{}"), new, after)
    assert kinds >= {"mkdir", "write", "fsync", "rename"}
    with pytest.raises(AssertionError):  # the control
        every_failure(in_place, new, after)


def test_a_disk_that_is_full_at_any_byte() -> None:
    """Around all that is written, some bytes at a time."""
    total, failures, successes = sum(map(len, WHOLE.values())), 0, 0
    with small_disk(2048) as disk:
        for number, leave in enumerate(range(0, total + 60_000, 1000)):
            filler = fill(disk, leave=leave + 25 * number)
            out = disk / "sortie"
            _, fault = attempt(lambda out=out: write_whole(out, PACKAGE, b"{}"))  # type: ignore[misc]
            if fault:
                failures += 1
                assert fault.code == "out.disk"
                assert "plein" in fault.sentence
                assert [path.name for path in disk.iterdir()] == [filler.name]
            else:
                successes += 1
                assert held(out) == WHOLE
                for path in out.iterdir():
                    path.unlink()
                out.rmdir()
            filler.unlink()
    assert failures > 60
    assert successes > 20


def test_its_name_is_on_the_disk_before_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps, fsync, rename = [], os.fsync, os.rename

    def synced(handle: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        fsync(handle)

    def renamed(old: Path, new: Path) -> None:
        steps.append("rename")
        rename(old, new)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "rename", renamed)
    write_whole(tmp_path / "sortie", PACKAGE, b"{}")
    assert steps == ["file"] * len(WHOLE) + ["folder", "rename", "folder"]


def test_control_one_failure_is_one_failure(tmp_path: Path) -> None:
    with failing(1, number=errno.ENOSPC) as counter:
        with pytest.raises(OSError, match="No space"):
            os.mkdir(tmp_path / "a")  # noqa: PTH102 - the call itself
        os.mkdir(tmp_path / "b")  # noqa: PTH102
    assert (counter.failed, counter.count) == ("mkdir", 2)
    assert [path.name for path in tmp_path.iterdir()] == ["b"]
