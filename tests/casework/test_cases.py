# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of cases: ids of all, rows of one page."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import event, select

from hro_desktop.casework import cases
from hro_desktop.casework.desk import Desk
from hro_desktop.records.agenda import ContactNote
from hro_desktop.records.cases import Case
from hro_desktop.records.incidents import Incident, Involvement
from hro_desktop.records.people import Person, PersonLanguage
from hro_desktop.records.referrals import Referral, ReferralParty
from hro_desktop.records.volunteers import Volunteer
from hro_desktop.vault.work import Work

COUNT = 7
TODAY = dt.date(2026, 11, 25)


def _cases(work: Work) -> None:
    for number in (3, 1, 7, 2, 6, 5, 4):
        person = Person(pseudonym=f"P-2026-{number:04}")
        work.session.add(person)
        work.session.flush()
        work.session.add(Case(reference=f"D-2026-{number:04}", person_id=person.id))


def test_ids_of_all_cases_newest_reference_first(empty: Desk) -> None:
    empty.run(_cases)
    with empty.read() as session:
        expected = list(session.scalars(select(Case.id).order_by(Case.reference.desc())))
        ids = cases.ids(session)
        assert len(ids) == COUNT
        assert list(ids) == expected
        assert all(type(each) is uuid.UUID for each in ids)
        assert (ids[0], ids[-1]) == (expected[0], expected[-1])
        assert ids[2:5] == expected[2:5]
        assert ids[5:50] == expected[5:]
        assert expected[3] in ids
        assert uuid.uuid4() not in ids
        assert ids.index(expected[4]) == 4
        with pytest.raises(IndexError):
            ids[COUNT]


def test_a_page_of_rows_by_ids(empty: Desk) -> None:
    empty.run(_cases)
    with empty.read() as session:
        page = cases.rows(session, cases.ids(session)[1:4])
    assert [(row.reference, row.pseudonym) for row in page] == [
        (f"D-2026-{number:04}", f"P-2026-{number:04}") for number in (6, 5, 4)
    ]


def test_no_case_at_all(empty: Desk) -> None:
    with empty.read() as session:
        ids = cases.ids(session)
        assert (len(ids), list(ids), ids[0:50]) == (0, [], [])


def _contacted(work: Work, young: Person, bare: Person) -> None:
    work.session.add_all(
        ContactNote(person_id=person.id, contacted_on=day, means="whatsapp", reached=reached)
        for person, day, reached in (
            (young, dt.date(2026, 11, 20), True),
            (young, dt.date(2026, 11, 2), True),
            (young, dt.date(2026, 11, 22), False),
            (bare, dt.date(2026, 10, 1), True),
        )
    )


def _followed(work: Work) -> dict[str, uuid.UUID]:
    """Three cases: one with everything, one closed, one bare."""
    volunteer = Volunteer(name="Camille")
    young, adult, bare = (
        Person(pseudonym="P-2026-0003", given_names="Yonas", birth="2010~", languages=[PersonLanguage(language="ti")]),
        Person(pseudonym="P-2026-0001", given_names="Nour", birth="1990", languages=[PersonLanguage(language="ar")]),
        Person(pseudonym="P-2026-0002", given_names="Karim"),
    )
    incidents = [
        Incident(kind="violences", reference="F-2026-0001", occurred="2026-10-12"),
        Incident(kind="expulsion", reference="F-2026-0002", occurred="2026-09"),
        Incident(kind="expulsion", reference="F-2026-0003", occurred="2026-11-01"),
    ]
    work.session.add_all([volunteer, young, adult, bare, *incidents])
    work.session.flush()
    made = {
        "young": Case(
            reference="D-2026-0001",
            person_id=young.id,
            in_charge_id=volunteer.id,
        ),
        "closed": Case(reference="D-2026-0002", person_id=adult.id, closed_on=dt.date(2026, 11, 1)),
        "bare": Case(reference="D-2026-0003", person_id=bare.id),
    }
    work.session.add_all(made.values())
    _contacted(work, young, bare)
    work.session.flush()
    work.session.add_all(
        [
            Involvement(incident_id=incidents[1].id, person_id=young.id, role="plaignant"),
            Involvement(incident_id=incidents[0].id, person_id=young.id, role="victime"),
            Involvement(incident_id=incidents[2].id, person_id=young.id, role="temoin"),
            Involvement(incident_id=incidents[1].id, person_id=adult.id, role="plaignant"),
        ]
    )
    for number, (procedure, authority, case, status) in enumerate(
        (
            ("plainte_procureur", "procureur_boulogne", "young", "classee"),
            ("plainte_procureur", "procureur_boulogne", "young", "deposee"),
            ("saisine_ddd", "defenseur_des_droits", "young", "instruction"),
            ("saisine_ddd", "defenseur_des_droits", "closed", "cloture"),
        )
    ):
        parties = [ReferralParty(case_id=made[case].id, status=status)]
        work.session.add(
            Referral(reference=f"S-2026-{number:04}", procedure=procedure, authority=authority, parties=parties)
        )
    work.session.flush()
    return {name: case.id for name, case in made.items()} | {"volunteer": volunteer.id}


@pytest.fixture(scope="module")
def followed(kept: Desk) -> tuple[Desk, dict[str, uuid.UUID]]:
    return kept, kept.run(_followed).value


def test_what_a_row_says(followed: tuple[Desk, dict[str, uuid.UUID]]) -> None:
    desk, ids = followed
    with desk.read() as session:
        young, bare = cases.rows(session, (ids["young"], ids["bare"]), TODAY)
    assert young == cases.CaseRow(
        id=ids["young"],
        reference="D-2026-0001",
        pseudonym="P-2026-0003",
        group="",
        opened_on="",
        referrals=3,
        states=(("plainte_procureur", "déposée"), ("saisine_ddd", "instruction")),
        facts_kind="violences",
        facts_on="12\u00a0octobre 2026",
        contacted_on="2026-11-20",
        in_charge="Camille",
        minor=True,
        language="tigrinya",
        closed_on="",
        name="Yonas",
        stages=(("plainte_procureur", "deposee"), ("saisine_ddd", "instruction")),
        due=young.due,
    )
    assert young.due is not None
    assert (young.due.kind, young.due.act_on) == ("echeance_legale", dt.date(2027, 10, 11))
    assert (young.stage("saisine_ddd"), young.stage("saisine_igpn")) == ("instruction", "")
    assert young.state("saisine_igpn", "saisine_ddd") == "instruction"
    assert young.state("saisine_igpn") == ""
    assert bare == cases.CaseRow(
        ids["bare"], "D-2026-0003", "P-2026-0002", "", "", 0, contacted_on="2026-10-01", name="Karim"
    )


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, "bare closed young"),
        ({"followed": True}, "bare young"),
        ({"followed": False}, "closed"),
        ({"procedure": "saisine_ddd"}, "closed young"),
        ({"procedure": "saisine_ddd", "state": "cloture"}, "closed"),
        ({"procedure": "plainte_procureur", "state": "classee"}, ""),
        ({"state": "deposee"}, "young"),
        ({"minor": True}, "young"),
        ({"minor": False}, "bare closed"),
        ({"language": "ar"}, "closed"),
        ({"text": "yon"}, "young"),
        ({"text": "noor"}, "closed"),
        ({"text": "D-2026-0003"}, "bare"),
        ({"text": "d-2026"}, "bare closed young"),
        ({"text": "zzzz"}, ""),
        ({"text": "  "}, "bare closed young"),
        ({"followed": True, "minor": False, "text": "karim"}, "bare"),
        ({"stages": (("saisine_ddd", ""),)}, "closed young"),
        ({"stages": (("saisine_ddd", "cloture"), ("saisine_ddd", "instruction"))}, "closed young"),
        ({"stages": (("saisine_ddd", "instruction"), ("plainte_procureur", "deposee"))}, "young"),
        ({"stages": (("saisine_ddd", "cloture"), ("plainte_procureur", "deposee"))}, ""),
        ({"stages": (("plainte_procureur", cases.NONE),)}, "bare closed"),
        ({"stages": (("", "deposee"),)}, "young"),
        ({"unassigned": True}, "bare closed"),
        ({"due_within": 364}, "young"),
        ({"due_within": 30}, ""),
        ({"silent": 30}, "bare"),
        ({"silent": 5}, "bare"),
        ({"silent": 4}, "bare young"),
        ({"facts_from": dt.date(2026, 10, 1)}, "young"),
        ({"facts_from": dt.date(2026, 9, 1), "facts_to": dt.date(2026, 10, 12)}, "closed young"),
        ({"facts_to": dt.date(2026, 9, 30)}, "closed"),
        ({"agreement_missing": True}, ""),
    ],
)
def test_filters(followed: tuple[Desk, dict[str, uuid.UUID]], wanted: dict[str, object], expected: str) -> None:
    desk, ids = followed
    with desk.read() as session:
        found = cases.ids(session, cases.CaseFilter(**wanted), today=TODAY)  # type: ignore[arg-type]
        assert list(found) == [ids[name] for name in expected.split()]
        mine = cases.ids(session, cases.CaseFilter(in_charge_id=ids["volunteer"]))
        assert list(mine) == [ids["young"]]


@pytest.mark.parametrize(
    ("order", "descending", "expected"),
    [
        ("reference", True, "bare closed young"),
        ("reference", False, "young closed bare"),
        ("person", True, "young bare closed"),
        ("person", False, "closed bare young"),
        ("facts", True, "young closed bare"),
        ("facts", False, "closed young bare"),
        ("contact", True, "young bare closed"),
        ("contact", False, "bare young closed"),
        ("charge", True, "young bare closed"),
        ("charge", False, "young bare closed"),
        ("opened", True, "bare closed young"),
        ("state:saisine_ddd", False, "young closed bare"),
        ("state:saisine_ddd", True, "closed young bare"),
        ("state:plainte_procureur", True, "young bare closed"),
        ("due", False, "young bare closed"),
        ("due", True, "young bare closed"),
        ("what a later version sorts by", True, "bare closed young"),
    ],
)
def test_orders(followed: tuple[Desk, dict[str, uuid.UUID]], order: str, descending: bool, expected: str) -> None:
    desk, ids = followed
    with desk.read() as session:
        found = cases.ids(session, order=order, descending=descending, today=TODAY)
        assert list(found) == [ids[name] for name in expected.split()]


def test_a_page_does_not_ask_case_by_case(followed: tuple[Desk, dict[str, uuid.UUID]]) -> None:
    desk, ids = followed
    asked: list[object] = []
    counts = []
    with desk.read() as session:
        event.listen(session, "do_orm_execute", asked.append)
        for wanted in ([ids["young"]], [ids["young"], ids["bare"], ids["closed"]]):
            asked.clear()
            cases.rows(session, wanted)
            counts.append(len(asked))
    assert counts[0] == counts[1] <= 20
