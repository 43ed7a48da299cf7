# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody at the keyboard, with a clock of our own."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from ui.idle import IdleWatch, seconds


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def field(qtbot: QtBot) -> QLineEdit:
    made = QLineEdit()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.setFocus()
    return made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watch(field: QLineEdit, clock: Clock) -> Iterator[IdleWatch]:
    made = IdleWatch(240, field, now=clock, tick=10)
    yield made
    made.stop()


def test_time_is_over_after_the_delay_and_not_before(qtbot: QtBot, watch: IdleWatch, clock: Clock) -> None:
    told: list[int] = []
    watch.soon.connect(told.append)
    with qtbot.assertNotEmitted(watch.over, wait=60):
        clock.now += 200
    assert told == []
    with qtbot.waitSignal(watch.soon):
        clock.now += 20
    assert told[0] == 20
    with qtbot.waitSignal(watch.over):
        clock.now += 20


def key(field: QLineEdit) -> None:
    QTest.keyClick(field.windowHandle(), Qt.Key.Key_Shift)


def press(field: QLineEdit) -> None:
    QTest.mouseClick(field.windowHandle(), Qt.MouseButton.LeftButton)


def move(field: QLineEdit) -> None:
    QTest.mouseMove(field.windowHandle(), QPoint(5, 6))
    QTest.mouseMove(field.windowHandle(), QPoint(9, 9))


def compose(field: QLineEdit) -> None:
    event = QInputMethodEvent()
    event.setCommitString("ب")
    QApplication.sendEvent(field, event)


@pytest.mark.parametrize("act", [key, press, move, compose], ids=["key", "press", "move", "input method"])
def test_a_hand_begins_the_delay_again(
    qtbot: QtBot, watch: IdleWatch, field: QLineEdit, clock: Clock, act: Callable[[QLineEdit], None]
) -> None:
    watch.on_focus_object_changed(field)
    with qtbot.waitSignal(watch.soon):
        clock.now += 235
    with qtbot.waitSignal(watch.back):
        act(field)
    with qtbot.assertNotEmitted(watch.over, wait=60):
        clock.now += 100


def test_what_the_program_does_itself_is_no_hand(
    qtbot: QtBot, watch: IdleWatch, field: QLineEdit, clock: Clock
) -> None:
    with qtbot.waitSignal(watch.soon):
        clock.now += 235
    with qtbot.assertNotEmitted(watch.back, wait=60):
        field.setText("écrit par le programme")
        field.resize(300, 40)
        QApplication.sendEvent(field.windowHandle(), QEvent(QEvent.Type.UpdateRequest))


def test_a_window_opened_later_counts_too(qtbot: QtBot, watch: IdleWatch, clock: Clock) -> None:
    other = QLineEdit()
    qtbot.addWidget(other)
    other.show()
    qtbot.waitExposed(other)
    watch.on_focus_window_changed(other.windowHandle())
    with qtbot.waitSignal(watch.soon):
        clock.now += 235
    with qtbot.waitSignal(watch.back):
        key(other)


def test_a_night_of_sleep_is_idleness(qtbot: QtBot, watch: IdleWatch, clock: Clock) -> None:
    with qtbot.waitSignal(watch.over):
        clock.now += 8 * 3600


def test_clock_goes_on() -> None:
    assert seconds() <= seconds()
