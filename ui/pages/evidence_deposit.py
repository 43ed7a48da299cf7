# SPDX-License-Identifier: GPL-3.0-or-later
"""Depositing files from the window: the job, and what became of each file, until somebody has read it."""

import uuid
import weakref
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import attrs
from PySide6.QtCore import QItemSelection, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QWidget

from hro_desktop.casework import deposit_notes, deposits
from hro_desktop.casework.deposit_notes import DepositNoteDraft
from hro_desktop.casework.deposits import Deposit, Links
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.drafts import Kept
from ui.changes import ChangeHub
from ui.context import Context
from ui.editor.fold import Fold
from ui.flow import Flow
from ui.jobs import Job, Lane, Report, Token
from ui.messages import sentence_of
from ui.models.paged_table import Column, PagedTableModel
from ui.pages.evidence_lot import LotForm
from ui.table import ListTable
from ui.widgets import Scroller, button, column, frame, label, pill, row
from ui.words import count

__all__ = ["BUSY", "DepositReport", "pending", "summary"]

Told = tuple[Deposit, ...]
Box = list[Result[Told]]
"""What a deposit did, put there by its thread: whoever cancels a job is not given its value."""

BUSY: Final = "Un versement est en cours\u00a0: attendez sa fin, ou arrêtez-le."
_ROWS: Final = 5
"""Rows of the list that are seen at once."""
_FATES: Final = {
    "refused": ("Refusées", "refusée", "late"),
    "left": ("Pas encore versées", "pas versée", "warn"),
    "known": ("Déjà là", "déjà là", "plain"),
    "deposited": ("Versées", "versée", "ok"),
}
"""Of each fate: its filter, its word in the list, the kind of its chip."""


@attrs.frozen
class _Row:
    id: int
    told: Deposit


_COLUMNS: Final = (
    Column[_Row]("Fichier", lambda each: each.told.name, private=True),
    Column[_Row](
        "Sort", lambda each: _FATES[each.told.fate][1], width=104, chip=lambda each: _FATES[each.told.fate][2]
    ),
)


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
    """Starts deposits, and says in a card what became of every file, and where they come from, until it is closed."""

    ended = Signal(object)
    """The outcome of each file, in order."""
    closed = Signal()
    """Somebody has read it."""
    wanted = Signal(object)
    """The id of an item somebody wants to see."""
    appeared = Signal(bool)
    """Whether it takes room in the page now."""

    def __init__(self, context: Context, desk: Desk, *, bounded: bool = False) -> None:
        """Of a page. A `bounded` one has the room `set_room` gives it, and what does not fit is scrolled to."""
        super().__init__()
        self._context, self._desk = context, desk
        self._room: int | None = 0 if bounded else None
        self._job: Job | None = None
        self._links = Links()
        self._told: Told = ()
        self._head = label("", "strong", wrap=True)
        self._why = label("", "hint", wrap=True)
        self._model: PagedTableModel[_Row] = PagedTableModel(_COLUMNS, self)
        self._model.page_wanted.connect(self.on_page_wanted)
        self.table = ListTable(context, self._model, name="Ce qu’est devenu chaque fichier")
        self.table.horizontalHeader().hide()
        self.table.selectionModel().selectionChanged.connect(self.on_selected)
        self.table.opened.connect(self.on_opened)
        self.lot = LotForm(context, desk)
        self._buttons()
        self._lay_out()
        self.hide()

    @property
    def busy(self) -> bool:
        """Whether a deposit is under way."""
        return self._job is not None

    @property
    def text(self) -> str:
        """What it says at the top."""
        return self._head.text()

    @property
    def pills(self) -> Mapping[str, QPushButton]:
        """One filter to a fate."""
        return self._pills

    def start(self, paths: Sequence[Path], links: Links) -> None:
        """Deposit these; one deposit at a time."""
        if not paths or self.busy:
            return
        self._links, self._told = links, ()
        self.lot.begin()
        box: Box = []
        tell = partial(_tell, self._context.news, box, weakref.WeakMethod(self.on_over))
        # Not the lane that saves what is typed: thousands of files may take an hour.
        self._job = self._context.jobs.start(
            Lane.DOCUMENT,
            partial(_deposit, self._desk, tuple(paths), links, box),
            owner=self._context.news,
            done=tell,
            cancelled=tell,
            failed=partial(_fail, weakref.WeakMethod(self.on_failed)),
            progress=self.on_progress,
            title="Versement de fichiers",
        )
        self._say("Versement en cours…")
        self.stop_action.show()
        self._under.setVisible(self._fold.isChecked())
        self._fold.show()
        self._fit()

    def on_progress(self, job: Job) -> None:
        """Further."""
        if self._job is job and job.what:
            self._head.setText(job.what)

    def on_stop_clicked(self) -> None:
        """Enough: what came in stays."""
        if self._job is not None:
            self._job.cancel()
            self._head.setText("Arrêt du versement…")

    def on_over(self, box: Box) -> None:
        """It ended, at its end or before."""
        self._job = None
        if not box:
            self._say("Versement arrêté avant le premier fichier.")
        for each in box:
            self.show_told(each.value)
            self.lot.come_in([one.evidence_id for one in each.value if one.fate == "deposited" and one.evidence_id])
            self.ended.emit(each.value)

    def on_failed(self, error: Exception) -> None:
        """It did not even begin, or broke off where nobody foresaw it."""
        self._job = None
        self._say(sentence_of(error))

    def on_close_clicked(self) -> None:
        """Read; what was said of the lot is written."""
        self.lot.save()
        self.hide()
        self.closed.emit()

    def on_again_clicked(self) -> None:
        """Try those again that did not come in."""
        paths = [each.path for each in self._told if each.path is not None and each.fate in ("refused", "left")]
        self.start(paths, self._links)

    def on_filtered(self, _checked: bool = False) -> None:
        """Only some of them; the list comes back in the place of the form."""
        if self.isVisible():
            self._fold.setChecked(False)
        self._list()

    def on_fold_toggled(self, shown: bool) -> None:
        """The form takes the place of the list: a small screen has no room for both."""
        wrong = any(each.fate in ("refused", "left") for each in self._told)
        listed = bool(self._told) and not self.busy and (wrong or len(self._told) > 1)
        self.table.setVisible(listed and not shown)
        self._why.setVisible(listed and not shown and bool(self._why.text()))
        self._fit()

    def on_page_wanted(self, generation: int, page: int, ids: Sequence[int]) -> None:
        """Somebody looks at some of them: they are at hand."""
        rows = [_Row(at, self._told[at]) for at in ids]
        self._model.set_page(generation, page, rows, key=lambda each: each.id)

    def on_selected(self, _chosen: QItemSelection, _left: QItemSelection) -> None:
        """Why, for the one that is pointed at."""
        rows = self.table.selectionModel().selectedRows()
        at = self._model.id_at(rows[0].row()) if rows else None
        self._why.setText(self._told[at].why if isinstance(at, int) and at < len(self._told) else "")
        self.on_fold_toggled(self._fold.isChecked())

    def on_opened(self, at: int) -> None:
        """Go and see the item."""
        if self._told[at].evidence_id is not None:
            self.wanted.emit(self._told[at].evidence_id)

    def show_told(self, told: Told) -> None:
        """Say what became of these files."""
        self._told = told
        self._say(summary(told))
        counted = Counter(each.fate for each in told)
        for fate, each in self._pills.items():
            number = counted[fate]  # type: ignore[index]
            each.setText(f"{_FATES[fate][0]}\u00a0: {number}")
            each.setAccessibleName(each.text())
            each.setChecked(False)
            each.setVisible(bool(number) and len(counted) > 1)
        wrong = counted["refused"] + counted["left"]
        self.again_action.setVisible(bool(wrong))
        self._fold.setVisible(bool(counted["deposited"]))
        self._under.setVisible(bool(counted["deposited"]) and self._fold.isChecked())
        for fate in ("left", "refused"):
            self._pills[fate].setChecked(bool(counted[fate]) and len(counted) > 1)  # type: ignore[index]
        self._list()
        self.on_fold_toggled(self._fold.isChecked())

    def show_kept(self, found: tuple[Kept, tuple[uuid.UUID, ...], DepositNoteDraft] | None) -> None:
        """What was begun of an earlier deposit and not written, if nothing else is shown."""
        if found is None or self.busy or self.isVisible():
            return
        kept, items, before = found
        self._say(f"Vous aviez commencé à noter d’où viennent {count(len(items), 'pièce', 'pièces')}.")
        self._fold.show()
        self._fold.setChecked(True)
        self._under.show()
        self.lot.resume(kept, items, before)
        self._fit()

    def set_room(self, height: int) -> None:
        """As much of the page as it may take, in pixels of this screen."""
        self._room = height
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Another width, other lines."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """It takes room."""
        super().showEvent(event)
        self.appeared.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """It gives it back."""
        super().hideEvent(event)
        self.appeared.emit(False)

    def _fit(self) -> None:
        """As high as what it says, where there is room for it."""
        if self._scroller is None or self._room is None:
            return
        width = max(1, self._scroller.viewport().width())
        high = self._body.totalHeightForWidth(width) if self._body.hasHeightForWidth() else 0
        high = max(high, self._body.totalMinimumSize().height())
        self._scroller.setVisible(high > 0)
        self._scroller.setFixedHeight(max(1, min(high, self._room)))

    def _list(self) -> None:
        chosen = {fate for fate, each in self._pills.items() if each.isChecked()}
        ids = [at for at, each in enumerate(self._told) if not chosen or each.fate in chosen]
        self._model.reset(ids)
        theme = self._context.theme
        self.table.setFixedHeight(theme.px(39) * max(1, min(_ROWS, len(ids))) + theme.px(4))
        if ids:
            self.table.selectRow(0)
        self.on_selected(QItemSelection(), QItemSelection())

    def _say(self, sentence: str) -> None:
        self._head.setText(sentence)
        hidden = (self.table, self._why, self.stop_action, self.again_action, self._fold, self._under)
        for each in (*hidden, *self._pills.values()):
            each.hide()
        self.show()
        self._fit()

    def _buttons(self) -> None:
        self.stop_action = button("Arrêter", "link", name="Arrêter le versement")
        self.stop_action.clicked.connect(self.on_stop_clicked)
        self.again_action = button("Réessayer", "link", name="Réessayer les fichiers qui ne sont pas versés")
        self.again_action.clicked.connect(self.on_again_clicked)
        self._close = button("Fermer", "link", name="Fermer le compte rendu du versement")
        self._close.clicked.connect(self.on_close_clicked)
        self._pills = {fate: pill(words[0]) for fate, words in _FATES.items()}
        for each in self._pills.values():
            each.toggled.connect(self.on_filtered)

    def _lay_out(self) -> None:
        top = row(gap=8)
        top.addWidget(self._head, 1)
        for each in (self.stop_action, self.again_action, self._close):
            top.addWidget(each)
        pills = Flow()
        for each in self._pills.values():
            pills.addWidget(each)
        form = column(margins=(0, 4, 8, 4))
        form.addWidget(self.lot)
        self._under = QWidget()
        self._under.setLayout(form)
        self._fold = Fold(self._context, "Noter d’où viennent ces fichiers", self._under)
        self._fold.toggled.connect(self.on_fold_toggled)
        body = self._body = column(gap=6)
        body.addLayout(pills)
        for part in (self.table, self._why, self._fold, self._under):
            body.addWidget(part)
        inner = column(margins=(12, 8, 12, 8), gap=6)
        inner.addLayout(top)
        self._scroller: Scroller | None = None
        if self._room is None:
            inner.addLayout(body)
        else:
            self._scroller = Scroller(body, name="Compte rendu du versement")
            inner.addWidget(self._scroller)
        card = frame("choice")
        card.setLayout(inner)
        whole = column()
        whole.addWidget(card)
        self.setLayout(whole)


def pending(desk: Desk, token: Token, _report: Report) -> tuple[Kept, tuple[uuid.UUID, ...], DepositNoteDraft] | None:
    """Worker: what was begun to be said of a deposit and is not written."""
    token.check()
    with desk.read() as session:
        return deposit_notes.pending(session)
