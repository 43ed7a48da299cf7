# SPDX-License-Identifier: GPL-3.0-or-later
"""The practice vault and an empty one, made once per test process and copied for each test that wants one."""

import atexit
import contextlib
import functools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def templates_in(folder: Path) -> Iterator[None]:
    """Make the templates there, and remove them at the end: a process of xdist ends without its exit handlers."""
    _PLACES.append(folder)
    try:
        yield
    finally:
        _PLACES.remove(folder)
        _template.cache_clear()
        _empty.cache_clear()
        shutil.rmtree(folder, ignore_errors=True)


_PLACES: list[Path] = []


def _in_place(name: str) -> Path:
    parent = tempfile.mkdtemp(prefix=f"{name}-", dir=_PLACES[-1] if _PLACES else None)
    atexit.register(shutil.rmtree, parent, ignore_errors=True)
    return Path(parent) / "coffre"


@functools.cache
def _template(*, follow_up: bool, outing: bool) -> Path:
    from hro_desktop.demo import run

    folder = _in_place("practice")
    run.build_vault(folder, follow_up=follow_up, outing=outing)
    return folder


@functools.cache
def _empty() -> Path:
    from hro_desktop import bootstrap
    from hro_desktop.demo import run
    from hro_desktop.vault.keys import KdfParams

    folder = _in_place("empty")
    bootstrap.create_vault(folder, run.PASSPHRASE, kdf=KdfParams.fast(), practice=True).vault.close()
    return folder


def practice_vault(into: Path, *, follow_up: bool = False, outing: bool = False) -> Path:
    """A fresh copy of the practice vault in a folder of the test, with the other dossiers too if wanted."""
    return Path(shutil.copytree(_template(follow_up=follow_up, outing=outing), into / "coffre"))


def empty_vault(into: Path) -> Path:
    """A fresh copy of a vault in which nothing is, opened by the same passphrase as the practice vault."""
    return Path(shutil.copytree(_empty(), into / "vide"))
