# SPDX-License-Identifier: GPL-3.0-or-later
"""What narrows a list, as pills: added by typing or from a menu, taken out by a click, Delete or Backspace."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidgetItem, QMenu, QPushButton, QToolButton, QWidget

from hro_desktop.casework.case_filters import Filter, Offer
from hro_desktop.law.tables import fold
from ui.context import Context
from ui.flow import Flow
from ui.icons import icon
from ui.proposals import Proposals
from ui.widgets import Compound, button, label

__all__ = ["FilterBar"]

_PAUSE: Final = 150
"""Milliseconds after the last key before the list is asked for what is typed."""
_MOST: Final = 12
_TEXT: Final = "text"
_STEPS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}

Typed = Callable[[str], Sequence[Offer]]
"""Filters that typed words may mean besides those that are offered."""


class _Pill(QPushButton):
    """One filter that is on. Left and right go along, Delete takes it out."""

    out = Signal()
    moved = Signal(int)

    def __init__(self, context: Context, offer: Offer) -> None:
        super().__init__(offer.alone)
        theme = context.theme
        self.setProperty("role", "pill")
        self.setAutoDefault(False)
        self.setCheckable(True)
        self.setChecked(True)
        self.setAccessibleName(f"Filtre\u00a0: {offer.alone}. L’ôter")
        self.setToolTip("Ôter ce filtre (Suppr)")
        self.setIcon(icon("close", theme.tokens.brand_ink))
        self.setIconSize(QSize(theme.px(12), theme.px(12)))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross behind the words
        self.clicked.connect(self.out)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Taken out, or the next one."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.out.emit()
        elif event.key() in _STEPS:
            self.moved.emit(_STEPS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class _Proposals(Proposals):
    """The filters that what is typed may mean, under the line."""

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line, "Filtres proposés")

    def propose(self, offers: Sequence[Offer], words: str) -> None:
        """Show these, and the words themselves last."""
        line = self.parent()
        self.clear()
        if not offers or not isinstance(line, QWidget) or not line.hasFocus():
            self.hide()
            return
        for each in offers:
            self.add(each.alone, each)
        self.add(f"Chercher «\u00a0{words}\u00a0» dans les dossiers", None)
        place = QRect(line.mapToGlobal(QPoint(0, line.height() + 2)), QSize(max(line.width(), 320), 0))
        self.show_under(place, lines=self.count())

    def step(self, by: int) -> None:
        """The next one."""
        self.setCurrentRow((self.currentRow() + by) % max(1, self.count()))


class _Line(QLineEdit):
    """One types words to look for, or a filter by its name."""

    took = Signal(object)
    """An `Offer`, or `None` for the words themselves."""
    back = Signal()
    """Backspace where nothing is typed."""
    typed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.proposals = _Proposals(self)
        self.proposals.itemClicked.connect(self.on_item_clicked)

    def on_item_clicked(self, item: QListWidgetItem) -> None:
        """By the mouse."""
        self._take(item)

    def event(self, event: QEvent) -> bool:
        """Escape is for what is proposed as long as it is there."""
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and event.type() is QEvent.Type.ShortcutOverride and self.proposals.isVisible():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Arrows move in what is proposed, Enter takes it, Escape keeps the words."""
        key, shown = event.key(), self.proposals.isVisible()
        if shown and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.proposals.step(1 if key == Qt.Key.Key_Down else -1)
        elif shown and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.proposals.currentItem())
        elif shown and key == Qt.Key.Key_Escape:
            self._take(None)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.took.emit(None)
        elif key == Qt.Key.Key_Backspace and not self.text():
            self.back.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Left: what is typed is looked for."""
        super().focusOutEvent(event)
        if self.proposals.isVisible():
            self._take(None)

    def _take(self, item: QListWidgetItem | None) -> None:
        self.proposals.hide()
        self.took.emit(item.data(Qt.ItemDataRole.UserRole) if item is not None else None)


class FilterBar(Compound):
    """The pills, the line one types in, and the menu of all there are."""

    changed = Signal()
    """Other filters."""

    def __init__(self, context: Context, typed: Typed, called: Callable[[Filter], Offer]) -> None:
        """Empty.

        Args:
            context: its surroundings.
            typed: what words may mean that no list offers.
            called: how a filter is called that is not, or not any more, offered.
        """
        super().__init__()
        self._context, self._typed, self._called = context, typed, called
        self._offers: Sequence[Offer] = ()
        self._known: dict[Filter, Offer] = {}
        self._filters: tuple[Filter, ...] = ()
        self._pills: list[_Pill] = []
        self._words = ""
        self._line = _Line()
        self._line.setAccessibleName("Chercher dans les dossiers, ou ajouter un filtre")
        self._line.setPlaceholderText("Nom, référence, lieu… ou un filtre")
        self._line.setMaxLength(200)
        self._line.setClearButtonEnabled(True)
        for cross in self._line.findChildren(QToolButton):
            cross.setAccessibleName("Effacer ce qui est tapé")
        self._line.setMinimumWidth(context.theme.px(240))
        self._line.textEdited.connect(self.on_text_edited)
        self._line.textChanged.connect(self.on_text_changed)
        self._line.took.connect(self.on_took)
        self._line.back.connect(self.on_back)
        named = label("Chercher", "label")
        named.setBuddy(self._line)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.on_pause)
        self.add_action = button("Filtre", name="Ajouter un filtre", tip="Ajouter un filtre")
        self.add_action.setIcon(icon("plus", context.tokens.ink2))
        self._menu = QMenu(self.add_action)
        self._menu.aboutToShow.connect(self.on_menu_about_to_show)
        self.add_action.setMenu(self._menu)
        self.clear_action = button("Tout ôter", "link", name="Ôter tous les filtres")
        self.clear_action.clicked.connect(self.clear)
        self.clear_action.hide()
        self._flow = Flow(8)
        for each in (named, self._line, self.add_action, self.clear_action):
            self._flow.addWidget(each)
        self.setLayout(self._flow)
        self.setFocusProxy(self._line)
        context.veil.cover(self._line, self._line.proposals.viewport())

    def append(self, *widgets: QWidget) -> None:
        """What else there is to say or do about the list, behind the filters."""
        for each in widgets:
            self._flow.addWidget(each)

    @property
    def line(self) -> QLineEdit:
        """Where one types."""
        return self._line

    @property
    def pills(self) -> Sequence[QPushButton]:
        """The filters that are on, in order."""
        return tuple(self._pills)

    @property
    def menu(self) -> QMenu:
        """All the filters there are."""
        return self._menu

    @property
    def proposed(self) -> Sequence[str]:
        """What is proposed under the line."""
        shown = self._line.proposals
        return [shown.item(at).text() for at in range(shown.count())] if shown.isVisible() else ()

    @property
    def filters(self) -> tuple[Filter, ...]:
        """What the list is narrowed by, the words last."""
        return (*self._filters, Filter(_TEXT, self._words)) if self._words else self._filters

    def offer(self, offers: Sequence[Offer]) -> None:
        """These can be chosen from now on; pills may be called otherwise."""
        self._offers = offers
        self._known = {each.filter: each for each in offers}
        self._show()

    def show_filters(self, filters: Sequence[Filter]) -> None:
        """Others, without asking for the list."""
        self._filters = tuple(each for each in filters if each.name != _TEXT)
        self._words = next((each.value for each in filters if each.name == _TEXT), "")
        self._line.setText(self._words)
        self._show()

    def clear(self) -> None:
        """None any more."""
        self.show_filters(())
        self._line.setFocus()
        self.changed.emit()

    def add(self, wanted: Filter) -> None:
        """One more."""
        if wanted not in self._filters:
            self._filters = (*self._filters, wanted)
            self._show()
            self.changed.emit()

    def take_out(self, wanted: Filter) -> None:
        """One less; the focus stays where the next one may be taken out."""
        at = self._filters.index(wanted)
        here = any(each.hasFocus() for each in self._pills)
        self._filters = tuple(each for each in self._filters if each != wanted)
        self._show()
        if here and self._pills:
            self._pills[min(at, len(self._pills) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def on_text_edited(self, text: str) -> None:
        """Filters that may be meant are proposed; while there are none, the words are looked for."""
        words = fold(text).split()
        found = [each for each in self._offers if all(_begun(word, each) for word in words)] if words else []
        mine = [*self._typed(text), *found]
        self._line.proposals.propose([each for each in mine if each.filter not in self._filters][:_MOST], text.strip())
        if not self._line.proposals.isVisible():
            self._pause.start()

    def on_text_changed(self, text: str) -> None:
        """The cross at the end of the line empties it."""
        if not text and self._words:
            self._pause.start()

    def on_pause(self) -> None:
        """The person has stopped typing."""
        if self._line.text().strip() != self._words:
            self._words = self._line.text().strip()
            self._show_clear()
            self.changed.emit()

    def on_took(self, offer: Offer | None) -> None:
        """A filter, or the words as they are."""
        if offer is None:
            self.on_pause()
            return
        self._line.clear()
        self._words = ""
        self.add(offer.filter)

    def on_back(self) -> None:
        """The last filter goes."""
        if self._filters:
            self.take_out(self._filters[-1])

    def on_menu_about_to_show(self) -> None:
        """All there are, in groups."""
        self._menu.clear()
        for about, offers in groupby(sorted(self._offers, key=self._place), key=lambda each: each.about):
            inner = self._menu.addMenu(about)
            for each in offers:
                action = inner.addAction(each.text[:1].upper() + each.text[1:])
                action.setCheckable(True)
                action.setChecked(each.filter in self._filters)
                action.triggered.connect(partial(self._on_chosen, each.filter))

    def _place(self, offer: Offer) -> int:
        """Groups stand where their first filter does."""
        return [each.about for each in self._offers].index(offer.about)

    def _on_chosen(self, wanted: Filter, _checked: bool = False) -> None:
        if wanted in self._filters:
            self.take_out(wanted)
        else:
            self.add(wanted)

    def _show(self) -> None:
        for old in self._pills:
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._pills = []
        before = self.line
        for at, each in enumerate(self._filters):
            made = _Pill(self._context, self._known.get(each) or self._called(each))
            made.out.connect(partial(self.take_out, each))
            made.moved.connect(partial(self._on_moved, at))
            self._flow.insert(at, made)
            self._pills.append(made)
        for one, other in zip(self._pills, [*self._pills[1:], before], strict=False):
            QWidget.setTabOrder(one, other)
        self._show_clear()

    def _show_clear(self) -> None:
        self.clear_action.setVisible(len(self.filters) > 1)
        self.updateGeometry()

    def _on_moved(self, at: int, step: int) -> None:
        stops: list[QWidget] = [*self._pills, self._line]
        stops[max(0, min(at + step, len(stops) - 1))].setFocus(Qt.FocusReason.TabFocusReason)


def _begun(word: str, offer: Offer) -> bool:
    """Whether a word is the beginning of one the filter is found by."""
    return any(each.startswith(word) for each in offer.found_by.split())
