# SPDX-License-Identifier: GPL-3.0-or-later
"""The pouch of a meeting before it leaves: what is in it and what is not, and the real pages."""

from pathlib import Path

from PySide6.QtWidgets import QFrame

from hro_desktop.casework import sending
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.pouch import Pouch
from ui.context import Context
from ui.jobs import Report, Token
from ui.pages.page import Place
from ui.pages.saving import OUTSIDE, SavingPage
from ui.preview.pane import PreviewPane
from ui.widgets import Scroller, column, frame, label, row
from ui.words import count

__all__ = ["PouchPage"]

_NOTHING = "Il n’y a rien à relire ni à signer\u00a0: cette liste se lit ici et ne sort pas du coffre."


def _save(desk: Desk, pouch: Pouch, folder: Path, _token: Token, _report: Report) -> tuple[Path, sending.Written]:
    """Write the pouch into a new folder inside the one that was chosen."""
    name = f"pochette-{pouch.reference or desk.today().isoformat()}"
    number, out = 1, folder / name
    while out.exists():
        number += 1
        out = folder / f"{name}-{number}"
    return out, sending.write_pouch(desk, pouch, out)


class PouchPage(SavingPage):
    """Shows a pouch, and writes it out of the vault when asked to."""

    question = "Où enregistrer la pochette\u00a0?"
    job = "Enregistrement de la pochette"
    writes = staticmethod(_save)

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, "Pochette à imprimer")
        self.made: Pouch
        self.made, self.back = place.given
        self.crumb = ("Rendez-vous", self.back)
        draft = any(each.draft for each in self.made.packs)
        self.marks = [("Brouillon", "warn")] if draft else []
        self.preview = PreviewPane(context)
        close = self.action("Fermer", self.on_close_clicked, "", tip="Revenir au rendez-vous (Échap)")
        self.print_action = self.action("Imprimer…", self.on_print_clicked, tip="Choisir l’imprimante et les pages")
        self.save_action = self.action("Enregistrer la pochette…", self.save, "", tip=OUTSIDE)
        for each in (self.print_action, self.save_action):
            each.setEnabled(bool(self.made.packs))
            if not self.made.packs:
                each.setToolTip(_NOTHING)
        self.buttons = (close, self.print_action, self.save_action)
        self._lay_out()
        self.preview.show_document("pochette", self.made.data, self.made.pages)
        self.setFocusProxy(self.preview.pages)

    def on_print_clicked(self) -> None:
        """To the page that prints."""
        self.go.emit(Place("print", given=(self.made, "Pochette du rendez-vous", self.place)))

    def on_saved(self, found: tuple[Path, sending.Written]) -> None:
        """It is out: say where, and tell the other pages."""
        super().on_saved(found)
        folder, _ = found
        self.tell(f"La pochette est dans «\u00a0{folder}\u00a0»\u00a0: imprimez-la, puis effacez le fichier. {OUTSIDE}")
        self.context.news.publish(frozenset(pack.subject for pack in self.made.packs))

    def _panel(self) -> QFrame:
        pouch = self.made
        inner = column(margins=(18, 16, 18, 16), gap=4)
        inner.addWidget(label(count(pouch.pages, "page", "pages"), "heading"))
        inner.addWidget(label("D’abord la liste de ce qu’il faut faire, puis chaque papier.", "hint", wrap=True))
        inner.addWidget(self._message)
        if not pouch.packs:
            inner.addSpacing(8)
            inner.addWidget(label(_NOTHING, "soft", wrap=True))
        parts = (
            ("Papiers dans la pochette", pouch.papers),
            ("N’y sont pas", pouch.missing),
            ("À regarder", pouch.remarks),
        )
        for title, lines in parts:
            if lines:
                inner.addSpacing(12)
                inner.addWidget(label(title, "strong"))
                for line in lines:
                    said = label(line, "hint", wrap=True)
                    self.context.veil.cover(said)
                    inner.addWidget(said)
        inner.addStretch()
        panel = frame("panel")
        panel.setFixedWidth(self.context.theme.px(320))
        around = column()
        around.addWidget(Scroller(inner, name="Ce que contient la pochette"))
        panel.setLayout(around)
        return panel

    def _lay_out(self) -> None:
        whole = row(gap=0)
        whole.addWidget(self._panel())
        whole.addWidget(self.preview, 1)
        self.setLayout(whole)
