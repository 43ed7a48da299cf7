# SPDX-License-Identifier: GPL-3.0-or-later
"""« Relecture et signature »: read back to each complainant, read by a second person, signed. States, in any order."""

import uuid
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import attrs
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from hro_desktop.casework import deposits, drafts, readings
from hro_desktop.casework.builder import Build, Party, Reading
from hro_desktop.casework.deposits import Deposit, Links
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.readings import ReadBackDraft, SignatureDraft
from hro_desktop.faults import Fault
from hro_desktop.vault.work import Work as Unit
from ui.build.panel import Panel, Undo, acted, card
from ui.context import Context
from ui.editor.editor import KeptForm
from ui.editor.form import DraftForm, Field, Layout
from ui.editor.inputs import NotUnderstood
from ui.editor.refs import RefInput
from ui.flow import Flow
from ui.jobs import Lane, Report, Token
from ui.messages import sentence_of
from ui.widgets import button, chip, clear, column, into_sight, label, row, rule

__all__ = ["ReadingPanel"]

STALE: Final = "à relire\u00a0: le texte a changé depuis"
_BACK: Final = Layout(
    fields=("read_back_on", "read_back_language", "read_back_by_id", "read_back_interpreter_id"),
    labels={"read_back_on": "Relue le", "read_back_language": "En", "read_back_by_id": "Par"},
)
_SIGNED: Final = Layout(
    fields=("signed_on", "signed_evidence_id"), labels={"signed_evidence_id": "Scan de la lettre signée"}
)


@attrs.frozen
class _Drafts:
    """What was noted of one person, or what is likely."""

    read_back: ReadBackDraft
    signature: SignatureDraft


def _of_party(desk: Desk, party_id: uuid.UUID, _token: Token, _report: Report) -> _Drafts:
    with desk.read() as session:
        today = desk.today()
        return _Drafts(
            readings.read_back_draft(session, party_id, today), readings.signature_draft(session, party_id, today)
        )


def _noting(work: Unit, note: Callable[..., uuid.UUID], kind: str, known: tuple[Any, ...]) -> uuid.UUID:
    """Note a reading; what was typed of it needs not be kept any more."""
    noted = note(work, *known)
    drafts.drop(work, kind, known[0].id)
    return noted


def _take_in(desk: Desk, path: Path, case_id: uuid.UUID, _token: Token, report: Report) -> Result[uuid.UUID]:
    """Worker: the scan of a signed paper enters the vault, linked to the case of who signed."""
    found: Result[tuple[Deposit, ...]] = deposits.deposit(desk, [path], Links(cases=(case_id,)), progress=report)
    made = next(iter(found.value), None)
    if made is None or made.evidence_id is None:
        why = made.why if made is not None else "Rien n’a été choisi."
        raise Fault("source.unreadable", f"{why} Rien n’a été ajouté.")
    return Result(made.evidence_id, found.changes)


class _Noting(QFrame):
    """A form for one reading, shown when somebody wants to note it; what is typed is kept."""

    noted = Signal(object)
    """The draft."""
    closed = Signal()

    def __init__(self, context: Context, desk: Desk, kind: str, form: DraftForm, words: str) -> None:
        super().__init__()
        self.setObjectName("choice")
        self.kept = KeptForm(context, desk, kind, form)
        self.note = button(words)
        self.note.clicked.connect(self.on_note_clicked)
        self.give_up = button("Fermer", "link", name=f"Fermer sans noter\u00a0: {words}")
        self.give_up.clicked.connect(self.on_give_up_clicked)
        self.acts = Flow(10)
        self.acts.addWidget(self.note)
        self.acts.addWidget(self.give_up)
        inner = column(margins=(12, 10, 12, 10), gap=8)
        inner.addWidget(self.kept)
        inner.addLayout(self.acts)
        self.setLayout(inner)
        self.hide()

    def on_note_clicked(self) -> None:
        """Note it, when it can be."""
        draft = self.kept.complete()
        if draft is not None:
            self.kept.settle()
            self.noted.emit(draft)

    def on_give_up_clicked(self) -> None:
        """Not now; what is typed is kept."""
        self.kept.save()
        self.hide()
        self.closed.emit()


class _PartyCard(QFrame):
    """Where one complainant is."""

    def __init__(self, panel: "ReadingPanel", party: Party) -> None:
        super().__init__()
        self.setObjectName("card")
        self._panel, self.party = panel, party
        self._opening: _Noting | None = None
        context, desk = panel.context, panel.desk
        self.read_back = _Noting(
            context, desk, "read_back", DraftForm(context, desk, ReadBackDraft, _BACK), "Noter la relecture"
        )
        self.signature = _Noting(
            context, desk, "signature", DraftForm(context, desk, SignatureDraft, _SIGNED), "Noter la signature"
        )
        self.scan = button("Déposer le scan signé…", name=f"Déposer le scan signé\u00a0: {party.called}")
        self.scan.clicked.connect(self.on_scan_clicked)
        self.signature.acts.addWidget(self.scan)
        self.read_back.noted.connect(self.on_read_back)
        self.signature.noted.connect(self.on_signed)
        self._states = column(gap=6)
        self._acts = Flow(12)
        inner = column(margins=(16, 12, 16, 14), gap=8)
        name = label(party.called, "strong", wrap=True)
        context.veil.cover(name)
        inner.addWidget(name)
        inner.addLayout(self._states)
        inner.addLayout(self._acts)
        inner.addWidget(self.read_back)
        inner.addWidget(self.signature)
        self.setLayout(inner)
        self.show_party(party)

    def show_party(self, party: Party) -> None:
        """Say where it is."""
        self.party = party
        clear(self._states)
        clear(self._acts)
        back = party.read_back
        self._states.addLayout(
            _state("Relecture à la personne", back, "pas encore relue", self._panel.context.veil.cover)
        )
        signed = Reading(said=party.signed, stale=False) if party.signed else None
        self._states.addLayout(_state("Signature", signed, "pas encore signée", self._panel.context.veil.cover))
        if party.signed and party.scan_id is None:
            said = "Le scan signé n’est pas encore dans le coffre\u00a0: sans lui, la lettre ne part pas."
            self._states.addWidget(label(said, "problem", wrap=True))
        again = "Noter une nouvelle relecture" if back is not None else "Noter la relecture"
        does: list[tuple[str, Callable[[], None]]] = [(f"{again}…", partial(self.open, self.read_back))]
        does += [("Effacer la relecture", self.on_forget_read_back)] if back is not None else []
        does += [("Noter la signature…", partial(self.open, self.signature))]
        does += [("Effacer la signature", self.on_forget_signature)] if party.signed else []
        for text, does_it in does:
            act = button(text, "link", name=f"{text.removesuffix('…')}\u00a0: {party.called}")
            act.clicked.connect(does_it)
            self._acts.addWidget(act)

    def open(self, noting: _Noting, _checked: bool = False) -> None:
        """Show a form, with what was noted or what is likely."""
        self._opening = noting
        work = partial(_of_party, self._panel.desk, self.party.id)
        self._panel.context.jobs.start(Lane.READ, work, owner=self, done=self.on_drafts, failed=self._panel.on_failed)

    def on_drafts(self, found: _Drafts) -> None:
        """Here it is."""
        noting = self._opening
        if noting is None:
            return
        noting.show()
        noting.kept.open(self.party.id, found.read_back if noting is self.read_back else found.signature)
        noting.kept.focus("read_back_on" if noting is self.read_back else "signed_on")
        into_sight(noting)

    def on_read_back(self, draft: ReadBackDraft) -> None:
        """Note what was read: the papers of this moment."""
        build = self._panel.build
        if build is None:
            return
        known = (draft, build.sha256, self._panel.desk.today())
        self._panel.note(readings.note_read_back, "read_back", known)
        self.read_back.hide()

    def on_signed(self, draft: SignatureDraft) -> None:
        """Note the signature."""
        self._panel.note(readings.note_signature, "signature", (draft, self._panel.desk.today()))
        self.signature.hide()

    def on_forget_read_back(self) -> None:
        """It was noted by mistake."""
        self._panel.act(readings.forget_read_back, self.party.id)

    def on_forget_signature(self) -> None:
        """It was noted by mistake."""
        self._panel.act(readings.forget_signature, self.party.id)

    def on_scan_clicked(self) -> None:
        """Ask which file is the signed letter."""
        self._panel.context.ask.file(self, "Quel fichier est la lettre signée\u00a0?", self.on_scan_chosen)

    def on_scan_chosen(self, path: Path) -> None:
        """Take it into the vault."""
        self.scan.setEnabled(False)
        self._panel.context.jobs.start(
            Lane.WRITE,
            partial(_take_in, self._panel.desk, path, self.party.case_id),
            owner=self,
            done=self.on_taken,
            failed=self.on_take_failed,
            title="Dépôt du scan signé",
        )

    def on_taken(self, result: Result[uuid.UUID]) -> None:
        """It is in the vault: the signature names it."""
        self.scan.setEnabled(True)
        scan = self.signature.kept.form.field("signed_evidence_id").input
        scan.set_value(result.value)
        scan.edited.emit()
        self.signature.note.setFocus(Qt.FocusReason.OtherFocusReason)
        self._panel.context.news.publish(result.changes)

    def on_take_failed(self, error: Exception) -> None:
        """It is not."""
        self.scan.setEnabled(True)
        self.signature.kept.say(sentence_of(error))


class ReadingPanel(Panel):
    """A reading is of what the papers said that day; what changed since is to be read again."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID) -> None:
        super().__init__(context, desk, referral_id)
        self._cards: list[_PartyCard] = []
        self._people = column(gap=12)
        second, inner = card("Seconde lecture, par quelqu’un d’autre que qui a écrit")
        self._second = column(gap=6)
        self.who = Field("who", "Qui vient de relire", "", RefInput(context, desk, "volunteer"))
        self.note_second = button("Noter la seconde lecture")
        self.note_second.clicked.connect(self.on_second_clicked)
        self.forget_second = button("Effacer la seconde lecture", "link")
        self.forget_second.clicked.connect(self.on_forget_second_clicked)
        context.veil.cover(self.who.input)
        inner.addLayout(self._second)
        inner.addWidget(self.who)
        acts = Flow(10)
        acts.addWidget(self.note_second)
        acts.addWidget(self.forget_second)
        inner.addLayout(acts)
        whole = column(gap=12)
        whole.addLayout(self._people)
        whole.addWidget(second)
        self.setLayout(whole)
        self.setFocusProxy(self.who)

    @property
    def cards(self) -> Sequence[_PartyCard]:
        """One for each complainant."""
        return tuple(self._cards)

    def show_build(self, build: Build) -> None:
        """Show where each reading is."""
        self.build = build
        if [each.party.id for each in self._cards] != [each.id for each in build.parties]:
            clear(self._people)
            self._cards = [_PartyCard(self, each) for each in build.parties]
            for made in self._cards:
                self._people.addWidget(made)
        for made, party in zip(self._cards, build.parties, strict=True):
            if made.party != party:
                made.show_party(party)
        clear(self._second)
        self._second.addLayout(_state("Seconde lecture", build.reread, "pas encore faite", self.context.veil.cover))
        self.forget_second.setVisible(build.reread is not None)

    def focus_on(self, _subject: str) -> None:
        """The first person who has not signed."""
        for each in self._cards:
            if not each.party.signed:
                each.open(each.signature)
                return
        self.who.input.setFocus()

    def note(self, note: Callable[..., uuid.UUID], kind: str, known: tuple[Any, ...]) -> None:
        """Note a reading of one person."""
        self.act(_noting, note, kind, known)

    def on_second_clicked(self) -> None:
        """Somebody else has just read it."""
        try:
            who = self.who.input.value()
        except NotUnderstood as error:
            self.who.say(str(error))
            return
        if who is None or self.build is None:
            self.who.say("Choisissez qui vient de relire.")
            return
        self.who.say("")
        known = (self.referral_id, who, self.desk.today(), self.build.sha256)
        self.act(readings.note_reread, *known, undo=self._undo_second)
        self.who.input.set_value(None)

    def on_forget_second_clicked(self) -> None:
        """It was noted by mistake."""
        self.act(readings.forget_reread, self.referral_id)

    def _undo_second(self, _referral: uuid.UUID) -> Undo:
        work = partial(acted, self.desk, readings.forget_reread, (self.referral_id,))
        return Undo("Seconde lecture notée, du texte tel qu’il est maintenant.", work)


def _state(title: str, reading: Reading | None, none: str, cover: Callable[[QWidget], None]) -> QVBoxLayout:
    """One reading: done, outdated or to be done, in words."""
    lines = column(gap=2)
    head = row(gap=8)
    head.addWidget(label(title, "soft", wrap=True), 1)
    word, kind = ("à faire", "warn") if reading is None else ("à relire", "late") if reading.stale else ("fait", "ok")
    head.addWidget(chip(word, kind), 0, Qt.AlignmentFlag.AlignTop)
    lines.addLayout(head)
    said: QLabel = label(reading.said if reading is not None else none, wrap=True)
    cover(said)
    lines.addWidget(said)
    if reading is not None and reading.stale:
        lines.addWidget(label(STALE[:1].upper() + STALE[1:], "problem", wrap=True))
    lines.addSpacing(2)
    lines.addWidget(rule())
    return lines
