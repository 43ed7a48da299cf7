# SPDX-License-Identifier: GPL-3.0-or-later
"""The encrypted base: how a connection is opened, keyed and set, and how its errors become sentences."""

import contextlib
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
from hro_desktop.vault.files import free_bytes
from hro_desktop.vault.gate import Shut

__all__ = ["BASE", "Database", "base_damaged", "base_faults", "busy", "connect", "has_log"]

BASE: Final = Path("base", "hro.db")
PAGE: Final = 4096
READERS: Final = 4
BUSY_SECONDS: Final = 5
WAIT_SECONDS: Final = 60
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


def connect(path: Path, key: str, *, fresh: bool = False, consultation: bool = False) -> Any:  # noqa: ANN401 - the driver has no types
    """One keyed connection.

    Args:
        path: the base.
        key: 64 hexadecimal digits.
        fresh: make it when it is absent.
        consultation: the medium cannot be written; nothing is.

    Raises:
        ValueError: the key has another length; SQLCipher would silently take it for a passphrase.
        Fault: `base.damaged`, for whoever comes here has already proven the key.
    """
    if len(key) != 64 or any(digit not in "0123456789abcdef" for digit in key):
        raise ValueError("key")
    if not fresh and path.exists() and path.stat().st_size == 0:
        # SQLite would take it for a new base and write its first page into it.
        raise base_damaged(path.parents[1])
    mode = "mode=ro&immutable=1" if consultation else "mode=rwc" if fresh else "mode=rw"
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
