# SPDX-License-Identifier: GPL-3.0-or-later
"""Small pictures for lists. They say nothing of the camera, the place or the moment."""

import io
from typing import BinaryIO

from hro_desktop.media.kinds import kind_of
from hro_desktop.media.pictures import MAX_PIXELS, Unreadable, bare, content_of, guarded, open_picture, upright
from hro_desktop.media.source import Source

__all__ = ["thumbnail"]

SIDE = 512
"""Pixels of the longer side, at most."""


def thumbnail(stream: BinaryIO) -> bytes | None:
    """A JPEG of at most 512 pixels, upright, without metadata; None for what is not a picture we can decode.

    Raises:
        Fault: `media.read` when the stream itself fails.
    """
    source = Source(stream)
    kind = kind_of(source)
    if kind.family != "image":
        return None
    try:
        content = content_of(source)
        with guarded():
            picture = open_picture(content, kind)
            if picture.width * picture.height > 2 * MAX_PIXELS:
                return None
            if kind.media_type == "image/jpeg":
                picture.draft("RGB", (2 * SIDE, 2 * SIDE))  # decodes an eighth of each side of a large photo
            picture = upright(picture)
            if picture.mode != "RGB":
                picture = bare(picture, "RGB")
            picture.thumbnail((SIDE, SIDE), reducing_gap=2.0)
            output = io.BytesIO()
            bare(picture, "RGB").save(output, "JPEG", quality=80, optimize=True)
            return output.getvalue()
    except Unreadable:
        return None
