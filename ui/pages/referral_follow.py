# SPDX-License-Identifier: GPL-3.0-or-later
"""« Suivi »: where each complainant's part stands, what happened with which proof, what presses, what completes it."""

import uuid
from collections.abc import Callable
from functools import partial

import attrs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QWidget

from hro_desktop.casework import editing, follow
from hro_desktop.casework.deadlines import Press
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.follow import EventDraft, Noted
from hro_desktop.casework.follow_overview import Event, Followed, FollowedParty
from ui.acts import act, acted
from ui.context import Context
from ui.editor.editor import Editor
from ui.editor.form import Layout
from ui.editor.panel import EditorPanel
from ui.halves import Halves
from ui.lines import Line, LineList
from ui.messages import sentence_of
from ui.pages import ROUTES
from ui.pages.case_part import card
from ui.pages.page import Place
from ui.pages.referral_event import EventPanel, UndoLine
from ui.pages.referral_part import ReferralPart
from ui.step_bar import StepBar
from ui.widgets import Scroller, button, clear, column, frame, into_sight, label, row, rule, widgets_in
from ui.words import short_day

__all__ = ["FollowPart"]

_NUMBER = Layout(fields=("body_reference",), single=True)
_REMINDER = Layout(fields=("what", "due_on", "volunteer_id", "note"), lines={"note": 2}, long=frozenset({"note"}))
_PRESS = {"perte_preuve": "late", "ouverture_droit": "brand", "echeance_legale": "warn", "rappel_interne": "plain"}


class FollowPart(ReferralPart):
    """The first tab."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID) -> None:
        super().__init__(context, desk, referral_id)
        self.event_panel = EventPanel(context, desk, referral_id)
        self.event_panel.told.connect(self.told)
        self.event_panel.noted.connect(self.on_noted)
        self.event_panel.closed.connect(self.on_event_closed)
        self.undo = UndoLine(context, desk)
        self.undo.failed.connect(self.said)
        self.event_action = button("Noter un événement", tip="Accusé, courrier, décision… (Ctrl E)")
        self.event_action.setShortcut("Ctrl+E")
        self.event_action.clicked.connect(self.on_event_clicked)
        self._parties = column(gap=12)
        self._numbers: dict[uuid.UUID, Editor] = {}
        self._number_card, self._number_lines = card("Numéro donné par l’organisme")
        self.presses = LineList(context, name="Ce qui presse")
        self.presses.chosen.connect(self.on_press)
        self._no_press = label("Aucune date ne court d’après ce qui est noté.", "soft", wrap=True)
        self.reminder = EditorPanel(context, desk)
        self.reminder.told.connect(self.told)
        self.reminder_action = button("Me rappeler…", "link", name="Noter un rappel pour cette saisine")
        self.reminder_action.clicked.connect(self.on_reminder_clicked)
        self.related = LineList(context, name="Saisines liées")
        self.related.chosen.connect(self.go)
        self._complete = column(gap=4)
        self._no_related = label("Aucune autre saisine n’est liée.", "soft", wrap=True)
        self._lay_out()

    def show_followed(self, followed: Followed) -> None:
        """Each complainant's card, and what goes with all."""
        super().show_followed(followed)
        held = self._focused()
        clear(self._parties)
        for each in followed.parties:
            self._parties.addWidget(self._party(each))
        self._show_numbers(followed)
        lines = [_press(each) for each in followed.presses]
        self.presses.show_lines(lines)
        self._no_press.setVisible(not lines)
        self._show_related(followed)
        if held:
            self._focus_on(held)

    def open_event(self, draft: EventDraft | None = None) -> None:
        """Note an event, with what is known of it."""
        if self.followed is not None:
            parties = [(each.id, each.called) for each in self.followed.parties]
            cases = [each.case_id for each in self.followed.parties]
            self.event_panel.open(self.followed.states, parties, cases, draft)
            into_sight(self.event_panel)

    def on_event_clicked(self) -> None:
        """For all, unless somebody is chosen in the form."""
        self.open_event()

    def on_event_closed(self) -> None:
        """Not now."""
        self.event_action.setFocus()

    def on_noted(self, noted: Noted) -> None:
        """It can be undone."""
        self.said.emit("")
        self.undo.offer("Événement corrigé." if noted.before else "Événement noté.", noted)

    def on_removed(self, noted: Noted) -> None:
        """So can this."""
        self.undo.offer("Événement retiré.", noted)

    def on_failed(self, error: Exception) -> None:
        """It could not be done."""
        self.said.emit(sentence_of(error))

    def on_press(self, place: object) -> None:
        """A reminder is told here; the rest leads elsewhere."""
        if isinstance(place, uuid.UUID):
            self.reminder.tell("reminder", _REMINDER, place, None, "rappel")
        elif place is not None:
            self.go.emit(place)

    def on_reminder_clicked(self) -> None:
        """A reminder of ours, for this referral."""
        draft = editing.blank("reminder", referral_id=self.referral_id)
        self.reminder.tell("reminder", _REMINDER, draft.id, draft, "rappel pour cette saisine")

    def on_completed(self, referral_id: uuid.UUID) -> None:
        """It is begun: prepare it."""
        self.go.emit(Place("build" if "build" in ROUTES else "referral", referral_id))

    def _party(self, party: FollowedParty) -> QFrame:
        held = frame("card")
        inner = column(margins=(16, 12, 16, 14), gap=8)
        head = row(gap=8)
        name = button(party.called, "link", name=f"Ouvrir le dossier {party.reference}, {party.called}")
        name.clicked.connect(partial(self._on_case_clicked, party.case_id))
        self.context.veil.cover(name)
        head.addWidget(name)
        head.addWidget(label(party.reference, "hint"))
        head.addStretch()
        inner.addLayout(head)
        inner.addWidget(StepBar(self.context, party.bar))
        line = row(gap=8)
        since = party.since[:1].upper() + party.since[1:]
        line.addWidget(label(f"{since}." if since else "", "soft", wrap=True), 1)
        inner.addLayout(line)
        if party.alarm:
            warned = label(party.alarm, "warned", wrap=True)
            inner.addWidget(warned)
        contact = label(f"Contact\u00a0: {party.contact}.", "hint", wrap=True)
        self.context.veil.cover(contact)
        inner.addWidget(contact)
        inner.addWidget(rule())
        for each in party.events:
            inner.addLayout(self._event(party, each))
        if not party.events:
            inner.addWidget(label("Aucun événement noté.", "hint"))
        held.setLayout(inner)
        return held

    def _event(self, party: FollowedParty, event: Event) -> QBoxLayout:
        line = row(gap=10)
        day = label(short_day(event.occurred_on.isoformat()), "strong")
        day.setFixedWidth(self.context.theme.px(92))
        line.addWidget(day, 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap=1)
        words.addWidget(label(event.words[:1].upper() + event.words[1:], wrap=True))
        proof = event.proof_title or "sans preuve"
        detail = label(" · ".join(part for part in (proof, event.note) if part), "hint", wrap=True)
        self.context.veil.cover(detail)
        words.addWidget(detail)
        line.addLayout(words, 1)
        said = f"{event.words}, {short_day(event.occurred_on.isoformat())}, {party.called}"
        if event.proof_id is not None:
            line.addWidget(self._small("Voir la preuve", said, partial(self._on_proof_clicked, event.proof_id)))
        line.addWidget(self._small("Corriger", said, partial(self._on_change_clicked, event)))
        if not event.sent:
            line.addWidget(self._small("Retirer", said, partial(self._on_remove_clicked, event.id)))
        return line

    def _small(self, text: str, about: str, pressed: Callable[[], None]) -> QWidget:
        made = button(text, "link", name=f"{text}\u00a0: {about}")
        made.clicked.connect(pressed)
        return made

    def _on_case_clicked(self, case_id: uuid.UUID, _checked: bool = False) -> None:
        self.go.emit(Place("case", case_id))

    def _on_proof_clicked(self, evidence_id: uuid.UUID, _checked: bool = False) -> None:
        self.go.emit(Place("evidence", evidence_id))

    def _on_change_clicked(self, event: Event, _checked: bool = False) -> None:
        self.open_event(
            EventDraft(
                referral_id=self.referral_id,
                step_id=event.id,
                party_ids=(event.party_id,),
                status=event.status,
                occurred_on=event.occurred_on,
                proof_evidence_id=event.proof_id,
                note=event.note,
            )
        )

    def _on_remove_clicked(self, step_id: uuid.UUID, _checked: bool = False) -> None:
        self.said.emit("")
        work = partial(acted, self.desk, follow.remove, (step_id,))
        act(self.context, work, self.on_removed, self.on_failed)

    def _on_complete_clicked(self, code: str, _checked: bool = False) -> None:
        for made in widgets_in(self._complete):
            made.setEnabled(False)  # once is enough
        work = partial(acted, self.desk, follow.complete, (self.referral_id, code, self.desk.today()))
        act(self.context, work, self.on_completed, self.on_failed)

    def _show_numbers(self, followed: Followed) -> None:
        """Made once: what is typed in them stays where it is."""
        if list(self._numbers) == [each.id for each in followed.parties]:
            for each in followed.parties:
                editor = self._numbers[each.id]
                if not editor.dirty and editor.form.field("body_reference").input.value() != each.body_reference:
                    editor.open(each.id)
            return
        clear(self._number_lines)
        self._numbers = {}
        for each in followed.parties:
            layout = attrs.evolve(_NUMBER, labels={"body_reference": each.called}, hints={"body_reference": ""})
            made = self._numbers[each.id] = Editor(self.context, self.desk, "referral_party", layout, eager=True)
            made.told.connect(self.told)
            made.open(each.id)
            self._number_lines.addWidget(made)

    def _show_related(self, followed: Followed) -> None:
        self.related.show_lines(
            [Line(title=each.title, detail=each.detail, place=Place("referral", each.id)) for each in followed.related]
        )
        self._no_related.setVisible(not followed.related)
        clear(self._complete)
        for code, words in followed.may_complete:
            made = button(f"Compléter\u00a0: {words}", name=f"Commencer\u00a0: {words}")
            made.setToolTip("Mêmes faits, mêmes personnes\u00a0; les numéros des pièces continuent")
            made.clicked.connect(partial(self._on_complete_clicked, code))
            self._complete.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)

    def _focused(self) -> str:
        """What has the cursor among what is about to be made anew, by the name the ear knows."""
        at = self.focusWidget()
        return at.accessibleName() if at is not None and at.hasFocus() else ""

    def _focus_on(self, name: str) -> None:
        for each in self.findChildren(QWidget):
            if each.accessibleName() == name and each.isEnabled():
                each.setFocus()
                return

    def _lay_out(self) -> None:
        top = row(gap=8)
        top.addWidget(self.event_action)
        top.addStretch()
        left, right = QWidget(), QWidget()
        inner = column(gap=12)
        inner.addLayout(self._parties)
        inner.addStretch()
        left.setLayout(inner)
        press, lines = card("Ce qui presse", self.reminder_action)
        lines.setContentsMargins(1, 4, 1, 6)
        self._no_press.setContentsMargins(15, 6, 15, 6)
        lines.addWidget(self._no_press)
        lines.addWidget(self.presses)
        lines.addWidget(self.reminder)
        linked, lines = card("Saisines liées")
        lines.setContentsMargins(1, 4, 1, 10)
        self._no_related.setContentsMargins(15, 6, 15, 6)
        lines.addWidget(self._no_related)
        lines.addWidget(self.related)
        self._complete.setContentsMargins(15, 4, 15, 4)
        lines.addLayout(self._complete)
        inner = column(gap=12)
        for each in (press, self._number_card, linked):
            inner.addWidget(each)
        inner.addStretch()
        right.setLayout(inner)
        inner = column(margins=(0, 0, 8, 0), gap=12)
        inner.addLayout(top)
        inner.addWidget(self.undo)
        inner.addWidget(self.event_panel)
        inner.addWidget(Halves(left, right, room=self.context.theme.px(860), shares=(3, 2)))
        inner.addStretch()
        whole = column()
        whole.addWidget(Scroller(inner, name="Suivi de la saisine"))
        self.setLayout(whole)


def _press(each: Press) -> Line:
    place = each.record_id if each.table == "reminder" else None
    return Line(
        title=each.title,
        detail=each.detail,
        chip=each.kind_label,
        kind=_PRESS.get(each.kind, "plain"),
        when=short_day(each.day.isoformat()).rpartition("\u00a0")[0],
        beside=str(each.day.year),
        tip=" ".join(part for part in (each.working, each.source) if part),
        place=place,
    )
