# SPDX-License-Identifier: GPL-3.0-or-later
import io

import pytest
from PIL import Image

from hro_desktop.media.thumbnails import thumbnail
from tests.media import made


def small(content: bytes) -> Image.Image:
    found = thumbnail(io.BytesIO(content))
    assert found is not None
    return Image.open(io.BytesIO(found))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "AVIF"])
def test_pictures_have_one(form: str) -> None:
    picture = small(made.picture(form, size=(1600, 900)))
    assert (picture.format, picture.size, picture.mode) == ("JPEG", (512, 288), "RGB")


def test_heic_has_one() -> None:
    assert small(made.heic()).size == (512, 384)


def test_a_small_picture_is_not_enlarged() -> None:
    assert small(made.picture(size=(60, 40))).size == (60, 40)


def test_it_is_upright() -> None:
    """Orientation 6: the red left half is the top once turned."""
    picture = small(made.picture(size=(1600, 900), exif=made.exif(orientation=6)))
    assert picture.size == (288, 512)
    red, _, blue = picture.getpixel((144, 60))  # type: ignore[misc]
    assert red > 150 > blue


def test_it_carries_no_metadata() -> None:
    made_from = made.picture(exif=made.exif(), comment=b"canari-commentaire")
    assert b"FP5" in made_from
    found = thumbnail(io.BytesIO(made_from))
    assert found is not None
    with Image.open(io.BytesIO(found)) as picture:
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"FP5" not in found
    assert b"canari" not in found


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16", "I", "CMYK"])
def test_every_mode(mode: str) -> None:
    form = "TIFF" if mode in ("CMYK", "I") else "PNG"
    image = Image.new("RGB", (600, 400), "#808080").convert("L")
    if mode.startswith("I"):
        wide = image.convert("I").point(lambda value: value * 256)
        image = wide.convert("I;16") if mode == "I;16" else wide
        image.paste(0, (0, 0, 300, 400))
    elif mode == "CMYK":
        image = image.convert("RGB").convert(mode)
    else:
        image = image.convert(mode)
    output = io.BytesIO()
    image.save(output, form)
    picture = small(output.getvalue())
    assert picture.mode == "RGB"
    if mode == "I;16":
        grey = picture.getpixel((450, 200))
        assert isinstance(grey, tuple)
        assert 120 <= grey[0] <= 136


def test_what_is_no_picture_has_none() -> None:
    for content in (made.film(), made.sound(), b"%PDF-1.7", b"", "récit".encode()):
        assert thumbnail(io.BytesIO(content)) is None
