# SPDX-License-Identifier: GPL-3.0-or-later
"""The encrypted base: how a connection is opened, keyed and set, and how its errors become sentences."""

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import attrs
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault.files import free_bytes, read_within
from hro_desktop.vault.gate import Shut

__all__ = ["BASE", "Database", "base_damaged", "base_faults", "busy", "connect", "has_log", "log_fits", "log_foreign"]

BASE: Final = Path("base", "hro.db")
PAGE: Final = 4096
READERS: Final = 4
BUSY_SECONDS: Final = 5
WAIT_SECONDS: Final = 60
LOOKED_AT: Final = 3.0
"""Seconds that the tables of a base are gone over before a log is brought into it."""
LEAST_ROOM: Final = 256 * 1024

# Order matters: the log level first, or a wrong key writes to the terminal; the key before anything reads the file.
SETTINGS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA fullfsync=ON",
    "PRAGMA checkpoint_fullfsync=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA cache_size=-64000",
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
)
# A medium that cannot be written has no room for the shared memory of WAL: the file is taken as unchanging.
CONSULTATION_SETTINGS: Final = ("PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON", "PRAGMA query_only=ON")


def connect(path: Path, key: str, *, fresh: bool = False, consultation: bool = False, log: bool = False) -> Any:  # noqa: ANN401 - the driver has no types
    """One keyed connection.

    Args:
        path: the base.
        key: 64 hexadecimal digits.
        fresh: make it when it is absent.
        consultation: the medium cannot be written; nothing is.
        log: look at what is in the log too, in consultation: nothing is brought into the base, not even at the end.

    Raises:
        ValueError: the key has another length; SQLCipher would silently take it for a passphrase.
        Fault: `base.damaged`, for whoever comes here has already proven the key.
    """
    if len(key) != 64 or any(digit not in "0123456789abcdef" for digit in key):
        raise ValueError("key")
    if not fresh and path.exists() and path.stat().st_size == 0:
        # SQLite would take it for a new base and write its first page into it.
        raise base_damaged(path.parents[1])
    read = "mode=ro" if log else "mode=ro&immutable=1"
    mode = read if consultation else "mode=rwc" if fresh else "mode=rw"
    connection = sqlcipher.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_SECONDS,
    )
    try:
        connection.execute("PRAGMA cipher_log_level=NONE")
        connection.execute(f"PRAGMA key=\"x'{key}'\"")
        for setting in CONSULTATION_SETTINGS if consultation else SETTINGS:
            connection.execute(setting)
        connection.execute("SELECT count(*) FROM sqlite_master")
    except BaseException:
        connection.close()
        raise
    return connection


@attrs.define(repr=False)
class Database:
    """Two pools over one file: a single writing connection, so that writers wait in line, and a few for reading."""

    path: Path
    writer: Engine
    reader: Engine
    consultation: bool

    @classmethod
    def open(cls, path: Path, key: str, *, fresh: bool = False, consultation: bool = False) -> "Database":
        """Prepare the pools; the first connection is made when first needed. For the arguments see `connect`."""

        def make(*, reading: bool) -> Any:  # noqa: ANN401
            connection = connect(path, key, fresh=fresh, consultation=consultation)
            if reading and not consultation:
                connection.execute("PRAGMA query_only=ON")
            return connection

        def pool(size: int, *, reading: bool) -> Engine:
            return create_engine(
                "sqlite://",
                module=sqlcipher,
                creator=lambda: make(reading=reading),
                poolclass=QueuePool,
                pool_size=size,
                max_overflow=0,
                pool_timeout=WAIT_SECONDS,
                hide_parameters=True,
            )

        writer, reader = pool(1, reading=False), pool(READERS, reading=True)
        event.listen(writer, "begin", _begin_immediate)
        event.listen(reader, "begin", _begin)
        return cls(path, writer, reader, consultation)

    def is_whole(self) -> bool:
        """Whether the file is as long as it says. SQLite notices a cut only when it needs what was cut off."""
        if has_log(self.path):
            return True
        length = self.path.stat().st_size
        with self.raw() as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
        return bool(length == pages * PAGE)

    def checkpoint(self) -> None:
        """Bring the log into the base, so that one file holds everything."""
        with self.raw() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @contextlib.contextmanager
    def raw(self) -> Iterator[Any]:
        """The writing connection itself, outside any transaction: for PRAGMA, VACUUM and checkpoints."""
        with self.writer.connect() as connection:
            yield connection.connection.driver_connection

    def close(self) -> None:
        """Close every connection."""
        self.reader.dispose()
        self.writer.dispose()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    # Records of one dossier refer to one another in circles: links are checked when all of them are there, at commit.
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


@contextlib.contextmanager
def base_faults(folder: Path) -> Iterator[None]:
    """Turn what the base refuses into sentences; whatever is a fault of the program passes through.

    Raises:
        Fault: `record.stale`, `vault.busy`, `disk.full`, `disk.failed`, `vault.read_only` or `base.damaged`.
    """
    try:
        yield
    except StaleDataError:
        raise Fault(
            "record.stale",
            "Cette fiche a été modifiée entre-temps, dans une autre fenêtre\u00a0: rien n’a été enregistré. "
            "Rouvrez-la, puis refaites votre changement.",
        ) from None
    except (PoolTimeout, Shut):
        raise busy(folder) from None
    except DBAPIError as error:
        fault = _fault(error.orig, folder)
        if fault is None:
            raise
        raise fault from None
    except sqlcipher.DatabaseError as error:
        fault = _fault(error, folder)
        if fault is None:
            raise
        raise fault from None


def log_fits(base: Path, key: str) -> bool:
    """Whether the log beside a base, if any, goes on from it; only then may SQLite bring it in.

    A log that was left from another day of the same vault is as authentic as the right one: SQLite would write its old
    pages over the base, and destroy it. What the base holds alone, its last journal line and all before it, must still
    be there with the log, and its tables hold together as they did. Changes nothing of either.

    Args:
        base: of a vault that nobody else has open.
        key: 64 hexadecimal digits.

    Returns:
        Also true when it cannot be told, as of a base that was being written when the current failed.
    """
    if not has_log(base):
        return True
    memory = base.with_name(base.name + "-shm")
    before = memory.read_bytes() if memory.is_file() else None
    try:
        alone = _lines(base, key, None, log=False)
        if alone is None:
            return True
        if _lines(base, key, alone[0], log=True) != alone:
            return False
        return _is_sound(base, key, log=True) or not _is_sound(base, key, log=False)
    except sqlcipher.DatabaseError as error:
        # Without room or rights there is nothing to compare, and the opening will say so.
        return not _is_damage(error)
    finally:
        with contextlib.suppress(OSError):
            if before is None:
                memory.unlink(missing_ok=True)
            else:
                memory.write_bytes(before)


def _lines(base: Path, key: str, upto: int | None, *, log: bool) -> tuple[int, str, int, int] | None:
    """A line of the journal, the last one unless told: its number, its hash, the lines up to it, and those lacking."""
    try:
        with contextlib.closing(connect(base, key, consultation=True, log=log)) as connection:
            (last, count) = connection.execute("SELECT max(n), count(*) FROM journal_line").fetchone()
            n = last if upto is None else upto
            found = connection.execute("SELECT n, hash FROM journal_line WHERE n = ?", (n,)).fetchone()
            (before,) = connection.execute("SELECT count(*) FROM journal_line WHERE n <= ?", (n,)).fetchone()
    except sqlcipher.DatabaseError as error:
        if log or not _is_damage(error):
            raise
        return None
    return (*found, before, last - count) if found else None


def _holds_together(connection: Any) -> bool:  # noqa: ANN401 - of the driver, which has no types
    """Whether its tables do, as far as can be told while somebody waits at the door: a large base takes minutes."""
    end = time.monotonic() + LOOKED_AT
    connection.set_progress_handler(lambda: time.monotonic() > end, 1000)
    try:
        return [tuple(row) for row in connection.execute("PRAGMA quick_check(1)")] == [("ok",)]
    except sqlcipher.OperationalError as error:
        if getattr(error, "sqlite_errorname", "") != "SQLITE_INTERRUPT" and "interrupted" not in str(error):
            raise
        return True
    finally:
        connection.set_progress_handler(None, 0)


def _is_sound(base: Path, key: str, *, log: bool) -> bool:
    """Whether the tables hold together, and with the log, whether the base is as long as both of them say."""
    with contextlib.closing(connect(base, key, consultation=True, log=log)) as connection:
        if not _holds_together(connection):
            return False
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        # The index of the log that SQLite has just made (sqlite.org/walformat.html): frames, and pages after the last.
        index = read_within(base.with_name(base.name + "-shm"), 24) if log else b""
        frames, length = (int.from_bytes(index[at : at + 4], sys.byteorder) for at in (16, 20))
        return not frames or pages == length


def _is_damage(error: sqlcipher.Error) -> bool:
    return (getattr(error, "sqlite_errorname", "") or "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))


def log_foreign(folder: Path) -> Fault:
    """The fault of a log that is not the sequel of its base."""
    return Fault(
        "base.log_foreign",
        f"Dans «\u00a0{folder / BASE.parent}\u00a0», hro.db et hro.db-wal ne vont pas ensemble\u00a0: l’un des deux "
        "vient d’une autre copie du coffre. Rien n’a été changé. Copiez le dossier entier\u00a0; dans la copie, sortez "
        "hro.db-wal et hro.db-shm, puis ouvrez-la. Si ce n’est pas le coffre attendu, restaurez la dernière "
        "sauvegarde.",
        ExitCode.DAMAGED,
    )


def has_log(base: Path) -> bool:
    """Whether a part of a base is still in the log beside it."""
    log = base.with_name(base.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def busy(folder: Path) -> Fault:
    """The fault of whoever would write while somebody else does."""
    return Fault(
        "vault.busy",
        f"Le coffre «\u00a0{folder}\u00a0» est occupé par un autre travail\u00a0: "
        "attendez qu’il soit fini, puis recommencez.",
        ExitCode.VAULT,
    )


def _fault(error: BaseException | None, folder: Path) -> Fault | None:
    name = getattr(error, "sqlite_errorname", "") or ""
    where = f"«\u00a0{folder}\u00a0»"
    if name.startswith("SQLITE_FULL") or (name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")) and _no_room(folder)):
        return Fault(
            "disk.full",
            f"Le disque qui porte le coffre {where} est plein\u00a0: rien n’a été enregistré. "
            "Libérez de la place, puis recommencez.",
            ExitCode.DISK,
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return busy(folder)
    if name.startswith("SQLITE_READONLY"):
        return Fault(
            "vault.read_only",
            f"Le coffre {where} est ouvert en consultation\u00a0: rien ne peut y être enregistré. "
            "Copiez-le sur un disque où l’on peut écrire.",
            ExitCode.VAULT,
        )
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return base_damaged(folder)
    if name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")):
        return Fault(
            "disk.failed",
            f"Le disque qui porte le coffre {where} a rendu une erreur\u00a0: vérifiez qu’il est bien branché, "
            "puis recommencez.",
            ExitCode.DISK,
        )
    return None


def base_damaged(folder: Path) -> Fault:
    """The fault of a base that is not what was written."""
    return Fault(
        "base.damaged",
        f"La base du coffre «\u00a0{folder}\u00a0» est abîmée\u00a0: rien n’a été changé. Ne réparez pas\u00a0: copiez "
        "le dossier entier, puis reprenez la dernière sauvegarde. Sans sauvegarde, «\u00a0hro-desktop salvage\u00a0» "
        "fait un nouveau coffre de ce qui peut encore être lu.",
        ExitCode.DAMAGED,
    )


def _no_room(folder: Path) -> bool:
    """A full disk also stops SQLite from making its small files, which it reports as any other error."""
    try:
        return free_bytes(folder) < LEAST_ROOM
    except OSError:
        return False
