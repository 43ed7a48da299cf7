# SPDX-License-Identifier: GPL-3.0-or-later
"""The one list of the window: what stands out, what is a state in a chip, what is covered, what there is room for."""

from collections.abc import Collection, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QKeyEvent, QPainter, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.context import Context
from ui.models.paged_table import PagedTableModel
from ui.veil import COVERED

__all__ = ["ListTable"]

Index = QModelIndex | QPersistentModelIndex


class _Cells(QStyledItemDelegate):
    """What one looks for stands out, the rest stands back; states are chips, names are covered when asked to."""

    def __init__(self, context: Context, rows: PagedTableModel[Any], parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._rows = rows
        self._columns = rows.columns
        self._soft = QColor(context.tokens.ink2)
        self._brand = QColor(context.tokens.brand)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The row one stands on is framed while the list has the focus."""
        super().paint(painter, option, index)
        kind = self._rows.chip_at(index.row(), index.column())
        if kind:
            self._paint_chip(painter, option, index, kind)
        table = self.parent()
        if not (isinstance(table, QTableView) and table.hasFocus() and table.currentIndex().row() == index.row()):
            return
        painter.save()
        painter.setPen(QPen(self._brand, 2))
        frame_ = option.rect.adjusted(0, 1, 0, -1)
        painter.drawLine(frame_.topLeft(), frame_.topRight())
        painter.drawLine(frame_.bottomLeft(), frame_.bottomRight())
        if index.column() == 0:
            painter.drawLine(frame_.left() + 1, frame_.top(), frame_.left() + 1, frame_.bottom())
        if index.column() == len(self._columns) - 1:
            painter.drawLine(frame_.topRight(), frame_.bottomRight())
        painter.restore()

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802
        """Weight, colour, and what is covered."""
        super().initStyleOption(option, index)
        column = self._columns[index.column()]
        if column.strong:
            option.font.setWeight(QFont.Weight.DemiBold)
        else:
            for role in (QPalette.ColorRole.Text, QPalette.ColorRole.HighlightedText):
                option.palette.setColor(role, self._soft)
        if column.private and self._context.veil.down and option.text:
            option.text = COVERED
        if column.chip is not None and self._rows.chip_at(index.row(), index.column()):
            option.text = ""

    def _paint_chip(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, kind: str) -> None:
        tokens, theme = self._context.tokens, self._context.theme
        ground, ink = {
            "plain": (tokens.sunken, tokens.ink2),
            "brand": (tokens.brand_soft, tokens.brand_ink),
        }.get(kind, (getattr(tokens, f"{kind}_soft", tokens.sunken), getattr(tokens, kind, tokens.ink2)))
        font = QFont(option.font)
        font.setPixelSize(theme.px(11))
        font.setWeight(QFont.Weight.Medium)
        text = str(index.data() or "")
        metrics = QFontMetrics(font)
        room = option.rect.width() - theme.px(32)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(room, theme.px(20)))
        height = theme.px(20)
        box = QRectF(
            option.rect.left() + theme.px(8),
            option.rect.center().y() - height / 2,
            metrics.horizontalAdvance(shown) + theme.px(16),
            height,
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, theme.px(8), theme.px(8))
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
        painter.restore()


class ListTable(QTableView):
    """A list of any length. It leaves out the columns there is no room for, or shows those one chose and scrolls.

    Columns that have a name (`Column.key`) can be widened when the list is `flexible`.
    """

    opened = Signal(object)
    """The id of a row on which Enter was pressed, or which was double-clicked."""
    sorted_by = Signal(str)
    """The order a heading asks for."""
    widened = Signal(object)
    """Somebody made columns wider or narrower: all widths by name, in pixels at 100 %."""

    def __init__(self, context: Context, model: PagedTableModel[Any], *, name: str, flexible: bool = False) -> None:
        super().__init__()
        self._flexible = flexible
        self._chosen: frozenset[str] = frozenset()
        self._widths: dict[str, int] = {}
        self._laying = False
        self._context = context
        self._columns = model.columns
        self._rows = model
        self.setModel(model)
        self.setItemDelegate(_Cells(context, model, self))
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setCornerButtonEnabled(False)
        for corner in self.findChildren(QAbstractButton):
            corner.setAccessibleName(name)
        self.setTabKeyNavigation(False)  # Tab leaves the list, arrows move in it
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        theme, rows, heads = context.theme, self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(theme.px(39))
        heads.setFixedHeight(theme.px(34))
        heads.setHighlightSections(False)
        heads.setSectionsClickable(any(each.sort for each in self._columns))
        heads.sectionClicked.connect(self.on_section_clicked)
        for at, each in enumerate(self._columns):
            if each.width:
                mode = QHeaderView.ResizeMode.Interactive if flexible else QHeaderView.ResizeMode.Fixed
                heads.setSectionResizeMode(at, mode)
                self.setColumnWidth(at, theme.px(each.width))
            else:
                heads.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
        if flexible:
            heads.setMinimumSectionSize(theme.px(48))
            heads.setStretchLastSection(True)
            heads.setCascadingSectionResizes(False)
            heads.sectionResized.connect(self.on_section_resized)
        self.doubleClicked.connect(self.on_double_clicked)
        context.veil.moved.connect(self.on_veil_moved)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fewer columns in a narrow window or with large text."""
        self._leave_out()
        super().resizeEvent(event)

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of the columns that are shown."""
        return tuple(each.key for at, each in enumerate(self._columns) if not self.isColumnHidden(at))

    def choose(self, names: Collection[str]) -> None:
        """Show these columns, whatever room there is; none: as many as there is room for."""
        known = {each.key for each in self._columns}
        self._chosen = frozenset(names) & known
        self._leave_out()

    def set_widths(self, widths: Mapping[str, int]) -> None:
        """Make columns as wide as somebody left them; those not named get the width they had at first."""
        self._widths = dict(widths)
        self._laying = True
        for at, each in enumerate(self._columns):
            if each.width:
                self.setColumnWidth(at, self._context.theme.px(widths.get(each.key, each.width)))
        self._laying = False

    def fit(self) -> None:
        """Make each column as wide as what it shows of the rows that are here."""
        for at in range(len(self._columns)):
            if not self.isColumnHidden(at):
                self.resizeColumnToContents(at)

    def on_section_resized(self, at: int, _before: int, width: int) -> None:
        """By the mouse, or by what hides and shows columns: only the first is remembered."""
        last = max((n for n in range(len(self._columns)) if not self.isColumnHidden(n)), default=-1)
        if self._laying or not width or at == last or not self._columns[at].key:
            return  # the last one takes what is left
        self._widths[self._columns[at].key] = round(width / self._context.theme.px(100) * 100)
        self.widened.emit(dict(self._widths))

    def _leave_out(self) -> None:
        self._laying = True
        for at, each in enumerate(self._columns):
            narrow = self.width() < self._context.theme.px(each.room)
            self.setColumnHidden(at, each.key not in self._chosen if self._chosen else narrow)
        self._laying = False

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        """A name that is covered is not said in full where one points at it."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._context.veil.down:
            at = self.indexAt(event.pos())
            if at.isValid() and self._columns[at.column()].private:
                return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter opens the row one stands on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self._rows.id_at(self.currentIndex().row()))
            return
        super().keyPressEvent(event)

    def on_double_clicked(self, index: QModelIndex) -> None:
        """The same by the mouse."""
        self.opened.emit(self._rows.id_at(index.row()))

    def on_section_clicked(self, at: int) -> None:
        """A heading asks for its order."""
        if self._columns[at].sort:
            self.sorted_by.emit(self._columns[at].sort)

    def on_veil_moved(self, _down: bool) -> None:
        """Names are covered or shown again."""
        self.viewport().update()
