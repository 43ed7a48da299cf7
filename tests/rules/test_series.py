# SPDX-License-Identifier: GPL-3.0-or-later
"""Homogeneous series: proposed when they are alike, refused when they are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.rules.series import Like, propose, refusal

FACTS = frozenset({"a"})
KINDS = ["photo", "video", "attestation", "autre", "facture"]


def photos(*numbers: int) -> list[Like]:
    return [Like(number=number, kind="photo", about=FACTS) for number in numbers]


def test_photos_of_one_eviction_are_proposed() -> None:
    others = [Like(number=3, kind="certificat", about=FACTS), Like(number=9, kind="photo", about=frozenset({"b"}))]
    assert propose([*photos(1, 2, 4, 6, 7, 8), *others]) == ((1, 2), (6, 7, 8))


@st.composite
def exhibits(draw: st.DrawFn) -> list[Like]:
    return [
        Like(
            number=number,
            kind=draw(st.sampled_from(KINDS)),
            about=draw(st.sampled_from([FACTS, frozenset({"b"}), frozenset()])),
            printable=draw(st.booleans()),
        )
        for number in range(1, draw(st.integers(1, 15)))
    ]


@given(exhibits())
def test_what_is_proposed_is_never_refused(known: list[Like]) -> None:
    numbers = {each.number: each for each in known}
    found = propose(known)
    assert all(refusal(series, numbers) == "" for series in found)
    together = [number for series in found for number in series]
    assert len(set(together)) == len(together)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((), "au moins deux"),
        ((1,), "au moins deux"),
        ((1, 3), "qui se suivent"),
        ((2, 1), "qui se suivent"),
        ((3, 4), "n’a pas de pages"),
        ((2, 3), "n’a pas de pages"),
        ((4, 5), "n’a pas de pages"),
        ((5, 6), "de même nature"),
        ((6, 7), "pas au bordereau"),
    ],
)
def test_what_is_not_a_series_is_refused(numbers: tuple[int, ...], said: str) -> None:
    known = {1: "photo", 2: "photo", 3: "photo", 4: "video", 5: "photo", 6: "facture"}
    likes = {n: Like(number=n, kind=kind, printable=n not in (3, 4)) for n, kind in known.items()}
    assert said in refusal(numbers, likes)
