# SPDX-License-Identifier: GPL-3.0-or-later
"""A draft as labelled inputs: what each field is, what it holds, and what is wrong with it, said when it is left."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import attrs
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from hro_desktop.casework import drafts, fields
from hro_desktop.casework.desk import Desk
from hro_desktop.records.base import new_id
from ui.context import Context
from ui.editor import inputs
from ui.editor.inputs import CheckInput, LongInput, NotUnderstood
from ui.editor.refs import RefInput, RefsInput
from ui.widgets import button, clear, column, frame, label, row

__all__ = ["PLAIN", "DraftForm", "Field", "Layout", "ManyInput"]

_WIDE: Final = frozenset({"refs", "many", "choices", "cited"})
_NARROW: Final = 560
"""Width in pixels at 100 % under which fields stand one under the other."""


@attrs.frozen
class Layout:
    """How a form shows a draft, where its own description is not enough.

    Args:
        fields: which, in this order; empty for all.
        labels: other words for some.
        hints: what stands under some.
        lines: height of long texts.
        long: texts that are written on several lines here.
        headings: words above some fields, which begin a part.
        single: one field to a line, for a narrow place.
    """

    fields: Sequence[str] = ()
    labels: Mapping[str, str] = {}
    hints: Mapping[str, str] = {}
    lines: Mapping[str, int] = {}
    long: frozenset[str] = frozenset()
    headings: Mapping[str, str] = {}
    single: bool = False


PLAIN: Final = Layout()
"""As the draft describes itself."""


def words_of(doc: str) -> tuple[str, str]:
    """What a field is called, and the rest of its description, to stand under it."""
    head, _, rest = re.sub(r"\s*[:;,]\s+", "\n", doc, count=1).partition("\n")
    return _capital(head), _capital(rest)


class Field(QWidget):
    """One input with its name above, and under it a hint or what is wrong."""

    def __init__(self, name: str, title: str, hint: str, input_: Any) -> None:  # noqa: ANN401 - one of the inputs
        super().__init__()
        self.name = name
        self.input = input_
        self._hint = label(hint, "hint", wrap=True)
        self._problem = label("", "problem", wrap=True)
        self._problem.hide()
        inner = column(gap=4)
        if not isinstance(input_, CheckInput):
            named = label(title, "label")
            named.setBuddy(input_.focusProxy() or input_)
            inner.addWidget(named)
        (input_.focusProxy() or input_).setAccessibleName(title)
        (input_.focusProxy() or input_).setAccessibleDescription(hint)
        inner.addWidget(input_)
        inner.addWidget(self._hint)
        inner.addWidget(self._problem)
        inner.addStretch()
        self.setLayout(inner)
        if not hint:
            self._hint.hide()

    @property
    def problem(self) -> str:
        """What is wrong, in a sentence."""
        return self._problem.text()

    def hint(self, text: str) -> None:
        """Say something else under the field."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text) and not self.problem)

    def say(self, sentence: str) -> None:
        """Show what is wrong, or nothing."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        self._hint.setVisible(bool(self._hint.text()) and not sentence)
        shown = self.input.focusProxy() or self.input
        if shown.property("problem") != bool(sentence):
            shown.setProperty("problem", bool(sentence))
            shown.style().unpolish(shown)
            shown.style().polish(shown)


class ManyInput(QWidget):
    """Nested drafts, one card each, with a way to add and to take out."""

    edited = Signal()
    left = Signal()

    def __init__(
        self, context: Context, desk: Desk, draft_class: type[Any], title: str, *, single: bool = False
    ) -> None:
        super().__init__()
        self._context, self._desk, self._draft_class = context, desk, draft_class
        self._forms: list[DraftForm] = []
        self._cards = column(gap=8)
        self._add = button("Ajouter", "link", name=f"Ajouter\u00a0: {title}")
        self._add.clicked.connect(self.add)
        self._title = title
        self._layout = Layout(single=single)
        whole = column(gap=6)
        whole.addLayout(self._cards)
        whole.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        self.setLayout(whole)
        self.setFocusProxy(self._add)

    @property
    def forms(self) -> Sequence["DraftForm"]:
        """One for each nested draft."""
        return tuple(self._forms)

    def value(self) -> tuple[Any, ...]:
        """The nested drafts, in order; those nothing was written in are left out.

        Raises:
            NotUnderstood: one of their fields says nothing of its kind.
        """
        made = [form.draft() for form in self._forms]
        return tuple(each for each in made if each != self._draft_class(id=each.id))

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Show nested drafts."""
        self._forms = []
        clear(self._cards)
        for each in value or ():
            self._show(each)

    def raw(self) -> str:
        """What is typed in all of them, as text."""
        return json.dumps([form.state() for form in self._forms], ensure_ascii=False) if self._forms else ""

    def set_raw(self, text: str) -> None:
        """Show again what was typed."""
        self.set_value(())
        for state in json.loads(text) if text else ():
            self._show(None).set_state(state)

    def add(self) -> None:
        """One more, ready to be typed in."""
        form = self._show(None)
        form.focus_first()
        self.edited.emit()

    def _show(self, draft: Any) -> "DraftForm":  # noqa: ANN401
        form = DraftForm(self._context, self._desk, self._draft_class, self._layout)
        form.set_draft(draft if draft is not None else self._draft_class(id=new_id()))
        form.edited.connect(self.edited)
        self._forms.append(form)
        card = frame("choice")
        inner = column(margins=(12, 10, 12, 10), gap=6)
        inner.addWidget(form)
        out = button("Retirer", "link", name=f"Retirer\u00a0: {self._title} n°\u00a0{len(self._forms)}")
        out.clicked.connect(partial(self._on_out_clicked, form, card))
        line = row()
        line.addStretch()
        line.addWidget(out)
        inner.addLayout(line)
        card.setLayout(inner)
        self._cards.addWidget(card)
        return form

    def _on_out_clicked(self, form: "DraftForm", card: QWidget, _checked: bool = False) -> None:
        self._forms.remove(form)
        self._cards.removeWidget(card)
        card.hide()
        card.deleteLater()
        self._add.setFocus()
        self.edited.emit()


class DraftForm(QWidget):
    """The fields of one draft class. `edited` says that a person changed something; `left`, that a field was left."""

    edited = Signal()
    left = Signal()

    def __init__(self, context: Context, desk: Desk, draft_class: type[Any], layout: Layout = PLAIN) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        self._draft: Any = draft_class()
        self._draft_class = draft_class
        self._layout = layout
        known = dict(fields.described(draft_class))
        self._fields = {name: self._field(name, known[name]) for name in layout.fields or known}
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(10)
        self.setLayout(self._grid)
        self._place(known)

    def field(self, name: str) -> Field:
        """One field by its name."""
        return self._fields[name]

    def set_draft(self, draft: Any) -> None:  # noqa: ANN401
        """Show a draft."""
        self._draft = draft
        for name, field in self._fields.items():
            field.input.set_value(getattr(draft, name))
            field.say("")

    def draft(self) -> Any:  # noqa: ANN401
        """What the form holds: the draft it was given, with what is in the fields.

        Raises:
            NotUnderstood: a field says nothing of its kind; it is shown there.
        """
        values, wrong = {}, None
        for name, field in self._fields.items():
            try:
                values[name] = field.input.value()
            except NotUnderstood as error:
                field.say(str(error))
                wrong = wrong or error
        if wrong is not None:
            raise wrong
        return attrs.evolve(self._draft, **values)

    def state(self) -> dict[str, Any]:
        """Everything typed, understood or not, as plain values to be kept."""
        values, raw = {}, {}
        for name, field in self._fields.items():
            try:
                values[name] = field.input.value()
            except NotUnderstood:
                raw[name] = field.input.raw()
        return {"draft": drafts.content_of(attrs.evolve(self._draft, **values)), "raw": raw}

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Show again what was kept."""
        self.set_draft(drafts.restored(self._draft_class, state["draft"]))
        for name, text in state["raw"].items():
            if name in self._fields:
                self._fields[name].input.set_raw(text)

    def check(self, *, only: str = "") -> str:
        """Show what is wrong with what the form holds, in one field or in all.

        Returns:
            The name of the first field with a problem, or nothing.
        """
        try:
            draft = self.draft()
        except NotUnderstood:
            return next((name for name, field in self._fields.items() if field.problem), "")
        found: dict[str, str] = {}
        for problem in fields.validate(draft):
            name = problem.field.partition("[")[0]
            found.setdefault(name, fields.sentence(problem).partition("\u00a0: ")[2])
        for name, field in self._fields.items():
            if not only or name == only:
                field.say(_capital(found.get(name, "")))
        return next((name for name in self._fields if name in found), "")

    def focus_first(self, name: str = "") -> None:
        """Put the cursor in a field, the first one if none is named."""
        wanted = self._fields.get(name) or next(iter(self._fields.values()))
        wanted.input.setFocus(Qt.FocusReason.OtherFocusReason)

    def _field(self, name: str, meta: Any) -> Field:  # noqa: ANN401
        title, hint = words_of(meta["doc"])
        title = self._layout.labels.get(name, title)
        hint = self._layout.hints.get(name, hint)
        made = Field(name, title, hint, self._input(name, meta, title))
        if meta["kind"] in ("text", "cited", "ref", "refs"):
            self._context.veil.cover(made.input)
        made.input.edited.connect(self.edited)
        made.input.left.connect(partial(self._on_left, name))
        return made

    def _input(self, name: str, meta: Any, title: str) -> Any:  # noqa: ANN401
        today, kind = self._desk.today(), meta["kind"]
        made: Mapping[str, Callable[[], Any]] = {
            "choice": lambda: inputs.choice_input(meta["list"], required=meta["required"]),
            "choices": lambda: inputs.ChoicesInput(meta["list"]),
            "flag": lambda: self._flag(name, title),
            "day": lambda: inputs.day_input(today),
            "time": inputs.time_input,
            "partial": lambda: inputs.partial_input(today),
            "number": inputs.number_input,
            "count": inputs.count_input,
            "ref": lambda: RefInput(self._context, self._desk, meta["noun"]),
            "refs": lambda: RefsInput(self._context, self._desk, meta["noun"]),
            "many": lambda: ManyInput(self._context, self._desk, meta["draft"], title, single=self._layout.single),
        }
        if kind in made:
            return made[kind]()
        if self._is_long(name, meta):
            return LongInput(self._context.theme, lines=self._layout.lines.get(name, 3))
        return inputs.LineInput()

    def _flag(self, name: str, title: str) -> Any:  # noqa: ANN401
        default = {field.name: field.default for field in attrs.fields(self._draft_class)}[name]
        return inputs.tick_input() if default is None else CheckInput(title)

    def _place(self, known: Mapping[str, Any]) -> None:
        """Short fields two to a line, long ones alone; in a narrow window all one under the other."""
        at, side = 0, 0
        for name, field in self._fields.items():
            if name in self._layout.headings:
                at, side = at + bool(side), 0
                self._grid.addWidget(label(self._layout.headings[name], "heading"), at, 0, 1, 2)
                at += 1
            wide = self._layout.single or known[name]["kind"] in _WIDE or self._is_long(name, known[name])
            if wide and side:
                at, side = at + 1, 0
            self._grid.addWidget(field, at, side, 1, 2 if wide else 1)
            if wide or side:
                at, side = at + 1, 0
            else:
                side = 1
        for each in (0, 1):
            self._grid.setColumnStretch(each, 1)

    def _is_long(self, name: str, meta: Any) -> bool:  # noqa: ANN401
        return bool(meta.get("long")) or name in self._layout.long

    def _on_left(self, name: str) -> None:
        self.check(only=name)
        self.left.emit()

    def widgets(self) -> Iterable[Field]:
        """Every field, in order."""
        return self._fields.values()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
