# SPDX-License-Identifier: GPL-3.0-or-later
"""The pieces pages are made of."""

import gc

import shiboken6
from PySide6.QtWidgets import QLabel, QLayout, QLayoutItem, QWidget
from pytestqt.qtbot import QtBot

from ui.flow import Flow
from ui.theme import Scheme, Theme
from ui.widgets import Scroller, clear, column, label, row, widgets_in


def _items() -> int:
    """Items of layouts that PySide believes to be there."""
    gc.collect()
    return sum(
        isinstance(each, QLayoutItem) and not isinstance(each, QLayout) for each in shiboken6.getAllValidWrappers()
    )


def test_widgets_come_in_their_order_those_of_inner_layouts_too(qtbot: QtBot) -> None:
    page, whole, line, flow = QWidget(), column(), row(), Flow()
    qtbot.addWidget(page)
    page.setLayout(whole)
    names = [QLabel(str(number)) for number in range(7)]
    whole.addWidget(names[0])
    whole.addLayout(line)
    line.addWidget(names[1])
    line.addStretch()
    line.addWidget(names[2])
    whole.addLayout(flow)
    for each in names[3:5]:
        flow.addWidget(each)
    whole.addWidget(names[6])
    whole.insertWidget(3, names[5])
    QLabel("elsewhere", page)
    assert [each.text() for each in widgets_in(whole) if isinstance(each, QLabel)] == list("0123456")
    assert [each.text() for each in widgets_in(line) if isinstance(each, QLabel)] == list("12")


def test_looking_at_a_layout_leaves_nothing_behind(qtbot: QtBot) -> None:
    page, whole = QWidget(), column()
    qtbot.addWidget(page)
    page.setLayout(whole)
    for number in range(5):
        whole.addWidget(QLabel(str(number)))
    before = _items()
    assert len(widgets_in(whole)) == 5
    assert _items() == before
    whole.itemAt(0)  # the control
    assert _items() == before + 1
    clear(whole)
    assert widgets_in(whole) == []


def test_what_scrolls_ends_with_its_last_line_however_wide(qtbot: QtBot) -> None:
    inner = column()
    for _ in range(40):
        inner.addWidget(
            label("Le jour, la langue et la façon dont la personne a répondu, en une seule ligne.", wrap=True)
        )
    last = label("Fin")
    inner.addWidget(last)
    inner.addStretch()
    scroller = Scroller(inner, name="Longue page")
    qtbot.addWidget(scroller)
    Theme(Scheme.LIGHT).dress(scroller)
    for width in (1200, 500, 240, 900):
        scroller.resize(width, 300)
        scroller.show()
        qtbot.wait(20)
        content = scroller.widget()
        assert content is not None
        assert content.height() > scroller.viewport().height()
        assert content.height() - last.geometry().bottom() < 20
        assert all(each.height() >= each.heightForWidth(each.width()) for each in content.findChildren(QLabel)[:-1])
