# SPDX-License-Identifier: GPL-3.0-or-later
"""Each damage is found and named, and the control, an intact vault, shows none."""

import datetime as dt
import io
import os
import random
import shutil
import tempfile
import time
from pathlib import Path

import attrs
import pytest
from sqlalchemy import delete, text

from hro_desktop.faults import Fault
from hro_desktop.records.base import utc_now
from hro_desktop.records.people import Person
from hro_desktop.search.tables import ITEM
from hro_desktop.vault import age, checks, header, lockfile, places, recovery, reserve
from hro_desktop.vault.database import BASE
from hro_desktop.vault.findings import Level
from hro_desktop.vault.keys import KdfParams
from hro_desktop.vault.vault import Vault
from tests.vault.support import PASSPHRASE, attempt, deposit, snapshot, times

CONTENT = bytes(range(256)) * 1000


@pytest.fixture
def stocked(vault):
    return vault, [deposit(vault, CONTENT + bytes([n])) for n in range(6)]


def codes(report):
    return [finding.code for finding in report.findings]


def test_an_intact_vault(stocked):
    vault, _ = stocked
    seen = []
    report = checks.verify(vault, lambda done, total: seen.append((done, total)))
    assert report.sound
    assert report.findings == ()
    assert dict(report.checked) == {"Lignes du journal": 8, "Pièces relues": 6, "Octets relus": 6 * len(CONTENT) + 6}
    assert seen[-1] == (6 * (len(CONTENT) + 1),) * 2
    assert report.lines()[-1] == "Rien d’anormal."
    assert report.as_json()["sound"] is True


def forged(vault, staged):
    """Another valid file, made for the very key of the one it replaces."""
    out = io.BytesIO()
    age.encrypt_stream(io.BytesIO(CONTENT + b"\xff"), out, [age.public_key(staged.private_key)])
    return out.getvalue()


DAMAGES = {
    "one byte": (lambda data, *_: data[:5000] + bytes([data[5000] ^ 1]) + data[5001:], "object.damaged"),
    "in the header": (lambda data, *_: b"b" + data[1:], "object.damaged"),
    "one byte cut": (lambda data, *_: data[:-1], "object.truncated"),
    "emptied": (lambda *_: b"", "object.truncated"),
    "extended": (lambda data, *_: data + b"x", "object.extended"),
    "another object": (lambda _data, vault, _s, other: vault.objects.path(other.name).read_bytes(), "object.key"),
    "a forged object": (lambda _data, vault, staged, _o: forged(vault, staged), "object.replaced"),
    "noise": (lambda data, *_: os.urandom(len(data)), "object.damaged"),
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_object_is_named_and_the_others_open(stocked, kind):
    vault, staged = stocked
    change, code = DAMAGES[kind]
    path = vault.objects.path(staged[2].name)
    path.write_bytes(change(path.read_bytes(), vault, staged[2], staged[3]))
    report = checks.verify(vault)
    assert codes(report) == [code]
    assert not report.sound
    assert staged[2].name[:8] in report.findings[0].sentence
    assert report.lines()[-1] == "Des dommages ont été trouvés."
    assert report.as_json()["findings"][0]["level"] == "damage"
    for other in staged[:2] + staged[3:]:
        with vault.objects.open(other.name, other.private_key) as reader:
            assert reader.read()[: len(CONTENT)] == CONTENT


@pytest.mark.long
def test_many_objects_damaged_at_once_are_each_named_and_the_others_open(vault):
    draw, count = random.Random(17), times(40, 400)
    staged = [deposit(vault, CONTENT[: draw.choice([1, 70_000, 256_000])] + bytes([n % 251])) for n in range(count)]
    changes, expected = [change for change, _ in DAMAGES.values()], set()
    for number in range(0, count, 2):
        each, other = staged[number], staged[number + 1]
        path = vault.objects.path(each.name)
        data = path.read_bytes()
        changed = changes[number // 2 % len(changes)](data, vault, each, other) if len(data) > 5001 else data[:-2]
        path.write_bytes(changed)
        expected.add(each.name[:8])
    report = checks.verify(vault)
    found = [finding.sentence.split("L’objet ")[1][:8] for finding in report.findings]
    assert len(found) == len(expected) == count // 2
    assert set(found) == expected
    for each in staged[1::2]:
        with vault.objects.open(each.name, each.private_key) as reader:
            assert reader.digest() == each.sha256


def test_an_object_that_disappeared(stocked):
    vault, staged = stocked
    vault.objects.path(staged[0].name).unlink()
    assert codes(checks.verify(vault)) == ["object.absent"]


def test_a_row_that_was_changed(stocked):
    vault, staged = stocked
    with vault.work() as work:
        work.session.execute(text("UPDATE stored_object SET sha256 = :h"), {"h": "0" * 64})
        work.commit()
    assert codes(checks.verify(vault)) == ["object.replaced"] * len(staged)


def test_a_chain_rewritten_in_the_base(stocked):
    vault, _ = stocked
    with vault.work() as work:
        work.session.execute(text("DROP TRIGGER journal_line_no_update"))
        work.session.execute(text("UPDATE journal_line SET action = 'x' WHERE n = 4"))
        work.commit()
    assert codes(checks.verify(vault)) == ["base.unguarded", "journal.broken"]


def test_somebody_the_search_has_lost(stocked):
    vault, _ = stocked
    with vault.work() as work:
        work.session.add(Person(pseudonym="P-2026-0001", given_names="Younès"))
        work.commit()
    assert codes(checks.verify(vault)) == []
    with vault.work() as work:
        work.session.execute(delete(ITEM))
        work.commit()
    report = checks.verify(vault)
    assert (codes(report), report.sound) == (["search.lacking"], True)


def test_links_to_nothing(stocked):
    vault, _ = stocked
    with vault.database.raw() as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("INSERT INTO evidence_case (evidence_id, case_id) VALUES ('a', 'b')")
        connection.execute("PRAGMA foreign_keys=ON")
    assert codes(checks.verify(vault)) == ["base.links"]


def test_a_base_that_contradicts_itself(stocked):
    vault, _ = stocked
    with vault.database.raw() as connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        connection.execute("UPDATE stored_object SET size = -1 WHERE rowid = 1")
        connection.execute("PRAGMA ignore_check_constraints=OFF")
    assert "base.structure" in codes(checks.verify(vault))


@pytest.mark.long
def test_flipped_bits_of_the_base(made):
    """Any bit of any page: found at opening or by the check, never passed over."""
    with Vault.open(made.folder, made.passphrase) as vault:
        deposit(vault, CONTENT)
    base, draw = made.folder / BASE, random.Random(11)
    good = base.read_bytes()
    for _ in range(times(40, 300)):
        place = draw.randrange(len(good))
        changed = bytearray(good)
        changed[place] ^= 1 << draw.randrange(8)
        base.write_bytes(changed)
        for end in ("-wal", "-shm"):
            base.with_name(base.name + end).unlink(missing_ok=True)
        vault, fault = attempt(lambda: Vault.open(made.folder, made.passphrase))
        if fault:
            assert fault.code == "base.damaged"
            continue
        found, fault = attempt(lambda vault=vault: codes(checks.verify(vault)))
        assert (fault and fault.code == "base.damaged") or "base.page" in found, place
        vault.close()
    base.write_bytes(good)
    with Vault.open(made.folder, made.passphrase) as vault:
        assert checks.verify(vault).sound  # the control


def test_header_files_changed_behind_our_back(stocked):
    vault, _ = stocked
    main, copy = vault.folder / header.NAME, vault.folder / header.COPIES[1]
    good = main.read_bytes()
    copy.write_bytes(b"")
    report = checks.verify(vault)
    assert (codes(report), report.sound) == (["header.copy_damaged"], True)
    copy.write_bytes(good)
    main.write_bytes(b"")
    assert codes(checks.verify(vault)) == ["header.damaged"]
    other = attrs.evolve(vault.header, slots=vault.header.slots[:1])
    header.save(vault.folder, other, vault.keys, forget=True)
    assert codes(checks.verify(vault)) == ["header.altered"]


def test_a_missing_reserve(stocked):
    vault, _ = stocked
    reserve.release(vault.folder)
    report = checks.verify(vault)
    assert (codes(report), report.sound) == (["disk.no_reserve"], True)


def test_more_objects_than_a_page(vault, monkeypatch):
    monkeypatch.setattr(checks, "PAGE", 2)
    staged = [deposit(vault, bytes([n])) for n in range(5)]
    vault.objects.path(staged[-1].name).unlink()
    report = checks.verify(vault)
    assert codes(report) == ["object.absent"]
    assert dict(report.checked)["Pièces relues"] == 5


def test_a_vault_in_good_health(made):
    report = checks.diagnose(made.folder)
    assert report.sound
    assert report.findings == ()


def remove(*names):
    def change(folder):
        for name in names:
            path = folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return change


def write(name, content):
    return lambda folder: (folder / name).write_bytes(content)


def newer(folder):
    from tests.vault.test_header import newer as change
    from tests.vault.test_header import rewrite

    rewrite(folder, change)


def absurd(folder):
    from tests.vault.test_header import enormous, rewrite

    rewrite(folder, enormous)


def one_slot(folder):
    from tests.vault.test_header import drop_slot, rewrite

    rewrite(folder, drop_slot)


def cut(folder):
    path = folder / BASE
    path.write_bytes(path.read_bytes()[:-7])


def leftover(folder):
    (folder / "sas" / ("ab" * 20 + ".age")).write_bytes(b"x")


def opened_to_others(folder):
    folder.chmod(0o755)


def copied_from_another_vault(folder):
    with tempfile.TemporaryDirectory() as name:
        other = Vault.create(Path(name, "autre"), PASSPHRASE, kdf=KdfParams.fast(), reserve_size=4096)
        other.vault.close()
        shutil.copy(Path(name, "autre", header.NAME), folder / header.COPIES[1])


def removed_access_in_a_copy(folder):
    from tests.vault.test_header import rewrite

    def one_more(document):
        document["slots"].append({**document["slots"][0], "id": "ab" * 8})

    rewrite(folder, one_more, header.COPIES[2:])


def written_tomorrow(folder):
    later = time.time() + 86_400
    os.utime(folder / BASE, (later, later))


def half_restored(folder):
    (folder / "restauration.json").write_bytes(b"{}")
    (folder / header.NAME).unlink()


def emptied_object(folder):
    (folder / "objets" / "ab").mkdir()
    (folder / "objets" / "ab" / ("ab" * 20 + ".age")).write_bytes(bytes(150))


def renamed_object(folder):
    (folder / "objets" / "ab").mkdir()
    (folder / "objets" / "ab" / ("ab" * 20 + " (1).age")).write_bytes(bytes(300))


DIAGNOSES = {
    "vault.newer": newer,
    "header.absurd": absurd,
    "header.recoverable": write(header.NAME, b"x"),
    "header.damaged": remove(*header.COPIES),
    "header.copy_damaged": write(header.COPIES[2], b"x"),
    "slots.one": one_slot,
    "base.absent": remove(BASE),
    "base.empty": write(BASE, b""),
    "base.truncated": cut,
    "base.clear": write(BASE, b"SQLite format 3\0" + bytes(4080)),
    "base.log": write("base/hro.db-wal", b"x" * 100),
    "lock.stale": write(lockfile.NAME, b"{}"),
    "disk.no_reserve": remove(reserve.NAME),
    "vault.permissions": opened_to_others,
    "staging.leftovers": leftover,
    "folder.objets": remove("objets"),
    "folder.sas": remove("sas"),
    "vault.no_notice": remove(recovery.NAME),
    "vault.foreign": write("notes.txt", b"x"),
    "vault.synced": lambda folder: (folder.parent / ".owncloudsync.log").write_bytes(b"x"),
    "header.foreign_copy": copied_from_another_vault,
    "header.old_access": removed_access_in_a_copy,
    "header.unfinished": write(header.NAME + ".nouveau", b"x"),
    "base.others": write("base/hro (conflit).db", b"x"),
    "clock.behind": written_tomorrow,
    "restore.unfinished": half_restored,
    "object.cut": emptied_object,
    "object.misplaced": renamed_object,
}


@pytest.mark.parametrize("code", DIAGNOSES)
def test_diagnoses_of_a_closed_vault(made, code):
    assert code not in codes(checks.diagnose(made.folder))
    DIAGNOSES[code](made.folder)
    before = snapshot(made.folder)
    report = checks.diagnose(made.folder)
    assert codes(report) == [code]
    (finding,) = report.findings
    assert finding.sentence.endswith((".", "\u00a0»."))
    assert finding.advice
    assert snapshot(made.folder) == before
    assert report.sound == (finding.level is not Level.DAMAGE)


def test_there_are_enough_diagnoses_and_a_mark_of_an_unfinished_deposit_counts(made):
    assert len(DIAGNOSES) >= 15
    (made.folder / "sas" / ("ab" * 20 + ".publie")).write_bytes(b"")
    assert codes(checks.diagnose(made.folder)) == ["staging.leftovers"]


def test_copies_are_made_anew_when_asked(made):
    """And only then: what an old copy still opened, or a damaged one, is gone; the control writes nothing."""
    removed_access_in_a_copy(made.folder)
    (made.folder / header.COPIES[1]).write_bytes(b"")
    with Vault.open(made.folder, made.passphrase) as vault:
        assert checks.mend_headers(vault) == 2
        last = vault.head()
        assert checks.mend_headers(vault) == 0
        assert vault.head() == last
    assert checks.diagnose(made.folder).findings == ()
    good = (made.folder / header.NAME).read_bytes()
    assert [(made.folder / name).read_bytes() for name in header.COPIES] == [good] * 3


def test_a_clock_behind_the_journal_is_said_at_opening(made):
    tomorrow = utc_now() + dt.timedelta(days=1)
    Vault.open(made.folder, made.passphrase, clock=lambda: tomorrow).close()
    with Vault.open(made.folder, made.passphrase) as vault:
        assert [notice.code for notice in vault.notices] == ["clock.behind"]
        assert codes(checks.verify(vault)) == ["clock.behind"]
    with Vault.open(made.folder, made.passphrase, clock=lambda: tomorrow + dt.timedelta(minutes=1)) as vault:
        assert vault.notices == []  # the control


def test_a_copy_that_serves_on_a_read_only_medium_is_said(made, monkeypatch):
    (made.folder / header.NAME).write_bytes(b"x")
    before = snapshot(made.folder)
    monkeypatch.setattr(places, "take_lock", lambda *_: None)
    with Vault.open(made.folder, made.passphrase) as vault:
        assert [notice.code for notice in vault.notices] == ["vault.consultation", "header.recovered"]
    assert snapshot(made.folder) == before


def test_diagnosis_of_a_place_that_is_no_vault(tmp_path):
    (tmp_path / "lettre.txt").write_text("x")
    for folder in (tmp_path, tmp_path / "absent"):
        assert codes(checks.diagnose(folder)) == ["vault.absent"]


def test_diagnosis_of_an_open_vault(vault):
    assert "vault.in_use" in codes(checks.diagnose(vault.folder))


def test_diagnosis_of_a_synchronised_folder(made, tmp_path):
    (tmp_path / "Dropbox").mkdir()
    shutil.move(made.folder, tmp_path / "Dropbox" / "coffre")
    assert codes(checks.diagnose(tmp_path / "Dropbox" / "coffre")) == ["vault.synced"]


def test_diagnosis_of_a_crowded_disk(made, monkeypatch):
    from hro_desktop.vault import doctor

    monkeypatch.setattr(doctor, "free_bytes", lambda _: 1000)
    assert codes(checks.diagnose(made.folder)) == ["disk.little_room"]


def test_what_the_doctor_says_is_what_opening_says(made):
    """Every damage the doctor names also stops the opening, and the other way round for those that need no secret."""
    for code in ("base.absent", "base.empty", "base.truncated", "base.clear", "header.damaged"):
        folder = made.folder.with_name(code)
        shutil.copytree(made.folder, folder)
        DIAGNOSES[code](folder)
        assert not checks.diagnose(folder).sound
        with pytest.raises(Fault):
            Vault.open(folder, made.passphrase)
