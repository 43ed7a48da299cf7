# SPDX-License-Identifier: GPL-3.0-or-later
"""The published format is true: the program of the page, which uses nothing of ours, opens a vault."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from hro_desktop.vault import accesses, backup, bech32, checks, header
from hro_desktop.vault.age import generate_key, public_key, sealed_size
from hro_desktop.vault.database import BASE
from hro_desktop.vault.migrations import REVISIONS
from hro_desktop.vault.vault import Vault
from tests.vault.support import ROOT, deposit, to_first_format

PAGE = (ROOT / "docs" / "vault-format.md").read_text(encoding="utf-8")
CONTENTS = {b"": 0, b"une image": 1, bytes(range(256)) * 1000: 2}


@pytest.fixture
def program(tmp_path):
    if shutil.which("age") is None and os.environ.get("CI") != "true":
        pytest.skip("age is not installed")
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    path = tmp_path / "rouvrir.py"
    path.write_text(code, encoding="utf-8")
    assert "hro_desktop" not in code

    def run(folder, secret):
        out = tmp_path / "clair"
        shutil.rmtree(out, ignore_errors=True)
        ran = subprocess.run(
            [sys.executable, path, folder, out],
            input=secret + "\n",
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
        return ran, out

    return run


@pytest.fixture
def stocked(made):
    with Vault.open(made.folder, made.passphrase) as vault:
        names = {deposit(vault, content).name: content for content in CONTENTS}
    return made, names


def test_it_opens_with_the_passphrase_and_with_the_paper_code(stocked, program):
    made, names = stocked
    for secret in (made.passphrase, made.paper_code):
        ran, out = program(made.folder, secret)
        assert ran.returncode == 0, ran.stderr
        assert "Tout est relu" in ran.stdout
        assert {path.name: path.read_bytes() for path in out.iterdir()} == names


def test_it_opens_a_vault_of_the_first_format_too(stocked, program):
    made, names = stocked
    to_first_format(made.folder, (made.passphrase, made.paper_code))
    before = (made.folder / header.NAME).read_bytes()
    assert json.loads(before)["format"] == 1
    for secret in (made.passphrase, made.paper_code):
        ran, out = program(made.folder, secret)
        assert ran.returncode == 0, ran.stderr
        assert {path.name: path.read_bytes() for path in out.iterdir()} == names
    assert (made.folder / header.NAME).read_bytes() == before


def test_it_opens_what_stays_after_a_removal_and_refuses_what_went(stocked, program):
    made, names = stocked
    other = "sept autres mots, tirés au sort, lanterne, dune, pavé"
    with Vault.open(made.folder, made.passphrase) as vault:
        slot = accesses.add_passphrase(vault, other)
    assert program(made.folder, other)[0].returncode == 0
    with Vault.open(made.folder, made.passphrase) as vault:
        accesses.remove(vault, slot, lambda _work: None)
    for secret in (made.passphrase, made.paper_code):
        ran, out = program(made.folder, secret)
        assert ran.returncode == 0, ran.stderr
        assert {path.name: path.read_bytes() for path in out.iterdir()} == names
    assert "n’ouvre aucun accès" in program(made.folder, other)[0].stderr


def test_it_opens_with_the_key_of_the_trusted_third_party(stocked, program):
    made, names = stocked
    keys_ = [generate_key() for _ in range(2)]
    with Vault.open(made.folder, made.passphrase) as vault:
        slots = [accesses.add_escrow(vault, bech32.recipient(public_key(each))) for each in keys_]
    for key in keys_:
        ran, out = program(made.folder, bech32.identity(key))
        assert ran.returncode == 0, ran.stderr
        assert {path.name: path.read_bytes() for path in out.iterdir()} == names
    with Vault.open(made.folder, made.passphrase) as vault:
        accesses.remove(vault, slots[0], lambda _work: None)
    assert "n’ouvre aucun accès" in program(made.folder, bech32.identity(keys_[0]))[0].stderr
    assert program(made.folder, bech32.identity(keys_[1]))[0].returncode == 0


def test_the_page_says_the_present_format_of_the_base():
    assert f"(`{REVISIONS[-1]}`)" in PAGE


def test_it_refuses_what_we_refuse(stocked, program):
    made, names = stocked
    ran, _ = program(made.folder, "une autre phrase")
    assert "n’ouvre aucun accès" in ran.stderr
    path = made.folder / "objets" / next(iter(names))[:2] / f"{next(iter(names))}.age"
    good = path.read_bytes()
    path.write_bytes(good[:-1])
    assert program(made.folder, made.passphrase)[0].returncode != 0
    path.write_bytes(good)
    (made.folder / header.NAME).write_bytes((made.folder / header.NAME).read_bytes().replace(b'"paper"', b'"Paper"'))
    assert "abîmé" in program(made.folder, made.passphrase)[0].stderr


def test_lengths_are_those_of_the_page(stocked):
    made, names = stocked
    for name, content in names.items():
        size = (made.folder / "objets" / name[:2] / f"{name}.age").stat().st_size
        assert size == 168 + 16 + len(content) + 16 * max(1, -(-len(content) // 65536)) == sealed_size(len(content))


def test_every_file_of_a_vault_is_on_the_page(stocked):
    made, _ = stocked
    for path in made.folder.iterdir():
        assert f"`{path.name}" in PAGE, path.name
    assert BASE.as_posix() in PAGE


@pytest.mark.skipif(os.name == "nt", reason="the line of the page is for a shell")
@pytest.mark.usefixtures("program")
def test_the_trusted_third_party_needs_age_alone(made, tmp_path):
    (line,) = re.findall(r"^    (python3 -c .*)$", PAGE, re.M)
    private = generate_key()
    with Vault.open(made.folder, made.passphrase) as vault:
        accesses.add_escrow(vault, bech32.recipient(public_key(private)))
        expected = {"vault": vault.vault_id, "vmk": bytes(vault.keys.vmk).hex()}
    (tmp_path / "cle.txt").write_text(bech32.identity(private))
    shutil.copy(made.folder / header.NAME, tmp_path)
    ran = subprocess.run(["bash", "-c", line], capture_output=True, cwd=tmp_path, check=True)
    assert json.loads(ran.stdout) == expected


def test_a_backup_put_together_by_hand_opens_too(stocked, program, tmp_path):
    """As the page and the notice beside the backups say it: three copies, no program of ours."""
    made, names = stocked
    (tmp_path / "cle").mkdir()
    with Vault.open(made.folder, made.passphrase) as vault:
        generation = backup.make(vault, tmp_path / "cle").generation
    by_hand = tmp_path / "a-la-main"
    (by_hand / "base").mkdir(parents=True)
    shutil.copy(generation.folder / "coffre.json", by_hand)
    shutil.copy(generation.folder / "hro.db", by_hand / "base")
    shutil.copytree(generation.place / "objets", by_hand / "objets")
    ran, out = program(by_hand, made.paper_code)
    assert ran.returncode == 0, ran.stderr
    assert {name: (out / name).read_bytes() for name in names} == names
    with Vault.open(by_hand, made.passphrase) as vault:
        assert checks.verify(vault).sound
