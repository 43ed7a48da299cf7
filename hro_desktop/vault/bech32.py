# SPDX-License-Identifier: GPL-3.0-or-later
"""The spelling of age keys: Bech32 (BIP 173) with the prefixes `age` and `AGE-SECRET-KEY-`."""

from collections.abc import Iterable
from typing import Final

from hro_desktop.faults import Fault

__all__ = ["identity", "parse_identity", "parse_recipient", "recipient"]

ALPHABET: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
KEY_SIZE: Final = 32


def recipient(public_key: bytes) -> str:
    """A public key as `age1…`."""
    return _encode("age", public_key)


def identity(private_key: bytes) -> str:
    """A private key as `AGE-SECRET-KEY-1…`."""
    return _encode("age-secret-key-", private_key).upper()


def parse_recipient(text: str) -> bytes:
    """The public key that `age1…` spells.

    Raises:
        Fault: `access.recipient`, when it is mistyped or of another kind.
    """
    key = _decode("age", text.strip())
    if key is None:
        raise Fault(
            "access.recipient",
            "La clé publique du tiers de confiance n’est pas une clé age X25519\u00a0: elle commence par "
            "«\u00a0age1\u00a0» et compte 62 caractères. Recopiez-la en entier.",
        )
    return key


def parse_identity(text: str) -> bytes | None:
    """The private key that `AGE-SECRET-KEY-1…` spells, or nothing when the text is not one."""
    return _decode("age-secret-key-", text.strip())


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, factor in enumerate(GENERATOR):
            if top >> bit & 1:
                check ^= factor
    return check


def _expand(prefix: str) -> list[int]:
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def _encode(prefix: str, data: bytes) -> str:
    bits = int.from_bytes(data, "big") << 4  # 256 bits and four of padding: 52 groups of five
    values = [bits >> shift & 31 for shift in range(255, -1, -5)]
    check = _polymod([*_expand(prefix), *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [check >> shift & 31 for shift in range(25, -1, -5)]
    return prefix + "1" + "".join(ALPHABET[value] for value in values)


def _decode(prefix: str, text: str) -> bytes | None:
    if text not in (text.lower(), text.upper()):
        return None
    head, one, tail = text.lower().rpartition("1")
    if head != prefix or not one or len(tail) != 58 or any(letter not in ALPHABET for letter in tail):
        return None
    values = [ALPHABET.index(letter) for letter in tail]
    if _polymod(_expand(prefix) + values) != 1:
        return None
    bits = 0
    for value in values[:-6]:
        bits = bits << 5 | value
    return None if bits & 15 else (bits >> 4).to_bytes(KEY_SIZE, "big")
