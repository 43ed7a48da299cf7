# SPDX-License-Identifier: GPL-3.0-or-later
"""The line at the bottom: the vault is encrypted, when it was last backed up, what is being done, nothing goes out."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar

from ui.context import Context
from ui.icons import pixmap
from ui.jobs import Job
from ui.widgets import button, label, row

__all__ = ["StatusLine"]

_PATIENCE = 200
"""Milliseconds a job may take before it is shown: what is done sooner would only blink."""


class StatusLine(QFrame):
    """Shows the jobs with a title, with their progress, and lets the oldest be cancelled."""

    def __init__(self, context: Context, *, practice: bool, consultation: bool) -> None:
        super().__init__()
        self.setObjectName("status")
        self._job: Job | None = None
        theme, tokens = context.theme, context.tokens
        self.setFixedHeight(theme.px(30))
        inner = row(margins=(20, 0, 20, 0), gap=8)
        closed = QLabel()
        closed.setPixmap(pixmap("lock", tokens.ink3, theme.px(14), 2.0))
        inner.addWidget(closed)
        inner.addWidget(label("Chiffré", "hint"))
        for shown, text in ((practice, "Coffre d’exercice\u00a0: rien de réel"), (consultation, "Lecture seule")):
            if shown:
                inner.addWidget(label(f"·\u00a0{text}", "hint"))
        self._backup = label("", "hint")
        inner.addWidget(self._backup)
        inner.addSpacing(16)
        self._title = label("", "hint")
        self._bar = QProgressBar()
        self._bar.setFixedWidth(theme.px(160))
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Avancement")
        self._cancel = button("Annuler", "link", name="Annuler le travail en cours")
        self._cancel.clicked.connect(self.on_cancel_clicked)
        for widget in (self._title, self._bar, self._cancel):
            inner.addWidget(widget)
        inner.addStretch()
        inner.addWidget(label("Aucune connexion ouverte par le programme", "hint"))
        self.setLayout(inner)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(_PATIENCE)
        self._delay.timeout.connect(self.on_patience_over)
        self._set_visible(False)
        context.jobs.shown.connect(self.on_jobs_shown)
        context.jobs.moved.connect(self.on_job_moved)

    def say_backup(self, sentence: str) -> None:
        """When the vault was last backed up; it gives its room to what is being done."""
        self._backup.setText(f"·\u00a0{sentence}" if sentence else "")

    def on_jobs_shown(self, running: tuple[Job, ...]) -> None:
        """Other jobs run now."""
        self._job = running[0] if running else None
        if self._job is None:
            self._delay.stop()
            self._set_visible(False)
            return
        self.on_job_moved(self._job)
        if not self._bar.isVisible():
            self._delay.start()

    def on_job_moved(self, job: Job) -> None:
        """A job is further."""
        if job is not self._job:
            return
        self._title.setText(job.what or job.title)
        self._bar.setRange(0, job.total)
        self._bar.setValue(job.done)
        self._cancel.setEnabled(not job.token.cancelled)

    def on_patience_over(self) -> None:
        """It takes long enough to be shown."""
        self._set_visible(self._job is not None)

    def on_cancel_clicked(self) -> None:
        """Stop the job that is shown."""
        if self._job is not None:
            self._job.cancel()
            self._title.setText("Arrêt…")
            self._cancel.setEnabled(False)

    def _set_visible(self, visible: bool) -> None:
        for widget in (self._title, self._bar, self._cancel):
            widget.setVisible(visible)
        self._backup.setVisible(not visible)
