# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of items: a small picture, the title, what tells it from its neighbours, and its state in a chip.

Small pictures are made beside the window when their row is looked at and kept in memory only: nothing of an item lies
in clear on a disk, and nothing has to be erased with it. An item that is hard to see has none.
"""

import uuid
from collections import OrderedDict
from functools import partial
from typing import Any, Final

import attrs
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from hro_desktop.casework import evidence
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.evidence_facts import ItemRow
from hro_desktop.media.thumbnails import thumbnail
from ui.context import Context
from ui.icons import pixmap
from ui.jobs import Lane, Report, Token
from ui.models.paged_table import Column, PagedTableModel
from ui.table import ListTable
from ui.veil import COVERED

__all__ = ["COLUMNS", "ItemTable", "Thumbnails", "state_of"]

Index = QModelIndex | QPersistentModelIndex

EDGE: Final = 48
"""Side of a small picture, in pixels at 100 %."""
_KEPT: Final = 400
_WAITING: Final = 40
"""Rows remembered as wanted: whoever scrolls past a row does not want it any more."""
_SIGNS: Final = {"image": "picture", "video": "film", "sound": "sound"}


def state_of(row: ItemRow) -> tuple[str, str]:
    """The word of an item's chip and its kind; nothing to say is nothing."""
    if row.check is False:
        return "fichier abîmé", "late"
    if row.to_describe:
        return "à décrire", "warn"
    if row.check:
        return "empreinte conforme", "ok"
    return "", ""


def _spoken(row: ItemRow) -> str:
    """All that a row shows, as a screen reader says it."""
    return ", ".join(filter(None, (row.title, row.detail, "éprouvante" if row.sensitive else "", state_of(row)[0])))


COLUMNS: Final = (Column[ItemRow]("Pièce", _spoken, private=True),)


@attrs.frozen(eq=False)
class _Made:
    id: uuid.UUID
    image: QImage | None


def _make(desk: Desk, item_id: uuid.UUID, edge: int, token: Token, _report: Report) -> _Made:
    token.check()
    try:
        with evidence.open_item(desk, item_id) as stream:
            made = thumbnail(stream)
    except Exception:  # a damaged item is said where it is looked at
        return _Made(item_id, None)
    if made is None:
        return _Made(item_id, None)
    image = QImage.fromData(made)
    filled = image.scaled(
        edge, edge, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    left, top = (filled.width() - edge) // 2, (filled.height() - edge) // 2
    return _Made(item_id, filled.copy(left, top, edge, edge))


class Thumbnails(QObject):
    """Small pictures by item, made one at a time, last wanted first."""

    came = Signal()
    """One more is there."""

    def __init__(self, context: Context, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._desk = context, desk
        self._found: OrderedDict[uuid.UUID, QPixmap | None] = OrderedDict()
        self._wanted: OrderedDict[uuid.UUID, None] = OrderedDict()
        self._busy = False

    def get(self, item_id: uuid.UUID, ratio: float) -> QPixmap | None:
        """The picture of an item, if it is there; otherwise it is asked for."""
        if item_id in self._found:
            self._found.move_to_end(item_id)
            return self._found[item_id]
        self._wanted[item_id] = None
        self._wanted.move_to_end(item_id)
        while len(self._wanted) > _WAITING:
            self._wanted.popitem(last=False)
        self._next(round(self._context.theme.px(EDGE) * ratio))
        return None

    def on_made(self, made: _Made) -> None:
        """One came back."""
        self._busy = False
        self._wanted.pop(made.id, None)
        self._found[made.id] = QPixmap.fromImage(made.image) if made.image is not None else None
        while len(self._found) > _KEPT:
            self._found.popitem(last=False)
        self.came.emit()

    def on_failed(self, _error: Exception) -> None:
        """The next one may do."""
        self._busy = False

    def _next(self, edge: int) -> None:
        if self._wanted and not self._busy:
            self._busy = True
            work = partial(_make, self._desk, next(reversed(self._wanted)), edge)
            self._context.jobs.start(Lane.READ, work, owner=self, done=self.on_made, failed=self.on_failed)


class _Rows(QStyledItemDelegate):
    """Paints a row of two lines with its picture and its chip."""

    def __init__(self, context: Context, rows: PagedTableModel[Any], thumbs: Thumbnails, parent: ListTable) -> None:
        super().__init__(parent)
        self._context, self._rows, self._thumbs = context, rows, thumbs

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        tokens, theme = self._context.tokens, self._context.theme
        table, row = self.parent(), self._rows.row_at(index.row())
        chosen = isinstance(table, ListTable) and table.selectionModel().isRowSelected(index.row(), QModelIndex())
        if row is None:
            index.data()  # asks for the page
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(option.rect, QColor(tokens.brand_soft if chosen else tokens.surface))
        painter.setPen(QColor(tokens.line2))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        room = option.rect.adjusted(theme.px(12), theme.px(8), -theme.px(12), -theme.px(9))
        if row is not None:
            edge = theme.px(EDGE)
            self._picture(painter, QRect(room.left(), room.top(), edge, edge), row)
            self._words(painter, room.adjusted(edge + theme.px(10), 0, 0, 0), row)
        if chosen and isinstance(table, ListTable) and table.hasFocus():
            painter.setPen(QPen(QColor(tokens.brand), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(option.rect.adjusted(1, 1, -1, -2))
        painter.restore()

    def _picture(self, painter: QPainter, place: QRect, row: ItemRow) -> None:
        tokens, theme = self._context.tokens, self._context.theme
        shown = row.family == "image" and not row.sensitive and not self._context.veil.down
        ratio = painter.device().devicePixelRatioF()
        found = self._thumbs.get(row.id, ratio) if shown else None
        if found is not None:
            painter.drawPixmap(place, found)
            return
        painter.fillRect(place, QColor(tokens.sunken))
        sign = "eye-off" if row.sensitive else _SIGNS.get(row.family, "page")
        size = theme.px(22)
        corner = place.center() - QRect(0, 0, size, size).center()
        painter.drawPixmap(corner, pixmap(sign, tokens.ink3, size, ratio))

    def _words(self, painter: QPainter, room: QRect, row: ItemRow) -> None:
        tokens, theme, down = self._context.tokens, self._context.theme, self._context.veil.down
        text, kind = state_of(row)
        chip = self._chip(painter, room, text, kind) if text else 0
        strong = QFont(painter.font())
        strong.setPixelSize(theme.px(13))
        strong.setWeight(QFont.Weight.DemiBold)
        soft = QFont(strong)
        soft.setWeight(QFont.Weight.Normal)
        soft.setPixelSize(theme.px(12))
        half = room.height() // 2
        title = COVERED if down else row.title
        sensitive = "éprouvante" if row.sensitive else ""
        detail = "\u2002·\u2002".join(
            filter(None, (row.detail, COVERED if down and row.author else row.author, sensitive))
        )
        lines = (
            (strong, tokens.ink, title, QRect(room.left(), room.top(), room.width(), half)),
            (soft, tokens.ink2, detail, QRect(room.left(), room.top() + half, room.width() - chip, half)),
        )
        for font, colour, words, place in lines:
            painter.setFont(font)
            painter.setPen(QColor(colour))
            shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def _chip(self, painter: QPainter, room: QRect, text: str, kind: str) -> int:
        """The state at the right of the second line; returns the room it takes."""
        tokens, theme = self._context.tokens, self._context.theme
        font = QFont(painter.font())
        font.setPixelSize(theme.px(11))
        font.setWeight(QFont.Weight.Medium)
        width = QFontMetrics(font).horizontalAdvance(text) + theme.px(16)
        height = theme.px(19)
        box = QRect(room.right() - width, room.bottom() - height + 1, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(tokens, f"{kind}_soft")))
        painter.drawRoundedRect(box, theme.px(8), theme.px(8))
        painter.setFont(font)
        painter.setPen(QColor(getattr(tokens, kind)))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return width + theme.px(8)


class ItemTable(ListTable):
    """The list, one tall row to an item."""

    def __init__(self, context: Context, desk: Desk, model: PagedTableModel[Any], *, name: str) -> None:
        super().__init__(context, model, name=name)
        self._thumbs = Thumbnails(context, desk, self)
        self._thumbs.came.connect(self.on_thumbnail)
        self.setItemDelegate(_Rows(context, model, self._thumbs, self))
        self.horizontalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(context.theme.px(EDGE) + context.theme.px(17))

    @property
    def thumbnails(self) -> Thumbnails:
        """The small pictures."""
        return self._thumbs

    def on_thumbnail(self) -> None:
        """A picture came: paint it, and let the others in sight be asked for."""
        self.viewport().update()
