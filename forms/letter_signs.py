# SPDX-License-Identifier: GPL-3.0-or-later
"""Characters of a letter that no bundled font has: named, and drawn as a box, not left blank."""

import re
from collections.abc import Collection
from typing import Final

from forms.clean import Parts

__all__ = ["shapeless", "with_boxes"]

BOX: Final = "□"
_TEXT: Final = re.compile("(<w:t(?: [^>]*)?>)([^<]+)")
_TEXT_PART: Final = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")


def shapeless(texts: Collection[str]) -> str:
    """The characters that none of the bundled fonts draws, each once, in the order of the texts."""
    from forms.text.faces import faces, ignorable

    fonts = faces(False)
    used = dict.fromkeys("".join(texts))
    return "".join(
        character
        for character in used
        if not (character.isspace() or ignorable(character) or any(font.draws(character) for font in fonts))
    )


def with_boxes(parts: Parts) -> Parts:
    """A copy for the converter in which a box stands for each character without a shape: a blank would hide it."""
    boxed = {name: _boxed(part) for name, part in parts.items() if _TEXT_PART.fullmatch(name)}
    return {**parts, **boxed}


def _boxed(part: bytes) -> bytes:
    text = part.decode("utf-8")
    boxes = str.maketrans(dict.fromkeys(shapeless([text]), BOX))
    return _TEXT.sub(lambda found: found[1] + found[2].translate(boxes), text).encode() if boxes else part
