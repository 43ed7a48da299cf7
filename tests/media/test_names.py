# SPDX-License-Identifier: GPL-3.0-or-later
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.media.names import SAFE_LIMIT, SHOWN_LIMIT, oddities, safe_name, searchable, visible

HOSTILE = [
    "..", ".", "../../etc/passwd", "/etc/passwd", "\\\\serveur\\partage\\x.jpg", "C:", "C:evil.txt", "C:\\x.txt",
    "CON", "con.txt", "nul.txt", "AUX", "PRN.jpg", "COM1", "LPT9.pdf", "com¹", "photo.", "photo ", " photo", "...",
    "a" * 255, "é" * 128, "a" * 256, "\udcff\udcfe.jpg", "re\u0301cit.pdf", "récit.pdf", "ligne1\nligne2.txt",
    "\r\n", "\t.txt", "-rf", "--help", "%s%n.jpg", "{0}.jpg", "ok\u202etxt.exe", "ok\u2066fdp\u2069.scr",
    "zero\u200bwidth.jpg", "\ufeffbom.txt", "\u00adsoft.txt", "Аhmed.jpg", "pаypal.pdf", "a:b", "a|b", 'a"b', "a<b>",
    "a?b*c", "\0nul", "\x1b[31mrouge", "\x7f", "\u2028.txt", "\u3164.jpg", "photo.jpg.exe", "photo.jpg   .scr",
    "$(id).jpg", "`id`", "'; DROP TABLE evidence;--", "😀.jpg", "شهادة يونس.pdf", "ናይ ሰላም.jpg", "\U000e0041.jpg", "",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_shown_name_hides_nothing(name: str) -> None:
    shown = visible(name)
    assert shown.isprintable()
    assert not re.search("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u00ad\u3164]", shown)
    assert len(shown) <= SHOWN_LIMIT
    shown.encode("utf-8")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_written_name_is_accepted_everywhere(name: str) -> None:
    for number in (None, 1, 140):
        written = safe_name(number, name, ".jpg")
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*\.jpg", written)
        assert len(written) <= SAFE_LIMIT
        assert not re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", written, re.IGNORECASE)


@given(st.text(), st.text(max_size=12), st.none() | st.integers(0, 9999))
def test_any_name_is_made_safe(title: str, suffix: str, number: int | None) -> None:
    written = safe_name(number, title, suffix)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*(\.[a-z0-9]{1,8})?", written)
    assert len(written) <= SAFE_LIMIT
    assert not re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", written, re.IGNORECASE)


@given(st.text())
def test_any_name_is_shown_printable(name: str) -> None:
    assert visible(name).isprintable()


def test_the_reversed_name_is_spelled_out() -> None:
    assert visible("ok\u202etxt.exe") == "ok⟦U+202E⟧txt.exe"
    assert visible("\udcff.jpg") == "⟦FF⟧.jpg"
    assert visible("deux\nlignes") == "deux⟦U+000A⟧lignes"


def test_ordinary_names_of_every_script_stay_as_they_are() -> None:
    for name in ("Certificat du 13 octobre.pdf", "شهادة يونس.pdf", "ሰላም.jpg", "عکس\u200cها.png", "😀.jpg", "Đặng.txt"):
        assert visible(name) == name
        assert oddities(name) == ()


def test_unbreakable_spaces_are_spaces() -> None:
    name = "Capture 2026-10-12 à 9.41\u202fAM.png"
    assert visible(name) == "Capture 2026-10-12 à 9.41 AM.png"
    assert oddities(name) == ()
    assert searchable(name) == "capture 2026-10-12 à 9.41 am.png"


def test_a_joiner_outside_arabic_is_spelled_out() -> None:
    assert visible("pho\u200cto.jpg") == "pho⟦U+200C⟧to.jpg"
    assert visible("\u200cابت") == "⟦U+200C⟧ابت"


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("ok\u202etxt.exe", "invisibles"),
        ("Аhmed.jpg", "alphabets"),
        ("photo.jpg.exe", "deux extensions"),
        ("../x.txt", "emplacement"),
        ("C:\\x.txt", "emplacement"),
    ],
)
def test_strange_names_are_explained(name: str, part: str) -> None:
    assert any(part in sentence for sentence in oddities(name))


def test_search_ignores_what_cannot_be_seen() -> None:
    assert searchable("Ré\u200bcit.PDF") == searchable("re\u0301cit.pdf") == "récit.pdf"


def test_safe_names_read_well() -> None:
    assert safe_name(3, "Certificat médical du 13/10 — bras gauche", ".pdf") == (
        "03-Certificat-medical-du-13-10-bras-gauche.pdf"
    )
    assert safe_name(12, "شهادة يونس", ".jpg") == "12-piece.jpg"
    assert safe_name(None, "nul", "") == "piece-nul"
    assert safe_name(1, "Œuvre d’Ælfric", ".J P G") == "01-OEuvre-d-AElfric"
