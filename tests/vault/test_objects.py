# SPDX-License-Identifier: GPL-3.0-or-later
"""Encrypted objects: whole or absent, whatever interrupts."""

import errno
import hashlib
import io
import os
import shutil
import stat
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.objects import StoredObject
from hro_desktop.vault import age, checks, journal, objects
from hro_desktop.vault.objects import ObjectStore
from hro_desktop.vault.vault import Vault
from tests.vault.support import deposit, register

CONTENT = b"une piece " * 30_000


def files(vault, folder):
    return sorted(path for path in (vault.folder / folder).rglob("*") if path.is_file())


def test_what_was_deposited_is_read_back(vault):
    staged = deposit(vault, CONTENT)
    assert (staged.sha256, staged.size) == (hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))
    with vault.objects.open(staged.name, staged.private_key) as reader:
        assert reader.read() == CONTENT
        reader.seek(-10, io.SEEK_END)
        assert reader.read() == CONTENT[-10:]
        assert reader.digest() == staged.sha256  # from the beginning, wherever one was
    assert files(vault, "sas") == []
    assert files(vault, "objets") == [vault.objects.path(staged.name)]


def test_the_name_says_nothing_of_the_content(vault):
    first, second = deposit(vault, CONTENT), deposit(vault, CONTENT)
    assert first.name != second.name
    assert first.private_key != second.private_key
    assert not {first.name, second.name} & {staged.sha256[:40] for staged in (first, second)}


def test_files_are_for_their_owner_only(vault):
    staged = deposit(vault, CONTENT)
    path = vault.objects.path(staged.name)
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert vault.folder.stat().st_mode & 0o777 == 0o700


def test_the_order_of_the_steps(vault, monkeypatch):
    """Sync of the file, then its name, then sync of the folder: only then may the row be written."""
    steps = []
    real = {"fsync": os.fsync, "replace": os.replace}

    def fsync(handle):
        kind = "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"
        steps.append(f"sync {kind}")
        real["fsync"](handle)

    def rename(self, target):
        steps.append("rename")
        return real["replace"](self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr("pathlib.Path.replace", rename)
    staged = vault.objects.stage(io.BytesIO(CONTENT))
    assert steps == ["sync file"]
    (vault.folder / "objets" / staged.name[:2]).mkdir(exist_ok=True)
    vault.objects.publish(staged)
    assert steps == ["sync file", "rename", "sync folder"]


def test_several_at_once(vault):
    contents = [bytes([n]) * (n * 70_000 + n) for n in range(12)]
    with ThreadPoolExecutor(4) as pool:
        staged = list(pool.map(lambda content: deposit(vault, content), contents))
    for each, content in zip(staged, contents, strict=True):
        with vault.objects.open(each.name, each.private_key) as reader:
            assert reader.read() == content
    assert checks.verify(vault).sound
    assert vault.head().n == len(contents) + 2


def test_progress_and_cancel(vault):
    seen, stop = [], threading.Event()
    vault.objects.stage(io.BytesIO(bytes(3 << 20)), seen.append)
    assert seen == [1 << 20, 2 << 20, 3 << 20]

    def advance(done):
        if done >= 2 << 20:
            stop.set()

    waiting = files(vault, "sas")
    with pytest.raises(Fault) as caught:
        vault.objects.stage(io.BytesIO(bytes(5 << 20)), advance, stop.is_set)
    assert caught.value.code == "cancelled"
    assert caught.value.exit_code == ExitCode.INTERRUPTED
    assert files(vault, "sas") == waiting


class Unplugged(io.BytesIO):
    """A stick pulled out while it is read."""

    def readinto(self, buffer, /):
        if self.tell() > 1_000_000:
            raise OSError(errno.EIO, "Input/output error")
        return super().readinto(buffer)


def test_a_source_that_fails_is_told_from_a_disk_that_fails(vault):
    with pytest.raises(Fault) as caught:
        vault.objects.stage(Unplugged(bytes(5 << 20)))
    assert caught.value.code == "source.unreadable"
    assert files(vault, "sas") == []


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk.full"),
        (errno.EDQUOT, "disk.full"),
        (errno.EIO, "disk.failed"),
        (errno.EROFS, "disk.refused"),
    ],
)
def test_a_disk_that_fails(vault, monkeypatch, number, code):
    def fsync(_handle):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(Fault) as caught:
        vault.objects.stage(io.BytesIO(CONTENT))
    assert caught.value.code == code
    assert caught.value.exit_code == ExitCode.DISK
    monkeypatch.undo()
    assert files(vault, "sas") == []
    assert checks.verify(vault).sound


def test_a_disk_that_lies_is_caught_by_reading_back(vault, monkeypatch):
    def fsync(handle):
        os.ftruncate(handle, 100_000)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(Fault) as caught:
        vault.objects.stage(io.BytesIO(CONTENT))
    assert caught.value.code == "disk.failed"
    monkeypatch.undo()
    assert files(vault, "sas") == []


@pytest.mark.skipif(sys.platform != "linux", reason="finds the file by its descriptor in /proc")
@pytest.mark.parametrize("place", [0, 60, 150, -1, -60_000])
def test_a_disk_that_changes_a_byte_is_caught_by_reading_back(vault, monkeypatch, place):
    """In the header as in the last block."""

    def fsync(handle):
        written = Path(f"/proc/self/fd/{handle}").readlink()
        data = bytearray(written.read_bytes())
        data[place] ^= 1
        written.write_bytes(data)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(Fault) as caught:
        vault.objects.stage(io.BytesIO(CONTENT[:60_100]))
    assert caught.value.code == "disk.failed"


def test_what_is_written_goes_to_the_disk_on_the_way_and_is_forgotten_once_synced(vault, monkeypatch):
    steps = []
    monkeypatch.setattr(objects, "let_go", lambda _handle, start=0, length=0: steps.append((start, length)))
    monkeypatch.setattr(objects, "sync_file", lambda _handle: steps.append("sync"))
    staged = vault.objects.stage(io.BytesIO(bytes(11 << 20)))
    begun = steps[: steps.index("sync")]
    ends = [start + length for start, length in begun]
    assert [start for start, _ in begun] == [0, *ends[:-1]]  # no part is left out
    assert 10 << 20 < ends[-1] <= staged.path.stat().st_size
    assert steps[len(begun) :] == ["sync", (0, 0)]  # all of it, and only when it is there: the proof reads the disk
    vault.objects.discard(staged)


def test_discard(vault):
    staged = vault.objects.stage(io.BytesIO(CONTENT))
    vault.objects.discard(staged)
    assert files(vault, "sas") == []
    staged = vault.objects.stage(io.BytesIO(CONTENT))
    vault.objects.publish(staged)
    assert files(vault, "objets") != []
    vault.objects.discard(staged)
    assert files(vault, "objets") == files(vault, "sas") == []


def test_discard_never_removes_what_is_deposited(vault):
    """An interruption just after the commit must not cost the item."""
    staged = vault.objects.stage(io.BytesIO(CONTENT))
    vault.objects.publish(staged)
    mark = vault.folder / "sas" / f"{staged.name}.publie"
    assert mark.exists()
    register(vault, staged)
    mark.touch()
    vault.objects.discard(staged)
    assert checks.verify(vault).sound


def test_leftovers_are_swept_at_the_next_opening_and_journalled(made):
    with Vault.open(made.folder, made.passphrase) as vault:
        kept = deposit(vault, CONTENT)
        staged = vault.objects.stage(io.BytesIO(b"a"))
        marked = vault.objects.stage(io.BytesIO(b"b"))
        vault.objects.publish(marked)
        stray = vault.objects.stage(io.BytesIO(b"c"))
        vault.objects.publish(stray)
        (vault.folder / "sas" / f"{stray.name}.publie").unlink()
        (vault.folder / "sas" / f"{kept.name}.publie").touch()  # the mark of a deposit that was committed
        (vault.folder / "sas" / "notes.txt").write_text("pas à nous")
        before = vault.head().n
    with Vault.open(made.folder, made.passphrase) as vault:
        assert [notice.code for notice in vault.notices] == ["staging.swept"]
        assert "2\u00a0fichier(s)" in vault.notices[0].sentence
        names = vault.objects.names()
        assert names == {kept.name, stray.name}
        assert [path.name for path in files(vault, "sas")] == ["notes.txt"]
        with vault.read() as session:
            lines = [(line["action"], line["object"]) for line in journal.extract(session) if line["n"] > before]
        assert lines == [
            ("staging.swept", staged.name),
            ("object.swept", marked.name),
            ("vault.opened", vault.vault_id),
        ]
        report = checks.verify(vault)
        assert report.sound
        assert [finding.code for finding in report.findings] == ["object.stray"]
    with Vault.open(made.folder, made.passphrase) as vault:
        assert vault.notices == []


def test_an_older_base_costs_no_evidence(made, tmp_path):
    """Objects without a row but without a mark stay: the newer base may come back."""
    shutil.copytree(made.folder / "base", tmp_path / "base")
    with Vault.open(made.folder, made.passphrase) as vault:
        staged = deposit(vault, CONTENT)
    shutil.rmtree(made.folder / "base")
    shutil.copytree(tmp_path / "base", made.folder / "base")
    with Vault.open(made.folder, made.passphrase) as vault:
        assert vault.objects.names() == {staged.name}
        assert [finding.code for finding in checks.verify(vault).findings] == ["object.stray"]


@pytest.mark.parametrize(
    "name", ["", "x", "../" * 13 + "x", "A" * 40, "0" * 39, "0" * 41, "/" + "0" * 39, "0" * 40 + "\n"]
)
def test_a_name_is_never_another_path(vault, name):
    with pytest.raises(ValueError, match="object name"):
        vault.objects.path(name)


def test_a_row_refuses_other_names(vault):
    with vault.work() as work:
        work.session.add(StoredObject(name="x", private_key=bytes(32), sha256="0" * 64, size=1))
        with pytest.raises(IntegrityError):
            work.session.flush()


def test_reading_damage_is_said_in_a_sentence(vault):
    staged = deposit(vault, CONTENT)
    path = vault.objects.path(staged.name)
    good = path.read_bytes()
    cases = {
        "object.damaged": [good[:-1], b"", good[:300] + b"\0" + good[301:], good + b"x"],
        "object.key": [_sealed_for(age.generate_key())],
    }
    for code, contents in cases.items():
        for content in contents:
            path.write_bytes(content)
            with pytest.raises(Fault) as caught:
                vault.objects.open(staged.name, staged.private_key).read()
            assert caught.value.code == code
            assert caught.value.exit_code == ExitCode.DAMAGED
            assert "sauvegarde" in caught.value.sentence
    path.unlink()
    with pytest.raises(Fault) as caught:
        vault.objects.open(staged.name, staged.private_key)
    assert caught.value.code == "object.absent"


def _sealed_for(key):
    out = io.BytesIO()
    age.encrypt_stream(io.BytesIO(CONTENT), out, [age.public_key(key)])
    return out.getvalue()


def test_a_folder_in_place_of_an_object(vault):
    staged = deposit(vault, CONTENT)
    path = vault.objects.path(staged.name)
    path.unlink()
    path.mkdir()
    with pytest.raises(Fault) as caught:
        vault.objects.open(staged.name, staged.private_key)
    assert caught.value.code == "object.damaged"


@pytest.mark.skipif(sys.platform != "linux", reason="counts open files in /proc")
def test_no_file_stays_open(vault):
    staged = deposit(vault, CONTENT)
    vault.objects.path(staged.name).write_bytes(b"x")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        with pytest.raises(Fault):
            vault.objects.open(staged.name, staged.private_key)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_base_that_does_not_answer_leaves_discarding_to_the_next_start(vault):
    def silent(_names):
        raise Fault("vault.busy", "")

    store = ObjectStore(vault.folder, silent)
    staged = store.stage(io.BytesIO(CONTENT))
    store.discard(staged)
    assert staged.path.exists()
