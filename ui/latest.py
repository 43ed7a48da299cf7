# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions asked again and again: only the last answer counts, for two reading threads may answer in another order."""

from collections.abc import Callable
from functools import partial
from typing import Any

__all__ = ["Latest", "Once"]


class Latest:
    """Lets through, to each handler, the answer to what was asked last on its behalf."""

    def __init__(self) -> None:
        self._asked: dict[str, int] = {}

    def only(self, done: Callable[[Any], None]) -> Callable[[Any], None]:
        """A handler for one more question; answers to the questions before it are dropped from now on."""
        name = done.__qualname__
        number = self._asked[name] = self._asked.get(name, 0) + 1
        return partial(self._through, name, number, done)

    def _through(self, name: str, number: int, done: Callable[[Any], None], answer: Any) -> None:  # noqa: ANN401
        if self._asked[name] == number:
            done(answer)


class Once:
    """One question under way at a time: what is asked meanwhile is asked once more afterwards, however often it was."""

    def __init__(self) -> None:
        self._under_way = self._again = False

    @property
    def again(self) -> bool:
        """Whether it was asked meanwhile."""
        return self._again

    def begin(self) -> bool:
        """Whether to ask now; while a question is under way, it is remembered instead."""
        self._again = self._under_way
        self._under_way = True
        return not self._again

    def end(self) -> None:
        """The answer is there."""
        self._under_way = False

    def give_up(self) -> None:
        """There will be no answer."""
        self._under_way = self._again = False
