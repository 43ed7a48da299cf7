# SPDX-License-Identifier: GPL-3.0-or-later
"""The places of an outing, one line each, in the order of the day; the next one is typed under them."""

import uuid
from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from hro_desktop.casework.desk import Desk
from hro_desktop.casework.outing_places import COUNTED, NEXT, NextDraft, OutingPage, TakenOut
from ui.context import Context
from ui.editor.cells import COLUMNS, headings
from ui.editor.editor import KeptForm
from ui.editor.form import DraftForm, Layout
from ui.pages.outing_line import CELLS, PlaceRow
from ui.widgets import button, column, label, row, rule, settle, widgets_in

__all__ = ["LinesCard"]

_NUMBERS = (
    "«\u00a012\u00a0» se lit au moins 12\u00a0; «\u00a0= 12\u00a0», exactement\u00a0; «\u00a0~ 12\u00a0», environ"
)


class _NextForm(KeptForm):
    """Where the next place is typed; Enter adds it."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter adds a place."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            return
        super().keyPressEvent(event)


class LinesCard(QFrame):
    """« Lieux »."""

    add_wanted = Signal(str)
    """A place to add, by its name."""
    out_wanted = Signal(object)
    """The id of a place to take out."""
    back_wanted = Signal(object)
    """A `TakenOut` to put back."""
    go = Signal(object)
    told = Signal(str, str)
    saved = Signal(object)
    """The `Editor` of a line that was written."""

    def __init__(self, context: Context, desk: Desk, after: QWidget) -> None:
        """Tab comes from `after` to the first line."""
        super().__init__()
        self.setObjectName("card")
        self._context, self._desk = context, desk
        self.after = after
        self._rows: dict[uuid.UUID, tuple[PlaceRow, QFrame]] = {}
        self._fresh: uuid.UUID | None = None
        self._taken_out: TakenOut | None = None
        self._heads = headings(CELLS.always)
        self._lines: QVBoxLayout = column(gap=0)
        self._total = QWidget()
        self._totals = {name: label("", "strong", wrap=True) for name in COUNTED}
        self._sum = label("", "soft", wrap=True)
        self._sum.setContentsMargins(16, 4, 16, 8)
        self.next = _NextForm(
            context, desk, NEXT, DraftForm(context, desk, NextDraft, Layout(hints={"place": ""}, single=True))
        )
        field = self.next.form.field("place")
        field.show_title(shown=False)
        self.line = field.input
        self.line.setProperty("role", "cell")
        self.line.setPlaceholderText("+ Lieu…  Entrée pour ajouter, Tab pour passer d’une case à l’autre")
        self.line.setAccessibleName("Ajouter un lieu")
        self.next.entered.connect(self.on_entered)
        self.next.setFocusProxy(None)  # type: ignore[arg-type]  # as for the lines
        self._out = label("", "soft", wrap=True)
        back = button("Annuler", "link", name="Remettre ce lieu dans la sortie")
        back.clicked.connect(self.on_back_clicked)
        undo = row(margins=(16, 6, 16, 6))
        undo.addWidget(self._out, 1)
        undo.addWidget(back)
        self._undo = QWidget()
        self._undo.setLayout(undo)
        self._lay_out()
        QApplication.instance().focusChanged.connect(self.on_focus_changed)  # type: ignore[union-attr]

    @property
    def rows(self) -> list[PlaceRow]:
        """The lines, in order."""
        return [each for each in widgets_in(self._lines) if isinstance(each, PlaceRow)]

    def open_next(self, outing_id: uuid.UUID) -> None:
        """What was typed of a next place and not entered."""
        self.next.open(outing_id, NextDraft(id=outing_id))

    def expect(self, incident_id: uuid.UUID) -> None:
        """A place was added: its line gets the cursor when it comes."""
        self._fresh = incident_id

    def show_page(self, page: OutingPage) -> None:
        """The lines as the vault has them; the one somebody types in stays as it is."""
        told = page.told
        team = {each.person_id: each.who for each in told.team if each.person_id is not None}
        wanted = {each.incident_id: each for each in told.places}
        for gone in [each for each in self._rows if each not in wanted]:
            self._drop(gone)
        for at, draft in enumerate(page.lines):
            line = told.places[at]
            if line.incident_id not in self._rows:
                self._make(line)
            self._rows[line.incident_id][0].show_line(line, draft, team)
        self._sort([each.incident_id for each in told.places])
        for name, kind in COUNTED.items():
            self._totals[name].setText(told.totals.get(kind, "—"))
        known = {each.name: each.heading.lower() for each in CELLS.always}
        said = [f"{known[name]}\u00a0: {shown.text()}" for name, shown in self._totals.items() if shown.text() != "—"]
        self._sum.setText(f"Ensemble, au moins\u00a0: {', '.join(said) or 'rien n’est encore compté'}")
        self._show_heads()
        settle(self)
        if self._fresh in self._rows and self._fresh is not None:
            self._rows[self._fresh][0].editor.focus("time_from")
            self._fresh = None

    def show_taken_out(self, out: TakenOut | None) -> None:
        """A place was taken out: it can be put back."""
        self._taken_out = out
        self._undo.setVisible(out is not None)
        if out is not None:
            self._out.setText(f"Lieu retiré de la sortie. Sa fiche {out.reference} reste dans Faits.")

    def on_entered(self) -> None:
        """The next place is named."""
        name = self.line.value()
        if name:
            self.next.settle()
            self.line.clear()
            self.add_wanted.emit(name)

    def give_back(self, name: str) -> None:
        """It could not be added: its name is there to be typed on."""
        if not self.line.text():
            self.line.setText(name)
            self.next.on_edited()

    def on_back_clicked(self) -> None:
        """It was of this outing after all."""
        if self._taken_out is not None:
            self.back_wanted.emit(self._taken_out)

    def on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        """The line one is in is open; the others close when one goes to another, never while one only looks away."""
        inside = self._row_of(now)
        left = self._row_of(before)
        if left is not None and left is not inside and now is not None:
            left.editor.on_left()
        if inside is None:
            return
        _chain(inside.stops())
        for each in self.rows:
            if each.form.is_open != (each is inside):
                each.set_open(shown=each is inside)

    def on_moved(self, step: int, name: str) -> None:
        """The same field of another line; under the last one, the next place."""
        rows = self.rows
        at = next((at for at, each in enumerate(rows) if each is self.sender()), None)
        if at is None:
            return
        if at + step == len(rows):
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        elif at + step >= 0:
            rows[at + step].editor.focus(name)

    def on_done(self) -> None:
        """The next place."""
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def focusNextPrevChild(self, forth: bool) -> bool:  # noqa: N802
        """Going back into a line, one comes to its end: it opens before."""
        if not forth:
            at = next((at for at, each in enumerate(self.rows) if each.first.hasFocus()), None)
            at = len(self.rows) if at is None and self.line.hasFocus() else at
            if at:
                self.rows[at - 1].set_open(shown=True)
        return super().focusNextPrevChild(forth)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Headings stand above the lines where there is room for both."""
        super().resizeEvent(event)
        self._show_heads()

    def _show_heads(self) -> None:
        wide = self.width() - 20 >= self._context.theme.px(CELLS.room)
        self._heads.setVisible(bool(self._rows) and wide)
        self._total.setVisible(len(self._rows) > 1 and wide)
        self._sum.setVisible(len(self._rows) > 1 and not wide)

    def _row_of(self, widget: QWidget | None) -> PlaceRow | None:
        return next((each for each, _ in self._rows.values() if widget is not None and each.isAncestorOf(widget)), None)

    def _make(self, line: object) -> None:
        made = PlaceRow(self._context, self._desk, line)  # type: ignore[arg-type]
        made.done.connect(self.on_done)
        made.moved.connect(self.on_moved)
        made.out_wanted.connect(self.out_wanted)
        made.go.connect(self.go)
        made.editor.told.connect(self.told)
        made.editor.saved.connect(partial(self._on_saved, made.record))
        self._rows[made.record] = (made, rule())

    def _on_saved(self, record: uuid.UUID, _id: object) -> None:
        if record in self._rows:
            self.saved.emit(self._rows[record][0].editor)

    def _drop(self, record: uuid.UUID) -> None:
        for each in self._rows.pop(record):
            self._lines.removeWidget(each)
            each.hide()
            each.deleteLater()

    def _sort(self, order: list[uuid.UUID]) -> None:
        """In the order of the day, once nobody is in a line: it would slip away under the cursor."""
        shown = [each.record for each in self.rows]
        if self._row_of(QApplication.focusWidget()) is not None:
            order = [*(each for each in shown if each in order), *(each for each in order if each not in shown)]
        if order == shown:
            return
        for at, record in enumerate(order):
            made, line = self._rows[record]
            self._lines.insertWidget(2 * at, line)
            self._lines.insertWidget(2 * at + 1, made)
        _chain([self.after, *(stop for each in self.rows for stop in each.stops()), self.line])

    def _lay_out(self) -> None:
        head = row(margins=(16, 10, 16, 8))
        head.addWidget(label("Lieux", "heading"))
        said = label(_NUMBERS, "hint", wrap=True)
        said.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(said, 1)
        heads = column(margins=(9, 0, 9, 4), gap=0)
        heads.addWidget(self._heads)
        self._heads.hide()
        adding = column(margins=(9, 5, 9, 5), gap=0)
        adding.addWidget(self.next)
        self._make_total()
        whole = column(margins=(1, 1, 1, 1), gap=0)
        whole.addLayout(head)
        whole.addLayout(heads)
        whole.addLayout(self._lines)
        whole.addWidget(rule())
        whole.addLayout(adding)
        whole.addWidget(self._total)
        whole.addWidget(self._sum)
        whole.addWidget(self._undo)
        self._undo.hide()
        self._total.hide()
        self._sum.hide()
        self.setLayout(whole)

    def _make_total(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(9, 4, 9, 8)
        grid.setHorizontalSpacing(0)
        for at in range(COLUMNS):
            grid.setColumnStretch(at, 1)
        at, said = 0, label("Ensemble, au moins", "soft")
        for cell in CELLS.always:
            if cell.name in self._totals:
                grid.addWidget(self._totals[cell.name], 0, at, 1, cell.wide)
                self._totals[cell.name].setContentsMargins(7, 0, 0, 0)
            elif cell.name == "place":
                said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                said.setContentsMargins(7, 0, 0, 0)
                grid.addWidget(said, 0, at, 1, cell.wide)
            at += cell.wide
        self._total.setLayout(grid)


def _chain(stops: Sequence[QWidget]) -> None:
    """Tab goes from each to the next."""
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)
