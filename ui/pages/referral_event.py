# SPDX-License-Identifier: GPL-3.0-or-later
"""« Noter un événement »: what happened to a referral, when, for whom, with which proof; undone in one gesture."""

import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

import attrs
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from hro_desktop.casework import drafts, follow
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.follow import EventDraft, Noted
from hro_desktop.vault.work import Work
from ui.acts import act, acted
from ui.build.in_page import Noting, narrow
from ui.context import Context
from ui.editor.editor import KeptForm
from ui.editor.form import DraftForm, Layout
from ui.flow import Flow
from ui.messages import sentence_of
from ui.widgets import button, clear, column, label, pill, row

__all__ = ["EventPanel", "UndoLine"]

_LAYOUT = Layout(
    fields=("status", "occurred_on", "proof_evidence_id", "note"),
    labels={
        "status": "Ce qui s’est passé",
        "occurred_on": "Le",
        "proof_evidence_id": "Preuve",
        "note": "Précision",
    },
    hints={
        "occurred_on": "le jour écrit sur le courrier, ou celui où il est arrivé",
        "proof_evidence_id": "un courrier reçu est une pièce\u00a0: avis, récépissé, réponse",
        "note": "",
    },
    lines={"note": 2},
)


def _note(work: Work, draft: EventDraft, kind: str, key: uuid.UUID, today: Any) -> Noted:  # noqa: ANN401
    noted = follow.note(work, draft, today)
    drafts.drop(work, kind, key)
    return noted


class _EventForm(DraftForm):
    """The fields of an event, and for whom: nobody chosen is everybody."""

    shown = Signal(object)
    """Another draft is shown."""

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__(context, desk, EventDraft, _LAYOUT)
        self._pills: dict[uuid.UUID, QPushButton] = {}
        self._flow = Flow()
        self._whose = QWidget()
        inner = column(gap=4)
        inner.addWidget(label("Pour qui (personne de choisi\u00a0: toutes)", "label", wrap=True))
        inner.addLayout(self._flow)
        self._whose.setLayout(inner)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self._whose)

    @property
    def pills(self) -> Sequence[QPushButton]:
        """One for each complainant."""
        return tuple(self._pills.values())

    def set_parties(self, parties: Sequence[tuple[uuid.UUID, str]]) -> None:
        """Whom it may be for."""
        if list(self._pills) == [each for each, _ in parties]:
            return
        clear(self._flow)
        self._pills = {}
        for party_id, called in parties:
            made = self._pills[party_id] = pill(called, name=f"Pour {called}")
            self._context.veil.cover(made)
            made.clicked.connect(self.on_pill_clicked)
            self._flow.addWidget(made)
        self._whose.setVisible(len(parties) > 1)

    def set_draft(self, draft: EventDraft) -> None:
        """Show a draft."""
        super().set_draft(draft)
        for party_id, made in self._pills.items():
            made.setChecked(party_id in draft.party_ids)
        self._whose.setVisible(len(self._pills) > 1 and draft.step_id is None)
        self.shown.emit(draft)

    def on_pill_clicked(self, _checked: bool) -> None:
        """Somebody more, or less."""
        chosen = tuple(party_id for party_id, made in self._pills.items() if made.isChecked())
        self._draft = attrs.evolve(self._draft, party_ids=chosen)
        self.edited.emit()


class EventPanel(Noting):
    """The form of one event, kept as it is typed."""

    noted = Signal(object)
    """What was done, for undoing: a `Noted`."""

    first = "status"

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID) -> None:
        self._form = _EventForm(context, desk)
        form = KeptForm(context, desk, "event", self._form)
        action = button("Noter", "main", name="Noter cet événement")
        super().__init__(context, desk, referral_id, "Noter un événement", form=form, action=action)
        self._blank = EventDraft(id=referral_id, referral_id=referral_id)
        self._kind, self._key = "event", referral_id
        self._wanted: EventDraft | None = None
        self._given: dict[str, Any] = {}
        self.form.resumed.connect(self.on_resumed)
        self.action.clicked.connect(self.note)
        self._form.shown.connect(self.on_shown)
        self.lay_out()

    @property
    def pills(self) -> Sequence[QPushButton]:
        """For whom."""
        return self._form.pills

    def open(
        self,
        states: Sequence[tuple[str, str]],
        parties: Sequence[tuple[uuid.UUID, str]],
        cases: Sequence[uuid.UUID],
        draft: EventDraft | None = None,
    ) -> None:
        """Show the form.

        Args:
            states: what may happen, in order.
            parties: the complainants, by id and name.
            cases: theirs: a scan that is deposited is linked to them.
            draft: what is known already; what was typed before and not noted comes first.
        """
        narrow(self._form.field("status").input, states)
        self._form.set_parties(parties)
        self.ask_proof(cases, "preuve de l’événement")
        self.say("")
        self.show()
        known = attrs.evolve(draft, id=self.referral_id) if draft is not None else self._blank
        if self.form.record is None or not self._form.isEnabled():
            self._wanted = known if draft is not None else None
            self.form.open(self.referral_id, known)
        elif draft is not None:
            self._propose(known)
        self.form.focus("status" if not known.status else "occurred_on")

    def on_resumed(self) -> None:
        """A note was begun before what is known now: one of them gives way, and somebody says which."""
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._propose(wanted)

    def _propose(self, wanted: EventDraft) -> None:
        """Show what is known; what was typed is replaced only when somebody says so."""
        if not self.form.dirty or self.form.state() == self._given:
            self._replace(wanted)
            return
        self.context.ask.choose(
            self,
            "Une note est déjà commencée",
            "Elle n’est pas notée, et il n’y en a qu’une à la fois\u00a0: la remplacer perd ce qui y est tapé.",
            ("Garder la note commencée", "La remplacer"),
            partial(self._on_chosen, wanted),
        )

    def _on_chosen(self, wanted: EventDraft, answer: int) -> None:
        if answer == 1:
            self._replace(wanted)

    def _replace(self, wanted: EventDraft) -> None:
        self._form.set_draft(wanted)
        self._given = self.form.state()
        self.form.on_edited()

    def on_shown(self, draft: EventDraft) -> None:
        """A new event, or one that is corrected."""
        self.action.setText("Corriger" if draft.step_id is not None else "Noter")

    def note(self) -> None:
        """Write it."""
        draft = self.complete()
        if draft is not None:
            self.say("")
            known = (draft, self._kind, self._key, self.desk.today())
            self.write(partial(acted, self.desk, _note, known), self.on_noted)

    def on_noted(self, noted: Noted) -> None:
        """It is noted."""
        self.end("événement noté")
        self.noted.emit(noted)


class UndoLine(QFrame):
    """What was just done, and « Annuler »; another thing done takes its place."""

    failed = Signal(str)

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("choice")
        self._context, self._desk = context, desk
        self._noted: Noted | None = None
        self._said = label("", wrap=True)
        self.action = button("Annuler", "link")
        self.action.clicked.connect(self.on_clicked)
        inner = row(margins=(12, 4, 8, 4), gap=8)
        inner.addWidget(self._said, 1)
        inner.addWidget(self.action)
        self.setLayout(inner)
        self.hide()

    @property
    def text(self) -> str:
        """What was done."""
        return self._said.text()

    def offer(self, sentence: str, noted: Noted) -> None:
        """Something was done."""
        self._noted = noted
        self._said.setText(sentence)
        self.action.setAccessibleName(f"Annuler\u00a0: {sentence}")
        self.show()
        self.action.setFocus()

    def on_clicked(self) -> None:
        """Take it back."""
        noted, self._noted = self._noted, None
        if noted is not None:
            work = partial(acted, self._desk, follow.undo, (noted,))
            act(self._context, work, self.on_undone, self.on_failed)
        self.hide()

    def on_undone(self, _value: object) -> None:
        """As before."""

    def on_failed(self, error: Exception) -> None:
        """It could not be."""
        self.failed.emit(sentence_of(error))
