# SPDX-License-Identifier: GPL-3.0-or-later
"""The rubrics of the papers, section by section; what is typed in one and not decided yet is kept."""

import uuid
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from hro_desktop.casework import builder, drafts, overrides
from hro_desktop.casework.builder import Build
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.drafts import Kept
from hro_desktop.casework.rubrics import Rubric, Section
from ui.build.panel import Panel, Undo, acted
from ui.build.rubric import RubricField, is_long
from ui.context import Context
from ui.editor.form import Layout
from ui.editor.panel import EditorPanel
from ui.flow import Flow
from ui.jobs import Lane, Report, Token
from ui.messages import sentence_of
from ui.pages.page import Place
from ui.pages.places import place_of
from ui.widgets import clear, column, label, pill, widgets_in

__all__ = ["KIND", "RubricsPart"]

KIND: Final = "referral_rubrics"
_PAUSE: Final = 2000
Key = tuple[str, str]


def _only_here(
    desk: Desk, referral_id: uuid.UUID, rubric: Rubric, text: str, _token: Token, _report: Report
) -> Result[None]:
    return builder.only_here(desk, referral_id, rubric.form, rubric.field, rubric.path, text)


def _keep(desk: Desk, referral_id: uuid.UUID, content: dict[str, str], _token: Token, _report: Report) -> None:
    if content:
        desk.run(drafts.put, KIND, referral_id, content)
    else:
        desk.run(drafts.drop, KIND, referral_id)


def _nothing(_value: object) -> None:
    """What is typed is kept: nothing to say."""


class RubricsPart(Panel):
    """Every value the papers print, with its source."""

    looked = Signal(str)
    """Words of the paper one stands on."""
    wanted = Signal(str, str)
    """A field of the referral’s own: a noun of `editing`, and which."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID) -> None:
        super().__init__(context, desk, referral_id)
        self._fields: dict[Key, RubricField] = {}
        self._shown: tuple[tuple[object, ...], ...] = ()
        self._typed: dict[str, str] | None = None
        self._asked: RubricField | None = None
        self._prefill = ""
        self.editor = EditorPanel(context, desk)
        self.editor.setParent(self)
        self.editor.told.connect(self.on_editor_told)
        self.editor.closed.connect(self.on_editor_closed)
        self.only = pill("Seulement ce qui est vide ou à revoir")
        self.only.clicked.connect(self.on_only_clicked)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.leave)
        head = Flow(8)
        head.addWidget(label("Rubriques du document", "heading"))
        head.addWidget(self.only)
        self._sections = column(gap=10)
        whole = column(gap=10)
        whole.addLayout(head)
        whole.addLayout(self._sections)
        self.setLayout(whole)
        self.setFocusProxy(self.only)

    @property
    def fields(self) -> Mapping[Key, RubricField]:
        """Each value by its form and its path."""
        return self._fields

    def show_build(self, build: Build) -> None:
        """Show these values."""
        first, self.build = self.build is None, build
        shown = tuple(_shape(each) for each in build.sections)
        if shown != self._shown:
            self._shown = shown
            self._show_all(build)
        for rubric in _rubrics(build):
            self._fields[rubric.form, rubric.path].show_rubric(rubric)
        self._filter()
        if first:
            self.ask(drafts.get, KIND, self.referral_id, done=self.on_kept)

    def on_kept(self, kept: Kept | None) -> None:
        """What was typed before and not decided."""
        self._typed = dict(kept.content) if kept is not None else {}
        self._restore()

    def focus_on(self, subject: str) -> None:
        """Put the cursor in the rubric of that name."""
        found = next((each for each in self._fields.values() if each.rubric.field == subject), None)
        if found is not None:
            found.show()
            found.setFocus()

    def holds(self, subject: str) -> bool:
        """Whether there is such a rubric."""
        return any(each.rubric.field == subject for each in self._fields.values())

    def leave(self) -> None:
        """Keep what is typed and not decided, as it is."""
        self._pause.stop()
        content = self._undecided()
        if self._typed is None or content == self._typed:
            return
        self._typed = content
        work = partial(_keep, self.desk, self.referral_id, content)
        self.context.jobs.start(Lane.WRITE, work, owner=self.context.news, done=_nothing, failed=self.on_failed)

    def keep_now(self) -> None:
        """The same before the vault closes: no job would end."""
        self._pause.stop()
        content = self._undecided()
        if content and content != self._typed:
            self._typed = content
            self.desk.run(drafts.put, KIND, self.referral_id, content)

    def on_typed(self) -> None:
        """Somebody typed."""
        self._pause.start()

    def on_only_clicked(self) -> None:
        """All of them, or what is empty or to be looked at."""
        self._filter()

    def on_correct(self, field: RubricField) -> None:
        """Open the record at that field, right there; or go where it is told."""
        origin = field.rubric.origin
        if origin.noun in ("referral_text", "referral_against"):
            self.wanted.emit(origin.noun, origin.attribute)
        elif origin.noun == "setting":
            self.go.emit(Place("settings"))
        elif origin.record is not None and origin.attribute:
            self._asked, self._prefill = field, field.text if field.changed else ""
            self.editor.close_now()
            field.under(self.editor)
            called = (
                f"{where_words(field.rubric)}\u00a0: {origin.called}" if origin.called else where_words(field.rubric)
            )
            self.editor.tell(origin.noun, Layout(fields=(origin.attribute,), single=True), origin.record, None, called)
            if self.editor.editor is not None:
                self.editor.editor.told.connect(self.on_editor_told)
        elif origin.record is not None:
            place = self._place(origin.noun, origin.record)
            if place is not None:
                self.go.emit(place)

    def on_editor_told(self, word: str, kind: str) -> None:
        """The record is open: what was typed in the rubric goes along, where the record says the same words."""
        self.told.emit(word, kind)
        editor, field = self.editor.editor, self._asked
        if editor is None or field is None or not self._prefill or not editor.form.isEnabled():
            return
        input_ = editor.form.field(field.rubric.origin.attribute).input
        if hasattr(input_, "set_raw") and input_.raw() == field.rubric.text:
            text, self._prefill = self._prefill, ""
            input_.set_raw(text)
            input_.edited.emit()
        self._prefill = ""

    def on_editor_closed(self) -> None:
        """The record is corrected: the paper follows."""
        if self._asked is not None:
            self._asked.settle()
            self._asked.setFocus()
            self._asked = None
            self.on_typed()

    def on_only_here(self, field: RubricField) -> None:
        """Keep the value for this document only."""
        rubric, text = field.rubric, field.text
        self._asked = field
        back = partial(acted, self.desk, overrides.drop, (self.referral_id, rubric.path))
        if rubric.mine:
            back = partial(_only_here, self.desk, self.referral_id, rubric, rubric.text)
        undo = Undo("Écrit pour ce document seulement\u00a0; le dossier ne change pas.", back)
        self.do(partial(_only_here, self.desk, self.referral_id, rubric, text), undo=partial(_this, undo))

    def on_drop(self, field: RubricField) -> None:
        """Take the value of the record again."""
        rubric = field.rubric
        back = partial(_only_here, self.desk, self.referral_id, rubric, rubric.text)
        field.input.setFocus()
        undo = Undo("La valeur du dossier est reprise.", back)
        self.act(overrides.drop, self.referral_id, rubric.path, undo=partial(_this, undo))

    def on_acted(self, undo: object, result: Result[object]) -> None:
        """It is done: what was typed there is decided."""
        if self._asked is not None and undo is not None:
            self._asked.input.set_value(self._asked.rubric.text)
            self._asked = None
            self.on_typed()
        super().on_acted(undo, result)  # type: ignore[arg-type]

    def on_failed(self, error: Exception) -> None:
        """Said under the rubric it is about."""
        if self._asked is not None and self.editor.editor is None:
            self._asked.say(sentence_of(error))
            self._asked = None
        else:
            super().on_failed(error)

    def _undecided(self) -> dict[str, str]:
        return {f"{form}|{path}": each.text for (form, path), each in self._fields.items() if each.changed}

    def _restore(self) -> None:
        for key, text in (self._typed or {}).items():
            form, _, path = key.partition("|")
            if (form, path) in self._fields:
                self._fields[form, path].set_typed(text)

    def _leads(self, rubric: Rubric) -> bool:
        """Whether the record of a value can be corrected: here, in another part, or on its own page."""
        origin = rubric.origin
        if origin.noun == "setting":
            return True
        known = bool(origin.noun) and origin.noun != "referral" and origin.record is not None
        return known and (bool(origin.attribute) or self._place(origin.noun, origin.record) is not None)  # type: ignore[arg-type]

    def _place(self, noun: str, record: uuid.UUID) -> Place | None:
        """Where a record is told, when it cannot be corrected right here."""
        if noun == "person" and self.build is not None:
            case = next((each.case_id for each in self.build.parties if each.person_id == record), None)
            return Place("case", case, "identity") if case is not None else None
        return place_of(noun, record)

    def _show_all(self, build: Build) -> None:
        undecided = self._undecided()
        self.editor.close_now()
        self.editor.setParent(self)
        clear(self._sections)
        self._fields = {}
        titles = dict(build.forms)
        seen = ""
        for section in build.sections:
            if section.form != seen and len(build.forms) > 1:
                self._sections.addWidget(label(titles.get(section.form, ""), "heading", wrap=True))
            seen = section.form
            self._sections.addWidget(self._section(section))
        if self._typed is not None:
            self._typed = {**self._typed, **undecided}
            self._restore()

    def _section(self, section: Section) -> QWidget:
        held, grid = QWidget(), QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        title = label(section.title, "strong", wrap=True)
        grid.addWidget(title, 0, 0, 1, 2)
        at, side = 1, 0
        for rubric in section.rubrics:
            field = RubricField(self.context, rubric, self._leads)
            field.typed.connect(self.on_typed)
            field.correct.connect(self.on_correct)
            field.only_here.connect(self.on_only_here)
            field.drop.connect(self.on_drop)
            field.looked.connect(self.looked)
            self._fields[rubric.form, rubric.path] = field
            wide = is_long(rubric)
            at, side = (at + 1, 0) if wide and side else (at, side)
            grid.addWidget(field, at, side, 1, 2 if wide else 1)
            at, side = (at + 1, 0) if wide or side else (at, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        held.setLayout(grid)
        return held

    def _filter(self) -> None:
        only = self.only.isChecked()
        for each in self._fields.values():
            each.setVisible(not only or bool(each.rubric.problem) or not each.rubric.text or each.changed)
        for held in widgets_in(self._sections):
            inside = held.findChildren(RubricField)
            if inside:
                held.setVisible(any(not each.isHidden() for each in inside))


def where_words(rubric: Rubric) -> str:
    """« Identité »."""
    said = rubric.origin.words.removeprefix("depuis ").removeprefix("à dire dans ")
    return said[:1].upper() + said[1:]


def _this(undo: Undo, _value: object) -> Undo:
    return undo


def _shape(section: Section) -> tuple[object, ...]:
    """What makes the fields of a section other ones."""
    return (
        section.form,
        section.title,
        *((each.path, each.label, each.whose, is_long(each)) for each in section.rubrics),
    )


def _rubrics(build: Build) -> Iterator[Rubric]:
    for section in build.sections:
        yield from section.rubrics
