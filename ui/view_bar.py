# SPDX-License-Identifier: GPL-3.0-or-later
"""The views of a list: those everybody has, those one named; kept, renamed, removed with a way back."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import attrs
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QSizePolicy, QWidget

from hro_desktop.casework.views import LONGEST, View
from ui.context import Context
from ui.flow import Flow
from ui.icons import icon
from ui.widgets import Compound, button, column, label

__all__ = ["ViewBar"]

_STEPS: Final = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}


class _Named(QPushButton):
    """One view; arrows go to the next one."""

    moved = Signal(int)

    def __init__(self, view: View) -> None:
        super().__init__(view.name)
        self.view = view
        self.setProperty("role", "tab")
        self.setAutoDefault(False)
        self.setCheckable(True)
        self.setAccessibleName(f"Vue\u00a0: {view.name}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Qt would only move the focus."""
        if event.key() in _STEPS:
            self.moved.emit(_STEPS[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)


class _Name(QLineEdit):
    """Where a view is named; Escape thinks better of it."""

    given_up = Signal()

    def event(self, event: QEvent) -> bool:
        """Escape is for this line: the page would be left."""
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter is taken by what names."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
            return
        super().keyPressEvent(event)


class ViewBar(Compound):
    """Views in a line. What the list shows now can be kept under a name."""

    chosen = Signal(object)
    """A `View` to show."""
    kept = Signal(object)
    """All the views one named, when they are others."""

    def __init__(self, context: Context, always: Sequence[View]) -> None:
        super().__init__()
        self._context, self._always = context, tuple(always)
        self._own: tuple[View, ...] = ()
        self._before: tuple[View, ...] = ()
        self._now = self._always[0]
        self._came_from = self._now.name
        self._renamed = ""
        self._buttons: list[_Named] = []
        self.keep_action = button("Garder cette vue…", "link", tip="Garder filtres, tri et colonnes sous un nom")
        self.keep_action.clicked.connect(self.on_keep_clicked)
        self.more_action = button("Cette vue", "link", name="Renommer, mettre à jour ou supprimer cette vue")
        self.more_action.setIcon(icon("pen", context.tokens.brand))
        menu = QMenu(self.more_action)
        self._update = menu.addAction("Mettre à jour avec ce qui est affiché", self.on_update_chosen)
        menu.addAction("Renommer…", self.on_rename_chosen)
        menu.addAction("Supprimer", self.on_remove_chosen)
        self.more_action.setMenu(menu)
        self.menu = menu
        self.name = _Name()
        self.name.setMaxLength(LONGEST)
        self.name.setMinimumWidth(context.theme.px(200))
        self.name.setAccessibleName("Nom de la vue")
        self.name.returnPressed.connect(self.on_named)
        self.name.given_up.connect(self.on_given_up)
        self._name_label = label("Nom de la vue", "label")
        self._name_label.setBuddy(self.name)
        self.named_action = button("Garder")
        self.named_action.clicked.connect(self.on_named)
        self._said = label("", "soft")
        self.undo_action = button("Remettre", "link", name="Remettre la vue comme elle était")
        self.undo_action.clicked.connect(self.on_undo_clicked)
        self._flow = Flow(10, under=0)
        self._under = Flow(8)
        for each in (self.keep_action, self.more_action):
            self._flow.addWidget(each)
        told: tuple[QWidget, ...] = (self._name_label, self.name, self.named_action, self._said, self.undo_action)
        for widget in told:
            self._under.addWidget(widget)
        self._naming = (self._name_label, self.name, self.named_action)
        self._lay_out()

    @property
    def buttons(self) -> Sequence[QPushButton]:
        """The views, in order."""
        return tuple(self._buttons)

    @property
    def views(self) -> tuple[View, ...]:
        """All of them."""
        return (*self._always, *self._own)

    @property
    def said(self) -> str:
        """What was done last, or what is wrong with a name."""
        return self._said.text()

    def set_own(self, own: Sequence[View]) -> None:
        """The views this access named."""
        if tuple(own) != self._own:
            self._own = tuple(own)
            self._show()

    def show_now(self, now: View) -> None:
        """What the list shows: its view is underlined, or it can be kept."""
        self._now = now
        alike = next((each for each in self.views if _same(each, now)), None)
        if alike is not None:
            self._came_from = alike.name
        for each in self._buttons:
            each.setChecked(alike is not None and each.view.name == alike.name)
        own = any(each.name == self._came_from for each in self._own)
        self.more_action.setVisible(own and not self.name.isVisible())
        self._update.setEnabled(alike is None)
        self.keep_action.setVisible(alike is None and not self.name.isVisible())
        self.updateGeometry()

    def on_keep_clicked(self) -> None:
        """Under what name?"""
        self._renamed = ""
        self._ask("")

    def on_rename_chosen(self) -> None:
        """Under what other name?"""
        self._renamed = self._came_from
        self._ask(self._came_from)

    def on_named(self) -> None:
        """The name is given."""
        name = " ".join(self.name.text().split())
        taken = [each.name.casefold() for each in self.views if each.name != self._renamed]
        if not name or name.casefold() in taken:
            self._say("Ce nom est déjà pris." if name else "Donnez un nom à cette vue.")
            self.name.setFocus()
            return
        if self._renamed:
            own = tuple(attrs.evolve(each, name=name) if each.name == self._renamed else each for each in self._own)
        else:
            own = (*self._own, attrs.evolve(self._now, name=name))
        self._came_from = name
        self._keep(own)
        self.on_given_up()

    def on_given_up(self) -> None:
        """Named, or not after all."""
        self._ask(None)
        button_ = next((each for each in self._buttons if each.view.name == self._came_from), None)
        (button_ or self._buttons[0]).setFocus(Qt.FocusReason.OtherFocusReason)

    def on_update_chosen(self) -> None:
        """The view is what is shown now."""
        name = self._came_from
        self._keep(tuple(attrs.evolve(self._now, name=name) if each.name == name else each for each in self._own))
        self._offer_undo(f"Vue «\u00a0{name}\u00a0» mise à jour.")

    def on_remove_chosen(self) -> None:
        """The view goes; what it showed stays."""
        name = self._came_from
        self._keep(tuple(each for each in self._own if each.name != name))
        self._offer_undo(f"Vue «\u00a0{name}\u00a0» supprimée.")

    def on_undo_clicked(self) -> None:
        """As it was before."""
        self._keep(self._before)
        self._say("")
        self.undo_action.hide()
        self.setFocus()

    def _keep(self, own: tuple[View, ...]) -> None:
        self._before, self._own = self._own, own
        self._say("")
        self.undo_action.hide()
        self._show()
        self.kept.emit(own)

    def _offer_undo(self, sentence: str) -> None:
        self._say(sentence)
        self.undo_action.show()
        self.undo_action.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask(self, name: str | None) -> None:
        for each in self._naming:
            each.setVisible(name is not None)
        if name is None:
            self._say("")
        else:
            self.undo_action.hide()
            self._say("")
            self.name.setText(name)
            self.name.selectAll()
            self.name.setFocus()
        self.show_now(self._now)

    def _say(self, sentence: str) -> None:
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))
        self.name.setAccessibleDescription(sentence)
        self.updateGeometry()

    def _lay_out(self) -> None:
        for each in (*self._naming, self._said, self.undo_action):
            each.hide()
        whole = column(gap=4)
        whole.addLayout(self._flow)
        whole.addLayout(self._under)
        self.setLayout(whole)
        self._show()

    def _show(self) -> None:
        for old in self._buttons:
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = []
        for at, each in enumerate(self.views):
            made = _Named(each)
            made.clicked.connect(partial(self._on_clicked, each))
            made.moved.connect(partial(self._on_moved, at))
            self._flow.insert(at, made)
            self._buttons.append(made)
        for one, other in zip(self._buttons, [*self._buttons[1:], self.keep_action], strict=False):
            QWidget.setTabOrder(one, other)
        self.setFocusProxy(self._buttons[0])
        self.show_now(self._now)

    def _on_clicked(self, view: View, _checked: bool = False) -> None:
        self._came_from = view.name
        self.chosen.emit(view)

    def _on_moved(self, at: int, step: int) -> None:
        there = self._buttons[(at + step) % len(self._buttons)]
        there.setFocus(Qt.FocusReason.TabFocusReason)
        self._on_clicked(there.view)


def _same(one: View, other: View) -> bool:
    """Whether they show the same."""
    return (set(one.filters), one.order, set(one.columns)) == (set(other.filters), other.order, set(other.columns))
