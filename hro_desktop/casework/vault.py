# SPDX-License-Identifier: GPL-3.0-or-later
"""How the vault is, for whoever works in it: room on the disk, its reserve, what to mend; and reading it all again."""

from collections.abc import Callable
from typing import Final

import attrs

from hro_desktop.casework import backups, commitments, stale_backups
from hro_desktop.casework.desk import Desk
from hro_desktop.vault import checks, reserve
from hro_desktop.vault.files import free_bytes
from hro_desktop.vault.findings import Finding, Level, Report

__all__ = ["State", "examine", "state", "verify"]

OURS: Final = frozenset({"vault.in_use", "base.log", "lock.stale"})
"""What is said of a vault because this program has it open."""


@attrs.frozen
class State:
    """What can be said at once.

    Args:
        free: bytes left on the disk.
        reserve: the room kept for a full disk is there.
        findings: what to know or to mend.
    """

    free: int
    reserve: bool
    findings: tuple[Finding, ...]


def state(desk: Desk) -> State:
    """Look at the vault from outside and from inside, without reading its content."""
    folder = desk.vault.folder
    seen = [each for each in checks.diagnose(folder).findings if each.code not in OURS]
    known = {each.code for each in seen}
    seen += [each for each in desk.vault.notices if each.code not in known]
    return State(free_bytes(folder), (folder / reserve.NAME).exists(), tuple(seen))


def examine(desk: Desk) -> Report:
    """What only an open vault can say, with what is seen from outside: its journal, its clock, its backups."""
    found = list(state(desk).findings)
    if late := backups.reminder(desk):
        found.append(Finding("backup.late", f"{late}.", "Faites-en une sur une clé ou un autre disque.", Level.WARNING))
    found += checks.slots_older(desk.vault)
    found += stale_backups.findings(stale_backups.listed(desk))
    return Report((("Lignes du journal", desk.vault.head().n),), tuple(found))


def verify(desk: Desk, progress: Callable[[int, int], None] | None = None) -> Report:
    """Read the whole vault again, and compare it with its journal; what `progress` raises stops the reading."""
    report = checks.verify(desk.vault, progress)
    with desk.read() as session:
        return attrs.evolve(report, findings=(*report.findings, *commitments.findings(session)))
