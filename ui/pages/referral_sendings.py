# SPDX-License-Identifier: GPL-3.0-or-later
"""« Envois »: freezing, noting a sending, its proofs; what was frozen, looked at as it was; what left the vault."""

import uuid
from functools import partial
from typing import Final

from PySide6.QtWidgets import QFrame, QWidget

from hro_desktop.casework import case_documents
from hro_desktop.casework.case_documents import Opened
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.dispatches import Sent
from hro_desktop.casework.follow_overview import Followed
from ui.build.dispatching import CorrectionPanel, DispatchPanel
from ui.build.online import OnlinePanel
from ui.build.proof import ProofDeposit
from ui.build.sealing import FreezePanel
from ui.build.version import VersionCard
from ui.context import Context
from ui.editor.form import Layout
from ui.editor.panel import EditorPanel
from ui.flow import Flow
from ui.halves import Halves
from ui.jobs import Lane, Report, Token
from ui.messages import sentence_of
from ui.pages.case_part import card
from ui.pages.referral_part import ReferralPart
from ui.preview.pane import PreviewPane
from ui.widgets import Scroller, button, chip, clear, column, into_sight, label, row

__all__ = ["SendingsPart"]

_PROOFS: Final = Layout(
    fields=("tracking_number", "proof_evidence_id", "received_on", "receipt_evidence_id"),
    labels={
        "tracking_number": "Numéro de suivi ou de recommandé",
        "proof_evidence_id": "Preuve du dépôt",
        "received_on": "Reçu par l’organisme le",
        "receipt_evidence_id": "Avis ou accusé de réception",
    },
    hints={"proof_evidence_id": "récépissé, accusé d’envoi", "receipt_evidence_id": ""},
    single=True,
)
_HEIGHT: Final = 620


def _open(desk: Desk, document_id: uuid.UUID, token: Token, _report: Report) -> Opened:
    token.check()
    return case_documents.opened(desk, document_id)


class SendingsPart(ReferralPart):
    """The second tab."""

    def __init__(self, context: Context, desk: Desk, referral_id: uuid.UUID) -> None:
        super().__init__(context, desk, referral_id)
        self._wanted = ""
        self._paper: uuid.UUID | None = None
        self.freeze = FreezePanel(context, desk, referral_id)
        self.note = DispatchPanel(context, desk, referral_id)
        self.copy = DispatchPanel(context, desk, referral_id, copy=True)
        self.correction = CorrectionPanel(context, desk, referral_id)
        self.online = OnlinePanel(context, desk, referral_id)
        self.freeze.go.connect(self.go)
        self.freeze.seen.connect(self.on_seen)
        self.freeze.sending_wanted.connect(self.on_note_clicked)
        for each in (self.note, self.copy, self.correction):
            each.told.connect(self.told)
        self.freeze_action = button("Figer cette version…")
        self.freeze_action.clicked.connect(self.on_freeze_clicked)
        self.note_action = button("Noter l’envoi…")
        self.note_action.clicked.connect(self.on_note_clicked)
        self.copy_action = button("Noter une copie…", tip="Au procureur, pour information")
        self.copy_action.clicked.connect(self.on_copy_clicked)
        self.online_action = button(
            "Formulaire en ligne…", tip="Recopier case par case sur la plateforme de l’organisme"
        )
        self.online_action.clicked.connect(self.on_online_clicked)
        self.proofs = EditorPanel(context, desk)
        self.proofs.told.connect(self.told)
        self.preview = PreviewPane(context)
        self.preview.setFixedHeight(context.theme.px(_HEIGHT))
        self.preview.hide()
        self._sendings, self._versions, self._gone = column(gap=10), column(gap=8), column(gap=6)
        self._lay_out()

    def show_followed(self, followed: Followed) -> None:
        """Sendings, versions, and what left."""
        first = self.followed is None
        super().show_followed(followed)
        self.copy_action.setVisible(followed.sent)
        self.online_action.setVisible(followed.online)
        self.note_action.setVisible(bool(followed.versions))
        clear(self._sendings)
        for each in followed.sendings:
            self._sendings.addWidget(self._sending(each))
        if not followed.sendings:
            said = (
                "Rien n’est encore parti. «\u00a0Figer cette version\u00a0», puis «\u00a0Noter l’envoi\u00a0» une fois "
                "qu’il est fait."
            )
            self._sendings.addWidget(label(said, "soft", wrap=True))
        clear(self._versions)
        for at, version in enumerate(followed.versions):
            note = ("le dossier a changé depuis", "warn") if at == 0 and followed.stale else ("", "")
            made = VersionCard(self.context, version, note)
            made.seen.connect(self.on_seen)
            self._versions.addWidget(made)
        if not followed.versions:
            self._versions.addWidget(label("Aucune version n’est figée.", "soft", wrap=True))
        clear(self._gone)
        for said in followed.gone:
            self._gone.addWidget(label(said, wrap=True))
        if not followed.gone:
            self._gone.addWidget(label("Rien n’a quitté le coffre pour cette saisine.", "soft", wrap=True))
        if first and self._wanted:
            self.come_to(self._wanted)

    def come_to(self, wanted: str) -> None:
        """Open what is wanted: `freeze`, `note`, `copy` or `online`."""
        self._wanted = wanted
        if self.followed is None:
            return
        open_ = {
            "freeze": self.on_freeze_clicked,
            "note": self.on_note_clicked,
            "copy": self.on_copy_clicked,
            "online": self.on_online_clicked,
        }.get(wanted)
        if open_ is not None:
            open_()

    def on_freeze_clicked(self) -> None:
        """What would be sealed."""
        self.freeze.open()
        into_sight(self.freeze)
        self.freeze.close_action.setFocus()

    def on_note_clicked(self) -> None:
        """It was sent."""
        if self.followed is not None:
            self.freeze.hide()
            self.note.open(self.followed)
            into_sight(self.note)

    def on_copy_clicked(self) -> None:
        """A copy was sent."""
        if self.followed is not None:
            self.copy.open(self.followed)
            into_sight(self.copy)

    def on_online_clicked(self) -> None:
        """Box by box."""
        self.online.open()
        into_sight(self.online)
        self.online.close_action.setFocus()

    def on_seen(self, paper_id: uuid.UUID) -> None:
        """Look at a sealed document: its very bytes."""
        self._paper = paper_id
        self.context.jobs.start(
            Lane.READ, partial(_open, self.desk, paper_id), owner=self, done=self.on_opened, failed=self.on_failed
        )

    def on_opened(self, opened: Opened) -> None:
        """Here it is, unless another is wanted by now."""
        if opened.id == self._paper:
            self._preview_card.show()
            self.preview.show()
            self.preview.show_document(f"{opened.title}, tel que figé", opened.data, opened.pages)
            into_sight(self._preview_card)
            self.preview.pages.setFocus()

    def on_preview_closed(self) -> None:
        """Enough."""
        self._preview_card.hide()
        self.preview.hide()

    def on_failed(self, error: Exception) -> None:
        """It could not be opened."""
        self.said.emit(sentence_of(error))

    def _sending(self, sent: Sent) -> QWidget:
        held = QFrame()
        words = column(gap=1)
        words.addWidget(label(sent.sentence[:1].upper() + sent.sentence[1:] + ".", wrap=True))
        if sent.remark:
            remark = label(sent.remark, "warned", wrap=True)
            self.context.veil.cover(remark)
            words.addWidget(remark)
        for each in sent.corrections:
            told = label(each, "hint", wrap=True)
            self.context.veil.cover(told)
            words.addWidget(told)
        acts = Flow(8)
        missing = sent.proof_id is None and sent.received_on is None
        if missing:
            acts.addWidget(chip("preuve manquante", "warn"))
        elif sent.received_on is None:
            acts.addWidget(chip("réception attendue", "plain"))
        else:
            acts.addWidget(chip("reçu", "ok"))
        made = button("Preuves, réception", "link", name=f"Preuves et réception\u00a0: {sent.sentence}")
        made.clicked.connect(partial(self._on_proofs_clicked, sent))
        acts.addWidget(made)
        made = button("Corriger l’envoi", "link", name=f"Corriger l’envoi\u00a0: {sent.sentence}")
        made.clicked.connect(partial(self._on_correct_clicked, sent))
        acts.addWidget(made)
        words.addLayout(acts)
        held.setLayout(words)
        return held

    def _on_correct_clicked(self, sent: Sent, _checked: bool = False) -> None:
        if self.followed is not None:
            self.proofs.close_now()
            self.correction.open(sent, self.followed.channels)
            into_sight(self.correction)

    def _on_proofs_clicked(self, sent: Sent, _checked: bool = False) -> None:
        title = "preuves de la copie" if sent.copy else f"preuves de l’{sent.sentence}"
        self.proofs.tell("dispatch", _PROOFS, sent.id, None, title)
        editor = self.proofs.editor
        if editor is not None and self.followed is not None:
            cases = [each.case_id for each in self.followed.parties]
            for name, what in (("proof_evidence_id", "preuve du dépôt"), ("receipt_evidence_id", "avis de réception")):
                field = editor.form.field(name)
                field.add_below(ProofDeposit(self.context, self.desk, field.input, cases, what))
        into_sight(self.proofs)

    def _lay_out(self) -> None:
        top = row(gap=8)
        for each in (self.freeze_action, self.note_action, self.copy_action, self.online_action):
            top.addWidget(each)
        top.addStretch()
        sent, lines = card("Envois")
        lines.addLayout(self._sendings)
        lines.addWidget(self.proofs)
        lines.addWidget(self.correction)
        gone, lines = card("Ce qui est sorti du coffre")
        lines.addLayout(self._gone)
        versions, lines = card("Versions figées")
        lines.addLayout(self._versions)
        close = button("Fermer", "link", name="Fermer l’aperçu du document figé")
        close.clicked.connect(self.on_preview_closed)
        self._preview_card, lines = card("Document figé", close)
        lines.addWidget(self.preview)
        self._preview_card.hide()
        left = QWidget()
        inner = column(gap=12)
        inner.addWidget(sent)
        inner.addWidget(gone)
        inner.addStretch()
        left.setLayout(inner)
        inner = column(margins=(0, 0, 8, 0), gap=12)
        inner.addLayout(top)
        for panel in (self.freeze, self.note, self.copy, self.online):
            inner.addWidget(panel)
        inner.addWidget(self._preview_card)
        inner.addWidget(Halves(left, versions, room=self.context.theme.px(860)))
        inner.addStretch()
        whole = column()
        whole.addWidget(Scroller(inner, name="Envois de la saisine"))
        self.setLayout(whole)
