# SPDX-License-Identifier: GPL-3.0-or-later
"""Beginning a referral from a case: which procedure, for this person alone or with others of the same facts."""

import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

import attrs
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from hro_desktop.casework import beginning, offers
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.offers import Begin, Offer
from ui.context import Context
from ui.editor.inputs import CheckInput, ChoiceInput
from ui.jobs import Lane, Report, Token
from ui.messages import sentence_of
from ui.pages.page import Place
from ui.widgets import button, chip, clear, column, label, row

__all__ = ["BeginCard"]


@attrs.frozen
class _Known:
    """What can be begun for a case, and with whom."""

    procedures: tuple[Begin, ...]
    others: tuple[Offer, ...]


def _ask(desk: Desk, case_id: uuid.UUID, token: Token, _report: Report) -> _Known:
    token.check()
    with desk.read() as session:
        return _Known(offers.to_begin(session, case_id, desk.today()), offers.others_of(session, case_id))


def _begin(
    desk: Desk,
    procedure: str,
    case_ids: Sequence[uuid.UUID],
    follows: uuid.UUID | None,
    _token: Token,
    _report: Report,
) -> Result[uuid.UUID]:
    return desk.run(beginning.begin, procedure, case_ids, desk.today(), follows_id=follows)


class BeginCard(QFrame):
    """Hidden until somebody asks for it. What the vault knows is put into the referral; nothing is typed again."""

    go = Signal(object)
    said = Signal(str)

    def __init__(self, context: Context, desk: Desk, case_id: uuid.UUID) -> None:
        super().__init__()
        self.setObjectName("card")
        self._context, self._desk, self._case_id = context, desk, case_id
        self._ticks: dict[uuid.UUID, CheckInput] = {}
        self._lines = column(gap=6)
        self._others = column(gap=2)
        self._with = label("Avec aussi (faits et pièces communs, accord de chacune)\u00a0:", "label", wrap=True)
        close = button("Fermer", "link", name="Fermer sans rien commencer")
        close.clicked.connect(self.hide)
        head = row(gap=8)
        head.addWidget(label("Préparer une saisine", "heading"), 1)
        head.addWidget(close)
        inner = column(margins=(16, 12, 16, 14), gap=8)
        inner.addLayout(head)
        said = "Faits, pièces liées et demandes possibles y sont repris\u00a0; tout se change ensuite."
        inner.addWidget(label(said, "hint", wrap=True))
        inner.addWidget(self._with)
        inner.addLayout(self._others)
        inner.addLayout(self._lines)
        self.setLayout(inner)
        self.hide()

    def open(self) -> None:
        """Ask what can be begun."""
        self.show()
        work = partial(_ask, self._desk, self._case_id)
        self._context.jobs.start(Lane.READ, work, owner=self, done=self.on_known, failed=self.on_failed)

    def on_known(self, known: _Known) -> None:
        """Here it is."""
        clear(self._others)
        self._ticks = {}
        for each in known.others:
            tick = self._ticks[each.id] = CheckInput(f"{each.title} — {each.detail}".replace("&", "&&"))
            self._context.veil.cover(tick)
            self._others.addWidget(tick)
        self._with.setVisible(bool(known.others))
        clear(self._lines)
        first: QWidget | None = None
        for begin in known.procedures:
            line, act = self._line(begin)
            self._lines.addWidget(line)
            first = first or act
        if first is not None:
            first.setFocus()

    def on_begun(self, result: Result[uuid.UUID]) -> None:
        """It is begun: go there."""
        self._context.news.publish(result.changes)
        self.hide()
        self.go.emit(Place("build", result.value))

    def on_failed(self, error: Exception) -> None:
        """Nothing was begun."""
        self.setEnabled(True)
        self.said.emit(sentence_of(error))

    def _line(self, begin: Begin) -> tuple[QWidget, QWidget]:
        held, line = QWidget(), row(gap=8)
        words = column(gap=1)
        words.addWidget(label(begin.label, wrap=True))
        if begin.known_as:
            words.addWidget(label(f"déjà en cours\u00a0: {begin.known_as}", "hint", wrap=True))
        line.addLayout(words, 1)
        line.addWidget(chip(begin.detail, begin.kind))
        follows: ChoiceInput | None = None
        if begin.follows:
            follows = ChoiceInput([(each.id, f"{each.title} — {each.detail}") for each in begin.follows])
            follows.setAccessibleName(f"{begin.label}\u00a0: saisine complétée")
            line.addWidget(follows, 1)
        if begin.known is not None:
            again = button("Reprendre", name=f"Reprendre {begin.known_as}")
            again.clicked.connect(partial(self._lead, Place("build", begin.known)))
            line.addWidget(again)
        text = "Commencer une autre" if begin.known is not None else "Commencer"
        act = button(text, name=f"{text}\u00a0: {begin.label}")
        act.clicked.connect(partial(self._on_begin_clicked, begin.procedure, follows))
        line.addWidget(act)
        held.setLayout(line)
        return held, act

    def _lead(self, place: Place, _checked: bool = False) -> None:
        self.go.emit(place)

    def _on_begin_clicked(self, procedure: str, follows: Any, _checked: bool = False) -> None:  # noqa: ANN401
        self.said.emit("")
        self.setEnabled(False)
        cases = (self._case_id, *(case for case, tick in self._ticks.items() if tick.value()))
        parent = follows.value() if follows is not None else None
        work = partial(_begin, self._desk, procedure, cases, parent)
        self._context.jobs.start(Lane.WRITE, work, owner=self, done=self.on_begun, failed=self.on_failed)
