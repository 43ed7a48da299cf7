# SPDX-License-Identifier: GPL-3.0-or-later
"""Files made to break whoever opens them: facts with a remark, in bounded time, and never an exception."""

import contextlib
import io
import random
import struct
import time
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from hro_desktop.faults import Fault
from hro_desktop.media import pictures
from hro_desktop.media.cleaned import clean
from hro_desktop.media.facts import examine
from hro_desktop.media.thumbnails import thumbnail
from tests.media import made

SEEDS = {
    "jpeg": made.picture(exif=made.exif(), size=(96, 64)),
    "progressive": made.picture(exif=made.exif(), size=(96, 64), progressive=True),
    "png": made.picture("PNG", exif=made.exif(), size=(96, 64)),
    "gif": made.picture("GIF", size=(96, 64)),
    "tiff": made.picture("TIFF", exif=made.exif(), size=(96, 64), compression="tiff_lzw"),
    "webp": made.picture("WEBP", exif=made.exif(), size=(96, 64)),
    "avif": made.picture("AVIF", size=(96, 64)),
    "heic": made.heic(exif=made.exif().tobytes()),
    "bmp": made.picture("BMP", size=(96, 64)),
    "mp4": made.film(apple={"com.apple.quicktime.make": "Apple"}),
    "wav": made.sound(0.1),
    "ogg": made.ogg(3),
    "flac": made.flac(3),
    "mp3": made.mp3(12, xing=True, tag=True),
    "avi": made.avi(),
}


def everything(content: bytes) -> None:
    """All that the program does with a received file; only a fault in French may come out."""
    found = examine(io.BytesIO(content), "photo.jpg")
    assert found.width is None or found.width > 0
    small = thumbnail(io.BytesIO(content))
    if small is not None:
        with Image.open(io.BytesIO(small)) as opened:
            assert max(opened.size) <= 512
    with contextlib.suppress(Fault):
        assert clean(io.BytesIO(content)).content


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    content = bytearray(SEEDS[draw(st.sampled_from(sorted(SEEDS)))])
    dice = random.Random(draw(st.integers(0, 2**32)))
    for _ in range(draw(st.integers(1, 12))):
        if not content:
            break
        at = min(dice.randrange(len(content)), dice.randrange(len(content)))  # headers more than pixels
        match dice.randrange(4):
            case 0:
                content[at] = dice.randrange(256)
            case 1:
                content[at : at + 4] = dice.choice((b"\xff\xff\xff\xff", bytes(4), b"\x7f\xff\xff\xff", b"\0\0\0\x01"))
            case 2:
                content[at:at] = content[at : at + dice.randrange(1, 40)]
            case _:
                del content[at : at + dice.randrange(1, 40)]
        if len(content) < 16:
            break
    return bytes(content[: dice.randrange(len(content) + 1)] if dice.randrange(5) == 0 else content)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutations())
def test_mutated_files(content: bytes) -> None:
    everything(content)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=3000), st.sampled_from([b"", *(seed[:12] for seed in SEEDS.values())]))
def test_noise_behind_a_known_start(noise: bytes, start: bytes) -> None:
    everything(start + noise)


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_every_truncation(name: str) -> None:
    content = SEEDS[name]
    for length in [*range(0, 64, 7), *range(64, len(content), max(1, len(content) // 12))]:
        everything(content[:length])


def test_a_bomb_is_measured_and_not_opened() -> None:
    content = made.png_claiming(60_000, 60_000)
    tracemalloc.start()
    found = examine(io.BytesIO(content))
    assert (found.width, found.height) == (60_000, 60_000)
    assert "huge" in [note.code for note in found.notes]
    assert thumbnail(io.BytesIO(content)) is None
    with pytest.raises(Fault) as caught:
        clean(io.BytesIO(content))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.code == "media.huge"
    assert peak < 5_000_000


def test_a_photograph_of_108_megapixels_is_none() -> None:
    """The largest telephones stay below the limit: their pictures are evidence, not bombs."""
    assert pictures.MAX_PIXELS >= 12_000 * 9_000


def test_boxes_without_end() -> None:
    looping = struct.pack(">I", 8) + b"free"
    content = made.box(b"ftyp", b"isom", bytes(4)) + looping * 200_000
    begun = time.perf_counter()
    found = examine(io.BytesIO(content))
    assert time.perf_counter() - begun < 2
    assert "damaged" in [note.code for note in found.notes]


def test_boxes_in_boxes() -> None:
    content = b""
    for _ in range(3000):
        content = made.box(b"moov", content)
    found = examine(io.BytesIO(made.box(b"ftyp", b"isom", bytes(4)) + content))
    assert found.duration_s is None


@pytest.mark.parametrize("size", [0, 1, 7, 0x7FFFFFFF])
def test_boxes_that_lie_on_their_size(size: int) -> None:
    content = bytearray(made.film())
    at = content.index(b"moov") - 4
    content[at : at + 4] = struct.pack(">I", size)
    everything(bytes(content))


def test_a_jpeg_of_a_thousand_passes() -> None:
    content = made.picture(size=(96, 64), progressive=True)
    scans = content[content.index(b"\xff\xda") : -2]
    everything(content[:-2] + scans * 300 + content[-2:])
    assert thumbnail(io.BytesIO(content[:-2] + scans * 300 + content[-2:])) is None


def test_padding_without_end() -> None:
    content = made.picture(size=(96, 64))
    begun = time.perf_counter()
    everything(content[:2] + b"\xff" * 3_000_000 + content[2:])
    everything(content[:2] + b"\xff\xfe\0\x02" * 500_000 + content[2:])
    assert time.perf_counter() - begun < 10


def test_tags_that_point_at_themselves() -> None:
    """An EXIF directory that names itself as its own sub-directory."""
    loop = b"II*\0\x08\0\0\0" + struct.pack("<H", 2)
    loop += struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<HHII", 0x8825, 4, 1, 8) + struct.pack("<I", 8)
    everything(made.picture(exif=b"Exif\0\0" + loop))
    everything(loop + bytes(100))


def test_a_tag_of_four_gigabytes() -> None:
    block = b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + struct.pack("<HHII", 0x010F, 2, 0xFFFFFFFF, 26) + bytes(8)
    found = examine(io.BytesIO(made.picture(exif=b"Exif\0\0" + block)))
    assert found.width == 640
    assert found.has_exif


def test_a_failing_disk_passes_as_a_fault() -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 100:
                raise OSError(5, "Input/output error")
            return super().read(min(size or 0, 100))

    content = made.picture("PNG", size=(2000, 2000))
    for action in (examine, thumbnail, clean):
        with pytest.raises(Fault) as caught:
            action(Failing(content))
        assert caught.value.code == "media.read"
