# SPDX-License-Identifier: GPL-3.0-or-later
"""Stale backups: those that an access removed since still opens, until somebody has destroyed them.

A backup opens with the accesses of its day. Which ones were made, when, and when an access came and went stand in the
journal; where a backup lies is noted beside when it is made.
"""

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.casework.desk import Desk
from hro_desktop.casework.fields import french_day
from hro_desktop.faults import Fault
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.settings import Setting
from hro_desktop.rules import dates
from hro_desktop.vault import generations
from hro_desktop.vault.findings import Finding, Level
from hro_desktop.vault.generations import Generation
from hro_desktop.vault.work import Work

__all__ = ["USUAL", "Stale", "destroyed", "drop", "findings", "listed", "note"]

USUAL: Final = "backup.place"
"""The setting that keeps the folder of the last backup."""
_PLACE: Final = "backup.in."
_MADE: Final = "backup.made"
_ENDED: Final = ("backup.dropped", "backup.destroyed")
ADVICE: Final = (
    "Refaites une sauvegarde. Pour celle-ci\u00a0: branchez son support et sauvegardez au même endroit avec "
    "«\u00a0Effacer ici celles qu’un accès retiré ouvre encore\u00a0», ou détruisez le support et dites-le."
)


@attrs.frozen
class Stale:
    """One backup that an access removed since still opens.

    Args:
        id: of its manifest.
        made_on: the day, in France.
        accesses: ids of the slots that open it and were removed.
        number: among those of its folder; nothing when it was not noted.
        place: the folder somebody chose; nothing when it was not noted.
        seen: it is there now; otherwise its disk is not there, or nobody knows where it is.
    """

    id: str
    made_on: dt.date
    accesses: tuple[str, ...]
    number: int | None
    place: Path | None
    seen: bool

    @property
    def sentence(self) -> str:
        """What it is, where it is and what opens it, without a name."""
        number = f" n°\u00a0{self.number}" if self.number else ""
        where = f"dans «\u00a0{self.place}\u00a0»" if self.place else "à un endroit qui n’a pas été noté"
        there = "" if self.seen or not self.place else " (support non branché)"
        opened = ", ".join(each[:4] for each in self.accesses)
        removed = "l’accès retiré" if len(self.accesses) == 1 else "les accès retirés"
        day = dates.french_day(self.made_on)
        return f"La sauvegarde{number} du {day}, {where}{there}, s’ouvre encore avec {removed} {opened}."


def listed(desk: Desk) -> tuple[Stale, ...]:
    """Those that may still exist, the oldest first; what is not in a folder that is there now is gone."""
    with desk.read() as session:
        opened = _opened(session)
        places = {each: _placed(session, each) for each in opened}
        usual = session.get(Setting, USUAL)
    looked: dict[Path, dict[str, Generation]] = {}
    found = []
    for identifier, (day, slots) in opened.items():
        number, place = places[identifier]
        known = place or (Path(usual.value) if usual else None)
        if known is not None and known not in looked:
            looked[known] = _there(known)
        there = looked.get(known, {}) if known is not None else {}
        if identifier in there:
            place, number = known, there[identifier].number
        elif place is not None and there:
            continue
        found.append(Stale(identifier, day, slots, number, place, identifier in there))
    return tuple(found)


def findings(stale: Iterable[Stale]) -> tuple[Finding, ...]:
    """The same, for a report."""
    return tuple(Finding("backup.stale", each.sentence, ADVICE, Level.WARNING) for each in stale)


def note(work: Work, generation: Generation, chosen: Path) -> None:
    """A backup was made: where, to find it again should an access be removed."""
    assert generation.manifest is not None
    value = json.dumps({"place": str(chosen), "number": generation.number}, ensure_ascii=False)
    work.session.merge(Setting(name=_PLACE + generation.manifest.id, value=value))


def drop(work: Work, identifiers: Iterable[str]) -> None:
    """Older backups went when a newer one was there."""
    for each in identifiers:
        _end(work, each, "backup.dropped")


def destroyed(work: Work, identifier: str) -> None:
    """Somebody says that a backup does not exist any more.

    Raises:
        Fault: `backup.not_stale`.
    """
    if identifier not in _opened(work.session):
        raise Fault("backup.not_stale", "Cette sauvegarde n’est pas, ou n’est plus, dans la liste des périmées.")
    _end(work, identifier, "backup.destroyed")


def _end(work: Work, identifier: str, action: str) -> None:
    kept = work.session.get(Setting, _PLACE + identifier)
    if kept is not None:
        work.session.delete(kept)
    work.record(action, identifier)


def _opened(session: Session) -> dict[str, tuple[dt.date, tuple[str, ...]]]:
    """The day of each backup that is not known to be gone, and the accesses of that day that were removed since."""
    wanted = ("slot.added", "slot.removed", _MADE, *_ENDED)
    lines = session.execute(
        select(JournalLine.n, JournalLine.utc, JournalLine.action, JournalLine.object)
        .where(JournalLine.action.in_(wanted))
        .order_by(JournalLine.n)
    ).all()

    def at(action: str) -> dict[str, int]:
        return {line.object: line.n for line in lines if line.action == action}

    added, removed = at("slot.added"), at("slot.removed")
    ended = {line.object for line in lines if line.action in _ENDED}
    found = {}
    for line in lines:
        if line.action == _MADE and line.object not in ended:
            slots = tuple(slot for slot, gone in removed.items() if added.get(slot, 0) < line.n < gone)
            if slots:
                found[line.object] = (french_day(dt.datetime.fromisoformat(line.utc)), slots)
    return found


def _placed(session: Session, identifier: str) -> tuple[int | None, Path | None]:
    kept = session.get(Setting, _PLACE + identifier)
    if kept is None:
        return None, None
    value = json.loads(kept.value)
    return value["number"], Path(value["place"])


def _there(place: Path) -> dict[str, Generation]:
    """What lies in a folder now, by the id of its manifest."""
    try:
        found = generations.generations(place)
    except Fault:
        return {}
    return {each.manifest.id: each for each in found if each.manifest is not None}
