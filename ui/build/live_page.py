# SPDX-License-Identifier: GPL-3.0-or-later
"""The real document beside the words: made again while one types, by what makes it for good.

One making at a time, and always the last words: what was typed meanwhile waits for the next. The converter stays warm
in a process of its own as long as the page is shown.
"""

import time
from functools import partial
from typing import Final

import attrs
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QButtonGroup

from forms import preview
from forms.preview import Found, Pixels
from forms.worker import Worker
from hro_desktop.casework import live_papers
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.live_papers import Live, Subject
from ui.context import Context
from ui.jobs import Lane, Report, Token
from ui.messages import sentence_of
from ui.preview.pane import PreviewPane
from ui.widgets import Compound, clear, column, label, pill, row

__all__ = ["LivePage", "Redrawn"]

_WIDEST: Final = 22
"""Characters of the name of a paper where one is chosen."""
PAUSE: Final = 8
"""Milliseconds after a key before the page is made: two keys pressed at once make one page."""
EDITED: Final = (
    "Lettre modifiée hors du programme, en lecture seule\u00a0: ce que vous tapez ici ne la change pas. "
    "«\u00a0Ouvrir en .docx\u00a0» la modifie ou rend sa place à la lettre du programme."
)
"""Said above a letter that was edited outside."""


@attrs.define
class _Press:
    """The converter, started by the first page and kept by the page alone; no Qt object."""

    worker: Worker | None = None

    def ready(self) -> Worker:
        """It, running."""
        if self.worker is None:
            self.worker = Worker()
        return self.worker

    def stop(self) -> None:
        """End its process."""
        worker, self.worker = self.worker, None
        if worker is not None:
            worker.close()


@attrs.frozen(eq=False)
class Redrawn:
    """The document with the words of a moment, the pages in sight drawn; `asked` is when it was asked for."""

    pdf: bytes = attrs.field(repr=False)
    count: int
    pages: dict[int, Pixels] = attrs.field(repr=False)
    dpi: float
    asked: float


@attrs.frozen
class _Wish:
    """Which paper, the pages in sight and their size, and when it was asked for."""

    form: str
    pages: tuple[int, ...]
    dpi: float
    asked: float


def _read(desk: Desk, subject: Subject, _token: Token, _report: Report) -> Live:
    return live_papers.live(desk, subject)


def _make(press: _Press, known: Live, wish: _Wish, token: Token, _report: Report) -> Redrawn:
    """Worker: fill, convert, draw what is in sight."""
    token.check()
    pdf = live_papers.paper(known, wish.form, press.ready())
    token.check()
    count = preview.page_count(pdf)
    drawn = {page: preview.render(pdf, page, wish.dpi) for page in wish.pages if page < count}
    return Redrawn(pdf, count, drawn, wish.dpi, wish.asked)


def _find(pdf: bytes, words: str, near: int, token: Token, _report: Report) -> tuple[str, Found | None]:
    token.check()
    return words, preview.find(pdf, words, near)


class LivePage(Compound):
    """The papers of a referral or an attestation, one at a time; `redrawn` says how long after its words."""

    redrawn = Signal(float)
    """Seconds from the key to the page."""

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        self._press = _Press()
        self._subject: Subject | None = None
        self._known: Live | None = None
        self._account: str | None = None
        self._form = ""
        self._pdf = b""
        self._making = self._again = False
        self._sought = ""
        self._asked = 0.0
        self._first = True
        self.pane = PreviewPane(context)
        context.veil.cover(self.pane)
        self.setFocusProxy(self.pane.pages)
        self._forms = QButtonGroup(self)
        self._forms.idClicked.connect(self.on_form_clicked)
        self._choice = row(margins=(16, 8, 16, 0), gap=6)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.on_pause)
        self.destroyed.connect(self._press.stop)
        self.note = label(EDITED, "desk", wrap=True)
        self.note.setContentsMargins(16, 8, 16, 0)
        self.note.hide()
        whole = column()
        whole.addLayout(self._choice)
        whole.addWidget(self.note)
        whole.addWidget(self.pane, 1)
        self.setLayout(whole)

    @property
    def form(self) -> str:
        """The paper that is shown."""
        return self._form

    @property
    def pdf(self) -> bytes:
        """The document as it is shown."""
        return self._pdf

    def open(self, subject: Subject) -> None:
        """Show the papers of a referral, or an attestation, as they stand in the vault."""
        if subject != self._subject:
            self._subject, self._form, self._first = subject, "", True
        self.refresh()

    def refresh(self) -> None:
        """Something changed in the vault: read again what the papers say, what was typed meanwhile included."""
        self._account = None
        if self._subject is None:
            return
        self._asked = time.perf_counter()
        work = partial(_read, self._desk, self._subject)
        self._context.jobs.start(Lane.READ, work, owner=self, done=self.on_read, failed=self.on_failed)

    def show_form(self, form_id: str) -> None:
        """Show another of the papers, from its first page."""
        if form_id != self._form:
            self._form, self._first = form_id, True
            self._pressed()

    def type_account(self, text: str) -> None:
        """The statement of facts is this, for now."""
        self._account = text
        self._asked = time.perf_counter()
        self._pause.start()

    def show_place(self, words: str) -> None:
        """Bring what a value prints into sight, and mark it; nothing is marked for a value that prints nothing."""
        self._sought = " ".join(words.split())
        if not self._sought or not self._pdf:
            self.pane.pages.mark_nothing()
            return
        work = partial(_find, self._pdf, self._sought, max(0, self.pane.pages.page - 1))
        self._context.jobs.start(Lane.READ, work, owner=self, done=self.on_found, failed=self.on_failed)

    def on_found(self, answer: tuple[str, Found | None]) -> None:
        """Here it is printed, or nowhere. An answer about what is sought no more may come last: two threads look."""
        words, found = answer
        if words != self._sought:
            return
        if found is None:
            self.pane.pages.mark_nothing()
        else:
            self.pane.pages.show_place(found.page, found.box)

    def on_form_clicked(self, at: int) -> None:
        """Another paper was chosen."""
        if self._known is not None:
            self.show_form(self._known.forms[at].definition.id)

    def on_read(self, known: Live) -> None:
        """What records say now."""
        if known.subject != self._subject:
            return
        self._known = known
        self._form = known.form(self._form).definition.id
        self._show_choice(known)
        self._pressed()

    def on_pause(self) -> None:
        """Nobody types at this very moment."""
        self._pressed()

    def on_made(self, made: Redrawn) -> None:
        """A page with the words of a moment ago, or of now."""
        self._making = False
        self._pdf = made.pdf
        if self._first:
            self._first = False
            self.pane.show_document(self._title(), made.pdf, made.count)
        self.pane.pages.renew(made.pdf, made.count, made.pages, made.dpi)
        self.redrawn.emit(time.perf_counter() - made.asked)
        if self._again:
            self._again = False
            self._pressed()

    def on_failed(self, error: Exception) -> None:
        """No page could be made: the last one stays."""
        self._making = self._again = False
        self.pane.on_unreadable(sentence_of(error))

    def _pressed(self) -> None:
        """Make the page, or make it once the one under way is there."""
        if self._known is None:
            return
        if self._making:
            self._again = True
            return
        self._making = True
        known = self._known
        self.note.setVisible(known.form(self._form).definition.id in known.edited)
        if self._account is not None:
            known = live_papers.with_account(known, self._account)
        pages, dpi = self.pane.pages.wanted_now()
        wish = _Wish(self._form, pages, dpi, self._asked or time.perf_counter())
        work = partial(_make, self._press, known, wish)
        self._context.jobs.start(
            Lane.DOCUMENT, work, owner=self, done=self.on_made, failed=self.on_failed, cancelled=self.on_cancelled
        )

    def on_cancelled(self, _job: object) -> None:
        """It will be asked again."""
        self._making = False

    def _title(self) -> str:
        return self._known.form(self._form).definition.title if self._known is not None else ""

    def _show_choice(self, known: Live) -> None:
        """One pill to each paper when there are several."""
        shown = [button.accessibleName() for button in self._forms.buttons()]
        titles = [form.definition.title for form in known.forms]
        if shown != titles:
            for each in self._forms.buttons():
                self._forms.removeButton(each)
            clear(self._choice)
            for at, title in enumerate(titles if len(titles) > 1 else ()):
                made = pill(title if len(title) <= _WIDEST else f"{title[:_WIDEST].rstrip()}…", name=title)
                made.setToolTip(title)
                self._forms.addButton(made, at)
                self._choice.addWidget(made)
            self._choice.addStretch()
        for at, form in enumerate(known.forms):
            chosen = self._forms.button(at)
            if chosen is not None:
                chosen.setChecked(form.definition.id == self._form)
