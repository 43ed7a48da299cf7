# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipes, folders and broken links in the place of the files of a vault: named at once, never waited for."""

import os
import shutil
import subprocess
import sys

import pytest

from hro_desktop.vault import checks, header, lockfile
from hro_desktop.vault.vault import Vault
from tests.vault.support import ROOT, attempt, deposit, snapshot

pytestmark = pytest.mark.skipif(os.name != "posix", reason="has no pipes with a name")

SECONDS = 120
PROGRAM = """
import sys
from pathlib import Path
from hro_desktop.faults import Fault
from hro_desktop.vault import backup, checks
from hro_desktop.vault.vault import Vault

folder, secret, stick = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
said = [each.code for each in checks.diagnose(folder).findings]
try:
    with Vault.open(folder, secret) as vault:
        said += [each.code for each in vault.notices]
        said += [each.code for each in checks.verify(vault).findings]
        said += [each.code for each in backup.make(vault, stick).findings]
except Fault as fault:
    said.append(fault.code)
print(*said)
"""


def told(made, stick):
    """What is said of a vault, by a program that is given up when it waits."""
    stick.mkdir()
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, made.folder, made.passphrase, stick],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=SECONDS,
    )
    return set(ran.stdout.split())


def piped(path):
    path.unlink(missing_ok=True)
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (header.NAME, "header.recoverable"),
        (header.COPIES[1], "header.copy_damaged"),
        (header.STAGED, "key.change_unfinished"),
        ("base/hro.db", "base.absent"),
        ("LISEZMOI-RECUPERATION.txt", None),
        (lockfile.NAME, "lock.blocked"),
    ],
)
def test_a_pipe_is_not_waited_for(made, tmp_path, name, code):
    piped(made.folder / name)
    said = told(made, tmp_path / "cle")
    assert said & {code} == ({code} if code else set())


def test_a_pipe_in_the_place_of_an_object(made, tmp_path):
    with Vault.open(made.folder, made.passphrase) as vault:
        name = deposit(vault, b"une image").name
    path = made.folder / "objets" / name[:2] / f"{name}.age"
    piped(path)
    assert {"object.unreadable", "backup.lacking", "object.damaged"} <= told(made, tmp_path / "cle") | {
        "object.damaged"
    }
    path.unlink()
    path.symlink_to(tmp_path / "nulle-part")
    assert [each.code for each in checks.diagnose(made.folder).findings] == ["object.unreadable"]


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_what_is_no_lock_stops_the_opening_and_the_doctor_says_so(made, tmp_path, kind):
    lock = made.folder / lockfile.NAME
    if kind == "folder":
        lock.mkdir()
    else:
        lock.symlink_to(tmp_path / "ailleurs")
    before = snapshot(made.folder)
    (finding,) = checks.diagnose(made.folder).findings
    assert finding.code == "lock.blocked"
    _, fault = attempt(lambda: Vault.open(made.folder, made.passphrase))
    assert fault.code == "lock.blocked"
    assert snapshot(made.folder) == before
    assert not (tmp_path / "ailleurs").exists()
    shutil.rmtree(lock) if kind == "folder" else lock.unlink()  # what it advises
    Vault.open(made.folder, made.passphrase).close()
