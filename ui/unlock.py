# SPDX-License-Identifier: GPL-3.0-or-later
"""The door: a passphrase, or the practice vault. Nothing here names the association or its people."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QProgressBar, QPushButton, QSizePolicy, QToolButton, QWidget

from ui import opening
from ui.context import Context
from ui.icons import icon
from ui.jobs import Lane
from ui.messages import sentence_of
from ui.widgets import button, column, frame, label, mark, row

__all__ = ["UnlockPage"]

_CAPS_OFF: Final = "Les majuscules et les espaces comptent."
_CAPS_ON: Final = "Verr. Maj est activé."
_PROTECTED: Final = "Chiffré sur cet ordinateur. Sans phrase de passe ni code papier, le contenu est perdu."
_ABSENT: Final = (
    "Aucun coffre à cet endroit. Essayez le programme avec un exemple inventé, ou choisissez le dossier d’un coffre."
)


class UnlockPage(QWidget):
    """Opens a vault in a job and hands it over."""

    opened = Signal(object)
    """An `OpenVault`."""

    def __init__(self, context: Context, folder: Path, *, main: bool, parent: QWidget | None = None) -> None:
        """A door for one vault.

        Args:
            context: its surroundings.
            folder: of the vault.
            main: it is the one at the usual place.
            parent: the window.
        """
        super().__init__(parent)
        self.setObjectName("page")
        self._context = context
        self._folder = folder
        self._main = main
        self._caps = False
        self._title = label("", "title")
        self._about = label("", "soft", wrap=True)
        self._field = self._make_field()
        self._hint = label(_CAPS_OFF, "hint", wrap=True)
        self._unlock = button("Déverrouiller", "main")
        self._other = button("Autre coffre…", "link", tip="Choisir le dossier d’un autre coffre")
        self._practice = button(
            "Explorer avec un exemple", "link", tip="Ouvre un coffre d’exercice\u00a0: rien de réel, rien à perdre"
        )
        self._busy = QProgressBar()
        self._lay_out()
        self._unlock.clicked.connect(self.on_unlock_clicked)
        self._field.returnPressed.connect(self.on_unlock_clicked)
        self._other.clicked.connect(self.on_other_clicked)
        self._practice.clicked.connect(self.on_practice_clicked)
        self._field.textEdited.connect(self.on_edited)
        self._field.installEventFilter(self)
        self._look()

    @property
    def field(self) -> QLineEdit:
        """Where the passphrase is typed."""
        return self._field

    @property
    def buttons(self) -> tuple[QPushButton, QPushButton, QPushButton]:
        """Unlock, another vault, the practice vault."""
        return self._unlock, self._other, self._practice

    @property
    def problem(self) -> str:
        """The sentence under the field when something went wrong."""
        return self._hint.text() if self._hint.property("role") == "problem" else ""

    def set_folder(self, folder: Path) -> None:
        """Stand before another vault."""
        self._folder, self._main = folder, False
        self._look()

    def give_up(self) -> None:
        """The window goes: nothing stays open behind the door."""

    def on_unlock_clicked(self) -> None:
        """Try the passphrase."""
        if not self._unlock.isEnabled():
            return
        self._start(partial(opening.open_vault, self._folder, self._field.text()), "Ouverture du coffre")

    def on_practice_clicked(self) -> None:
        """Open the practice vault; the first time it is made, which takes a few seconds."""
        self._start(partial(opening.open_practice, self._context.practice_folder), "Préparation de l’exemple")

    def on_other_clicked(self) -> None:
        """Ask where the other vault is."""
        self._context.ask.folder(self, "Choisir le dossier du coffre", self.set_folder)

    def on_opened(self, vault: opening.OpenVault) -> None:
        """Hand the vault over; the passphrase leaves the field."""
        self._field.clear()
        self.opened.emit(vault)

    def on_failed(self, error: Exception) -> None:
        """Say what stands in the way, and let the person try again."""
        self._set_busy("")
        self._say(sentence_of(error), problem=True)
        if self._field.isEnabled():
            self._field.setFocus()
            self._field.selectAll()

    def on_edited(self) -> None:
        """Typing again takes the reproach away."""
        if self.problem:
            self._say(_CAPS_ON if self._caps else _CAPS_OFF)

    def on_show_toggled(self, shown: bool) -> None:
        """Let the passphrase be read, or hide it."""
        self._field.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._show.setIcon(icon("eye-off" if shown else "eye", self._context.tokens.ink3))
        self._show.setText("Masquer la phrase de passe" if shown else "Montrer la phrase de passe")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Guess Caps Lock from what its keys give: Qt does not tell it."""
        if watched is self._field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            self._guess_caps(event)
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The ground of the page."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._context.tokens.sunken)
        painter.end()

    def _make_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setEchoMode(QLineEdit.EchoMode.Password)
        # Shown or not, no keyboard may learn it or offer it again.
        field.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        field.setAccessibleName("Phrase de passe")
        field.setMaxLength(2048)
        self._show = QAction(icon("eye", self._context.tokens.ink3), "Montrer la phrase de passe", field)
        self._show.setCheckable(True)
        self._show.toggled.connect(self.on_show_toggled)
        field.addAction(self._show, QLineEdit.ActionPosition.TrailingPosition)
        for eye in field.findChildren(QToolButton):
            eye.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # Qt leaves it to the mouse
            eye.setAccessibleName("Montrer la phrase de passe")
        return field

    def _lay_out(self) -> None:
        theme = self._context.theme
        card = frame("card")
        card.setFixedWidth(theme.px(400))
        inside = column(margins=(32, 30, 32, 22), gap=6)
        inside.addWidget(mark(self._context.tokens, theme.px(44)))
        inside.addSpacing(12)
        inside.addWidget(self._title)
        inside.addWidget(self._about)
        inside.addSpacing(12)
        named = label("Phrase de passe", "label")
        named.setBuddy(self._field)
        inside.addWidget(named)
        inside.addWidget(self._field)
        inside.addWidget(self._hint)
        inside.addSpacing(8)
        self._unlock.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        inside.addWidget(self._unlock)
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setAccessibleName("Ouverture en cours")
        policy = self._busy.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._busy.setSizePolicy(policy)
        self._busy.hide()
        inside.addWidget(self._busy)
        links = row(margins=(-4, 0, -4, 0), gap=0)
        links.addWidget(self._other)
        links.addStretch()
        links.addWidget(self._practice)
        inside.addLayout(links)
        card.setLayout(inside)
        around = QGridLayout()
        around.addWidget(card, 0, 0, Qt.AlignmentFlag.AlignCenter)
        self.setLayout(around)
        for first, second in (
            (self._field, self._unlock),
            (self._unlock, self._other),
            (self._other, self._practice),
        ):
            QWidget.setTabOrder(first, second)
        self.setFocusProxy(self._field)

    def _look(self) -> None:
        """Say which vault this is, and whether there is one."""
        there = opening.is_vault(self._folder)
        self._title.setText("Coffre principal" if self._main else "Autre coffre")
        self._about.setText(_PROTECTED if there else _ABSENT)
        self._field.setEnabled(there)
        self._unlock.setEnabled(there)
        self._say(_CAPS_OFF if there else "")
        (self._field if there else self._practice).setFocus()

    def _start(self, work: partial[opening.OpenVault], what: str) -> None:
        self._set_busy(what)
        self._context.jobs.start(Lane.WRITE, work, owner=self, done=self.on_opened, failed=self.on_failed)

    def _set_busy(self, what: str) -> None:
        there = opening.is_vault(self._folder)
        self._busy.setVisible(bool(what))
        self._unlock.setText("Ouverture…" if what else "Déverrouiller")
        self._unlock.setEnabled(not what and there)
        self._field.setEnabled(not what and there)
        self._other.setEnabled(not what)
        self._practice.setEnabled(not what)
        if what:
            self._say(f"{what}…")

    def _say(self, sentence: str, *, problem: bool = False) -> None:
        self._hint.setText(sentence)
        self._hint.setProperty("role", "problem" if problem else "hint")
        self._field.setProperty("problem", "true" if problem else "false")
        self._field.setAccessibleDescription(sentence)
        for widget in (self._hint, self._field):
            widget.style().unpolish(widget)
            widget.style().polish(widget)

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
            if not self.problem:
                self._say(_CAPS_ON if caps else _CAPS_OFF)
