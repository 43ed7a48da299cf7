# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a referral stands: one segment a stage, the present one in bold words."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from hro_desktop.casework.steps import Bar, Passed
from ui.context import Context
from ui.widgets import column, label, row
from ui.words import short_day

__all__ = ["StepBar"]


class _Segment(QWidget):
    """One stage: its line, its name under it, the day it was reached."""

    def __init__(self, context: Context, stage: Passed) -> None:
        super().__init__()
        self._context, self._place = context, stage.place
        present = stage.place == "present"
        inner = column(margins=(0, context.theme.px(8), 0, 0), gap=0)
        name = label(stage.label[:1].upper() + stage.label[1:], "present" if present else "hint", wrap=True)
        name.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        inner.addWidget(name)
        if stage.day is not None:
            inner.addWidget(label(short_day(stage.day.isoformat()), "hint", wrap=True))
        inner.addStretch()
        self.setLayout(inner)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The line above the name."""
        tokens = self._context.tokens
        colour = {"passed": tokens.brand, "present": tokens.warn}.get(self._place, tokens.line)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(QRectF(0, 0, self.width(), self._context.theme.px(4)), 2, 2)
        painter.end()


class StepBar(QWidget):
    """The whole road of one referral."""

    def __init__(self, context: Context, bar: Bar) -> None:
        super().__init__()
        self.setAccessibleName(bar.sentence)
        line = row(gap=3)
        for stage in bar.stages:
            line.addWidget(_Segment(context, stage), 1)
        self.setLayout(line)
