# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of a damaged base, decrypted one by one in memory: a bad one costs itself and no other.

SQLCipher stops at the first page that is not what was written, and at the very first one it reads nothing at all. Here
each page is proven by its own code, and kept or counted as lost. Nothing in clear is written, the base is not changed.
"""

import contextlib
import hashlib
import hmac
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from hro_desktop.vault.database import PAGE
from hro_desktop.vault.files import open_regular, read_within, replace_file

__all__ = ["KEPT", "USABLE", "Pages", "is_key_of", "keep_salt", "read_pages"]

RESERVED: Final = 80
USABLE: Final = PAGE - RESERVED
IV_END: Final = USABLE + 16
SALT: Final = 16
KEPT: Final = "sel"
"""Lies beside the base."""
MAGIC: Final = b"SQLite format 3\0"
LOG_HEADER: Final = 32
FRAME_HEADER: Final = 24
PROBED: Final = 4
"""Pages looked at to tell a damaged salt from a damaged page."""


@attrs.frozen(repr=False)
class Pages:
    """What can be read.

    Args:
        good: by number, from 1; the clear bytes of each.
        lost: numbers of the others.
        log_cut: the log of the base holds changes that could not be read.
    """

    good: dict[int, bytes]
    lost: frozenset[int]
    log_cut: bool


class _Opener:
    """Proves and decrypts pages with one key."""

    def __init__(self, key: bytes, salt: bytes) -> None:
        self._key = key
        masked = bytes(byte ^ 0x3A for byte in salt)
        self._mac_key = hashlib.pbkdf2_hmac("sha512", key, masked, 2, 32)

    def open(self, number: int, page: bytes) -> bytes | None:
        """The clear page; nothing when it is not what was written there."""
        start = SALT if number == 1 else 0
        if len(page) != PAGE:
            return None
        code = hmac.digest(self._mac_key, page[start:IV_END] + number.to_bytes(4, "little"), "sha512")
        if not hmac.compare_digest(code, page[IV_END:]):
            return None
        decryptor = Cipher(algorithms.AES(self._key), modes.CBC(page[USABLE:IV_END])).decryptor()
        clear = decryptor.update(page[start:USABLE]) + decryptor.finalize()
        return (MAGIC if number == 1 else b"") + clear


def read_pages(base: Path, key: str, *, log: bool = True) -> Pages:
    """Read a base and its log.

    Args:
        base: the file; that of a closed vault.
        key: 64 hexadecimal digits.
        log: take what is in the log too; not when it is of another day.

    Raises:
        OSError: the file cannot be opened; a part of it that cannot be read is a lost page.
    """
    opener = _Opener(bytes.fromhex(key), _salt(base, bytes.fromhex(key)))
    good: dict[int, bytes] = {}
    count = 0
    for count, page in enumerate(_blocks(base), start=1):
        clear = opener.open(count, page)
        if clear is not None:
            good[count] = clear
    log_cut = False
    if log:
        count, log_cut = _apply_log(base.with_name(base.name + "-wal"), opener, good, count)
    for number in [each for each in good if each > count]:
        del good[number]
    return Pages(good, frozenset(range(1, count + 1)) - good.keys(), log_cut)


def is_key_of(base: Path, key: str) -> bool:
    """Whether the first page of a base is proven by a key of 64 hexadecimal digits; not when it is damaged or absent.

    This only reads: SQLite, asked the same of a base that was not closed, would bring its log in.
    """
    try:
        page = next(_blocks(base), b"")
    except OSError:
        return False
    return _Opener(bytes.fromhex(key), page[:SALT]).open(1, page) is not None


def keep_salt(base: Path) -> None:
    """Have the first bytes of a base beside it too: none of its pages opens without them, and they are no secret.

    Raises:
        OSError: of the disk.
    """
    salt, kept = read_within(base, SALT), base.with_name(KEPT)
    if not kept.exists() or read_within(kept, SALT + 1) != salt:
        replace_file(kept, salt)


def _salt(base: Path, key: bytes) -> bytes:
    """The salt of the base, which opens every page.

    When no page opens with it, the one that was kept beside the base is taken, or one of its bytes is tried anew.
    """
    start = [page for _, page in zip(range(PROBED), _blocks(base), strict=False)]
    if not start:
        return bytes(SALT)
    salt = start[0][:SALT].ljust(SALT, b"\0")
    with contextlib.suppress(OSError):
        kept = read_within(base.with_name(KEPT), SALT + 1)
        for each in (salt, kept):
            opener = _Opener(key, each)
            if any(opener.open(number, page) is not None for number, page in enumerate(_blocks(base), start=1)):
                return each

    def opens(salt: bytes) -> bool:
        opener = _Opener(key, salt)
        return any(opener.open(number, page) is not None for number, page in enumerate(start, start=1))

    if opens(salt):
        return salt
    others = (salt[:at] + bytes([byte]) + salt[at + 1 :] for at in range(SALT) for byte in range(256))
    return next((other for other in others if opens(other)), salt)


def _blocks(path: Path) -> Iterator[bytes]:
    """A file, page by page; what the disk does not give back is an empty page."""
    handle = open_regular(path)
    with open(handle, "rb", buffering=0) as file:  # noqa: PTH123 - a descriptor, not a path
        for start in range(0, os.fstat(handle).st_size, PAGE):
            page = b""
            with contextlib.suppress(OSError):
                file.seek(start)
                page = file.read(PAGE) or b""
            yield page


def _apply_log(log: Path, opener: _Opener, good: dict[int, bytes], count: int) -> tuple[int, bool]:
    """Put the committed pages of the log in the place of the older ones; the length, and whether something was cut."""
    try:
        with open(open_regular(log), "rb") as file:  # noqa: PTH123 - a descriptor, not a path
            content = file.read()
    except FileNotFoundError:
        return count, False
    except OSError:
        return count, True
    pending: dict[int, bytes] = {}
    salts = content[16:24]
    for at in range(LOG_HEADER, len(content), FRAME_HEADER + PAGE):
        frame = content[at : at + FRAME_HEADER + PAGE]
        if frame[8:16] != salts:
            break  # of an earlier round of the log
        number, length = (int.from_bytes(frame[place : place + 4]) for place in (0, 4))
        clear = opener.open(number, frame[FRAME_HEADER:])
        if clear is None:
            return count, True
        pending[number] = clear
        if length:  # the last page of a transaction
            good.update(pending)
            pending.clear()
            count = length
    return count, False
