# SPDX-License-Identifier: GPL-3.0-or-later
"""Which first-use hints each access has read and put away. Kept in the vault like the rest of how the window looks.

What another version wrote and this one does not know is left aside: a hint that comes back does no harm.
"""

import contextlib
import json
from typing import Any

from sqlalchemy.orm import Session

from hro_desktop.records.settings import Setting
from hro_desktop.vault.work import Work

__all__ = ["put_away", "seen", "show_again"]


def seen(session: Session, slot_id: str) -> frozenset[str]:
    """The hints an access has put away, by the names of their pages in the help."""
    setting = session.get(Setting, _name(slot_id))
    found: Any = None
    if setting is not None:
        with contextlib.suppress(ValueError, RecursionError):
            found = json.loads(setting.value)
    return frozenset(each for each in found if isinstance(each, str)) if isinstance(found, list) else frozenset()


def put_away(work: Work, hint: str) -> None:
    """The access that opened the vault has read a hint; the journal says nothing of it."""
    _keep(work, seen(work.session, work.actor) | {hint})


def show_again(work: Work) -> None:
    """It wants to see them all again."""
    _keep(work, frozenset())


def _keep(work: Work, hints: frozenset[str]) -> None:
    work.session.merge(Setting(name=_name(work.actor), value=json.dumps(sorted(hints))))


def _name(slot_id: str) -> str:
    return f"hints.{slot_id}"
