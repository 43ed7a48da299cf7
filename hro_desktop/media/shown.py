# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture for the screen: upright, in plain colours, no larger than a screen can use."""

from typing import BinaryIO, Final

import attrs

from hro_desktop.faults import Fault
from hro_desktop.media.kinds import kind_of
from hro_desktop.media.pictures import MAX_PIXELS, Unreadable, bare, content_of, guarded, open_picture, upright
from hro_desktop.media.source import Source

__all__ = ["Shown", "show"]

MOST_PIXELS: Final = 24_000_000
"""Pixels kept of a picture: 72 MB; a larger one is reduced, its original stays as it is."""


@attrs.frozen
class Shown:
    """An opaque picture, three bytes to the pixel, red, green, blue, rows without padding.

    Attributes:
        full: width and height of the picture itself, upright; larger than what is shown when it was reduced.
        further: other pictures of the file that are not shown: pages of a TIFF, animation.
    """

    width: int
    height: int
    data: bytes = attrs.field(repr=False)
    full: tuple[int, int] = (0, 0)
    further: int = 0


def show(stream: BinaryIO, most_pixels: int = MOST_PIXELS) -> Shown:
    """Decode a picture, at most so many pixels of it.

    Raises:
        Fault: `media.not_a_picture`, `media.huge`, `media.unreadable`; `media.read` when the stream itself fails.
    """
    source = Source(stream)
    kind = kind_of(source)
    if kind.family != "image":
        raise Fault("media.not_a_picture", "Ce fichier n’est pas une image.")
    try:
        content = content_of(source)
        with guarded():
            picture = open_picture(content, kind)
            size, further = picture.size, int(getattr(picture, "n_frames", 1)) - 1
            if size[0] * size[1] > MAX_PIXELS:
                raise Unreadable("huge")
            least = min(1.0, (most_pixels / max(1, size[0] * size[1])) ** 0.5)
            if kind.media_type == "image/jpeg" and least < 1.0:
                picture.draft("RGB", (round(size[0] * least), round(size[1] * least)))
            picture = bare(upright(picture), "RGB")
            turned = (picture.width > picture.height) != (size[0] > size[1])
            full = (size[1], size[0]) if turned else size
            if picture.width * picture.height > most_pixels:
                picture.thumbnail((max(1, round(full[0] * least)), max(1, round(full[1] * least))), reducing_gap=2.0)
            return Shown(picture.width, picture.height, picture.tobytes(), full, further)
    except Unreadable as problem:
        raise _refused(problem.reason) from None


def _refused(reason: str) -> Fault:
    if reason == "huge":
        return Fault("media.huge", "L’image est trop grande pour être affichée\u00a0: l’original est conservé intact.")
    if reason == "unsupported":
        return Fault(
            "media.unreadable", "Ce format d’image ne s’affiche pas ici\u00a0: l’original est conservé intact."
        )
    return Fault(
        "media.unreadable",
        "L’image est endommagée ou incomplète\u00a0: elle ne peut pas être affichée, l’original est conservé tel quel.",
    )
