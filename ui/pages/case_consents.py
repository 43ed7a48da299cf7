# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody agreed to: one line an answer, one key to note another, and taking one back with what had left."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from hro_desktop.casework import consents, departures, editing
from hro_desktop.casework.case_overview import Head
from hro_desktop.casework.consents import Answer, ConsentDraft, Grid
from hro_desktop.casework.departures import Gone
from hro_desktop.casework.desk import Desk, Result
from ui import reading
from ui.context import Context
from ui.editor.form import Field, Layout
from ui.editor.inputs import NotUnderstood, day_input
from ui.editor.panel import EditorPanel
from ui.jobs import Lane, Report, Token
from ui.messages import sentence_of
from ui.widgets import button, chip, clear, column, frame, label, row, rule

__all__ = ["ConsentsCard"]

KNOWN = Layout(
    fields=("state", "given_on", "mode", "language", "interpreter_id", "collected_by_id", "evidence_id", "note"),
    labels={
        "given_on": "Jour de la réponse",
        "language": "Langue de la question",
        "collected_by_id": "Recueillie par",
        "evidence_id": "Preuve",
        "mode": "Oral, écrit ou enregistré",
    },
)
FREE = Layout(fields=("purpose", "body", *KNOWN.fields), labels=KNOWN.labels)


def _withdraw(desk: Desk, consent_id: uuid.UUID, on: dt.date | None, _token: Token, _report: Report) -> Result[None]:
    return desk.run(consents.withdraw, consent_id, on)


class ConsentsCard(QFrame):
    """« Accords »."""

    said = Signal(str)
    told = Signal(str, str)

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("card")
        self._context, self._desk = context, desk
        self._head: Head | None = None
        self._answers: Sequence[Answer] = ()
        self._withdrawing: Answer | None = None
        self._withdrawn: Answer | None = None
        self._grid = column(gap=4)
        self._exceptions = column(gap=4)
        self.panel = EditorPanel(context, desk)
        self.panel.told.connect(self.told)
        self.panel.closed.connect(self.on_panel_closed)
        self._make_withdrawal()
        self._undo = row(gap=8)
        self._undo_line = QWidget()
        self._undo_line.setLayout(self._undo)
        self._undo_line.hide()
        self._add = button("+ Autre accord", "link", name="Noter une réponse pour un autre but")
        self._add.clicked.connect(self.on_add_clicked)
        self._lay_out()

    @property
    def answers(self) -> Sequence[Answer]:
        """The lines of the grid."""
        return self._answers

    def ask(self, head: Head) -> None:
        """Ask for the answers of the person."""
        self._head = head
        work = partial(reading.asked, self._desk, consents.grid, (head.person_id,))
        self._context.jobs.start(Lane.READ, work, owner=self, done=self.on_answers, failed=self.on_failed)

    def on_answers(self, found: Grid) -> None:
        """Here they are."""
        self._answers = found.answers
        clear(self._grid)
        for each in self._answers:
            self._show(each)
        clear(self._exceptions)
        if found.exceptions:
            self._exceptions.addWidget(label("Exceptions (loi organique 2011-333, art. 8)", "strong", wrap=True))
        for said in found.exceptions:
            self._exceptions.addWidget(label(said, wrap=True))

    def on_note_clicked(self, answer: Answer, _checked: bool = False) -> None:
        """Note what the person answered, or change it."""
        if answer.id is not None:
            self._open(answer.id, None, answer.purpose_label, KNOWN)
            return
        draft = self._blank(purpose=answer.purpose, body=answer.body)
        self._open(draft.id, draft, answer.purpose_label, KNOWN)

    def on_add_clicked(self) -> None:
        """An answer for a purpose that is not in the grid."""
        draft = self._blank()
        self._open(draft.id, draft, "Autre accord", FREE)

    def on_panel_closed(self) -> None:
        """The answer is noted."""
        self._add.setFocus()

    def on_withdraw_clicked(self, answer: Answer, _checked: bool = False) -> None:
        """Ask for the day, and say what had already left."""
        self.panel.close_now()
        self._withdrawing = answer
        self._undo_line.hide()
        self._title.setText(f"Retirer l’accord\u00a0: {answer.purpose_label}")
        self._day.input.set_value(self._desk.today())
        self._day.say("")
        clear(self._gone)
        self._withdrawal.show()
        self._day.input.setFocus()
        if self._head is not None:
            work = partial(reading.asked, self._desk, departures.of_person, (self._head.person_id,))
            self._context.jobs.start(Lane.READ, work, owner=self, done=self.on_gone, failed=self.on_failed)

    def on_gone(self, found: Sequence[Gone]) -> None:
        """What had already left."""
        clear(self._gone)
        if not found:
            said = "Rien n’est encore parti du coffre au sujet de cette personne."
            self._gone.addWidget(label(said, "hint", wrap=True))
            return
        said = "Déjà parti, et qu’on ne peut plus rappeler\u00a0: prévenez ces destinataires."
        self._gone.addWidget(label(said, "strong", wrap=True))
        for each in found:
            line = label(each.sentence, "hint", wrap=True)
            self._context.veil.cover(line)
            self._gone.addWidget(line)

    def on_confirm_clicked(self) -> None:
        """It is taken back."""
        answer = self._withdrawing
        try:
            day = self._day.input.value()
        except NotUnderstood as error:
            self._day.say(str(error))
            return
        if answer is None or answer.id is None or day is None:
            self._day.say("Écrivez le jour du retrait.")
            return
        self._withdrawn = answer
        work = partial(_withdraw, self._desk, answer.id, day)
        self._context.jobs.start(Lane.WRITE, work, owner=self, done=self.on_withdrawn, failed=self.on_withdraw_failed)

    def on_withdrawn(self, result: Result[None]) -> None:
        """Noted; it can be undone."""
        self._withdrawal.hide()
        self._context.news.publish(result.changes)
        self._undo_line.show()
        self._undo_action.setFocus()

    def on_undo_clicked(self) -> None:
        """Not taken back after all."""
        answer = self._withdrawn
        self._undo_line.hide()
        self._withdrawn = None
        if answer is not None and answer.id is not None:
            work = partial(_withdraw, self._desk, answer.id, None)
            self._context.jobs.start(Lane.WRITE, work, owner=self, done=self.on_undone, failed=self.on_failed)

    def on_undone(self, result: Result[None]) -> None:
        """The agreement stands again."""
        self._context.news.publish(result.changes)
        self._add.setFocus()

    def on_give_up_clicked(self) -> None:
        """The agreement stays."""
        self._withdrawal.hide()
        self._withdrawing = None
        self._add.setFocus()

    def on_withdraw_failed(self, error: Exception) -> None:
        """Said under the day."""
        self._day.say(sentence_of(error))

    def on_failed(self, error: Exception) -> None:
        """Something could not be read or written."""
        self.said.emit(sentence_of(error))

    def _blank(self, **known: object) -> ConsentDraft:
        head = self._head
        assert head is not None
        draft: ConsentDraft = editing.blank("consent", person_id=head.person_id, language=head.language, **known)
        draft.given_on = self._desk.today()
        return draft

    def _open(self, record_id: uuid.UUID | None, draft: ConsentDraft | None, title: str, layout: Layout) -> None:
        if record_id is not None:
            self._withdrawal.hide()
            self._undo_line.hide()
            self.panel.tell("consent", layout, record_id, draft, title)

    def _show(self, each: Answer) -> None:
        if self._grid.count():
            self._grid.addWidget(rule())
        body = f" ({each.body_label})" if each.body_label and each.body_label not in each.purpose_label else ""
        top = row(gap=8)
        top.addWidget(label(f"{each.purpose_label[:1].upper()}{each.purpose_label[1:]}{body}", wrap=True), 1)
        top.addWidget(chip(each.state, each.kind), 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addLayout(top)
        under = row(gap=8)
        detail = label(each.detail, "hint", wrap=True)
        self._context.veil.cover(detail)
        under.addWidget(detail, 1)
        if each.withdrawable:
            under.addWidget(self._act("Retirer l’accord", each, self.on_withdraw_clicked), 0, Qt.AlignmentFlag.AlignTop)
        note = "Modifier" if each.id else "Noter la réponse"
        under.addWidget(self._act(note, each, self.on_note_clicked), 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addLayout(under)

    def _act(self, text: str, answer: Answer, does: Callable[..., None]) -> QPushButton:
        made = button(text, "link", name=f"{text}\u00a0: {answer.purpose_label}")
        made.clicked.connect(partial(does, answer))
        return made

    def _make_withdrawal(self) -> None:
        self._withdrawal = frame("choice")
        inner = column(margins=(12, 10, 12, 10), gap=8)
        self._title = label("", "strong", wrap=True)
        inner.addWidget(self._title)
        self._day = Field("withdrawn_on", "Jour du retrait", "", day_input(self._desk.today()))
        self._day.input.returnPressed.connect(self.on_confirm_clicked)
        inner.addWidget(self._day)
        self._gone: QVBoxLayout = column(gap=4)
        inner.addLayout(self._gone)
        line = row()
        self.confirm = button("Noter le retrait")
        self.confirm.clicked.connect(self.on_confirm_clicked)
        leave = button("Garder l’accord", "link", name="Garder l’accord tel quel")
        leave.clicked.connect(self.on_give_up_clicked)
        line.addWidget(self.confirm)
        line.addWidget(leave)
        line.addStretch()
        inner.addLayout(line)
        self._withdrawal.setLayout(inner)
        self._withdrawal.hide()

    def _lay_out(self) -> None:
        whole = column(margins=(1, 1, 1, 1), gap=0)
        line = row(margins=(16, 8, 12, 8))
        line.addWidget(label("Accords", "heading"))
        line.addStretch()
        line.addWidget(self._add)
        whole.addLayout(line)
        whole.addWidget(rule())
        inner = column(margins=(16, 10, 16, 14), gap=10)
        self._undo.addWidget(label("Retrait noté.", "soft"))
        self._undo_action = button("Annuler le retrait", "link")
        self._undo_action.clicked.connect(self.on_undo_clicked)
        self._undo.addWidget(self._undo_action)
        self._undo.addStretch()
        inner.addWidget(self._undo_line)
        inner.addWidget(self._withdrawal)
        inner.addWidget(self.panel)
        inner.addLayout(self._grid)
        inner.addLayout(self._exceptions)
        whole.addLayout(inner)
        self.setLayout(whole)
