# SPDX-License-Identifier: GPL-3.0-or-later
"""Long lists of ids, kept as one text: they behave as the list of ids they stand for."""

import uuid
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hro_desktop.casework.paging import Ids, by_rank, only

FEW = st.lists(st.uuids(), unique=True, max_size=12)


def written(ids: Sequence[uuid.UUID]) -> Ids:
    return Ids("".join(each.hex for each in ids))


@given(FEW, st.integers(-15, 15), st.integers(-15, 15))
def test_a_text_of_ids_is_their_list(ids: list[uuid.UUID], first: int, last: int) -> None:
    kept = written(ids)
    assert list(kept) == ids
    assert len(kept) == len(ids)
    assert kept[first:last] == ids[first:last]
    assert kept.written == [each.hex for each in ids]
    assert [kept.index(each) for each in ids] == list(range(len(ids)))
    if -len(ids) <= first < len(ids):
        assert kept[first] == ids[first]
    else:
        with pytest.raises(IndexError):
            kept[first]


@given(FEW, st.uuids())
def test_what_is_not_in_it_is_not_found(ids: list[uuid.UUID], other: uuid.UUID) -> None:
    kept = written([each for each in ids if each != other])
    assert other not in kept
    with pytest.raises(ValueError, match=str(other)):
        kept.index(other)


def test_two_halves_of_neighbours_are_no_id() -> None:
    left, right = uuid.UUID("00000000000000001111111111111111"), uuid.UUID("22222222222222223333333333333333")
    between = uuid.UUID("11111111111111112222222222222222")
    kept = written([left, right])
    assert between not in kept
    assert between in written([left, right, between])
    assert written([left, right, between]).index(between) == 2


@given(FEW, st.data())
def test_ids_by_rank_are_sorted_and_the_rest_keep_their_order(ids: list[uuid.UUID], data: st.DataObject) -> None:
    some = data.draw(st.lists(st.sampled_from(ids), unique=True)) if ids else []
    rank = {each: data.draw(st.integers(0, 2)) for each in some}
    for descending in (False, True):
        expected = sorted((each for each in ids if each in rank), key=rank.__getitem__, reverse=descending)
        expected += [each for each in ids if each not in rank]
        assert list(by_rank(written(ids), rank, descending=descending)) == expected
    assert list(only(written(ids), some)) == [each for each in ids if each in some]
