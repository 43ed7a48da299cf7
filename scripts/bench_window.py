# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the window takes: to stand at its door, to open, to list and sort 100,000 cases, to find.

python scripts/bench_window.py                    # about six minutes: the vault is made first
python scripts/bench_window.py start              # the start alone
python scripts/bench_window.py 2000               # with fewer cases, to see that it works
python scripts/bench_window.py --vault DOSSIER    # on a vault of `bench_search` that is there already

Each time is the clock’s, in a real window without a screen, until what is asked for is painted. The machine’s load
stands beside: beside other work a time says little, its ratio to the peer of the same run more.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent))

STARTS, ROUNDS, OPENINGS = 11, 7, 3
PATIENCE = 300.0

# What a child process does: `shown` tells the clock when the first picture of a window is complete.
SHOWN = """
import sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
class Shown(QObject):
    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self.told)
        return False
    def told(self):
        print(time.time(), flush=True)
        QApplication.exit(0)
"""
OURS = """
import sys
from ui import app
from ui.main_window import MainWindow
def show(self, was=MainWindow.show):
    global shown, QApplication
    SHOWN_HERE
    from PySide6.QtWidgets import QApplication
    shown = Shown()
    self.centralWidget().installEventFilter(shown)
    was(self)
MainWindow.show = show
sys.exit(app.main([sys.argv[1]]))
"""
BARE = """
import sys
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
SHOWN_HERE
app = QApplication([])
window = QWidget()
lines = QVBoxLayout(window)
for each in (QLabel("Phrase de passe"), QLineEdit(), QPushButton("Déverrouiller")):
    lines.addWidget(each)
shown = Shown()
window.installEventFilter(shown)
window.show()
sys.exit(app.exec())
"""


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""


def _told(name: str, seconds: Sequence[float], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    spread = sorted(seconds)
    return {
        "name": name,
        "ms": round(statistics.median(spread) * 1000, 1),
        "least": round(spread[0] * 1000, 1),
        "p95": round(spread[min(len(spread) - 1, round(len(spread) * 0.95))] * 1000, 1),
        **more,
        "load": _load(),
    }


def _child(source: str, *arguments: str) -> float:
    """Seconds from the start of a process to its window."""
    body = source.replace("SHOWN_HERE", SHOWN.strip().replace("\n", "\n    ") if "    SHOWN_HERE" in source else SHOWN)
    started = time.time()
    done = subprocess.run([sys.executable, "-c", body, *arguments], capture_output=True, text=True, check=False)
    return float(done.stdout.split()[0]) - started


def start() -> list[dict[str, Any]]:
    """From the start of the process to the painted door, and to a bare window of PySide6."""
    with tempfile.TemporaryDirectory() as name:
        folder = str(Path(name) / "coffre")
        ours, bare = [], []
        for _ in range(STARTS):  # in turn, so that other work weighs on both
            ours.append(_child(OURS, folder))
            bare.append(_child(BARE))
    ratio = round(statistics.median(ours) / statistics.median(bare), 2)
    return [
        _told("démarrage du processus, porte affichée", ours[1:], aim="<= 500", ratio=ratio),
        _told("pair : fenêtre PySide6 nue, trois champs", bare[1:]),
    ]


class Stand:
    """A real window in this process, and the patience to look at it."""

    def __init__(self, folder: Path) -> None:
        from PySide6.QtWidgets import QApplication

        from ui.app import prepare
        from ui.ask import ScriptedAsk
        from ui.changes import ChangeHub
        from ui.context import Context
        from ui.jobs import JobRunner
        from ui.main_window import MainWindow
        from ui.theme import Scheme, Theme

        self.app = QApplication.instance() or QApplication(sys.argv[:1])
        assert isinstance(self.app, QApplication)
        prepare(self.app, Theme(Scheme.LIGHT))
        self.jobs = JobRunner()
        context = Context(
            jobs=self.jobs, news=ChangeHub(), ask=ScriptedAsk(), theme=Theme(Scheme.LIGHT), restart=print,
            practice_folder=folder,
        )  # fmt: skip
        self.window = MainWindow(context, folder, main=True)
        self.window.resize(1440, 900)
        self.window.show()
        self.until(self.window.isVisible)

    def until(self, so: Callable[[], bool]) -> None:
        """Let the window work until something is so."""
        end = time.perf_counter() + PATIENCE
        while not so():
            if time.perf_counter() > end:
                sys.exit("the window did not come")
            self.app.processEvents()
            time.sleep(0.0005)  # a loop that never rests would take the processor from the workers

    def timed(self, action: Callable[[], object], so: Callable[[], bool], seen: Any = None) -> float:  # noqa: ANN401
        """Seconds until it is so and painted: the whole window, or the widget that alone changes."""
        started = time.perf_counter()
        action()
        self.until(so)
        (seen or self.window).repaint()
        return time.perf_counter() - started

    def close(self) -> None:
        """Close it all."""
        self.window.close()
        self.jobs.shutdown()


@contextmanager
def _opened(folder: Path) -> Iterator[tuple[Stand, float, float]]:
    """The window, open; how long that took from the passphrase to the first page, and to all it is filled with.

    Opening the key slots is not counted: deriving the key takes a second on purpose.
    """
    from bench_search import PASSPHRASE

    from hro_desktop.vault import unlock as unlocking
    from ui.jobs import Token
    from ui.opening import stay, warm_up
    from ui.pages.home import HomePage
    from ui.workspace import Workspace

    warm_up(Token(), lambda *_: None)  # done while one types
    stay()
    stand = Stand(folder)
    spent: list[float] = []
    derive = unlocking.unlock

    def unlock(*given: Any, **named: Any) -> Any:  # noqa: ANN401
        began = time.perf_counter()
        try:
            return derive(*given, **named)
        finally:
            spent.append(time.perf_counter() - began)

    from hro_desktop.vault import vault as vaults

    vaults.unlock = unlock  # type: ignore[attr-defined]
    door: Any = stand.window.centralWidget()
    door.field.setText(PASSPHRASE)

    def home() -> bool:
        there = stand.window.centralWidget()
        return isinstance(there, Workspace) and isinstance(there.page, HomePage) and there.page.isVisible()

    shown = stand.timed(door.buttons[0].click, home)
    watch = stand.window.idle
    if watch is not None:
        watch.stop()  # nobody touches a key: the vault would lock after four minutes, as it should
    filled = shown + stand.timed(bool, lambda: not stand.jobs._wanted)  # noqa: SLF001 - nothing is waited for
    vaults.unlock = derive  # type: ignore[attr-defined]
    try:
        yield stand, shown - sum(spent), filled - sum(spent)
    finally:
        stand.close()


def _list(stand: Stand) -> list[dict[str, Any]]:
    """Open the list of cases, sort it by each column, jump to its end."""
    from ui.pages.cases import CasesPage
    from ui.pages.page import Place
    from ui.workspace import Workspace

    workspace = stand.window.centralWidget()
    assert isinstance(workspace, Workspace)
    times: dict[str, list[float]] = {}

    def page() -> CasesPage:
        assert isinstance(workspace.page, CasesPage)
        return workspace.page

    def rows() -> bool:
        """The list that was asked for is there, with the rows one sees."""
        if not isinstance(workspace.page, CasesPage):
            return False
        table, model = page().table, page().table.model()
        first = table.rowAt(1)
        last = max(first, table.rowAt(table.viewport().height() - 2))
        there = not stand.jobs._wanted and model.rowCount() > 0  # noqa: SLF001
        return there and all(model.index(at, 0).data() != "…" for at in (first, last))

    for _ in range(ROUNDS):
        workspace.go_to(Place("directory"))
        stand.until(lambda: not stand.jobs._wanted)  # noqa: SLF001
        times.setdefault("ouvrir la liste (suivis, par échéance)", []).append(
            stand.timed(lambda: workspace.go_to(Place("cases")), rows)
        )
        page().views.buttons[-1].click()
        stand.until(rows)
        for each in page().table.model().columns:  # type: ignore[attr-defined]
            if each.sort:
                sort = each.sort
                taken = stand.timed(lambda sort=sort: page().on_sorted_by(sort), rows)
                times.setdefault(f"trier par {each.title}", []).append(taken)
        page().table.scrollToTop()
        stand.until(rows)
        times.setdefault("aller à la fin", []).append(stand.timed(page().table.scrollToBottom, rows))
        page().views.buttons[0].click()
        stand.until(rows)
    return [_told(f"liste, {name}", taken, aim="<= 100") for name, taken in times.items()]


def _palette(stand: Stand) -> list[dict[str, Any]]:
    """From the last key (after its pause) to the list of what was found."""
    from bench_search import TYPED

    from hro_desktop.casework import search
    from ui.palette import Palette
    from ui.workspace import Workspace

    workspace = stand.window.centralWidget()
    assert isinstance(workspace, Workspace)
    palette: Palette = workspace.palette_
    asked: list[float] = []
    shown: list[float] = []
    assert stand.window.vault is not None
    with stand.window.vault.desk.read() as session:
        for _ in range(3):
            for words in TYPED:
                began = time.perf_counter()
                search.find(session, words, limit=12)
                asked.append(time.perf_counter() - began)
    palette.open()
    for _ in range(3):
        for words in TYPED:
            palette.line.setText(words)
            palette._pause.stop()  # noqa: SLF001 - the pause of 40 ms is not counted
            there = stand.timed(palette.on_pause, lambda: not stand.jobs._wanted, palette)  # noqa: SLF001
            shown.append(there)
    palette.close_up()
    return [
        _told("Ctrl K, demande seule", asked, aim="p95 <= 15"),
        _told("Ctrl K, jusqu’à l’affichage", shown, aim="p95 <= 50"),
    ]


def window(folder: Path) -> Iterator[dict[str, Any]]:
    """All that needs a vault, row by row."""
    shown, filled = [], []
    for at in range(OPENINGS):
        with _opened(folder) as (stand, first, whole):
            shown.append(first)
            filled.append(whole)
            if at == OPENINGS - 1:
                yield _told("phrase de passe → accueil affiché, sans dérivation", shown, aim="<= 1000")
                yield _told("phrase de passe → accueil rempli, « ce qui peut partir » compris", filled)
                yield from _list(stand)
                yield from _palette(stand)


def run(count: int = 0, vault: Path | None = None) -> Iterator[dict[str, Any]]:
    """All measures, row by row."""
    import bench_search

    from hro_desktop.vault.keys import KdfParams
    from hro_desktop.vault.vault import Vault

    yield from start()
    if vault is not None:
        yield from window(vault)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "coffre"
        with Vault.create(folder, bench_search.PASSPHRASE, kdf=KdfParams.fast(), practice=True).vault as made:
            bench_search.fill(made, count or bench_search.CASES)
            made.database.checkpoint()
        yield from window(folder)


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["start"]:
        found: Iterator[dict[str, Any]] = iter(start())
    elif words[:1] == ["--vault"]:
        found = run(vault=Path(words[1]))
    else:
        found = run(int(words[0]) if words else 0)
    for row in found:
        print(json.dumps(row, ensure_ascii=False), flush=True)
