# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on a picture, a film or a sound names each kind of thing put into it, and nothing for a cleaned copy."""

import io
import struct

import pytest
from PIL import Image, PngImagePlugin

from hro_desktop.media.cleaned import clean
from hro_desktop.media.contents import SENTENCES, has_cleaned_copy, of_media
from tests.media import made


def codes(content: bytes) -> set[str]:
    found = of_media(io.BytesIO(content))
    assert all(SENTENCES[code] == sentence for code, sentence in found)
    assert "canari" not in str(found)
    return {code for code, _ in found}


def tagged(tag: int, value: object, form: str = "JPEG") -> bytes:
    block = Image.Exif()
    block[tag] = value
    return made.picture(form, exif=block)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_says_when_where_and_with_what_and_its_copy_nothing(form: str) -> None:
    content = made.picture(form, exif=made.exif())
    assert codes(content) == {"date", "place", "device"}
    assert codes(made.picture(form)) == set()
    assert codes(clean(io.BytesIO(content)).content) == set()


def test_heic_and_tiff_too() -> None:
    assert codes(made.heic(exif=made.exif().tobytes())) >= {"date", "place", "device"}
    assert codes(made.heic()) == set()
    assert codes(made.picture("TIFF", tiffinfo={315: "canari", 305: "canari"})) == {"author", "software"}
    assert codes(made.picture("TIFF")) == set()


@pytest.mark.parametrize(
    ("tag", "value", "code"),
    [
        (0x013B, "canari", "author"),
        (0x8298, "canari", "author"),
        (0x0131, "canari", "software"),
        (0x013C, "canari", "software"),
        (0x010E, "canari", "comment"),
        (0x010D, "/home/canari/a.jpg", "path"),
        (0x010E, "C:\\Users\\canari", "path"),
        (0x0132, "2026:10:12 08:00:00", "date"),
    ],
)
def test_each_tag_is_told(tag: int, value: str, code: str) -> None:
    assert code in codes(tagged(tag, value))
    assert codes(tagged(0x0112, 6)) == set()  # which side is up says nothing


def test_words_hung_on_a_picture() -> None:
    assert codes(made.picture(comment=b"canari")) == {"comment"}
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "canari")
    words.add_text("Software", "canari")
    words.add_itxt("XML:com.adobe.xmp", "<x>canari</x>")
    assert codes(made.picture("PNG", pnginfo=words)) == {"author", "software", "history"}
    packet = b"http://ns.adobe.com/xap/1.0/\0<x>canari</x>"
    jpeg = made.picture()
    assert codes(jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(packet) + 2) + packet + jpeg[2:]) == {"history"}
    assert codes(jpeg + b"canari-after-the-end") == {"data"}
    assert codes(jpeg + b"\0\0") == set()


def test_a_thumbnail_may_show_what_was_cut_off() -> None:
    def directory(tag: int, following: int) -> bytes:
        return struct.pack(">HHHIHHI", 1, tag, 3, 1, 6, 0, following)

    def exif(following: int) -> bytes:
        return b"Exif\0\0MM\0*" + struct.pack(">I", 8) + directory(0x0112, following) + directory(0x0103, 0)

    assert codes(made.picture(exif=exif(26))) == {"hidden"}
    assert codes(made.picture(exif=exif(0))) == set()
    output = io.BytesIO()
    pages = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green")]
    pages[0].save(output, "TIFF", save_all=True, append_images=pages[1:])
    assert codes(output.getvalue()) == {"hidden"}


def test_a_film_says_when_where_and_with_what() -> None:
    assert codes(made.film()) == {"date", "place"}
    silent = made.film(created=0, place="")
    assert codes(silent) == set()
    apple = {"com.apple.quicktime.make": "canari", "com.apple.quicktime.software": "canari"}
    assert codes(made.film(created=0, place="", apple=apple, brand=b"qt  ")) == {"device", "software"}
    assert codes(made.film(created=0, place="", apple={"com.apple.quicktime.location.ISO6709": "x"})) == {"place"}
    named = made.box(b"udta", made.box(b"\xa9ART", b"canari"))
    assert codes(made.film(created=0, place="", extra=named)) == {"author"}
    assert codes(made.film(created=0, place="", extra=made.box(b"uuid", bytes(16), b"canari"))) == {"history"}


def test_a_track_of_data_may_tell_a_journey() -> None:
    handler = made.box(b"hdlr", bytes(8), b"meta", bytes(12))
    track = made.box(b"trak", made.box(b"mdia", handler))
    assert codes(made.film(created=0, place="", extra=track)) == {"data"}


def riff(*chunks: bytes) -> bytes:
    whole = made.sound()
    body = whole[12:] + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def test_a_sound_says_who_and_when() -> None:
    assert codes(made.sound()) == set()
    info = chunk(b"LIST", b"INFO" + chunk(b"IART", b"canari") + chunk(b"ICRD", b"2026-10-12") + chunk(b"ISFT", b"x"))
    assert codes(riff(info)) == {"author", "date", "software"}
    assert codes(riff(chunk(b"bext", b"canari"))) == {"author", "date", "device"}
    assert codes(riff(chunk(b"what", b"canari"))) == {"data"}


def test_mp3_tags() -> None:
    assert codes(made.mp3(20)) == set()
    frame = b"TPE1" + struct.pack(">I", 7) + bytes(3) + b"canari"
    tag = b"ID3\x03\0\0" + bytes((0, 0, 0, len(frame))) + frame
    assert codes(tag + made.mp3(20)) == {"author"}
    assert codes(made.mp3(20) + b"TAG" + bytes(125)) == {"comment"}


@pytest.mark.parametrize(
    "content", [b"", b"canari", made.picture()[:300], made.png_claiming(50_000, 50_000), made.ogg(2), made.film()[:-40]]
)
def test_what_cannot_be_examined_is_never_said_clean(content: bytes) -> None:
    assert "unread" in codes(content)


def test_only_pictures_have_a_cleaned_copy() -> None:
    pictures = (made.picture(), made.picture("PNG"), made.heic())
    assert all(has_cleaned_copy(io.BytesIO(each)) for each in pictures)
    others = (made.film(), made.sound(), made.mp3(9), made.ogg(2), made.avi(), b"%PDF-1.7")
    assert not any(has_cleaned_copy(io.BytesIO(each)) for each in others)
