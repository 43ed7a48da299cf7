# SPDX-License-Identifier: GPL-3.0-or-later
"""A screen of its own, the program started on it as a user does, driven by a keyboard and a mouse of the X server.

What is on the screen is read as a screen reader reads it: the accessible tree, over AT-SPI. Nothing in the program
knows that it is driven.
"""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import attrs
from jeepney import DBusAddress, DBusErrorResponse, MessageType, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

__all__ = ["Desktop", "Node", "desktop"]

ROOT: Final = Path(__file__).resolve().parents[2]
PATIENCE: Final = 180.0
"""Seconds anything may take: two cores that do other things as well are slow."""
_ACCESSIBLE: Final = "org.a11y.atspi.Accessible"
_PROPERTIES: Final = "org.freedesktop.DBus.Properties"
_TOP: Final = "/org/a11y/atspi/accessible/root"
_HEAD, _FOOT, _EDGE = 130, 40, "1266"
"""Pixels of the window in which nothing scrolls, above and below; where the wheel turns no list of choices."""
_MANY: Final = 60
"""More stops than a page has."""
_FOCUSED, _SENSITIVE, _SHOWING = 12, 24, 25
T = TypeVar("T")


@attrs.frozen
class Node:
    """One thing on the screen, as a screen reader is told of it."""

    name: str
    role: str
    states: int
    box: tuple[int, int, int, int]
    app: str
    path: str

    @property
    def focused(self) -> bool:
        """Whether the keyboard is in it."""
        return bool(self.states >> _FOCUSED & 1)

    @property
    def enabled(self) -> bool:
        """Whether one can act on it."""
        return bool(self.states >> _SENSITIVE & 1)

    @property
    def middle(self) -> tuple[int, int]:
        """Where a mouse hits it."""
        left, top, width, height = self.box
        return left + width // 2, top + height // 2


class Desktop:
    """The program on its screen."""

    def __init__(self, display: str, bus: str, home: Path) -> None:
        self.home = home
        self._bus = bus
        self._talk: DBusConnection = open_dbus_connection(bus=bus)
        self._env = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "DISPLAY": display,
            "CUPS_SERVER": str(home / "no-printer"),
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "AT_SPI_BUS_ADDRESS": bus,
            "DBUS_SESSION_BUS_ADDRESS": bus,
        }
        self.program: subprocess.Popen[bytes] | None = None
        self.gestures: list[str] = []
        """Each click, each chord of keys, each field typed in, each turn of the wheel."""
        self.typed: list[str] = []
        """What was typed in fields."""

    def start(self, *words: str) -> None:
        """Start the program as a user does, and give its window the keyboard."""
        self.program = subprocess.Popen([_beside("hro-desktop-window"), *words], env=self._env)
        self.take_focus()

    def close(self) -> None:
        """End everything that was started here."""
        self._talk.close()
        self.stop()

    def stop(self) -> None:
        """End the program, and leave what it wrote."""
        program, self.program = self.program, None
        if program is not None:
            program.terminate()
            program.wait(30)

    def command(self, *words: str) -> str:
        """What the command line says."""
        return subprocess.run(
            [_beside("hro-desktop"), *words],
            env={**self._env, "QT_QPA_PLATFORM": "offscreen"},
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def take_focus(self) -> None:
        """There is no window manager here: the window that is shown gets the keyboard from us."""

        def given() -> bool:
            found = self._tool("search", "--onlyvisible", "--class", ".").split()
            return bool(found) and self._tool("windowfocus", found[-1]) == "" and self._tool("getwindowfocus") != ""

        self.until(given, "a window")

    def nodes(self) -> list[Node]:
        """Everything shown, from top to bottom."""
        found: list[Node] = []
        with contextlib.suppress(DBusErrorResponse):  # what is being replaced is asked for again
            names = self._call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "ListNames")
            for app in names[0]:
                if app.startswith(":") and app != self._talk.unique_name:
                    self._walk(app, _TOP, found)
        return found

    def find(self, name: str, *roles: str) -> Node | None:
        """The first thing with this name, or whose name begins so where `name` ends in « … »."""
        begins = name.removesuffix("…")
        for each in self.nodes():
            same = each.name == name or (begins != name and each.name.startswith(begins))
            if same and each.enabled and (not roles or each.role in roles):
                return each
        return None

    def wait(self, name: str, *roles: str) -> Node:
        """The same, once it is there."""
        return self.until(lambda: self.find(name, *roles), name)

    def until(self, condition: Callable[[], T | None], what: str) -> T:
        """Wait until something is so."""
        end = time.monotonic() + PATIENCE
        while not (found := condition()):
            if time.monotonic() > end:
                seen = sorted({f"{each.role}: {each.name}" for each in self.nodes() if each.name})
                raise AssertionError(f"« {what} » did not come; there is\n" + "\n".join(seen))
            if self.program is not None and self.program.poll() is not None:
                raise AssertionError(f"the program ended with {self.program.returncode}")
            time.sleep(0.05)
        return found

    def click(self, name: str, *roles: str) -> None:
        """Point at something and press the mouse; what still moves is waited for."""

        def still() -> Node | None:
            before, after = self.find(name, *roles), self.find(name, *roles)
            return after if before == after else None

        x, y = self.until(still, name).middle
        self.gestures.append(f"click {name}")
        self._tool("mousemove", str(x), str(y), "click", "1")

    def reach(self, name: str, *roles: str) -> None:
        """Turn the wheel until something is seen, where it is not, then click on it."""
        turned = False
        for _ in range(_MANY):
            at = self.wait(name, *roles).middle[1]
            low = next(each for each in self.nodes() if each.role == "frame").box[3] - _FOOT
            if _HEAD < at < low:
                break
            turned = True
            way = "5" if at >= low else "4"
            self._tool("mousemove", _EDGE, "400", "click", "--repeat", "3", "--delay", "20", way)
        else:
            raise AssertionError(f"the wheel does not come to « {name} »")
        self.gestures += [f"turn the wheel to {name}"] if turned else []
        self.click(name, *roles)

    def answer(self, button: str = "", file: str = "") -> None:
        """In a dialog that opens: press its button; or type the name of a file, and Enter."""
        self.wait("Annuler", "push button")
        self.take_focus()  # what a window manager does
        if file:
            self.type(file, "Nom de fichier :")
            self.key("Return")
        else:
            self.click(button, "push button")
        self.until(lambda: self.find("Annuler", "push button") is None, "the end of the dialog")
        self.take_focus()

    def tab_to(self, name: str) -> None:
        """Press Tab until the keyboard is in something."""
        passed: list[str] = []
        while name not in passed[-1:]:
            before = self.focus()
            self.key("Tab")
            passed.append(self.until(partial(self._another, before), "another focus").name)
            assert len(passed) < _MANY, f"Tab does not come to « {name} »: {passed}"

    def focus(self) -> Node | None:
        """Where the keyboard is."""
        return next((each for each in self.nodes() if each.focused and each.name and each.role != "frame"), None)

    def wait_focus(self, name: str, *roles: str) -> None:
        """Wait until the keyboard is in something."""
        self.until(
            lambda: (found := self.find(name, *roles)) is not None and found.focused, f"{name}, with the keyboard"
        )

    def _another(self, before: Node | None) -> Node | None:
        now = self.focus()
        return now if now is not None and (before is None or now.path != before.path) else None

    def key(self, keys: str) -> None:
        """Press keys together, such as `ctrl+l`."""
        self.gestures.append(f"key {keys}")
        self._tool("key", "--clearmodifiers", keys)

    def type(self, text: str, into: str) -> None:
        """Type in the field that has the keyboard, which is called `into`, and see the text there."""

        def there() -> Node | None:
            node = self.find(into, "text")
            return node if node is not None and node.focused else None

        before = self.text(self.until(there, f"{into}, with the keyboard"))
        self.gestures.append(f"type in {into}")
        self.typed.append(text)
        self._tool("type", "--delay", "20", text)
        wanted = len(before) + len(text)
        self.until(lambda: (node := there()) is not None and len(self.text(node)) >= wanted, f"{into}: {text}")

    def fill(self, name: str, text: str) -> None:
        """Click in a field and type there."""
        self.click(name, "text")
        self.type(text, name)

    def text(self, node: Node) -> str:
        """What a field holds; a passphrase is dots."""
        return str(self._call(node.app, node.path, "org.a11y.atspi.Text", "GetText", "ii", (0, -1))[0])

    def _walk(self, app: str, path: str, found: list[Node]) -> None:
        low, _high = self._call(app, path, _ACCESSIBLE, "GetState")[0]
        role = self._call(app, path, _ACCESSIBLE, "GetRoleName")[0]
        if path != _TOP and not low >> _SHOWING & 1:
            return
        name = self._call(app, path, _PROPERTIES, "Get", "ss", (_ACCESSIBLE, "Name"))[0][1]
        box = (0, 0, 0, 0)
        if path != _TOP:
            box = self._call(app, path, "org.a11y.atspi.Component", "GetExtents", "u", (0,))[0]
        found.append(Node(name.replace("\u00a0", " "), role, low, box, app, path))
        for _app, child in self._call(app, path, _ACCESSIBLE, "GetChildren")[0]:
            self._walk(app, child, found)

    def _call(self, app: str, path: str, face: str, name: str, kinds: str = "", values: tuple[Any, ...] = ()) -> Any:  # noqa: PLR0917
        asked = new_method_call(DBusAddress(path, app, face), name, kinds or None, values)
        answer = self._talk.send_and_get_reply(asked, timeout=PATIENCE)
        if answer.header.message_type is MessageType.error:
            raise DBusErrorResponse(answer)
        return answer.body

    def _tool(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words], check=False, env=self._env, capture_output=True, text=True, timeout=60
        )
        return done.stdout.strip()


def _beside(script: str) -> str:
    """A command, where it was installed."""
    return str(Path(sys.executable).with_name(script))


def _started(words: list[str], env: Mapping[str, str] | None = None, **more: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(words, stderr=subprocess.DEVNULL, env=env, **more)


@contextmanager
def desktop(home: Path) -> Iterator[Desktop]:
    """A screen of 1366×768, a bus, a home folder, and nothing else."""
    ours, theirs = os.pipe()
    screen = _started(
        ["Xvfb", "-displayfd", str(theirs), "-screen", "0", "1366x768x24", "-nolisten", "tcp"], pass_fds=(theirs,)
    )
    os.close(theirs)
    bus = _started(["dbus-daemon", "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE)
    try:
        with os.fdopen(ours) as said:
            display = f":{said.readline().strip()}"
        assert bus.stdout is not None
        made = Desktop(display, bus.stdout.readline().decode().strip(), home)
        try:
            yield made
        finally:
            made.close()
    finally:
        for each in (bus, screen):
            each.terminate()
            each.wait(30)
        if bus.stdout is not None:
            bus.stdout.close()
