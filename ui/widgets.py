# SPDX-License-Identifier: GPL-3.0-or-later
"""The few pieces every page is made of, so that pages say what they show and not how it looks."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.icons import icon, pixmap
from ui.theme import Theme, Tokens

if TYPE_CHECKING:
    from hro_desktop.casework.readiness import DocumentState

__all__ = [
    "Compound",
    "Nav",
    "Pick",
    "Scroller",
    "Title",
    "button",
    "chip",
    "clear",
    "column",
    "frame",
    "into_sight",
    "label",
    "mark",
    "pill",
    "row",
    "rule",
    "settle",
    "show_together",
    "states",
    "widgets_in",
]

_STATES: Final = {
    "pret": ("check", "ok"),
    "a_signer": ("pen", "brand"),
    "attend": ("hourglass", "warn"),
    "bloque": ("stop", "late"),
}
"""Icon and chip of each state of a document; the word stands beside, colour alone says nothing."""
_HIDDEN: Final = Qt.WidgetAttribute.WA_WState_Hidden
_ASKED: Final = Qt.WidgetAttribute.WA_WState_ExplicitShowHide
_LATER: Final = 120
"""Milliseconds after which what came meanwhile, above what was brought into sight, has pushed it away."""
_MARGIN: Final = 24
"""Pixels left between what is brought into sight and the edge."""


def label(text: str = "", role: str = "", *, wrap: bool = False, parent: QWidget | None = None) -> QLabel:
    """A text. Roles: title, heading, strong, label, soft, hint, problem.

    Always plain: what a person wrote must not be read as markup.
    """
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    if wrap:
        made.setWordWrap(True)
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return made


def chip(text: str, kind: str = "plain") -> QLabel:
    """A state in a word, on its own ground: plain, brand, ok, warn, late, violet."""
    made = label(text, "chip")
    made.setProperty("chip", kind)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return made


def button(text: str, role: str = "", *, name: str = "", tip: str = "") -> QPushButton:
    """Something to press. Roles: main (one to a page), link, choice, pick; without one, a plain button."""
    made = QPushButton(text)
    if role in ("", "main"):
        made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    made.setProperty("role", role)
    made.setAutoDefault(False)
    made.setToolTip(tip)
    made.setAccessibleName(name or text)
    made.setCursor(Qt.CursorShape.PointingHandCursor if role == "link" else Qt.CursorShape.ArrowCursor)
    return made


def pill(text: str, *, name: str = "") -> QPushButton:
    """A filter that is on or off, as a pill."""
    made = button(text, "pill", name=name)
    made.setCheckable(True)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return made


def frame(name: str) -> QFrame:
    """A ground the style sheet knows: card, sidebar, header, status, panel."""
    made = QFrame()
    made.setObjectName(name)
    return made


def rule() -> QFrame:
    """A line between two parts."""
    return frame("rule")


def column(*, margins: tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = 8) -> QVBoxLayout:
    """Widgets one under the other."""
    made = QVBoxLayout()
    made.setContentsMargins(*margins)
    made.setSpacing(gap)
    return made


def row(*, margins: tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = 8) -> QHBoxLayout:
    """Widgets side by side."""
    made = QHBoxLayout()
    made.setContentsMargins(*margins)
    made.setSpacing(gap)
    return made


def clear(layout: QLayout) -> None:
    """Take everything out of a layout, at once and for good."""
    while (item := layout.takeAt(0)) is not None:
        inner, widget = item.layout(), item.widget()
        if inner is not None:
            clear(inner)
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def settle(held: QWidget) -> None:
    """Work out every layout below, the innermost first: Qt does it one level at a time, and shows lines squashed."""
    for each in (*reversed(held.findChildren(QWidget)), held):
        layout = each.layout()
        if layout is not None:
            layout.activate()


def show_together(held: QWidget) -> None:
    """Show at once what was put into a page that is seen: Qt shows each part later, and lays the page out for each."""
    late = [each for each in held.findChildren(QWidget) if _waits(each)]
    resting: list[QLayout] = []
    for each in late:
        around = each.parentWidget()
        while around is not None and (layout := around.layout()) is not None and layout.isEnabled():
            layout.setEnabled(False)
            resting.append(layout)
            around = around.parentWidget()
    for each in late:
        each.show()
    for layout in resting:
        layout.setEnabled(True)


def _waits(widget: QWidget) -> bool:
    """Whether Qt is about to show a part: nobody hid it, and the layout of something that is seen holds it."""
    if widget.isWindow() or not widget.testAttribute(_HIDDEN) or widget.testAttribute(_ASKED):
        return False
    around = widget.parentWidget()
    layout = around.layout() if around is not None and around.isVisible() else None
    return layout is not None and _holds(layout, widget)


def _holds(layout: QLayout, widget: QWidget) -> bool:
    return layout.indexOf(widget) >= 0 or any(_holds(each, widget) for each in _inner(layout))


def _inner(layout: QLayout) -> list[QLayout]:
    return [each for each in layout.children() if isinstance(each, QLayout)]


def widgets_in(layout: QLayout) -> list[QWidget]:
    """The widgets of a layout that is in place, and of those in it, in order.

    Not by `itemAt`: what it gives stays known to PySide when Qt has freed it, and whatever comes to stand at the same
    address, such as an event, is then taken for it; the program dies of that.
    """
    around = layout.parentWidget()
    own = [each for each in around.children() if isinstance(each, QWidget)] if around is not None else []
    placed: list[tuple[int, list[QWidget]]] = [(layout.indexOf(each), [each]) for each in own]
    placed += [(layout.indexOf(each), widgets_in(each)) for each in _inner(layout)]
    return [each for at, found in sorted(placed, key=lambda pair: pair[0]) if at >= 0 for each in found]


def mark(tokens: Tokens, edge: int) -> QLabel:
    """The sign of the program: a keyhole on a shield, on the brand colour."""
    made = QLabel()
    made.setFixedSize(edge, edge)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made.setPixmap(pixmap("shield", tokens.on_brand, round(edge * 0.55), 2.0))
    made.setStyleSheet(f"background: {tokens.brand}; border-radius: {round(edge / 4.4)}px;")
    return made


def states(theme: Theme, found: Sequence["DocumentState"]) -> QVBoxLayout:
    """Each document with its state in a word, and why: what blocks, what waits, what to look at."""
    lines = column(gap=6)
    for at, each in enumerate(found):
        if at:
            lines.addSpacing(6)
        sign, kind = _STATES.get(each.state, ("info", "plain"))
        colour = getattr(theme.tokens, kind, theme.tokens.ink2)
        head = row(gap=8)
        drawn = QLabel()
        drawn.setPixmap(pixmap(sign, colour, theme.px(16), 2.0))
        head.addWidget(drawn, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(label(f"{each.document} — {each.person}", wrap=True), 1)
        head.addWidget(chip(each.label, kind), 0, Qt.AlignmentFlag.AlignTop)
        lines.addLayout(head)
        for reason in each.reasons:
            why = label(f"{reason.label}\u00a0: {reason.sentence}", "hint", wrap=True)
            why.setContentsMargins(theme.px(16) + 8, 0, 0, 0)
            why.setToolTip(reason.source)
            lines.addWidget(why)
    return lines


class Compound(QWidget):
    """A widget made of several; `setFocusProxy` says where the keyboard is when it is come to.

    Not the proxy of Qt: Tab takes a widget that has one for a stop, goes to the proxy, and passes over what stands
    before it inside.
    """

    _beginning: QWidget | None = None

    def setFocusProxy(self, widget: QWidget | None) -> None:  # noqa: N802
        """Where the keyboard is to be."""
        self._beginning = widget

    def focusProxy(self) -> QWidget | None:  # noqa: N802
        """Where the keyboard is to be."""
        return self._beginning

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:  # noqa: N802
        """Put it there."""
        if self._beginning is not None:
            self._beginning.setFocus(reason)
        else:
            super().setFocus(reason)


class Title(QLabel):
    """Where one is; too long for its place, it ends in « … » and says itself in full when pointed at."""

    def __init__(self, role: str = "title") -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setText(self, text: str) -> None:  # noqa: N802
        """Another place."""
        super().setText(text)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """A few letters at least."""
        own = super().minimumSizeHint()
        return QSize(min(80, own.width()), own.height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """As much of it as there is room for."""
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()


class Pick(QPushButton):
    """One of several; a name too long for its place ends in « … »."""

    def __init__(self, text: str, *, name: str) -> None:
        super().__init__(text)
        self._full = text
        self.setProperty("role", "pick")
        self.setAutoDefault(False)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """As much of the name as there is room for."""
        room = self.width() - (self.iconSize().width() + 8 if not self.icon().isNull() else 0) - 12
        shown = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, room)
        self.setText(shown)
        self.setToolTip(self._full if shown != self._full else "")
        super().resizeEvent(event)


class Nav(QPushButton):
    """One place to go to: icon, name, and a count or a key at the right. Roles: nav, choice."""

    def __init__(self, theme: Theme, sign: str, text: str, beside: str = "", *, role: str = "nav") -> None:
        super().__init__(text)
        tokens = theme.tokens
        self.setProperty("role", role)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setIcon(icon(sign, tokens.ink3, chosen=tokens.brand))
        self.setIconSize(QSize(theme.px(18), theme.px(18)))
        self._beside = label(beside, "hint")
        self._beside.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inner = row(margins=(0, 0, 10, 0))
        inner.addStretch()
        inner.addWidget(self._beside)
        self.setLayout(inner)
        self.set_beside(beside)

    def set_beside(self, text: str) -> None:
        """Change the count."""
        self._beside.setText(text)
        self.setAccessibleName(f"{self.text()}, {text}" if text else self.text())


def into_sight(widget: QWidget) -> None:
    """Move what scrolls until something is seen, once it is laid out: Qt does so for Tab alone."""
    for wait in (0, _LATER):
        QTimer.singleShot(wait, widget, partial(_move_to, widget))


def _move_to(widget: QWidget) -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # of every level
    around = widget.parentWidget()
    while around is not None and widget.isVisible():
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget, 0, _MARGIN)
        around = around.parentWidget()


class _Content(QWidget):
    """What is scrolled."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """No height of its own where its width gives it.

        Qt adds up the least height of every text as if it were narrow and on several lines, and would let a wide page
        end in an empty room.
        """
        least, layout = super().minimumSizeHint(), self.layout()
        return QSize(least.width(), 0) if layout is not None and layout.hasHeightForWidth() else least


class Scroller(QScrollArea):
    """A column longer than the window: reached by Tab only when it has to be moved, then moved by the arrows."""

    def __init__(self, inner: QVBoxLayout, *, name: str) -> None:
        super().__init__()
        # Qt shows a scrolled widget at once, which dresses all that is in it; and dresses it anew each time what holds
        # it is put into something else. It waits here until it is shown.
        content = self._content = _Content(self.viewport())
        content.setObjectName("content")
        content.setLayout(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        self.verticalScrollBar().rangeChanged.connect(self.on_range_changed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def on_range_changed(self, _least: int, most: int) -> None:
        """Nothing to move: nothing to stop at."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if most > 0 else Qt.FocusPolicy.NoFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Home and End, which Qt leaves out."""
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_Home:
            bar.setValue(bar.minimum())
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Take in its content when it is first shown; show the focus: the sheet draws it from this property."""
        if event.type() is QEvent.Type.Polish and self.widget() is None:
            held = self.window().focusWidget()
            self.setWidget(self._content)
            self._content.setAutoFillBackground(False)
            if held is not None and self._content.isAncestorOf(held):
                held.setFocus()  # Qt forgets it where its place changes
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.setProperty("lit", event.type() is QEvent.Type.FocusIn)
            self.style().unpolish(self)
            self.style().polish(self)
        return super().event(event)
