# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of a document under one another, drawn as they come into sight."""

from collections import OrderedDict
from collections.abc import Mapping
from functools import partial
from typing import Final

import attrs
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from forms import preview
from forms.preview import Pixels
from ui.context import Context
from ui.jobs import Lane, Report, Token
from ui.messages import sentence_of

__all__ = ["PagesView"]

_A4: Final = (595.276, 841.89)
"""Points of a page not yet drawn: most are A4, and the others take their place when they are."""
_MARGIN: Final = 24
_GAP: Final = 16
_STEPS: Final = (0.25, 0.33, 0.5, 0.67, 0.78, 0.9, 1.0, 1.25, 1.5, 2.0, 3.0)
_KEPT: Final = 96 * 1024 * 1024
"""Bytes of drawn pages remembered."""
_MOST_DPI: Final = 300.0
_SCREEN: Final = 96 / 72
"""Device-independent pixels to a point at 100 %."""


@attrs.frozen(eq=False)
class _Drawn:
    image: QImage
    dpi: float


@attrs.frozen(eq=False)
class _Answer:
    """What became of one page: its picture, or the sentence that says why there is none."""

    generation: int
    page: int
    drawn: _Drawn | None = None
    problem: str = ""


def _draw(pdf: bytes, generation: int, page: int, dpi: float, token: Token, _report: Report) -> _Answer:
    """In a reading thread: one page as a picture in the packing the screen wants."""
    token.check()
    try:
        pixels = preview.render(pdf, page, dpi)
    except Exception as error:  # the other pages can still be drawn
        return _Answer(generation, page, problem=sentence_of(error))
    return _Answer(generation, page, packed(pixels, dpi))


def packed(pixels: Pixels, dpi: float) -> _Drawn:
    """A page as the picture the screen wants."""
    image = QImage(pixels.data, pixels.width, pixels.height, pixels.stride, QImage.Format.Format_RGB888)
    # Converting copies: the picture does not lean on `pixels` any more.
    return _Drawn(image.convertToFormat(QImage.Format.Format_RGB32), dpi)


class PagesView(QAbstractScrollArea):
    """A document to look at. Keys: arrows, pages, Home, End, Ctrl + and −, Ctrl 0 for the width of the window."""

    place_changed = Signal(int, int)
    """The page at the top of the sight, counted from 1, and how many there are."""
    zoom_changed = Signal(int)
    """Per cent of the size on paper."""
    unreadable = Signal(str)
    """A page could not be drawn: one sentence."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._pdf = b""
        self._count = 0
        self._generation = 0
        self._fit = True
        self._scale = _SCREEN
        self._sizes: dict[int, tuple[float, float]] = {}
        self._places: list[QRect] = []
        self._drawn: OrderedDict[int, _Drawn] = OrderedDict()
        self._failed: set[int] = set()
        self._stale: set[int] = set()
        self._marked: tuple[int, tuple[float, float, float, float]] | None = None
        self._waiting: int | None = None
        self.setAccessibleName("Aperçu du document")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().setSingleStep(40)
        self.verticalScrollBar().valueChanged.connect(self.on_moved)
        context.veil.moved.connect(self.on_veil_moved)

    @property
    def count(self) -> int:
        """Pages of the document."""
        return self._count

    @property
    def page(self) -> int:
        """The page at the top of the sight, counted from 1; 0 without a document."""
        middle = self.verticalScrollBar().value() + self.viewport().height() // 3
        return max((number for number, place in enumerate(self._places, 1) if place.top() <= middle), default=0)

    @property
    def zoom(self) -> int:
        """Per cent of the size on paper."""
        return round(100 * self._scale / _SCREEN)

    def is_drawn(self, page: int) -> bool:
        """Whether a page, counted from 1, shows its content."""
        return page - 1 in self._drawn

    def picture(self, page: int) -> QImage | None:
        """A drawn page, counted from 1."""
        drawn = self._drawn.get(page - 1)
        return drawn.image if drawn is not None else None

    def show_document(self, pdf: bytes, count: int) -> None:
        """Show another document from its first page.

        Args:
            pdf: the whole file.
            count: its pages, known to whoever made it.
        """
        self._pdf, self._count = pdf, count
        self._generation += 1
        self._sizes.clear()
        self._drawn.clear()
        self._stale.clear()
        self._marked = None
        self._failed.clear()
        self._waiting = None
        self._arrange()
        self.verticalScrollBar().setValue(0)
        self.on_moved()

    def renew(self, pdf: bytes, count: int, first: Mapping[int, Pixels], dpi: float) -> None:
        """The same document with other words: nothing moves, and pages stand as they were until they are drawn anew.

        Args:
            pdf: the whole file.
            count: its pages.
            first: pages drawn already, counted from 0, at `dpi`.
            dpi: of those.
        """
        at = self.verticalScrollBar().value()
        self._pdf, self._count = pdf, count
        self._generation += 1
        self._failed.clear()
        self._waiting = None
        self._stale = {page for page in self._drawn if page < count} - set(first)
        for page in [page for page in self._drawn if page >= count]:
            del self._drawn[page]
        self._arrange()
        for page, pixels in first.items():
            self._take(page, packed(pixels, dpi))
        self.verticalScrollBar().setValue(at)
        self.on_moved()

    def wanted_now(self) -> tuple[tuple[int, ...], float]:
        """The pages in sight, counted from 0, and the pixels to the inch they are drawn at."""
        pages = tuple(page for page, _ in self._in_sight()) or (0,)
        return pages, self._dpi(pages[0])

    def show_place(self, page: int, box: tuple[float, float, float, float]) -> None:
        """Bring a place into sight and mark it: a page counted from 0, a box in points from its upper left corner."""
        if not 0 <= page < self._count:
            return
        self._marked = (page, box)
        scale, place = self._page_scale(page), self._places[page]
        top, bottom = place.top() + box[1] * scale, place.top() + box[3] * scale
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if not bar.value() + _GAP <= top <= bottom <= bar.value() + height - _GAP:
            bar.setValue(round(top - height / 3))
        self.viewport().update()

    def mark_nothing(self) -> None:
        """No place is marked any more."""
        self._marked = None
        self.viewport().update()

    def go_to(self, page: int) -> None:
        """Bring a page, counted from 1, into sight."""
        if 1 <= page <= self._count:
            self.verticalScrollBar().setValue(self._places[page - 1].top() - _GAP)

    def zoom_in(self) -> None:
        """The next larger step."""
        self._zoom_to(next((step for step in _STEPS if step * _SCREEN > self._scale * 1.01), _STEPS[-1]))

    def zoom_out(self) -> None:
        """The next smaller step."""
        self._zoom_to(next((step for step in reversed(_STEPS) if step * _SCREEN < self._scale * 0.99), _STEPS[0]))

    def zoom_to_width(self) -> None:
        """As wide as the window, and following it."""
        self._fit = True
        self._rescaled()

    def on_moved(self, _value: int = 0) -> None:
        """Another part of the document is in sight."""
        if self._count:
            self.setAccessibleDescription(f"page {self.page} sur {self._count}")
        self.place_changed.emit(self.page, self._count)
        self.viewport().update()

    def on_veil_moved(self, _down: bool) -> None:
        """Names are hidden, or shown again."""
        self.viewport().update()

    def on_answered(self, answer: _Answer) -> None:
        """A page came back from its thread."""
        if answer.generation != self._generation:
            return
        self._waiting = None
        if answer.drawn is None:
            self._failed.add(answer.page)
            self.unreadable.emit(answer.problem)
        else:
            self._take(answer.page, answer.drawn)
        self.viewport().update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The pages in sight, and a request for the first that has no picture of this size yet."""
        tokens = self._context.tokens
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(tokens.desk))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        wanted: list[int] = []
        for page, place in self._in_sight():
            painter.fillRect(place, Qt.GlobalColor.white)
            drawn = self._drawn.get(page)
            if self._context.veil.down:  # a blur would leave the large letters readable
                painter.setPen(Qt.GlobalColor.black)
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "Caché avec les noms")
            elif drawn is not None:
                self._drawn.move_to_end(page)
                painter.drawImage(place, drawn.image)
            old = drawn is None or page in self._stale or abs(drawn.dpi - self._dpi(page)) > 0.5
            if old and page not in self._failed:
                wanted.append(page)
            self._paint_mark(painter, page, place)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.on_desk), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -2, -2))
        painter.end()
        if wanted and self._waiting is None:
            self._ask_for(wanted[0])

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Follow the width of the window."""
        super().resizeEvent(event)
        self._rescaled()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Move and zoom without a mouse."""
        bar, across = self.verticalScrollBar(), self.horizontalScrollBar()
        moves = {
            Qt.Key.Key_Down: (bar, bar.value() + bar.singleStep()),
            Qt.Key.Key_Up: (bar, bar.value() - bar.singleStep()),
            Qt.Key.Key_PageDown: (bar, bar.value() + bar.pageStep()),
            Qt.Key.Key_PageUp: (bar, bar.value() - bar.pageStep()),
            Qt.Key.Key_Space: (bar, bar.value() + bar.pageStep()),
            Qt.Key.Key_Home: (bar, bar.minimum()),
            Qt.Key.Key_End: (bar, bar.maximum()),
            Qt.Key.Key_Right: (across, across.value() + 40),
            Qt.Key.Key_Left: (across, across.value() - 40),
        }
        zooms = {
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.zoom_to_width,
        }
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and key in zooms:
            zooms[key]()
        elif key in moves:
            moved, value = moves[key]
            moved.setValue(value)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Ctrl and the wheel zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            (self.zoom_in if event.angleDelta().y() > 0 else self.zoom_out)()
        else:
            super().wheelEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Hide the focus."""
        super().focusOutEvent(event)
        self.viewport().update()

    def _paint_mark(self, painter: QPainter, page: int, place: QRect) -> None:
        """A frame around the place that was asked for."""
        if self._marked is None or self._marked[0] != page:
            return
        scale, (left, top, right, bottom) = self._page_scale(page), self._marked[1]
        around = QRectF(left * scale, top * scale, (right - left) * scale, (bottom - top) * scale)
        painter.setPen(QPen(QColor(self._context.tokens.brand), 2))
        painter.drawRoundedRect(around.translated(QPointF(place.topLeft())).adjusted(-4, -2, 4, 1), 4, 4)

    def _zoom_to(self, step: float) -> None:
        self._fit = False
        self._scale = step * _SCREEN
        self._rescaled()

    def _rescaled(self) -> None:
        """Arrange anew with the same place in the document under the eyes."""
        bar = self.verticalScrollBar()
        before = bar.value() / max(1, bar.maximum())
        self._arrange()
        bar.setValue(round(before * bar.maximum()))
        self.zoom_changed.emit(self.zoom)
        self.on_moved()

    def _arrange(self) -> None:
        width = max(200, self.viewport().width() - 2 * _MARGIN)
        if self._fit:
            self._scale = width / self._sizes.get(0, _A4)[0]
        self._places = []
        top, widest = _GAP, 0
        for page in range(self._count):
            size = self._size(page)
            left = max(_MARGIN, (self.viewport().width() - size.width()) // 2)
            self._places.append(QRect(QPoint(left, top), size))
            top += size.height() + _GAP
            widest = max(widest, size.width() + 2 * _MARGIN)
        bar, across = self.verticalScrollBar(), self.horizontalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, max(0, top - self.viewport().height()))
        across.setPageStep(self.viewport().width())
        across.setRange(0, max(0, widest - self.viewport().width()))

    def _page_scale(self, page: int) -> float:
        """A page wider than the first one shrinks to the window too."""
        points = self._sizes.get(page, _A4)
        if not self._fit:
            return self._scale
        return min(self._scale, max(200, self.viewport().width() - 2 * _MARGIN) / points[0])

    def _size(self, page: int) -> QSize:
        points, scale = self._sizes.get(page, _A4), self._page_scale(page)
        return QSize(round(points[0] * scale), round(points[1] * scale))

    def _dpi(self, page: int) -> float:
        return min(_MOST_DPI, 72 * self._page_scale(page) * self.devicePixelRatioF())

    def _in_sight(self) -> list[tuple[int, QRect]]:
        shift = QPoint(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        moved = ((page, place.translated(shift)) for page, place in enumerate(self._places))
        return [(page, place) for page, place in moved if place.intersects(self.viewport().rect())]

    def _ask_for(self, page: int) -> None:
        self._waiting = page
        work = partial(_draw, self._pdf, self._generation, page, self._dpi(page))
        self._context.jobs.start(Lane.READ, work, owner=self, done=self.on_answered)

    def _take(self, page: int, drawn: _Drawn) -> None:
        """Remember a picture, forget the ones longest out of sight, and correct the size of the page."""
        self._drawn[page] = drawn
        self._drawn.move_to_end(page)
        self._stale.discard(page)
        held = sum(each.image.sizeInBytes() for each in self._drawn.values())
        while held > _KEPT and len(self._drawn) > 1:
            held -= self._drawn.popitem(last=False)[1].image.sizeInBytes()
        size = (drawn.image.width() * 72 / drawn.dpi, drawn.image.height() * 72 / drawn.dpi)
        known = self._sizes.get(page, _A4)
        self._sizes[page] = size
        if max(abs(size[0] - known[0]), abs(size[1] - known[1])) > 2:
            self._arrange()
