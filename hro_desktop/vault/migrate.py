# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing the base of a vault to the present format: whole, or not at all, with a copy beside it."""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.search.tables import is_ours
from hro_desktop.vault.database import Database, base_damaged, base_faults
from hro_desktop.vault.files import disk_faults, make_folder, sync_file, sync_folder
from hro_desktop.vault.migrations import REVISIONS

__all__ = ["COPIES", "SCRIPTS", "revision", "upgrade"]

SCRIPTS: Final = "hro_desktop.vault:migrations"
COPIES: Final = "copies"
KEPT: Final = 3


def revision(database: Database) -> str | None:
    """The format of the base; nothing for a new one."""
    with database.reader.connect() as connection:
        known = connection.exec_driver_sql(
            "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
        ).scalar_one()
        if not known:
            return None
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()


def upgrade(
    database: Database,
    folder: Path,
    now: dt.datetime,
    *,
    fresh: bool = False,
    note: Callable[[Connection], object] | None = None,
    scripts: str = SCRIPTS,
    revisions: Sequence[str] = REVISIONS,
) -> bool:
    """Run the missing steps, if any.

    A copy of the base is made first (encrypted with the same key, the last three are kept). All steps run in one
    transaction with foreign keys off, for rebuilding a table would otherwise delete the rows that point at it without
    a word; before the commit, foreign keys are checked and no table may have lost rows.

    Args:
        database: of the vault, locked for this process.
        folder: the vault.
        now: names the copy.
        fresh: the vault is being made. Otherwise a base without any table has lost them all, and is not made anew.
        note: writes the line of the journal that tells of it, in the same transaction: neither goes without the other.
        scripts: where alembic finds the steps.
        revisions: their names, oldest first; the last one is where it ends.

    Returns:
        Whether anything was done.

    Raises:
        Fault: `vault.newer`, `vault.read_only`, `base.damaged`, `migration.failed`, `disk.full`; the base is then
            as it was.
    """
    present = revision(database)
    if present == revisions[-1]:
        return False
    if present is None and not fresh:
        raise base_damaged(folder)
    if present is not None and present not in revisions:
        raise Fault(
            "vault.newer",
            "Ce coffre a été ouvert avec une version plus récente du programme, que celle-ci ne sait pas lire\u00a0: "
            "installez la version récente. Rien n’a été changé.",
            ExitCode.VAULT,
        )
    if database.consultation:
        raise Fault(
            "vault.read_only",
            "Ce coffre est d’un format plus ancien et se trouve sur un support en lecture seule\u00a0: copiez-le "
            "sur un disque où l’on peut écrire, puis ouvrez la copie.",
            ExitCode.VAULT,
        )
    if present is not None:
        with disk_faults(folder), base_faults(folder):
            _copy(database, folder, present, now)
    try:
        with base_faults(folder):
            _run(database, scripts, revisions[-1], note)
    except Fault:
        raise
    except Exception as error:
        raise Fault(
            "migration.failed",
            f"La mise à jour du coffre «\u00a0{folder}\u00a0» n’a pas abouti ({type(error).__name__})\u00a0: "
            "il est resté tel qu’il était. Gardez la version précédente du programme et signalez ce message.",
            ExitCode.VAULT,
        ) from error
    return True


def _copy(database: Database, folder: Path, present: str, now: dt.datetime) -> None:
    copies = folder / "base" / COPIES
    make_folder(copies)
    target = copies / f"hro-{present}-{now.astimezone(dt.UTC):%Y%m%dT%H%M%S%f}.db"
    try:
        with database.raw() as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
        with target.open("rb+") as file:  # SQLite does not do it for VACUUM INTO
            sync_file(file.fileno())
        sync_folder(copies)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    for older in sorted(copies.glob("hro-*.db"), key=lambda path: path.stem.rpartition("-")[2])[:-KEPT]:
        older.unlink()


def _run(database: Database, scripts: str, wanted: str, note: Callable[[Connection], object] | None = None) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", scripts)
    with database.writer.connect() as connection, _without_foreign_keys(connection), connection.begin():
        before = _counts(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, wanted)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        after = _counts(connection)
        if broken or any(after[table] < count for table, count in before.items() if table in after):
            raise RuntimeError("rows lost")
        if note is not None:
            note(connection)


@contextlib.contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """The setting has no effect inside a transaction, hence on the driver itself."""
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _counts(connection: Connection) -> dict[str, int]:
    tables = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
    ).scalars()
    return {
        name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()  # noqa: S608 - own tables
        for name in list(tables)
        if not name.startswith("_alembic_tmp") and not is_ours(name)  # the search is made from the rest
    }
