# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening a picture that may be a trap: only the parser its content calls for, a bounded size, a bounded effort."""

import importlib
import io
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from PIL import Image

from hro_desktop.faults import Fault
from hro_desktop.media.kinds import Kind
from hro_desktop.media.source import Source

__all__ = ["MAX_PIXELS", "Unreadable", "bare", "content_of", "guarded", "open_picture", "upright"]

MAX_PIXELS = 120_000_000
"""Pictures are decoded up to this size (a telephone of 108 megapixels; 360 MB of memory), refused above."""

READ_LIMIT = 200_000
"""Reads one parser may make of a file: a trap of millions of empty chunks ends here, in about a second."""

SCAN_LIMIT = 200
"""Passes of a progressive JPEG; cameras write about ten, each costs a whole decoding."""

ORIENTATION = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# One parser per type, imported when first needed. `Image.open` would try them all on a hostile file, and refuses large
# photographs by a limit common to the whole process.
_PARSERS: Final = {
    "image/jpeg": ("PIL.JpegImagePlugin", "JpegImageFile"),
    "image/png": ("PIL.PngImagePlugin", "PngImageFile"),
    "image/gif": ("PIL.GifImagePlugin", "GifImageFile"),
    "image/bmp": ("PIL.BmpImagePlugin", "BmpImageFile"),
    "image/tiff": ("PIL.TiffImagePlugin", "TiffImageFile"),
    "image/webp": ("PIL.WebPImagePlugin", "WebPImageFile"),
    "image/avif": ("PIL.AvifImagePlugin", "AvifImageFile"),
    "image/heic": ("pillow_heif", "HeifImageFile"),
}

# Pillow warns of damaged metadata by `warnings`, whose switches belong to the whole process.
_ONE_AT_A_TIME: Final = threading.Lock()


class Unreadable(Exception):  # noqa: N818 - like a fault, it names what happened
    """The picture cannot be decoded: `reason` is `damaged`, `huge`, `unsupported`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Counted(io.BytesIO):
    """A file in memory that ends a parser which does not end by itself."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        if self.reads > READ_LIMIT:
            raise Unreadable("damaged")
        return super().read(size)


@contextmanager
def guarded() -> Iterator[None]:
    """Whatever a decoder throws at a hostile file becomes `Unreadable`; only a fault of the disk passes."""
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except (Fault, Unreadable):
            raise
        except Exception:  # decoders raise nearly every type there is
            raise Unreadable("damaged") from None


def content_of(source: Source) -> bytes:
    """The whole file, read before `guarded` so that one slow disk does not hold up the other pictures.

    Raises:
        Unreadable: more than `source.WHOLE_LIMIT`.
    """
    content = source.whole()
    if content is None:
        raise Unreadable("huge")
    return content


def open_picture(content: bytes, kind: Kind) -> Image.Image:
    """The picture with its header read and no pixel decoded yet. To be called inside `guarded`.

    Raises:
        Unreadable: not a format we decode, or a damaged header.
    """
    if kind.media_type not in _PARSERS:
        raise Unreadable("unsupported")
    if kind.media_type == "image/jpeg" and content.count(b"\xff\xda") > SCAN_LIMIT:
        raise Unreadable("damaged")
    module, name = _PARSERS[kind.media_type]
    parser: Callable[[io.BytesIO], Image.Image] = getattr(importlib.import_module(module), name)
    return parser(_Counted(content))


def upright(picture: Image.Image) -> Image.Image:
    """The picture turned the way it was taken, as the EXIF orientation says.

    Raises:
        Unreadable: more than `MAX_PIXELS`.
    """
    if picture.width * picture.height > MAX_PIXELS:
        raise Unreadable("huge")
    turn = _TURNS.get(picture.getexif().get(ORIENTATION, 1))
    return picture.transpose(turn) if turn is not None else picture


def bare(picture: Image.Image, mode: str, background: str = "white") -> Image.Image:
    """The pixels alone: a new picture that shares no comment, profile or tag with the one given."""
    new = Image.new(mode, picture.size, background)
    if mode == "RGB" and picture.has_transparency_data:
        picture = picture.convert("RGBA")
        new.paste(picture, mask=picture.getchannel("A"))
    else:
        new.paste(_eight_bits(picture).convert(mode))
    return new


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Sixteen-bit and floating greys brought to the range of a screen: Pillow would cut them off at 255."""
    if picture.mode.startswith("I;16"):
        low, high = 0.0, 65535.0
    elif picture.mode in ("I", "F"):
        low, high = (float(bound) for bound in picture.getextrema())  # type: ignore[arg-type]
    else:
        return picture
    scale = 255.0 / ((high - low) or 1.0)
    return picture.convert("F").point(lambda value: value * scale + -low * scale).convert("L")
