# SPDX-License-Identifier: GPL-3.0-or-later
"""Which backup of a folder is the last one, whatever its folders are called and whatever lies among them."""

import json

import attrs
import pytest

from hro_desktop.cli.main import main
from hro_desktop.faults import ExitCode
from hro_desktop.vault import backup, canonical, generations, restore
from hro_desktop.vault.generations import FOLDER, GENERATIONS, MANIFEST
from hro_desktop.vault.vault import Vault
from tests.vault.support import deposit


@attrs.frozen
class Saved:
    """A vault and two backups of it, the second with one more object; what the folder of generations is."""

    made: object
    stick: object

    @property
    def folders(self):
        return self.stick / FOLDER / GENERATIONS

    def found(self):
        return generations.generations(self.stick)

    def passed_over(self):
        return [each.code for each in generations.passed_over(self.found(), generations.newest(self.stick))]


@pytest.fixture
def saved(made, tmp_path):
    stick = tmp_path / "cle"
    stick.mkdir()
    with Vault.open(made.folder, made.passphrase) as vault:
        for content in (b"une image", b"une autre"):
            deposit(vault, content)
            backup.make(vault, stick)
    return Saved(made, stick)


def rewritten(saved, number, change):
    """Change a manifest and its sum, as anybody can."""
    (folder,) = saved.folders.glob(f"{number:06d}-*")
    document = json.loads((folder / MANIFEST).read_bytes())
    del document["sum"]
    change(document)
    document["sum"] = canonical.sha256(document)
    (folder / MANIFEST).write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.parametrize("number", ["999999", "9" * 30])
def test_the_one_after_any_number_is_seen_and_restored(saved, tmp_path, number):
    """An empty folder of a high number made the backups after it invisible, and each was said to be made."""
    (saved.folders / f"{number}-20260101T000000Z").mkdir()
    with Vault.open(saved.made.folder, saved.made.passphrase) as vault:
        deposit(vault, b"la derniere")
        done = backup.make(vault, saved.stick)
    taken = generations.newest(saved.stick)
    assert taken.number == done.generation.number == int(number) + 1
    assert taken.manifest.id == done.generation.manifest.id
    assert saved.passed_over() == []
    restore.restore(taken, tmp_path / "neuf")
    with Vault.open(tmp_path / "neuf", saved.made.passphrase) as vault:
        assert len(vault.objects.names()) == 3


def test_other_names_are_no_backups(saved):
    """The control: a number is digits of ours, in a name of our shape."""
    for name in ("٣٣٣٣٣٣-20260101T000000Z", "00003-20260101T000000Z", "000003-20260101T000000Z (copie)"):
        (saved.folders / name).mkdir()
    assert [each.number for each in saved.found()] == [2, 1]


def test_an_older_one_taken_because_the_last_is_damaged_is_said(saved):
    assert saved.passed_over() == []
    (last,) = saved.folders.glob("000002-*")
    (last / MANIFEST).write_bytes((last / MANIFEST).read_bytes()[:-100])
    assert generations.newest(saved.stick).number == 1
    assert saved.passed_over() == ["backup.newer_damaged"]


def test_a_number_that_hides_a_longer_journal_is_said(saved):
    (first,) = saved.folders.glob("000001-*")
    first.rename(first.with_name("000007-20260101T000000Z"))
    assert generations.newest(saved.stick).number == 7
    assert saved.passed_over() == ["backup.further"]
    second = next(each for each in saved.found() if each.number == 2)
    assert generations.passed_over(saved.found(), second) == ()


def test_another_vault_says_nothing_of_this_one(saved):
    rewritten(saved, 1, lambda document: document.update(vault="0" * 32, journal={"n": 10**9, "hash": "0" * 64}))
    assert saved.passed_over() == []
    rewritten(saved, 1, lambda document: document.update(vault=saved.found()[0].manifest.vault_id))
    assert saved.passed_over() == ["backup.further"]


def test_the_command_says_it_before_it_restores(saved, tmp_path, capsys):
    (tmp_path / "phrase.txt").write_text(saved.made.passphrase, encoding="utf-8")
    end = ("--passphrase-file", str(tmp_path / "phrase.txt"))
    assert main(["restore", str(saved.stick), str(tmp_path / "a"), *end]) == ExitCode.DONE
    assert capsys.readouterr().err == ""
    (last,) = saved.folders.glob("000002-*")
    (last / MANIFEST).unlink()
    assert main(["restore", str(saved.stick), str(tmp_path / "b"), *end]) == ExitCode.DONE
    assert "La sauvegarde n°\u00a02, plus récente que la n°\u00a01, ne peut pas être lue." in capsys.readouterr().err
    assert main(["restore", str(saved.stick), str(tmp_path / "c"), "--number", "1", *end]) == ExitCode.DONE
    assert capsys.readouterr().err == ""  # it was asked for by its number


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(made_at="0001-01-01T00:00:00+14:00"),
        lambda document: document.update(made_at="9999-12-31T23:59:59+00:00"),
        lambda document: document["files"]["hro.db"].update(size=10**400),
        lambda document: document.update(journal={"n": 10**30, "hash": "0" * 64}),
    ],
    ids=["before-any-zone", "after-any-zone", "size", "line"],
)
def test_absurd_figures_are_one_damaged_backup_and_no_more(saved, change, capsys):
    rewritten(saved, 2, lambda document: None)
    assert generations.newest(saved.stick).number == 2  # the control
    rewritten(saved, 2, change)
    assert [(each.number, each.manifest is None) for each in saved.found()] == [(2, True), (1, False)]
    assert main(["backups", str(saved.stick)]) == ExitCode.DAMAGED
    assert "abîmée" in capsys.readouterr().out
    with Vault.open(saved.made.folder, saved.made.passphrase) as vault:
        assert backup.make(vault, saved.stick).generation.number == 3
