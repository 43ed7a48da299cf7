# SPDX-License-Identifier: GPL-3.0-or-later
"""The five parts of a referral as steps gone to in any order: a sign, a name and one line for each."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QPen

from hro_desktop.casework.builder import PARTS, PartState
from hro_desktop.law import vocabulary
from ui.context import Context
from ui.icons import pixmap
from ui.widgets import Compound, column, label, row
from ui.words_button import WordsButton

__all__ = ["StepButton", "Steps"]

_SIGN: Final = 20
_GRAVE: Final = ("attend", "bloque")
_MOVES: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class StepButton(WordsButton):
    """One part. Its sign is a tick when nothing is left to do, its number otherwise; the line says the rest."""

    usual, least = 200, 80

    def __init__(self, context: Context, number: int, part: PartState) -> None:
        super().__init__()
        self._context, self._number, self._part = context, number, part
        self.setCheckable(True)
        self.setToolTip(f"Alt {number}")
        edge = context.theme.px(_SIGN)
        inner = row(margins=(8 + edge + 10, 8, 8, 8), gap=0)
        words = column(gap=2)
        self._title = label("", "strong", wrap=True)
        self._line = label("", "hint", wrap=True)
        words.addWidget(self._title)
        words.addWidget(self._line)
        inner.addLayout(words, 1)
        self.setLayout(inner)
        for each in (self._title, self._line):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.show_part(part)

    @property
    def line(self) -> str:
        """What it says under its name."""
        return self._line.text()

    def show_part(self, part: PartState) -> None:
        """Say where the part is."""
        self._part = part
        word = vocabulary.label("readiness_states", part.state)
        grave = part.state in _GRAVE
        shown = (
            part.sentence if not grave or word in part.sentence else f"{word[:1].upper()}{word[1:]} · {part.sentence}"
        )
        self._title.setText(part.title)
        self._line.setText(shown)
        self.setAccessibleName(f"{self._number}, {part.title}, {word}, {part.sentence}")
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Its ground, its sign, the focus."""
        tokens, painter = self._context.tokens, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        within = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.isChecked() or self.underMouse():
            painter.setBrush(QColor(tokens.surface))
            painter.setPen(QPen(QColor(tokens.line if self.isChecked() else tokens.line2), 1))
            painter.drawRoundedRect(within, 6, 6)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.brand), 2))
            painter.drawRoundedRect(within.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        self._paint_sign(painter)
        painter.end()

    def _paint_sign(self, painter: QPainter) -> None:
        tokens, edge = self._context.tokens, self._context.theme.px(_SIGN)
        done, here = self._part.state == "pret", self.isChecked()
        ground = (
            tokens.ok
            if done
            else tokens.brand
            if here
            else {"bloque": tokens.late, "attend": tokens.warn}.get(self._part.state, tokens.ink3)
        )
        around = QRectF(8, 8, edge, edge)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawEllipse(around)
        if done:
            size = round(edge * 0.66)
            drawn = pixmap("check", tokens.surface, size, self.devicePixelRatioF())
            painter.drawPixmap(round(8 + (edge - size) / 2), round(8 + (edge - size) / 2), drawn)
            return
        font = QFont(self.font())
        font.setPixelSize(self._context.theme.px(11))
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(tokens.surface))
        painter.drawText(around, Qt.AlignmentFlag.AlignCenter, str(self._number))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter goes there; arrows belong to the list of steps."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in _MOVES:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """How high it is at that width."""
        return max(super().heightForWidth(width), self._context.theme.px(_SIGN) + 16)


class Steps(Compound):
    """The parts one under the other; Alt and a number, or the arrows, go to them too."""

    chosen = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setAccessibleName("Parties de la saisine")
        inner = column(gap=2)
        self._steps: Mapping[str, StepButton] = {
            code: StepButton(context, at, PartState(code=code, title=title, state="a_signer", sentence="…"))
            for at, (code, title) in enumerate(PARTS.items(), start=1)
        }
        for code, each in self._steps.items():
            each.clicked.connect(partial(self._on_clicked, code))
            inner.addWidget(each)
        self.setLayout(inner)

    @property
    def present(self) -> str:
        """The part that is shown."""
        return next((code for code, each in self._steps.items() if each.isChecked()), "")

    def step(self, code: str) -> StepButton:
        """One of them."""
        return self._steps[code]

    def show_parts(self, parts: Sequence[PartState]) -> None:
        """Say where each is."""
        for each in parts:
            self._steps[each.code].show_part(each)

    def show_present(self, code: str) -> None:
        """Mark one, without going there."""
        for name, each in self._steps.items():
            each.setChecked(name == code)
        self.setFocusProxy(self._steps[code])

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Arrows move along the steps."""
        move = _MOVES.get(Qt.Key(event.key()))
        if move is None:
            super().keyPressEvent(event)
            return
        codes = list(self._steps)
        held = next((code for code, each in self._steps.items() if each.hasFocus()), self.present)
        after = codes[(codes.index(held) + move) % len(codes)]
        self._steps[after].setFocus(Qt.FocusReason.TabFocusReason)

    def _on_clicked(self, code: str, _checked: bool = False) -> None:
        self.show_present(code)
        self.chosen.emit(code)
