# SPDX-License-Identifier: GPL-3.0-or-later
import io
import struct

import pytest
from PIL import Image

from hro_desktop.media.facts import Facts, Taken, examine
from tests.media import made


def facts(content: bytes, name: str = "") -> Facts:
    return examine(io.BytesIO(content), name)


def codes(found: Facts) -> list[str]:
    return [note.code for note in found.notes]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_a_photograph_says_when_where_and_with_what(form: str) -> None:
    found = facts(made.picture(form, exif=made.exif().tobytes()))
    assert (found.family, found.width, found.height) == ("image", 640, 480)
    assert found.taken_at == Taken("2026:10:12 08:45:12", "+02:00", "shot")
    assert found.taken_on == "2026-10-12"
    assert found.device == "Fairphone FP5"
    assert found.gps == pytest.approx((50.9571, -1.9013))
    assert found.has_exif
    assert found.notes == ()


def test_heic_as_telephones_write_it() -> None:
    found = facts(made.heic(exif=made.exif().tobytes()), "IMG_0412.HEIC")
    assert (found.media_type, found.width, found.height) == ("image/heic", 640, 480)
    assert found.taken_at == Taken("2026:10:12 08:45:12", "+02:00", "shot")
    assert found.gps == pytest.approx((50.9571, -1.9013))
    assert found.notes == ()


def test_dimensions_are_those_seen() -> None:
    found = facts(made.picture(exif=made.exif(orientation=6)))
    assert (found.width, found.height) == (480, 640)


def test_a_picture_without_exif() -> None:
    found = facts(made.picture("PNG"), "Screenshot.png")
    assert not found.has_exif
    assert (found.taken_at, found.device, found.gps, found.taken_on, found.notes) == (None, "", None, "", ())


def test_long_header_before_the_pixels() -> None:
    """Colour profiles and depth maps may come first, past the first megabyte."""
    content = made.picture(exif=made.exif())
    padding = (b"\xff\xe2" + struct.pack(">H", 60_002) + bytes(60_000)) * 20
    at = content.index(b"\xff\xdb")
    found = facts(content[:at] + padding + content[at:])
    assert (found.width, found.device) == (640, "Fairphone FP5")


@pytest.mark.parametrize("when", ["0000:00:00 00:00:00", "    :  :     :  :  ", ""])
def test_a_clock_never_set_is_no_date(when: str) -> None:
    assert facts(made.picture(exif=made.exif(when=when))).taken_at is None


def test_an_impossible_day_is_shown_and_not_used() -> None:
    found = facts(made.picture(exif=made.exif(when="2026:13:45 08:45:12")))
    assert found.taken_at == Taken("2026:13:45 08:45:12", "+02:00", "shot")
    assert found.taken_on == ""


def test_a_modification_is_not_a_shot() -> None:
    block = Image.Exif()
    block[0x0132] = "2026:10:20 11:00:00"
    found = facts(made.picture(exif=block))
    assert found.taken_at == Taken("2026:10:20 11:00:00", "", "changed")
    assert found.taken_on == ""
    assert codes(found) == ["changed"]


@pytest.mark.parametrize(
    "position",
    [
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {1: "N", 2: (95.0, 0.0, 0.0), 3: "E", 4: (1.0, 0.0, 0.0)},
        {1: "N", 2: (50.0, 0.0), 3: "E", 4: (1.0, 0.0, 0.0)},
        {2: (50.0, 0.0, 0.0), 4: (1.0, 0.0, 0.0)},
    ],
)
def test_a_position_that_is_none(position: dict[int, object]) -> None:
    block = made.exif(gps=False)
    block.get_ifd(0x8825).update(position)
    found = facts(made.picture(exif=block))
    assert found.gps is None
    assert found.device == "Fairphone FP5"


def test_control_characters_of_a_device_do_not_pass() -> None:
    block = made.exif()
    block[0x0110] = "FP5\x1b[31m\u202egpj" + "x" * 500
    device = facts(made.picture(exif=block)).device
    assert device.isprintable()
    assert len(device) < 220


def test_the_model_often_repeats_the_maker() -> None:
    block = made.exif()
    block.update({0x010F: "Canon", 0x0110: "Canon EOS 80D"})
    assert facts(made.picture(exif=block)).device == "Canon EOS 80D"


def test_film_of_a_telephone() -> None:
    found = facts(made.film(), "VID_20261012.mp4")
    assert (found.media_type, found.width, found.height, found.duration_s) == ("video/mp4", 1920, 1080, 3.0)
    assert found.taken_at == Taken("2026-10-12T06:46:55", "Z", "container")
    assert found.taken_on == "2026-10-12"
    assert found.gps == (50.9571, -1.9013)
    assert codes(found) == ["utc"]


def test_film_held_upright_and_long_header() -> None:
    found = facts(made.film(turned=True, long=True))
    assert (found.width, found.height, found.duration_s) == (1080, 1920, 3.0)


def test_film_of_an_iphone() -> None:
    apple = {
        "com.apple.quicktime.location.ISO6709": "+50.9571-001.9013+012.345/",
        "com.apple.quicktime.make": "Apple",
        "com.apple.quicktime.model": "iPhone 13",
        "com.apple.quicktime.creationdate": "2026-10-12T08:46:55+0200",
    }
    found = facts(made.film(apple=apple, place="", brand=b"qt  "), "IMG_0413.MOV")
    assert found.device == "Apple iPhone 13"
    assert found.taken_at == Taken("2026-10-12T08:46:55", "+02:00", "shot")
    assert found.gps == (50.9571, -1.9013)
    assert found.notes == ()


def test_a_container_near_midnight_gives_no_day() -> None:
    late = 3_874_632_415 + 60 * 60 * 16  # 22 h 46 UTC: already the 13th in Calais
    found = facts(made.film(created=late))
    assert found.taken_at == Taken("2026-10-12T22:46:55", "Z", "container")
    assert found.taken_on == ""


@pytest.mark.parametrize("created", [0, 2_082_844_800, 2**32 - 1])
def test_a_telephone_without_a_clock(created: int) -> None:
    moment = facts(made.film(created=created)).taken_at
    assert (moment is None) is (created < 2**32 - 1)


def test_an_absurd_long_date() -> None:
    assert facts(made.film(created=2**63, long=True)).taken_at is None


def test_fragments_say_their_length_apart() -> None:
    extra = made.box(b"mvex", made.box(b"mehd", struct.pack(">II", 0, 4500)))
    assert facts(made.film(duration=0, extra=extra)).duration_s == 4.5
    silent = facts(made.film(duration=0))
    assert silent.duration_s is None
    assert "duration" in codes(silent)


def test_a_film_without_picture_is_a_sound() -> None:
    found = facts(made.film(picture_track=False), "Enregistrement.m4a")
    assert (found.family, found.media_type, found.duration_s) == ("sound", "audio/mp4", 3.0)
    assert "extension" not in codes(found)


@pytest.mark.parametrize(
    ("content", "seconds"),
    [
        (made.sound(2.5), 2.5),
        (made.ogg(7.25), 7.25),
        (made.ogg(7.25, "vorbis"), 7.25),
        (made.flac(3.5), 3.5),
        (made.mp3(40), 40 * 1152 / 44_100),
        (made.mp3(40, tag=True), 40 * 1152 / 44_100),
        (made.mp3(40, xing=True), 1000 * 1152 / 44_100),
        (made.avi(), 2.0),
    ],
)
def test_length_of_sounds(content: bytes, seconds: float) -> None:
    found = facts(content)
    assert found.duration_s == pytest.approx(seconds, rel=3e-3)
    assert "duration" not in codes(found)


@pytest.mark.parametrize(
    "content",
    [
        made.mp3(40, rates=(0x90, 0xA0)),
        made.mp3(2),
        made.sound()[:20],
        made.ogg(7.25)[:40],
        b"fLaC" + bytes(10),
        b"#!AMR\n" + bytes(64),
        b"\x1aE\xdf\xa3" + bytes(64),
    ],
)
def test_an_unknown_length_is_said(content: bytes) -> None:
    found = facts(content)
    assert found.duration_s is None
    assert "duration" in codes(found)
    assert all("\u00a0:" in note.sentence for note in found.notes if note.code == "duration")


def test_a_recorder_cut_off_announces_more_than_it_wrote() -> None:
    whole = made.sound(2.0)
    assert facts(whole[: 44 + 16_000]).duration_s == 1.0


def test_notes_on_the_file_itself() -> None:
    assert codes(facts(b"", "vide.jpg")) == ["empty"]
    assert codes(facts(bytes(range(1, 9)) * 9, "note.xyz")) == ["unknown"]
    assert codes(facts(b"MZ\x90\0" + bytes(80), "certificat.pdf")) == ["extension", "runs"]
    assert codes(facts(made.picture("PNG"), "photo.jpg")) == ["extension"]
    assert codes(facts(b"%PDF-1.7\n", "certificat.pdf")) == []
    assert facts(b"%PDF-1.7\n").pages is None


def test_xmp_is_told() -> None:
    packet = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"
    content = made.picture()
    marked = content[:2] + b"\xff\xe1" + struct.pack(">H", len(packet) + 2) + packet + content[2:]
    assert codes(facts(marked)) == ["xmp"]


class Counting(io.BytesIO):
    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        content = super().read(size)
        self.taken += len(content)
        return content


def test_a_large_film_is_not_read_through() -> None:
    content = made.film()
    start = content.index(b"mdat") - 4
    rest = content[start + 5008 :]
    stream = Counting(content[:start] + made.box(b"mdat", bytes(40_000_000)) + rest)
    assert examine(stream).duration_s == 3.0
    assert stream.taken < 400_000


def test_a_large_photograph_is_read_by_its_header() -> None:
    stream = Counting(made.picture(exif=made.exif()) + bytes(20_000_000))
    assert examine(stream).device == "Fairphone FP5"
    assert stream.taken < 1_400_000
