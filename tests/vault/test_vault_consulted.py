# SPDX-License-Identifier: GPL-3.0-or-later
"""A vault on a medium that cannot be written is read, and nothing else."""

import io
import shutil
import subprocess

import pytest

from hro_desktop.faults import Fault
from hro_desktop.vault import checks
from hro_desktop.vault.vault import Vault
from tests.vault.support import deposit, small_disk, start
from tests.vault.test_vault import create


@pytest.fixture
def read_only(made):
    """The vault on a medium that refuses to be written, even by root."""
    with small_disk(8 * 1024) as disk:
        folder = disk / "coffre"

        def freeze(*, closed=True):
            if not closed:
                program = start(UNCLOSED, made.folder, made.passphrase)
                program.communicate()
            shutil.copytree(made.folder, folder)
            subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
            return folder

        yield freeze


UNCLOSED = """
import os, sys
from pathlib import Path
from hro_desktop.records.sites import Site
from hro_desktop.vault.vault import Vault

vault = Vault.open(Path(sys.argv[1]), sys.argv[2])
with vault.work() as work:
    work.session.add(Site(name="x"))
    work.commit()
os._exit(0)
"""


def test_a_read_only_medium_opens_in_consultation(made, read_only):
    with Vault.open(made.folder, made.passphrase) as vault:
        staged = deposit(vault, b"une image")
    folder = read_only()
    with Vault.open(folder, made.passphrase) as vault:
        assert vault.consultation
        assert [notice.code for notice in vault.notices] == ["vault.consultation"]
        assert vault.objects.open(staged.name, staged.private_key).read() == b"une image"
        assert checks.verify(vault).sound
        with pytest.raises(Fault) as caught, vault.work():
            pass
        assert caught.value.code == "vault.read_only"
        with pytest.raises(Fault) as caught:
            vault.objects.stage(io.BytesIO(b"x"))
        assert caught.value.code == "disk.refused"
    assert "vault.consultation" in {finding.code for finding in checks.diagnose(folder).findings}


def test_a_vault_copied_while_it_was_open_is_not_consulted(made, read_only):
    folder = read_only(closed=False)
    with pytest.raises(Fault) as caught:
        Vault.open(folder, made.passphrase)
    assert caught.value.code == "vault.unclosed"
    Vault.open(made.folder, made.passphrase).close()


def test_a_folder_nobody_may_write_makes_no_vault(read_only):
    folder = read_only()
    with pytest.raises(Fault) as caught:
        create(folder.parent / "autre")
    assert caught.value.code == "vault.no_place"
