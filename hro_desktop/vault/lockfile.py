# SPDX-License-Identifier: GPL-3.0-or-later
"""One program at a time on a vault.

The lock is a lock of the system on the file `verrou`, which ends with the process whatever happens to it; the file
says which process (number and start, no name) so that the second program can tell its user. A file left by a crash is
therefore taken over at once.
"""

import contextlib
import datetime as dt
import errno
import json
import os
import stat
import sys
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault.files import read_within

__all__ = ["NAME", "Lock", "blocked", "holder"]

NAME: Final = "verrou"
MAX_SIZE: Final = 4096
TAKEN: Final = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
# Windows locks a range of bytes and forbids reading it: one far beyond the content.
RANGE_START: Final = 1 << 20


class Lock:
    """The lock of an open vault."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path = path
        self._handle: int | None = handle

    @classmethod
    def take(cls, folder: Path, started: dt.datetime) -> "Lock":
        """Lock the vault for this process.

        Args:
            folder: the vault.
            started: said to whoever comes second.

        Raises:
            Fault: `vault.in_use`, `lock.blocked`.
            OSError: the medium cannot be written.
        """
        path = folder / NAME
        while True:
            handle = _made(path, folder)
            try:
                if not _lock(handle):
                    raise _in_use(folder)
                if _same(handle, path):
                    break
            except BaseException:
                os.close(handle)
                raise
            os.close(handle)  # its owner removed it between our opening and our locking it
        words = json.dumps({"pid": os.getpid(), "since": started.astimezone(dt.UTC).isoformat(timespec="seconds")})
        with contextlib.suppress(OSError):  # on a full disk the lock holds without the words
            os.ftruncate(handle, 0)
            os.write(handle, words.encode())
        return cls(path, handle)

    def release(self) -> None:
        """Unlock and remove the file."""
        if self._handle is None:
            return
        handle, self._handle = self._handle, None
        if sys.platform != "win32":  # while it is still ours: a later owner's file must not be removed
            with contextlib.suppress(OSError):
                self._path.unlink()
        os.close(handle)
        if sys.platform == "win32":
            with contextlib.suppress(OSError):
                self._path.unlink()


def holder(folder: Path) -> Fault | None:
    """The fault a second program would meet now, or nothing when the vault is free. Takes and changes nothing."""
    try:
        handle = os.open(folder / NAME, os.O_RDWR)
    except OSError:
        return None
    try:
        return None if _lock(handle) else _in_use(folder)
    finally:
        os.close(handle)


def blocked(folder: Path) -> Fault | None:
    """The fault of something that is no lock in the place of one, or nothing."""
    try:
        mode = (folder / NAME).lstat().st_mode  # asked once: others make and remove it meanwhile
    except FileNotFoundError:
        return None
    if stat.S_ISREG(mode):
        return None
    return Fault(
        "lock.blocked",
        f"Dans «\u00a0{folder}\u00a0», «\u00a0{NAME}\u00a0» n’est pas un fichier du programme\u00a0: le coffre ne "
        "peut pas être ouvert. Si aucun programme ne l’a ouvert, sortez-le du dossier, puis recommencez.",
        ExitCode.VAULT,
    )


def _made(path: Path, folder: Path) -> int:
    if found := blocked(folder):
        raise found
    return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)


def _lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, RANGE_START, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            os.lseek(handle, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in TAKEN:
            return False
        raise
    return True


def _same(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _in_use(folder: Path) -> Fault:
    who = "un autre programme"
    try:
        words = json.loads(read_within(folder / NAME, MAX_SIZE))
        since = dt.datetime.fromisoformat(words["since"]).astimezone(ZoneInfo("Europe/Paris"))
        who += f" (processus n°\u00a0{int(words['pid'])}, depuis le {since:%d/%m/%Y à %H:%M})"
    except (OSError, ValueError, KeyError, TypeError):
        pass  # the other one is writing it: what matters is that it is taken
    return Fault(
        "vault.in_use",
        f"Le coffre «\u00a0{folder}\u00a0» est déjà ouvert par {who}\u00a0: fermez-le là-bas d’abord. "
        "S’il s’est arrêté, le coffre se libère de lui-même.",
        ExitCode.VAULT,
    )
