# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is inside an open vault: many who read, one who writes, or one alone who changes the key under all of them."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Final

__all__ = ["Gate", "Shut"]

WRITERS_WAIT: Final = 60.0
READERS_WAIT: Final = 60.0
ALONE_WAITS: Final = 10.0
CLOSING_WAITS: Final = 30.0


class Shut(Exception):  # noqa: N818 - whoever asks says it in words
    """Somebody else was inside too long."""


class Gate:
    """Threads of one process pass here before they use the base."""

    def __init__(self) -> None:
        self._writing = threading.Lock()
        self._changed = threading.Condition()
        self._inside: dict[int, int] = {}
        self._alone: int | None = None
        self._closed = False

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """One at a time, beside those who read.

        Raises:
            Shut: another one was too long.
        """
        if not self._writing.acquire(timeout=WRITERS_WAIT):
            raise Shut
        try:
            yield
        finally:
            self._writing.release()

    @contextlib.contextmanager
    def inside(self) -> Iterator[None]:
        """Use the base; the same thread may enter again.

        Raises:
            Shut: somebody was alone too long.
        """
        me = threading.get_ident()
        with self._changed:
            if me not in self._inside and not self._changed.wait_for(lambda: self._alone in (None, me), READERS_WAIT):
                raise Shut
            self._inside[me] = self._inside.get(me, 0) + 1
        try:
            yield
        finally:
            with self._changed:
                self._inside[me] -= 1
                if not self._inside[me]:
                    del self._inside[me]
                self._changed.notify_all()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until nobody is inside, and keep everybody out.

        Raises:
            Shut: somebody stayed inside too long, or the vault was closed meanwhile.
        """
        me = threading.get_ident()
        with self._changed:
            if self._alone is not None or self._closed:
                raise Shut
            self._alone = me
            if not self._changed.wait_for(lambda: self._closed or not self._inside, ALONE_WAITS) or self._closed:
                self._leave()
                raise Shut
        try:
            yield
        finally:
            with self._changed:
                self._leave()

    def close(self) -> None:
        """Let nobody be alone any more, once who is has done."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._alone is None, CLOSING_WAITS)

    def _leave(self) -> None:
        self._alone = None
        self._changed.notify_all()
