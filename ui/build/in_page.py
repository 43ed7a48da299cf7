# SPDX-License-Identifier: GPL-3.0-or-later
"""A panel that opens in the page, in the place of a dialog: a heading, « Fermer », what went wrong."""

import uuid
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from hro_desktop.casework.desk import Desk
from hro_desktop.law import vocabulary
from ui.context import Context
from ui.editor.inputs import ChoiceInput
from ui.jobs import Cancelled
from ui.messages import sentence_of
from ui.widgets import button, column, into_sight, label, row

__all__ = ["InPage", "narrow"]


class InPage(QFrame):
    """A panel in the page: a heading, « Fermer », and what went wrong."""

    closed = Signal()
    told = Signal(str, str)
    toggled = Signal()
    """It is open now, or not any more."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID, title: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self.context, self.desk, self.referral_id = context, desk, referral_id
        head = row(gap=8)
        head.addWidget(label(title, "heading", wrap=True), 1)
        self.close_action = button("Fermer", "link", name=f"Fermer\u00a0: {title}")
        self.close_action.clicked.connect(self.on_close_clicked)
        head.addWidget(self.close_action)
        self._problem = label("", "problem", wrap=True)
        self._problem.hide()
        self.inner: QVBoxLayout = column(margins=(18, 14, 18, 16), gap=10)
        self.inner.addLayout(head)
        self.inner.addWidget(self._problem)
        self.setLayout(self.inner)
        self.hide()

    def event(self, event: QEvent) -> bool:
        """Say when it is opened and closed."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self.toggled.emit()
        return super().event(event)

    @property
    def problem(self) -> str:
        """What went wrong last, in a sentence."""
        return self._problem.text()

    def say(self, sentence: str) -> None:
        """Show what went wrong, or nothing."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        if sentence:
            into_sight(self._problem)

    def on_close_clicked(self) -> None:
        """Not now: what was typed is kept."""
        self.hide()
        self.closed.emit()

    def on_failed(self, error: Exception) -> None:
        """Something could not be done."""
        self.say("" if isinstance(error, Cancelled) else sentence_of(error))


def narrow(choice: ChoiceInput, codes: Sequence[tuple[str, str]]) -> None:
    """Offer these only, in this order; what is chosen stays."""
    held = choice.value()
    first = choice.itemText(0)
    choice.clear()
    choice.addItem(first, "")
    for code, words in codes:
        choice.addItem(words[:1].upper() + words[1:], code)
    if held and choice.place_of(held) < 0:
        choice.addItem(vocabulary.label("channels", held), held)
    choice.setCurrentIndex(max(0, choice.place_of(held)))
