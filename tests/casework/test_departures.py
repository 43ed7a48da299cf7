# SPDX-License-Identifier: GPL-3.0-or-later
"""The ledger says what left, to whom, under which agreement, and nobody can make it say anything else."""

import datetime as dt

import attrs
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hro_desktop.casework import departures, documents, sealing
from hro_desktop.casework.departures import Concerned, Entry, File, record
from hro_desktop.casework.desk import Desk
from hro_desktop.records.base import new_id
from hro_desktop.records.consents import Consent
from hro_desktop.records.departures import Departure
from hro_desktop.records.documents import Document
from hro_desktop.records.evidence import Evidence, EvidencePerson
from hro_desktop.records.exceptions import ConsentException
from hro_desktop.records.journal import JournalLine, JournalSalt
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.records.statements import Statement
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.vault import journal

DAY = dt.date(2026, 10, 16)
LETTER = File(name="01-plainte.pdf", sha256="a" * 64, size=1234, media_type="application/pdf")


def person(session: Session, name: str) -> Person:
    return session.scalars(select(Person).where(Person.birth_name == name)).one()


def referral(session: Session) -> Referral:
    return session.scalars(select(Referral)).one()


@pytest.fixture
def entry(desk: Desk) -> Entry:
    """The complaint with one photo, of Younès under his agreement and of somebody masked."""
    with desk.read() as session:
        younes = person(session, "Ishag")
        agreed = departures.agreement(session, younes.id, "plainte", "procureur", DAY)
        assert agreed is not None
        photo = session.scalars(select(Evidence).join(EvidencePerson).where(Evidence.kind == "photo")).first()
        assert photo is not None
        return Entry(
            subject=("referral", referral(session).id),
            files=[
                LETTER,
                File(
                    name="03-pieces.pdf",
                    sha256=photo.stored.sha256,
                    size=photo.stored.size,
                    evidence_id=photo.id,
                    exhibit_number=7,
                ),
            ],
            people=[
                Concerned(role="plaignant", person_id=younes.id, consent_id=agreed.id),
                Concerned(role="tiers", described="un homme en veste rouge", clearance="masked"),
            ],
            authority="procureur_boulogne",
            channel="lrar",
            profile="papier",
        )


def test_it_is_written_with_its_journal_line_or_not_at_all(desk: Desk, entry: Entry) -> None:
    with desk.vault.work() as work:
        record(work, entry)  # never committed
    with desk.read() as session:
        assert session.scalars(select(Departure)).all() == []
        before = journal.head(session, desk.vault.vault_id).n
    done = desk.run(record, entry).value
    with desk.read() as session:
        kept = session.get_one(Departure, done)
        assert (kept.authority, kept.channel, kept.profile, kept.draft) == (
            "procureur_boulogne",
            "lrar",
            "papier",
            False,
        )
        assert abs(kept.left_at - kept.created_at) < dt.timedelta(seconds=30)
        assert kept.left_at.tzinfo == dt.UTC
        assert [(each.name, each.size, each.exhibit_number) for each in kept.files] == [
            ("01-plainte.pdf", 1234, None),
            ("03-pieces.pdf", kept.files[1].size, 7),
        ]
        assert [(each.role, each.ground) for each in kept.people] == [
            ("plaignant", "accord donné le 14\u00a0octobre 2026, écrit\u00a0: plainte (procureur de la République)"),
            ("tiers", "masquée"),
        ]
        line = session.get_one(JournalLine, before + 1)
        assert (line.action, line.object) == ("departure.recorded", str(done))
        salt = session.get_one(JournalSalt, line.n).salt
        assert line.commitment == journal.commitment(salt, kept.sha256)


def test_who_opened_the_vault_is_the_actor(desk: Desk, entry: Entry) -> None:
    with desk.read() as session:
        mahaut = session.scalars(select(Volunteer)).one()
        assert mahaut.slot_id == ""
    unknown = desk.run(record, entry).value
    with desk.vault.work() as work:
        work.session.get_one(Volunteer, mahaut.id).slot_id = work.actor
        work.commit()
    known = desk.run(record, entry).value
    with desk.read() as session:
        assert session.get_one(Departure, unknown).volunteer_id is None
        assert session.get_one(Departure, unknown).actor == desk.vault.slot_id
        assert session.get_one(Departure, known).volunteer_id == mahaut.id


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"files": ()}, "departure.no_file"),
        ({"authority": "", "recipient": "  "}, "departure.nobody"),
        ({"authority": "le_roi"}, "departure.authority"),
        ({"channel": "pigeon"}, "departure.channel"),
        ({"profile": "autre chose"}, "departure.profile"),
        ({"people": [Concerned(role="ami", described="x")]}, "departure.role"),
        ({"people": [Concerned(role="tiers", described="x", clearance="oui")]}, "departure.clearance"),
    ],
)
def test_what_is_not_a_departure_is_refused(desk: Desk, entry: Entry, change: dict[str, object], code: str) -> None:
    with pytest.raises(ValueError, match=code):
        desk.run(record, attrs.evolve(entry, **change))
    with desk.read() as session:
        assert session.scalars(select(Departure)).all() == []
    desk.run(record, entry)  # the control


def test_nobody_leaves_under_the_agreement_of_somebody_else(desk: Desk, entry: Entry) -> None:
    with desk.read() as session:
        selam = person(session, "Habte").id
    borrowed = attrs.evolve(entry.people[0], person_id=selam)
    with pytest.raises(ValueError, match=r"departure\.consent"):
        desk.run(record, attrs.evolve(entry, people=[borrowed]))


def test_what_left_is_told_to_whoever_withdraws(desk: Desk, entry: Entry) -> None:
    desk.run(record, entry)
    with desk.read() as session:
        younes, selam = person(session, "Ishag").id, person(session, "Habte").id
        agreed = departures.agreement(session, younes, "plainte", "procureur", DAY)
    assert agreed is not None
    with desk.vault.work() as work:  # withdrawn afterwards: what it was that day stays said
        consent = work.session.get_one(Consent, agreed.id)
        consent.state, consent.withdrawn_on = "retire", dt.date(2026, 11, 1)
        work.commit()
    with desk.read() as session:
        (gone,) = departures.of_person(session, younes)
        assert departures.of_person(session, selam) == ()
        assert departures.agreement(session, younes, "plainte", "procureur", dt.date(2026, 11, 2)) is None
        (listed,) = departures.of_referral(session, referral(session).id)
    assert listed.id == gone.departure_id
    assert "Boulogne-sur-Mer" in gone.to
    assert (gone.files, gone.exhibits, gone.role, gone.named) == (
        ("01-plainte.pdf", "03-pieces.pdf"),
        (7,),
        "plaignant",
        True,
    )
    assert gone.ground.startswith("accord donné le 14\u00a0octobre 2026")
    assert gone.sentence.startswith("Le ")
    assert "2 fichiers, pièce n°\u00a07" in gone.sentence
    assert "lettre recommandée" in gone.sentence


def test_an_exhibit_tells_of_whoever_appears_in_it(desk: Desk) -> None:
    """Nobody wrote the name of Camille in the entry, and the scan that left is hers."""
    with desk.read() as session:
        camille = person(session, "Vasseur").id
        scan = session.scalars(select(Evidence).join(EvidencePerson).where(EvidencePerson.person_id == camille)).first()
        assert scan is not None
        mine = session.scalars(select(Statement).where(Statement.author_id == camille)).one()
        entry = Entry(
            subject=("referral", referral(session).id),
            files=[File(name="03-pieces.pdf", sha256="b" * 64, size=1, evidence_id=scan.id, exhibit_number=3)],
            authority="procureur_boulogne",
        )
        own = Entry(subject=("statement", mine.id), files=[LETTER], recipient="la personne, pour signature")
        assert departures.of_person(session, camille) == ()
    desk.run(record, entry)
    desk.run(record, own)
    with desk.read() as session:
        first, second = departures.of_person(session, camille)
    assert (first.named, first.role, first.ground, first.exhibits) == (False, "tiers", "aucun accord enregistré", (3,))
    assert second.to == "la personne, pour signature"


@pytest.mark.usefixtures("qapp")
def test_papers_of_a_statement_tell_of_its_author_in_any_departure(desk: Desk) -> None:
    pack = documents.make_attestation(desk, "T-2026-0003")
    kept = sealing.keep(desk, pack, lambda _work, ids: ids)
    with desk.read() as session:
        author = session.scalars(select(Statement).where(Statement.reference == "T-2026-0003")).one().author_id
        subject = referral(session).id
        assert session.get_one(Document, kept[0]).statement_id is not None
    file = File(name="04-attestation.pdf", sha256="b" * 64, size=1, document_id=kept[0])
    desk.run(record, Entry(subject=("referral", subject), files=[file], recipient="Me D., avocate", draft=True))
    with desk.read() as session:
        (gone,) = departures.of_person(session, author)
    assert gone.draft
    assert "en brouillon" in gone.sentence


def test_an_exception_is_a_ground_and_the_incident_of_image_letters_a_subject(desk: Desk, entry: Entry) -> None:
    with desk.vault.work() as work:
        incident = referral(work.session).incidents[0].incident_id
        noted = ConsentException(
            described="une femme filmée de loin",
            body="ddd",
            referral_id=referral(work.session).id,
            code="non_identifie",
            reason="personne ne la connaît",
            decided_on=DAY,
        )
        work.session.add(noted)
        work.session.flush()
        work.commit()
        exception = noted.id
    concerned = Concerned(role="tiers", described="une femme filmée de loin", exception_id=exception)
    done = desk.run(
        record, Entry(subject=("incident", incident), files=[LETTER], authority="ddd", people=[concerned])
    ).value
    with desk.read() as session:
        assert session.get_one(Departure, done).people[0].ground == (
            "exception notée le 16\u00a0octobre 2026\u00a0: personne qui n’est pas identifiée"
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE departure SET authority = 'igpn'",
        "UPDATE departure_person SET ground = 'autre'",
        "DELETE FROM departure_person",
        "DELETE FROM departure_file",
        "DELETE FROM departure",
        "INSERT OR REPLACE INTO departure_person SELECT * FROM departure_person",
    ],
)
def test_nothing_changes_what_was_written(desk: Desk, entry: Entry, statement: str) -> None:
    desk.run(record, entry)
    with desk.vault.work() as work, pytest.raises(IntegrityError):
        work.session.execute(text(statement))


def test_what_is_slipped_in_later_is_seen(desk: Desk, entry: Entry) -> None:
    done = desk.run(record, entry).value
    with desk.read() as session:
        assert departures.altered(session) == ()
        columns = "departure_id, position, sha256, size, media_type, version, created_at, updated_at"
    slip = (
        f"INSERT INTO departure_file (id, name, {columns}) SELECT :id, 'autre', {columns} FROM departure_file LIMIT 1"
    )
    with desk.vault.work() as work:
        work.session.execute(text(slip), {"id": new_id().hex})
        work.commit()
    with desk.read() as session:
        assert departures.altered(session) == (done,)
