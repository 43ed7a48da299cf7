# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures of the vault, each beside a named peer in the same run.

python scripts/bench_vault.py            # whole sizes: about a minute, 3 GB of disk
python scripts/bench_vault.py --small    # a hundredth of them, to see that it works
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import select

from hro_desktop.records.base import utc_now
from hro_desktop.records.objects import StoredObject
from hro_desktop.records.sites import Site
from hro_desktop.vault import checks
from hro_desktop.vault.files import let_go
from hro_desktop.vault.keys import KdfParams
from hro_desktop.vault.lockfile import Lock
from hro_desktop.vault.unlock import unlock
from hro_desktop.vault.vault import Vault

FILES = 128
SIZE = 8 * 1024 * 1024
ROWS = 100_000
PAGE = 50
AT_ONCE = 2
ROUNDS = 4
PASSPHRASE = "mesures"  # noqa: S105 - of a vault that lives a minute


def timed(action: Callable[[], Any]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _sources(folder: Path, count: int, size: int) -> list[Path]:
    folder.mkdir()
    draw = random.Random(1)  # noqa: S311 - the same bytes each time
    paths = [folder / f"{number:03}.bin" for number in range(count)]
    for path in paths:
        path.write_bytes(draw.randbytes(size))
    return paths


def _copy(paths: list[Path], target: Path) -> None:
    """What a careful user would do: `cp`, then fsync of each file, two at a time."""
    target.mkdir()

    def one(path: Path) -> None:
        copy = target / path.name
        subprocess.run(["cp", path, copy], check=True)
        subprocess.run(["sync", copy, target], check=True)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, paths))


def _ingest(vault: Vault, paths: list[Path]) -> None:
    """As the casework does: each file encrypted and in place, then one unit of work for all."""

    def one(path: Path) -> Any:  # noqa: ANN401 - a Staged
        with path.open("rb", buffering=0) as source:
            staged = vault.objects.stage(source)
        vault.objects.publish(staged)
        return staged

    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = list(pool.map(one, paths))
    with vault.work() as work:
        for staged in done:
            row = StoredObject(name=staged.name, private_key=staged.private_key, sha256=staged.sha256, size=staged.size)
            work.session.add(row)
            work.session.flush()
            work.record("evidence.deposited", row.id, staged.sha256)
        work.commit()


def _bench_ingest(folder: Path, vault: Vault, share: int) -> list[dict[str, Any]]:
    paths = _sources(folder / "sources", max(4, FILES // share), SIZE)
    total = sum(path.stat().st_size for path in paths) / 1e6
    contestants = [
        ("ingest", lambda _: _ingest(vault, paths)),
        ("cp", lambda target: _copy(paths, target)),
    ]
    times: dict[str, list[float]] = {name: [] for name, _ in contestants}
    for number in range(ROUNDS):
        # In turn first and second: a disk that was idle takes the first gigabyte faster than the next ones.
        for name, action in contestants[:: 1 - 2 * (number % 2)]:
            os.sync()
            target = folder / f"{name}{number}"
            # What was copied stays, as what was deposited does: memory given back would be faster to fill again.
            times[name].append(timed(lambda action=action, target=target: action(target)))
    best = {name: statistics.median(values) for name, values in times.items()}
    verified = timed(lambda: checks.verify(vault))
    read = total * ROUNDS
    return [
        {
            "name": f"dépôt de {total:.0f} Mo en {len(paths)} fichiers, deux à la fois",
            "value": round(best["ingest"], 3),
            "unit": "s",
            "peer": "cp puis fsync, deux à la fois",
            "peer_value": round(best["cp"], 3),
            "ratio": round(best["cp"] / best["ingest"], 2),
            "aim": ">= 0.8",
        },
        {
            "name": f"vérification de {read:.0f} Mo (pièces, journal, base)",
            "value": round(read / verified),
            "unit": "Mo/s",
            "peer": "hashlib.sha256, deux fils",
            "peer_value": round(_hash_speed(paths)),
            "ratio": round(read / verified / _hash_speed(paths), 2),
            "aim": ">= 1000 Mo/s",
        },
    ]


def _hash_speed(paths: list[Path]) -> float:
    import hashlib

    def one(path: Path) -> int:
        with path.open("rb") as file:
            let_go(file.fileno())  # from the disk, as a verification
            hashlib.file_digest(file, "sha256")
            let_go(file.fileno())
        return path.stat().st_size

    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        total = sum(pool.map(one, paths))
    return total / 1e6 / (time.perf_counter() - started)


def opened(folder: Path) -> dict[str, Any]:
    """Everything of opening but the derivation of the key, until the first answer of the base."""
    times, peers = [], []
    for _ in range(5):
        unlocked = unlock(folder, PASSPHRASE)
        started = time.perf_counter()
        lock = Lock.take(folder, utc_now())
        vault = Vault.start(folder, unlocked, lock)
        with vault.read() as session:
            session.scalars(select(Site.id).limit(1)).all()
        times.append(time.perf_counter() - started)
        key = vault.keys.base()
        vault.close()
        peers.append(timed(lambda key=key: _bare_open(folder, key)))
    value, peer = statistics.median(times), statistics.median(peers)
    return {
        "name": "ouverture sans la dérivation de la clé",
        "value": round(value * 1000, 1),
        "unit": "ms",
        "peer": "connexion SQLCipher nue et une requête",
        "peer_value": round(peer * 1000, 1),
        "ratio": round(peer / value, 2),
        "aim": "",
    }


def _bare_open(folder: Path, key: str) -> None:
    import sqlcipher3

    connection = sqlcipher3.connect(folder / "base" / "hro.db")
    connection.execute(f"PRAGMA key=\"x'{key}'\"")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    connection.close()


def run(share: int = 1) -> list[dict[str, Any]]:
    """All measures; `share` divides the sizes."""
    # /var/tmp, not /tmp: the latter is often memory, where an fsync costs nothing.
    place = os.environ.get("BENCH_DIR") or ("/var/tmp" if os.name == "posix" else None)  # noqa: S108
    with tempfile.TemporaryDirectory(dir=place) as name:
        folder = Path(name)
        vault = Vault.create(folder / "coffre", PASSPHRASE, kdf=KdfParams.fast(), practice=True).vault
        with vault:
            results = _bench_ingest(folder, vault, share)
        return [*results, opened(folder / "coffre")]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true")
    print(json.dumps(run(100 if parser.parse_args().small else 1), indent=1, ensure_ascii=False))
