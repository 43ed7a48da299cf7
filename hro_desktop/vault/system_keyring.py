# SPDX-License-Identifier: GPL-3.0-or-later
"""The keyring of the system, a help that may be absent, locked, slow or silent; no other module knows it.

None of that is a reason to fail, nor to wait longer than a caller wants to.
"""

import contextlib
import threading
from collections.abc import Callable
from typing import Any

__all__ = ["backend", "beside"]


def backend() -> Any:  # noqa: ANN401 - imported late: finding the back ends takes a tenth of a second
    """What keeps and gives passwords."""
    import keyring

    return keyring


def beside(action: Callable[[], None]) -> threading.Thread:
    """Do something with it in a thread that may be left alone; it may fail in any way it likes."""

    def tried() -> None:
        with contextlib.suppress(Exception):
            action()

    thread = threading.Thread(target=tried, daemon=True, name="keyring")
    thread.start()
    return thread
