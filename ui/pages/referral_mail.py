# SPDX-License-Identifier: GPL-3.0-or-later
"""« Courrier »: letters received for the complainants, passed on or not, what they say, who was reached when."""

import uuid
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from hro_desktop.casework import editing
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.follow import EventDraft
from hro_desktop.casework.follow_overview import Followed, FollowedParty, Letter
from ui.build.proof import ProofDeposit
from ui.context import Context
from ui.editor.form import Layout
from ui.editor.panel import EditorPanel
from ui.halves import Halves
from ui.pages.agenda_forms import ANOTHER
from ui.pages.case_part import card
from ui.pages.page import Place
from ui.pages.referral_part import ReferralPart
from ui.widgets import Scroller, button, chip, clear, column, into_sight, label, row
from ui.words import short_day

__all__ = ["HistoryPart", "MailPart"]

_MAIL: Final = Layout(
    fields=(
        "received_on",
        "sender",
        "subject",
        "registered",
        "case_id",
        "referral_id",
        "evidence_id",
        "passed_on",
        "passed_how",
        "passed_by_id",
        "note",
        "another",
    ),
    labels={
        "received_on": "Reçu le",
        "sender": "De qui",
        "referral_id": "Saisine à laquelle il répond",
        "evidence_id": "Scan du courrier",
        "another": ANOTHER,
    },
    headings={"passed_on": "Transmis à la personne"},
)
_CONTACT: Final = Layout(fields=("contacted_on", "means", "reached", "volunteer_id", "words"))
_NONE: Final = (
    "Aucun courrier reçu depuis que cette saisine est commencée. Un courrier à l’adresse déclarée vaut "
    "notification\u00a0: «\u00a0+ Courrier\u00a0» le note dès qu’il arrive."
)


class MailPart(ReferralPart):
    """The third tab."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID) -> None:
        super().__init__(context, desk, referral_id)
        self.panel = EditorPanel(context, desk, ground="card")
        self.panel.told.connect(self.told)
        self._letters, self._people = column(gap=10), column(gap=10)
        letters, inner = card("Courriers reçus")
        inner.addLayout(self._letters)
        people, lines = card("Joindre les personnes")
        lines.addLayout(self._people)
        inner = column(margins=(0, 0, 8, 0), gap=12)
        inner.addWidget(self.panel)
        inner.addWidget(Halves(letters, people, room=context.theme.px(860), shares=(3, 2)))
        inner.addStretch()
        whole = column()
        whole.addWidget(Scroller(inner, name="Courrier de la saisine"))
        self.setLayout(whole)

    def show_followed(self, followed: Followed) -> None:
        """Letters and people."""
        super().show_followed(followed)
        clear(self._letters)
        for each in followed.letters:
            self._letters.addWidget(self._letter(each))
        if not followed.letters:
            self._letters.addWidget(label(_NONE, "soft", wrap=True))
        clear(self._people)
        for party in followed.parties:
            self._people.addWidget(self._person(party))

    def _letter(self, letter: Letter) -> QWidget:
        held = QFrame()
        line = row(gap=10)
        day = label(short_day(letter.received_on.isoformat()), "strong")
        day.setFixedWidth(self.context.theme.px(92))
        line.addWidget(day, 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap=1)
        title, detail = label(letter.title, wrap=True), label(letter.detail, "hint", wrap=True)
        self.context.veil.cover(title, detail)
        words.addWidget(title)
        words.addWidget(detail)
        acts = row(gap=10)
        for text, pressed in (
            ("Ouvrir", partial(self._on_open_clicked, letter.id)),
            ("Noter ce qu’il dit", partial(self._on_event_clicked, letter)),
            *((("Voir le scan", partial(self._on_scan_clicked, letter.scan_id)),) if letter.scan_id else ()),
        ):
            made = button(text, "link", name=f"{text}\u00a0: courrier de {letter.title}, {day.text()}")
            made.clicked.connect(pressed)
            acts.addWidget(made)
        acts.addStretch()
        words.addLayout(acts)
        line.addLayout(words, 1)
        said = ("à transmettre", "late") if letter.to_pass_on else ("transmis", "ok")
        line.addWidget(chip(*said), 0, Qt.AlignmentFlag.AlignTop)
        held.setLayout(line)
        return held

    def _person(self, party: FollowedParty) -> QWidget:
        held = QFrame()
        inner = column(gap=2)
        name = label(party.called, "strong", wrap=True)
        contact = label(party.contact[:1].upper() + party.contact[1:] + ".", "hint", wrap=True)
        self.context.veil.cover(name, contact)
        inner.addWidget(name)
        inner.addWidget(contact)
        if party.alarm:
            inner.addWidget(label(party.alarm, "warned", wrap=True))
        acts = row(gap=10)
        for text, pressed in (
            ("+ Courrier", self._on_mail_clicked),
            ("Noter un contact", self._on_contact_clicked),
        ):
            made = button(text, "link", name=f"{text}, {party.called}")
            made.clicked.connect(partial(pressed, party))
            acts.addWidget(made)
        acts.addStretch()
        inner.addLayout(acts)
        held.setLayout(inner)
        return held

    def _on_open_clicked(self, mail_id: uuid.UUID, _checked: bool = False) -> None:
        self.panel.tell("mail", _MAIL, mail_id, None, "courrier reçu")
        self._offer_deposit()

    def _on_scan_clicked(self, evidence_id: uuid.UUID, _checked: bool = False) -> None:
        self.go.emit(Place("evidence", evidence_id))

    def _on_event_clicked(self, letter: Letter, _checked: bool = False) -> None:
        draft = EventDraft(
            referral_id=self.referral_id,
            party_ids=(letter.party_id,),
            occurred_on=letter.received_on,
            proof_evidence_id=letter.scan_id,
        )
        self.event_wanted.emit(draft)

    def _on_mail_clicked(self, party: FollowedParty, _checked: bool = False) -> None:
        sender = self.followed.authority_name if self.followed is not None else ""
        draft = editing.blank(
            "mail", case_id=party.case_id, referral_id=self.referral_id, sender=sender, received_on=self.desk.today()
        )
        self.panel.tell("mail", _MAIL, draft.id, draft, "courrier reçu")
        self._offer_deposit()

    def _on_contact_clicked(self, party: FollowedParty, _checked: bool = False) -> None:
        draft = editing.blank("contact_note", person_id=party.person_id, case_id=party.case_id)
        draft.contacted_on = self.desk.today()
        self.panel.tell("contact_note", _CONTACT, draft.id, draft, "contact")
        into_sight(self.panel)

    def _offer_deposit(self) -> None:
        editor = self.panel.editor
        if editor is not None and self.followed is not None:
            cases = [each.case_id for each in self.followed.parties]
            field = editor.form.field("evidence_id")
            field.add_below(ProofDeposit(self.context, self.desk, field.input, cases, "courrier reçu"))
        into_sight(self.panel)


class HistoryPart(ReferralPart):
    """« Chronologie »: everything that happened to it, the last first."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID) -> None:
        super().__init__(context, desk, referral_id)
        made, inner = card("Chronologie")
        self._lines = column(gap=8)
        inner.addLayout(self._lines)
        inner = column(margins=(0, 0, 8, 0), gap=12)
        inner.addWidget(made)
        inner.addStretch()
        whole = column()
        whole.addWidget(Scroller(inner, name="Chronologie de la saisine"))
        self.setLayout(whole)

    def show_followed(self, followed: Followed) -> None:
        """What happened."""
        super().show_followed(followed)
        clear(self._lines)
        for each in followed.timeline:
            line = row(gap=10)
            day = label(short_day(each.on.isoformat()), "strong")
            day.setFixedWidth(self.context.theme.px(92))
            line.addWidget(day, 0, Qt.AlignmentFlag.AlignTop)
            words = column(gap=1)
            title, detail = (
                label(each.title[:1].upper() + each.title[1:], wrap=True),
                label(each.detail, "hint", wrap=True),
            )
            self.context.veil.cover(title, detail)
            words.addWidget(title)
            if each.detail:
                words.addWidget(detail)
            line.addLayout(words, 1)
            self._lines.addLayout(line)
        if not followed.timeline:
            self._lines.addWidget(label("Rien n’est encore arrivé à cette saisine.", "soft", wrap=True))
