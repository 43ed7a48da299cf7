# SPDX-License-Identifier: GPL-3.0-or-later
"""Lots: nothing lost, nothing moved, none too heavy but a single file."""

from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.rules.lots import lots


@given(st.lists(st.integers(0, 40)), st.integers(1, 30))
def test_every_file_is_in_one_lot_in_its_place(sizes: list[int], most: int) -> None:
    made = lots(sizes, most)
    assert [place for lot in made for place in lot] == list(range(len(sizes)))
    for number, lot in enumerate(made):
        weight = sum(sizes[place] for place in lot)
        assert weight <= most or len(lot) == 1
        if number:
            assert sum(sizes[place] for place in made[number - 1]) + sizes[lot[0]] > most


def test_a_file_that_is_too_heavy_is_alone() -> None:
    assert lots([1, 9, 1, 2], 8) == ((0,), (1,), (2, 3))
    assert lots([], 8) == ()
