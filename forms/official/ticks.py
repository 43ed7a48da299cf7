# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the tick a form brings along will show in every reader."""

import re
from collections.abc import Mapping
from typing import Final

import pikepdf
from pikepdf import Dictionary, Stream

from forms.official.nodes import child, keyed, text

__all__ = ["own_tick"]

_LARGEST: Final = 20_000
_FONT: Final = re.compile(rb"\bTf\b")
_PAINTS: Final = re.compile(rb"(?<![\w/])(?:f\*?|F|B\*?|b\*?|S|s|Do|sh|Tj|TJ)(?![\w/*])")


def own_tick(found: Mapping[bytes, Stream]) -> tuple[bytes, Stream] | None:
    """The state and appearance that tick a box when they paint something of their own without a foreign font.

    A tick in a font the file does not hold vanishes in readers that have none of that name.
    """
    on = next(((raw, stream) for raw, stream in found.items() if raw != b"Off"), None)
    if on is None:
        return None
    data = _data(on[1])
    if not _PAINTS.search(data) or (_FONT.search(data) and not _fonts_held(on[1])):
        return None
    off = found.get(b"Off")
    return None if off is not None and _data(off) == data else on


def _data(stream: Stream) -> bytes:
    try:
        return bytes(stream.read_bytes())[:_LARGEST]
    except (pikepdf.PdfError, ValueError, NotImplementedError):
        return b""


def _fonts_held(stream: Stream) -> bool:
    resources = child(stream, "/Resources", Dictionary)
    fonts = child(resources, "/Font", Dictionary) if resources is not None else None
    if fonts is None or not len(fonts.keys()):
        return False
    return all(isinstance(font, Dictionary) and _held(font) for _, font in fonts.items())


def _held(font: pikepdf.Object) -> bool:
    if text(keyed(font, "/Subtype")) == "Type3":
        return True
    descriptor = child(font, "/FontDescriptor", Dictionary)
    return descriptor is not None and any(
        isinstance(keyed(descriptor, key), Stream) for key in ("/FontFile", "/FontFile2", "/FontFile3")
    )
