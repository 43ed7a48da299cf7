# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers belong to the list; no marker ever stays in a text."""

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.rules.exhibits import (
    NOT_JOINED,
    carry_on,
    citation,
    cited_ids,
    number,
    resolve,
    review,
)

IDS = [f"0192f000-0000-7000-8000-{rank:012d}" for rank in range(1, 13)]
NUMBERS = number(IDS)
C = [citation(entry) for entry in IDS]
LOST = citation("0192f000-0000-7000-8000-ffffffffffff")
WORDS = st.text(alphabet=st.sampled_from("abé ,;()[]«»:.\n\u00a0et"), max_size=12)
LISTS = st.lists(st.uuids(), unique=True, max_size=8).map(lambda ids: [str(one) for one in ids])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"({C[2]})", "(pièce n°\u00a03)"),
        (f"Voir {C[2]} et {C[3]}.", "Voir pièces n°\u00a03 et 4."),
        (f"{C[2]}, {C[3]} et {C[5]}", "pièces n°\u00a03, 4 et 6"),
        (f"{C[2]}{C[3]}{C[4]}", "pièces n°\u00a03 à 5"),
        (f"{C[4]} {C[2]} {C[3]}", "pièces n°\u00a03 à 5"),
        (f"{C[0]}, {C[2]}, {C[3]}, {C[4]} et {C[8]}", "pièces n°\u00a01, 3 à 5 et 9"),
        (f"{C[2]} et {C[2]}", "pièce n°\u00a03"),
        (f"{C[2]} ou {C[3]}", "pièce n°\u00a03 ou pièce n°\u00a04"),
        (f"la pièce {C[2]}", "la pièce n°\u00a03"),
        (f"les pièces n° {C[2]} et {C[3]}", "les pièces n°\u00a03 et 4"),
        (f"Pièce {C[2]} : la photo", "Pièce n°\u00a03 : la photo"),
        (f"une des pièces {C[2]}", "une des pièces n°\u00a03"),
        (f"[[piece:{IDS[0]} et la suite", f"{NOT_JOINED} et la suite"),
        (LOST, NOT_JOINED),
        (f"{C[2]} et {LOST}", f"pièce n°\u00a03, {NOT_JOINED}"),
        ("[[piece:rien]]", NOT_JOINED),
        ("[[piece:]]", NOT_JOINED),
        ("[[piece: coupé", f"{NOT_JOINED} coupé"),
        (f"[[Pièce : {IDS[0].upper()}]]", "pièce n°\u00a01"),
        (f"{C[0]}\n{C[1]}", "pièce n°\u00a01\npièce n°\u00a02"),
        ("sans citation [et] (parenthèses)", "sans citation [et] (parenthèses)"),
    ],
)
def test_how_citations_are_said(text: str, said: str) -> None:
    assert resolve(text, NUMBERS).text == said


def test_cited_and_unknown_are_told_in_the_order_of_the_text() -> None:
    resolved = resolve(f"{C[5]} puis {LOST} puis {C[0]} et encore {C[5]}", NUMBERS)
    assert resolved.cited == (IDS[5], IDS[0])
    assert resolved.unknown == ("0192f000-0000-7000-8000-ffffffffffff",)


@given(st.lists(st.one_of(WORDS, st.sampled_from([*C, LOST, "[[piece:", "[[pièce:x]", "piece", "]]"])), max_size=12))
def test_no_marker_ever_stays(parts: list[str]) -> None:
    text = "".join(parts)
    resolved = resolve(text, NUMBERS)
    assert not re.search(r"\[\[\s*pi[eè]ce\s*:", resolved.text, re.IGNORECASE)
    assert (NOT_JOINED in resolved.text) == bool(resolved.unknown)
    assert set(resolved.cited) <= set(IDS)


@given(st.text(max_size=80))
def test_text_without_markers_is_left_alone(text: str) -> None:
    if "[[" not in text:
        assert resolve(text, NUMBERS).text == text


@given(LISTS, st.randoms(use_true_random=False))
def test_moving_an_exhibit_renumbers_every_citation(ids: list[str], random: object) -> None:
    moved = list(ids)
    random.shuffle(moved)  # type: ignore[attr-defined]
    numbers = number(moved)
    for entry in ids:
        resolved = resolve(f"Voir ({citation(entry)}).", numbers)
        assert resolved.text == f"Voir (pièce n°\u00a0{moved.index(entry) + 1})."
        assert resolved.cited == (entry,)


@given(LISTS.filter(bool), st.integers(1, 50))
def test_numbers_are_continuous_and_each_said_once(ids: list[str], start: int) -> None:
    numbers = number(ids, start)
    assert list(numbers.values()) == list(range(start, start + len(ids)))
    said = resolve(" ".join(map(citation, ids)), numbers).text
    found: set[int] = set()
    for span in re.findall(r"\d+(?: à \d+)?", said):
        first, _, last = span.partition(" à ")
        found.update(range(int(first), int(last or first) + 1))
    assert found == set(numbers.values())


@given(LISTS.filter(bool), LISTS)
def test_a_communicated_list_is_continued_never_changed(ids: list[str], later: list[str]) -> None:
    communicated = number(ids)
    both = carry_on(communicated, [*reversed(ids), *(one for one in later if one not in ids)])
    assert {entry: both[entry] for entry in ids} == communicated
    fresh = [entry for entry in later if entry not in ids]
    assert [both[entry] for entry in fresh] == list(range(len(ids) + 1, len(ids) + len(fresh) + 1))


def test_an_item_stands_once_in_a_list() -> None:
    twice = str(uuid.UUID(int=5))
    with pytest.raises(ValueError, match=r"^exhibits\.twice$"):
        number([twice, twice.upper()])
    with pytest.raises(ValueError, match=r"^exhibits\.start$"):
        number([twice], 0)


def test_absent_and_uncited_exhibits_are_reported() -> None:
    numbers = number(IDS[:3])
    findings = review(numbers, [resolve(f"{C[0]} et {LOST}", numbers), resolve(C[2], numbers)])
    assert [(finding.code, finding.level, finding.subject) for finding in findings] == [
        ("exhibit_unknown", "wait", "0192f000-0000-7000-8000-ffffffffffff"),
        ("exhibit_uncited", "warn", IDS[1]),
    ]
    assert "n°\u00a02" in findings[1].sentence


def test_ids_cited_without_any_list() -> None:
    assert cited_ids(f"{C[3]} et {C[1]}, {C[3]}") == (IDS[3], IDS[1])
