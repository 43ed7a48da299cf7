# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of a film or a sound says nothing, is as long as its original, and plays the same bytes."""

import io
import json
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from hro_desktop.faults import Fault
from hro_desktop.media.blanked import blanked
from hro_desktop.media.contents import of_media
from tests.media import made
from tests.media.test_contents import chunk, riff

WORD = b"canari"


def copy_of(content: bytes) -> bytes:
    copy, _ = blanked(io.BytesIO(content))
    return copy.read()


def codes(content: bytes) -> set[str]:
    return {code for code, _ in of_media(io.BytesIO(content))}


def track(handler: bytes, samples: bytes, at: int, *, entry: bytes = b"") -> bytes:
    """A track of one chunk of one sample that stands at a place of the file."""
    table = made.box(
        b"stbl",
        made.box(b"stsd", struct.pack(">II", 0, 1), entry or made.box(b"text", bytes(8))),
        made.box(b"stsz", struct.pack(">III", 0, 0, 2), struct.pack(">II", len(samples) - 4, 4)),
        made.box(b"stsc", struct.pack(">II", 0, 1), struct.pack(">III", 1, 2, 1)),
        made.box(b"stco", struct.pack(">II", 0, 1), struct.pack(">I", at)),
    )
    named = made.box(b"hdlr", bytes(8), handler, bytes(12), WORD, b"\0")
    head = made.box(b"mdhd", struct.pack(">4xIIII", 3_874_632_415, 3_874_632_415, 1000, 3000), bytes(4))
    minf = made.box(b"minf", made.box(b"dinf", made.box(b"dref", struct.pack(">II", 0, 1), _reference())), table)
    return made.box(b"trak", made.box(b"tkhd", bytes(84)), made.box(b"mdia", head, named, minf))


def _reference() -> bytes:
    return made.box(b"alis", b"\0\0\0\1", b"/Users/canari/")


def telephone(**options: object) -> bytes:
    """A film with a picture, a journey, user data, two kinds of metadata, free space and a box after the end."""
    start = 8 + 12 + 8
    pictures, journey = b"PICTURES" * 4, b"+50.95+001.85/" + WORD
    entry = made.box(b"avc1", bytes(8), bytes(4), b"CANA", bytes(26), b"\x06canari".ljust(32, b"\0"), bytes(4))
    seen = track(b"vide", pictures, start, entry=entry)
    data = track(b"meta", journey, start + len(pictures))
    apple = {"com.apple.quicktime.make": "canari", "com.apple.quicktime.location.ISO6709": "+50.95+001.85/"}
    film = made.film(apple=apple, brand=b"qt  ", extra=seen + data, **options)  # type: ignore[arg-type]
    media = pictures + journey
    assert film[start - 8 + 4 : start] == b"mdat"
    film = film[:start] + media + film[start + len(media) :]
    after = made.box(b"free", b"canari of before") + made.box(b"uuid", bytes(16), WORD) + made.box(b"sefd", WORD)
    return film + after


def test_a_film_of_a_telephone_says_nothing_and_keeps_its_pictures() -> None:
    film = telephone()
    assert {"date", "place", "device", "data", "history"} <= codes(film)  # the control
    copy = copy_of(film)
    assert len(copy) == len(film)
    assert codes(copy) == set()
    assert WORD not in copy
    assert b"CANA" not in copy
    assert b"+50.95" not in copy
    start = 8 + 12 + 8
    assert copy[start : start + 32] == film[start : start + 32] == b"PICTURES" * 4
    assert copy[start + 32 : start + 32 + 20] == bytes(20)  # the journey
    assert copy.count(b"trak") == film.count(b"trak") - 1
    assert copy_of(copy) == copy


@pytest.mark.parametrize("long", [False, True])
def test_the_day_of_a_film_is_blank_in_both_lengths(long: bool) -> None:
    film = made.film(long=long)
    assert "date" in codes(film)
    copy = copy_of(film)
    assert codes(copy) == set()
    assert len([1 for one, other in zip(film, copy, strict=True) if one != other]) < 80
    found = made.box(b"mvhd")[4:8]
    assert copy[copy.index(found) :][:40] != film[film.index(found) :][:40]
    assert copy[copy.index(found) + (24 if long else 16) :][:8] == film[film.index(found) + (24 if long else 16) :][:8]


def in_chunks(runs: list[tuple[int, int]]) -> tuple[bytes, bytes]:
    """A journey of five samples in three chunks apart, and its film: the chunks hold what the runs say."""
    start, word = 8 + 12 + 8, b"canari"
    samples = [word] * 5
    media = b"".join((word * 2, b"-" * 7, word * 2, b"-" * 7, word))
    places = (start, start + 19, start + 38)
    whole = track(b"meta", b"".join(samples), start)
    old_sizes = made.box(b"stsz", struct.pack(">III", 0, 0, 2), struct.pack(">II", 26, 4))
    old_runs = made.box(b"stsc", struct.pack(">II", 0, 1), struct.pack(">III", 1, 2, 1))
    old_chunks = made.box(b"stco", struct.pack(">II", 0, 1), struct.pack(">I", start))
    table = made.box(b"stsz", struct.pack(">III", 0, len(word), 5))
    table += made.box(b"stsc", struct.pack(">II", 0, len(runs)), *(struct.pack(">III", *run, 1) for run in runs))
    table += made.box(b"stco", struct.pack(">II", 0, 3), struct.pack(">III", *places))
    assert old_sizes + old_runs + old_chunks in whole
    inside = len(old_sizes + old_runs + old_chunks)
    longer = len(table) - inside
    whole = whole.replace(old_sizes + old_runs + old_chunks, table)
    for name in (b"trak", b"mdia", b"minf", b"stbl"):
        at = whole.index(name) - 4
        size = int.from_bytes(whole[at : at + 4], "big") + longer
        whole = whole[:at] + struct.pack(">I", size) + whole[at + 4 :]
    film = made.film(brand=b"qt  ", extra=whole)
    return film[:start] + media + film[start + len(media) :], media


def test_the_samples_of_every_run_of_chunks_are_blanked() -> None:
    film, media = in_chunks([(1, 2), (3, 1)])
    copy = copy_of(film)
    assert media in film  # the control
    assert WORD not in copy
    assert copy.count(b"-" * 7) == film.count(b"-" * 7)  # what stands between the chunks is another track's


@pytest.mark.parametrize("runs", [[(3, 1), (1, 2)], [(1, 2), (1, 1)]])
def test_runs_out_of_order_are_no_film_that_can_be_trusted(runs: list[tuple[int, int]]) -> None:
    with pytest.raises(Fault):
        copy_of(in_chunks(runs)[0])


def test_a_box_of_a_long_size_is_blanked_too() -> None:
    wide = struct.pack(">I", 1) + b"uuid" + struct.pack(">Q", 16 + 16 + len(WORD)) + bytes(16) + WORD
    film = made.film(extra=wide) + wide
    assert WORD in film
    assert WORD not in copy_of(film)
    assert codes(copy_of(film)) == set()


def test_what_plays_elsewhere_or_is_not_whole_is_kept() -> None:
    fragment = made.film(extra=track(b"meta", bytes(8), 30)) + made.box(b"moof", made.box(b"traf"))
    outside = made.film(extra=track(b"vide", bytes(8), 30).replace(b"alis\0\0\0\1", b"alis\0\0\0\0"))
    beyond = made.film(extra=track(b"meta", bytes(8), 1 << 30))
    for content in (fragment, outside, beyond, made.film()[:-40], made.ogg(2), made.avi(), made.flac(2), b"", WORD):
        with pytest.raises(Fault, match=r"media\.kept") as caught:
            blanked(io.BytesIO(content))
        assert "garde ses métadonnées" in caught.value.sentence


def test_a_sound_keeps_its_samples_alone() -> None:
    info = chunk(b"LIST", b"INFO" + chunk(b"IART", WORD) + chunk(b"ICRD", b"2026-10-12"))
    whole = riff(info, chunk(b"bext", WORD), chunk(b"JUNK", WORD), chunk(b"PEAK", WORD)) + WORD
    assert codes(whole) >= {"author", "date", "device"}  # the control
    copy = copy_of(whole)
    assert (len(copy), codes(copy)) == (len(whole), set())
    assert WORD not in copy
    assert copy.count(b"JUNK") == 4
    sound = made.sound()
    assert copy[12 : len(sound)] == sound[12:]


def test_an_mp3_keeps_its_frames_alone() -> None:
    frame = b"TPE1" + struct.pack(">I", 7) + bytes(3) + WORD
    head = b"ID3\x03\0\0" + bytes((0, 0, 0, len(frame))) + frame
    body = made.mp3(20)
    item = struct.pack("<II", len(WORD), 0) + b"Artist\0" + WORD
    ape = item + b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, 0) + bytes(8)
    words = b"LYRICSBEGIN" + WORD
    lyrics = words + f"{len(words):06}".encode() + b"LYRICS200"
    last = b"TAG" + WORD.ljust(125, b"\0")
    whole = head + body + ape + lyrics + last
    assert codes(whole) >= {"author", "comment"}  # the control
    copy = copy_of(whole)
    assert (len(copy), codes(copy)) == (len(whole), set())
    assert WORD not in copy
    assert copy[len(head) : len(head) + len(body)] == body


def test_a_large_film_is_copied_block_by_block() -> None:
    film = telephone()
    copy, kind = blanked(io.BytesIO(film))
    whole = copy_of(film)
    assert kind.media_type == "video/quicktime"
    copy.seek(0)
    assert b"".join(iter(lambda: copy.read(7), b"")) == whole
    copy.seek(31)
    assert copy.read(40) == whole[31:71]


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_exiftool_finds_nothing(tmp_path: Path) -> None:
    def read(name: str, content: bytes) -> str:
        (tmp_path / name).write_bytes(content)
        command = ["exiftool", "-j", "-a", "-G1", "-u", "-ee", str(tmp_path / name)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        tags = json.loads(ran.stdout)[0]
        return json.dumps({tag: said for tag, said in tags.items() if not tag.startswith(("System", "SourceFile"))})

    info = chunk(b"LIST", b"INFO" + chunk(b"IART", WORD))
    for name, content in (("a.mov", telephone()), ("b.mp4", made.film(place="+50.95+001.85/")), ("c.wav", riff(info))):
        told = read(name, content)
        assert "canari" in told or "50.95" in told or "50 deg" in told  # the control
        told = read(f"copie-{name}", copy_of(content))
        assert not any(word in told for word in ("canari", "50.95", "50 deg", "2026:"))


def test_every_tag_before_the_sound_is_blanked_with_its_footer() -> None:
    frame = b"TPE1" + struct.pack(">I", 7) + bytes(3) + WORD
    size = bytes((0, 0, 0, len(frame)))
    with_footer = b"ID3\x04\0\x10" + size + frame + b"3DI\x04\0\x10" + size
    plain = b"ID3\x03\0\0" + size + frame
    body = made.mp3(20)
    whole = with_footer + plain + body
    copy = copy_of(whole)
    assert (len(copy), WORD in copy, b"3DI" in copy) == (len(whole), False, False)
    assert copy.endswith(body)
