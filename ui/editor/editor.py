# SPDX-License-Identifier: GPL-3.0-or-later
"""A form that saves itself: what is typed is kept after two seconds, the record is saved when the form is left.

There is no Save button. What cannot be saved yet stays « brouillon », in the vault, and is found again after a crash.
"""

import uuid
import weakref
from collections.abc import Callable
from functools import partial
from types import MethodType
from typing import Any, Final

import attrs
import shiboken6
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from hro_desktop.casework import drafts, editing
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.drafts import Kept
from hro_desktop.casework.editing import Written
from hro_desktop.faults import Fault
from hro_desktop.vault.work import Work as Unit
from ui.changes import ChangeHub, Changes
from ui.context import Context
from ui.editor.form import PLAIN, DraftForm, Layout
from ui.editor.inputs import NotUnderstood
from ui.jobs import Lane, Report, Token, Work
from ui.messages import sentence_of
from ui.widgets import button, column, label, row

__all__ = ["Editor", "KeptForm", "Opened"]

PAUSE: Final = 2000
"""Milliseconds after the last change before what is typed is kept."""


@attrs.frozen
class Opened:
    """A record to be edited, and what was typed of it and not saved."""

    noun: str
    draft: Any
    kept: Kept | None
    is_new: bool = False


def _open(desk: Desk, noun: str, record_id: uuid.UUID, blank: Any, _token: Token, _report: Report) -> Opened:  # noqa: ANN401
    with desk.read() as session:
        kept = drafts.get(session, noun, record_id)
        if noun not in editing.KINDS:
            return Opened(noun, blank, kept, is_new=True)
        try:
            return Opened(noun, editing.read(session, noun, record_id), kept)
        except Fault:
            if blank is None:
                raise
            return Opened(noun, blank, kept, is_new=True)


def _keep(desk: Desk, noun: str, record_id: uuid.UUID, state: dict[str, Any], _token: Token, _report: Report) -> None:
    desk.run(drafts.put, noun, record_id, state)


def _drop(desk: Desk, noun: str, record_id: uuid.UUID, _token: Token, _report: Report) -> None:
    desk.run(drafts.drop, noun, record_id)


def _write(work: Unit, noun: str, draft: Any, base: Any) -> Written:  # noqa: ANN401
    written = editing.write(work, noun, draft, base)
    drafts.drop(work, noun, written.id)
    return written


def _save(
    desk: Desk,
    noun: str,
    drafts_: tuple[Any, Any],
    state: dict[str, Any],
    _token: Token,
    _report: Report,
) -> Result[Written]:
    """Worker: write a draft made from another; what cannot be written is kept, whatever the form shows by now."""
    draft, base = drafts_
    try:
        return desk.run(_write, noun, draft, base)
    except Fault:
        desk.run(drafts.put, noun, draft.id, state)
        raise


def _tell(
    news: ChangeHub, told: weakref.WeakMethod[Callable[[Result[Written]], None]], result: Result[Written]
) -> None:
    """The pages learn of it, and the editor if it is still there."""
    handler = told()
    # Its widgets may be gone before the last reference to it is.
    if isinstance(handler, MethodType) and shiboken6.isValid(handler.__self__):
        handler(result)
    news.publish(result.changes)


def _fail(
    failed: weakref.WeakMethod[Callable[[uuid.UUID, Exception], None]], record: uuid.UUID, error: Exception
) -> None:
    """The editor is told what became of that record, if it is still there."""
    handler = failed()
    if handler is not None:
        handler(record, error)


class KeptForm(QWidget):
    """A form whose content is kept in the vault while it is typed, under the name of its noun and an id."""

    told = Signal(str, str)
    """What became of what was typed, in a word, and the kind of chip it is shown in."""
    resumed = Signal()
    """What was typed before and not saved is shown again."""

    def __init__(self, context: Context, desk: Desk, noun: str, form: DraftForm) -> None:
        super().__init__()
        self._context, self._desk, self._noun = context, desk, noun
        self._form = form
        self._problem = label("", "problem", wrap=True)
        self._problem.hide()
        self._record: uuid.UUID | None = None
        self._dirty = False
        self._focus: str | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.keep)
        self._form.edited.connect(self.on_edited)
        whole = column(gap=8)
        whole.addWidget(self._problem)
        whole.addWidget(self._form)
        self.setLayout(whole)
        first = next(iter(self._form.widgets())).input
        self.setFocusProxy(first.focusProxy() or first)
        save = QShortcut(QKeySequence.StandardKey.Save, self, self.save)
        save.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    @property
    def form(self) -> DraftForm:
        """Its fields."""
        return self._form

    @property
    def record(self) -> uuid.UUID | None:
        """The record it holds, or the one to be."""
        return self._record

    @property
    def dirty(self) -> bool:
        """Whether something typed is not saved."""
        return self._dirty

    @property
    def problem(self) -> str:
        """What went wrong last, in a sentence."""
        return self._problem.text()

    def open(self, record_id: uuid.UUID, blank: Any = None) -> None:  # noqa: ANN401
        """Show a record, with what was typed of it and not saved; `blank` is the draft of one to be.

        What was typed in the record shown before is saved, or kept where it cannot be.
        """
        self.save()
        self._dirty = False
        self._record = record_id
        self._form.setEnabled(False)
        work = partial(_open, self._desk, self._noun, record_id, blank)
        self._context.jobs.start(Lane.READ, work, owner=self, done=self.on_opened, failed=self.on_failed)

    def on_opened(self, opened: Opened) -> None:
        """Here it is, unless another is wanted by now."""
        if opened.draft.id != self._record or self._dirty:
            return
        self._form.set_draft(opened.draft)
        self._form.setEnabled(True)
        if self._focus is not None:
            self.focus(self._focus)
        if opened.kept is not None and opened.kept.content:
            self._form.set_state(opened.kept.content)
            self._dirty = True
            self.told.emit("brouillon repris", "warn")
            self.resumed.emit()
        else:
            self.told.emit("nouveau" if opened.is_new else "enregistré", "plain")

    def focus(self, name: str = "") -> None:
        """Put the cursor in a field, as soon as the form can be typed in."""
        self._focus = None if self._form.isEnabled() else name
        if self._focus is None:
            self._form.focus_first(name)

    def on_edited(self) -> None:
        """Somebody typed."""
        self._dirty = True
        self._pause.start()
        self.told.emit("enregistré à mesure", "plain")

    def keep(self) -> None:
        """Keep what is typed, right or wrong."""
        self._pause.stop()
        if self._record is None or not self._dirty:
            return
        work = partial(_keep, self._desk, self._noun, self._record, self.state())
        self._write(work, self.on_kept, self.on_failed)

    def state(self) -> dict[str, Any]:
        """All that is kept of it while it is typed."""
        return self._form.state()

    def keep_now(self) -> None:
        """The same before the vault closes: the process will be replaced, no job would end."""
        self._pause.stop()
        if self._record is not None and self._dirty:
            self._desk.run(drafts.put, self._noun, self._record, self.state())

    def save(self) -> None:
        """Leave it in a safe place: kept, for a form that has no record of its own."""
        self.keep()

    def complete(self) -> Any:  # noqa: ANN401 - the draft of the form
        """The draft it holds; nothing, and the cursor where the first problem is, when there is one."""
        wrong = self._form.check()
        if wrong:
            self._form.focus_first(wrong)
            return None
        try:
            return self._form.draft()
        except NotUnderstood:
            return None

    def settle(self) -> None:
        """What is typed has become something else: nothing of it is to be kept."""
        self._pause.stop()
        self._dirty = False

    def forget(self) -> None:
        """The same, and another one may be begun under the same name."""
        self.settle()
        self._record = None

    def discard(self, blank: Any) -> None:  # noqa: ANN401 - a draft
        """What is typed is not wanted: nothing of it is kept, the form is as it was at first."""
        if self._record is None:
            return
        self.settle()
        self._form.set_draft(blank)
        self._write(partial(_drop, self._desk, self._noun, self._record), self.on_kept, self.on_failed)
        self.told.emit("brouillon effacé", "plain")

    def on_kept(self, _value: object) -> None:
        """What is typed is safe."""
        self.say("")

    def on_failed(self, error: Exception) -> None:
        """Something could not be read or kept; what is typed stays on the screen."""
        self.say(sentence_of(error))

    def say(self, sentence: str) -> None:
        """Show what went wrong, or nothing."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def _write(self, work: Work, done: Callable[[Any], None], failed: Callable[[Any], None]) -> None:
        # Owned by what outlives the page: what was typed is written even when the page is gone.
        self._context.jobs.start(Lane.WRITE, work, owner=self._context.news, done=done, failed=failed)


class Editor(KeptForm):
    """One record, edited in place: saved when the form is left, as far as it can be.

    « Défaire » goes back one saving at a time, as far as the form was when it was opened, « Refaire » forth again.
    """

    saved = Signal(object)
    """The id of the record, when it was written."""

    def __init__(
        self,
        context: Context,
        desk: Desk,
        noun: str,
        layout: Layout = PLAIN,
        form: type[DraftForm] = DraftForm,
        *,
        eager: bool = False,
        steps: bool = True,
    ) -> None:
        """An editor.

        `eager` is for a page that shows more beside the form: a new record is saved as soon as it can be, and any
        record when the cursor leaves the form. `steps` shows « Défaire » and « Refaire » under it.
        """
        super().__init__(context, desk, noun, form(context, desk, editing.KINDS[noun].draft, layout))
        self._saving = self._stepping = self._is_new = False
        self._stored: Any = None
        self._writing: Any = None
        self._past: list[Any] = []
        self._ahead: list[dict[str, Any]] = []
        context.news.changed.connect(self.on_news)
        if eager:
            self._form.left.connect(self.on_left)
        for keys, step in (("Ctrl+Alt+Z", self.undo), ("Ctrl+Alt+Shift+Z", self.redo)):
            shortcut = QShortcut(QKeySequence(keys), self, step)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.undo_action = button("Défaire", "link", tip="Revenir à l’enregistrement précédent (Ctrl Alt Z)")
        self.redo_action = button("Refaire", "link", tip="Reprendre ce qui vient d’être défait (Ctrl Alt Maj Z)")
        self.undo_action.clicked.connect(self.undo)
        self.redo_action.clicked.connect(self.redo)
        self._steps = QWidget()
        line = row(gap=12)
        for each in (self.undo_action, self.redo_action):
            line.addWidget(each)
        line.addStretch()
        self._steps.setLayout(line)
        whole = self.layout()
        assert whole is not None
        whole.addWidget(self._steps)
        self._shows_steps = steps
        self._show_steps()
        self.told.connect(self._on_told)

    @property
    def can_undo(self) -> bool:
        """Whether there is something to go back to: the last saving, when more was typed, or the one before."""
        typed = self._dirty and self._stored is not None
        return not self._saving and self._form.isEnabled() and (typed or bool(self._past))

    @property
    def can_redo(self) -> bool:
        """Whether something was undone, and nothing typed since."""
        return not self._saving and bool(self._ahead)

    def open(self, record_id: uuid.UUID, blank: Any = None) -> None:  # noqa: ANN401
        """Show a record; the steps of another one are forgotten."""
        self.save()
        self._past, self._ahead, self._stored = [], [], None
        super().open(record_id, blank)
        self._show_steps()

    def refresh(self) -> None:
        """The record may have been changed from elsewhere: show it as it is now, unless something is being typed."""
        if self._record is not None and not self._dirty and not self._saving:
            work = partial(_open, self._desk, self._noun, self._record, None)
            self._context.jobs.start(Lane.READ, work, owner=self, done=self.on_refreshed, failed=self.on_unread)

    def on_refreshed(self, opened: Opened) -> None:
        """It is what it was, or another."""
        self.renew(opened.draft)

    def renew(self, draft: Any) -> None:  # noqa: ANN401
        """Show the record as somebody has just read it, unless something is being typed."""
        free = draft.id == self._record and not self._dirty and not self._saving
        if free and self._stored is not None and draft != self._stored:
            self._stored = draft
            self._form.set_draft(draft)

    def on_opened(self, opened: Opened) -> None:
        """Here it is, and whether the vault knew it."""
        self._is_new = opened.is_new
        if opened.draft.id == self._record and not self._dirty:
            self._stored = None if opened.is_new else opened.draft
        super().on_opened(opened)

    def on_news(self, changes: Changes) -> None:
        """Something changed in the vault: this record, perhaps, elsewhere."""
        if any(each == self._record for _, each in changes):
            self.refresh()

    def on_clash(self, opened: Opened) -> None:
        """What it is elsewhere: the person was told of it, and may save again."""
        if opened.draft.id == self._record and self._writing is not None and self._stored is not None:
            self._stored = editing.preferred(self._writing, self._stored, opened.draft)

    def on_unread(self, _error: Exception) -> None:
        """It is gone: saving will say so."""

    def on_edited(self) -> None:
        """Somebody typed: there is nothing to do again."""
        self._ahead = []
        super().on_edited()

    def on_left(self) -> None:
        """A field was left, and maybe the form with it."""
        at = QApplication.focusWidget()
        left = at is not None and at is not self and not self.isAncestorOf(at)
        if self._dirty and (left or self._is_new) and self._form.ready():
            self.save()

    def event(self, event: QEvent) -> bool:
        """Leaving the form saves it."""
        if event.type() is QEvent.Type.Hide and self._dirty:
            self.save()
        return super().event(event)

    def save(self) -> None:
        """Write the record if it can be; otherwise keep what is typed and show the first thing to mend."""
        self._pause.stop()
        if self._record is None or not self._dirty or self._saving:
            return
        wrong = self._form.check()
        if wrong:
            self.keep()
            self.told.emit("brouillon", "warn")
            return
        self._saving = True
        self._dirty = False
        self._writing = self._form.draft()
        work = partial(_save, self._desk, self._noun, (self._writing, self._stored), self._form.state())
        self._write(
            work,
            partial(_tell, self._context.news, weakref.WeakMethod(self.on_saved)),
            partial(_fail, weakref.WeakMethod(self.on_save_failed), self._record),
        )

    def undo(self) -> None:
        """Write back what the record was: before what is typed, or before it was last saved."""
        if not self.can_undo:
            return
        state = self._form.state()
        self._form.set_draft(self._stored if self._dirty and self._stored is not None else self._past.pop())
        self._ahead.append(state)
        self._step()

    def redo(self) -> None:
        """Write again what was undone."""
        if not self.can_redo:
            return
        self._form.set_state(self._ahead.pop())
        if self._stored is not None and self._form.ready():
            self._past.append(self._stored)
        self._step()

    def on_saved(self, result: Result[Written]) -> None:
        """The record is written."""
        self._saving = self._is_new = False
        self.say("")
        if result.value.id == self._record:
            if not self._stepping and result.value.before not in (None, self._writing):
                self._past.append(result.value.before)
            self._stored = result.value.after
            if result.value.merged and not self._dirty:
                self._form.set_draft(self._stored)
            self.told.emit("enregistré", "ok")
        self._stepping = False
        self.saved.emit(result.value.id)
        if self._dirty:  # typed while it was being written
            self._pause.start()

    def on_save_failed(self, record: uuid.UUID, error: Exception) -> None:
        """It was not written: what is typed is kept. Somebody who was told that it changed elsewhere may save it."""
        self._saving = self._stepping = False
        self.say(sentence_of(error))
        if record == self._record:
            if isinstance(error, Fault) and error.code == "record.changed":
                work = partial(_open, self._desk, self._noun, record, None)
                self._context.jobs.start(Lane.READ, work, owner=self, done=self.on_clash, failed=self.on_unread)
            self._dirty = True
            self.told.emit("brouillon", "warn")

    def _step(self) -> None:
        self._dirty = self._stepping = True
        self.save()
        self._stepping = self._saving
        self._show_steps()

    def _on_told(self, _word: str, _kind: str) -> None:
        self._show_steps()

    def _show_steps(self) -> None:
        """Both are there as long as one can be pressed: a button that goes while the cursor is on it loses it."""
        self.undo_action.setEnabled(self.can_undo)
        self.redo_action.setEnabled(self.can_redo)
        self._steps.setVisible(self._shows_steps and (self.can_undo or self.can_redo or self._saving))
