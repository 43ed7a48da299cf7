# SPDX-License-Identifier: GPL-3.0-or-later
"""Of what is asked again and again, the last answer counts, in whatever order answers come."""

from ui.latest import Latest


class Shown:
    def __init__(self) -> None:
        self.days: list[str] = []
        self.marks: list[str] = []

    def on_days(self, found: str) -> None:
        self.days.append(found)

    def on_marks(self, found: str) -> None:
        self.marks.append(found)


def test_an_older_answer_that_comes_later_is_dropped() -> None:
    shown, latest = Shown(), Latest()
    before, after = latest.only(shown.on_days), latest.only(shown.on_days)
    after("new")
    before("old")
    assert shown.days == ["new"]


def test_each_handler_counts_for_itself() -> None:
    shown, latest = Shown(), Latest()
    days, marks = latest.only(shown.on_days), latest.only(shown.on_marks)
    marks("m")
    days("d")
    assert (shown.days, shown.marks) == (["d"], ["m"])
