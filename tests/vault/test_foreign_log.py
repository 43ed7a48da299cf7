# SPDX-License-Identifier: GPL-3.0-or-later
"""A log of another day beside a base: SQLite takes it for its own and writes its old pages over the new ones."""

import contextlib
import shutil

import attrs
import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import select

from hro_desktop.records.objects import StoredObject
from hro_desktop.records.settings import Setting
from hro_desktop.records.sites import Site
from hro_desktop.vault import backup, checks, database, salvage
from hro_desktop.vault.database import BASE, connect, log_fits
from hro_desktop.vault.generations import FOLDER
from hro_desktop.vault.vault import Vault
from tests.vault.support import attempt, deposit, snapshot

LOG = BASE.with_name(BASE.name + "-wal")


@attrs.frozen
class Days:
    """A vault of today, closed; and its base and log as they were one day, while somebody worked in it."""

    made: object
    key: str
    base: bytes
    log: bytes

    @property
    def folder(self):
        return self.made.folder


@pytest.fixture
def days(made):
    with Vault.open(made.folder, made.passphrase) as vault:
        deposit(vault, b"ce jour-la")
        key = vault.keys.base()
        base, log = ((made.folder / name).read_bytes() for name in (BASE, LOG))
    assert log
    for day in range(3):
        with Vault.open(made.folder, made.passphrase) as vault:
            with vault.work() as work:
                for n in range(150):
                    site = Site(name=f"Lieu {day} {n}")
                    work.session.add(site)
                    work.session.flush()
                    work.record("site.created", site.id)
                work.commit()
            deposit(vault, b"%d" % day)
    assert not (made.folder / LOG).exists()
    return Days(made, key, base, log)


def count(vault):
    with vault.read() as session:
        return len(session.scalars(select(StoredObject)).all())


def refused(days):
    before = snapshot(days.folder)
    _, fault = attempt(lambda: Vault.open(days.folder, days.made.passphrase))
    assert snapshot(days.folder) == before
    return fault and fault.code


def test_a_base_too_large_to_be_gone_over_opens_after_a_crash(made, monkeypatch):
    """Nobody waits for minutes at the door of 600 MB: what could not be looked at in time is taken for sound."""
    with Vault.open(made.folder, made.passphrase) as vault:
        deposit(vault, b"avant la panne")
        key = vault.keys.base()
        held = {name: (made.folder / name).read_bytes() for name in (BASE, LOG)}
    for name, content in held.items():  # as the crash left them
        (made.folder / name).write_bytes(content)
    asked = []
    holds = database._holds_together
    monkeypatch.setattr(database, "LOOKED_AT", -1.0)
    monkeypatch.setattr(database, "_holds_together", lambda given: asked.append(holds(given)) or asked[-1])
    assert log_fits(made.folder / BASE, key)
    assert asked == [True]  # interrupted at once, and not refused
    with Vault.open(made.folder, made.passphrase) as vault:
        assert count(vault) == 1
        assert checks.verify(vault).sound


def test_control_it_destroys_the_base(days):
    (days.folder / LOG).write_bytes(days.log)
    with contextlib.suppress(sqlcipher.DatabaseError), contextlib.closing(connect(days.folder / BASE, days.key)):
        pass
    with pytest.raises(sqlcipher.DatabaseError):
        connect(days.folder / BASE, days.key, consultation=True).execute(
            "SELECT count(*) FROM stored_object"
        ).fetchone()


def test_one_of_an_older_copy_is_refused_and_nothing_is_lost(days):
    (days.folder / LOG).write_bytes(days.log)
    assert refused(days) == "base.log_foreign"
    (days.folder / LOG).unlink()  # what it advises
    with Vault.open(days.folder, days.made.passphrase) as vault:
        assert count(vault) == 4
        assert checks.verify(vault).findings == ()


def test_one_of_a_later_day_is_refused_too(days):
    with Vault.open(days.folder, days.made.passphrase) as vault:
        deposit(vault, b"aujourd'hui")
        later = (days.folder / LOG).read_bytes()
    (days.folder / BASE).write_bytes(days.base)
    (days.folder / LOG).write_bytes(later)
    assert refused(days) == "base.log_foreign"
    (days.folder / LOG).write_bytes(days.log)  # the control: its own
    with Vault.open(days.folder, days.made.passphrase) as vault:
        assert count(vault) == 1


def test_a_base_of_a_backup_put_beside_it_is_refused(days, tmp_path):
    """It was made anew, and its pages have other places."""
    (tmp_path / "cle").mkdir()
    with Vault.open(days.folder, days.made.passphrase) as vault:
        with vault.work() as work:
            for site in work.session.scalars(select(Site).limit(100)):
                work.session.delete(site)
            work.record("site.erased")
            work.commit()
        backup.make(vault, tmp_path / "cle")
        deposit(vault, b"ensuite")
        log = (days.folder / LOG).read_bytes()
    (base,) = (tmp_path / "cle" / FOLDER / "generations").glob("*/hro.db")
    shutil.copy(base, days.folder / BASE)
    (days.folder / LOG).write_bytes(log)
    assert refused(days) == "base.log_foreign"


def test_its_own_is_taken_whatever_was_brought_into_the_base_meanwhile(made, tmp_path):
    """Of a program that stopped at any time: nothing brought in, a part of it, or all of it."""
    with Vault.open(made.folder, made.passphrase) as vault:
        key = vault.keys.base()
        for n in range(12):
            deposit(vault, b"%d" % n)
            with vault.work() as work:  # a change without a line of the journal
                work.session.merge(Setting(name="brouillon", value=str(n)))
                work.commit()
            if n % 4 == 3:
                with vault.database.raw() as connection:
                    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            stopped = tmp_path / f"arret-{n}"
            shutil.copytree(made.folder, stopped)
            assert log_fits(stopped / BASE, key)
            half = (stopped / BASE).read_bytes()
            if n % 4 == 2:  # the next checkpoint was cut in its middle: new pages in the base, and the whole log
                with contextlib.closing(connect(stopped / BASE, key)) as connection:
                    kept = (stopped / LOG).read_bytes()
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                done = (stopped / BASE).read_bytes()
                middle = len(half) // 8192 * 4096
                (stopped / BASE).write_bytes(done[:middle] + half[middle:])
                (stopped / LOG).write_bytes(kept)
            (stopped / "verrou").unlink()
            with Vault.open(stopped, made.passphrase) as opened:
                assert count(opened) == n + 1
                assert checks.verify(opened).sound


def test_a_salvage_leaves_it_where_it_is(days, tmp_path):
    (days.folder / LOG).write_bytes(days.log)
    before = snapshot(days.folder)
    report = salvage.salvage(days.folder, tmp_path / "neuf", days.made.passphrase)
    assert [each.code for each in report.findings] == ["salvage.log_foreign"]
    assert snapshot(days.folder) == before
    with Vault.open(tmp_path / "neuf", days.made.passphrase) as vault:
        assert count(vault) == 4
