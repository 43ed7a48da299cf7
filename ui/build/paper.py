# SPDX-License-Identifier: GPL-3.0-or-later
"""The paper beside the form: the real document, made again after each change."""

import uuid
from functools import partial

import attrs
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from forms import preview
from forms.worker import Worker
from hro_desktop.casework import live_papers
from hro_desktop.casework.desk import Desk
from ui.context import Context
from ui.jobs import Job, Lane, Report, Token
from ui.messages import sentence_of
from ui.preview.pane import PreviewPane
from ui.widgets import column

__all__ = ["PaperView"]


@attrs.frozen
class _Paper:
    title: str
    pdf: bytes = attrs.field(repr=False)
    pages: int


def _paper(
    desk: Desk, referral_id: uuid.UUID, form_id: str, account: str | None, token: Token, _report: Report
) -> _Paper:
    token.check()
    known = live_papers.live(desk, referral_id)
    if account is not None:
        known = live_papers.with_account(known, account)
    token.check()
    with Worker() as worker:
        pdf = live_papers.paper(known, form_id, worker)
    return _Paper(known.form(form_id).definition.title, pdf, preview.page_count(pdf))


class PaperView(QWidget):
    """Latest wins: while one is made, only the last wish is remembered."""

    failed = Signal(str)

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        self._referral: uuid.UUID | None = None
        self._form = ""
        self._account: str | None = None
        self._job: Job | None = None
        self._again = False
        self.preview = PreviewPane(context)
        whole = column()
        whole.addWidget(self.preview)
        self.setLayout(whole)
        self.setFocusProxy(self.preview.pages)

    def open(self, referral_id: uuid.UUID) -> None:
        """Show the first paper of a referral."""
        self._referral = referral_id
        self.refresh()

    def show_form(self, form_id: str) -> None:
        """Show another of its papers."""
        if form_id != self._form:
            self._form = form_id
            self._make()

    def type_account(self, text: str) -> None:
        """Somebody types the statement of facts."""
        self._account = text
        self._make()

    def show_place(self, _words: str) -> None:
        """Bring the page of a value into sight."""

    def refresh(self) -> None:
        """Make it again, as the vault says it now."""
        self._account = None
        self._make()

    def on_paper(self, paper: _Paper) -> None:
        """Here it is, at the page one was looking at."""
        self._job = None
        page = self.preview.pages.page
        self.preview.show_document(paper.title, paper.pdf, paper.pages)
        self.preview.pages.go_to(min(page, paper.pages))
        if self._again:
            self._make()

    def on_failed(self, error: Exception) -> None:
        """It could not be made."""
        self._job = None
        self.failed.emit(sentence_of(error))

    def on_cancelled(self, _job: Job) -> None:
        """Nothing more."""
        self._job = None

    def _make(self) -> None:
        if self._referral is None:
            return
        if self._job is not None:
            self._again = True
            return
        self._again = False
        self._job = self._context.jobs.start(
            Lane.DOCUMENT,
            partial(_paper, self._desk, self._referral, self._form, self._account),
            owner=self,
            done=self.on_paper,
            failed=self.on_failed,
            cancelled=self.on_cancelled,
        )
