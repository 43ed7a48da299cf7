# SPDX-License-Identifier: GPL-3.0-or-later
"""Nested drafts, one card each. Where a layout says each in a line, its fields are made when somebody opens it."""

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from hro_desktop.casework import drafts, fields, lookup
from hro_desktop.casework.desk import Desk
from hro_desktop.law import vocabulary
from hro_desktop.records.base import new_id
from ui.editor.fold import Fold
from ui.editor.layout import Layout, capital
from ui.editor.refs import Where
from ui.jobs import Lane, Report, Token
from ui.widgets import Compound, button, clear, column, row

if TYPE_CHECKING:
    from ui.editor.form import DraftForm

__all__ = ["ManyInput"]

Captions = Mapping[uuid.UUID, str]


def _captions(desk: Desk, wanted: Mapping[str, frozenset[uuid.UUID]], _token: Token, _report: Report) -> Captions:
    found: dict[uuid.UUID, str] = {}
    with desk.read() as session:
        for noun, ids in wanted.items():
            found |= lookup.captions(session, noun, tuple(ids))
    return found


def _texts(draft: Any, captions: Captions) -> dict[str, str]:  # noqa: ANN401 - a draft
    """What a person would read in each field of a draft; empty ones are left out."""
    shown = {}
    for name, meta in fields.described(type(draft)):
        value = getattr(draft, name)
        if value in (None, "", ()):
            continue
        if meta["kind"] == "choice":
            known = value in vocabulary.codes(meta["list"])
            shown[name] = capital(vocabulary.label(meta["list"], value)) if known else value
        elif meta["kind"] == "ref":
            shown[name] = captions.get(value, "")
        elif meta["kind"] in ("text", "count", "time"):
            shown[name] = str(value)
    return {name: text for name, text in shown.items() if text}


class _Card(QFrame):
    """One nested draft: its line, its fields once they are wanted, and the way to take it out."""

    edited = Signal()

    def __init__(self, where: Where, draft: Any, make: "Callable[[], DraftForm]", layout: Layout) -> None:  # noqa: ANN401
        super().__init__()
        self.setObjectName("choice")
        self._draft, self._make, self._layout = draft, make, layout
        self._form: DraftForm | None = None
        self._inside = column(gap=6)
        self._held = QWidget()
        self._held.setLayout(self._inside)
        self.out: QPushButton = button("Retirer", "link")
        foot = row()
        foot.addStretch()
        foot.addWidget(self.out)
        inner = column(margins=(12, 6 if layout.said else 10, 12, 6 if layout.said else 10), gap=6)
        self._head: Fold | None = None
        self._foot = QWidget()
        self._foot.setLayout(foot)
        self._inside.addWidget(self._foot)
        if layout.said is not None:
            self._head = Fold(where.context, "", self._held)
            self._head.toggled.connect(self.on_toggled)
            where.context.veil.cover(self._head)
            inner.addWidget(self._head)
        inner.addWidget(self._held)
        self.setLayout(inner)
        if self._head is None:
            self.open()

    @property
    def form(self) -> "DraftForm":
        """Its fields, made now if they were not."""
        if self._form is None:
            self._form = self._make()
            self._form.set_draft(self._draft)
            self._form.edited.connect(self.on_edited)
            self._inside.insertWidget(0, self._form)
        return self._form

    def open(self) -> None:
        """Show its fields."""
        form = self.form
        if self._head is not None:
            self._head.setChecked(True)
        form.show()

    def on_toggled(self, shown: bool) -> None:
        """Somebody opened it."""
        if shown:
            self.form.show()

    def on_edited(self) -> None:
        """Something was typed in it."""
        if self._head is not None and self._layout.said is not None:
            self._head.say(self._layout.said(self.form.texts()))
        self.edited.emit()

    def say(self, captions: Captions, otherwise: str) -> None:
        """Say in one line what it holds."""
        if self._head is not None and self._layout.said is not None and self._form is None:
            self._head.say(self._layout.said(_texts(self._draft, captions)) or otherwise)

    def draft(self) -> Any:  # noqa: ANN401
        """What it holds.

        Raises:
            NotUnderstood: one of its fields says nothing of its kind.
        """
        return self._draft if self._form is None else self._form.draft()

    def state(self) -> dict[str, Any]:
        """Everything typed in it."""
        return {"draft": drafts.content_of(self._draft), "raw": {}} if self._form is None else self._form.state()


class ManyInput(Compound):
    """Nested drafts, one card each, with a way to add and to take out."""

    edited = Signal()
    left = Signal()

    def __init__(
        self, where: Where, draft_class: type[Any], make: "Callable[[], DraftForm]", title: str, layout: Layout
    ) -> None:
        super().__init__()
        self._where, self._draft_class, self._make = where, draft_class, make
        self._title, self._layout = title, layout
        self._held: list[_Card] = []
        self._cards = column(gap=6 if layout.said else 8)
        self._add = button("Ajouter", "link", name=f"Ajouter\u00a0: {title}")
        self._add.clicked.connect(self.add)
        whole = column(gap=6)
        whole.addLayout(self._cards)
        whole.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        self.setLayout(whole)
        self.setFocusProxy(self._add)

    @property
    def forms(self) -> Sequence["DraftForm"]:
        """The fields of each."""
        return tuple(card.form for card in self._held)

    def value(self) -> tuple[Any, ...]:
        """The nested drafts, in order; those nothing was written in are left out.

        Raises:
            NotUnderstood: one of their fields says nothing of its kind.
        """
        made = [card.draft() for card in self._held]
        return tuple(each for each in made if each != self._draft_class(id=each.id))

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Show nested drafts."""
        self._held = []
        clear(self._cards)
        for each in value or ():
            self._show(each)
        if self._layout.said is None or not value:
            return
        self.on_captions({})
        work = partial(_captions, self._where.desk, _pointed(self._draft_class, value))
        self._where.context.jobs.start(Lane.READ, work, owner=self, done=self.on_captions)

    def raw(self) -> str:
        """What is typed in all of them, as text."""
        return json.dumps([card.state() for card in self._held], ensure_ascii=False) if self._held else ""

    def set_raw(self, text: str) -> None:
        """Show again what was typed."""
        self.set_value(())
        for state in json.loads(text) if text else ():
            card = self._show(self._draft_class(id=new_id()))
            card.form.set_state(state)
            card.open()

    def on_captions(self, found: Captions) -> None:
        """The names of what they point at are known."""
        for card in self._held:
            card.say(found, self._title)

    def add(self) -> None:
        """One more, ready to be typed in."""
        card = self._show(self._draft_class(id=new_id()))
        card.say({}, self._title)
        card.open()
        card.form.focus_first()
        self.edited.emit()

    def _show(self, draft: Any) -> _Card:  # noqa: ANN401
        card = _Card(self._where, draft, self._make, self._layout)
        card.edited.connect(self.edited)
        self._held.append(card)
        card.out.setAccessibleName(f"Retirer\u00a0: {self._title} n°\u00a0{len(self._held)}")
        card.out.clicked.connect(partial(self._on_out_clicked, card))
        self._cards.addWidget(card)
        return card

    def _on_out_clicked(self, card: _Card, _checked: bool = False) -> None:
        self._held.remove(card)
        self._cards.removeWidget(card)
        card.hide()
        card.deleteLater()
        self._add.setFocus()
        self.edited.emit()


def _pointed(draft_class: type[Any], value: Sequence[Any]) -> dict[str, frozenset[uuid.UUID]]:
    """The records of each noun that the drafts point at."""
    wanted: dict[str, set[uuid.UUID]] = {}
    for name, meta in fields.described(draft_class):
        if meta["kind"] == "ref":
            known = {getattr(each, name) for each in value} - {None}
            wanted.setdefault(meta["noun"], set()).update(known)
    return {noun: frozenset(ids) for noun, ids in wanted.items() if ids}
