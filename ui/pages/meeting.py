# SPDX-License-Identifier: GPL-3.0-or-later
"""One meeting with one person: what to ask, to read back, to sign, printed as one pouch; then what became of it."""

import datetime as dt
import uuid
from functools import partial
from typing import Any

import attrs
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from hro_desktop.casework import appointments, editing, meetings
from hro_desktop.casework import pouch as pouches
from hro_desktop.casework.appointments import Ended, Met
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.meetings import Meeting, ToDo
from hro_desktop.casework.pouch import Pouch
from ui.beside import Beside, card
from ui.changes import Changes
from ui.context import Context
from ui.editor.editor import Editor
from ui.editor.layout import capital
from ui.jobs import Job, Lane, Report, Token
from ui.lines import Line, LineList
from ui.messages import sentence_of
from ui.pages.after_meeting import AfterCard
from ui.pages.agenda_forms import APPOINTMENT
from ui.pages.page import Page, Place
from ui.pages.places import place_of
from ui.widgets import Scroller, button, chip, clear, column, frame, label, row, rule
from ui.words import short_date

__all__ = ["MeetingPage"]

_CHIPS = {
    "accord": "warn",
    "manque": "late",
    "à décider": "late",
    "à relire": "warn",
    "à figer": "warn",
    "à signer": "brand",
    "à lire seulement": "plain",
}
_STATES = {"prevu": "brand", "tenu": "ok", "manque": "late", "annule": "plain"}
_PARTS = {"person": "identity", "referral": "referrals"}
"""Tab of a case where what has no page of its own is told."""
_EMPTY = {
    "ask": "Rien à demander\u00a0: les accords et ce que demandent les organismes sont notés.",
    "read": "Aucun récit n’attend d’être relu.",
    "sign": "Rien à signer pour le moment.",
}


@attrs.frozen
class _View:
    """The meeting as it is recorded, and what it is to bring."""

    met: Met
    meeting: Meeting


def _view(desk: Desk, appointment_id: uuid.UUID, token: Token, _report: Report) -> _View | None:
    token.check()
    with desk.read() as session:
        met = appointments.of(session, appointment_id)
    if met is None:
        return None
    return _View(met, meetings.of_person(desk, met.person_id, appointment_id))


def _pouch(desk: Desk, met: Met, token: Token, _report: Report) -> Pouch:
    token.check()
    return pouches.make(desk, met.person_id, met.id)


def _nothing_more(_token: Token, _report: Report) -> None:
    """Done when all that was to be written before is."""


def _end(desk: Desk, appointment_id: uuid.UUID, state: str, _token: Token, _report: Report) -> Result[Ended]:
    return desk.run(appointments.end, appointment_id, state, desk.today())


def _take_back(desk: Desk, ended: Ended, _token: Token, _report: Report) -> Result[None]:
    return desk.run(appointments.take_back, ended)


def _follow(
    desk: Desk, appointment_id: uuid.UUID, on: dt.date | None, purpose: str, _token: Token, _report: Report
) -> tuple[Any, Result[Any] | None]:
    """The next meeting: written when its day is known, else to be told."""
    with desk.read() as session:
        draft = appointments.following(session, appointment_id, on, purpose)
    return draft, desk.run(editing.write, "appointment", draft) if on is not None else None


class MeetingPage(Page):
    """What the meeting is for, beside when and where it is and what became of it."""

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, "Nouveau rendez-vous")
        assert place.record is not None
        self._record: uuid.UUID = place.record
        self._blank = place.given
        self._view: _View | None = None
        self._ended: Ended | None = None
        self._making: Job | None = None
        self.crumb = ("Échéances", Place("agenda"))
        self.editor = Editor(context, desk, "appointment", APPOINTMENT, eager=True)
        self.watch(self.editor)
        self._who = column(gap=4)
        self.parts: dict[str, LineList] = {}
        self._nothing: dict[str, QWidget] = {}
        self._counts: dict[str, Any] = {}
        self.after = AfterCard(context, desk)
        self.after.ended.connect(self.on_ended_wanted)
        self.after.taken_back.connect(self.on_take_back_wanted)
        self.after.next_wanted.connect(self.on_next_wanted)
        self.after.told.connect(self.on_told)
        self._first = label(
            "Choisissez pour quoi, avec qui et quel jour\u00a0: ce qu’il faudra demander, relire et signer s’affiche "
            "alors ici. Tout s’enregistre à mesure.",
            "soft",
            wrap=True,
        )
        tip = "Un seul PDF\u00a0: la liste, puis chaque papier (Ctrl P)"
        self.print = self.action("Pochette à imprimer", self.on_print_clicked, tip=tip)
        QShortcut(QKeySequence.StandardKey.Print, self, self.on_print_clicked)
        self.buttons = (self.print,)
        self._lay_out()
        self._show_known(known=False)
        self.setFocusProxy(self.editor)

    @property
    def meeting(self) -> Meeting | None:
        """What it is to bring, once it is read."""
        return self._view.meeting if self._view is not None else None

    @property
    def state(self) -> str:
        """Code of what became of it; empty while it is not recorded."""
        return self._view.met.state if self._view is not None else ""

    def start(self) -> None:
        """Ask for it."""
        if self.editor.record is None:
            blank = self._blank if self._blank is not None else editing.KINDS["appointment"].draft(id=self._record)
            self.editor.open(self._record, blank)
        self._ask()

    def on_changed(self, _changes: Changes) -> None:
        """Much of the vault may be something to ask."""
        if self.isVisible():
            self._ask()

    def on_view(self, view: _View | None) -> None:
        """Here it is; nothing of one that is not recorded yet."""
        if view is None:
            return
        self._view = view
        self.place = attrs.evolve(self.place, given=None)  # recorded by now: one may come back to it
        self._show_known(known=True)
        day = short_date(view.met.planned_on, self.desk.today())
        title = "Rendez-vous d’aujourd’hui" if day == "Aujourd’hui" else f"Rendez-vous du {day}"
        chip_ = (view.met.state_label, _STATES.get(view.met.state, "plain"))
        self.retitle(title, crumb=self.crumb, marks=(chip_,))
        self._show_who(view.meeting)
        for name, todos in (("ask", view.meeting.ask), ("read", view.meeting.read), ("sign", view.meeting.sign)):
            self.parts[name].show_lines([self._line(each) for each in todos])
            self._nothing[name].setVisible(not todos)
            self._counts[name].setText(str(len(todos)) if todos else "")
        self.after.show_met(view.met, self.desk.today())
        self._making_shown()

    def on_line_chosen(self, place: Place | None) -> None:
        """To where it is done."""
        if place is not None:
            self.go.emit(place)

    def on_print_clicked(self) -> None:
        """Make the pouch; it is shown before anything leaves."""
        if self._view is None or self._making is not None:
            return
        self.say("")
        self._write_first()

    def on_written(self, _nothing: None) -> None:
        """What was typed is in the vault, where the pouch reads it."""
        if self._view is None:
            return
        if self.editor.dirty and self.editor.form.ready():  # typed while it was being written
            self._write_first()
            return
        self._making = self.context.jobs.start(
            Lane.DOCUMENT,
            partial(_pouch, self.desk, self._view.met),
            owner=self,
            done=self.on_made,
            failed=self.on_make_failed,
            cancelled=self.on_make_cancelled,
            title="Préparation de la pochette",
        )
        self._making_shown()

    def _write_first(self) -> None:
        """Wait for what is typed: the lane that writes does one thing after the other."""
        self.leave()
        self._making = self.context.jobs.start(
            Lane.WRITE,
            _nothing_more,
            owner=self,
            done=self.on_written,
            failed=self.on_make_failed,
            cancelled=self.on_make_cancelled,
        )
        self._making_shown()

    def on_made(self, pouch: Pouch) -> None:
        """The pouch is ready to be looked at."""
        self._end_making()
        self.go.emit(Place("pouch", given=(pouch, self.place)))

    def on_make_failed(self, error: Exception) -> None:
        """It could not be made; nothing was kept."""
        self._end_making()
        self.say(sentence_of(error))

    def on_make_cancelled(self, _job: Job) -> None:
        """Somebody thought better of it."""
        self._end_making()

    def on_ended_wanted(self, state: str) -> None:
        """It took place, was missed, or is called off; what is typed is saved first."""
        if not self._settled():
            return
        self._act(partial(_end, self.desk, self._record, state), self.on_ended)

    def on_ended(self, result: Result[Ended]) -> None:
        """It is noted, and the contact that it was is there to be told."""
        self._ended = result.value
        self._reopen()
        self.context.news.publish(result.changes)
        self.after.tell(result.value.note_id)

    def on_take_back_wanted(self) -> None:
        """It is still to come, after all."""
        self.after.panel.close_now()
        if not self._settled():
            return
        ended, self._ended = self._ended or Ended(self._record, None), None
        self._act(partial(_take_back, self.desk, ended), self.on_taken_back)

    def on_taken_back(self, result: Result[None]) -> None:
        """It is to come again."""
        self._reopen()
        self.context.news.publish(result.changes)

    def on_next_wanted(self, on: dt.date | None) -> None:
        """The next meeting, on a day or to be told; it is for what this one leaves."""
        meeting = self.meeting
        purpose = ""
        if meeting is not None:
            purpose = "signature" if meeting.sign else "relecture" if meeting.read else ""
        self.leave()
        self._act(partial(_follow, self.desk, self._record, on, purpose), self.on_next)

    def on_next(self, found: tuple[Any, Result[Any] | None]) -> None:
        """There it is."""
        draft, result = found
        if result is not None:
            self.context.news.publish(result.changes)
        self.go.emit(Place("meeting", draft.id, given=None if result is not None else draft))

    def on_act_failed(self, error: Exception) -> None:
        """Nothing was noted."""
        self.editor.setEnabled(True)
        self.say(sentence_of(error))

    def _act(self, work: Any, done: Any) -> None:  # noqa: ANN401 - a worker, a handler
        self.say("")
        self.context.jobs.start(Lane.WRITE, work, owner=self, done=done, failed=self.on_act_failed)

    def _settled(self) -> bool:
        """Save what is typed and let nobody type meanwhile; what cannot be saved yet is shown first."""
        if self.editor.dirty and self.editor.complete() is None:
            return False
        self.editor.save()
        self.editor.setEnabled(False)
        return True

    def _reopen(self) -> None:
        """The form holds the state it was read with: read it anew."""
        self.editor.setEnabled(True)
        self.editor.open(self._record)

    def _ask(self) -> None:
        self.read_latest(partial(_view, self.desk, self._record), self.on_view)

    def _end_making(self) -> None:
        self._making = None
        self._making_shown()

    def _making_shown(self) -> None:
        self.print.setEnabled(self._view is not None and self._making is None)
        self.print.setText("Préparation…" if self._making is not None else "Pochette à imprimer")

    def _line(self, todo: ToDo) -> Line:
        case = self._view.meeting.case_id if self._view is not None else None
        place = place_of(todo.table, todo.record_id, case=case)
        if place is not None and place.page == "case":
            place = Place("case", case, _PARTS.get(todo.table, ""))
        return Line(title=todo.text, detail=todo.why, chip=todo.word, kind=_CHIPS.get(todo.word, "plain"), place=place)

    def _show_who(self, meeting: Meeting) -> None:
        clear(self._who)
        top = row(gap=10)
        who = label(meeting.who, "title", wrap=True)
        self.context.veil.cover(who)
        top.addWidget(who, 1)
        if meeting.case_id is not None:
            to_case = button(f"Dossier {meeting.reference}", "link", name=f"Ouvrir le dossier {meeting.reference}")
            to_case.clicked.connect(partial(self._on_case_clicked, meeting.case_id))
            top.addWidget(to_case)
        self._who.addLayout(top)
        for text in filter(None, (meeting.when, meeting.place, meeting.language)):
            self._who.addWidget(label(capital(text), "soft", wrap=True))
        said = capital(meeting.contact)
        if meeting.silent:
            line = row(gap=8)
            line.addWidget(chip("sans nouvelles", "warn"))
            line.addWidget(label(said, "hint", wrap=True), 1)
            self._who.addLayout(line)
        else:
            self._who.addWidget(label(said, "hint", wrap=True))

    def _on_case_clicked(self, case_id: uuid.UUID, _checked: bool = False) -> None:
        self.go.emit(Place("case", case_id))

    def _show_known(self, *, known: bool) -> None:
        """What stands beside the form makes sense once the meeting is recorded."""
        self._first.setVisible(not known)
        for each in (self._who_card, *self._cards, self.after):
            each.setVisible(known)
        self.print.setEnabled(known)

    def _part(self, name: str, title: str) -> QFrame:
        """A card of lines under its title, or the sentence for none."""
        made = frame("card")
        inner: QVBoxLayout = column(margins=(1, 1, 1, 1), gap=0)
        head = row(margins=(16, 10, 16, 10))
        head.addWidget(label(title, "strong"))
        head.addStretch()
        self._counts[name] = label("", "hint")
        head.addWidget(self._counts[name])
        inner.addLayout(head)
        inner.addWidget(rule())
        nothing = label(_EMPTY[name], "soft", wrap=True)
        nothing.setContentsMargins(16, 12, 16, 14)
        self._nothing[name] = nothing
        inner.addWidget(nothing)
        shown = LineList(self.context, name=title)
        shown.chosen.connect(self.on_line_chosen)
        self.parts[name] = shown
        inner.addWidget(shown)
        made.setLayout(inner)
        return made

    def _lay_out(self) -> None:
        left, right = QWidget(), QWidget()
        one, two = column(gap=16), column(gap=16)
        self._who_card = frame("card")
        self._who.setContentsMargins(18, 14, 18, 14)
        self._who_card.setLayout(self._who)
        titles = {"ask": "À demander", "read": "À relire", "sign": "À signer"}
        self._cards = [self._part(name, title) for name, title in titles.items()]
        for each in (self._problem, self._first, self._who_card, *self._cards):
            one.addWidget(each)
        one.addStretch(1)
        left.setLayout(one)
        made, inner = card("Le rendez-vous")
        inner.addWidget(self.editor)
        for other in (made, self.after):
            two.addWidget(other)
        two.addStretch(1)
        right.setLayout(two)
        around = column()
        around.addWidget(Beside(self.context.theme, left, right, shares=(5, 4)), 0, Qt.AlignmentFlag.AlignTop)
        whole = column()
        whole.addWidget(Scroller(around, name="Le rendez-vous"))
        self.setLayout(whole)

    @property
    def acts(self) -> tuple[QPushButton, ...]:
        """What can be said of it after it was."""
        return self.after.acts
