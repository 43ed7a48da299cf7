# SPDX-License-Identifier: GPL-3.0-or-later
"""Passages that could put somebody in danger: marked where they stand, kept or masked as their author decides."""

import uuid
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from hro_desktop.casework.desk import Desk
from hro_desktop.casework.statement_overview import Marked, StatementView, Version
from ui.beside import card
from ui.context import Context
from ui.editor.form import Field
from ui.editor.inputs import ChoiceInput, NotUnderstood, choice_input, day_input
from ui.flow import Flow
from ui.widgets import button, chip, clear, column, frame, label, row

__all__ = ["PassagesCard"]

_WHAT = (
    "Sélectionnez dans le texte les mots qui peuvent mettre quelqu’un en danger, dites pourquoi, puis marquez-les. "
    "Le texte lui-même ne change pas\u00a0: rien n’en part tant que la personne n’a pas décidé."
)
_DECISIONS = {
    "en_attente": ("à décider avec la personne", "warn"),
    "garder": ("gardé", "ok"),
    "masquer": ("masqué", "brand"),
}


class PassagesCard(QWidget):
    """What is marked in the version that is shown. It says what is wanted; the page does it."""

    mark_wanted = Signal(str)
    """Mark the selection, for this reason."""
    decided = Signal(object, str)
    """A mark, and what its author decided; who asked and when are read here."""
    unmark_wanted = Signal(object)
    """Take this mark back."""
    remark_wanted = Signal()
    """Put the one that was taken back again."""

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._context = context
        made, inner = card("Passages dangereux", hint=_WHAT)
        self._problem = label("", "problem", wrap=True)
        self._problem.hide()
        self.reason = choice_input("passage_reasons", required=True)
        self.mark = button("Marquer la sélection", tip="Marquer les mots sélectionnés (Ctrl M)")
        self.mark.setShortcut("Ctrl+M")
        self.mark.clicked.connect(self.on_mark_clicked)
        self.again = button("Remettre la marque retirée", "link")
        self.again.clicked.connect(self.remark_wanted)
        self.again.hide()
        self.who = ChoiceInput([(None, "Choisir…")])
        self.day = day_input(desk.today())
        self.day.set_value(desk.today())
        self._known: tuple[tuple[uuid.UUID, str], ...] = ()
        self._asked = QWidget()
        asked = row(gap=12)
        asked.addWidget(Field("who", "Qui a posé la question à la personne", "", self.who), 1)
        asked.addWidget(Field("day", "Quel jour", "", self.day), 1)
        self._asked.setLayout(asked)
        self._marks = column(gap=8)
        line = row(gap=8)
        line.addWidget(Field("reason", "Pourquoi ces mots sont dangereux", "", self.reason), 1)
        line.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignBottom)
        inner.addWidget(self._problem)
        inner.addLayout(line)
        inner.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addWidget(self._asked)
        inner.addLayout(self._marks)
        whole = column()
        whole.addWidget(made)
        self.setLayout(whole)

    @property
    def problem(self) -> str:
        """What went wrong last."""
        return self._problem.text()

    def say(self, sentence: str) -> None:
        """Show what went wrong, or nothing."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def show_view(self, view: StatementView, version: Version | None) -> None:
        """Show the marks of a version."""
        if view.volunteers != self._known:
            self._known = view.volunteers
            chosen = self.who.value()
            self.who.clear()
            for value, text in ((None, "Choisir…"), *view.volunteers):
                self.who.addItem(text, value)
            self.who.set_value(chosen)
        mine = [each for each in view.marks if version is not None and each.version_id == version.id]
        self._asked.setVisible(bool(mine))
        clear(self._marks)
        for each in mine:
            self._marks.addWidget(self._card(each))

    def on_mark_clicked(self) -> None:
        """Mark what is selected."""
        if not self.reason.value():
            self.say("Dites d’abord pourquoi ces mots sont dangereux.")
            self.reason.setFocus()
            return
        self.mark_wanted.emit(self.reason.value())

    def on_decision_clicked(self, mark: uuid.UUID, decision: str) -> None:
        """Write down what the author decided; the page asks for who and when."""
        if decision != "en_attente":
            try:
                day = self.day.value()
            except NotUnderstood as error:
                self.say(str(error))
                self.day.setFocus()
                return
            if self.who.value() is None or day is None:
                self.say("Notez qui a posé la question à la personne et quel jour, puis choisissez de nouveau.")
                self.who.setFocus()
                return
        self.decided.emit(mark, decision)

    def _card(self, each: Marked) -> QFrame:
        made = frame("choice")
        inner = column(margins=(12, 8, 12, 8), gap=4)
        head = row(gap=8)
        words = label(f"«\u00a0{each.quoted}\u00a0»", wrap=True)
        self._context.veil.cover(words)
        head.addWidget(words, 1)
        text, kind = ("à marquer de nouveau", "late") if each.lost else _DECISIONS[each.decision]
        head.addWidget(chip(text, kind), 0, Qt.AlignmentFlag.AlignTop)
        inner.addLayout(head)
        why = [each.reason, each.decided, each.note]
        if each.lost:
            why = ["ces mots ont changé\u00a0: retirez cette marque, puis marquez ceux qui les remplacent"]
        inner.addWidget(label(" · ".join(part for part in why if part), "hint", wrap=True))
        acts = Flow()
        wanted = [] if each.lost else [("garder", "Garder"), ("masquer", "Masquer"), ("en_attente", "À redécider")]
        for decision, words_ in wanted:
            if decision != each.decision:
                acts.addWidget(self._act(words_, each, partial(self._on_decision, each.id, decision)))
        acts.addWidget(self._act("Retirer la marque", each, partial(self._on_unmark, each.id)))
        inner.addLayout(acts)
        made.setLayout(inner)
        return made

    def _act(self, text: str, each: Marked, does: object) -> QPushButton:
        made = button(text, "link", name=f"{text}\u00a0: passage qui {each.reason}")
        made.clicked.connect(does)
        return made

    def _on_decision(self, mark: uuid.UUID, decision: str, _checked: bool = False) -> None:
        self.on_decision_clicked(mark, decision)

    def _on_unmark(self, mark: uuid.UUID, _checked: bool = False) -> None:
        self.unmark_wanted.emit(mark)
