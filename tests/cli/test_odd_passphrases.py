# SPDX-License-Identifier: GPL-3.0-or-later
"""Phrases that are not only a phrase: one from an editor that marks its files, an age key somebody took for theirs."""

import io
import sys
from pathlib import Path

import pytest

from hro_desktop import bootstrap
from hro_desktop.cli.main import main
from hro_desktop.faults import ExitCode
from hro_desktop.vault import age, bech32
from hro_desktop.vault.accesses import add_escrow, add_passphrase
from hro_desktop.vault.keys import KdfParams
from hro_desktop.vault.vault import Vault
from tests.vault.support import attempt

PHRASE = "sept dunes calmes sous la lune rousse"
MARK = b"\xef\xbb\xbf"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """A closed vault."""
    bootstrap.create_vault(tmp_path / "coffre", PHRASE, kdf=KdfParams.fast()).vault.close()
    return tmp_path / "coffre"


def opened(vault: Path, content: bytes) -> int:
    """What listing the cases ends with, given a file of that content."""
    written = vault.with_name("phrase.txt")
    written.write_bytes(content)
    return main(["cases", "--vault", str(vault), "--passphrase-file", str(written)])


@pytest.mark.parametrize("content", [MARK + PHRASE.encode(), MARK + PHRASE.encode() + b"\r\n"])
def test_the_mark_an_editor_puts_first_is_no_letter_of_the_phrase(vault: Path, content: bytes) -> None:
    assert opened(vault, PHRASE.encode()) == ExitCode.DONE
    assert opened(vault, content) == ExitCode.DONE
    assert opened(vault, b"\xc2\xa0" + content.removeprefix(MARK)) == ExitCode.ACCESS  # any other letter counts


def test_nor_of_one_that_is_made_from_such_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise nobody could type it."""
    (tmp_path / "phrase.txt").write_bytes(MARK + PHRASE.encode())
    made = tmp_path / "neuf"
    file = str(tmp_path / "phrase.txt")
    assert main(["init", "--practice", "--vault", str(made), "--passphrase-file", file]) == ExitCode.DONE
    for typed in (PHRASE, "\ufeff" + PHRASE):
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed + "\n"))
        assert main(["cases", "--vault", str(made), "--passphrase-file", "-"]) == ExitCode.DONE


def test_an_age_key_taken_for_a_phrase_opens_what_was_closed_with_it(tmp_path: Path) -> None:
    mine = bech32.identity(age.generate_key())
    bootstrap.create_vault(tmp_path / "coffre", mine, kdf=KdfParams.fast()).vault.close()
    another = bech32.identity(age.generate_key())
    with Vault.open(tmp_path / "coffre", mine) as vault:
        add_passphrase(vault, another)
    for key in (mine, another):
        assert opened(tmp_path / "coffre", key.encode()) == ExitCode.DONE


def test_a_key_of_nobody_is_called_a_key(vault: Path) -> None:
    theirs = age.generate_key()
    with Vault.open(vault, PHRASE) as opened_:
        add_escrow(opened_, bech32.recipient(age.public_key(theirs)))
    Vault.open(vault, bech32.identity(theirs)).close()
    _, fault = attempt(lambda: Vault.open(vault, bech32.identity(age.generate_key())))
    assert fault is not None
    assert fault.code == "access.refused"
    assert "clé age" in fault.sentence
    assert "clavier" not in fault.sentence
