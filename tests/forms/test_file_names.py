# SPDX-License-Identifier: GPL-3.0-or-later
"""File names: whatever the title, a name that every system takes and that equals no other."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forms.file_names import Naming, file_name, same

COURT = Naming("PJ{number:02}_{title}-{date}", ascii_only=True, longest=80)
LAWYER = Naming("{number:03} - {title}", ascii_only=False, longest=100)
BARE = Naming("{title}", ascii_only=False, longest=24)
BARE_ASCII = Naming("{title}", ascii_only=True, longest=24)
NAMINGS = st.sampled_from([COURT, LAWYER, BARE, BARE_ASCII])

ACCEPTED = re.compile(r"^PJ(\d{1,3})_[A-Za-z0-9 _-]{1,72}\.(pdf|docx?|odt|rtf)$")
DEVICES = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}
ODD = ["CON", "nul", "Aux.", "COM¹", "../../etc", 'a/b\\c:d*e?f"g<h>i|j', "  . ", "…", "\u202egpj.exe", "é" * 200]
ODD += ["شهادة يونس", "ምስሊ ናይ ኢድ", "Œuvre d’été n° 3", "-rf", "\u3164", "\u0301", "𠀀" * 90, "😀", "x\ny\0z", "ﬁn", "ẞ"]
TITLES = st.one_of(st.sampled_from(ODD), st.text(max_size=150), st.text("conprnaux ./\\é-’", max_size=40))


@given(NAMINGS, st.integers(1, 999), TITLES, st.sampled_from(["", ".pdf", ".MP4", ".p/df", ".."]), TITLES)
@example(BARE, 1, "con " + "x" * 40, "", "piece")
@example(BARE, 1, "AUX", ".pdf", "nul")
def test_a_name_is_taken_by_every_system(naming: Naming, number: int, title: str, suffix: str, fallback: str) -> None:
    name = file_name(naming, number, title, suffix, date="20261012", fallback=fallback)
    assert 0 < len(name) <= naming.longest
    assert len(name.encode()) <= 255
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f]', name)
    assert not any(unicodedata.category(letter)[0] == "C" for letter in name)
    assert name[-1] not in ". "
    assert name[0] not in ". -"
    stem = name.partition(".")[0]
    assert unicodedata.normalize("NFKC", stem).casefold().rstrip() not in DEVICES
    assert any(letter.isalnum() for letter in stem)
    assert unicodedata.normalize("NFC", name) == name
    assert naming.ascii_only <= name.isascii()
    assert file_name(naming, number, title, suffix, date="20261012", fallback=fallback) == name


@given(st.integers(1, 999), TITLES, st.sampled_from(["", "2026", "20261012"]), st.sampled_from([".pdf", ".docx"]))
def test_the_court_takes_it(number: int, title: str, date: str, suffix: str) -> None:
    name = file_name(COURT, number, title, suffix, date=date)
    found = ACCEPTED.match(name)
    assert found
    assert int(found[1]) == number
    assert name.endswith(f"-{date}{suffix}" if date else suffix)
    assert " " not in name


@given(NAMINGS, st.lists(TITLES, max_size=12))
def test_no_two_names_are_equal(naming: Naming, titles: list[str]) -> None:
    names: list[str] = []
    for title in titles:
        names.append(file_name(naming, 7, title, ".pdf", taken=names))
    assert len({unicodedata.normalize("NFD", name).casefold() for name in names}) == len(names)
    assert len({name.upper() for name in names}) == len(names)


@pytest.mark.parametrize(
    ("naming", "number", "title", "date", "name"),
    [
        (COURT, 3, "Certificat médical", "20261012", "PJ03_Certificat-medical-20261012.pdf"),
        (COURT, 3, "Œuvre d’été n° 3 & 4 %", "", "PJ03_OEuvre-d-ete-n-3-4.pdf"),
        (COURT, 12, "شهادة يونس", "202610", "PJ12_photo-202610.pdf"),
        (COURT, 123, "2026", "", "PJ123_photo.pdf"),
        (LAWYER, 1, "Récit / suite : « l’aube »", "20261012", "001 - Récit suite l’aube.pdf"),
        (LAWYER, 2, "شهادة يونس", "", "002 - شهادة يونس.pdf"),
        (BARE, 2, "nul", "", "piece nul.pdf"),
    ],
)
def test_a_title_becomes_words(naming: Naming, number: int, title: str, date: str, name: str) -> None:
    assert file_name(naming, number, title, ".pdf", date=date, fallback="photo") == name


def test_a_long_title_is_cut_at_a_word_and_keeps_its_date() -> None:
    name = file_name(COURT, 15, "Arrêté affiché à l’entrée du terrain " * 4, ".pdf", date="20261001")
    assert len(name) <= 80
    assert name.endswith("-20261001.pdf")
    words = name.removeprefix("PJ15_").removesuffix("-20261001.pdf").split("-")
    assert set(words) <= {"Arrete", "affiche", "a", "l", "entree", "du", "terrain"}
    assert len(words) > 8


def test_equal_titles_are_counted() -> None:
    first = file_name(LAWYER, 1, "Photo", ".pdf")
    second = file_name(LAWYER, 1, "PHOTO", ".pdf", taken=[first])
    third = file_name(COURT, 1, "Photo", ".pdf", date="2026", taken=["pj01_photo-2026.pdf"])
    assert (second, third) == ("001 - PHOTO (2).pdf", "PJ01_Photo-2026-2.pdf")
    assert same("É.PDF") == same("e\u0301.pdf")


def test_a_pattern_without_room_is_our_fault() -> None:
    with pytest.raises(ValueError, match="pattern"):
        file_name(Naming("{number}-{title}", ascii_only=True, longest=8), 12, "x", ".pdf")
