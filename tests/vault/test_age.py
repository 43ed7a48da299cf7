# SPDX-License-Identifier: GPL-3.0-or-later
"""The age module against the 143 public vectors of C2SP/CCTV, and against damage."""

import hashlib
import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.vault import age, bech32
from tests.support.shared import shared

FAILURES = {
    "header failure": age.HeaderError,
    "no match": age.NoMatchError,
    "HMAC failure": age.MacError,
    "payload failure": age.PayloadError,
}
# Vectors made for one X25519 identity; those of other kinds carry none, and get the one of the suite.
COMMON = "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0"
COUNT = 143
# Why a vector is outside this module, and what the module must then say.
OUTSIDE = {
    "armor": (age.HeaderError, "the vault never writes armored files: the first line is not that of age"),
    "scrypt": (age.NoMatchError, "the vault never writes passphrase files: no recipient is ours"),
    "hybrid": (age.NoMatchError, "the vault never writes post-quantum recipients: no recipient is ours"),
}


def vectors():
    names = sorted(path.name for path in shared_or_nothing())
    return names or ["absent"]


def shared_or_nothing():
    from tests.support.shared import ROOT

    folder = ROOT.parent / "shared" / "vectors" / "age"
    return folder.iterdir() if folder.is_dir() else []


def load(name):
    head, _, body = (shared("vectors/age") / name).read_bytes().partition(b"\n\n")
    fields = {}
    for line in head.decode().splitlines():
        key, _, value = line.partition(": ")
        fields.setdefault(key, []).append(value)
    return fields, zlib.decompress(body) if "compressed" in fields else body


def outside(name, fields):
    if "armored" in fields:
        return "armor"
    if "passphrase" in fields:
        return "scrypt"
    if any(identity.startswith("AGE-SECRET-KEY-PQ-") for identity in fields.get("identity", ())):
        return "hybrid"
    return ""


def outcome(body, key):
    try:
        with age.AgeReader(io.BytesIO(body), key) as reader:
            return reader.readall()
    except age.AgeError as error:
        return type(error)


@pytest.mark.parametrize("name", vectors())
def test_vector(name):
    fields, body = load(name)
    mine = [text for text in fields.get("identity", ()) if not text.startswith("AGE-SECRET-KEY-PQ-")]
    key = bech32.parse_identity(mine[0] if mine else COMMON)
    expected, got = fields["expect"][0], outcome(body, key)
    kind = outside(name, fields)
    if not kind:
        if expected == "success":
            assert hashlib.sha256(got).hexdigest() == fields["payload"][0]
        else:
            assert got is FAILURES[expected]
        return
    error, _reason = OUTSIDE[kind]
    # A header that breaks the rules all recipients share is refused as such, whatever the recipient.
    allowed = {error} | ({age.HeaderError} if expected == "header failure" else set())
    assert got in allowed


def test_every_vector_is_there():
    names = vectors()
    kinds = [outside(name, load(name)[0]) for name in names]
    assert len(names) == COUNT
    assert {kind: kinds.count(kind) for kind in kinds} == {"": 67, "armor": 33, "scrypt": 25, "hybrid": 18}


def sealed(content, recipients=1):
    keys = [age.generate_key() for _ in range(recipients)]
    out = io.BytesIO()
    digest, size = age.encrypt_stream(io.BytesIO(content), out, [age.public_key(key) for key in keys])
    assert (digest, size) == (hashlib.sha256(content).hexdigest(), len(content))
    return out.getvalue(), keys


CHUNK = 65536
SIZES = [0, 1, 15, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 16 * CHUNK - 1, 16 * CHUNK, 16 * CHUNK + 1, 33 * CHUNK + 7]


@pytest.mark.parametrize("size", SIZES)
def test_round_trip(size):
    content = bytes(range(251)) * (size // 251 + 1)
    content = content[:size]
    data, (key,) = sealed(content)
    assert len(data) == age.sealed_size(size)
    assert outcome(data, key) == content


def test_several_recipients():
    data, keys = sealed(b"abc", 3)
    assert len(data) == age.sealed_size(3, 3)
    assert [outcome(data, key) for key in keys] == [b"abc"] * 3
    assert outcome(data, age.generate_key()) is age.NoMatchError


@pytest.mark.parametrize("count", [0, 21])
def test_recipients_are_bounded(count):
    with pytest.raises(ValueError, match="recipients"):
        age.encrypt_stream(io.BytesIO(b""), io.BytesIO(), [age.public_key(age.generate_key())] * count)


def test_a_weak_recipient_is_refused():
    with pytest.raises(ValueError, match="shared key"):
        age.encrypt_stream(io.BytesIO(b""), io.BytesIO(), [bytes(32)])


CONTENT = bytes(range(256)) * 1200  # four whole blocks and a piece


@given(st.lists(st.tuples(st.integers(0, len(CONTENT) + 100), st.integers(0, 3 * CHUNK)), max_size=8))
def test_reading_anywhere_gives_the_bytes_that_are_there(places):
    data, (key,) = sealed(CONTENT)
    with age.AgeReader(io.BytesIO(data), key) as reader:
        for offset, length in places:
            assert reader.seek(offset) == offset
            assert reader.read(length) == CONTENT[offset : offset + length]
            assert reader.tell() == max(offset, min(offset + length, len(CONTENT))) or offset > len(CONTENT)


def test_seek_and_close():
    data, (key,) = sealed(CONTENT)
    raw = io.BytesIO(data)
    reader = age.AgeReader(raw, key)
    assert reader.readable()
    assert reader.seekable()
    assert reader.seek(-5, io.SEEK_END) == len(CONTENT) - 5
    assert reader.read() == CONTENT[-5:]
    assert reader.seek(-10, io.SEEK_CUR) == len(CONTENT) - 10
    with pytest.raises(OSError, match="negative"):
        reader.seek(-1)
    with pytest.raises(ValueError, match="whence"):
        reader.seek(0, 9)
    reader.close()
    reader.close()
    assert raw.closed


HEADER = age.sealed_size(0) - 32


def altered(data, kind):
    start = HEADER + 16
    block = CHUNK + 16
    first, second = data[start : start + block], data[start + block : start + 2 * block]
    return {
        "one byte of a block": data[: start + 100] + bytes([data[start + 100] ^ 1]) + data[start + 101 :],
        "one byte of the last block": data[:-1] + bytes([data[-1] ^ 1]),
        "one byte cut": data[:-1],
        "cut at a block": data[: start + block],
        "cut after the header": data[:start],
        "emptied": b"",
        "one byte added": data + b"\0",
        "a block added": data + first,
        "two blocks exchanged": data[:start] + second + first + data[start + 2 * block :],
        "a block left out": data[:start] + data[start + block :],
        "nonce": data[: HEADER + 3] + bytes([data[HEADER + 3] ^ 1]) + data[HEADER + 4 :],
    }[kind]


KINDS = {
    "one byte of a block": age.PayloadError,
    "one byte of the last block": age.PayloadError,
    "one byte cut": age.PayloadError,
    "cut at a block": age.PayloadError,
    "cut after the header": age.PayloadError,
    "emptied": age.HeaderError,
    "one byte added": age.PayloadError,
    "a block added": age.PayloadError,
    "two blocks exchanged": age.PayloadError,
    "a block left out": age.PayloadError,
    "nonce": age.PayloadError,
}


@pytest.mark.parametrize("kind", KINDS)
def test_tampering(kind):
    data, (key,) = sealed(CONTENT)
    assert outcome(altered(data, kind), key) is KINDS[kind]


def test_damage_elsewhere_leaves_the_other_blocks_readable():
    data, (key,) = sealed(CONTENT)
    with age.AgeReader(io.BytesIO(altered(data, "one byte of a block")), key) as reader:
        reader.seek(CHUNK)
        assert reader.read(CHUNK) == CONTENT[CHUNK : 2 * CHUNK]
        reader.seek(0)
        with pytest.raises(age.PayloadError):
            reader.read(10)


def test_a_refused_block_leaves_nothing_in_the_callers_buffer():
    data, (key,) = sealed(CONTENT)
    buffer = bytearray(b"x" * CHUNK)
    reader = age.AgeReader(io.BytesIO(altered(data, "one byte of a block")), key)
    with pytest.raises(age.PayloadError):
        reader.readinto(buffer)
    assert buffer == bytes(CHUNK)


def test_a_file_cut_after_it_was_opened_is_refused():
    data, (key,) = sealed(CONTENT)
    raw = io.BytesIO(data)
    reader = age.AgeReader(raw, key)
    raw.truncate(HEADER + 16 + 100)
    for size in (10, CHUNK):
        reader.seek(0)
        with pytest.raises(age.PayloadError):
            reader.read(size)


STANZA = b"-> other " + b"a" * 43 + b"\n" + b"\n"


@pytest.mark.parametrize(
    "header",
    [
        b"age-encryption.org/v1\n" + b"-> x " + b"a" * (70 * 1024) + b"\n\n--- \n",
        b"age-encryption.org/v1\n" + STANZA * 65 + b"--- " + b"A" * 43 + b"\n",
        b"age-encryption.org/v1\n" + b"-> x\n" + (b"A" * 64 + b"\n") * 2000,
        b"age-encryption.org/v1\n" * 5000,
        b"x" * 10_000_000,
    ],
)
def test_a_header_is_read_within_bounds(header):
    class Counting(io.BytesIO):
        taken = 0

        def readline(self, size=-1, /):
            line = super().readline(size)
            self.taken += len(line)
            return line

    raw = Counting(header)
    with pytest.raises(age.HeaderError):
        age.AgeReader(raw, age.generate_key())
    assert raw.taken <= 64 * 1024 + 1


class ShortSink(io.BytesIO):
    """Takes at most 1000 bytes at a time, as a raw file may."""

    def write(self, data, /):
        return super().write(bytes(data[:1000]))


def test_short_writes_lose_nothing():
    key = age.generate_key()
    sink = ShortSink()
    age.encrypt_stream(io.BytesIO(CONTENT), sink, [age.public_key(key)])
    assert outcome(sink.getvalue(), key) == CONTENT


@pytest.mark.parametrize("answer", [0, None])
def test_a_sink_that_takes_nothing_is_an_error(answer):
    class Full(io.BytesIO):
        def write(self, data, /):
            return answer

    with pytest.raises(OSError, match="short write"):
        age.encrypt_stream(io.BytesIO(CONTENT), Full(), [age.public_key(age.generate_key())])


def test_a_source_that_gives_little_at_a_time():
    class Slow(io.BytesIO):
        def readinto(self, buffer, /):
            return super().readinto(memoryview(buffer)[:777])

    key, out = age.generate_key(), io.BytesIO()
    age.encrypt_stream(Slow(CONTENT), out, [age.public_key(key)])
    assert outcome(out.getvalue(), key) == CONTENT


def test_a_file_that_gives_little_at_a_time():
    class Slow(io.BytesIO):
        def read(self, size=-1, /):
            return super().read(min(size, 1000) if size >= 0 else size)

    data, (key,) = sealed(CONTENT)
    with age.AgeReader(Slow(data), key) as reader:
        assert reader.read() == CONTENT


def test_progress_is_told_and_may_stop_the_work():
    seen = []
    age.encrypt_stream(
        io.BytesIO(bytes(3_000_000)), io.BytesIO(), [age.public_key(age.generate_key())], progress=seen.append
    )
    assert seen == [1 << 20, 2 << 20, 3_000_000]

    def stop(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        age.encrypt_stream(io.BytesIO(b"a"), io.BytesIO(), [age.public_key(age.generate_key())], progress=stop)


def test_two_files_of_one_content_share_nothing():
    key = age.generate_key()
    files = []
    for _ in range(2):
        out = io.BytesIO()
        age.encrypt_stream(io.BytesIO(CONTENT), out, [age.public_key(key)])
        files.append(out.getvalue())
    pieces = [{data[place : place + 16] for place in range(len(age.VERSION) + 1 + 10, len(data), 16)} for data in files]
    assert not pieces[0] & pieces[1]
