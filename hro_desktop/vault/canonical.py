# SPDX-License-Identifier: GPL-3.0-or-later
"""One spelling for what is hashed: canonical JSON."""

import hashlib
import json

__all__ = ["canonical", "sha256"]


def canonical(value: object) -> bytes:
    """JSON with sorted keys, no space, UTF-8, no float: the same value always gives the same bytes.

    Raises:
        TypeError: something JSON has no word for, or a float, whose spelling differs between programs.
    """
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(value: object) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("float")
    if isinstance(value, dict):
        for key, each in value.items():
            if not isinstance(key, str):
                raise TypeError("key")
            _refuse_floats(each)
    elif isinstance(value, list | tuple):
        for each in value:
            _refuse_floats(each)
