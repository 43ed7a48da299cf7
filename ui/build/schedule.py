# SPDX-License-Identifier: GPL-3.0-or-later
"""The schedule of exhibits: numbered, put in order by dragging or by keys; those already communicated stay."""

import uuid
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from hro_desktop.casework.builder import Listed
from ui.context import Context

__all__ = ["Schedule"]

_ITEM: Final = Qt.ItemDataRole.UserRole
_NUMBER: Final = 22


class _Line(QStyledItemDelegate):
    """A number in grey, then what it is."""

    def __init__(self, context: Context, parent: QListWidget) -> None:
        super().__init__(parent)
        self._context = context

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one line."""
        tokens, each = self._context.tokens, index.data(_ITEM)
        rect: QRect = option.rect
        view = self.parent()
        painter.save()
        if isinstance(view, QListWidget) and view.currentRow() == index.row() and view.hasFocus():
            painter.setPen(QPen(QColor(tokens.brand), 2))
            painter.setBrush(QColor(tokens.surface))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 4, 4)
        gap, wide = 6, self._context.theme.px(_NUMBER)
        number = QRect(rect.left(), rect.top(), wide, rect.height())
        title = rect.adjusted(wide + gap, 0, -gap, 0)
        painter.setPen(QColor(tokens.ink3))
        painter.drawText(number, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, str(each.number))
        painter.setPen(QColor(tokens.ink3 if each.frozen else tokens.ink))
        metrics = painter.fontMetrics()
        said = _said(each)
        shown = metrics.elidedText(said, Qt.TextElideMode.ElideRight, title.width())
        painter.drawText(title, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()

    def sizeHint(  # noqa: N802
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """One line of text with room to take hold of it."""
        return QSize(0, self._context.theme.px(25))


class Schedule(QListWidget):
    """Alt and an arrow move the line one stands on; Suppr takes it out; Enter shows what is known of it."""

    moved = Signal(object, int)
    """An item and its new place in the open list, 0 for the first."""
    opened = Signal(object)
    removed = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._known = False
        self._shown: tuple[Listed, ...] = ()
        self._held: int | None = None
        self._from = QPoint()
        self._to: int | None = None
        self.setItemDelegate(_Line(context, self))
        self.setProperty("role", "schedule")
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Bordereau des pièces")
        self.setAccessibleDescription("Alt et une flèche déplacent la pièce, Suppr la retire, Entrée la montre")
        self.itemClicked.connect(self.on_item_clicked)
        context.veil.cover(self.viewport())

    def show_exhibits(self, exhibits: Sequence[Listed]) -> None:
        """Other exhibits, or others in another order; one stays on the line one stood on."""
        if self._known and tuple(exhibits) == self._shown:
            return
        self._known = True
        row = self.currentRow()
        item = self.currentItem()
        held = item.data(_ITEM).id if item is not None else None
        self._shown = tuple(exhibits)
        self.clear()
        for each in exhibits:
            made = QListWidgetItem(f"{each.number} {_said(each)}")
            made.setData(_ITEM, each)
            made.setToolTip(_said(each))
            self.addItem(made)
        there = max(0, min(row, len(exhibits) - 1))
        place = next((at for at, each in enumerate(exhibits) if each.id == held), there)
        if exhibits:
            self.setCurrentRow(place)
        self.setFixedHeight(len(exhibits) * self._context.theme.px(25) + 6)
        self.setVisible(bool(exhibits))

    def stand_on(self, evidence_id: uuid.UUID) -> None:
        """Stand on one."""
        for at, each in enumerate(self._shown):
            if each.id == evidence_id:
                self.setCurrentRow(at)

    def on_item_clicked(self, item: QListWidgetItem) -> None:
        """Show what is known of it."""
        self.opened.emit(item.data(_ITEM).id)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Move, take out, show."""
        row, alt = self.currentRow(), event.modifiers() & Qt.KeyboardModifier.AltModifier
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if row >= 0 and alt and step:
            self._move(row, row + step)
        elif row >= 0 and event.key() == Qt.Key.Key_Delete and not self._shown[row].frozen:
            self.removed.emit(self._shown[row].id)
        elif row >= 0 and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self._shown[row].id)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Maybe the beginning of a drag."""
        super().mousePressEvent(event)
        under = self.itemAt(event.position().toPoint())
        row = self.row(under) if under is not None else -1
        mine = event.button() is Qt.MouseButton.LeftButton and row >= 0 and not self._shown[row].frozen
        self._held, self._from, self._to = (row if mine else None), event.position().toPoint(), None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show where it would go."""
        at = event.position().toPoint()
        if self._held is None or (
            self._to is None and (at - self._from).manhattanLength() < QApplication.startDragDistance()
        ):
            return
        self._to = max(self._first(), min(len(self._shown), self._gap(at.y())))
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Put it there."""
        held, to, self._held, self._to = self._held, self._to, None, None
        self.unsetCursor()
        self.viewport().update()
        if held is None or to is None:
            super().mouseReleaseEvent(event)
            return
        self._move(held, to - 1 if to > held else to)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """A line where what is dragged would go."""
        super().paintEvent(event)
        if self._to is None:
            return
        painter = QPainter(self.viewport())
        painter.setPen(QPen(QColor(self._context.tokens.brand), 2))
        y = self.visualItemRect(self.item(self._to)).top() if self._to < self.count() else self._bottom()
        painter.drawLine(0, max(1, y), self.viewport().width(), max(1, y))
        painter.end()

    def _move(self, row: int, to: int) -> None:
        """Ask for another place; those that were communicated stay before it."""
        first = self._first()
        to = max(first, min(to, len(self._shown) - 1))
        if not self._shown[row].frozen and to != row:
            self.moved.emit(self._shown[row].id, to - first)

    def _first(self) -> int:
        return sum(each.frozen for each in self._shown)

    def _gap(self, y: int) -> int:
        """Between which lines a height is."""
        return sum(self.visualItemRect(self.item(at)).center().y() < y for at in range(self.count()))

    def _bottom(self) -> int:
        return self.visualItemRect(self.item(self.count() - 1)).bottom()


def _said(each: Listed) -> str:
    return f"{each.title} (communiquée)" if each.frozen else each.title
