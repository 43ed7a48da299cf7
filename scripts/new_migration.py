# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the next step of the vault's format from the difference between the records and the present steps.

    python scripts/new_migration.py 0001 "First format"            # makes versions/0001_first_format.py
    python scripts/new_migration.py 0001 "First format" --replace  # makes it anew, before it was ever released

Triggers that the base does not have yet are written too. Read the result before committing it, and add the revision to
`REVISIONS` in `hro_desktop/vault/migrations/__init__.py`.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

import hro_desktop.records  # noqa: F401 - all tables
from hro_desktop.records.base import Base
from hro_desktop.vault.database import Database
from hro_desktop.vault.migrate import SCRIPTS
from hro_desktop.vault.triggers import TRIGGERS

VERSIONS = Path(__file__).resolve().parents[1] / "hro_desktop" / "vault" / "migrations" / "versions"


def new_migration(revision: str, message: str, *, replace: bool = False) -> Path:
    """Make the file of one step; returns its path."""
    if replace:
        for old in VERSIONS.glob(f"{revision}_*.py"):
            old.unlink()
    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["metadata"] = Base.metadata
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(Path(folder) / "hro.db", "0" * 64, fresh=True)
        with database.writer.connect() as connection, connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            present = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars())
            script = command.revision(config, message, autogenerate=True, rev_id=revision)
        database.close()
    path = Path(script.path)  # type: ignore[union-attr, arg-type]
    _tidy(path, [statement for name, statement in TRIGGERS.items() if name not in present])
    return path


def _tidy(path: Path, triggers: list[str]) -> None:
    text = re.sub(r"\n\s*# ### .*", "", path.read_text(encoding="utf-8"))
    for statement in triggers:
        text += "    op.execute(\n        " + "\n        ".join(_pieces(statement)) + "\n    )\n"
    path.write_text(text, encoding="utf-8")
    ruff = Path(sys.executable).with_name("ruff")
    subprocess.run([ruff, "format", "--quiet", path], check=True)
    subprocess.run([ruff, "check", "--quiet", "--fix", path], check=True)


def _pieces(statement: str) -> list[str]:
    """A statement as adjacent strings of a readable length."""
    pieces = re.findall(r".{1,90}(?:\s|$)", statement)
    return [f'"{piece}"' for piece in pieces]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("revision")
    parser.add_argument("message")
    parser.add_argument("--replace", action="store_true", help="remove the file of that revision first")
    options = parser.parse_args()
    print(new_migration(options.revision, options.message, replace=options.replace))
