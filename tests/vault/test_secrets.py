# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person types: the paper code and the passphrase."""

import math
import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hro_desktop.faults import Fault
from hro_desktop.vault import paper, passphrase
from hro_desktop.vault.passphrase import Strength


def spelled(secret):
    code = secret + paper._check(secret)
    return "-".join(code[start : start + 4] for start in range(0, 36, 4))


codes = st.text(paper.ALPHABET, min_size=32, max_size=32).map(spelled)
# Twenty bits of checksum: about one mistake in a million passes. The examples are always the same, none is that one.
same = settings(derandomize=True, max_examples=200)


def test_shape():
    code = paper.generate()
    groups = code.split("-")
    assert [len(group) for group in groups] == [4] * 9
    assert set("".join(groups)) <= set(paper.ALPHABET)
    assert not set(paper.ALPHABET) & set("ILOU")
    assert len({paper.generate() for _ in range(100)}) == 100


@given(codes, st.sampled_from([" ", "-", "–", "—", "\u00a0", "\n", ".", " - ", ""]), st.booleans())
def test_case_spaces_and_dashes_do_not_count(code, separator, lower):
    typed = code.replace("-", separator)
    assert paper.read(typed.lower() if lower else typed) == code.replace("-", "")


@given(codes)
def test_lookalikes_are_taken_for_what_they_are(code):
    typed = code.replace("0", "O").replace("1", "l", 1).replace("1", "I").replace("V", "u")
    assert paper.read(typed) == code.replace("-", "")


@same
@given(codes, st.integers(0, 35), st.sampled_from(paper.ALPHABET))
def test_one_wrong_letter_is_noticed(code, place, letter):
    letters = code.replace("-", "")
    wrong = letters[:place] + letter + letters[place + 1 :]
    assert (paper.read(wrong) is None) == (wrong != letters)


@same
@given(codes, st.integers(0, 34))
def test_two_exchanged_letters_are_noticed(code, place):
    letters = code.replace("-", "")
    wrong = letters[:place] + letters[place + 1] + letters[place] + letters[place + 2 :]
    assert (paper.read(wrong) is None) == (wrong != letters)


@same
@given(codes, st.integers(0, 35))
def test_a_missing_letter_is_noticed(code, place):
    letters = code.replace("-", "")
    assert paper.read(letters[:place] + letters[place + 1 :]) is None
    assert paper.looks_like(letters[:place] + letters[place + 1 :])


@given(st.text())
def test_any_text_is_a_code_or_is_not(text):
    read = paper.read(text)
    assert read is None or (len(read) == 36 and set(read) <= set(paper.ALPHABET))


def test_a_passphrase_is_not_taken_for_a_code():
    assert not paper.looks_like("cinq mots tirés au sort, agrafe, ruban")
    assert not paper.looks_like("")


@pytest.mark.parametrize(
    "text",
    [
        "cheval agrafe ruban pile correct",
        "cinq mots tirés au sort, agrafe, ruban, cheval",
        "h7Gk!p02-Lwq9z",
        "Zq8#mmT4!xx0_Rw",
        "شمس-قمر-بحر-جبل-نهر",
        "k" + "".join(chr(0x1F600 + 7 * i % 64) for i in range(16)),
    ],
)
def test_accepted(text):
    passphrase.check(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "court",
        "motdepasse",
        "a" * 40,
        "azertyuiopqsdfghjklm",
        "123456789012345678",
        "abcdefghijklmnopqrstuvwxyz",
        "motdepasse motdepasse motdepasse",
        "MotDePasse1234!",
        "Calais62100Calais",
        "abcabcabcabcabcabcabc",
        "la la la la la la la",
        "mot mot mot mot mot",
        "2026-11-23 Calais",
        "ab" * 30,
    ],
)
def test_trivial_ones_are_refused(text):
    with pytest.raises(Fault) as caught:
        passphrase.check(text)
    assert caught.value.code == "access.weak"
    assert not text or text not in caught.value.sentence
    assert str(caught.value) == "access.weak"


def test_an_endless_one_is_refused():
    with pytest.raises(Fault) as caught:
        passphrase.check(string.printable * 11)
    assert caught.value.code == "access.long"


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("", Strength.REFUSED),
        ("azertyuiop123456", Strength.REFUSED),
        ("lune lune lune lune lune lune lune", Strength.REFUSED),
        ("cheval agrafe pile correcte lune", Strength.SHORT),
        ("cheval agrafe pile correcte lune tasse ruban", Strength.LONG),
        ("kJ8-vbq2!Wz_r5Tm%yP0xLd", Strength.SHORT),
        ("kJ8-vbq2!Wz_r5Tm%yP0xLd7", Strength.LONG),
    ],
)
def test_strength_is_said_from_what_can_be_seen(text: str, strength: Strength) -> None:
    assert passphrase.strength(text) is strength


def test_longest_text_is_judged_as_one_types() -> None:
    started = time.perf_counter()
    passphrase.strength("ab" * 512)
    assert time.perf_counter() - started < 0.5


def test_suggested_phrase_is_drawn_from_the_whole_list() -> None:
    listed = passphrase._listed()
    assert len(listed) == len(set(listed)) == 7775
    assert all(word.isascii() and word.islower() for word in listed)
    drawn = [passphrase.suggest() for _ in range(50)]
    assert len(set(drawn)) == 50
    assert {len(each.split()) for each in drawn} == {7}
    assert {word for each in drawn for word in each.split()} <= set(listed)
    assert math.log2(len(listed)) * 7 > 80
