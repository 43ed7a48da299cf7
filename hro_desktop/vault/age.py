# SPDX-License-Identifier: GPL-3.0-or-later
"""Files in the age v1 format (https://age-encryption.org/v1) for X25519 recipients, over `cryptography` alone.

An age file can be opened by anybody who has the key and any implementation of a one-page specification; its 64 KiB
blocks are authenticated one by one, so that a film can be read from any place.

This module is frozen: it changes only for a fault, and then with the vectors, cross-tests and fuzz run of
`tests/vault/test_age*.py`. No armor, passphrase, plugin or post-quantum recipients: the vault writes none of them.
"""

import base64
import binascii
import hashlib
import hmac
import io
import os
from collections.abc import Callable, Sequence
from typing import IO, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = [
    "AgeError",
    "AgeReader",
    "HeaderError",
    "MacError",
    "NoMatchError",
    "PayloadError",
    "encrypt_stream",
    "generate_key",
    "public_key",
    "sealed_size",
    "write_all",
]

CHUNK: Final = 64 * 1024
TAG: Final = 16
SEALED: Final = CHUNK + TAG
NONCE: Final = 16
FILE_KEY: Final = 16
BATCH: Final = 16
"""Blocks encrypted between two writes: 1 MiB."""

STANZA_SIZE: Final = len("-> X25519 ") + 43 + 1 + 43 + 1
FOOTER_SIZE: Final = len("--- ") + 43 + 1

MAX_HEADER: Final = 64 * 1024
MAX_STANZAS: Final = 64
MAX_RECIPIENTS: Final = 20

VERSION: Final = b"age-encryption.org/v1"
X25519_INFO: Final = b"age-encryption.org/v1/X25519"


class AgeError(Exception):
    """A file that is not a readable age file for this key; the subclasses say why, without any content."""


class HeaderError(AgeError):
    """The header is malformed, unknown or too large."""


class NoMatchError(AgeError):
    """The header is well formed, but none of its recipients is this key."""


class MacError(AgeError):
    """The header was altered after it was written."""


class PayloadError(AgeError):
    """The content is damaged, cut, extended or reordered."""


class Source(Protocol):
    """What can be encrypted: any binary file, raw or buffered, or a `BytesIO`."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Fill the buffer from its start; 0 at the end."""


class Sink(Protocol):
    """What can be written to: a raw file may write less than asked, without an error."""

    def write(self, data: memoryview, /) -> int | None:
        """Write from the start of the data; how many bytes were written."""


def generate_key() -> bytes:
    """A new X25519 private key, raw (32 bytes)."""
    return X25519PrivateKey.generate().private_bytes_raw()


def public_key(private_key: bytes) -> bytes:
    """The recipient (32 raw bytes) that a private key opens."""
    return X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def sealed_size(size: int, recipients: int = 1) -> int:
    """Bytes of the age file that `encrypt_stream` makes of a clear content of `size` bytes."""
    header = len(VERSION) + 1 + recipients * STANZA_SIZE + FOOTER_SIZE
    return header + NONCE + size + TAG * max(1, -(-size // CHUNK))


def write_all(sink: Sink, data: memoryview) -> None:
    """Write everything or raise.

    Raises:
        OSError: the file took nothing more, which on a full disk happens without any error from the system.
    """
    while data:
        written = sink.write(data)
        if not written:
            raise OSError(28, "short write")
        data = data[written:]


def encrypt_stream(
    source: Source,
    sink: Sink,
    recipients: Sequence[bytes],
    *,
    progress: Callable[[int], None] | None = None,
) -> tuple[str, int]:
    """Encrypt a stream to its end, and hash it on the way: the source is read once.

    Args:
        source: where the clear content comes from.
        sink: where the age file goes; the caller flushes and syncs it.
        recipients: raw X25519 public keys, 1 to 20.
        progress: called with the bytes done so far, about once per MiB; what it raises stops the work.

    Returns:
        SHA-256 of the clear content in hexadecimal, and its size in bytes.

    Raises:
        OSError: of the source or of the sink.
        ValueError: no recipient, too many, or one that is not a usable key.
    """
    file_key, nonce = os.urandom(FILE_KEY), os.urandom(NONCE)
    aead = ChaCha20Poly1305(_hkdf(file_key, nonce, b"payload"))
    write_all(sink, memoryview(_make_header(file_key, recipients) + nonce))
    digest, block, total = hashlib.sha256(), 0, 0
    # One buffer ahead: only the end of the source tells which block is the last.
    buffers = [memoryview(bytearray(BATCH * CHUNK)), memoryview(bytearray(BATCH * CHUNK))]
    sealed = memoryview(bytearray(BATCH * SEALED))
    size = _fill(source, buffers[0])
    while True:
        following = _fill(source, buffers[1]) if size == len(buffers[0]) else 0
        clear = buffers[0][:size]
        digest.update(clear)
        used = 0
        for start in range(0, max(size, 1), CHUNK):
            piece = clear[start : start + CHUNK]
            last = not following and start + CHUNK >= size
            room = sealed[used : used + len(piece) + TAG]
            used += aead.encrypt_into(_block_nonce(block, last), piece, None, room)
            block += 1
        write_all(sink, sealed[:used])
        total += size
        if progress:
            progress(total)
        if not following:
            return digest.hexdigest(), total
        buffers.reverse()
        size = following


class AgeReader(io.RawIOBase):
    """The clear content of an age file, readable from any place; owns and closes the file it is given.

    The last block is authenticated when the reader is made, so that a cut or extended file is refused at once;
    every other block when it is read. One reader belongs to one thread.

    Args:
        file: a seekable binary file, at the start of the age header.
        private_key: the raw X25519 key.

    Raises:
        HeaderError, NoMatchError, MacError, PayloadError: see their classes.
    """

    def __init__(self, file: IO[bytes] | io.RawIOBase, private_key: bytes) -> None:
        super().__init__()
        self._file = file
        stanzas, mac, signed = _parse_header(file)
        file_key = _unwrap(private_key, stanzas)
        if not hmac.compare_digest(mac, _header_mac(file_key, signed)):
            raise MacError
        nonce = _read(file, NONCE)
        if len(nonce) != NONCE:
            raise HeaderError("nonce")
        self._aead = ChaCha20Poly1305(_hkdf(file_key, nonce, b"payload"))
        self._start = file.tell()
        length = file.seek(0, os.SEEK_END) - self._start
        self._blocks = -(-length // SEALED)
        last = length - (self._blocks - 1) * SEALED
        if self._blocks == 0 or last < TAG or (last == TAG and self._blocks > 1):
            raise PayloadError("last block")
        self.size: Final = length - self._blocks * TAG
        """Bytes of the clear content."""
        self._position = 0
        self._held = -1
        self._clear = b""
        self._hold(self._blocks - 1)

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Where the next read starts, in bytes of the clear content."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a place of the clear content; a place after the end reads as empty."""
        if whence not in (os.SEEK_SET, os.SEEK_CUR, os.SEEK_END):
            raise ValueError("whence")
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise OSError(22, "negative seek position")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill the buffer as far as the content goes.

        Raises:
            PayloadError: a block is damaged.
        """
        room, done = memoryview(buffer).cast("B"), 0
        while done < len(room) and self._position < self.size:
            index, offset = divmod(self._position, CHUNK)
            whole = self._whole_blocks(index, len(room) - done) if offset == 0 else 0
            if whole:
                count = min(whole * CHUNK, self.size - self._position)
                self._decrypt_into(index, room[done : done + count])
            else:
                self._hold(index)
                count = min(len(self._clear) - offset, len(room) - done)
                room[done : done + count] = self._clear[offset : offset + count]
            done += count
            self._position += count
        return done

    def close(self) -> None:
        """Close the encrypted file too and drop the block held in memory."""
        if not self.closed:
            self._clear = b""
            self._held = -1
            self._file.close()
        super().close()

    def _whole_blocks(self, index: int, room: int) -> int:
        """How many blocks from this one on fit whole into so many bytes; at most a batch."""
        left = self._blocks - index
        whole = min(left, room // CHUNK, BATCH)
        ends_short = whole == left - 1 and whole < BATCH and room >= self.size - self._position
        return whole + ends_short

    def _hold(self, index: int) -> None:
        if index == self._held:
            return
        self._file.seek(self._start + index * SEALED)
        try:
            self._clear = self._aead.decrypt(self._nonce(index), _read(self._file, SEALED), None)
        except InvalidTag:
            raise PayloadError(f"block {index}") from None
        self._held = index

    def _decrypt_into(self, first: int, room: memoryview) -> None:
        """Decrypt whole blocks into the caller's buffer, which on failure keeps nothing that was not authenticated."""
        self._file.seek(self._start + first * SEALED)
        blocks = -(-len(room) // CHUNK)
        sealed = memoryview(_read(self._file, len(room) + blocks * TAG))
        for number in range(blocks):
            clear = room[number * CHUNK : (number + 1) * CHUNK]
            piece = sealed[number * SEALED : (number + 1) * SEALED]
            try:
                if len(piece) != len(clear) + TAG:  # the file was cut after it was opened
                    raise InvalidTag
                self._aead.decrypt_into(self._nonce(first + number), piece, None, clear)
            except InvalidTag:
                room[:] = bytes(len(room))
                raise PayloadError(f"block {first + number}") from None

    def _nonce(self, index: int) -> bytes:
        return _block_nonce(index, index == self._blocks - 1)


def _hkdf(key: bytes, salt: bytes | None, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, info).derive(key)


def _block_nonce(index: int, last: bool) -> bytes:
    return index.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _fill(source: Source, buffer: memoryview) -> int:
    done = 0
    while done < len(buffer):
        count = source.readinto(buffer[done:])
        if not count:
            break
        done += count
    return done


def _read(file: IO[bytes] | io.RawIOBase, size: int) -> bytes:
    """Up to `size` bytes, fewer only at the end of the file."""
    data = file.read(size) or b""
    while len(data) < size:
        more = file.read(size - len(data))
        if not more:
            break
        data += more
    return data


def _encode(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _decode(text: bytes) -> bytes:
    """Base64 without padding, in its one canonical spelling."""
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise HeaderError("base64") from None
    if _encode(data) != text:
        raise HeaderError("base64")
    return data


def _header_mac(file_key: bytes, signed: bytes) -> bytes:
    return hmac.digest(_hkdf(file_key, None, b"header"), signed, "sha256")


def _make_header(file_key: bytes, recipients: Sequence[bytes]) -> bytes:
    if not 1 <= len(recipients) <= MAX_RECIPIENTS:
        raise ValueError("recipients")
    header = VERSION + b"\n"
    for recipient in recipients:
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        secret = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient))
        wrapped = ChaCha20Poly1305(_hkdf(secret, share + recipient, X25519_INFO)).encrypt(bytes(12), file_key, None)
        header += b"-> X25519 " + _encode(share) + b"\n" + _encode(wrapped) + b"\n"
    header += b"---"
    return header + b" " + _encode(_header_mac(file_key, header)) + b"\n"


Stanza = tuple[list[bytes], bytes]


class _Lines:
    """Header lines, read one by one within the bound, and remembered for the MAC."""

    def __init__(self, file: IO[bytes] | io.RawIOBase) -> None:
        self._file = file
        self.raw = b""

    def next(self) -> bytes:
        line = self._file.readline(MAX_HEADER + 1 - len(self.raw)) or b""
        if not line.endswith(b"\n") or any(not 0x20 <= byte <= 0x7E for byte in line[:-1]):
            raise HeaderError("line")
        self.raw += line
        return line[:-1]

    def body(self) -> bytes:
        text = b""
        while True:
            line = self.next()
            if len(line) > 64:
                raise HeaderError("body")
            text += line
            if len(line) < 64:
                return _decode(text)


def _parse_header(file: IO[bytes] | io.RawIOBase) -> tuple[list[Stanza], bytes, bytes]:
    """Stanzas, MAC, and the bytes that the MAC covers."""
    lines = _Lines(file)
    if lines.next() != VERSION:
        raise HeaderError("version")
    stanzas: list[Stanza] = []
    while (line := lines.next()).startswith(b"-> "):
        arguments = line[3:].split(b" ")
        if not all(arguments) or len(stanzas) == MAX_STANZAS:
            raise HeaderError("stanza")
        stanzas.append((arguments, lines.body()))
    if not line.startswith(b"--- ") or not stanzas:
        raise HeaderError("footer")
    if len(stanzas) > 1 and any(arguments[0] == b"scrypt" for arguments, _ in stanzas):
        raise HeaderError("scrypt not alone")
    mac = _decode(line[4:])
    if len(mac) != 32:
        raise HeaderError("mac")
    return stanzas, mac, lines.raw[: -len(line) - 1] + b"---"


def _unwrap(private_key: bytes, stanzas: Sequence[Stanza]) -> bytes:
    key = X25519PrivateKey.from_private_bytes(private_key)
    public = key.public_key().public_bytes_raw()
    found: bytes | None = None
    for arguments, body in stanzas:
        if arguments[0] != b"X25519":
            continue
        share = _decode(arguments[1]) if len(arguments) == 2 else b""
        if len(share) != 32 or len(body) != FILE_KEY + TAG:
            raise HeaderError("X25519 stanza")
        try:
            secret = key.exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError:  # a point of low order gives a secret everybody knows
            raise HeaderError("X25519 share") from None
        if found is not None:
            continue
        try:
            found = ChaCha20Poly1305(_hkdf(secret, share + public, X25519_INFO)).decrypt(bytes(12), body, None)
        except InvalidTag:
            continue
    if found is None:
        raise NoMatchError
    return found
