# SPDX-License-Identifier: GPL-3.0-or-later
"""Backing the vault up, when it was last done and where, and saying when it has been too long."""

import datetime as dt
from pathlib import Path
from typing import Final

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework import stale_backups
from hro_desktop.casework.desk import Changes, Desk
from hro_desktop.casework.fields import french_day
from hro_desktop.faults import Fault
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.settings import Setting
from hro_desktop.rules import dates, grammar
from hro_desktop.vault import backup, generations, restore, seals
from hro_desktop.vault.backup import Backup, Progress
from hro_desktop.vault.findings import Finding, Report
from hro_desktop.vault.work import Work

__all__ = ["REMIND_AFTER", "Last", "Made", "check", "last", "make", "remind_after", "reminder", "save_remind_after"]

REMIND_AFTER: Final = (7, 14, 30, 90)
"""Days without a backup after which the home page says so. There is no « never »."""
USUAL: Final = 14
CHECK_AFTER: Final = 30
"""Days after which what was backed up is read again, or the home page says so: a stick forgets without a word."""
_AT, _REMIND, _CHECKED = "backup.at", "backup.remind_after", "backup.checked_at"


@attrs.frozen
class Last:
    """The last backup this vault knows of: when, in which folder, and when all of it was last read there."""

    at: dt.datetime
    place: Path
    checked_at: dt.datetime


@attrs.frozen
class Made:
    """A backup that was made, and what the vault noted of it."""

    backup: Backup
    changes: Changes


def make(
    desk: Desk, chosen: Path, progress: Progress | None = None, *, reread: bool = True, renew: bool = False
) -> Made:
    """Back the vault up, and note it; others may work meanwhile.

    Args:
        desk: of the open vault.
        chosen: a folder, see `vault.backup.make`.
        progress: bytes done and their total; what it raises stops the backup.
        reread: read again what is already there; without it no older backup is let go of.
        renew: let go there of those that an access removed since still opens.

    Raises:
        Fault: `backup.*`; earlier backups are then as they were.
    """
    done = backup.make(desk.vault, chosen, progress, reread=reread, renew=renew)
    if desk.vault.consultation:
        return Made(done, frozenset())
    return Made(done, desk.run(_note, chosen, done, reread=reread).changes)


def check(desk: Desk, progress: Progress | None = None) -> Report:
    """Read the last backup again, whole, where it was made, and note what became of it.

    Raises:
        Fault: `backup.absent`, `backup.gone`: no backup was made yet, or the disk it is on is not there.
    """
    with desk.read() as session:
        known = last(session)
    generation = generations.generations(known.place if known is not None else desk.vault.folder)[0]
    try:
        report = restore.check(generation, progress)
    except Fault as fault:
        if fault.code == "backup.gone":
            raise
        report = Report((("Fichiers relus", 0),), (generations.unreadable(fault),))
    else:
        if not _is_ours(desk, generation):
            report = attrs.evolve(report, findings=(*report.findings, _FOREIGN))
    if not desk.vault.consultation:
        desk.run(_note_check, generation.manifest.id if generation.manifest else "", sound=report.sound)
    return report


def _is_ours(desk: Desk, generation: generations.Generation) -> bool:
    with desk.read() as session:
        return seals.is_ours(generation, desk.vault.keys, seals.former(session))


def _note(work: Work, chosen: Path, done: Backup, *, reread: bool) -> None:
    assert done.generation.manifest is not None
    work.session.merge(Setting(name=_AT, value=_instant(work)))
    work.session.merge(Setting(name=stale_backups.USUAL, value=str(chosen)))
    if reread or work.session.get(Setting, _CHECKED) is None:
        work.session.merge(Setting(name=_CHECKED, value=_instant(work)))
    stale_backups.note(work, done.generation, chosen)
    stale_backups.drop(work, done.dropped)
    work.record("backup.made", done.generation.manifest.id)


def _note_check(work: Work, generation_id: str, *, sound: bool) -> None:
    if not sound:
        work.record("backup.damaged", generation_id)
        return
    work.session.merge(Setting(name=_CHECKED, value=_instant(work)))
    work.record("backup.checked", generation_id)


def _instant(work: Work) -> str:
    return work.now.astimezone(dt.UTC).isoformat(timespec="seconds")


def last(session: Session) -> Last | None:
    """The last backup; nothing when none was ever made."""
    at, place, checked = (session.get(Setting, name) for name in (_AT, stale_backups.USUAL, _CHECKED))
    if at is None or place is None or checked is None:
        return None
    try:
        return Last(dt.datetime.fromisoformat(at.value), Path(place.value), dt.datetime.fromisoformat(checked.value))
    except ValueError:  # another version wrote it otherwise
        return None


def remind_after(session: Session) -> int:
    """After how many days without a backup the home page says so."""
    kept = session.get(Setting, _REMIND)
    days = int(kept.value) if kept is not None and kept.value.isdecimal() else USUAL
    return days if days in REMIND_AFTER else USUAL


def save_remind_after(work: Work, days: int) -> None:
    """Another number of days, one of `REMIND_AFTER`."""
    if days not in REMIND_AFTER:
        raise ValueError(days)
    if remind_after(work.session) != days:
        work.session.merge(Setting(name=_REMIND, value=str(days)))
        work.record("setting.changed", _REMIND)


def reminder(desk: Desk) -> str:
    """What the home page says when it has been too long; nothing before, nor in a practice vault."""
    if desk.practice():
        return ""
    today = desk.today()
    with desk.read() as session:
        known = last(session)
        limit = remind_after(session)
        first = session.scalars(select(JournalLine.utc).order_by(JournalLine.n).limit(1)).first()
    if known is None:
        since = french_day(dt.datetime.fromisoformat(first)) if first else today
        if (today - since).days < limit:
            return ""
        return f"Aucune sauvegarde du coffre depuis sa création, le {dates.french_day(since)}"
    for instant, days, what in (
        (known.at, limit, "Aucune sauvegarde du coffre"),
        (known.checked_at, CHECK_AFTER, "La sauvegarde du coffre n’a pas été relue"),
    ):
        passed = (today - french_day(instant)).days
        if passed >= days:
            when = dates.french_day(french_day(instant))
            return f"{what} depuis le {when} ({grammar.counted(passed, 'jour')})"
    return ""


_FOREIGN: Final = Finding(
    "backup.foreign",
    "La sauvegarde de ce dossier n’est pas de ce coffre, ou quelqu’un l’a modifiée.",
    "Faites-en une nouvelle dans un autre dossier, et demandez-vous qui a pu y toucher.",
)
