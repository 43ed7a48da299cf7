# SPDX-License-Identifier: GPL-3.0-or-later
"""Files copied from one disk to another: hashed on the way, on the disk at the end, and read again from there."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import attrs

from hro_desktop.vault.age import write_all
from hro_desktop.vault.files import create_private, let_go, open_regular, sync_file

__all__ = ["Advance", "Kept", "Unreadable", "copy", "read"]

BLOCK: Final = 1024 * 1024
Advance = Callable[[int], None]
"""Told of the bytes just read; what it raises ends the copy."""


@attrs.frozen
class Kept:
    """What stands for the bytes of one file: how many, and their SHA-256 in hexadecimal."""

    size: int
    sha256: str


class Unreadable(Exception):  # noqa: N818 - what it says is for the program: a fault tells the user
    """The file that is read fails, and not the one that is written."""


def copy(source: Path, target: Path, advance: Advance) -> Kept:
    """Copy a file to a new private one and have it on the disk; nothing is left of it when that fails.

    Raises:
        Unreadable: of the source.
        OSError: of the target.
    """
    digest, size = hashlib.sha256(), 0
    handle = create_private(target)
    try:
        with open(handle, "wb", buffering=0) as sink:  # noqa: PTH123 - a descriptor, not a path
            for block in _blocks(source):
                write_all(sink, block)
                digest.update(block)
                let_go(sink.fileno(), size, len(block))
                size += len(block)
                advance(len(block))
            sync_file(sink.fileno())
            let_go(sink.fileno())
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return Kept(size, digest.hexdigest())


def read(path: Path, advance: Advance) -> Kept:
    """What a file holds, from the disk and not from what the system remembers.

    Raises:
        Unreadable: it is absent, or its disk fails.
    """
    digest, size = hashlib.sha256(), 0
    for block in _blocks(path):
        digest.update(block)
        size += len(block)
        advance(len(block))
    return Kept(size, digest.hexdigest())


def _blocks(path: Path) -> Iterator[memoryview]:
    buffer = bytearray(BLOCK)
    try:
        handle = open_regular(path, follow=False)
    except OSError:
        raise Unreadable from None
    with open(handle, "rb", buffering=0) as file:  # noqa: PTH123 - a descriptor, not a path
        let_go(file.fileno())
        while True:
            try:
                count = file.readinto(buffer)
            except OSError:
                raise Unreadable from None
            if not count:
                break
            yield memoryview(buffer)[:count]
        let_go(file.fileno())
