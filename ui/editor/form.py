# SPDX-License-Identifier: GPL-3.0-or-later
"""A draft as labelled inputs: what each field is, what it holds, and what is wrong with it, said when it is left."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import attrs
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from hro_desktop.casework import drafts, fields
from hro_desktop.casework.desk import Desk
from ui.context import Context
from ui.editor import inputs, numbers
from ui.editor.fold import Fold
from ui.editor.inputs import CheckInput, ChoiceInput, ChoicesInput, LineInput, LongInput, NotUnderstood
from ui.editor.layout import PLAIN, Layout, Part, capital, words_of
from ui.editor.many import ManyInput
from ui.editor.refs import LikeInput, RefInput, RefsInput, Where
from ui.widgets import column, into_sight, label

__all__ = ["PLAIN", "DraftForm", "Field", "Layout", "ManyInput", "Part"]

_WIDE: Final = frozenset({"refs", "many", "choices", "cited"})


class Field(QWidget):
    """One input with its name above, and under it a hint or what is wrong."""

    def __init__(self, name: str, title: str, hint: str, input_: Any) -> None:  # noqa: ANN401 - one of the inputs
        super().__init__()
        self.name = name
        self.title = title
        self.input = input_
        self._hint = label(hint, "hint", wrap=True)
        self._problem = label("", "problem", wrap=True)
        self._problem.hide()
        inner = self._inner = column(gap=4)
        self._named = label(title, "label", wrap=True, parent=self)
        self._named.setVisible(not isinstance(input_, CheckInput))
        if not isinstance(input_, CheckInput):
            self._named.setBuddy(input_.focusProxy() or input_)
            inner.addWidget(self._named)
        if isinstance(input_, ChoicesInput):
            input_.set_name(title)
        else:
            (input_.focusProxy() or input_).setAccessibleName(title)
        (input_.focusProxy() or input_).setAccessibleDescription(hint)
        inner.addWidget(input_)
        inner.addWidget(self._hint)
        inner.addWidget(self._problem)
        inner.addStretch()
        self.setLayout(inner)
        if not hint:
            self._hint.hide()
        refused = getattr(input_, "refused", None)
        if refused is not None:
            refused.connect(self.say)

    @property
    def problem(self) -> str:
        """What is wrong, in a sentence."""
        return self._problem.text()

    def add_below(self, widget: QWidget) -> None:
        """Put something more under the field, such as another way to fill it."""
        self._inner.insertWidget(self._inner.indexOf(self.input) + 1, widget)

    def show_title(self, *, shown: bool, indent: int = 0) -> None:
        """Show its name above it, so far from its edge, or leave that to the heading of a column."""
        self._named.setVisible(shown)
        self._named.setContentsMargins(indent, 0, 0, 0)

    def hint(self, text: str) -> None:
        """Say something else under the field."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text) and not self.problem)
        (self.input.focusProxy() or self.input).setAccessibleDescription(self.problem or text)

    def say(self, sentence: str) -> None:
        """Show what is wrong, or nothing."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        self._hint.setVisible(bool(self._hint.text()) and not sentence)
        shown = self.input.focusProxy() or self.input
        shown.setAccessibleDescription(sentence or self._hint.text())
        if bool(shown.property("problem")) != bool(sentence):
            shown.setProperty("problem", bool(sentence))
            shown.style().unpolish(shown)
            shown.style().polish(shown)


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
        self._fields = {name: self._field(name, known[name]) for name in layout.shown(known)}
        self._folds: dict[str, Fold] = {}
        self._lay_out(known)

    def field(self, name: str) -> Field:
        """One field by its name."""
        return self._fields[name]

    def set_draft(self, draft: Any) -> None:  # noqa: ANN401
        """Show a draft."""
        self._draft = draft
        for name, field in self._fields.items():
            field.input.set_value(getattr(draft, name))
            field.say("")

    def texts(self) -> dict[str, str]:
        """What a person reads in each field; empty ones are left out."""
        shown = {name: _shown(field.input) for name, field in self._fields.items()}
        return {name: text for name, text in shown.items() if text}

    def ready(self) -> bool:
        """Whether what it holds could be saved; nothing is shown about it."""
        try:
            values = {name: field.input.value() for name, field in self._fields.items()}
        except NotUnderstood:
            return False
        return not fields.validate(attrs.evolve(self._draft, **values))

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
                field.say(capital(found.get(name, "")))
        return next((name for name in self._fields if name in found), "")

    def unfold(self, *names: str) -> None:
        """Open the parts these fields are in."""
        for name in names:
            if name in self._folds:
                self._folds[name].setChecked(True)

    def focus_first(self, name: str = "") -> None:
        """Put the cursor in a field, the first one if none is named."""
        self.unfold(name)
        wanted = self._fields.get(name) or next(iter(self._fields.values()))
        wanted.input.setFocus(Qt.FocusReason.OtherFocusReason)
        into_sight(wanted)

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
        if name in self._layout.made:
            return self._layout.made[name]()
        today, kind = self._desk.today(), meta["kind"]
        made: Mapping[str, Callable[[], Any]] = {
            "choice": lambda: inputs.choice_input(meta["list"], required=meta["required"]),
            "choices": lambda: inputs.ChoicesInput(meta["list"]),
            "flag": lambda: self._flag(name, title),
            "day": lambda: inputs.day_input(today, ahead=meta["ahead"], past=meta["past"]),
            "time": inputs.time_input,
            "partial": lambda: inputs.partial_input(today, past=meta["past"]),
            "number": numbers.number_input,
            "count": numbers.count_input,
            "bounded": numbers.bounded_input,
            "ref": lambda: RefInput(self._context, self._desk, meta["noun"]),
            "refs": lambda: RefsInput(self._context, self._desk, meta["noun"]),
            "many": lambda: self._many(name, meta, title),
        }
        if kind in made:
            return made[kind]()
        if meta.get("like"):
            return LikeInput(self._context, self._desk, meta["like"])
        if self._is_long(name, meta):
            return LongInput(self._context.theme, lines=self._layout.lines.get(name, 3))
        return inputs.LineInput()

    def _flag(self, name: str, title: str) -> Any:  # noqa: ANN401
        default = {field.name: field.default for field in attrs.fields(self._draft_class)}[name]
        return inputs.tick_input() if default is None else CheckInput(title)

    def _many(self, name: str, meta: Any, title: str) -> ManyInput:  # noqa: ANN401
        layout = self._layout.nested.get(name, Layout(single=self._layout.single))
        make = partial(DraftForm, self._context, self._desk, meta["draft"], layout)
        return ManyInput(Where(self._context, self._desk, ""), meta["draft"], make, title, layout)

    def _lay_out(self, known: Mapping[str, Any]) -> None:
        """The fields without a heading, then each part under its own."""
        whole = column(gap=10)
        self.setLayout(whole)  # first: what is shown before it has a parent is a window of its own, for a moment
        listed = {name for part in self._layout.parts for name in part.fields}
        whole.addWidget(self._grid([name for name in self._fields if name not in listed], known))
        for part in self._layout.parts:
            under = self._grid(part.fields, known)
            head = Fold(self._context, part.title, under)
            self._folds.update(dict.fromkeys(part.fields, head))
            whole.addWidget(head)
            whole.addWidget(under)
            head.setChecked(not part.folded)

    def _grid(self, names: Sequence[str], known: Mapping[str, Any]) -> QWidget:
        """Short fields two to a line, long ones alone."""
        held, grid = QWidget(), QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        at, side = 0, 0
        for name in names:
            field, meta = self._fields[name], known[name]
            if name in self._layout.headings:
                at, side = at + bool(side), 0
                grid.addWidget(label(self._layout.headings[name], "heading"), at, 0, 1, 2)
                at += 1
            wide = (meta["kind"] in _WIDE or self._is_long(name, meta)) and name not in self._layout.narrow
            wide = wide or self._layout.single
            if wide and side:
                at, side = at + 1, 0
            grid.addWidget(field, at, side, 1, 2 if wide else 1)
            if wide or side:
                at, side = at + 1, 0
            else:
                side = 1
        for each in (0, 1):
            grid.setColumnStretch(each, 1)
        held.setLayout(grid)
        return held

    def _is_long(self, name: str, meta: Any) -> bool:  # noqa: ANN401
        return bool(meta.get("long")) or name in self._layout.long

    def _on_left(self, name: str) -> None:
        self.check(only=name)
        self.left.emit()

    def widgets(self) -> Iterable[Field]:
        """Every field, in order."""
        return self._fields.values()


def _shown(input_: Any) -> str:  # noqa: ANN401 - one of the inputs
    """What a person reads in it."""
    if isinstance(input_, RefInput):
        return input_.line.text()
    if isinstance(input_, ChoiceInput):
        return input_.currentText() if input_.value() else ""
    if isinstance(input_, LineInput | LongInput | LikeInput):
        return input_.raw().strip()
    return ""
