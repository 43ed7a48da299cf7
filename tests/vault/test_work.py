# SPDX-License-Identifier: GPL-3.0-or-later
"""The unit of work: all or nothing, one writer at a time, no lost update."""

import threading
import uuid

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from hro_desktop.faults import Fault
from hro_desktop.records.evidence import Evidence, EvidenceCase
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.objects import StoredObject
from hro_desktop.records.settings import Setting
from hro_desktop.records.sites import Site
from hro_desktop.vault import database, gate, journal
from hro_desktop.vault.database import base_faults

SECRET = "Amadou Exemple"


def new_site(vault, name="Le pont"):
    with vault.work() as work:
        site = Site(name=name)
        work.session.add(site)
        work.session.flush()
        work.record("site.created", site.id)
        return site.id, work.commit()


def count(vault, record):
    with vault.read() as session:
        return session.scalar(select(func.count()).select_from(record))


def test_commit_keeps_record_and_line_and_says_what_changed(vault):
    before = vault.head()
    site_id, changes = new_site(vault)
    assert changes == {("site", site_id)}
    assert vault.head().n == before.n + 1
    with vault.read() as session:
        line = session.get(JournalLine, before.n + 1)
        assert (line.actor, line.action, line.object) == (vault.slot_id, "site.created", str(site_id))
        assert session.get(Site, site_id).name == "Le pont"


def test_without_commit_nothing_stays(vault):
    before = vault.head()
    with vault.work() as work:
        work.session.add(Site(name="Le pont"))
        work.session.flush()
        work.record("site.created")
    assert count(vault, Site) == 0
    assert vault.head() == before


def failing_unit(vault, error):
    with vault.work() as work:
        work.session.add(Site(name="Le pont"))
        work.session.flush()
        error(work)


def test_an_error_leaves_nothing(vault):
    before = vault.head()

    def error(work):
        work.record("site.created")
        raise KeyError("x")

    with pytest.raises(KeyError):
        failing_unit(vault, error)
    assert count(vault, Site) == 0
    assert vault.head() == before


def test_a_journal_line_that_cannot_be_written_takes_the_record_with_it(vault):
    def error(work):
        work.head = journal.Head(77, "0" * 64)  # as if the chain were elsewhere
        work.record("site.created")

    with pytest.raises(IntegrityError):
        failing_unit(vault, error)
    assert count(vault, Site) == 0


def test_a_unit_is_committed_once(vault):
    def error(work):
        work.commit()
        work.commit()

    with pytest.raises(RuntimeError):
        failing_unit(vault, error)
    assert count(vault, Site) == 1


def rename(vault, site, name):
    with vault.work() as work:
        work.session.add(site)
        site.name = name
        work.commit()


def test_two_windows_and_one_record(vault):
    site_id, _ = new_site(vault)
    with vault.read() as session:
        seen = session.get(Site, site_id)
        session.expunge(seen)
    with vault.work() as work:
        work.session.get(Site, site_id).name = "La dune"
        work.commit()
    with pytest.raises(Fault) as caught:
        rename(vault, seen, "Le bois")
    assert caught.value.code == "record.stale"
    assert "modifiée entre-temps" in caught.value.sentence
    with vault.read() as session:
        site = session.get(Site, site_id)
        assert (site.name, site.version) == ("La dune", 2)


def test_a_link_is_a_change_of_both_ends_and_needs_both(vault):
    def error(work):
        stored = StoredObject(name="a" * 40, private_key=bytes(32), sha256="0" * 64, size=0)
        work.session.add(stored)
        work.session.flush()
        assert work.stored == {"a" * 40}
        item = Evidence(object_id=stored.id, kind="photo", title="x", deposited_at=work.now)
        work.session.add(item)
        work.session.flush()
        link = EvidenceCase(evidence_id=item.id, case_id=uuid.uuid4())
        work.session.add(link)
        work.session.flush()
        assert {("case", link.case_id), ("evidence", item.id)} <= work._changes
        work.commit()

    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        failing_unit(vault, error)
    assert count(vault, Evidence) == 0
    assert count(vault, Site) == 0


def test_a_setting_has_no_id_and_changes_nothing_that_pages_show(vault):
    with vault.work() as work:
        work.session.add(Setting(name="x", value="1"))
        assert work.commit() == frozenset()


def test_writers_wait_in_line_and_no_line_is_lost(vault):
    before = vault.head().n
    failures = []

    def write():
        try:
            for _ in range(10):
                new_site(vault)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert count(vault, Site) == 40
    with vault.read() as session:
        head, findings = journal.verify(session, vault.vault_id)
    assert (head.n, findings) == (before + 40, ())


def test_reading_sees_one_moment_and_cannot_write(vault):
    site_id, _ = new_site(vault)
    with vault.read() as session:
        assert session.get(Site, site_id).name == "Le pont"
        with vault.work() as work:
            work.session.get(Site, site_id).name = "La dune"
            work.commit()
        session.expire_all()
        assert session.get(Site, site_id).name == "Le pont"
    with vault.read() as session:
        assert session.get(Site, site_id).name == "La dune"
    with pytest.raises(Fault) as caught, vault.read() as session:
        session.execute(text("UPDATE site SET name = 'x'"))
    assert caught.value.code == "vault.read_only"


def test_waiting_for_ever_is_said(vault, monkeypatch):
    monkeypatch.setattr(gate, "WRITERS_WAIT", 0.1)
    with vault.work() as work:
        work.session.execute(text("SELECT 1"))
        with pytest.raises(Fault) as caught, vault.work() as second:
            second.session.execute(text("SELECT 1"))
    assert caught.value.code == "vault.busy"


def test_another_program_that_writes_is_said(vault):
    """One that ignored our lock: the base has its own."""
    other = database.connect(vault.folder / database.BASE, vault.keys.base())
    other.execute("BEGIN IMMEDIATE")
    with vault.database.raw() as connection:
        connection.execute("PRAGMA busy_timeout=20")
    with pytest.raises(Fault) as caught:
        new_site(vault)
    assert caught.value.code == "vault.busy"
    other.execute("ROLLBACK")
    other.close()
    new_site(vault)


def test_a_disk_that_fails_is_said(vault, monkeypatch):
    class Failing(database.sqlcipher.OperationalError):
        sqlite_errorname = "SQLITE_IOERR_READ"

    for room, code in ((10**9, "disk.failed"), (1000, "disk.full")):
        monkeypatch.setattr(database, "free_bytes", lambda _, room=room: room)
        with pytest.raises(Fault) as caught, base_faults(vault.folder):
            raise Failing
        assert caught.value.code == code

    def unplugged(_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(database, "free_bytes", unplugged)
    with pytest.raises(Fault) as caught, base_faults(vault.folder):
        raise Failing
    assert caught.value.code == "disk.failed"


def test_no_value_reaches_an_error_text(vault):
    with pytest.raises(DBAPIError) as caught, vault.work() as work:
        work.session.execute(text("INSERT INTO site (nothing) VALUES (:name)"), {"name": SECRET})
    assert SECRET not in str(caught.value)
    site_id, _ = new_site(vault, SECRET)

    def error(work):
        work.session.add(Site(id=site_id, name=SECRET))
        work.session.flush()

    with pytest.raises(IntegrityError) as caught:
        failing_unit(vault, error)
    assert SECRET not in str(caught.value)


def test_an_unknown_error_of_the_base_passes_through(made):
    with pytest.raises(database.sqlcipher.OperationalError), base_faults(made.folder):
        raise database.sqlcipher.OperationalError("unknown")


@pytest.mark.parametrize("key", ["", "ab" * 31, "AB" * 32, "zz" * 32, "ab" * 33])
def test_a_key_of_another_length_is_never_given_to_the_base(made, key):
    """SQLCipher would take it for a passphrase, and make another base or say that this one is damaged."""
    with pytest.raises(ValueError, match="key"):
        database.connect(made.folder / database.BASE, key)


def test_settings_of_a_connection(vault):
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "busy_timeout": 5000,
        "temp_store": 0,
        "query_only": 0,
    }
    with vault.database.raw() as connection:
        found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in expected}
        found["busy_timeout"] = connection.execute("PRAGMA busy_timeout").fetchone()[0]
        options = {row[0] for row in connection.execute("PRAGMA compile_options")}
        assert connection.execute("PRAGMA cipher_version").fetchone()[0].startswith("4.")
    assert found == expected
    assert "TEMP_STORE=2" in options
