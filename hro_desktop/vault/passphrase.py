# SPDX-License-Identifier: GPL-3.0-or-later
"""The least a passphrase must be, and one drawn by lot. The floor stops the empty and the trivial.

No estimate knows whether somebody drew the words or found them in a song: a long one is called long, never strong.
"""

import enum
import functools
import re
import secrets
import unicodedata
from importlib import resources
from typing import Final

from hro_desktop.faults import ExitCode, Fault

__all__ = ["Strength", "check", "normal", "strength", "suggest"]

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

DRAWN_WORDS: Final = 7
"""Words of a phrase drawn by lot: 90 bits out of the list, where the CNIL asks for 80 of a secret that stands alone."""
LONG_LETTERS: Final = 24
LONG_DISTINCT: Final = 12


class Strength(enum.Enum):
    """What can be said of a passphrase by looking at it."""

    REFUSED = "refused"
    SHORT = "short"
    LONG = "long"


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


def strength(passphrase: str) -> Strength:
    """Whether it would be refused, is accepted, or is as long as one drawn by lot."""
    text = normal(passphrase)
    try:
        check(text)
    except Fault:
        return Strength.REFUSED
    rest = _without_habits(text)
    mixed = any(not (letter.isalpha() or letter.isspace()) for letter in rest)  # a letter of a word says little
    long = mixed and len(rest) >= LONG_LETTERS and len(set(rest)) >= LONG_DISTINCT
    return Strength.LONG if long or len(_words(text)) >= DRAWN_WORDS else Strength.SHORT


def suggest() -> str:
    """Words drawn by lot: easy to type, to say and to picture, and nobody chose them."""
    return " ".join(secrets.choice(_listed()) for _ in range(DRAWN_WORDS))


@functools.cache
def _listed() -> tuple[str, ...]:
    lines = (resources.files("hro_desktop.vault") / "words_fr.txt").read_text("utf-8").splitlines()
    return tuple(line for line in lines if not line.startswith("#"))


def _words(text: str) -> set[str]:
    """The different words of a text that say something of their own."""
    words = {word.casefold() for word in re.split(r"[\W_]+", text) if len(word) >= 3}
    return {word for word in words if len(_without_habits(word)) >= 3}


def _enough_letters(text: str) -> bool:
    return len(_without_habits(text)) >= MIN_LETTERS and len(set(text.casefold())) >= MIN_DISTINCT


def _enough_words(text: str) -> bool:
    return len(_words(text)) >= MIN_WORDS


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
