# SPDX-License-Identifier: GPL-3.0-or-later
"""Depositing files from the window: the job, and what became of each file, until somebody has read it."""

import weakref
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hro_desktop.casework import deposits
from hro_desktop.casework.deposits import Deposit, Links
from hro_desktop.casework.desk import Desk, Result
from ui.changes import ChangeHub
from ui.context import Context
from ui.jobs import Lane, Report, Token
from ui.messages import sentence_of
from ui.widgets import Scroller, button, clear, column, frame, label, row
from ui.words import count

__all__ = ["DepositReport", "summary"]

Told = tuple[Deposit, ...]
Box = list[Result[Told]]
"""What a deposit did, put there by its thread: whoever cancels a job is not given its value."""

_LISTED: Final = 200
"""Files whose reason is shown: of thousands nobody reads more."""
_HEIGHT: Final = 200
_LINE: Final = 62
"""Height of the whole list and of one of its files, in pixels at 100 %."""


def _deposit(desk: Desk, paths: Sequence[Path], links: Links, box: Box, token: Token, report: Report) -> None:  # noqa: PLR0917
    def progress(done: int, total: int) -> None:
        if not token.cancelled:
            report(done // 1024, max(1, total // 1024), f"Versement\u00a0: {done * 100 // max(1, total)}\u00a0%")

    box.append(deposits.deposit(desk, paths, links, progress=progress, cancelled=lambda: token.cancelled))


def summary(told: Told) -> str:
    """What became of them all: « 12 pièces versées, 3 déjà dans le coffre, 2 refusées. »."""
    counted = Counter(each.fate for each in told)
    parts = []
    if counted["deposited"] or not counted:
        parts.append(count(counted["deposited"], "pièce versée", "pièces versées"))
    if counted["known"]:
        parts.append(f"{counted['known']}\u00a0déjà dans le coffre")
    if counted["refused"]:
        parts.append(count(counted["refused"], "refusée", "refusées"))
    if counted["left"]:
        parts.append(count(counted["left"], "pas encore versée", "pas encore versées"))
    return ", ".join(parts) + "."


def _tell(news: ChangeHub, box: Box, over: "weakref.WeakMethod[Callable[[Box], None]]", _value: object) -> None:
    """The pages learn what came in, even when the one that asked is gone; so does that one while it is there."""
    for each in box:
        news.publish(each.changes)
    handler = over()
    if handler is not None:
        handler(box)


def _fail(failed: "weakref.WeakMethod[Callable[[Exception], None]]", error: Exception) -> None:
    handler = failed()
    if handler is not None:
        handler(error)


class DepositReport(QWidget):
    """Starts deposits, and says in a card what became of the files until it is closed."""

    ended = Signal(object)
    """The outcome of each file, in order."""
    closed = Signal()
    """Somebody has read it."""

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        self._busy = False
        self._head = label("", "strong", wrap=True)
        self._lines = column(gap=6)
        context.veil.cover(self)
        close = button("Fermer", "link", name="Fermer le compte rendu du versement")
        close.clicked.connect(self.on_close_clicked)
        top = row(gap=8)
        top.addWidget(self._head, 1)
        top.addWidget(close)
        inner = column(margins=(12, 8, 12, 8), gap=6)
        inner.addLayout(top)
        self._scroller = Scroller(self._lines, name="Fichiers refusés ou pas encore versés")
        inner.addWidget(self._scroller)
        card = frame("choice")
        card.setLayout(inner)
        whole = column(margins=(8, 8, 8, 8))
        whole.addWidget(card)
        self.setLayout(whole)
        self.hide()

    @property
    def busy(self) -> bool:
        """Whether a deposit is under way."""
        return self._busy

    @property
    def text(self) -> str:
        """What it says at the top."""
        return self._head.text()

    def start(self, paths: Sequence[Path], links: Links) -> None:
        """Deposit these; one deposit at a time."""
        if not paths or self._busy:
            return
        self._busy = True
        box: Box = []
        tell = partial(_tell, self._context.news, box, weakref.WeakMethod(self.on_over))
        # Not the lane that saves what is typed: thousands of files may take an hour.
        self._context.jobs.start(
            Lane.DOCUMENT,
            partial(_deposit, self._desk, tuple(paths), links, box),
            owner=self._context.news,
            done=tell,
            cancelled=tell,
            failed=partial(_fail, weakref.WeakMethod(self.on_failed)),
            title="Versement de fichiers",
        )

    def on_over(self, box: Box) -> None:
        """It ended, at its end or before."""
        self._busy = False
        if not box:
            self._say("Versement arrêté avant le premier fichier.")
        for each in box:
            self.show_told(each.value)
            self.ended.emit(each.value)

    def on_failed(self, error: Exception) -> None:
        """It did not even begin, or broke off where nobody foresaw it."""
        self._busy = False
        self._say(sentence_of(error))

    def on_close_clicked(self) -> None:
        """Read."""
        self.hide()
        self.closed.emit()

    def _say(self, sentence: str) -> None:
        self._head.setText(sentence)
        clear(self._lines)
        self._scroller.hide()
        self.show()

    def show_told(self, told: Told) -> None:
        """Say what became of these files."""
        self._head.setText(summary(told))
        clear(self._lines)
        wrong = [each for each in told if each.fate in ("refused", "left")]
        for each in wrong[:_LISTED]:
            self._lines.addWidget(label(each.name, "strong", wrap=True))
            self._lines.addWidget(label(each.why, "hint", wrap=True))
        if len(wrong) > _LISTED:
            self._lines.addWidget(label(f"et {count(len(wrong) - _LISTED, 'autre', 'autres')}.", "hint"))
        self._lines.addStretch()
        self._scroller.setFixedHeight(self._context.theme.px(min(_HEIGHT, _LINE * len(wrong) + 8)))
        self._scroller.setVisible(bool(wrong))
        self.show()
