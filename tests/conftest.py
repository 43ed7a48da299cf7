# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings every test shares: no screen, a home of its own, no garbage collection inside Qt's event dispatch."""

import functools
import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hro_desktop.vault import keys
from tests.support.practice import templates_in

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", "1")


@pytest.fixture(scope="session", autouse=True)
def _templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The practice vaults that are copied for each test go with the others."""
    with templates_in(tmp_path_factory.mktemp("templates")):
        yield


@pytest.fixture(autouse=True)
def _private_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """No test reads or writes the home folder of whoever runs it, nor a keyring."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return home


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """An empty folder, as a stick that backups go to."""
    folder = tmp_path / "cle"
    folder.mkdir()
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first: left to the end, they would keep one worker while the others rest."""
    slow = {item.path for item in items if item.get_closest_marker("slow") is not None}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def _loaded() -> None:
    """What pages are made of stays out of the collections after each window test, as in the program."""
    from ui import opening  # here: a worker that makes no window does without it
    from ui.jobs import Token

    opening.warm_up(Token(), lambda *_: None)
    gc.collect()
    opening.stay()


@pytest.fixture(autouse=True)
def _no_collection_inside_qt(request: pytest.FixtureRequest) -> Iterator[None]:
    """The cyclic collector frees visible widgets inside processEvents: off during a window test, run after it.

    What other tests left loaded is set aside first: to go over all of it took longer than many a test.
    """
    if "qtbot" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("_loaded")
    gc.collect()  # what the test before held until its very end
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
    gc.collect()


@pytest.fixture(scope="session", autouse=True)
def _stretched_once() -> Iterator[None]:
    """A phrase is stretched once for each salt: tests open copies of the same few vaults thousands of times.

    The lightest stretching alone, and it stays the real one: the same bytes come out.
    """
    real, light = keys.Argon2id, keys.KdfParams.fast().memory_kib

    @functools.cache
    def stretched(secret: bytes, named: tuple[tuple[str, Any], ...]) -> bytes:
        return real(**dict(named)).derive(secret)

    class Remembered:
        def __init__(self, **named: Any) -> None:
            self._named = named

        def derive(self, secret: bytes) -> bytes:
            if self._named["memory_cost"] > light:
                return real(**self._named).derive(secret)
            return stretched(secret, tuple(sorted(self._named.items())))

    keys.Argon2id = Remembered  # type: ignore[assignment,misc]
    yield
    keys.Argon2id = real  # type: ignore[misc]
