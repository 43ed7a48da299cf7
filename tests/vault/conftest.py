# SPDX-License-Identifier: GPL-3.0-or-later
"""A vault to work on: made once, copied for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from hro_desktop.vault import system_keyring
from hro_desktop.vault.keys import KdfParams
from hro_desktop.vault.vault import Vault
from tests.vault.support import PASSPHRASE


@attrs.frozen
class Made:
    """A closed vault and what opens it."""

    folder: Path
    passphrase: str
    paper_code: str


@pytest.fixture(scope="session")
def _original(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("original") / "coffre"
    created = Vault.create(folder, PASSPHRASE, kdf=KdfParams.fast(), reserve_size=64 * 1024)
    created.vault.close()
    return Made(folder, PASSPHRASE, created.paper_code)


@pytest.fixture
def made(_original: Made, tmp_path: Path) -> Made:
    """A closed vault."""
    folder = tmp_path / "coffre"
    shutil.copytree(_original.folder, folder)
    folder.chmod(0o700)
    return attrs.evolve(_original, folder=folder)


@pytest.fixture
def vault(made: Made) -> Iterator[Vault]:
    """An open vault."""
    with Vault.open(made.folder, made.passphrase) as opened:
        yield opened


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """One that remembers; the real module, without any system behind it."""
    remembered: dict[tuple[str, str], str] = {}

    class Keyring:
        def get_password(self, service: str, user: str) -> str | None:
            return remembered.get((service, user))

        def set_password(self, service: str, user: str, words: str) -> None:
            remembered[service, user] = words

    monkeypatch.setattr(system_keyring, "backend", Keyring)
    return remembered
