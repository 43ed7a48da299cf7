# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of the practice case are real files, the same at each run, and say what the case says of them."""

import hashlib
import io
import wave

import pypdf
import pypdfium2
import pytest
from PIL import Image

from hro_desktop.demo import ink, words
from hro_desktop.demo.media import FILES, files
from hro_desktop.media.boxes import film_facts
from hro_desktop.media.facts import Facts, examine
from hro_desktop.media.names import oddities
from hro_desktop.media.source import Source


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return files()


@pytest.fixture(scope="module")
def facts(made: dict[str, bytes]) -> dict[str, Facts]:
    return {name: examine(io.BytesIO(content), name) for name, content in made.items()}


def test_they_are_always_made_the_same(made: dict[str, bytes]) -> None:
    again = files()
    assert {n: hashlib.sha256(c).digest() for n, c in again.items()} == {
        n: hashlib.sha256(c).digest() for n, c in made.items()
    }
    assert sum(map(len, made.values())) < 6_000_000


def test_each_is_what_its_name_says(facts: dict[str, Facts]) -> None:
    for name, found in facts.items():
        assert [note.code for note in found.notes] in ([], ["utc"]), name
        assert oddities(name) == (), name
    families = sorted(found.family for found in facts.values())
    assert (families.count("image"), families.count("pdf")) == (11, 4)
    assert (families.count("video"), families.count("sound")) == (1, 1)
    assert any(not name.isascii() and "شهادة" in name for name in FILES)


def test_photographs_carry_what_telephones_write(made: dict[str, bytes], facts: dict[str, Facts]) -> None:
    field, upright = facts["IMG_20261012_091512.jpg"], facts["IMG_20261012_091731.jpg"]
    assert field.gps == pytest.approx((50.9571, 1.9013))
    assert (field.device, field.taken_on) == ("Fairphone FP5", "2026-10-12")
    assert (upright.width, upright.height) == (1050, 1400)
    with Image.open(io.BytesIO(made["IMG_20261012_091731.jpg"])) as picture:
        assert picture.getexif()[0x0112] == 6
        assert picture.size == (1400, 1050)
    arm = facts["20261013_113805.jpg"]
    assert (arm.gps, arm.taken_on) == (None, "2026-10-13")
    assert not facts["Screenshot_20261012-093012.png"].has_exif
    assert not facts["IMG-20261014-WA0007.jpg"].has_exif


def test_the_film_says_when_and_where(made: dict[str, bytes], facts: dict[str, Facts]) -> None:
    film = facts["VID_20261012_084655.mp4"]
    assert (film.width, film.height, film.duration_s) == (480, 272, 3.0)
    assert film.taken_on == "2026-10-12"
    assert film.gps == pytest.approx((50.9571, 1.9013))
    assert not film_facts(Source(io.BytesIO(made["VID_20261012_084655.mp4"]))).damaged


def test_the_sound_lasts_four_seconds(made: dict[str, bytes]) -> None:
    with wave.open(io.BytesIO(made["Enregistrement 12 oct. à 08.48.wav"])) as sound:
        assert sound.getnframes() / sound.getframerate() == 4.0
        assert max(sound.readframes(sound.getnframes())) > 0


@pytest.mark.parametrize(
    ("name", "pages"),
    [("certificat.pdf", 1), ("شهادة يونس.pdf", 1), ("accords-14-10-2026.pdf", 2), ("Arrete_2026-EX-017.pdf", 3)],
)
def test_papers_open_in_two_readers(made: dict[str, bytes], name: str, pages: int) -> None:
    document = pypdfium2.PdfDocument(made[name])
    assert len(document) == pages
    for page in document:
        picture = page.render(scale=0.5).to_pil().convert("L")
        assert picture.getextrema()[0] < 120  # something is written on it
    document.close()
    assert len(pypdf.PdfReader(io.BytesIO(made[name]), strict=True).pages) == pages


def test_the_order_holds_real_text(made: dict[str, bytes]) -> None:
    text = pypdf.PdfReader(io.BytesIO(made["Arrete_2026-EX-017.pdf"])).pages[0].extract_text()
    assert "Arrêté n° 2026-EX-017" in text
    assert "DOCUMENT D’EXERCICE" in text


def test_scanners_sign_their_files(made: dict[str, bytes]) -> None:
    """So that cleaning has something to remove."""
    properties = pypdf.PdfReader(io.BytesIO(made["certificat.pdf"])).metadata
    assert properties is not None
    assert properties.author == "Accueil Permanence des Oyats"
    assert properties.producer == "Numériseur d’exercice"


def test_arabic_is_joined_without_a_shaping_engine() -> None:
    assert ink.shaped_arabic("لا") == "ﻻ"
    assert ink.shaped_arabic("بيت") == "ﺖﻴﺑ"
    assert ink.shaped_arabic("دار") == "رﺍﺩ".replace("ر", "ﺭ")
    for line in words.ARABIC_ACCOUNT:
        drawn = ink.shaped_arabic(line)
        assert all(ink.font("arabic", 30).getmask(letter).getbbox() for letter in drawn if letter != " ")
