# SPDX-License-Identifier: GPL-3.0-or-later
from collections.abc import Sequence
from typing import NamedTuple

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from ui.models.paged_table import PAGE, Column, PagedTableModel


class Line(NamedTuple):
    id: int
    name: str


COLUMNS = (
    Column[Line]("Numéro", lambda line: str(line.id), right=True),
    Column[Line]("Nom", lambda line: line.name),
)


class Source:
    """Answers what the model wants, at once or when told to."""

    def __init__(self, model: PagedTableModel[Line], *, at_once: bool = True) -> None:
        self.model = model
        self.at_once = at_once
        self.wanted: list[tuple[int, int, Sequence[int]]] = []
        self.gone: set[int] = set()
        model.page_wanted.connect(self.on_wanted)

    def on_wanted(self, generation: int, page: int, ids: Sequence[int]) -> None:
        self.wanted.append((generation, page, ids))
        if self.at_once:
            self.answer(self.wanted[-1])

    def answer(self, wanted: tuple[int, int, Sequence[int]]) -> None:
        generation, page, ids = wanted
        rows = [Line(number, f"n{number}") for number in ids if number not in self.gone]
        self.model.set_page(generation, page, rows, key=lambda line: line.id)


@pytest.fixture
def model(qtbot: QtBot) -> PagedTableModel[Line]:
    return PagedTableModel(COLUMNS)


def text(model: PagedTableModel[Line], row: int, column: int = 1) -> str:
    shown = model.index(row, column).data()
    assert isinstance(shown, str)
    return shown


def test_qt_finds_nothing_wrong_with_it(model: PagedTableModel[Line]) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    source = Source(model)
    for count in (0, 1, PAGE, 3 * PAGE + 7, 0):
        model.reset(range(count))
        for row in range(0, count, 50):
            assert text(model, row) in ("…", f"n{row}")
        model.refresh()
    assert tester.model() is model
    assert source.wanted


def test_a_page_is_asked_for_once_and_holds_its_ids(model: PagedTableModel[Line]) -> None:
    source = Source(model, at_once=False)
    model.reset(range(1000))
    for row in range(PAGE, PAGE + 50):
        assert text(model, row) == "…"
    assert [(page, list(ids)) for _, page, ids in source.wanted] == [(1, list(range(PAGE, 2 * PAGE)))]
    source.answer(source.wanted[0])
    assert text(model, PAGE + 3) == f"n{PAGE + 3}"
    assert model.row_at(PAGE + 3) == Line(PAGE + 3, f"n{PAGE + 3}")
    assert model.row_at(0) is None


def test_a_page_that_comes_with_the_list_is_not_asked_for(model: PagedTableModel[Line]) -> None:
    source = Source(model, at_once=False)
    rows = [Line(each, f"n{each}") for each in range(PAGE, 2 * PAGE)]
    model.reset(range(1000), (1,), rows, key=lambda each: each.id)
    assert text(model, PAGE) == f"n{PAGE}"
    assert not source.wanted
    assert text(model, 0) == "…"
    assert [page for _, page, _ in source.wanted] == [0]


def test_answer_of_an_older_list_is_dropped(model: PagedTableModel[Line]) -> None:
    source = Source(model, at_once=False)
    model.reset(range(10))
    text(model, 0)
    model.reset(range(100, 110))
    source.answer(source.wanted[0])
    assert text(model, 0) == "…"
    source.answer(source.wanted[1])
    assert text(model, 0) == "n100"


def test_a_row_deleted_meanwhile_shows_as_gone(model: PagedTableModel[Line]) -> None:
    source = Source(model)
    source.gone = {4}
    model.reset(range(10))
    text(model, 4)
    assert text(model, 4, 0) == "supprimé"
    assert text(model, 4) == ""
    assert model.row_at(4) is None
    assert text(model, 5) == "n5"


def test_a_page_that_failed_can_be_asked_for_again(model: PagedTableModel[Line]) -> None:
    source = Source(model, at_once=False)
    model.reset(range(10))
    text(model, 0)
    model.drop_page(model.generation, 0)
    text(model, 0)
    assert len(source.wanted) == 2


def test_refresh_keeps_the_order_and_asks_again(model: PagedTableModel[Line]) -> None:
    source = Source(model)
    model.reset((3, 1, 2))
    text(model, 0)
    model.refresh()
    text(model, 0)
    assert [list(ids) for _, _, ids in source.wanted] == [[3, 1, 2], [3, 1, 2]]
    assert model.place_of(2) == 2
    assert model.place_of(9) == -1
    assert model.id_at(0) == 3


def test_only_fifty_pages_are_remembered_the_last_seen(model: PagedTableModel[Line]) -> None:
    source = Source(model)
    model.reset(range(100_000))
    for page in range(80):
        text(model, page * PAGE)
        text(model, 0)
    assert len(model._pages) == 50
    assert 0 in model._pages
    assert len(source.wanted) == 80


def test_numbers_align_right_and_headings_with_them(model: PagedTableModel[Line]) -> None:
    model.reset((1,))
    role = Qt.ItemDataRole.TextAlignmentRole
    assert model.index(0, 0).data(role) & Qt.AlignmentFlag.AlignRight
    assert model.headerData(0, Qt.Orientation.Horizontal, role) & Qt.AlignmentFlag.AlignRight
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Nom"
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    assert model.data(QModelIndex()) is None


def test_of_many_rows_only_those_that_show_are_asked_for(qtbot: QtBot, model: PagedTableModel[Line]) -> None:
    source = Source(model)
    view = QTableView()
    qtbot.addWidget(view)
    view.setModel(model)
    view.resize(800, 600)
    view.show()
    model.reset(range(100_000))
    view.grab()
    view.scrollToBottom()
    view.grab()
    assert {page for _, page, _ in source.wanted} == {0, 100_000 // PAGE - 1}
