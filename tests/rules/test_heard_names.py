# SPDX-License-Identifier: GPL-3.0-or-later
"""A name as another writes it down is heard; other words are not."""

import attrs
import pytest

from hro_desktop.rules.heard_names import heard, sounding
from hro_desktop.rules.naming import MAYBE, NAMED, Bearer, Others, read


def who(name: str, **more: str) -> Bearer:
    given, family = name.split(maxsplit=1)
    return Bearer.of(name, [name, f"{family} {given}"], [given], **more)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Mohammed Ibrahim", "Alors Muhamad Ebrahim criait."),
        ("Muhammad Abdallah", "Mohamed Abdullah criait."),
        ("Yousef Hussein", "Youssef Hussain criait."),
        ("Yousef Hussein", "M. HUSSAIN Youssef criait."),
        ("Tesfay Gebre", "Tesfai Ghebre criait."),
        ("Zakaria Juma", "avec Zakariya Jouma"),
        ("خالد حسن", "Khaled Hassan criait"),
        ("Khaled Hassan", "alors خالد حسن criait"),
        ("ተስፋይ ገብረ", "Tesfai Ghebre criait."),
    ],
)
def test_a_whole_name_that_sounds_alike_is_theirs(name: str, text: str) -> None:
    assert heard(read(text), who(name)) == NAMED
    assert heard(read(text), attrs.evolve(who(name), far=True)) == NAMED


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Mohammed Ibrahim", "Mohamed criait."),
        ("Mohammed Ibrahim", "M. Ibrahem criait."),
        ("Abdelrahman Adam", "Abdul Rahman criait."),
        ("Abd el Rahman Osman", "Abderrahmane criait."),
        ("Abdelrahman Osman", "Abdel-Rahman, un cousin"),
        ("Saïda Ouédraogo", "les Ouédraogos"),
        ("Karim Ishag", "K. Ishag criait."),
        ("Karim Ishag", "alors Karim I. criait."),
        ("Karim Ishag", "alors Ishag K. criait."),
    ],
)
def test_one_word_that_sounds_alike_is_pointed_at(name: str, text: str) -> None:
    assert heard(read(text), who(name)) == MAYBE
    assert not heard(read(text), attrs.evolve(who(name), far=True))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ali Diallo", "Elle a vu. Ils ont crié. À Lille, à Calais."),
        ("Karas Adam", "les CRS, à la rue Karaz"),
        ("Saleh Nour", "la salle était noire, sale, la nourriture"),
        ("Denis Pons", "Dans la rue. Puis un pont."),
        ("Omar Amin", "Amir, à Saint-Omer"),
        ("李 伟", "伟大的海"),
        ("Ba Sy", "Si bas, là-bas"),
        ("Karim Ishag", "alors Karim O. et L. Ishag criaient."),
    ],
)
def test_other_words_are_not(name: str, text: str) -> None:
    assert not heard(read(text), attrs.evolve(who(name), single=who(name).single - {"karim", "ishag"}))


def test_who_may_be_named_is_not_somebody_else() -> None:
    text = read("M. Younès Ishag et Younès I. ont vu K. Ishag ; Ishag criait.")
    other = who("Yunus Ishagh")
    assert heard(text, other) == NAMED
    assert not heard(text, other, Others((who("Younès Ishag"),)))
    assert not heard(text, who("Karim Ishag"), Others((who("Younès Ishag"), who("Kamal Ishag"))))
    assert heard(text, who("Karim Ishag"), Others((who("Younès Ishag"),))) == MAYBE


def test_the_sounds_of_texts_are_those_of_their_names() -> None:
    assert sounding([read("Alors Khaled a vu la rue."), read("")]) == {"klda", "kld"}
