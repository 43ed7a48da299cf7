# SPDX-License-Identifier: GPL-3.0-or-later
"""Leaving the computer, told on buses of our own: no test listens to the ones of this machine."""

import os
import shutil
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from pytestqt.qtbot import QtBot

from ui.away import AwayWatch, session_path

pytestmark = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="needs a dbus-daemon")
MANAGER = "/org/freedesktop/login1"


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[str]:
    """The address of a bus that nobody else is on."""
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--print-address", "--nofork", f"--address=unix:path={tmp_path}/bus"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
    finally:
        daemon.terminate()
        daemon.wait(5)
        if daemon.stdout is not None:
            daemon.stdout.close()


@pytest.fixture
def connect() -> Iterator[Callable[[str], QDBusConnection]]:
    names: list[str] = []

    def make(address: str) -> QDBusConnection:
        names.append(uuid.uuid4().hex)
        made = QDBusConnection.connectToBus(address, names[-1])
        assert made.isConnected()
        return made

    yield make
    for name in names:
        QDBusConnection.disconnectFromBus(name)


Connect = Callable[[str], QDBusConnection]


def say(control: QDBusConnection, path: str, interface: str, member: str, *words: object) -> None:
    message = QDBusMessage.createSignal(path, interface, member)
    message.setArguments(list(words))
    assert control.send(message)


class Told(QObject):
    """Counts what a watch tells."""

    def __init__(self, watch: AwayWatch) -> None:
        super().__init__()
        self.times = 0
        watch.left.connect(self.on_left)

    def on_left(self) -> None:
        self.times += 1


@pytest.mark.parametrize(
    ("told_on", "words", "leaves"),
    [
        ((MANAGER, "org.freedesktop.login1.Manager", "PrepareForSleep"), (True,), True),
        ((MANAGER, "org.freedesktop.login1.Manager", "PrepareForSleep"), (False,), False),
        ((f"{MANAGER}/session/_32", "org.freedesktop.login1.Session", "Lock"), (), True),
        ((f"{MANAGER}/session/_33", "org.freedesktop.login1.Session", "Lock"), (), False),
        ((f"{MANAGER}/session/_32", "org.freedesktop.login1.Session", "Unlock"), (), False),
        (("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged"), (True,), True),
        (("/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged"), (True,), True),
        (("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged"), (True,), True),
        (("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged"), (False,), False),
        (("/org/gnome/ScreenSaver", "org.example.ScreenSaver", "ActiveChanged"), (True,), False),
    ],
)
def test_what_is_told_on_a_bus_is_leaving_or_not(
    qtbot: QtBot, bus: str, connect: Connect, told_on: tuple[str, str, str], words: tuple[object], *, leaves: bool
) -> None:
    parent = QObject()
    watch = AwayWatch(connect(bus), connect(bus), parent, session_id="2")
    told = Told(watch)
    control = connect(bus)
    say(control, *told_on, *words)
    if not leaves:  # what is told after it comes after it
        say(control, MANAGER, "org.freedesktop.login1.Manager", "PrepareForSleep", True)
    qtbot.waitUntil(lambda: told.times > 0, timeout=5000)
    qtbot.wait(50)
    assert told.times == 1


def test_without_a_session_every_lock_counts(qtbot: QtBot, bus: str, connect: Connect) -> None:
    parent = QObject()
    told = Told(AwayWatch(connect(bus), connect(bus), parent, session_id=""))
    say(connect(bus), f"{MANAGER}/session/c9", "org.freedesktop.login1.Session", "Lock")
    qtbot.waitUntil(lambda: told.times == 1, timeout=5000)


@pytest.mark.parametrize(
    ("session_id", "path"),
    [("", ""), ("2", f"{MANAGER}/session/_32"), ("c2", f"{MANAGER}/session/c2"), ("4-1", f"{MANAGER}/session/_34_2d1")],
)
def test_session_is_written_as_logind_writes_it(session_id: str, path: str) -> None:
    assert session_path(session_id) == path


def test_absent_buses_are_no_error(qapp: object) -> None:
    parent = QObject()
    nowhere = QDBusConnection("nowhere")
    assert not nowhere.isConnected()
    assert not AwayWatch(nowhere, nowhere, parent, session_id="2").holds_sleep_back


def test_sleep_waits_until_the_program_is_another(qtbot: QtBot, bus: str, connect: Connect) -> None:
    """A logind of our own lends the end of a pipe: the other end closes when nobody holds it any more."""
    jeepney = pytest.importorskip("jeepney")
    from jeepney.io.blocking import open_dbus_connection

    service = open_dbus_connection(bus, enable_fds=True)
    service.send_and_get_reply(jeepney.message_bus.RequestName("org.freedesktop.login1"))
    asked: list[tuple[str, ...]] = []
    ours, theirs = os.pipe()

    def serve() -> None:
        while not asked:
            message = service.receive(timeout=10)
            if message.header.fields.get(jeepney.HeaderFields.member) == "Inhibit":
                asked.append(message.body)
                service.send(jeepney.new_method_return(message, "h", (theirs,)))

    thread = threading.Thread(target=serve)
    thread.start()
    parent = QObject()
    watch = AwayWatch(connect(bus), connect(bus), parent, session_id="2")
    qtbot.waitUntil(lambda: watch.holds_sleep_back, timeout=5000)
    thread.join()
    os.close(theirs)
    service.close()
    os.set_blocking(ours, False)
    with pytest.raises(BlockingIOError):
        os.read(ours, 1)
    assert asked == [("sleep", "hro-desktop", "verrouillage", "delay")]
    # A program started in our place, as locking does, holds nothing.
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"], close_fds=False)
    try:
        watch._held = None
        parent.deleteLater()
        end = time.monotonic() + 5
        while time.monotonic() < end:
            try:
                left = os.read(ours, 1)
            except BlockingIOError:
                qtbot.wait(20)
            else:
                assert left == b""
                break
        else:
            pytest.fail("a child still holds the computer back")
    finally:
        child.kill()
        child.wait()
        os.close(ours)
