# SPDX-License-Identifier: GPL-3.0-or-later
"""The tabs of a page: a line of names, the present one underlined; arrows and Ctrl Tab move along it."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QWidget

from ui.flow import Flow

__all__ = ["Tabs"]

_STEPS: Final = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
_SIDES: Final = 14
"""Pixels beside a name: padding and border."""


class _Tab(QPushButton):
    """One name; arrows go to the line, which knows the next one."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setProperty("role", "tab")
        self.setAutoDefault(False)
        self.setCheckable(True)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        """As wide as it is when it is chosen, in heavier type: nothing is cut, and nothing moves."""
        font, hint = QFont(self.font()), super().sizeHint()
        font.setWeight(QFont.Weight.DemiBold)
        wide = QFontMetrics(font).horizontalAdvance(self.text())
        return QSize(max(hint.width(), wide + _SIDES), hint.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Qt would only move the focus."""
        if event.key() in _STEPS:
            event.ignore()
            return
        super().keyPressEvent(event)


class Tabs(QWidget):
    """Names in order; `chosen` gives the one that was gone to."""

    chosen = Signal(str)

    def __init__(self, tabs: Sequence[tuple[str, str]], page: QWidget) -> None:
        """Make them: (name, text) each; Ctrl Tab works anywhere in `page`."""
        super().__init__()
        self._texts = dict(tabs)
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        line = Flow(12)
        for name, text in tabs:
            made = _Tab(text)
            self._buttons[name] = made
            self._group.addButton(made)
            line.addWidget(made)
        self._group.buttonClicked.connect(self.on_clicked)
        self.setLayout(line)
        for keys, step in (("Ctrl+Tab", 1), ("Ctrl+PgDown", 1), ("Ctrl+Shift+Tab", -1), ("Ctrl+PgUp", -1)):
            shortcut = QShortcut(QKeySequence(keys), page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.on_next if step > 0 else self.on_before)
        self.setAccessibleName("Onglets")

    @property
    def present(self) -> str:
        """The name of the one that is shown."""
        return next((name for name, made in self._buttons.items() if made.isChecked()), "")

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, in order."""
        return tuple(self._buttons)

    def tab(self, name: str) -> QPushButton:
        """One of them."""
        return self._buttons[name]

    def set_count(self, name: str, number: int) -> None:
        """How many lines it holds, after its name."""
        text = f"{self._texts[name]}\u2002{number}" if number else self._texts[name]
        self._buttons[name].setText(text)
        self._buttons[name].setAccessibleName(f"{self._texts[name]}, {number}" if number else self._texts[name])
        self.updateGeometry()

    def show_tab(self, name: str) -> None:
        """Underline one, without going to it."""
        self._buttons[name].setChecked(True)
        self.setFocusProxy(self._buttons[name])

    def on_clicked(self, _button: QPushButton) -> None:
        """Another one."""
        self.setFocusProxy(self._buttons[self.present])
        self.chosen.emit(self.present)

    def on_next(self) -> None:
        """The next one, from anywhere."""
        self._step(1)

    def on_before(self) -> None:
        """The one before."""
        self._step(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Arrows move along the line."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._step(step, focus=True)

    def _step(self, step: int, *, focus: bool = False) -> None:
        names = list(self._buttons)
        name = names[(names.index(self.present) + step) % len(names)]
        self._buttons[name].setChecked(True)
        if focus:
            self._buttons[name].setFocus(Qt.FocusReason.TabFocusReason)
        self.on_clicked(self._buttons[name])
