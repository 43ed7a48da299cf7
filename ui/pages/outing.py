# SPDX-License-Identifier: GPL-3.0-or-later
"""One outing: a line per place, what stood in the way, what is settled before the team parts, and its debriefing."""

import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import attrs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from hro_desktop.casework import debriefing, outing_places, outings
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.documents import Pack
from hro_desktop.casework.outing_overview import OutingOverview
from hro_desktop.casework.outing_places import OutingPage as Shown
from hro_desktop.casework.outing_places import TakenOut
from hro_desktop.casework.outings import OutingDayDraft
from ui.beside import Beside
from ui.changes import Changes, touches
from ui.context import Context
from ui.editor.editor import Editor
from ui.editor.form import Layout
from ui.editor.inputs import NotUnderstood
from ui.jobs import Job, Lane, Report, Token
from ui.lines import Line
from ui.messages import sentence_of
from ui.pages.outing_cards import HINDRANCES, OPERATIONS, MonthCard, NotedCard, PartingCard
from ui.pages.outing_lines import LinesCard
from ui.pages.page import Page, Place
from ui.reading import ReferralView
from ui.widgets import Scroller, button, column, frame, label, row, rule
from ui.words import count

__all__ = ["OutingPage"]


def _member(shown: Mapping[str, str]) -> str:
    return " · ".join(shown[name] for name in ("person_id", "volunteer_id") if name in shown)


DAY: Final = Layout(
    fields=("occurred_on", "territory", "time_from", "time_to", "members", "vehicle", "convoy", "note"),
    labels={
        "occurred_on": "Jour",
        "time_from": "Début",
        "time_to": "Fin",
        "vehicle": "Véhicule de l’équipe",
        "convoy": "Convoi vu par l’équipe",
    },
    hints={
        "vehicle": "Modèle ou surnom\u00a0; la plaque sert si on le contrôle ou le bloque",
        "convoy": "Fourgons, camions, point de départ",
    },
    lines={"convoy": 1, "note": 1},
    nested={
        "members": Layout(
            labels={"person_id": "Comme personne", "volunteer_id": "Comme bénévole du coffre"},
            hints={"person_id": "Qui pourra attester", "volunteer_id": ""},
            said=_member,
        )
    },
)
DEBRIEF: Final = Layout(
    labels={"debrief": "Ce que l’équipe raconte"},
    hints={"debrief": "Sans nom ni RIO\u00a0: il est relu avant de sortir."},
    lines={"debrief": 4},
)
_TABLES: Final = (
    "outing",
    "incident",
    "hindrance",
    "operation",
    "statement",
    "evidence",
    "person",
    "site",
    "volunteer",
)


@attrs.frozen
class _Found:
    """The outing, or, for one that is not recorded yet, what it begins with."""

    shown: Shown | None
    begun: OutingDayDraft


def _read(desk: Desk, record: uuid.UUID, token: Token, _report: Report) -> _Found:
    token.check()
    with desk.read() as session:
        return _Found(outing_places.page(session, record), outings.begun(session, desk.today()))


def _add(
    desk: Desk, outing: uuid.UUID, name: str, day: OutingDayDraft | None, _token: Token, _report: Report
) -> Result[uuid.UUID]:
    return desk.run(outing_places.add, outing, name, day)


def _take_out(desk: Desk, incident: uuid.UUID, _token: Token, _report: Report) -> Result[TakenOut]:
    return desk.run(outing_places.take_out, incident)


def _put_back(desk: Desk, out: TakenOut, _token: Token, _report: Report) -> Result[None]:
    return desk.run(outing_places.put_back, out)


def _empty(desk: Desk, outing: uuid.UUID, _token: Token, _report: Report) -> Result[None]:
    return desk.run(outings.note_emptied, outing)


def _nothing(_token: Token, _report: Report) -> None:
    """Worker: ends once everything that was being written is."""


def _debrief(desk: Desk, reference: str, token: Token, _report: Report) -> Pack:
    token.check()
    return debriefing.make(desk, reference)


class OutingPage(Page):
    """The day and its places, and beside them what is to be done."""

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, "Nouvelle sortie")
        assert place.record is not None
        self._record: uuid.UUID = place.record
        self._told: OutingOverview | None = None
        self._last: Editor | None = None
        self._making: Job | None = None
        self.crumb = ("Observation", Place("outings"))
        self._make_day()
        self.lines = LinesCard(context, desk, self.day.form.field("note").input)
        self.lines.add_wanted.connect(self.on_add_wanted)
        self.lines.out_wanted.connect(self.on_out_wanted)
        self.lines.back_wanted.connect(self.on_back_wanted)
        self.hindrances = NotedCard(context, desk, HINDRANCES)
        self.operations = NotedCard(context, desk, OPERATIONS)
        self.parting = PartingCard(context, desk)
        self.parting.emptied.connect(self.on_emptied)
        self.month = MonthCard()
        self.debrief = Editor(context, desk, "outing.debrief", DEBRIEF, eager=True, steps=False)
        for each in (self.day, self.debrief):
            self.watch(each)
            each.saved.connect(partial(self._on_saved, each))
        self.lines.saved.connect(self._on_saved)
        for card in (self.lines, self.hindrances, self.operations, self.parting):
            card.told.connect(self.on_told)
        self.lines.go.connect(self.go)
        self.parting.go.connect(self.go)
        for form in (self.day.form, self.lines.next.form, self.debrief.form):
            form.setEnabled(False)  # until it is known what it holds
        self._make_buttons()
        self._lay_out()
        self.setFocusProxy(self.lines.line)

    @property
    def told(self) -> OutingOverview | None:
        """What the vault knows of it; nothing of one that is not recorded yet."""
        return self._told

    def start(self) -> None:
        """Ask for it."""
        self.read(partial(_read, self.desk, self._record), self.on_found)

    def on_changed(self, changes: Changes) -> None:
        """What it shows may be something else now."""
        if any(touches(changes, table) for table in _TABLES):
            self.start()

    def on_found(self, found: _Found) -> None:
        """Here it is."""
        first = self.day.record is None
        if found.shown is not None:
            self._record = found.shown.told.outing_id  # one may have come here by one of its places
        if first:
            begun = attrs.evolve(found.begun, id=self._record)
            self.day.open(self._record, None if found.shown else begun)
            self.lines.open_next(self._record)
            self.on_day_toggled(found.shown is None)
            at = self.window().focusWidget()
            if not isinstance(at, QLineEdit) or self.isAncestorOf(at):  # nobody types elsewhere by now
                if found.shown is not None:
                    self.lines.next.focus("place")
                else:
                    self.day.focus("members" if begun.territory else "territory")
        known = found.shown is not None
        for each in (self.hindrances, self.operations, self._debriefing):
            each.setVisible(known)
        self._write.setEnabled(known and self._making is None)
        if found.shown is not None:
            self._show(found.shown)

    def on_day_toggled(self, shown: bool) -> None:
        """Show the form of the day, or what it says."""
        self._edit.setText("Replier" if shown else "Modifier")
        self._edit.setAccessibleName("Replier le jour et l’équipe" if shown else "Modifier le jour et l’équipe")
        self._form.setVisible(shown)

    def on_edit_clicked(self) -> None:
        """Day, team and convoy are changed here."""
        shown = self._form.isHidden()
        self.on_day_toggled(shown)
        if shown:
            self.day.focus("occurred_on")

    def on_add_wanted(self, name: str) -> None:
        """One place more; the outing itself is recorded first if it was not."""
        self.say("")
        day = None
        if self._told is None:
            wrong = self.day.form.check()
            if wrong:
                self.lines.give_back(name)
                self.say("Notez d’abord le jour et le territoire de la sortie\u00a0: le lieu est gardé en attendant.")
                self.on_day_toggled(True)
                self.day.form.focus_first(wrong)
                return
            day = self._day_draft()
            self.day.settle()
        work = partial(_add, self.desk, self._record, name, day)
        self.context.jobs.start(
            Lane.WRITE, work, owner=self, done=self.on_added, failed=partial(self._on_add_failed, name)
        )

    def on_added(self, result: Result[uuid.UUID]) -> None:
        """Its line comes, with the cursor in it."""
        self.lines.expect(result.value)
        self.context.news.publish(result.changes)

    def on_out_wanted(self, incident: uuid.UUID) -> None:
        """Take a place out; it can be put back."""
        self._act(partial(_take_out, self.desk, incident), self.on_taken_out)

    def on_taken_out(self, result: Result[TakenOut]) -> None:
        """It is out."""
        self.lines.show_taken_out(result.value)
        self.context.news.publish(result.changes)

    def on_back_wanted(self, out: TakenOut) -> None:
        """Put it back."""
        self._act(partial(_put_back, self.desk, out), self.on_put_back)

    def on_put_back(self, result: Result[None]) -> None:
        """It is there again."""
        self.lines.show_taken_out(None)
        self.context.news.publish(result.changes)

    def on_emptied(self) -> None:
        """Cards and phones are in the vault, now."""
        self._act(partial(_empty, self.desk, self._record), self.on_noted)

    def on_noted(self, result: Result[None]) -> None:
        """It is noted."""
        self.context.news.publish(result.changes)

    def on_undo_clicked(self) -> None:
        """Take back what was written last."""
        if self._last is not None:
            self._last.undo()

    def on_add_clicked(self) -> None:
        """Go to where the next place is typed."""
        self.lines.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def on_debrief_clicked(self) -> None:
        """Make the debriefing, of all that is typed by now."""
        if self._told is not None and self._making is None:
            self.say("")
            self._write.setEnabled(False)
            self.leave()
            self.write(_nothing, self.on_all_written)

    def on_all_written(self, _value: object) -> None:
        """Everything is in the vault: it can be told."""
        told = self._told
        if told is not None:
            self._making = self.context.jobs.start(
                Lane.DOCUMENT,
                partial(_debrief, self.desk, told.reference),
                owner=self,
                done=self.on_made,
                failed=self.on_make_failed,
                cancelled=self.on_make_cancelled,
                title="Préparation du débrief",
            )

    def on_made(self, pack: Pack) -> None:
        """It is shown before anything leaves; there one chooses where to write it."""
        self._end_making()
        shown = ReferralView(pack.reference, "", "Débrief", pack.recipient, "", ())
        self.go.emit(Place("pack", given=(pack, None, shown, Place("outing", self._record))))

    def on_make_failed(self, error: Exception) -> None:
        """It could not be made: a name stands in it, for one."""
        self._end_making()
        self.say(sentence_of(error))

    def on_make_cancelled(self, _job: Job) -> None:
        """Somebody thought better of it."""
        self._end_making()

    def _end_making(self) -> None:
        self._making = None
        self._write.setEnabled(self._told is not None)

    def _act(self, work: Any, done: Callable[[Any], None]) -> None:  # noqa: ANN401 - a worker
        self.say("")
        self.write(work, done)

    def _on_add_failed(self, name: str, error: Exception) -> None:
        self.lines.give_back(name)
        self.say(sentence_of(error))

    def _on_saved(self, editor: Editor, _record: object = None) -> None:
        self._last = editor
        self._undo.setEnabled(editor.can_undo)

    def _day_draft(self) -> OutingDayDraft | None:
        try:
            draft: OutingDayDraft = self.day.form.draft()
        except NotUnderstood:
            return None
        return draft

    def _show(self, shown: Shown) -> None:
        told = shown.told
        if self._told is None:
            self.debrief.open(told.outing_id)
        self._told = told
        self.retitle(told.title, crumb=self.crumb, marks=self.marks)
        self._head.setText(" — ".join((told.day[:1].upper() + told.day[1:], told.territory)))
        self._when.setText(told.hours)
        self._when.setVisible(bool(told.hours))
        team = ", ".join(each.who for each in told.team)
        self._team.setText(" · ".join(part for part in (team or "équipe à noter", told.convoy.strip()) if part))
        self.lines.show_page(shown)
        begun = {"outing_id": told.outing_id}
        hindered = [
            Line(title=each.line, detail=each.source, chip=each.label, kind="warn", place=each.hindrance_id)
            for each in told.hindrances
        ]
        self.hindrances.show_lines(hindered, begun)
        followed = [
            Line(
                title=each.note or each.title,
                detail=f"{each.title}, {count(each.places, 'lieu', 'lieux')}",
                place=each.operation_id,
            )
            for each in told.operations
        ]
        self.operations.show_lines(followed, {**begun, "occurred_on": told.occurred_on})
        self.parting.show_told(told)
        self.month.show_month(told.month)

    def _make_day(self) -> None:
        self.day = Editor(self.context, self.desk, "outing.day", DAY, eager=True, steps=False)
        self._head = label("La sortie", "heading", wrap=True)
        self._when = label("", "soft", wrap=True)
        self._team = label("Jour, territoire, équipe\u00a0: c’est assez pour commencer.", "hint", wrap=True)
        self._when.hide()
        self.context.veil.cover(self._team)
        self._edit = button("Modifier", "link")
        self._edit.clicked.connect(self.on_edit_clicked)
        self._form = QWidget()
        inner = column(margins=(16, 4, 16, 14))
        inner.addWidget(self.day)
        self._form.setLayout(inner)
        self.day_card: QFrame = frame("card")
        words = column(gap=2)
        for each in (self._head, self._when, self._team):
            words.addWidget(each)
        top = row(margins=(16, 10, 16, 10))
        top.addLayout(words, 1)
        top.addWidget(self._edit, 0, Qt.AlignmentFlag.AlignTop)
        whole = column(margins=(1, 1, 1, 1), gap=0)
        whole.addLayout(top)
        whole.addWidget(self._form)
        self.day_card.setLayout(whole)

    def _make_buttons(self) -> None:
        tip = "Revenir à ce qui était noté avant le dernier enregistrement (Ctrl Alt Z)"
        self._undo = self.action("Défaire", self.on_undo_clicked, role="", tip=tip)
        tip = "Le débrief sans nom ni RIO, à relire puis à enregistrer"
        self._write = button("Débrief (.docx)", tip=tip)
        self._write.clicked.connect(self.on_debrief_clicked)
        tip, name = "Ajouter un lieu (Ctrl N)", "Ajouter un lieu à la sortie"
        fresh = self.action("+ Lieu", self.on_add_clicked, keys="Ctrl+N", tip=tip, name=name)
        for each in (self._undo, self._write):
            each.setEnabled(False)
        self.buttons = (self._undo, fresh)

    def _lay_out(self) -> None:
        self._debriefing = frame("card")
        inner = column(margins=(1, 1, 1, 1), gap=0)
        head = row(margins=(16, 10, 16, 10))
        head.addWidget(label("Débrief", "heading"), 1)
        head.addWidget(self._write)
        inner.addLayout(head)
        inner.addWidget(rule())
        around = column(margins=(16, 10, 16, 14))
        around.addWidget(self.debrief)
        inner.addLayout(around)
        self._debriefing.setLayout(inner)
        left, right = QWidget(), QWidget()
        one, two = column(gap=16), column(gap=16)
        for each in (self._problem, self.day_card, self.lines, self.hindrances, self.operations, self._debriefing):
            one.addWidget(each)
        one.addStretch(1)
        left.setLayout(one)
        for other in (self.parting, self.month):
            two.addWidget(other)
        two.addStretch(1)
        right.setLayout(two)
        over = column()
        over.addWidget(Beside(self.context.theme, left, right, shares=(8, 3)), 0, Qt.AlignmentFlag.AlignTop)
        whole = column()
        whole.addWidget(Scroller(over, name="La sortie"))
        self.setLayout(whole)
