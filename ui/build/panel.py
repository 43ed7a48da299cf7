# SPDX-License-Identifier: GPL-3.0-or-later
"""What every part of the builder is: it shows what the vault says of a referral, and has it changed."""

import uuid
import weakref
from collections.abc import Callable, Sequence
from functools import partial
from types import MethodType
from typing import Any

import attrs
import shiboken6
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QVBoxLayout, QWidget

from hro_desktop.casework.builder import Build
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.offers import Offer
from ui import reading
from ui.changes import ChangeHub
from ui.context import Context
from ui.editor.form import Field
from ui.editor.inputs import NotUnderstood
from ui.editor.refs import RefInput
from ui.jobs import Lane, Report, Token, Work
from ui.messages import sentence_of
from ui.widgets import Compound, button, clear, column, frame, label, row

__all__ = ["Adder", "Panel", "Undo", "acted", "card", "line"]


@attrs.frozen
class Undo:
    """What was just done, in a sentence, and the worker that takes it back."""

    sentence: str
    work: Work


Undoing = Callable[[Any], Undo]
"""What an action gave back, and how it is undone."""


def acted(
    desk: Desk, action: Callable[..., Any], known: tuple[Any, ...], _token: Token, _report: Report
) -> Result[Any]:
    """Worker: one action of `casework` as one unit of work."""
    return desk.run(action, *known)


def _tell(
    news: ChangeHub,
    told: "weakref.WeakMethod[Callable[[Undoing | None, Result[Any]], None]]",
    undo: Undoing | None,
    result: Result[Any],
) -> None:
    """The panel learns of it if it is still there, and every page."""
    handler = told()
    if isinstance(handler, MethodType) and shiboken6.isValid(handler.__self__):
        handler(undo, result)
    news.publish(result.changes)


def _fail(failed: "weakref.WeakMethod[Callable[[Exception], None]]", error: Exception) -> None:
    handler = failed()
    if isinstance(handler, MethodType) and shiboken6.isValid(handler.__self__):
        handler(error)


class Panel(Compound):
    """One part. `show_build` is called each time something of the referral is other than before."""

    go = Signal(object)
    """A `Place` to go to."""
    said = Signal(str)
    """What went wrong, or nothing."""
    told = Signal(str, str)
    """What became of what is typed: a word and the kind of its chip."""
    undoable = Signal(object)
    """An `Undo`: something was taken out that can be put back."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID) -> None:
        super().__init__()
        self.context, self.desk, self.referral_id = context, desk, referral_id
        self.build: Build | None = None

    def show_build(self, build: Build) -> None:
        """Show this."""
        self.build = build

    def focus_on(self, subject: str) -> None:
        """Put the cursor where something waits, or on the first thing to do."""

    def keep_now(self) -> None:
        """The vault is about to close: keep what no form keeps."""

    def leave(self) -> None:
        """Somebody goes elsewhere: the same, beside the window."""

    def ask(self, read: Callable[..., Any], *known: Any, done: Callable[[Any], None]) -> None:  # noqa: ANN401
        """Ask a function of `casework`, beside the window."""
        work = partial(reading.asked, self.desk, read, known)
        self.context.jobs.start(Lane.READ, work, owner=self, done=done, failed=self.on_failed)

    def act(self, action: Callable[..., Any], *known: Any, undo: Undoing | None = None) -> None:  # noqa: ANN401
        """Have an action of `casework` done; `undo` says how it is taken back."""
        self.do(partial(acted, self.desk, action, known), undo=undo)

    def do(self, work: Work, *, undo: Undoing | None = None, title: str = "") -> None:
        """The same, for a worker of any kind. It is done even when the page is gone meanwhile."""
        self.said.emit("")
        self.context.jobs.start(
            Lane.WRITE,
            work,
            owner=self.context.news,
            done=partial(_tell, self.context.news, weakref.WeakMethod(self.on_acted), undo),
            failed=partial(_fail, weakref.WeakMethod(self.on_failed)),
            title=title,
        )

    def on_acted(self, undo: Undoing | None, result: Result[Any]) -> None:
        """It is done."""
        if undo is not None:
            self.undoable.emit(undo(result.value))

    def on_failed(self, error: Exception) -> None:
        """Something could not be done."""
        self.said.emit(sentence_of(error))


class Adder(Compound):
    """What the vault proposes to add, each on a line with « Ajouter », and a line to look for any other record."""

    added = Signal(object)
    """The id of a record."""

    def __init__(self, context: Context, desk: Desk, noun: str, words: str) -> None:
        """`words`: what the line looks for, said above it."""
        super().__init__()
        self._context = context
        self._offers: Sequence[Offer] = ()
        self._lines = column(gap=4)
        self.search = RefInput(context, desk, noun)
        self.search.edited.connect(self.on_edited)
        context.veil.cover(self.search)
        inner = column(gap=8)
        inner.addLayout(self._lines)
        inner.addWidget(Field("search", words, "", self.search))
        self.setLayout(inner)
        self.setFocusProxy(self.search)

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Propose these."""
        if offers == self._offers:
            return
        self._offers = offers
        clear(self._lines)
        for each in offers:
            add = button("Ajouter", "link", name=f"Ajouter\u00a0: {each.title}")
            add.clicked.connect(partial(self._on_clicked, each.id))
            self._lines.addLayout(line(self._context, each.title, each.detail, add))

    def on_edited(self) -> None:
        """A record was chosen in the line."""
        try:
            chosen = self.search.value()
        except NotUnderstood:
            return
        if chosen is not None:
            self.search.set_value(None)
            self.added.emit(chosen)

    def _on_clicked(self, record: uuid.UUID, _checked: bool = False) -> None:
        self.search.setFocus()
        self.added.emit(record)


def line(context: Context, title: str, detail: str, *beside: QWidget) -> QBoxLayout:
    """A record: its name, what to know of it, and what can be done."""
    made = row(gap=8)
    words = column(gap=1)
    name = label(title, wrap=True)
    context.veil.cover(name)
    words.addWidget(name)
    if detail:
        words.addWidget(label(detail, "hint", wrap=True))
    made.addLayout(words, 1)
    for each in beside:
        made.addWidget(each)
    return made


def card(title: str = "", *beside: QLabel) -> tuple[QFrame, QVBoxLayout]:
    """A ground with a heading, and where its content goes."""
    made = frame("card")
    inner = column(margins=(16, 12, 16, 14), gap=8)
    if title:
        head = row(gap=8)
        head.addWidget(label(title, "strong", wrap=True), 1)
        for each in beside:
            head.addWidget(each)
        inner.addLayout(head)
    made.setLayout(inner)
    return made, inner
