# SPDX-License-Identifier: GPL-3.0-or-later
"""A vault that is somebody else's on this computer: said in a sentence, and never called sound nor damaged."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from hro_desktop.vault.keys import KdfParams
from hro_desktop.vault.vault import Vault
from tests.vault.support import PASSPHRASE, ROOT, deposit

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may become somebody else"
)
NOBODY = 65534
PROGRAM = """
import os, sys
from pathlib import Path
from hro_desktop.faults import Fault
from hro_desktop.vault import checks, places, salvage

folder = Path(sys.argv[1])
os.setgroups([])
os.setgid(int(sys.argv[2]))
os.setuid(int(sys.argv[2]))
report = checks.diagnose(folder)
print(*[each.code for each in report.findings], report.sound)
salvaged = lambda _: salvage.salvage(folder, folder.with_name("neuf"), "x")
for action in (places.must_be_vault, places.must_be_free, salvaged):
    try:
        action(folder)
        print("done")
    except Fault as fault:
        print(fault.code)
"""


@pytest.fixture
def folder():
    """A vault where others may reach it."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        with Vault.create(Path(name, "coffre"), PASSPHRASE, kdf=KdfParams.fast(), reserve_size=4096).vault as vault:
            deposit(vault, b"une image")
        yield Path(name, "coffre")


def told(folder):
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, folder, str(NOBODY)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return ran.stdout.splitlines()


def test_a_folder_of_somebody_else(folder):
    assert told(folder) == ["vault.refused False", "vault.refused", "vault.refused", "vault.refused"]
    folder.parent.chmod(0o700)
    assert told(folder) == ["vault.refused False", "vault.refused", "vault.refused", "vault.refused"]


@pytest.mark.parametrize("name", ["objets", "sas", "base", "base/hro.db"])
def test_a_part_of_it(folder, name):
    """Its objects were counted as none, and nothing was wrong."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert told(folder)[0] == "vault.consultation vault.permissions True"  # the control
    (folder / name).chmod(0)
    assert told(folder)[0] == "vault.refused False"
