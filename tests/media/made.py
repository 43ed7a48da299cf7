# SPDX-License-Identifier: GPL-3.0-or-later
"""Small real files, made for the tests of media."""

import io
import struct
import wave
import zlib

from PIL import Image

WHEN = "2026:10:12 08:45:12"


def exif(*, gps: bool = True, orientation: int = 1, offset: str = "+02:00", **tags: object) -> Image.Exif:
    block = Image.Exif()
    block.update({0x010F: "Fairphone", 0x0110: "FP5", 0x0112: orientation})
    details = block.get_ifd(0x8769)
    details[0x9003] = tags.get("when", WHEN)
    if offset:
        details[0x9011] = offset
    if gps:
        position = block.get_ifd(0x8825)
        position.update({1: "N", 2: (50.0, 57.0, 25.56), 3: "W", 4: (1.0, 54.0, 4.68)})
    return block


def picture(form: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **options: object) -> bytes:
    """Left half red, right half blue: which side is up can be told."""
    image = Image.new("RGB", size, "#c01010")
    image.paste("#1010c0", (size[0] // 2, 0, *size))
    output = io.BytesIO()
    image.convert(mode).save(output, form, **options)
    return output.getvalue()


def heic(**options: object) -> bytes:
    import pillow_heif

    image = Image.new("RGB", (640, 480), "#c01010")
    image.paste("#1010c0", (320, 0, 640, 480))
    output = io.BytesIO()
    pillow_heif.from_pillow(image).save(output, quality=60, **options)
    return output.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a hundred bytes that announces any size."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


def sound(seconds: float = 2.5, rate: int = 8000) -> bytes:
    output = io.BytesIO()
    with wave.open(output, "wb") as writer:
        writer.setparams((1, 2, rate, 0, "NONE", ""))
        writer.writeframes(bytes(int(seconds * rate) * 2))
    return output.getvalue()


def box(name: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I", len(content) + 8) + name + content


def film(
    *,
    created: int = 3_874_632_415,
    duration: int = 3000,
    place: str = "+50.9571-001.9013/",
    apple: dict[str, str] | None = None,
    turned: bool = False,
    brand: bytes = b"isom",
    picture_track: bool = True,
    long: bool = False,
    extra: bytes = b"",
) -> bytes:
    """The boxes of a film without its pictures; `mdat` first, as telephones write it."""
    matrix = [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000] if turned else [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0]
    times = struct.pack(">BxxxQQIQ", 1, created, created, 1000, duration)
    if not long:
        times = struct.pack(">4xIIII", created, created, 1000, duration)
    header = box(b"mvhd", times, bytes(80))
    sized = struct.pack(">II", 1920 << 16, 1080 << 16)
    track = box(b"trak", box(b"tkhd", bytes(40), struct.pack(">9i", *matrix), sized)) if picture_track else b""
    user = b""
    if place:
        raw = place.encode()
        user = box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(raw), 0x15C7), raw))
    if apple:
        keys = b"".join(box(b"mdta", key.encode()) for key in apple)
        values = b"".join(
            box(struct.pack(">I", number), box(b"data", struct.pack(">II", 1, 0), value.encode()))
            for number, value in enumerate(apple.values(), start=1)
        )
        handler = box(b"hdlr", bytes(24))
        user += box(b"meta", handler, box(b"keys", struct.pack(">II", 0, len(apple)), keys), box(b"ilst", values))
    kind = box(b"ftyp", brand, bytes(4), brand)
    return kind + box(b"mdat", bytes(5000)) + box(b"moov", header, track, user, extra)


def ogg(seconds: float, codec: str = "opus") -> bytes:
    """First and last page of an Ogg file."""
    identification = b"OpusHead\x01\x01" + struct.pack("<HIhB", 312, 48_000, 0, 0)
    rate, skipped = 48_000, 312
    if codec == "vorbis":
        identification = b"\x01vorbis" + struct.pack("<IBIiiiBB", 0, 1, 44_100, 0, 64_000, 0, 0xB8, 1)
        rate, skipped = 44_100, 0

    def page(flags: int, position: int, serial: int, body: bytes) -> bytes:
        return b"OggS" + struct.pack("<BBqIIIBB", 0, flags, position, serial, 0, 0, 1, len(body)) + body

    return page(2, 0, 7, identification) + page(4, int(seconds * rate) + skipped, 7, bytes(60))


def flac(seconds: float) -> bytes:
    packed = 44_100 << 44 | 1 << 41 | 15 << 36 | int(seconds * 44_100)
    return b"fLaC\x80\0\0\x22" + bytes(10) + packed.to_bytes(8, "big") + bytes(16)


def mp3(frames: int, *, xing: bool = False, tag: bool = False, rates: tuple[int, ...] = (0x90,)) -> bytes:
    """MPEG 1 layer III at 44.1 kHz; 0x90 is 128 kbit/s: 417 bytes a frame, 1152 samples."""
    lengths = {0x90: 417, 0xA0: 522}
    body = b""
    for number in range(frames):
        rate = rates[number % len(rates)]
        body += (b"\xff\xfb" + bytes((rate, 0x64))).ljust(lengths[rate], b"\0")
    if xing:
        first = bytearray(body[:417])
        first[36:48] = b"Xing\0\0\0\x01" + struct.pack(">I", 1000)
        body = bytes(first) + body[417:]
    return (b"ID3\x03\0\0\0\0\x01\x00" + bytes(128) if tag else b"") + body


def avi(frames: int = 50) -> bytes:
    header = struct.pack("<14I", 40_000, 0, 0, 0x10, frames, 0, 1, 0, 320, 240, 0, 0, 0, 0)
    return b"RIFF" + struct.pack("<I", 4000) + b"AVI LIST" + struct.pack("<I", 200) + b"hdrlavih8\0\0\0" + header
