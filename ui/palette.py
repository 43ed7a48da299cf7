# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl K: one line in which one types, and goes to a person, a case, facts, an item, or does something."""

import uuid
from collections.abc import Sequence
from functools import partial
from typing import Final

import attrs
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QWidget

from hro_desktop.casework import search
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.search import Hit
from hro_desktop.law.tables import fold
from hro_desktop.records.base import new_id
from ui.context import Context
from ui.help import book
from ui.jobs import Job, Lane, Report, Token
from ui.pages import NAV, ROUTES
from ui.pages.page import Place
from ui.pages.places import case_beside, place_of
from ui.veil import COVERED
from ui.widgets import column, label

__all__ = ["Entry", "Palette"]

_PAUSE: Final = 40
"""Milliseconds after the last key before the vault is asked."""
_MOST: Final = 12
_KINDS: Final = {
    "person": "Personne",
    "case": "Dossier",
    "incident": "Faits",
    "statement": "Récit",
    "evidence": "Pièce",
    "referral": "Saisine",
    "organisation": "Annuaire",
    "outing": "Sortie",
}

_TYPED: Final = ("Pièce", "Annuaire")
"""Kinds whose title somebody typed: it may name people. The others are called by their reference."""


@attrs.frozen
class Entry:
    """One line of the palette: what it is, what it is called, more, and where it leads.

    It leads to a `Place`, or to a page of the help by its name.
    """

    kind: str
    title: str
    detail: str
    place: Place | str


@attrs.frozen
class _Found:
    """What the vault found for some words."""

    words: str
    hits: tuple[tuple[Hit, uuid.UUID | None], ...]
    """Each with the case it is best looked at in, when no page of its own shows it."""


def _find(desk: Desk, words: str, token: Token, _report: Report) -> _Found:
    token.check()
    with desk.read() as session:
        hits = search.find(session, words, limit=_MOST)
        return _Found(words, tuple((each, case_beside(session, each.kind, each.id)) for each in hits))


class Palette(QFrame):
    """Over the page, until something is chosen or Escape is pressed."""

    chosen = Signal(object)
    """Where to go: a `Place`."""
    help_chosen = Signal(str)
    """A page of the help, by its name."""

    def __init__(self, context: Context, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._context, self._desk, self._over = context, desk, parent
        self._job: Job | None = None
        context.veil.moved.connect(self.on_veil_moved)
        self._line = QLineEdit()
        self._line.setPlaceholderText("Nom, surnom, référence, lieu, RIO partiel, numéro, ou une action")
        self._line.setAccessibleName("Rechercher partout")
        self._line.textChanged.connect(self.on_text_changed)
        self._line.installEventFilter(self)
        self._list = QListWidget()
        self._list.setAccessibleName("Ce qui correspond")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemClicked.connect(self.on_item_clicked)
        self._nothing = label("Rien ne correspond dans ce coffre.", "soft", wrap=True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.on_pause)
        inner = column(margins=(12, 10, 12, 12), gap=6)
        named = label("Rechercher partout", "label")
        named.setBuddy(self._line)
        inner.addWidget(named)
        inner.addWidget(self._line)
        inner.addWidget(self._nothing)
        inner.addWidget(self._list, 1)
        self.setLayout(inner)
        self.hide()

    @property
    def line(self) -> QLineEdit:
        """Where one types."""
        return self._line

    @property
    def entries(self) -> list[Entry]:
        """What is shown, in order."""
        return [self._list.item(at).data(Qt.ItemDataRole.UserRole) for at in range(self._list.count())]

    def open(self) -> None:
        """Come up, empty, ready to be typed in."""
        room, px = self._over.size(), self._context.theme.px
        width = min(px(640), room.width() - px(40))
        self.setGeometry((room.width() - width) // 2, px(64), width, min(px(460), room.height() - px(96)))
        self._line.clear()
        self._show_entries(_actions(""))
        self.show()
        self.raise_()
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_up(self) -> None:
        """Go away; what was being looked for is not wanted any more."""
        if self._job is not None:
            self._job.cancel()
        self._pause.stop()
        self._line.clear()
        self._list.clear()
        self.hide()

    def on_text_changed(self, _text: str) -> None:
        """Ask when the person has stopped typing for a moment."""
        self._pause.start()

    def on_pause(self) -> None:
        """Ask the vault; what was asked before is not waited for."""
        if self._job is not None:
            self._job.cancel()
        words = self._line.text().strip()
        if not words:
            self._show_entries(_actions(""))
            return
        work = partial(_find, self._desk, words)
        self._job = self._context.jobs.start(Lane.READ, work, owner=self, done=self.on_found)

    def on_found(self, found: _Found) -> None:
        """Here is what matches, unless other words are there by now."""
        if found.words == self._line.text().strip() and self.isVisible():
            self._show_entries([*_entries(found.hits), *_actions(found.words)])

    def on_veil_moved(self, _down: bool) -> None:
        """Names are covered or shown again."""
        chosen = self._list.currentRow()
        self._show_entries(self.entries)
        self._list.setCurrentRow(chosen)

    def on_item_clicked(self, item: QListWidgetItem) -> None:
        """Chosen by the mouse."""
        self._choose(item)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Arrows move in what matches, Enter takes it, Escape or leaving closes."""
        override = watched is self._line and event.type() is QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()  # Escape is for this line: the page would be left
            return True
        if watched is self._line and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._list.count():
                step = 1 if key == Qt.Key.Key_Down else -1
                self._list.setCurrentRow((self._list.currentRow() + step) % self._list.count())
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self._list.currentItem())
                return True
            if key == Qt.Key.Key_Escape:
                self.close_up()
                return True
        if watched is self._line and event.type() is QEvent.Type.FocusOut and self.isVisible():
            self.close_up()
        return super().eventFilter(watched, event)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            entry: Entry = item.data(Qt.ItemDataRole.UserRole)
            self.close_up()
            if isinstance(entry.place, Place):
                self.chosen.emit(entry.place)
            else:
                self.help_chosen.emit(entry.place)

    def _show_entries(self, entries: Sequence[Entry]) -> None:
        self._list.clear()
        covered = self._context.veil.down
        for each in entries:
            detail = f"\u2002{each.detail}" if each.detail else ""
            if covered and each.kind not in ("Aller à", "Aide"):
                detail = f"\u2002{COVERED}"
            title = COVERED if covered and each.kind in _TYPED else each.title
            item = QListWidgetItem(f"{each.kind}\u2002·\u2002{title}{detail}")
            item.setData(Qt.ItemDataRole.UserRole, each)
            self._list.addItem(item)
        if entries:
            self._list.setCurrentRow(0)
        self._nothing.setVisible(not entries)
        self._list.setVisible(bool(entries))


def _entries(hits: Sequence[tuple[Hit, uuid.UUID | None]]) -> list[Entry]:
    """What was found and a page shows."""
    found = []
    for hit, case in hits:
        place = place_of(hit.kind, hit.id, case=case)
        if place is not None:
            found.append(Entry(_KINDS.get(hit.kind, hit.kind), hit.title, hit.detail, place))
    return found


def _actions(words: str) -> list[Entry]:
    """Pages whose name holds every word; with a word, general pages of the help too."""
    named = [(each.text, Place(each.page)) for each in NAV if each.page in ROUTES]
    if "flash" in ROUTES:
        named.append(("Fiche éclair", Place("flash")))
    if "outing" in ROUTES:
        named.append(("Nouvelle sortie", Place("outing", new_id())))
    wanted = fold(words).split()
    if words and not wanted:
        return []
    found = [Entry("Aller à", text, "", place) for text, place in named if all(each in fold(text) for each in wanted)]
    for each in book.pages() if wanted else ():
        # That of a page of the window bears its name: it is read there, with F1.
        if not each.page and all(word in fold(each.title) for word in wanted):
            found.append(Entry("Aide", each.title, "", each.name))
    return found
