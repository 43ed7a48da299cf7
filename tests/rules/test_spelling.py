# SPDX-License-Identifier: GPL-3.0-or-later
"""Spellings of one name meet, different names keep apart where they can, any part of a number is found."""

import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hro_desktop.rules.spelling import LEAST, compact, name_sounds, number_parts, sounds, words

SAME = (
    "Mohammed Muhammad Mohamed Mohamad Muhammed محمد መሐመድ",
    "Nour Noor Nur نور",
    "Tesfay Tesfai Tesfaye ተስፋይ",
    "Youssef Yusuf Yousif Yosief Youssouf يوسف",
    "Habte Habteh Habtei ሃብተ ሀብተ",
    "Hussein Hossein Husayn Houssein حسين",
    "Hassan Hasan حسن",
    "Omar Umar Oumar عمر",
    "Ahmed Ahmad أحمد احمد",
    "Osman Usman Othman Uthman عثمان",
    "Abdullah Abdallah Abdalla عبدالله",
    "Yonas ዮናስ",
    "Gebre Ghebre ገብረ",
    "Khaled Khalid خالد",
    "Ibrahim Ebrahim إبراهيم",
    "Saleh Salih Salah صالح",
    "Choukri Shukri شكري",
    "Mariam Maryam مريم ማርያም",
    "Taha طه",
    "Tsegay Segay ጸጋይ ፀጋይ",
    "Selam Salam سلام ሰላም ሠላም",
    "Djamal Jamal جمال",
    "Walid Waleed وليد",
    "Eyob Iyob እዮብ ኢዮብ",
    "Fatima Fatma Fatimah فاطمة فاطمه",
    "Zahra زهراء زهرا",
    "Sayed Said Saïd سعيد",
    "Karwan Karvan کاروان",
)
PAIRS = [pair for each in SAME for pair in itertools.combinations(each.split(), 2)]
DIFFERENT = ("Yonas Tesfay", "Ahmed Mohamed", "Nour Nadia", "Khaled Walid", "Selam Salomon", "Karim Rahim", "Ali Omar")


def heard(name: str) -> frozenset[str]:
    (word,) = words(name)
    return frozenset(sounds(word))


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_spellings_of_one_name_meet(one: str, other: str) -> None:
    assert heard(one) & heard(other)


@pytest.mark.parametrize("pair", DIFFERENT)
def test_other_names_keep_apart(pair: str) -> None:
    one, other = pair.split()
    assert not heard(one) & heard(other)


@pytest.mark.parametrize("pair", ["Hassan Hussein", "Omar Amir", "Nour Nair"])
def test_the_first_vowel_tells_names_with_the_same_consonants(pair: str) -> None:
    """They meet far off, for a vowel is what spelling changes most, and not near."""
    one, other = pair.split()
    assert {len(each) for each in heard(one) & heard(other)} == {len(min(heard(one), key=len))}
    assert sounds(words(one)[0])[0] != sounds(words(other)[0])[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Abd el Aziz", "Abdelaziz"),
        ("Al Hassan", "Alhassan"),
        ("Gebre Meskel", "Gebremeskel"),
        ("عبد الله", "Abdallah"),
    ],
)
def test_two_words_are_heard_as_one_too(one: str, other: str) -> None:
    assert set(name_sounds([one])) & set(name_sounds([other]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Édouard", "EDOUARD"),
        ("Müller", "muller"),
        ("كريم", "کریم"),
        ("علي", "على"),
        ("فاطمة", "فاطمه"),
        ("مُحَمَّد", "محمد"),
        ("أحمد", "احمد"),
        ("علاء", "علا"),
        ("٠٦١٢", "0612"),
        ("ኀይለ", "ሀይለ"),
        ("ʿUmar", "Umar"),
        ("Œuvre", "oeuvre"),
        ("pa\u200blis\u202esand\u00adre\ufeff", "palissandre"),
        ("pho\u200cto\u034f\ufe0f", "photo"),
        ("عکس\u200cها", "عکس ها"),
    ],
)
def test_variants_of_letters_are_one(one: str, other: str) -> None:
    assert words(one) == words(other)


def test_no_sound_for_what_the_rule_does_not_read() -> None:
    assert sounds("иван") == sounds("0612") == sounds("ab12") == ()


@given(st.text(max_size=40))
def test_words_are_letters_and_digits_and_stay_as_they_are(text: str) -> None:
    found = words(text)
    assert all(word.isalnum() for word in found)
    assert words(" ".join(found)) == found
    assert words(text.upper().lower()) == words(text.lower()) or any(each.upper().lower() != each for each in text)


@settings(max_examples=500)
@example("tz")
@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12))
def test_a_vowel_more_a_letter_doubled_or_a_last_h_changes_no_sound(word: str) -> None:
    codes = set(sounds(word))
    assert all(code.isalpha() and code.isascii() for code in codes)
    if word[-1] in "aeiou" and sum(each not in "aeiouwyh" for each in word) > 1:
        assert codes & set(sounds(f"{word}h"))
    if word[-1] in "bdflmnrz":
        assert set(sounds(f"{word}{word[-1]}")) == codes


@given(st.text(alphabet="0123456789", min_size=LEAST, max_size=20), st.data())
def test_any_part_of_a_number_begins_one_of_its_parts(number: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(number) - LEAST))
    part = number[start : data.draw(st.integers(start + LEAST, len(number)))]
    kept = compact(number)
    assert part not in kept or any(each.startswith(part) for each in number_parts(number))


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("+33 6 12 34 56 78", "06 12 34"),
        ("0033612345678", "0612345678"),
        ("06.12.34.56.78", "3456"),
        ("+249 91 234 5678", "24991"),
        ("RIO 1234567", "4567"),
        ("fourgon blanc AB-123-CD, gyrophare", "ab123cd"),
        ("fourgon AB 123 CD", "123 cd"),
        ("CRS 8, 2 camions", "8"),
    ],
)
def test_numbers_as_they_are_typed(text: str, typed: str) -> None:
    wanted = compact(typed)
    assert any(each.startswith(wanted) for each in number_parts(text))


def test_words_beside_a_number_are_no_part_of_it() -> None:
    assert "blanc" not in " ".join(number_parts("fourgon blanc AB-123-CD"))
    assert list(number_parts("sans chiffre")) == []
