# SPDX-License-Identifier: GPL-3.0-or-later
"""The film is read back here by a decoder of its own, which knows only what ITU-T H.264 says of these few elements."""

import io
import struct

import attrs
import pytest
from PIL import Image, ImageDraw

from hro_desktop.demo.film import Clip, mp4
from hro_desktop.media.facts import examine

CLIP = Clip(created=3_874_632_415, place="+50.9571+001.9013/", make="Fairphone", model="FP5")
WIDTH, HEIGHT = 64, 48


def find(content: bytes, *path: bytes) -> bytes:
    """The content of a box inside boxes."""
    for name in path:
        at = 0
        while content[at + 4 : at + 8] != name:
            at += struct.unpack_from(">I", content, at)[0]
        content = content[at + 8 : at + struct.unpack_from(">I", content, at)[0]]
    return content


@attrs.define
class Reader:
    """Bits of a NAL unit, its emulation prevention undone."""

    content: bytes
    at: int = 0

    @classmethod
    def of(cls, unit: bytes) -> "Reader":
        plain, zeros = bytearray(), 0
        for byte in unit:
            if zeros >= 2 and byte == 3:
                zeros = 0
                continue
            assert not (zeros >= 2 and byte < 3), "a start code inside a unit"
            zeros = zeros + 1 if byte == 0 else 0
            plain.append(byte)
        return cls(bytes(plain))

    def bits(self, count: int) -> int:
        value = 0
        for _ in range(count):
            value = value << 1 | self.content[self.at // 8] >> (7 - self.at % 8) & 1
            self.at += 1
        return value

    def ue(self) -> int:
        zeros = 0
        while not self.bits(1):
            zeros += 1
        return (1 << zeros) - 1 + self.bits(zeros)

    def more(self) -> bool:
        """Is there something before the stop bit?"""
        last = len(self.content.rstrip(b"\0")) * 8 - 1
        final = self.content.rstrip(b"\0")[-1]
        return self.at < last - ((final & -final).bit_length() - 1)

    def aligned(self, count: int) -> bytes:
        self.at = (self.at + 7) // 8 * 8
        start = self.at // 8
        self.at += 8 * count
        return self.content[start : start + count]


def decoded(content: bytes) -> list[Image.Image]:
    """Brightness of each picture."""
    table = find(content, b"moov", b"trak", b"mdia", b"minf", b"stbl")
    sizes = struct.unpack(f">{struct.unpack_from('>I', find(table, b'stsz'), 8)[0]}I", find(table, b"stsz")[12:])
    at = struct.unpack_from(">I", find(table, b"stco"), 8)[0]
    blocks: dict[int, bytes] = {}
    pictures = []
    for number, size in enumerate(sizes):
        length = struct.unpack_from(">I", content, at)[0]
        assert length == size - 4
        read_slice(Reader.of(content[at + 4 : at + size]), blocks, number)
        at += size
        picture = Image.new("L", (WIDTH, HEIGHT))
        for index, samples in blocks.items():
            place = (index % (WIDTH // 16) * 16, index // (WIDTH // 16) * 16)
            picture.paste(Image.frombytes("L", (16, 16), samples[:256]), place)
        pictures.append(picture)
    assert at == len(content)
    return pictures


def read_slice(unit: Reader, blocks: dict[int, bytes], number: int) -> None:
    first = number == 0
    assert unit.bits(8) == (0x65 if first else 0x41)
    assert (unit.ue(), unit.ue(), unit.ue()) == (0, 7 if first else 5, 0)
    assert unit.bits(4) == number % 16
    if first:
        unit.ue()
        unit.bits(2)
    else:
        assert unit.bits(3) == 0
    assert unit.ue() == 0
    assert unit.ue() == 1  # no deblocking: the samples are what is shown
    index = 0
    while unit.more():
        if not first:
            index += unit.ue()
            if not unit.more():
                break
        assert unit.ue() == (25 if first else 30)
        blocks[index] = unit.aligned(384)
        index += 1
    assert index == (WIDTH // 16) * (HEIGHT // 16)


def drawn(count: int) -> list[Image.Image]:
    pictures = []
    for number in range(count):
        picture = Image.new("RGB", (WIDTH, HEIGHT), "black")
        ImageDraw.Draw(picture).rectangle((number * 2, 10, number * 2 + 12, 22), fill="white")
        pictures.append(picture)
    return pictures


@pytest.mark.parametrize("count", [1, 2, 20])
def test_each_picture_comes_back_as_drawn(count: int) -> None:
    pictures = drawn(count)
    for before, after in zip(pictures, decoded(mp4(pictures, CLIP)), strict=True):
        expected = before.convert("YCbCr").getchannel("Y").point(lambda value: 16 + value * 219 // 255)
        assert after.tobytes() == expected.tobytes()


def test_a_still_moment_costs_nothing() -> None:
    picture = drawn(1)[0]
    content = mp4([picture] * 10, CLIP)
    assert len(content) < 12 * 384 + 1500
    assert len({image.tobytes() for image in decoded(content)}) == 1


def test_the_container_says_what_it_holds() -> None:
    found = examine(io.BytesIO(mp4(drawn(20), CLIP)))
    assert (found.width, found.height, found.duration_s, found.device) == (64, 48, 2.0, "Fairphone FP5")


def test_parameter_sets_give_the_size() -> None:
    content = mp4(drawn(1), CLIP)
    table = find(content, b"moov", b"trak", b"mdia", b"minf", b"stbl")
    entry = find(table, b"stsd")[8:]
    setup = find(entry[8 + 78 :], b"avcC")
    length = struct.unpack_from(">H", setup, 6)[0]
    sps = Reader.of(setup[8 : 8 + length])
    assert sps.bits(8) == 0x67
    assert sps.bits(8) == 66  # baseline
    sps.bits(16)
    assert [sps.ue() for _ in range(4)] == [0, 0, 2, 1]
    sps.bits(1)
    assert ((sps.ue() + 1) * 16, (sps.ue() + 1) * 16) == (WIDTH, HEIGHT)
