# SPDX-License-Identifier: GPL-3.0-or-later
"""What was made for a referral: the documents and their states on the left, the real pages on the right."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton

from hro_desktop.casework.case_documents import ROLES
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.documents import Made
from ui import reading
from ui.context import Context
from ui.pages.page import Place
from ui.pages.saving import OUTSIDE, SavingPage
from ui.preview.pane import PreviewPane
from ui.reading import ReferralView, Saved
from ui.widgets import Nav, Scroller, column, frame, label, row, states
from ui.words import count

__all__ = ["PackPage"]

_SIGNS = {"boxes": "list", "schedule": "list", "bundle": "bundle"}


class PackPage(SavingPage):
    """Shows a pack, and writes it out of the vault when asked to."""

    question = "Où enregistrer les documents\u00a0?"
    job = "Enregistrement des documents"
    writes = staticmethod(reading.save_pack)
    saved = Signal(object)
    """A `Saved`."""

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, "Documents")
        pack, case, referral, back = place.given
        self.made, self.back = pack, back or Place("cases")
        self.retitle(
            referral.label,
            crumb=(case.row.pseudonym if case is not None else pack.reference, self.back),
            marks=[("Brouillon", "warn")] if pack.draft else [],
        )
        close = self.action("Fermer", self.on_close_clicked, "", tip="Revenir au dossier (Échap)")
        self._referral = referral
        self._shown = tuple(made for made in pack.files if made.media_type == "application/pdf")
        self._preview = PreviewPane(context)
        self._documents = QButtonGroup(self)
        self._documents.idClicked.connect(self.on_document_clicked)
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

    def on_print_clicked(self) -> None:
        """To the page that prints."""
        self.go.emit(Place("print", given=(self.made, self._referral.label, self.place)))

    def on_document_clicked(self, at: int) -> None:
        """Show the pages of this one."""
        made = self._shown[at]
        self._preview.show_document(_name(made, self._referral), made.data, made.pages or 0)

    def on_saved(self, saved: Saved) -> None:
        """The documents are out: say where, and tell the other pages."""
        super().on_saved(saved)
        written = count(len(saved.files), "fichier écrit", "fichiers écrits")
        self.tell(f"{written} dans «\u00a0{saved.folder}\u00a0». {OUTSIDE}")
        self.context.news.publish(frozenset({saved.subject}))
        self.saved.emit(saved)

    def _lay_out(self) -> None:
        inner = column(margins=(18, 16, 18, 16), gap=4)
        inner.addWidget(label("Documents", "heading"))
        inner.addSpacing(2)
        for at, made in enumerate(self._shown):
            choose = self._choice(made)
            self._documents.addButton(choose, at)
            inner.addWidget(choose)
        editable = sum(made.name.endswith(".docx") for made in self.made.files)
        if editable:
            said = "avec {} version modifiable (.docx)" if editable == 1 else "avec {} versions modifiables (.docx)"
            inner.addWidget(label(said.format(editable), "hint", wrap=True))
        inner.addWidget(self._message)
        inner.addSpacing(16)
        inner.addWidget(label("Ce qui peut partir" if self.made.states else "À regarder", "heading"))
        inner.addSpacing(2)
        inner.addWidget(label(f"{self._referral.authority} · {self.made.reference}", "hint", wrap=True))
        inner.addSpacing(4)
        inner.addLayout(states(self.context.theme, self.made.states))
        for each in () if self.made.states else self.made.remarks:
            inner.addWidget(label(each, "hint", wrap=True))
        inner.addStretch()
        panel = frame("panel")
        panel.setFixedWidth(self.context.theme.px(380))
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
            self.context.theme,
            sign,
            _name(made, self._referral),
            count(made.pages or 0, "page", "pages"),
            role="choice",
        )
        choose.setCheckable(True)
        return choose


def _name(made: Made, referral: ReferralView) -> str:
    return referral.label if made.role == "letter" else ROLES.get(made.role, "Document")
