# SPDX-License-Identifier: GPL-3.0-or-later
"""The one exception a user may meet: a code for programs and a French sentence for people.

`str(fault)` is the code alone, so that a name in the sentence can never reach a log or a traceback.
"""

import enum

__all__ = ["ExitCode", "Fault"]


class ExitCode(enum.IntEnum):
    """How a command ended, for scripts (documented in the README and in `hro-desktop --help`)."""

    DONE = 0
    UNEXPECTED = 1
    USAGE = 2
    BAD_INPUT = 3
    VAULT = 4
    ACCESS = 5
    BLOCKED = 6
    DISK = 7
    DAMAGED = 8
    INTERRUPTED = 130


class Fault(Exception):  # noqa: N818 - a fault is what went wrong, in the user's words
    """Something went wrong that the user can understand and act on.

    Args:
        code: stable dotted name, e.g. `vault.newer`; the only thing that logs and `str()` show.
        sentence: one clear French sentence: what, where, what to do.
        exit_code: how the command line ends.
    """

    def __init__(self, code: str, sentence: str, exit_code: ExitCode = ExitCode.BAD_INPUT) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.exit_code = exit_code
