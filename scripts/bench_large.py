# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening a large vault: 10,000 cases, 100,000 items of evidence and their files, 500,000 lines of the journal.

python scripts/bench_large.py          # whole: some minutes, most of them to make the vault
python scripts/bench_large.py 100      # a hundredth of it, to see that it works
"""

import datetime as dt
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import bench_search
import bench_vault
from sqlalchemy import insert

from hro_desktop.records.base import new_id
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.objects import StoredObject
from hro_desktop.vault import journal
from hro_desktop.vault.keys import KdfParams
from hro_desktop.vault.vault import Vault

CASES, ITEMS, LINES = 10_000, 100_000, 500_000
AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def _items(vault: Vault, count: int) -> None:
    """Rows and files: each file is empty, for opening reads none."""
    objects, items = [], []
    for n in range(count):
        name = f"{n:040x}"[::-1]
        objects.append(
            {"id": new_id(), "name": name, "private_key": bytes(32), "sha256": f"{n:064x}", "size": 1, "created_at": AT}
        )
        items.append(
            {
                "id": new_id(),
                "version": 1,
                "object_id": objects[-1]["id"],
                "kind": "photo",
                "title": f"Photo {n}",
                "deposited_at": AT,
            }
        )
        place = vault.folder / "objets" / name[:2]
        place.mkdir(exist_ok=True)
        (place / f"{name}.age").touch()
    with vault.work() as work:
        work.session.execute(insert(StoredObject), objects)
        work.session.execute(insert(Evidence), items)
        work.commit()


def _lines(vault: Vault, count: int) -> None:
    """A chain that holds, written by the journal itself."""
    with vault.work() as work:
        last = journal.head(work.session, vault.vault_id)
        connection = work.session.connection()
        for n in range(count):
            last = journal.append(
                connection, last, at=AT, actor=vault.slot_id, action="evidence.seen", object_id=f"{n:032x}"
            )
        work.commit()


def run(share: int = 1) -> list[dict[str, Any]]:
    """Opening, and following the journal; `share` divides the sizes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "coffre"
        with Vault.create(folder, bench_vault.PASSPHRASE, kdf=KdfParams.fast(), practice=True).vault as vault:
            bench_search.fill(vault, CASES // share)
            _items(vault, ITEMS // share)
            _lines(vault, LINES // share)
            vault.database.checkpoint()
        opened = bench_vault.opened(folder)
        with Vault.open(folder, bench_vault.PASSPHRASE) as vault, vault.read() as session:
            took = bench_vault.timed(lambda: journal.verify(session, vault.vault_id))
    size = f"{CASES // share} dossiers, {ITEMS // share} pièces, {LINES // share} lignes de journal"
    chain = {"name": "journal suivi ligne à ligne", "value": round(took, 2), "unit": "s", "aim": "<= 10 s"}
    return [{**opened, "name": f"ouverture d’un coffre de {size}", "aim": "<= 1000 ms"}, chain]


if __name__ == "__main__":
    for row in run(int(sys.argv[1]) if sys.argv[1:] else 1):
        print(json.dumps(row, ensure_ascii=False))
