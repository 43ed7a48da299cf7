# SPDX-License-Identifier: GPL-3.0-or-later
"""A vault made again on an empty machine: whole, opened by any of its secrets, or not there at all."""

import datetime as dt
import json
import os
import shutil

import attrs
import pytest

from hro_desktop.faults import ExitCode
from hro_desktop.records.journal import JournalLine
from hro_desktop.vault import (
    accesses,
    age,
    backup,
    bech32,
    canonical,
    checks,
    copying,
    generations,
    migrate,
    places,
    restore,
)
from hro_desktop.vault.database import BASE, connect
from hro_desktop.vault.generations import FOLDER
from hro_desktop.vault.migrations import REVISIONS
from hro_desktop.vault.unlock import unlock
from hro_desktop.vault.vault import Vault
from tests.vault.backups import everything, flip
from tests.vault.support import attempt, deposit, fill, small_disk, snapshot
from tests.vault.test_backup import Stopped, numbers
from tests.vault.test_older_vaults import at_format


@attrs.frozen
class Saved:
    """A vault, and three generations of it."""

    made: object
    stick: object
    key: str
    names: tuple


@pytest.fixture
def saved(made, tmp_path):
    stick = tmp_path / "cle"
    stick.mkdir()
    names = []
    with Vault.open(made.folder, made.passphrase) as vault:
        for n in range(3):
            names.append(deposit(vault, bytes([n]) * 90_000).name)
            backup.make(vault, stick)
        key = vault.keys.base()
    return Saved(made, stick, key, tuple(names))


def latest(saved):
    return generations.newest(saved.stick)


def test_it_opens_with_the_paper_code_alone_and_the_journal_says_so(saved, tmp_path):
    target = tmp_path / "neuf"
    shutil.rmtree(saved.made.folder)
    found = restore.restore(latest(saved), target)
    assert (found.folder, found.findings) == (target, ())
    with Vault.open(target, saved.made.paper_code) as vault:
        assert vault.notices == []
        assert checks.verify(vault).findings == ()
        with vault.read() as session:
            lines = session.query(JournalLine).order_by(JournalLine.n.desc()).limit(2).all()
        assert [line.action for line in lines] == ["vault.opened", "vault.restored"]
        assert lines[1].object == str(latest(saved).manifest.head.n)
        assert not (target / restore.MARK).exists()
    with Vault.open(target, saved.made.passphrase) as vault, vault.read() as session:
        assert session.query(JournalLine).filter_by(action="vault.restored").count() == 1


def test_it_opens_with_the_key_of_the_trusted_third_party(made, tmp_path):
    key = age.generate_key()
    (tmp_path / "cle").mkdir()
    with Vault.open(made.folder, made.passphrase) as vault:
        accesses.add_escrow(vault, bech32.recipient(age.public_key(key)))
        done = backup.make(vault, tmp_path / "cle")
    restore.restore(done.generation, tmp_path / "neuf")
    with Vault.open(tmp_path / "neuf", bech32.identity(key)) as vault:
        assert checks.verify(vault).sound


def test_any_generation_can_be_taken(saved, tmp_path):
    for number, count in ((1, 1), (2, 2), (3, 3)):
        target = tmp_path / str(number)
        target.mkdir()  # an empty folder will do
        restore.restore(generations.newest(saved.stick, number), target)
        with Vault.open(target, saved.made.passphrase) as vault:
            assert vault.objects.names() == set(saved.names[:count])
    _, fault = attempt(lambda: generations.newest(saved.stick, 9))
    assert fault.code == "backup.no_generation"


def test_the_folder_itself_or_the_one_it_is_in_may_be_chosen(saved):
    assert numbers(saved.stick) == numbers(saved.stick / FOLDER) == [3, 2, 1]
    _, fault = attempt(lambda: generations.generations(saved.made.folder))
    assert fault.code == "backup.absent"


def test_nothing_that_is_there_is_written_over(saved, tmp_path):
    (tmp_path / "plein").mkdir()
    (tmp_path / "plein" / "photo").write_text("x")
    before = snapshot(saved.made.folder)
    for target, code in (
        (saved.made.folder, "vault.not_empty"),
        (tmp_path / "plein", "vault.not_empty"),
        (tmp_path / "plein" / "photo", "vault.not_empty"),
        (tmp_path / "rien" / "neuf", "vault.no_place"),
        (saved.stick / FOLDER / "neuf", "restore.inside"),
    ):
        _, fault = attempt(lambda target=target: restore.restore(latest(saved), target))
        assert fault.code == code
    assert snapshot(saved.made.folder) == before
    assert (tmp_path / "plein" / "photo").read_text() == "x"


def test_a_damaged_object_is_named_and_may_be_done_without(saved, tmp_path):
    flip(generations.object_path(saved.stick / FOLDER, saved.names[1]))
    target = tmp_path / "neuf"
    _, fault = attempt(lambda: restore.restore(latest(saved), target))
    assert (fault.code, fault.exit_code) == ("backup.objects_damaged", ExitCode.DAMAGED)
    assert saved.names[1][:8] in fault.sentence
    assert not target.exists()
    found = restore.restore(latest(saved), target, partial=True)
    assert [each.code for each in found.findings] == ["backup.object_damaged"]
    with Vault.open(target, saved.made.passphrase) as vault:
        assert [each.code for each in checks.verify(vault).findings] == ["object.absent"]


@pytest.mark.parametrize("name", ["hro.db", "coffre.json", "manifeste.json"])
def test_damage_to_the_rest_is_said_and_another_generation_serves(saved, tmp_path, name):
    path = latest(saved).folder / name
    flip(path, -40)
    third = next(each for each in generations.generations(saved.stick) if each.number == 3)
    for partial in (False, True):
        _, fault = attempt(lambda partial=partial: restore.restore(third, tmp_path / "neuf", partial=partial))
        assert fault.exit_code == ExitCode.DAMAGED
        assert name in fault.sentence
        assert not (tmp_path / "neuf").exists()
    restore.restore(generations.newest(saved.stick, 2), tmp_path / "neuf")
    assert Vault.open(tmp_path / "neuf", saved.made.passphrase).close() is None


def older_backup(made, stick, revision):
    """What a backup made by an older, or a later, release looks like."""
    keys = unlock(made.folder, made.passphrase).keys
    (made.folder / BASE).unlink()
    head = at_format(made.folder, keys.base(), keys.vault_id, min(revision, REVISIONS[-1]))
    folder = stick / FOLDER / "generations" / "000001-20261001T000000Z"
    folder.mkdir(parents=True)
    shutil.copy(made.folder / BASE, folder / "hro.db")
    shutil.copy(made.folder / "coffre.json", folder)
    if revision > REVISIONS[-1]:
        connection = connect(folder / "hro.db", keys.base())
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.close()
    manifest = generations.Manifest(
        vault_id=keys.vault_id,
        id="0" * 16,
        made_at=dt.datetime(2026, 10, 1, tzinfo=dt.UTC),
        revision=revision,
        head=head,
        files={name: copying.read(folder / name, lambda _count: None) for name in ("hro.db", "coffre.json")},
        objects={},
    )
    (folder / "manifeste.json").write_bytes(generations.written(manifest, keys))
    return head


@pytest.mark.parametrize("revision", ["0001", "0005"])
def test_a_backup_of_an_older_release_opens_at_the_present_format(made, tmp_path, revision):
    head = older_backup(made, tmp_path / "cle", revision)
    restore.restore(generations.newest(tmp_path / "cle"), tmp_path / "neuf")
    with Vault.open(tmp_path / "neuf", made.paper_code) as vault:
        with vault.read() as session:
            actions = [line.action for line in session.query(JournalLine).filter(JournalLine.n > head.n)]
        assert actions == ["vault.migrated", "vault.restored", "vault.opened"]
        assert migrate.revision(vault.database) == REVISIONS[-1]


def test_a_backup_of_a_later_release_is_refused_in_clear_words(made, tmp_path):
    older_backup(made, tmp_path / "cle", "9999")
    restore.restore(generations.newest(tmp_path / "cle"), tmp_path / "neuf")
    _, fault = attempt(lambda: Vault.open(tmp_path / "neuf", made.passphrase))
    assert fault.code == "vault.newer"
    assert "plus récente" in fault.sentence
    assert (tmp_path / "neuf" / restore.MARK).exists()  # the version that can open it will note it


def reseal(generation, change):
    """What somebody without the key can do: change the manifest and its sum."""
    path = generation.folder / generations.MANIFEST
    document = json.loads(path.read_text())
    del document["sum"]
    change(document)
    document["sum"] = canonical.sha256(document)
    path.write_text(json.dumps(document))


def test_a_base_of_another_day_under_a_changed_manifest_is_said_loudly(saved, tmp_path):
    third, first = latest(saved), generations.newest(saved.stick, 1)
    shutil.copy(first.folder / "hro.db", third.folder / "hro.db")
    reseal(third, lambda document: document["files"].update({"hro.db": attrs.asdict(first.manifest.files["hro.db"])}))
    restore.restore(latest(saved), tmp_path / "neuf")
    with Vault.open(tmp_path / "neuf", saved.made.passphrase) as vault:
        assert [each.code for each in vault.notices] == ["restore.altered"]
        assert not checks.verify(vault).sound
    restore.restore(generations.newest(saved.stick, 2), tmp_path / "intact")
    with Vault.open(tmp_path / "intact", saved.made.passphrase) as vault:
        assert vault.notices == []


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["files"].update({"../../ailleurs": {"size": 1, "sha256": "0" * 64}}),
        lambda document: document["objects"].update({"../x": {"size": 1, "sha256": "0" * 64}}),
        lambda document: document.update(journal={"n": -1, "hash": "0" * 64}),
        lambda document: document.update(made_at="hier"),
        lambda document: document.update(autre=1),
        lambda document: document.update(vault=7),
        lambda document: document.update(format="1"),
        lambda document: document.pop("lacking"),
    ],
)
def test_a_hostile_manifest_is_a_damaged_one(saved, tmp_path, change):
    reseal(latest(saved), change)
    third = next(each for each in generations.generations(saved.stick) if each.number == 3)
    assert third.manifest is None
    _, fault = attempt(lambda: restore.restore(third, tmp_path / "neuf"))
    assert fault.code == "backup.manifest"


def test_a_backup_of_a_later_format_is_said(saved, tmp_path):
    reseal(latest(saved), lambda document: document.update(format=2))
    third = next(each for each in generations.generations(saved.stick) if each.number == 3)
    _, fault = attempt(lambda: restore.restore(third, tmp_path / "neuf"))
    assert fault.code == "backup.newer_format"


def test_stopped_anywhere_no_vault_is_there(saved, tmp_path):
    target, at = tmp_path / "neuf", 0
    while True:
        at += 1
        calls = [0]

        def progress(_done, _total, calls=calls, at=at):
            calls[0] += 1
            if calls[0] == at:
                raise Stopped

        try:
            restore.restore(latest(saved), target, progress)
        except Stopped:
            assert not target.exists()
            continue
        break
    assert at > 8
    assert everything(target, saved.key)["objets"].keys() == set(saved.names)


def test_a_stick_that_is_pulled_out_is_not_called_damaged(saved, tmp_path):
    away = saved.stick.with_name("tiroir")
    found = latest(saved)

    def pull_out(done, total):
        if done > total // 3 and saved.stick.exists():
            saved.stick.rename(away)

    for action in (
        lambda: restore.check(found, pull_out),
        lambda: restore.restore(found, tmp_path / "neuf", pull_out, partial=True),
    ):
        _, fault = attempt(action)
        assert (fault.code, fault.exit_code) == ("backup.gone", ExitCode.DISK)
        assert not (tmp_path / "neuf").exists()
        away.rename(saved.stick)
    assert restore.check(found).sound


def test_an_interrupted_one_begins_again_in_the_same_folder(saved, tmp_path):
    target = tmp_path / "neuf"
    restore.restore(latest(saved), target)
    for name in ("coffre.json", "coffre.json.1", "coffre.json.2"):  # as a kill just before them leaves it
        (target / name).unlink()
    _, fault = attempt(lambda: Vault.open(target, saved.made.passphrase))
    assert fault.code == "restore.unfinished"
    (target / "mes notes").write_text("x")
    _, fault = attempt(lambda: restore.restore(latest(saved), target))
    assert fault.code == "vault.not_empty"  # something there is not ours
    (target / "mes notes").unlink()
    restore.restore(latest(saved), target)
    with Vault.open(target, saved.made.passphrase) as vault:
        assert checks.verify(vault).findings == ()


def test_a_small_or_full_disk_is_said_and_nothing_stays(made, tmp_path):
    (tmp_path / "cle").mkdir()
    with Vault.open(made.folder, made.passphrase) as vault:
        for _ in range(4):
            deposit(vault, os.urandom(900_000))
        done = backup.make(vault, tmp_path / "cle")
    with small_disk(5 * 1024) as disk:
        _, fault = attempt(lambda: restore.restore(done.generation, disk / "neuf"))
        assert fault.code == "backup.no_room"
    with small_disk(12 * 1024) as disk:
        _, fault = attempt(lambda: restore.restore(done.generation, disk / "neuf", lambda *_: fill(disk)))
        assert fault.code == "backup.full"
        assert not (disk / "neuf").exists()


@pytest.mark.usefixtures("keyring")
def test_an_older_backup_is_told_in_words_and_not_refused(saved, tmp_path):
    with Vault.open(saved.made.folder, saved.made.passphrase) as vault:
        seen = vault.head().n
    first = generations.newest(saved.stick, 1)
    restore.restore(first, tmp_path / "neuf")
    with Vault.open(tmp_path / "neuf", saved.made.passphrase) as vault:
        assert vault.notices == [places.older_than_seen(first.manifest.head.n, seen)]
        with vault.read() as session:
            actions = [line.action for line in session.query(JournalLine).order_by(JournalLine.n.desc()).limit(3)]
        assert actions == ["vault.opened", "vault.older", "vault.restored"]
    with Vault.open(tmp_path / "neuf", saved.made.passphrase) as vault:
        assert vault.notices == []
    with Vault.open(saved.made.folder, saved.made.passphrase) as vault:  # the newer one was there after all
        assert [each.code for each in vault.notices] == ["journal.forked"]


@pytest.mark.parametrize("name", ["hro.db", "coffre.json"])
def test_a_manifest_without_its_base_or_its_header_is_none(made, tmp_path, name):
    """Somebody who holds the key may write one; a restoration would end without either."""
    stick = tmp_path / "cle"
    stick.mkdir()
    with Vault.open(made.folder, made.passphrase) as vault:
        done = backup.make(vault, stick).generation
        files = {key: kept for key, kept in done.manifest.files.items() if key != name}
        (done.folder / generations.MANIFEST).write_bytes(
            generations.written(attrs.evolve(done.manifest, files=files), vault.keys)
        )
    (found,) = generations.generations(stick)
    assert found.manifest is None
    _, fault = attempt(lambda: restore.restore(found, tmp_path / "neuf"))
    assert fault.code == "backup.manifest"
    assert not (tmp_path / "neuf").exists()


def test_a_backup_whose_header_is_of_a_newer_format_is_said_to_be_so(made, tmp_path):
    """It is not damaged: a newer program opens it."""
    stick = tmp_path / "cle"
    stick.mkdir()
    with Vault.open(made.folder, made.passphrase) as vault:
        done = backup.make(vault, stick).generation
        path = done.folder / "coffre.json"
        document = json.loads(path.read_text())
        document["format"] = 99
        del document["sum"]
        document["sum"] = canonical.sha256(document)
        path.write_text(json.dumps(document))
        kept = copying.read(path, lambda _: None)
        newer = attrs.evolve(done.manifest, files={**done.manifest.files, path.name: kept})
        (done.folder / generations.MANIFEST).write_bytes(generations.written(newer, vault.keys))
    (found,) = generations.generations(stick)
    _, fault = attempt(lambda: restore.restore(found, tmp_path / "neuf"))
    assert fault.code == "vault.newer"
    assert not (tmp_path / "neuf").exists()
