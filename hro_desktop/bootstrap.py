# SPDX-License-Identifier: GPL-3.0-or-later
"""The composition root: from a folder and a secret to a desk. Command line, window and tests all start here.

The casework is loaded by what needs it: a window must stand before the base and its records are there.
"""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hro_desktop.vault.process import harden

if TYPE_CHECKING:
    from hro_desktop.casework.desk import Desk
    from hro_desktop.vault.keys import KdfParams
    from hro_desktop.vault.vault import Created

__all__ = ["create_vault", "default_forms", "default_vault", "open_desk", "prepare_process", "start_screenless_qt"]


def default_vault() -> Path:
    """Where the vault is when nobody says otherwise; the environment variable `HRO_VAULT` does."""
    import platformdirs

    named = os.environ.get("HRO_VAULT")
    return Path(named) if named else platformdirs.user_data_path("hro-desktop", appauthor=False) / "coffre"


def default_forms() -> Path:
    """Where forms of the association’s own are: beside the vault, or where the variable `HRO_FORMULAIRES` says."""
    named = os.environ.get("HRO_FORMULAIRES")
    return Path(named) if named else default_vault().parent / "formulaires"


def prepare_process() -> None:
    """First thing in every program: files for nobody else, no core dump."""
    harden()


def start_screenless_qt() -> object:
    """The one Qt application of the command line: the text engine needs it, no screen does.

    Returns:
        The application; the caller keeps it alive as long as documents are made.
    """
    from forms.text.screenless import start

    return start()


def create_vault(folder: Path, passphrase: str, *, kdf: "KdfParams | None" = None, practice: bool = False) -> "Created":
    """Make a vault; a practice vault marks every document it produces and accepts a simple passphrase."""
    from hro_desktop.vault.vault import Vault

    return Vault.create(folder, passphrase, kdf=kdf, practice=practice)


@contextmanager
def open_desk(folder: Path, secret: str, *, clock: Callable[[], dt.datetime] | None = None) -> Iterator["Desk"]:
    """Open a vault with a passphrase or its paper code, and close it whatever happens; `clock` tells another day."""
    from hro_desktop.casework.desk import Desk
    from hro_desktop.records.base import utc_now
    from hro_desktop.vault.vault import Vault

    with Vault.open(folder, secret) as vault:
        yield Desk(vault, clock or utc_now)
