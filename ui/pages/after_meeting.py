# SPDX-License-Identifier: GPL-3.0-or-later
"""After a meeting: what became of it, what was said, and the next one."""

import datetime as dt
import uuid
from collections.abc import Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from hro_desktop.casework import editing
from hro_desktop.casework.appointments import Met
from hro_desktop.casework.desk import Desk
from ui.beside import card
from ui.context import Context
from ui.editor.panel import EditorPanel
from ui.flow import Flow
from ui.pages.agenda_forms import CONTACT
from ui.widgets import button, clear, column, label, widgets_in
from ui.words import long_day

__all__ = ["AfterCard"]

_STATES: Final[Mapping[str, str]] = {
    "tenu": "Il a eu lieu",
    "manque": "La personne n’est pas venue",
    "annule": "Il est annulé",
}
_SAID: Final[Mapping[str, str]] = {
    "tenu": "Il a eu lieu\u00a0: le contact est noté au dossier.",
    "manque": "La personne n’est pas venue\u00a0: un essai sans réponse est noté au dossier.",
    "annule": "Il est annulé.",
}
_WEEKS: Final = ((1, "Dans une semaine"), (2, "Dans deux semaines"))


class AfterCard(QWidget):
    """Says what became of the meeting, keeps a note of the contact, proposes the next meeting."""

    ended = Signal(str)
    """Code of what became of it."""
    taken_back = Signal()
    """It is still to come."""
    next_wanted = Signal(object)
    """The day of the next one; `None` to be told."""
    told = Signal(str, str)
    """What became of what is typed."""

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._met: Met | None = None
        self._shown: object = None
        self._acts = {state: button(text) for state, text in _STATES.items()}
        for state, each in self._acts.items():
            each.clicked.connect(partial(self._on_act_clicked, state))
        self._said = label("", "soft", wrap=True)
        self.back = button("Non, il est encore prévu", "link")
        self.back.clicked.connect(self.taken_back)
        self.note = button("Noter un contact", name="Noter un contact avec la personne")
        self.note.clicked.connect(self.on_note_clicked)
        self.panel = EditorPanel(context, desk)
        self.panel.told.connect(self.told)
        self._today = desk.today()
        self._next = Flow(8)
        self._lay_out()

    @property
    def acts(self) -> tuple[QPushButton, ...]:
        """What can be said of it."""
        return tuple(self._acts.values())

    @property
    def nexts(self) -> tuple[QPushButton, ...]:
        """The days that are proposed, and another one."""
        return tuple(each for each in widgets_in(self._next) if isinstance(each, QPushButton))

    def show_met(self, met: Met, today: dt.date) -> None:
        """Show where it is."""
        self._met, self._today = met, today
        waits = met.state == "prevu"
        held = any(each.hasFocus() for each in self.acts)
        for each in self.acts:
            each.setVisible(waits)
        self._said.setText(_SAID.get(met.state, ""))
        self._said.setVisible(not waits)
        self.back.setVisible(not waits)
        if held and not waits and self.panel.editor is None:
            self.back.setFocus()
        shown = (met.planned_on, today)
        if shown != self._shown:
            self._shown = shown
            self._propose(max(met.planned_on, today))

    def tell(self, note_id: uuid.UUID | None) -> None:
        """The note of the contact that the meeting was, to be completed."""
        if note_id is not None:
            self.panel.tell("contact_note", CONTACT, note_id, None, "Ce qui s’est dit")
            if self.panel.editor is not None:
                self.panel.editor.focus("words")

    def on_note_clicked(self) -> None:
        """Somebody was reached, or tried for, besides the meeting."""
        if self._met is not None:
            known = {"person_id": self._met.person_id, "case_id": self._met.case_id, "contacted_on": self._today}
            fresh = editing.blank("contact_note", **known)
            self.panel.tell("contact_note", CONTACT, fresh.id, fresh, "Un contact")
            if self.panel.editor is not None:
                self.panel.editor.focus("means")

    def _on_act_clicked(self, state: str, _checked: bool = False) -> None:
        self.ended.emit(state)

    def _on_next_clicked(self, on: dt.date | None, _checked: bool = False) -> None:
        self.next_wanted.emit(on)

    def _propose(self, start: dt.date) -> None:
        clear(self._next)
        for weeks, words in _WEEKS:
            on = start + dt.timedelta(weeks=weeks)
            made = button(f"{words}, {long_day(on, self._today)}")
            made.clicked.connect(partial(self._on_next_clicked, on))
            self._next.addWidget(made)
        other = button("Un autre jour…")
        other.clicked.connect(partial(self._on_next_clicked, None))
        self._next.addWidget(other)

    def _lay_out(self) -> None:
        made, inner = card("Après le rendez-vous")
        acts = Flow(8)
        for each in self.acts:
            acts.addWidget(each)
        inner.addLayout(acts)
        inner.addWidget(self._said)
        inner.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addWidget(self.panel)
        inner.addWidget(self.note, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addSpacing(6)
        inner.addWidget(label("Prochain rendez-vous", "strong"))
        inner.addWidget(label("Même personne, même lieu, même heure\u00a0: tout se change ensuite.", "hint", wrap=True))
        inner.addLayout(self._next)
        whole = column()
        whole.addWidget(made)
        self.setLayout(whole)
