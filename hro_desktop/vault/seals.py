# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys that sealed the backups made before the key of the vault was changed, kept in the base.

A seal key is derived from the key of the vault and gives none of it away. Whoever held the old key can still make such
seals, and may be the one who was removed: they are believed only for what the journal already had that day, and never
in the place of reading something again.
"""

import hmac
import json
from collections.abc import Sequence
from typing import Final

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from hro_desktop.records.settings import Setting
from hro_desktop.vault import generations, journal
from hro_desktop.vault.generations import Generation
from hro_desktop.vault.keys import Keys
from hro_desktop.vault.work import Work

__all__ = ["Seal", "former", "is_ours", "keep", "made_by"]

PREFIX: Final = "seal.former."


@attrs.frozen(repr=False)
class Seal:
    """One that is not made any more.

    Args:
        key: of the MAC, 32 bytes.
        last: the number of the last journal line that could stand in what it sealed.
    """

    key: bytes
    last: int


def keep(work: Work, keys: Keys) -> None:
    """Before the key is changed: keep what tells the backups made so far."""
    last = journal.head(work.session, work.vault_id).n
    value = json.dumps({"key": keys.header().hex(), "last": last})
    work.session.add(Setting(name=f"{PREFIX}{last}", value=value))


def former(session: Session) -> tuple[Seal, ...]:
    """Those of all former keys."""
    rows = session.scalars(select(Setting.value).where(Setting.name.startswith(PREFIX)))
    kept = [json.loads(each) for each in rows]
    return tuple(Seal(bytes.fromhex(each["key"]), each["last"]) for each in kept)


def made_by(generation: Generation, seals: Sequence[Seal]) -> bool:
    """Whether a backup was sealed under a former key, while it was in use."""
    manifest = generation.manifest
    return manifest is not None and any(
        manifest.head.n <= seal.last and hmac.compare_digest(generations.mac_under(manifest, seal.key), generation.mac)
        for seal in seals
    )


def is_ours(generation: Generation, keys: Keys, seals: Sequence[Seal]) -> bool:
    """Whether the vault made a backup, under its present key or a former one."""
    return generation.is_authentic(keys) or made_by(generation, seals)
