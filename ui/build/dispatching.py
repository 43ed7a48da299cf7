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
from ui.build.in_page import Noting, narrow
from ui.context import Context
from ui.editor.editor import KeptForm
from ui.editor.form import DraftForm, Layout
from ui.editor.inputs import ChoiceInput
from ui.jobs import Report, Token
from ui.widgets import button, into_sight, label

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


class DispatchPanel(Noting):
    """One sending, noted once it was made. A copy for information is another one."""

    noted = Signal()
    """It is in the register."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID, *, copy: bool = False) -> None:
        words = "Noter cette copie" if copy else "Noter l’envoi"
        tip = "Dans le registre, pour toujours\u00a0: le bordereau est alors figé, ses numéros aussi"
        self._kind = "dispatch_copy" if copy else "dispatch_note"
        form = KeptForm(context, desk, self._kind, DraftForm(context, desk, DispatchDraft, _layout(copy=copy)))
        title = "Noter une copie" if copy else "Noter l’envoi"
        super().__init__(context, desk, referral_id, title, form=form, action=button(words, "main", tip=tip))
        self._copy = copy
        self._blank = DispatchDraft(id=referral_id, referral_id=referral_id, copy=copy)
        self._said = label("", "soft", wrap=True)
        self.action.clicked.connect(self.note)
        self.left_action = button("C’est déjà parti\u00a0: noter quand même")
        self.left_action.setToolTip("Le registre garde ce qui s’est passé, et pourquoi cela n’aurait pas dû partir")
        self.left_action.clicked.connect(self.note_left)
        self.left_action.hide()
        self.form.form.edited.connect(self.on_edited)
        self.inner.addWidget(self.left_action, 0, Qt.AlignmentFlag.AlignLeft)
        self.lay_out(self._said)

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
        self.ask_proof(cases, "preuve du dépôt")
        self.say("")
        self.show()
        if self.form.record is None:
            first = channels[0][0] if len(channels) == 1 and not self._copy else ""
            authority = followed.copy_to if self._copy else ""
            self._blank = attrs.evolve(self._blank, channel=first, authority=authority)
            self.form.open(self.referral_id, self._blank)
        self.form.focus("authority" if self._copy else "channel")

    def say(self, sentence: str) -> None:
        """Show what went wrong, or nothing; only what stops a sending of today may have left all the same."""
        super().say(sentence)
        self.left_action.hide()

    def note(self, _checked: bool = False, *, left: bool = False) -> None:
        """Write it in the register."""
        draft = self.complete()
        if draft is not None:
            self.say("")
            known = attrs.evolve(draft, id=new_id(), left=left)
            self.write(partial(_note, self.desk, known, self._kind, self.referral_id), self.on_noted)

    def on_edited(self) -> None:
        """It is another sending: what stopped the one before says nothing of it."""
        self.left_action.hide()

    def note_left(self) -> None:
        """It did leave: write it whatever stops it now."""
        self.note(left=True)

    def on_noted(self, _dispatch: uuid.UUID) -> None:
        """It is noted."""
        self.end("envoi noté")
        self.noted.emit()

    def on_failed(self, error: Exception) -> None:
        """It was not; it may have left all the same."""
        super().on_failed(error)
        if isinstance(error, Fault) and error.code in STOPS:
            self.left_action.show()
            into_sight(self.left_action)

    def _offer(self, followed: Followed) -> None:
        """The versions there are, newest first; what is chosen stays."""
        field = self.form.form.field("version_id").input
        held = field.value()
        field.clear()
        field.addItem(_OF_THE_DAY, None)
        for at, each in enumerate(followed.versions):
            field.addItem(frozen_words(each, stale=at == 0 and followed.stale), each.papers[0].id)
        field.setCurrentIndex(max(0, field.place_of(held)))


class CorrectionPanel(Noting):
    """« Corriger l’envoi »: what was noted wrong, told again; what it said before is kept and shown."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID) -> None:
        layout = Layout(
            fields=("channel", "sent_on", "tracking_number", "note"),
            labels=_layout(copy=False).labels,
            lines={"note": 2},
        )
        form = KeptForm(context, desk, "dispatch_change", DraftForm(context, desk, CorrectionDraft, layout))
        tip = "Le suivi prend le nouveau jour\u00a0; ce qui était noté reste lisible à côté"
        action = button("Corriger l’envoi", "main", tip=tip)
        super().__init__(context, desk, referral_id, "Corriger l’envoi", form=form, action=action)
        self._blank = CorrectionDraft()
        self._said = label("", "soft", wrap=True)
        self.action.clicked.connect(self.correct)
        self.empty_action.setAccessibleName("Effacer ce qui est tapé pour corriger l’envoi")
        self.lay_out(self._said)

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

    def correct(self) -> None:
        """Write it."""
        draft = self.complete()
        if draft is not None:
            self.say("")
            self.write(partial(_correct, self.desk, draft), self.on_corrected)

    def on_corrected(self, _dispatch: uuid.UUID) -> None:
        """It is as it was told."""
        self.end("envoi corrigé")
        self.closed.emit()
