# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking for somebody's name in a text: every spelling is seen, ordinary words are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.rules.naming import MAYBE, NAMED, Bearer, mentions, read

SABA = Bearer.of(
    "saba",
    ["Saba Teklehaimanot Okbay", "Okbay Saba Teklehaimanot", "ሳባ ዑቕባይ", "Sabrina", "Okbay", "Saba Teklehaimanot"],
)
NOUR = Bearer.of("nour", ["Nour al-Hassan", "al-Hassan Nour", "نور الحسن", "al-Hassan", "Nour", "Noûna"])
BLANC = Bearer.of("blanc", ["Rose Blanc", "Blanc Rose", "Blanc", "Rose"])
SON = Bearer.of("son", ["Son Nguyen", "Nguyen Son", "Nguyen", "Son"])
OMER = Bearer.of("omer", ["Omer Ali", "Ali Omer", "Omer"])
ABOU = Bearer.of("abou", ["Abou Diarra", "Diarra Abou", "Diarra", "Abou"])
LI = Bearer.of("li", ["李 伟"])
CALAIS = Bearer.of("calais", ["Jean Calais", "Calais Jean", "Calais", "Jean"])


@pytest.mark.parametrize(
    ("who", "text"),
    [
        (SABA, "Mme Okbay a vu"),
        (SABA, "MME OKBAY A VU"),
        (SABA, "saba a vu"),
        (SABA, "selon Teklehaimanot, il"),
        (SABA, "Sabrina m’a dit"),
        (SABA, "elle s’appelle ሳባ"),
        (NOUR, "j’ai porté نور jusqu’à la route"),
        (NOUR, "نُور pleurait"),
        (NOUR, "No\u00adur est tombée"),
        (NOUR, "No\u200cur est tombée"),
        (NOUR, "NOUNA est tombée"),
        (NOUR, "la petite Hassan"),
        (BLANC, "Mme Blanc"),
        (BLANC, "Mme blanc était là"),
        (BLANC, "avec Blanc"),
        (BLANC, "rose blanc, observatrice"),
        (CALAIS, "M. Calais m’a dit"),
        (CALAIS, "avec Calais Jean"),
    ],
)
def test_a_name_is_seen(who: Bearer, text: str) -> None:
    assert mentions(read(text), who) in (NAMED, MAYBE)


@pytest.mark.parametrize(
    ("who", "text"),
    [
        (BLANC, "un fourgon blanc et une rose"),
        (BLANC, "il me blanc, le soleil me rose"),
        (SON, "il a pris son sac, et son duvet"),
        (OMER, "à Saint-Omer"),
        (CALAIS, "à Calais, rue des Huttes"),
        (NOUR, "al matin, el dia, un jour"),
        (SABA, "des sabbats, du sable"),
        (NOUR, ""),
    ],
)
def test_an_ordinary_word_is_not(who: Bearer, text: str) -> None:
    assert not mentions(read(text), who)


@pytest.mark.parametrize(
    ("who", "text", "surely"),
    [
        (BLANC, "Rose a crié.", MAYBE),
        (BLANC, "présents\u00a0: Blanc", MAYBE),
        (BLANC, "alors Rose a crié", NAMED),
        (SON, "alors Son a crié", NAMED),
        (OMER, "ils ont frappé Omer", NAMED),
        (SABA, "saba a vu", MAYBE),
        (ABOU, "ils ont frappé Abou", NAMED),
        (ABOU, "il y a abou", 0),
        (LI, "M. 李 était là", NAMED),
    ],
)
def test_how_surely_a_word_names_somebody(who: Bearer, text: str, surely: int) -> None:
    assert mentions(read(text), who) == surely


def test_a_namesake_who_may_be_named_is_not_another_person() -> None:
    other = Bearer.of("autre", ["Saba Okbay", "Okbay Saba"])
    assert mentions(read("Mme Saba Okbay"), other) == NAMED
    assert mentions(read("Mme Saba Okbay"), other, other.single, other.whole) == 0
    assert mentions(read("Mme Saba Ali Okbay"), other, (), [("saba", "ali", "okbay")]) == NAMED


def test_a_word_that_somebody_else_bears_names_nobody_alone() -> None:
    brother = frozenset({"okbay", "yonas"})
    assert not mentions(read("M. Yonas Okbay a été frappé"), SABA, brother)
    assert mentions(read("Saba a été frappée"), SABA, brother)
    assert mentions(read("Okbay Saba Teklehaimanot"), SABA, brother)


NAME = st.text("abcdefghijklmnoprstuvzéèïöçØłابتثحسوي", min_size=3, max_size=9)
HIDDEN = st.sampled_from(["\u00ad", "\u200b", "\u200c", "\u2060", ""])


@given(given_name=NAME, family=NAME, hidden=HIDDEN, at=st.integers(0, 8), upper=st.booleans(), swapped=st.booleans())
def test_a_whole_name_is_seen_however_it_is_written(
    *, given_name: str, family: str, hidden: str, at: int, upper: bool, swapped: bool
) -> None:
    who = Bearer.of("x", [f"{given_name} {family}", f"{family} {given_name}"])
    written = f"{family} {given_name}" if swapped else f"{given_name} {family}"
    written = written[: at % len(written)] + hidden + written[at % len(written) :]
    text = f"Alors {written.upper() if upper else written}, à l’aube."
    assert mentions(read(text), who)
