# SPDX-License-Identifier: GPL-3.0-or-later
"""The boxes of a body's online form, to be copied one by one and pasted by a person; the program sends nothing."""

import uuid
from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QPushButton

from forms.paste import Box
from hro_desktop.casework import boxes
from hro_desktop.casework.boxes import Attached, Sheet
from hro_desktop.casework.desk import Desk
from ui import clipboard
from ui.build.in_page import InPage
from ui.build.version import size_of
from ui.changes import Changes
from ui.context import Context
from ui.jobs import Lane, Report, Token
from ui.widgets import button, chip, clear, column, label, row
from ui.words import count

__all__ = ["BoxCard", "OnlinePanel"]

_SHOWN: Final = 1500
"""Milliseconds of « copié »."""
_QUIET: Final = frozenset({"kept_draft", "preference", "mail", "reminder", "appointment", "departure"})
_WHY: Final = (
    "Ouvrez le formulaire de l’organisme dans un navigateur, puis recopiez case par case. Le programme n’envoie rien. "
    "Ce qui est copié s’efface du presse-papiers au bout d’une minute, et au verrouillage."
)


def _read(desk: Desk, referral_id: uuid.UUID, token: Token, _report: Report) -> Sheet:
    token.check()
    return boxes.of_referral(desk, referral_id)


class BoxCard(QFrame):
    """One box: its name, what is pasted in it, how long it is, « Copier »."""

    def __init__(self, context: Context, box: Box, *, held: bool) -> None:
        super().__init__()
        self.setObjectName("choice")
        self.box = box
        inner = column(margins=(12, 8, 12, 10), gap=4)
        head = row(gap=8)
        head.addWidget(label(f"{box.number}. {box.label}", "strong", wrap=True), 1)
        self.state: QLabel = chip("copié", "ok")
        self.state.hide()
        head.addWidget(self.state)
        self.action: QPushButton = button("Copier", name=f"Copier la case {box.number}, {box.label}")
        self.action.setEnabled(bool(box.text) and not held)
        self.action.clicked.connect(self.copy)
        head.addWidget(self.action)
        inner.addLayout(head)
        inner.addWidget(label(" · ".join(_about(box)), "problem" if box.is_too_long else "hint", wrap=True))
        if box.text:
            text = label(box.text, "soft", wrap=True)
            context.veil.cover(text)
            inner.addWidget(text)
        self.setLayout(inner)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_SHOWN)
        self._pause.timeout.connect(self.on_pause)

    def copy(self) -> None:
        """Put the value on the clipboard, for a minute."""
        clipboard.copy(self.box.text)
        self.state.show()
        self.action.setText("Copié")
        self._pause.start()

    def on_pause(self) -> None:
        """It can be copied again; the chip stays, to know where one is."""
        self.action.setText("Copier")


class OnlinePanel(InPage):
    """The form, box by box. Ctrl Maj C copies the next one that was not copied."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID) -> None:
        super().__init__(context, desk, referral_id, "Formulaire en ligne")
        self._cards: list[BoxCard] = []
        self._sheet: Sheet | None = None
        self._held = label("", "problem", wrap=True)
        self._held.hide()
        self._done = label("", "hint")
        self.next_action = button("Copier la case suivante", tip="Ctrl Maj C")
        self.next_action.clicked.connect(self.copy_next)
        self._boxes, self._attached = column(gap=8), column(gap=4)
        self.inner.addWidget(label(_WHY, "soft", wrap=True))
        self.inner.addWidget(self._held)
        line = row(gap=8)
        line.addWidget(self.next_action)
        line.addWidget(self._done)
        line.addStretch()
        self.inner.addLayout(line)
        self.inner.addLayout(self._boxes)
        self.inner.addWidget(label("À joindre, dans l’ordre du bordereau", "strong", wrap=True))
        self.inner.addLayout(self._attached)
        again = QShortcut(QKeySequence("Ctrl+Shift+C"), self, self.copy_next)
        again.setContext(Qt.ShortcutContext.WindowShortcut)
        context.news.changed.connect(self.on_changed)

    @property
    def cards(self) -> Sequence[BoxCard]:
        """One for each box, in the order of the platform."""
        return tuple(self._cards)

    @property
    def held(self) -> str:
        """Why nothing may be copied now."""
        return self._held.text()

    def open(self) -> None:
        """Show it, and ask."""
        self.show()
        self._ask()

    def on_changed(self, changes: Changes) -> None:
        """An agreement may be withdrawn, the version frozen again: what may be copied is another thing."""
        if self.isVisible() and any(table not in _QUIET for table, _ in changes):
            self._ask()

    def on_sheet(self, sheet: Sheet) -> None:
        """Here it is; what was copied stays marked while its value is the same."""
        self.say("")
        if sheet == self._sheet:
            return
        copied = {card.box for card in self._cards if not card.state.isHidden()}
        self._sheet = sheet
        self._held.setText(sheet.held)
        self._held.setVisible(bool(sheet.held))
        clear(self._boxes)
        self._cards = []
        section = ""
        for box in sheet.boxes:
            if box.section != section:
                section = box.section
                self._boxes.addWidget(label(section, "strong", wrap=True))
            card = BoxCard(self.context, box, held=bool(sheet.held))
            card.state.setVisible(box in copied and not sheet.held)
            card.action.clicked.connect(self.on_copied)
            self._cards.append(card)
            self._boxes.addWidget(card)
        clear(self._attached)
        for each in sheet.attached:
            held = label(_joined(each), wrap=True)
            self.context.veil.cover(held)
            self._attached.addWidget(held)
        if not sheet.attached:
            self._attached.addWidget(label("Aucune pièce.", "hint"))
        self.on_copied()

    def copy_next(self) -> None:
        """The next box that was not copied; it shows, and has the focus."""
        waiting = next((card for card in self._cards if card.action.isEnabled() and card.state.isHidden()), None)
        if waiting is None or not self.isVisible():
            return
        waiting.action.setFocus(Qt.FocusReason.ShortcutFocusReason)
        waiting.action.click()

    def on_copied(self, _checked: bool = False) -> None:
        """How many there were, of how many."""
        filled = [card for card in self._cards if card.action.isEnabled()]
        done = sum(not card.state.isHidden() for card in filled)
        self._done.setText(f"{done} sur {count(len(filled), 'case copiée', 'cases copiées')}" if filled else "")
        self.next_action.setEnabled(done < len(filled))

    def _ask(self) -> None:
        work = partial(_read, self.desk, self.referral_id)
        self.context.jobs.start(Lane.READ, work, owner=self, done=self.on_sheet, failed=self.on_failed)


def _about(box: Box) -> list[str]:
    if not box.text:
        return ["rien à recopier", *([box.hint] if box.hint else [])]
    size = count(len(box.text), "caractère", "caractères")
    limit = f"limite {box.limit}" if box.limit is not None else "limite non relevée"
    late = ["trop long\u00a0: raccourcissez le texte dans la saisine"] if box.is_too_long else []
    return [size, limit, *late, *([box.hint] if box.hint else [])]


def _joined(each: Attached) -> str:
    if each.withheld:
        return f"{each.number}. {each.title}\u00a0: {each.withheld}"
    return f"{each.number}. {each.title} — {each.file}, {size_of(each.size)}"
