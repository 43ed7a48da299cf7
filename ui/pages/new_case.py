# SPDX-License-Identifier: GPL-3.0-or-later
"""« + Dossier »: for whom, and nothing else. Somebody the vault knows, or a nickname; the rest is told on the page."""

import uuid
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame

from hro_desktop.casework import cases
from hro_desktop.casework.desk import Desk, Result
from ui.context import Context
from ui.editor.form import Field
from ui.editor.inputs import LineInput, NotUnderstood
from ui.editor.refs import RefInput
from ui.flow import Flow
from ui.jobs import Lane, Report, Token
from ui.messages import sentence_of
from ui.widgets import button, column, label

__all__ = ["NewCase"]


def _open(desk: Desk, person_id: uuid.UUID | None, nickname: str, _token: Token, _report: Report) -> Result[uuid.UUID]:
    return desk.run(cases.open_for, person_id, nickname=nickname)


class NewCase(QFrame):
    """Who a new case is about."""

    opened = Signal(object)
    """The id of the case."""
    given_up = Signal()

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("card")
        self._context, self._desk = context, desk
        self.nickname = LineInput()
        self.person = RefInput(context, desk, "person")
        self._problem = label("", "problem", wrap=True)
        self._problem.hide()
        self.action = button("Ouvrir le dossier")
        self.action.clicked.connect(self.open)
        self.nickname.returnPressed.connect(self.open)
        leave = button("Revenir à la liste", "link")
        leave.clicked.connect(self.given_up)
        context.veil.cover(self.nickname, self.person)
        shortcut = QShortcut(QKeySequence("Ctrl+Return"), self, self.open)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        inner = column(margins=(20, 18, 20, 18), gap=10)
        inner.addWidget(label("Nouveau dossier", "title"))
        inner.addWidget(label("Un dossier suit une personne. Un surnom suffit pour commencer.", "soft", wrap=True))
        inner.addWidget(Field("nickname", "Surnom d’une personne nouvelle", "", self.nickname))
        hint = "Si elle a déjà un dossier, il s’ouvre."
        inner.addWidget(Field("person", "Ou une personne déjà connue du coffre", hint, self.person))
        inner.addWidget(self._problem)
        line = Flow(8)
        line.addWidget(self.action)
        line.addWidget(leave)
        inner.addLayout(line)
        inner.addStretch(1)
        self.setLayout(inner)
        self.setFocusProxy(self.nickname)

    @property
    def problem(self) -> str:
        """What went wrong, in a sentence."""
        return self._problem.text()

    def begin(self) -> None:
        """Empty, ready to be typed in."""
        self.nickname.set_value("")
        self.person.set_value(None)
        self._say("")
        self.nickname.setFocus()

    def open(self) -> None:
        """Open the case, or the one the person has."""
        if not self.action.isEnabled():
            return
        try:
            person_id = self.person.value()
        except NotUnderstood as error:
            self._say(str(error))
            return
        self._say("")
        self.action.setEnabled(False)
        work = partial(_open, self._desk, person_id, self.nickname.value())
        self._context.jobs.start(Lane.WRITE, work, owner=self, done=self.on_opened, failed=self.on_failed)

    def on_opened(self, result: Result[uuid.UUID]) -> None:
        """There it is."""
        self.action.setEnabled(True)
        self._context.news.publish(result.changes)
        self.opened.emit(result.value)

    def on_failed(self, error: Exception) -> None:
        """Nothing was written; what was typed is still there."""
        self.action.setEnabled(True)
        self._say(sentence_of(error))

    def _say(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
