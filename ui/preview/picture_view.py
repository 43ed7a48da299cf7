# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture to look at: as large as the window or larger, turned, moved by mouse and by keys, parts marked on it."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from ui.context import Context

__all__ = ["Box", "PictureView"]

Box = tuple[float, float, float, float]
"""Left, top, right and bottom of a part of the picture, from 0 to 1, however it is turned on the screen."""

_STEP: Final = 1.25
_MOST: Final = 8.0
_PAN: Final = 40
_FIRST: Final = 0.15
"""Side of a part made by a key, against the side of the picture."""
_NUDGE: Final = 0.01


class PictureView(QAbstractScrollArea):
    """One picture. Keys: arrows move, Ctrl + and − zoom, Ctrl 0 fits, R turns.

    While parts are being marked the mouse draws them, and by keys: Insert adds one, arrows move the last one, with
    Shift they resize it, Delete takes it out.
    """

    zoom_changed = Signal(int)
    """Per cent of the pixels of the picture that is shown."""
    pressed = Signal()
    """Somebody clicked on it or pressed Space while it only waits for that."""
    marked = Signal()
    """Other parts are marked."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._image = QImage()
        self._small = QImage()
        self._waits = False
        self._fit = True
        self._scale = 1.0
        self._turns = 0
        self._from: QPoint | None = None
        self._marking = False
        self._boxes: list[Box] = []
        self._drawn: tuple[QPointF, QPointF] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName("Image")
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.setSingleStep(_PAN)

    @property
    def image(self) -> QImage:
        """What is shown."""
        return self._image

    @property
    def zoom(self) -> int:
        """Per cent of the pixels of what is shown."""
        return round(100 * self._scale)

    @property
    def turns(self) -> int:
        """Quarters of a turn to the right."""
        return self._turns

    @property
    def boxes(self) -> Sequence[Box]:
        """The parts that are marked."""
        return tuple(self._boxes)

    def show_picture(self, image: QImage, small: QImage, *, waits: bool = False) -> None:
        """Show another picture.

        Args:
            image: as large as it was read.
            small: the same, reduced with care: what a whole picture is drawn from.
            waits: it is only a blur, and waits to be asked for.
        """
        self._image, self._small, self._waits = image, small, waits
        self._fit, self._turns = True, 0
        self.mark(on=False)
        self._arrange()

    def clear(self) -> None:
        """Forget the picture."""
        self.show_picture(QImage(), QImage())

    def zoom_in(self) -> None:
        """Larger."""
        self._zoom_to(self._scale * _STEP)

    def zoom_out(self) -> None:
        """Smaller."""
        self._zoom_to(self._scale / _STEP)

    def zoom_to_fit(self) -> None:
        """As large as the window, and following it."""
        self._fit = True
        self._arrange()

    def turn(self) -> None:
        """A quarter to the right, on the screen only."""
        self._turns = (self._turns + 1) % 4
        self._arrange()

    def mark(self, *, on: bool) -> None:
        """Begin to mark parts, or stop and forget them."""
        self._marking = on
        self._boxes.clear()
        self._drawn = None
        self.viewport().setCursor(Qt.CursorShape.CrossCursor if on else Qt.CursorShape.ArrowCursor)
        self.marked.emit()
        self.viewport().update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The picture, what is marked on it, and the focus."""
        tokens = self._context.tokens
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(tokens.desk))
        if not self._image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.save()
            painter.setTransform(self._transform())
            whole = QRectF(0, 0, self._image.width(), self._image.height())
            reduced = self._small.width() >= self._image.width() * self._scale * self.devicePixelRatioF()
            painter.drawImage(whole, self._small if reduced and not self._small.isNull() else self._image)
            painter.restore()
            for box in self._shown_boxes():
                painter.fillRect(box, QColor(tokens.ink3))
                painter.setPen(QPen(QColor(tokens.on_desk), 2))
                painter.drawRect(box)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.on_desk), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -2, -2))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Follow the window."""
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """All that the mouse does."""
        key = Qt.Key(event.key())
        if self._waits and key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pressed.emit()
        elif self._marking and self._mark_by_key(key, event.modifiers()):
            self.marked.emit()
            self.viewport().update()
        elif not self._view_by_key(key, event.modifiers()):
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Ctrl and the wheel zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            (self.zoom_in if event.angleDelta().y() > 0 else self.zoom_out)()
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Ask for what is hidden, begin to draw, or take hold of the picture."""
        if event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
        elif self._waits:
            self.pressed.emit()
        elif self._marking:
            self._drawn = (event.position(), event.position())
        else:
            self._from = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Draw, or move the picture."""
        if self._drawn is not None:
            self._drawn = (self._drawn[0], event.position())
            self.viewport().update()
        elif self._from is not None:
            step = event.position().toPoint() - self._from
            self._from = event.position().toPoint()
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - step.x())
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - step.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A part is marked, unless it was only a click."""
        self._from = None
        drawn, self._drawn = self._drawn, None
        if drawn is not None and (drawn[0] - event.position()).manhattanLength() > 6:
            self._boxes.append(self._box_of(drawn[0], event.position()))
            self.marked.emit()
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Hide the focus."""
        super().focusOutEvent(event)
        self.viewport().update()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:  # noqa: N802
        """Another part is in sight."""
        self.viewport().update()

    def _view_by_key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        moves = {
            Qt.Key.Key_Left: (across, -_PAN),
            Qt.Key.Key_Right: (across, _PAN),
            Qt.Key.Key_Up: (down, -_PAN),
            Qt.Key.Key_Down: (down, _PAN),
            Qt.Key.Key_PageUp: (down, -down.pageStep()),
            Qt.Key.Key_PageDown: (down, down.pageStep()),
        }
        zooms = {
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.zoom_to_fit,
        }
        if modifiers & Qt.KeyboardModifier.ControlModifier and key in zooms:
            zooms[key]()
        elif key in moves:
            bar, step = moves[key]
            bar.setValue(bar.value() + step)
        elif key == Qt.Key.Key_R and not modifiers and not self._waits:
            self.turn()
        else:
            return False
        return True

    def _mark_by_key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        steps = {
            Qt.Key.Key_Left: (-_NUDGE, 0.0),
            Qt.Key.Key_Right: (_NUDGE, 0.0),
            Qt.Key.Key_Up: (0.0, -_NUDGE),
            Qt.Key.Key_Down: (0.0, _NUDGE),
        }
        if key == Qt.Key.Key_Insert:
            middle = self._box_of(*(QPointF(self.viewport().rect().center()),) * 2)
            self._boxes.append(_inside(middle[0], middle[1], middle[0] + _FIRST, middle[1] + _FIRST))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._boxes:
            self._boxes.pop()
        elif key in steps and self._boxes:
            turned = QTransform().rotate(-90 * self._turns).map(QPointF(*steps[key]))
            left, top, right, bottom = self._boxes[-1]
            if modifiers & Qt.KeyboardModifier.ShiftModifier:
                grown = _inside(
                    left, top, max(left + _NUDGE, right + turned.x()), max(top + _NUDGE, bottom + turned.y())
                )
            else:
                grown = _inside(left + turned.x(), top + turned.y(), right + turned.x(), bottom + turned.y())
            self._boxes[-1] = grown
        else:
            return False
        return True

    def _zoom_to(self, scale: float) -> None:
        self._fit = False
        self._scale = max(0.02, min(_MOST, scale))
        self._arrange()

    def _sides(self) -> tuple[int, int]:
        """Width and height of the picture as it is turned."""
        width, height = self._image.width(), self._image.height()
        return (height, width) if self._turns % 2 else (width, height)

    def _arrange(self) -> None:
        """Fit if wanted, and have the bars know how much there is; the middle of the sight stays where it was."""
        width, height = self._sides()
        bars = (self.horizontalScrollBar(), self.verticalScrollBar())
        middles = [(bar.value() + bar.pageStep() / 2) / max(1, bar.maximum() + bar.pageStep()) for bar in bars]
        rooms = (self.viewport().width(), self.viewport().height())
        if self._fit and width and height:
            most = _MOST if not self._waits else 10_000.0
            self._scale = min(most if self._waits else 1.0, rooms[0] / width, rooms[1] / height)
        for bar, room, side, middle in zip(bars, rooms, (width, height), middles, strict=True):
            whole = round(side * self._scale)
            bar.setPageStep(room)
            bar.setRange(0, max(0, whole - room) if not self._fit else 0)
            bar.setValue(round(middle * whole - room / 2))
        self.zoom_changed.emit(self.zoom)
        self.viewport().update()

    def _transform(self) -> QTransform:
        """From pixels of the picture to pixels of the window."""
        width, height = self._sides()
        left = max((self.viewport().width() - width * self._scale) / 2, 0) - self.horizontalScrollBar().value()
        top = max((self.viewport().height() - height * self._scale) / 2, 0) - self.verticalScrollBar().value()
        shown = QTransform().translate(left, top).scale(self._scale, self._scale)
        shown.translate(width / 2, height / 2).rotate(90 * self._turns)
        return shown.translate(-self._image.width() / 2, -self._image.height() / 2)

    def _box_of(self, one: QPointF, other: QPointF) -> Box:
        back, _possible = self._transform().inverted()
        points = [back.map(each) for each in (one, other)]
        wide, high = max(1, self._image.width()), max(1, self._image.height())
        across, down = sorted(each.x() / wide for each in points), sorted(each.y() / high for each in points)
        return tuple(min(1.0, max(0.0, each)) for each in (across[0], down[0], across[1], down[1]))  # type: ignore[return-value]

    def _shown_boxes(self) -> list[QRectF]:
        """What is marked, in pixels of the window."""
        wide, high, to = self._image.width(), self._image.height(), self._transform()
        found = [
            to.mapRect(QRectF(QPointF(left * wide, top * high), QPointF(right * wide, bottom * high)))
            for left, top, right, bottom in self._boxes
        ]
        return [*found, QRectF(*self._drawn).normalized()] if self._drawn is not None else found


def _inside(left: float, top: float, right: float, bottom: float) -> Box:
    """The same part, moved back when it leaves the picture."""
    wide, high = min(1.0, right - left), min(1.0, bottom - top)
    left, top = min(max(0.0, left), 1.0 - wide), min(max(0.0, top), 1.0 - high)
    return left, top, left + wide, top + high
