# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups from a terminal: made, listed, read again, restored with the phrase or the paper code."""

import json
from pathlib import Path

import pytest

from hro_desktop import bootstrap
from hro_desktop.cli.main import main
from hro_desktop.faults import ExitCode
from hro_desktop.vault import generations
from hro_desktop.vault.keys import KdfParams
from tests.vault.backups import flip
from tests.vault.support import deposit

PHRASE = "sept dunes calmes sous la lune rousse"


@pytest.fixture
def secrets(tmp_path: Path) -> tuple[Path, Path]:
    """A vault with two objects; its phrase and its paper code, each in a file."""
    created = bootstrap.create_vault(tmp_path / "coffre", PHRASE, kdf=KdfParams.fast())
    for content in (b"une image", b"un film" * 20_000):
        deposit(created.vault, content)
    created.vault.close()
    phrase, paper = tmp_path / "phrase.txt", tmp_path / "papier.txt"
    phrase.write_text(PHRASE, encoding="utf-8")
    paper.write_text(created.paper_code, encoding="utf-8")
    (tmp_path / "cle").mkdir()
    return phrase, paper


def run(*arguments: object) -> int:
    return main([str(each) for each in arguments])


def test_the_whole_way(secrets: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    phrase, paper = secrets
    stick = tmp_path / "cle"
    backup = ("backup", stick, "--vault", tmp_path / "coffre", "--passphrase-file", phrase)
    assert run(*backup) == ExitCode.DONE
    said = capsys.readouterr()
    assert "n°\u00a01 faite et relue" in said.out
    assert "2\u00a0pièces de plus" in said.out
    assert "même disque" in said.err
    assert run(*backup, "--quick", "--json") == ExitCode.DONE
    told = json.loads(capsys.readouterr().out)
    assert (told["number"], told["copied"], told["objects"]) == (2, 0, 2)
    assert run("backups", stick, "--verify", "--json") == ExitCode.DONE
    listed = json.loads(capsys.readouterr().out)
    assert [each["number"] for each in listed] == [2, 1]
    assert all(each["report"]["sound"] for each in listed)
    assert run("restore", stick, tmp_path / "neuf", "--number", 1, "--passphrase-file", paper) == ExitCode.DONE
    assert "Rien d’anormal." in capsys.readouterr().out
    assert run("verify", "--vault", tmp_path / "neuf", "--passphrase-file", phrase) == ExitCode.DONE


def test_damage_is_named_and_may_be_done_without(
    secrets: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    phrase, _ = secrets
    stick = tmp_path / "cle"
    run("backup", stick, "--vault", tmp_path / "coffre", "--passphrase-file", phrase)
    manifest = generations.newest(stick).manifest
    assert manifest is not None
    name = min(manifest.objects)
    path = generations.object_path(stick / generations.FOLDER, name)
    flip(path)
    capsys.readouterr()
    assert run("backups", stick) == ExitCode.DONE  # the control: what is not read is not seen
    assert run("backups", stick, "--verify") == ExitCode.DAMAGED
    assert name[:8] in capsys.readouterr().err
    restore = ("restore", stick, tmp_path / "neuf", "--passphrase-file", phrase)
    assert run(*restore) == ExitCode.DAMAGED
    assert name[:8] in capsys.readouterr().err
    assert not (tmp_path / "neuf").exists()
    assert run(*restore, "--partial") == ExitCode.DAMAGED
    assert name[:8] in capsys.readouterr().out
    assert (tmp_path / "neuf" / "coffre.json").is_file()


def test_what_cannot_be_is_one_sentence(
    secrets: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    phrase, _ = secrets
    stick = tmp_path / "cle"
    vault = ("--vault", tmp_path / "coffre", "--passphrase-file", phrase)
    run("backup", stick, *vault)
    capsys.readouterr()
    for arguments in (
        ("backups", tmp_path / "rien"),
        ("backup", tmp_path / "rien", *vault),
        ("backup", tmp_path / "coffre", *vault),
        ("restore", stick, tmp_path / "coffre", "--passphrase-file", phrase),
        ("restore", stick, tmp_path / "neuf", "--number", 9, "--passphrase-file", phrase),
        ("restore", stick, tmp_path / "neuf", "--passphrase-file", tmp_path / "absent"),
    ):
        assert run(*arguments) not in (ExitCode.DONE, ExitCode.UNEXPECTED)
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1
        assert said.err.endswith(".\n")
    assert not (tmp_path / "neuf").exists()


def test_a_wrong_phrase_leaves_the_vault_that_was_restored(
    secrets: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    phrase, paper = secrets
    stick = tmp_path / "cle"
    run("backup", stick, "--vault", tmp_path / "coffre", "--passphrase-file", phrase)
    (tmp_path / "faux.txt").write_text("une autre phrase, qui n’est pas la bonne", encoding="utf-8")
    wrong = ("restore", stick, tmp_path / "neuf", "--passphrase-file", tmp_path / "faux.txt")
    assert run(*wrong) == ExitCode.ACCESS
    capsys.readouterr()
    assert run("verify", "--vault", tmp_path / "neuf", "--passphrase-file", paper) == ExitCode.DONE
