# SPDX-License-Identifier: GPL-3.0-or-later
"""The search says what the records say, whatever was done to them, and keeps nothing of what was erased."""

import datetime as dt
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text, update

from hro_desktop.casework.desk import Desk
from hro_desktop.records.agenda import ContactNote
from hro_desktop.records.base import utc_now
from hro_desktop.records.cases import Case, CaseGroup
from hro_desktop.records.directory import Organisation
from hro_desktop.records.evidence import Evidence, EvidencePerson
from hro_desktop.records.incidents import Assertion, Incident, Involvement
from hro_desktop.records.objects import StoredObject
from hro_desktop.records.people import Address, ContactPoint, Person, PersonLanguage, PersonName
from hro_desktop.records.referrals import Referral, ReferralAccused, ReferralIncident, ReferralParty
from hro_desktop.records.sites import Site, SiteName
from hro_desktop.records.statements import Statement, StatementVersion
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.search import keeping
from hro_desktop.search.cases import minor_until
from hro_desktop.search.tables import CASE, ITEM, WORDS
from hro_desktop.vault.work import Work

PARTS: dict[type[Any], tuple[str, ...]] = {
    Person: ("given_names", "birth_name", "original_name", "profession"),
    PersonName: ("text",),
    ContactPoint: ("value", "note"),
    Address: ("town",),
    Case: ("note",),
    CaseGroup: ("name",),
    Incident: ("title", "place", "note"),
    Site: ("name",),
    SiteName: ("text",),
    Assertion: ("value", "detail"),
    Involvement: ("harm_note",),
    StatementVersion: ("french_text", "original_text"),
    Referral: ("account", "place"),
    ReferralParty: ("body_reference",),
    ReferralAccused: ("known_as",),
    Evidence: ("title", "note"),
    EvidencePerson: ("described",),
    Organisation: ("name", "phone", "town"),
}
WORDS_TYPED = ("Yonas", "Tesfay", "محمد", "Nour", "06 12 34 56 78", "1234567", "AB-123-CD", "Calais", "", "la tente")
DELETED = (
    PersonName,
    ContactPoint,
    Involvement,
    Assertion,
    SiteName,
    ReferralParty,
    ReferralIncident,
    StatementVersion,
)
ERASED = (ReferralAccused, EvidencePerson, Evidence, Organisation, PersonLanguage, Address)
MOVED = ((Involvement, "person_id", Person), (Case, "group_id", CaseGroup), (Incident, "site_id", Site),
         (Statement, "author_id", Person), (ReferralParty, "case_id", Case), (PersonName, "person_id", Person),
         (Case, "person_id", Person), (Assertion, "incident_id", Incident))  # fmt: skip


def _some(work: Work, number: int) -> None:
    """A person with a case, facts, an account, a referral and an item."""
    session = work.session

    def add(record: Any) -> Any:
        session.add(record)
        session.flush()
        return record.id

    person = add(Person(pseudonym=f"P-2026-{number:04}", given_names=f"Yonas {number}", birth="2009~"))
    session.add_all((
        PersonName(person_id=person, text="Joni"),
        PersonLanguage(person_id=person, language="ti"),
        ContactPoint(person_id=person, kind="telephone", value="0698765432"),
        Address(person_id=person, kind="domicile", town="Calais"),
    ))  # fmt: skip
    group = add(CaseGroup(name=f"Groupe {number}"))
    case = add(Case(reference=f"D-2026-{number:04}", person_id=person, group_id=group))
    site = add(Site(name="La dune", names=[SiteName(text="Le pont")]))
    incident = add(Incident(reference=f"F-2026-{number:04}", kind="expulsion", occurred="2026-10", site_id=site))
    session.add_all((
        Involvement(incident_id=incident, person_id=person, role="plaignant"),
        Assertion(incident_id=incident, kind="rio", value="1234567"),
    ))  # fmt: skip
    told = add(Statement(reference=f"T-2026-{number:04}", kind="recit", author_id=person))
    session.add(StatementVersion(statement_id=told, number=1, french_text="la tente bleue"))
    referral = add(
        Referral(reference=f"S-2026-{number:04}", procedure="plainte_procureur", authority="procureur_boulogne")
    )
    session.add_all((
        ReferralParty(referral_id=referral, case_id=case, status="deposee"),
        ReferralIncident(referral_id=referral, incident_id=incident),
        ReferralAccused(referral_id=referral, person_id=person, known_as="le grand"),
    ))  # fmt: skip
    stored = StoredObject(name=f"{number:040}", private_key=bytes(32), sha256="0" * 64, size=0)
    stored_id = add(stored)
    item = add(Evidence(object_id=stored_id, kind="photo", title="Tente lacérée", deposited_at=utc_now()))
    session.add(EvidencePerson(evidence_id=item, appears="visible", described="homme en bleu"))
    session.add(Organisation(kind="association", name=f"Ateliers {number}"))


def _fill(work: Work) -> None:
    for number in range(1, 4):
        _some(work, number)


def _one(work: Work, record: type[Any], place: int) -> Any:
    key = record.__table__.primary_key.columns.values()[0]
    every = work.session.scalars(select(record).order_by(key)).all()
    return every[place % len(every)] if every else None


def _write(work: Work, record: type[Any], attribute: str, place: int, words: str) -> None:
    if found := _one(work, record, place):
        setattr(found, attribute, words)


def _remove(work: Work, record: type[Any], place: int) -> None:
    if found := _one(work, record, place):
        work.session.delete(found)


def _orphan(work: Work, place: int) -> None:
    if found := _one(work, Incident, place):
        found.involvements, found.assertions = [], found.assertions[1:]


def _move(work: Work, what: tuple[type[Any], str, type[Any]], place: int, other: int) -> None:
    record, attribute, owner = what
    found, to = _one(work, record, place), _one(work, owner, other)
    if found is None or to is None:
        return
    if record is ReferralParty and any(
        party.case_id == to.id for party in work.session.get_one(Referral, found.referral_id).parties
    ):
        return
    setattr(found, attribute, to.id)


def _reach(work: Work, place: int, status: str) -> None:
    if found := _one(work, ReferralParty, place):
        found.status = status


def _reached(work: Work, place: int, reached: bool) -> None:
    if found := _one(work, Person, place):
        on = dt.date(2026, 11, 1 + place)
        work.session.add(ContactNote(person_id=found.id, contacted_on=on, means="whatsapp", reached=reached))


def _close(work: Work, place: int, day: dt.date | None) -> None:
    found = _one(work, Case, place)
    found.closed_on = day


PLACES = st.integers(0, 4)
WRITTEN = [(record, name) for record, names in PARTS.items() for name in names]
EDITS = st.one_of(
    st.sampled_from(WRITTEN).flatmap(
        lambda part: st.tuples(st.just(_write), *map(st.just, part), PLACES, st.sampled_from(WORDS_TYPED))
    ),
    st.tuples(st.just(_remove), st.sampled_from((*DELETED, *ERASED)), PLACES),
    st.tuples(st.just(_orphan), PLACES),
    st.tuples(st.just(_move), st.sampled_from(MOVED), PLACES, PLACES),
    st.tuples(st.just(_reach), PLACES, st.sampled_from(("prete", "classee"))),
    st.tuples(st.just(_reached), PLACES, st.booleans()),
    st.tuples(st.just(_close), PLACES, st.sampled_from((None, dt.date(2026, 11, 2)))),
)


def _wrong(desk: Desk) -> int:
    with desk.read() as session:
        assert keeping.lacking(session) == 0
        return keeping.mend(session, write=False)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(units=st.lists(st.lists(EDITS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_after_any_edits_it_is_what_it_would_be_made_anew(empty: Desk, units: list[list[tuple[Any, ...]]]) -> None:
    with empty.read() as session:
        fresh = session.scalars(select(Person.id)).first() is None
    if fresh:
        empty.run(_fill)
        assert _wrong(empty) == 0

    def edit(work: Work, each: list[tuple[Any, ...]]) -> None:
        for action, *rest in each:
            action(work, *rest)
            work.session.flush()

    for each in units:
        empty.run(edit, each)
        assert _wrong(empty) == 0


def test_statements_of_many_rows_are_followed(empty: Desk) -> None:
    empty.run(lambda work: work.session.execute(
        insert(Person),
        [{"id": uuid.uuid4(), "version": 1, "pseudonym": f"P-2026-{n:04}", "given_names": "Nour"} for n in range(5)],
    ))  # fmt: skip
    assert _wrong(empty) == 0
    empty.run(lambda work: work.session.execute(update(Person).values(given_names="Karim")))
    assert _wrong(empty) == 0
    empty.run(lambda work: work.session.execute(delete(Person).where(Person.pseudonym > "P-2026-0002")))
    assert _wrong(empty) == 0
    with empty.read() as session:
        assert len(session.scalars(select(ITEM.c.place)).all()) == 3


def test_what_another_program_did_is_seen_and_mended(empty: Desk) -> None:
    empty.run(_fill)

    def behind(work: Work) -> None:
        work.session.execute(text("UPDATE person SET given_names = 'Karim' WHERE pseudonym = 'P-2026-0001'"))
        work.session.execute(text("DELETE FROM search_words WHERE rowid = (SELECT min(place) FROM search_item)"))
        work.session.execute(text("DELETE FROM search_case WHERE reference = 'D-2026-0002'"))
        work.session.execute(text("DELETE FROM search_item WHERE place = (SELECT max(place) FROM search_item)"))

    empty.run(behind)
    with empty.read() as session:
        assert keeping.lacking(session) == 4
        assert keeping.mend(session, write=False) > 3
    empty.run(lambda work: keeping.mend(work.session))
    assert _wrong(empty) == 0


def test_a_record_that_says_nothing_new_is_not_written_again(empty: Desk) -> None:
    empty.run(_fill)
    with empty.vault.database.raw() as connection:
        before = connection.execute("SELECT count(*), sum(length(block)) FROM search_words_data").fetchall()
    empty.run(lambda work: setattr(_one(work, Person, 0), "sex", "f"))
    with empty.vault.database.raw() as connection:
        assert connection.execute("SELECT count(*), sum(length(block)) FROM search_words_data").fetchall() == before


def test_the_words_of_what_was_erased_are_gone_from_the_base(empty: Desk) -> None:
    """Not only from the answers: FTS5 keeps erased words until some later merge unless it is told otherwise."""
    empty.run(_fill)
    empty.run(lambda work: setattr(_one(work, Organisation, 0), "name", "Zorglubien"))

    def pages() -> bytes:
        with empty.vault.database.raw() as connection:
            blocks = connection.execute("SELECT block FROM search_words_data").fetchall()
            rows = connection.execute("SELECT c0 || c1 || c2 || c3 FROM search_words_content").fetchall()
        return b"".join(block for (block,) in blocks) + "".join(row for (row,) in rows).encode()

    assert b"zorglubien" in pages()
    empty.run(lambda work: work.session.delete(_one(work, Organisation, 0)))
    assert b"zorglub" not in pages()
    with empty.vault.database.raw() as connection:
        connection.execute("INSERT INTO search_words (search_words) VALUES ('integrity-check')")


def test_a_vault_made_by_another_rule_is_read_anew_when_it_opens(empty: Desk) -> None:
    empty.run(_fill)

    def older(work: Work) -> None:
        work.session.execute(text("UPDATE search_state SET stamp = '0'"))
        work.session.execute(text("DELETE FROM search_words"))

    empty.run(older)
    folder = empty.vault.folder
    empty.vault.close()
    from hro_desktop import bootstrap
    from hro_desktop.demo import run

    with bootstrap.open_desk(folder, run.PASSPHRASE) as again:
        assert _wrong(again) == 0
        with again.read() as session:
            assert not keeping.outdated(session)
            assert len(session.execute(select(WORDS.c.rowid)).all()) == 21


def test_the_line_of_a_case(empty: Desk) -> None:
    empty.run(_fill)
    empty.run(lambda work: work.session.add(Volunteer(name="Bénévole")))
    with empty.read() as session:
        line = session.execute(select(CASE).order_by(CASE.c.reference)).mappings().first()
        incident = session.scalars(select(Incident.id).order_by(Incident.reference)).first()
    assert line is not None
    assert dict(line) | {"case_id": None} == {
        "case_id": None,
        "reference": "D-2026-0001",
        "pseudonym": "P-2026-0001",
        "closed": False,
        "incident_id": incident,
        "facts_on": "2026-10",
        "contacted_on": "",
        "minor_until": minor_until("2009~", None),
        "language": "ti",
        "in_charge_id": None,
        "states": " plainte_procureur:deposee ",
    }


@pytest.mark.parametrize(
    ("birth", "declared", "until"),
    [
        ("", None, ""),
        ("", True, "9999-12-31"),
        ("", False, ""),
        ("2010-05-04", None, "2028-05-04"),
        ("2008-02-29", None, "2026-03-01"),
        ("?", None, "9999-12-31"),
        ("?", False, ""),
    ],
)
def test_until_when_somebody_may_be_a_minor(birth: str, declared: bool | None, until: str) -> None:
    assert minor_until(birth, declared) == until


@given(
    st.dates(dt.date(1990, 1, 1), dt.date(2015, 12, 31)),
    st.sampled_from(("{:%Y}", "{:%Y}~", "{:%Y-%m}", "{:%Y-%m-%d}", "{:%Y-%m-%d}~")),
    st.sampled_from((None, True, False)),
    st.dates(dt.date(2016, 1, 1), dt.date(2035, 1, 1)),
)
def test_the_day_agrees_with_the_rule_of_the_casework(
    born: dt.date, form: str, declared: bool | None, on: dt.date
) -> None:
    from hro_desktop.casework.facts import may_be_minor

    person = Person(birth=form.format(born), declared_minor=declared)
    assert (minor_until(person.birth, declared) > on.isoformat()) == may_be_minor(person, on)
