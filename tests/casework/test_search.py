# SPDX-License-Identifier: GPL-3.0-or-later
"""Anything is found from a few words, in any spelling, and no officer's number is shown to who did not look for it."""

import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hro_desktop.casework import cases, directory, incidents, people, referrals, search, statements
from hro_desktop.casework.desk import Desk
from hro_desktop.records.incidents import Incident
from hro_desktop.records.people import Person
from hro_desktop.records.referrals import Referral
from hro_desktop.records.sites import Site
from hro_desktop.rules import spelling
from hro_desktop.vault.work import Work

RIO = "1234567"


def _person(work: Work, **known: object) -> uuid.UUID:
    return people.save(work, people.PersonDraft(**known))  # type: ignore[arg-type]


def _fact(work: Work, person: uuid.UUID, site: uuid.UUID) -> uuid.UUID:
    return incidents.save(
        work,
        incidents.IncidentDraft(
            kind="violences",
            title="Contrôle près du pont",
            occurred="2026-10-12",
            commune="62193",
            site_id=site,
            involvements=(incidents.InvolvementDraft(person_id=person, role="plaignant"),),
            assertions=(
                incidents.AssertionDraft(kind="rio", status="releve", value=RIO),
                incidents.AssertionDraft(kind="vehicule", value="fourgon blanc AB-123-CD"),
            ),
        ),
    )


def _fill(work: Work) -> dict[str, uuid.UUID]:
    yonas = _person(
        work,
        given_names="Yonas",
        birth_name="Tesfay",
        original_name="ዮናስ ተስፋይ",
        names=(people.NameDraft(text="Joni"),),
        contacts=(people.ContactDraft(kind="telephone", value="+33 6 98 76 54 32"),),
    )
    mohammed = _person(work, given_names="Mohammed", birth_name="Abdelaziz", original_name="محمد عبد العزيز")
    site = Site(name="Dune de l’Essai")
    work.session.add(site)
    work.session.flush()
    case = cases.save(work, cases.CaseDraft(person_id=yonas, note="rappeler après Noël"))
    incident = _fact(work, yonas, site.id)
    statement = statements.save(
        work,
        statements.StatementDraft(
            kind="recit",
            author_id=yonas,
            case_id=case,
            versions=(statements.VersionDraft(language="fr", french_text="Ils ont lacéré la tente bleue."),),
        ),
    )
    referral = referrals.save(
        work,
        referrals.ReferralDraft(
            procedure="saisine_ddd",
            authority="ddd",
            incident_ids=(incident,),
            parties=(referrals.PartyDraft(case_id=case, body_reference="26-004512"),),
        ),
    )
    organisation = directory.save(
        work, directory.OrganisationDraft(kind="association", name="Les Ateliers fictifs", phone="03 21 00 00 01")
    )
    return {
        "yonas": yonas,
        "mohammed": mohammed,
        "case": case,
        "incident": incident,
        "statement": statement,
        "referral": referral,
        "organisation": organisation,
    }


@pytest.fixture
def filled(empty: Desk) -> tuple[Desk, dict[str, uuid.UUID]]:
    return empty, empty.run(_fill).value


@pytest.fixture(scope="module")
def read_only(kept: Desk) -> tuple[Desk, dict[str, uuid.UUID]]:
    """The same, made once."""
    return kept, kept.run(_fill).value


def _found(desk: Desk, words: str, **more: object) -> list[uuid.UUID]:
    with desk.read() as session:
        return [hit.id for hit in search.find(session, words, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("yon", "yonas"),
        ("YONAS", "yonas"),
        ("tesfai yonas", "yonas"),
        ("Younas", "yonas"),
        ("ዮናስ", "yonas"),
        ("joni", "yonas"),
        ("muhammad", "mohammed"),
        ("Muhamad Abdulaziz", "mohammed"),
        ("محمد", "mohammed"),
        ("abd el aziz", "mohammed"),
        ("D-2026-0001", "case"),
        ("d 2026 1", "case"),
        ("F-2026", "incident"),
        ("D-2026-9", None),
        ("t-2026-0001", "statement"),
        ("s-2026-0001", "referral"),
        ("P-2026-0002", "mohammed"),
        ("06 98 76", "yonas"),
        ("0698765432", "yonas"),
        ("+33698", "yonas"),
        ("987654", "yonas"),
        ("4567", "incident"),
        (RIO, "incident"),
        ("ab 123 cd", "incident"),
        ("AB-123-CD", "incident"),
        ("123cd", "incident"),
        ("calais", "incident"),
        ("dune essai", "incident"),
        ("pont controle", "incident"),
        ("lacere tente", "statement"),
        ("26-004512", "referral"),
        ("004512", "referral"),
        ("igpn", None),
        ("defenseur", None),
        ("saisine yonas", "referral"),
        ("ateliers", "organisation"),
        ("0321000001", "organisation"),
        ("noel", "case"),
        ("zzzz", None),
        ("yonas zzzz", None),
        ("y", None),
        ("", None),
        ('"', None),
        ("AND OR NOT *", None),
    ],
)
def test_what_is_typed_finds_it_first(
    read_only: tuple[Desk, dict[str, uuid.UUID]], words: str, first: str | None
) -> None:
    desk, ids = read_only
    found = _found(desk, words)
    assert found[:1] == ([ids[first]] if first else [])


@settings(max_examples=150, deadline=None)
@given(words=st.one_of(st.text(max_size=30), st.text(alphabet='"*():-^+{} AORNDTabc019é', max_size=30)))
def test_nothing_that_is_typed_is_a_fault(read_only: tuple[Desk, dict[str, uuid.UUID]], words: str) -> None:
    desk, _ = read_only
    with desk.read() as session:
        found = search.find(session, words)
        cases_found = set(session.scalars(search.matching(words, "case")))
    assert len(found) <= 7
    if len("".join(spelling.words(words))) >= spelling.LEAST:
        assert {hit.id for hit in found if hit.kind == "case" and hit.score != 50} <= cases_found


def test_no_kind_no_answer(read_only: tuple[Desk, dict[str, uuid.UUID]]) -> None:
    desk, _ = read_only
    assert _found(desk, "yonas", kinds=("outing",)) == _found(desk, "yonas", kinds=("autre",)) == []


def test_a_name_finds_the_person_then_what_is_theirs(filled: tuple[Desk, dict[str, uuid.UUID]]) -> None:
    desk, ids = filled
    assert _found(desk, "yonas") == [ids[name] for name in ("yonas", "case", "incident", "statement", "referral")]
    assert _found(desk, "yonas", kinds=("statement", "case")) == [ids["case"], ids["statement"]]
    assert _found(desk, "yonas", limit=1) == [ids["yonas"]]
    assert _found(desk, "2026-0001", kinds=("case",)) == [ids["case"]]


def test_what_a_hit_says(filled: tuple[Desk, dict[str, uuid.UUID]]) -> None:
    desk, _ = filled
    with desk.read() as session:
        said = {hit.kind: (hit.title, hit.detail) for hit in search.find(session, "yonas")}
    assert said == {
        "person": ("P-2026-0001", "Yonas Tesfay · ዮናስ ተስፋይ · «\u00a0Joni\u00a0»"),
        "case": ("D-2026-0001 · P-2026-0001", "Yonas Tesfay"),
        "incident": ("F-2026-0001 · violences", "12\u00a0octobre 2026 · Dune de l’Essai · Contrôle près du pont"),
        "statement": ("T-2026-0001 · récit de la personne concernée", "P-2026-0001 · Yonas Tesfay"),
        "referral": ("S-2026-0001 · Saisine du Défenseur des droits", "Défenseur des droits · P-2026-0001"),
    }


def test_an_officers_number_is_shown_to_who_looked_for_it(filled: tuple[Desk, dict[str, uuid.UUID]]) -> None:
    desk, ids = filled
    desk.run(lambda work: setattr(work.session.get_one(Incident, ids["incident"]), "title", f"Le RIO {RIO} frappe"))
    with desk.read() as session:
        other, own = search.find(session, "dune")[0], search.find(session, "3456", kinds=("incident",))[0]
    assert RIO not in f"{other.title}{other.detail}"
    assert "•••••••" in other.detail
    assert own.detail.endswith(f"RIO {RIO}")
    assert RIO not in own.title


def test_names_as_written_come_before_names_that_sound_alike(empty: Desk) -> None:
    def fill(work: Work) -> list[uuid.UUID]:
        return [_person(work, given_names=name) for name in ("Noor", "Nouredine", "Nour", "Nair")]

    noor, longer, nour, nair = empty.run(fill).value
    assert _found(empty, "nour") == [nour, longer, noor, nair]


def test_no_kind_keeps_the_others_out(empty: Desk) -> None:
    def fill(work: Work) -> None:
        for _ in range(30):
            person = _person(work, given_names="Nour")
            cases.save(work, cases.CaseDraft(person_id=person))

    empty.run(fill)
    with empty.read() as session:
        hits = search.find(session, "nour")
        assert [hit.kind for hit in hits] == ["person"] * 10 + ["case"] * 10
        newest = session.scalars(select(Person.pseudonym).order_by(Person.pseudonym.desc()).limit(10)).all()
        assert [hit.title for hit in hits[:10]] == list(newest)
        assert len(search.find(session, "nour", kinds=("case",))) == 20
        assert len(session.scalars(search.matching("nour", "case")).all()) == 30


def test_a_changed_name_is_found_everywhere_and_the_old_one_nowhere(
    filled: tuple[Desk, dict[str, uuid.UUID]],
) -> None:
    desk, ids = filled

    def change(work: Work) -> None:
        person = work.session.get_one(Person, ids["yonas"])
        person.given_names, person.original_name, person.names = "Karim", "", []

    desk.run(change)
    assert _found(desk, "yonas") == _found(desk, "joni") == []
    assert _found(desk, "karim") == [ids[name] for name in ("yonas", "case", "incident", "statement", "referral")]


def test_what_was_erased_is_not_found(filled: tuple[Desk, dict[str, uuid.UUID]]) -> None:
    desk, ids = filled
    desk.run(lambda work: work.session.delete(work.session.get_one(Person, ids["mohammed"])))
    desk.run(lambda work: work.session.delete(work.session.get_one(Referral, ids["referral"])))
    assert _found(desk, "mohammed") == _found(desk, "26-004512") == []


def test_what_was_undone_is_not_found(empty: Desk) -> None:
    with empty.vault.work() as work:
        _person(work, given_names="Yonas")
        work.session.flush()
    assert _found(empty, "yonas") == []


def test_an_imported_dossier_is_found(desk: Desk) -> None:
    with desk.read() as session:
        reference = session.scalars(select(Referral.reference)).first()
        assert reference is not None
        assert search.find(session, reference)[0].title.startswith(reference)
        person = session.scalars(select(Person).where(Person.given_names != "")).first()
        assert person is not None
        assert person.id in [hit.id for hit in search.find(session, person.given_names)]
