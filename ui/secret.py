# SPDX-License-Identifier: GPL-3.0-or-later
"""A line for a secret: hidden until asked, taught to no keyboard, with a guess at Caps Lock."""

from typing import Final

from PySide6.QtCore import QEvent, QLocale, QObject, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton

from ui.icons import icon
from ui.theme import Tokens

__all__ = ["SecretLine", "keyboard_hint"]

_LONGEST: Final = 2048
_CAPS_ON: Final = "Verr. Maj est activé."


def keyboard_hint() -> str:
    """The language of the keyboard, where the system tells which it is; elsewhere how to find out."""
    if QGuiApplication.platformName() in ("windows", "cocoa"):
        language = QGuiApplication.inputMethod().locale()
        return f"Clavier\u00a0: {QLocale.languageToString(language.language())}."
    return "L’œil montre ce qui est tapé\u00a0: vérifiez ainsi la langue du clavier."


class SecretLine(QLineEdit):
    """A passphrase. `caps_guessed` says when Caps Lock seems to be on or off."""

    caps_guessed = Signal(bool)

    def __init__(self, tokens: Tokens, name: str) -> None:
        super().__init__()
        self._tokens = tokens
        self._what = name[:1].lower() + name[1:]
        self._caps = False
        self.setEchoMode(QLineEdit.EchoMode.Password)
        # Shown or not, no keyboard may learn it or offer it again.
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.setAccessibleName(name)
        self.setMaxLength(_LONGEST)
        self._show = QAction(icon("eye", tokens.ink3), f"Montrer\u00a0: {self._what}", self)
        self._show.setCheckable(True)
        self._show.toggled.connect(self.on_show_toggled)
        self.addAction(self._show, QLineEdit.ActionPosition.TrailingPosition)
        for eye in self.findChildren(QToolButton):
            eye.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # Qt leaves it to the mouse
            eye.setAccessibleName(f"Montrer\u00a0: {self._what}")
        self.installEventFilter(self)

    @property
    def caps_hint(self) -> str:
        """What there is to say of Caps Lock."""
        return _CAPS_ON if self._caps else ""

    def show_text(self, shown: bool) -> None:
        """Let it be read, or hide it."""
        self._show.setChecked(shown)

    def on_show_toggled(self, shown: bool) -> None:
        """The eye was pressed."""
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._show.setIcon(icon("eye-off" if shown else "eye", self._tokens.ink3))
        self._show.setText(f"{'Masquer' if shown else 'Montrer'}\u00a0: {self._what}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Guess Caps Lock from what its keys give: Qt does not tell it."""
        if watched is self and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            self._guess_caps(event)
        return super().eventFilter(watched, event)

    def set_problem(self, problem: bool) -> None:
        """Stand out, or not."""
        self.setProperty("problem", "true" if problem else "false")
        self.style().unpolish(self)
        self.style().polish(self)

    def _guess_caps(self, event: QKeyEvent) -> None:
        text, shift = event.text(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_CapsLock:
            caps = not self._caps
        elif len(text) == 1 and text.isalpha() and text.lower() != text.upper():
            caps = text.isupper() != shift
        else:
            return
        if caps != self._caps:
            self._caps = caps
            self.caps_guessed.emit(caps)
