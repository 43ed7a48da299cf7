# SPDX-License-Identifier: GPL-3.0-or-later
"""One statement: the words of one person in versions, what surrounds them, and the paper that is signed."""

import datetime as dt
import uuid
from functools import partial
from pathlib import Path
from typing import Any, Final

import attrs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from hro_desktop.casework import documents, editing, passages, statement_evidence, statement_overview, statements
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.documents import Pack
from hro_desktop.casework.passages import PassageDraft
from hro_desktop.casework.statement_overview import StatementView
from ui.beside import Beside, card
from ui.build.live_page import LivePage
from ui.changes import Changes, touches
from ui.context import Context
from ui.editor.editor import Editor
from ui.editor.form import Layout, Part
from ui.jobs import Job, Lane, Report, Token
from ui.lines import Line, LineList
from ui.messages import sentence_of
from ui.pages.attestation import PaperCard
from ui.pages.page import Page, Place
from ui.pages.passages import PassagesCard
from ui.pages.places import place_of
from ui.pages.statements import STATE_CHIPS
from ui.pages.versions import VersionsCard
from ui.reading import ReferralView
from ui.tabs import Tabs
from ui.widgets import Scroller, column, label

__all__ = ["ABOUT", "StatementPage"]

_TALL: Final = 640
"""Pixels of the page that is shown beside the words, before it is scrolled."""

ABOUT: Final = Layout(
    fields=("kind", "author_id", "incident_ids", "taken_on", "taken_by_id", "case_id"),
    labels={
        "kind": "Nature",
        "kinship": "Parenté ou alliance",
        "kinship_detail": "Quelle parenté",
        "subordination": "Subordination",
        "subordination_detail": "Quelle subordination",
        "interests": "Intérêts communs",
        "interests_detail": "Quels intérêts",
    },
    hints={
        "kind": "L’attestation est celle d’un témoin",
        "kinship": "Avec une partie",
        "subordination": "Avec une partie",
        "interests": "Ou collaboration, avec une partie",
    },
    parts=(
        Part(
            "Les trois réponses de l’art. 202",
            (
                *("kinship", "kinship_detail", "subordination", "subordination_detail"),
                *("interests", "interests_detail"),
            ),
            folded=True,
        ),
        Part("Adresse imprimée et pièce d’identité", ("address_id", "identity_evidence_id"), folded=True),
        Part("Retrait", ("withdrawn_on", "withdrawn_reason"), folded=True),
    ),
)


def _view(desk: Desk, statement_id: uuid.UUID, token: Token, _report: Report) -> StatementView | None:
    token.check()
    with desk.read() as session:
        return statement_overview.of_statement(session, statement_id, desk.today())


def _seal(desk: Desk, version_id: uuid.UUID, _token: Token, _report: Report) -> Result[None]:
    return desk.run(statements.seal_version, version_id)


def _renew(desk: Desk, statement_id: uuid.UUID, _token: Token, _report: Report) -> Result[uuid.UUID]:
    return desk.run(statements.new_version, statement_id)


def _mark(desk: Desk, draft: PassageDraft, _token: Token, _report: Report) -> Result[uuid.UUID]:
    return desk.run(passages.mark_near, draft)


def _decide(
    desk: Desk, mark: uuid.UUID, decision: str, who: uuid.UUID | None, day: dt.date | None, _token: Token, _r: Report
) -> Result[None]:
    return desk.run(passages.decide, mark, decision, decided_by_id=who, decided_on=day)


def _unmark(desk: Desk, mark: uuid.UUID, _token: Token, _report: Report) -> Result[PassageDraft]:
    return desk.run(passages.unmark, mark)


def _join(desk: Desk, statement_id: uuid.UUID, path: Path, _token: Token, report: Report) -> Result[uuid.UUID]:
    return statement_evidence.join_signed(desk, statement_id, path, report)


def _attestation(desk: Desk, reference: str, by_hand: bool, token: Token, _report: Report) -> Pack:
    token.check()
    return documents.make_attestation(desk, reference, handwriting=by_hand)


class StatementPage(Page):
    """Who speaks and of what, the papers; beside them the words."""

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, "Nouveau récit")
        assert place.record is not None
        self._record: uuid.UUID = place.record
        self._blank = place.given
        self._view: StatementView | None = None
        self._taken_back: PassageDraft | None = None
        self._making: Job | None = None
        self.crumb = ("Récits", Place("statements"))
        self._about = Editor(context, desk, "statement_about", ABOUT, eager=True, steps=False)
        self.watch(self._about)
        self.versions = VersionsCard(context, desk)
        self.versions.seal.connect(self.on_seal)
        self.versions.renew.connect(self.on_renew)
        self.versions.chosen.connect(self.on_version_chosen)
        self.passages = PassagesCard(context, desk)
        self.passages.mark_wanted.connect(self.on_mark_wanted)
        self.passages.decided.connect(self.on_decided)
        self.passages.unmark_wanted.connect(self.on_unmark_wanted)
        self.passages.remark_wanted.connect(self.on_remark_wanted)
        self.paper = PaperCard(context)
        self.paper.printed.connect(self.on_printed)
        self.paper.scan_wanted.connect(self.on_scan_wanted)
        self.paper.go.connect(self.go)
        self._make_side()
        self._linked = LineList(context, name="Dossier et faits")
        self._linked.chosen.connect(self.go)
        self._first = label(
            "Choisissez d’abord la nature et la personne qui parle\u00a0: le texte s’écrit ensuite ici. "
            "Tout s’enregistre à mesure.",
            "soft",
            wrap=True,
        )
        tip = "Revenir à ce qui était noté avant le dernier enregistrement (Ctrl Alt Z)"
        self._undo = self.action("Défaire", self._about.undo, "", tip=tip)
        self._about.told.connect(self.on_saying)
        self.buttons = (self._undo,)
        self._lay_out()
        self._show_known(known=False)
        self._show_side()
        self.on_saying("", "")
        self.setFocusProxy(self._about)

    @property
    def about(self) -> Editor:
        """What is known besides the words."""
        return self._about

    @property
    def view(self) -> StatementView | None:
        """What the vault knows of it."""
        return self._view

    def start(self) -> None:
        """Ask for it."""
        if self._about.record is None:
            draft = editing.KINDS["statement_about"].draft(id=self._record)
            self._about.open(self._record, self._blank if self._blank is not None else draft)
        self._ask()

    def on_changed(self, changes: Changes) -> None:
        """What is shown may be something else now."""
        tables = ("statement", "statement_version", "passage", "evidence", "evidence_statement", "person", "consent")
        if any(touches(changes, table) for table in tables):
            self._ask()

    def on_tab_chosen(self, _tab: str) -> None:
        """The form, or the attestation as it would be printed."""
        self._show_side()

    def on_saying(self, _word: str, _kind: str) -> None:
        """Something was saved, or typed."""
        self._undo.setEnabled(self._about.can_undo)

    def on_view(self, view: StatementView | None) -> None:
        """Here it is; nothing of one that is not recorded yet."""
        if view is None:
            return
        known = self._view is not None
        self._view = view
        self.place = attrs.evolve(self.place, given=None)  # recorded by now: one may come back to it
        self._show_known(known=True)
        chip = (view.state_label, STATE_CHIPS[view.state])
        self.retitle(f"{view.reference} — {view.label}", crumb=self.crumb, marks=(chip,))
        self.versions.show_view(view)
        if self.versions.editor is not None and not known:
            self.watch(self.versions.editor)
        if not known and view.kind == "attestation":
            self._about.form.unfold("kinship")
        self.paper.show_view(view)
        self._show_side()
        self.paper.making(self._making is not None or not self._printable())
        self._show_marks()
        self._linked.show_lines(
            [Line(title=each.title, detail=each.detail, place=place_of(each.page, each.id)) for each in view.linked]
        )

    def on_version_chosen(self) -> None:
        """Another version is shown, with its marks."""
        self._show_marks()

    def on_seal(self, version: uuid.UUID) -> None:
        """Seal a version: it changes no more."""
        self.say("")
        self.write(partial(_seal, self.desk, version), self.on_done)

    def on_renew(self) -> None:
        """Begin the next version."""
        self.say("")
        self.write(partial(_renew, self.desk, self._record), self.on_done)

    def on_mark_wanted(self, reason: str) -> None:
        """Mark what is selected; what is typed is saved first."""
        version, found = self.versions.version, self.versions.selection()
        if version is None or found is None:
            self.passages.say("Sélectionnez d’abord des mots dans le texte.")
            return
        part, words = found
        self.versions.save()
        draft = PassageDraft(
            statement_version_id=version.id, part=part, start=words.start, quoted=words.quoted, reason=reason
        )
        self._act(partial(_mark, self.desk, draft))

    def on_decided(self, mark: uuid.UUID, decision: str) -> None:
        """The author decided."""
        who, day = self.passages.who.value(), self.passages.day.value()
        self._act(partial(_decide, self.desk, mark, decision, who, day))

    def on_unmark_wanted(self, mark: uuid.UUID) -> None:
        """Take a mark back; it can be put again."""
        self._act(partial(_unmark, self.desk, mark))

    def on_remark_wanted(self) -> None:
        """Put it again as it was."""
        if self._taken_back is not None:
            draft, self._taken_back = self._taken_back, None
            self.passages.again.hide()
            self._act(partial(_mark, self.desk, draft))

    def on_done(self, result: Result[Any]) -> None:
        """It is done: every page learns of it."""
        if isinstance(result.value, PassageDraft):
            self._taken_back = result.value
            self.passages.again.show()
        self.passages.say("")
        self.context.news.publish(result.changes)

    def on_act_failed(self, error: Exception) -> None:
        """Nothing was marked nor decided."""
        self.passages.say(sentence_of(error))

    def on_printed(self, by_hand: bool) -> None:
        """Make the paper; it is shown before anything leaves."""
        if self._view is None or self._making is not None:
            return
        self.leave()
        self.say("")
        self._making = self.context.jobs.start(
            Lane.DOCUMENT,
            partial(_attestation, self.desk, self._view.reference, by_hand),
            owner=self,
            done=self.on_made,
            failed=self.on_make_failed,
            cancelled=self.on_make_cancelled,
            title="Préparation de l’attestation",
        )
        self.paper.making(True)

    def on_made(self, pack: Pack) -> None:
        """The paper is ready to be looked at."""
        self._end_making()
        shown = ReferralView(pack.reference, "", "Attestation", pack.recipient, "", ())
        self.go.emit(Place("pack", given=(pack, None, shown, self.place)))

    def on_make_failed(self, error: Exception) -> None:
        """It could not be made."""
        self._end_making()
        self.say(sentence_of(error))

    def on_make_cancelled(self, _job: Job) -> None:
        """Somebody thought better of it."""
        self._end_making()

    def on_scan_wanted(self) -> None:
        """Ask which file is the signed paper."""
        self.context.ask.file(self, "Quel fichier est le scan signé\u00a0?", self.on_scan_chosen)

    def on_scan_chosen(self, path: Path) -> None:
        """Keep it in the vault, with the statement."""
        self.say("")
        self.paper.scan.setEnabled(False)
        self.context.jobs.start(
            Lane.WRITE,
            partial(_join, self.desk, self._record, path),
            owner=self,
            done=self.on_joined,
            failed=self.on_join_failed,
            title="Dépôt du scan signé",
        )

    def on_joined(self, result: Result[uuid.UUID]) -> None:
        """It is in the vault."""
        self.paper.scan.setEnabled(True)
        self.context.news.publish(result.changes)

    def on_join_failed(self, error: Exception) -> None:
        """It is not."""
        self.paper.scan.setEnabled(True)
        self.say(sentence_of(error))

    def _end_making(self) -> None:
        self._making = None
        self.paper.making(not self._printable())

    def _printable(self) -> bool:
        return self._view is not None and not self._view.refused and not self._view.blocked

    def _act(self, work: Any) -> None:  # noqa: ANN401 - a worker
        self.passages.say("")
        self.context.jobs.start(Lane.WRITE, work, owner=self, done=self.on_done, failed=self.on_act_failed)

    def _ask(self) -> None:
        self.read_latest(partial(_view, self.desk, self._record), self.on_view)

    def _show_marks(self) -> None:
        if self._view is not None:
            self.versions.show_marks(self._view.marks)
            self.passages.show_view(self._view, self.versions.version)

    def _make_side(self) -> None:
        """What the left side may show: the form, or the page."""
        self.live = LivePage(self.context, self.desk)
        self.live.setMinimumHeight(self.context.theme.px(_TALL))
        self.tabs = Tabs([("about", "Fiche et papiers"), ("page", "La page imprimée")], self)
        self.tabs.show_tab("about")
        self.tabs.chosen.connect(self.on_tab_chosen)
        self._form = QWidget()
        self._newer = label(
            "La page montre la version que vous écrivez\u00a0: tant qu’elle n’est pas figée, c’est la dernière version "
            "figée qui s’imprime.",
            "hint",
            wrap=True,
        )

    def _show_side(self) -> None:
        """An attestation has a page to look at while its words are written; it is made anew at each saving."""
        attests = self._view is not None and self._view.kind == "attestation"
        page = attests and self.tabs.present == "page"
        self.tabs.setVisible(attests)
        self._form.setVisible(not page)
        self.live.setVisible(page)
        versions = self._view.versions if self._view is not None else ()
        self._newer.setVisible(page and len(versions) > 1 and not versions[-1].sealed)
        if page:
            self.live.open(("statement", self._record))

    def _show_known(self, *, known: bool) -> None:
        """What stands beside the form makes sense once the statement is recorded."""
        self._first.setVisible(not known)
        for each in (self.versions, self.passages, self.paper):
            each.setVisible(known)

    def _lay_out(self) -> None:
        left, right = QWidget(), QWidget()
        one, two, form = column(gap=16), column(gap=16), column(gap=16)
        made, inner = card("Qui parle, de quoi")
        inner.addWidget(self._about)
        inner.addWidget(self._linked)
        form.addWidget(made)
        form.addWidget(self.paper)
        self._form.setLayout(form)
        for each in (self._problem, self.tabs, self._form, self._newer, self.live):
            one.addWidget(each)
        one.addStretch(1)
        left.setLayout(one)
        for other in (self._first, self.versions, self.passages):
            two.addWidget(other)
        two.addStretch(1)
        right.setLayout(two)
        around = column()
        around.addWidget(Beside(self.context.theme, left, right, shares=(4, 5)), 0, Qt.AlignmentFlag.AlignTop)
        whole = column()
        whole.addWidget(Scroller(around, name="Le récit"))
        self.setLayout(whole)
