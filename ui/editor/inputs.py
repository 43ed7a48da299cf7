# SPDX-License-Identifier: GPL-3.0-or-later
"""One input for each kind of value. Every input says when it was edited and when it was left, and gives its value.

What was typed and not understood is kept as it is: `raw` gives it, so that nothing typed is lost.
"""

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
)

from hro_desktop.law import vocabulary
from hro_desktop.rules import typed
from hro_desktop.rules.dates import PartialDate
from ui.editor.layout import capital
from ui.editor.pasted import LONGEST, TOO_LONG, PlainLine, fits, words_of
from ui.editor.ticks import CheckInput
from ui.flow import Flow
from ui.theme import Theme
from ui.widgets import Compound, column, pill

__all__ = [
    "CheckInput",
    "ChoiceInput",
    "ChoicesInput",
    "Convert",
    "LineInput",
    "LongInput",
    "NotUnderstood",
    "choice_input",
    "day_input",
    "partial_input",
    "tick_input",
    "time_input",
]

NONE: Final = "—"
WIDEST: Final = 44
"""Characters of a pill."""
EARLIEST: Final = 1990
"""No fact is of an earlier year."""
FEW: Final = 12
"""Codes of a list that all stand as pills."""


class NotUnderstood(ValueError):  # noqa: N818 - it is what the person sees
    """What was typed is no such value; the text is the sentence to show."""


Convert = Callable[[str], Any]


class LineInput(PlainLine):
    """A value on one line. It shows itself in its usual form when it is left."""

    edited = Signal()
    left = Signal()

    def __init__(self, convert: Convert | None = None, show: Callable[[Any], str] = str) -> None:
        """`convert` reads a text and raises `NotUnderstood`; `show` writes a value."""
        super().__init__()
        self._convert = convert
        self._show = show
        self.textEdited.connect(self._on_text_edited)

    def value(self) -> Any:  # noqa: ANN401 - of the kind this input is for
        """What it says.

        Raises:
            NotUnderstood: it says nothing of that kind.
        """
        text = self.text().strip()
        return self._convert(text) if self._convert is not None else text

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Show a value."""
        self.setText("" if value is None else self._show(value))
        self.setCursorPosition(0)

    def raw(self) -> str:
        """What is typed."""
        return self.text()

    def set_raw(self, text: str) -> None:
        """Show again what was typed and not understood."""
        self.setText(text)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Left: a date reads « 12/10/2026 » however it was typed."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            if self._convert is not None and self.isModified():
                with contextlib.suppress(NotUnderstood):
                    self.set_value(self.value())
            self.left.emit()

    def _on_text_edited(self, _text: str) -> None:
        self.edited.emit()


class LongInput(QPlainTextEdit):
    """A text of several lines, in any direction; it grows with what is written, up to a bound."""

    edited = Signal()
    left = Signal()
    refused = Signal(str)
    """Something could not be taken in: the sentence to show."""

    def __init__(self, theme: Theme, *, lines: int = 3, most: int = 14) -> None:
        super().__init__()
        self._filling = False
        self._bounds = (lines, most)
        self._theme = theme
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDefaultTextOption(option)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._on_text_changed)
        self._fit()

    def set_rtl(self, rtl: bool) -> None:
        """Write from right to left, or in the direction of what is written."""
        option = self.document().defaultTextOption()
        wanted = Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LayoutDirectionAuto
        if option.textDirection() is not wanted:
            option.setTextDirection(wanted)
            filling, self._filling = self._filling, True
            self.document().setDefaultTextOption(option)
            self._filling = filling

    def value(self) -> str:
        """What it says."""
        return self.raw().strip()

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Show a text."""
        self._filling = True
        self.setPlainText(value or "")
        self._filling = False

    def raw(self) -> str:
        """What is typed, no-break spaces too, which Qt's own plain text makes ordinary ones."""
        return self.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")

    def set_raw(self, text: str) -> None:
        """Show again what was typed."""
        self.set_value(text)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802
        """Words only, whatever program they come from; all of them or none."""
        words = words_of(source)
        if not fits(words) or len(words) + self.document().characterCount() > LONGEST:
            self.refused.emit(TOO_LONG)
        elif words:
            self.insertPlainText(words)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Left."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Another width, other lines."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _on_text_changed(self) -> None:
        self._fit()
        if not self._filling:
            self.edited.emit()

    def _fit(self) -> None:
        """As high as its lines at this width; Qt counts a line only once it was laid out, which asking does."""
        spacing = self.fontMetrics().lineSpacing()
        least, most = (bound * spacing for bound in self._bounds)
        laid_out, block, total = self.document().documentLayout(), self.document().firstBlock(), 0.0
        while block.isValid() and total < most:
            total += laid_out.blockBoundingRect(block).height()
            block = block.next()
        height = round(min(max(total, least), most)) + self._theme.px(20)
        if height != self.height():
            self.setFixedHeight(height)


class ChoiceInput(QComboBox):
    """One of a list. Its value is changed by choosing, never by a wheel that passes over it."""

    edited = Signal()
    left = Signal()

    def __init__(self, choices: Sequence[tuple[Any, str]]) -> None:
        super().__init__()
        for value, text in choices:
            self.addItem(text, value)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(8)
        self._listed = False
        self.activated.connect(self._on_activated)

    def value(self) -> Any:  # noqa: ANN401
        """The value that is chosen."""
        return self.currentData()

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Choose a value; one the list has no more is shown as it is."""
        at = self.place_of(value)
        if at < 0:
            self.addItem(f"{value} (hors liste)", value)
            at = self.count() - 1
        self.setCurrentIndex(at)

    def keep_only(self, values: Sequence[Any]) -> None:
        """Offer these and no others, in this order; the one that is chosen stays."""
        chosen, texts = self.value(), {self.itemData(at): self.itemText(at) for at in range(self.count())}
        self.clear()
        for value in (*values, *(() if chosen in values or not chosen else (chosen,))):
            if value in texts:
                self.addItem(texts[value], value)
        if chosen:
            self.set_value(chosen)

    def place_of(self, value: Any) -> int:  # noqa: ANN401
        """Where a value stands, or -1. Qt compares ids of records by what they are, not by what they say."""
        return next((at for at in range(self.count()) if self.itemData(at) == value), -1)

    def raw(self) -> str:
        """A choice is always understood."""
        return ""

    def set_raw(self, text: str) -> None:
        """Nothing to show."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Let the page scroll."""
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """As much of the choice as there is room for, and an arrow: that of Qt comes with a corner of a border."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        room = field.width() - 4
        option.currentText = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)
        self.setToolTip(self.currentText() if option.currentText != self.currentText() else "")
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        half, middle = max(3, self.fontMetrics().height() // 4), self.rect().center().y()
        left = self.width() - 4 * half
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(option.palette.color(QPalette.ColorRole.Text), 1.5))
        painter.drawPolyline(
            [QPoint(left + at * half, middle + dip * (half // 2)) for at, dip in enumerate((-1, 1, -1))]
        )
        painter.end()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Left."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def showPopup(self) -> None:  # noqa: N802
        """All there is to choose from."""
        self._listed = True
        super().showPopup()

    def _on_activated(self, _at: int) -> None:
        self.edited.emit()
        if self._listed:  # chosen from the list; the arrows pass over what nobody means
            self._listed = False
            self.left.emit()


class ChoicesInput(Compound):
    """Several codes of a closed list: a pill for each when they are few, else a list to add from."""

    edited = Signal()
    left = Signal()

    def __init__(self, vocabulary_list: str) -> None:
        super().__init__()
        codes = vocabulary.codes(vocabulary_list)
        self._pills = {code: _pill(capital(vocabulary.label(vocabulary_list, code))) for code in codes}
        self._few = len(codes) <= FEW
        self._order: list[str] = []
        self._flow = Flow()
        for code, each in self._pills.items():
            each.clicked.connect(partial(self._on_clicked, code))
            self._flow.addWidget(each)
        inner = column(gap=4)
        inner.addLayout(self._flow)
        self._more = ChoiceInput([("", "Ajouter…"), *((code, self._pills[code].accessibleName()) for code in codes)])
        self._more.setAccessibleName("Ajouter")
        self._more.edited.connect(self._on_more)
        inner.addWidget(self._more)
        self.setLayout(inner)
        for hidden in (self._more,) if self._few else self._pills.values():
            hidden.hide()
        self.setFocusProxy(next(iter(self._pills.values())) if self._few else self._more)

    def set_name(self, title: str) -> None:
        """What is chosen here; each pill keeps its own words, which a screen reader would otherwise not say."""
        self.setAccessibleName(title)
        self._more.setAccessibleName(f"{title}\u00a0: ajouter")
        for each in self._pills.values():
            each.setAccessibleName(f"{title}\u00a0: {each.text()}")

    @property
    def pills(self) -> Mapping[str, QPushButton]:
        """One for each code."""
        return self._pills

    def value(self) -> tuple[str, ...]:
        """The codes that are chosen: in the order of a short list, in the order of choosing of a long one."""
        chosen = self._pills if self._few else self._order
        return tuple(code for code in chosen if self._pills[code].isChecked())

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Choose these; a code the list has no more is shown as it is, and can be taken out."""
        self._order = list(dict.fromkeys(value or ()))
        for code in self._order:
            if code not in self._pills:
                made = self._pills[code] = pill(f"{code} (hors liste)")
                made.clicked.connect(partial(self._on_clicked, code))
                self._flow.addWidget(made)
        for code, each in self._pills.items():
            each.setChecked(code in self._order)
            each.setVisible(self._few or code in self._order)

    def raw(self) -> str:
        """Choices are always understood."""
        return ""

    def set_raw(self, text: str) -> None:
        """Nothing to show."""

    def _on_clicked(self, code: str, _checked: bool = False) -> None:
        if not self._few and not self._pills[code].isChecked():
            self._order.remove(code)
            self._pills[code].hide()
            self._more.setFocus()
        self.edited.emit()

    def _on_more(self) -> None:
        code = self._more.value()
        self._more.set_value("")
        if code and code not in self._order:
            self.set_value([*self._order, code])
            self.edited.emit()


def _pill(text: str) -> QPushButton:
    """A code; one that is a whole sentence ends in « … » and says itself in full when pointed at."""
    made = pill(text if len(text) <= WIDEST else f"{text[:WIDEST].rstrip()}…", name=text)
    made.setToolTip(text if len(text) > WIDEST else "")
    return made


def choice_input(vocabulary_list: str, *, required: bool) -> ChoiceInput:
    """One code of a closed list, by its words."""
    codes = [(code, capital(vocabulary.label(vocabulary_list, code))) for code in vocabulary.codes(vocabulary_list)]
    return ChoiceInput([("", "Choisir…" if required else NONE), *codes])


def tick_input() -> ChoiceInput:
    """Yes, no, or not asked."""
    return ChoiceInput([(None, "Non demandé"), (True, "Oui"), (False, "Non")])


def _refuse_impossible(first: dt.date, last: dt.date, today: dt.date) -> None:
    """Facts are not to come, nor older than what the association sees."""
    if first > today:
        raise NotUnderstood("Ce jour n’est pas encore là\u00a0: des faits ne peuvent pas être à venir.")
    if last.year < EARLIEST:
        raise NotUnderstood(f"Cette date est d’avant {EARLIEST}\u00a0: vérifiez l’année.")


def day_input(today: dt.date, *, ahead: bool = False, past: bool = False) -> LineInput:
    """A calendar day: `ahead` when « lundi » is the next one, `past` when it is of facts."""

    def convert(text: str) -> dt.date | None:
        day = typed.day_of(text, today, ahead=ahead) if text else None
        if text and day is None:
            raise NotUnderstood("Ce n’est pas une date\u00a0: écrivez 12/10/2026, 12 octobre, lundi ou hier.")
        if day is not None and past:
            _refuse_impossible(day, day, today)
        return day

    made = LineInput(convert, typed.shown_day)
    made.setPlaceholderText("jj/mm/aaaa")
    return made


def partial_input(today: dt.date, *, past: bool = False) -> LineInput:
    """A date that may be known in part; `past` when it is of facts."""

    def convert(text: str) -> str:
        written = typed.partial_of(text, today)
        if written is None:
            raise NotUnderstood(
                "Ce n’est pas une date\u00a0: écrivez 12/10/2026, mars 2026, 2001, vers 2001, "
                "ou deux dates séparées par «\u00a0ou\u00a0»."
            )
        known = PartialDate.parse(written) if written and past else None
        if known is not None and known.known:
            _refuse_impossible(known.first, known.last, today)
        return written

    made = LineInput(convert, typed.shown_partial)
    made.setPlaceholderText("jj/mm/aaaa, mars 2026, vers 2001…")
    return made


def time_input() -> LineInput:
    """A time of day."""

    def convert(text: str) -> str:
        written = typed.time_of(text)
        if written is None and re.fullmatch(r"24\s*[h:.]?\s*(00)?", text.strip().lower()):
            raise NotUnderstood("Minuit s’écrit 0:00, au jour suivant.")
        if written is None:
            raise NotUnderstood("Ce n’est pas une heure\u00a0: écrivez 8 h 30 ou 08:30.")
        return written

    made = LineInput(convert)
    made.setPlaceholderText("8 h 30")
    return made
