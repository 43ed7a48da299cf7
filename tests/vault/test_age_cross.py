# SPDX-License-Identifier: GPL-3.0-or-later
"""The age module against two other implementations, both ways: pyrage (Rust) and Debian's `age` (Go)."""

import io
import os
import random
import shutil
import subprocess

import pyrage
import pytest

from hro_desktop.vault import age, bech32

SIZES = [0, 1, 65535, 65536, 65537, 131072, 1_048_576, 1_048_577, 3_141_592]


def content_of(size):
    return random.Random(size).randbytes(size)


def encrypt(content, recipients):
    out = io.BytesIO()
    age.encrypt_stream(io.BytesIO(content), out, recipients)
    return out.getvalue()


def decrypt(data, key):
    with age.AgeReader(io.BytesIO(data), key) as reader:
        return reader.readall()


@pytest.fixture
def binary():
    path = shutil.which("age")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("age is not installed: scripts/system_packages.sh does it")
        pytest.skip("age is not installed")
    return path


@pytest.mark.parametrize("size", SIZES)
def test_pyrage_reads_ours(size):
    key = age.generate_key()
    identity = pyrage.x25519.Identity.from_str(bech32.identity(key))
    assert pyrage.decrypt(encrypt(content_of(size), [age.public_key(key)]), [identity]) == content_of(size)


@pytest.mark.parametrize("size", SIZES)
def test_we_read_pyrage(size):
    identity = pyrage.x25519.Identity.generate()
    other = pyrage.x25519.Identity.generate()
    data = pyrage.encrypt(content_of(size), [other.to_public(), identity.to_public()])
    assert decrypt(data, bech32.parse_identity(str(identity))) == content_of(size)


@pytest.mark.parametrize("size", SIZES)
def test_age_reads_ours(size, binary, tmp_path):
    key = age.generate_key()
    (tmp_path / "cle.txt").write_text(bech32.identity(key) + "\n")
    (tmp_path / "objet.age").write_bytes(encrypt(content_of(size), [age.public_key(key)]))
    ran = subprocess.run(
        [binary, "-d", "-i", tmp_path / "cle.txt", tmp_path / "objet.age"], capture_output=True, check=True
    )
    assert ran.stdout == content_of(size)


@pytest.mark.parametrize("size", SIZES)
def test_we_read_age(size, binary):
    key = age.generate_key()
    recipients = [bech32.recipient(age.public_key(age.generate_key())), bech32.recipient(age.public_key(key))]
    command = [binary, "-r", recipients[0], "-r", recipients[1]]
    ran = subprocess.run(command, input=content_of(size), capture_output=True, check=True)
    assert decrypt(ran.stdout, key) == content_of(size)


def test_age_refuses_what_we_damaged(binary, tmp_path):
    key = age.generate_key()
    data = bytearray(encrypt(content_of(200_000), [age.public_key(key)]))
    data[-70_000] ^= 1
    (tmp_path / "cle.txt").write_text(bech32.identity(key) + "\n")
    ran = subprocess.run(
        [binary, "-d", "-i", tmp_path / "cle.txt"], input=bytes(data), capture_output=True, check=False
    )
    assert ran.returncode != 0
