# SPDX-License-Identifier: GPL-3.0-or-later
"""The facts, accounts and evidence of a case: short lists that lead to their pages, and a new one linked to it."""

import uuid
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtWidgets import QWidget

from hro_desktop.casework import case_overview, editing
from hro_desktop.casework.case_overview import Head, Line
from hro_desktop.casework.deposits import Links
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.incidents import InvolvementDraft
from hro_desktop.records.base import new_id
from ui.context import Context
from ui.drops import FileDrops
from ui.editor.form import Field, Layout
from ui.editor.inputs import NotUnderstood
from ui.editor.panel import EditorPanel
from ui.editor.refs import RefInput
from ui.jobs import Lane, Report, Token
from ui.pages.case_part import CasePart, Records, card
from ui.pages.evidence_deposit import BUSY, DepositReport
from ui.pages.page import Place
from ui.pages.places import place_of
from ui.widgets import Scroller, button, column, label, row

__all__ = ["EvidencePart", "IncidentsPart", "StatementsPart"]


def _join(
    desk: Desk, case_id: uuid.UUID, evidence_id: uuid.UUID, joined: bool, _token: Token, _report: Report
) -> Result[None]:
    return desk.run(case_overview.join_evidence, case_id, evidence_id, joined=joined)


def _incident(_desk: Desk, head: Head) -> Any:  # noqa: ANN401 - a draft
    """With the person as complainant."""
    part = InvolvementDraft(id=new_id(), person_id=head.person_id, role="plaignant")
    return editing.blank("incident", involvements=(part,))


def _statement(desk: Desk, head: Head) -> Any:  # noqa: ANN401 - a draft
    """By the person, today."""
    draft = editing.blank("statement", kind="recit", author_id=head.person_id, case_id=head.id)
    draft.taken_on = desk.today()
    return draft


class _ListPart(CasePart):
    """A list of one noun; `new_action` begins another record, `editor` is where it is told."""

    title: ClassVar[str]
    empty: ClassVar[str]
    new_text: ClassVar[str]
    noun: ClassVar[str] = ""
    layout_: ClassVar[Layout]
    lines_of: ClassVar[Callable[..., Any]]
    blank_of: ClassVar[Callable[[Desk, Head], Any]]
    """The draft of a new record; a list that takes what is in the vault already has none and says how."""

    def __init__(self, context: Context, desk: Desk, case_id: uuid.UUID) -> None:
        super().__init__(context, desk, case_id)
        self._lines: Sequence[Line] = ()
        self.new_action = button(self.new_text, "main")
        self.new_action.setParent(self)
        self.new_action.clicked.connect(self.on_new_clicked)
        self.buttons = (self.new_action,)
        self.panel = EditorPanel(context, desk, ground="card")
        self.panel.told.connect(self.told)
        self.panel.closed.connect(self.on_panel_closed)
        self._card, inner = card(self.title)
        self.records = Records(context, name=self.title, empty=self.empty)
        self.records.chosen.connect(self.on_line)
        inner.setContentsMargins(1, 0, 1, 6)
        inner.addWidget(self.records)
        inner = column(gap=16)
        inner.addWidget(self.panel)
        inner.addWidget(self._card)
        inner.addStretch()
        whole = column()
        whole.addWidget(Scroller(inner, name=self.title))
        self.setLayout(whole)

    @property
    def lines(self) -> Sequence[Line]:
        """What is listed."""
        return self._lines

    def ask(self) -> None:
        """The list."""
        self.read(type(self).lines_of, self.case_id, done=self.on_lines)

    def on_lines(self, found: Sequence[Line]) -> None:
        """Here it is."""
        self._lines = found
        self.records.show_records(found)

    def on_line(self, line: Line) -> None:
        """A record is opened on its page; here, while there is none."""
        place = place_of(line.table, line.id)
        if place is not None:
            self.go.emit(place)
        else:
            self.panel.tell(self.noun, self.layout_, line.id, None, line.chip)

    def on_new_clicked(self) -> None:
        """A new record, linked to the person of the case."""
        if self.head is not None:
            draft = type(self).blank_of(self.desk, self.head)
            self.panel.tell(self.noun, self.layout_, draft.id, draft, self.new_text.removeprefix("+ "))

    def on_panel_closed(self) -> None:
        """It is told."""
        self.new_action.setFocus()


class IncidentsPart(_ListPart):
    """« Faits »."""

    title = "Faits"
    empty = (
        "Ce que la personne a subi ou vu\u00a0: une expulsion, des violences, des biens détruits. "
        "«\u00a0+ Faits\u00a0» en note, avec cette personne comme plaignante."
    )
    new_text = "+ Faits"
    noun = "incident"
    tables = ("incident", "involvement")
    lines_of = case_overview.incident_lines
    blank_of = _incident
    layout_ = Layout(
        fields=("kind", "occurred", "time_from", "time_to", "time_approximate", "site_id", "place", "title", "note"),
        labels={"kind": "Nature des faits", "occurred": "Date, même incertaine", "place": "Lieu précis"},
        hints={"place": "Quand ce n’est pas un lieu de vie."},
    )


class StatementsPart(_ListPart):
    """« Récits »."""

    title = "Récits et attestations"
    empty = (
        "Le récit de la personne, avec ses mots, et les attestations des témoins. "
        "«\u00a0+ Récit\u00a0» commence le sien."
    )
    new_text = "+ Récit"
    noun = "statement"
    tables = ("statement", "statement_version", "incident")
    lines_of = case_overview.statement_lines
    blank_of = _statement
    layout_ = Layout(
        fields=("kind", "author_id", "taken_on", "taken_by_id", "incident_ids"),
        labels={"kind": "Récit, attestation ou déclaration", "taken_by_id": "Recueilli par"},
    )


class EvidencePart(_ListPart):
    """« Pièces »."""

    title = "Pièces"
    empty = (
        "Photos, vidéos, certificats, scans signés\u00a0: tout ce qui sert au dossier. "
        "Déposez des fichiers ici, ou rattachez une pièce déjà dans le coffre."
    )
    new_text = "Rattacher une pièce"
    noun = "evidence"
    tables = ("evidence", "evidence_person", "incident", "statement")
    lines_of = case_overview.evidence_lines
    layout_ = Layout(fields=("kind", "title", "taken", "author_id", "received_on", "sensitive", "note"))

    def __init__(self, context: Context, desk: Desk, case_id: uuid.UUID) -> None:
        super().__init__(context, desk, case_id)
        self._joined: uuid.UUID | None = None
        self.choice = RefInput(context, desk, "evidence")
        self.choice.edited.connect(self.on_chosen)
        context.veil.cover(self.choice)
        hint = "Elle est rattachée dès qu’elle est choisie."
        self._field = Field("evidence", "Pièce déjà dans le coffre", hint, self.choice)
        self._undo = QWidget()
        line = row(gap=8)
        line.addWidget(label("Pièce rattachée.", "soft"))
        self.undo_action = button("Annuler", "link", name="Annuler\u00a0: détacher cette pièce")
        self.undo_action.clicked.connect(self.on_undo_clicked)
        line.addWidget(self.undo_action)
        line.addStretch()
        self._undo.setLayout(line)
        self._inner_top = column(gap=8)
        self._field.hide()
        self._undo.hide()
        whole = self._card.layout()
        assert whole is not None
        top = QWidget()
        top.setLayout(self._inner_top)
        self._inner_top.setContentsMargins(16, 0, 16, 0)
        self._inner_top.addWidget(self._field)
        self._inner_top.addWidget(self._undo)
        whole.insertWidget(2, top)  # type: ignore[attr-defined]
        self._take_files(whole)

    def _take_files(self, whole: Any) -> None:  # noqa: ANN401 - the layout of the card
        """Files come in here too, by the button or dropped on the list: they serve this case at once."""
        context, desk = self.context, self.desk
        self.report = DepositReport(context, desk)
        self.report.wanted.connect(self.on_wanted)
        self.watch(self.report.lot)
        whole.insertWidget(2, self.report)
        self.files_action = button("Verser des fichiers…")
        self.files_action.setParent(self)
        self.files_action.clicked.connect(self.on_files_clicked)
        writes = not desk.vault.consultation
        self.files_action.setEnabled(writes)
        self.buttons = (self.files_action, self.new_action)
        if writes:
            self.drops = FileDrops(self)
            self.drops.dropped.connect(self.on_dropped)

    def on_files_clicked(self) -> None:
        """Choose files."""
        self.context.ask.files(self.window(), "Quels fichiers verser\u00a0?", self.on_dropped)

    def on_dropped(self, paths: Sequence[Path]) -> None:
        """They come in, for this case."""
        if self.report.busy:
            self.said.emit(BUSY)
            return
        self.said.emit("")
        self.report.start(paths, Links(cases=(self.case_id,)))

    def on_wanted(self, item: uuid.UUID) -> None:
        """See one of them."""
        self.go.emit(Place("evidence", item))

    def on_new_clicked(self) -> None:
        """Choose one."""
        self._undo.hide()
        self._field.show()
        self.choice.setFocus()

    def on_chosen(self) -> None:
        """It serves the case from now on."""
        try:
            chosen = self.choice.value()
        except NotUnderstood:
            return  # letters that chose nothing yet
        if chosen is None:
            return
        self._joined = chosen
        self.job(Lane.WRITE, partial(_join, self.desk, self.case_id, chosen, True), self.on_joined)

    def on_joined(self, result: Result[None]) -> None:
        """Said, and it can be undone."""
        self.choice.set_value(None)
        self._field.hide()
        self._undo.show()
        self.undo_action.setFocus()
        self.context.news.publish(result.changes)

    def on_undo_clicked(self) -> None:
        """It does not serve the case after all."""
        self._undo.hide()
        self.new_action.setFocus()
        if self._joined is not None:
            self.job(Lane.WRITE, partial(_join, self.desk, self.case_id, self._joined, False), self.on_left)

    def on_left(self, result: Result[None]) -> None:
        """Undone."""
        self.context.news.publish(result.changes)
