# SPDX-License-Identifier: GPL-3.0-or-later
"""Yes or no: a box one sees in the dark too, and words that break where they must."""

from typing import Any, Final

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QStyle, QStyleOptionButton, QWidget

__all__ = ["CheckInput"]

_AROUND: Final = 16
"""Pixels around the words: border, padding and gap."""


class CheckInput(QCheckBox):
    """Yes or no, beside its own words; on several lines where they do not fit on one, which Qt does not do."""

    edited = Signal()
    left = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._words = text
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._on_clicked)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Another width, other lines."""
        super().resizeEvent(event)
        style = self.style()
        taken = style.pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth, None, self)
        taken += style.pixelMetric(QStyle.PixelMetric.PM_CheckBoxLabelSpacing, None, self) + _AROUND
        self.setText(_broken(self._words, self.fontMetrics(), self.width() - taken))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """With a box of ours: that of Qt is not to be seen in the dark."""
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = QRectF(self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self))
        painter, palette, role = QPainter(self), self.palette(), QPalette.ColorRole
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(box, palette.color(role.Base))
        ticked = self.isChecked() and self.isEnabled()
        painter.setPen(QPen(palette.color(role.Accent if ticked else role.PlaceholderText), 1.2))
        painter.setBrush(palette.color(role.Accent if ticked else role.Base))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)
        if self.isChecked():
            painter.setPen(QPen(palette.color(role.Base if ticked else role.PlaceholderText), box.width() / 8))
            steps = ((0.25, 0.52), (0.43, 0.7), (0.75, 0.32))
            painter.drawPolyline([box.topLeft() + QPointF(box.width() * x, box.height() * y) for x, y in steps])
        painter.end()

    def value(self) -> bool:
        """Whether it is ticked."""
        return self.isChecked()

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Tick it or not."""
        self.setChecked(bool(value))

    def raw(self) -> str:
        """A tick is always understood."""
        return ""

    def set_raw(self, text: str) -> None:
        """Nothing to show."""

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Left."""
        super().focusOutEvent(event)
        self.left.emit()

    def _on_clicked(self, _checked: bool) -> None:
        self.edited.emit()


def _broken(text: str, metrics: QFontMetrics, room: int) -> str:
    """A text in lines that fit in a room; a word that does not is left whole."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and metrics.horizontalAdvance(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)
