# SPDX-License-Identifier: GPL-3.0-or-later
"""How a word is looked for: without case, accents or variants of letters, by its sound, and by part of a number.

The same name reaches us as Mohammed, Muhammad or محمد, as Tesfay, Tesfai or ተስፋይ, written by whoever heard it last.
Two spellings meet when they have a sound in common (`sounds`): the consonants in the order they are heard, whatever
the script, with a mark for the first vowel in the nearer form. English codes (Soundex, Metaphone) tear these names
apart and read one script, hence a rule of our own:

- vowels and the glides w and y inside a word are dropped; a word that begins with a vowel begins with `a`;
- spellings of one consonant are one: ch sh → c, dj zh → j, kh q ck → k, gh → g, ph → f, th → t, v → w, ts tz → s;
  `th` is also `s` (Othman, Osman), `c` before e, i, y is `s`;
- an h that ends a word or follows a consonant is not heard, a doubled consonant is one.

Not reached: pairs that differ by a consonant (Gamal, Jamal; Dawood, Davoud; Yohannes, Yonas).
"""

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from hro_desktop.law.tables import fold

__all__ = ["LEAST", "compact", "name_sounds", "number_parts", "sounds", "words"]

LEAST: Final = 2
"""Characters of a part of a number that can be looked for."""
_LONGEST: Final = 24
_TOGETHER: Final = 40

# Beyond `fold`: endings and hamza that one writes or leaves out, Persian, Urdu and Kurdish letters, signs for ayn.
_VARIANTS: Final = {
    "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ٱ": "ا", "ء": "", "ے": "ي", "ێ": "ي", "ې": "ي", "ۍ": "ي",
    "ۆ": "و", "ۇ": "و", "ۋ": "و", "ڪ": "ك", "ګ": "گ", "ڕ": "ر", "ڵ": "ل", "ټ": "ت", "ډ": "د", "ړ": "ر", "ڼ": "ن",
    "ə": "e", "ð": "d", "þ": "th", "ʿ": "", "ʾ": "", "ʻ": "", "ʼ": "", "ʽ": "", "ʹ": "",
}  # fmt: skip
# Rows of the Ethiopic syllabary that Tigrinya and Amharic write one for the other, in eight orders each.
_ROWS: Final = ((0x1210, 0x1200), (0x1280, 0x1200), (0x1220, 0x1230), (0x1340, 0x1338), (0x12D0, 0x12A0))
_FOLDED: Final = str.maketrans(
    {**_VARIANTS, **{chr(one + n): chr(other + n) for one, other in _ROWS for n in range(8)}}
)

_ARABIC: Final = {
    "ا": "a", "ع": "a", "ب": "b", "پ": "p", "ت": "t", "ث": "T", "ج": "j", "چ": "c", "ح": "h", "خ": "k", "د": "d",
    "ذ": "d", "ر": "r", "ز": "z", "ژ": "j", "س": "s", "ش": "c", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "غ": "g",
    "ف": "f", "ڤ": "w", "ق": "k", "ك": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w", "ي": "y",
}  # fmt: skip
_LATIN: Final = (
    ("tch", "c"), ("sch", "c"), ("ch", "c"), ("sh", "c"), ("dj", "j"), ("zh", "j"), ("kh", "k"), ("ck", "k"),
    ("gh", "g"), ("ph", "f"), ("th", "T"), ("dh", "d"), ("ts", "s"), ("tz", "s"), ("ce", "se"), ("ci", "si"),
    ("cy", "si"), ("c", "k"), ("q", "k"), ("x", "ks"), ("v", "w"),
)  # fmt: skip
_SPELLED: Final = re.compile("|".join(spelled for spelled, _ in _LATIN))
_HEARD: Final = dict(_LATIN)
_ETHIOPIC: Final = (
    ("TZ", "s"), ("TS", "s"), ("SZ", "s"), ("SH", "c"), ("CHH", "c"), ("CH", "c"), ("ZH", "j"), ("TH", "t"),
    ("PH", "p"), ("HH", "h"), ("KX", "h"), ("QH", "k"), ("NY", "n"), ("DD", "d"), ("GG", "g"), ("X", "h"), ("Q", "k"),
    ("V", "w"),
)  # fmt: skip
_PLAIN: Final = re.compile(r"[a-z0-9]+")
_OTHER_DIGIT: Final = re.compile(r"[^\D0-9]")
_APART: Final = "\u200c"
_UNSEEN: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | frozenset(map(chr, range(0xFE00, 0xFE10)))
_DOUBLED: Final = re.compile(r"([^aeiou])\1+")
_VOWELS: Final = "aeiou"
_ROUND: Final = "ou"


def words(text: str) -> list[str]:
    """The words of a text as they are kept and looked for, in their order."""
    found: list[str] = []
    for part in text.split():
        if part.isascii():  # most of a long account: what follows would give the same, ten times slower
            found += _PLAIN.findall(part.lower())
        else:
            found += _folded(part)
    return found


@functools.lru_cache(maxsize=20_000)
def sounds(word: str) -> tuple[str, ...]:
    """What a word sounds like, nearest first; nothing for a number or a script the rule does not read.

    Args:
        word: one word, as `words` gives it.
    """
    if not word.isalpha():
        return ()
    heard = _latin(word) or _arabic(word) or _ethiopic(word)
    both = [heard.replace("T", "t"), heard.replace("T", "s")] if "T" in heard else [heard]
    codes = [_skeleton(each) for each in both if each]
    near = [f"{code}{vowel}" for code, vowel in codes if code and vowel]
    return tuple(dict.fromkeys((*near, *(code for code, _ in codes if len(code) > 1))))


def name_sounds(names: Iterable[str]) -> Iterator[str]:
    """Every sound of whole names: of each word, and of two or three together, which others write as one."""
    for name in names:
        parts = words(name)
        for part in parts:
            yield from sounds(part)
        for count in (2, 3):
            for start in range(len(parts) - count + 1):
                together = "".join(parts[start : start + count])
                if len(together) <= _TOGETHER:
                    yield from sounds(together)


def compact(text: str) -> str:
    """A number or a plate without what separates its parts; a French telephone number begins with 0."""
    local = re.sub(r"(?:\+|\b00)\s*33\s*(?:\(0\)\s*)?(?=[1-9])", "0", text)
    joined = "".join(words(local))
    return joined[2:] if joined.isdigit() and len(joined) > 9 and joined.startswith("00") else joined


def number_parts(text: str) -> Iterator[str]:
    """What begins with some of the digits of a text: every end of every number, plate or telephone number in it.

    Somebody who read « 4567 » finds 1234567: what is looked for is the beginning of one of these.
    """
    for run in _runs(text):
        whole = compact(run)[:_LONGEST]
        for start in range(max(len(whole) - LEAST + 1, 1)):
            yield whole[start:]


def _runs(text: str) -> Iterator[str]:
    """Parts of a text that are one number: words with a digit, and the pairs of letters of a plate beside them."""
    for match in re.finditer(r"[^\s,;:/]+(?:[\s]+[^\s,;:/]+)*", text):
        run: list[str] = []
        for word in [*match.group().split(), ""]:
            plain = "".join(words(word))
            if plain and (any(map(str.isdigit, plain)) or len(plain) <= LEAST):
                run.append(word)
                continue
            if any(each.isdigit() for part in run for each in part):
                yield " ".join(run)
            run = []


def _seen(part: str) -> str:
    """Without the signs that nobody sees, so that they cut no word in two: a name of a file may hold them on purpose.

    Between Arabic letters the one that keeps them apart is written like a space, and stays.
    """
    spaced = any("\u0600" <= each <= "\u06ff" for each in part)
    return "".join(
        each
        for each in part
        if (each == _APART and spaced) or not (unicodedata.category(each) == "Cf" or each in _UNSEEN)
    )


@functools.lru_cache(maxsize=20_000)
def _folded(part: str) -> tuple[str, ...]:
    plain = fold(_seen(part)).translate(_FOLDED)
    return tuple(_OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), plain).split())


def _latin(word: str) -> str:
    if not word.isascii():
        return ""
    heard = _SPELLED.sub(lambda found: _HEARD[found.group()], _DOUBLED.sub(r"\1", word))
    heard = _DOUBLED.sub(r"\1", heard)  # spellings that follow may be one sound
    return re.sub(r"(?<=[^aeiouwyh])h", "", heard)


def _arabic(word: str) -> str:
    if not all(letter in _ARABIC for letter in word):
        return ""
    heard = "".join(_ARABIC[letter] for letter in word.replace("لله", "له"))
    return f"A{heard[1:]}" if heard.startswith("a") else heard


def _ethiopic(word: str) -> str:
    heard = ""
    for letter in word:
        named = unicodedata.name(letter, "").removeprefix("ETHIOPIC SYLLABLE ")
        if (" " in named and not named.startswith(("GLOTTAL", "PHARYNGEAL"))) or not named:
            return ""
        syllable = named.split()[-1]
        for spelled, plain in _ETHIOPIC:
            if syllable.startswith(spelled):
                syllable = plain + syllable[len(spelled) :]
                break
        heard += syllable.lower()
    return heard


def _skeleton(heard: str) -> tuple[str, str]:
    """The consonants, and whether the first vowel is round (`u`) or not (`a`); nothing where none is written.

    Arabic letters that begin a word (`A`) carry any vowel.
    """
    body = heard.rstrip("h")
    body = body if len(body) > 1 else heard
    code, vowel = "", ""
    for place, letter in enumerate(body):
        glide = letter in "wy" and place > 0
        if letter in f"{_VOWELS}A" or glide:
            vowel = vowel or ("" if letter == "y" else "u" if letter in f"{_ROUND}w" else "a")
            code += "a" if place == 0 else ""
        else:
            code += letter
    return code, "" if body.startswith("A") else vowel
