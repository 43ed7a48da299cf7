# SPDX-License-Identifier: GPL-3.0-or-later
"""Characters of a letter that no bundled font has: named, and drawn as a box, not left blank."""

import re
from collections.abc import Collection
from typing import Final

from forms.clean import open_package, write_package

__all__ = ["shapeless", "with_boxes"]

BOX: Final = "□"
_TEXT: Final = re.compile("(<w:t(?: [^>]*)?>)([^<]+)")
_TEXT_PART: Final = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")


def shapeless(texts: Collection[str]) -> str:
    """The characters that none of the bundled fonts draws, each once, in the order of the texts."""
    from forms.text.faces import faces, ignorable

    fonts = faces(False)
    used = dict.fromkeys(character for text in texts for character in text)
    return "".join(
        character
        for character in used
        if not (character.isspace() or ignorable(character) or any(font.draws(character) for font in fonts))
    )


def with_boxes(docx: bytes) -> bytes:
    """A copy for the converter in which a box stands for each character without a shape: a blank would hide it."""
    parts = open_package(docx)
    boxed = {name: _boxed(part) for name, part in parts.items() if _TEXT_PART.fullmatch(name)}
    if all(parts[name] == part for name, part in boxed.items()):
        return docx
    return write_package({**parts, **boxed})


def _boxed(part: bytes) -> bytes:
    text = part.decode("utf-8")
    boxes = str.maketrans(dict.fromkeys(shapeless([text]), BOX))
    return _TEXT.sub(lambda found: found[1] + found[2].translate(boxes), text).encode() if boxes else part
