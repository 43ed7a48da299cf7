# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking for somebody's name in a text: every spelling is seen, ordinary words are not."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.rules.naming import ALIKE, MAYBE, NAMED, SHARED, Bearer, Others, mentions, read
from hro_desktop.rules.place_spans import Places

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
        (BLANC, "alors Rose a crié", MAYBE),
        (BLANC, "alors Rose Blanc a crié", NAMED),
        (BLANC, "Mme Rose a crié", NAMED),
        (SON, "alors Son a crié", MAYBE),
        (OMER, "ils ont frappé Omer", NAMED),
        (SABA, "saba a vu", MAYBE),
        (ABOU, "ils ont frappé Abou", NAMED),
        (ABOU, "il y a abou", 0),
        (LI, "M. 李 était là", NAMED),
    ],
)
def test_how_surely_a_word_names_somebody(who: Bearer, text: str, surely: int) -> None:
    assert mentions(read(text), who) == surely


def test_a_namesake_who_may_be_named_is_pointed_at_and_stops_nothing() -> None:
    other = Bearer.of("autre", ["Saba Okbay", "Okbay Saba"])
    assert mentions(read("Mme Saba Okbay"), other) == NAMED
    assert mentions(read("Mme Saba Okbay"), other, Others((attrs.evolve(other, id="elle"),))) == ALIKE
    longer = Others((Bearer.of("elle", ["Saba Ali Okbay"]),))
    assert mentions(read("Mme Saba Ali Okbay"), Bearer.of("autre", ["Saba Ali"]), longer) == 0
    assert mentions(read("Mme Saba Okbay"), other, longer) == NAMED


def test_a_word_that_somebody_else_bears_names_nobody_alone() -> None:
    brother = Others((Bearer.of("frère", ["Yonas Okbay"]),))
    assert not mentions(read("M. Yonas Okbay a été frappé"), SABA, brother)
    assert not mentions(read("alors Okbay est tombé"), SABA, brother)
    assert mentions(read("Saba a été frappée"), SABA, brother)
    assert mentions(read("Okbay Saba Teklehaimanot"), SABA, brother)


@pytest.mark.parametrize(
    ("text", "sex", "other", "surely"),
    [
        ("Mme Ishag a crié", "f", "m", NAMED),  # he is no « Mme »
        ("Mme Ishag a crié", "f", "f", SHARED),
        ("Mme Ishag a crié", "f", "x", SHARED),
        ("Mme Ishag a crié", "f", "", SHARED),
        ("M. Ishag a crié", "f", "m", 0),
        ("M. Ishag a crié", "m", "m", SHARED),
        ("Me Ishag a crié", "f", "m", SHARED),
        ("Mme al Ishag a crié", "f", "m", NAMED),
        ("Mme Ishag Younès a crié", "f", "m", 0),  # he is named in full
        ("Alors Ishag a crié", "f", "m", 0),
        ("Mme Nounou a crié", "f", "m", NAMED),
    ],
)
def test_a_title_says_which_of_those_who_share_a_name(text: str, sex: str, other: str, surely: int) -> None:
    sister = Bearer.of("sœur", ["Nour Ishag", "Ishag Nour", "Nounou"], sex=sex)
    brother = Bearer.of("frère", ["Younès Ishag", "Ishag Younès", "Nounou"], sex=other)
    assert mentions(read(text), sister, Others((brother,))) == surely


SAIDA = Bearer.of("saida", ["Saïda Ouédraogo", "Ouédraogo Saïda", "سعيدة ودراوغو", "سعيدة", "Saïda", "Ouédraogo"])
WEI = Bearer.of("wei", ["李伟", "Li Wei", "Wei Li"])
KADER = Bearer.of("kader", ["Abd el-Kader Diarra", "N’Diaye"])
HASSAN = Bearer.of("hassan", ["نور الحسن", "Nour al-Hassan"])


@pytest.mark.parametrize(
    ("who", "text"),
    [
        (SAIDA, "alors وسعيدة"),
        (SAIDA, "alors لسعيدة"),
        (SAIDA, "alors وبسعيدة ودراوغو"),
        (HASSAN, "مع نور حسن"),
        (HASSAN, "Nour Hassan"),
        (HASSAN, "Nour Alhassan"),
        (WEI, "昨天李伟在那里"),
        (WEI, "M. 李伟"),
        (SAIDA, "alors S\u0430\u00efda"),
        (SAIDA, "alors S\u0430\u0456d\u0430"),
        (SAIDA, "alors \u041eu\u0435draog\u043e"),
        (SAIDA, "alors S a ï d a"),
        (SAIDA, "alors S.a.ï.d.a"),
        (SAIDA, "alors S\u00a0a\u00a0ï\u00a0d\u00a0a\u00a0 O u é d r a o g o"),
        (SAIDA, "alors Sa-ïda"),
        (SAIDA, "alors Saï-\nda"),
        (SAIDA, "alors Saï\nda"),
        (SAIDA, "alors Saï\u00adda"),
        (SAIDA, "alors Saï\u200bda"),
        (SAIDA, "alors Saï\u3164da"),
        (SAIDA, "alors Saï_da"),
        (SAIDA, "alors Saï da Oué draogo"),
        (SAIDA, "alors SaïdaOuédraogo"),
        (KADER, "alors Abdelkader Diarra"),
        (KADER, "alors N'Diaye"),
        (KADER, "alors Ndiaye"),
    ],
)
def test_no_way_of_writing_hides_a_name(who: Bearer, text: str) -> None:
    assert mentions(read(text), who) == NAMED


@pytest.mark.parametrize(
    ("who", "text", "surely"),
    [
        (SAIDA, "alors Saï da a crié", MAYBE),
        (SAIDA, "il dit sa ida", 0),
        (WEI, "伟大的海", MAYBE),
        (Bearer.of("x", ["Lamine", "Laura", "Sonia"]), "La mine, l’aura et son ia", 0),
        (Bearer.of("x", ["Ma La"]), "il a mal a la jambe", 0),
        (Bearer.of("x", ["مال"]), "عند كمال", NAMED),
        (Bearer.of("x", ["وليد"]), "عند ليد", 0),
        (Bearer.of("x", ["\u0412\u0435\u0440\u0430"]), "alors \u0412\u0415\u0420\u0410", NAMED),
        (Bearer.of("x", ["\u0412\u0435\u0440\u0430"]), "alors \u0412\u0435\u0440\u0430", NAMED),
        (Bearer.of("x", ["A" * 50 + " " + "B" * 50]), "alors " + "A" * 50 + " " + "B" * 50, NAMED),
    ],
)
def test_pieces_of_other_words_are_no_name(who: Bearer, text: str, surely: int) -> None:
    assert mentions(read(text), who) == surely


@pytest.mark.parametrize(
    "text", ["Mme S. O. a crié", "Mme S O a crié", "alors S.O. a crié", "M. S. O.", "O. S. a crié"]
)
def test_initials_are_pointed_at_where_they_are_asked_for(text: str) -> None:
    assert mentions(read(text), SAIDA, initials=True) == ALIKE
    assert mentions(read(text), SAIDA) == 0


@pytest.mark.parametrize("text", ["S.O.S. a crié", "la C. S. I.", "s. o. a crié", "A. O.", "un VSO", "S", ""])
def test_other_letters_are_no_initials(text: str) -> None:
    assert mentions(read(text), SAIDA, initials=True) == 0


def test_what_is_written_as_a_name_is() -> None:
    said = read("Rien. Un homme, Karim, et M. Rose à Calais, dans l’Oise, près du merle. Ensuite il part.").proper
    assert set(said.values()) == {"Karim", "Rose", "Oise"}


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


PHILIPPE = Bearer.of("philippe", ["Philippe Grande", "Grande Philippe"])
CAMILLE = Bearer.of("camille", ["Camille Crane", "Crane Camille"])
SITES = Places.of(["Yellow Crane", "Crane", "Chez Camille Crane", ""])


A_CRANE = Bearer.of("x", ["A Crane", "Crane A", "Crane"], ["A"])


@pytest.mark.parametrize(
    ("who", "text", "surely"),
    [
        (PHILIPPE, "à Grand-Fort-Philippe, à Grande-Synthe", 0),
        (PHILIPPE, "à Grande-Synthe, avec Philippe", NAMED),
        (PHILIPPE, "à GRANDE-SYNTHE", 0),
        (PHILIPPE, "M. Grande-Synthe", NAMED),
        (CAMILLE, "sur le terrain Yellow Crane", ALIKE),
        (CAMILLE, "sur le terrain Crane", MAYBE),
        (CAMILLE, "Mme Crane a crié", NAMED),
        (CAMILLE, "rue Camille Pelletan, quai de la Camille", ALIKE),
        (CAMILLE, "rue Pelletan, alors Camille a crié", NAMED),
        (CAMILLE, "dans la rue, Camille a crié", NAMED),
        (CAMILLE, "dans la rue Mme Crane a crié", NAMED),
        (CAMILLE, "avenue Camille Crane", MAYBE),
        (CAMILLE, "chez Camille Crane", NAMED),
        (CAMILLE, "rue A B C D Camille", ALIKE),
        (CAMILLE, "rue Un Deux Trois Camille", NAMED),
        (attrs.evolve(CAMILLE, far=True), "rue Camille Pelletan", 0),
        (attrs.evolve(CAMILLE, far=True), "alors Crane a crié", MAYBE),
        (attrs.evolve(CAMILLE, far=True), "Mme Crane a crié", NAMED),
        (attrs.evolve(CAMILLE, far=True, given=frozenset({"camille"})), "Mme Camille a crié", MAYBE),
        (attrs.evolve(CAMILLE, far=True), "alors Camille Crane a crié", NAMED),
        (attrs.evolve(CAMILLE, far=True), "Mme la crane", MAYBE),
        (A_CRANE, "avenue Crane, à Calais", MAYBE),
        (A_CRANE, "sur le terrain Yellow Crane, à Calais", MAYBE),
        (A_CRANE, "avec A. Crane, à Calais", NAMED),
        (A_CRANE, "avec Crane, à Calais", NAMED),
        (A_CRANE, "avec a c r a n e", NAMED),
    ],
)
def test_the_name_of_a_place_says_nobody(who: Bearer, text: str, surely: int) -> None:
    assert mentions(read(text, SITES), who) == surely


@pytest.mark.parametrize("text", ["MmeOuédraogo", "lesOuédraogo", "alors Ouédraogo2026", "M.Ouédraogo"])
def test_what_is_stuck_onto_a_name_hides_nothing(text: str) -> None:
    assert mentions(read(text), SAIDA) == NAMED
