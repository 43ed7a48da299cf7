# SPDX-License-Identifier: GPL-3.0-or-later
"""The N-th call to the system fails, for N = 1, 2, 3… until nothing fails: what several tests of faults need."""

import builtins
import contextlib
import errno
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs

CALLS = ("open", "fsync", "close", "mkdir", "rename", "replace", "unlink", "rmdir", "scandir")
"""Of `os`; `pathlib` and `shutil` come down to them, and `write` is that of the file that `open` gives."""


@attrs.define
class Counter:
    """How many calls there were, and which one failed."""

    at: int
    forever: bool
    number: int
    count: int = 0
    failed: str = ""

    def call(self, name: str, real: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """The call itself, or its failure."""
        self.count += 1
        if self.count == self.at or (self.forever and self.count > self.at):
            self.failed = self.failed or name
            if name == "close":  # a descriptor is closed even when that says an error
                real(*given, **named)
            raise OSError(self.number, os.strerror(self.number))
        return real(*given, **named)


@contextlib.contextmanager
def failing(at: int, *, forever: bool = False, number: int = errno.EIO) -> Iterator[Counter]:
    """Make one call fail, or that one and all after it, as a disk that was pulled out does.

    Args:
        at: which one, from 1.
        forever: and all the others.
        number: of the error.
    """
    counter = Counter(at, forever, number)

    class File(io.FileIO):
        """A file whose writes count too."""

        def write(self, data: Any, /) -> int | None:
            return counter.call("write", super().write, data)

    def opened(file: Any, mode: str = "r", buffering: int = -1, *given: Any, **named: Any) -> Any:
        if "b" in mode and mode[0] in "wx":
            raw = File(file, mode.replace("b", ""))
            return raw if buffering == 0 else io.BufferedWriter(raw)
        return counter.call("open", real_open, file, mode, buffering, *given, **named)

    real_open = builtins.open
    real = {name: getattr(os, name) for name in CALLS}
    try:
        builtins.open = io.open = opened
        for name in CALLS:
            setattr(os, name, lambda *given, _name=name, **named: counter.call(_name, real[_name], *given, **named))
        yield counter
    finally:
        builtins.open = io.open = real_open
        for name, function in real.items():
            setattr(os, name, function)


def every_failure(
    action: Callable[[Path], Any],
    room: Callable[[], Path],
    check: Callable[[Path, Counter, Any, Exception | None], None],
    *,
    stride: int = 1,
) -> set[str]:
    """Do the same thing until nothing fails any more.

    Args:
        action: what is done, in a folder of its own.
        room: makes that folder.
        check: looks at what stands after each attempt: the folder, the counter, what it gave and what it raised.
        stride: one call in so many.

    Returns:
        The names of the calls that failed.
    """
    kinds = set()
    for forever in (False, True):
        for at in range(1, 2000, stride):
            folder, given, raised = room(), None, None
            with failing(at, forever=forever, number=errno.ENOSPC if at % 2 else errno.EIO) as counter:
                try:
                    given = action(folder)
                except Exception as error:
                    raised = error
            check(folder, counter, given, raised)
            if not counter.failed:
                break
            kinds.add(counter.failed)
    return kinds
