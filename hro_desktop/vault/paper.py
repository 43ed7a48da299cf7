# SPDX-License-Identifier: GPL-3.0-or-later
"""The paper code: 160 random bits to copy by hand once and to type back years later."""

import hashlib
import secrets
import unicodedata
from typing import Final

__all__ = ["GROUP", "LETTERS", "generate", "grouped", "letters_of", "looks_like", "read", "same_group"]

# Crockford's alphabet: no I, L, O, U, which hands and eyes take for 1, 1, 0 and V.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES: Final = str.maketrans("ILOU", "110V")
SECRET_LETTERS: Final = 32
CHECK_LETTERS: Final = 4
GROUP: Final = 4
LETTERS: Final = SECRET_LETTERS + CHECK_LETTERS


def generate() -> str:
    """A new code as it is shown and printed: nine groups of four, the last one a checksum."""
    secret = "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LETTERS))
    code = secret + _check(secret)
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read(text: str) -> str | None:
    """The 36 letters of a typed code, whatever its case, spaces, dashes and look-alikes; nothing when it is not one."""
    code = _letters(text)
    if len(code) != SECRET_LETTERS + CHECK_LETTERS or any(letter not in ALPHABET for letter in code):
        return None
    secret = code[:SECRET_LETTERS]
    return code if code[SECRET_LETTERS:] == _check(secret) else None


def letters_of(text: str) -> int:
    """How many of its letters are typed so far."""
    return len(_letters(text))


def grouped(text: str) -> str:
    """What is typed so far, as it stands on the paper: groups of four, whatever was typed between them."""
    code = _letters(text)[:LETTERS]
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def same_group(typed: str, group: str) -> bool:
    """Whether somebody typed this group, look-alikes counting as one."""
    return _letters(typed) == group


def looks_like(text: str) -> bool:
    """Whether somebody may have meant a paper code here: groups of capitals and figures, about as many as there are."""
    return (
        any(letter.isdigit() for letter in text)
        and text == text.upper()
        and abs(len(_letters(text)) - SECRET_LETTERS - CHECK_LETTERS) <= GROUP
    )


def _letters(text: str) -> str:
    kept = [letter for letter in unicodedata.normalize("NFKC", text).upper() if letter.isalnum()]
    return "".join(kept).translate(LOOKALIKES)


def _check(secret: str) -> str:
    """Twenty bits of SHA-256: one mistyped or two exchanged letters pass once in a million."""
    bits = int.from_bytes(hashlib.sha256(b"hro-desktop/1 paper\n" + secret.encode()).digest()[:3], "big") >> 4
    return "".join(ALPHABET[bits >> shift & 31] for shift in (15, 10, 5, 0))
