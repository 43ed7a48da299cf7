# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody who holds the key changes behind the program is contradicted by the journal, when all is read again."""

import io
import uuid

from sqlalchemy import delete, select, text

from hro_desktop.casework import commitments, statements, vault
from hro_desktop.casework.departures import Entry, File, record
from hro_desktop.casework.desk import Desk
from hro_desktop.records.base import new_id
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.journal import JournalLine, JournalSalt
from hro_desktop.records.objects import StoredObject
from hro_desktop.records.referrals import Referral
from hro_desktop.records.statements import Statement, StatementVersion
from hro_desktop.vault import checks
from hro_desktop.vault.triggers import TRIGGERS
from hro_desktop.vault.work import Work


def found(desk: Desk) -> list[str]:
    with desk.read() as session:
        return [each.code for each in commitments.findings(session)]


def behind(desk: Desk, *statements_: str) -> None:
    """What another program does with the key, its guards put aside and put back."""
    with desk.vault.database.raw() as connection:
        for name in TRIGGERS:
            connection.execute(f"DROP TRIGGER {name}")
        for each in statements_:
            connection.execute(each)
        for each in TRIGGERS.values():
            connection.execute(each)


def deposited(desk: Desk) -> tuple[int, str, str]:
    """Of one item of evidence: the line of its deposit, its id and that of its object."""
    with desk.read() as session:
        item = session.scalars(select(Evidence).limit(1)).one()
        line = session.scalars(
            select(JournalLine).where(JournalLine.action == "evidence.deposited", JournalLine.object == str(item.id))
        ).one()
        return line.n, item.id.hex, item.object_id.hex


def seal_one(work: Work) -> None:
    version = work.session.scalars(
        select(StatementVersion).where(StatementVersion.sealed_at.is_(None)).limit(1)
    ).first()
    if version is None:
        version = statements.current(work.session.scalars(select(Statement).limit(1)).one())
    assert version is not None
    if version.sealed_at is None:
        version.french_text = version.french_text or "Ce qui a été dit."
        statements.seal(work, version)


def test_a_vault_that_only_the_program_touched(desk: Desk) -> None:
    desk.run(seal_one)
    report = vault.verify(desk)
    assert [each.code for each in report.findings] == []


def test_a_replaced_item_agrees_with_its_row_and_not_with_the_journal(desk: Desk) -> None:
    n, _, object_id = deposited(desk)
    other = desk.vault.objects.stage(io.BytesIO(b"une autre image"))
    with desk.read() as session:
        row = session.get_one(StoredObject, uuid.UUID(object_id))
        place = desk.vault.objects.path(row.name)
    other.path.replace(place)
    behind(
        desk,
        f"UPDATE stored_object SET sha256 = '{other.sha256}', size = {other.size}, "
        f"private_key = x'{other.private_key.hex()}' WHERE id = '{object_id}'",
    )
    assert checks.verify(desk.vault).findings == ()  # the control: without the commitment nothing is seen
    report = vault.verify(desk)
    assert not report.sound
    said = [each.sentence for each in report.findings if each.code == "journal.contradicted"]
    assert len(said) == 1
    assert f"(ligne {n})" in said[0]


def test_what_was_erased_is_no_contradiction_and_a_salt_without_its_item_neither(desk: Desk) -> None:
    n, item, _ = deposited(desk)
    desk.run(lambda work: work.session.execute(delete(JournalSalt).where(JournalSalt.n == n)))
    assert found(desk) == ["journal.mute"]
    with desk.read() as session:
        tables = "SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE c.name = 'evidence_id'"
        linked = [name for (name,) in session.connection().exec_driver_sql(tables) if "departure" not in name]
    gone = [f"DELETE FROM {name} WHERE evidence_id = '{item}'" for name in linked]
    behind(
        desk, "PRAGMA foreign_keys=OFF", *gone, f"DELETE FROM evidence WHERE id = '{item}'", "PRAGMA foreign_keys=ON"
    )
    assert found(desk) == []


def test_what_is_slipped_into_the_ledger_or_a_sealed_version_is_seen(desk: Desk) -> None:
    with desk.read() as session:
        referral = session.scalars(select(Referral).limit(1)).one().id
    letter = File(name="01-plainte.pdf", sha256="a" * 64, size=1234, media_type="application/pdf")
    entry = Entry(
        subject=("referral", referral),
        files=[letter],
        people=[],
        channel="lrar",
        authority="procureur_boulogne",
        draft=False,
    )
    done = desk.run(record, entry).value
    desk.run(seal_one)
    assert found(desk) == []
    columns = "departure_id, position, sha256, size, media_type, version, created_at, updated_at"
    behind(
        desk,
        f"INSERT INTO departure_file (id, name, {columns}) SELECT '{new_id().hex}', 'autre', {columns} "
        f"FROM departure_file WHERE departure_id = '{done.hex}' LIMIT 1",
    )
    assert found(desk) == ["departure.altered"]
    behind(desk, "UPDATE statement_version SET french_text = 'Rien.' WHERE sealed_at IS NOT NULL")
    assert found(desk) == ["departure.altered", "statement.altered"]
    behind(desk, "UPDATE departure SET sha256 = printf('%064d', 1)")
    assert found(desk) == ["journal.contradicted", "departure.altered", "statement.altered"]


def test_guards_that_were_put_aside_are_missed(desk: Desk) -> None:
    behind(desk)
    assert checks.verify(desk.vault).findings == ()
    with desk.vault.work() as work:
        work.session.execute(text("DROP TRIGGER departure_no_update"))
        work.session.execute(text("DROP TRIGGER journal_line_no_delete"))
        work.session.execute(
            text("CREATE TRIGGER journal_line_no_delete BEFORE DELETE ON journal_line BEGIN SELECT 1; END")
        )
        work.commit()
    (finding,) = checks.verify(desk.vault).findings
    assert finding.code == "base.unguarded"
    assert finding.sentence.startswith("2\u00a0")
