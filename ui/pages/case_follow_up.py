# SPDX-License-Identifier: GPL-3.0-or-later
"""What a case awaits, on its summary: the next meeting, the last contact, letters to pass on; each can be changed."""

import uuid
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from hro_desktop.casework import editing
from hro_desktop.casework.agenda_overview import Entry, FollowUp
from hro_desktop.casework.desk import Desk
from ui.context import Context
from ui.editor.layout import capital
from ui.editor.panel import EditorPanel
from ui.lines import LineList
from ui.pages.agenda import line_of
from ui.pages.agenda_forms import CONTACT
from ui.pages.case_part import card
from ui.pages.page import Place
from ui.widgets import button, chip, clear, column, label, row

__all__ = ["FollowUpCard"]

_NONE: Final = "Aucun rendez-vous n’est prévu."


class FollowUpCard(QWidget):
    """« Suivi » of a case."""

    go = Signal(object)
    told = Signal(str, str)
    """What became of what is typed."""

    def __init__(self, context: Context, desk: Desk, case_id: uuid.UUID) -> None:
        super().__init__()
        self._context, self._desk, self._case_id = context, desk, case_id
        self._found: FollowUp | None = None
        self.meet = button("+ Rendez-vous", "link", name="Un rendez-vous pour ce dossier")
        self.meet.clicked.connect(self.on_meet_clicked)
        made, inner = card("Suivi", self.meet)
        inner.setContentsMargins(1, 0, 1, 12)
        self.lines = LineList(context, name="Rendez-vous et courrier de ce dossier")
        self.lines.chosen.connect(self.go)
        self._none = label(_NONE, "soft", wrap=True)
        self._none.setContentsMargins(15, 10, 15, 4)
        self._contact = column(margins=(15, 8, 15, 4), gap=6)
        self.note = button("Noter un contact", name="Noter un contact avec cette personne")
        self.note.clicked.connect(self.on_note_clicked)
        self.mend = button("Corriger le dernier", "link", name="Corriger le dernier contact")
        self.mend.clicked.connect(self.on_mend_clicked)
        self.panel = EditorPanel(context, desk)
        self.panel.told.connect(self.told)
        acts = row(gap=8)
        acts.addWidget(self.note)
        acts.addWidget(self.mend)
        acts.addStretch()
        under = column(margins=(15, 2, 15, 0), gap=8)
        under.addLayout(acts)
        under.addWidget(self.panel)
        for each in (self._none, self.lines):
            inner.addWidget(each)
        inner.addLayout(self._contact)
        inner.addLayout(under)
        whole = column()
        whole.addWidget(made)
        self.setLayout(whole)
        for act in (self.meet, self.note, self.mend):
            act.setEnabled(False)

    def show_follow_up(self, found: FollowUp) -> None:
        """Show it."""
        self._found = found
        today = self._desk.today()
        entries: tuple[Entry, ...] = (*found.unsaid, *found.ahead, *found.mail)
        self.lines.show_lines([line_of(each, today, dated=True) for each in entries])
        self._none.setText(_NONE if not found.unsaid else "Dites ce que le dernier rendez-vous est devenu.")
        self._none.setVisible(not found.ahead)
        clear(self._contact)
        line = row(gap=8)
        if found.silent:
            line.addWidget(chip("sans nouvelles", "warn"), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(label(capital(found.contact), "soft", wrap=True), 1)
        self._contact.addLayout(line)
        for act in (self.meet, self.note):
            act.setEnabled(True)
        self.mend.setEnabled(found.contact_id is not None)
        self.mend.setVisible(found.contact_id is not None)

    def on_meet_clicked(self) -> None:
        """A new meeting, for this case."""
        fresh = editing.blank("appointment", case_id=self._case_id)
        self.go.emit(Place("meeting", fresh.id, given=fresh))

    def on_note_clicked(self) -> None:
        """Somebody was reached, or tried for."""
        if self._found is not None:
            known = {"person_id": self._found.person_id, "case_id": self._case_id, "contacted_on": self._desk.today()}
            fresh = editing.blank("contact_note", **known)
            self.panel.tell("contact_note", CONTACT, fresh.id, fresh, "Un contact")
            if self.panel.editor is not None:
                self.panel.editor.focus("means")

    def on_mend_clicked(self) -> None:
        """The last one was noted wrong."""
        if self._found is not None and self._found.contact_id is not None:
            self.panel.tell("contact_note", CONTACT, self._found.contact_id, None, "Le dernier contact")
