# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of backup and restoration share: everything a vault holds, and changes drawn by lot."""

import random
from pathlib import Path

from sqlalchemy import select

from hro_desktop.records.objects import StoredObject
from hro_desktop.records.sites import Site
from hro_desktop.vault import header
from hro_desktop.vault.database import BASE, connect
from hro_desktop.vault.vault import Vault
from tests.vault.support import deposit


def everything(folder: Path, key: str) -> dict[str, object]:
    """Every row of every table, every object byte for byte, and the file of the accesses."""
    connection = connect(folder / BASE, key)
    try:
        tables = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            if not name.startswith("sqlite_")
        ]
        rows = {name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"'))) for name in tables}
    finally:
        connection.close()
    objects = {path.stem: path.read_bytes() for path in (folder / "objets").glob("??/*.age")}
    return {**rows, "objets": objects, "accès": (folder / header.NAME).read_bytes()}


def change(vault: Vault, draw: random.Random) -> None:
    """Anything somebody may do."""
    match draw.randrange(5):
        case 0 | 1:
            deposit(vault, draw.randbytes(draw.choice([0, 1, 65_536, 200_001])))
        case 2:
            with vault.work() as work:
                site = Site(name=f"Lieu {draw.random()} \u2014 ፍርድ")
                work.session.add(site)
                work.session.flush()
                work.record("site.created", site.id)
                work.commit()
        case 3:
            with vault.work() as work:
                for site in work.session.scalars(select(Site).limit(2)):
                    site.name += " bis"
                work.record("site.changed")
                work.commit()
        case 4:
            with vault.work() as work:
                row = work.session.scalars(select(StoredObject).limit(1)).first()
                if row is not None:
                    name = row.name
                    work.session.delete(row)
                    work.record("object.erased")
                    work.commit()
                    vault.objects.path(name).unlink()


def objects_in(place: Path) -> set[str]:
    """Names of the objects in a folder of backups."""
    return {path.stem for path in (place / "objets").glob("??/*.age")}


def flip(path: Path, at: int = -5) -> None:
    """One bit, as a tired stick does it."""
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
