# SPDX-License-Identifier: GPL-3.0-or-later
"""Lots: files that go in one message, in their order."""

from collections.abc import Sequence

__all__ = ["lots"]


def lots(sizes: Sequence[int], most: int) -> tuple[tuple[int, ...], ...]:
    """Places of the files of each lot; no lot is heavier than `most` but one that is a single file.

    Args:
        sizes: of each file, in the order they are handed over.
        most: heaviest lot.
    """
    made: list[list[int]] = []
    weight = 0
    for place, size in enumerate(sizes):
        if not made or weight + size > most:
            made.append([])
            weight = 0
        made[-1].append(place)
        weight += size
    return tuple(tuple(each) for each in made)
