# SPDX-License-Identifier: GPL-3.0-or-later
"""The head of the journal, copied to the keyring of the system at each opening and closing.

An older vault put back in place agrees with itself; only something kept outside shows it. A few earlier heads are kept
with the last one, so that an older copy of the vault is told from another one. See `system_keyring`: it is a help.
"""

import contextlib
import enum
import json
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from hro_desktop.vault import journal, system_keyring
from hro_desktop.vault.journal import Head

__all__ = ["SECONDS", "Descent", "Recall", "descent", "remember"]

SERVICE: Final = "hro-desktop"
SECONDS: Final = 2.0
EARLIER: Final = 6
"""Heads before the last one: the keyring of Windows holds 1280 characters."""


class Descent(enum.Enum):
    """What a base is to the heads that were seen before."""

    FOLLOWS = 1
    OLDER = 2
    FORKED = 3


class Recall:
    """Asks the keyring for the heads seen of a vault, beside the derivation of the key."""

    def __init__(self, vault_id: str) -> None:
        self._found: tuple[Head, ...] = ()
        self._thread = system_keyring.beside(lambda: self._ask(vault_id))

    def heads(self, seconds: float = SECONDS) -> tuple[Head, ...]:
        """The last head first; nothing when there is none or the keyring takes too long."""
        self._thread.join(seconds)
        return () if self._thread.is_alive() else self._found

    def _ask(self, vault_id: str) -> None:
        self._found = _known(vault_id)


def remember(vault_id: str, head: Head, seconds: float = SECONDS) -> None:
    """Have the keyring keep a head, and wait for it no longer than some seconds."""

    def tell() -> None:
        earlier: tuple[Head, ...] = ()
        with contextlib.suppress(Exception):
            earlier = _known(vault_id)
        kept = _thinned([each for each in earlier if each.n < head.n])
        words = {**head.as_json(), "before": [[each.n, each.hash] for each in kept]}
        system_keyring.backend().set_password(SERVICE, vault_id, json.dumps(words, separators=(",", ":")))

    system_keyring.beside(tell).join(seconds)


def descent(session: Connection | Session, vault_id: str, seen: Sequence[Head]) -> Descent:
    """Whether a base goes on from the heads that were seen of it, stops before them, or is another one.

    Args:
        session: reads the base, before anything is added to its journal.
        vault_id: from `coffre.json`.
        seen: the last one first.
    """
    if not seen or journal.contains(session, seen[0], vault_id):
        return Descent.FOLLOWS
    last = journal.head(session, vault_id)
    passed = max((each for each in seen if each.n <= last.n), key=lambda each: each.n, default=None)
    if seen[0].n <= last.n or (passed is not None and not journal.contains(session, passed, vault_id)):
        return Descent.FORKED
    return Descent.OLDER


def _known(vault_id: str) -> tuple[Head, ...]:
    words = json.loads(system_keyring.backend().get_password(SERVICE, vault_id) or "null")
    found = [(words["n"], words["hash"]), *words.get("before", ())]
    if not all(isinstance(n, int) and isinstance(digest, str) for n, digest in found):
        raise TypeError
    return tuple(Head(n, digest) for n, digest in found)


def _thinned(heads: Sequence[Head]) -> list[Head]:
    """The last ones, and of those before fewer and fewer: an old copy is mostly a recent one."""
    kept = list(heads)
    while len(kept) > EARLIER:
        # What goes is what tells least: the one whose neighbours are nearest, counted against its age.
        at = min(
            range(1, len(kept) - 1),
            key=lambda place: (kept[place - 1].n - kept[place + 1].n) / (1 + kept[0].n - kept[place].n),
        )
        del kept[at]
    return kept
