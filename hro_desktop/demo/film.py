# SPDX-License-Identifier: GPL-3.0-or-later
"""Three seconds of film in H.264 and MP4, written without an encoder so that every player shows the practice case.

The first picture is stored as it is (I_PCM macroblocks, ITU-T H.264 §7.3.5); each following one stores only the
blocks that changed and skips the others. Constrained baseline profile, deblocking off: any decoder gives back exactly
the pixels that were drawn.
"""

import struct
from collections.abc import Mapping, Sequence

import attrs
from PIL import Image, ImageChops

__all__ = ["Clip", "mp4"]

SIDE = 16
TIMESCALE = 1000
LEVEL = 30


@attrs.frozen
class Clip:
    """What surrounds the pictures.

    Attributes:
        created: seconds since 1 January 1904 UTC, as containers count.
        place: ISO 6709, `+50.9513+001.8587/`.
        frame_ms: milliseconds each picture stays.
    """

    created: int
    place: str
    make: str
    model: str
    frame_ms: int = 100


class _Bits:
    """Bits of a slice or a parameter set, with the codes of H.264 §9.1."""

    def __init__(self) -> None:
        self.bytes = bytearray()
        self.pending = 0
        self.count = 0

    def put(self, value: int, width: int) -> None:
        self.pending = self.pending << width | value
        self.count += width
        while self.count >= 8:
            self.count -= 8
            self.bytes.append(self.pending >> self.count & 0xFF)
        self.pending &= (1 << self.count) - 1

    def golomb(self, *values: int) -> None:
        """Unsigned Exp-Golomb codes; `-1` to `0` is never needed here."""
        for value in values:
            width = (value + 1).bit_length()
            self.put(value + 1, 2 * width - 1)

    def pad(self, stop: int) -> None:
        """To the next byte: zeros, after a one where the syntax closes with it."""
        if stop:
            self.put(1, 1)
        if self.count:
            self.put(0, 8 - self.count)


def mp4(pictures: Sequence[Image.Image], clip: Clip) -> bytes:
    """A film of the pictures, all of one size, whose sides are multiples of 16."""
    width, height = pictures[0].size
    samples: list[bytes] = []
    for number, picture in enumerate(pictures):
        box = (0, 0, width, height)
        if number:
            box = ImageChops.difference(picture, pictures[number - 1]).getbbox() or (0, 0, 0, 0)
        unit = _unit(
            _slice(_blocks(picture, box), (width // SIDE) * (height // SIDE), number), 0x41 if number else 0x65
        )
        samples.append(struct.pack(">I", len(unit)) + unit)
    sps, pps = _unit(_sequence(width // SIDE, height // SIDE), 0x67), _unit(_picture_parameters(), 0x68)
    kind = _box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41")
    length = len(_movie(clip, (width, height), (sps, pps), [len(s) for s in samples], 0))
    movie = _movie(clip, (width, height), (sps, pps), [len(s) for s in samples], len(kind) + length + 8)
    return kind + movie + _box(b"mdat", b"".join(samples))


def _blocks(picture: Image.Image, box: tuple[int, int, int, int]) -> dict[int, bytes]:
    """The macroblocks that touch a box, by number: brightness, then the two colours at half size, in video's range."""
    luma, blue, red = picture.convert("YCbCr").split()
    luma = luma.point(lambda v: 16 + v * 219 // 255)
    half = (picture.width // 2, picture.height // 2)
    blue, red = (plane.resize(half).point(lambda v: 16 + v * 224 // 255) for plane in (blue, red))
    blocks = {}
    for y in range(box[1] // SIDE * SIDE, box[3], SIDE):
        for x in range(box[0] // SIDE * SIDE, box[2], SIDE):
            small = (x // 2, y // 2, x // 2 + 8, y // 2 + 8)
            parts = (luma.crop((x, y, x + SIDE, y + SIDE)), blue.crop(small), red.crop(small))
            blocks[y // SIDE * (picture.width // SIDE) + x // SIDE] = b"".join(part.tobytes() for part in parts)
    return blocks


def _slice(blocks: Mapping[int, bytes], count: int, number: int) -> bytes:
    first = number == 0
    bits = _Bits()
    bits.golomb(0, 7 if first else 5, 0)  # first macroblock, all I or all P, parameter set
    bits.put(number % 16, 4)
    if first:
        bits.golomb(0)  # idr_pic_id
        bits.put(0, 2)  # shown at once, not a long-term reference
    else:
        bits.put(0, 3)  # one reference, in its usual order, forgotten in its turn
    bits.golomb(0, 1)  # slice_qp_delta, no deblocking
    last = -1
    for index, block in blocks.items():
        if not first:
            bits.golomb(index - last - 1)  # skipped since
        bits.golomb(25 if first else 30)  # I_PCM
        bits.pad(stop=0)
        bits.bytes += block
        last = index
    if not first and last + 1 < count:
        bits.golomb(count - last - 1)
    bits.pad(stop=1)
    return bytes(bits.bytes)


def _sequence(across: int, down: int) -> bytes:
    bits = _Bits()
    for byte in (66, 0xC0, LEVEL):  # constrained baseline
        bits.put(byte, 8)
    bits.golomb(0, 0, 2, 1)  # id, four bits of frame number, order of decoding, one reference
    bits.put(0, 1)
    bits.golomb(across - 1, down - 1)
    bits.put(0b1100, 4)  # whole frames, direct_8x8, no cropping, no further words
    bits.pad(stop=1)
    return bytes(bits.bytes)


def _picture_parameters() -> bytes:
    bits = _Bits()
    bits.golomb(0, 0)
    bits.put(0, 2)  # CAVLC
    bits.golomb(0, 0, 0)
    bits.put(0, 3)
    bits.golomb(0, 0, 0)  # quantisers, unused
    bits.put(0b100, 3)  # slices say whether they deblock
    bits.pad(stop=1)
    return bytes(bits.bytes)


def _unit(content: bytes, header: int) -> bytes:
    """A NAL unit: two zeros followed by 0 to 3 get a 3 in between (§7.4.1)."""
    output, zeros = bytearray((header,)), 0
    if b"\0\0" not in content:
        return bytes(output + content)
    for byte in content:
        if zeros >= 2 and byte <= 3:
            output.append(3)
            zeros = 0
        output.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(output)


def _box(name: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I", len(content) + 8) + name + content


def _text(name: bytes, text: str) -> bytes:
    raw = text.encode()
    return _box(name, struct.pack(">HH", len(raw), 0x15C7), raw)


def _movie(clip: Clip, size: tuple[int, int], sets: tuple[bytes, bytes], sizes: Sequence[int], start: int) -> bytes:
    duration = clip.frame_ms * len(sizes)
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    stamp = struct.pack(">III", 0, clip.created, clip.created)
    movie_header = _box(
        b"mvhd", stamp, struct.pack(">IIIH10x", TIMESCALE, duration, 0x10000, 0x100), matrix, bytes(24), b"\0\0\0\2"
    )
    track_header = _box(
        b"tkhd",
        struct.pack(">IIIIII16x", 3, clip.created, clip.created, 1, 0, duration),
        matrix,
        struct.pack(">II", size[0] << 16, size[1] << 16),
    )
    media_header = _box(b"mdhd", stamp, struct.pack(">IIHH", TIMESCALE, duration, 0x15C7, 0))
    handler = _box(b"hdlr", bytes(8), b"vide", bytes(12), b"Exercice\0")
    information = _box(
        b"minf",
        _box(b"vmhd", b"\0\0\0\1", bytes(8)),
        _box(b"dinf", _box(b"dref", bytes(4), struct.pack(">I", 1), _box(b"url ", b"\0\0\0\1"))),
        _samples(clip, size, sets, sizes, start),
    )
    track = _box(b"trak", track_header, _box(b"mdia", media_header, handler, information))
    user = _box(b"udta", _text(b"\xa9xyz", clip.place), _text(b"\xa9mak", clip.make), _text(b"\xa9mod", clip.model))
    return _box(b"moov", movie_header, track, user)


def _samples(clip: Clip, size: tuple[int, int], sets: tuple[bytes, bytes], sizes: Sequence[int], start: int) -> bytes:
    sps, pps = sets
    decoder = b"\x01" + sps[1:4] + b"\xff\xe1" + struct.pack(">H", len(sps)) + sps + b"\x01"
    decoder += struct.pack(">H", len(pps)) + pps
    entry = _box(
        b"avc1",
        struct.pack(">6xH16xHHIIIH32xHh", 1, *size, 0x480000, 0x480000, 0, 1, 24, -1),
        _box(b"avcC", decoder),
    )
    count = len(sizes)
    return _box(
        b"stbl",
        _box(b"stsd", struct.pack(">II", 0, 1), entry),
        _box(b"stts", struct.pack(">IIII", 0, 1, count, clip.frame_ms)),
        _box(b"stss", struct.pack(">III", 0, 1, 1)),
        _box(b"stsc", struct.pack(">IIIII", 0, 1, 1, count, 1)),
        _box(b"stsz", struct.pack(f">III{count}I", 0, 0, count, *sizes)),
        _box(b"stco", struct.pack(">III", 0, 1, start)),
    )
