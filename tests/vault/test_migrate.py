# SPDX-License-Identifier: GPL-3.0-or-later
"""Migrations: whole or not at all, a copy beside, newer vaults refused, and the schema is what the records say."""

import datetime as dt
import textwrap

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import hro_desktop.records  # noqa: F401 - all tables
from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.base import Base
from hro_desktop.records.sites import Site, SiteName
from hro_desktop.search.tables import is_ours
from hro_desktop.vault import checks, migrate
from hro_desktop.vault.database import BASE, Database, connect
from hro_desktop.vault.migrations import REVISIONS
from hro_desktop.vault.triggers import TRIGGERS
from hro_desktop.vault.vault import Vault
from tests.vault.support import small_disk, snapshot

AT = dt.datetime(2026, 11, 23, 21, 5, tzinfo=dt.UTC)

ENV = """
from alembic import context
context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
"""

SCRIPT = """
import sqlalchemy as sa
from alembic import op
revision = {revision!r}
down_revision = {before!r}


def upgrade():
{body}
"""


@pytest.fixture
def later(tmp_path):
    """A folder of steps: the present ones, empty, then those of the test."""

    def make(*bodies):
        folder = tmp_path / "steps"
        (folder / "versions").mkdir(parents=True)
        (folder / "env.py").write_text(ENV)
        before = None
        names = [*REVISIONS, *(f"{int(REVISIONS[-1]) + number:04}" for number in range(1, len(bodies) + 1))]
        for revision, body in zip(names, (*("pass" for _ in REVISIONS), *bodies), strict=True):
            indented = textwrap.indent(textwrap.dedent(body), "    ")
            script = SCRIPT.format(revision=revision, before=before, body=indented)
            (folder / "versions" / f"{revision}.py").write_text(script)
            before = revision
        return {"scripts": str(folder), "revisions": names}

    return make


@pytest.fixture
def filled(vault):
    with vault.work() as work:
        work.session.add_all(Site(name=f"lieu {n}", names=[SiteName(text="a"), SiteName(text="b")]) for n in range(20))
        work.commit()
    return vault


def upgrade(vault, steps, at=AT):
    return migrate.upgrade(vault.database, vault.folder, at, **steps)


def copies(vault):
    folder = vault.folder / "base" / "copies"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def rows(vault):
    with vault.read() as session:
        names = ("site", "site_name", "journal_line")
        return {name: session.scalar(text(f'SELECT count(*) FROM "{name}"')) for name in names}


def test_the_list_of_steps_is_the_folder():
    config = Config()
    config.set_main_option("script_location", migrate.SCRIPTS)
    directory = ScriptDirectory.from_config(config)
    walked = [script.revision for script in directory.walk_revisions()]
    assert walked[::-1] == list(REVISIONS)


def test_the_steps_import_nothing_of_ours():
    from pathlib import Path

    folder = Path(migrate.__file__).parent / "migrations" / "versions"
    for path in folder.glob("0*.py"):
        assert "hro_desktop" not in path.read_text(encoding="utf-8").replace("scripts/new_migration.py", "")


def test_the_base_is_what_the_records_say(vault):
    with vault.database.writer.connect() as connection:
        opts = {
            "compare_type": True,
            "target_metadata": Base.metadata,
            "include_name": lambda name, kind, _: kind != "table" or not is_ours(name),
        }
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Base.metadata) == []
        rows_ = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = {name: sql for name, sql in rows_}
        checks_ = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'stored_object'").scalar_one()
    assert found == TRIGGERS
    assert "ck_stored_object_name_length" in checks_


def test_a_step_forward(filled, later):
    before = rows(filled)
    steps = later('op.add_column("site", sa.Column("note", sa.Text(), nullable=False, server_default=""))')
    assert upgrade(filled, steps)
    assert not upgrade(filled, steps)
    assert rows(filled) == before
    with filled.read() as session:
        assert session.scalar(text("SELECT note FROM site LIMIT 1")) == ""
    assert copies(filled) == [f"hro-{REVISIONS[-1]}-20261123T210500000000.db"]
    assert checks.verify(filled).sound


def test_the_copy_is_the_base_before_under_the_same_key(filled, later):
    upgrade(filled, later('op.drop_column("site", "commune")'))
    copy = filled.folder / "base" / "copies" / copies(filled)[0]
    assert not copy.read_bytes().startswith(b"SQLite format 3")
    connection = connect(copy, filled.keys.base())
    assert connection.execute("SELECT count(commune) FROM site").fetchone() == (20,)
    connection.close()


def test_three_copies_are_kept(filled, later):
    steps = later(*["pass"] * 5)
    for number in range(5):
        with filled.work() as work:
            work.session.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": steps["revisions"][number]})
            work.commit()
        upgrade(filled, steps, AT + dt.timedelta(days=number))
    names = steps["revisions"][2:5]
    kept = zip(names, ("20261125", "20261126", "20261127"), strict=True)
    assert [name[:17] for name in copies(filled)] == [f"hro-{name}-{day}" for name, day in kept]


def test_rebuilding_a_parent_table_keeps_its_children(filled, later):
    """With foreign keys on, the rebuild would delete every child of ON DELETE CASCADE without a word."""
    before = rows(filled)
    with filled.work() as work:
        work.session.execute(
            text("CREATE TABLE child (id INTEGER PRIMARY KEY, site_id CHAR(32) REFERENCES site(id) ON DELETE CASCADE)")
        )
        work.session.execute(text("INSERT INTO child (site_id) SELECT id FROM site"))
        work.commit()
    upgrade(
        filled,
        later(
            """
            with op.batch_alter_table("site", recreate="always") as batch:
                batch.add_column(sa.Column("note", sa.Text(), nullable=True))
            """
        ),
    )
    assert rows(filled) == before
    with filled.read() as session:
        assert session.scalar(text("SELECT count(*) FROM child")) == 20
    with filled.database.raw() as connection:
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('op.execute("UPDATE site SET name = \'x\'"); raise RuntimeError("half way")', "RuntimeError"),
        ('op.execute("DELETE FROM site_name WHERE rowid % 2")', "RuntimeError"),
        ('op.execute("DELETE FROM site WHERE rowid = 1")', "RuntimeError"),
        ("op.execute(\"UPDATE site_name SET site_id = 'nowhere'\")", "RuntimeError"),
        ('op.execute("nonsense")', "OperationalError"),
        ('op.execute("DELETE FROM journal_line")', "IntegrityError"),
    ],
)
def test_a_step_that_fails_or_loses_rows_leaves_the_base_as_it_was(filled, later, body, name):
    before = rows(filled)
    steps = later('op.add_column("site", sa.Column("note", sa.Text()))', body)
    with pytest.raises(Fault) as caught:
        upgrade(filled, steps)
    assert caught.value.code == "migration.failed"
    assert name in caught.value.sentence
    assert rows(filled) == before
    assert migrate.revision(filled.database) == REVISIONS[-1]
    with filled.read() as session:
        assert session.scalar(text("SELECT count(*) FROM site WHERE name LIKE 'lieu%'")) == 20
        assert "note" not in session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'site'"))
    with filled.database.raw() as connection:
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert checks.verify(filled).sound


def test_no_copy_no_migration(filled, later, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(migrate, "make_folder", full)
    with pytest.raises(Fault) as caught:
        upgrade(filled, later("pass"))
    assert caught.value.code == "disk.full"
    assert migrate.revision(filled.database) == REVISIONS[-1]


def test_a_copy_that_finds_no_room_is_not_left_half_made(filled, later):
    with small_disk(200) as disk:
        (filled.folder / "base" / "copies").symlink_to(disk)
        with pytest.raises(Fault) as caught:
            upgrade(filled, later("pass"))
        assert caught.value.code == "disk.full"
        assert list(disk.iterdir()) == []
    assert migrate.revision(filled.database) == REVISIONS[-1]


def test_an_older_vault_is_not_migrated_in_consultation(made, later):
    with Vault.open(made.folder, made.passphrase) as vault:
        key = vault.keys.base()
    database = Database.open(made.folder / BASE, key, consultation=True)
    with pytest.raises(Fault) as caught:
        migrate.upgrade(database, made.folder, AT, **later("pass"))
    database.close()
    assert caught.value.code == "vault.read_only"


def test_a_newer_vault_is_refused_and_left_alone(made):
    with Vault.open(made.folder, made.passphrase) as vault, vault.work() as work:
        work.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        work.commit()
    before = snapshot(made.folder)
    with pytest.raises(Fault) as caught:
        Vault.open(made.folder, made.passphrase)
    assert caught.value.code == "vault.newer"
    assert caught.value.exit_code == ExitCode.VAULT
    assert "plus récente" in caught.value.sentence
    assert snapshot(made.folder) == before


def test_a_base_that_lost_its_tables_is_not_made_anew(made):
    with Vault.open(made.folder, made.passphrase) as vault, vault.work() as work:
        work.session.execute(text("DROP TABLE alembic_version"))
        work.commit()
    before = snapshot(made.folder)
    with pytest.raises(Fault) as caught:
        Vault.open(made.folder, made.passphrase)
    assert caught.value.code == "base.damaged"
    assert snapshot(made.folder) == before


def test_an_older_vault_is_brought_forward_when_it_opens(made, later, monkeypatch):
    steps = later('op.add_column("site", sa.Column("note", sa.Text()))')
    real = migrate.upgrade

    def upgrade(database, folder, now, **named):
        return real(database, folder, now, **{**named, **steps})

    monkeypatch.setattr(migrate, "upgrade", upgrade)
    with Vault.open(made.folder, made.passphrase) as vault:
        from hro_desktop.vault import journal

        with vault.read() as session:
            assert [line["action"] for line in journal.extract(session)][-2:] == ["vault.migrated", "vault.opened"]
        assert migrate.revision(vault.database) == steps["revisions"][-1]


def _row(connection, table, **known):
    """A row with something in each column that wants something."""
    for _, name, kind, needed, default, _ in connection.exec_driver_sql(f'PRAGMA table_info("{table}")'):
        if needed and default is None and name not in known:
            known[name] = 0 if "INT" in kind or kind == "BOOLEAN" else "2026-10-01 00:00:00" if "DATE" in kind else "[]"
    columns = ", ".join(f'"{name}"' for name in known)
    marks = ", ".join("?" for _ in known)
    connection.exec_driver_sql(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', tuple(known.values()))


def test_events_of_noted_sendings_are_bound_to_them(tmp_path):
    """Before 0011 an event was a sending by its day and its state; a copy moved nothing."""
    (tmp_path / "base").mkdir()
    database = Database.open(tmp_path / "base" / "hro.db", "0" * 64, fresh=True)
    migrate._run(database, migrate.SCRIPTS, "0010")
    with database.writer.connect() as connection, connection.begin():
        _row(connection, "person", id="p")
        _row(connection, "case", id="c", person_id="p")
        for referral in "ab":
            _row(connection, "referral", id=referral, reference=referral)
            _row(connection, "referral_party", id=f"of {referral}", referral_id=referral, case_id="c")
        _row(connection, "dispatch", id="sent", referral_id="a", sent_on="2026-10-03", copy=0)
        _row(connection, "dispatch", id="copy", referral_id="b", sent_on="2026-10-03", copy=1)
        for party, status, day in (
            ("of a", "en_redaction", "2026-10-03"),
            ("of a", "deposee", "2026-10-03"),
            ("of a", "deposee", "2026-10-04"),
            ("of b", "deposee", "2026-10-03"),
        ):
            named = f"{party} {status} {day}"
            _row(connection, "referral_step", id=named, party_id=party, status=status, occurred_on=day)
    assert migrate.upgrade(database, tmp_path, AT)
    with database.reader.connect() as connection:
        asked = "SELECT id, dispatch_id FROM referral_step WHERE dispatch_id IS NOT NULL"
        found = connection.exec_driver_sql(asked).all()
    database.close()
    assert found == [("of a deposee 2026-10-03", "sent")]
