# SPDX-License-Identifier: GPL-3.0-or-later
"""One incident: noted in a few fields, completed later; beside it who observed, and what it is linked to."""

import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hro_desktop.casework import editing, incident_overview
from hro_desktop.casework.deposits import Links
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.incident_overview import IncidentView, Linked, Observer
from hro_desktop.law import vocabulary
from ui.beside import Beside, card
from ui.changes import Changes, touches
from ui.context import Context
from ui.drops import FileDrops
from ui.editor.editor import Editor
from ui.editor.form import Layout, Part
from ui.flow import Flow
from ui.jobs import Report, Token
from ui.lines import Line, LineList
from ui.pages.evidence_deposit import BUSY, DepositReport
from ui.pages.page import Page, Place
from ui.pages.places import place_of
from ui.widgets import Scroller, button, clear, column, into_sight, label
from ui.words import count

__all__ = ["LAYOUT", "IncidentPage"]


def _involved(shown: Mapping[str, str]) -> str:
    return " · ".join(shown[name] for name in ("person_id", "role", "harm", "harm_note") if name in shown)


def _affirmed(shown: Mapping[str, str]) -> str:
    """« RIO relevé : 0990417 — selon Mme C. D., T-2026-0003 »."""
    about = " ".join(part for part in (shown.get("kind", ""), shown.get("status", "").lower()) if part)
    forces = {term.code: term.label for term in vocabulary.terms("forces")}
    value = shown.get("value", "")
    what = f"{about}\u00a0: {forces.get(value, value)}" if value else about
    said = [shown[name] for name in ("said_by_id", "statement_id", "evidence_id") if name in shown]
    return f"{what} — selon {said[0]}" if said else f"{what} — source à noter" if what else ""


def _counted(shown: Mapping[str, str]) -> str:
    said = shown.get("said_by_id") or shown.get("described", "")
    what = " ".join(shown[name] for name in ("bound", "value") if name in shown)
    parts = [f"{shown.get('kind', '')}\u00a0: {what}", shown.get("fate", ""), f"selon {said}" if said else ""]
    return " · ".join(part for part in parts if part) if "kind" in shown else ""


_INVOLVED = Layout(lines={"harm_note": 1}, said=_involved)
_AFFIRMED = Layout(
    fields=(
        *("kind", "status", "value", "detail", "said_by_id", "about_id"),
        *("statement_id", "evidence_id", "said_on"),
    ),
    said=_affirmed,
)
LAYOUT: Final = Layout(
    fields=("kind", "occurred", "site_id", "place", "time_from", "time_approximate"),
    labels={"time_from": "Heure de début", "time_to": "Heure de fin"},
    hints={
        "place": "Quand ce n’est pas un lieu de vie, ou pour le dire plus précisément",
        "assertions": "Rien ne s’affirme sans source\u00a0: notez qui le dit, et dans quel récit ou sur quelle pièce.",
    },
    parts=(
        Part("Qui était là", ("involvements",), folded=True),
        Part(
            "Compléter\u00a0: fin, commune, base légale annoncée",
            (
                *("time_to", "commune", "legal_basis", "legal_basis_said_by", "title", "place_kind"),
                *("operation_id", "outing_id"),
            ),
            folded=True,
        ),
        Part("Ce qui est affirmé, et par qui", ("assertions",), folded=True),
        Part("Ce qui a été compté, biens pris ou détruits", ("tallies", "belongings"), folded=True),
        Part("Remarques et note de travail", ("remarks", "note"), folded=True),
    ),
    nested={
        "involvements": _INVOLVED,
        "assertions": _AFFIRMED,
        "tallies": Layout(said=_counted),
        "belongings": Layout(said=_counted),
    },
)
_FIELD_OF: Final = {
    "date": "occurred",
    "lieu": "site_id",
    "heure de début": "time_from",
    "heure de fin": "time_to",
    "unité": "assertions",
    "base légale": "legal_basis",
    "personnes": "involvements",
}


def _view(desk: Desk, incident_id: uuid.UUID, token: Token, _report: Report) -> IncidentView | None:
    token.check()
    with desk.read() as session:
        return incident_overview.of_incident(session, incident_id)


class IncidentPage(Page):
    """The form, and beside it what the vault knows about it."""

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, "Nouveaux faits")
        assert place.record is not None
        self._record: uuid.UUID = place.record
        self._known = False
        self.crumb = ("Faits", Place("incidents"))
        self._editor = Editor(context, desk, "incident", LAYOUT, eager=True, steps=False)
        self.watch(self._editor)
        self._editor.told.connect(self.on_saying)
        self._gaps = Flow()
        self._lines = column(gap=14)
        tip = "Revenir à ce qui était noté avant le dernier enregistrement (Ctrl Alt Z)"
        self._undo = self.action("Défaire", self._editor.undo, "", tip=tip)
        self._undo.setEnabled(False)
        self.buttons = (self._undo,)
        self._take_files()
        self._lay_out()
        self.setFocusProxy(self._editor)

    @property
    def editor(self) -> Editor:
        """The form."""
        return self._editor

    def start(self) -> None:
        """Ask for it."""
        if self._editor.record is None:
            self._editor.open(self._record, editing.KINDS["incident"].draft(id=self._record))
        self._ask()

    def on_changed(self, changes: Changes) -> None:
        """What stands beside the form may be something else now."""
        tables = ("incident", "statement", "evidence", "referral", "person")
        if any(touches(changes, table) for table in tables):
            self._ask()

    def on_saying(self, _word: str, _kind: str) -> None:
        """Something was saved, or typed."""
        self._undo.setEnabled(self._editor.can_undo)

    def on_view(self, view: IncidentView | None) -> None:
        """Here is what the vault knows of it; nothing of one that is not recorded yet."""
        clear(self._gaps)
        clear(self._lines)
        if view is None:
            self._lines.addWidget(_hint_card())
            return
        if not self._known:
            self._known = True
            self._editor.form.unfold("involvements", "assertions")
        self.retitle(view.reference, crumb=self.crumb, marks=self.marks)
        self._show_gaps(view.gaps)
        self._show_observers(view.observers)
        told = self._show_linked("Récits et attestations", view.statements, "Aucun récit ne raconte encore ces faits.")
        fresh = button("+ Récit ou attestation", "link", name="Commencer un récit ou une attestation sur ces faits")
        fresh.clicked.connect(self.on_write_clicked)
        told.addWidget(fresh, 0, Qt.AlignmentFlag.AlignLeft)
        shown = self._show_linked("Pièces", view.evidence, "Aucune pièce ne montre encore ces faits.")
        if not self.desk.vault.consultation:
            pour = button("+ Verser des fichiers…", "link", name="Verser des fichiers qui montrent ces faits")
            pour.clicked.connect(self.on_files_clicked)
            shown.addWidget(pour, 0, Qt.AlignmentFlag.AlignLeft)
        self._show_linked("Saisines", view.referrals, "Aucune saisine ne porte encore sur ces faits.")

    def on_gap_clicked(self, field: str) -> None:
        """Go to the field that fills it."""
        self._editor.form.focus_first(field)

    def on_write_clicked(self) -> None:
        """Begin an account or an attestation about it."""
        draft = self._blank("", None)
        self.go.emit(Place("statement", draft.id, given=draft))

    def on_files_clicked(self) -> None:
        """Choose files that show it."""
        self.context.ask.files(self.window(), "Quels fichiers verser\u00a0?", self.on_dropped)

    def on_dropped(self, paths: Sequence[Path]) -> None:
        """They come in, and show these facts: once there are facts to be shown."""
        if self.report.busy:
            self.say(BUSY)
            return
        if not self._known:
            self.say("Notez d’abord la nature, le jour ou le lieu\u00a0: les fichiers seront ensuite liés à ces faits.")
            return
        self.say("")
        self.report.start(paths, Links(incidents=(self._record,)))

    def on_wanted(self, item: uuid.UUID) -> None:
        """See one of them."""
        self.go.emit(Place("evidence", item))

    def _take_files(self) -> None:
        self.report = DepositReport(self.context, self.desk)
        self.report.wanted.connect(self.on_wanted)
        self.report.told.connect(self.on_told)
        if not self.desk.vault.consultation:
            self.drops = FileDrops(self)
            self.drops.dropped.connect(self.on_dropped)

    def _ask(self) -> None:
        self.read_latest(partial(_view, self.desk, self._record), self.on_view)

    def _show_gaps(self, gaps: Sequence[str]) -> None:
        self._gaps.addWidget(label("À compléter\u00a0:" if gaps else "Rien d’essentiel ne manque.", "soft"))
        for each in gaps:
            lead = button(each, "link", name=f"Compléter\u00a0: {each}")
            lead.clicked.connect(partial(self._on_gap, _FIELD_OF[each]))
            self._gaps.addWidget(lead)

    def _on_gap(self, field: str, _checked: bool = False) -> None:
        self.on_gap_clicked(field)

    def _show_observers(self, observers: Sequence[Observer]) -> None:
        missing = sum(each.statement is None for each in observers)
        hint = "Notez les observateurs et observatrices dans «\u00a0Qui était là\u00a0»." if not observers else ""
        if missing:
            hint = count(missing, "personne n’a pas encore écrit.", "personnes n’ont pas encore écrit.")
        self._show_lines("Qui observait", hint, [self._observer(each) for each in observers])

    def _observer(self, each: Observer) -> Line:
        if each.statement is not None:
            place = place_of("statement", each.statement.id)
            return Line(title=each.name, detail=each.statement.title, chip="écrite", kind="ok", place=place)
        draft = self._blank("attestation", each.person_id)
        place = Place("statement", draft.id, given=draft)
        return Line(title=each.name, detail="Commencer son attestation", chip="à écrire", kind="warn", place=place)

    def _blank(self, kind: str, author: uuid.UUID | None) -> Any:  # noqa: ANN401 - a draft
        return editing.blank("statement_about", kind=kind, author_id=author, incident_ids=(self._record,))

    def _show_linked(self, title: str, linked: Sequence[Linked], empty: str) -> QVBoxLayout:
        lines = [
            Line(title=each.title, detail=each.detail, chip=each.state, place=place_of(each.page, each.id))
            for each in linked
        ]
        return self._show_lines(title, "" if linked else empty, lines)

    def _show_lines(self, title: str, hint: str, lines: Sequence[Line]) -> QVBoxLayout:
        made, inner = card(title, hint=hint)
        shown = LineList(self.context, name=title)
        shown.show_lines(lines)
        shown.chosen.connect(self.go)
        inner.addWidget(shown)
        self._lines.addWidget(made)
        return inner

    def _on_report(self, there: bool) -> None:
        """On a narrow page it stands under the form: go and see, once it has its place."""
        if there:
            into_sight(self.report)

    def _lay_out(self) -> None:
        made, inner = card("Ce qui s’est passé")
        inner.addLayout(self._gaps)
        inner.addWidget(self._editor)
        left, right = QWidget(), QWidget()
        one = column(gap=16)
        one.addWidget(self._problem)
        one.addWidget(made)
        one.addStretch(1)
        left.setLayout(one)
        two = column(gap=16)
        two.addWidget(self.report)
        two.addLayout(self._lines)
        two.addStretch(1)
        right.setLayout(two)
        whole = column()
        around = column()
        around.addWidget(Beside(self.context.theme, left, right), 0, Qt.AlignmentFlag.AlignTop)
        self.report.appeared.connect(self._on_report)
        whole.addWidget(Scroller(around, name="Les faits"))
        self.setLayout(whole)


def _hint_card() -> QWidget:
    made, _ = card(
        "D’abord l’essentiel",
        hint="Nature, jour, lieu, heure\u00a0: c’est assez pour commencer. Tout s’enregistre à mesure, "
        "et se complète quand vous voulez.",
    )
    return made
