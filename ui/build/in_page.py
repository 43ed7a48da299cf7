# SPDX-License-Identifier: GPL-3.0-or-later
"""Panels that open in the page, in the place of dialogs: a heading, « Fermer », what went wrong; some write."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from hro_desktop.casework.desk import Desk
from hro_desktop.law import vocabulary
from ui.acts import act
from ui.build.proof import ProofDeposit
from ui.context import Context
from ui.editor.editor import KeptForm
from ui.editor.inputs import ChoiceInput
from ui.jobs import Cancelled, Job, Work
from ui.messages import sentence_of
from ui.widgets import button, column, into_sight, label, row

__all__ = ["InPage", "Noting", "narrow"]


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


class Noting(InPage):
    """A panel that writes what is typed in it, which is kept meanwhile, when its main action is pressed.

    `first` is the field one begins with, `_blank` the draft of one that is begun.
    """

    first: ClassVar[str] = "channel"

    def __init__(
        self, context: Context, desk: Desk, referral_id: uuid.UUID, title: str, *, form: KeptForm, action: QPushButton
    ) -> None:
        super().__init__(context, desk, referral_id, title)
        self._blank: Any = None
        self._job: Job | None = None
        self._cases: tuple[uuid.UUID, ...] = ()
        self._proof: ProofDeposit | None = None
        self.form, self.action = form, action
        self.form.told.connect(self.told)
        self.empty_action = button("Effacer ce qui est tapé", "link")
        self.empty_action.clicked.connect(self.on_empty_clicked)

    def on_empty_clicked(self) -> None:
        """Begin again."""
        self.say("")
        self.form.discard(self._blank)
        self.form.focus(self.first)

    def on_failed(self, error: Exception) -> None:
        """It was not noted; what was typed stays, and is kept."""
        self._end()
        super().on_failed(error)

    def lay_out(self, *above: QWidget) -> None:
        """The form under what is said of it, and what can be done with it at the foot."""
        for each in (*above, self.form):
            self.inner.addWidget(each)
        foot = row(gap=12)
        foot.addWidget(self.action)
        foot.addWidget(self.empty_action)
        foot.addStretch()
        self.inner.addLayout(foot)

    def ask_proof(self, cases: Sequence[uuid.UUID], what: str) -> None:
        """Under the field of the proof, deposit a scan of it that is linked to these cases."""
        if self._cases == tuple(cases):
            return
        self._cases = tuple(cases)
        if self._proof is not None:
            self._proof.hide()
            self._proof.deleteLater()
        field = self.form.form.field("proof_evidence_id")
        self._proof = ProofDeposit(self.context, self.desk, field.input, self._cases, what)
        field.add_below(self._proof)

    def complete(self) -> Any:  # noqa: ANN401 - a draft
        """The draft to write; nothing when it cannot be, or one is being written."""
        return self.form.complete() if self._job is None else None

    def write(self, work: Work, done: Callable[[Any], None]) -> None:
        """Write it, beside the window."""
        self.form.keep()
        self.action.setEnabled(False)
        self._job = act(self.context, work, done, self.on_failed)

    def end(self, word: str) -> None:
        """It is written: the next one begins empty."""
        self._end()
        self.form.forget()
        self.hide()
        self.told.emit(word, "ok")

    def _end(self) -> None:
        self._job = None
        self.action.setEnabled(True)


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
