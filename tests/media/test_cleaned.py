# SPDX-License-Identifier: GPL-3.0-or-later
import io
import struct

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from hro_desktop.faults import Fault
from hro_desktop.media.cleaned import Cleaned, clean
from hro_desktop.media.facts import examine
from tests.media import made

CANARIES = (b"FP5", b"Fairphone", b"canari", b"2026:10:12", b"adobe", b"Exif", b"ICC_PROFILE", b"Photoshop")


def cleaned(content: bytes) -> Cleaned:
    found = clean(io.BytesIO(content))
    assert not [canary for canary in CANARIES if canary in found.content]
    facts = examine(io.BytesIO(found.content))
    assert (facts.media_type, facts.width, facts.height) == (found.media_type, found.width, found.height)
    assert (facts.has_exif, facts.gps, facts.device, facts.taken_at, facts.notes) == (False, None, "", None, ())
    return found


def loaded() -> bytes:
    """A photograph with all a telephone and an editor may hang on it: EXIF, comment, profile, XMP, Photoshop, tail."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = made.picture(exif=made.exif(), comment=b"canari-commentaire", icc_profile=profile)
    packets = b""
    for mark, start in ((b"\xff\xe1", b"http://ns.adobe.com/xap/1.0/\0"), (b"\xff\xed", b"Photoshop 3.0\0")):
        body = start + b"canari-editeur"
        packets += mark + struct.pack(">H", len(body) + 2) + body
    return content[:2] + packets + content[2:] + b"canari-apres-la-fin"


def test_nothing_but_the_pixels_leaves() -> None:
    content = loaded()
    assert sum(canary in content for canary in CANARIES) >= 7
    found = cleaned(content)
    assert (found.media_type, found.width, found.height, found.left_out) == ("image/jpeg", 640, 480, 0)
    with Image.open(io.BytesIO(found.content)) as picture:
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        red, _, blue = picture.getpixel((100, 200))  # type: ignore[misc]
        assert red > 150 > blue


def test_heic_leaves_as_jpeg() -> None:
    found = cleaned(made.heic(exif=made.exif().tobytes()))
    assert (found.media_type, found.width, found.height) == ("image/jpeg", 640, 480)


def test_png_stays_exact() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "canari-auteur")
    words.add_itxt("XML:com.adobe.xmp", "<x>canari</x>")
    found = cleaned(made.picture("PNG", pnginfo=words, exif=made.exif(), dpi=(96, 96)))
    assert found.media_type == "image/png"
    with (
        Image.open(io.BytesIO(found.content)) as picture,
        Image.open(io.BytesIO(made.picture("PNG"))) as before,
    ):
        assert picture.tobytes() == before.tobytes()
        assert picture.info == {}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_applied(orientation: int) -> None:
    """Where the red half goes, by EXIF 2.32: left, right, right, left, then top, top, bottom, bottom."""
    found = cleaned(made.picture(exif=made.exif(orientation=orientation)))
    red_at = [(80, 240), (560, 240), (560, 240), (80, 240), (240, 80), (240, 80), (240, 560), (240, 560)]
    assert (found.width, found.height) == ((640, 480) if orientation < 5 else (480, 640))
    with Image.open(io.BytesIO(found.content)) as picture:
        red, _, blue = picture.getpixel(red_at[orientation - 1])  # type: ignore[misc]
        assert red > 150 > blue


def test_transparency_stays_in_a_screenshot() -> None:
    output = io.BytesIO()
    Image.new("RGBA", (40, 30), (200, 10, 10, 90)).save(output, "PNG")
    with Image.open(io.BytesIO(cleaned(output.getvalue()).content)) as picture:
        assert picture.getpixel((5, 5)) == (200, 10, 10, 90)


def test_colours_of_a_profile_are_brought_to_srgb() -> None:
    """Without its profile, the same number would be another colour: here the profile says a strongly other one."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"  # red and green exchanged
    content = made.picture("PNG", icc_profile=bytes(profile))
    with Image.open(io.BytesIO(cleaned(content).content)) as picture:
        red_part, green_part, _ = picture.getpixel((100, 100))  # type: ignore[misc]
    assert green_part > 150 > red_part


def test_a_damaged_profile_costs_nothing_but_itself() -> None:
    assert cleaned(made.picture("PNG", icc_profile=b"not a profile")).width == 640


def test_further_pictures_are_counted() -> None:
    output = io.BytesIO()
    pages = [Image.new("RGB", (50, 40), colour) for colour in ("red", "green", "blue")]
    pages[0].save(output, "TIFF", save_all=True, append_images=pages[1:])
    assert cleaned(output.getvalue()).left_out == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7", "media.not_a_picture"),
        (made.film(), "media.not_a_picture"),
        (made.picture()[:900], "media.unreadable"),
        (made.png_claiming(50_000, 50_000), "media.huge"),
    ],
)
def test_what_cannot_be_cleaned_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Fault) as caught:
        clean(io.BytesIO(content))
    assert caught.value.code == code
    assert caught.value.sentence.endswith(".")
