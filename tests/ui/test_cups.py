# SPDX-License-Identifier: GPL-3.0-or-later
"""A real queue of CUPS, on a socket of its own, before a printer of the network that keeps what it is sent."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs
import pytest

from forms import preview

PATIENCE: Final = 60.0
ROOT: Final = Path(__file__).resolve().parents[2]
CUPSD: Final = shutil.which("cupsd") or shutil.which("cupsd", path="/usr/sbin")
SEND: Final = """
import json
from PySide6.QtWidgets import QApplication
app = QApplication([])
from forms import calibration
from ui.jobs import Token
from ui.printing import engine
told = {"printers": engine.printers()}
try:
    told["sent"] = engine.send(
        [calibration.sheet()], [(0, 0), None, (0, 0)], engine.Wish(printer="essai"), (Token(), lambda *_: None)
    )
except engine.Failed as failed:
    told |= {"code": failed.code, "sentence": failed.sentence, "out": failed.out}
print(json.dumps(told))
"""

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        CUPSD is None or shutil.which("lpadmin") is None, reason="needs cupsd and lpadmin: make system-test"
    ),
    pytest.mark.skipif(sys.platform != "linux" or os.getuid() != 0, reason="cupsd is started by root"),
]


@attrs.define
class Queue:
    """A queue called « essai »: what manages it, what prints on it, what its printer got."""

    env: dict[str, str]
    got: list[bytes]

    def manage(self, command: str, *words: str) -> None:
        """A command of CUPS."""
        subprocess.run([command, *words], env=self.env, check=True, capture_output=True, timeout=PATIENCE)

    def print(self) -> dict[str, object]:
        """Three pages, the second one empty, by a process that knows no other printers."""
        done = subprocess.run(
            [sys.executable, "-c", SEND], env=self.env, check=True, capture_output=True, text=True, timeout=120
        )
        told: dict[str, object] = json.loads(done.stdout)
        return told


def started(folder: Path) -> tuple[subprocess.Popen[bytes], Path]:
    """The scheduler, with nothing of the computer's own."""
    parts = {name: folder / name for name in ("etc", "spool", "cache", "state", "log", "tmp")}
    for each in parts.values():
        each.mkdir(parents=True)
    heard = parts["state"] / "sock"
    files, conf = parts["etc"] / "cups-files.conf", parts["etc"] / "cupsd.conf"
    files.write_text(
        f"ServerRoot {parts['etc']}\nRequestRoot {parts['spool']}\nCacheDir {parts['cache']}\n"
        f"StateDir {parts['state']}\nTempDir {parts['tmp']}\nErrorLog {parts['log']}/error\n"
        f"AccessLog {parts['log']}/access\nPageLog {parts['log']}/page\nUser lp\nGroup lp\nSystemGroup root\n"
    )
    conf.write_text(
        f"Listen {heard}\nBrowsing No\nDefaultAuthType None\n<Location />\nOrder allow,deny\nAllow all\n</Location>\n"
        "<Policy default>\n<Limit All>\nOrder deny,allow\n</Limit>\n</Policy>\n"
    )
    assert CUPSD is not None
    scheduler = subprocess.Popen([CUPSD, "-f", "-c", str(conf), "-s", str(files)], stderr=subprocess.DEVNULL)
    return scheduler, heard


def listen(printer: socket.socket, got: list[bytes]) -> None:
    """Be a printer: keep what each connection brings."""
    while True:
        try:
            line, _ = printer.accept()
        except OSError:
            return
        with line, line.makefile("rb") as stream:
            got.append(stream.read())


@pytest.fixture
def queue() -> Iterator[Queue]:
    with tempfile.TemporaryDirectory(prefix="cups-") as name:
        Path(name).chmod(0o711)  # what prints is nobody, and must come to its spool: a folder of pytest is root’s alone
        yield from managed(Path(name))


def managed(folder: Path) -> Iterator[Queue]:
    """The queue, while its scheduler runs."""
    scheduler, heard = started(folder)
    printer = socket.create_server(("127.0.0.1", 0))
    got: list[bytes] = []
    thread = threading.Thread(target=listen, args=(printer, got), daemon=True)
    thread.start()
    made = Queue(
        {**os.environ, "CUPS_SERVER": str(heard), "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}, got
    )
    try:
        until(heard.exists, "cupsd")
        # `raw`: the printer gets the very file the program sent
        made.manage("lpadmin", "-p", "essai", "-E", "-v", f"socket://127.0.0.1:{printer.getsockname()[1]}", "-m", "raw")
        yield made
    finally:
        scheduler.terminate()
        scheduler.wait(30)
        printer.shutdown(socket.SHUT_RDWR)
        printer.close()
        thread.join(PATIENCE)


def until(so: object, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not so():  # type: ignore[operator]
        assert time.monotonic() < end, what
        time.sleep(0.05)


def test_pages_go_through_the_queue_to_the_printer(queue: Queue) -> None:
    told = queue.print()
    assert told == {"printers": ["essai"], "sent": 3}
    until(lambda: bool(queue.got), "the pages")
    (pdf,) = queue.got
    assert preview.page_count(pdf) == 3
    inked = [set(preview.render(pdf, page, 30).data) != {255} for page in range(3)]
    assert inked == [True, False, True]
    assert b"calage" not in pdf  # the queue is not told what is printed


@pytest.mark.parametrize(("command", "code"), [("cupsreject", "printing.refused"), ("cupsdisable", "printing.halted")])
def test_a_queue_that_does_not_print_is_said_and_keeps_nothing(queue: Queue, command: str, code: str) -> None:
    queue.manage(command, "essai")
    told = queue.print()
    assert told["code"] == code
    assert told["out"] == 0
    said = str(told["sentence"])
    assert said.endswith(".")
    assert "imprim" in said
    listed = subprocess.run(["lpstat", "-o"], env=queue.env, capture_output=True, text=True, check=True).stdout
    assert listed == ""
    assert queue.got == []


def test_a_queue_that_is_gone_is_said(queue: Queue) -> None:
    queue.manage("lpadmin", "-x", "essai")
    assert queue.print()["code"] == "printing.no_printer"
