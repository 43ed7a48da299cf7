# SPDX-License-Identifier: GPL-3.0-or-later
"""Backing the vault up, when it was last done and where, and saying when it has been too long."""

import datetime as dt
from pathlib import Path
from typing import Final

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework.desk import Changes, Desk
from hro_desktop.casework.fields import french_day
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.settings import Setting
from hro_desktop.rules import dates, grammar
from hro_desktop.vault import backup
from hro_desktop.vault.backup import Backup, Progress
from hro_desktop.vault.work import Work

__all__ = ["REMIND_AFTER", "Last", "Made", "last", "make", "remind_after", "reminder", "save_remind_after"]

REMIND_AFTER: Final = (7, 14, 30, 90)
"""Days without a backup after which the home page says so. There is no « never »."""
USUAL: Final = 14
_AT, _PLACE, _REMIND = "backup.at", "backup.place", "backup.remind_after"


@attrs.frozen
class Last:
    """The last backup this vault knows of: when, and in which folder."""

    at: dt.datetime
    place: Path


@attrs.frozen
class Made:
    """A backup that was made, and what the vault noted of it."""

    backup: Backup
    changes: Changes


def make(desk: Desk, chosen: Path, progress: Progress | None = None, *, reread: bool = True) -> Made:
    """Back the vault up, and note it; others may work meanwhile.

    Args:
        desk: of the open vault.
        chosen: a folder, see `vault.backup.make`.
        progress: bytes done and their total; what it raises stops the backup.
        reread: read again what is already there; without it no older backup is let go of.

    Raises:
        Fault: `backup.*`; earlier backups are then as they were.
    """
    done = backup.make(desk.vault, chosen, progress, reread=reread)
    if desk.vault.consultation:
        return Made(done, frozenset())
    return Made(done, desk.run(_note, chosen, done).changes)


def _note(work: Work, chosen: Path, done: Backup) -> None:
    assert done.generation.manifest is not None
    work.session.merge(Setting(name=_AT, value=work.now.astimezone(dt.UTC).isoformat(timespec="seconds")))
    work.session.merge(Setting(name=_PLACE, value=str(chosen)))
    work.record("backup.made", done.generation.manifest.id)


def last(session: Session) -> Last | None:
    """The last backup; nothing when none was ever made."""
    at, place = session.get(Setting, _AT), session.get(Setting, _PLACE)
    if at is None or place is None:
        return None
    try:
        return Last(dt.datetime.fromisoformat(at.value), Path(place.value))
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
    if known is None and first is None:
        return ""
    since = french_day(known.at if known is not None else dt.datetime.fromisoformat(first or ""))
    days = (today - since).days
    if days < limit:
        return ""
    when = dates.french_day(since)
    if known is None:
        return f"Aucune sauvegarde du coffre depuis sa création, le {when}"
    return f"Aucune sauvegarde du coffre depuis le {when} ({grammar.counted(days, 'jour')})"
