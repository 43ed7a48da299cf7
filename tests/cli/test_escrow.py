# SPDX-License-Identifier: GPL-3.0-or-later
"""A trusted third party from a terminal: the key of Debian's `age-keygen` is given an access, opens and restores."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from hro_desktop import bootstrap
from hro_desktop.cli.main import main
from hro_desktop.faults import ExitCode
from hro_desktop.vault.keys import KdfParams
from tests.vault.support import deposit

PHRASE = "sept dunes calmes sous la lune rousse"
pytestmark = pytest.mark.skipif(
    os.environ.get("CI") != "true" and shutil.which("age-keygen") is None, reason="age is not installed"
)


@pytest.fixture
def end(tmp_path: Path) -> tuple[object, ...]:
    """A vault with an object, a stick, and what a command of its volunteer ends with."""
    created = bootstrap.create_vault(tmp_path / "coffre", PHRASE, kdf=KdfParams.fast())
    deposit(created.vault, b"une image")
    created.vault.close()
    (tmp_path / "phrase.txt").write_text(PHRASE, encoding="utf-8")
    (tmp_path / "cle").mkdir()
    return ("--vault", tmp_path / "coffre", "--passphrase-file", tmp_path / "phrase.txt")


def run(*arguments: object) -> int:
    return main([str(each) for each in arguments])


def keygen(path: Path) -> str:
    """Make an identity as the third party does; the public half."""
    subprocess.run(["age-keygen", "-o", path], check=True, capture_output=True)
    return subprocess.run(["age-keygen", "-y", path], check=True, capture_output=True, text=True).stdout.strip()


def test_added_opened_restored_and_removed(
    end: tuple[object, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    identity = tmp_path / "tiers.txt"
    recipient = keygen(identity)
    theirs = ("--vault", tmp_path / "coffre", "--passphrase-file", identity)
    assert run("cases", *theirs) == ExitCode.ACCESS  # not yet
    capsys.readouterr()
    assert run("access", "escrow", recipient, *end) == ExitCode.DONE
    said = capsys.readouterr().out
    assert "il ouvre tout ce coffre" in said
    slot = said.partition("(")[2][:4]
    assert run("access", "escrow", recipient, *end) == ExitCode.BAD_INPUT
    assert "déjà un accès" in capsys.readouterr().err
    assert run("verify", *theirs) == ExitCode.DONE
    assert run("backup", tmp_path / "cle", *end) == ExitCode.DONE
    assert run("restore", tmp_path / "cle", tmp_path / "neuf", "--passphrase-file", identity) == ExitCode.DONE
    assert run("salvage", tmp_path / "neuf", tmp_path / "sauve", "--passphrase-file", identity) == ExitCode.DONE
    assert run("access", "remove", slot, "--yes", *end) == ExitCode.DONE
    assert run("cases", *theirs) == ExitCode.ACCESS
    assert run("cases", *end) == ExitCode.DONE


def test_what_is_no_public_key_is_refused_in_one_sentence(
    end: tuple[object, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keygen(tmp_path / "tiers.txt")
    secret = (tmp_path / "tiers.txt").read_text(encoding="utf-8").splitlines()[-1]
    assert run("access", "escrow", secret, *end) == ExitCode.BAD_INPUT
    said = capsys.readouterr().err
    assert "clé secrète" in said
    assert secret not in said
    assert run("access", "escrow", "age1faux", *end) == ExitCode.BAD_INPUT
    assert "62 caractères" in capsys.readouterr().err


@pytest.mark.parametrize("start", ["age-encryption.org/v1\n", "-----BEGIN AGE ENCRYPTED FILE-----\n"])
def test_an_identity_that_is_itself_locked_is_said(
    end: tuple[object, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str], start: str
) -> None:
    (tmp_path / "fermee.txt").write_bytes(start.encode() + b"-> scrypt \xff")
    assert run("cases", *end[:3], tmp_path / "fermee.txt") == ExitCode.USAGE
    assert "age -d" in capsys.readouterr().err
