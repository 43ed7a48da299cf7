# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a file holds, the reader says one of its own errors, or gives exactly what was written."""

import io

from hypothesis import given, settings
from hypothesis import strategies as st

from hro_desktop.vault import age

KEY = bytes(range(1, 33))
CONTENT = bytes(range(256)) * 520  # two blocks and a piece


def sealed():
    out = io.BytesIO()
    age.encrypt_stream(io.BytesIO(CONTENT), out, [age.public_key(KEY)])
    return out.getvalue()


SEALED = sealed()
HEADER = age.sealed_size(0) - 32


def read(data):
    try:
        with age.AgeReader(io.BytesIO(data), KEY) as reader:
            return reader.readall()
    except age.AgeError:
        return None


def test_control_the_file_itself_is_readable():
    assert read(SEALED) == CONTENT


@settings(max_examples=400)
@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_any_byte_changed_is_noticed(place, change):
    assert read(SEALED[:place] + bytes([SEALED[place] ^ change]) + SEALED[place + 1 :]) is None


@settings(max_examples=400)
@given(st.integers(0, HEADER + 15), st.integers(0, HEADER + 15), st.binary(max_size=80))
def test_any_piece_of_the_header_replaced_is_noticed(start, end, piece):
    start, end = sorted((start, end))
    data = SEALED[:start] + piece + SEALED[end:]
    assert data == SEALED or read(data) is None


@settings(max_examples=300)
@given(st.binary(max_size=600))
def test_noise(data):
    assert read(data) is None


ALPHABET = b"-> X25519scrypt\n ABCDabcd0123+/=\r\0\xff"


@settings(max_examples=300)
@given(st.lists(st.sampled_from([ALPHABET[i : i + 1] for i in range(len(ALPHABET))]), max_size=300))
def test_headers_that_almost_are(letters):
    assert read(b"age-encryption.org/v1\n" + b"".join(letters)) is None


@settings(max_examples=200)
@given(st.integers(0, len(SEALED) - 1))
def test_any_cut_is_noticed(length):
    assert read(SEALED[:length]) is None
