# SPDX-License-Identifier: GPL-3.0-or-later
"""What a process does first, so that neither its files nor its memory end where others can read them."""

import contextlib
import ctypes
import os
import sys
from typing import Final

__all__ = ["harden"]

PR_SET_DUMPABLE: Final = 4
SEM_FAILCRITICALERRORS: Final = 0x0001
SEM_NOGPFAULTERRORBOX: Final = 0x0002


def harden() -> None:
    """Files for nobody else, no core dump, no other process of the same user reading this memory, where possible.

    A core dump of an open vault holds the key and decrypted records. What the system does not offer is left out.
    """
    os.umask(0o077)
    if sys.platform == "win32":
        ctypes.windll.kernel32.SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX)
        return
    import resource

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
