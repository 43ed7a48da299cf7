# SPDX-License-Identifier: GPL-3.0-or-later
"""PySide6 6.12 on interpreters before 3.12 gives away references to True and None, then aborts.

The markers in pyproject.toml choose a build that does not; this test notices when they no longer do.
"""

import sys

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

TIMES = 500


class Sender(QObject):
    sent = Signal(int)


class Receiver(QObject):
    def on_sent(self, number: int) -> None:
        """Gives back None to Qt."""


@pytest.mark.parametrize("value", [True, None], ids=["True", "None"])
def test_signals_give_no_reference_away(qtbot: QtBot, value: object) -> None:
    sender, receiver = Sender(), Receiver()
    sender.sent.connect(receiver.on_sent)
    before = sys.getrefcount(value)
    for number in range(TIMES):
        sender.sent.emit(number)
    assert sys.getrefcount(value) > before - TIMES // 10


@pytest.mark.parametrize("value", [True, None], ids=["True", "None"])
def test_widgets_give_no_reference_away(qtbot: QtBot, value: object) -> None:
    label, field = QLabel(), QLineEdit()
    qtbot.addWidget(label)
    qtbot.addWidget(field)
    field.textChanged.connect(label.setText)
    before = sys.getrefcount(value)
    for number in range(TIMES):
        field.setText(str(number))
    assert sys.getrefcount(value) > before - TIMES // 10
