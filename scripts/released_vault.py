# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep a vault of the present format for the tests of every later release, which must open it.

    python scripts/released_vault.py            # writes tests/vault/released/<format of the base>.tar and .json

Run it once, with the last commit of a release, and never again for the same format: a vault made by a later program
proves nothing about the earlier one. What must be found in it is noted beside it, by the program that made it.
"""

import datetime as dt
import hashlib
import io
import json
import sys
import tarfile
import tempfile
import wave
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from PIL import Image
from sqlalchemy import select, text

from hro_desktop.casework import importing
from hro_desktop.casework.desk import Desk
from hro_desktop.records.objects import StoredObject
from hro_desktop.records.people import Person
from hro_desktop.records.statements import StatementVersion
from hro_desktop.search.tables import is_ours
from hro_desktop.vault import reserve
from hro_desktop.vault.database import BASE
from hro_desktop.vault.keys import FORMAT, KdfParams
from hro_desktop.vault.migrate import revision
from hro_desktop.vault.vault import Vault

HERE = Path(__file__).resolve().parents[1] / "tests" / "vault" / "released"
PASSPHRASE = "dune lampe ruban agrafe tasse lune"  # noqa: S105 - printed for everybody: nobody real is in there
AT = dt.datetime(2026, 11, 26, 9, 30, tzinfo=dt.UTC)
LARGEST = 1024 * 1024


def files() -> dict[str, bytes]:
    """Three small pieces: words, a picture, a sound."""
    picture, sound = io.BytesIO(), io.BytesIO()
    Image.linear_gradient("L").resize((48, 32)).save(picture, "PNG")
    with wave.open(sound, "wb") as track:
        track.setparams((1, 1, 8000, 0, "NONE", ""))
        track.writeframes(bytes(128 + n % 32 for n in range(4000)))
    words = "Je dormais dans ma tente. — ንጉሆ ብሰዓት ሸሞንተ።\n"
    return {"récit ዮናስ.txt": words.encode(), "photo.png": picture.getvalue(), "son.wav": sound.getvalue()}


def make(folder: Path, source: Path) -> dict[str, object]:
    """Make the vault and say what is in it."""
    (source / "dossier.toml").write_bytes((HERE / "dossier.toml").read_bytes())
    for name, content in files().items():
        (source / name).write_bytes(content)
    kdf = KdfParams.fast()
    created = Vault.create(folder, PASSPHRASE, kdf=kdf, clock=lambda: AT, reserve_size=reserve.BLOCK)
    with created.vault as vault:
        importing.import_folder(Desk(vault, lambda: AT), source)
        known = told(vault)
        key = vault.keys.base()
    compact(folder / BASE, key)
    return {"passphrase": PASSPHRASE, "paper": created.paper_code, **known}


def told(vault: Vault) -> dict[str, object]:
    """What a later program must find."""
    with vault.read() as session:
        names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        counts = {name: session.scalar(text(f'SELECT count(*) FROM "{name}"')) for name in sorted(names) if kept(name)}  # noqa: S608
        people = sorted(each.original_name for each in session.scalars(select(Person)))
        accounts = sorted(
            hashlib.sha256(each.french_text.encode()).hexdigest() for each in session.scalars(select(StatementVersion))
        )
        objects = {each.name: [each.sha256, each.size] for each in session.scalars(select(StoredObject))}
    return {
        "header": FORMAT,
        "base": revision(vault.database),
        "vault": vault.vault_id,
        "head": vault.head().as_json(),
        "rows": {name: count for name, count in counts.items() if count},
        "people": people,
        "accounts": accounts,
        "objects": objects,
    }


def kept(name: str) -> bool:
    """The search is made from the rest, and SQLite keeps its own account."""
    return not is_ours(name) and not name.startswith("sqlite_")


def compact(base: Path, key: str) -> None:
    """Without the pages that the making left free."""
    connection = sqlcipher.connect(base, isolation_level=None)
    connection.execute(f"PRAGMA key=\"x'{key}'\"")
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()


def pack(folder: Path) -> bytes:
    """The vault without its reserve, which it can do without; always in the same order, nobody's name in it."""
    (folder / reserve.NAME).unlink()
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            info = tarfile.TarInfo(path.relative_to(folder).as_posix())
            info.size, info.mode = path.stat().st_size, 0o600
            archive.addfile(info, io.BytesIO(path.read_bytes()))
    return out.getvalue()


def main() -> None:
    """Write both files, unless this format has its vault already."""
    with tempfile.TemporaryDirectory() as room:
        folder, source = Path(room, "coffre"), Path(room, "source")
        source.mkdir()
        known = make(folder, source)
        content = pack(folder)
    target = HERE / f"{known['base']}.tar"
    if target.exists():
        sys.exit(f"{target} is there: the vault of a format is made once")
    if len(content) > LARGEST:
        sys.exit(f"{len(content)} bytes: too large to be kept")
    target.write_bytes(content)
    target.with_suffix(".json").write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(target, len(content))


if __name__ == "__main__":
    main()
