# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the window does not answer, at worst: while 1 GB comes in, and while each page opens.

QT_QPA_PLATFORM=offscreen python scripts/bench_stall.py            # whole: about a minute, 2 GB of disk
QT_QPA_PLATFORM=offscreen python scripts/bench_stall.py --small    # a twentieth of it, to see that it works
QT_QPA_PLATFORM=offscreen python scripts/bench_stall.py --why      # also what the window was doing when it was late

A clock of 5 ms lives in the thread of the window; what is measured is the time between two of its beats. Beside it a
program that does nothing else wakes every 5 ms: how late it was at worst (`neighbour`) is what the machine, shared with
others, took from everybody. `busy` is the processor time that the thread of the window used in the worst gap: the rest
of it waited for a processor or for the interpreter.
"""

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from hro_desktop.demo import media
from hro_desktop.demo import run as demo
from ui import opening
from ui.app import prepare
from ui.ask import ScriptedAsk
from ui.changes import ChangeHub
from ui.context import Context
from ui.jobs import JobRunner, Lane
from ui.main_window import MainWindow
from ui.pages import NAV
from ui.pages.evidence import EvidencePage
from ui.pages.page import Place
from ui.theme import Scheme, Theme
from ui.workspace import Workspace

Row = dict[str, Any]
BEAT: Final = 5
"""Milliseconds between two beats."""
LATE: Final = 0.03
"""Seconds without a beat after which `--why` looks at what the window is doing."""
PICTURES: Final = 100
FILMS: Final = 5
FILM_SIZE: Final = 120_000_000
QUIET: Final = 700
"""Milliseconds a page is left alone after it was opened: what it asked for comes back meanwhile."""


_NEIGHBOUR: Final = """
import time
last = time.perf_counter()
while True:
    time.sleep(0.005)
    now = time.perf_counter()
    print(now, now - last, flush=True)
    last = now
"""


class Neighbour:
    """Another program that only sleeps and wakes, as often as the clock of the window beats."""

    def __init__(self) -> None:
        self._program = subprocess.Popen([sys.executable, "-c", _NEIGHBOUR], stdout=subprocess.PIPE, text=True)
        self._gaps: list[tuple[float, float]] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def worst(self, start: float, end: float) -> float:
        """How late it was at worst between two moments."""
        time.sleep(0.5)  # its last lines are on their way
        return max((gap for at, gap in self._gaps if start <= at <= end), default=0.0)

    def stop(self) -> None:
        """It goes with the measure."""
        self._program.kill()
        self._program.wait()

    def _listen(self) -> None:
        # Lines are read in lumps: a thread that woke 200 times a second would be one more thing to wait for.
        while lump := os.read(self._program.stdout.fileno(), 8192) if self._program.stdout else b"":
            for line in lump.decode().splitlines():
                words = line.split()
                if len(words) == 2:
                    self._gaps.append((float(words[0]), float(words[1])))
            time.sleep(0.2)


class Beats:
    """The time between the beats of a clock of the window, while it is open."""

    def __init__(self, beside: Neighbour, why: Counter[str] | None = None) -> None:
        self._beside, self._from = beside, time.perf_counter()
        self._clock = QTimer()
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.setInterval(BEAT)
        self._clock.timeout.connect(self._on_beat)
        self._gaps: list[tuple[float, float]] = []
        self._last = self._busy = 0.0
        self._why = why
        self._over = threading.Event()

    def __enter__(self) -> "Beats":
        self._last, self._busy = time.perf_counter(), time.thread_time()
        self._clock.start()
        if self._why is not None:
            threading.Thread(target=self._watch, args=(threading.get_ident(),), daemon=True).start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._on_beat()
        self._clock.stop()
        self._over.set()

    def row(self, name: str) -> Row:
        """The worst of them, and how many were over 50 ms."""
        worst, busy = max(self._gaps)
        ordered = sorted(gap for gap, _ in self._gaps)
        return {
            "name": name,
            "worst_ms": round(worst * 1000, 1),
            "neighbour_ms": round(self._beside.worst(self._from, self._last) * 1000, 1),
            "busy_ms": round(busy * 1000, 1),
            "p999_ms": round(ordered[int(len(ordered) * 0.999)] * 1000, 1),
            "over_50_ms": sum(gap > 0.05 for gap in ordered),
            "seconds": round(sum(ordered), 1),
            "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        }

    def _on_beat(self) -> None:
        now, busy = time.perf_counter(), time.thread_time()
        self._gaps.append((now - self._last, busy - self._busy))
        self._last, self._busy = now, busy

    def _watch(self, window: int) -> None:
        while not self._over.wait(0.01):
            if time.perf_counter() - self._last < LATE or self._why is None:
                continue
            names = {each.ident: each.name for each in threading.enumerate()}
            for ident, frame in sys._current_frames().items():  # noqa: SLF001 - the only way to look at other threads
                name = "window" if ident == window else names.get(ident, "")
                if name == "window" or name.startswith("hro-"):
                    calls = reversed(traceback.extract_stack(frame)[-4:])
                    where = " < ".join(f"{Path(call.filename).name}:{call.lineno}" for call in calls)
                    self._why[f"{name}: {where}"] += 1


def wait(milliseconds: int = 0, until: Callable[[], bool] | None = None) -> None:
    """Let the window live, for so long or until something is so."""
    loop, clock = QEventLoop(), QTimer()
    clock.setInterval(milliseconds or 20)
    clock.timeout.connect(lambda: loop.quit() if until is None or until() else None)
    clock.start()
    loop.exec()
    clock.stop()


def sources(folder: Path, share: float) -> int:
    """Photos of 12 megapixels and films, all different; gives their bytes."""
    folder.mkdir()
    noise = Image.effect_noise((2000, 1500), 60).resize((4000, 3000))
    packed = io.BytesIO()
    Image.merge("RGB", (noise, noise.rotate(180), noise)).save(packed, "JPEG", quality=88)
    picture = packed.getvalue()
    for number in range(max(2, round(PICTURES * share))):
        (folder / f"{number:03}.jpg").write_bytes(picture + number.to_bytes(4, "big"))
    head = media.moving_lorry()
    for number in range(FILMS):
        size = round(FILM_SIZE * share)
        with (folder / f"film-{number}.mp4").open("wb") as file:
            file.write(head)
            file.write((size + 8).to_bytes(4, "big") + b"free")
            file.write(os.urandom(size))
    return sum(path.stat().st_size for path in folder.iterdir())


def run(*, small: bool = False, why: bool = False) -> Iterator[Row]:
    """Every measure."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    prepare(app, Theme(Scheme.LIGHT))
    jobs, beside = JobRunner(), Neighbour()
    seen: Counter[str] | None = Counter() if why else None
    try:
        with tempfile.TemporaryDirectory() as name:
            window = opened(Path(name), jobs)
            workspace = window.centralWidget()
            assert isinstance(workspace, Workspace)
            with Beats(beside, seen) as beats:
                wait(3000)
            yield beats.row("nothing happens")
            yield from pages(workspace, beside, seen)
            yield deposit(workspace, Path(name), 0.05 if small else 1.0, beside, seen)
            window.close()
    finally:
        beside.stop()
        jobs.shutdown()
    for place, times in (seen or Counter()).most_common(25):
        yield {"late": place, "times": times}


def opened(folder: Path, jobs: JobRunner) -> MainWindow:
    """The window of a practice vault, on its first page."""
    demo.build_vault(folder / "coffre", follow_up=True, outing=True)
    context = Context(
        jobs=jobs, news=ChangeHub(), ask=ScriptedAsk(), theme=Theme(Scheme.LIGHT), restart=print,
        practice_folder=folder / "exercice",
    )  # fmt: skip
    window = MainWindow(context, folder / "coffre", main=True)
    window.resize(1366, 768)
    window.show()
    warm: list[object] = []
    jobs.start(Lane.READ, opening.warm_up, owner=window, done=warm.append)
    wait(until=lambda: bool(warm))
    opening.stay()  # as the program does
    door: Any = window.centralWidget()
    door.field.setText(demo.PASSPHRASE)
    door.buttons[0].click()
    wait(until=lambda: isinstance(window.centralWidget(), Workspace))
    wait(2 * QUIET)
    return window


def pages(workspace: Workspace, beside: Neighbour, seen: Counter[str] | None) -> Iterator[Row]:
    """Each page of the side bar, the first time (its modules are loaded then) and once more; then the first records."""
    for time_ in ("first", "again"):
        for each in NAV:
            with Beats(beside, seen) as beats:
                workspace.go_to(Place(each.page))
                wait(QUIET)
            yield beats.row(f"page {each.page}, {time_}")
    for listed, page in (("cases", "case"), ("incidents", "incident"), ("statements", "statement")):
        workspace.go_to(Place(listed))
        listing: Any = workspace.page
        wait(until=lambda listing=listing: listing._wanted is not None)  # type: ignore[misc]  # noqa: SLF001
        record = listing._wanted  # noqa: SLF001 - of a list, whichever it is
        for time_ in ("first", "again"):
            workspace.go_to(Place("directory"))
            wait(QUIET)
            with Beats(beside, seen) as beats:
                workspace.go_to(Place(page, record))
                wait(QUIET)
            yield beats.row(f"page {page}, {time_}")


def deposit(workspace: Workspace, folder: Path, share: float, beside: Neighbour, seen: Counter[str] | None) -> Row:
    """All of it dropped on « Pièces », which shows pictures meanwhile."""
    size = sources(folder / "carte", share)
    workspace.go_to(Place("evidence"))
    wait(2 * QUIET)
    page = workspace.page
    assert isinstance(page, EvidencePage)
    ended: list[object] = []
    page.report.ended.connect(ended.append)
    with Beats(beside, seen) as beats:
        page.deposit([folder / "carte"])
        wait(until=lambda: bool(ended))
        wait(3 * QUIET)
    shutil.rmtree(folder / "carte")
    return beats.row(f"deposit of {size / 1e9:.2f} GB")


def main() -> None:
    """Print one line for each measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--why", action="store_true")
    options = parser.parse_args()
    for row in run(small=options.small, why=options.why):
        print(json.dumps(row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
