# SPDX-License-Identifier: GPL-3.0-or-later
"""Printing: what and how on the left, the pages as they will come out on the right."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import attrs
from PySide6.QtCore import QTimer

from hro_desktop.casework.desk import Desk
from hro_desktop.casework.pouch import Pouch
from hro_desktop.casework.printing import Preferences
from ui.context import Context
from ui.jobs import Job, Lane, Work
from ui.messages import sentence_of
from ui.pages.page import Page, Place
from ui.preview.pane import PreviewPane
from ui.printing import work
from ui.printing.choices import Choices
from ui.printing.engine import FILE, Wish
from ui.printing.work import Known, Laid, Loaded, Sent
from ui.widgets import Scroller, button, column, frame, label, row
from ui.words import count

__all__ = ["PrintPage"]

_WAIT: Final = 250
"""Milliseconds after the last key before the pages are laid out anew."""
_SIDE: Final = 360


class PrintPage(Page):
    """The papers of a referral (`place.record`), one kept document (`part` is `document`), or a pack that is given."""

    def __init__(self, context: Context, desk: Desk, place: Place) -> None:
        super().__init__(context, desk, place, "Imprimer")
        self._back: Place = Place("cases")
        self._pack: Any = None
        if place.part == "document" or place.given is not None:
            given, title, back = place.given
            self._pack, self._title, self._back = given, title, back or self._back
        elif place.record is not None:
            self._back = Place("build", place.record, place.part)
        self._referral = place.record if place.part != "document" else None
        self._known: Known | None = None
        self._loaded: Loaded | None = None
        self._before: Loaded | None = None
        self._laid: Laid | None = None
        self._loading: Job | None = None
        self._laying: Job | None = None
        self._printing: Job | None = None
        self.choices = Choices(context)
        self.preview = PreviewPane(context)
        self._message = label("", "soft", wrap=True)
        self._message.hide()
        self._about = label("", "soft", wrap=True)
        self._close = button("Fermer", tip="Revenir d’où l’on vient (Échap)")
        self.print_action = button("Imprimer", "main")
        self.buttons = (self._close, self.print_action)
        for each in self.buttons:
            each.setParent(self)
        self._close.clicked.connect(self.on_close_clicked)
        self.print_action.clicked.connect(self.on_print_clicked)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_WAIT)
        self._soon.timeout.connect(self.lay)
        self.choices.source.connect(self.load)
        self.choices.changed.connect(self.on_choices_changed)
        self.choices.sheet_wanted.connect(self.on_sheet_wanted)
        self._lay_out()
        self.setFocusProxy(self.choices.what)
        self.retitle("Imprimer", crumb=("Saisine" if self._referral else "Documents", self._back))
        self._show_action()

    @property
    def loaded(self) -> Loaded | None:
        """What is printed, once it is there."""
        return self._loaded

    @property
    def laid(self) -> Laid | None:
        """The pages as they will come out, once they are laid out."""
        return self._laid

    @property
    def message(self) -> str:
        """What became of printing."""
        return self._message.text()

    def start(self) -> None:
        """Ask for the printers and what there is to print."""
        if self._known is None:
            self.read(partial(work.start, self.desk, self._referral), self.on_known)

    def on_known(self, known: Known) -> None:
        """Show the choices, and ask for the papers."""
        self._known = known
        self.choices.show_printers(known.printers, known.preferences)
        if known.versions is not None:
            self.choices.show_versions(known.versions)
            self.retitle("Imprimer", crumb=(known.versions.reference, self._back))
        else:
            self.choices.show_only(self._title)
        self.load()

    def load(self) -> None:
        """Ask for the papers of the choice."""
        known = self._known
        if known is None or not self.choices.check_mailing():
            return
        if self._loading is not None:
            self._loading.cancel()
        self._loaded = self._laid = None
        self.say("")
        self._show_action()
        task: Work
        if self._pack is not None:
            task = partial(work.pack, self._pack, self._title)
        elif self._referral is None:
            assert self.place.record is not None
            task = partial(work.document, self.desk, self.place.record)
        else:
            assert known.versions is not None
            chosen, mailing = self.choices.what.value(), self.choices.mailing()
            task = partial(work.load, self.desk, self._referral, chosen, known.versions, mailing)
        self._loading = self._begin(Lane.DOCUMENT, task, self.on_loaded, "Préparation de l’impression")

    def on_loaded(self, found: Loaded) -> None:
        """Here they are."""
        self._loading = None
        self._loaded = found
        self.choices.show_loaded(found)
        marks = [("Brouillon", "warn")] if found.printable.draft else []
        self.retitle(self.title, crumb=self.crumb, marks=marks)
        self.lay()

    def on_choices_changed(self) -> None:
        """Other pages, another printer: the preview follows, a moment later."""
        self._show_action()
        if self._loaded is not None:
            self._soon.start()

    def lay(self) -> None:
        """Lay out the pages as they will come out."""
        self._soon.stop()
        known, wanted = self._loaded, self.choices.order()
        if known is None:
            return
        self.choices.wish(known.printable)  # says what is wrong
        if wanted is None:
            self._laid = None
        elif self._laid is None or wanted != self._laid.order:
            if self._laying is not None:
                self._laying.cancel()
            self._laid = None
            self._laying = self._begin(Lane.READ, partial(work.lay, known, wanted), self.on_laid, "")
        self._show_action()

    def on_laid(self, laid: Laid) -> None:
        """Show them."""
        self._laying = None
        if self._loaded is None or laid.order != self.choices.order():
            return
        self._laid = laid
        self.preview.show_document(self._loaded.printable.title, laid.pdf, len(laid.leaves))
        self._show_action()

    def on_sheet_wanted(self) -> None:
        """The calibration sheet, and back to the papers."""
        if self._before is not None:
            before, self._before = self._before, None
            self.choices.sheet.setText("Page d’étalonnage")
            self._laid = None
            self.on_loaded(before)
        elif self._loaded is not None:
            self._before, self._laid = self._loaded, None
            self.choices.sheet.setText("Revenir aux documents")
            self._loading = self._begin(Lane.READ, work.calibration_sheet, self.on_loaded, "")
        self.choices.set_aside(self._before is not None, only=self._referral is None)

    def on_print_clicked(self) -> None:
        """Print, into a folder that is asked for when it is a file."""
        if self._loaded is None or self._laid is None or self._printing is not None:
            return
        wish = self.choices.wish(self._loaded.printable)
        if wish is None:
            return
        if wish.printer == FILE:
            self.context.ask.folder(self, "Où enregistrer le fichier PDF\u00a0?", self.on_folder, new=True)
        else:
            self._print(wish)

    def on_folder(self, folder: Path) -> None:
        """A folder was chosen."""
        if self._loaded is None:
            return
        wish = self.choices.wish(self._loaded.printable)
        if wish is not None:
            stem = f"{self._loaded.printable.reference or 'document'}-impression"
            self._print(attrs.evolve(wish, file=work.free_name(folder, stem)))

    def on_sent(self, sent: Sent) -> None:
        """It came out."""
        self._printing = None
        self._show_action()
        pages = count(sent.pages, "page", "pages")
        if sent.file is not None:
            self._say(f"{pages} dans «\u00a0{sent.file}\u00a0». Ce fichier n’est pas chiffré.")
        else:
            self._say(f"{pages} envoyées à l’imprimante." if sent.pages > 1 else f"{pages} envoyée à l’imprimante.")
        if sent.departures and self._loaded is not None:
            what = self._loaded.printable.what
            assert what is not None
            subjects = {each.subject for each in what.packs} if isinstance(what, Pouch) else {what.subject}
            self.context.news.publish(frozenset(subjects | {("departure", each) for each in sent.departures}))

    def on_print_failed(self, error: Exception) -> None:
        """It did not, or not all of it."""
        self._printing = None
        self._show_action()
        self._say(sentence_of(error), problem=True)

    def on_print_cancelled(self, _job: Job) -> None:
        """Stopped by hand."""
        self._printing = None
        self._show_action()
        self._say("L’impression est arrêtée. Les pages déjà envoyées à l’imprimante peuvent sortir encore.")

    def on_failed(self, error: Exception) -> None:
        """What was asked for could not be read or made."""
        self._loading = self._laying = None
        self._show_action()
        super().on_failed(error)

    def on_close_clicked(self) -> None:
        """Back to where one came from."""
        self.go.emit(self._back)

    def on_kept(self, _nothing: None) -> None:
        """The choices are remembered."""

    def leave(self) -> None:
        """Keep the choices of this access."""
        wanted = self.choices.preferences()
        if self._known is not None and wanted is not None and wanted != self._known.preferences:
            self._keep(wanted)
        super().leave()

    def _keep(self, wanted: Preferences) -> None:
        assert self._known is not None
        self._known = attrs.evolve(self._known, preferences=wanted)
        self.context.jobs.start(Lane.WRITE, partial(work.save, self.desk, wanted), owner=self, done=self.on_kept)

    def _print(self, wish: Wish) -> None:
        laid, known = self._laid, self._loaded
        if laid is None or known is None:
            return
        wanted = self.choices.preferences()
        if self._known is not None and wanted is not None and wanted != self._known.preferences:
            self._keep(wanted)
        self._say("")
        task = partial(work.run, self.desk, known, laid.order, wish, self.choices.range_text())
        self._printing = self.context.jobs.start(
            Lane.DOCUMENT,  # so that what is typed meanwhile is still saved
            task,
            owner=self.context.jobs,  # it goes on when one goes elsewhere
            done=self.on_sent,
            failed=self.on_print_failed,
            cancelled=self.on_print_cancelled,
            title="Impression",
        )
        self._show_action()

    def _begin(self, lane: Lane, task: Work, done: Callable[[Any], None], title: str) -> Job:
        return self.context.jobs.start(lane, task, owner=self, done=done, failed=self.on_failed, title=title)

    def _show_action(self) -> None:
        laid, known = self._laid, self._loaded
        ready = laid is not None and known is not None and self.choices.wish(known.printable) is not None
        self.print_action.setEnabled(ready and self._printing is None)
        to_file = self.choices.printer.value() == FILE
        self.print_action.setText("Enregistrer le PDF…" if to_file else "Imprimer")
        self.print_action.setAccessibleName(self.print_action.text())
        said = "" if laid is None else _told(laid)
        if known is None and self._loading is not None:
            said = "Les pages se préparent…"
        self._about.setText(said)

    def _say(self, sentence: str, *, problem: bool = False) -> None:
        self._message.setText(sentence)
        self._message.setProperty("role", "problem" if problem else "soft")
        self._message.style().unpolish(self._message)
        self._message.style().polish(self._message)
        self._message.setVisible(bool(sentence))

    def _lay_out(self) -> None:
        inner = column(margins=(18, 16, 18, 16), gap=8)
        inner.addWidget(self._problem)
        inner.addWidget(self._message)
        inner.addWidget(self._about)
        inner.addWidget(self.choices)
        inner.addStretch()
        panel = frame("panel")
        panel.setFixedWidth(self.context.theme.px(_SIDE))
        around = column()
        around.addWidget(Scroller(inner, name="Quoi et comment imprimer"))
        panel.setLayout(around)
        whole = row(gap=0)
        whole.addWidget(panel)
        whole.addWidget(self.preview, 1)
        self.setLayout(whole)


def _told(laid: Laid) -> str:
    """« 12 pages, dont 2 blanches, sur 6 feuilles recto verso »."""
    empty = sum(leaf is None for leaf in laid.leaves)
    said = count(len(laid.leaves), "page", "pages")
    if empty:
        said += f", dont {count(empty, 'blanche', 'blanches')}"
    if laid.order.duplex:
        said += f", sur {count((len(laid.leaves) + 1) // 2, 'feuille', 'feuilles')} recto verso"
    return f"{said}. Ce que vous voyez est ce qui sortira."
