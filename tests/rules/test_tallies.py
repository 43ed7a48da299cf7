# SPDX-License-Identifier: GPL-3.0-or-later
"""A sum is never worth more than its parts, whatever the order they come in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.law import vocabulary
from hro_desktop.rules import tallies
from hro_desktop.rules.tallies import BOUNDS, Count, Total, agreed, at_least, total

COUNTS = st.builds(Count, st.integers(0, 100_000), st.sampled_from(BOUNDS))
PLACES = st.lists(st.one_of(st.none(), COUNTS), max_size=8)


def test_the_bounds_are_those_of_the_list() -> None:
    assert set(BOUNDS) == set(vocabulary.codes("bounds"))


@pytest.mark.parametrize(
    ("counts", "said", "shown"),
    [
        ([], "non relevé", "—"),
        ([None], "non relevé", "—"),
        ([Count(0, "exact")], "0", "0"),
        ([Count(12, "exact"), Count(7, "exact")], "19", "19"),
        ([Count(12, "au_moins"), Count(7, "exact")], "au moins 19", "≥ 19"),
        ([Count(12, "exact"), None], "au moins 12", "≥ 12"),
        ([Count(15, "environ")], "environ 15", "~ 15"),
        ([Count(15, "environ"), None], "environ 15", "~ 15"),
        ([Count(12, "exact"), Count(15, "environ")], "12, et environ 15", "12 + ~ 15"),
        ([Count(14729, "au_moins"), Count(15, "environ")], "au moins 14 729, et environ 15", "≥ 14 729 + ~ 15"),
    ],
)
def test_a_sum_is_said_with_what_it_is_worth(counts: list[Count | None], said: str, shown: str) -> None:
    found = total(counts)
    assert (found.said.replace("\u00a0", " "), found.shown.replace("\u00a0", " ")) == (said, shown)


@given(PLACES, PLACES)
def test_a_sum_of_sums_is_the_sum(one: list[Count | None], two: list[Count | None]) -> None:
    together = total(one + two)
    apart = total(one) + total(two)
    assert together.about == apart.about
    # an empty list knows nothing of a place where nobody counted: only the bound may weaken
    assert (together.counted and together.counted.value) == (apart.counted and apart.counted.value)
    if None not in one + two:
        assert together == apart
    assert total(two + one) == together


@given(PLACES)
def test_only_exact_parts_make_an_exact_sum(places: list[Count | None]) -> None:
    found = total(places)
    counted = [each for each in places if each is not None and each.bound != "environ"]
    if found.counted is None:
        assert counted == []
        return
    exact = all(each.bound == "exact" for each in counted) and None not in places
    assert found.counted.bound == ("exact" if exact else "au_moins")
    assert at_least(found).counted == Count(found.counted.value, "au_moins")


@given(st.lists(st.tuples(COUNTS, st.integers(0, 1000)), max_size=8))
def test_what_is_said_counted_is_there(places: list[tuple[Count, int]]) -> None:
    """Whatever truth the counts allow, the counted part of the sum is no more than it, and exact when it says so."""
    counted = [(each, more) for each, more in places if each.bound != "environ"]
    truth = sum(each.value + (more if each.bound == "au_moins" else 0) for each, more in counted)
    found = total(each for each, _ in places).counted
    if found is not None:
        assert found.value <= truth
        assert found.bound == "au_moins" or found.value == truth
    else:
        assert counted == []


@given(st.lists(COUNTS, max_size=6), COUNTS)
def test_several_counts_of_one_thing_are_not_added(counts: list[Count], one: Count) -> None:
    found = agreed(counts)
    assert (found is None) == (counts == [])
    assert agreed([*counts, *counts]) == found
    assert agreed(reversed(counts)) == found
    assert agreed([one]) == one
    if found is not None:
        assert found.value in {each.value for each in counts}


@given(st.integers(0, 1000), st.lists(st.integers(0, 1000), max_size=5), st.booleans())
def test_observers_who_are_right_are_believed_and_no_more(truth: int, below: list[int], sure: bool) -> None:
    """Minimums below the truth, perhaps the truth itself: what is agreed is true, and the best of them."""
    floors = [Count(max(0, truth - less), "au_moins") for less in below]
    found = agreed([*floors, *([Count(truth, "exact")] if sure else [])])
    if sure:
        assert found == Count(truth, "exact")
    elif floors:
        assert found == Count(max(each.value for each in floors), "au_moins")


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ([Count(12, "exact"), Count(13, "exact")], Count(12, "au_moins")),
        ([Count(12, "exact"), Count(14, "au_moins")], Count(12, "au_moins")),
        ([Count(12, "exact"), Count(40, "environ")], Count(12, "exact")),
        ([Count(20, "environ"), Count(15, "environ")], Count(15, "environ")),
    ],
)
def test_those_who_disagree_leave_the_least(counts: list[Count], found: Count) -> None:
    assert agreed(counts) == found


def test_nothing_and_nothing_is_nothing() -> None:
    assert Total() + Total() == Total()
    assert not Total().known
    assert tallies.of(None) == Total()
