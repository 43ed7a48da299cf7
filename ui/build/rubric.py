# SPDX-License-Identifier: GPL-3.0-or-later
"""One rubric of a paper: the value as printed, where it comes from, what is wrong with it.

Typing another value asks, right there, whether the record is to be corrected or only this document.
"""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from hro_desktop.casework.rubrics import Rubric
from ui.context import Context
from ui.editor.inputs import LineInput, LongInput
from ui.flow import Flow
from ui.widgets import Compound, button, column, label, row

__all__ = ["LONG", "RubricField", "is_long", "where_of"]

LONG: Final = 28
"""Characters beyond which a value has a line of its own."""
_NAME: Final = 40


def is_long(rubric: Rubric) -> bool:
    """Whether it needs the whole width."""
    return len(rubric.text) > LONG or "\n" in rubric.text


def where_of(rubric: Rubric) -> str:
    """What its record is called: « Identité »."""
    return rubric.origin.words.removeprefix("depuis ").removeprefix("à dire dans ")


class RubricField(Compound):
    """The value, and under it its source as a link."""

    typed = Signal()
    """Somebody typed another value, or took it back."""
    correct = Signal(object)
    """The record is to be corrected: this field."""
    only_here = Signal(object)
    """The value typed is for this document only."""
    looked = Signal(str)
    """The cursor is in it: the words that are printed."""
    drop = Signal(object)
    """The value of the record is wanted again."""

    def __init__(self, context: Context, rubric: Rubric, leads: Callable[[Rubric], bool]) -> None:
        """`leads`: whether the record that says a value can be corrected from here."""
        super().__init__()
        self._leads = leads
        self.context, self.rubric = context, rubric
        title = f"{rubric.label} — {rubric.whose}" if rubric.whose else rubric.label
        self.input: Any = LongInput(context.theme, lines=1, most=8) if is_long(rubric) else LineInput()
        self.input.setReadOnly(not rubric.typable)
        self.input.setAccessibleName(title)
        self.input.edited.connect(self.on_edited)
        if isinstance(self.input, LineInput):
            self.input.returnPressed.connect(self.on_entered)
        self.input.installEventFilter(self)
        context.veil.cover(self.input)
        self.source = button("", "link")
        self.source.clicked.connect(self.on_source_clicked)
        self._plain = label("", "hint", wrap=True)
        self.again = button(
            "Reprendre la valeur du dossier", "link", name=f"Reprendre la valeur du dossier\u00a0: {title}"
        )
        self.again.clicked.connect(self.on_again_clicked)
        self._problem = label("", "problem", wrap=True)
        self.in_record = button("")
        self.here = button("Seulement dans ce document", name=f"Seulement dans ce document\u00a0: {title}")
        self.give_up = button("Annuler", "link", name=f"Ne pas changer\u00a0: {title}")
        for act, does in (
            (self.in_record, self.on_correct_clicked),
            (self.here, self.on_here_clicked),
            (self.give_up, self.on_give_up_clicked),
        ):
            act.clicked.connect(does)
        self._choice = QWidget()
        acts = Flow(8)
        for each in (self.in_record, self.here, self.give_up):
            acts.addWidget(each)
        self._choice.setLayout(acts)
        self._choice.hide()
        self._lay_out(title)
        self.setFocusProxy(self.input)
        self._show(rubric)

    def _lay_out(self, title: str) -> None:
        self._inner = column(gap=2)
        named = label(title, "label", wrap=True)
        named.setBuddy(self.input)
        if self.rubric.whose:
            self.context.veil.cover(named)
        self._inner.addWidget(named)
        self._inner.addSpacing(2)
        self._inner.addWidget(self.input)
        self._inner.addWidget(self._problem)
        self._inner.addWidget(self._choice)
        under = row(margins=(-4, 0, 0, 0), gap=8)
        under.addWidget(self.source, 0, Qt.AlignmentFlag.AlignLeft)
        under.addWidget(self._plain, 1)
        under.addWidget(self.again)
        self._inner.addLayout(under)
        self._inner.addStretch()
        self.setLayout(self._inner)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """The paper follows the field one stands in."""
        if watched is self.input and event.type() is QEvent.Type.FocusIn and self.rubric.text:
            self.looked.emit(self.rubric.text)
        return super().eventFilter(watched, event)

    @property
    def text(self) -> str:
        """What is typed."""
        return str(self.input.raw()).strip()

    @property
    def changed(self) -> bool:
        """Whether something else than what is printed is typed, and nothing was chosen yet."""
        return self.text != self.rubric.text

    @property
    def problem(self) -> str:
        """What is wrong, in a sentence."""
        return self._problem.text()

    def show_rubric(self, rubric: Rubric) -> None:
        """The value of the moment; what somebody is typing stays."""
        typing = self.changed
        if rubric != self.rubric or not typing:
            before, self.rubric = self.rubric, rubric
            if not typing or self.text == rubric.text or (rubric.mine and not before.mine):
                self._show(rubric)

    def set_typed(self, text: str) -> None:
        """Show again what was typed and not decided."""
        self.input.set_raw(text)
        self.on_edited()

    def settle(self) -> None:
        """What is typed was decided: the value of the moment is shown."""
        self.input.set_value(self.rubric.text)
        self._choice.hide()
        self.say("")

    def say(self, sentence: str) -> None:
        """Show what is wrong with what is typed, or else with the value itself."""
        shown = sentence or self.rubric.problem
        self._problem.setText(shown)
        self._problem.setVisible(bool(shown))
        wrong = bool(sentence) or self.rubric.level == "block"
        if self.input.property("problem") != wrong:
            self.input.setProperty("problem", wrong)
            self.input.style().unpolish(self.input)
            self.input.style().polish(self.input)

    def under(self, widget: QWidget) -> None:
        """Show the editor of the record right under the value."""
        self._inner.insertWidget(self._inner.indexOf(self._choice) + 1, widget)
        self._choice.hide()

    def on_edited(self) -> None:
        """Ask what the other value is for."""
        self._choice.setVisible(self.changed)
        self.say("")
        self.typed.emit()

    def on_entered(self) -> None:
        """Enter goes to the question."""
        if self.changed:
            (self.here if self.in_record.isHidden() else self.in_record).setFocus()

    def on_source_clicked(self) -> None:
        """Correct the record."""
        self.correct.emit(self)

    def on_correct_clicked(self) -> None:
        """Correct the record."""
        self.correct.emit(self)

    def on_here_clicked(self) -> None:
        """For this document only."""
        self.only_here.emit(self)

    def on_again_clicked(self) -> None:
        """Take the value of the record again."""
        self.drop.emit(self)

    def on_give_up_clicked(self) -> None:
        """Nothing changes."""
        self.settle()
        self.input.setFocus()
        self.typed.emit()

    def _show(self, rubric: Rubric) -> None:
        self.input.set_value(rubric.text)
        self.input.setAccessibleDescription(", ".join(filter(None, (rubric.origin.words, rubric.problem))))
        if isinstance(self.input, LineInput) and not rubric.text:
            self.input.setPlaceholderText("rien n’est imprimé" if not rubric.problem else "")
        self._choice.hide()
        leads = self._leads(rubric) and not rubric.mine
        name = rubric.origin.called
        name = f"{name[:_NAME]}…" if len(name) > _NAME else name
        self.source.setText(rubric.origin.words)
        self.source.setAccessibleName(f"{rubric.label}\u00a0: {rubric.origin.words}, corriger")
        self.source.setToolTip(rubric.origin.called)
        self.source.setVisible(leads)
        self._plain.setText("" if leads else rubric.origin.words)
        hint = rubric.hint
        self.input.setToolTip(hint)
        self.again.setVisible(rubric.mine)
        said = f"Corriger dans {where_of(rubric)}"
        if rubric.origin.noun in ("person", "incident", "organisation", "statement") and name:
            said = f"{said}\u00a0: {name}"
        self.in_record.setText(said.replace("&", "&&"))
        self.in_record.setAccessibleName(said)
        self.in_record.setVisible(leads)
        self.say("")
