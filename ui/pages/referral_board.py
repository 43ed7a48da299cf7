# SPDX-License-Identifier: GPL-3.0-or-later
"""The board of referrals: a column for each stage, a card for each referral; moving a card is noting what happened."""

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from hro_desktop.casework import referral_overview
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.referral_overview import Board, BoardCard
from ui.context import Context
from ui.flow import Flow
from ui.jobs import Lane, Report, Token
from ui.lines import Line, LineButton
from ui.messages import sentence_of
from ui.widgets import Scroller, button, clear, column, label, pill, row
from ui.words import count

__all__ = ["BoardView", "CardFrame", "Move"]

_WIDTH: Final = 172
"""Least width of a column in pixels at 100 %."""
_TRACKS: Final = {"plainte": "Plaintes", "inspection": "Inspections", "defenseur": "Défenseur des droits"}


class Move:
    """A card somebody wants in another stage: which, and the state that stage begins with."""

    def __init__(self, card: BoardCard, state: str) -> None:
        self.card, self.state = card, state


def _read(desk: Desk, track: str, on: dt.date, token: Token, _report: Report) -> Board:
    token.check()
    with desk.read() as session:
        return referral_overview.board(session, track, on)


class CardFrame(QFrame):
    """One card: Enter opens it, Alt and an arrow move it, « Déplacer » too."""

    opened = Signal(object)
    moved = Signal(object, int)
    """The card, and by how many stages."""
    turned = Signal(object, int, int)
    """Arrows alone: the card, columns and lines to go by."""

    def __init__(self, context: Context, card: BoardCard, stages: Sequence[str]) -> None:
        """`stages`: the names of all of them."""
        super().__init__()
        self.setObjectName("choice")
        self.card = card
        waiting = "\u00a0; ".join(card.waiting)
        detail = " · ".join(part for part in (card.people, card.authority, card.reference) if part)
        since = card.since[:1].upper() + card.since[1:]
        self.line = LineButton(
            context, Line(title=card.label, detail=f"{detail}\n{card.state}. {since}.", place=card.id)
        )
        context.veil.cover(self.line)
        self.line.clicked.connect(self._on_opened)
        self.line.installEventFilter(self)
        inner = column(margins=(0, 2, 0, 6), gap=2)
        inner.addWidget(self.line)
        if waiting:
            told = label(waiting, "warned", wrap=True)
            told.setContentsMargins(14, 0, 8, 0)
            inner.addWidget(told)
        foot = Flow(10)
        name = f"{card.label}, {card.reference}"
        for by, wanted in ((-1, card.previous_state), (1, card.next_state)):
            if wanted:
                stage = stages[card.stage + by]
                text = f"{stage} →" if by > 0 else f"← {stage}"
                made = button(text, "link", name=f"Noter l’étape «\u00a0{stage}\u00a0»\u00a0: {name}")
                made.setToolTip("Alt et la flèche droite" if by > 0 else "Alt et la flèche gauche")
                made.clicked.connect(partial(self._on_moved, by))
                foot.addWidget(made)
        around = row(margins=(12, 0, 8, 0))
        around.addLayout(foot, 1)
        inner.addLayout(around)
        self.setLayout(inner)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Keys of the line: arrows go about, with Alt they move the card."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {
                Qt.Key.Key_Left: (-1, 0),
                Qt.Key.Key_Right: (1, 0),
                Qt.Key.Key_Up: (0, -1),
                Qt.Key.Key_Down: (0, 1),
            }.get(Qt.Key(event.key()))
            if step is not None:
                if event.modifiers() & Qt.KeyboardModifier.AltModifier:
                    if step[0]:
                        self.moved.emit(self.card, step[0])
                else:
                    self.turned.emit(self.card, *step)
                return True
        return False

    def _on_opened(self, _checked: bool = False) -> None:
        self.opened.emit(self.card)

    def _on_moved(self, by: int, _checked: bool = False) -> None:
        self.moved.emit(self.card, by)


class _Column(QFrame):
    """One stage."""

    def __init__(self, context: Context, title: str) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setMinimumWidth(context.theme.px(_WIDTH))
        self._title = title
        self.head = label(title, "strong", wrap=True)
        self.cards: QVBoxLayout = column(gap=8)
        inside = column(margins=(0, 0, 4, 0), gap=0)
        inside.addLayout(self.cards)
        inside.addStretch()
        inner = column(margins=(10, 10, 6, 10), gap=8)
        inner.addWidget(self.head)
        inner.addWidget(Scroller(inside, name=f"Étape\u00a0: {title}"), 1)
        self.setLayout(inner)

    def set_number(self, number: int) -> None:
        """How many cards stand in it."""
        self.head.setText(f"{self._title}\u2002{number}")
        self.head.setAccessibleName(f"{self._title}, {count(number, 'saisine', 'saisines')}")


class BoardView(QWidget):
    """One road at a time; nothing moves until what happened is noted."""

    opened = Signal(object)
    """The id of a referral."""
    move_wanted = Signal(object)
    """A `Move`."""
    said = Signal(str)

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        self._track = "plainte"
        self._board: Board | None = None
        self._columns: list[_Column] = []
        self._frames: list[list[CardFrame]] = []
        self._pills = {code: pill(text) for code, text in _TRACKS.items()}
        flow = Flow()
        for code, each in self._pills.items():
            each.clicked.connect(partial(self._on_track_clicked, code))
            flow.addWidget(each)
        self._pills[self._track].setChecked(True)
        self._more = label("", "hint", wrap=True)
        self._more.hide()
        held = QWidget()
        self._line = row(gap=10)
        held.setLayout(self._line)
        scroller = QScrollArea()
        scroller.setWidget(held)
        scroller.setWidgetResizable(True)
        scroller.setFrameShape(QFrame.Shape.NoFrame)
        scroller.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroller.setAccessibleName("Tableau des saisines par étape")
        scroller.viewport().setAutoFillBackground(False)
        held.setAutoFillBackground(False)
        whole = column(gap=10)
        whole.addLayout(flow)
        whole.addWidget(self._more)
        whole.addWidget(scroller, 1)
        self.setLayout(whole)

    @property
    def pills(self) -> Sequence[QWidget]:
        """One for each road."""
        return tuple(self._pills.values())

    @property
    def board(self) -> Board | None:
        """What is shown."""
        return self._board

    @property
    def frames(self) -> Sequence[Sequence[CardFrame]]:
        """The cards of each column."""
        return self._frames

    def show_counts(self, tracks: Sequence[tuple[str, int]]) -> None:
        """How many referrals each road has."""
        for code, number in tracks:
            if code in self._pills:
                self._pills[code].setText(f"{_TRACKS[code]}\u2002{number}")
                self._pills[code].setAccessibleName(f"{_TRACKS[code]}, {count(number, 'saisine', 'saisines')}")

    def ask(self) -> None:
        """Ask for the cards."""
        work = partial(_read, self._desk, self._track, self._desk.today())
        self._context.jobs.start(Lane.READ, work, owner=self, done=self.on_board, failed=self.on_failed)

    def on_board(self, board: Board) -> None:
        """Here they are; the card that had the focus keeps it, wherever it stands now."""
        if board == self._board:
            return
        held = next((each.card.id for cards in self._frames for each in cards if each.line.hasFocus()), None)
        self._board = board
        clear(self._line)
        self._columns, self._frames = [], []
        for stage, title in enumerate(board.stages):
            made = _Column(self._context, title)
            made.set_number(len(board.cards[stage]))
            self._columns.append(made)
            self._frames.append([self._card(made, each, board) for each in board.cards[stage]])
            self._line.addWidget(made, 1)
        said = f"{count(board.left_out, 'saisine plus ancienne est', 'saisines plus anciennes sont')} dans la liste."
        self._more.setText(said)
        self._more.setVisible(board.left_out > 0)
        if held is not None:
            self.focus_on(held)

    def on_failed(self, error: Exception) -> None:
        """It could not be read."""
        self.said.emit(sentence_of(error))

    def focus_on(self, referral_id: uuid.UUID) -> None:
        """Put the cursor on a card."""
        for cards in self._frames:
            for each in cards:
                if each.card.id == referral_id:
                    each.line.setFocus()
                    return

    def _card(self, into: _Column, card: BoardCard, board: Board) -> CardFrame:
        made = CardFrame(self._context, card, board.stages)
        made.opened.connect(self._on_opened)
        made.moved.connect(self._on_moved)
        made.turned.connect(self._on_turned)
        into.cards.addWidget(made)
        return made

    def _on_track_clicked(self, code: str, _checked: bool = False) -> None:
        for each, made in self._pills.items():
            made.setChecked(each == code)
        self._track = code
        self.ask()

    def _on_opened(self, card: BoardCard) -> None:
        self.opened.emit(card.id)

    def _on_moved(self, card: BoardCard, by: int) -> None:
        state = card.next_state if by > 0 else card.previous_state
        if state:
            self.move_wanted.emit(Move(card, state))

    def _on_turned(self, card: BoardCard, columns: int, lines: int) -> None:
        """The next card in that direction."""
        at = next(place for place, each in enumerate(self._frames[card.stage]) if each.card == card)
        if lines:
            near = self._frames[card.stage][max(0, min(at + lines, len(self._frames[card.stage]) - 1))]
            near.line.setFocus()
            return
        stage = card.stage + columns
        while 0 <= stage < len(self._frames) and not self._frames[stage]:
            stage += columns
        if 0 <= stage < len(self._frames):
            self._frames[stage][min(at, len(self._frames[stage]) - 1)].line.setFocus()
