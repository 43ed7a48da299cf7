# SPDX-License-Identifier: GPL-3.0-or-later
"""Pointing at other records: a line in which one types a few letters and chooses."""

import json
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import attrs
from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidgetItem, QVBoxLayout, QWidget

from hro_desktop.casework import lookup
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.lookup import Option
from hro_desktop.law.tables import fold
from ui.context import Context
from ui.editor.inputs import NotUnderstood
from ui.editor.pasted import PlainLine
from ui.jobs import Lane, Report, Token
from ui.proposals import Proposals
from ui.widgets import Compound, button, clear, column, label, row

__all__ = ["LikeInput", "RefInput", "RefsInput", "Where"]

_PAUSE: Final = 120
"""Milliseconds after the last key before the vault is asked."""
_UNCHOSEN: Final = "Choisissez dans la liste qui s’ouvre sous le champ, ou effacez ce texte."


def _options(desk: Desk, noun: str, words: str, _token: Token, _report: Report) -> tuple[Option, ...]:
    with desk.read() as session:
        return lookup.options(session, noun, words)


def _captions(desk: Desk, noun: str, ids: Sequence[uuid.UUID], _token: Token, _report: Report) -> dict[uuid.UUID, str]:
    with desk.read() as session:
        return lookup.captions(session, noun, ids)


@attrs.frozen(eq=False)
class Where:
    """What an input that points at records is given: its surroundings, the vault, the noun."""

    context: Context
    desk: Desk
    noun: str


class _Popup(Proposals):
    """What matches, under the line."""

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line, "Propositions")

    def show_options(self, options: Sequence[Option]) -> None:
        """Show these, under the line."""
        self.clear()
        for each in options:
            self.add(f"{each.title}\u2002{each.detail}" if each.detail else each.title, each)
        line = self.parent()
        if not options or not isinstance(line, QWidget) or not line.hasFocus():
            self.hide()
            return
        self.show_under(QRect(line.mapToGlobal(QPoint(0, line.height() + 2)), QSize(max(line.width(), 260), 0)))


class _Search(PlainLine):
    """Types and chooses; `chosen` gives an `Option`."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, where: Where) -> None:
        super().__init__()
        self._where = where
        self._popup = _Popup(self)
        where.context.veil.cover(self._popup.viewport())
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.on_pause)
        self.textEdited.connect(self.on_text_edited)
        self._popup.itemClicked.connect(self.on_item_clicked)

    def on_text_edited(self, _text: str) -> None:
        """Ask when the person has stopped typing."""
        self._pause.start()

    def on_pause(self) -> None:
        """Ask now."""
        where = self._where
        where.context.jobs.start(
            Lane.READ,
            partial(_options, where.desk, where.noun, self.text()),
            owner=self,
            done=self.on_options,
        )

    def on_options(self, options: tuple[Option, ...]) -> None:
        """What matches."""
        self._popup.show_options(options)

    def on_item_clicked(self, item: QListWidgetItem) -> None:
        """Chosen by the mouse."""
        self._choose(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Arrows move in what matches, Enter takes it, Escape closes it."""
        key, popup = event.key(), self._popup
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            if popup.isVisible():
                step = 1 if key == Qt.Key.Key_Down else -1
                popup.setCurrentRow(max(0, min(popup.count() - 1, popup.currentRow() + step)))
            else:
                self.on_pause()
            return
        if popup.isVisible() and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(popup.currentItem())
            return
        if popup.isVisible() and key == Qt.Key.Key_Escape:
            popup.hide()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Left: the list goes too."""
        super().focusOutEvent(event)
        self._popup.hide()
        self.left.emit()

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._popup.hide()
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))


class LikeInput(_Search):
    """Words of one’s own, for which the names of records are proposed: Enter takes a name that begins as they do."""

    edited = Signal()

    def __init__(self, context: Context, desk: Desk, noun: str) -> None:
        super().__init__(Where(context, desk, noun))
        self.chosen.connect(self.on_chosen)

    def value(self) -> str:
        """What it says."""
        return self.text().strip()

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Show a text."""
        self.setText(value or "")
        self.setCursorPosition(0)

    def raw(self) -> str:
        """What is typed."""
        return self.text()

    def set_raw(self, text: str) -> None:
        """Show again what was typed."""
        self.setText(text)

    def on_text_edited(self, text: str) -> None:
        """Somebody typed."""
        super().on_text_edited(text)
        self.edited.emit()

    def on_options(self, options: tuple[Option, ...]) -> None:
        """Names that may be meant; none when nothing is typed, or when it is typed whole."""
        said = fold(self.text())
        self._popup.show_options([each for each in options if said and fold(each.title) != said])
        begins = self._popup.count() and fold(self._popup.item(0).text()).startswith(said)
        self._popup.setCurrentRow(0 if begins else -1)

    def on_chosen(self, option: Option) -> None:
        """One of them."""
        self.setText(option.title)
        self.edited.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter keeps one’s own words where no name is pointed at."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._popup.currentItem() is None:
            self._popup.hide()
        super().keyPressEvent(event)


class RefInput(QWidget):
    """One other record."""

    edited = Signal()
    left = Signal()
    refused = Signal(str)
    """Something could not be taken in: the sentence to show."""

    def __init__(self, context: Context, desk: Desk, noun: str) -> None:
        super().__init__()
        self._where = Where(context, desk, noun)
        self._id: uuid.UUID | None = None
        self._caption = ""
        self._line = _Search(self._where)
        self._line.setPlaceholderText("Taper quelques lettres…")
        self._line.chosen.connect(self.on_chosen)
        self._line.textEdited.connect(self.on_text_edited)
        self._line.left.connect(self.left)
        self._line.refused.connect(self.refused)
        whole = QVBoxLayout()
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._line)
        self.setLayout(whole)
        self.setFocusProxy(self._line)

    @property
    def line(self) -> QLineEdit:
        """Where one types."""
        return self._line

    def value(self) -> uuid.UUID | None:
        """The record that is chosen.

        Raises:
            NotUnderstood: letters were typed and nothing chosen.
        """
        if self._line.text().strip() and self._id is None:
            raise NotUnderstood(_UNCHOSEN)
        return self._id

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Show a record by its name, which is asked for."""
        self._id = value
        self._line.setText("")  # clear() would count as typed: the name that is asked for would not be shown
        if value is not None:
            where = self._where
            work = partial(_captions, where.desk, where.noun, (value,))
            where.context.jobs.start(Lane.READ, work, owner=self, done=self.on_captions)

    def raw(self) -> str:
        """What is typed while nothing is chosen."""
        return "" if self._id is not None else self._line.text()

    def set_raw(self, text: str) -> None:
        """Show again what was typed."""
        self._id = None
        self._line.setText(text)

    def on_captions(self, found: dict[uuid.UUID, str]) -> None:
        """Its name is known."""
        if self._id in found and not self._line.isModified():
            self._line.setText(found[self._id])
            self._line.setCursorPosition(0)

    def on_chosen(self, option: Option) -> None:
        """Another record."""
        self._id = option.id
        self._line.setText(option.title)
        self._line.setModified(False)
        self.edited.emit()
        self.left.emit()  # who has chosen has said it: nobody is to leave the field for the page to go on

    def on_text_edited(self, _text: str) -> None:
        """What was chosen is not any more."""
        self._id = None
        self.edited.emit()


class RefsInput(Compound):
    """Several other records, each on a line that can be taken out."""

    edited = Signal()
    left = Signal()
    refused = Signal(str)
    """Something could not be taken in: the sentence to show."""

    def __init__(self, context: Context, desk: Desk, noun: str) -> None:
        super().__init__()
        self._where = Where(context, desk, noun)
        self._ids: list[uuid.UUID] = []
        self._captions: dict[uuid.UUID, str] = {}
        self._rows = column(gap=4)
        self._line = _Search(self._where)
        self._line.setPlaceholderText("Ajouter\u00a0: taper quelques lettres…")
        self._line.chosen.connect(self.on_chosen)
        self._line.left.connect(self.left)
        self._line.refused.connect(self.refused)
        self._line.textEdited.connect(self._on_text_edited)
        whole = column(gap=4)
        whole.addLayout(self._rows)
        whole.addWidget(self._line)
        self.setLayout(whole)
        self.setFocusProxy(self._line)

    @property
    def line(self) -> QLineEdit:
        """Where one types."""
        return self._line

    def value(self) -> tuple[uuid.UUID, ...]:
        """The records, in order.

        Raises:
            NotUnderstood: letters were typed and nothing chosen.
        """
        if self._line.text().strip():
            raise NotUnderstood(_UNCHOSEN)
        return tuple(self._ids)

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Show records by their names, which are asked for."""
        self._ids = list(value or ())
        self._line.clear()
        self._show()
        if self._ids:
            where = self._where
            work = partial(_captions, where.desk, where.noun, tuple(self._ids))
            where.context.jobs.start(Lane.READ, work, owner=self, done=self.on_captions)

    def raw(self) -> str:
        """What is chosen, and the letters that chose nothing yet."""
        return json.dumps({"ids": [str(each) for each in self._ids], "text": self._line.text()})

    def set_raw(self, text: str) -> None:
        """Show again what was typed."""
        kept: dict[str, Any] = json.loads(text) if text else {"ids": [], "text": ""}
        self.set_value(tuple(uuid.UUID(each) for each in kept["ids"]))
        self._line.setText(kept["text"])

    def on_captions(self, found: dict[uuid.UUID, str]) -> None:
        """Their names are known."""
        self._captions.update(found)
        self._show()

    def on_chosen(self, option: Option) -> None:
        """One more."""
        self._line.clear()
        self._captions[option.id] = option.title
        if option.id not in self._ids:
            self._ids.append(option.id)
            self._show()
            self.edited.emit()

    def take_out(self, record_id: uuid.UUID) -> None:
        """One less."""
        self._ids.remove(record_id)
        self._show()
        self._line.setFocus()
        self.edited.emit()

    def _show(self) -> None:
        clear(self._rows)
        for each in self._ids:
            line = row(gap=8)
            text = self._captions.get(each, "…")
            line.addWidget(label(text, wrap=True), 1)
            out = button("Retirer", "link", name=f"Retirer {text}")
            out.clicked.connect(partial(self._on_out_clicked, each))
            line.addWidget(out)
            self._rows.addLayout(line)
            QWidget.setTabOrder(out, self._line)

    def _on_text_edited(self, _text: str) -> None:
        self.edited.emit()

    def _on_out_clicked(self, record_id: uuid.UUID, _checked: bool = False) -> None:
        self.take_out(record_id)
