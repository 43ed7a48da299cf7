# SPDX-License-Identifier: GPL-3.0-or-later
"""`reserve.bin`: room kept for the day the disk is full, when even deleting needs some."""

import os
from pathlib import Path
from typing import Final

from hro_desktop.vault.age import write_all
from hro_desktop.vault.files import create_private, free_bytes, sync_file

__all__ = ["NAME", "SIZE", "allocate", "release"]

NAME: Final = "reserve.bin"
SIZE: Final = 32 * 1024 * 1024
BLOCK: Final = 1024 * 1024


def allocate(folder: Path, size: int = SIZE) -> bool:
    """Make the reserve if it is not there whole and the disk has twice its size left.

    It is filled with random bytes: zeros would take no room on a disk that compresses or skips them.

    Returns:
        Whether the reserve is there.

    Raises:
        OSError: of the disk; nothing is left of the file then.
    """
    path = folder / NAME
    if path.exists() and path.stat().st_size >= size:
        return True
    path.unlink(missing_ok=True)
    if free_bytes(folder) < 2 * size:
        return False
    handle = create_private(path)
    try:
        with open(handle, "wb", buffering=0) as file:  # noqa: PTH123 - a descriptor, not a path
            for start in range(0, size, BLOCK):
                write_all(file, memoryview(os.urandom(min(BLOCK, size - start))))
            sync_file(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return True


def release(folder: Path) -> bool:
    """Give the reserve back to the disk; whether there was one."""
    try:
        (folder / NAME).unlink()
    except FileNotFoundError:
        return False
    return True
