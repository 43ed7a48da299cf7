# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of an exhibit that is a picture.

The picture is decoded and written anew: nothing the camera noted (place, owner, device, thumbnail, a second picture
or a film behind the first) comes along. It stands the way it was taken, as large as an A4 page allows beside its stamp
and number, with 300 pixels to the inch at most.
"""

import contextlib
import importlib
import io
import struct
import warnings
from collections.abc import Iterator
from typing import BinaryIO, Final

from PIL import Image, ImageCms, UnidentifiedImageError

from forms.binding.assembly import Assembly, number_text
from forms.binding.copying import bare_jpeg
from forms.binding.source import Leaf
from forms.text import A4

__all__ = ["IMAGE_ERRORS", "TooLargeError", "image_pages"]

IMAGE_ERRORS: Final = (
    UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError, RuntimeError,
    OverflowError, struct.error, AttributeError, ZeroDivisionError, NotImplementedError,
)  # fmt: skip
"""What a damaged picture may raise in its decoder."""

# Only formats for pictures, all decoded inside this process: none that runs a program (EPS) or reads other files.
_FORMATS: Final = {
    "JPEG": "Jpeg",
    "PNG": "Png",
    "TIFF": "Tiff",
    "WEBP": "WebP",
    "GIF": "Gif",
    "BMP": "Bmp",
    "JPEG2000": "Jpeg2K",
    "AVIF": "Avif",
}
_SHRINKABLE: Final = ("JPEG", "MPO")  # these can be decoded at a half, a quarter or an eighth of their size
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})

_MOST_BYTES: Final = 400_000_000  # of a decoded picture
_MOST_SHEETS: Final = 500  # of a scan of several
_DENSITY: Final = 300 / 72  # pixels to the point
_SIDE: Final = 28.0  # margins of the page, in points; stamp and number stand above and below the picture
_END: Final = 34.0
_QUALITY: Final = 90


class TooLargeError(Exception):
    """Decoded, the picture would not fit into memory."""


def image_pages(stream: BinaryIO, target: Assembly) -> tuple[list[Leaf], frozenset[str]]:
    """Write the picture, or each sheet of a scan.

    Returns:
        the pages, and what was noticed: an `animation`, of which only the first picture is shown.

    Raises:
        TooLargeError: it needs more than 400 MB decoded.
        IMAGE_ERRORS: one of these, when it cannot be read.
    """
    with _opened(stream) as image:
        count = getattr(image, "n_frames", 1)
        if image.format != "TIFF":
            kinds = {"animation"} if count > 1 and image.format in {"GIF", "PNG", "WEBP"} else set()
            return [_page(image, target)], frozenset(kinds)
        if count > _MOST_SHEETS:
            raise TooLargeError
        leaves = []
        for number in range(count):
            image.seek(number)
            leaves.append(_page(image, target))
        return leaves, frozenset()


@contextlib.contextmanager
def _opened(stream: BinaryIO) -> Iterator[Image.Image]:
    head = stream.read(12)
    stream.seek(0)
    with warnings.catch_warnings():
        # The size is judged here; a warning about slightly wrong EXIF is no concern of the person who reads the page.
        warnings.simplefilter("ignore")
        try:
            if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
                from pillow_heif import HeifImageFile

                image: Image.Image = HeifImageFile(stream)  # type: ignore[no-untyped-call]
            else:
                for name in _FORMATS.values():
                    importlib.import_module(f"PIL.{name}ImagePlugin")
                image = Image.open(stream, formats=list(_FORMATS))
        except Image.DecompressionBombError as error:
            raise TooLargeError from error
        with image:
            yield image


def _page(image: Image.Image, target: Assembly) -> Leaf:
    """Write one picture and place it on a page that lies or stands as the picture does."""
    if image.format not in _SHRINKABLE:
        _bounded(image)  # first of all: for a PNG, to ask for the EXIF is to decode it
    turned = image.getexif().get(0x0112, 1)
    swap = turned in {5, 6, 7, 8}
    wide, tall = _proportions(image)
    if swap:
        wide, tall = tall, wide
    page = A4 if wide <= tall else (A4[1], A4[0])
    room = (page[0] - 2 * _SIDE, page[1] - 2 * _END)
    # Never more than a point to the pixel: a thumbnail is not blown up into a page of blocks.
    scale = min(room[0] / wide, room[1] / tall, 1.0)
    shown = (wide * scale, tall * scale)
    most = (max(1, round(shown[0] * _DENSITY)), max(1, round(shown[1] * _DENSITY)))
    plain = _decoded(image, (most[1], most[0]) if swap else most, turned)
    name = _write(plain, image.format in _SHRINKABLE, target)
    place = (shown[0], 0, 0, shown[1], (page[0] - shown[0]) / 2, (page[1] - shown[1]) / 2)
    operators = b" ".join(map(number_text, place)) + b" cm /X Do"
    return Leaf((0.0, 0.0, *page), operators, {"X": name})


def _bounded(image: Image.Image) -> None:
    if image.width * image.height * max(1, len(image.getbands())) > _MOST_BYTES:
        raise TooLargeError


def _proportions(image: Image.Image) -> tuple[float, float]:
    """Width and height in square pixels: a fax has fewer lines than points in a line."""
    wide, tall = float(image.width), float(image.height)
    density = image.info.get("dpi") if image.format == "TIFF" else None
    if isinstance(density, tuple) and len(density) == 2:
        across, down = (float(part) for part in density)
        if across > 0 and down > 0 and 1.05 < max(across / down, down / across) < 4:
            tall *= across / down
    return wide, tall


def _decoded(image: Image.Image, most: tuple[int, int], turned: int) -> Image.Image:
    """The pixels, no more of them than the page shows, upright, in grey, red-green-blue or black and white."""
    if image.format in _SHRINKABLE:
        image.draft(image.mode, most)
    _bounded(image)
    profile = image.info.get("icc_profile")
    image.load()
    plain = _plain(image)
    if plain.width > most[0] or plain.height > most[1]:
        if plain.mode == "1":
            plain = plain.convert("L")
        size = (min(plain.width, most[0]), min(plain.height, most[1]))
        plain = plain.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    plain = _in_srgb(plain, profile)
    return _upright(plain, turned) if turned in range(2, 9) else plain


def _upright(image: Image.Image, turned: int) -> Image.Image:
    """Undo the turn the camera noted (EXIF, tag 0x0112)."""
    moves = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    return image.transpose(moves[turned])


def _plain(image: Image.Image) -> Image.Image:
    """A picture without transparency, in a mode that a PDF shows; CMYK stays so until its profile is applied."""
    mode = image.mode
    if mode.startswith("I;16") or mode in {"I", "F"}:
        # 16 bits are brought to 8; a file of wider numbers is spread over the range it uses.
        factor = 255 / 65535 if mode.startswith("I;16") else 255 / max(float(str(image.getextrema()[1])), 1.0)
        return image.convert("F").point(lambda value: value * factor).convert("L")
    if mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        over = image.convert("RGBA")
        white = Image.new("RGBA", over.size, "white")
        return Image.alpha_composite(white, over).convert("RGB")
    if mode in {"1", "L", "RGB", "CMYK"}:
        return image
    return image.convert("RGB")


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """The colours as a printer without profiles expects them; the profile itself may name a device and is dropped."""
    if image.mode in {"RGB", "CMYK", "L"} and isinstance(profile, bytes) and profile:
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            space = own.profile.xcolor_space.strip()
            if space == {"RGB": "RGB", "CMYK": "CMYK"}.get(image.mode):
                converted = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
                return converted if converted is not None else image
    return image.convert("RGB") if image.mode == "CMYK" else image


def _write(image: Image.Image, photo: bool, target: Assembly) -> int:
    """Write the pixels: black and white without loss, all else as a JPEG."""
    sides = b"/Type /XObject /Subtype /Image /Width %d /Height %d " % image.size
    if image.mode == "1":
        return target.stream(sides + b"/ColorSpace /DeviceGray /BitsPerComponent 1", image.tobytes(), pack=True)
    image.info.clear()  # a comment would be written into the new file
    made = io.BytesIO()
    # Photographs come with halved colour already; letters in a screenshot would get coloured edges from it.
    image.save(made, "JPEG", quality=_QUALITY, subsampling=2 if photo else 0)
    space = b"/DeviceGray" if image.mode == "L" else b"/DeviceRGB"
    entries = sides + b"/ColorSpace %b /BitsPerComponent 8 /Filter /DCTDecode" % space
    return target.stream(entries, bare_jpeg(made.getvalue()))
