# SPDX-License-Identifier: GPL-3.0-or-later
"""`kill -9` at every step of a migration: the base is of one format or of the other, and all its rows are there.

The control commits after each statement, as an ordinary script would: the same checks must find it half done.
"""

import shutil
import sys

import pytest
from sqlalchemy import text

from hro_desktop.vault import checks, migrate
from hro_desktop.vault.database import BASE, connect
from hro_desktop.vault.migrations import REVISIONS
from hro_desktop.vault.vault import Vault
from tests.vault.support import killed, times
from tests.vault.test_older_vaults import FIRST, WORDS, made_older

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")]

STRIDE = times(400, 16)
"""One statement in so many: the steps from the first format to the present one are some 1,500."""

PROGRAM = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from hro_desktop.vault.database import Database
from hro_desktop.vault.vault import Vault

left, order = int(sys.argv[1]), sys.argv[2]
opened = Database.open

def watched(path, key, **more):
    database = opened(path, key, **more)

    @event.listens_for(database.writer, "after_cursor_execute")
    def count(connection, cursor, statement, *_):
        global left
        left -= 1
        if order == "wrong" and statement.startswith(("ALTER", "CREATE", "DROP", "INSERT")):
            driver = connection.connection.driver_connection
            driver.execute("COMMIT")
            driver.execute("BEGIN IMMEDIATE")
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return database

Database.open = watched
Vault.open(Path(sys.argv[3]), sys.argv[4]).close()
print("done", flush=True)
"""


@pytest.fixture
def older(made):
    with Vault.open(made.folder, made.passphrase) as vault:
        key = vault.keys.base()
    return made_older(made, FIRST)[0], key


def shape(folder, key):
    """The format the base says it has, and its tables with their columns; as a reader sees it after the kill."""
    connection = connect(folder / BASE, key)
    try:
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        made = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
        words = connection.execute("SELECT french_text FROM statement_version").fetchall()
    finally:
        connection.close()
    assert words == [(WORDS,)]
    # alembic writes the constraints of a table it makes anew in any order
    return revision, [(name, sorted(line.strip(",\t ") for line in sql.splitlines())) for name, sql in made]


@pytest.mark.long
def test_it_is_done_or_absent_and_goes_on(older, tmp_path):
    made, key = older
    whole = shutil.copytree(made.folder, tmp_path / "entier")
    before = shape(whole, key)
    Vault.open(whole, made.passphrase).close()
    after = shape(whole, key)
    assert (before[0], after[0]) == (FIRST, REVISIONS[-1])
    seen = set()
    for step in range(1, 5000, STRIDE):
        folder = shutil.copytree(made.folder, tmp_path / "essai")
        if not killed(PROGRAM, step, "right", folder, made.passphrase):
            break
        found = shape(folder, key)
        assert found in (before, after)
        seen.add(found[0])
        with Vault.open(folder, made.passphrase) as vault:
            assert migrate.revision(vault.database) == REVISIONS[-1]
            assert checks.verify(vault).findings[1:] == ()  # but for the piece that was never there
            with vault.read() as session:
                done = session.scalar(text("SELECT count(*) FROM journal_line WHERE action = 'vault.migrated'"))
        assert done == 1
        assert list((folder / "base" / "copies").glob(f"hro-{FIRST}-*.db"))
        assert shape(folder, key) == after
        shutil.rmtree(folder)
    assert step > 2 * STRIDE
    assert FIRST in seen


def test_control_a_step_committed_by_halves_is_found_out(older, tmp_path):
    made, key = older
    before = shape(shutil.copytree(made.folder, tmp_path / "avant"), key)
    for step in range(20, 200, 20):
        folder = shutil.copytree(made.folder, tmp_path / "essai")
        assert killed(PROGRAM, step, "wrong", folder, made.passphrase)
        found = shape(folder, key)
        if found[0] == before[0] and found != before:
            return
        shutil.rmtree(folder)
    pytest.fail("the control never left a half: the test above could not fail")
