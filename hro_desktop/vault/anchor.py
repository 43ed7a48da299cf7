# SPDX-License-Identifier: GPL-3.0-or-later
"""The head of the journal, copied to the keyring of the system at each opening and closing.

An older vault put back in place agrees with itself; only something kept outside shows it. The keyring is a help: it
may be absent, locked, slow or silent, and none of that is a reason to fail or to wait. This is the only module that
knows it.
"""

import contextlib
import json
import threading
from typing import Any, Final

from hro_desktop.vault.journal import Head

__all__ = ["SECONDS", "Recall", "remember"]

SERVICE: Final = "hro-desktop"
SECONDS: Final = 2.0


class Recall:
    """Asks the keyring for the last head seen of a vault, beside the derivation of the key."""

    def __init__(self, vault_id: str) -> None:
        self._found: Head | None = None
        self._thread = threading.Thread(target=self._ask, args=(vault_id,), daemon=True, name="keyring")
        self._thread.start()

    def head(self, seconds: float = SECONDS) -> Head | None:
        """The head, or nothing when there is none or the keyring takes too long."""
        self._thread.join(seconds)
        return None if self._thread.is_alive() else self._found

    def _ask(self, vault_id: str) -> None:
        with contextlib.suppress(Exception):  # a keyring may fail in any way it likes
            words = json.loads(_keyring().get_password(SERVICE, vault_id) or "null")
            if isinstance(words["n"], int) and isinstance(words["hash"], str):
                self._found = Head(words["n"], words["hash"])


def remember(vault_id: str, head: Head, seconds: float = SECONDS) -> None:
    """Have the keyring keep a head, and wait for it no longer than some seconds."""

    def tell() -> None:
        with contextlib.suppress(Exception):
            _keyring().set_password(SERVICE, vault_id, json.dumps(head.as_json()))

    thread = threading.Thread(target=tell, daemon=True, name="keyring")
    thread.start()
    thread.join(seconds)


def _keyring() -> Any:  # noqa: ANN401 - imported late: finding the back ends takes a tenth of a second
    import keyring

    return keyring
