# SPDX-License-Identifier: GPL-3.0-or-later
"""The copy of a picture that may leave: the same pixels, and nothing that says who, where, when or with what.

The original stays as it was received; the copy is a new item that points at it.
"""

import io
import math
from collections.abc import Sequence
from typing import BinaryIO

import attrs
from PIL import Image, ImageCms

from hro_desktop.faults import Fault
from hro_desktop.media.kinds import kind_of
from hro_desktop.media.pictures import Unreadable, bare, content_of, guarded, open_picture, upright
from hro_desktop.media.source import Source

__all__ = ["Box", "Cleaned", "clean"]

QUALITY = 92
"""Of the JPEG written again: no visible difference, about the size of the camera's own."""

MASK = (96, 96, 96)
"""Colour of what is painted over."""

_LOSSLESS = ("image/png", "image/gif", "image/bmp", "image/tiff")


@attrs.frozen
class Cleaned:
    """A cleaned copy.

    Attributes:
        content: JPEG for photographs, PNG for what had no loss.
        left_out: further pictures of the file (pages of a TIFF, animation) that the copy does not hold. To be told.
    """

    content: bytes
    media_type: str
    width: int
    height: int
    left_out: int = 0


Box = tuple[float, float, float, float]
"""Left, top, right and bottom of a part of the upright picture, from 0 to 1."""


def clean(stream: BinaryIO, hidden: Sequence[Box] = ()) -> Cleaned:
    """Decodes the picture, turns it upright, brings its colours to sRGB and writes the pixels alone.

    Args:
        stream: the picture.
        hidden: parts that are painted over, so that nothing of what was there is in the copy.

    Raises:
        Fault: `media.not_a_picture`, `media.unreadable` or `media.huge`: then nothing may leave in its place;
            `media.read` when the stream itself fails.
    """
    source = Source(stream)
    kind = kind_of(source)
    if kind.family != "image":
        raise Fault("media.not_a_picture", "Ce fichier n’est pas une image\u00a0: il n’a pas de copie nettoyée.")
    lossless = kind.media_type in _LOSSLESS
    try:
        content = content_of(source)
        with guarded():
            picture = open_picture(content, kind)
            frames = int(getattr(picture, "n_frames", 1))
            picture = _standard_colours(upright(picture))
            mode = "RGBA" if lossless and picture.has_transparency_data else "RGB"
            copy = bare(picture, mode)
            for part in hidden:
                _paint_over(copy, part)
            output = io.BytesIO()
            if lossless:
                copy.save(output, "PNG")
            else:
                copy.save(output, "JPEG", quality=QUALITY, subsampling=0)
    except Unreadable as problem:
        raise _refused(problem.reason) from None
    media_type = "image/png" if lossless else "image/jpeg"
    return Cleaned(output.getvalue(), media_type, copy.width, copy.height, left_out=frames - 1)


def _paint_over(picture: Image.Image, part: Box) -> None:
    """Grey, whole pixels, outwards: a blur could be undone in part."""
    width, height = picture.size
    left, right = sorted((part[0] * width, part[2] * width))
    top, bottom = sorted((part[1] * height, part[3] * height))
    picture.paste(
        MASK,
        (
            max(0, math.floor(left)),
            max(0, math.floor(top)),
            min(width, math.ceil(right)),
            min(height, math.ceil(bottom)),
        ),
    )


def _standard_colours(picture: Image.Image) -> Image.Image:
    """Telephones write in wide colours with a profile; without it a bruise would change its colour."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        return (
            ImageCms.profileToProfile(
                picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            or picture
        )
    except (ImageCms.PyCMSError, OSError, ValueError):  # a damaged profile: the colours as they are
        return picture


def _refused(reason: str) -> Fault:
    sentences = {
        "huge": "L’image est trop grande pour qu’une copie nettoyée en soit faite. "
        "Réduisez-la avec un autre logiciel, puis ajoutez cette version comme nouvelle pièce.",
        "damaged": "L’image est endommagée\u00a0: aucune copie nettoyée n’a pu en être faite. "
        "L’original est conservé\u00a0; ajoutez une autre version de l’image si vous en avez une.",
        "unsupported": "Ce format d’image ne peut pas être nettoyé. "
        "Enregistrez l’image en JPEG ou en PNG, puis ajoutez cette version comme nouvelle pièce.",
    }
    return Fault("media.huge" if reason == "huge" else "media.unreadable", sentences[reason])
