# SPDX-License-Identifier: GPL-3.0-or-later
"""File names for what is handed over: a number, words a person reads, and nothing that any system refuses.

The same arguments always give the same name. What comes in is a title in any script; what comes out opens on Windows,
macOS and Linux, sorts by its number, and never equals another name of the same folder, not even ignoring case.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from itertools import count
from typing import Final

import attrs

__all__ = ["Naming", "file_name", "same"]

_OCTETS: Final = 240  # file systems take 255 bytes, and a longer name in Ethiopic would go beyond
_DEVICES: Final = frozenset(
    ("con", "prn", "aux", "nul", "conin$", "conout$", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10)))
)
"""Names that open a device and not a file on Windows, whatever their extension."""
_FLATTENED: Final = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
)
_NOT_ASCII_WORD: Final = re.compile("[^A-Za-z0-9]+")
_SIGNS: Final = frozenset("'’-()°,")
# Drawn like spaces or like nothing, although Unicode counts them as letters or as marks.
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | frozenset(map(chr, range(0xFE00, 0xFE10)))
_LOOSE: Final = " -,'’("
"""What may not stand at the end of a name that was cut."""
_LAST_RESORT: Final = "piece"


@attrs.frozen
class Naming:
    """How the files of a pack are named.

    Args:
        pattern: with `{number}` (or `{number:03}`) before `{title}`, and perhaps `{date}` after it: what follows the
            title is left out when no date is known.
        ascii_only: letters without accents, digits and hyphens; otherwise letters of every script, and spaces.
        longest: characters of the whole name, extension included.
    """

    pattern: str
    ascii_only: bool
    longest: int


def file_name(
    naming: Naming,
    number: int,
    title: str,
    suffix: str,
    *,
    date: str = "",
    fallback: str = _LAST_RESORT,
    taken: Collection[str] = (),
) -> str:
    """A name for one file.

    Args:
        naming: the pattern.
        number: of the exhibit.
        title: what it is called, in any script; cut at a word when it is too long.
        suffix: the extension with its dot; left out unless it is plain.
        date: digits, for the `{date}` of the pattern.
        fallback: words that take the place of a title without a letter that may stand in the name.
        taken: names already given in the same folder.

    Raises:
        ValueError: the pattern leaves no room for a single letter.
    """
    before, _, after = naming.pattern.partition("{title}")
    front = before.format(number=number)
    back = after.format(date=date) if date else ""
    suffix = suffix.lower() if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", suffix) else ""
    words = _words(title, naming) or _words(fallback, naming) or [_LAST_RESORT]
    known = {same(name) for name in taken}
    for mark in _marks(naming):
        tail = back + mark + suffix
        for tried in (words, [_LAST_RESORT, *words]):
            body = _fitted(tried, naming, front, tail)
            name = f"{front}{body}{tail}"
            if not _opens_device(name):
                break
        if same(name) not in known:
            return name
    raise AssertionError("marks never end")


def same(name: str) -> str:
    """Two names that give the same here are one file on some systems: case and the way accents are written."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())


def _marks(naming: Naming) -> Iterator[str]:
    """What tells names apart that would be equal: nothing first, then numbers from 2."""
    yield ""
    for number in count(2):
        yield f"-{number}" if naming.ascii_only else f" ({number})"


def _words(text: str, naming: Naming) -> list[str]:
    """The words of a text that may stand in a name; none when no letter is left."""
    if naming.ascii_only:
        flat = unicodedata.normalize("NFKD", text.translate(_FLATTENED))
        plain = "".join(letter for letter in flat if not unicodedata.combining(letter))
        words = _NOT_ASCII_WORD.sub(" ", plain).split()
    else:
        composed = unicodedata.normalize("NFC", text)
        words = "".join(letter if _may_stand(letter) else " " for letter in composed).split()
        words[:1] = [first for word in words[:1] if (first := _without_loose_start(word))]
    return words if any(letter.isalpha() for word in words for letter in word) else []


def _may_stand(letter: str) -> bool:
    return letter in _SIGNS or (unicodedata.category(letter)[0] in "LMN" and letter not in _BLANK)


def _without_loose_start(word: str) -> str:
    """A mark over nothing, or a hyphen that reads as an option of a command, does not begin a name."""
    while word and (word[0] in _SIGNS - {"("} or unicodedata.category(word[0]).startswith("M")):
        word = word[1:]
    return word


def _fitted(words: list[str], naming: Naming, front: str, tail: str) -> str:
    """As many of the words as there is room for; of a first word that is too long, its beginning."""
    room = naming.longest - len(front) - len(tail)
    octets = _OCTETS - len((front + tail).encode())
    if min(room, octets) < 4:  # the longest character takes four octets
        raise ValueError("pattern")
    between = "-" if naming.ascii_only else " "
    body = ""
    for word in words:
        longer = f"{body}{between}{word}" if body else word
        if len(longer) > room or len(longer.encode()) > octets:
            break
        body = longer
    if not body:
        body = words[0][:room]
        while len(body.encode()) > octets:
            body = body[:-1]
    return body.rstrip(_LOOSE) or _LAST_RESORT[:room]


def _opens_device(name: str) -> bool:
    stem = unicodedata.normalize("NFKC", name).casefold().partition(".")[0]
    return stem.rstrip(" ") in _DEVICES
