# SPDX-License-Identifier: GPL-3.0-or-later
"""A vault of every format that was released, as its own program made it, opens in this one with all it held."""

import hashlib
import json
import tarfile
from pathlib import Path

import attrs
import pytest
from sqlalchemy import select, text

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.objects import StoredObject
from hro_desktop.records.people import Person
from hro_desktop.records.statements import StatementVersion
from hro_desktop.search import keeping
from hro_desktop.vault import checks, header, journal, migrate, reserve
from hro_desktop.vault import vault as vaults
from hro_desktop.vault.canonical import sha256
from hro_desktop.vault.keys import FORMAT
from hro_desktop.vault.migrations import REVISIONS
from hro_desktop.vault.vault import Vault
from tests.vault.support import ROOT, snapshot
from tests.vault.test_format_doc import program

__all__ = ["program"]

RELEASED = Path(__file__).with_name("released")
ARCHIVES = sorted(RELEASED.glob("*.tar"))
LARGEST = 1024 * 1024


@attrs.frozen
class Old:
    """A copy of a kept vault, and what its own program noted of it."""

    folder: Path
    known: dict


@pytest.fixture(params=ARCHIVES, ids=lambda path: path.stem)
def old(request, tmp_path):
    folder = tmp_path / "ancien"
    folder.mkdir(mode=0o700)
    with tarfile.open(request.param) as archive:
        archive.extractall(folder, filter="data")
    return Old(folder, json.loads(request.param.with_suffix(".json").read_text(encoding="utf-8")))


def rows(session, names):
    return {name: session.scalar(text(f'SELECT count(*) FROM "{name}"')) for name in names}


def test_kept_vaults_are_of_known_formats_and_none_is_large():
    assert ARCHIVES
    for path in ARCHIVES:
        assert path.stem in REVISIONS
        assert path.stat().st_size <= LARGEST


def test_the_page_names_the_present_format():
    page = (ROOT / "docs" / "vault-format.md").read_text(encoding="utf-8")
    assert f"porte le numéro du format de la base (`{REVISIONS[-1]}`)" in page


@pytest.mark.parametrize("secret", ["passphrase", "paper"])
def test_it_opens_with_all_it_held(old, secret):
    known = old.known
    assert not (old.folder / reserve.NAME).exists()
    with Vault.open(old.folder, known[secret]) as vault:
        assert migrate.revision(vault.database) == REVISIONS[-1]
        with vault.read() as session:
            head = journal.Head(**known["head"])
            assert journal.contains(session, head, known["vault"])
            since = [line["action"] for line in journal.extract(session) if line["n"] > head.n]
            # An access of the first header is given the form of the present one by whoever opens with it.
            assert since == [
                *["vault.migrated"] * (known["base"] != REVISIONS[-1]),
                "vault.opened",
                *["header.renewed"] * (known["header"] < FORMAT),
            ]
            expected = known["rows"] | {"journal_line": head.n + len(since)}
            assert rows(session, expected) == expected
            assert sorted(session.scalars(select(Person.original_name))) == known["people"]
            words = session.scalars(select(StatementVersion.french_text))
            assert sorted(hashlib.sha256(each.encode()).hexdigest() for each in words) == known["accounts"]
            stored = session.scalars(select(StoredObject)).all()
            assert (keeping.lacking(session), keeping.mend(session, write=False)) == (0, 0)
        assert {each.name: [each.sha256, each.size] for each in stored} == known["objects"]
        for each in stored:
            with vault.objects.open(each.name, each.private_key) as reader:
                assert reader.digest() == each.sha256
        report = checks.verify(vault)
        assert report.findings == (), report.lines()
        assert dict(report.checked)["Pièces relues"] == len(known["objects"])
    assert checks.diagnose(old.folder).findings == ()


def test_the_program_of_the_page_opens_it(old, program):
    ran, out = program(old.folder, old.known["paper"])
    assert ran.returncode == 0, ran.stderr
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir()}
    assert found == {name: digest for name, (digest, _) in old.known["objects"].items()}


def test_control_a_row_and_an_object_less_are_noticed(old):
    with Vault.open(old.folder, old.known["passphrase"]) as vault:
        name = sorted(old.known["objects"])[0]
        vault.objects.path(name).unlink()
        with vault.work() as work:
            work.session.execute(text("DELETE FROM exhibit WHERE rowid = (SELECT min(rowid) FROM exhibit)"))
            work.commit()
        with vault.read() as session:
            assert rows(session, old.known["rows"]) != old.known["rows"] | {"journal_line": old.known["head"]["n"] + 1}
        assert [finding.code for finding in checks.verify(vault).findings] == ["object.absent"]


def test_a_program_from_before_its_base_refuses_it_and_changes_nothing(old, monkeypatch):
    before = snapshot(old.folder)
    real = migrate.upgrade
    earlier = REVISIONS[: REVISIONS.index(old.known["base"])]
    monkeypatch.setattr(vaults.migrate, "upgrade", lambda *given, **more: real(*given, revisions=earlier, **more))
    refused(old, before)


def test_a_program_from_before_its_header_refuses_it_and_changes_nothing(old):
    for path in (old.folder / name for name in header.COPIES):
        content = json.loads(path.read_text(encoding="utf-8"))
        del content["sum"]
        content |= {"format": 99, "unheard": ["of"]}
        path.write_text(json.dumps(content | {"sum": sha256(content)}), encoding="utf-8")
    refused(old, snapshot(old.folder))
    assert "vault.newer" in {finding.code for finding in checks.diagnose(old.folder).findings}


def refused(old, before):
    with pytest.raises(Fault) as caught:
        Vault.open(old.folder, old.known["passphrase"])
    assert (caught.value.code, caught.value.exit_code) == ("vault.newer", ExitCode.VAULT)
    assert "installez la version récente" in caught.value.sentence
    assert "Rien n’a été changé" in caught.value.sentence
    after = snapshot(old.folder)
    assert {name: digest for name, digest in after.items() if not name.startswith("base/hro.db-")} == before
