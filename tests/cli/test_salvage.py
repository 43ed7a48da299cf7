# SPDX-License-Identifier: GPL-3.0-or-later
"""A damaged vault saved from a terminal: the whole exercise, with its first page lost, and nothing readable said."""

import json
from pathlib import Path

import pytest

from hro_desktop.cli.main import main
from hro_desktop.demo import run
from hro_desktop.faults import ExitCode
from hro_desktop.vault.database import BASE
from tests.support.practice import practice_vault


@pytest.fixture
def phrase(tmp_path: Path) -> Path:
    path = tmp_path / "phrase.txt"
    path.write_text(run.PASSPHRASE + "\n", encoding="utf-8")
    return path


def test_the_exercise_is_saved_and_works_again(
    tmp_path: Path, phrase: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vault = practice_vault(tmp_path)
    shown = ["show", "D-2026-0001", "--passphrase-file", str(phrase), "--vault"]
    assert main([*shown, str(vault)]) == ExitCode.DONE
    before = capsys.readouterr().out
    base = vault / BASE
    content = bytearray(base.read_bytes())
    content[2000] ^= 1
    base.write_bytes(content)
    assert main([*shown, str(vault)]) == ExitCode.DAMAGED  # the control
    assert "hro-desktop salvage" in capsys.readouterr().err
    saved = ["salvage", str(vault), str(tmp_path / "neuf"), "--passphrase-file", str(phrase)]
    assert main(saved) == ExitCode.DONE
    said = capsys.readouterr()
    assert "1\u00a0page(s) de la base" in said.out
    assert "n’a pas changé" in said.out
    assert "Ishag" not in said.out + said.err
    assert base.read_bytes() == bytes(content)
    assert main([*shown, str(tmp_path / "neuf")]) == ExitCode.DONE
    assert capsys.readouterr().out == before
    assert main(saved) == ExitCode.VAULT
    capsys.readouterr()
    saved[2] = str(tmp_path / "autre")
    max((vault / "objets").rglob("*.age")).unlink()
    assert main([*saved, "--json"]) == ExitCode.DAMAGED
    told = json.loads(capsys.readouterr().out)
    assert [each["code"] for each in told["findings"]] == ["salvage.pages", "salvage.object"]
