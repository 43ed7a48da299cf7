# SPDX-License-Identifier: GPL-3.0-or-later
"""The least a passphrase must be. The floor stops the empty and the trivial; it does not measure strength."""

import re
import unicodedata
from typing import Final

from hro_desktop.faults import ExitCode, Fault

__all__ = ["check", "normal"]

MIN_LETTERS: Final = 14
MIN_WORDS: Final = 5
MAX_LETTERS: Final = 1024
MIN_DISTINCT: Final = 7
# What fingers and habits write first: each counts as one letter.
HABITS: Final = (
    *("azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz"),
    *("01234567890123456789", "98765432109876543210"),
)
WORDS: Final = ("motdepasse", "password", "passphrase", "humanrightsobservers", "calais", "coffre", "bonjour", "soleil")


def normal(passphrase: str) -> str:
    """One spelling of a passphrase: the same accents typed on two systems may come composed or not."""
    return unicodedata.normalize("NFC", passphrase)


def check(passphrase: str) -> None:
    """Refuse a passphrase that a thief would try by hand, or a program in an hour.

    Raises:
        Fault: `access.weak` or `access.long`.
    """
    text = normal(passphrase)
    if len(text) > MAX_LETTERS:
        raise Fault(
            "access.long",
            f"La phrase de passe compte plus de {MAX_LETTERS} caractères\u00a0: raccourcissez-la.",
            ExitCode.ACCESS,
        )
    if not (_enough_letters(text) or _enough_words(text)):
        raise Fault(
            "access.weak",
            f"La phrase de passe est trop facile à deviner\u00a0: prenez au moins {MIN_LETTERS} caractères variés, "
            f"ou {MIN_WORDS} mots sans lien entre eux, tirés au sort de préférence.",
            ExitCode.ACCESS,
        )


def _enough_letters(text: str) -> bool:
    return len(_without_habits(text)) >= MIN_LETTERS and len(set(text.casefold())) >= MIN_DISTINCT


def _enough_words(text: str) -> bool:
    words = {word.casefold() for word in re.split(r"[\W_]+", text) if len(word) >= 3}
    return len({word for word in words if len(_without_habits(word)) >= 3}) >= MIN_WORDS


def _without_habits(text: str) -> str:
    """The text with keyboard rows, sequences, common words and repetitions each reduced to one letter."""
    rest = text.casefold()
    for word in WORDS:
        rest = rest.replace(word, word[0])
    for row in HABITS:
        for size in range(len(row), 2, -1):
            for start in range(len(row) - size + 1):
                rest = rest.replace(row[start : start + size], row[start])
    while True:  # a pattern said again says nothing more
        shorter = re.sub(r"(.)\1{2,}|(..+?)\2+", r"\1\2", rest)
        if shorter == rest:
            return rest
        rest = shorter
