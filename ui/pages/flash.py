# SPDX-License-Identifier: GPL-3.0-or-later
"""Fiche éclair: 90 seconds in front of somebody; a way to reach them or a place is enough, the rest comes later."""

from functools import partial
from typing import Final

from PySide6.QtWidgets import QFrame, QWidget

from hro_desktop.casework import cases, flash
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.flash import FlashDraft, Flashed, Proposed
from hro_desktop.faults import Fault
from hro_desktop.records.base import new_id
from hro_desktop.rules.when import when_of
from ui.context import Context
from ui.editor.editor import KeptForm
from ui.editor.form import DraftForm, Layout
from ui.jobs import Report, Token
from ui.lines import Line, LineList
from ui.pages.page import Page, Place
from ui.pages.places import place_of
from ui.widgets import Scroller, button, column, frame, label, row, rule

__all__ = ["FlashPage"]

_LAYOUT: Final = Layout(
    fields=(
        "name",
        "contact",
        "contact_note",
        "languages",
        "interpreter",
        "taken_by_id",
        "when",
        "where",
        "forces",
        "marks",
        "words",
    ),
    labels={
        "name": "Prénom ou surnom",
        "contact": "Téléphone, messagerie",
        "contact_note": "Quand et comment, sans danger",
        "languages": "Langues",
        "interpreter": "A besoin d’interprète",
        "taken_by_id": "Qui parle avec elle",
        "when": "Quand",
        "where": "Où",
        "forces": "Qui",
        "marks": "Ce qui s’est passé",
        "words": "En ses mots, court",
    },
    hints={
        "contact": "ou par qui la joindre",
        "languages": "la préférée d’abord",
        "when": "«\u00a0hier, vers 8 h 30\u00a0», «\u00a0lundi\u00a0», «\u00a0le 12\u00a0»",
        "where": "lieu de vie, rue, plage…",
        "forces": "«\u00a0CRS\u00a0», «\u00a0gendarmes\u00a0», «\u00a0ne sait pas\u00a0»",
        "words": "",
    },
    long=frozenset({"words"}),
    headings={"name": "Comment la joindre, ou où\u00a0?", "when": "Que s’est-il passé\u00a0?"},
)
_WORDS: Final = {"aujourd’hui": "late", "demain": "warn", "à cocher": "warn"}


def _finish(desk: Desk, draft: FlashDraft, _token: Token, _report: Report) -> Result[Flashed]:
    return desk.run(flash.save, draft, desk.today())


def _proposals(desk: Desk, reference: str, _token: Token, _report: Report) -> tuple[Proposed, ...]:
    with desk.read() as session:
        return flash.proposals(session, cases.by_reference(session, reference), desk.today())


class FlashPage(Page):
    """A sheet that is kept as it is typed; « Terminer » makes a case of it and says what cannot wait."""

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, "Fiche éclair")
        self._record = place.record or new_id()
        self._saved: Flashed | None = None
        self.form = KeptForm(context, desk, flash.KIND, DraftForm(context, desk, FlashDraft, _LAYOUT))
        self.form.form.edited.connect(self.on_edited)
        self.watch(self.form)
        self.todo = LineList(context, name="À faire tout de suite")
        self.todo.chosen.connect(self.go)
        self._todo_card = self._make_todo()
        self._later = button(
            "Plus tard", tip="La fiche reste en brouillon\u00a0: elle se retrouve dans Accueil, Reprendre"
        )
        self._finish = button("Terminer", "main", tip="Ouvre un dossier avec ce qui est noté ici")
        self._open = button("Ouvrir le dossier", "main")
        for each in (self._later, self._finish, self._open):
            each.setParent(self)
        self._later.clicked.connect(self.on_later_clicked)
        self._finish.clicked.connect(self.finish)
        self._open.clicked.connect(self.on_open_clicked)
        self._open.hide()
        self.buttons = (self._later, self._finish)
        self._lay_out()
        self.setFocusProxy(self.form)

    @property
    def saved(self) -> Flashed | None:
        """What the sheet became, once it is finished."""
        return self._saved

    def start(self) -> None:
        """Show the sheet, with what was typed before."""
        if self.form.record is None:
            self.form.open(self._record, FlashDraft(id=self._record))

    def on_edited(self) -> None:
        """Say at once how « quand » is understood; a sentence on what is written holds no more."""
        if self.problem:
            self.say("")
        field = self.form.form.field("when")
        words = field.input.value()
        field.hint(when_of(words, self.desk.today()).understood if words else _LAYOUT.hints["when"])

    def finish(self) -> None:
        """Make a case of it."""
        self.say("")
        draft = self.form.complete()
        if draft is None:
            return
        self._finish.setEnabled(False)
        self.form.keep()
        self.write(partial(_finish, self.desk, draft), self.on_finished)

    def on_finished(self, result: Result[Flashed]) -> None:
        """The case is there."""
        self._saved = result.value
        self.form.settle()
        self.form.setEnabled(False)
        self.buttons = (self._open,) if place_of("case", result.value.case_id) is not None else ()
        self.retitle(f"Fiche éclair — {result.value.case_reference}", marks=[("enregistrée", "ok")])
        self.context.news.publish(result.changes)
        self.read(partial(_proposals, self.desk, result.value.case_reference), self.on_proposals)

    def on_failed(self, error: Exception) -> None:
        """It was not made: everything typed stays, and is kept."""
        super().on_failed(error)
        self._finish.setEnabled(True)
        if isinstance(error, Fault) and error.code == "flash.empty":
            self.form.form.focus_first()

    def on_proposals(self, found: tuple[Proposed, ...]) -> None:
        """What cannot wait."""
        self.todo.show_lines([_line(each) for each in found])
        self._todo_card.show()
        if self.todo.buttons:
            self.todo.buttons[0].setFocus()

    def on_later_clicked(self) -> None:
        """Back to the home page; the sheet is a draft."""
        self.go.emit(Place("home"))

    def on_open_clicked(self) -> None:
        """To the case."""
        if self._saved is not None:
            self.go.emit(place_of("case", self._saved.case_id))

    def _make_todo(self) -> QFrame:
        card = frame("card")
        inner = column(gap=0)
        head = row(margins=(16, 11, 16, 11))
        head.addWidget(label("À faire tout de suite", "strong"))
        head.addStretch()
        head.addWidget(label("proposé, rien n’est envoyé", "hint"))
        inner.addLayout(head)
        inner.addWidget(rule())
        inner.addWidget(self.todo)
        card.setLayout(inner)
        card.hide()
        return card

    def _lay_out(self) -> None:
        card = frame("card")
        inner = column(margins=(20, 16, 20, 18), gap=8)
        inner.addWidget(
            label(
                "Un moyen de la joindre, ou un lieu, suffit pour enregistrer. Le reste se complète plus tard.",
                "soft",
                wrap=True,
            )
        )
        inner.addWidget(self.form)
        card.setLayout(inner)
        middle = column(margins=(20, 18, 20, 18), gap=12)
        middle.addWidget(self._problem)
        middle.addWidget(self._todo_card)
        middle.addWidget(card)
        middle.addStretch()
        narrow = QWidget()
        narrow.setLayout(middle)
        narrow.setMaximumWidth(self.context.theme.px(800))
        centred = row()
        centred.addStretch(1)
        centred.addWidget(narrow, 8)
        centred.addStretch(1)
        around = column()
        around.addLayout(centred)
        whole = column()
        whole.addWidget(Scroller(around, name="Fiche éclair"))
        self.setLayout(whole)


def _line(each: Proposed) -> Line:
    return Line(
        title=each.title,
        detail=each.reason,
        chip=each.word,
        kind=_WORDS.get(each.word, "brand"),
        tip=each.source,
        place=place_of(each.table, each.record_id),
    )
