# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways into a vault from a terminal: listed, taken away, a new paper code, stale backups."""

import json
import re
from pathlib import Path

import pytest

from hro_desktop import bootstrap
from hro_desktop.cli.main import main
from hro_desktop.faults import ExitCode
from hro_desktop.vault import accesses
from hro_desktop.vault.keys import KdfParams

PHRASE = "sept dunes calmes sous la lune rousse"
OTHER = "sept autres mots, tirés au sort, lanterne, dune, pavé"
NB = "\u00a0"


@pytest.fixture
def opened(tmp_path: Path) -> tuple[tuple[object, ...], str]:
    """What every command ends with, and the access of a second person."""
    created = bootstrap.create_vault(tmp_path / "coffre", PHRASE, kdf=KdfParams.fast())
    slot = accesses.add_passphrase(created.vault, OTHER)
    created.vault.close()
    phrase = tmp_path / "phrase.txt"
    phrase.write_text(PHRASE, encoding="utf-8")
    (tmp_path / "cle").mkdir()
    return ("--vault", tmp_path / "coffre", "--passphrase-file", phrase), slot


def run(*arguments: object) -> int:
    return main([str(each) for each in arguments])


def test_listed_removed_and_what_is_stale(
    opened: tuple[tuple[object, ...], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    end, slot = opened
    assert run("backup", tmp_path / "cle", *end) == ExitCode.DONE
    capsys.readouterr()
    assert run("access", "list", "--json", *end) == ExitCode.DONE
    listed = json.loads(capsys.readouterr().out)
    assert [(each["id"] == slot, each["kind"], each["present"]) for each in listed] == [
        (False, "Phrase de passe", True),
        (False, "Code papier", False),
        (True, "Phrase de passe", False),
    ]
    assert run("access", "remove", slot[:8], *end) == ExitCode.USAGE  # nobody is there to agree
    assert "--yes" in capsys.readouterr().err
    assert run("access", "remove", slot[:8], "--yes", *end) == ExitCode.DONE
    said = capsys.readouterr().out
    assert "n’ouvrira plus ce coffre" in said
    assert f"L’accès {slot[:4]} est retiré" in said
    assert "Sauvegardes périmées" in said
    (tmp_path / "autre.txt").write_text(OTHER, encoding="utf-8")
    assert run("cases", *end[:3], tmp_path / "autre.txt") == ExitCode.ACCESS
    capsys.readouterr()
    assert run("doctor", "--open", *end) == ExitCode.DONE
    assert "s’ouvre encore avec l’accès retiré" in capsys.readouterr().out
    assert run("access", "stale", "--json", *end) == ExitCode.DONE
    (stale,) = json.loads(capsys.readouterr().out)
    assert (stale["accesses"], stale["number"], stale["seen"]) == ([slot], 1, True)
    assert run("backup", tmp_path / "cle", "--renew", "--json", *end) == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["dropped"] == 1
    assert run("access", "stale", *end) == ExitCode.DONE
    assert "Aucune sauvegarde" in capsys.readouterr().out


def test_a_new_paper_code_opens(
    opened: tuple[tuple[object, ...], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    end, _ = opened
    assert run("access", "paper", *end) == ExitCode.DONE
    (code,) = re.findall(r"^ {2}([0-9A-Z-]{44})$", capsys.readouterr().out, re.M)
    (tmp_path / "papier.txt").write_text(code, encoding="utf-8")
    assert run("access", "list", *end[:3], tmp_path / "papier.txt") == ExitCode.DONE
    assert capsys.readouterr().out.count("Code papier") == 2


def test_what_cannot_be_removed_is_said(
    opened: tuple[tuple[object, ...], str], capsys: pytest.CaptureFixture[str]
) -> None:
    end, slot = opened
    run("access", "list", "--json", *end)
    own = json.loads(capsys.readouterr().out)[0]["id"]
    assert run("access", "remove", own, "--yes", *end) == ExitCode.BAD_INPUT
    assert "ouvrez-le avec un autre" in capsys.readouterr().err
    assert run("access", "remove", "zzzz", "--yes", *end) == ExitCode.BAD_INPUT
    assert run("access", "stale", "--destroyed", slot, *end) == ExitCode.BAD_INPUT


def test_a_system_without_a_keyring_leaves_the_access_as_it_was(
    opened: tuple[tuple[object, ...], str], capsys: pytest.CaptureFixture[str]
) -> None:
    end, _ = opened
    assert run("access", "keyring", "on", *end) == ExitCode.BAD_INPUT
    assert "reste tel quel" in capsys.readouterr().err
    assert run("access", "keyring", "off", *end) == ExitCode.DONE
