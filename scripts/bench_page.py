# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a page lags behind the keys: from a key pressed in « Exposé des faits » to the real page, drawn again.

QT_QPA_PLATFORM=offscreen python scripts/bench_page.py        # 150 keys of the complaint of the practice case
QT_QPA_PLATFORM=offscreen python scripts/bench_page.py 10     # fewer, to see that it works

The field, the page and the converter are those of the window; each key waits for the page of the one before, and the
page is painted before the clock stops. Beside it, in the same run, in turn: the bare conversion of the same letter by
dxpdf in its warm process (no filling, no check, no drawing), and LibreOffice on the same `.docx`.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from bench_window import _told
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from forms import letter
from forms.values import plain
from forms.worker import DOCX_TO_PDF, Worker
from hro_desktop import bootstrap
from hro_desktop.casework import live_papers
from hro_desktop.casework.desk import Desk
from hro_desktop.casework.live_papers import Live
from hro_desktop.demo import run as demo
from hro_desktop.records.referrals import Referral
from ui.app import prepare
from ui.ask import ScriptedAsk
from ui.build.account import AccountEdit
from ui.build.live_page import LivePage
from ui.changes import ChangeHub
from ui.context import Context
from ui.jobs import JobRunner
from ui.theme import Scheme, Theme

Row = dict[str, Any]
KEYS, OFFICES = 150, 3
WORDS = "puis nous avons attendu au bord de la route, et "
PATIENCE = 120.0


class Stand:
    """The field and the page as one prepares a referral, each as large as at 1366 × 768."""

    def __init__(self, desk: Desk, referral_id: uuid.UUID, jobs: JobRunner, folder: Path) -> None:
        context = Context(
            jobs=jobs, news=ChangeHub(), ask=ScriptedAsk(), theme=Theme(Scheme.LIGHT), restart=print,
            practice_folder=folder,
        )  # fmt: skip
        self.field, self.page = AccountEdit(context), LivePage(context, desk)
        self.drawn = 0
        self.page.redrawn.connect(self.on_redrawn)
        self.field.edited.connect(lambda: self.page.type_account(self.field.value()))
        for each, size in ((self.field, (500, 400)), (self.page, (540, 560))):
            each.resize(*size)
            each.show()
        with desk.read() as session:
            self.field.set_value(session.get_one(Referral, referral_id).account)
        self.field.setFocus()
        self.field.moveCursor(self.field.textCursor().MoveOperation.End)
        self.page.open(("referral", referral_id))
        self.until(lambda: self.drawn == 1)

    def on_redrawn(self, _seconds: float) -> None:
        """One more page."""
        self.drawn += 1

    def until(self, so: Callable[[], bool]) -> None:
        """Let the window work until something is so."""
        end = time.perf_counter() + PATIENCE
        while not so():
            if time.perf_counter() > end:
                sys.exit("the page did not come")
            QApplication.processEvents()
            time.sleep(0.0005)  # a loop that never rests would take the processor from the workers

    def press(self, key: str) -> float:
        """Seconds from a key to its page, painted."""
        before, started = self.drawn, time.perf_counter()
        QTest.keyClick(self.field, key, Qt.KeyboardModifier.NoModifier)
        self.until(lambda: self.drawn > before)
        self.page.repaint()
        return time.perf_counter() - started


def _docx(known: Live) -> bytes:
    """The same letter, filled."""
    form = known.form("")
    return letter.fill_docx(
        form.file("template"),
        plain(known.values),
        title=form.definition.title,
        labels=letter.labels_of(form.definition),
        draft=known.draft,
        practice=known.practice,
    ).docx


def run(keys: int = KEYS) -> Iterator[Row]:
    """The page, then its peers."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    prepare(app, Theme(Scheme.LIGHT))
    jobs = JobRunner()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        demo.build_vault(folder / "coffre", outing=False)
        with bootstrap.open_desk(folder / "coffre", demo.PASSPHRASE, clock=lambda: demo.NOW) as desk:
            with desk.read() as session:
                wanted = session.scalars(select(Referral.id).where(Referral.reference == "S-2026-0001")).one()
            stand = Stand(desk, wanted, jobs, folder)
            docx = _docx(live_papers.live(desk, ("referral", wanted)))
            ours, bare = [], []
            with Worker() as worker:
                worker.call(DOCX_TO_PDF, docx)
                for at in range(keys):  # in turn, so that other work weighs on both
                    ours.append(stand.press(WORDS[at % len(WORDS)]))
                    began = time.perf_counter()
                    worker.call(DOCX_TO_PDF, docx)
                    bare.append(time.perf_counter() - began)
            yield _told("touche → page redessinée (plainte de 5 pages)", ours, aim="p95 <= 150", keys=keys)
            yield _told("pair : dxpdf seul, même lettre, à chaud", bare)
            yield from _office(folder, docx)
            for each in (stand.field, stand.page):
                each.close()
                each.deleteLater()
            QApplication.processEvents()
            jobs.shutdown()


def _office(folder: Path, docx: bytes) -> Iterator[Row]:
    command = shutil.which("soffice") or shutil.which("libreoffice")
    if command is None:
        return
    (folder / "lettre.docx").write_bytes(docx)
    words = [
        command, f"-env:UserInstallation={(folder / 'profil').as_uri()}", "--headless", "--convert-to", "pdf",
        "--outdir", str(folder), str(folder / "lettre.docx"),
    ]  # fmt: skip
    taken = []
    for _ in range(OFFICES + 1):
        began = time.perf_counter()
        subprocess.run(words, check=True, capture_output=True)
        taken.append(time.perf_counter() - began)
    yield _told("pair : LibreOffice, même .docx", taken[1:])  # the first one makes its profile


def main() -> None:
    """Print one line for each measure."""
    for row in run(int(sys.argv[1]) if len(sys.argv) > 1 else KEYS):
        print(json.dumps(row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
