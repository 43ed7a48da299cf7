# SPDX-License-Identifier: GPL-3.0-or-later
"""A vault of an older format opens with all it held, and its base still refuses what it refused."""

import datetime as dt
import uuid

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from hro_desktop.records.agenda import ContactNote
from hro_desktop.records.departures import Departure, DepartureFile
from hro_desktop.records.documents import Document
from hro_desktop.records.evidence import Evidence
from hro_desktop.records.incidents import Incident, Involvement
from hro_desktop.records.statements import StatementVersion
from hro_desktop.search import keeping
from hro_desktop.vault import journal, migrate
from hro_desktop.vault.database import BASE, Database
from hro_desktop.vault.migrations import REVISIONS
from hro_desktop.vault.triggers import TRIGGERS
from hro_desktop.vault.vault import Vault

AT = dt.datetime(2026, 11, 23, 21, 5, tzinfo=dt.UTC)
FIRST = "0001"
PERSON, REFERRAL, EVIDENCE, STATEMENT, VERSION, INCIDENT, INVOLVEMENT = (
    uuid.UUID(int=7 << 76 | 2 << 62 | n) for n in range(1, 8)
)
DEPARTURE, PAPER = (uuid.UUID(int=7 << 76 | 2 << 62 | n) for n in (8, 9))
WORDS = "J’ai dormi chez mon cousin, près du pont."


def at_format(folder, key, vault_id, revision=FIRST, more=None):
    """A base as an older release made it, with people, a sealed statement, a referral, a piece and a journal."""
    database = Database.open(folder / BASE, key, fresh=True)
    config = Config()
    config.set_main_option("script_location", migrate.SCRIPTS)
    with database.writer.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        _fill(connection)
        if more is not None:
            more(connection)
        head = journal.head(connection, vault_id)
        for number in range(5):
            head = journal.append(
                connection, head, at=AT, actor="essai", action="evidence.deposited", object_id=str(number)
            )
        found = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
    database.close()
    assert ("outing" in found) == (revision >= "0004")
    assert revision != FIRST or "departure" not in found
    return head


def _fill(connection):
    meta = sa.MetaData()
    meta.reflect(connection)
    stored = uuid.UUID(int=99)
    common = {"version": 1, "created_at": AT.replace(tzinfo=None), "updated_at": AT.replace(tzinfo=None)}
    rows = {
        "person": {"id": PERSON, "pseudonym": "P-2026-0001", "given_names": "Younès"},
        "referral": {"id": REFERRAL, "reference": "S-2026-0001", "procedure": "plainte_procureur", "authority": "x"},
        "stored_object": {
            "id": stored,
            "name": "a" * 40,
            "private_key": b"k" * 32,
            "sha256": "b" * 64,
            "size": 3,
            "created_at": common["created_at"],
        },
        "evidence": {
            "id": EVIDENCE,
            "object_id": stored,
            "kind": "photo",
            "title": "Tente",
            "derivation": "floutage à la main",
            "deposited_at": common["created_at"],
        },
        "incident": {"id": INCIDENT, "kind": "violences"},
        "involvement": {
            "id": INVOLVEMENT,
            "incident_id": INCIDENT,
            "person_id": PERSON,
            "role": "plaignant",
            "harm": "physique",
        },
        "statement": {"id": STATEMENT, "reference": "T-2026-0001", "kind": "recit", "author_id": PERSON},
        "statement_version": {
            "id": VERSION,
            "statement_id": STATEMENT,
            "number": 1,
            "french_text": WORDS,
            "sealed_at": common["created_at"],
            "sha256": "c" * 64,
        },
    }
    if "departure" in meta.tables:  # what left with the release before outings
        rows["departure"] = {"id": DEPARTURE, "referral_id": REFERRAL, "recipient": "essai", "sha256": "d" * 64}
        rows["departure"]["left_at"] = common["created_at"]
        rows["document"] = {"id": PAPER, "incident_id": INCIDENT, "object_id": stored, "role": "letter"}
        rows["document"] |= {"made_at": common["created_at"], "frozen_at": common["created_at"]}
    _insert(connection, meta, rows, common)


def _insert(connection, meta, rows, common):
    """Rows of a schema that no record describes any more; what a column must hold and nobody gave is nothing."""
    for name, given in rows.items():
        table = meta.tables[name]
        row = {key.name: given.get(key.name, common.get(key.name)) for key in table.columns}
        for column in table.columns:
            if row[column.name] is None and not column.nullable:
                row[column.name] = {"JSON": []}.get(type(column.type).__name__, "" if _is_text(column) else 0)
        plain = {key: value.hex if isinstance(value, uuid.UUID) else value for key, value in row.items()}
        connection.execute(table.insert().values(plain))


def _is_text(column):
    return isinstance(column.type, sa.String)


def made_older(made, revision, more=None):
    """A closed vault of an older format, with the header and the keys of a present one."""
    with Vault.open(made.folder, made.passphrase) as vault:
        key, vault_id = vault.keys.base(), vault.vault_id
    for path in (made.folder / "base").iterdir():
        if path.is_file():
            path.unlink()
    return made, at_format(made.folder, key, vault_id, revision, more)


@pytest.fixture
def older(made):
    return made_older(made, FIRST)


def test_it_opens_with_all_it_held(older):
    made, head = older
    with Vault.open(made.folder, made.passphrase) as vault:
        assert migrate.revision(vault.database) == REVISIONS[-1] != FIRST
        with vault.read() as session:
            piece = session.scalars(select(Evidence)).one()
            assert (piece.id, piece.title, piece.derivation) == (EVIDENCE, "Tente", "floutage à la main")
            assert (piece.derivation_kind, piece.nobody_appears) == ("", False)
            version = session.scalars(select(StatementVersion)).one()
            assert (version.french_text, version.sha256) == (WORDS, "c" * 64)
            assert journal.contains(session, head, vault.vault_id)
            lines = list(journal.extract(session))
            assert [line["action"] for line in lines[5:]] == ["vault.migrated", "vault.opened"]
            assert journal.verify(session, vault.vault_id)[1] == ()
            assert session.scalars(select(Departure)).all() == []
            assert (keeping.lacking(session), keeping.mend(session, write=False)) == (0, 0)
            found = session.execute(text("SELECT count(*) FROM search_words WHERE search_words MATCH 'pont OR younes'"))
            assert found.scalar_one() == 3  # the person, the account, the facts the person has a part in
    assert len(list((made.folder / "base" / "copies").glob(f"hro-{FIRST}-*.db"))) == 1


def test_its_base_is_that_of_a_new_vault(older):
    made, _ = older
    with Vault.open(made.folder, made.passphrase) as vault, vault.database.writer.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        assert {name: sql for name, sql in rows} == TRIGGERS
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE departure SET recipient = 'autre'",
        "DELETE FROM departure",
        "INSERT OR REPLACE INTO departure SELECT * FROM departure",
        "UPDATE document SET role = 'autre'",
    ],
)
def test_what_left_before_there_were_outings_is_kept_as_it_was(made, statement):
    """The tables were made anew for outings: neither their rows nor what the base refuses got lost."""
    made_older(made, "0003")
    with Vault.open(made.folder, made.passphrase) as vault:
        with vault.work() as work, pytest.raises(IntegrityError):
            work.session.execute(text(statement))
        with vault.read() as session:
            left = session.get_one(Departure, DEPARTURE)
            assert (left.referral_id, left.recipient, left.outing_id) == (REFERRAL, "essai", None)
            paper = session.get_one(Document, PAPER)
            assert (paper.incident_id, paper.role, paper.outing_id) == (INCIDENT, "letter", None)
            assert session.get_one(Incident, INCIDENT).remarks == ""


def test_a_person_of_an_older_vault_may_have_suffered_twice_in_one_role(older):
    made, _ = older
    with Vault.open(made.folder, made.passphrase) as vault:
        with vault.work() as work:
            work.session.add(Involvement(incident_id=INCIDENT, person_id=PERSON, role="plaignant", harm="biens_pris"))
            work.commit()
        with vault.read() as session:
            found = session.scalars(select(Involvement).order_by(Involvement.created_at)).all()
            assert [(each.role, each.harm) for each in found] == [
                ("plaignant", "physique"),
                ("plaignant", "biens_pris"),
            ]


@pytest.mark.parametrize(
    ("noted", "reached", "found"),
    [
        (None, True, [("2026-10-12", "autre", True)]),
        ("2026-10-01", True, [("2026-10-01", "whatsapp", True), ("2026-10-12", "autre", True)]),
        ("2026-10-12", True, [("2026-10-12", "whatsapp", True)]),
        ("2026-11-02", True, [("2026-11-02", "whatsapp", True)]),
        ("2026-11-02", False, [("2026-10-12", "autre", True), ("2026-11-02", "whatsapp", False)]),
    ],
)
def test_the_last_contact_of_a_case_becomes_a_note_unless_one_is_later(made, noted, reached, found):
    case = uuid.UUID(int=7 << 76 | 2 << 62 | 20)

    def more(connection):
        at = {"version": 1, "created_at": AT.replace(tzinfo=None), "updated_at": AT.replace(tzinfo=None)}
        meta = sa.MetaData()
        meta.reflect(connection)
        row = {"id": case.hex, "reference": "D-2026-0001", "person_id": PERSON.hex, "note": "", **at}
        row["contacted_on"] = dt.date(2026, 10, 12)
        connection.execute(meta.tables["case"].insert().values(row))
        if noted:
            row = {"id": uuid.UUID(int=21).hex, "person_id": PERSON.hex, "means": "whatsapp", "words": "", **at}
            row |= {"contacted_on": dt.date.fromisoformat(noted), "reached": reached}
            connection.execute(meta.tables["contact_note"].insert().values(row))

    made_older(made, "0006", more)
    with Vault.open(made.folder, made.passphrase) as vault, vault.read() as session:
        notes = session.scalars(select(ContactNote).order_by(ContactNote.contacted_on)).all()
        assert [(each.contacted_on.isoformat(), each.means, each.reached) for each in notes] == found
        assert {each.case_id for each in notes if each.means == "autre"} <= {case}
        assert all(each.person_id == PERSON and each.id.version in {7, None} for each in notes)
        assert (keeping.lacking(session), keeping.mend(session, write=False)) == (0, 0)
        last = max(day for day, _, answered in found if answered)
        assert session.execute(text("SELECT contacted_on FROM search_case")).scalar_one() == last


def left(vault):
    with vault.work() as work:
        entry = Departure(
            referral_id=REFERRAL,
            recipient="essai",
            left_at=AT,
            sha256="d" * 64,
            files=[DepartureFile(name="01.pdf", sha256="e" * 64, size=1)],
        )
        work.session.add(entry)
        work.session.flush()
        work.record("departure.recorded", entry.id)
        work.commit()
        return entry.id


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE departure SET recipient = 'autre'",
        "DELETE FROM departure_file",
        "DELETE FROM departure",
        "UPDATE departure_file SET name = 'autre'",
        "INSERT OR REPLACE INTO departure_file SELECT * FROM departure_file",
        "INSERT OR REPLACE INTO departure SELECT * FROM departure",
        "UPDATE statement_version SET french_text = ''",
        "DELETE FROM journal_line WHERE n = 1",
        "UPDATE journal_line SET actor = 'autre'",
    ],
)
def test_what_the_base_refuses_it_still_refuses(older, statement):
    made, _ = older
    with Vault.open(made.folder, made.passphrase) as vault:
        left(vault)
        with vault.work() as work, pytest.raises(IntegrityError):
            work.session.execute(text(statement))
        with vault.read() as session:
            assert session.scalars(select(Departure.recipient)).all() == ["essai"]
            assert session.scalars(select(DepartureFile.name)).all() == ["01.pdf"]
        with vault.work() as work:  # the control: the same base takes another departure
            work.session.add(Departure(statement_id=STATEMENT, recipient="essai", left_at=AT, sha256="d" * 64))
            work.commit()


@pytest.mark.parametrize(
    "wrong",
    [
        {"referral_id": None},
        {"statement_id": STATEMENT},
        {"recipient": ""},
        {"sha256": "court"},
    ],
)
def test_a_departure_has_one_subject_a_recipient_and_a_hash(older, wrong):
    made, _ = older
    with Vault.open(made.folder, made.passphrase) as vault, vault.work() as work:
        good = {"referral_id": REFERRAL, "recipient": "essai", "left_at": AT, "sha256": "d" * 64}
        work.session.add(Departure(**{**good, **wrong}))
        with pytest.raises(IntegrityError):
            work.session.flush()
