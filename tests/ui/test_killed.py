# SPDX-License-Identifier: GPL-3.0-or-later
"""`kill -9` of the program with its window: what was typed is offered again, files are whole, nothing is in clear.

The control kills a program that writes what it is given into its temporary folder: the same search must find it.
"""

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from hro_desktop.casework import evidence
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.objects import StoredObject
from hro_desktop.vault import checks
from tests.support.practice import practice_vault
from tests.ui.conftest import Stage, unlock
from tests.ui.test_evidence import arrive
from ui.pages.page import Place

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")]

MakeStage = Callable[..., Stage]
ROOT = Path(__file__).resolve().parents[2]
LONG = 120_000
CANARY = "Zéphyrine Kanari"
PLACES = {"HOME": "maison", "XDG_CACHE_HOME": "cache", "XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data",
          "XDG_RUNTIME_DIR": "run", "XDG_STATE_HOME": "etat", "TMPDIR": "tmp"}  # fmt: skip

PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from hro_desktop import bootstrap
from hro_desktop.demo import run
from ui.app import prepare
from ui.ask import WindowAsk
from ui.changes import ChangeHub
from ui.context import Context
from ui.jobs import JobRunner
from ui.main_window import MainWindow
from ui.pages.page import Place
from ui.theme import Theme
from ui.workspace import Workspace

folder, card, canary = sys.argv[1:]
bootstrap.prepare_process()
app = QApplication(sys.argv[:1])
prepare(app, Theme())
context = Context(jobs=JobRunner(), news=ChangeHub(app), ask=WindowAsk(), theme=Theme(), restart=print,
                  practice_folder=Path(folder).with_name("exercice"))
window = MainWindow(context, Path(folder), main=True)
window.show()
door = window.centralWidget()
door.field.setText(run.PASSPHRASE)
door.buttons[0].click()
steps = []

def page():
    return window.centralWidget().page

def go():
    if isinstance(window.centralWidget(), Workspace):
        window.centralWidget().go_to(Place("evidence"))
        steps.pop(0)

def type_():
    editor = page().pane.editor
    if editor.record is not None and editor.form.isEnabled() and editor.record == page().wanted:
        page().pane.show_tab("describe")
        editor.form.field("note").input.insertPlainText(canary)
        editor.form.field("taken").input.insert("pas une date")
        steps.pop(0)

def kept():
    editor = page().pane.editor
    if not editor._pause.isActive() and not context.jobs._futures:
        print(f"kept {editor.record}", flush=True)
        steps.pop(0)

def deposit():
    page().deposit((Path(card),))
    print("deposit", flush=True)
    steps.pop(0)

steps += [go, type_, kept, deposit]
clock = QTimer()
clock.timeout.connect(lambda: steps and steps[0]())
clock.start(20)
app.exec()
"""

LEAKS = """
import sys, tempfile, time
from pathlib import Path
Path(tempfile.mkdtemp(), "apercu.txt").write_text(sys.argv[3], "utf-16")
print("kept", flush=True)
print("deposit", flush=True)
time.sleep(60)
"""


@pytest.fixture
def room(tmp_path: Path) -> dict[str, str]:
    """A home of its own, with every folder a program may write in."""
    for each in PLACES.values():
        (tmp_path / each).mkdir(mode=0o700)
    return {
        **os.environ,
        **{name: str(tmp_path / each) for name, each in PLACES.items()},
        "PYTHONPATH": str(ROOT),
        "QT_QPA_PLATFORM": "offscreen",
    }


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """Files whose names and contents nobody may find again."""
    folder, draw = tmp_path / "carte", random.Random(3)
    folder.mkdir()
    for number in range(150):
        content = f"{CANARY} {number}\n".encode() + draw.randbytes(draw.choice((100, 50_000, 2_000_000)))
        (folder / f"{CANARY} {number:03}.bin").write_bytes(content)
    return folder


def killed(program: str, room: dict[str, str], *arguments: object, after: float) -> list[str]:
    """Run it until it deposits and so many seconds more, kill it; gives what it said."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, env=room, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        said = []
        for line in running.stdout:
            said.append(line.strip())
            if line.startswith("deposit"):
                break
        time.sleep(after)
        running.send_signal(signal.SIGKILL)
        running.wait()
    return said


def leaks(*folders: Path) -> list[Path]:
    """Files, their names too, in which the canary can be read."""
    spelled = [CANARY.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "cp1252")]
    spelled += [CANARY.split()[1].encode(), CANARY.encode().hex().encode()]
    found = []
    for folder in folders:
        for path in folder.rglob("*"):
            content = os.fsencode(path.name) + (path.read_bytes() if path.is_file() else b"")
            if any(each in content for each in spelled):
                found.append(path)
    return found


def test_control_the_search_finds_what_a_program_leaves(room: dict[str, str], card: Path, tmp_path: Path) -> None:
    killed(LEAKS, room, tmp_path, card, CANARY, after=0.2)
    assert [path.name for path in leaks(*(tmp_path / each for each in PLACES.values()))] == ["apercu.txt"]


@pytest.mark.parametrize("after", [0.05, 0.6, 1.7])
def test_killed_while_typing_and_depositing(
    qtbot: QtBot, make_stage: MakeStage, room: dict[str, str], card: Path, after: float
) -> None:
    tmp_path = card.parent
    vault = practice_vault(tmp_path)
    said = killed(PROGRAM, room, vault, card, CANARY, after=after)
    assert said[-1] == "deposit"
    record = said[0].removeprefix("kept ")
    assert leaks(vault, *(tmp_path / each for each in PLACES.values())) == []

    window = make_stage().window(qtbot, vault)
    page = arrive(qtbot, unlock(qtbot, window), Place("evidence"))
    page.show_record(uuid.UUID(record))
    form = page.pane.editor.form
    qtbot.waitUntil(lambda: CANARY in form.field("note").input.raw(), timeout=LONG)
    assert form.field("taken").input.raw().startswith("pas une date")
    with page.desk.read() as session:
        came = session.execute(
            select(Evidence.id, Evidence.title, StoredObject.sha256)
            .join(StoredObject, Evidence.object_id == StoredObject.id)
            .where(Evidence.title.startswith(CANARY))
        ).all()
    for item, title, _ in came:
        with evidence.open_item(page.desk, item) as stream:
            assert stream.read() == (card / title).read_bytes()
    assert checks.verify(page.desk.vault).sound
    assert list((vault / "sas").iterdir()) == []
    page.report.start((card,), page.report._links)
    qtbot.waitUntil(lambda: not page.report.busy, timeout=LONG)
    fates = [each.fate for each in page.report._told]
    assert fates.count("known") == len(came)
    assert fates.count("deposited") == 150 - len(came)
    window.close()
    assert leaks(vault, *(tmp_path / each for each in PLACES.values())) == []
