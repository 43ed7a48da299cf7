# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of files received from anybody: shown so that they cannot lie, and never used as a path.

The name as received is kept byte for byte elsewhere; what is shown and what is written on a disk come from here.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

__all__ = ["oddities", "safe_name", "searchable", "visible"]

SHOWN_LIMIT = 160
SAFE_LIMIT = 80

# Names that open a device and not a file on Windows, whatever their extension.
_DEVICES: Final = frozenset(
    ("con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10)))
)
_FLATTENED: Final = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d"}
)
# Drawn like spaces or like nothing, although Unicode counts them as letters or symbols.
_BLANK: Final = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u034f") | frozenset(
    map(chr, range(0xFE00, 0xFE10))
)


def visible(name: str) -> str:
    """The name as a screen or a page may show it: every character that hides, reverses or breaks a line is spelled out.

    « photo⟦U+202E⟧gpj.exe » instead of a name that reads « photoexe.jpg ». Bytes that were not UTF-8 show as ⟦FF⟧.
    A name of more than `SHOWN_LIMIT` characters loses its middle.
    """
    shown = "".join(spelled for _, spelled in _characters(name))
    if len(shown) <= SHOWN_LIMIT:
        return shown
    half = SHOWN_LIMIT // 2 - 1
    return f"{shown[:half]}…{shown[-half:]}"


def searchable(name: str) -> str:
    """The name without its hidden characters, composed and in lower case: how one looks for it."""
    kept = "".join(character for character, spelled in _characters(name) if spelled in (character, " "))
    return unicodedata.normalize("NFKC", kept).casefold()


def oddities(name: str) -> tuple[str, ...]:
    """French sentences on what is strange in a name; empty for an ordinary one, in any script."""
    found = []
    if any(spelled not in (character, " ") for character, spelled in _characters(name)):
        found.append("Le nom contient des caractères invisibles ou qui renversent le sens de lecture.")
    if any(_mixed(word) for word in re.findall(r"\w+", name)):
        found.append("Un mot du nom mêle des lettres de plusieurs alphabets qui se ressemblent.")
    if re.search(r"\.[a-z]{3,4}\s*\.(exe|scr|com|bat|cmd|js|vbs|lnk|hta|msi|ps1|jar)$", name, re.IGNORECASE):
        found.append("Le nom se termine par deux extensions, dont celle d’un programme.")
    if re.search(r"(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:[\\/]", name):
        found.append("Le nom désigne un emplacement du disque.")
    return tuple(found)


def safe_name(number: int | None, title: str, suffix: str = "") -> str:
    """A name any system accepts: ASCII, at most 80 characters, no reserved word, nothing that climbs folders.

    Args:
        number: of the exhibit, put first on two digits so that the folder sorts; None for none.
        title: any text in any script; what has no Latin letter is left out.
        suffix: the extension with its dot, by content and not by the received name; dropped when it is not plain.
    """
    flat = unicodedata.normalize("NFKD", title.translate(_FLATTENED))
    words = re.sub(r"[^A-Za-z0-9]+", "-", re.sub(r"[\u0300-\u036f]", "", flat)).strip("-")
    ending = suffix.lower() if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", suffix) else ""
    front = "" if number is None else f"{number:02d}-"
    if number is None and words.lower() in _DEVICES:
        front = "piece-"
    body = words[: SAFE_LIMIT - len(front) - len(ending)].rstrip("-") or "piece"
    return f"{front}{body}{ending}"


def _characters(name: str) -> Iterator[tuple[str, str]]:
    """Each character with how it is shown. The joiners that Persian and Sorani spelling needs stay, between letters."""
    for index, character in enumerate(name):
        joiner = character in "\u200c\u200d" and _arabic(name[index - 1 : index]) and _arabic(name[index + 1 :][:1])
        yield character, character if joiner else _spelled(character)


def _arabic(character: str) -> bool:
    return unicodedata.name(character, "").startswith("ARABIC LETTER") if character else False


def _spelled(character: str) -> str:
    if "\udc80" <= character <= "\udcff":  # a byte that the file system could not read as UTF-8
        return f"⟦{ord(character) - 0xDC00:02X}⟧"
    category = unicodedata.category(character)
    hides = category in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or character in _BLANK
    if character in "\u00a0\u202f":  # French typing and screenshots of macOS: spaces like any other
        return " "
    odd_space = category == "Zs" and character != " "
    return f"⟦U+{ord(character):04X}⟧" if hides or odd_space else character


def _mixed(word: str) -> bool:
    """Latin beside Cyrillic or Greek in one word: the pairs whose letters are drawn alike."""
    scripts = {unicodedata.name(letter, "").split(" ", 1)[0] for letter in word if letter.isalpha()}
    return len(scripts & {"LATIN", "CYRILLIC", "GREEK"}) > 1
