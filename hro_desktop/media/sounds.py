# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a sound lasts, where the format says it in a few bytes: WAV, Ogg (Opus, Vorbis), FLAC, MP3; AVI films.

None means unknown: an honest « inconnue » on the exhibit sheet, not a guess.
"""

from collections.abc import Iterator
from typing import Final

from hro_desktop.media.source import Source

__all__ = ["after_tag", "avi_facts", "sound_duration"]

CHUNK_LIMIT = 2000
OGG_PAGE = 65_307
"""Bytes of the longest Ogg page."""

_MP3_RATES: Final = {
    # kilobits per second by version (1, else 2 or 2.5), layer III
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_MP3_FREQUENCIES: Final = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def sound_duration(source: Source, media_type: str) -> float | None:
    """Seconds, or None when the file does not say or contradicts itself."""
    readers = {
        "audio/vnd.wave": _wave,
        "audio/ogg": _ogg,
        "audio/flac": _flac,
        "audio/mpeg": _mpeg,
    }
    reader = readers.get(media_type)
    seconds = reader(source) if reader else None
    return seconds if seconds and 0 < seconds < 60 * 60 * 24 * 30 else None


def avi_facts(source: Source) -> tuple[float | None, int | None, int | None]:
    """Duration in seconds, width and height in pixels of an AVI film, out of its main header."""
    header = source.at(0, 88)
    if header[12:16] != b"LIST" or header[20:24] != b"hdrl" or header[24:28] != b"avih" or len(header) < 72:
        return None, None, None
    body = header[32:]
    per_frame, frames, width, height = (_little(body, at) for at in (0, 16, 32, 36))
    seconds = per_frame * frames / 1_000_000
    return seconds or None, width or None, height or None


def _little(content: bytes, at: int, length: int = 4) -> int:
    return int.from_bytes(content[at : at + length], "little")


def _chunks(source: Source) -> Iterator[tuple[bytes, int, int]]:
    """Name, place and announced length of the chunks of a RIFF file."""
    at = 12
    for _ in range(CHUNK_LIMIT):
        header = source.at(at, 8)
        if len(header) < 8:
            return
        length = _little(header, 4)
        yield header[:4], at + 8, length
        at += 8 + length + length % 2


def _wave(source: Source) -> float | None:
    per_second = 0
    for name, at, length in _chunks(source):
        if name == b"fmt ":
            per_second = _little(source.at(at, 16), 8)
        elif name == b"data":
            held = min(length, source.size - at)  # a recorder that was cut off announces more than it wrote
            return held / per_second if per_second else None
    return None


def _ogg(source: Source) -> float | None:
    head = source.at(0, 512)
    if at := head.find(b"OpusHead") + 1:
        rate, skipped = 48_000, _little(head, at - 1 + 10, 2)
    elif at := head.find(b"\x01vorbis") + 1:
        rate, skipped = _little(head, at - 1 + 12), 0
    else:
        return None
    end = source.tail(2 * OGG_PAGE)
    last = end.rfind(b"OggS")
    if last < 0 or not rate or end[last + 14 : last + 18] != head[14:18]:  # the last page is another stream's
        return None
    position = int.from_bytes(end[last + 6 : last + 14], "little", signed=True)
    return max(0, position - skipped) / rate


def _flac(source: Source) -> float | None:
    info = source.at(0, 42)
    if len(info) < 42 or info[4] & 0x7F != 0:
        return None
    packed = int.from_bytes(info[18:26], "big")  # 20 bits of frequency, 3 channels, 5 depth, 36 samples
    rate, samples = packed >> 44, packed & (1 << 36) - 1
    return samples / rate if rate else None


def _mpeg(source: Source) -> float | None:
    """MP3 whose first frame counts the frames (Xing, Info), or whose first frames all have one rate."""
    start = after_tag(source)
    window = source.at(start, 16 * 1024)
    frame = _mp3_frame(window, 0)
    if frame is None:
        return None
    length, samples, frequency, rate = frame
    for mark in (b"Xing", b"Info"):
        at = window.find(mark, 0, length)
        if at > 0 and window[at + 7] & 1:
            return int.from_bytes(window[at + 8 : at + 12], "big") * samples / frequency
    at, same = length, 1
    while same < 8:
        following = _mp3_frame(window, at)
        if following is None or following[3] != rate:
            return None
        at, same = at + following[0], same + 1
    tag = 128 if source.tail(128).startswith(b"TAG") else 0
    return (source.size - start - tag) * 8 / rate


def after_tag(source: Source, at: int = 0) -> int:
    """The place after the ID3 tag that stands at a place, its footer included; the place itself when none does."""
    head = source.at(at, 10)
    if not head.startswith(b"ID3") or len(head) < 10:
        return at
    size = 0
    for byte in head[6:10]:  # seven bits to a byte
        size = size << 7 | byte & 0x7F
    return at + 10 + size + (10 if head[5] & 0x10 else 0)


def _mp3_frame(window: bytes, at: int) -> tuple[int, int, int, int] | None:
    """Bytes, samples, samples per second and bits per second of the layer III frame at a place."""
    head = window[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0 or head[1] >> 1 & 3 != 1:
        return None
    version, rate_index, frequency_index = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or rate_index in (0, 15) or frequency_index == 3:
        return None
    frequency = _MP3_FREQUENCIES[version][frequency_index]
    rate = _MP3_RATES[1 if version == 3 else 2][rate_index] * 1000
    samples = 1152 if version == 3 else 576
    return samples // 8 * rate // frequency + (head[2] >> 1 & 1), samples, frequency, rate
