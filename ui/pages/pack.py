# SPDX-License-Identifier: GPL-3.0-or-later
"""What was made for a referral: the documents and their states on the left, the real pages on the right."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton

from hro_desktop.casework.case_documents import ROLES
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Made
from ui import reading
from ui.context import Context
from ui.jobs import Job, Lane
from ui.messages import sentence_of
from ui.pages.page import Page, Place
from ui.preview.pane import PreviewPane
from ui.reading import ReferralView, Saved
from ui.widgets import Nav, Scroller, column, frame, label, row, states
from ui.words import count

__all__ = ["OUTSIDE", "PackPage"]

_SIGNS = {"boxes": "list", "schedule": "list", "bundle": "bundle"}
OUTSIDE = (
    "Hors du coffre, les documents ne sont plus chiffrés\u00a0: choisissez une clé USB chiffrée ou un dossier protégé."
)


class PackPage(Page):
    """Shows a pack, and writes it out of the vault when asked to."""

    saved = Signal(object)
    """A `Saved`."""

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, "Documents")
        pack, case, referral, back = place.given
        self._back = back or Place("cases")
        self.retitle(
            referral.label,
            crumb=(case.row.pseudonym if case is not None else pack.reference, self._back),
            marks=[("Brouillon", "warn")] if pack.draft else [],
        )
        close = self.action("Fermer", self.on_close_clicked, "", tip="Revenir au dossier (Échap)")
        self._context = context
        self._desk = desk
        self._pack = pack
        self._referral = referral
        self._saving: Job | None = None
        self._shown = tuple(made for made in pack.files if made.media_type == "application/pdf")
        self._preview = PreviewPane(context)
        self._documents = QButtonGroup(self)
        self._documents.idClicked.connect(self.on_document_clicked)
        self._message = label("", "soft", wrap=True)
        self.save_action = self.action("Enregistrer…", self.save, tip=OUTSIDE, name="Enregistrer les documents…")
        tip = "Choisir l’imprimante, les pages, les exemplaires"
        self.print_action = self.action("Imprimer…", self.on_print_clicked, "", tip=tip)
        self.buttons = (close, self.print_action, self.save_action) if self._shown else (close, self.save_action)
        self._lay_out()
        if self._shown:
            self._documents.button(0).setChecked(True)
            self.on_document_clicked(0)
            self.setFocusProxy(self._documents.button(0))

    @property
    def preview(self) -> PreviewPane:
        """The pages."""
        return self._preview

    @property
    def documents(self) -> list[QPushButton]:
        """One button to each document that has pages, in the order they are read."""
        return [each for each in self._documents.buttons() if isinstance(each, QPushButton)]

    @property
    def message(self) -> str:
        """What became of saving."""
        return self._message.text()

    def on_close_clicked(self) -> None:
        """Back to where one came from."""
        self.go.emit(self._back)

    def on_print_clicked(self) -> None:
        """To the page that prints."""
        self.go.emit(Place("print", given=(self._pack, self._referral.label, self.place)))

    def on_document_clicked(self, at: int) -> None:
        """Show the pages of this one."""
        made = self._shown[at]
        self._preview.show_document(_name(made, self._referral), made.data, made.pages or 0)

    def save(self) -> None:
        """Ask for a folder and write everything there."""
        if self._saving is None:
            self._context.ask.folder(self, "Où enregistrer les documents\u00a0?", self.on_folder, new=True)

    def on_folder(self, folder: Path) -> None:
        """A folder was chosen."""
        self.save_action.setEnabled(False)
        self._saving = self._context.jobs.start(
            Lane.WRITE,
            partial(reading.save_pack, self._desk, self._pack, folder),
            owner=self,
            done=self.on_saved,
            failed=self.on_save_failed,
            cancelled=self.on_save_cancelled,
            title="Enregistrement des documents",
        )

    def on_saved(self, saved: Saved) -> None:
        """The documents are out: say where, and tell the other pages."""
        self._end_saving()
        written = count(len(saved.files), "fichier écrit", "fichiers écrits")
        self._say(f"{written} dans «\u00a0{saved.folder}\u00a0». {OUTSIDE}")
        self._context.news.publish(frozenset({saved.subject}))
        self.saved.emit(saved)

    def on_save_failed(self, error: Exception) -> None:
        """Nothing was written."""
        self._end_saving()
        self._say(sentence_of(error), problem=True)

    def on_save_cancelled(self, _job: Job) -> None:
        """Stopped before it began."""
        self._end_saving()

    def _end_saving(self) -> None:
        self._saving = None
        self.save_action.setEnabled(True)

    def _say(self, sentence: str, *, problem: bool = False) -> None:
        self._message.setText(sentence)
        self._message.setProperty("role", "problem" if problem else "soft")
        self._message.style().unpolish(self._message)
        self._message.style().polish(self._message)
        self._message.show()

    def _lay_out(self) -> None:
        inner = column(margins=(18, 16, 18, 16), gap=4)
        inner.addWidget(label("Documents", "heading"))
        inner.addSpacing(2)
        for at, made in enumerate(self._shown):
            choose = self._choice(made)
            self._documents.addButton(choose, at)
            inner.addWidget(choose)
        editable = sum(made.name.endswith(".docx") for made in self._pack.files)
        if editable:
            said = "avec {} version modifiable (.docx)" if editable == 1 else "avec {} versions modifiables (.docx)"
            inner.addWidget(label(said.format(editable), "hint", wrap=True))
        self._message.hide()
        inner.addWidget(self._message)
        inner.addSpacing(16)
        inner.addWidget(label("Ce qui peut partir" if self._pack.states else "À regarder", "heading"))
        inner.addSpacing(2)
        inner.addWidget(label(f"{self._referral.authority} · {self._pack.reference}", "hint", wrap=True))
        inner.addSpacing(4)
        inner.addLayout(states(self._context.theme, self._pack.states))
        for each in () if self._pack.states else self._pack.remarks:
            inner.addWidget(label(each, "hint", wrap=True))
        inner.addStretch()
        panel = frame("panel")
        panel.setFixedWidth(self._context.theme.px(380))
        around = column()
        around.addWidget(Scroller(inner, name="Documents et états"))
        panel.setLayout(around)
        whole = row(gap=0)
        whole.addWidget(panel)
        whole.addWidget(self._preview, 1)
        self.setLayout(whole)

    def _choice(self, made: Made) -> QPushButton:
        sign = _SIGNS.get(made.role, "page")
        choose = Nav(
            self._context.theme,
            sign,
            _name(made, self._referral),
            count(made.pages or 0, "page", "pages"),
            role="choice",
        )
        choose.setCheckable(True)
        return choose


def _name(made: Made, referral: ReferralView) -> str:
    return referral.label if made.role == "letter" else ROLES.get(made.role, "Document")
