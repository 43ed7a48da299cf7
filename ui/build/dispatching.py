# SPDX-License-Identifier: GPL-3.0-or-later
"""« Noter l’envoi »: what was sent, noted once it was; what stops a sending of today is said, and may be a fact."""

import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import attrs
from PySide6.QtCore import Qt, Signal

from hro_desktop.casework import corrections, dispatches, drafts
from hro_desktop.casework.desk import Desk, Result
from hro_desktop.casework.dispatch_checks import STOPS
from hro_desktop.casework.dispatches import CorrectionDraft, DispatchDraft, Sent
from hro_desktop.casework.follow_overview import Followed
from hro_desktop.casework.printing import frozen_words
from hro_desktop.faults import Fault
from hro_desktop.records.base import new_id
from ui.acts import act
from ui.build.in_page import InPage, narrow
from ui.build.proof import ProofDeposit
from ui.context import Context
from ui.editor.editor import KeptForm
from ui.editor.form import DraftForm, Layout
from ui.editor.inputs import ChoiceInput, NotUnderstood
from ui.jobs import Job, Report, Token
from ui.widgets import button, into_sight, label, row

__all__ = ["CorrectionPanel", "DispatchPanel"]

_OF_THE_DAY: Final = "La dernière figée ce jour-là ou avant"


def _note(desk: Desk, draft: DispatchDraft, kind: str, key: uuid.UUID, token: Token, _report: Report) -> Any:  # noqa: ANN401
    token.check()
    result = dispatches.note(desk, draft)
    desk.run(drafts.drop, kind, key)
    return result


def _correct(desk: Desk, draft: CorrectionDraft, token: Token, _report: Report) -> Result[uuid.UUID]:
    token.check()
    return corrections.correct(desk, draft)


def _layout(*, copy: bool) -> Layout:
    return Layout(
        fields=(
            *(("authority",) if copy else ()),
            "channel",
            "sent_on",
            "tracking_number",
            "proof_evidence_id",
            "version_id",
            "note",
        ),
        labels={
            "authority": "À qui va la copie",
            "channel": "Comment",
            "sent_on": "Envoyé le",
            "tracking_number": "Numéro de suivi ou de recommandé",
            "proof_evidence_id": "Preuve du dépôt",
            "version_id": "Version figée envoyée",
        },
        hints={
            "authority": "",
            "proof_evidence_id": "récépissé, accusé d’envoi\u00a0; elle peut venir plus tard",
            "sent_on": "le jour du dépôt à la poste, au greffe ou en ligne",
            "version_id": "",
        },
        made={"version_id": partial(ChoiceInput, [(None, _OF_THE_DAY)])},
    )


class DispatchPanel(InPage):
    """One sending, noted once it was made. A copy for information is another one."""

    noted = Signal()
    """It is in the register."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID, *, copy: bool = False) -> None:
        super().__init__(context, desk, referral_id, "Noter une copie" if copy else "Noter l’envoi")
        self._copy = copy
        self._kind = "dispatch_copy" if copy else "dispatch_note"
        self._job: Job | None = None
        self.form = KeptForm(context, desk, self._kind, DraftForm(context, desk, DispatchDraft, _layout(copy=copy)))
        self.form.told.connect(self.told)
        self.form.form.edited.connect(self.on_edited)
        self._cases: tuple[uuid.UUID, ...] = ()
        self._said = label("", "soft", wrap=True)
        self._proof: ProofDeposit | None = None
        self.action = button("Noter cette copie" if copy else "Noter l’envoi", "main")
        self.action.setToolTip("Dans le registre, pour toujours\u00a0: le bordereau est alors figé, ses numéros aussi")
        self.action.clicked.connect(self.note)
        self.left_action = button("C’est déjà parti\u00a0: noter quand même")
        self.left_action.setToolTip("Le registre garde ce qui s’est passé, et pourquoi cela n’aurait pas dû partir")
        self.left_action.clicked.connect(self.note_left)
        self.left_action.hide()
        self.inner.addWidget(self.left_action, 0, Qt.AlignmentFlag.AlignLeft)
        self.inner.addWidget(self._said)
        self.inner.addWidget(self.form)
        self.empty_action = button("Effacer ce qui est tapé", "link")
        self.empty_action.clicked.connect(self.on_empty_clicked)
        self._blank = DispatchDraft(id=referral_id, referral_id=referral_id, copy=copy)
        foot = row(gap=12)
        foot.addWidget(self.action)
        foot.addWidget(self.empty_action)
        foot.addStretch()
        self.inner.addLayout(foot)

    def open(self, followed: Followed) -> None:
        """Show the form for a referral as it stands; a scan that is deposited is linked to its cases."""
        channels, cases = followed.channels, tuple(each.case_id for each in followed.parties)
        self._said.setText(
            "Une copie pour information ne change pas où en est la saisine."
            if self._copy
            else f"Une version figée est partie vers\u00a0: {followed.authority_name}. Le programme n’envoie rien, "
            "notez ce qui a été fait."
        )
        self._offer(followed)
        if not self._copy:
            narrow(self.form.form.field("channel").input, channels)
        if self._cases != cases:
            self._cases = cases
            if self._proof is not None:
                self._proof.hide()
                self._proof.deleteLater()
            field = self.form.form.field("proof_evidence_id")
            self._proof = ProofDeposit(self.context, self.desk, field.input, cases, "preuve du dépôt")
            field.add_below(self._proof)
        self._say_nothing()
        self.show()
        if self.form.record is None:
            first = channels[0][0] if len(channels) == 1 and not self._copy else ""
            authority = followed.copy_to if self._copy else ""
            self._blank = attrs.evolve(self._blank, channel=first, authority=authority)
            self.form.open(self.referral_id, self._blank)
        self.form.focus("authority" if self._copy else "channel")

    def on_empty_clicked(self) -> None:
        """Begin again."""
        self._say_nothing()
        self.form.discard(self._blank)
        self.form.focus("channel")

    def note(self, _checked: bool = False, *, left: bool = False) -> None:
        """Write it in the register."""
        if self._job is not None:
            return
        wrong = self.form.form.check()
        if wrong:
            self.form.form.focus_first(wrong)
            return
        try:
            draft = self.form.form.draft()
        except NotUnderstood:
            return
        self._say_nothing()
        self.form.keep()
        self.action.setEnabled(False)
        work = partial(_note, self.desk, attrs.evolve(draft, id=new_id(), left=left), self._kind, self.referral_id)
        self._job = act(self.context, work, self.on_noted, self.on_failed)

    def on_edited(self) -> None:
        """It is another sending: what stopped the one before says nothing of it."""
        self.left_action.hide()

    def note_left(self) -> None:
        """It did leave: write it whatever stops it now."""
        self.note(left=True)

    def on_noted(self, _dispatch: uuid.UUID) -> None:
        """It is noted: the next one begins empty."""
        self._job = None
        self.action.setEnabled(True)
        self.form.forget()
        self.hide()
        self.told.emit("envoi noté", "ok")
        self.noted.emit()

    def on_failed(self, error: Exception) -> None:
        """It was not noted; what was typed stays, and is kept."""
        self._job = None
        self.action.setEnabled(True)
        super().on_failed(error)
        if isinstance(error, Fault) and error.code in STOPS:
            self.left_action.show()
            into_sight(self.left_action)

    def _say_nothing(self) -> None:
        self.say("")
        self.left_action.hide()

    def _offer(self, followed: Followed) -> None:
        """The versions there are, newest first; what is chosen stays."""
        field = self.form.form.field("version_id").input
        held = field.value()
        field.clear()
        field.addItem(_OF_THE_DAY, None)
        for at, each in enumerate(followed.versions):
            changed = " (le dossier a changé depuis)" if at == 0 and followed.stale else ""
            field.addItem(frozen_words(each) + changed, each.papers[0].id)
        field.setCurrentIndex(max(0, field.place_of(held)))


class CorrectionPanel(InPage):
    """« Corriger l’envoi »: what was noted wrong, told again; what it said before is kept and shown."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID) -> None:
        super().__init__(context, desk, referral_id, "Corriger l’envoi")
        self._job: Job | None = None
        self._blank = CorrectionDraft()
        layout = Layout(
            fields=("channel", "sent_on", "tracking_number", "note"),
            labels=_layout(copy=False).labels,
            lines={"note": 2},
        )
        self.form = KeptForm(context, desk, "dispatch_change", DraftForm(context, desk, CorrectionDraft, layout))
        self.form.told.connect(self.told)
        self._said = label("", "soft", wrap=True)
        self.action = button("Corriger l’envoi", "main")
        self.action.setToolTip("Le suivi prend le nouveau jour\u00a0; ce qui était noté reste lisible à côté")
        self.action.clicked.connect(self.correct)
        self.empty_action = button(
            "Effacer ce qui est tapé", "link", name="Effacer ce qui est tapé pour corriger l’envoi"
        )
        self.empty_action.clicked.connect(self.on_empty_clicked)
        self.inner.addWidget(self._said)
        self.inner.addWidget(self.form)
        foot = row(gap=12)
        foot.addWidget(self.action)
        foot.addWidget(self.empty_action)
        foot.addStretch()
        self.inner.addLayout(foot)

    def open(self, sent: Sent, channels: Sequence[tuple[str, str]]) -> None:
        """Show what is noted of a sending, or what was typed of its correction."""
        self.say("")
        self._said.setText(f"Noté\u00a0: {sent.sentence}.")
        narrow(self.form.form.field("channel").input, channels)
        self.show()
        if self.form.record != sent.id or not self.form.dirty:
            self._blank = sent.draft
            self.form.open(sent.id, sent.draft)
        self.form.focus("channel")

    def on_empty_clicked(self) -> None:
        """As it is noted."""
        self.say("")
        self.form.discard(self._blank)
        self.form.focus("channel")

    def correct(self) -> None:
        """Write it."""
        if self._job is not None:
            return
        wrong = self.form.form.check()
        if wrong:
            self.form.form.focus_first(wrong)
            return
        self.say("")
        self.form.keep()
        self.action.setEnabled(False)
        work = partial(_correct, self.desk, self.form.form.draft())
        self._job = act(self.context, work, self.on_corrected, self.on_failed)

    def on_corrected(self, _dispatch: uuid.UUID) -> None:
        """It is as it was told."""
        self._job = None
        self.action.setEnabled(True)
        self.form.forget()
        self.hide()
        self.told.emit("envoi corrigé", "ok")
        self.closed.emit()

    def on_failed(self, error: Exception) -> None:
        """It was not; what was typed stays, and is kept."""
        self._job = None
        self.action.setEnabled(True)
        super().on_failed(error)
