# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are whole or absent: private folders, synced writes, and what a full disk says."""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.vault.age import write_all

try:
    import fcntl as _fcntl
except ImportError:  # Windows
    fcntl: Any = None
else:
    fcntl = _fcntl

__all__ = [
    "UNFINISHED",
    "create_private",
    "disk_faults",
    "free_bytes",
    "is_disk_full",
    "let_go",
    "make_folder",
    "open_regular",
    "read_within",
    "replace_file",
    "sync_file",
    "sync_folder",
    "write_private",
]

# EFBIG: a limit on file size; EDQUOT: a quota. To the user all three are one thing, no room.
FULL: Final = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
UNFINISHED: Final = ".nouveau"
"""Ends the name of a file while it is being written beside the one it will replace."""
READ_ONLY: Final = (errno.EROFS, errno.EACCES, errno.EPERM)


def is_disk_full(error: OSError) -> bool:
    """Whether a system error means that there is no room left."""
    return error.errno in FULL


@contextlib.contextmanager
def disk_faults(folder: Path) -> Iterator[None]:
    """Turn errors of the system while writing below `folder` into sentences.

    Raises:
        Fault: `disk.full`, `disk.refused` or `disk.failed`.
    """
    try:
        yield
    except OSError as error:
        raise _fault(error, folder) from None


def _fault(error: OSError, folder: Path) -> Fault:
    where = f"«\u00a0{folder}\u00a0»"
    if is_disk_full(error):
        return Fault(
            "disk.full",
            f"Le disque qui porte {where} est plein\u00a0: rien n’a été enregistré. "
            "Libérez de la place, puis recommencez.",
            ExitCode.DISK,
        )
    if error.errno in READ_ONLY:
        return Fault(
            "disk.refused",
            f"Le système refuse d’écrire dans {where}\u00a0: vérifiez les droits du dossier, "
            "ou que le disque n’est pas en lecture seule.",
            ExitCode.DISK,
        )
    return Fault(
        "disk.failed",
        f"Le disque qui porte {where} a rendu une erreur (n°\u00a0{error.errno})\u00a0: "
        "vérifiez qu’il est bien branché, puis recommencez.",
        ExitCode.DISK,
    )


def make_folder(folder: Path) -> None:
    """Make one folder that only its owner can enter, and have its name on the disk; one that is there is kept."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        sync_folder(folder.parent)


def sync_file(handle: int) -> None:
    """Have an open file on the disk. On macOS a plain fsync leaves it in the memory of the drive."""
    full = getattr(fcntl, "F_FULLFSYNC", None) if fcntl else None
    if full is not None:
        with contextlib.suppress(OSError):  # network disks do not know it
            fcntl.fcntl(handle, full)
            return
    os.fsync(handle)


def let_go(handle: int, start: int = 0, length: int = 0) -> None:
    """Tell the system that a part of an open file (all of it for a length of 0) need not stay in memory.

    What is not on the disk yet begins to be written, without waiting for it: the `sync_file` to come is short. What is
    there already leaves the memory, and the next read comes from the disk. A hint: nothing where the system has no
    such call.
    """
    advise = getattr(os, "posix_fadvise", None)
    if advise is not None:
        with contextlib.suppress(OSError):  # a file system may not know it
            advise(handle, start, length, os.POSIX_FADV_DONTNEED)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder written to the disk: without it a power cut can lose a file that was synced."""
    if os.name == "nt":  # Windows cannot open a folder for this, and journals names by itself
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        sync_file(handle)
    finally:
        os.close(handle)


def create_private(path: Path) -> int:
    """Open a new file that only its owner can read; one that is there is an error."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    return os.open(path, flags, 0o600)


def write_private(path: Path, content: bytes) -> None:
    """Write a new private file and have it on the disk; nothing is left of it when that fails."""
    handle = create_private(path)
    try:
        with open(handle, "wb", buffering=0) as file:  # noqa: PTH123 - a descriptor, not a path
            write_all(file, memoryview(content))
            sync_file(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def replace_file(path: Path, content: bytes) -> None:
    """Put new content under a name at once: a reader, or a power cut, sees the old one or the new one."""
    fresh = path.with_name(path.name + UNFINISHED)
    fresh.unlink(missing_ok=True)
    write_private(fresh, content)
    try:
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def open_regular(path: Path, *, follow: bool = True) -> int:
    """Open a file of a folder where anybody may have put anything, to read it; a pipe would be waited for for ever.

    Args:
        path: the file.
        follow: a link to one will do.

    Raises:
        OSError: it is absent, refused, or no plain file.
    """
    ways = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(path, ways if follow else ways | getattr(os, "O_NOFOLLOW", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "no plain file")
    return handle


def read_within(path: Path, most: int) -> bytes:
    """The start of a file that anybody may have put there: one of a terabyte must not fill the memory.

    Args:
        path: the file.
        most: bytes that one of its kind never has; one that goes on beyond is cut here, and will not be understood.
    """
    with open(open_regular(path), "rb") as file:
        return file.read(most)


def free_bytes(folder: Path) -> int:
    """Room left for this user on the disk of a folder."""
    import shutil

    return shutil.disk_usage(folder).free
