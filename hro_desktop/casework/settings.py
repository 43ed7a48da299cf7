# SPDX-License-Identifier: GPL-3.0-or-later
"""How the window behaves and looks, kept in the vault: when it locks is the vault's, how it looks is each access's own.

Nothing of it lies outside the vault: before unlocking the window looks as the desktop does.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

import attrs
from sqlalchemy.orm import Session

from hro_desktop.records.settings import Setting
from hro_desktop.vault.work import Work

__all__ = ["LOCK_DELAYS", "TEXT_SIZES", "Settings", "read", "save"]

LOCK_DELAYS: Final = (60, 120, 240, 600, 1200, 1800)
"""Seconds without a key or the mouse after which the vault locks. There is no « never »."""
TEXT_SIZES: Final = (80, 90, 100, 110, 125, 150, 175, 200)
"""Size of the text in percent."""
SCHEMES: Final = ("system", "light", "dark")
_LOCK: Final = "lock_after"

_KNOWN: Final[Mapping[str, tuple[object, ...]]] = {
    "lock_after": LOCK_DELAYS,
    "text_percent": TEXT_SIZES,
    "scheme": SCHEMES,
}

SchemeName = Literal["system", "light", "dark"]


@attrs.frozen(kw_only=True)
class Settings:
    """What one access prefers, and after how long its vault locks."""

    lock_after: int = attrs.field(default=240, validator=attrs.validators.in_(LOCK_DELAYS))
    text_percent: int = attrs.field(default=100, validator=attrs.validators.in_(TEXT_SIZES))
    scheme: SchemeName = attrs.field(default="system", validator=attrs.validators.in_(SCHEMES))


def read(session: Session, slot_id: str) -> Settings:
    """The settings of one access; what another version wrote and this one does not know is left aside."""
    made: dict[str, Any] = {}
    for name, kept in (("lock_after", _LOCK), ("text_percent", f"text.{slot_id}"), ("scheme", f"scheme.{slot_id}")):
        setting = session.get(Setting, kept)
        if setting is not None:
            value = int(setting.value) if setting.value.isdecimal() else setting.value
            if value in _KNOWN[name]:
                made[name] = value
    return Settings(**made)


def save(work: Work, settings: Settings) -> None:
    """Keep the settings of the access that opened the vault; the journal says when the delay of locking changed."""
    before = read(work.session, work.actor)
    for name, value in (
        (_LOCK, str(settings.lock_after)),
        (f"text.{work.actor}", str(settings.text_percent)),
        (f"scheme.{work.actor}", settings.scheme),
    ):
        work.session.merge(Setting(name=name, value=value))
    if before.lock_after != settings.lock_after:
        work.record("setting.changed", _LOCK)
