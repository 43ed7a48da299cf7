# SPDX-License-Identifier: GPL-3.0-or-later
"""What can still be read of a damaged base is taken over, what cannot is named, and the damaged vault does not change.

The control each time is the base itself: SQLCipher refuses the very file the rows were read from.
"""

import random
import shutil

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import select

from hro_desktop.faults import ExitCode, Fault
from hro_desktop.records.journal import JournalLine
from hro_desktop.records.people import Person
from hro_desktop.records.sites import Site
from hro_desktop.vault import btree, checks, header, pages, salvage
from hro_desktop.vault.database import BASE, PAGE, connect
from hro_desktop.vault.unlock import unlock
from hro_desktop.vault.vault import Vault
from tests.vault.support import attempt, deposit, snapshot, start
from tests.vault.test_checks import forged
from tests.vault.test_older_vaults import at_format

CONTENT = bytes(range(256)) * 300
SITES = 600
LONG = "Un terrain le long de la voie ferrée, derrière les entrepôts. " * 200


@pytest.fixture
def stocked(made):
    """A closed vault of several hundred records, some longer than a page, and a few objects."""
    with Vault.open(made.folder, made.passphrase) as vault:
        with vault.work() as work:
            names = (f"Lieu {n} {LONG if n % 50 == 0 else ''}" for n in range(SITES))
            work.session.add_all(Site(name=name, latitude=50.9 + n / 7e4) for n, name in enumerate(names))
            work.commit()
        staged = [deposit(vault, CONTENT + bytes([n])) for n in range(4)]
    return made, staged


def key_of(made):
    return unlock(made.folder, made.passphrase).keys.base()


def table(folder, made, name="site"):
    """Every row of a table, as the driver gives it."""
    connection = connect(folder / BASE, key_of(made), consultation=True)
    try:
        return set(connection.execute(f'SELECT * FROM "{name}"').fetchall())
    finally:
        connection.close()


def damage(folder, numbers, draw=None):
    """Flip one bit of each of these pages."""
    draw = draw or random.Random(5)
    path = folder / BASE
    content = bytearray(path.read_bytes())
    for number in numbers:
        content[(number - 1) * PAGE + draw.randrange(PAGE)] ^= 1 << draw.randrange(8)
    path.write_bytes(content)


def roots(made):
    read = pages.read_pages(made.folder / BASE, key_of(made))
    return read, {name: root for _, name, _, root in btree.schema(read)[0] if root}


def leaves_of(made, name):
    read, known = roots(made)
    return btree.tree(read, known[name]).leaves


def codes(report):
    return [finding.code for finding in report.findings]


def refused_by_sqlite(folder, made, name="site"):
    """The control: the rows cannot be had from the file in the usual way."""
    with pytest.raises(sqlcipher.DatabaseError):
        table(folder, made, name)


def test_a_sound_vault_is_taken_over_whole(stocked, tmp_path):
    made, staged = stocked
    before = snapshot(made.folder)
    report = salvage.salvage(made.folder, tmp_path / "neuf", made.passphrase)
    assert (report.sound, report.findings) == (True, ())
    assert dict(report.checked)["Objets repris"] == len(staged)
    assert snapshot(made.folder) == before
    for name in ("site", "stored_object", "setting", "journal_salt"):
        assert table(tmp_path / "neuf", made, name) == table(made.folder, made, name)
    assert table(made.folder, made, "journal_line") < table(tmp_path / "neuf", made, "journal_line")
    with Vault.open(tmp_path / "neuf", made.paper_code) as vault:
        assert checks.verify(vault).findings == ()
        assert vault.objects.open(staged[1].name, staged[1].private_key).read() == CONTENT + b"\x01"
    assert checks.diagnose(tmp_path / "neuf").findings == ()


def test_a_damaged_page_costs_its_own_rows_and_no_other(stocked, tmp_path):
    made, _ = stocked
    whole, leaves = table(made.folder, made), leaves_of(made, "site")
    read = pages.read_pages(made.folder / BASE, key_of(made))
    held = sum(1 for _ in btree.leaf_rows(read, leaves[3]))
    damage(made.folder, [leaves[3]])
    refused_by_sqlite(made.folder, made)
    before = snapshot(made.folder)
    report = salvage.salvage(made.folder, tmp_path / "neuf", made.passphrase)
    assert codes(report) == ["salvage.pages", "salvage.rows"]
    assert f"{held}\u00a0fiche(s) perdues sur {SITES}" in report.findings[1].sentence
    saved = table(tmp_path / "neuf", made)
    assert saved < whole
    assert len(saved) == SITES - held
    assert snapshot(made.folder) == before
    with Vault.open(tmp_path / "neuf", made.passphrase) as vault:
        assert checks.verify(vault).sound


def test_the_first_page_lost(stocked, tmp_path):
    made, _ = stocked
    whole = table(made.folder, made)
    damage(made.folder, [1])
    refused_by_sqlite(made.folder, made)
    assert attempt(lambda: Vault.open(made.folder, made.passphrase))[1].code == "base.damaged"
    report = salvage.salvage(made.folder, tmp_path / "neuf", made.passphrase)
    assert codes(report) == ["salvage.pages"]
    assert table(tmp_path / "neuf", made) == whole


def test_a_byte_of_the_salt_which_opens_every_page(stocked, tmp_path):
    made, _ = stocked
    whole, path = table(made.folder, made), made.folder / BASE
    content = bytearray(path.read_bytes())
    content[7] ^= 0x5A
    path.write_bytes(content)
    refused_by_sqlite(made.folder, made)
    assert salvage.salvage(made.folder, tmp_path / "neuf", made.passphrase).findings == ()
    assert table(tmp_path / "neuf", made) == whole


def test_the_page_that_leads_to_all_rows_of_a_table(stocked, tmp_path):
    """Its pages are found again by what they look like."""
    made, _ = stocked
    whole, (_, known) = table(made.folder, made), roots(made)
    damage(made.folder, [known["site"]])
    refused_by_sqlite(made.folder, made)
    report = salvage.salvage(made.folder, tmp_path / "neuf", made.passphrase)
    assert codes(report) == ["salvage.pages"]
    assert table(tmp_path / "neuf", made) == whole


def test_nobody_guesses_between_two_tables_of_the_same_shape(stocked, tmp_path):
    """Both have lost the page that leads to their rows: they are said to be lost, not put into one another."""
    made, _ = stocked
    both = ("evidence_case", "evidence_incident")
    with Vault.open(made.folder, made.passphrase) as vault, vault.database.raw() as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        for table_, letter in zip(both, "ab", strict=True):
            links = [(f"{n:031x}{letter}", f"{n:032x}") for n in range(300)]
            connection.executemany(f"INSERT INTO {table_} VALUES (?, ?)", links)
    originals = {name: table(made.folder, made, name) for name in both}
    _, known = roots(made)
    damage(made.folder, [known[both[0]]])
    salvage.salvage(made.folder, tmp_path / "un", made.passphrase)
    assert table(tmp_path / "un", made, both[0]) == originals[both[0]]  # the control: one alone is found again
    damage(made.folder, [known[both[1]]])
    report = salvage.salvage(made.folder, tmp_path / "deux", made.passphrase)
    lost = [each.sentence for each in report.findings if each.code == "salvage.rows"]
    assert len(lost) == 2
    assert all("300\u00a0fiche(s) perdues sur 300" in each for each in lost)
    assert [table(tmp_path / "deux", made, name) for name in both] == [set(), set()]


def test_a_page_of_another_day_put_back(stocked, tmp_path):
    """It proves itself, and says again what another page says: each record is there once, and it is said."""
    made, _ = stocked
    number = leaves_of(made, "site")[4]
    start_, path = (number - 1) * PAGE, made.folder / BASE
    old = path.read_bytes()[start_ : start_ + PAGE]
    with Vault.open(made.folder, made.passphrase) as vault, vault.database.raw() as connection:
        read = pages.read_pages(path, vault.keys.base())
        moved = [row[0] for row in btree.leaf_rows(read, number)][:2]
        connection.execute("CREATE TEMP TABLE kept AS SELECT * FROM site WHERE rowid IN (?, ?)", moved)
        connection.execute("DELETE FROM site WHERE rowid IN (?, ?)", moved)
        connection.execute("INSERT INTO site SELECT * FROM kept")
    whole = table(made.folder, made)
    content = bytearray(path.read_bytes())
    assert content[start_ : start_ + PAGE] != old
    content[start_ : start_ + PAGE] = old
    path.write_bytes(content)
    report = salvage.salvage(made.folder, tmp_path / "neuf", made.passphrase)
    assert codes(report) == ["salvage.doubles"]
    assert "2\u00a0fiche(s)" in report.findings[0].sentence
    assert table(tmp_path / "neuf", made) == whole


def test_an_object_that_another_one_replaced_is_lost(stocked, tmp_path):
    made, staged = stocked
    with Vault.open(made.folder, made.passphrase) as vault:
        vault.objects.path(staged[0].name).write_bytes(forged(vault, staged[0]))
    report = salvage.salvage(made.folder, tmp_path / "neuf", made.passphrase)
    assert codes(report) == ["salvage.object"]
    assert staged[0].name[:8] in report.findings[0].sentence


def test_a_gap_in_the_journal_stays_a_gap(stocked, tmp_path):
    made, _ = stocked
    with Vault.open(made.folder, made.passphrase) as vault, vault.work() as work:
        for _ in range(200):
            work.record("setting.changed", "essai")
        work.commit()
    damage(made.folder, [leaves_of(made, "journal_line")[1]])
    refused_by_sqlite(made.folder, made, "journal_line")
    report = salvage.salvage(made.folder, tmp_path / "neuf", made.passphrase)
    assert codes(report) == ["salvage.pages", "salvage.rows", "journal.broken"]
    with Vault.open(tmp_path / "neuf", made.passphrase) as vault:
        assert codes(checks.verify(vault)) == ["journal.broken"]
        with vault.work() as work:
            work.record("setting.changed", "essai")
            work.commit()


def test_lost_and_keyless_objects_are_told_apart(stocked, tmp_path):
    made, staged = stocked
    (only,) = leaves_of(made, "stored_object")
    with Vault.open(made.folder, made.passphrase) as vault:
        paths = [vault.objects.path(each.name) for each in staged]
    paths[0].unlink()
    paths[1].write_bytes(paths[1].read_bytes()[:-1])
    report = salvage.salvage(made.folder, tmp_path / "neuf", made.passphrase)
    assert codes(report) == ["salvage.object"] * 2
    assert {each.sentence[8:16] for each in report.findings} == {each.name[:8] for each in staged[:2]}
    assert dict(report.checked)["Objets repris"] == 2
    damage(made.folder, [only])
    report = salvage.salvage(made.folder, tmp_path / "sans-cle", made.passphrase)
    assert codes(report) == ["salvage.pages", "salvage.rows", "salvage.keyless"]
    copied = tmp_path / "sans-cle" / paths[2].relative_to(made.folder)
    assert copied.read_bytes() == paths[2].read_bytes()


UNCLOSED = """
import os, sys
from pathlib import Path
from hro_desktop.records.sites import Site
from hro_desktop.vault.vault import Vault

vault = Vault.open(Path(sys.argv[1]), sys.argv[2])
for n in range(20):
    with vault.work() as work:
        work.session.add(Site(name=f"Tard {n}"))
        work.commit()
os._exit(0)
"""


def test_what_waits_in_the_log_is_taken_over(stocked, tmp_path):
    made, _ = stocked
    start(UNCLOSED, made.folder, made.passphrase).communicate()
    log = made.folder / "base" / "hro.db-wal"
    assert log.stat().st_size > 0
    before = snapshot(made.folder)
    assert salvage.salvage(made.folder, tmp_path / "neuf", made.passphrase).sound
    assert len(table(tmp_path / "neuf", made)) == SITES + 20
    assert snapshot(made.folder) == before
    log.write_bytes(log.read_bytes()[:-2000])
    report = salvage.salvage(made.folder, tmp_path / "coupe", made.passphrase)
    assert "salvage.log" in codes(report)
    assert SITES <= len(table(tmp_path / "coupe", made)) < SITES + 20
    log.unlink()  # the control: without the log, none of them
    salvage.salvage(made.folder, tmp_path / "sans", made.passphrase)
    assert len(table(tmp_path / "sans", made)) == SITES


def test_a_base_cut_in_half(stocked, tmp_path):
    made, _ = stocked
    whole, path = table(made.folder, made), made.folder / BASE
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 - 100])
    report = salvage.salvage(made.folder, tmp_path / "neuf", made.passphrase)
    assert not report.sound
    assert table(tmp_path / "neuf", made) < whole


@pytest.mark.parametrize("seed", range(4))
def test_pages_drawn_at_random(stocked, tmp_path, seed):
    """Whatever is lost, every row that is taken over is one that was there, and the new vault opens."""
    made, _ = stocked
    draw = random.Random(seed)
    original = made.folder.with_name("intact")
    shutil.copytree(made.folder, original)
    count = (made.folder / BASE).stat().st_size // PAGE
    damage(made.folder, draw.sample(range(1, count + 1), (1, 4, 15, count // 3)[seed]), draw)
    report = salvage.salvage(made.folder, tmp_path / "neuf", made.passphrase)
    for name in ("site", "stored_object", "setting", "journal_salt"):
        assert table(tmp_path / "neuf", made, name) <= table(original, made, name)
    lost = sum(len(table(original, made, name) - table(tmp_path / "neuf", made, name)) for name in ("site",))
    assert (lost > 0) <= ("salvage.rows" in codes(report))
    Vault.open(tmp_path / "neuf", made.passphrase).close()


def test_nothing_to_read_leaves_nothing(stocked, tmp_path):
    made, _ = stocked
    path = made.folder / BASE
    path.write_bytes(random.Random(3).randbytes(path.stat().st_size))
    with pytest.raises(Fault) as caught:
        salvage.salvage(made.folder, tmp_path / "neuf", made.passphrase)
    assert (caught.value.code, caught.value.exit_code) == ("salvage.nothing", ExitCode.DAMAGED)
    assert not (tmp_path / "neuf").exists()


def test_stopped_on_the_way_nothing_is_left(stocked, tmp_path):
    made, _ = stocked
    before = snapshot(made.folder)

    def stop(_done, _total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        salvage.salvage(made.folder, tmp_path / "neuf", made.passphrase, stop)
    assert not (tmp_path / "neuf").exists()
    assert snapshot(made.folder) == before


def test_what_is_refused(stocked, tmp_path):
    made, _ = stocked
    (tmp_path / "plein").mkdir()
    (tmp_path / "plein" / "x").write_text("x")
    for target, secret, code in (
        (tmp_path / "plein", made.passphrase, "vault.not_empty"),
        (made.folder / "objets" / "neuf", made.passphrase, "salvage.inside"),
        (tmp_path / "neuf", "une autre phrase", "access.refused"),
    ):
        _, fault = attempt(lambda target=target, secret=secret: salvage.salvage(made.folder, target, secret))
        assert fault.code == code
    with Vault.open(made.folder, made.passphrase):
        _, fault = attempt(lambda: salvage.salvage(made.folder, tmp_path / "neuf", made.passphrase))
        assert fault.code == "vault.in_use"
    with Vault.open(made.folder, made.passphrase) as vault, vault.database.raw() as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    _, fault = attempt(lambda: salvage.salvage(made.folder, tmp_path / "neuf", made.passphrase))
    assert fault.code == "vault.newer"
    assert not (tmp_path / "neuf").exists()


def test_a_header_that_is_damaged_too(stocked, tmp_path):
    made, _ = stocked
    (made.folder / header.NAME).write_bytes(b"x")
    damage(made.folder, [1])
    assert salvage.salvage(made.folder, tmp_path / "neuf", made.passphrase).sound
    assert checks.diagnose(tmp_path / "neuf").findings == ()


def test_a_vault_of_an_older_format_is_saved_in_its_own_format_and_brought_up_when_opened(made, tmp_path):
    key = key_of(made)
    (made.folder / BASE).unlink()
    at_format(made.folder, key, header.read_copies(made.folder)[0].header.vault_id)
    damage(made.folder, [1])
    refused_by_sqlite(made.folder, made, "person")
    report = salvage.salvage(made.folder, tmp_path / "neuf", made.passphrase)
    assert codes(report) == ["salvage.pages", "salvage.object"]
    with Vault.open(tmp_path / "neuf", made.passphrase) as vault, vault.read() as session:
        assert [person.pseudonym for person in session.scalars(select(Person))] == ["P-2026-0001"]
        actions = list(session.scalars(select(JournalLine.action).order_by(JournalLine.n)))
    assert actions == [*["evidence.deposited"] * 5, "vault.salvaged", "vault.migrated", "vault.opened"]


def test_a_row_of_the_schema_that_cannot_be_read_costs_no_other_one(stocked):
    """A statement so long that its end is on another page: what it makes is still found when that page is lost."""
    made, _ = stocked
    with Vault.open(made.folder, made.passphrase) as vault, vault.database.raw() as connection:
        columns = ", ".join(f"colonne_{number:04} TEXT" for number in range(400))
        connection.execute(f"CREATE TABLE longue ({columns})")
    read, before = roots(made)
    assert "longue" in before
    (cut,) = [number for number in read.good if b"colonne_0399" in read.good[number]]
    lost = pages.Pages({n: page for n, page in read.good.items() if n != cut}, frozenset({cut}), log_cut=False)
    (row,) = [
        number for number in lost.good if None in list(btree.leaf_rows(lost, number)) and b"longue" in lost.good[number]
    ]
    found, where = btree.schema(lost)
    assert {name: root for _, name, _, root in found if root} == before
    assert row in where
    # one whose beginning is nonsense is left out, and the others stay
    page = bytearray(lost.good[row])
    at = page.index(b"longue") - 5
    page[at : at + 5] = b"tabla"
    lost.good[row] = bytes(page)
    assert {name for _, name, _, root in btree.schema(lost)[0] if root} == before.keys() - {"longue"}
