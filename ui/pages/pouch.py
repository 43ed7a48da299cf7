# SPDX-License-Identifier: GPL-3.0-or-later
"""The pouch of a meeting before it leaves: what is in it and what is not, and the real pages."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFrame

from hro_desktop.casework import sending
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.pouch import Pouch
from ui.context import Context
from ui.jobs import Job, Lane, Report, Token
from ui.messages import sentence_of
from ui.pages.pack import OUTSIDE
from ui.pages.page import Page, Place
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


class PouchPage(Page):
    """Shows a pouch, and writes it out of the vault when asked to."""

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, "Pochette à imprimer")
        self._pouch: Pouch
        self._pouch, self._back = place.given
        self.crumb = ("Rendez-vous", self._back)
        draft = any(each.draft for each in self._pouch.packs)
        self.marks = [("Brouillon", "warn")] if draft else []
        self._saving: Job | None = None
        self.preview = PreviewPane(context)
        self._message = label("", "soft", wrap=True)
        self._message.hide()
        close = self.action("Fermer", self.on_close_clicked, "", tip="Revenir au rendez-vous (Échap)")
        self.save_action = self.action("Enregistrer la pochette…", self.save, tip=OUTSIDE)
        self.save_action.setEnabled(bool(self._pouch.packs))
        if not self._pouch.packs:
            self.save_action.setToolTip(_NOTHING)
        self.buttons = (close, self.save_action)
        self._lay_out()
        self.preview.show_document("pochette", self._pouch.data, self._pouch.pages)
        self.setFocusProxy(self.preview.pages)

    @property
    def message(self) -> str:
        """What became of saving."""
        return self._message.text()

    def on_close_clicked(self) -> None:
        """Back to the meeting."""
        self.go.emit(self._back)

    def save(self) -> None:
        """Ask for a folder and write it there."""
        if self._saving is None:
            self.context.ask.folder(self, "Où enregistrer la pochette\u00a0?", self.on_folder, new=True)

    def on_folder(self, folder: Path) -> None:
        """A folder was chosen."""
        self.save_action.setEnabled(False)
        self._saving = self.context.jobs.start(
            Lane.WRITE,
            partial(_save, self.desk, self._pouch, folder),
            owner=self,
            done=self.on_saved,
            failed=self.on_save_failed,
            cancelled=self.on_save_cancelled,
            title="Enregistrement de la pochette",
        )

    def on_saved(self, found: tuple[Path, sending.Written]) -> None:
        """It is out: say where, and tell the other pages."""
        self._end_saving()
        folder, _ = found
        self._say(f"La pochette est dans «\u00a0{folder}\u00a0»\u00a0: imprimez-la, puis effacez le fichier. {OUTSIDE}")
        self.context.news.publish(frozenset(pack.subject for pack in self._pouch.packs))

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

    def _panel(self) -> QFrame:
        pouch = self._pouch
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
