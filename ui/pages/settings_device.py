# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings, accesses: whether one's own access also asks for a secret that the keyring of this computer keeps."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hro_desktop.casework import key_slots
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.key_slots import KeySlot
from ui.context import Context
from ui.jobs import Lane, Report, Token
from ui.messages import sentence_of
from ui.pages.settings_part import labelled
from ui.secret import SecretLine
from ui.widgets import button, column, label

__all__ = ["DeviceBox"]

_ABOUT: Final = (
    "En option. Qui aurait copié le coffre et appris votre phrase ne l’ouvrirait pas ailleurs. Vous non plus\u00a0: "
    "sur un autre ordinateur, ou si ce trousseau est perdu ou fermé, il faut le code papier ou un autre accès. Les "
    "copies et les sauvegardes faites avant s’ouvrent encore avec la phrase seule\u00a0: refaites une sauvegarde."
)
_OFF: Final = "Votre accès s’ouvre avec votre phrase seule."
_ON: Final = "Votre accès demande votre phrase, et le secret gardé par le trousseau de cet ordinateur."


def _bind(desk: Desk, secret: str, wanted: bool, _token: Token, _report: Report) -> None:
    key_slots.bind_device(desk, secret, wanted=wanted)


class DeviceBox(QWidget):
    """Shown to whoever opened the vault with a passphrase."""

    bound = Signal()
    """It is now otherwise."""

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        self._on = False
        self._state = label("", "strong", wrap=True)
        self._problem = label("", "problem", wrap=True)
        self.secret = SecretLine(context.tokens, "Votre phrase de passe")
        self.bind = button("Lier mon accès à cet ordinateur")
        inner = column(gap=8)
        inner.addWidget(label("Trousseau de cet ordinateur", "heading"))
        inner.addWidget(label(_ABOUT, "soft", wrap=True))
        inner.addWidget(self._state)
        labelled(inner, "Votre phrase de passe", self.secret)
        inner.addWidget(self._problem)
        inner.addWidget(self.bind)
        self.setLayout(inner)
        self.secret.returnPressed.connect(self.on_bind_clicked)
        self.bind.clicked.connect(self.on_bind_clicked)
        self.hide()

    @property
    def words(self) -> Sequence[str]:
        """What is said: how it is, and what stands in the way."""
        return (self._state.text(), self._problem.text())

    def show_slots(self, slots: Sequence[KeySlot]) -> None:
        """How it is now."""
        own = next((each for each in slots if each.present and each.personal), None)
        self.setVisible(own is not None and not self._desk.vault.consultation)
        self._on = own is not None and own.device
        self._state.setText(_ON if self._on else _OFF)
        self.bind.setText("Ne plus lier mon accès" if self._on else "Lier mon accès à cet ordinateur")

    def on_bind_clicked(self) -> None:
        """The other way, with the phrase once more: the access is made anew from it."""
        self._problem.clear()
        if not self.secret.text():
            self._problem.setText("Tapez votre phrase de passe\u00a0: votre accès est refait à partir d’elle.")
            self.secret.setFocus()
            return
        self.bind.setEnabled(False)
        work = partial(_bind, self._desk, self.secret.text(), not self._on)
        self._context.jobs.start(Lane.WRITE, work, owner=self, done=self.on_bound, failed=self.on_bind_failed)

    def on_bound(self, _nothing: None) -> None:
        """It is so from the next opening on."""
        self.bind.setEnabled(True)
        self.secret.clear()
        self.bound.emit()

    def on_bind_failed(self, error: Exception) -> None:
        """Nothing has changed."""
        self.bind.setEnabled(True)
        self._problem.setText(sentence_of(error))
